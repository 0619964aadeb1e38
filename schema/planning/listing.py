"""A page as a position: its arguments bound to what the store is asked, its text, its place in the key of a statement.

It must not know how a page is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any, Final

import orjson

from graph.codes import RelationKind, StatisticsGroup
from graph.conditions import TRUE, Condition, Target
from graph.errors import Forbidden, GraphError, Invalid
from graph.store.asked import Asked, Neighbours, OrderBy, Relations, Root, Source, Variables, keys_of
from graph.store.conditions import parameters, structure
from graph.store.groups import GROUPS, SHARED_GROUPS
from graph.store.pages import owned_page
from graph.store.places import place_parameters, where_of
from graph.store.roots import root_page
from graph.views import PageRequest, Place
from graph.vocabulary import RELATIONS
from schema.filters import condition, orders, shape
from schema.planning.binding import Binding
from schema.planning.shapes import Arguments, Child, NodeShape, RelationShape
from schema.reads import Paged
from schema.scope import Scope
from schema.windows import PAGE, Cursors, cursors, unchecked, wanted


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows a page lists and in which order, as its arguments say: made again only for other arguments."""

    where: Any
    order_by: Any
    condition: Condition
    order: tuple[OrderBy, ...]
    asks: str
    parameters: Mapping[str, Any]
    key: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class AskedFacets:
    """What the facets of a page ask, by their keys in the answer; `refused`: those it cannot be asked."""

    asked: Mapping[str, StatisticsGroup] = dataclass_field(default_factory=dict)
    refused: Mapping[str, GraphError] = dataclass_field(default_factory=dict)

    @property
    def groups(self) -> tuple[StatisticsGroup, ...]:
        return tuple(dict.fromkeys(self.asked.values()))


NO_FACETS = AskedFacets()


class BoundPage:
    """A page of one request. `cursor`: given for a nested page, whose owner it is checked against when he is known."""

    __slots__ = ("chosen", "cursor", "faceted", "field", "request", "scope", "source")

    def __init__(
        self, source: Source, scope: Scope, request: PageRequest, cursor: str | None, field: str, chosen: Chosen
    ) -> None:
        self.source = source
        self.scope = scope
        self.request = request
        self.cursor = cursor
        self.field = field
        self.chosen = chosen
        self.faceted = NO_FACETS

    @property
    def asked(self) -> Asked:
        reading = self.scope.operation.access.reading(self.scope.moment)
        chosen = self.chosen
        return Asked(self.source, reading, self.request, chosen.condition, chosen.order, self.faceted.groups)

    def cursors(self, owner: str) -> Cursors:
        return cursors(self.scope, self.field, owner, self.chosen.asks)

    def check(self, owner: str) -> None:
        """Raises Invalid where the cursor given is one of another owner's page, or of none."""
        if self.cursor is not None:
            self.cursors(owner).place(self.cursor, "before" if self.request.backward else "after")


# Pages of nothing but persons.
OF_PERSONS: Final = frozenset({Root("Person"), Neighbours(RelationKind.MEMBER_OF, Target.SUBJECT)})


def groupable(source: Source, group: StatisticsGroup, *, official: bool) -> StatisticsGroup:
    """The group itself; raises Invalid where a list has none such, Forbidden where the reader may read it of nobody."""
    known = GROUPS.get(source.target, {})
    if group not in known:
        raise Invalid(
            f"by: 此列表不按 {group.value} 分面,可用 · this list has facets by {', '.join(sorted(known)) or 'nothing'}",
            argument="by",
        )
    if source in OF_PERSONS and group in SHARED_GROUPS and not official:
        raise Forbidden(f"by: 无权按此分面 · not a facet you may ask for: {group.value}", argument="by")
    return group


