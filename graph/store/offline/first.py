"""A first load of a home: tables beside it, imported and indexed in a home of their own, and exchanged when whole.

It must not know sources. Killed at any point, the home holds what it held before, or all of the new graph.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from graph.errors import Conflict
from graph.periods import instant
from graph.progress import Progress
from graph.store.backup import NODES, RELATIONS
from graph.store.connection import ConnectionLimits, Database
from graph.store.embedded import EmbeddedOptions, Lease, StartFailed, jars
from graph.store.embedded.dump import STORE, clear
from graph.store.embedded.exchange import LEAVING, REPLACED, exchange, forget
from graph.store.embedded.halting import halted
from graph.store.embedded.home import RESTORING, Home, write_atomically
from graph.store.embedded.intake import PARTS, take_in
from graph.store.embedded.space import telling_when_full
from graph.store.keys import FILE as PERSON_KEY
from graph.store.migration import GRAPH, MARKS, NEWEST, SHAPE_SECONDS, Refused, person_key_fingerprint, shape
from graph.store.offline.load import Beginning, Offline
from graph.store.steps import STEPS

STAGED: Final = "importing"
TABLES: Final = "import"  # the folder of the staged home
LIMITS: Final = ConnectionLimits(write_seconds=SHAPE_SECONDS)
SUBJECTS: Final = "MATCH (n:Subject) RETURN count(n) AS count"
RECORDS: Final = "MATCH (n:Record) RETURN count(n) AS count"


@asynccontextmanager
async def first_load(
    options: EmbeddedOptions,
    *,
    purpose: str,
    person_key: bytes,
    now: datetime,
    replacing: bool,
    progress: Progress,
) -> AsyncIterator[Offline]:
    """What is written inside becomes the graph of the home when all of it was; nothing, when nothing was.

    A graph that is there is replaced only when told to, one of another purpose never. Raises the GraphError family.
    """
    options = replace(options, home=options.home.absolute(), cache=options.cache_folder.absolute())
    home = Home(options.home)
    home.prepare(restoring=True)
    if home.path(RESTORING).exists():
        _refuse_cut_off(home, replacing)
    elif home.path(STORE[0]).is_dir():
        await _refuse(options, purpose, replacing, progress)
    jars.provide(options, progress)
    with halted(options, alone=True):
        staged = Home(home.path(STAGED))
        if staged.folder.exists():  # of a load that was killed; its server may still be stopping
            with halted(replace(options, home=staged.folder), alone=True):
                clear(staged)
        try:
            with telling_when_full(staged), telling_when_full(home):
                async with AsyncExitStack() as stack:
                    yield (load := _begun(options, staged, purpose, person_key, now, progress, stack))
                    if load.empty:
                        return
                    await load.imported()
                write_atomically(staged.path(PERSON_KEY), person_key.hex() + "\n")
                exchange(home, staged)
                forget(home)
        finally:
            clear(staged)


def _begun(
    options: EmbeddedOptions,
    staged: Home,
    purpose: str,
    person_key: bytes,
    now: datetime,
    progress: Progress,
    stack: AsyncExitStack,
) -> Offline:
    """The tables, and how they become a database of the staged home: imported, indexed, counted."""
    staged.prepare()
    own = replace(options, home=staged.folder, bolt_port=None)

    async def opened(tables: list[str], counts: tuple[int, int]) -> Database:
        with progress.step("离线导入 / Importing offline", PARTS) as advance:
            take_in(own, staged, tables, advance)
        for path in staged.path(TABLES).iterdir():
            path.unlink()
        lease = stack.enter_context(Lease.acquire(own, progress))
        database = Database(lease.address, revive=lease.revive, limits=LIMITS)
        stack.push_async_callback(database.close)
        found = tuple([(await database.read(each, {}))[0]["count"] for each in (NODES, RELATIONS)])
        if found != counts:
            raise StartFailed(
                f"导入的数量不符 / the importer was given {counts[0]:,} nodes and {counts[1]:,} relations, the store "
                f"holds {found[0]:,} and {found[1]:,}: nothing was replaced"
            )
        await shape(database, progress)
        return database

    # As after `migration.prepare`, which counts every step as a write.
    graph = Beginning(len(STEPS), instant(now), NEWEST, purpose, person_key_fingerprint(person_key))
    return Offline(staged.path(TABLES), graph, opened)


def _refuse_cut_off(home: Home, replacing: bool) -> None:
    """An exchange was cut off: of a first load into an empty home it is simply done again, else an earlier graph is
    somewhere in it."""
    leaving = home.path(RESTORING).read_text(encoding="ascii") == LEAVING
    earlier = [home.path(REPLACED), *((home.folder,) if leaving else ())]
    if not replacing and any((each / STORE[0]).exists() for each in earlier):
        raise Conflict(
            f"恢复或替换被中断,先前的图仍在,不予丢弃:请再次运行该命令,或加 --replace / a restore or a replacement was "
            f"cut off and the graph from before it is still in {home.folder}: run that command again, or give it up "
            "with --replace"
        )


async def _refuse(options: EmbeddedOptions, purpose: str, replacing: bool, progress: Progress) -> None:
    """Raises Conflict that names what is there, unless it is nothing, or may go."""
    with Lease.acquire(options, progress) as lease:
        database = Database(lease.address, revive=lease.revive)
        try:
            counts: dict[str, Any] = {
                each: (await database.read(each, {}))[0]["count"] for each in (NODES, RELATIONS, SUBJECTS, RECORDS)
            }
            graph = await database.read(GRAPH, {})
        finally:
            await database.close()
    if counts[NODES] <= len(graph):
        return
    there = graph[0]["purpose"] if graph else None
    if there not in MARKS[purpose]:
        raise Refused(
            f"图的用途为 {there},不能以 {purpose} 替换 / the graph of {options.home} is marked {there}: it is not "
            f"replaced by one for {purpose}; give another home"
        )
    if not replacing:
        raise Conflict(
            f"{options.home} 已有图:主体 {counts[SUBJECTS]:,},记录 {counts[RECORDS]:,},关系 {counts[RELATIONS]:,},"
            f"不予替换;去掉 --import 则在其上载入,确要替换请加 --replace / {options.home} holds a graph of "
            f"{counts[SUBJECTS]:,} subjects, {counts[RECORDS]:,} records and {counts[RELATIONS]:,} relations. Load "
            "into it without --import, give another home, or replace it with --replace"
        )
