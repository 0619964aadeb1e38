"""The source `csv` on the command line: an exported folder loaded again, each word with the source that said it.

It must not know tables. What is loaded keeps its ids; into a graph that knows the same subjects it is added.
"""

from __future__ import annotations

import argparse
import asyncio
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.codes import Text
from graph.periods import SHANGHAI
from graph.progress import Advance
from graph.store.connection import Store
from graph.store.migration import person_key_fingerprint
from graph.store.prepared import Prepared
from graph.store.writer import ROWS, write
from loaders.entered import add_import_options
from loaders.entries import Quarantined
from loaders.exported.read import Manifest, Numbering, Place, Placed, check, manifest, nodes, relations
from loaders.files import Unreadable
from loaders.source import Run, Source, Tally, add_file_options
from loaders.stream import Part

SHOWN: Final = 20
HELD: Final = 4 * ROWS  # entries of all places together that wait to be written


class Exported:
    name: Final = "csv"
    help: Final = Text("export csv 导出的文件夹", "a folder written by export csv")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        add_file_options(parser)
        add_import_options(parser)

    def find(self, path: Path) -> tuple[Path, ...]:
        if not path.is_dir():
            raise Unreadable(f"没有这个文件夹 / no such folder: {path}")
        return (path,)

    def rehearse(self, path: Path, run: Run) -> Tally:
        found, counts = manifest(path), Counts(path)
        check(found)
        with run.progress.step(f"检查 / Checking {path.name}", found.total) as advance:
            for each in _everything(found):
                part = Part()
                counts.take(each, part)
                counts.settle(part, loaded=0)
                advance(1)
        counts.rest()
        print(
            f"{path}: read {counts.read} = accepted {counts.read - counts.quarantined} + quarantined "
            f"{counts.quarantined} (dry run, nothing written / 试运行,未写入)"
        )
        return Tally(counts.read, counts.read - counts.quarantined, counts.quarantined)

    async def load(self, database: Store, path: Path, run: Run) -> Tally:
        found, counts, began = manifest(path), Counts(path), time.monotonic()
        if found.person_key not in (None, person_key_fingerprint(run.person_key)):
            raise Unreadable(
                "导出所用的个人密钥与本图不同:证件号码将无法对应 / exported under another person key: nobody would be "
                "found by his number again. Put that person.key into this home"
            )
        await asyncio.to_thread(check, found)
        with run.progress.step(f"载入 / Loading {path.name}", found.total) as advance:
            numbering = Numbering()
            loading = Loading(database, counts, advance, numbering)
            for entries in (nodes(found, numbering), relations(found, numbering)):  # ends before what joins them
                for each in entries:
                    await loading.take(each)
                await loading.flush()
        counts.check()
        counts.rest()
        print(
            f"{path}: read {counts.read} = loaded {counts.loaded} + unchanged {counts.unchanged} + quarantined "
            f"{counts.quarantined} (读取 = 载入 + 未变 + 隔离)  {time.monotonic() - began:.1f} s"
        )
        return Tally(counts.read, counts.loaded + counts.unchanged, counts.quarantined)


SOURCE: Final[Source] = Exported()


@dataclass(slots=True)
class Counts:
    """What became of every row, counted where it happened; the first refusals are printed."""

    path: Path
    read: int = 0
    loaded: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def take(self, each: Placed, part: Part) -> None:
        self.read += 1
        if isinstance(each, Quarantined):
            part.quarantined.append(each)
        else:
            part.add(each[1])

    def settle(self, part: Part, loaded: int) -> None:
        self.loaded += loaded
        self.unchanged += len(part.accepted) - loaded
        for each in part.quarantined:
            self.quarantined += 1
            if self.quarantined <= SHOWN:
                column = "" if each.column is None else f"{each.column}: "
                print(f"{self.path}: {column}隔离:{each.reason.zh} / quarantined: {each.reason.en}")

    def rest(self) -> None:
        if self.quarantined > SHOWN:
            more = self.quarantined - SHOWN
            print(f"{self.path}: 另有 {more} 行被隔离 / {more} more rows are quarantined")

    def check(self) -> None:
        assert self.read == self.loaded + self.unchanged + self.quarantined, self  # noqa: S101


@dataclass(slots=True)
class Loading:
    """Entries gather by the source and batch that said them, and are written a few thousand at a time."""

    database: Store
    counts: Counts
    advance: Advance
    numbering: Numbering
    parts: dict[Place, Part] = field(default_factory=dict)
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    written: int = 0

    async def take(self, each: Placed) -> None:
        place = Place("", None) if isinstance(each, Quarantined) else each[0]
        part = self.parts.setdefault(place, Part())
        self.counts.take(each, part)
        if part.size >= ROWS:
            await self.flush(place)
        elif sum(part.size for part in self.parts.values()) >= HELD:
            await self.flush()

    async def flush(self, last: Place | None = None) -> None:
        """Everything, or one place after all that was said before its turn."""
        for place in sorted(self.parts, key=lambda each: each.turn):
            if last is None or place.turn < last.turn or place == last:
                await self._write(place)

    async def _write(self, place: Place) -> None:
        part, now = self.parts.pop(place), datetime.now(SHANGHAI)
        self.written += 1
        loaded = 0
        if part.accepted:
            batch = part.batch(place.source, f"csv:{self.run}:{self.written}", place.batch or "")
            batch = replace(batch, batch=place.batch)
            prepared = await asyncio.to_thread(Prepared.of, batch)
            done = await write(self.database, prepared, now=now, today=now.date())
            loaded = len(done.loaded & part.accepted)
            self.numbering.other |= {ref: id for ref, id in done.ids.items() if ref != id}
        self.counts.settle(part, loaded)
        self.advance(len(part.accepted) + len(part.quarantined))


def _everything(found: Manifest) -> Iterator[Placed]:
    numbering = Numbering()
    yield from nodes(found, numbering)
    yield from relations(found, numbering)
