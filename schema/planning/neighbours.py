"""Fields that are neighbours of a node: the one, or all that the reader may see, in the order of their ids.

It must not know how they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType

from schema.planning.declarations import Sets
from schema.planning.rows import Row
from schema.planning.shapes import Neighbour
from schema.planning.writers import Run, Write, completed, write_object
from schema.reads import NearTo

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler


def neighbour_writer(
    compiler: Compiler,
    child: Neighbour,
    reads: NearTo,
    declared: GraphQLField,
    named: GraphQLNamedType,
    sets: Sets,
) -> Write:
    """A field of neighbours: the one, or all that the reader may see, in the order of their ids."""
    if child.relation is not None:
        assert isinstance(named, GraphQLObjectType)  # noqa: S101
        relation = child.relation
        fields = compiler.relation_fields(relation, named, sets)
        items = completed(declared.type, lambda _: lambda each, run: write_object(fields, each, run), True)

        def related(row: Row, run: Run) -> Any:
            if not child.may_read(row):
                return None
            said = sorted(row.raw[child.key], key=lambda each: str(each["id"]))
            return items([relation.row(row.binding, each) for each in said], run)

        return related
    rows = compiler.rows(child.shape, named, sets)
    if not reads.many:

        def one(row: Row, run: Run) -> Any:
            near = row.raw[child.key]
            if not near:
                return None
            return rows(child.shape.row(row.binding, min(near, key=lambda each: str(each["id"]))), run)

        return one
    items = completed(declared.type, lambda _: rows, True)

    def many(row: Row, run: Run) -> Any:
        if not child.may_read(row):
            return []
        found = [child.shape.row(row.binding, each) for each in in_order(row.raw[child.key])]
        if found:
            child.note(row)
        return items([each for each in found if each is not None], run)

    return many


def in_order(near: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each node once, by its id."""
    by_id = {str(each["id"]): each for each in near}
    return [by_id[id] for id in sorted(by_id)]
