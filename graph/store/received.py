"""When each record was first handed in, from which file, who decided it and on which day: page by page.

It must not know what is early or late.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from graph.periods import SHANGHAI, instant
from graph.store.connection import Database
from graph.vocabulary import Family, kinds

RECORDS_A_PAGE: Final = 5_000
PAGE_SECONDS: Final = 60.0
AFTER: Final = sorted({f"{each.prefix}_" for each in kinds(Family.RECORD)})
BEFORE: Final = "`"  # the character after "_"
FIRST: Final = """
MATCH (n:Entity) USING INDEX SEEK n:Entity(id)
WHERE n.id > $after AND n.id < $before
WITH n ORDER BY n.id LIMIT $rows
WITH n, head(COLLECT {
  MATCH (n)-[:HAS_VERSION]->(v)
  RETURN [v.recordedAt, v.source, v.batch, coalesce(v.decidedOn, v.from)] ORDER BY v.recordedAt, v.source LIMIT 1 })
  AS first
RETURN max(n.id) AS last, count(*) AS read, collect(CASE WHEN first[0] >= $since AND first[0] < $until THEN [first,
  head(COLLECT { MATCH (n)-[r:ISSUED_BY]->(d)
    RETURN coalesce(d.name, d.id) ORDER BY r.retractedAt DESC, d.id LIMIT 1 })] END) AS found"""


class Received(NamedTuple):
    """`batch`: the stem of the file; `decided_on` as stored, a month or a year where the day is not known; of what is
    not decided but begins (an entry of a list) when it began."""

    on: date
    source: str
    batch: str
    decided_on: str | None
    department: str | None


async def received(database: Database, since: date, until: date) -> AsyncIterator[tuple[int, list[Received]]]:
    """Pages of records: how many were read, and those that first came in [since, until), withdrawn ones included."""
    given = {"since": _midnight(since), "until": _midnight(until), "rows": RECORDS_A_PAGE}
    for prefix in AFTER:
        asked, before = prefix, prefix[:-1] + BEFORE
        while True:
            parameters = {**given, "after": asked, "before": before}
            (page,) = await database.read(FIRST, parameters, timeout_seconds=PAGE_SECONDS)
            if not page["read"]:
                break
            yield page["read"], [_received(*each) for each in page["found"]]
            asked = page["last"]


def _received(first: list[Any], department: str | None) -> Received:
    recorded_at, source, batch, decided_on = first
    return Received(date.fromisoformat(recorded_at[:10]), source, batch or "", decided_on, department)


def _midnight(day: date) -> str:
    return instant(datetime.combine(day, time(), SHANGHAI))
