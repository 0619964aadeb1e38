"""Which operation of a document is meant, and its variables as its declarations want them.

GraphQL, sections 6.1 and 6.1.2; it must not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLID,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

from schema.errors import NotValid

MOST_ERRORS: Final = 20
Coerce = Callable[[Any], Any]


def operation_named(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is asked for; NotValid where none or several could be."""
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        found = [each for each in found if each.name is not None and each.name.value == name]
    if not found:
        said = "Must provide an operation." if name is None else f"Unknown operation named '{name}'."
        raise NotValid([GraphQLError(said)], document)
    if len(found) > 1:
        said = "Must provide operation name if query contains multiple operations."
        raise NotValid([GraphQLError(said)], document)
    if found[0].operation is not OperationType.QUERY:
        said = f"Schema is not configured to execute {found[0].operation.value} operation."
        raise NotValid([GraphQLError(said, found)], document)
    return found[0]


class Variables:
    """The variables of one operation. What every request gives, plain values, is coerced without asking the schema."""

    __slots__ = ("_operation", "_quick", "_schema")

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._operation = operation
        self._quick: list[tuple[str, GraphQLVariableSignature, Coerce]] | None = []
        for each in operation.variable_definitions or ():
            signature = get_variable_signature(schema, each)
            coerce = None if isinstance(signature, GraphQLError) else _quick(signature.type)
            if coerce is None or isinstance(signature, GraphQLError):
                self._quick = None
                return
            self._quick.append((signature.name, signature, coerce))

    def coerced(self, given: Mapping[str, Any], *, hide: bool) -> VariableValues:
        """Their values; NotValid with every one that is wrong."""
        if self._quick is not None:
            sources, coerced = {}, {}
            for name, signature, coerce in self._quick:
                value = given.get(name, Undefined)
                found = Undefined if value is Undefined else coerce(value)
                if found is Undefined:
                    break
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = found
            else:
                return VariableValues(sources, coerced)
        values = get_variable_values(
            self._schema,
            self._operation.variable_definitions or (),
            dict(given),
            max_errors=MOST_ERRORS,
            hide_suggestions=hide,
        )
        if isinstance(values, list):
            raise NotValid(values, None)
        return values


def _quick(kind: GraphQLInputType) -> Coerce | None:
    """How a leaf, or a list of leaves, is coerced; `Undefined` for what the library has to look at. Others: None."""
    if isinstance(kind, GraphQLNonNull):
        inner = _quick(kind.of_type)
        return None if inner is None else lambda value: Undefined if value is None else inner(value)
    if isinstance(kind, GraphQLList):
        item = _quick(kind.of_type)
        return None if item is None or isinstance(_bare(kind.of_type), GraphQLList) else _list(item)
    if not is_leaf_type(kind):
        return None
    text, coerce = kind in (GraphQLID, GraphQLString), kind.coerce_input_value

    def leaf(value: Any) -> Any:
        if value is None or (text and type(value) is str):
            return value
        try:
            return coerce(value)
        except Exception:
            return Undefined

    return leaf


def _bare(kind: GraphQLInputType) -> GraphQLInputType:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _list(item: Coerce) -> Coerce:
    def several(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            return Undefined
        found = [item(each) for each in value]
        return Undefined if Undefined in found else found

    return several
