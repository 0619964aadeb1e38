"""Snapshots as days pass: those that do not answer today are made anew from their versions (`storage.md` 1, 11).

It must not know what the versions say. No answer changes by it; lists and searches walk fewer nodes that have moved on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from graph.periods import NEVER
from graph.store.connection import Database, Transaction
from graph.store.operations import Run, lock, unlock
from graph.store.statements import RECORD_CHANGES, VERSION_SYSTEM, VERSIONS
from graph.store.versions import Version, former_names, snapshot
from graph.store.writes import shown_properties

ROWS: Final = 1_000  # of one transaction: other writers wait no longer than for a batch of a load
# The two starts are those of `seeks.Seeking.moved`.
STALE: Final = """
CALL () {
  MATCH (n:Dated) USING INDEX SEEK n:Dated(snapTo) WHERE n.snapTo <= $today RETURN n
  UNION ALL
  MATCH (n:Dated) USING INDEX SEEK n:Dated(snapFrom) WHERE n.snapFrom > $today RETURN n
}
WITH n LIMIT $rows
RETURN collect([n.id, n.kind, n.version]) AS found"""
SHOW: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: row.id}) USING INDEX n:Entity(id)
SET n = row.properties"""


async def refresh(database: Database, *, now: datetime, today: date) -> int:
    """How many nodes were shown anew; where there is none, nothing is written."""
    asked, refreshed = {"today": today.isoformat(), "rows": ROWS}, 0

    async def work(transaction: Transaction) -> int:
        run = transaction.run
        version, recorded_at = await lock(run, now)
        found = (await run(STALE, **asked))[0]["found"]
        believed = await versions_of(run, [id for id, *_ in found])
        rows = []
        for id, kind, changed in found:
            shown = snapshot(believed[id], today)
            if shown is not None:
                names = former_names(believed[id], shown)
                rows.append({"id": id, "properties": shown_properties(id, kind, changed, shown, names)})
        await run(SHOW, rows=rows)
        await run(RECORD_CHANGES, rows=[{"version": version, "at": recorded_at, "subjects": [], "kinds": []}])
        await unlock(run, recorded_at)
        return len(rows)

    while (await database.read(STALE, asked))[0]["found"]:
        done = await database.write(work)
        if not done:
            break
        refreshed += done
    return refreshed


async def versions_of(run: Run, ids: Iterable[str]) -> dict[str, list[Version]]:
    """The believed versions of nodes."""
    versions: dict[str, list[Version]] = defaultdict(list)
    for id, start, end, values in (await run(VERSIONS, ids=[*ids], never=NEVER))[0]["versions"]:
        versions[id].append(version_of(start, end, values))
    return versions


def version_of(start: str, end: str, values: dict[str, Any]) -> Version:
    """A version as it is stored."""
    return Version(
        start,
        end,
        {name: value for name, value in values.items() if name not in VERSION_SYSTEM},
        values["source"],
        values["recordedAt"],
        values["hash"],
        values.get("department", False),
        values.get("batch"),
        values.get("row"),
    )
