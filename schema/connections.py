"""Pages of the API: edges with their cursors, and the one way a page is read.

It must not know what stands on a page.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar

import orjson
import strawberry

from graph.conditions import TRUE
from graph.store.asked import Asked, Neighbours, Relations, Root, Source
from graph.views import Page, PageRequest, PageRow
from schema.access import Access
from schema.fields import DATES, argument, then
from schema.filters import condition, orders, shape
from schema.inputs import INPUTS
from schema.nodes import gathered, show_all
from schema.scope import NO_ROWS, PageKey, Scope
from schema.values import PageInfo
from schema.windows import PAGE, PAGE_SIZE, Cursors, cursors, wanted

T = TypeVar("T")
SELF: Final = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
INFO: Final = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info)
MOST_NAMED: Final = 1_000


@strawberry.type(description="一页中的一条 · one entry of a page")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="游标 · cursor")
    node: T = strawberry.field(description="节点 · node")


@strawberry.type(description="一页 · a page")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="条目 · entries with their cursors")
    nodes: list[T] = strawberry.field(description="节点 · nodes")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="总数 · how many there are in all")


def paged(
    description: str,
    source: Source,
    show: Callable[[Scope, PageRow], Any],
    *,
    where: str | None = None,
    order: str | None = None,
) -> Any:
    """A dated page of a source, of the node itself unless the source is a root; `show` makes the node of a row.

    `where` and `order` name its inputs (`inputs`).
    """

    def resolve(self: Any, info: strawberry.Info, **given: Any) -> Any:
        scope: Scope = self.scope.at(given.get("as_of"), given.get("known_at"))
        operation, owner = scope.operation, None if isinstance(source, Root) else self.view.id
        access = operation.access
        seen, filter, keys = _seen(source, access, owner), given.get("where") or None, given.get("order_by") or None
        chosen = selected(info)
        asked = Asked(
            source=seen or source,
            reading=access.reading(scope.moment),
            request=PageRequest(PAGE_SIZE),
            condition=condition(where, filter, argument="where", official=access.official) if where else TRUE,
            order=orders(order, keys, argument="orderBy", official=access.official) if order else (),
        )
        held = _cursors(scope, info.field_name, owner, asked, filter)
        want = wanted(held, *(given.get(each.name) for each in PAGE))
        request = PageRequest(
            want.size,
            want.place,
            backward=want.backward,
            count="totalCount" in chosen,
            look_back=("hasNextPage" if want.backward else "hasPreviousPage") in chosen.get("pageInfo", {}),
        )
        asked = replace(asked, request=request)

        def fill(page: Page) -> Any:
            found = [show(scope, row) for row in page.rows]
            return gathered(found, lambda nodes: _connection(page, nodes, held))

        return then(operation.pages.get(PageKey(owner, asked)) if seen else NO_ROWS, fill)

    inputs: list[inspect.Parameter] = []
    if where:
        inputs.append(argument("where", INPUTS[where] | None, "条件 · only these"))
    if order:
        keys = list[INPUTS[order]] | None  # type: ignore[valid-type]
        inputs.append(argument("order_by", keys, "排序,至多 3 项 · order, at most 3 keys"))
    resolve.__signature__ = inspect.Signature([SELF, INFO, *inputs, *PAGE, *DATES])  # type: ignore[attr-defined]
    return strawberry.field(resolver=resolve, description=description)


def named_nodes(scope: Scope, label: str) -> Any:
    """All nodes of a small kind, by name; a named limit keeps a mistaken load from flooding an answer."""
    operation = scope.operation
    asked = Asked(Root(label), operation.access.reading(scope.moment), PageRequest(MOST_NAMED))
    return then(operation.pages.get(PageKey(None, asked)), lambda page: show_all(scope, (row.id for row in page.rows)))


def _seen(source: Source, access: Access, owner: str | None) -> Source | None:
    """The source without the relations this reader may not see; None when nothing of it is left."""
    match source:
        case Relations(kinds=kinds):
            seen = access.relations(kinds, str(owner))
            return replace(source, kinds=seen) if seen else None
        case Neighbours(kind=kind):
            return source if access.relations((kind,), str(owner)) else None
        case _:
            return source


def _cursors(scope: Scope, field: str, owner: str | None, asked: Asked, filter: Any) -> Cursors:
    kinds = getattr(asked.source, "kinds", ())
    keys = [list(each) for each in asked.keys]
    return cursors(scope, field, owner or "", orjson.dumps([kinds, keys, shape(filter)]).decode())


def _connection(page: Page, nodes: list[Any], held: Cursors) -> Connection[Any]:
    edges = [
        Edge(cursor=held.of((*row.sort, row.id)), node=node)
        for row, node in zip(page.rows, nodes, strict=True)
        if node is not None
    ]
    return Connection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=page.total or 0,
    )


def selected(info: strawberry.Info) -> dict[str, dict[str, Any]]:
    """The fields selected below, by name and through fragments, with those selected below them."""
    raw = info._raw_info
    return _selected([node.selection_set for node in raw.field_nodes], raw.fragments)


def _selected(waiting: list[Any], fragments: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    below: dict[str, list[Any]] = {}
    visited: set[str] = set()
    while waiting:
        found = waiting.pop()
        for each in found.selections if found else ():
            match each.kind:
                case "field":
                    below.setdefault(each.name.value, []).append(each.selection_set)
                case "inline_fragment":
                    waiting.append(each.selection_set)
                case "fragment_spread":
                    name = each.name.value
                    if name not in visited:
                        visited.add(name)
                        waiting.append(fragments[name].selection_set)
    return {name: _selected(sets, fragments) if any(sets) else {} for name, sets in below.items()}
