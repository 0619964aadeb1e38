"""Positions of an answer: what is read there, how it is bound to a request, and its text in the statement.

It must not know how an answer is written; a row has what a position asks under the position's own key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from graph.codes import SubjectKind
from graph.conditions import TRUE
from graph.errors import GraphError, Invalid, LimitExceeded
from graph.identifiers import Lookup, parse_lookup
from graph.store import projection
from graph.store.asked import Asked, Relations, Root, Variables
from graph.store.conditions import structure
from graph.store.lookup import chosen, lookup_parameters
from graph.store.pages import owned_page
from graph.store.places import page_parameters
from graph.store.projection import Time
from graph.store.roots import root_page
from graph.store.rows import RECORD_KINDS
from graph.views import PageRequest
from graph.vocabulary import RELATIONS, Disclosure
from schema.filters import condition, orders, shape
from schema.nodes import region
from schema.planning.binding import Binding
from schema.planning.rows import RelationRow, Row
from schema.reads import Every, Found, Judged, Paged
from schema.scope import RELATION_PREFIXES, Scope, is_id
from schema.windows import PAGE, PAGE_SIZE, Cursors, Wanted, cursors, unchecked, wanted

MOST_IDS = 100
MOST_NAMED = 1_000
PUBLISHED = ("publicFrom", "publicTo")
OWNERS_OF_RECORDS = ("responsible", "subjects")
Arguments = Callable[[Binding], Mapping[str, Any]]


@dataclass(eq=False, slots=True)
class NodeShape:
    """A position of nodes. `properties` None: every one. `kinds` are those it may hold."""

    number: int
    kinds: frozenset[str]
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

    def text(self, binding: Binding, name: str) -> str:
        properties, parts = self.properties, set(self.parts)
        if not self.kinds.isdisjoint(RECORD_KINDS):
            properties = None if properties is None else properties | {*PUBLISHED}
            parts |= {*OWNERS_OF_RECORDS} if binding.owning else set[str]()
        if binding.owning and SubjectKind.PERSON in self.kinds and properties != set():
            parts.add("formerIds")
        if binding.owning and "QUALIFICATION" in self.kinds:
            parts.add("holder")
        children = {each.key: each.text(binding, name) for each in self.children.values()}
        return projection.node_row(
            name,
            binding.time_of(self.number),
            properties,
            sorted(parts),
            {key: text for key, text in children.items() if text is not None},
        )

    def row(self, binding: Binding, raw: Mapping[str, Any]) -> Row | None:
        """The row as this reader may see it; None for what was not known then, or is not for him."""
        mode, day = binding.modes[self.number]
        values = projection.values(raw, mode, day)
        if values is None:
            return None
        found = Row(raw, values, binding.scopes[self.number], binding)
        if found.kind in RECORD_KINDS and not found.scope.operation.access.sees_row(found):
            return None
        return found

    def computed_below(self) -> bool:
        return any(each.computes for each in self.children.values())


@dataclass(eq=False, slots=True)
class RelationShape:
    """A position of relations; only ends that are asked for are read."""

    number: int
    ends: dict[str, NodeShape] = field(default_factory=dict)

    def bind(self, binding: Binding, scope: Scope) -> None:
        binding.stand(self.number, scope)
        for each in self.ends.values():
            each.bind(binding, scope)

    def text(self, binding: Binding, name: str, start: str, end: str) -> str:
        ends = {key: shape.text(binding, start if key == "start" else end) for key, shape in self.ends.items()}
        return projection.relation_row(name, ends)

    def row(self, binding: Binding, raw: Mapping[str, Any]) -> RelationRow:
        return RelationRow(raw, binding.scopes[self.number], binding)

    def computed_below(self) -> bool:
        return any(each.computed_below() for each in self.ends.values())


@dataclass(eq=False, slots=True)
class Child:
    """Something below a node, by its key in the row. `computes`: a computed field lies in it."""

    number: int
    arguments: Arguments

    @property
    def key(self) -> str:
        return f"_{self.number}"

    @property
    def computes(self) -> bool:
        return False

    def bind(self, binding: Binding, scope: Scope) -> None:
        raise NotImplementedError

    def text(self, binding: Binding, name: str) -> str | None:
        raise NotImplementedError

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


@dataclass(eq=False, slots=True)
class Neighbour(Child):
    """Neighbours that are a field of the node; `relation`: the field shows the relation with its end."""

    near: projection.Near
    shape: NodeShape
    relation: RelationShape | None = None

    @property
    def computes(self) -> bool:
        return (self.relation or self.shape).computed_below()

    @property
    def disclosure(self) -> Disclosure:
        return RELATIONS[projection.PATTERNS[self.near].kind].disclosure

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


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page of one request. `cursor`: given for a nested page, whose owner it is checked against when he is known."""

    asked: Asked
    scope: Scope
    want: Wanted
    cursor: str | None
    field: str
    asks: str

    def cursors(self, owner: str) -> Cursors:
        return cursors(self.scope, self.field, owner, self.asks)

    def check(self, owner: str) -> None:
        """Raises Invalid where the cursor given is one of another owner's page, or of none."""
        if self.cursor is not None:
            self.cursors(owner).place(self.cursor, "before" if self.want.backward else "after")


