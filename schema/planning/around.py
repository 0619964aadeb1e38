"""Roots that name subjects by words: what lies around one, and whom whole numbers or names name.

Positions bound to their arguments, with the rows they found; it must not know how an answer is written.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from graph.codes import MatchKind, RelationKind
from graph.errors import GraphError
from graph.identifiers import parse_lookup
from graph.store import expansion, resolution
from graph.store.derived import FENCE
from graph.store.lookup import chosen, lookup_parameters
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from schema.expansion import Expansion
from schema.expansion import expansion as shown
from schema.planning.binding import Binding
from schema.planning.rows import Row
from schema.planning.shapes import Child, Place
from schema.scope import REGION_PREFIX, SUBJECT_PREFIXES, Scope
from schema.search import Resolution, sought
from schema.windows import Wanted, cursors, unchecked, wanted


class Kept:
    """The nodes an answer names, as they came with it."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Mapping[str, Row | None]) -> None:
        self._rows = rows

    def get(self, scope: Scope, identity: str) -> Row | None:
        return self._rows[identity]


@dataclass(eq=False, slots=True)
class Worded(Child):
    """A root; `place` is what is read of the nodes it names."""

    place: Place

    @property
    def computes(self) -> bool:
        return self.place.nodes.computed_below()

    def _bind(self, binding: Binding, scope: Scope, parameters: Mapping[str, Any], *key: Any) -> None:
        prefix = f"q{self.number}_"
        binding.parameters.update({f"{prefix}{name}": each for name, each in parameters.items()})
        binding.parameters.update(subjectKinds=SUBJECT_KINDS, recordKinds=RECORD_KINDS, fence=FENCE)
        binding.key.append((self.number, *key))
        self.place.bind(binding, scope, nodes=True, relations=False)

    def _row(self, binding: Binding, raw: Mapping[str, Any]) -> Row | None:
        found: Row | None = self.place.nodes.row(binding, raw)
        return found

    @abstractmethod
    def found(self, binding: Binding, columns: Mapping[str, Any]) -> Any:
        """The answer; raises what was wrong with the arguments."""

    @abstractmethod
    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> Iterator[Row]:
        """Every node it names, for what is computed of it."""


class BoundExpansion(NamedTuple):
    """`cursor`: checked against the subject when it is known."""

    text: str
    kinds: tuple[RelationKind, ...]
    want: Wanted
    cursor: str | None
    scope: Scope


class Around(NamedTuple):
    """A subject as it was read, and its relations; one more than a page says that there are more."""

    owner: Mapping[str, Any]
    neighbours: list[expansion.Neighbour]
    total: int


