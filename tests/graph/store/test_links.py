"""What is read around parties, in both Cypher languages: by index, only what runs and is seen, the same as from arrays.

A city is asked of its largest parties and of any: every path and no other, as all its relations tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Any, Final

import pytest

from graph.codes import RelationKind
from graph.identifiers import Lookup
from graph.links.answer import MEANT, LinksAnswer, answer, radius
from graph.links.paths import HUB
from graph.periods import SHANGHAI, Moment, instant
from graph.progress import SilentProgress
from graph.store import bidders, links
from graph.store.address import Address
from graph.store.conditions import Reading
from graph.store.connection import Database
from graph.store.expansion import shape
from graph.store.projection import Mode, Time, moments_parameters, statement
from loaders.city.city import City
from loaders.city.days import END
from loaders.city.extent import Extent
from loaders.city.load import load
from tests.conftest import PERSON_KEY
from tests.graph.store.drawn import Drawing, at
from tests.graph.store.test_statements import FORBIDDEN, LANGUAGES, Shape, profiled
from tests.schema.asking import NOW

pytestmark = pytest.mark.anyio
R = RelationKind
PATIENCE: Final = 60.0  # seconds
TODAY, KNOWN = Moment(date(2020, 1, 1)), Moment(date(2020, 1, 1), at("2021-01-01"))
SELF: Final = "per_own"


def walk(*kinds: RelationKind, hops: int = 6, closed: tuple[RelationKind, ...] = (), least: bool = False) -> links.Walk:
    return links.Walk(tuple(sorted(kinds)), closed, radius(hops), least)


WALKS = {
    "what is meant": walk(*MEANT),
    "one step": walk(*MEANT, hops=1),
    "eight steps of large shares": walk(R.HOLDS, hops=8, least=True),
    "every kind": walk(*sorted(links.WALKABLE), closed=(R.EMPLOYED_BY,)),
}


READERS = {"GOVERNMENT": (True, ()), "PUBLIC": (False, ()), "SUBJECT": (False, (SELF,))}


def shapes() -> Iterator[Shape]:
    """Every statement of links and of bidders, for now and for what was known."""
    for moment, mode in ((TODAY, Mode.MIXED), (KNOWN, Mode.PAST)):
        time, dated = Time(0, mode), moments_parameters([moment])
        lookups = [Lookup("ent_a"), Lookup(None, ("WORLD|b|w",))]
        for name, each in WALKS.items():
            reading = Reading(moment, name == "one step", () if name != "every kind" else (SELF,))
            text = statement({"l": links.body(each, shape(reading), time, "l_")}, ())
            yield f"{name} {mode}", text, {**dated, **links.parameters(lookups, reading, 1, "l_")}
        for reader, (official, own) in READERS.items():
            reading = Reading(moment, official, own)
            text = statement({"b": bidders.body(shape(reading), time, "b_")}, ())
            yield f"bidders {mode} {reader}", text, {**dated, **bidders.parameters(lookups, reading, "b_")}


@pytest.fixture
async def world(database: Database) -> Database:
    """甲 – 李 – 乙 by offices; 丙 holds both by half; 王 works at both; a hub of 250; a record about both."""
    drawing = Drawing()
    for id, name in (("ent_a", "甲"), ("ent_b", "乙"), ("ent_c", "丙"), ("ent_hub", "枢纽"), ("ent_gone", "去")):
        drawing.node(id, "ENTERPRISE", name=name, key=f"WORLD|{id[4:]}|w")
    for id in ("per_li", SELF, "per_old"):
        drawing.node(id, "PERSON", name="人")
    drawing.node("rec_r", "DISCIPLINE", decidedOn="2019-01-01")
    for firm in ("ent_a", "ent_b"):
        drawing.relation(R.LEGAL_REPRESENTATIVE_OF, "per_li", firm, id=f"pos_li{firm}", since="2010-01-01")
        drawing.relation(R.EMPLOYED_BY, SELF, firm, id=f"pos_own{firm}")
        drawing.relation(R.HOLDS, "ent_c", firm, id=f"hld_c{firm}", values={"share": 50_000_000})
        drawing.relation(R.PRINCIPAL_OF, "per_old", firm, id=f"pos_old{firm}", until="2015-01-01")
        drawing.relation(R.SERVES_AS, "per_old", firm, id=f"pos_late{firm}", recorded=at("2022-01-01"))
        drawing.relation(R.GUARANTEES, firm, "ent_gone", id=f"rel_gone{firm}", retracted=at("2020-06-01"))
        drawing.relation(R.ABOUT, "rec_r", firm, id=f"rel_about{firm}")
        drawing.relation(R.HOLDS, firm, "ent_hub", id=f"hld_hub{firm}", values={"share": 1_000_000})
    for i in range(200):
        drawing.node(f"ent_{i}", "ENTERPRISE", name="甲")
        drawing.relation(R.HOLDS, f"ent_{i}", "ent_hub", id=f"hld_{i}", values={"share": 100_000})
    await drawing.draw(database)
    return database


@LANGUAGES
async def test_what_is_read_begins_at_the_parties_and_scans_nothing(
    world: Database, server: Address, language: str
) -> None:
    found = profiled(server, language, shapes())
    assert len(found) == 2 * (len(WALKS) + len(READERS))
    bad = {
        (name, each, details)
        for name, plan in found.items()
        for each, details in plan
        if "Scan" in each or each in FORBIDDEN or ("Seek" in each and "UniqueIndexSeek" not in each)
    }
    assert bad == set()


async def around(
    database: Database, ids: tuple[str, ...], moment: Moment, which: links.Walk, hops: int, **reader: Any
) -> LinksAnswer:
    reading = Reading(moment, reader.get("official", False), reader.get("own", ()))
    time = Time(0, Mode.MIXED if moment.known_at is None else Mode.PAST)
    text = statement({"l": links.body(which, shape(reading), time, "l_")}, ())
    lookups = [Lookup(each) for each in ids]
    values = {**moments_parameters([moment]), **links.parameters(lookups, reading, reader.get("least"), "l_")}
    (row,) = await database.read(text, values, timeout_seconds=PATIENCE)
    read = links.around(row["l"], lookups)
    ends = tuple(held[0] for held in read.seeds)
    return answer(read.relations, links.view, ends, read.avoided, hops=hops, most=3, cut=read.cut)


async def test_only_what_runs_is_believed_and_may_be_read_is_a_step(world: Database) -> None:
    async def middles(moment: Moment, which: links.Walk, **reader: Any) -> list[str]:
        found = await around(world, ("ent_a", "ent_b"), moment, which, 2, **reader)
        return [path[1] for path in found.paths]

    offices = walk(R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.GUARANTEES, hops=2)
    assert await middles(TODAY, offices) == ["per_li", "per_old"]
    assert await middles(Moment(date(2009, 1, 1), at("2020-01-02")), offices) == ["ent_gone", "per_old"]
    assert await middles(KNOWN, offices) == ["per_li"]
    assert await middles(Moment(date(2019, 1, 1), at("2020-01-02")), offices) == ["ent_gone", "per_li"]
    work = walk(R.EMPLOYED_BY, hops=2, closed=(R.EMPLOYED_BY,))
    assert await middles(TODAY, work, own=(SELF,)) == [SELF]
    assert await middles(TODAY, work, own=("per_li",)) == []
    assert await middles(TODAY, walk(R.EMPLOYED_BY, hops=2), official=True) == [SELF]
    shares = walk(R.HOLDS, hops=2, least=True)
    assert await middles(TODAY, shares, least=50_000_000) == ["ent_c"]
    assert await middles(TODAY, shares, least=50_000_001) == []
    record = walk(R.ABOUT, hops=2)
    assert await middles(TODAY, record, official=True) == ["rec_r"]
    assert await middles(TODAY, record) == []  # a sanction is never published
    assert await middles(TODAY, record, own=("ent_a",)) == ["rec_r"]


async def test_a_hub_is_told_by_what_is_seen_and_not_by_what_is_stored(world: Database) -> None:
    """Two hundred and two holdings lead to it; at a share of half a percent they are two."""
    shares = walk(R.HOLDS, hops=2, least=True)
    for least, hubs in ((1, ("ent_hub",)), (500_000, ())):
        found = await around(world, ("ent_a", "ent_b"), TODAY, shares, 2, least=least)
        assert (found.linked[0].hubs, "ent_hub" in found.nodes) == (hubs, not hubs)


async def test_what_is_too_much_is_cut_and_said(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_RELATIONS", 100)
    links.body.cache_clear()
    found = await around(world, ("ent_hub", "ent_a"), TODAY, walk(R.HOLDS), 6)
    links.body.cache_clear()
    assert found.cut is not None and found.cut.reason == "EDGE_LIMIT"


# A city

SIZE: Final = 1_000
CITY_DAY: Final = Moment(date(2025, 6, 1))
EVERY: Final = """
MATCH (hub:Graph {id: 'graph'})
RETURN COLLECT { MATCH (s:Subject)-[r]->(e:Subject)
  WHERE type(r) IN $kinds AND r.from <= $day AND r.to > $day AND r.retractedAt > $now
  RETURN [s.id, e.id, s.kind, e.kind] } AS every"""


class Arrays:
    """All relations of a city as plain sets; paths by trying every one, hubs and government left out."""

    def __init__(self, every: list[list[str]]) -> None:
        self.near: dict[str, set[str]] = {}
        count: dict[str, int] = {}
        kinds = {id: kind for start, end, *two in every for id, kind in zip((start, end), two, strict=True)}
        self.government = {id for id, kind in kinds.items() if kind == "GOVERNMENT_BODY"}
        for start, end, *_ in every:
            count[start], count[end] = count.get(start, 0) + 1, count.get(end, 0) + 1
            if start != end:
                self.near.setdefault(start, set()).add(end)
                self.near.setdefault(end, set()).add(start)
        self.hubs = {id for id, number in count.items() if number > HUB}
        self.largest = sorted(count, key=lambda id: (-count[id], id))

    def first(self, start: str, end: str, hops: int, most: int) -> list[tuple[str, ...]]:
        """The first simple paths by length, then ids: each ring is every way on from the one before it."""
        ring: list[tuple[str, ...]] = [(start,)]
        steps = self._steps(end, hops)
        found: list[tuple[str, ...]] = []
        for length in range(1, hops + 1):
            ring = [
                (*path, each)
                for path in ring
                for each in self.near.get(path[-1], ())
                if each not in path and steps.get(each, hops + 1) + length <= hops
            ]
            found += sorted(path for path in ring if path[-1] == end)
            ring = [path for path in ring if path[-1] != end and path[-1] not in self.hubs | self.government]
            if len(found) >= most:
                break
        return found[:most]

    def _steps(self, end: str, hops: int) -> dict[str, int]:
        found, ring = {end: 0}, {end}
        for step in range(1, hops + 1):
            ring = {each for node in ring for each in self.near.get(node, ())} - found.keys()
            found |= dict.fromkeys(ring, step)
        return found


@pytest.fixture
async def city(database: Database) -> Database:
    which = City(Extent(SIZE, 3, PERSON_KEY, END))
    await load(database, which, now=NOW, progress=SilentProgress())
    return database


async def test_every_path_of_a_city_is_the_one_its_relations_tell(city: Database) -> None:
    now = instant(datetime(2027, 1, 1, tzinfo=SHANGHAI))
    parameters = {"kinds": [*MEANT], "day": CITY_DAY.as_of.isoformat(), "now": now}
    ((row),) = await city.read(EVERY, parameters, timeout_seconds=PATIENCE)
    arrays = Arrays(row["every"])
    drawn = Random(11)
    anybody, largest = sorted(arrays.near), arrays.largest[:100]
    pairs = [
        *(drawn.sample(largest, 2) for _ in range(60)),
        *(drawn.sample(anybody, 2) for _ in range(30)),
        *((one, drawn.choice(sorted(arrays.near[one]))) for one in drawn.sample(largest, 30)),
    ]
    found = 0
    for one, other in pairs:
        told = await around(city, (one, other), CITY_DAY, walk(*MEANT), 6)
        assert list(told.paths) == arrays.first(one, other, 6, 3), (one, other)
        found += len(told.paths)
    assert found > 60
