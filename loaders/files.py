"""Which files a command means, and the one refusal of a file as a whole.

It must not know what is in a file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

BLOCK_BYTES: Final = 1 << 20
LINED: Final = (".csv", ".txt", ".tsv", ".jsonl", ".ndjson", ".json", ".ijson")


class Unreadable(Exception):
    """The file as a whole cannot be used; the message says why, in both languages, and nothing was loaded."""


def find(path: Path, suffixes: Collection[str]) -> tuple[Path, ...]:
    """The file, or those of the folder with one of the suffixes, by name; raises Unreadable when there is none."""
    if path.is_dir():
        found = tuple(sorted(each for each in path.iterdir() if each.suffix.lower() in suffixes and each.is_file()))
        if not found:
            wanted = "、".join(suffixes), ", ".join(suffixes)
            raise Unreadable(f"文件夹中没有 {wanted[0]} 文件 / no {wanted[1]} file in the folder: {path}")
        return found
    if not path.is_file():
        raise Unreadable(f"没有这个文件 / no such file: {path}")
    return (path,)


def lines(path: Path) -> int | None:
    """About how many rows a text has; None of a workbook, and of a text in one line."""
    if path.suffix.lower() not in LINED:
        return None
    with path.open("rb") as file:
        count = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))
    return count if count > 1 else None