@dataclass(eq=False, slots=True)
class PageOf(Child):
    """A page; of the node it hangs on, or of everything where its source is a root.

    `wanted`: more than its total is asked for; `placed`: cursors are, so that rows come with what makes them.
    """

    field: str
    reads: Paged
    row: NodeShape | RelationShape
    wanted: bool
    placed: bool
    count: bool
    has_next: bool
    has_previous: bool
    facets: Mapping[str, Arguments]  # by their keys in the answer
    chosen: dict[bool, Chosen] = dataclass_field(default_factory=dict)  # the last of officials, and of all others

    @property
    def bare(self) -> bool:
        """Whether nothing but rows is read: then they stand without the total and what lies on the other side."""
        beyond = self.count or self.has_next or self.has_previous or bool(self.facets)
        return not (beyond or isinstance(self.reads.source, Root))

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
        if self.facets:
            page.faceted = self.asked_facets(binding)
        request, chosen, parameters = page.request, page.chosen, binding.parameters
        parameters.update(chosen.parameters)
        parameters.update(place_parameters(request, f"q{self.number}_"))
        binding.key.append(
            (
                *(self.number, binding.time(page.scope.moment), getattr(page.source, "kinds", None)),
                *(where_of(request.place, chosen.order), request.backward, request.count, request.look_back),
                chosen.key,
                page.faceted.groups,
            )
        )
        self.row.bind(binding, page.scope)

    def asked_facets(self, binding: Binding) -> AskedFacets:
        """One that asks by what there is not is refused where it is written."""
        official = binding.operation.access.official
        asked: dict[str, StatisticsGroup] = {}
        refused: dict[str, GraphError] = {}
        for key, arguments in self.facets.items():
            group = arguments(binding)["by"]
            try:
                asked[key] = groupable(self.reads.source, group, official=official)
            except GraphError as error:
                refused[key] = error
        return AskedFacets(asked, refused)

    def _page(self, binding: Binding, scope: Scope) -> BoundPage | None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        access, source = scope.operation.access, self.reads.source
        chosen = self._chosen(given, official=access.official)
        root = isinstance(source, Root)

        def opened(cursor: str, argument: str) -> Place:
            if not root:
                return unchecked(cursor, argument)
            return cursors(scope, self.field, "", chosen.asks).place(cursor, argument)

        page = [given.get(each.name) for each in PAGE]
        want = wanted(opened, *page)
        request = PageRequest(
            want.size,
            want.place,
            backward=want.backward,
            count=self.count,
            look_back=self.has_next if want.backward else self.has_previous,
        )
        if want.place is not None and len(want.place) != len(chosen.order) + 1:
            unchecked("", "before" if want.backward else "after")
        if not root:
            kinds = source.kinds if isinstance(source, Relations) else (source.kind,)  # type: ignore[union-attr]
            open_to = tuple(each for each in kinds if access.may_read(RELATIONS[each].disclosure))
            if not open_to:
                return None
            if isinstance(source, Relations) and open_to != kinds:
                source = replace(source, kinds=open_to)
        cursor = None if root else page[3] if want.backward else page[1]
        return BoundPage(source, scope, request, cursor or None, self.field, chosen)

    def _chosen(self, given: Mapping[str, Any], *, official: bool) -> Chosen:
        where, order_by = given.get("where") or None, given.get("order_by") or None
        found = self.chosen.get(official)
        if found is not None and found.where is where and found.order_by is order_by:
            return found
        reads = self.reads
        filtered = condition(reads.where, where, argument="where", official=official) if reads.where else TRUE
        order = orders(reads.order, order_by, argument="orderBy", official=official) if reads.order else ()
        keys = keys_of(reads.source, order)
        asks = orjson.dumps([getattr(reads.source, "kinds", ()), [list(each) for each in keys], shape(where)])
        found = self.chosen[official] = Chosen(
            where,
            order_by,
            filtered,
            keys,
            asks.decode(),
            parameters(filtered, f"q{self.number}_"),
            (keys, structure(filtered)),
        )
        return found

    def text(self, binding: Binding, name: str) -> str | None:
        page = binding.bound.get(self.number)
        if page is None:
            return None
        asked, names = page.asked, Variables.numbered(self.number, name)
        if isinstance(self.row, RelationShape):
            assert isinstance(asked.source, Relations)  # noqa: S101
            ends = (name, names.node) if asked.source.forward else (names.node, name)
            row = self.row.text(binding, names.relation, *ends)
        else:
            row = self.row.text(binding, names.node)
        wanted_row, prefix = row if self.wanted else None, f"q{self.number}_"
        if isinstance(asked.source, Root):
            text = root_page(asked, names, prefix, wanted_row, placed=self.placed)
        else:
            text = owned_page(asked, names, prefix, wanted_row, placed=self.placed, bare=self.bare)
        return binding.time(page.scope.moment).write(text)