@dataclass(eq=False, slots=True)
class PageOf(Child):
    """A page; of the node it hangs on, or of everything where its source is a root."""

    field: str
    reads: Paged
    row: NodeShape | RelationShape
    count: bool
    has_next: bool
    has_previous: bool

    @property
    def computes(self) -> bool:
        return self.row.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        try:
            page = self._page(binding, scope)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = page
        if page is None:
            binding.key.append((self.number, "nothing"))
            return
        asked, request = page.asked, page.asked.request
        prefix = f"q{self.number}_"
        binding.parameters.update(page_parameters(asked, prefix))
        binding.key.append(
            (
                *(self.number, binding.time(page.scope.moment), getattr(asked.source, "kinds", None), asked.keys),
                *(request.place is None, request.backward, request.count, request.look_back),
                structure(asked.condition),
            )
        )
        self.row.bind(binding, page.scope)

    def _page(self, binding: Binding, scope: Scope) -> BoundPage | None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        access, reads = scope.operation.access, self.reads
        where, keys = given.get("where") or None, given.get("order_by") or None
        source = reads.source
        asked = Asked(
            source,
            access.reading(scope.moment),
            PageRequest(PAGE_SIZE),
            condition(reads.where, where, argument="where", official=access.official) if reads.where else TRUE,
            orders(reads.order, keys, argument="orderBy", official=access.official) if reads.order else (),
        )
        asks = orjson.dumps([getattr(source, "kinds", ()), [list(each) for each in asked.keys], shape(where)]).decode()
        root = isinstance(source, Root)
        opened = cursors(scope, self.field, "", asks).place if root else unchecked
        page = [given.get(each.name) for each in PAGE]
        want = wanted(opened, *page)
        request = PageRequest(
            want.size,
            want.place,
            backward=want.backward,
            count=self.count,
            look_back=self.has_next if want.backward else self.has_previous,
        )
        if want.place is not None and len(want.place) != len(asked.keys) + 1:
            unchecked("", "before" if want.backward else "after")
        if not root:
            kinds = source.kinds if isinstance(source, Relations) else (source.kind,)  # type: ignore[union-attr]
            open_to = tuple(each for each in kinds if access.may_read(RELATIONS[each].disclosure))
            if not open_to:
                return None
            source = replace(source, kinds=open_to) if isinstance(source, Relations) else source
        asked = replace(asked, source=source, request=request)
        cursor = None if root else page[3] if want.backward else page[1]
        return BoundPage(asked, scope, want, cursor or None, self.field, asks)

    def text(self, binding: Binding, name: str) -> str | None:
        page = binding.bound.get(self.number)
        if page is None:
            return None
        names = Variables.numbered(self.number, name)
        if isinstance(self.row, RelationShape):
            assert isinstance(page.asked.source, Relations)  # noqa: S101
            ends = (name, names.node) if page.asked.source.forward else (names.node, name)
            row = self.row.text(binding, names.relation, *ends)
        else:
            row = self.row.text(binding, names.node)
        time, prefix = binding.time(page.scope.moment), f"q{self.number}_"
        if isinstance(page.asked.source, Root):
            return time.write(root_page(page.asked, names, prefix, row))
        return time.write(owned_page(page.asked, names, prefix, row))


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

    def row(self, binding: Binding, raw: Mapping[str, Any]) -> Row | RelationRow | None:
        return self.relations.row(binding, raw) if "startId" in raw else self.nodes.row(binding, raw)


@dataclass(frozen=True, slots=True)
class BoundFound:
    """What a root names: each text with how it is found, or why not."""

    texts: tuple[str, ...]
    argument: str
    lookups: Mapping[int, Lookup]
    relations: Mapping[int, str]
    regions: Mapping[int, str]
    failures: Mapping[int, GraphError]
    scope: Scope


