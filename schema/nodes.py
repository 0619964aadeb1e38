"""What has an id: the interface `Node`, regions, and the one place that turns a read node into its GraphQL type.

It must not know the fields of the kinds; they register themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any, Final, TypeVar

import strawberry

from graph import regions
from graph.codes import RegionLevel, RelationKind
from graph.views import NodeView, RelationView
from schema.fields import field, then, waits
from schema.scope import RELATION_PREFIXES, Scope

T = TypeVar("T")
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
        """Apply `step` to this node as of the dates of `scope`, None where it was not known then."""
        if scope.moment == self.scope.moment:
            return step(self.view)
        return then(scope.node(self.view.id), step)


def show(scope: Scope, view: NodeView | None) -> Any:
    """The GraphQL object of a node; None for none, and for a kind the API does not show yet."""
    if view is None or view.kind not in KINDS:
        return None
    return KINDS[view.kind](view=view, scope=scope)


def show_relation(scope: Scope, view: RelationView | None) -> Any:
    if view is None or view.kind not in RELATIONS:
        return None
    return RELATIONS[view.kind](view=view, scope=scope)


def by_id(scope: Scope, identity: str) -> Any:
    """The object of an id, or a promise of it; None for an unknown or hidden one."""
    if identity.startswith("reg_"):
        return region(scope, identity[4:])
    if identity.startswith(RELATION_PREFIXES):
        return then(scope.operation.relations.get((identity, scope.moment)), lambda view: visible(scope, view))
    return then(scope.node(identity), lambda view: show(scope, view))


def visible(scope: Scope, view: RelationView | None) -> Any:
    """A relation as this reader may see it: a hidden one is no relation."""
    if view is None:
        return None
    access = scope.operation.access
    ends = (view.start, view.end)
    if not any(access.relations((view.kind,), each) for each in ends):
        return None
    return show_relation(scope, view)


def show_all(scope: Scope, identities: Iterable[str]) -> Any:
    """The objects of several ids in their order, without those that are hidden or unknown."""
    found = [by_id(scope, each) for each in identities]
    return gathered(found, lambda each: [one for one in each if one is not None])


def gathered(values: list[Any], step: Callable[[list[Any]], Any]) -> Any:
    """Apply `step` once all values are here."""
    if not any(map(waits, values)):
        return step(values)
    return _gathered(values, step)


async def _gathered(values: list[Any], step: Callable[[list[Any]], Any]) -> Any:
    return step(list(await asyncio.gather(*(_value(each) for each in values))))


async def _value(value: Any | Awaitable[Any]) -> Any:
    return await value if waits(value) else value


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
