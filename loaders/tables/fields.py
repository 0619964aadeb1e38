"""The cleaned cells of one row by the keys of its layout, and the fault that sends a row into quarantine.

It must not know what a source does with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.codes import IdentifierScheme, Text
from graph.periods import Day, Period
from graph.vocabulary import Disclosure
from loaders.cells.numbers import Number
from loaders.cells.reading import Cleaner, Reading, Unclean
from loaders.entries import Quarantined
from loaders.tables.layout import Header
from loaders.tables.table import Row

SHOWN: Final = 80  # characters of a cell that a message repeats
REMEMBERED_CELLS: Final = 65_536
REMEMBERED_CHARACTERS: Final = 64
PERSONAL_NUMBER: Final = re.compile(r"[0-9]{14,17}[0-9Xx]")


class Fault(Exception):
    """Why a row is not loaded: the key of the column at fault and the reason."""

    def __init__(self, key: str | None, zh: str, en: str) -> None:
        super().__init__(en)
        self.key = key
        self.reason = Text(zh, en)


def wrong_document(key: str, reason: Text) -> Fault:
    """The fault of a number that cannot be one of a person's documents."""
    return Fault(key, f"{reason.zh}:请按证件核对", f"{reason.en}: check it against the document")


@dataclass(slots=True)
class Fields:
    """Values by key; `notes` becomes the remarks of the entry; `masked`: columns whose number is hidden by `*`."""

    values: Mapping[str, object]
    notes: list[Text]
    number: int
    masked: frozenset[str] = frozenset()

    def note(self, zh: str, en: str) -> None:
        self.notes.append(Text(zh, en))

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, str)  # noqa: S101 - the column's cleaner says so
        return value

    def need(self, key: str) -> str:
        value = self.text(key)
        assert value is not None  # noqa: S101 - required columns are checked before
        return value

    def day(self, key: str) -> Day | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, Day)  # noqa: S101 - the column's cleaner says so
        return value

    def whole(self, key: str) -> int | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, int)  # noqa: S101 - the column's cleaner says so
        return value

    def numbers(self, *keys: str) -> dict[str, Number]:
        return {key: value for key in keys if isinstance(value := self.values.get(key), Number)}

    def scheme(self, key: str) -> IdentifierScheme | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, IdentifierScheme)  # noqa: S101 - the column's cleaner says so
        return value

    def period(self, start: str, end: str) -> Period:
        period = Period(self.day(start), self.day(end))
        if period.start is not None and period.end is not None and period.end.last <= period.start.first:
            raise Fault(end, "结束日期早于开始日期:请核对两个日期", "ends before it begins: check both dates")
        return period


def read_fields(header: Header, row: Row) -> Fields:
    """Every known column of a row, cleaned; raises Fault on the first cell that cannot be used."""
    values: dict[str, object] = {}
    notes: list[Text] = []
    masked_columns: list[str] = []
    for key, place in header.places.items():
        column = header.layout.by_key[key]
        if not column.kept:
            continue
        cell = row.cells[place]
        clean = _clean if len(cell) > REMEMBERED_CHARACTERS else _remembered
        try:
            value, said = clean(column.clean, header.units[key], cell)
        except Unclean as unclean:
            raise Fault(key, *unclean.reason) from unclean
        if said:
            named = header.name_of(key)
            notes += (Text(f"{named}:{each.zh}", f"{named}: {each.en}") for each in said)
        if value is not None:
            values[key] = value
        elif "*" in cell:
            masked_columns.append(key)
    for column in header.layout.columns:
        if column.required and column.key not in values:
            raise Fault(
                column.key, "必填项为空:请补填后重新报送", "a required cell is empty: fill it in and hand it in again"
            )
        if column.expected and column.key in header.places and column.key not in values:
            named = header.name_of(column.key)
            notes.append(Text(f"{named}:标准要求填写,现为空", f"{named}: the standard requires it, it is empty"))
    return Fields(values, notes, row.number, frozenset(masked_columns))


def _clean(clean: Cleaner, unit: str, cell: str) -> tuple[object, tuple[Text, ...]]:
    reading = Reading(unit)
    value = clean(cell, reading)
    return value, tuple(reading.notes)


# Most cells of a file repeat: nothing, a department, a day.
_remembered: Final = lru_cache(maxsize=REMEMBERED_CELLS)(_clean)


def quarantined(header: Header, row: Row, fault: Fault) -> Quarantined:
    """What the reporter is told; a number that may be a person's is masked."""
    column = None if fault.key is None else header.name_of(fault.key)
    place = None if fault.key is None else header.places.get(fault.key)
    value = None
    if place is not None and fault.key is not None:
        value = row.cells[place].strip()[:SHOWN]
        if header.layout.by_key[fault.key].disclosure is not Disclosure.PUBLIC:
            value = f"{value[:2]}***" if value else value
        value = PERSONAL_NUMBER.sub(masked, value)
    return Quarantined(row.number, column, value, fault.reason, row.cells)


def masked(match: re.Match[str]) -> str:
    return f"{match[0][:6]}********{match[0][-4:]}"
