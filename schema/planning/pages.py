"""Connections: the rows of a page with their cursors, and how they are written.

It must not know how a page is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLNamedType, GraphQLObjectType, get_named_type, is_non_null_type

from graph.codes import StatisticsGroup
from schema.connections import Facet
from schema.planning.binding import Binding
from schema.planning.declarations import Sets, arguments, definition_of, no_arguments
from schema.planning.listing import BoundPage, PageOf
from schema.planning.rows import RelationRow, Row
from schema.planning.shapes import Arguments, RelationShape
from schema.planning.writers import FieldWriter, Run, Write, write_list, write_object
from schema.windows import Cursors

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler

Shown = Callable[[Binding, str, Any, Run], Any]


Entry = tuple[str, list[Any], Row | RelationRow]  # id and keys make the cursor


class ShownPage:
    """A page as the API shows it: one read backwards is turned round."""

    __slots__ = ("_cursors", "_facets", "bound", "entries", "has_next", "has_previous", "owner", "total")

    def __init__(self, child: PageOf, binding: Binding, owner: str, raw: Any) -> None:
        bound: BoundPage | None = binding.bound[child.number]
        self.bound, self.owner = bound, owner
        self._cursors: Cursors | None = None
        self._facets: dict[StatisticsGroup, list[Any]] = {}
        if bound is None:
            self.entries, self.has_next, self.has_previous, self.total = list[Entry](), False, False, 0
            return
        bound.check(owner)
        rows, total, further = raw
        if bound.asked.facets:
            further, found = further
            self._facets = dict(zip(bound.asked.facets, found, strict=True))
        size, backward = bound.want.size, bound.want.backward
        more = len(rows) > size
        rows = rows[:size]
        if backward:
            rows = rows[::-1]
        self.has_next = bool(further) if backward else more
        self.has_previous = more if backward else bool(further)
        self.total = total or 0
        shown = ((id, keys, child.row.row(binding, row)) for id, keys, row in rows)
        self.entries = [(id, keys, row) for id, keys, row in shown if row is not None]

    @property
    def cursors(self) -> Cursors:
        if self._cursors is None:
            assert self.bound is not None  # noqa: S101 - entries have been read
            self._cursors = self.bound.cursors(self.owner)
        return self._cursors

    def facets(self, key: str) -> list[Facet]:
        """By the key of the field; none of a list the reader sees nothing of."""
        if self.bound is None:
            return []
        if key in self.bound.refused:
            raise self.bound.refused[key]
        group = self.bound.groups[key]
        return [Facet(found=(group, value, count, name)) for value, count, name in self._facets[group]]

    def cursor(self, entry: Entry) -> str:
        id, keys, _ = entry
        return self.cursors.of((*keys, id))

    @property
    def start_cursor(self) -> str | None:
        return self.cursor(self.entries[0]) if self.entries else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor(self.entries[-1]) if self.entries else None


INFO = {
    "hasNextPage": lambda page, run: page.has_next,
    "hasPreviousPage": lambda page, run: page.has_previous,
    "startCursor": lambda page, run: page.start_cursor,
    "endCursor": lambda page, run: page.end_cursor,
}


def connection_fields(compiler: Compiler, child: PageOf, kind: GraphQLNamedType, sets: Sets) -> Shown:
    """Writes a page from (binding, id of the owner, [rows, total, further])."""
    assert isinstance(kind, GraphQLObjectType)  # noqa: S101
    fields = [_field(compiler, child, kind, key, same) for key, same in compiler.selections.fields(kind, sets).items()]

    def write(binding: Binding, owner: str, raw: Any, run: Run) -> Any:
        failure = binding.failures.get(child.number)
        if failure is not None:
            raise failure
        return write_object(fields, ShownPage(child, binding, owner, raw), run)

    return write


def facets_of(compiler: Compiler, kind: GraphQLObjectType, sets: Sets) -> dict[str, Arguments]:
    """What the facets selected of a page are given, by their keys in the answer."""
    declared = kind.fields["facets"]
    return {
        key: arguments(declared, definition_of(declared), same[0]) or no_arguments
        for key, same in compiler.selections.fields(kind, sets).items()
        if same[0].name.value == "facets"
    }


def _field(compiler: Compiler, child: PageOf, kind: GraphQLObjectType, key: str, same: list[FieldNode]) -> FieldWriter:
    node, inner = same[0], [each.selection_set for each in same]
    name = node.name.value
    if name == "__typename":
        return compiler.typename(key, node, kind)
    declared = kind.fields[name]
    named = get_named_type(declared.type)
    match name:
        case "nodes":
            rows = _rows(compiler, child, named, inner)
            write = write_list(lambda entry, run: rows(entry[2], run), False, True)
            return FieldWriter(key, lambda page, run: write(page.entries, run), False, True, node)
        case "edges":
            assert isinstance(named, GraphQLObjectType)  # noqa: S101
            edge = [
                _edge(compiler, child, named, below, each)
                for below, each in compiler.selections.fields(named, inner).items()
            ]
            write = write_list(lambda entry, run: write_object(edge, entry, run), False, True)
            return FieldWriter(
                key, lambda page, run: write([(page, each) for each in page.entries], run), False, True, node
            )
        case "pageInfo":
            assert isinstance(named, GraphQLObjectType)  # noqa: S101
            info = [
                compiler.typename(below, each[0], named)
                if each[0].name.value == "__typename"
                else FieldWriter(below, INFO[each[0].name.value], True, False, each[0])
                for below, each in compiler.selections.fields(named, inner).items()
            ]
            return FieldWriter(key, lambda page, run: write_object(info, page, run), False, True, node)
        case "facets":
            write, _ = compiler.complete(declared.type, inner, None)
            return FieldWriter(key, lambda page, run: write(page.facets(key), run), True, True, node)
        case "totalCount":
            return FieldWriter(key, lambda page, run: page.total, False, False, node)
    raise AssertionError(name)


def _edge(compiler: Compiler, child: PageOf, kind: GraphQLObjectType, key: str, same: list[FieldNode]) -> FieldWriter:
    node, inner = same[0], [each.selection_set for each in same]
    match node.name.value:
        case "__typename":
            return compiler.typename(key, node, kind)
        case "cursor":
            return FieldWriter(key, lambda entry, run: entry[0].cursor(entry[1]), False, False, node)
    declared = kind.fields[node.name.value]
    rows = _rows(compiler, child, get_named_type(declared.type), inner)
    return FieldWriter(key, lambda entry, run: rows(entry[1][2], run), not is_non_null_type(declared.type), True, node)


def _rows(compiler: Compiler, child: PageOf, kind: GraphQLNamedType, sets: Sets) -> Write:
    """Nodes of a page; edges and nodes are written from the same rows."""
    if isinstance(child.row, RelationShape):
        assert isinstance(kind, GraphQLObjectType)  # noqa: S101
        fields = compiler.relation_fields(child.row, kind, sets)
        return lambda row, run: write_object(fields, row, run)
    return compiler.rows(child.row, kind, sets)
