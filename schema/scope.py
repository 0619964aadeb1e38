"""What one operation shares: its reader, its instant, its store readings; and the dates in force around a field.

It must not know fields or types.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import Role
from graph.errors import Conflict
from graph.identifiers import Lookup, parse_lookup
from graph.periods import Moment, instant
from graph.store import lookup as store_lookup
from graph.store import nodes as store_nodes
from graph.store import pages as store_pages
from graph.store.asked import Asked
from graph.store.nodes import EVERY_PART
from graph.views import NodeView, Page, RelationView
from graph.vocabulary import NODE_KINDS, RELATIONS, Family
from schema.access import Access
from schema.batching import Batch
from schema.fields import then

if TYPE_CHECKING:
    from schema.operation import World

MANY_NEIGHBOURS: Final = tuple(
    f"{each.prefix}_" for each in NODE_KINDS if each.family is Family.RECORD or each.code == "QUALIFICATION"
)
SUBJECT_PREFIXES: Final = tuple(f"{each.prefix}_" for each in NODE_KINDS if each.family is Family.SUBJECT)
RELATION_PREFIXES: Final = tuple(f"{prefix}_" for prefix in {each.prefix for each in RELATIONS.values()})


class PageKey(NamedTuple):
    """One page; pages of several owners that ask the same are read together. A root has no owner."""

    owner: str | None
    asked: Asked


# Fields for which a node is read with more than its own values (`nodes.PARTS`).
PARTS_OF_FIELDS: Final = MappingProxyType(
    {
        "identifiers": "identifiers",
        "formerNames": "names",
        "snippet": "names",
        "formerIds": "formerIds",
        "subjects": "subjects",
        "department": "issuedBy",
        "owner": "issuedBy",
        "list": "onList",
        "person": "holder",
        "qualifications": "qualifications",
        "keyGroups": "keyGroups",
        "parent": "parent",
        "responsible": "responsible",
    }
)
OWNING: Final = frozenset({"subjects", "responsible", "holder", "formerIds"})  # whose data a node is: what is audited


def parts_for(fields: frozenset[str], role: Role) -> frozenset[str]:
    parts = frozenset(part for name, part in PARTS_OF_FIELDS.items() if name in fields)
    return parts if role is Role.PUBLIC else parts | OWNING


@dataclass(slots=True)
class Operation:
    """One operation of one reader at one instant."""

    world: World
    access: Access
    now: datetime
    moment: Moment
    version: int | None = None
    merged: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, Moment], bool] = field(default_factory=dict)
    audit_places: list[list[str | int]] = field(default_factory=list)
    computing: Any = None  # schema.computed.Computing, set by whoever opens the operation
    nodes: Batch[tuple[str, Moment], NodeView | None] = field(init=False)
    relations: Batch[tuple[str, Moment], RelationView | None] = field(init=False)
    lookups: Batch[tuple[Lookup, Moment], tuple[str, ...]] = field(init=False)
    pages: Batch[PageKey, Page] = field(init=False)
    parts: frozenset[str] = EVERY_PART  # of nodes that the document can ask for
    batches: dict[str, Batch[Any, Any]] = field(default_factory=dict)  # of fields that read by themselves

    def __post_init__(self) -> None:
        self.nodes = Batch(self._load_nodes)
        self.relations = Batch(self._load_relations)
        self.lookups = Batch(self._load_lookups)
        self.pages = Batch(self._load_pages)

    @property
    def known_at(self) -> str:
        return instant(self.now)

    async def _load_nodes(
        self, keys: Sequence[tuple[str, Moment]]
    ) -> Mapping[tuple[str, Moment], NodeView | Exception | None]:
        found: dict[tuple[str, Moment], NodeView | Exception | None] = dict.fromkeys(keys)
        for moment, ids in _by_moment(keys).items():
            near = any(each.startswith(MANY_NEIGHBOURS) for each in ids)
            views = await store_nodes.nodes(self.world.database, ids, moment, with_neighbours=near, parts=self.parts)
            survivors = await self._survivors([each for each in ids if each not in views], moment)
            views |= await self._views(sorted({*survivors.values()} - views.keys()), moment)
            self.prime(views, moment)
            found.update({(each, moment): views.get(survivors.get(each, each)) for each in ids})
        return found

    async def _views(self, ids: Sequence[str], moment: Moment) -> dict[str, NodeView]:
        return await store_nodes.nodes(self.world.database, ids, moment, parts=self.parts) if ids else {}

    async def _survivors(self, missing: Sequence[str], moment: Moment) -> dict[str, str]:
        """Whom a subject was merged into answers for it; asked only of ids that are no living node."""
        merged = [each for each in missing if each.startswith(SUBJECT_PREFIXES)]
        if not merged:
            return {}
        held = await store_lookup.find(self.world.database, [Lookup(each) for each in merged], moment)
        found = {each: ids[0] for each, ids in zip(merged, held, strict=True) if len(ids) == 1 and ids[0] != each}
        self.merged |= found
        return found

    def prime(self, views: Mapping[str, NodeView], moment: Moment) -> None:
        for view in views.values():
            self.nodes.prime((view.id, moment), view)

    async def _load_relations(
        self, keys: Sequence[tuple[str, Moment]]
    ) -> Mapping[tuple[str, Moment], RelationView | Exception | None]:
        found: dict[tuple[str, Moment], RelationView | Exception | None] = dict.fromkeys(keys)
        for moment, ids in _by_moment(keys).items():
            views = await store_nodes.relations(self.world.database, ids, moment)
            found.update({(each, moment): views.get(each) for each in ids})
        return found

    async def _load_lookups(
        self, keys: Sequence[tuple[Lookup, Moment]]
    ) -> Mapping[tuple[Lookup, Moment], tuple[str, ...] | Exception]:
        found: dict[tuple[Lookup, Moment], tuple[str, ...] | Exception] = {}
        groups: dict[Moment, list[Lookup]] = {}
        for each, moment in keys:
            groups.setdefault(moment, []).append(each)
        for moment, group in groups.items():
            ids = await store_lookup.find(self.world.database, group, moment)
            found.update({(each, moment): held for each, held in zip(group, ids, strict=True)})
        return found

    async def _load_pages(self, keys: Sequence[PageKey]) -> Mapping[PageKey, Page | Exception]:
        found: dict[PageKey, Page | Exception] = {}
        groups: dict[Asked, list[str]] = {}
        for owner, asked in keys:
            owners = groups.setdefault(asked, [])
            if owner is not None:
                owners.append(owner)
        for asked, owners in groups.items():
            if not owners:
                found[PageKey(None, asked)] = await store_pages.page(self.world.database, asked)
                continue
            pages = await store_pages.pages(self.world.database, owners, asked)
            found.update({PageKey(each, asked): pages.get(each, NO_ROWS) for each in owners})
        return found


NO_ROWS: Final = Page((), has_next=False, total=0)


def _by_moment(keys: Collection[tuple[str, Moment]]) -> dict[Moment, list[str]]:
    groups: dict[Moment, list[str]] = {}
    for each, moment in keys:
        groups.setdefault(moment, []).append(each)
    return groups


@dataclass(frozen=True, slots=True)
class Scope:
    """The dates in force around a field. `computed`: the field lies below a computed one."""

    operation: Operation
    moment: Moment
    computed: bool = False

    def at(self, as_of: date | None, known_at: datetime | None) -> Scope:
        """The scope of a field's own dates; what is unset or null is inherited."""
        day, known = as_of or None, known_at or None
        if day is None and known is None:
            return self
        moment = Moment(day or self.moment.as_of, self.moment.known_at if known is None else instant(known))
        return self if moment == self.moment else replace(self, moment=moment)

    def below(self) -> Scope:
        """The scope of everything inside a computed answer."""
        return self if self.computed else replace(self, computed=True)

    def node(self, identity: str) -> NodeView | Awaitable[NodeView | None] | None:
        """The node as this reader may see it: a hidden one is no node."""
        return then(self.operation.nodes.get((identity, self.moment)), self.visible)

    def visible(self, view: NodeView | None) -> NodeView | None:
        if view is None:
            return None
        key, seen = (view.id, self.moment), self.operation.seen
        if key not in seen:
            seen[key] = self.operation.access.sees(view, self.moment.as_of)
        return view if seen[key] else None

    def find(self, text: str, argument: str) -> str | Awaitable[str | None] | None:
        """The id of the node that an id or identifier names at this moment; several holders are a CONFLICT."""
        lookup = parse_lookup(text, argument=argument)
        return then(self.operation.lookups.get((lookup, self.moment)), lambda held: self.single(held, text, argument))

    def single(self, held: Sequence[str], text: str, argument: str) -> str | None:
        if len(held) > 1:
            raise several(held, argument)
        if not held:
            return None
        if is_id(text) and held[0] != text:
            self.operation.merged[text] = held[0]
        return held[0]


def several(held: Sequence[str], argument: str) -> Conflict:
    candidates = "、".join(sorted(held))
    return Conflict(
        f"{argument}: 有多个主体使用该标识 · several subjects hold this identifier: {candidates}", argument=argument
    )


def is_id(text: str) -> bool:
    return len(text) > 4 and text[3] == "_" and text[:3].isascii() and text[:3].islower()
