"""Reads keyset pages of relations and records of many owners in one statement.

It must not know who asks nor how a cursor is written; which records a reader may see comes in as a predicate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from graph.codes import PostKind, RecordKind, RelationKind
from graph.facts import Record
from graph.periods import Moment
from graph.store.fragments import believed, moment_parameters, picked, present, running, version
from graph.store.rows import ORIGIN, RECORD_PROPERTIES, record, relation_view
from graph.views import Page, PageRequest, PageRow
from graph.vocabulary import POST_RELATION_KINDS, relation_of

if TYPE_CHECKING:
    from graph.store.connection import Database

AFTER_ALL: Final = "~"  # sorts after every date
CHUNK: Final = 4  # with a predicate, rows read for each row wanted: at most every fourth record is public in practice
MOST_COUNTED: Final = 10_000  # rows a total under a predicate looks at; beyond it the total is unknown


def _relation_page(types: str, *, forward: bool) -> str:
    pattern: str = f"(owner)-[r:{types}]->(far)" if forward else f"(owner)<-[r:{types}]-(far)"
    ends: str = "owner.id, far.id" if forward else "far.id, owner.id"
    match: str = (
        f"MATCH {pattern} WHERE {believed('r')} AND {running('r')} AND {present('far')}"
        " AND ($types IS NULL OR type(r) IN $types) AND ($posts IS NULL OR r.post IS NULL OR r.post IN $posts)"
    )
    return f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id, COLLECT {{
  {match} AND r.from >= $afterSort AND (r.from > $afterSort OR r.id > $afterId)
  WITH r, far ORDER BY r.from, r.id LIMIT $rows
  RETURN [type(r), {ends}, {picked("r")}] }},
  CASE WHEN $count THEN COUNT {{ {match} }} END]) AS pages
"""


# One kind each way, and all posts together: what the API pages. The key of all posts is None.
RELATION_PAGES: Final = MappingProxyType(
    {
        (kind, forward): _relation_page(types, forward=forward)
        for kind, types in (
            *((kind, kind.value) for kind in RelationKind),
            (None, "|".join(POST_RELATION_KINDS)),
        )
        for forward in (True, False)
    }
)


async def relations(
    database: Database,
    owners: Sequence[str],
    kinds: Collection[RelationKind],
    moment: Moment,
    request: PageRequest,
    *,
    forward: bool,
    posts: Collection[PostKind] | None = None,
) -> dict[str, Page]:
    """Relations valid on `as_of`, ordered by (from, id), one page per owner, in one statement.

    `kinds`: one kind, or several of the posts (an unreadable kind is left out by naming the others); `posts` narrows
    further. `forward`: the owner is the start (posts of a person, investments); else the end (posts of an
    organisation, shareholders, branches, members). Rows carry their RelationView; `sort` is the stored `from`.
    An owner that is no node is absent from the answer.
    """
    if len(kinds) == 1:
        key, types = next(iter(kinds)), None
    elif kinds and set(kinds) <= set(POST_RELATION_KINDS):
        key, types = None, [each.value for each in kinds]
    else:
        raise ValueError("a page holds one kind of relation, or posts")
    if posts is not None and types is not None:
        types = [each for each in types if each in {relation_of(post) for post in posts}]
    after_sort, after_id = request.after or ("", "")
    parameters = {
        **moment_parameters(moment),
        "owners": list(dict.fromkeys(owners)),
        "types": types,
        "posts": None if posts is None else [each.value for each in posts],
        "afterSort": after_sort,
        "afterId": after_id,
        "rows": request.first + 1,
        "count": request.count,
    }
    (row,) = await database.read(RELATION_PAGES[key, forward], parameters)
    return {
        owner: Page(
            tuple(
                PageRow(view.id, values["from"], view)
                for type_name, start, end, values in rows[: request.first]
                for view in (relation_view(type_name, start, end, values),)
            ),
            len(rows) > request.first,
            total,
        )
        for owner, rows, total in row["pages"]
    }