@dataclass(eq=False, slots=True)
class ExpandRoot(Worded):
    count: bool

    def bind(self, binding: Binding, scope: Scope) -> None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        try:
            lookup = parse_lookup(given["subject"], argument="subject")
            cursor = given.get("after")
            want = wanted(unchecked, given.get("first"), cursor)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        among = given.get("relations")
        kinds = tuple(sorted({*expansion.KINDS} if among is None else {*expansion.KINDS}.intersection(among)))
        after = None
        if want.place is not None:
            kind, _, begun = str(want.place[0]).partition("|")
            after = (kind, begun, str(want.place[-1]))
        binding.bound[self.number] = BoundExpansion(given["subject"], kinds, want, cursor or None, scope)
        parameters = {**lookup_parameters([lookup]), **expansion.parameters(kinds, want.size, after)}
        self._bind(binding, scope, parameters, after is not None)

    def text(self, binding: Binding, name: str) -> str | None:
        bound: BoundExpansion = binding.bound[self.number]
        reading = bound.scope.operation.access.reading(bound.scope.moment)
        names = expansion.Names.numbered(self.number, f"n{self.place.number}")
        nodes = self.place.nodes
        rows = (
            nodes.text(binding, names.owner, SUBJECT_KINDS),
            nodes.text(binding, names.far, {*RECORD_KINDS, *nodes.kinds}),
        )
        return expansion.page(
            reading,
            binding.time_of(nodes.number),
            f"q{self.number}_",
            names,
            rows,
            begun=bound.want.place is not None,
            count=self.count,
        )

    def _around(self, binding: Binding, columns: Mapping[str, Any]) -> Around | None:
        bound: BoundExpansion = binding.bound[self.number]
        told = columns[f"q{self.number}"]
        (held,) = chosen(1, [(i, rank, current, owner["id"]) for i, rank, current, owner, *_ in told])
        identity = bound.scope.single(held, bound.text, "subject")
        for _, _, _, owner, neighbours, total in told:
            if owner["id"] == identity and owner["id"].startswith(SUBJECT_PREFIXES):
                return Around(owner, expansion.neighbours(neighbours), total)
        return None

    def found(self, binding: Binding, columns: Mapping[str, Any]) -> Expansion | None:
        failure = binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundExpansion = binding.bound[self.number]
        around = self._around(binding, columns)
        if around is None:
            return None
        owner = self._row(binding, around.owner)
        if owner is None:
            return None
        kinds = bound.scope.operation.access.relations(bound.kinds, owner.id)
        held = cursors(bound.scope, "expand", owner.id, ",".join(kinds))
        if bound.cursor is not None:
            held.place(bound.cursor, "after")
        rows = around.neighbours[: bound.want.size]
        kept = {each.far: self._row(binding, each.row) for each in rows if not each.far.startswith(REGION_PREFIX)}
        scope = replace(bound.scope, held=Kept({**kept, owner.id: owner}))
        more = len(around.neighbours) > bound.want.size
        return shown(scope, owner.id, rows, around.total, held, bound.want, more=more)

    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> Iterator[Row]:
        try:
            around = self._around(binding, columns)
        except GraphError:
            return
        if around is not None:
            size = binding.bound[self.number].want.size
            for raw in (around.owner, *(each.row for each in around.neighbours[:size])):
                row = self._row(binding, raw)
                if row is not None:
                    yield row


class BoundTexts(NamedTuple):
    texts: Sequence[str]
    scope: Scope


BY_NAME: Final = frozenset({MatchKind.EXACT_NAME, MatchKind.FORMER_NAME})


class ResolveRoot(Worded):
    def bind(self, binding: Binding, scope: Scope) -> None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        try:
            asked = sought(given["texts"])
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = BoundTexts(given["texts"], scope)
        self._bind(binding, scope, resolution.parameters(asked))

    def text(self, binding: Binding, name: str) -> str | None:
        bound: BoundTexts = binding.bound[self.number]
        reading = bound.scope.operation.access.reading(bound.scope.moment)
        node, nodes = f"n{self.number}", self.place.nodes
        row = nodes.text(binding, node)
        return resolution.body(reading, binding.time_of(nodes.number), f"q{self.number}_", node, row)

    def _resolved(self, binding: Binding, columns: Mapping[str, Any]) -> list[resolution.Resolved]:
        bound: BoundTexts = binding.bound[self.number]
        return resolution.resolved_by(columns[f"q{self.number}"], len(bound.texts))

    def found(self, binding: Binding, columns: Mapping[str, Any]) -> list[Resolution]:
        failure = binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundTexts = binding.bound[self.number]
        answers = []
        for text, each in zip(bound.texts, self._resolved(binding, columns), strict=True):
            if each.by in BY_NAME:
                bound.scope.operation.access.note(tuple(raw["id"] for raw in each.matched))
            held = [self._row(binding, raw) for raw in each.matched]
            answers.append(Resolution(held=held, scope=bound.scope, text=text, by=each.by))
        return answers

    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> Iterator[Row]:
        for each in self._resolved(binding, columns):
            for raw in each.matched:
                row = self._row(binding, raw)
                if row is not None:
                    yield row
