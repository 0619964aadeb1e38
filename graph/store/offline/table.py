"""Rows of one shape as the CSV that Neo4j's importer reads; columns and their types are learnt from the values.

It must not know what a row means. What CSV cannot hold exactly raises Unwritable before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

BETWEEN: Final = "\x1f"  # between the elements of a list
BUFFER_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 1_000_000  # characters: the importer's buffer holds four times that
UNWRITABLE: Final = "\0"
TYPES: Final = {str: "string", bool: "boolean", int: "long", tuple: "string[]", list: "string[]"}


class Unwritable(Exception):
    """The row cannot be told in CSV as it would be stored."""


class Table:
    """One file; `fixed` are the columns that every row begins with, as the importer names them."""

    def __init__(self, folder: Path, name: str, *fixed: str) -> None:
        self.path, self.heading = folder / f"{name}.csv", folder / f"{name}.header"
        self.rows = 0
        self._fixed = fixed
        self._places: dict[str, int] = {}
        self._types: list[str] = []
        self._file: BinaryIO | None = None

    def line(self, fixed: str, values: Mapping[str, Any]) -> str:
        """A row as text, to be written by `write` when its transaction is committed."""
        cells = [""] * len(self._types)
        places, types = self._places, self._types
        for name, value in values.items():
            if value is None:
                continue
            kind = TYPES.get(type(value)) or _kind(value)
            place = places.get(name)
            if place is None:
                place = places[name] = len(types)
                types.append(kind)
                cells.append("")
            elif types[place] != kind:
                raise Unwritable(f"{self.path.stem}.{name}: {types[place]}, {kind}")
            if kind == "string":
                cells[place] = quoted(value)
            elif kind == "long":
                cells[place] = str(value)
            elif kind == "boolean":
                cells[place] = "true" if value else "false"
            else:
                cells[place] = listed(value)
        line = f"{fixed},{','.join(cells)}".rstrip(",") + "\n"  # a text that ends in a comma ends in a quote
        if len(line) > LONGEST_LINE or UNWRITABLE in line:
            raise Unwritable(self.path.stem)
        return line

    def write(self, lines: Iterable[str], rows: int) -> None:
        if self._file is None:
            self._file = self.path.open("wb", buffering=BUFFER_BYTES)
        self._file.write("".join(lines).encode())
        self.rows += rows

    def close(self) -> None:
        """Write the header; the table is whole."""
        if self._file is not None:
            self._file.close()
        named = (f'"{name}:{kind}"' for name, kind in zip(self._places, self._types, strict=True))
        self.heading.write_text(",".join((*self._fixed, *named)) + "\n", encoding="utf-8")


def quoted(text: str) -> str:
    """Always in quotes: without them an empty text would be none."""
    return '"' + text.replace('"', '""') + '"' if '"' in text else f'"{text}"'


def listed(texts: Iterable[str]) -> str:
    found = list(texts)
    joined = BETWEEN.join(found)
    if not found or joined.count(BETWEEN) != len(found) - 1 or not all(found):
        raise Unwritable("list")
    return quoted(joined)


def _kind(value: Any) -> str:
    for each in (str, bool, int):  # enumerations of texts
        if isinstance(value, each):
            return TYPES[each]
    raise Unwritable(type(value).__name__)
