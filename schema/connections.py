"""Pages of the API: edges, cursors that cannot be forged or moved, and the one way a page is read.

It must not know what stands on a page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

import orjson
import strawberry

from graph.codes import RecordKind, RelationKind
from graph.errors import Invalid, LimitExceeded
from graph.views import Page, PageRequest, PageRow
from schema.fields import DATES, argument, then
from schema.nodes import gathered
from schema.scope import NO_ROWS, PageKey, Scope
from schema.values import PageInfo

T = TypeVar("T")
CURSOR_VERSION: Final = 1
PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
SELF: Final = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
INFO: Final = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info)
FIRST: Final = argument("first", int | None, "条数,至多 100,默认 20 · how many, at most 100, else 20")
AFTER: Final = argument("after", str | None, "从此游标之后继续 · go on after this cursor")
SEAL: Final = 12  # bytes of the authentication tag


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
    via: Sequence[RelationKind],
    show: Callable[[Scope, PageRow], Any],
    *,
    forward: bool = False,
    kinds: tuple[RecordKind, ...] | None = None,
    valid: bool = True,
) -> Any:
    """A dated page of what `via` ties to the node; `show` makes the node of a row.

    `kinds` makes it a page of records (of any kind when empty); `valid`: only what is in force on the date.
    """

    def resolve(
        self: Any, info: strawberry.Info, first: int | None = None, after: str | None = None, **dates: Any
    ) -> Any:
        scope: Scope = self.scope.at(dates.get("as_of"), dates.get("known_at"))
        size, world, owner = _size(first), scope.operation.world, self.view.id
        seen = scope.operation.access.relations(tuple(via), owner)
        bound = "|".join(
            (owner, info.field_name, ",".join(seen), scope.moment.as_of.isoformat(), scope.moment.known_at or "")
        )
        start = unseal(world.cursor_key, bound, after) if after else None
        request = PageRequest(size, start, count=counts(info))
        key = PageKey(owner, seen, forward, kinds, valid, request, scope.moment)

        def fill(page: Page) -> Any:
            if request.count and page.total is None:
                raise LimitExceeded("totalCount: 过多,不计总数 · too many to count", argument="totalCount")
            return gathered(
                [show(scope, row) for row in page.rows],
                lambda nodes: _connection(page, nodes, world.cursor_key, bound, after=bool(after)),
            )

        return then(scope.operation.pages.get(key) if seen else NO_ROWS, fill)

    resolve.__signature__ = inspect.Signature([SELF, INFO, FIRST, AFTER, *DATES])  # type: ignore[attr-defined]
    return strawberry.field(resolver=resolve, description=description)


def _connection(page: Page, nodes: list[Any], key: bytes, bound: str, *, after: bool) -> Connection[Any]:
    edges = [
        Edge(cursor=seal(key, bound, (row.sort, row.id)), node=node)
        for row, node in zip(page.rows, nodes, strict=True)
        if node is not None
    ]
    return Connection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=page.total or 0,
    )


def _size(first: int | None) -> int:
    if first is None or first is strawberry.UNSET:
        return PAGE_SIZE
    if first < 0:
        raise Invalid("first: 不得为负 · must not be negative", argument="first")
    if first > LARGEST_PAGE:
        raise LimitExceeded(f"first: 至多 {LARGEST_PAGE} · at most {LARGEST_PAGE}", argument="first")
    return first


def counts(info: strawberry.Info) -> bool:
    """Whether the total was asked for: counting costs more than the page."""
    return "totalCount" in selected(info)


def selected(info: strawberry.Info) -> frozenset[str]:
    """Names of the fields selected directly below, through fragments."""
    raw = info._raw_info
    names: set[str] = set()
    waiting = [node.selection_set for node in raw.field_nodes]
    visited: set[str] = set()
    while waiting:
        found = waiting.pop()
        for each in found.selections if found else ():
            match each.kind:
                case "field":
                    names.add(each.name.value)  # type: ignore[attr-defined]
                case "inline_fragment":
                    waiting.append(each.selection_set)  # type: ignore[attr-defined]
                case "fragment_spread":
                    name = each.name.value  # type: ignore[attr-defined]
                    if name not in visited:
                        visited.add(name)
                        waiting.append(raw.fragments[name].selection_set)
    return frozenset(names)


def seal(key: bytes, bound: str, place: tuple[str, str]) -> str:
    """A cursor: version, place and a tag that binds both to the field, its owner and its dates."""
    body = orjson.dumps([CURSOR_VERSION, *place])
    return base64.urlsafe_b64encode(_tag(key, bound, body) + body).rstrip(b"=").decode()


def unseal(key: bytes, bound: str, cursor: str) -> tuple[str, str]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    tag, body = raw[:SEAL], raw[SEAL:]
    if not body or not hmac.compare_digest(tag, _tag(key, bound, body)):
        raise Invalid("after: 不是本字段在这些日期的游标 · not a cursor of this field at these dates", argument="after")
    _, sort, identity = orjson.loads(body)
    return sort, identity


def _tag(key: bytes, bound: str, body: bytes) -> bytes:
    return hmac.new(key, bound.encode() + b"\0" + body, hashlib.sha256).digest()[:SEAL]
