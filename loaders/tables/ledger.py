"""Which quarantined rows are still open: the rows of all quarantine files of a source, less those that were closed.

It must not know why a row was refused. A row is what its cells say: the same row refused again is the same open row.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from loaders.entries import KEEP_ONE, Quarantined
from loaders.files import kept_stem
from loaders.tables.layout import QUARANTINE_COLUMNS, header_word
from loaders.tables.lines import LINE_CHARACTERS
from loaders.tables.table import Row, Table, quarantine_free, unguarded

FOLDER: Final = "quarantine"
CLOSED: Final = "closed.tsv"
STAMP: Final = "%Y%m%d-%H%M%S-%f"
FILE: Final = re.compile(r"(?P<stem>.*)-(?P<since>\d{8}-\d{6}-\d{6})")
DIGITS: Final = 16  # of a fingerprint
ALIKE: Final = 3 / 4  # of the cells of a torn row that stand in the row which corrects it
MOST_ALIKE: Final = 20  # torn rows of one longest cell that a row is compared with
AT_ONCE: Final = 50_000  # open rows that one load looks at: more stay open until their file comes again


def written_at(now: datetime) -> str:
    """A moment as names of files and the ledger have it: later ones sort behind."""
    return now.strftime(STAMP)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A refused row as it was handed in, the file and row it stood in, and what is wrong with it."""

    id: str
    since: str
    file: str
    number: int
    column: str
    reason: str
    names: tuple[str, ...]
    cells: tuple[str, ...]


def fingerprint(names: Sequence[str], cells: Sequence[str], without: str | None = None) -> str:
    """The same for the same cells under the same words, whatever their order; `without`: one column left out."""
    words = [header_word(each)[0] for each in names]
    left_out = None if without is None else header_word(without)[0]
    said = {word: cell.strip() for word, cell in zip(words, cells, strict=False) if cell.strip() and word != left_out}
    text = json.dumps([sorted(said.items()), list(cells[len(words) :])], ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:DIGITS]


def open_rows(home: Path, source: str) -> Mapping[str, OpenRow]:
    """By id; of a row that was refused several times the last time."""
    return {each.id: each for each in _open(home / FOLDER / source)}


def rows_near(home: Path, source: str, table: Table, stem: str) -> tuple[Mapping[str, OpenRow], bool]:
    """The open rows that a file may correct: those it carries back, and those that stood in a file of its name; AT_ONCE
    refusals of them at most, and whether there are more.
    """
    carried: set[str] = set()
    if table.header.mark is not None:
        for row in table.rows():
            carried |= _told(row, table.header.mark)
    stem = kept_stem(stem)
    near = (each for each in _open(home / FOLDER / source) if each.file == stem or each.id in carried)
    found = list(islice(near, AT_ONCE + 1))
    return {each.id: each for each in found[:AT_ONCE]}, len(found) > AT_ONCE


def _open(folder: Path) -> Iterator[OpenRow]:
    """Oldest first, a row again each time it was refused."""
    if not folder.is_dir():
        return
    closed = _closed(folder)
    for path, named in sorted(_files(folder), key=lambda each: each[1]["since"]):
        yield from (each for each in _rows(path, named) if each.since > closed.get(each.id, ""))


