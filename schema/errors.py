"""How a failure leaves the API: a stable code, a message that names the argument, nothing internal (`api.md` 6).

It must not know transports; what it does not recognise is logged under an error id and masked.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    Node,
    ObjectFieldNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
)

from graph.errors import GraphError

LOG: Final = logging.getLogger("creditgraph.api")
MASKED: Final = "内部错误 · internal error"


class NotValid(Exception):
    """Why a document cannot be run; `document` is None where it could not even be parsed."""

    def __init__(self, errors: list[GraphQLError], document: DocumentNode | None) -> None:
        super().__init__("; ".join(each.message for each in errors))
        self.errors = errors
        self.document = document


def shown_all(errors: Sequence[GraphQLError], document: DocumentNode | None) -> list[dict[str, Any]]:
    """Errors as the response carries them. The document is walked once, and only when an error is about a value."""
    places = Places(document) if document is not None else None
    return [shown(each, places) for each in errors]


def shown(error: GraphQLError, places: Places | None = None) -> dict[str, Any]:
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
    elif cause is None or isinstance(cause, GraphQLError) or (places is not None and error.path is None):
        extensions = {"code": "BAD_USER_INPUT", **{k: v for k, v in (error.extensions or {}).items() if k == "code"}}
        argument = places.argument_of(error) if places is not None else None
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


@dataclass
class Places:
    """Where the input values of a document stand."""

    document: DocumentNode

    def argument_of(self, error: GraphQLError) -> str | None:
        """`check.asOf`: the argument whose value the error is about; for a variable, the argument it is given to."""
        for node in error.nodes or ():
            if isinstance(node, VariableDefinitionNode):
                found = self._of_variables.get(node.variable.name.value)
            else:
                found = self._of_values.get(id(node)) if isinstance(node, ValueNode) else None
            if found is not None:
                return found
        return None

    @cached_property
    def _values(self) -> list[tuple[str, Node]]:
        return list(_values(self.document, ""))

    @cached_property
    def _of_values(self) -> dict[int, str]:
        return {id(value): path for path, value in reversed(self._values) if not isinstance(value, VariableNode)}

    @cached_property
    def _of_variables(self) -> dict[str, str]:
        return {value.name.value: path for path, value in reversed(self._values) if isinstance(value, VariableNode)}


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
