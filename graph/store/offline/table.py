"""Rows of one kind as the CSV that Neo4j's importer reads; columns and their types are learnt from the rows.

It must not know what a row means. What CSV cannot hold exactly raises Unwritable before anything is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

BETWEEN: Final = "\x1f"  # between the elements of a list
BUFFER_BYTES: Final = 1 << 18
LONGEST_LINE: Final = 1_000_000  # characters: the importer's buffer holds four times that
MOST_SHAPES: Final = 10_000  # remembered of a table; a row of a shape that was met is written without a look
TYPES: Final = ((str, "string"), (bool, "boolean"), (int, "long"), (tuple, "string[]"), (list, "string[]"))


class Unwritable(Exception):
    """The row cannot be told in CSV as it would be stored."""


class _Word(str):
    """Written without quotes, as numbers are: nothing at all, or a truth. To the csv module what has a float is one."""

    __slots__ = ()

    def __float__(self) -> float:
        raise ValueError(self)


FALSE, TRUE, ABSENT = _Word("false"), _Word("true"), _Word("")


def listed(texts: Iterable[str]) -> str:
    """An empty list, an empty text in one and the mark between them have no place in CSV."""
    found = list(texts)
    joined = BETWEEN.join(found)
    if not found or not all(found) or joined.count(BETWEEN) != len(found) - 1:
        raise Unwritable("list")
    return joined


CONVERTED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "string[]": listed,
    "boolean": lambda value: TRUE if value else FALSE,
}


class Table:
    """One file; `fixed` are the columns that every row begins with, as the importer names them."""

    def __init__(self, path: Path, *fixed: str) -> None:
        self.path, self.heading = path.with_suffix(".csv"), path.with_suffix(".header")
        self.rows = 0
        self._fixed = fixed
        self._blank: dict[str, Any] = {}  # every column, in order: a row is laid over it
        self._types: list[str] = []
        self._converted: list[tuple[int, Callable[[Any], Any]]] = []
        self._met: set[tuple[type, ...]] = set()
        self._file: BinaryIO | None = None

    def cells(self, fixed: Sequence[Any], values: Mapping[str, Any]) -> list[Any]:
        row = {**self._blank, **{name: value for name, value in values.items() if value is not None}}
        if len(row) > len(self._blank):
            for name in list(row)[len(self._blank) :]:
                self._learn(name, _type(row[name]))
        said = list(row.values())
        shape = tuple(map(type, said))
        if shape not in self._met:
            self._check(said)
            if len(self._met) == MOST_SHAPES:
                self._met.clear()
            self._met.add(shape)
        for place, convert in self._converted:
            if said[place] is not ABSENT:
                said[place] = convert(said[place])
        while said and said[-1] is ABSENT:
            said.pop()
        return [*fixed, *said]

    def _learn(self, name: str, kind: str) -> None:
        if kind in CONVERTED:
            self._converted.append((len(self._types), CONVERTED[kind]))
        self._blank[name] = ABSENT
        self._types.append(kind)

    def _check(self, said: Sequence[Any]) -> None:
        for kind, value in zip(self._types, said, strict=True):
            if value is not ABSENT and _type(value) != kind:
                raise Unwritable(f"{self.path.stem}: {kind}, {_type(value)}")

    def text(self, rows: Sequence[Sequence[Any]]) -> str:
        """Texts in quotes, also the empty ones: without them they would be none."""
        told = io.StringIO()
        csv.writer(told, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)
        if told.tell() > LONGEST_LINE and any(sum(len(str(cell)) for cell in row) > LONGEST_LINE for row in rows):
            raise Unwritable(self.path.stem)
        return told.getvalue()

    def write(self, text: str, rows: int) -> None:
        if self._file is None:
            self._file = self.path.open("wb", buffering=BUFFER_BYTES)
        self._file.write(text.encode())
        self.rows += rows

    def close(self) -> None:
        """Write the header; the table is whole. Rows from before a column was learnt end before it."""
        if self._file is not None:
            self._file.close()
        named = (f"{name}:{kind}" for name, kind in zip(self._blank, self._types, strict=True))
        self.heading.write_text(",".join((*self._fixed, *named)) + "\n", encoding="utf-8")


def _type(value: Any) -> str:
    for each, name in TYPES:  # enumerations of texts are texts
        if isinstance(value, each):
            return name
    raise Unwritable(type(value).__name__)
