"""What stands around a subject: its neighbours, how many relations it has, and who may be the same.

It must not know how these are read; kinds of relations a reader may not see are absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import strawberry

from graph.codes import RelationKind, Text
from graph.links.steps import stored
from graph.store import expansion as store
from graph.store.expansion import Neighbour
from graph.vocabulary import RELATIONS, Disclosure
from schema.access import Access
from schema.fields import field, text
from schema.paths import Subgraph
from schema.scope import Scope
from schema.values import PageInfo
from schema.windows import Cursors, Wanted

SubjectType = Annotated["Subject", strawberry.lazy("schema.subjects")]  # type: ignore[name-defined]  # noqa: F821
SAME = RelationKind.POSSIBLY_SAME_AS


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


def expansion(
    scope: Scope, owner: str, rows: Sequence[Neighbour], total: int, held: Cursors, want: Wanted, *, more: bool
) -> Expansion:
    """One page of relations; `scope` holds the nodes at their ends."""
    for row in rows:
        if RELATIONS[row.relation.kind].disclosure is not Disclosure.PUBLIC:
            scope.operation.access.note((row.relation.start, row.relation.end))
    ids = dict.fromkeys((owner, *(row.far for row in rows)))
    return Expansion(
        subgraph=Subgraph(steps=tuple(stored(row.relation) for row in rows), ids=tuple(ids), scope=scope, cut=None),
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=want.place is not None,
            start_cursor=held.of(rows[0].place) if rows else None,
            end_cursor=held.of(rows[-1].place) if rows else None,
        ),
        total_count=total,
    )


def relation_counts(access: Access, owner: str, told: Sequence[Sequence[Any]]) -> list[RelationCount]:
    """As `store.counts` tells them."""
    found = store.counted(told)
    if any(RELATIONS[each.kind].disclosure is not Disclosure.PUBLIC for each in found):
        access.note((owner,))
    return [RelationCount(found=each) for each in found]


def possibly_same(
    scope: Scope, owner: str, told: Sequence[Sequence[Any]], show: Callable[[Any], Any]
) -> list[PossibleMatch] | None:
    """As `store.suggestions` tells them; `show` makes a node of a row, None for one the reader may not see."""
    access = scope.operation.access
    if not access.relations((SAME,), owner):
        return None
    found = store.suggested(scope.capped(told, store.MOST_SUGGESTED, "possiblySame", owner))
    access.note((owner, *(each.row["id"] for each in found)) if found else ())
    shown = ((each, show(each.row)) for each in found)
    return [PossibleMatch(subject=node, reasons=list(each.reasons)) for each, node in shown if node is not None]
