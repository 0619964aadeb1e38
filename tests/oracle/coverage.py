"""What of the served SDL the operations should ask: every field, argument and input that is not computed elsewhere.

It must not know how an operation is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_composite_type,
)

from tests.oracle.values import UNASKED, _bare

# Computed by pure Python, and compared where that is: rules and measures with the casebook (tests/graph/propagation),
# control, shares and owners with walks and with a whole city (tests/graph/ownership, tests/schema/test_ownership_city),
# paths and bidders with every path there is (tests/graph/links), stored measures with checks (tests/schema/
# test_measures). What of it a role may see: tests/schema/test_hidden. MEASURES of `statistics` are left out with them.
COMPUTED: Final = frozenset(
    (
        *("measures", "reaches", "check", "checks", "reach", "rules", "whatIf", "ownership", "links", "bidConflicts"),
        *("controllers", "beneficialOwners"),
    )
)


def expected(schema: GraphQLSchema) -> set[str]:
    """Every field, argument and input field that should occur."""
    found, inputs = set[str](), list[Any]()
    reached = _reached(schema)
    for kind in schema.type_map.values():
        if kind.name in reached and isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, each in fields_of(kind).items():
                found.add(f"{kind.name}.{name}")
                found.update(f"{kind.name}.{name}({argument})" for argument in each.args)
                inputs += [_bare(argument.type) for argument in each.args.values()]
    while inputs:
        kind = inputs.pop()
        if kind.name in UNASKED:
            continue
        for name, each in getattr(kind, "fields", {}).items():
            if f"{kind.name}.{name}" not in found:
                found.add(f"{kind.name}.{name}")
                inputs.append(_bare(each.type))
    return found


def fields_of(kind: Any) -> Mapping[str, Any]:
    return {name: each for name, each in kind.fields.items() if name not in COMPUTED}


def _reached(schema: GraphQLSchema) -> set[str]:
    seen, waiting = set[str](), ["Query"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        kind: Any = schema.type_map[name]
        if isinstance(kind, GraphQLInterfaceType):
            waiting += [each.name for each in schema.get_possible_types(kind)]
            waiting += [each.name for each in schema.get_implementations(kind).interfaces]
        waiting += [_bare(said.type).name for said in fields_of(kind).values() if is_composite_type(_bare(said.type))]
    return seen
