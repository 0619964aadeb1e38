"""Reads JSON objects from a file: one a line (with or without the brackets of an array), or a whole small array.

It must not know what an object says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from graph.codes import Text
from loaders.entries import Quarantined
from loaders.files import Unreadable

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".ijson")
LARGEST_ARRAY: Final = 50_000_000  # bytes of an array that is not one object a line: it is read whole
LONGEST_LINE: Final = 10_000_000
BOM: Final = b"\xef\xbb\xbf"


class Told(NamedTuple):
    """An object and where it stands: its line, or its place in an array."""

    number: int
    value: dict[str, Any]


def objects(path: Path) -> Iterator[Told | Quarantined]:
    """Every object in the order of the file; a line that is none is quarantined. Raises Unreadable for no objects."""
    if _by_line(path):
        yield from _lines(path)
        return
    if path.stat().st_size > LARGEST_ARRAY:
        raise Unreadable(
            f"超过 {LARGEST_ARRAY // 1_000_000} MB 的文件须每行一个对象(JSON Lines) / a file of more than "
            f"{LARGEST_ARRAY // 1_000_000} MB needs one object a line (JSON Lines)"
        )
    try:
        found = orjson.loads(path.read_bytes().removeprefix(BOM))
    except ValueError:
        raise Unreadable("不是 JSON / no JSON") from None
    if not isinstance(found, list):
        raise Unreadable("应为对象的数组或每行一个对象 / neither an array of objects nor one object a line")
    for number, value in enumerate(found, start=1):
        yield Told(number, value) if isinstance(value, dict) else _refused(number, str(value))


def _by_line(path: Path) -> bool:
    """Whether the first line that says anything is a whole object."""
    with path.open("rb") as file:
        for line in file:
            text = _bare(line)
            if text:
                try:
                    return isinstance(orjson.loads(text), dict)
                except ValueError:
                    return False
    raise Unreadable("文件是空的 / the file is empty")


def _lines(path: Path) -> Iterator[Told | Quarantined]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            text = _bare(line)
            if not text:
                continue
            if len(text) > LONGEST_LINE:
                yield _refused(number, f"{len(text)} bytes")
                continue
            try:
                value = orjson.loads(text)
            except ValueError:
                value = None
            yield (
                Told(number, value)
                if isinstance(value, dict)
                else _refused(number, text[:200].decode("utf-8", "replace"))
            )


def _bare(line: bytes) -> bytes:
    text = line.removeprefix(BOM).strip().removesuffix(b",")
    return b"" if text in (b"[", b"]") else text


def _refused(number: int, text: str) -> Quarantined:
    return Quarantined(number, None, text[:50], Text("不是 JSON 对象", "no JSON object"), (text,))
