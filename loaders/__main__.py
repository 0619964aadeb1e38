"""The command `python -m loaders SOURCE FILE|FOLDER`: reads settings, opens the graph, runs the files of a source.

It must not know what a source contains. Exit code 0: everything accepted; 1: something rejected; 2: nothing loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from graph.errors import GraphError
from graph.identifiers import KEY_BYTES
from graph.periods import SHANGHAI
from graph.progress import Progress, RichProgress
from graph.store.keys import load_person_key
from graph.store.migration import prepare
from graph.store.opened import opened
from loaders.bods import command as bods
from loaders.city import command as city
from loaders.derived import rederive
from loaders.double_publicity import command as double_publicity
from loaders.export import command as export
from loaders.exported import command as exported
from loaders.files import Unreadable
from loaders.ftm import command as ftm
from loaders.holdings import command as holdings
from loaders.posts import command as posts
from loaders.registry import command as registry
from loaders.source import Run, Source, Tally
from loaders.world import command as world
from settings import Settings, SettingsError

SOURCES: Final[tuple[Source, ...]] = (
    world.SOURCE,
    registry.SOURCE,
    holdings.SOURCE,
    posts.SOURCE,
    double_publicity.SOURCE,
    bods.SOURCE,
    ftm.SOURCE,
    exported.SOURCE,
)
ACCEPTED, SOME_REJECTED, NOTHING_LOADED = 0, 1, 2
DESCRIPTION: Final = "把来源数据载入信用图谱 / loads sources into the credit graph"
EXIT_CODES: Final = (
    "退出码 / exit code: 0 全部接受 everything accepted, 1 有条目被拒绝 something rejected, 2 未载入 nothing loaded"
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (Unreadable, GraphError, SettingsError) as error:
        print(error if "path" not in options else f"{options.path}: {error}", file=sys.stderr)
        return NOTHING_LOADED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loaders", description=DESCRIPTION, epilog=EXIT_CODES)
    sources = parser.add_subparsers(required=True, metavar="SOURCE")
    for source in SOURCES:
        of_source = sources.add_parser(source.name, help=" / ".join(source.help), epilog=EXIT_CODES)
        of_source.set_defaults(run=partial(_run, source))
        source.add_options(of_source)
    of_city = sources.add_parser("city", help="合成城市 / a synthetic city of any size", epilog=EXIT_CODES)
    city.declare(of_city)
    of_city.set_defaults(run=city.run)
    of_export = sources.add_parser("export", help="导出图 / the graph as a file others read")
    export.declare(of_export)
    of_export.set_defaults(run=export.run)
    return parser


def _run(source: Source, options: argparse.Namespace) -> int:
    """A source that reads files."""
    progress = RichProgress()
    files = source.find(options.path)
    if options.dry_run:
        return _exit_code(_rehearse(source, files, options, progress))
    return _exit_code(asyncio.run(_load(source, files, options, progress)))


async def _load(
    source: Source, files: Sequence[Path], options: argparse.Namespace, progress: Progress
) -> list[Tally | None]:
    settings = Settings.from_environment(home=options.home)
    tallies: list[Tally | None] = []
    async with opened(settings, progress) as database:
        person_key = load_person_key(settings.home)
        now = datetime.now(SHANGHAI)
        await prepare(database, purpose="demo" if options.demo else "production", person_key=person_key, now=now)
        run = Run(options, person_key, settings.home, progress)
        for path in files:
            try:
                tallies.append(await source.load(database, path, run))
            except Unreadable as error:
                _complain(f"{path}: {error}")
                tallies.append(None)
        await rederive(database, now, progress, settings.derived_nodes)
    return tallies


def _rehearse(
    source: Source, files: Sequence[Path], options: argparse.Namespace, progress: Progress
) -> list[Tally | None]:
    key = secrets.token_bytes(KEY_BYTES)  # nothing hashed under it is kept
    run = Run(options, key, Path(), progress)
    tallies: list[Tally | None] = []
    for path in files:
        try:
            tallies.append(source.rehearse(path, run))
        except Unreadable as error:
            _complain(f"{path}: {error}")
            tallies.append(None)
    return tallies


def _exit_code(tallies: Iterable[Tally | None]) -> int:
    found = list(tallies)
    failed = [each is None or (each.rejected > 0 and each.accepted == 0) for each in found]
    if all(failed):
        return NOTHING_LOADED
    return SOME_REJECTED if any(each is None or each.rejected for each in found) else ACCEPTED


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
