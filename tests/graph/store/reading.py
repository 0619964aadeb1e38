"""Reads pages, nodes, relations and neighbours by one statement put together as a program does it, for store tests.

It must not use GraphQL; rows come back as the views of `graph.views`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.periods import Moment
from graph.store.asked import Asked, Relations, Root, Variables
from graph.store.connection import Database
from graph.store.pages import owned_page
from graph.store.places import page_parameters
from graph.store.projection import (
    PARTS,
    RELATION_IDS,
    Mode,
    Near,
    Time,
    held_rows,
    moments_parameters,
    near_rows,
    node_row,
    relation_row,
    relation_rows,
    statement,
    values,
)
from graph.store.roots import root_page
from graph.store.rows import node_view, relation_view
from graph.views import NodeView, Place, RelationView

PREFIX = "page_"


@dataclass(frozen=True, slots=True)
class PageRow:
    """`sort` and `id` make the cursor; `relation` is set for posts and holdings, else `id` is the node's."""

    id: str
    sort: Place
    relation: RelationView | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[PageRow, ...]
    has_next: bool
    has_previous: bool = False
    total: int | None = None


def time_of(moment: Moment, number: int = 0) -> Time:
    """Versions where the snapshot does not hold on the day; only versions where an earlier knowledge is asked."""
    return Time(number, Mode.MIXED if moment.known_at is None else Mode.PAST)


def page_text(asked: Asked, time: Time, owner: str = "") -> str:
    """A page of a root, or of `owner`; its rows are relations, or nodes without their properties."""
    names = Variables.numbered("", owner)
    related = isinstance(asked.source, Relations)
    row = relation_row(names.relation, {}) if related else node_row(names.node, time, ())
    write = root_page if isinstance(asked.source, Root) else owned_page
    return time.write(write(asked, names, PREFIX, row))


def asked_parameters(asked: Asked) -> dict[str, Any]:
    own = list(asked.reading.own)
    return {**page_parameters(asked, PREFIX), **moments_parameters([asked.reading.moment]), "own": own}


async def page(database: Database, asked: Asked) -> Page:
    """A page of a root."""
    text = statement({"page": page_text(asked, time_of(asked.reading.moment))}, {"page"})
    (found,) = await database.read(text, asked_parameters(asked))
    return _page(asked, *found["page"])


async def pages(database: Database, owners: Sequence[str], asked: Asked) -> dict[str, Page]:
    """A page for each owner that is a node."""
    time = time_of(asked.reading.moment)
    row = node_row("owner", time, (), (), {"page": page_text(asked, time, "owner")})
    text = statement({"owners": held_rows("owner", time, "", row)}, ())
    (found,) = await database.read(text, {**asked_parameters(asked), "ids": list(dict.fromkeys(owners))})
    return {each["id"]: _page(asked, *each["page"]) for each in found["owners"]}


def _page(asked: Asked, rows: list[Any], total: int | None, further: bool | None) -> Page:
    """Rows as the API shows them: a page read backwards is turned round."""
    request = asked.request
    more = len(rows) > request.size
    shown = rows[: request.size]
    if request.backward:
        shown = shown[::-1]
    related = isinstance(asked.source, Relations)
    assert all(id == row["id"] for id, _, row in shown)
    return Page(
        tuple(PageRow(id, tuple(sort), _relation(row) if related else None) for id, sort, row in shown),
        has_next=bool(further) if request.backward else more,
        has_previous=more if request.backward else bool(further),
        total=total,
    )


async def nodes(
    database: Database, ids: Iterable[str], moment: Moment, parts: Iterable[str] = tuple(PARTS)
) -> dict[str, NodeView]:
    """Views by id; what was not believed then (not yet recorded, retracted, merged) is absent."""
    return await _views(database, ids, moment, time_of(moment), parts)


async def snapshots(database: Database, ids: Iterable[str], today: Moment) -> dict[str, NodeView]:
    """Views by id of what the nodes themselves say; raises Stale where one does not hold on the day."""
    return await _views(database, ids, today, Time(0, Mode.SNAPSHOT), PARTS)


async def _views(
    database: Database, ids: Iterable[str], moment: Moment, time: Time, parts: Iterable[str]
) -> dict[str, NodeView]:
    text = statement({"nodes": held_rows("n", time, "", node_row("n", time, None, parts))}, ())
    (found,) = await database.read(text, {"ids": [*ids], **moments_parameters([moment])})
    known = [(each, values(each, time.mode, moment.as_of.isoformat())) for each in found["nodes"]]
    return {each["id"]: node_view({**each, "values": said}) for each, said in known if said is not None}


async def neighbours(database: Database, id: str, moment: Moment) -> dict[Near, list[str]]:
    """Ids of the neighbours that are fields of a node, where there are any."""
    time = time_of(moment)
    children = {near.value: near_rows(near, "n", "e", "far", time, node_row("far", time, ())) for near in Near}
    text = statement({"nodes": held_rows("n", time, "", node_row("n", time, (), (), children))}, ())
    (found,) = await database.read(text, {"ids": [id], **moments_parameters([moment])})
    return {near: sorted(far["id"] for far in row[near]) for row in found["nodes"] for near in Near if row[near]}


async def relations(database: Database, ids: Iterable[str], moment: Moment) -> dict[str, RelationView]:
    """Posts and holdings by id, whatever their period; unknown then: absent."""
    body = relation_rows("r", "startNode", "endNode", time_of(moment), "", relation_row("r", {}))
    wanted = {kind: [id for id in ids if id.startswith(kind)] for kind in RELATION_IDS}
    (found,) = await database.read(statement({"related": body}, ()), {**wanted, **moments_parameters([moment])})
    views = [_relation(each) for each in found["related"]]
    return {each.id: each for each in views}


def _relation(row: Mapping[str, Any]) -> RelationView:
    return relation_view(row["kind"], row["startId"], row["endId"], row)
