"""Pages of the API: edges, cursors that cannot be forged or moved, and the one way a page is read.

It must not know what stands on a page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar

import orjson
import strawberry

from graph.conditions import TRUE
from graph.errors import Invalid, LimitExceeded
from graph.store.asked import Asked, Neighbours, Relations, Root, Source
from graph.views import Page, PageRequest, PageRow, Place
from schema.access import Access
from schema.fields import DATES, argument, then
from schema.filters import condition, orders, shape
from schema.inputs import INPUTS
from schema.nodes import gathered, show_all
from schema.scope import NO_ROWS, PageKey, Scope
from schema.values import PageInfo

T = TypeVar("T")
CURSOR_VERSION: Final = 1
PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
SELF: Final = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
INFO: Final = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info)
PAGE: Final = (
    argument("first", int | None, "条数,至多 100,默认 20 · how many, at most 100, else 20"),
    argument("after", str | None, "从此游标之后继续 · go on after this cursor"),
    argument("last", int | None, "末尾条数,至多 100 · how many from the end, at most 100"),
    argument("before", str | None, "取此游标之前 · those before this cursor"),
)
MOST_NAMED: Final = 1_000
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
        access, key = operation.access, operation.world.cursor_key
        seen, filter, keys = _seen(source, access, owner), given.get("where") or None, given.get("order_by") or None
        asked = Asked(
            source=seen or source,
            reading=access.reading(scope.moment),
            request=_request(info, given),
            condition=condition(where, filter, argument="where", official=access.official) if where else TRUE,
            order=orders(order, keys, argument="orderBy", official=access.official) if order else (),
        )
        bound = _bound(info.field_name, owner, asked, filter)
        name = "after" if given.get("after") else "before"
        if given.get(name):
            place = unseal(key, bound, given[name], argument=name)
            asked = replace(asked, request=replace(asked.request, place=place))

        def fill(page: Page) -> Any:
            found = [show(scope, row) for row in page.rows]
            return gathered(found, lambda nodes: _connection(page, nodes, key, bound))

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


def _request(info: strawberry.Info, given: Mapping[str, Any]) -> PageRequest:
    """`first` after a cursor or `last` before one; not both ways at once (`api.md` 5)."""
    first, last = given.get("first"), given.get("last")
    first, last = (None if each is strawberry.UNSET else each for each in (first, last))
    if first is not None and last is not None:
        raise Invalid("last: 不得与 first 同用 · not together with first", argument="last")
    if given.get("after") and given.get("before"):
        raise Invalid("before: 不得与 after 同用 · not together with after", argument="before")
    for name, size in (("first", first), ("last", last)):
        if size is not None and size < 0:
            raise Invalid(f"{name}: 不得为负 · must not be negative", argument=name)
        if size is not None and size > LARGEST_PAGE:
            raise LimitExceeded(f"{name}: 至多 {LARGEST_PAGE} · at most {LARGEST_PAGE}", argument=name)
    backward = last is not None or (first is None and bool(given.get("before")))
    chosen = selected(info)
    return PageRequest(
        size=next((each for each in (first, last) if each is not None), PAGE_SIZE),
        backward=backward,
        count="totalCount" in chosen,
        look_back=("hasNextPage" if backward else "hasPreviousPage") in chosen.get("pageInfo", {}),
    )


def _bound(field: str, owner: str | None, asked: Asked, filter: Any) -> str:
    """What a cursor belongs to: field and owner, who sees what of it, the order, the filter's shape, the dates."""
    reading = asked.reading
    place = [field, owner, getattr(asked.source, "kinds", None), [list(each) for each in asked.keys], shape(filter)]
    return orjson.dumps([*place, reading.official, reading.moment.as_of, reading.moment.known_at]).decode()


def _connection(page: Page, nodes: list[Any], key: bytes, bound: str) -> Connection[Any]:
    edges = [
        Edge(cursor=seal(key, bound, (*row.sort, row.id)), node=node)
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


def seal(key: bytes, bound: str, place: Place) -> str:
    """A cursor: version, place and a tag that binds both to the field, its owner and its dates."""
    body = orjson.dumps([CURSOR_VERSION, *place])
    return base64.urlsafe_b64encode(_tag(key, bound, body) + body).rstrip(b"=").decode()


def unseal(key: bytes, bound: str, cursor: str, *, argument: str = "after") -> Place:
    """The place a cursor stands for; Invalid when it is not one of this field, order, filter and dates."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    tag, body = raw[:SEAL], raw[SEAL:]
    if not body or not hmac.compare_digest(tag, _tag(key, bound, body)):
        raise Invalid(
            f"{argument}: 不是本字段、排序、条件和日期的游标 · not a cursor of this field, order, filter and dates",
            argument=argument,
        )
    return tuple(orjson.loads(body)[1:])


def _tag(key: bytes, bound: str, body: bytes) -> bytes:
    return hmac.new(key, bound.encode() + b"\0" + body, hashlib.sha256).digest()[:SEAL]
