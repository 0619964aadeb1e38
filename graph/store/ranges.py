"""Goes through every cause of the city in order of ids, and finds what of their measures is stored otherwise: while
some ranges are judged, each in a process of its own, the next are read.

It must not write. A range is read without the writer's lock, so whoever writes must know whether somebody else wrote
since it was begun (`Watch`).
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from graph.periods import LATEST
from graph.propagation.index import index
from graph.propagation.spells import spells
from graph.rules import Pack
from graph.store import footings, measures
from graph.store.connection import Database, Transaction
from graph.store.footings import Footing, binding_causes, footing, stored_looks, triggering
from graph.store.operations import Run

BEFORE: Final = "`"  # sorts right after the underscore that ends a prefix
AT_ONCE: Final = 2  # ranges that are read or judged beside the one whose turn it is to be written
WORTH_A_PROCESS: Final = 100  # causes that take longer to judge than a process takes to begin
PATIENCE_SECONDS: Final = 60.0  # with a process that judges: then it is ended, and judged is here
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


class Difference(NamedTuple):
    """Stored and not so: ids of measures with their parties; so and not stored: rows, in the order of their hashes."""

    gone: tuple[tuple[str, str], ...]
    new: tuple[measures.Row, ...]


class _Begun(NamedTuple):
    """The row of SORTS_AFTER for a range, and how many versions others had made before."""

    after: str
    before: str
    rows: int
    others: int
    row: Mapping[str, Any]

    @property
    def last(self) -> str | None:
        return self.row["last"] if self.row["read"] == self.rows else None


async def read_range(run: Run, pack: Pack, after: str, before: str, rows: int, others: int) -> Range:
    return await _rest(run, pack, await _begin(run, pack, after, before, rows, others))


async def _begin(run: Run, pack: Pack, after: str, before: str, rows: int, others: int) -> _Begun:
    (row,) = await run(footings.SORTS_AFTER, after=after, before=before, rows=rows, looks=stored_looks(pack))
    return _Begun(after, before, rows, others, row)


async def _rest(run: Run, pack: Pack, begun: _Begun) -> Range:
    after, before, rows, others, row = begun
    # What is stored of a cause that is gone altogether lies in the range as well.
    (stored,) = await run(measures.STORED_BETWEEN, after=after, through=begun.last or before)
    causes = await binding_causes(run, pack, triggering(row["sorts"], pack))
    found = await footing(run, pack, causes)
    return Range(after, before, rows, others, row["read"], begun.last, stored["stored"], found)


def judged(pack: Pack, found: Footing) -> dict[str, measures.Row]:
    """Everything the causes do, by its hash."""
    facts = index(found.facts, LATEST)
    rows = (
        measures.row_of(spell, pack, cause.subjects, found.public[cause.id])
        for cause in facts.causes
        for spell in spells(facts, pack, cause, found.sorts[cause.id])
    )
    return {row["hash"]: row for row in rows}


def difference(pack: Pack, found: Footing, stored: Iterable[Sequence[str]]) -> Difference:
    """`stored`: id, hash and party of each measure that is stored of the causes."""
    does, held = judged(pack, found), {hash: (id, party) for id, hash, party in stored}
    gone = sorted(held[hash] for hash in held.keys() - does.keys())
    return Difference(tuple(gone), tuple(does[hash] for hash in sorted(does.keys() - held.keys())))


def difference_apart(pack: Pack, found: Range) -> Difference:
    """The same in a copy of this process, which has the facts and is told nothing; it blocks, the interpreter is free.

    Here, where a system copies no process, has one processor, or the copy did not answer.
    """
    if "fork" in multiprocessing.get_all_start_methods() and (os.cpu_count() or 1) > 1:
        copies = multiprocessing.get_context("fork")
        here, there = copies.Pipe(duplex=False)
        with here:
            copy = copies.Process(target=_tell, args=(there, pack, found), daemon=True)
            copy.start()
            there.close()
            try:
                if here.poll(PATIENCE_SECONDS):
                    told: Difference = here.recv()
                    return told
            except EOFError:
                pass
            finally:
                copy.kill()
                copy.join()
    return difference(pack, found.footing, found.stored)


def _tell(there: Connection, pack: Pack, found: Range) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted is the process this is a copy of
    there.send(difference(pack, found.footing, found.stored))


async def ranges(database: Database, pack: Pack, rows: int, watch: Watch) -> AsyncGenerator[tuple[Range, Difference]]:
    """Each range with how what is stored of it differs from what its causes do, in order."""

    def begin(place: tuple[str, str] | None) -> asyncio.Task[_Begun] | None:
        return None if place is None else asyncio.create_task(_ahead(database, pack, *place, rows, watch.others))

    # A copy made while another thread works one of these out would wait for that thread for ever.
    for name, each in vars(Pack).items():
        if isinstance(each, cached_property):
            getattr(pack, name)
    places = iter(PLACES)
    following = begin(next(places, None))
    ahead: deque[asyncio.Task[tuple[Range, Difference]]] = deque()
    collecting = gc.isenabled()
    gc.disable()  # what is made here has no rings: looking for them takes a fifth of the time
    try:
        while following is not None or ahead:
            if following is not None and len(ahead) <= AT_ONCE:
                begun = await following
                ahead.append(asyncio.create_task(_differing(database, pack, begun)))
                following = begin(next(places, None) if begun.last is None else (begun.last, begun.before))
            else:
                yield await ahead.popleft()
    finally:
        if collecting:
            gc.enable()
        left = [each for each in (following, *ahead) if each is not None]
        for each in left:
            each.cancel()
        if left:
            await asyncio.wait(left)


# In transactions that may write, though they do not: of a cluster only its leader knows all that is committed.


async def _ahead(database: Database, pack: Pack, after: str, before: str, rows: int, others: int) -> _Begun:
    async def work(transaction: Transaction) -> _Begun:
        return await _begin(transaction.run, pack, after, before, rows, others)

    return await database.write(work)


async def _differing(database: Database, pack: Pack, begun: _Begun) -> tuple[Range, Difference]:
    async def work(transaction: Transaction) -> Range:
        return await _rest(transaction.run, pack, begun)

    found = await database.write(work)
    if len(found.footing.sorts) < WORTH_A_PROCESS:
        return found, difference(pack, found.footing, found.stored)
    return found, await asyncio.to_thread(difference_apart, pack, found)
