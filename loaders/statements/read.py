"""Reads JSON objects from a file: one a line (with or without the brackets of an array), or a whole small array.

It must not know what an object says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from graph.codes import Text
from loaders.entries import Quarantined
from loaders.files import Unreadable
from loaders.tables.encoding import first_bad_line

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".ijson")
LARGEST_ARRAY: Final = 50_000_000  # bytes of an array that is not one object a line: it is read whole
LONGEST_LINE: Final = 10_000_000
LOOKED_AT: Final = 20  # lines of a file whose first one is no JSON
TOO_LONG: Final = Text(
    f"该行超过 {LONGEST_LINE // 1_000_000} MB:请拆分", f"a line of more than {LONGEST_LINE // 1_000_000} MB: split it"
)
BOM: Final = b"\xef\xbb\xbf"
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
NO_OBJECT: Final = Text("不是 JSON 对象 {…}", "no JSON object {…}")
NO_JSON: Final = Text(
    "该行不是完整的 JSON:请检查引号、括号和逗号", "no whole JSON: see its quotes, brackets and commas"
)
NO_UTF8: Final = Text(
    "该行不是 UTF-8 编码:请将整个文件另存为 UTF-8", "this line is not in UTF-8: save the whole file as UTF-8"
)


class Told(NamedTuple):
    """An object and where it stands: its line, or its place in an array."""

    number: int
    value: dict[str, Any]


def objects(path: Path) -> Iterator[Told | Quarantined]:
    """Every object in the order of the file; a line that is none is quarantined. Raises Unreadable for no objects."""
    _check_start(path)
    if _by_line(path):
        yield from _lines(path)
        return
    if path.stat().st_size > LARGEST_ARRAY and _mostly_objects(path):
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
        if _mostly_objects(path):  # its first line is damaged, and costs itself alone
            yield from _lines(path)
            return
        _check_encoding(path)
        raise Unreadable(
            "不是 JSON:应为对象的数组或每行一个对象 / no JSON: an array of objects or one object a line is read"
        ) from None
    if not isinstance(found, list):
        raise Unreadable("应为对象的数组或每行一个对象 / neither an array of objects nor one object a line")
    for number, value in enumerate(found, start=1):
        if isinstance(value, dict):
            yield Told(number, value)
        else:
            yield _refused(number, orjson.dumps(value), NO_OBJECT)


def _check_start(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(UTF16) or start.count(0) > len(start) // 8:
        raise Unreadable("文件是 UTF-16 编码(或不是文本):请另存为 UTF-8 / UTF-16, or no text: save it as UTF-8")


def _check_encoding(path: Path) -> None:
    line = first_bad_line(path, "utf-8")
    if line is not None:
        raise Unreadable(
            f"第{line}行不是 UTF-8 编码(可能是 GB18030):请将文件另存为 UTF-8 / line {line} is not in UTF-8 (GB18030, "
            "it may be): save the file as UTF-8"
        )


def _by_line(path: Path) -> bool:
    """Whether the first line that says anything is a whole value; a list may be the whole file in one line."""
    listed = False
    with path.open("rb") as file:
        for line in file:
            text = _bare(line)
            if not text:
                continue
            if listed:
                return True
            try:
                listed = isinstance(orjson.loads(text), list)
            except ValueError:
                return False
            if not listed:
                return True
    if listed:
        return False
    raise Unreadable("文件是空的 / the file is empty")


def _mostly_objects(path: Path) -> bool:
    looked = objects = 0
    with path.open("rb") as file:
        for line in file:
            if text := _bare(line):
                looked += 1
                with suppress(ValueError):
                    objects += isinstance(orjson.loads(text), dict)
            if looked == LOOKED_AT:
                break
    return 2 * objects > looked


def _lines(path: Path) -> Iterator[Told | Quarantined]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            text = _bare(line)
            if not text:
                continue
            if len(text) > LONGEST_LINE:
                yield _refused(number, text, TOO_LONG)
                continue
            try:
                value = orjson.loads(text)
            except ValueError:
                yield _refused(number, text, NO_JSON)
                continue
            yield Told(number, value) if isinstance(value, dict) else _refused(number, text, NO_OBJECT)


def _bare(line: bytes) -> bytes:
    text = line.removeprefix(BOM).strip().removesuffix(b",")
    return b"" if text in (b"[", b"]") else text


def _refused(number: int, said: bytes, reason: Text) -> Quarantined:
    """Kept whole, in the encoding it seems to have, so that it can be corrected."""
    try:
        text = said.decode()
    except UnicodeDecodeError:
        reason = NO_UTF8
        try:
            text = said.decode("gb18030")
        except UnicodeDecodeError:
            text = said.decode("utf-8", "replace")
    return Quarantined(number, None, text[:50], reason, (text,))
