"""Fields that are neighbours of a node: the one, or all that the reader may see, in the order of their ids.

It must not know how they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType

from schema.planning.binding import Binding
from schema.planning.declarations import Sets
from schema.planning.relating import relations
from schema.planning.rows import Row
from schema.planning.shapes import Neighbour
from schema.planning.writers import Run, Write, completed
from schema.reads import NearTo

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler

Shown = Callable[[Binding, Sequence[Any], Run], Any]


def neighbour_writer(
    compiler: Compiler,
    child: Neighbour,
    reads: NearTo,
    declared: GraphQLField,
    named: GraphQLNamedType,
    sets: Sets,
) -> Shown:
    """A field of neighbours: the one, or all that the reader may see, in the order of their ids."""
    if child.relation is not None:
        assert isinstance(named, GraphQLObjectType)  # noqa: S101
        relation = child.relation
        items = completed(declared.type, lambda _: relations(compiler, relation, named, sets), True)
        return lambda binding, near, run: items(relation.rows(binding, in_order(near)), run)
    rows = compiler.rows(child.shape, named, sets)
    if not reads.many:

        def one(binding: Binding, near: Sequence[Any], run: Run) -> Any:
            return rows(child.shape.row(binding, min(near, key=identity)), run) if near else None

        return one
    full = str(declared.type).endswith("!]!")  # nothing in it may be null
    items = rows.items if full else completed(declared.type, lambda _: rows, True)

    def many(binding: Binding, near: Sequence[Any], run: Run) -> Any:
        return items(child.shape.rows(binding, in_order(near)), run)

    return many


def closed(child: Neighbour, reads: NearTo, show: Shown) -> Write:
    """Neighbours that not everybody may read, of the row of a node: none where this reader may not."""

    def write(row: Row, run: Run) -> Any:
        near = child.raws(row)
        if not child.may_read(row):
            return [] if reads.many and child.relation is None else None
        if near and child.relation is None:
            child.note(row)
        return show(row.binding, near, run)

    return write


def identity(near: Any) -> str:
    """The id of a row, listed or not."""
    return str(near[1] if type(near) is list else near["id"])


def in_order(near: Sequence[Any]) -> list[Any]:
    """Each node once, by its id."""
    if len(near) < 2:
        return list(near)
    by_id = {identity(each): each for each in near}
    return [by_id[id] for id in sorted(by_id)]
