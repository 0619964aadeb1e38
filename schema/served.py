"""The schema that is served: every type put together, with its scalars and its direct resolvers.

It must not know how an operation is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, is_introspection_type
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

import schema.record_kinds
import schema.relations  # noqa: F401 - registers posts, holdings and lists
from schema.nodes import KINDS, RELATIONS, Region
from schema.query import Query
from schema.scalars import SCALARS


def build_schema() -> strawberry.Schema:
    types: Iterable[type] = dict.fromkeys((*KINDS.values(), *RELATIONS.values(), Region))
    built = strawberry.Schema(query=Query, types=list(types), config=StrawberryConfig(scalar_map=SCALARS))
    for each in built._schema.type_map.values():
        if isinstance(each, GraphQLObjectType) and not is_introspection_type(each):
            for field in each.fields.values():
                field.resolve = _direct(field)
    return built


def _direct(field: GraphQLField) -> Callable[..., Any]:
    """The method of a field without Strawberry's wrapping: arguments are coerced already, and 10 µs a field is dear."""
    definition: StrawberryField = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    if definition.base_resolver is None:
        attribute = definition.python_name
        return lambda source, info: getattr(source, attribute)
    method: Callable[..., Any] = cast("Callable[..., Any]", definition.base_resolver.wrapped_func)
    names = dict(zip(field.args, (each.python_name for each in definition.arguments), strict=True))
    if definition.base_resolver.info_parameter is not None:

        def with_info(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            own = {names[key]: value for key, value in arguments.items()}
            return method(source, info=strawberry.Info(_raw_info=info, _field=definition), **own)

        return with_info
    if not names:
        return lambda source, info: method(source)

    def plain(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return method(source, **{names[key]: value for key, value in arguments.items()})

    return plain
