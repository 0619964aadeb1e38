"""Times `check`, `reach` and `checks` against one lookup by id, through the same server over HTTP, on a city in a home.

Whom it asks about comes from the graph itself: any firm, firms with adverse records, the largest holder; it must not
know how the answers are made.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.bars import Bars
from bench.reads import LOOKUP, ratios, shown, timed
from bench.served import post, serving
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease

ANSWER: Final = (
    "complete measures { definition { code } from until party { id } rule { id version }"
    " path { relation forward start { id } end { id } } }"
)
CHECK: Final = f"query($id: ID!) {{ check(subject: $id) {{ outcome {ANSWER} }} }}"
REACH: Final = f"query($id: ID!) {{ reach(record: $id) {{ {ANSWER} }} }}"
CHECKS: Final = f"query($ids: [ID!]!) {{ checks(subjects: $ids) {{ outcome {ANSWER} }} }}"
MANY: Final = 100
MANY_CHECKS: Final = f"checks of {MANY}"
ADVERSE: Final = ("Penalty", "ListEntry", "ConsumptionRestriction", "TaxArrears")
IDS: Final[Mapping[str, str]] = {
    "firms": "MATCH (n:Enterprise) WITH n LIMIT 20000 RETURN collect(n.id) AS ids",
    "adverse firms": f"MATCH (r:{'|'.join(ADVERSE)})-[:ABOUT]->(n:Enterprise) WITH n LIMIT 20000"
    " RETURN collect(DISTINCT n.id) AS ids",
    "causes": f"MATCH (r:{'|'.join(ADVERSE)}) WITH r LIMIT 20000 RETURN collect(r.id) AS ids",
    "largest hub": "MATCH (n)-[held:HOLDS]->() WITH n, count(held) AS number ORDER BY number DESC, n.id LIMIT 1"
    " RETURN collect(n.id) AS ids",
    "most offices": "MATCH (n:Person)-[held:LEGAL_REPRESENTATIVE_OF|SERVES_AS]->() WITH n, count(held) AS number"
    " ORDER BY number DESC, n.id LIMIT 1 RETURN collect(n.id) AS ids",
}


async def drawn_from(home: Path) -> dict[str, list[str]]:
    with Lease.acquire(EmbeddedOptions(home=home)) as lease:
        database = Database(lease.address)
        found = {name: (await database.read(text, {}, timeout_seconds=120.0))[0]["ids"] for name, text in IDS.items()}
        await database.close()
        return found


def asked(ids: Mapping[str, list[str]], draw: random.Random) -> dict[str, tuple[str, dict[str, Any]]]:
    """One round of questions; each is asked equally often, so that each is equally warm."""
    one = {name: draw.choice(each) for name, each in ids.items()}
    return {
        "check, any": (CHECK, {"id": one["firms"]}),
        "check, adverse": (CHECK, {"id": one["adverse firms"]}),
        "check, hub": (CHECK, {"id": one["largest hub"]}),
        "check, offices": (CHECK, {"id": one["most offices"]}),
        "reach": (REACH, {"id": one["causes"]}),
        MANY_CHECKS: (CHECKS, {"ids": draw.sample(ids["adverse firms"], min(MANY, len(ids["adverse firms"])))}),
    }


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench judging", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city")
    arguments.add_argument("--rounds", type=int, default=200)
    chosen = arguments.parse_args(given)
    ids = asyncio.run(drawn_from(chosen.home))
    print({name: len(each) for name, each in ids.items()})
    draw = random.Random(7)
    floor: list[float] = []
    found: dict[str, list[float]] = {}

    def ask(connection: http.client.HTTPConnection, text: str, values: dict[str, Any]) -> float:
        return timed(lambda: post(connection, text, **values))[0]

    with serving(chosen.home, "none", "GOVERNMENT") as (connection, _):
        for turn in range(2 * chosen.rounds):
            lookup = ask(connection, LOOKUP, {"id": draw.choice(ids["firms"])})
            taken = {name: ask(connection, *each) for name, each in asked(ids, draw).items()}
            if turn >= chosen.rounds:  # the first half warms
                floor.append(lookup)
                for name, one in taken.items():
                    found.setdefault(name, []).append(one)
    print(shown("lookup by id", floor, floor))
    bars = Bars("judging")
    for name, each in found.items():
        p50, p95 = ratios(each, floor)
        told = [bars.most(f"{name}, p50", p50, 25 if name == MANY_CHECKS else 3)]
        if name != MANY_CHECKS:
            told.append(f"p95 {bars.most(f'{name}, p95', p95, 6)}")
        print(shown(name, each, floor), f"(p50 {', '.join(told)})")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    return bars.missed
