"""Reads keyset pages, forwards and backwards: nodes of a label, relations of owners, nodes behind them; one statement.

It must not know how a cursor is written nor GraphQL; who asks comes in as a `Reading`, what is wanted as a condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from graph.conditions import Target, speaks_of
from graph.store.asked import Asked, Neighbours, Relations
from graph.store.conditions import Names, seen
from graph.store.fragments import believed, picked, present, running, version
from graph.store.places import Writing
from graph.store.roots import counted, further_rows, record_wanted, root_statement
from graph.store.rows import relation_view
from graph.views import Page, PageRow

if TYPE_CHECKING:
    from graph.store.connection import Database

IN_EFFECT: Final = (
    "coalesce(p.from, p.day) <= $asOf AND coalesce(p.to, '~') > $asOf AND coalesce(p.liftedOn, '~') > $asOf"
    " AND coalesce(p.revokedOn, '~') > $asOf AND coalesce(p.setAsideOn, '~') > $asOf"
    " AND coalesce(p.repairedOn, '~') > $asOf"
)


async def page(database: Database, asked: Asked) -> Page:
    """A page of a root: nodes of one label, in one statement."""
    text, parameters = root_statement(asked)
    (row,) = await database.read(text, parameters)
    return _page(asked, row["rows"], row["total"], row["further"])


async def pages(database: Database, owners: Sequence[str], asked: Asked) -> dict[str, Page]:
    """A page for each owner that is a node, in one statement."""
    text, parameters = owned_statement(asked)
    (row,) = await database.read(text, {**parameters, "owners": list(dict.fromkeys(owners))})
    return {owner: _page(asked, rows, total, further) for owner, rows, total, further in row["pages"]}


def _page(asked: Asked, rows: list[Any], total: int | None, further: bool | None) -> Page:
    """Rows as the API shows them: a page read backwards is turned round."""
    request = asked.request
    more = len(rows) > request.size
    shown = rows[: request.size]
    if request.backward:
        shown = shown[::-1]
    return Page(
        tuple(PageRow(id, tuple(sort), relation_view(*relation) if relation else None) for id, sort, relation in shown),
        has_next=bool(further) if request.backward else more,
        has_previous=more if request.backward else bool(further),
        total=total,
    )


def owned_statement(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Pages of owners: [owner, rows, total, whether there are rows on the other side of the cursor]."""
    writing = Writing(asked)
    match = _relation_match(writing) if isinstance(asked.source, Relations) else _neighbour_match(writing)
    row = f"[rowId, {writing.sort()}, {RELATION_ROW if isinstance(asked.source, Relations) else 'null'}]"
    text = f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id,
  COLLECT {{ {match} AND {writing.beyond()}
    WITH * {writing.order()} LIMIT $rows
    RETURN {row} }},
  {counted(match, asked)},
  {further_rows(match, writing)}]) AS pages"""
    return writing.done(text)


RELATION_ROW: Final = f"[type(r), startNode(r).id, endNode(r).id, {picked('r')}]"


def _relation_match(writing: Writing) -> str:
    source, reading = writing.asked.source, writing.asked.reading
    assert isinstance(source, Relations)  # noqa: S101
    arrow = ("-", "->") if source.forward else ("<-", "-")
    types = "|".join(source.kinds)
    cut = "" if speaks_of(writing.asked.condition, "validity") else f" AND {running('r')}"
    near, far = Names("owner", "owner"), Names("far", "far")
    start, end = (near, far) if source.forward else (far, near)
    names = Names("", "", "r", start, end)
    named = {"START_NAME": start.node, "END_NAME": end.node}
    columns = ["r", "far", "r.id AS rowId"]
    for key, alias in (("START_NAME", "startNamed"), ("END_NAME", "endNamed")):
        if any(each.key == key for each in writing.keys):
            columns.append(f"{seen(named[key], now=reading.now)} AS {alias}")
    condition = writing.predicates.write(writing.asked.condition, source.target, names)
    return (
        f"MATCH (owner){arrow[0]}[r:{types}]{arrow[1]}(far)\n    WHERE {believed('r')}{cut} AND {present('far')}"
        f" AND {condition}\n    WITH {', '.join(columns)}\n    WHERE true"
    )


def _neighbour_match(writing: Writing) -> str:
    source, reading = writing.asked.source, writing.asked.reading
    assert isinstance(source, Neighbours)  # noqa: S101
    arrow = ("-", "->") if source.forward else ("<-", "-")
    names = Names("n", "p")
    match = f"MATCH (owner){arrow[0]}[e:{source.kind}]{arrow[1]}(n)\n    WHERE {believed('e')}"
    wanted = ["p IS NOT NULL"]
    if source.target is Target.RECORD:
        if source.record_kinds:
            match += f" AND n.kind IN {writing.predicates.value(list(source.record_kinds))}"
        wanted = record_wanted(writing, names)
        asks = speaks_of(writing.asked.condition, "effective") or speaks_of(writing.asked.condition, "state")
        if source.valid and not asks:
            wanted.append(IN_EFFECT)
        values = "n" if reading.now else version("n")
    else:
        match += f" AND {running('e')}"
        values = seen("n", now=reading.now)
    wanted.append(writing.predicates.write(writing.asked.condition, source.target, names))
    return (
        f"{match}\n    WITH DISTINCT n, {values} AS p\n    WITH n, p, n.id AS rowId\n    WHERE {' AND '.join(wanted)}"
    )
