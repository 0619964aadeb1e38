"""The command `python -m graph`: derives the stored measures of the whole graph, backs the graph up, restores it,
makes two subjects one and one two.

It must not know how. Exit code 0: done; 1: others went on changing the graph while it was derived; 2: the graph or the
file could not be used.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from graph.errors import Conflict, GraphError, Invalid, NotFound, Unavailable
from graph.identifiers import parse_lookup
from graph.periods import SHANGHAI, Moment
from graph.progress import RichProgress
from graph.store.backup import Manifest, backup, restore
from graph.store.connection import Database
from graph.store.deriving import Derived, derive
from graph.store.embedded import EmbeddedOptions
from graph.store.keys import load_person_key
from graph.store.lookup import find
from graph.store.merging import Merged, Split, merge, split
from graph.store.migration import GRAPH, prepare
from graph.store.opened import embedded_options, opened
from graph.store.operations import NOT_PREPARED
from settings import Settings, SettingsError

T = TypeVar("T")
RIGHT, BEHIND, REFUSED = 0, 1, 2
DESCRIPTION: Final = "维护信用图谱 / keeps the credit graph"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (GraphError, SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m graph", description=DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    of_derive = commands.add_parser(
        "derive", help="推导全市措施,只写差异 / derive the measures of the whole city, writing only differences"
    )
    of_derive.add_argument(
        "--changed", action="store_true", help="只推导有变更者 / only of what has changed since the last time"
    )
    of_derive.set_defaults(run=_run_derive)
    of_backup = commands.add_parser("backup", help="备份内置库为一个文件 / the embedded graph into one file")
    of_backup.add_argument("file", type=Path, metavar="FILE")
    of_backup.add_argument("--replace", action="store_true", help="覆盖已有文件 / over a file that is there")
    of_backup.set_defaults(run=_run_backup)
    of_restore = commands.add_parser("restore", help="由备份恢复内置库 / the embedded graph from a backup")
    of_restore.add_argument("file", type=Path, metavar="FILE")
    of_restore.add_argument("--replace", action="store_true", help="替换已有的图 / in place of a graph that is there")
    of_restore.set_defaults(run=_run_restore)
    of_merge = commands.add_parser("merge", help="认定两者为同一主体 / two subjects are one, from now on")
    of_merge.add_argument("loser", metavar="LOSER", help="id 或标识 / an id or identifier: it will mean the survivor")
    of_merge.add_argument("survivor", metavar="SURVIVOR", help="id 或标识 / an id or identifier")
    of_merge.add_argument("--ground", required=True, help="理由,随决定保存 / why; kept with the decision")
    of_merge.set_defaults(run=_run_merge)
    of_split = commands.add_parser("split", help="撤销一次合并 / undo a merge")
    of_split.add_argument("merge", metavar="MERGE", help="合并时所示的编号 / the id that merging printed")
    of_split.set_defaults(run=_run_split)
    for each in (of_derive, of_backup, of_restore, of_merge, of_split):
        each.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
    return parser


def _run_derive(options: argparse.Namespace) -> int:
    began = time.monotonic()
    done = asyncio.run(_derive(options))
    print(f"{done}  {time.monotonic() - began:.1f} s")
    return BEHIND if done.version is None else RIGHT


def _run_backup(options: argparse.Namespace) -> int:
    embedded, began, path = _embedded(options), time.monotonic(), options.file.absolute()
    if path.exists() and not options.replace:
        raise Conflict(f"{path} 已存在;确要覆盖请加 --replace / is there already: another name, or --replace")
    done = backup(embedded, path, now=datetime.now(SHANGHAI), progress=RichProgress())
    print(f"{path}: {_shown(done)}  {time.monotonic() - began:.1f} s")
    return RIGHT


def _run_restore(options: argparse.Namespace) -> int:
    embedded, began = _embedded(options), time.monotonic()
    done = restore(embedded, options.file, replacing=options.replace, progress=RichProgress())
    print(f"{embedded.home}: {_shown(done)}  {time.monotonic() - began:.1f} s")
    return RIGHT


def _shown(done: Manifest) -> str:
    return (
        f"version {done.version:,}, {done.nodes:,} nodes, {done.relations:,} relations, {done.dump_bytes:,} bytes, "
        f"sha256 {done.sha256[:16]}…, {done.made_at}"
    )


def _embedded(options: argparse.Namespace) -> EmbeddedOptions:
    settings = Settings.from_environment(home=options.home)
    if settings.neo4j_uri:
        raise Invalid(
            "NEO4J_URI 指向外部数据库,请用其自带工具备份(docs/backup.md) / NEO4J_URI names a server of your own: "
            "back it up by its own tools (docs/backup.md)"
        )
    return embedded_options(settings)


def _run_merge(options: argparse.Namespace) -> int:
    async def run(database: Database, now: datetime) -> Merged:
        loser = await _one(database, options.loser, now, "loser")
        survivor = await _one(database, options.survivor, now, "survivor")
        return await merge(database, loser, survivor, ground=options.ground, now=now)

    done, derived = asyncio.run(_decide(options, run))
    print(
        f"{done.loser} → {done.survivor}: 关系 {done.relations} 条,标识 {done.names} 个;撤销用 split {done.id}"
        f" / {done.relations} relations and {done.names} identifiers moved; undo it by split {done.id}\n{derived}"
    )
    return RIGHT


def _run_split(options: argparse.Namespace) -> int:
    async def run(database: Database, now: datetime) -> Split:
        return await split(database, options.merge, now=now, today=now.astimezone(SHANGHAI).date())

    done, derived = asyncio.run(_decide(options, run))
    print(
        f"{done.loser} ⇹ {done.survivor}: 归还关系 {done.relations} 条,标识 {done.names} 个"
        f" / {done.relations} relations and {done.names} identifiers are its own again\n{derived}"
    )
    for kind, id in done.later:
        print(f"  合并之后记于 {done.survivor},请核对归属 / recorded since the merge, see whose it is: {kind} {id}")
    return RIGHT


async def _one(database: Database, text: str, now: datetime, argument: str) -> str:
    """The node that an id or identifier means; a merged one means itself, so that it is told so."""
    lookup = parse_lookup(text, argument=argument)
    if lookup.node_id is not None:
        return lookup.node_id
    found = (await find(database, [lookup], Moment(now.astimezone(SHANGHAI).date())))[0]
    if len(found) != 1:
        raise (Conflict if found else NotFound)(
            f"{text}: 对应 {len(found)} 个主体 / is {len(found)} subjects", argument=argument
        )
    return found[0]


async def _decide(options: argparse.Namespace, run: Callable[[Database, datetime], Awaitable[T]]) -> tuple[T, Derived]:
    """An operator's decision, and the measures it changes."""
    async with _prepared(options) as (database, now):
        done = await run(database, now)
        return done, await derive(database, now=now, progress=RichProgress(), whole=False)


async def _derive(options: argparse.Namespace) -> Derived:
    async with _prepared(options) as (database, now):
        return await derive(database, now=now, progress=RichProgress(), whole=not options.changed)


@asynccontextmanager
async def _prepared(options: argparse.Namespace) -> AsyncIterator[tuple[Database, datetime]]:
    settings = Settings.from_environment(home=options.home)
    async with opened(settings, RichProgress()) as database:
        found = await database.read(GRAPH, {})
        if not found:
            raise Unavailable(NOT_PREPARED)
        now = datetime.now(SHANGHAI)
        await prepare(database, purpose=found[0]["purpose"], person_key=load_person_key(settings.home), now=now)
        yield database, now


if __name__ == "__main__":
    raise SystemExit(main())
