"""Goes through every cause of the city in order of ids, and finds what they do: while one range is judged, the next is
read.

It must not write. A range is read without the writer's lock, so whoever writes must know whether somebody else wrote
since it was begun (`Watch`).
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.periods import LATEST
from graph.propagation.index import index
from graph.propagation.spells import spells
from graph.rules import Pack
from graph.store import footings, measures
from graph.store.connection import Database, Transaction
from graph.store.footings import Footing, binding_causes, footing, stored_looks, triggering
from graph.store.operations import Run

BEFORE: Final = "`"  # sorts right after the underscore that ends a prefix
PLACES: Final = tuple((prefix, f"{prefix[:-1]}{BEFORE}") for prefix in footings.PREFIXES)


@dataclass(slots=True)
class Watch:
    """Versions of the graph that a derivation saw under the lock or made itself, and how many were made by others."""

    version: int
    others: int = 0

    def locked(self, version: int) -> None:
        """Under the lock, in a transaction that would make this version: all before it are written to the end."""
        self.others += version - 1 - self.version
        self.version = version - 1

    def written(self) -> None:
        self.version += 1


@dataclass(frozen=True, slots=True)
class Range:
    """Causes in a stretch of ids, `last` the last of it (None: there is none after it), and what is stored of them.

    `others`: how many versions others had made when reading began.
    """

    after: str
    before: str
    rows: int
    others: int
    read: int
    last: str | None
    stored: Sequence[Sequence[str]]
    footing: Footing


async def read_range(run: Run, pack: Pack, after: str, before: str, rows: int, others: int) -> Range:
    (row,) = await run(footings.SORTS_AFTER, after=after, before=before, rows=rows, looks=stored_looks(pack))
    last = row["last"] if row["read"] == rows else None
    # What is stored of a cause that is gone altogether lies in the range as well.
    (stored,) = await run(measures.STORED_BETWEEN, after=after, through=last or before)
    causes = await binding_causes(run, pack, triggering(row["sorts"], pack))
    found = await footing(run, pack, causes)
    return Range(after, before, rows, others, row["read"], last, stored["stored"], found)


def judged(pack: Pack, found: Footing) -> dict[str, measures.Row]:
    """Everything the causes do, by its hash."""
    facts = index(found.facts, LATEST)
    rows = (
        measures.row_of(spell, pack, cause.subjects, found.public[cause.id])
        for cause in facts.causes
        for spell in spells(facts, pack, cause, found.sorts[cause.id])
    )
    return {row["hash"]: row for row in rows}


async def ranges(
    database: Database, pack: Pack, rows: int, watch: Watch
) -> AsyncGenerator[tuple[Range, dict[str, measures.Row]]]:
    """Each range with what its causes do."""

    def begin(place: tuple[str, str] | None) -> asyncio.Task[Range] | None:
        return None if place is None else asyncio.create_task(_ahead(database, pack, *place, rows, watch.others))

    places = iter(PLACES)
    ahead = begin(next(places, None))
    collecting = gc.isenabled()
    gc.disable()  # what is made here has no rings: looking for them takes a fifth of the time
    try:
        while ahead is not None:
            found = await ahead
            ahead = begin(next(places, None) if found.last is None else (found.last, found.before))
            yield found, await asyncio.to_thread(judged, pack, found.footing)
    finally:
        if collecting:
            gc.enable()
        if ahead is not None:
            ahead.cancel()
            await asyncio.wait([ahead])


async def _ahead(database: Database, pack: Pack, after: str, before: str, rows: int, others: int) -> Range:
    """In a transaction that may write, though it does not: of a cluster only its leader knows all that is committed."""

    async def work(transaction: Transaction) -> Any:
        return await read_range(transaction.run, pack, after, before, rows, others)

    found: Range = await database.write(work)
    return found
