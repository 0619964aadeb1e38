"""A source of JSON statements on the command line: what is printed, and where refused statements are kept.

It must not know a format.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import orjson

from graph.codes import Text
from graph.periods import SHANGHAI
from graph.store.connection import Store
from loaders.entered import add_import_options
from loaders.entries import Entries, Quarantined
from loaders.files import find, kept_stem, lines
from loaders.source import Run, Tally, add_file_options
from loaders.statements.read import SUFFIXES, Told, objects
from loaders.stream import stream

SHOWN: Final = 20
MARK: Final = "quarantine"  # the key under which a refused statement is told why; readers pass over it


@dataclass(frozen=True, slots=True)
class StatementSource:
    """`entries` turns a file into entries, given the person key."""

    name: str
    help: Text
    entries: Callable[[Path, bytes], Entries]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        add_file_options(parser)
        add_import_options(parser)

    def find(self, path: Path) -> tuple[Path, ...]:
        return find(path, SUFFIXES)

    def rehearse(self, path: Path, run: Run) -> Tally:
        kept, read = Kept(path, None), 0
        with run.progress.step(f"检查 / Checking {path.name}") as advance:
            for each in kept.remarked(self.entries(path, run.person_key)):
                read += 1
                advance(1)
                if isinstance(each, Quarantined):
                    kept.keep(each)
        kept.rest()
        print(
            f"{path}: read {read} = accepted {read - kept.count} + quarantined {kept.count}"
            " (dry run, nothing written / 试运行,未写入)"
        )
        return Tally(read, read - kept.count, kept.count)

    async def load(self, database: Store, path: Path, run: Run) -> Tally:
        now = datetime.now(SHANGHAI)
        stamp = now.strftime("%Y%m%dT%H%M%S%f")
        kept = Kept(path, run.home / "quarantine" / self.name / f"{kept_stem(path.stem)}-{stamp}.jsonl")
        try:
            done = await stream(
                database,
                self.name,
                kept.remarked(self.entries(path, run.person_key)),
                batch=path.stem,
                now=now,
                today=now.date(),
                progress=run.progress,
                keep=kept.keep,
                about=lines(path),
            )
            if kept.waiting:
                kept.complete(objects(path))
        finally:
            kept.close()
        kept.rest()
        print(
            f"{path}: read {done.read} = loaded {done.loaded} + unchanged {done.unchanged} + quarantined "
            f"{done.quarantined} (读取 = 载入 + 未变 + 隔离)"
        )
        if kept.begun:
            print(
                f"{path}: 隔离的陈述在 {kept.target},更正后用同一命令重新报送 / quarantined statements are in "
                f"{kept.target}: correct them and hand them in with the same command"
            )
        return Tally(done.read, done.loaded + done.unchanged, done.quarantined)


@dataclass(slots=True)
class Kept:
    """Refused statements and remarks: the first are printed, all refused are kept as lines to correct and hand in."""

    path: Path
    target: Path | None
    count: int = 0
    remarks: int = 0
    waiting: dict[int, Quarantined] = field(default_factory=dict)
    _file: IO[bytes] | None = field(default=None)

    @property
    def begun(self) -> bool:
        return self._file is not None

    def remarked(self, entries: Entries) -> Entries:
        for each in entries:
            for remark in () if isinstance(each, Quarantined) else each.remarks:
                self.remarks += 1
                if self.remarks <= SHOWN:
                    print(f"{self.path}:{each.number}: 提示 {remark.zh} / remark: {remark.en}")
            yield each

    def keep(self, refused: Quarantined) -> None:
        self.count += 1
        if self.count <= SHOWN:
            where = "" if refused.column is None else f"{refused.column}: "
            print(f"{self.path}:{refused.number}: {where}隔离:{refused.reason.zh} / quarantined: {refused.reason.en}")
        if self.target is None:
            return
        if refused.cells:
            self._write(self.target, refused, refused.cells[0])
        else:  # only a batch as a whole shows it: its statement is not at hand
            self.waiting[refused.number] = refused

    def complete(self, statements: Iterable[Told | Quarantined]) -> None:
        """Those that wait for their statement, from the file read once more."""
        for each in statements:
            refused = self.waiting.pop(each.number, None)
            if refused is not None and self.target is not None and isinstance(each, Told):
                self._write(self.target, refused, orjson.dumps(each.value).decode())

    def rest(self) -> None:
        if self.count > SHOWN:
            more = self.count - SHOWN
            print(f"{self.path}: 另有 {more} 条被隔离 / {more} more statements are quarantined")
        if self.remarks > SHOWN:
            more = self.remarks - SHOWN
            print(f"{self.path}: 另有 {more} 条提示 / {more} more remarks")

    def _write(self, target: Path, refused: Quarantined, text: str) -> None:
        if self._file is None:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        try:
            said = orjson.loads(text)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            said = {"text": text}
        reason = f"{refused.reason.zh} / {refused.reason.en}"
        told = {MARK: {"line": refused.number, "at": refused.column, "reason": reason}}
        self._file.write(orjson.dumps({**said, **told}) + b"\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