def _files(folder: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    """The files that quarantines wrote, not the corrections that somebody keeps beside them."""
    for path in folder.glob("*.csv"):
        named = FILE.fullmatch(path.stem)
        if named is not None:
            yield path, named


def _rows(path: Path, named: re.Match[str]) -> Iterator[OpenRow]:
    """A spreadsheet may have saved the file: what is no row of a quarantine any more is passed over."""
    csv.field_size_limit(LINE_CHARACTERS)
    own = len(QUARANTINE_COLUMNS)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = csv.reader(file)
        try:
            header = next(lines, [])
            if header[:own] != list(QUARANTINE_COLUMNS):
                return
            names = tuple(header[own:])
            for line in lines:
                number, column, reason, row_id = (*line[:own], *[""] * (own - len(line)))
                if number.isascii() and number.isdigit() and row_id:
                    cells = tuple(map(unguarded, line[own:]))
                    since, stem = named["since"], named["stem"]
                    yield OpenRow(row_id, since, stem, int(number), unguarded(column), reason, names, cells)
        except csv.Error:
            return


def refused_rows(home: Path, source: str) -> Iterator[tuple[OpenRow, str | None]]:
    """Every row that was ever refused, once, as it was the first time, and when it was closed last (None: open)."""
    folder = home / FOLDER / source
    if not folder.is_dir():
        return
    closed, met = _closed(folder), dict[str, OpenRow]()
    again: dict[str, str] = {}
    for path, named in sorted(_files(folder), key=lambda each: each[1]["since"]):
        for each in _rows(path, named):
            met.setdefault(each.id, each)
            again[each.id] = each.since
    for id, row in met.items():
        at = closed.get(id)
        yield row, None if at is None or at < again[id] else at


def _closed(folder: Path) -> Mapping[str, str]:
    """When each id was closed last."""
    path = folder / CLOSED
    if not path.is_file():
        return {}
    lines = (each.split("\t") for each in path.read_text(encoding="utf-8").splitlines())
    return {each[0]: each[1] for each in lines if len(each) == 3}


def settled(waiting: Mapping[str, OpenRow], table: Table, stem: str, refused: set[int]) -> frozenset[str]:
    """The open rows that a file corrects: it carries their id back, or is the file they stood in, and the row with the
    same number says the same but in the column at fault. A fault of no column (a row torn by its quotes) is corrected
    by a row that says nearly the same; one of two that differ, also by going. What is refused as it was stays open.
    """
    stem = kept_stem(stem)
    here = [each for each in waiting.values() if each.file == stem]
    if not here and (table.header.mark is None or not waiting):
        return frozenset()
    places = quarantine_free(table.header.names)
    names = [table.header.names[place] for place in places]
    by_number: dict[int, list[OpenRow]] = defaultdict(list)
    by_cell: dict[str, list[OpenRow]] = defaultdict(list)
    for each in here:
        by_number[each.number].append(each)
        if not each.column:
            by_cell[max(_said(each.cells), key=len, default="")].append(each)
    closed: set[str] = set()
    still: set[str] = set()
    held: set[str] = set()
    for row in table.rows():
        cells = [row.cells[place] for place in places if place < len(row.cells)]
        own = fingerprint(names, cells)
        if row.number in refused or isinstance(row, Quarantined):
            still.add(own)
        else:
            closed.add(own)
        held.add(own)
        closed |= _told(row, table.header.mark)
        for earlier in by_number.get(row.number, ()):
            if _same_but(earlier, names, cells) if earlier.column else _alike(earlier, cells):
                closed.add(earlier.id)
        if by_cell:
            moved = (each for cell in _said(cells) & by_cell.keys() for each in by_cell[cell][:MOST_ALIKE])
            closed |= {each.id for each in moved if _alike(each, cells)}
    closed |= {each.id for each in here if KEEP_ONE in each.reason and each.id not in held}
    return frozenset((closed - still) & waiting.keys())


def _told(row: Row | Quarantined, mark: int | None) -> set[str]:
    return {row.cells[mark].strip()} if mark is not None and mark < len(row.cells) else set()


def _same_but(earlier: OpenRow, names: Sequence[str], cells: Sequence[str]) -> bool:
    before = fingerprint(earlier.names, earlier.cells, earlier.column)
    return before == fingerprint(names, cells, earlier.column)


def _said(cells: Sequence[str]) -> frozenset[str]:
    """What cells say, whatever quotation marks tore them; of a row in UTF-8 that was read as GB18030 what it meant."""
    found = set()
    for each in cells:
        text = each.replace('"', "").strip()
        with contextlib.suppress(UnicodeError):
            text = text if text.isascii() else text.encode("gb18030").decode("utf-8")
        found.add(text)
    return frozenset(found - {""})


def _alike(earlier: OpenRow, cells: Sequence[str]) -> bool:
    before = _said(earlier.cells)
    return len(before & _said(cells)) >= ALIKE * len(before)


def close(home: Path, source: str, ids: frozenset[str], file: str, now: datetime) -> None:
    """Written at once and to the disk: a row closed twice is closed."""
    name = " ".join(file.split())
    lines = "".join(f"{each}\t{written_at(now)}\t{name}\n" for each in sorted(ids))
    target = home / FOLDER / source / CLOSED
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
