"""Decides for a whole file whether its shares are percent or fractions: one cell alone cannot tell.

It must not know who holds what.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from graph.codes import Text
from loaders.cells.texts import half_width
from loaders.entries import Quarantined
from loaders.tables.layout import header_word
from loaders.tables.table import Table, with_units

SHARES: Final = ("share", "votes")
PERCENT, FRACTION = "%", "0-1"
FRACTIONS: Final = Text(
    "“{}”整列不大于1,按 0–1 的小数读取;若确为百分数,请在单元格中写上 %",
    "no value of “{}” is above 1: read as fractions of 1; if they are percent, write % into the cells",
)


def settle(table: Table) -> tuple[Table, tuple[Text, ...]]:
    """The table with a unit for each column of shares. A quarantine's header says what its file was read as."""
    header = table.header
    units: dict[str, str] = {}
    remarks: list[Text] = []
    for key in (key for key in SHARES if key in header.places):
        name = header.names[header.places[key]].strip()
        written = header_word(name)[1]
        if written == FRACTION or (written == PERCENT and header.returned):
            units[key] = written
        elif _fractions(table, header.places[key]):
            units[key] = FRACTION
            remarks.append(Text(FRACTIONS.zh.format(name), FRACTIONS.en.format(name)))
        else:
            units[key] = PERCENT
    return replace(table, header=with_units(header, units)), tuple(remarks)


def _fractions(table: Table, place: int) -> bool:
    """Whether a column has numbers, none of them above 1 and none with a sign of percent."""
    found = False
    for row in table.rows():
        if isinstance(row, Quarantined):
            continue
        plain = half_width(row.cells[place])
        if plain.endswith("%"):
            return False
        try:
            value = Decimal(plain)
        except InvalidOperation:
            continue
        if not value.is_finite():
            continue
        if value > 1:
            return False
        found = found or value > 0
    return found