def _record_page(via: str, *, now: bool) -> str:
    wanted = (*RECORD_PROPERTIES, *ORIGIN)
    values: str = "record" if now else version("record", wanted)
    known: str = "NOT record:Past" if now else "p IS NOT NULL"
    match: str = f"""
  MATCH (owner)<-[e:{via}]-(record)
  WHERE {believed("e")} AND ($kinds IS NULL OR record.kind IN $kinds)
  WITH record, {values} AS p
  WHERE {known}
  WITH record, p, coalesce(p.decidedOn, p.from, '') AS sort
  WHERE sort <= $asOf AND (NOT $valid OR (
    coalesce(p.from, sort) <= $asOf AND coalesce(p.to, '~') > $asOf AND coalesce(p.liftedOn, '~') > $asOf
    AND coalesce(p.revokedOn, '~') > $asOf AND coalesce(p.setAsideOn, '~') > $asOf
    AND coalesce(p.repairedOn, '~') > $asOf))"""
    return f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted[0]}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id, COLLECT {{ {match} AND sort <= wanted[1] AND (sort < wanted[1] OR record.id > wanted[2])
  WITH record, p, sort ORDER BY sort DESC, record.id LIMIT $rows
  RETURN [record.id, sort, record.kind, CASE WHEN $full THEN {picked("p", wanted)} END,
    CASE WHEN $full THEN COLLECT {{
      MATCH (record)-[to:ABOUT]->(subject) WHERE {believed("to")} RETURN [subject.id, to.id] }} END] }},
  CASE WHEN $count THEN COUNT {{ {match} RETURN record }} END]) AS pages
"""


RECORD_PAGES: Final = MappingProxyType(
    {
        (via, now): _record_page(via.value, now=now)
        for via in (RelationKind.ABOUT, RelationKind.ISSUED_BY, RelationKind.ON_LIST)
        for now in (True, False)
    }
)


async def records(
    database: Database,
    owners: Sequence[str],
    via: RelationKind,
    moment: Moment,
    request: PageRequest,
    *,
    kinds: Collection[RecordKind] | None = None,
    valid: bool = False,
    keep: Callable[[Record], bool] | None = None,
) -> dict[str, Page]:
    """Records ABOUT a subject, ISSUED_BY a department or ON_LIST of a list, one page per owner; row id = record id.

    All known at `moment` with decidedOn (else from) ≤ `as_of`, whatever their state, newest first, then by id; a
    record without either day comes last. `valid`: only those in effect on `as_of` (list entries): inside from/to and
    not lifted, revoked, set aside or repaired by then.

    `keep` decides what the reader may see (`graph.publication.published`). Windows of publication are computed by
    policy from kind, state and dates, so that the database cannot cut the page: it hands out rows with their facts in
    chunks of 4 × (first + 1), and owners whose page is not yet full go round again. Without `keep`, and nearly always
    with it, that is one statement. A total under `keep` looks at 10,000 rows at most, beyond them it is None.
    """
    wanted = request.first + 1
    counted = request.count and keep is not None
    chunk = wanted if keep is None else MOST_COUNTED + 1 if counted else wanted * CHUNK
    kept: dict[str, list[PageRow]] = {}
    totals: dict[str, int | None] = {}
    after = request.after or (AFTER_ALL, "")
    start = (AFTER_ALL, "") if counted else after  # a total counts what lies before the cursor too
    open_owners = [[owner, *start] for owner in dict.fromkeys(owners)]
    while open_owners:
        parameters: dict[str, Any] = {
            **moment_parameters(moment),
            "owners": open_owners,
            "kinds": None if kinds is None else [each.value for each in kinds],
            "valid": valid,
            "rows": chunk,
            "full": keep is not None,
            "count": request.count and keep is None,
        }
        (row,) = await database.read(RECORD_PAGES[via, moment.known_at is None], parameters)
        open_owners = []
        for owner, rows, total in row["pages"]:
            seen = [
                PageRow(id, sort)
                for id, sort, kind, values, about in rows
                if keep is None or keep(record(id, kind, values, dict(about), None))
            ]
            totals.setdefault(owner, (len(seen) if len(rows) < chunk else None) if counted else total)
            page = kept.setdefault(owner, [])
            page += [each for each in seen if each.sort < after[0] or (each.sort == after[0] and each.id > after[1])]
            if keep is not None and len(rows) == chunk and len(page) < wanted:
                open_owners.append([owner, rows[-1][1], rows[-1][0]])
    return {
        owner: Page(tuple(rows[: request.first]), len(rows) > request.first, totals[owner])
        for owner, rows in kept.items()
    }
