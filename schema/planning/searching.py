"""A page of what a text finds, as a root: its arguments bound to a search, its text, and its hits with their rows.

It must not know how a text is looked for, nor how an answer is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type
from strawberry.types.field import StrawberryField

from graph.codes import MatchKind, StatisticsGroup
from graph.errors import GraphError
from graph.store import search
from graph.store.rows import RECORD_KINDS
from graph.store.search import NOTHING, Page, Shape, Sought, Window
from schema.planning.binding import Binding
from schema.planning.declarations import arguments, no_arguments
from schema.planning.pages import facets_of
from schema.planning.rows import Row
from schema.planning.selection import selected_names
from schema.planning.shapes import Arguments, Child, Place
from schema.scope import Scope
from schema.search import FACETS, SHOWN, SearchConnection, SearchKind, connection
from schema.windows import PAGE, Cursors, cursors, reading, wanted

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler

BEYOND_A_PAGE = frozenset({"totalCount", "truncated", "facets"})


@dataclass(frozen=True, slots=True)
class BoundSearch:
    """A search of one request. `shape` None: nothing is looked among."""

    text: str
    asked: Sought
    shape: Shape | None
    page: Page
    scope: Scope
    cursors: Cursors
    groups: tuple[StatisticsGroup, ...]


@dataclass(eq=False, slots=True)
class SearchRoot(Child):
    """`whole`: something is asked of the window beyond the page; `facets`: the arguments of each."""

    place: Place
    whole: bool
    facets: tuple[Arguments, ...]

    @classmethod
    def of(
        cls, compiler: Compiler, declared: GraphQLField, definition: StrawberryField, same: list[FieldNode]
    ) -> SearchRoot:
        below = selected_names(compiler.selections, [each.selection_set for each in same])
        given = arguments(declared, definition, same[0]) or no_arguments
        place = compiler.place(apart=False)
        place.nodes.need(SHOWN, ("names",))
        connection = get_named_type(declared.type)
        assert isinstance(connection, GraphQLObjectType)  # noqa: S101
        facets = facets_of(compiler, connection, [each.selection_set for each in same])
        return cls(compiler.number(), given, place, not BEYOND_A_PAGE.isdisjoint(below), tuple(facets.values()))

    @property
    def computes(self) -> bool:
        return self.place.nodes.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        try:
            bound = self._bound(binding, scope)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = bound
        binding.key.append((self.number, bound.shape, bound.page, bound.groups))
        if bound.shape is not None:
            self.place.bind(binding, bound.scope, nodes=True, relations=False)

    def _bound(self, binding: Binding, scope: Scope) -> BoundSearch:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        asked = search.sought(given["text"])
        kinds = given.get("kinds")
        among = sorted({*SearchKind} if kinds is None else {*kinds})
        held = cursors(scope, "search", asked.text, ",".join(among))
        want = wanted(held.place, *(given.get(each.name) for each in PAGE))
        codes = [code for each in among for code in (RECORD_KINDS if each == SearchKind.RECORD else (str(each),))]
        who = reading(scope)
        whole = self.whole or want.place is not None or want.backward
        values = search.parameters(asked, codes, who, want.size, want.place, whole=whole)
        binding.parameters.update({f"q{self.number}_{name}": value for name, value in values.items()})
        page = Page(want.place is not None, want.backward)
        groups = dict.fromkeys(each(binding)["by"] for each in self.facets)
        asked_by = tuple(each for each in groups if each in FACETS)
        return BoundSearch(given["text"], asked, search.shape(asked, codes, who), page, scope, held, asked_by)

    def text(self, binding: Binding, name: str) -> str | None:
        bound: BoundSearch = binding.bound[self.number]
        if bound.shape is None:
            return None
        node = f"n{self.number}"
        time = binding.time(bound.scope.moment)
        row = self.place.nodes.text(binding, node)
        return search.page(bound.shape, bound.page, time, f"q{self.number}_", node, row, bound.groups)

    def _hits(self, binding: Binding, columns: Mapping[str, Any]) -> tuple[Window, Sequence[Row | None]]:
        told = columns.get(f"q{self.number}")
        if told is None:
            return NOTHING, ()
        window = Window.of(told)
        return window, [self.place.nodes.row(binding, each.row) for each in window.hits]

    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> list[Row]:
        return [each for each in self._hits(binding, columns)[1] if each is not None]

    def found(self, binding: Binding, columns: Mapping[str, Any]) -> SearchConnection:
        """Raises what was wrong with the arguments."""
        failure = binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundSearch = binding.bound[self.number]
        window, rows = self._hits(binding, columns)
        for hit in window.hits:
            if hit.match is not MatchKind.IDENTIFIER:  # a person found by name: the hit says the name
                bound.scope.operation.access.note((hit.id,))
        return connection(window, rows, bound.text, bound.asked, bound.cursors, bound.groups, bound.scope)
