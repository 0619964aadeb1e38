"""Snapshots follow the calendar: a graph that waited is, node by node, the graph that was written today."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.changes import Batch
from graph.periods import Moment
from graph.store.connection import Database
from graph.store.snapshots import refresh
from graph.store.writer import write
from tests.conftest import empty
from tests.graph.store.batches import batch, clock, node, version
from tests.graph.store.reading import nodes

pytestmark = pytest.mark.anyio
EARLY, LATE = date(2016, 1, 1), date(2024, 6, 1)
SHOWN = "MATCH (n:Entity) RETURN labels(n) AS labels, n {.*, recordedAt: null} AS said ORDER BY n.id"
STALE = "MATCH (n:Dated) WHERE n.snapTo <= $today OR n.snapFrom > $today RETURN count(n) AS stale"
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"


def said() -> Batch:
    """A firm that was renamed twice, one that never was, and one whose only other name is still to come."""
    renamed = node(
        "a",
        version(end="2015-03-01", name="甲"),
        version(start="2015-03-01", end="2020-01-01", name="乙"),
        version(start="2020-01-01", name="丙"),
    )
    coming = node("c", version(end="2030-01-01", name="今"), version(start="2030-01-01", name="后"))
    return batch([renamed, node("b"), coming], operation="1")


async def written(database: Database, today: date) -> dict[str, str]:
    await empty(database)
    return dict((await write(database, said(), now=clock("2024-06-01"), today=today)).ids)


async def shown(database: Database) -> list[dict[str, Any]]:
    rows = await database.read(SHOWN, {})
    return [{"labels": sorted(row["labels"]), "said": row["said"]} for row in rows]


async def test_a_graph_that_waited_is_the_graph_that_is_written_today(database: Database) -> None:
    await written(database, LATE)
    today = await shown(database)
    ids = await written(database, EARLY)
    before = await nodes(database, ids.values(), Moment(LATE))
    assert await shown(database) != today
    assert await refresh(database, now=clock("2024-06-01"), today=LATE) == 1
    assert await shown(database) == today
    assert await nodes(database, ids.values(), Moment(LATE)) == before
    assert await nodes(database, ids.values(), Moment(EARLY)) != before
    assert (await database.read(STALE, {"today": LATE.isoformat()}))[0]["stale"] == 0


async def test_where_nothing_moved_on_nothing_is_written(database: Database) -> None:
    await written(database, LATE)
    before = await database.read(VERSION, {})
    assert await refresh(database, now=clock("2024-06-02"), today=LATE) == 0
    assert await database.read(VERSION, {}) == before
    assert await refresh(database, now=clock("2024-06-02"), today=EARLY) == 1
    assert await refresh(database, now=clock("2024-06-02"), today=LATE) == 1
