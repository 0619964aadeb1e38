"""Connections: the rows of a page with their cursors, and how they are written.

It must not know how a page is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from graphql import FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, get_named_type, is_non_null_type
from strawberry.types.field import StrawberryField

from graph.codes import StatisticsGroup
from graph.store import groups
from graph.store.asked import Relations, Root
from graph.vocabulary import BY_LABEL
from schema.connections import Facet
from schema.planning.binding import Binding
from schema.planning.columns import Column, Rows
from schema.planning.declarations import Sets, arguments, definition_of, no_arguments
from schema.planning.listing import BoundPage, PageOf
from schema.planning.relating import relations
from schema.planning.rows import Row
from schema.planning.selection import selected_names
from schema.planning.shapes import Arguments, NodeShape, RelationShape
from schema.planning.writers import FieldWriter, Run, Write, write_list, write_object
from schema.reads import Paged
from schema.windows import Cursors

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler

Shown = Callable[[Binding, str, Any, Run], Any]


Entry = tuple[str, list[Any], Any]  # id and keys make the cursor


class ShownPage:
    """A page as the API shows it: one read backwards is turned round."""

    __slots__ = (
        "_asked",
        "_cursors",
        "_facets",
        "bound",
        "entries",
        "has_next",
        "has_previous",
        "owner",
        "rows",
        "total",
    )

    def __init__(self, child: PageOf, binding: Binding, owner: str, raw: Any) -> None:
        bound: BoundPage | None = binding.bound[child.number]
        self.bound, self.owner = bound, owner
        self._cursors: Cursors | None = None
        self._facets: dict[StatisticsGroup, list[Any]] = {}
        self.entries, self.rows = list[Entry](), cast("Sequence[Any]", ())
        if bound is None:
            self._asked = child.asked_facets(binding)
            self.has_next, self.has_previous, self.total = False, False, 0
            return
        self._asked = bound.faceted
        bound.check(owner)
        further: Any
        rows, total, further = (raw, None, None) if child.bare else raw
        if bound.faceted.groups:
            further, found = further
            self._facets = groups.by_group(bound.faceted.groups, found)
        size, backward = bound.request.size, bound.request.backward
        more = len(rows) > size
        rows = rows[:size]
        if backward:
            rows = rows[::-1]
        self.has_next = bool(further) if backward else more
        self.has_previous = more if backward else bool(further)
        self.total = total or 0
        if not child.placed:
            self.rows = child.row.rows(binding, rows)
            return
        found = child.row.read(binding, [each[2] for each in rows])
        self.entries = [(id, keys, row) for (id, keys, _), row in zip(rows, found, strict=True) if row is not None]
        self.rows = [each[2] for each in self.entries]

    @property
    def cursors(self) -> Cursors:
        if self._cursors is None:
            assert self.bound is not None  # noqa: S101 - entries have been read
            self._cursors = self.bound.cursors(self.owner)
        return self._cursors

    def facets(self, key: str) -> list[Facet]:
        """By the key of the field; none of a list the reader sees nothing of."""
        if key in self._asked.refused:
            raise self._asked.refused[key]
        if self.bound is None:
            return []
        group = self._asked.asked[key]
        values = self.bound.scope.capped(self._facets[group], groups.MOST_VALUES, "facets", self.owner)
        return [Facet(found=(group, value, count, name)) for value, count, name in values]

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


def page(
    compiler: Compiler,
    shape: NodeShape,
    reads: Paged,
    declared: GraphQLField,
    definition: StrawberryField,
    same: list[FieldNode],
) -> tuple[Write, bool, Column]:
    """A page below a node: its writers, from a `Row` and from a listed one."""
    key = ("page", id(same[0]))
    child = shape.children.get(key)
    if child is None:
        child = shape.children[key] = page_of(compiler, reads, declared, definition, same, apart=shape.apart)
    assert isinstance(child, PageOf)  # noqa: S101
    show = connection_fields(compiler, child, get_named_type(declared.type), [each.selection_set for each in same])

    def write(row: Row, run: Run) -> Any:
        return show(row.binding, row.id, row.raw.get(child.key), run)

    def below(raw: Any, owner: str, run: Run) -> Any:
        return show(run.binding, owner, raw, run)

    return write, True, Column("", child.key, same[0], below=below, required=True)


def page_of(
    compiler: Compiler,
    reads: Paged,
    declared: GraphQLField,
    definition: StrawberryField,
    same: list[FieldNode],
    *,
    apart: bool,
) -> PageOf:
    connection = get_named_type(declared.type)
    assert isinstance(connection, GraphQLObjectType)  # noqa: S101
    below = selected_names(compiler.selections, [each.selection_set for each in same])
    info = below.get("pageInfo", {})
    row: NodeShape | RelationShape
    if isinstance(reads.source, Relations):
        row = compiler.relation(apart=apart)
    else:
        row = compiler.shape(get_named_type(connection.fields["nodes"].type), apart=apart)
        row.guarded = True
        row.alone = isinstance(reads.source, Root) and reads.source.label in BY_LABEL
    edges = below.get("edges", {})
    return PageOf(
        compiler.number(),
        arguments(declared, definition, same[0]) or no_arguments,
        same[0].name.value,
        reads,
        row,
        not below.keys() <= {"totalCount", "facets", "__typename"},
        "cursor" in edges or not info.keys().isdisjoint(("startCursor", "endCursor")),
        "totalCount" in below,
        "hasNextPage" in info,
        "hasPreviousPage" in info,
        facets_of(compiler, connection, [each.selection_set for each in same]),
    )


def connection_fields(compiler: Compiler, child: PageOf, kind: GraphQLNamedType, sets: Sets) -> Shown:
    """Writes a page from (binding, id of the owner, [rows, total, further])."""
    assert isinstance(kind, GraphQLObjectType)  # noqa: S101
    selected = compiler.selections.fields(kind, sets)
    if not child.placed and [same[0].name.value for same in selected.values()] == ["nodes"]:
        return _nodes_only(compiler, child, kind, *selected.items())
    fields = [_field(compiler, child, kind, key, same) for key, same in selected.items()]

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


def _nodes_only(
    compiler: Compiler, child: PageOf, kind: GraphQLObjectType, selected: tuple[str, list[FieldNode]]
) -> Shown:
    """What most pages below a node are, of which one answer has a hundred: nothing but their rows is made."""
    key, same = selected
    number, bare = child.number, child.bare
    rows = _rows(compiler, child, get_named_type(kind.fields["nodes"].type), [each.selection_set for each in same])
    items = rows.items if isinstance(rows, Rows) else write_list(rows, False, True)
    fields = [FieldWriter(key, items, False, True, same[0])]

    def write(binding: Binding, owner: str, raw: Any, run: Run) -> Any:
        failure = binding.failures.get(number)
        if failure is not None:
            raise failure
        bound: BoundPage | None = binding.bound[number]
        found: Sequence[Any] = ()
        if bound is not None:
            bound.check(owner)
            found, size = raw if bare else raw[0], bound.request.size
            if len(found) > size:
                found = found[:size]
            if found:
                found = child.row.rows(binding, found[::-1] if bound.request.backward else found)
        return write_object(fields, found, run)

    return write


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
            write = rows.items if isinstance(rows, Rows) else write_list(rows, False, True)
            return FieldWriter(key, lambda page, run: write(page.rows, run), False, True, node)
        case "edges":
            assert isinstance(named, GraphQLObjectType)  # noqa: S101
            edge = [
                _edge(compiler, child, named, below, each)
                for below, each in compiler.selections.fields(named, inner).items()
            ]
            write = write_list(lambda entry, run: write_object(edge, entry, run), False, True)
            if not child.placed:
                return FieldWriter(
                    key, lambda page, run: write([(page, ("", (), each)) for each in page.rows], run), False, True, node
                )
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
        return relations(compiler, child.row, kind, sets)
    return compiler.rows(child.row, kind, sets)
