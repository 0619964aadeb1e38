"""Rows whose every field is shown as it is stored: read as lists, and written by picking from them.

A row of a page is written a thousand times in one answer; looking at each field by name takes several times as long.
It must not know fields that a method tells: those are written from a `Row`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graphql import FieldNode

from graph.vocabulary import ValueType
from schema.planning.writers import FieldWriter, Run, Write, write_list, write_object

Convert = Callable[[Any], Any]
KIND: Final = 2  # the place of its kind in a listed row of a node, behind whether it holds, and its id
WriteBelow = Callable[[Any, str, Run], Any]  # from what was read, and the id of the node it hangs on


class Column(NamedTuple):
    """One field: what stands under `name`, converted; or written by `below`. `required`: null there is an error."""

    key: str
    name: str
    node: FieldNode
    convert: Convert | None = None
    below: WriteBelow | None = None
    required: bool = False


def exact_day(text: str | None) -> str | None:
    """A stored day, null for one that is known to the month or year only."""
    return text if text is not None and len(text) == 10 else None


def money(value: int | None) -> str | None:
    return None if value is None else _decimal(value, 2)


def share(value: int | None) -> str | None:
    return None if value is None else _decimal(value, 6)


def _decimal(value: int, places: int) -> str:
    """As `scalars.write_decimal` writes it: no trailing zeros; fen and millionths are integers, and stay exact."""
    whole, rest = divmod(abs(value), 10**places)
    text = f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if value < 0 else text


def texts(value: Sequence[str] | None) -> list[str]:
    return list(value or ())


def plain(value: str | None) -> str:
    return value or ""


def typed(key: str, node: FieldNode, name: str) -> Column:
    """`__typename`: the same for every row of a kind."""
    return Column(key, "id", node, lambda _: name)


CONVERTED: Final[Mapping[ValueType, Convert]] = MappingProxyType(
    {ValueType.DATE: exact_day, ValueType.MONEY: money, ValueType.SHARE: share, ValueType.TEXTS: texts}
)


class Rows:
    """Writes the nodes of one position: `fields` from a `Row` and `lists` from a listed one, by kind.

    `sure`: no field of a listed one can fail. `alone`: the writer of all, where no row can be of another kind.
    """

    __slots__ = ("alone", "fields", "lists", "sure")

    def __init__(self, fields: Mapping[str, Sequence[FieldWriter]]) -> None:
        self.fields = fields
        self.lists: dict[str, Write] = {}
        self.alone: Write | None = None
        self.sure = False

    def ready(self, columns: Mapping[str, Sequence[Column]], places: Mapping[str, int], *, alone: bool) -> None:
        """Where each name stands in a listed row is settled."""
        self.lists = {kind: listed(each, places) for kind, each in columns.items()}
        (self.alone,) = self.lists.values() if alone else (None,)
        self.sure = not any(one.below or one.required for each in columns.values() for one in each)

    def __call__(self, row: Any, run: Run) -> Any:
        """Null for one of another kind."""
        if row is None:
            return None
        if type(row) is list:
            write = self.alone or self.lists.get(row[KIND])
            return None if write is None else write(row, run)
        fields = self.fields.get(row.kind)
        return None if fields is None else write_object(fields, row, run)

    def items(self, rows: Sequence[Any], run: Run) -> Any:
        """All of a list that has no null."""
        if self.sure and rows and type(rows[0]) is list:
            lists, write = self.lists, self.alone
            if write is not None:
                return [write(row, run) for row in rows]
            return [lists[row[KIND]](row, run) for row in rows]
        return write_list(self, False, True)(rows, run)


def listed(columns: Sequence[Column], places: Mapping[str, int]) -> Write:
    """Writes a row; `places` say where each name stands in it."""
    keys = tuple(each.key for each in columns)
    at = [places[each.name] for each in columns]
    pick: Callable[[Any], Sequence[Any]] = itemgetter(*at) if len(at) > 1 else lambda row: (row[at[0]],)
    converted = [(each.key, each.convert) for each in columns if each.convert is not None]
    fields = [_field(each, places) for each in columns if each.below is not None or each.required]

    def write(row: Any, run: Run) -> Any:
        found = dict(zip(keys, pick(row), strict=True))
        for key, convert in converted:
            found[key] = convert(found[key])
        return write_object(fields, row, run, found) if fields else found

    return write if converted or fields else lambda row, run: dict(zip(keys, pick(row), strict=True))


def _field(column: Column, places: Mapping[str, int]) -> FieldWriter:
    """A field that may fail: its errors and its null go where those of every object go."""
    at, owner, below = places[column.name], places["id"], column.below
    if below is None:
        return FieldWriter(column.key, lambda row, run: row[at], not column.required, False, column.node)
    return FieldWriter(
        column.key, lambda row, run: below(row[at], row[owner], run), not column.required, True, column.node
    )
