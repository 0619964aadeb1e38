"""Pages of the API: edges with their cursors, and how a field of them is declared.

It must not know what stands on a page, nor how it is read.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import strawberry

from graph.store.asked import Source
from schema.fields import DATES, argument, declared
from schema.inputs import INPUTS
from schema.reads import Paged
from schema.values import PageInfo
from schema.windows import PAGE

T = TypeVar("T")


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


def paged(description: str, source: Source, *, where: str | None = None, order: str | None = None) -> Any:
    """A dated page of a source, of the node itself unless the source is a root. `where`, `order`: inputs' names."""
    inputs = []
    if where:
        inputs.append(argument("where", INPUTS[where] | None, "条件 · only these"))
    if order:
        keys = list[INPUTS[order]] | None  # type: ignore[valid-type]
        inputs.append(argument("order_by", keys, "排序,至多 3 项 · order, at most 3 keys"))
    return declared(description, Paged(source, where, order), *inputs, *PAGE, *DATES)
