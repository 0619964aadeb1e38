"""The schema that is served: every type put together, with its scalars.

It must not know how an operation is run.
"""

from __future__ import annotations

from collections.abc import Iterable

import strawberry
from strawberry.schema.config import StrawberryConfig

import schema.record_kinds
import schema.relations  # noqa: F401 - registers posts, holdings and lists
from schema.nodes import KINDS, RELATIONS, Region
from schema.query import Query
from schema.scalars import SCALARS


def build_schema() -> strawberry.Schema:
    types: Iterable[type] = dict.fromkeys((*KINDS.values(), *RELATIONS.values(), Region))
    return strawberry.Schema(query=Query, types=list(types), config=StrawberryConfig(scalar_map=SCALARS))
