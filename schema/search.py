"""Search and resolve: what a text finds, in one window of hits, and what exactly it names.

It must not know how a text is looked for; what a reader may not see is no hit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import strawberry

from graph.codes import MatchKind, StatisticsGroup, SubjectKind, TruncationReason
from graph.conditions import Target
from graph.errors import Invalid, LimitExceeded
from graph.findings import Cut
from graph.store import groups, search
from graph.store.resolution import MOST_MATCHED
from graph.store.search import Hit, Sought, Window
from graph.texts import fold
from graph.words import words
from schema.connections import Facet
from schema.fields import field
from schema.nodes import Node
from schema.scope import Scope
from schema.subjects import Subject
from schema.values import PageInfo, Truncation, truncation
from schema.windows import Cursors

if TYPE_CHECKING:
    from schema.planning.rows import Row

MOST_TEXTS: Final = 100
FACETS: Final = groups.GROUPS[Target.SUBJECT].keys()
FacetBy = Annotated[
    StatisticsGroup,
    strawberry.argument(
        description="分面:KIND STATUS REGION INDUSTRY,信用记录只有 KIND · by what; records have KIND alone"
    ),
]
SHOWN: Final = ("name", "documentNumber")  # properties a snippet is taken from
BEYOND: Final = Cut(TruncationReason.NODE_LIMIT, None, lower_bound=True)


class SearchKind(StrEnum):
    """What a search looks among."""

    ENTERPRISE = "ENTERPRISE"
    PERSON = "PERSON"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    SOCIAL_ORGANIZATION = "SOCIAL_ORGANIZATION"
    GOVERNMENT_BODY = "GOVERNMENT_BODY"
    OTHER_ORGANIZATION = "OTHER_ORGANIZATION"
    RECORD = "RECORD"


strawberry.enum(SearchKind, description="查找范围 · what a search looks among")
for each in SearchKind.__strawberry_definition__.values:  # type: ignore[attr-defined]
    each.description = (
        "信用记录(文书号) · credit records, by document number"
        if each.value == SearchKind.RECORD
        else " · ".join(words(SubjectKind(each.value)))
    )


@strawberry.type(description="一条查找结果 · one hit of a search")
class SearchEdge:
    cursor: str = strawberry.field(description="游标 · cursor")
    node: Node = strawberry.field(description="主体或记录 · a subject or a record")
    matched: MatchKind = strawberry.field(description="匹配方式 · how it matched")
    snippet: str | None = strawberry.field(
        description="含有所查文字的名称或号码 · the name or number that holds the text"
    )


@strawberry.type(description="查找结果的一页,至多前 1,000 条 · a page of hits, of the first 1,000 at most")
class SearchConnection:
    edges: list[SearchEdge] = strawberry.field(description="条目 · hits with their cursors")
    nodes: list[Node] = strawberry.field(description="节点 · nodes")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="总数,至多 1,000 · how many hits, 1,000 at most")
    truncated: Truncation | None = strawberry.field(
        description="多于 1,000 条时说明 · said when there are more than 1,000 hits"
    )
    counted: strawberry.Private[Mapping[StatisticsGroup, Sequence[Any]]]
    scope: strawberry.Private[Scope]

    @field(
        "全部结果(至多 1,000 条)按此分面的数量,多的在前,至多 50 个值"
        " · how many of all hits, 1,000 at most, there are by each value, most first, at most 50 values"
    )
    def facets(self, by: FacetBy) -> list[Facet] | None:
        if by not in FACETS:
            raise Invalid(
                f"by: 查找不按 {by.value} 分面,可用 · a search has facets by {', '.join(sorted(FACETS))}", argument="by"
            )
        values = self.scope.capped(self.counted[by], groups.MOST_VALUES, "facets")
        return [Facet(found=(by, *each)) for each in values]


@strawberry.type(description="一段文字所指的主体 · the subjects a text names")
class Resolution:
    held: strawberry.Private[Sequence[Any]]  # one the reader may not see is None
    scope: strawberry.Private[Scope]
    text: str = strawberry.field(description="所给文字 · the text as given")
    by: MatchKind | None = strawberry.field(description="匹配方式;未匹配为 null · how it matched; null when it did not")

    @field("所指主体,同名至多 20 · whom it names, at most 20 of one name")
    def matched(self) -> list[Subject]:
        shown = self.scope.capped(self.held, MOST_MATCHED, "matched", self.text)
        return [each for each in shown if each is not None]


def connection(
    window: Window,
    rows: Sequence[Row | None],
    text: str,
    asked: Sought,
    held: Cursors,
    asked_by: Sequence[StatisticsGroup],
    scope: Scope,
) -> SearchConnection:
    """One page of hits with their nodes; a node the reader may not see is no hit. `asked_by`: groups of its facets."""
    edges = [
        SearchEdge(
            cursor=held.of(hit.place),
            node=cast("Node", node),
            matched=hit.match,
            snippet=_snippet(hit, node, text, asked),
        )
        for hit, node in zip(window.hits, rows, strict=True)
        if node is not None
    ]
    return SearchConnection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=PageInfo(
            has_next_page=window.start + len(window.hits) < window.total,
            has_previous_page=window.start > 0,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=window.total,
        truncated=truncation(BEYOND if window.cut else None),
        counted=groups.by_group(asked_by, window.facets),
        scope=scope,
    )


def _snippet(hit: Hit, node: Row, text: str, asked: Sought) -> str:
    """The name or number as it is written."""
    view = node.view
    if hit.match is MatchKind.IDENTIFIER:
        return hit.found if hit.found != asked.text else text.strip()
    written = [str(view.values.get(name, "")) for name in SHOWN]
    named = sorted(node.raw.get("names", ()), key=lambda each: (each[1], each[2], each[0]))  # also names yet to come
    written += [name for name, *_ in named]
    return next((each for each in written if fold(each) == hit.found), hit.found)


def sought(texts: Sequence[str]) -> list[Sought]:
    """The texts as they are looked for; Invalid or LimitExceeded by argument."""
    if not texts:
        raise Invalid("texts: 至少一段 · at least one", argument="texts")
    if len(texts) > MOST_TEXTS:
        raise LimitExceeded(f"texts: 至多 {MOST_TEXTS} 段 · at most {MOST_TEXTS}", argument="texts")
    return [search.sought(each, f"texts.{i}") for i, each in enumerate(texts)]
