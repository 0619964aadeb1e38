"""Records who read whose data, before the answer leaves: one write for everything that came during the one before.

It must not know what was read, only ids; no name and no number of a person gets here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from graph.errors import Conflict, GraphError, Unavailable
from graph.periods import instant
from graph.store.connection import Database

MOST_EVENTS: Final = 500  # of one write
WRITE_TRIES: Final = 3
FIRST: Final = "0" * 64  # previous hash of the first event of a worker

TAIL: Final = """
MATCH (event:AuditEvent) USING INDEX event:AuditEvent(worker, sequence)
WHERE event.worker = $worker AND event.sequence >= 0
RETURN event.sequence AS sequence, event.hash AS hash
ORDER BY sequence DESC LIMIT 1"""
# Written again when a connection was lost meanwhile: the same events are the same nodes.
APPEND: Final = """
UNWIND $rows AS row
MERGE (event:AuditEvent {id: row.id})
ON CREATE SET event = row"""
EVENTS: Final = """
MATCH (event:AuditEvent) USING INDEX event:AuditEvent(worker, sequence)
WHERE event.worker = $worker AND event.sequence >= 0
RETURN event {.*} AS event
ORDER BY event.sequence"""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One read of persons' non-public data; `persons` are node ids, `ground` as the reader stated it."""

    role: str
    department: str | None
    reader_subject: str | None
    purpose: str
    ground: str
    operation: str
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    event: AuditEvent
    done: asyncio.Future[str]


class AuditLog:
    """The chain of one worker process. `worker` is the chain's name, best one of its own for each process.

    Each event holds the hash of the one before, so that a removed or changed event shows (`broken_link`).
    """

    def __init__(
        self, database: Database, worker: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._group: asyncio.Task[None] | None = None
        self._tail: tuple[int, str] | None = None  # sequence and hash of the last event committed

    async def record(self, event: AuditEvent) -> str:
        """The id of the event, once it is committed. Raises Unavailable when it cannot be: then show nothing."""
        waiting = _Waiting(event, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._group is None or self._group.done():
            self._group = asyncio.create_task(self._commit_groups())
        # A reader who gives up does not take the others' events along.
        return await waiting.done

    async def _commit_groups(self) -> None:
        try:
            while self._waiting:  # whoever comes while one group is written is of the next: nobody waits for company
                group, self._waiting = self._waiting[:MOST_EVENTS], self._waiting[MOST_EVENTS:]
                try:
                    ids = await self._commit([each.event for each in group])
                except GraphError:
                    self._tail = None  # what was written is to be read again
                    _refuse(group)
                    continue
                except BaseException:
                    _refuse(group)
                    raise
                for each, id in zip(group, ids, strict=True):
                    if not each.done.done():
                        each.done.set_result(id)
        except BaseException:
            self._tail = None
            _refuse(self._waiting)
            self._waiting = []
            raise

    async def _commit(self, events: list[AuditEvent]) -> list[str]:
        for _ in range(WRITE_TRIES - 1):
            with contextlib.suppress(Conflict):
                return await self._append(events)
            self._tail = None  # another process writes this worker's chain: behind it
        return await self._append(events)

    async def _append(self, events: list[AuditEvent]) -> list[str]:
        if self._tail is None:
            tail = await self._database.read(TAIL, {"worker": self._worker})
            self._tail = (tail[0]["sequence"], tail[0]["hash"]) if tail else (0, FIRST)
        rows = link(events, self._worker, *self._tail, at=instant(self._clock()))
        await self._database.put(APPEND, {"rows": rows})
        self._tail = (rows[-1]["sequence"], rows[-1]["hash"])
        return [row["id"] for row in rows]


def _refuse(group: Iterable[_Waiting]) -> None:
    for each in group:
        if not each.done.done():
            each.done.set_exception(Unavailable("审计不可用 / the audit log is not available"))


def link(events: Iterable[AuditEvent], worker: str, sequence: int, previous: str, *, at: str) -> list[dict[str, Any]]:
    """Events as stored, each chained to the one before."""
    rows = []
    for event in events:
        sequence += 1
        values = asdict(event)
        row = {
            "id": f"aud_{secrets.token_hex(12)}",
            "at": at,
            "worker": worker,
            "sequence": sequence,
            "previous": previous,
            "subject": values.pop("reader_subject"),
            **values,
            "persons": list(event.persons),
        }
        row = {name: value for name, value in row.items() if value is not None}
        previous = row["hash"] = event_hash(row)
        rows.append(row)
    return rows


def event_hash(row: dict[str, Any]) -> str:
    """Over everything an event says, its place in the chain included."""
    said = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def broken_link(events: Iterable[dict[str, Any]]) -> int | None:
    """The sequence number at which a worker's chain (all its events, in order) does not hold; None when it does."""
    previous = FIRST
    for sequence, row in enumerate(events, start=1):
        if row["sequence"] != sequence or row["previous"] != previous or row["hash"] != event_hash(row):
            return sequence
        previous = row["hash"]
    return None


async def chain(database: Database, worker: str) -> list[dict[str, Any]]:
    """Every event of a worker, oldest first."""
    return [row["event"] for row in await database.read(EVENTS, {"worker": worker})]
