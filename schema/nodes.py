"""What has an id: the interface `Node`, regions, and the one place that turns a read node into its GraphQL type.

It must not know the fields of the kinds; they register themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, TypeVar

import strawberry

from graph import regions
from graph.codes import RegionLevel, RelationKind
from graph.facts import Record
from graph.rules import CreditListName
from schema.fields import field
from schema.scope import REGION_PREFIX, Scope

T = TypeVar("T")
SupposedRecord = tuple[Record, CreditListName | None]  # with the list it would be an entry of
KINDS: Final[dict[str, type[Any]]] = {}  # code of the vocabulary → GraphQL type
RELATIONS: Final[dict[RelationKind, type[Any]]] = {}  # relations that are nodes of the API


def shows(code: str) -> Callable[[type[T]], type[T]]:
    """Register the GraphQL type of a node kind."""

    def register(kind: type[T]) -> type[T]:
        KINDS[code] = kind
        return kind

    return register


@strawberry.interface(description="有标识的对象 · anything with an id")
class Node:
    view: strawberry.Private[Any]
    scope: strawberry.Private[Scope]

    @field("标识 · opaque id")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.view.id)

    def in_scope(self, scope: Scope, step: Callable[[Any], Any]) -> Any:
        """Apply `step` to this node as of the dates of `scope`; what stands for it, `planning.rows.Row`, knows it."""
        raise NotImplementedError


def by_id(scope: Scope, identity: str) -> Any:
    """The node, relation or region of an id that a computed answer names; None for one hidden or not known then."""
    return region(scope, identity[4:]) if identity.startswith(REGION_PREFIX) else scope.held.get(scope, identity)


def show_all(scope: Scope, identities: Iterable[str]) -> list[Any]:
    """Those of several ids in their order, without the hidden and unknown."""
    found = (by_id(scope, each) for each in identities)
    return [each for each in found if each is not None]


async def load(scope: Scope, identities: Iterable[str], supposed: Iterable[SupposedRecord] = ()) -> None:
    """Read what an answer is about to name, as the operation asks for it there; `supposed` records are not stored."""
    await scope.held.load(scope, (each for each in identities if not each.startswith(REGION_PREFIX)), supposed)


@strawberry.type(description="行政区划 · a region of GB/T 2260")
class Region(Node):
    @field("代码 · GB/T 2260 code")
    def code(self) -> str:
        return str(self.view.code)

    @field("名称 · name")
    def name(self) -> str:
        return str(self.view.name)

    @field("层级 · level")
    def level(self) -> RegionLevel:
        return RegionLevel(self.view.level)

    @field("上级 · the region it lies in")
    def parent(self) -> Annotated[Region, strawberry.lazy("schema.nodes")] | None:
        return None if self.view.parent is None else region(self.scope, self.view.parent)


def region(scope: Scope, code: str | None) -> Region | None:
    """The region of a code; one outside our table is shown by its code below its province."""
    if code is None or not regions.known(code):
        return None
    above = regions.ancestors(code)
    found = regions.find(code) or regions.Region(code, code, RegionLevel.COUNTY, above[0].code if above else None)
    return Region(view=found, scope=scope)
