"""The command `python -m graph`: derives the stored measures of the whole graph, backs the graph up, restores it.

It must not know how. Exit code 0: done; 1: others went on changing the graph while it was derived; 2: the graph or the
file could not be used.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.errors import Conflict, GraphError, Invalid, Unavailable
from graph.periods import SHANGHAI
from graph.progress import RichProgress
from graph.store.backup import Manifest, backup, restore
from graph.store.deriving import Derived, derive
from graph.store.embedded import EmbeddedOptions
from graph.store.keys import load_person_key
from graph.store.migration import GRAPH, prepare
from graph.store.opened import embedded_options, opened
from graph.store.operations import NOT_PREPARED
from settings import Settings, SettingsError

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
    for each in (of_derive, of_backup, of_restore):
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


async def _derive(options: argparse.Namespace) -> Derived:
    settings, progress = Settings.from_environment(home=options.home), RichProgress()
    async with opened(settings, progress) as database:
        found = await database.read(GRAPH, {})
        if not found:
            raise Unavailable(NOT_PREPARED)
        now = datetime.now(SHANGHAI)
        await prepare(database, purpose=found[0]["purpose"], person_key=load_person_key(settings.home), now=now)
        return await derive(database, now=now, progress=progress, whole=not options.changed)


if __name__ == "__main__":
    raise SystemExit(main())
