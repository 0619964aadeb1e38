"""An id or identifier finds who holds it, as known then; merged ones answer with their survivor."""

from __future__ import annotations

from datetime import date

import pytest

from graph.codes import RelationKind
from graph.identifiers import Lookup
from graph.periods import Moment
from graph.store.connection import Database
from graph.store.lookup import find
from tests.graph.store.drawn import Drawing, Was, at

pytestmark = pytest.mark.anyio

OLD, SHARED, PASSED_ON, LATE = "REGISTRATION_NUMBER|1|", "OTHER|2|x", "OTHER|3|x", "USCC|4|"


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="甲")
    drawing.node("ent_b", "ENTERPRISE", name="乙")
    drawing.node("ent_gone", "ENTERPRISE", Was({"name": "丙"}, retracted=at("2022-01-01")))
    drawing.node("ent_loser", "ENTERPRISE", Was({"name": "丁"}, retracted=at("2023-01-01")))
    drawing.node("ent_older", "ENTERPRISE", Was({"name": "戊"}, retracted=at("2022-01-01")))
    drawing.relation(RelationKind.SAME_AS, "ent_loser", "ent_a", recorded=at("2023-01-01"))
    drawing.relation(RelationKind.SAME_AS, "ent_older", "ent_loser", recorded=at("2022-01-01"))
    drawing.identifier("ent_a", OLD, end="2015-10-01")
    drawing.identifier("ent_a", SHARED, end="2018-01-01")
    drawing.identifier("ent_b", SHARED, start="2016-01-01")
    drawing.identifier("ent_a", PASSED_ON, end="2016-01-01")
    drawing.identifier("ent_b", PASSED_ON, start="2016-01-01")
    drawing.identifier("ent_b", LATE, recorded=at("2024-01-01"))
    await drawing.draw(database)
    return database


def key(*keys: str) -> Lookup:
    return Lookup(None, keys)


ON_2020 = Moment(date(2020, 1, 1))


async def test_each_lookup_is_answered_in_its_place(world: Database) -> None:
    lookups = [Lookup("ent_b"), key("OTHER|nobody|"), key(OLD), Lookup("ent_nobody"), Lookup("ent_b")]
    assert await find(world, lookups, ON_2020) == [("ent_b",), (), ("ent_a",), (), ("ent_b",)]
    assert await find(world, [], ON_2020) == []


async def test_the_strongest_identifier_that_anyone_holds_decides(world: Database) -> None:
    assert await find(world, [key("OTHER|nobody|", LATE, OLD), key(OLD, LATE)], ON_2020) == [("ent_b",), ("ent_a",)]


async def test_an_old_number_finds_its_holder_on_any_day(world: Database) -> None:
    for year in (2010, 2015, 2026):
        assert await find(world, [key(OLD)], Moment(date(year, 12, 1))) == [("ent_a",)]


@pytest.mark.parametrize(
    ("identifier", "day", "holders"),
    [
        (PASSED_ON, date(2015, 12, 31), ("ent_a",)),
        (PASSED_ON, date(2016, 1, 1), ("ent_b",)),
        (SHARED, date(2015, 6, 1), ("ent_a",)),
        (SHARED, date(2017, 6, 1), ("ent_a", "ent_b")),
        (SHARED, date(2019, 6, 1), ("ent_b",)),
    ],
)
async def test_holders_on_the_day_go_first_and_are_all_named(
    world: Database, identifier: str, day: date, holders: tuple[str, ...]
) -> None:
    assert await find(world, [key(identifier)], Moment(day)) == [holders]


async def test_an_identifier_is_found_only_once_it_was_recorded(world: Database) -> None:
    assert await find(world, [key(LATE)], Moment(date(2020, 1, 1), at("2023-12-31"))) == [()]
    assert await find(world, [key(LATE)], Moment(date(2020, 1, 1), at("2024-01-01"))) == [("ent_b",)]


async def test_a_merged_node_answers_with_its_survivor_and_before_the_merge_as_itself(world: Database) -> None:
    lookups = [Lookup("ent_loser"), Lookup("ent_older")]
    assert await find(world, lookups, ON_2020) == [("ent_a",), ("ent_a",)]
    assert await find(world, lookups, Moment(date(2020, 1, 1), at("2022-06-01"))) == [("ent_loser",), ("ent_loser",)]
    assert await find(world, lookups, Moment(date(2020, 1, 1), at("2021-06-01"))) == [("ent_loser",), ("ent_older",)]


async def test_what_was_retracted_is_unknown_now_and_known_before(world: Database) -> None:
    assert await find(world, [Lookup("ent_gone")], ON_2020) == [()]
    assert await find(world, [Lookup("ent_gone")], Moment(date(2020, 1, 1), at("2021-01-01"))) == [("ent_gone",)]
    assert await find(world, [Lookup("ent_gone")], Moment(date(2020, 1, 1), at("2019-01-01"))) == [()]
