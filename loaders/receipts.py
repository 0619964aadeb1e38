"""The receipt (回执) of a file that was handed in, and how a file is known that was handed in before.

It must not know what its rows say. `python -m loaders submissions` lists the receipts of a graph.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from graph.progress import RichProgress
from graph.store import submissions
from graph.store.connection import Store
from graph.store.opened import opened
from graph.store.submissions import Submission
from loaders.catalog.described import version_of
from loaders.stream import StreamOutcome
from loaders.tables.layout import Layout
from settings import Settings

CODE: Final = Path(__file__).parent
SHOWN: Final = 50


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code() -> str:
    """What reads the files: another reader may read the same file otherwise."""
    digest = hashlib.sha256()
    for path in sorted(each for each in CODE.rglob("*") if each.suffix in (".py", ".toml")):
        digest.update(f"{path.relative_to(CODE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def program(layouts: Iterable[Layout]) -> str:
    """The code and what it reads by: a city's own items lie outside of it."""
    items = sorted(version_of(each.item).id for each in layouts if each.item is not None)
    return hashlib.sha256("\0".join((code(), *items)).encode()).hexdigest()[:16]


async def known(database: Store, source: str, sha256: str, layouts: Iterable[Layout]) -> Submission | None:
    """The receipt of this very file, when it is what the source handed in last, none of its rows was refused, and it
    would be read by the same items of the catalogue.
    """
    last = await submissions.last(database, source)
    if last is None or last.withdrawn or (last.sha256, last.program) != (sha256, program(layouts)) or last.quarantined:
        return None
    return last


async def record(
    database: Store,
    source: str,
    path: Path,
    sha256: str,
    layout: Layout,
    layouts: Iterable[Layout],
    outcome: StreamOutcome,
    now: datetime,
    *,
    full: bool = False,
    withdrawn: bool = False,
) -> Submission | None:
    """The receipt of what was read; None where nothing is new: a file that has one, whose rows are all known. A file of
    known rows that has none was loaded by a process that was killed before it wrote one, or is another file.
    By another reader the same file has another receipt: else it would be read again for ever.

    `layouts`: all that the source reads by, `layout` the one of the file. A full extract always has a receipt: it ends
    things by what it does not say, so that the file before it is not the last. A withdrawal has one, so that the file
    it took back is read when it comes again, unless one stands there already.
    """
    last = None if outcome.loaded or full else await submissions.last(database, source)
    if withdrawn and not outcome.loaded and (last is None or last.withdrawn):
        return None
    if not (outcome.loaded or full or withdrawn):
        if last is not None and last.sha256 == sha256 and not last.withdrawn:
            if last.program == program(layouts):
                return None
        elif not outcome.quarantined and await submissions.handed_in(database, source, sha256):
            return None
    submission = Submission(
        f"sub_{uuid.uuid4().hex[:24]}",
        *(source, path.name, sha256, layout.code, layout.edition, program(layouts)),
        *(outcome.read, outcome.loaded, outcome.unchanged, outcome.quarantined, withdrawn),
    )
    read_by = None if layout.item is None else version_of(layout.item)
    await submissions.record(database, submission, read_by, now=now)
    return submission


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="来源,省略为全部 / of one source; omitted: of all")
    parser.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
    parser.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> int:
    found = asyncio.run(_read(options))
    for at, each in found:
        done = "withdrawn" if each.withdrawn else "loaded"
        print(
            f"{at}  {each.id}  {each.source}  {each.file}  {each.item} {each.edition}  sha256 {each.sha256[:12]}…  "
            f"read {each.read:,} = {done} {each.loaded:,} + unchanged {each.unchanged:,} + quarantined "
            f"{each.quarantined:,} ({each.quarantined / max(1, each.read):.1%})"
        )
    if not found:
        print("没有报送 / nothing has been handed in")
    return 0


async def _read(options: argparse.Namespace) -> list[tuple[str, Submission]]:
    settings = Settings.from_environment(home=options.home)
    async with opened(settings, RichProgress()) as database:
        return await submissions.latest(database, options.source, SHOWN)
