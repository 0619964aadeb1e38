"""The command `python -m loaders SOURCE FILE|FOLDER`: reads settings, opens the graph, runs the files of a source.

It must not know what a source contains. Exit code 0: everything accepted; 1: something rejected; 2: nothing loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.errors import GraphError
from graph.identifiers import KEY_BYTES
from graph.periods import SHANGHAI
from graph.progress import Progress, RichProgress
from graph.store.address import Address
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.keys import load_person_key
from graph.store.migration import prepare
from loaders.double_publicity import command as double_publicity
from loaders.files import Unreadable
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
)
ACCEPTED, SOME_REJECTED, NOTHING_LOADED = 0, 1, 2
DESCRIPTION: Final = "把来源数据载入信用图谱 / loads sources into the credit graph"
EXIT_CODES: Final = (
    "退出码 / exit code: 0 全部接受 everything accepted, 1 有条目被拒绝 something rejected, 2 未载入 nothing loaded"
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    source: Source = options.source
    progress = RichProgress()
    try:
        files = source.find(options.path)
        if options.dry_run:
            return _exit_code(_rehearse(source, files, options, progress))
        return _exit_code(asyncio.run(_load(source, files, options, progress)))
    except (Unreadable, GraphError, SettingsError) as error:
        _complain(f"{options.path}: {error}")
        return NOTHING_LOADED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loaders", description=DESCRIPTION, epilog=EXIT_CODES)
    sources = parser.add_subparsers(required=True, metavar="SOURCE")
    for source in SOURCES:
        of_source = sources.add_parser(source.name, help=" / ".join(source.help), epilog=EXIT_CODES)
        of_source.set_defaults(source=source)
        source.add_options(of_source)
    return parser


async def _load(
    source: Source, files: Sequence[Path], options: argparse.Namespace, progress: Progress
) -> list[Tally | None]:
    settings = Settings.from_environment(home=options.home)
    tallies: list[Tally | None] = []
    async with _database(settings, progress) as database:
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


@asynccontextmanager
async def _database(settings: Settings, progress: Progress) -> AsyncIterator[Database]:
    """The graph of NEO4J_URI, or of the embedded server of the home, shared with whoever uses it already."""
    if settings.neo4j_uri:
        address = Address(settings.neo4j_uri, settings.neo4j_username, settings.neo4j_password, settings.neo4j_database)
        database = Database(lambda: address)
        try:
            yield database
        finally:
            await database.close()
        return
    options = EmbeddedOptions(home=settings.home, cache=settings.cache, heap_megabytes=settings.heap_megabytes)
    with Lease.acquire(options, progress) as lease:
        database = Database(lease.address, revive=lease.revive)
        try:
            yield database
        finally:
            await database.close()


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
