"""Values written into a document with variables in them, prepared once: each request only puts its variables in.

What is unusual, a variable that is not given or a null that must not be, is left to graphql-core. It must not know what
a value is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
)
from graphql.utilities import coerce_input_literal

Make = Callable[[Mapping[str, Any]], Any]  # from the coerced variables


class Unusual(Exception):
    """The library has to look at this value."""


def has_variables(node: Any) -> bool:
    if isinstance(node, VariableNode):
        return True
    lists = (getattr(node, name, None) or () for name in ("arguments", "fields", "values"))
    value = getattr(node, "value", None)
    return any(map(has_variables, chain(*lists))) or (hasattr(value, "kind") and has_variables(value))


def made_of(node: ValueNode, kind: GraphQLInputType) -> Make | None:
    """How the value of a literal is made; None where that is the library's to know."""
    if isinstance(node, VariableNode):
        return _variable(node.name.value, required=isinstance(kind, GraphQLNonNull))
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if not has_variables(node):
        constant = coerce_input_literal(node, kind)
        return None if constant is Undefined else lambda coerced: constant
    if isinstance(kind, GraphQLList) and isinstance(node, ListValueNode):
        items = [made_of(each, kind.of_type) for each in node.values]
        known = [each for each in items if each is not None]
        return (lambda coerced: [make(coerced) for make in known]) if len(known) == len(items) else None
    if isinstance(kind, GraphQLInputObjectType) and isinstance(node, ObjectValueNode) and not kind.is_one_of:
        return _object(node, kind)
    return None


def _variable(name: str, *, required: bool) -> Make:
    def value(coerced: Mapping[str, Any]) -> Any:
        found = coerced.get(name, Undefined)
        if found is Undefined or (required and found is None):
            raise Unusual
        return found

    return value


def _object(node: ObjectValueNode, kind: GraphQLInputObjectType) -> Make | None:
    written = {each.name.value: each.value for each in node.fields}
    parts: list[tuple[str, Make]] = []
    for name, declared in kind.fields.items():
        if name not in written:
            if declared.default is not None or declared.default_value is not Undefined:
                return None
            continue
        make = made_of(written[name], declared.type)
        if make is None:
            return None
        parts.append((declared.out_name or name, make))
    out = kind.out_type
    return lambda coerced: out({name: make(coerced) for name, make in parts})
