"""What the served schema says of a field: its method, its arguments, what it reads, which kinds its type stands for.

It must not know positions nor answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, Final, cast

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.values import get_argument_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

import schema.record_kinds
import schema.relations  # noqa: F401 - registers posts, holdings and lists
from schema import nodes
from schema.planning.binding import Binding
from schema.reads import READS, Reads

DATES: Final = frozenset({"asOf", "knownAt"})
Sets = Sequence[SelectionSetNode | None]


def dates_of(node: FieldNode) -> list[ArgumentNode]:
    """The dates of its own a field is given."""
    return [each for each in node.arguments or () if each.name.value in DATES]


def no_arguments(binding: Binding) -> Mapping[str, Any]:
    return {}


def definition_of(declared: GraphQLField) -> StrawberryField:
    found: StrawberryField = declared.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return found


def method_of(definition: StrawberryField) -> Callable[..., Any]:
    assert definition.base_resolver is not None, definition.name  # noqa: S101
    return cast("Callable[..., Any]", definition.base_resolver.wrapped_func)


def reads_of(definition: StrawberryField) -> Reads | None:
    metadata: Mapping[Any, Any] = definition.metadata or {}
    found: Reads | None = metadata.get(READS)
    return found


def takes_info(definition: StrawberryField) -> bool:
    return definition.base_resolver is not None and definition.base_resolver.info_parameter is not None


def arguments(
    declared: GraphQLField, definition: StrawberryField, node: FieldNode
) -> Callable[[Binding], Mapping[str, Any]] | None:
    """The arguments a field is given, by their names in Python; None where it takes none."""
    if not declared.args:
        return None
    names = dict(zip(declared.args, (each.python_name for each in definition.arguments), strict=True))
    if not _has_variables(node):
        constant = {names[key]: value for key, value in get_argument_values(declared, node).items()}
        return lambda binding: constant

    def given(binding: Binding) -> Mapping[str, Any]:
        found = binding.arguments.get(id(node))
        if found is None:
            values = get_argument_values(declared, node, binding.variables)
            found = binding.arguments[id(node)] = {names[key]: value for key, value in values.items()}
        return found

    return given


def _has_variables(node: Any) -> bool:
    if isinstance(node, VariableNode):
        return True
    lists = (getattr(node, name, None) or () for name in ("arguments", "fields", "values"))
    value = getattr(node, "value", None)
    return any(map(_has_variables, chain(*lists))) or (hasattr(value, "kind") and _has_variables(value))


def type_name(declared: type) -> str:
    return str(declared.__strawberry_definition__.name)  # type: ignore[attr-defined]


def is_entity(kind: GraphQLNamedType) -> bool:
    """Whether values of a type have an id of the graph."""
    if isinstance(kind, GraphQLInterfaceType):
        return True
    return isinstance(kind, GraphQLObjectType) and (kind.name in CODES or kind.name in RELATION_NAMES)


KIND_NAMES: Final[Mapping[str, str]] = {code: type_name(each) for code, each in nodes.KINDS.items()}
CODES: Final[Mapping[str, str]] = {name: code for code, name in KIND_NAMES.items()}
RELATION_NAMES: Final = tuple(dict.fromkeys(type_name(each) for each in nodes.RELATIONS.values()))
