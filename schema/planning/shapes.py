"""Positions of an answer: what is read there, how it is bound to a request, and its text in the statement.

It must not know how an answer is written; a row has what a position asks under the position's own key.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph.codes import SubjectKind
from graph.store import projection
from graph.store.rows import RECORD_KINDS
from graph.vocabulary import RELATIONS, Disclosure
from schema.planning.binding import Binding
from schema.planning.rows import RelationRow, Row
from schema.reads import Judged
from schema.scope import Scope

RECORDS: Final = frozenset(RECORD_KINDS)
PUBLISHED: Final = ("publicFrom", "publicTo")
OWNERS_OF_RECORDS: Final = ("responsible", "subjects")
Arguments = Callable[[Binding], Mapping[str, Any]]


@dataclass(eq=False, slots=True)
class NodeShape:
    """A position of nodes. `properties` None: every one. `kinds` are those it may hold.

    `guarded`: rows of a page, whose statement leaves out what the reader may not see. `stored`: every field is shown as
    it is stored, so that rows may be lists. `apart`: what a computed answer names, in a statement of its own. `alone`:
    no row can be of another kind.
    """

    number: int
    kinds: frozenset[str]
    guarded: bool = False
    stored: bool = False
    apart: bool = False
    alone: bool = False
    properties: set[str] | None = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    children: dict[Any, Child] = field(default_factory=dict)

    def need(self, properties: tuple[str, ...] | None, parts: tuple[str, ...] = ()) -> None:
        if properties is None:
            self.properties = None
        elif self.properties is not None:
            self.properties.update(properties)
        self.parts.update(parts)

    def bind(self, binding: Binding, scope: Scope) -> None:
        binding.stand(self.number, scope)
        for each in self.children.values():
            each.bind(binding, scope)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in a listed row after its first place, in this order."""
        own = ("id",) if self.alone else ("id", "kind")
        return (*own, *sorted({*(self.properties or ())} - {*own}))

    @property
    def places(self) -> dict[str, int]:
        below = (each.key for each in self.children.values())
        return {name: i for i, name in enumerate((*self.names, *below), start=1)}

    def lists(self, binding: Binding) -> bool:
        """Whether its rows are lists for this request: nothing of them depends on who reads them."""
        return (
            self.stored
            and binding.modes[self.number][0] is projection.Mode.SNAPSHOT
            and (self.kinds.isdisjoint(RECORDS) or (self.guarded and not binding.owning))
        )

    def text(self, binding: Binding, name: str, among: Collection[str] | None = None) -> str:
        """`among`: kinds to which it is known to belong here, selected or not: what only others need is not read."""
        if self.lists(binding):
            below = (each.text(binding, name) or "null" for each in self.children.values())
            return projection.node_list(name, binding.time_of(self.number), self.names, below)
        properties, parts = self.properties, set(self.parts)
        kinds = self.kinds if among is None else among
        if not RECORDS.isdisjoint(kinds):
            properties = None if properties is None else properties | {*PUBLISHED}
            parts |= {*OWNERS_OF_RECORDS} if binding.owning else set[str]()
        if binding.owning and SubjectKind.PERSON in kinds and properties != set():
            parts.add("formerIds")
        if binding.owning and "QUALIFICATION" in kinds:
            parts.add("holder")
        children = {each.key: each.text(binding, name) for each in self.children.values()}
        return projection.node_row(
            name,
            binding.time_of(self.number),
            properties,
            sorted(parts),
            {key: text for key, text in children.items() if text is not None},
        )

    def rows(self, binding: Binding, raws: Sequence[Any]) -> Sequence[Any]:
        """The rows this reader may see."""
        found = self.read(binding, raws)
        return found if found is raws else [each for each in found if each is not None]

    def read(self, binding: Binding, raws: Sequence[Any]) -> Sequence[Any]:
        """As many rows, None for those that are not for this reader; lists as they are."""
        if raws and type(raws[0]) is list:
            projection.held(raws)
            return raws
        return [self.row(binding, raw) for raw in raws]

    def row(self, binding: Binding, raw: Any) -> Any:
        """The row as this reader may see it; None for what was not known then, or is not for him."""
        if type(raw) is list:
            projection.held((raw,))
            return raw
        mode, day = binding.modes[self.number]
        values = projection.values(raw, mode, day)
        if values is None:
            return None
        found = Row(raw, values, binding.scopes[self.number], binding)
        if found.kind in RECORDS and (binding.owning or not self.guarded):
            # What is listed for an official may be unpublished: that he read it is to be remembered.
            return found if found.scope.operation.access.sees_row(found) else None
        return found

    def computed_below(self) -> bool:
        return any(each.computes for each in self.children.values())


