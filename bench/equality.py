"""On a city in a home, of random subjects, those with the deepest owners and the largest hubs: is what is read around
one what the arrays of the whole city say, and what is stored of measures what a live check answers?

It changes nothing; it must not know how either answer is made. Exit code 1 where they differ.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from graph import propagation, rules
from graph.codes import ControlBasis, RelationKind
from graph.findings import Measure
from graph.identifiers import Lookup
from graph.ownership import (
    Concert,
    Declared,
    Network,
    Stake,
    Stakes,
    control_from_every_holder,
    controlled,
    controllers,
    shares_in,
    shares_of,
    sure_on,
)
from graph.ownership.control import upwards
from graph.periods import LATEST, SHANGHAI, Moment, parse_period
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.fragments import believed, running
from graph.store.measures import measure_of
from graph.store.neighbourhood import neighbourhood
from graph.store.ownership import KINDS, Reach, closures

MOST: Final = 1_000_000  # of nothing is anything cut here
DAYS: Final = (-3_000, -1_000, 0, 400)  # from today
SAME: Final = 1e-9  # of a share in one, summed in another order
OF_THE_DAY: Final = f"{believed('e')} AND {running('e')}"
HELD: Final = f"""
MATCH (holder:Entity)-[e:HOLDS|CONTROLS|ACTS_IN_CONCERT_WITH]->(owned:Entity)
WHERE holder.id > $after AND holder.id <= $through AND {OF_THE_DAY}
RETURN collect([type(e), e.id, holder.id, owned.id, e.from, e.to, e.share, e.votes, e.basis, e.source, e.recordedAt])
  AS held"""
RANGES: Final = (
    ("", "ent_4"),
    ("ent_4", "ent_8"),
    ("ent_8", "ent_c"),
    ("ent_c", "per_"),
    ("per_", "per_8"),
    ("per_8", "~"),
)
COUNT: Final = f"""
MATCH ()-[e:HOLDS|CONTROLS|ACTS_IN_CONCERT_WITH]->() WHERE {OF_THE_DAY}
RETURN count(e) AS number"""
SUBJECTS: Final = "MATCH (n:Subject) RETURN collect(n.id) AS ids"
ADVERSE: Final = "MATCH (m:Measure)-[:BINDS]->(n) WITH DISTINCT n.id AS id LIMIT 20000 RETURN collect(id) AS ids"
STORED: Final = "MATCH (m:Measure)-[:BINDS]->(:Entity {id: $id}) RETURN collect(m {.*}) AS stored"


@dataclass(frozen=True, slots=True)
class Owned:
    """What owning says of one subject, comparable whichever network it was found in."""

    controllers: frozenset[tuple[str, str, int | None, bool]]
    controlled: frozenset[str]
    owners: dict[str, float | None]
    owns: dict[str, float | None]

    @classmethod
    def of(cls, network: Network, number: int) -> Owned:
        ids = network.ids
        return cls(
            frozenset(
                (ids[each.party], each.basis.value, each.votes, each.ultimate) for each in controllers(network, number)
            ),
            frozenset(ids[each] for each in controlled(network, (number,)).parties),
            {ids[party]: share for party, share in shares_in(network, number).items()},
            {ids[party]: share for party, share in shares_of(network, number).items()},
        )

    def is_(self, other: Owned) -> bool:
        return (
            (self.controllers, self.controlled) == (other.controllers, other.controlled)
            and _same(self.owners, other.owners)
            and _same(self.owns, other.owns)
        )


def _same(one: dict[str, float | None], other: dict[str, float | None]) -> bool:
    def near(a: float | None, b: float | None) -> bool:
        return a is None and b is None if a is None or b is None else abs(a - b) <= SAME

    return one.keys() == other.keys() and all(near(one[each], other[each]) for each in one)


async def city(database: Database, on: date) -> Network:
    """Every holding of the day, as arrays."""
    rows: list[list[Any]] = []
    asked = {"asOf": on.isoformat(), "known": LATEST}
    for after, through in RANGES:
        more = await database.read(HELD, {**asked, "after": after, "through": through}, timeout_seconds=120)
        rows += more[0]["held"]
    (whole,) = await database.read(COUNT, asked, timeout_seconds=120)
    assert len({row[1] for row in rows}) == len(rows) == whole["number"], (len(rows), whole)
    stakes, declared, concert = list[Stake](), list[Declared](), list[Concert]()
    for kind, id, holder, owned, start, end, share, votes, basis, source, at in rows:
        period = parse_period(start, end)
        if kind == RelationKind.HOLDS:
            stakes.append(Stake(id, holder, owned, share, votes, None, period, source, at))
        elif kind == RelationKind.CONTROLS:
            by = ControlBasis(basis) if basis in ControlBasis.__members__ else ControlBasis.DECLARED
            declared.append(Declared(id, holder, owned, by, period))
        else:
            concert.append(Concert(id, holder, owned, period))
    return Network.of(sure_on(Stakes(tuple(stakes), tuple(declared), tuple(concert)), on)[0])


async def owning(database: Database, network: Network, number: int, on: date) -> bool:
    id = network.ids[number]
    at, reach = Moment(on), Reach(owned=True)
    told = await closures(database, {at: [Lookup(id)]}, KINDS, reach, most_parties=MOST, most_stakes=MOST)
    found = told[at]
    near = Network.of(sure_on(found.of[id].stakes, on)[0], (id,))
    return Owned.of(near, near.number(id)).is_(Owned.of(network, number))


async def bound(database: Database, id: str, today: date) -> tuple[int, bool]:
    """How many measures are stored of the subject, and whether on each day they are what a live check answers."""
    pack = rules.load()
    (row,) = await database.read(STORED, {"id": id})
    near = await neighbourhood(database, [Lookup(id)], pack.footprint, Moment(today), limit_edges=MOST)
    right = near.truncated is None
    for by in DAYS:
        on = today + timedelta(by)
        for official in (True, False):
            start, end = ("holdsFrom", "holdsTo") if official else ("publicFrom", "publicTo")
            stored = [measure_of(each, pack) for each in row["stored"] if each[start] <= on.isoformat() < each[end]]
            seen = propagation.visible(near.facts, official=official, as_of=on)
            live = propagation.check(seen, pack, id, None, on, LATEST, official=official).findings
            right &= _by_key(stored) == _by_key((*live.measures, *live.potential))
    return len(row["stored"]), right


def _by_key(measures: Sequence[Measure]) -> dict[str, Measure]:
    return {each.key: each for each in measures}


async def compare(home: Path, number: int, seed: int) -> int:
    today, draw = datetime.now(SHANGHAI).date(), random.Random(seed)
    with Lease.acquire(EmbeddedOptions(home=home)) as lease:
        database = Database(lease.address)
        began = time.monotonic()
        network = await city(database, today)
        print(
            f"{len(network.ids):,} parties that own or are owned, as arrays in {time.monotonic() - began:.1f} s",
            flush=True,
        )
        began = time.monotonic()
        pairs = len(control_from_every_holder(network)[0])
        print(f"control from every holder: {pairs:,} pairs in {time.monotonic() - began:.1f} s", flush=True)
        by_hub = sorted(range(len(network.ids)), key=lambda each: (-len(network.shares[each]), network.ids[each]))[:5]
        depth = {each: max(upwards(network, each).values()) for each in range(len(network.ids)) if network.held[each]}
        deepest = sorted(depth, key=lambda each: (-depth[each], network.ids[each]))[:5]
        drawn = draw.sample(range(len(network.ids)), min(number, len(network.ids)))
        wrong = [
            network.ids[each]
            for each in (*drawn, *deepest, *by_hub)
            if not await owning(database, network, each, today)
        ]
        print(
            f"owning: {len(drawn)} random subjects, the 5 deepest ({max(depth.values())} levels), the 5 largest hubs"
            f" ({len(network.shares[by_hub[0]]):,} holdings): {len(wrong)} are not what the arrays say {wrong[:5]}",
            flush=True,
        )
        everybody = (await database.read(SUBJECTS, {}, timeout_seconds=120))[0]["ids"]
        adverse = (await database.read(ADVERSE, {}, timeout_seconds=120))[0]["ids"]
        asked = [*draw.sample(everybody, min(number, len(everybody))), *draw.sample(adverse, min(number, len(adverse)))]
        asked += [network.ids[each] for each in (*deepest, *by_hub)]
        answers = [(id, *await bound(database, id, today)) for id in asked]
        unlike = [id for id, _, right in answers if not right]
        print(
            f"measures: {len(asked)} subjects on {len(DAYS)} days, for officials and the public, with"
            f" {sum(stored for _, stored, _ in answers):,} stored measures: {len(unlike)} are not what a check answers"
            f" {unlike[:5]}; client {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB;"
            f" load of the machine {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        await database.close()
    return int(bool(wrong or unlike))


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench equality", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of a graph with a city that is derived")
    parser.add_argument("--subjects", type=int, default=200, help="drawn at random")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args(given)
    return asyncio.run(compare(chosen.home, chosen.subjects, chosen.seed))
