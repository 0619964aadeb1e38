"""What the command line needs of a source: its name, its options, and how one of its files is rehearsed and loaded.

It must not know any source.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph.codes import Text
from graph.progress import Progress
from graph.store.connection import Store


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows or entries of one file: `accepted` are loaded or were there already.

    `held`: a full extract ended nothing of what it lacks, so that its work is not done.
    """

    read: int
    accepted: int
    rejected: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of the command works with. In a rehearsal nothing is written and the person key is a throwaway."""

    options: argparse.Namespace
    person_key: bytes
    home: Path
    progress: Progress


class Source(Protocol):
    """Both `rehearse` and `load` print what became of the file; they raise Unreadable for a file of no use."""

    @property
    def name(self) -> str: ...

    @property
    def help(self) -> Text: ...

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...

    def find(self, path: Path) -> tuple[Path, ...]: ...

    def rehearse(self, path: Path, run: Run) -> Tally: ...

    async def load(self, database: Store, path: Path, run: Run) -> Tally: ...


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """The options of every source that reads files."""
    parser.add_argument("path", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--dry-run", action="store_true", help="只检查,不写入 / check only, write nothing")
    parser.add_argument("--demo", action="store_true", help="只写入空库或示范库 / only into an empty or demo graph")
    parser.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
