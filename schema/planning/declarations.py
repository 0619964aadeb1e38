"""What the served schema says of a field: its method, its arguments, what it reads, which kinds its type stands for.

It must not know positions nor answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    SelectionSetNode,
)
from graphql.execution.values import get_argument_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

import schema.record_kinds
import schema.relations  # noqa: F401 - registers posts, holdings and lists
from schema import nodes
from schema.planning.binding import Binding
from schema.planning.literals import Unusual, has_variables, made_of
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
    written = {each.name.value: each for each in node.arguments or ()}
    open_to = {key: each for key, each in written.items() if has_variables(each)}
    if not open_to:
        constant = {names[key]: value for key, value in get_argument_values(declared, node).items()}
        return lambda binding: constant
    made = [(names[key], made_of(each.value, declared.args[key].type)) for key, each in open_to.items()]
    makers = [(name, make) for name, make in made if make is not None]
    known = {names[key]: value for key, value in _without(declared, node, frozenset(open_to)).items()}

    def given(binding: Binding) -> Mapping[str, Any]:
        found = binding.arguments.get(id(node))
        if found is None:
            try:
                if len(makers) != len(made):
                    raise Unusual
                coerced = binding.variables.coerced
                found = {**known, **{name: make(coerced) for name, make in makers}}
            except Unusual:
                values = get_argument_values(declared, node, binding.variables)
                found = {names[key]: value for key, value in values.items()}
            binding.arguments[id(node)] = found
        return found

    return given


def _without(declared: GraphQLField, node: FieldNode, left_out: frozenset[str]) -> Mapping[str, Any]:
    """The values of all arguments but some."""
    others = {key: each for key, each in declared.args.items() if key not in left_out}
    written = tuple(each for each in node.arguments or () if each.name.value not in left_out)
    return get_argument_values(
        GraphQLField(declared.type, args=others), FieldNode(name=node.name, arguments=written), None
    )


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
