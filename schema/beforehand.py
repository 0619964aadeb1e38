"""Trusted documents made ready before anybody asks: checked, compiled, and planned for the readers that ask them.

It must not run anything. What a variable will be is not known: a plan is made of each with what it requires alone, and
with its dates and sizes given; other shapes are planned when they are asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    is_required_input_field,
    type_from_ast,
)

from graph.codes import Role
from graph.errors import GraphError
from graph.periods import SHANGHAI, Moment
from schema.access import Access
from schema.errors import NotValid
from schema.operation import World
from schema.planning.running import plan_program
from schema.reader import Reader
from schema.scope import Operation

READERS: Final = (Reader(Role.GOVERNMENT), Reader(Role.PUBLIC))
# A value of each scalar that every argument of its kind takes; texts may be cursors, which nobody can make up.
SAMPLES: Final[Mapping[str, Any]] = {
    "ID": "ent_0000",
    "String": "ent_0000",
    "Int": 1,
    "Boolean": True,
    "Date": "2020-01-01",
    "DateTime": "2020-01-01T00:00:00+08:00",
    "Decimal": "1",
    "Float": 1.0,
}
GIVEN: Final = frozenset({"Date", "Int"})  # what is left out as often as not, and makes another statement


def trust(world: World, texts: Mapping[str, str]) -> None:
    """Make every document of a list ready; raises Invalid naming the first one that is wrong."""
    world.documents.trust(texts)
    now = world.clock().astimezone(SHANGHAI)
    for text in texts.values():
        for reader in READERS:
            with suppress(NotValid, GraphError):  # too much for this reader
                _plan(world, text, Operation(world, Access(reader), now, Moment(now.date())))


async def trust_in_turn(world: World, texts: Mapping[str, str]) -> None:
    """The same while the world answers: a document is a tenth of a second of everybody's, so they come one by one."""
    for name, text in texts.items():
        trust(world, {name: text})
        await asyncio.sleep(0)


def _plan(world: World, text: str, operation: Operation) -> None:
    found = world.documents.checked(text, operation.access.reader)
    for each in found.document.definitions:
        if not isinstance(each, OperationDefinitionNode) or each.operation is not OperationType.QUERY:
            continue
        asked, declared = found.programs.operation(each.name.value if each.name else None)
        for given in _given(world.schema._schema, asked):
            with suppress(NotValid, GraphError):  # a value that was made up and is refused
                variables = declared.coerced(given, hide=False)
                program = found.programs.program(asked, variables.coerced)
                plan_program(program, found.document, operation, variables)


def _given(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Iterator[dict[str, Any]]:
    required: dict[str, Any] = {}
    further: dict[str, Any] = {}
    for each in operation.variable_definitions or ():
        kind: Any = type_from_ast(schema, each.type)
        name = each.variable.name.value
        if isinstance(kind, GraphQLNonNull) and each.default_value is None:
            required[name] = _sample(kind)
        elif getattr(kind, "name", None) in GIVEN:
            further[name] = _sample(kind)
    yield required
    if further:
        yield required | further


def _sample(kind: GraphQLInputType) -> Any:
    match kind:
        case GraphQLNonNull():
            return _sample(kind.of_type)
        case GraphQLList():
            return [_sample(kind.of_type)]
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType() if kind.is_one_of:
            name, first = next(iter(kind.fields.items()))
            return {name: _sample(first.type)}
        case GraphQLInputObjectType():
            return {name: _sample(each.type) for name, each in kind.fields.items() if is_required_input_field(each)}
    return SAMPLES.get(kind.name)
