"""How a failure leaves the API: a stable code, a message that names the argument, nothing internal (`api.md` 6).

It must not know transports; what it does not recognise is logged under an error id and masked.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    Node,
    ObjectFieldNode,
    VariableDefinitionNode,
    VariableNode,
)

from graph.errors import GraphError

LOG: Final = logging.getLogger("creditgraph.api")
MASKED: Final = "内部错误 · internal error"


def shown(error: GraphQLError, document: DocumentNode | None = None) -> dict[str, Any]:
    """One error as the response carries it."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    extensions: dict[str, Any]
    message = error.message
    if isinstance(cause, GraphError):
        extensions = {"code": cause.code}
        if cause.argument is not None:
            extensions["argument"] = cause.argument
            message = cause.message if cause.argument in cause.message else f"{cause.argument}: {cause.message}"
    elif cause is None or isinstance(cause, GraphQLError) or (document is not None and error.path is None):
        extensions = {"code": "BAD_USER_INPUT", **{k: v for k, v in (error.extensions or {}).items() if k == "code"}}
        argument = _argument_at(document, error) if document is not None else None
        if argument is not None:
            extensions["argument"] = argument
            message = f"{argument}: {message}"
    else:
        extensions, message = masked(cause)
    answer: dict[str, Any] = {"message": message}
    if error.locations:
        answer["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path is not None:
        answer["path"] = error.path
    return {**answer, "extensions": extensions}


def refusal(error: GraphError) -> dict[str, Any]:
    """An error about the whole operation."""
    return shown(GraphQLError(error.message, original_error=error))


def masked(cause: BaseException) -> tuple[dict[str, Any], str]:
    error_id = secrets.token_hex(8)
    LOG.error("error %s", error_id, exc_info=cause)
    return {"code": "INTERNAL", "errorId": error_id}, MASKED


def _argument_at(document: DocumentNode, error: GraphQLError) -> str | None:
    """`check.asOf`: the argument whose value the error is about; for a variable, the argument it is given to."""
    nodes = error.nodes or []
    variables = {each.variable.name.value for each in nodes if isinstance(each, VariableDefinitionNode)}
    places = {id(each) for each in nodes}
    for path, value in _values(document, ""):
        if id(value) in places and not isinstance(value, VariableNode):
            return path
        if isinstance(value, VariableNode) and value.name.value in variables:
            return path
    return None


def _values(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every input value of a document with the path of its argument."""
    for key in node.keys:
        children = getattr(node, key, None)
        for child in children if isinstance(children, list | tuple) else (children,):
            if not isinstance(child, Node):
                continue
            match child:
                case FieldNode():
                    yield from _values(child, child.name.value)
                case ArgumentNode() | ObjectFieldNode():
                    inner = f"{path}.{child.name.value}" if path else child.name.value
                    yield inner, child.value
                    yield from _values(child, inner)
                case _:
                    if path and "." in path:
                        yield path, child
                    yield from _values(child, path)
