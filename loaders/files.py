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
        inside = _inside(path)
        found = tuple(each for each in inside if each.suffix.lower() in suffixes and each.is_file())
        if not found:
            wanted = "、".join(suffixes), ", ".join(suffixes)
            raise Unreadable(f"文件夹中没有 {wanted[0]} 文件 / no {wanted[1]} file in the folder: {path}")
        return found
    if not path.is_file():
        raise Unreadable(f"没有这个文件 / no such file: {path}")
    return (path,)


def left_out(folder: Path, found: Collection[Path]) -> list[str]:
    """Names in the folder that are not read: other suffixes, folders. What is hidden by a leading dot is not told."""
    return [
        f"{each.name}/" if each.is_dir() else each.name
        for each in _inside(folder)
        if each not in found and not each.name.startswith(".")
    ]


def check_readable(path: Path) -> None:
    """Raises Unreadable for a file that cannot be opened and read; of a folder nothing is said."""
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                file.read(1)
    except OSError as error:
        raise Unreadable(
            f"无法读取文件,请检查权限 / the file cannot be read, see its permissions: {error.strerror}"
        ) from None


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise Unreadable(f"无法读取文件夹 / the folder cannot be read: {error.strerror}") from None


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
