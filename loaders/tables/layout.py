"""The columns of one edition of a table as data, and how a header row is recognised by its words.

It must not know what a source does with a column; numbers after 代码_ are never looked at, real files mislabel them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from graph.codes import Text
from graph.vocabulary import Disclosure
from loaders.catalog.item import CatalogItem
from loaders.cells.reading import Cleaner

CODED: Final = re.compile(r"代码_?\d*[:_]?\((.+)\)")  # 代码_1(统一社会信用代码)
UNIT: Final = re.compile(r"\((万元|元|亿元|%|0-1)\)$")
INVISIBLE: Final = re.compile(r"[\s\u00ad\u200b-\u200f\ufeff]+")
PREFIX: Final = "行政相对人"
# Written by us; on the way in only the last one counts: it tells which row came back.
QUARANTINE_COLUMNS: Final = ("行号 row", "列 column", "原因 reason", "隔离编号 id")
FEWEST: Final = 3  # recognised columns that make a header


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key here, its name and other names in files, and how a cell of it is cleaned.

    `required`: without it a row cannot be loaded. `expected`: the standard requires it, its absence is remarked.
    `kept` False: known and not loaded. `after`: of a name that two columns share, this one follows that column.
    """

    key: str
    name: str
    clean: Cleaner
    aliases: tuple[str, ...] = ()
    required: bool = False
    expected: bool = False
    disclosure: Disclosure = Disclosure.PUBLIC
    kept: bool = True
    unit: str = ""
    after: str | None = None


@dataclass(frozen=True)
class Layout:
    """One form: its code, its title, its columns in the usual order; `item`: of the catalogue, where it is of one, and
    then `edition` is its version."""

    code: str
    title: Text
    columns: tuple[Column, ...]
    edition: str = ""
    item: CatalogItem | None = field(default=None, compare=False)

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        return {each.key: each for each in self.columns}

    @cached_property
    def by_word(self) -> Mapping[str, tuple[Column, ...]]:
        found: dict[str, tuple[Column, ...]] = {}
        for column in self.columns:
            for word in {header_word(name)[0] for name in (column.name, *column.aliases)}:
                found[word] = (*found.get(word, ()), column)
        return found


@dataclass(frozen=True)
class Header:
    """A recognised header row. `places`: where each column stands; `names`: the cells as the file writes them.

    `mark`: where the ids of quarantined rows stand, in a file that comes back from there.
    """

    layout: Layout
    row: int
    names: tuple[str, ...]
    places: Mapping[str, int]
    units: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    returned: bool = False  # it has columns of a quarantine
    mark: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.layout.columns if each.required and each.key not in self.places)

    def name_of(self, key: str) -> str:
        place = self.places.get(key)
        return self.layout.by_key[key].name if place is None else self.names[place].strip()


@lru_cache(maxsize=4096)
def header_word(cell: str) -> tuple[str, str]:
    """The comparable word of a header cell and the unit in its last brackets."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", cell)).strip("*'\"").upper()
    text = text.removeprefix(PREFIX)
    if (coded := CODED.fullmatch(text)) is not None:
        text = coded[1]
    unit = UNIT.search(text)
    return (text, "") if unit is None else (text[: unit.start()], unit[1])


def recognise(layouts: Sequence[Layout], row: int, cells: Sequence[str]) -> Header | None:
    """The edition that knows most of the words of a row; None when no edition knows enough, or two know as many."""
    found = sorted((_match(each, row, cells) for each in layouts), key=_known, reverse=True)
    if not found or _known(found[0]) < FEWEST:
        return None
    if len(found) > 1 and _known(found[0]) == _known(found[1]):
        return None
    return found[0]


def _known(header: Header) -> int:
    return len(header.places)


QUARANTINE_WORDS: Final = frozenset(header_word(each)[0] for each in QUARANTINE_COLUMNS)
MARK: Final = header_word(QUARANTINE_COLUMNS[-1])[0]


def _match(layout: Layout, row: int, cells: Sequence[str]) -> Header:
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    places: dict[str, int] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    returned, mark = False, None
    for place, cell in enumerate(names):
        word, unit = header_word(cell)
        if not word:
            continue
        if word in QUARANTINE_WORDS:
            returned, mark = True, place if word == MARK else mark
            continue
        candidates = layout.by_word.get(word, ())
        if not candidates:
            unknown.append(cell.strip())
            continue
        column = _nearest(candidates, places)
        if column.key in places:
            twice.append(cell.strip())
            continue
        places[column.key] = place
        units[column.key] = unit or column.unit
    return Header(layout, row, tuple(names), places, units, tuple(unknown), tuple(twice), returned, mark)


def _nearest(candidates: Sequence[Column], places: Mapping[str, int]) -> Column:
    """Of columns that share a name, the one whose party stands nearest to the left."""
    leads = [each for each in candidates if each.after in places]
    if len(candidates) == 1 or not leads:
        return next((each for each in candidates if each.key not in places), candidates[0])
    return max(leads, key=lambda each: places[str(each.after)])
