"""Reads pages of stored measures, and how far they are derived, in one statement.

It must not know GraphQL nor rules; who asks comes in as a `Reading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graph.conditions import Condition
from graph.store.asked import Asked, OrderBy, Root, Variables
from graph.store.conditions import Reading, structure
from graph.store.fragments import moment_parameters
from graph.store.packs import IN_FORCE_THEN
from graph.store.places import page_parameters
from graph.store.roots import root_page
from graph.views import PageRequest

if TYPE_CHECKING:
    from graph.store.connection import Database

# No variable of a predicate is called so: they are numbered.
NAMES: Final = Variables.numbered("Listed")
ROW: Final = f"{NAMES.node} {{.*}}"
# Whether lists of measures are behind what checks answer; Dirty is read by its index, to the first mark.
STANDING: Final = f"""
RETURN head(COLLECT {{
    MATCH (done:Derivation) USING INDEX done:Derivation(at) WHERE done.at <= $known
    WITH done ORDER BY done.at DESC LIMIT 1 RETURN [done.version, done.pack] }}) AS derived,
  EXISTS {{
    MATCH (mark:Dirty) USING INDEX mark:Dirty(version) WHERE mark.version > 0 AND mark.at <= $known }} AS marked,
  head(COLLECT {{ MATCH (graph:Graph {{id: 'graph'}}) RETURN graph.version }}) AS version,
  {IN_FORCE_THEN} AS packDigest"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`through`: the version of the graph the measures were last right for, None: they never were derived.

    `marked`: something was touched since; `pack`: the pack they follow, `in_force` the one that answers checks.
    """

    through: int | None
    marked: bool
    pack: str | None
    in_force: str | None
    version: int

    @classmethod
    def of(cls, row: Any) -> Standing:
        through, pack = row["derived"] or (None, None)
        return cls(through, row["marked"], pack, row["packDigest"], row["version"] or 0)

    def behind(self, shipped: str) -> bool:
        """Whether checks may answer otherwise; `shipped`: the pack that answers where the graph keeps none."""
        return self.through is None or self.marked or self.pack != (self.in_force or shipped)


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """`rows` are [id, keys, properties] in the order they were read; `further`: some lie before the cursor."""

    rows: list[Any]
    total: int
    further: bool
    standing: Standing


async def measure_page(
    database: Database, reading: Reading, request: PageRequest, condition: Condition, order: tuple[OrderBy, ...]
) -> MeasurePage:
    asked = Asked(Root("Measure"), reading, request, condition, order)
    parameters = {**page_parameters(asked), **moment_parameters(reading.moment), "own": list(reading.own)}
    (row,) = await database.read(_statement(_Shape(asked)), parameters)
    return MeasurePage(row["rows"], row["total"] or 0, bool(row["further"]), Standing.of(row))


class _Shape:
    """A page asked for, equal to every other of the same text."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        request, reading = asked.request, asked.reading
        # Where a cursor without a value stands, another stretch of the index is read.
        last = None if request.place is None else request.place[0] == "9999-12-31"
        self.key = (
            *(asked.keys, structure(asked.condition), request.place is None, last, request.backward, request.count),
            *(request.look_back, reading.now, reading.official, bool(reading.own)),
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self.key == other.key


@lru_cache(maxsize=64)
def _statement(shape: _Shape) -> str:
    return page_statement(shape.asked)


def page_statement(asked: Asked) -> str:
    """Columns rows, total, further and those of `STANDING`."""
    body = root_page(asked, NAMES, "", ROW)
    return f"CALL () {{\n{body}\n}}\nWITH rows, total, further{STANDING},\n  rows, total, further"
