"""Counts of what a reader sees, in groups: one statement for subjects, records, list entries or stored measures.

It must not know GraphQL; who asks comes in as a `Reading`, what is counted as a condition. A value that the reader may
not read of a node is no value there, as in filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from graph.codes import StatisticsGroup, StatisticsOf
from graph.conditions import Condition, Target, speaks_of
from graph.store.asked import Asked, Root
from graph.store.bound import NAMES, STANDING, Standing
from graph.store.conditions import Reading, structure
from graph.store.fragments import moment_parameters
from graph.store.groups import Form, group_value, over
from graph.store.pages import IN_EFFECT
from graph.store.places import Writing, page_parameters
from graph.store.roots import root_match
from graph.store.targets import Names
from graph.views import PageRequest

if TYPE_CHECKING:
    from graph.store.connection import Database

G, O = StatisticsGroup, StatisticsOf  # noqa: E741 - tables are read by column
MOST_GROUPS: Final = 3
MOST_ROWS: Final = 1_000  # rows of an answer; the groups of most records come first
LABELS: Final = MappingProxyType(
    {O.SUBJECTS: "Subject", O.RECORDS: "Record", O.LIST_ENTRIES: "ListEntry", O.MEASURES: "Measure"}
)
# What is summed, in fen: registered capital; the fine, else the amount of a debt. Lists and measures have no amount.
AMOUNTS: Final = MappingProxyType(
    {Target.SUBJECT: "%values.registeredCapital", Target.RECORD: "coalesce(%values.fine, %values.amount)"}
)


@dataclass(frozen=True, slots=True)
class Counted:
    """`rows`: [keys, count, sum, least, greatest], those of most first; `cut`: groups that were left out."""

    rows: list[Any]
    total: int
    cut: int
    standing: Standing


async def statistics(
    database: Database,
    of: StatisticsOf,
    groups: Sequence[StatisticsGroup],
    condition: Condition,
    reading: Reading,
) -> Counted:
    """`groups` are of the table of what is counted, at most `MOST_GROUPS`."""
    asked = Asked(Root(LABELS[of]), reading, PageRequest(MOST_ROWS), condition)
    parameters = {**page_parameters(asked), **moment_parameters(reading.moment), "own": list(reading.own)}
    (row,) = await database.read(_statement(_Shape(asked, tuple(groups))), parameters)
    return Counted(row["rows"], row["total"], max(row["groups"] - MOST_ROWS, 0), Standing.of(row))


class _Shape:
    """A question, equal to every other of the same text."""

    def __init__(self, asked: Asked, groups: tuple[StatisticsGroup, ...]) -> None:
        self.asked, self.groups = asked, groups
        reading = asked.reading
        self.key = (
            *(asked.source, groups, structure(asked.condition)),
            *(reading.now, reading.official, bool(reading.own)),
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self.key == other.key


@lru_cache(maxsize=64)
def _statement(shape: _Shape) -> str:
    return statement(shape.asked, shape.groups)


def statement(asked: Asked, groups: Sequence[StatisticsGroup]) -> str:
    """Columns rows (at most $rows), groups (how many there are), total (each node once) and those of `STANDING`."""
    names = NAMES
    writing = Writing(asked, names)
    match = root_match(writing)
    source = asked.source
    assert isinstance(source, Root)  # noqa: S101
    target, row = source.target, Names(names.node, names.values)
    if source.label == "ListEntry" and not any(speaks_of(asked.condition, each) for each in ("effective", "state")):
        match += f" AND {IN_EFFECT.format(names.values)}"
    keys = [group_value(each, target, row, official=asked.reading.official) for each in groups]
    several = [f"key{i}" for i, (_, form) in enumerate(keys) if form is Form.SEVERAL]
    columns = "".join(f", {value} AS key{i}" for i, (value, _) in enumerate(keys))
    unwound = "".join(
        f"\n  UNWIND CASE WHEN size({each}) > 0 THEN {each} ELSE [null] END AS one{each}" for each in several
    )
    written = [f"one{each}" if each in several else each for each in (f"key{i}" for i in range(len(keys)))]
    amount = over(AMOUNTS.get(target, "null"), row)
    return f"""CALL () {{
  {match}
  WITH {amount} AS amount{columns}{unwound}
  WITH [{", ".join(written)}] AS keys, count(*) AS count, count(amount) AS valued, sum(amount) AS sum,
    min(amount) AS least, max(amount) AS greatest
  ORDER BY count DESC, keys
  RETURN collect([keys, count, CASE WHEN valued > 0 THEN sum END, least, greatest]) AS found
}}
WITH found, COUNT {{ {match} RETURN 1 }} AS total
{STANDING.lstrip()},
  found[..$rows - 1] AS rows, size(found) AS groups, total"""