@dataclass(eq=False, slots=True)
class FoundRoot(Child):
    reads: Found
    place: Place

    @property
    def computes(self) -> bool:
        return self.place.nodes.computed_below() or self.place.relations.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        texts = given["ids"] if self.reads.many else [given[self.reads.argument]]
        try:
            if len(texts) > MOST_IDS:
                raise LimitExceeded(f"ids: 至多 {MOST_IDS} 个 · at most {MOST_IDS}", argument="ids")
            found = self._found(texts, scope)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = found
        prefix = f"q{self.place.number}_"
        places = sorted(found.lookups)
        parameters = lookup_parameters([found.lookups[i] for i in places])
        binding.parameters.update({f"{prefix}{key}": value for key, value in parameters.items()})
        if found.relations:
            for kind in projection.RELATION_IDS:
                wanted_ids = [each for each in found.relations.values() if each.startswith(kind)]
                binding.parameters[f"{prefix}{kind}"] = wanted_ids
        self.place.bind(binding, scope, nodes=bool(found.lookups), relations=bool(found.relations))

    def _found(self, texts: list[str], scope: Scope) -> BoundFound:
        lookups: dict[int, Lookup] = {}
        relations: dict[int, str] = {}
        regions: dict[int, str] = {}
        failures: dict[int, GraphError] = {}
        for i, text in enumerate(texts):
            argument = f"{self.reads.argument}.{i}" if self.reads.many else self.reads.argument
            try:
                if not self.reads.identified:
                    if not is_id(text):
                        raise Invalid(f"{argument}: 不是节点标识 · not an id of a node", argument=argument)
                    if text.startswith("reg_"):
                        regions[i] = text[4:]
                        continue
                    if text.startswith(RELATION_PREFIXES):
                        relations[i] = text
                        continue
                lookups[i] = parse_lookup(text, argument=argument)
            except GraphError as error:
                if not self.reads.many:
                    raise
                failures[i] = error
        return BoundFound(tuple(texts), self.reads.argument, lookups, relations, regions, failures, scope)

    def text(self, binding: Binding, name: str) -> str | None:
        return None

    def found(self, binding: Binding, columns: Mapping[str, Any]) -> Any:
        """What each text named, in their order; for one text the one. Raises what was wrong with it."""
        failure = binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundFound = binding.bound[self.number]
        number = self.place.number
        related = {each["id"]: each for each in columns.get(f"q{number}r", ())}
        seeds: dict[int, list[Any]] = {}
        for i, *rest in columns.get(f"q{number}", ()):
            seeds.setdefault(i, []).append(rest)
        places = {i: place for place, i in enumerate(sorted(bound.lookups))}
        found: list[Any] = []
        for i, text in enumerate(bound.texts):
            if i in bound.failures:
                found.append(bound.failures[i])
            elif i in bound.regions:
                found.append(region(bound.scope, bound.regions[i]))
            elif i in bound.relations:
                raw = related.get(bound.relations[i])
                found.append(None if raw is None else self._relation(binding, raw))
            else:
                found.append(self._chosen(binding, bound, i, text, seeds.get(places[i], [])))
        return found if self.reads.many else found[0]

    def _relation(self, binding: Binding, raw: Mapping[str, Any]) -> RelationRow | None:
        row = self.place.relations.row(binding, raw)
        access = row.scope.operation.access
        ends = (raw["startId"], raw["endId"])
        return row if any(access.relations((row.view.kind,), each) for each in ends) else None

    def _chosen(self, binding: Binding, bound: BoundFound, i: int, text: str, seeds: list[Any]) -> Any:
        raws = {raw["id"]: raw for _, _, raw in seeds}
        (held,) = chosen(1, ([0, rank, current, raw["id"]] for rank, current, raw in seeds))
        argument = f"{bound.argument}.{i}" if self.reads.many else bound.argument
        identity = bound.scope.single(held, text, argument)
        return None if identity is None else self.place.nodes.row(binding, raws[identity])


@dataclass(eq=False, slots=True)
class EveryRoot(Child):
    """All nodes of a small kind, by name; a named limit keeps a mistaken load from flooding an answer."""

    reads: Every
    shape: NodeShape

    @property
    def computes(self) -> bool:
        return self.shape.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        asked = Asked(Root(self.reads.label), scope.operation.access.reading(scope.moment), PageRequest(MOST_NAMED))
        binding.bound[self.number] = asked
        binding.parameters.update(page_parameters(asked, f"q{self.number}_"))
        self.shape.bind(binding, scope)

    def text(self, binding: Binding, name: str) -> str | None:
        names = Variables.numbered(self.number)
        time: Time = binding.time_of(self.shape.number)
        row = self.shape.text(binding, names.node)
        return time.write(root_page(binding.bound[self.number], names, f"q{self.number}_", row))

    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> list[Row]:
        found = (self.shape.row(binding, raw) for _, _, raw in columns[f"q{self.number}"][0])
        return [each for each in found if each is not None]


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
