"""Relations that are nodes of the API, and findings of responsibility: their fields and their ends.

It must not know how they are read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, get_named_type, is_non_null_type

from graph.vocabulary import RELATIONS
from schema.planning.binding import Binding
from schema.planning.columns import CONVERTED, Column, listed, typed
from schema.planning.declarations import Sets, definition_of, reads_of
from schema.planning.shapes import RelationShape
from schema.planning.writers import FieldWriter, Run, Write, write_object
from schema.reads import End, Stored

if TYPE_CHECKING:
    from schema.planning.compiling import Compiler

TYPES: Final = {each.name: each.type for kind in RELATIONS.values() for each in kind.properties}


def relations(compiler: Compiler, shape: RelationShape, kind: GraphQLObjectType, sets: Sets) -> Write:
    """Writes a `RelationRow`, or a listed one."""
    fields, columns = list[FieldWriter](), list[Column]()
    for key, same in compiler.selections.fields(kind, sets).items():
        node = same[0]
        if node.name.value == "__typename":
            fields.append(compiler.typename(key, node, kind))
            columns.append(typed(key, node, kind.name))
            continue
        declared = kind.fields[node.name.value]
        write, composite, column = _field(compiler, shape, declared, same)
        fields.append(FieldWriter(key, write, not is_non_null_type(declared.type), composite, node))
        if column is None:
            shape.stored = False
        else:
            columns.append(column._replace(key=key))
    lists: list[Write] = []
    compiler.later.append(lambda: lists.append(listed(columns, shape.places)) if shape.stored else None)
    return lambda row, run: lists[0](row, run) if type(row) is list else write_object(fields, row, run)


def _field(
    compiler: Compiler, shape: RelationShape, declared: GraphQLField, same: list[FieldNode]
) -> tuple[Write, bool, Column | None]:
    node, inner = same[0], [each.selection_set for each in same]
    definition = definition_of(declared)
    match reads_of(definition):
        case End(end):
            show = _end(compiler, shape, end, get_named_type(declared.type), inner)
            required = is_non_null_type(declared.type)
            column = Column("", end, node, below=lambda raw, owner, run: show(run.binding, raw, run), required=required)
            return (lambda relation, run: show(relation.binding, relation.raw[end], run)), True, column
        case Stored(name):
            shape.properties.add(name)
            convert = CONVERTED[TYPES[name]]
            return (lambda relation, run: convert(relation.raw.get(name))), False, Column("", name, node, convert)
        case None if node.name.value == "id":
            return (lambda relation, run: relation.raw["id"]), False, Column("", "id", node)
    return *compiler.value(declared, definition, node, inner, None), None


def _end(
    compiler: Compiler, shape: RelationShape, end: str, kind: GraphQLNamedType, sets: Sets
) -> Callable[[Binding, Any, Run], Any]:
    at = shape.ends.get(end)
    if at is None:
        at = shape.ends[end] = compiler.shape(kind, apart=shape.apart)
    at.kinds |= compiler.kinds(kind)
    rows = compiler.rows(at, kind, sets)
    return lambda binding, raw, run: rows(at.row(binding, raw), run)
