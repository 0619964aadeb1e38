"""Which operation of a document is meant, and its variables as its declarations want them.

GraphQL, sections 6.1 and 6.1.2; it must not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues, get_variable_values

from schema.documents import NotValid

MOST_ERRORS: Final = 20


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


def coerced(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any], *, hide: bool
) -> VariableValues:
    """The values of the variables; NotValid with every one that is wrong."""
    found = get_variable_values(
        schema, operation.variable_definitions or (), dict(given), max_errors=MOST_ERRORS, hide_suggestions=hide
    )
    if isinstance(found, list):
        raise NotValid(found, None)
    return found
