"""A database is made ours once, quickly found to be ours after that, and refused when it is somebody else's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from graph.errors import Invalid
from graph.store.connection import Database, Transaction
from graph.store.migration import NEWEST, Refused, person_key_fingerprint, prepare
from graph.vocabulary import RELATIONS
from tests.conftest import PERSON_KEY
from tests.graph.store.batches import clock, digest

pytestmark = pytest.mark.anyio
NOW = clock("2000-01-01")
SHAPE = (
    "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN collect([labelsOrTypes[0], properties]) AS all"
)
INDEXES = "SHOW INDEXES YIELD name, state RETURN collect(DISTINCT state) AS states, count(*) AS number"
MARKS = "MATCH (g:Graph {id: 'graph'}) RETURN g {.*} AS graph"


async def change(database: Database, statement: str) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(statement)

    await database.write(work)


@pytest.fixture
async def marked(database: Database) -> AsyncIterator[Database]:
    """The empty test graph; whatever a test makes of its mark, the next test finds it marked `test`."""
    try:
        yield database
    finally:
        await change(database, "MATCH (n) DETACH DELETE n")
        await prepare(database, purpose="test", person_key=PERSON_KEY, now=NOW)


async def test_an_empty_database_gets_its_shape_and_its_mark(marked: Database) -> None:
    await change(marked, "MATCH (n) DETACH DELETE n")
    await prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW)
    (row,) = await marked.read(SHAPE, {})
    assert {(label, tuple(properties)) for label, properties in row["all"]} == {
        ("Entity", ("id",)),
        ("Identifier", ("key",)),
        ("Graph", ("id",)),
        ("Operation", ("id",)),
        ("AuditEvent", ("id",)),
        ("Measure", ("id",)),
        ("SubmissionBatch", ("id",)),
        ("CatalogItem", ("id",)),
        ("DataElement", ("id",)),
        ("AuditEvent", ("worker", "sequence")),
        *((kind.value, ("id",)) for kind in RELATIONS),
    }
    (row,) = await marked.read(INDEXES, {})
    assert row["states"] == ["ONLINE"]
    (row,) = await marked.read(MARKS, {})
    assert row["graph"] == {
        "id": "graph",
        "version": 1,
        "schemaVersion": NEWEST,
        "purpose": "test",
        "personKey": person_key_fingerprint(PERSON_KEY),
        "recordedAt": "2000-01-01T09:00:00.000000+08:00",
    }


async def test_a_prepared_graph_is_left_alone_within_a_tenth_of_a_second(marked: Database) -> None:
    await change(marked, "CREATE (:Entity {id: 'ent_x'})")
    before = await digest(marked)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        await prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW)
        seconds.append(time.perf_counter() - began)
    assert sorted(seconds)[2] < 0.1
    assert await digest(marked) == before


async def test_a_step_that_was_interrupted_is_done_again(marked: Database) -> None:
    await change(marked, "MATCH (g:Graph) SET g.schemaVersion = 0")
    await change(marked, "DROP CONSTRAINT relation_holds_id")
    await prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW)
    (row,) = await marked.read(SHAPE, {})
    assert ["HOLDS", ["id"]] in row["all"]


async def test_two_processes_may_prepare_one_database_together(marked: Database) -> None:
    await change(marked, "MATCH (n) DETACH DELETE n")
    for name in ("change_at", "operation_at", "organization_names"):
        await change(marked, f"DROP INDEX {name}")
    await asyncio.gather(
        *(prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW) for _ in range(4)),
    )
    (row,) = await marked.read("SHOW INDEXES YIELD name RETURN collect(name) AS names", {})
    assert {"change_at", "operation_at", "organization_names"} <= {*row["names"]}
    assert (await marked.read(MARKS, {}))[0]["graph"]["schemaVersion"] == NEWEST


async def test_two_processes_that_make_the_same_constraints_wait_for_each_other(marked: Database) -> None:
    await change(marked, "MATCH (n) DETACH DELETE n")
    (before,) = await marked.read(SHAPE, {})
    (named,) = await marked.read("SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names", {})
    for name in named["names"]:
        await change(marked, f"DROP CONSTRAINT {name}")
    await asyncio.gather(
        *(prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW) for _ in range(4)),
    )
    (after,) = await marked.read(SHAPE, {})
    assert sorted(after["all"]) == sorted(before["all"])


async def test_an_index_that_was_left_without_its_constraint_is_replaced(marked: Database) -> None:
    await change(marked, "MATCH (g:Graph) SET g.schemaVersion = 0")
    await change(marked, "DROP CONSTRAINT relation_holds_id")
    await change(marked, "CREATE INDEX relation_holds_id FOR ()-[r:HOLDS]-() ON (r.id)")
    await prepare(marked, purpose="test", person_key=PERSON_KEY, now=NOW)
    (row,) = await marked.read(SHAPE, {})
    assert ["HOLDS", ["id"]] in row["all"]


@pytest.mark.parametrize(
    ("found", "purpose"),
    [
        ("MATCH (g:Graph) DELETE g CREATE (:Customer {name: 'theirs'})", "test"),
        ("MATCH (g:Graph) DELETE g CREATE (:Customer {name: 'theirs'})", "production"),
        ("MATCH (g:Graph) SET g.purpose = 'production' CREATE (:Entity {id: 'ent_x'})", "test"),
        ("MATCH (g:Graph) SET g.purpose = 'production' CREATE (:Entity {id: 'ent_x'})", "demo"),
        ("MATCH (g:Graph) SET g.purpose = 'demo' CREATE (:Entity {id: 'ent_x'})", "test"),
        ("MATCH (g:Graph) SET g.schemaVersion = 999", "test"),
        ("MATCH (g:Graph) SET g.personKey = 'another' CREATE (:Entity {id: 'ent_x'})", "test"),
    ],
)
async def test_another_ones_graph_is_refused_and_untouched(marked: Database, found: str, purpose: str) -> None:
    await change(marked, found)
    before = await digest(marked)
    with pytest.raises(Refused) as refused:
        await prepare(marked, purpose=purpose, person_key=PERSON_KEY, now=NOW)
    assert await digest(marked) == before
    assert " / " in refused.value.message


async def test_demo_data_may_go_into_a_test_graph(marked: Database) -> None:
    await change(marked, "CREATE (:Entity {id: 'ent_x'})")
    await prepare(marked, purpose="demo", person_key=PERSON_KEY, now=NOW)
    assert (await marked.read(MARKS, {}))[0]["graph"]["purpose"] == "test"


async def test_a_stranger_may_load_his_own_files_into_the_demo_graph(marked: Database) -> None:
    await change(marked, "MATCH (g:Graph) SET g.purpose = 'demo' CREATE (:Entity {id: 'ent_x'})")
    await prepare(marked, purpose="production", person_key=PERSON_KEY, now=NOW)
    assert (await marked.read(MARKS, {}))[0]["graph"]["purpose"] == "demo"


async def test_an_empty_graph_takes_another_key(marked: Database) -> None:
    other = b"another key of thirty-two bytes.."
    await prepare(marked, purpose="test", person_key=other, now=NOW)
    graph = (await marked.read(MARKS, {}))[0]["graph"]
    assert (graph["purpose"], graph["personKey"]) == ("test", person_key_fingerprint(other))


async def test_an_unknown_purpose_is_refused(marked: Database) -> None:
    with pytest.raises(Invalid):
        await prepare(marked, purpose="play", person_key=PERSON_KEY, now=NOW)