@dataclass(eq=False, slots=True)
class RelationShape:
    """A position of relations; only ends that are asked for are read. `stored`, `apart` as of a `NodeShape`."""

    number: int
    stored: bool = False
    apart: bool = False
    properties: set[str] = field(default_factory=set)
    ends: dict[str, NodeShape] = field(default_factory=dict)

    def bind(self, binding: Binding, scope: Scope) -> None:
        binding.stand(self.number, scope)
        for each in self.ends.values():
            each.bind(binding, scope)

    @property
    def names(self) -> tuple[str, ...]:
        return ("id", *sorted(self.properties))

    @property
    def places(self) -> dict[str, int]:
        return {name: i for i, name in enumerate((*self.names, *self.ends))}

    def text(self, binding: Binding, name: str, start: str, end: str) -> str:
        ends = {key: shape.text(binding, start if key == "start" else end) for key, shape in self.ends.items()}
        if self.stored:
            return projection.relation_list(name, self.names, ends.values())
        return projection.relation_row(name, ends)

    def rows(self, binding: Binding, raws: Sequence[Any]) -> Sequence[Any]:
        return self.read(binding, raws)

    def read(self, binding: Binding, raws: Sequence[Any]) -> Sequence[Any]:
        return raws if raws and type(raws[0]) is list else [self.row(binding, raw) for raw in raws]

    def row(self, binding: Binding, raw: Any) -> Any:
        if type(raw) is list:
            return raw
        return RelationRow(raw, binding.scopes[self.number], binding)

    def computed_below(self) -> bool:
        return any(each.computed_below() for each in self.ends.values())


@dataclass(eq=False, slots=True)
class Child(ABC):
    """Something below a node, by its key in the row. `computes`: a computed field lies in it."""

    number: int
    arguments: Arguments

    @property
    def key(self) -> str:
        return f"_{self.number}"

    @property
    def computes(self) -> bool:
        return False

    @abstractmethod
    def bind(self, binding: Binding, scope: Scope) -> None:
        """Add what one request gives it to the key of the statement and to its parameters."""

    @abstractmethod
    def text(self, binding: Binding, name: str) -> str | None:
        """Its expression below the node `name`; None where nothing of it is in the statement."""

    def dated(self, binding: Binding, scope: Scope) -> Scope:
        given = self.arguments(binding)
        return scope.at(given.get("as_of"), given.get("known_at"))


@dataclass(eq=False, slots=True)
class Again(Child):
    """The same node in the dates of one of its fields; nothing where they are those around it."""

    shape: NodeShape

    @property
    def computes(self) -> bool:
        return self.shape.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        own = self.dated(binding, scope)
        self.shape.bind(binding, own)
        binding.bound[self.number] = own is not scope
        binding.key.append((self.number, own is not scope))

    def text(self, binding: Binding, name: str) -> str | None:
        return self.shape.text(binding, name) if binding.bound[self.number] else None

    def then(self, row: Row) -> Row | None:
        """The row in these dates, where they are others; None where the reader has no such node then."""
        found: Row | None = self.shape.row(row.binding, row.raw[self.key])
        return found

    def absent(self, row: Row) -> bool:
        return bool(row.binding.bound[self.number]) and self.then(row) is None


