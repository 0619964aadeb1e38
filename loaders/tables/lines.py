"""Cuts delimited text into records, a bounded piece at a time; a record that cannot be cut costs itself alone.

It must not know headers, nor how many columns there should be.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from graph.codes import Text

DELIMITERS: Final = (",", "\t", ";", "，")
LINE_CHARACTERS: Final = 1 << 20  # longest line, and longest record, that is read
RECORD_LINES: Final = 100  # lines a quoted cell may run over
ENDS: Final = ("\n", "\r")
UNBALANCED: Final = Text(
    f"引号不成对:请检查该行的双引号,单元格内的引号须写成两个(一个单元格最多跨{RECORD_LINES}行)",
    "unbalanced quotation marks: check this row, a quotation mark inside a cell is written twice "
    f"(one cell runs over {RECORD_LINES} lines at most)",
)
MISQUOTED: Final = Text(
    "引号之后还有文字:请检查该行的双引号,单元格内的引号须写成两个",
    "text after a closing quotation mark: check this row, a quotation mark inside a cell is written twice",
)
TOO_LONG: Final = Text(
    f"该行超过{LINE_CHARACTERS:,}个字符:请缩短过长的单元格",
    f"the row is longer than {LINE_CHARACTERS:,} characters: shorten the cell that is too long",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a spreadsheet counts it; with a `fault` its cells are only what could be made of it."""

    number: int
    cells: tuple[str, ...]
    fault: Text | None = None


def records(
    file: TextIO, delimiter: str, characters: int = LINE_CHARACTERS, over: int = RECORD_LINES
) -> Iterator[Record]:
    """Every record, empty ones included; LF, CR LF and CR alone end a line. No record has more `characters`, no quoted
    cell runs `over` more lines.
    """
    csv.field_size_limit(characters)
    lines = _Lines(file, characters)
    number = 0
    while (line := lines.next()) is not None:
        number += 1
        if len(line) >= characters and not line.endswith(ENDS):
            lines.skip_rest()
            yield Record(number, (line[:100] + "…",), TOO_LONG)
        elif '"' not in line:
            yield Record(number, tuple(line.rstrip("\r\n").split(delimiter)))
        else:
            yield _quoted(number, line, lines, delimiter, over)


def _quoted(number: int, line: str, lines: _Lines, delimiter: str, over: int) -> Record:
    """A record with quotes, which may go on in the following lines; these are given back if it never ends."""
    taken: list[str] = []
    text, parse = line, True
    while True:
        if parse:
            try:
                cells = next(csv.reader((text,), delimiter=delimiter, strict=True))
                return Record(number, tuple(cells))
            except csv.Error as error:
                if "unexpected end" not in str(error):
                    lines.give_back(taken)
                    return Record(number, _loosely(line, delimiter), UNBALANCED if taken else MISQUOTED)
        further = lines.next() if len(taken) < over else None
        if further is None or len(text) + len(further) > lines.characters:
            lines.give_back([*taken, *([further] if further is not None else [])])
            return Record(number, _loosely(line, delimiter), UNBALANCED)
        taken.append(further)
        text += further
        parse = '"' in further


def _loosely(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(line.rstrip("\r\n").split(delimiter))


class _Lines:
    """Physical lines, never longer than the limit, with those that were given back first."""

    def __init__(self, file: TextIO, characters: int) -> None:
        self._file, self.characters = file, characters
        self._returned: deque[str] = deque()

    def next(self) -> str | None:
        if self._returned:
            return self._returned.popleft()
        return self._file.readline(self.characters) or None

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))

    def skip_rest(self) -> None:
        while (piece := self.next()) is not None and not piece.endswith(ENDS):
            pass
