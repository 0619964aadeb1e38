"""The command `python -m loaders SOURCE FILE|FOLDER`: reads settings, opens the graph, runs the files of a source.

It must not know what a source contains. Exit code 0: everything accepted; 1: something rejected, or a full
extract that ended nothing; 2: nothing loaded.
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
from loaders import quarantine, receipts
from loaders.bods import command as bods
from loaders.catalog import command as catalog
from loaders.catalog.item import Catalog
from loaders.catalog.reading import read, shipped
from loaders.city import command as city
from loaders.double_publicity import command as double_publicity
from loaders.entered import entered
from loaders.export import command as export
from loaders.exported import command as exported
from loaders.files import Unreadable, check_readable, left_out
from loaders.ftm import command as ftm
from loaders.holdings import command as holdings
from loaders.posts import command as posts
from loaders.quality import command as quality
from loaders.registry import command as registry
from loaders.source import Run, Source, Tally
from loaders.world import command as world
from settings import Settings, SettingsError

OWN: Final[tuple[Source, ...]] = (  # sources with a way of their own; the others are items of the catalogue
    world.SOURCE,
    registry.SOURCE,
    holdings.SOURCE,
    posts.SOURCE,
    double_publicity.SOURCE,
    bods.SOURCE,
    ftm.SOURCE,
    exported.SOURCE,
)
SOURCES: Final[tuple[Source, ...]] = (*OWN, *catalog.sources(shipped()))
SHOWN: Final = 20  # names left out of a folder that are printed
ACCEPTED, SOME_REJECTED, NOTHING_LOADED = 0, 1, 2
DESCRIPTION: Final = "把来源数据载入信用图谱 / loads sources into the credit graph"
EXIT_CODES: Final = (
    "退出码 / exit code: 0 全部接受 everything accepted, 1 有条目被拒绝或全量未生效 something rejected, or an extract "
    "ended nothing, 2 未载入 nothing loaded"
)


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        parser = _parser(_catalog(Settings.from_environment().catalog))
    except (GraphError, SettingsError) as error:
        _complain(str(error))
        return NOTHING_LOADED
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except (Unreadable, GraphError, SettingsError) as error:
        print(error if "path" not in options else f"{options.path}: {error}", file=sys.stderr)
        return NOTHING_LOADED
    return code


def _catalog(further: Path | None) -> Catalog:
    """The catalogue of this checkout, and what the city added to it."""
    return shipped() if further is None else read(further, shipped())


def _parser(items: Catalog) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loaders", description=DESCRIPTION, epilog=EXIT_CODES)
    sources = parser.add_subparsers(required=True, metavar="SOURCE")
    for source in (*OWN, *catalog.sources(items)):
        of_source = sources.add_parser(source.name, help=" / ".join(source.help), epilog=EXIT_CODES)
        of_source.set_defaults(run=partial(_run, source))
        source.add_options(of_source)
    of_city = sources.add_parser("city", help="合成城市 / a synthetic city of any size", epilog=EXIT_CODES)
    city.declare(of_city)
    of_city.set_defaults(run=city.run)
    quarantine.declare(sources.add_parser("quarantine", help="隔离的行 / quarantined rows: list, download"))
    receipts.declare(sources.add_parser("submissions", help="报送回执 / receipts of what was handed in"))
    quality.declare(
        sources.add_parser("quality", help="部门报送的时效与质量 / timeliness and quality by department"), items
    )
    catalog.declare(sources.add_parser("catalog", help="采集目录 / the collection catalogue"), items)
    of_export = sources.add_parser("export", help="导出图 / the graph as a file others read")
    export.declare(of_export)
    of_export.set_defaults(run=export.run)
    return parser


def _run(source: Source, options: argparse.Namespace) -> int:
    """A source that reads files."""
    progress = RichProgress()
    files = source.find(options.path)
    if options.path.is_dir() and files != (options.path,):
        _tell_left_out(options.path, files)
    if getattr(options, "full", None) is not None and len(files) > 1:
        raise Unreadable(
            "--full 只用于一个文件:各文件会互相终止 / --full is for one file: each would end what the others tell"
        )
    if getattr(options, "withdraw", False) and (options.offline or getattr(options, "full", None) is not None):
        raise Unreadable("--withdraw 不能与 --full、--import 同用 / --withdraw goes with neither --full nor --import")
    if options.dry_run:
        return _exit_code(_rehearse(source, files, options, progress))
    return _exit_code(asyncio.run(_load(source, files, options, progress)))


def _tell_left_out(folder: Path, files: Sequence[Path]) -> None:
    names = left_out(folder, files)
    if names:
        more = f" … +{len(names) - SHOWN}" if len(names) > SHOWN else ""
        print(f"{folder}: 未读取 / not read: {', '.join(names[:SHOWN])}{more}")


async def _load(
    source: Source, files: Sequence[Path], options: argparse.Namespace, progress: Progress
) -> list[Tally | None]:
    settings = Settings.from_environment(home=options.home)
    tallies: list[Tally | None] = []
    now = datetime.now(SHANGHAI)
    async with entered(settings, options, f"{source.name} {options.path}", now, progress) as (store, person_key):
        run = Run(options, person_key, settings.home, progress)
        for path in files:
            try:
                check_readable(path)
                tallies.append(await source.load(store, path, run))
            except Unreadable as error:
                _complain(f"{path}: {error}")
                tallies.append(None)
    return tallies


def _rehearse(
    source: Source, files: Sequence[Path], options: argparse.Namespace, progress: Progress
) -> list[Tally | None]:
    key = secrets.token_bytes(KEY_BYTES)  # nothing hashed under it is kept
    run = Run(options, key, Path(), progress)
    tallies: list[Tally | None] = []
    for path in files:
        try:
            check_readable(path)
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
    return SOME_REJECTED if any(each is None or each.rejected or each.held for each in found) else ACCEPTED


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
