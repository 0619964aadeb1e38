"""What stands around a subject: its neighbours, how many relations it has, and who may be the same.

It must not know how these are read; kinds of relations a reader may not see are absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from graph.codes import RelationKind, Text
from graph.links.steps import stored
from graph.periods import Moment
from graph.store import expansion as store
from graph.store.conditions import Reading
from graph.store.expansion import KINDS, Neighbour
from graph.vocabulary import RELATIONS, Disclosure
from schema.access import Access
from schema.batching import Batch
from schema.fields import Info, answered, field, text
from schema.nodes import by_id, load
from schema.paths import Subgraph
from schema.scope import SUBJECT_PREFIXES, Scope
from schema.values import PageInfo
from schema.windows import cursors, reading, wanted

SubjectType = Annotated["Subject", strawberry.lazy("schema.subjects")]  # type: ignore[name-defined]  # noqa: F821
SAME = RelationKind.POSSIBLY_SAME_AS
Owned = tuple[str, Moment]


@strawberry.type(description="邻居的一页 · one page of neighbours")
class Expansion:
    subgraph: Subgraph = strawberry.field(description="本页的关系及两端 · the relations of the page with their ends")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="关系总数 · how many relations there are in all")


@strawberry.type(description="某类关系的数量 · how many relations of one kind")
class RelationCount:
    found: strawberry.Private[store.Count]

    @field("关系类别 · kind")
    def kind(self) -> RelationKind:
        return self.found.kind

    @field("是否以本主体为起点 · whether they start at the subject")
    def forward(self) -> bool:
        return self.found.forward

    @text("名称 · label")
    def label(self) -> Text:
        relation = RELATIONS[self.found.kind]
        return relation.forward if self.found.forward else relation.reverse

    @field("数量,至多计 1,000 · how many, counted up to 1,000")
    def count(self) -> int:
        return self.found.number

    @field("是否实际更多 · whether there are more")
    def capped(self) -> bool:
        return self.found.capped


@strawberry.type(description="疑似同一主体,未经认定 · somebody who may be the same; nobody has decided it")
class PossibleMatch:
    subject: SubjectType = strawberry.field(description="主体 · subject")
    reasons: list[str] = strawberry.field(description="理由 · why")


async def expanded(
    scope: Scope, info: Info, identity: str, relations: list[RelationKind] | None, first: Any, after: Any
) -> Expansion | None:
    if not identity.startswith(SUBJECT_PREFIXES):
        return None
    owner = identity
    access = scope.operation.access
    asked = tuple(sorted(each for each in (relations or KINDS) if each in KINDS))
    kinds = access.relations(asked, owner)
    held = cursors(scope, "expand", owner, ",".join(kinds))
    want = wanted(held.place, first, after)
    place = None
    if want.texts is not None:
        sort, identity = want.texts
        kind, _, begun = sort.partition("|")
        place = (kind, begun, identity)
    found = await store.expand(
        scope.operation.world.database,
        owner,
        kinds,
        reading(scope),
        want.size,
        place,
        count="totalCount" in info.below,
    )
    _note(access, found.rows)
    ends = [
        held.of((f"{row.relation.kind}|{row.begun}", row.relation.id)) for row in (*found.rows[:1], *found.rows[-1:])
    ]
    ids = dict.fromkeys((owner, *(row.far for row in found.rows)))
    await load(scope, ids)
    if by_id(scope, owner) is None:
        return None
    return Expansion(
        subgraph=Subgraph(
            steps=tuple(stored(row.relation) for row in found.rows), ids=tuple(ids), scope=scope, cut=None
        ),
        page_info=PageInfo(
            has_next_page=found.has_next,
            has_previous_page=place is not None,
            start_cursor=ends[0] if ends else None,
            end_cursor=ends[-1] if ends else None,
        ),
        total_count=found.total,
    )


def _note(access: Access, rows: Sequence[Neighbour]) -> None:
    for row in rows:
        if RELATIONS[row.relation.kind].disclosure is not Disclosure.PUBLIC:
            access.note((row.relation.start, row.relation.end))


async def relation_counts(scope: Scope, owner: str) -> list[RelationCount]:
    counts = _batch(scope, "relationCounts", store.counts)
    found: tuple[store.Count, ...] = await answered(counts.get((owner, scope.moment)))
    if any(RELATIONS[each.kind].disclosure is not Disclosure.PUBLIC for each in found):
        scope.operation.access.note((owner,))
    return [RelationCount(found=each) for each in found]


async def possibly_same(scope: Scope, owner: str) -> list[PossibleMatch] | None:
    access = scope.operation.access
    if not access.relations((SAME,), owner):
        return None
    suggestions = _batch(scope, "possiblySame", store.suggestions)
    found: tuple[store.Suggestion, ...] = await answered(suggestions.get((owner, scope.moment)))
    access.note((owner, *(each.subject for each in found)) if found else ())
    await load(scope, (each.subject for each in found))
    shown = ((each, by_id(scope, each.subject)) for each in found)
    return [PossibleMatch(subject=node, reasons=list(each.reasons)) for each, node in shown if node is not None]


def _batch(scope: Scope, name: str, read: Any) -> Batch[Owned, Any]:
    """What many owners of one operation ask in one statement per moment."""
    operation = scope.operation

    async def load(keys: Sequence[Owned]) -> Mapping[Owned, Any]:
        found: dict[Owned, Any] = dict.fromkeys(keys, ())
        moments = dict.fromkeys(moment for _, moment in keys)
        for moment in moments:
            owners = [owner for owner, at in keys if at == moment]
            asked = Reading(moment, operation.access.official, tuple(sorted(operation.access.own)))
            rows = await read(operation.world.database, owners, asked)
            found.update({(owner, moment): row for owner, row in rows.items()})
        return found

    return operation.batches.setdefault(name, Batch(load))