@dataclass(eq=False, slots=True)
class Neighbour(Child):
    """Neighbours that are a field of the node; `relation`: the field shows the relation with its end.

    What hangs on a node is there for a reader only in dates in which the node is.
    """

    near: projection.Near
    shape: NodeShape
    relation: RelationShape | None = None
    owner: Again | None = None  # the node itself in the field's own dates, where it may be hidden or unknown then

    @property
    def computes(self) -> bool:
        return (self.relation or self.shape).computed_below()

    @property
    def disclosure(self) -> Disclosure:
        return RELATIONS[projection.PATTERNS[self.near].kind].disclosure

    def raws(self, row: Row) -> Sequence[Any]:
        """What was read of them below a node."""
        if self.owner is not None and self.owner.absent(row):
            return ()
        return row.raw.get(self.key) or ()

    def may_read(self, row: Row) -> bool:
        """Whether the reader may see such relations of this node at all."""
        disclosure = self.disclosure
        return disclosure is Disclosure.PUBLIC or row.scope.operation.access.reads(disclosure, row.view)

    def note(self, row: Row) -> None:
        """Remember whose relations that are not public were read."""
        if self.disclosure is not Disclosure.PUBLIC:
            row.scope.operation.access.note((row.id,))

    def bind(self, binding: Binding, scope: Scope) -> None:
        own = self.dated(binding, scope)
        (self.relation or self.shape).bind(binding, own)

    def text(self, binding: Binding, name: str) -> str | None:
        if not binding.operation.access.may_read(self.disclosure):
            return None
        far, between = f"n{self.number}", f"e{self.number}"
        position = self.relation or self.shape
        time = binding.time_of(position.number)
        row = self.shape.text(binding, far) if self.relation is None else self.relation.text(binding, between, far, far)
        return projection.near_rows(self.near, name, between, far, time, row)


@dataclass(eq=False, slots=True)
class Place:
    """Nodes and relations named by id, wherever they come from: a root, or an answer that was computed."""

    number: int
    nodes: NodeShape
    relations: RelationShape

    def bind(self, binding: Binding, scope: Scope, *, nodes: bool, relations: bool) -> None:
        if nodes:
            self.nodes.bind(binding, scope)
        if relations:
            self.relations.bind(binding, scope)
        binding.key.append((self.number, nodes, relations))

    def texts(self, binding: Binding, *, found: bool) -> Iterator[tuple[str, str]]:
        """Columns of the statement, by name: `found` by lookup, else held by id."""
        prefix, name = f"q{self.number}_", f"n{self.number}"
        if self.nodes.number in binding.scopes:
            row = self.nodes.text(binding, name)
            time = binding.time_of(self.nodes.number)
            write = projection.found_rows if found else projection.held_rows
            yield f"q{self.number}", write(name, time, prefix, row)
        if self.relations.number in binding.scopes:
            names = (f"r{self.number}", f"s{self.number}", f"t{self.number}")
            row = self.relations.text(binding, *names)
            time = binding.time_of(self.relations.number)
            yield f"q{self.number}r", projection.relation_rows(*names, time, prefix, row)

    def row(self, binding: Binding, raw: Mapping[str, Any]) -> Any:
        return self.relations.row(binding, raw) if "startId" in raw else self.nodes.row(binding, raw)


@dataclass(eq=False, slots=True)
class ComputedField(Child):
    """A field whose method reads by itself; `place` is what is read of the nodes its answer names."""

    place: Place
    method: Callable[..., Any]
    info: Any
    judged: Judged | None
    kinds: set[str] = field(default_factory=set)  # where it was selected, below a node

    @property
    def computes(self) -> bool:
        return True

    def bind(self, binding: Binding, scope: Scope) -> None:
        """Nothing of it is in the statement."""

    def text(self, binding: Binding, name: str) -> str | None:
        return None
