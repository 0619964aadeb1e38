"""A city in a real database: loaded, recognised, kept apart from another; asked through the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.codes import Role
from graph.progress import SilentProgress
from graph.store.connection import Database
from loaders.city.city import City
from loaders.city.days import END
from loaders.city.extent import Extent
from loaders.city.load import AnotherCity, CityOutcome, load
from loaders.stream import stream
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
SIZE = 300
STORED = """
RETURN COUNT { (:Enterprise) } AS enterprises, COUNT { (:Person) } AS persons, COUNT { (:Record) } AS records,
  COUNT { ()-[:HOLDS]->() } AS holdings, COUNT { (:Department) } AS departments"""
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"


def city(size: int = SIZE, seed: int = 1) -> City:
    return City(Extent(size, seed, PERSON_KEY, END))


async def loaded(database: Database, which: City) -> CityOutcome:
    return await load(database, which, now=NOW, progress=SilentProgress())


@pytest.fixture(scope="module")
async def first(standing_database: Database) -> CityOutcome:
    return await loaded(standing_database, city())


async def test_every_entry_is_loaded_and_stored_once(standing_database: Database, first: CityOutcome) -> None:
    assert first.streamed is not None and first.shown is not None
    count = sum(1 for _ in city().entries())
    assert (first.streamed.read, first.streamed.loaded, first.streamed.quarantined) == (count, count, 0)
    (row,) = await standing_database.read(STORED, {})
    described = [node.kind for entry in city().entries() for node in entry.nodes if not node.mention]
    assert row["enterprises"] == SIZE
    assert row["persons"] == described.count("PERSON")
    assert row["departments"] == 35


async def test_the_same_city_again_is_recognised_and_nothing_read(
    standing_database: Database, first: CityOutcome
) -> None:
    before = await standing_database.read(VERSION, {})
    assert await loaded(standing_database, city()) == CityOutcome()
    assert await standing_database.read(VERSION, {}) == before


async def test_read_again_all_the_same_it_writes_nothing(standing_database: Database, first: CityOutcome) -> None:
    again = await stream(
        standing_database,
        "city",
        city().entries(),
        batch=city().label,
        now=NOW,
        today=NOW.date(),
        progress=SilentProgress(),
        keep=lambda row: pytest.fail(str(row)),
    )
    assert (again.loaded, again.unchanged, again.version) == (0, again.read, None)


async def test_another_city_is_refused(standing_database: Database, first: CityOutcome) -> None:
    with pytest.raises(AnotherCity, match="300-1-2026-01-01"):
        await loaded(standing_database, city(400))


async def test_it_is_asked_like_any_world(standing_database: Database, first: CityOutcome, tmp_path: Path) -> None:
    asking = Asking(standing_database, tmp_path)
    which = city()
    chained = which.organisations.claim(which.extent.enterprises.start + 30).value
    found = await asking.ask(
        "query($id: ID!, $code: String!) {"
        " check(subject: $id) { outcome } subject(identifier: $code) { name __typename } }",
        {"id": chained, "code": chained},
    )
    assert found["subject"]["__typename"] == "Enterprise"
    assert str(found["subject"]["name"]).startswith("江门市")
    assert found["check"]["outcome"] in {"NOTHING_FOUND", "RESTRICTED", "PROHIBITED", "NEEDS_FINDING"}
    shown = await asking.ask("query($id: String!) { subject(identifier: $id) { name } }", {"id": chained}, Role.PUBLIC)
    assert shown["subject"] == {"name": found["subject"]["name"]}
