"""Which files a command means, and the one refusal of a file as a whole.

It must not know what is in a file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

BLOCK_BYTES: Final = 1 << 20
LONGEST_STEM: Final = 200  # bytes; a Chinese character has three
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


def kept_stem(stem: str) -> str:
    """The stem that names what is kept of a file: a name of 255 bytes leaves no room for a time behind it. Cut, it ends
    in a digest of the whole.
    """
    if len(os.fsencode(stem)) <= LONGEST_STEM:
        return stem
    digest = hashlib.sha256(os.fsencode(stem)).hexdigest()[:8]
    return f"{os.fsencode(stem)[: LONGEST_STEM - 9].decode(errors='ignore')}~{digest}"


def lines(path: Path) -> int | None:
    """About how many rows a text has; None of a workbook, and of a text in one line."""
    if path.suffix.lower() not in LINED:
        return None
    with path.open("rb") as file:
        count = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))
    return count if count > 1 else None
