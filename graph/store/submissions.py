"""Which files were handed in, in which order, and what became of their rows: the receipts (回执) of a graph.

It must not know files: what one is, is its checksum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from graph.store import items
from graph.store.connection import Store, Transaction
from graph.store.items import ItemVersion
from graph.store.operations import lock, unlock

RECORD: Final = "MERGE (submission:SubmissionBatch {id: $row.id}) SET submission = $row"
LATEST: Final = """
MATCH (submission:SubmissionBatch) USING INDEX submission:SubmissionBatch(source, version)
WHERE submission.source = $source AND submission.version > 0
WITH submission ORDER BY submission.version DESC LIMIT $most
RETURN submission {.*} AS submission"""
LATEST_OF_ALL: Final = """
MATCH (submission:SubmissionBatch) USING INDEX submission:SubmissionBatch(source, version)
WHERE submission.source > '' AND submission.version > 0
WITH submission ORDER BY submission.version DESC LIMIT $most
RETURN submission {.*} AS submission"""

HANDED_IN: Final = """
MATCH (submission:SubmissionBatch) USING INDEX submission:SubmissionBatch(source, version)
WHERE submission.source = $source AND submission.version > 0 AND submission.sha256 = $sha256
RETURN count(submission) > 0 AS known"""


@dataclass(frozen=True, slots=True)
class Submission:
    """One file of one source. `item`, `edition`: the form it was read as, of the catalogue where it is of one.

    `withdrawn`: the file took back what its rows had told, `loaded` counts those of which something was believed.
    """

    id: str
    source: str
    file: str
    sha256: str
    item: str
    edition: str
    program: str
    read: int
    loaded: int
    unchanged: int
    quarantined: int
    withdrawn: bool = False


async def record(database: Store, submission: Submission, read_by: ItemVersion | None = None, *, now: datetime) -> None:
    """Write a receipt with the item its file was read by; again with the same id it is the same receipt."""

    async def work(transaction: Transaction) -> None:
        version, at = await lock(transaction.run, now)
        await transaction.run(RECORD, row={**asdict(submission), "version": version, "at": at})
        if read_by is not None:
            told = {"row": read_by.row(at), "elements": read_by.element_rows()}
            await transaction.run(items.KEEP, submission=submission.id, **told)
        await unlock(transaction.run, at)

    await database.write(work)


async def last(database: Store, source: str) -> Submission | None:
    """The file that this source handed in last; None where it handed in none."""
    found = await latest(database, source, 1)
    return found[0][1] if found else None


async def handed_in(database: Store, source: str, sha256: str) -> bool:
    """Whether the source has a receipt of this very file, whenever it was."""
    return bool((await database.read(HANDED_IN, {"source": source, "sha256": sha256}))[0]["known"])


async def latest(database: Store, source: str | None, most: int) -> list[tuple[str, Submission]]:
    """The latest receipts of a source or of all, each with its system time, the latest first."""
    if source is None:
        rows = await database.read(LATEST_OF_ALL, {"most": most})
    else:
        rows = await database.read(LATEST, {"source": source, "most": most})
    return [(row["submission"]["at"], _submission(row["submission"])) for row in rows]


def _submission(stored: Mapping[str, Any]) -> Submission:
    return Submission(**{each.name: stored[each.name] for each in fields(Submission) if each.name in stored})
