"""What is told of a subject beside its own fields: how many relations, who may be the same, what happened.

Positions below a node, read with it; it must not know how their answers are made.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.errors import GraphError
from graph.store import expansion, timeline
from graph.store.rows import RECORD_KINDS
from graph.vocabulary import RELATIONS
from schema.expansion import SAME, PossibleMatch, RelationCount, possibly_same, relation_counts
from schema.planning.binding import Binding
from schema.planning.rows import RelationRow, Row
from schema.planning.shapes import Arguments, Child, NodeShape, Place
from schema.reads import Beside
from schema.scope import Scope
from schema.timeline import TimelineConnection, readable
from schema.timeline import timeline as shown
from schema.windows import PAGE, Wanted, cursors, unchecked, wanted

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler


@dataclass(eq=False, slots=True)
class Told(Child):
    """`place`: where its answer names nodes. `kinds`: of the nodes it was selected below."""

    place: Place | None
    kinds: set[str] = field(default_factory=set)

    @property
    def computes(self) -> bool:
        return self.place is not None and (self.place.nodes.computed_below() or self.place.relations.computed_below())

    @abstractmethod
    def value(self, row: Row) -> Any:
        """The answer of the field for a node; raises what is wrong with the arguments."""

    def entities(self, row: Row) -> Iterator[Row | RelationRow]:
        """What the answer names, for what is computed of it."""
        yield from ()


class Counts(Told):
    def bind(self, binding: Binding, scope: Scope) -> None:
        own = self.dated(binding, scope)
        binding.bound[self.number] = own
        binding.parameters["recordKinds"] = RECORD_KINDS
        binding.key.append((self.number, binding.time(own.moment)))

    def text(self, binding: Binding, name: str) -> str | None:
        scope: Scope = binding.bound[self.number]
        reading = scope.operation.access.reading(scope.moment)
        return expansion.counts(reading, binding.time(scope.moment), expansion.Names.numbered(self.number, name))

    def value(self, row: Row) -> list[RelationCount]:
        return relation_counts(row.scope.operation.access, row.id, row.raw[self.key])


class Same(Told):
    def bind(self, binding: Binding, scope: Scope) -> None:
        self._nodes.bind(binding, scope)

    @property
    def _nodes(self) -> NodeShape:
        assert self.place is not None  # noqa: S101
        return self.place.nodes

    def text(self, binding: Binding, name: str) -> str | None:
        if not binding.operation.access.may_read(RELATIONS[SAME].disclosure):
            return None
        names = expansion.Names.numbered(self.number, name)
        row = self._nodes.text(binding, names.far)
        return expansion.suggestions(binding.time_of(self._nodes.number), names, row)

    def value(self, row: Row) -> list[PossibleMatch] | None:
        told = row.raw.get(self.key) or ()
        return possibly_same(row.scope, row.id, told, lambda raw: self._nodes.row(row.binding, raw))

    def entities(self, row: Row) -> Iterator[Row | RelationRow]:
        for each in self.value(row) or ():
            yield each.subject


class BoundTimeline(NamedTuple):
    """`cursor`: checked against its owner when he is known."""

    scope: Scope
    want: Wanted
    asked: timeline.Asked
    cursor: str | None


@dataclass(eq=False, slots=True)
class Happened(Told):
    count: bool = False

    def bind(self, binding: Binding, scope: Scope) -> None:
        assert self.place is not None  # noqa: S101
        try:
            bound = self._bound(self.arguments(binding), scope)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = bound
        prefix = f"q{self.number}_"
        binding.parameters.update({f"{prefix}{key}": each for key, each in timeline.parameters(bound.asked).items()})
        binding.key.append((self.number, bound.asked.place is not None, bound.asked.backward))
        self.place.bind(binding, scope, nodes=True, relations=True)

    def _bound(self, given: Mapping[str, Any], scope: Scope) -> BoundTimeline:
        page = [given.get(each.name) for each in PAGE]
        want = wanted(unchecked, *page)
        place = None
        if want.place is not None:
            on, _, kind = str(want.place[0]).partition("|")
            place = (on, kind, str(want.place[-1]))
        cursor = (page[3] if want.backward else page[1]) or None
        return BoundTimeline(scope, want, timeline.Asked(want.size, place, want.backward), cursor)

    def text(self, binding: Binding, name: str) -> str | None:
        assert self.place is not None  # noqa: S101
        bound: BoundTimeline | None = binding.bound.get(self.number)
        if bound is None:
            return None
        names = timeline.Names.numbered(self.number, name)
        nodes = self.place.nodes
        return timeline.page(
            bound.scope.operation.access.reading(bound.scope.moment),
            binding.time_of(nodes.number),
            f"q{self.number}_",
            names,
            (
                nodes.text(binding, names.node, {*RECORD_KINDS, *self.kinds}),
                self.place.relations.text(binding, names.relation, names.start, names.end),
                nodes.text(binding, name, self.kinds),
            ),
            begun=bound.asked.place is not None,
            backward=bound.asked.backward,
            count=self.count,
        )

    def value(self, row: Row) -> TimelineConnection:
        failure = row.binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundTimeline = row.binding.bound[self.number]
        held = cursors(row.scope, "timeline", row.id)
        if bound.cursor is not None:
            held.place(bound.cursor, "before" if bound.want.backward else "after")
        found = self._found(row, bound)
        return shown(row.scope, row.view, found, [self._row(row, each) for each in found.events], bound.want, held)

    def _found(self, row: Row, bound: BoundTimeline) -> timeline.Timeline:
        properties = readable(row.scope.operation.access, row.view)
        return timeline.timeline(row.raw[self.key], row.id, properties, row.scope.moment.known, bound.asked)

    def _row(self, row: Row, event: timeline.Event) -> Any:
        assert self.place is not None  # noqa: S101
        return self.place.row(row.binding, event.row)

    def entities(self, row: Row) -> Iterator[Row | RelationRow]:
        bound: BoundTimeline | None = row.binding.bound.get(self.number)
        found = () if bound is None else self._found(row, bound).events
        yield from (each for each in (self._row(row, event) for event in found) if each is not None)


OWNED: Final = ("name",)  # with a property comes who a person was before: whose data it is


def beside(compiler: Compiler, reads: Beside, given: Arguments, below: Mapping[str, Any], *, apart: bool) -> Told:
    """The position of a field; `below`: what is selected in its answer."""
    number = compiler.number()
    match reads:
        case Beside.COUNTS:
            return Counts(number, given, None)
        case Beside.SAME:
            return Same(number, given, compiler.place(apart=apart))
    return Happened(number, given, compiler.place(apart=apart), count="totalCount" in below)
