"""A page as a position: its arguments bound to what the store is asked, its text, its place in the key of a statement.

It must not know how a page is written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from graph.codes import StatisticsGroup
from graph.conditions import TRUE
from graph.errors import Forbidden, GraphError, Invalid
from graph.store.asked import Asked, Relations, Root, Source, Variables
from graph.store.conditions import structure
from graph.store.groups import GROUPS, SHARED_GROUPS
from graph.store.pages import owned_page
from graph.store.places import page_parameters
from graph.store.roots import root_page
from graph.views import PageRequest
from graph.vocabulary import RELATIONS
from schema.filters import condition, orders, shape
from schema.planning.binding import Binding
from schema.planning.shapes import Arguments, Child, NodeShape, RelationShape
from schema.reads import Paged
from schema.scope import Scope
from schema.windows import PAGE, PAGE_SIZE, Cursors, Wanted, cursors, unchecked, wanted


@dataclass(frozen=True, slots=True)
class BoundPage:
    """A page of one request. `cursor`: given for a nested page, whose owner it is checked against when he is known."""

    asked: Asked
    scope: Scope
    want: Wanted
    cursor: str | None
    field: str
    asks: str
    groups: Mapping[str, StatisticsGroup] = dataclasses.field(default_factory=dict)
    refused: Mapping[str, GraphError] = dataclasses.field(default_factory=dict)

    def cursors(self, owner: str) -> Cursors:
        return cursors(self.scope, self.field, owner, self.asks)

    def check(self, owner: str) -> None:
        """Raises Invalid where the cursor given is one of another owner's page, or of none."""
        if self.cursor is not None:
            self.cursors(owner).place(self.cursor, "before" if self.want.backward else "after")


def groupable(source: Source, group: StatisticsGroup, *, official: bool) -> StatisticsGroup:
    """The group itself; raises Invalid where a list has none such, Forbidden where the reader may read it of nobody."""
    known = GROUPS.get(source.target, {})
    if group not in known:
        raise Invalid(
            f"by: 此列表不按 {group.value} 分面,可用 · this list has facets by {', '.join(sorted(known)) or 'nothing'}",
            argument="by",
        )
    if source == Root("Person") and group in SHARED_GROUPS and not official:
        raise Forbidden(f"by: 无权按此分面 · not a facet you may ask for: {group.value}", argument="by")
    return group


@dataclass(eq=False, slots=True)
class PageOf(Child):
    """A page; of the node it hangs on, or of everything where its source is a root."""

    field: str
    reads: Paged
    row: NodeShape | RelationShape
    count: bool
    has_next: bool
    has_previous: bool
    facets: Mapping[str, Arguments] = dataclasses.field(default_factory=dict)  # by their keys in the answer

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
        if page is not None and self.facets:
            page = binding.bound[self.number] = self._faceted(binding, page)
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
                *(structure(asked.condition), asked.facets),
            )
        )
        self.row.bind(binding, page.scope)

    def _faceted(self, binding: Binding, page: BoundPage) -> BoundPage:
        """The page with what its facets ask; one that asks by what there is not is refused where it is written."""
        official = page.scope.operation.access.official
        asked: dict[str, StatisticsGroup] = {}
        refused: dict[str, GraphError] = {}
        for key, arguments in self.facets.items():
            group = arguments(binding)["by"]
            try:
                asked[key] = groupable(page.asked.source, group, official=official)
            except GraphError as error:
                refused[key] = error
        groups = tuple(dict.fromkeys(asked.values()))
        return replace(page, asked=replace(page.asked, facets=groups), groups=asked, refused=refused)

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
