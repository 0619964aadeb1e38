"""The order of writes: one at a time by the graph's version, and what was done once is not done twice.

It must not know what is written.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graph.changes import Batch, Written
from graph.errors import Conflict, Unavailable
from graph.periods import instant
from graph.store.statements import LOCK, OPERATION, UNLOCK

Run = Callable[..., Awaitable[list[dict[str, Any]]]]  # a statement and its parameters, inside a transaction or not


async def lock(run: Run, now: datetime) -> tuple[int, str]:
    """First in every write transaction: the new version, and a system time later than all before.

    Other writers wait until the transaction ends. Raises Unavailable when the graph is not prepared.
    """
    return locked(await run(LOCK), now)


def locked(rows: list[dict[str, Any]], now: datetime) -> tuple[int, str]:
    """The same of the rows of a statement that took the lock, whatever else it told."""
    if not rows:
        raise Unavailable(NOT_PREPARED)
    last = datetime.fromisoformat(rows[0]["recordedAt"])
    return rows[0]["version"], instant(max(now, last + timedelta(microseconds=1)))


async def unlock(run: Run, recorded_at: str) -> None:
    """Last in every write transaction: the system time it used."""
    await run(UNLOCK, recordedAt=recorded_at)


NOT_PREPARED = "图尚未初始化 / this graph is not prepared"


@dataclass(frozen=True, slots=True)
class Operation:
    """`result_ids` are the node ids of the batch's drafts, in their order; `loaded` the entries that changed."""

    id: str
    input_hash: str
    version: int
    result_ids: tuple[str, ...]
    loaded: tuple[int, ...]
    retracted: int
    at: str

    @classmethod
    def of(cls, batch: Batch, input_hash: str, written: Written, at: str) -> Operation:
        ids = tuple(written.ids[each.ref] for each in batch.nodes)
        return cls(
            batch.operation, input_hash, written.version, ids, tuple(sorted(written.loaded)), written.retracted, at
        )

    def properties(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "inputHash": self.input_hash,
            "version": self.version,
            "resultIds": self.result_ids,
            "loaded": self.loaded,
            "retracted": self.retracted,
            "at": self.at,
        }


async def first_result(run: Run, batch: Batch, input_hash: str) -> Written | None:
    """The result the operation had, None when it was not yet done; raises Conflict when it did something else."""
    rows = await run(OPERATION, id=batch.operation)
    if not rows:
        return None
    done = rows[0]["operation"]
    if done["inputHash"] != input_hash:
        raise Conflict(
            f"操作号 {batch.operation} 已用于其他内容 / operation {batch.operation} was used for something else",
            argument="operation",
        )
    entries = {each.entry for each in batch.nodes} | {each.entry for each in batch.relations}
    loaded = frozenset(done["loaded"])
    ids = dict(zip((each.ref for each in batch.nodes), done["resultIds"], strict=True))
    return Written(done["version"], loaded, frozenset(entries - loaded), done["retracted"], ids, repeated=True)
