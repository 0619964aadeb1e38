"""Pages of the API: edges with their cursors, and how a field of them is declared.

It must not know what stands on a page, nor how it is read.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

import strawberry

from graph import regions
from graph.codes import PenaltyType, RecordKind, RecordState, StatisticsGroup, SubjectKind, SubjectStatus, Text
from graph.store.asked import Source
from graph.words import words
from schema import industries
from schema.fields import DATES, REQUIRED, argument, declared, field, text
from schema.inputs import INPUTS
from schema.reads import Faceted, Paged
from schema.values import PageInfo
from schema.windows import PAGE

T = TypeVar("T")


@strawberry.type(description="一页中的一条 · one entry of a page")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="游标 · cursor")
    node: T = strawberry.field(description="节点 · node")


@strawberry.type(description="分面的一个值 · one value of a facet")
class Facet:
    found: strawberry.Private[tuple[StatisticsGroup, str, int, str | None]]

    @field("值 · the value")
    def value(self) -> str:
        return self.found[1]

    @text("名称 · its name")
    def label(self) -> Text:
        group, value, _, name = self.found
        return Text(name, name) if name is not None else label_of(group, value)

    @field("数量 · how many")
    def count(self) -> int:
        return self.found[2]


CODES: Final = {
    StatisticsGroup.KIND: (SubjectKind, RecordKind),
    StatisticsGroup.STATUS: (SubjectStatus,),
    StatisticsGroup.STATE: (RecordState,),
    StatisticsGroup.TYPE: (PenaltyType,),
}


def label_of(group: StatisticsGroup, value: str) -> Text:
    """The words of a value: those of a code, the name of a region or an industry, else the value itself."""
    for code in CODES.get(group, ()):
        if value in code.__members__:
            return words(code(value))
    if group is StatisticsGroup.REGION and (region := regions.find(value)) is not None:
        return Text(region.name, region.name)
    if group is StatisticsGroup.INDUSTRY:
        name = industries.name_of(value)
        return Text(name, name)
    return Text(value, value)


BY: Final = argument(
    "by",
    StatisticsGroup,
    "分面。主体:KIND STATUS REGION INDUSTRY;信用记录:KIND STATE DEPARTMENT LIST YEAR(决定日期)TYPE SECTOR;"
    "任职和持股没有分面"
    " · by what: of subjects and of records those named here, the year that of the decision; posts and holdings none",
    REQUIRED,
)


@strawberry.type(description="一页 · a page")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="条目 · entries with their cursors")
    nodes: list[T] = strawberry.field(description="节点 · nodes")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="总数 · how many there are in all")
    facets: list[Facet] | None = declared(
        "本列表(不限本页)按此分面的数量,多的在前,同数按值,至多 50 个值;名称为当日名称"
        " · how many of the whole list there are by each value, most first, then by value, at most 50; named as on the"
        " day",
        Faceted(),
        BY,
    )


def paged(description: str, source: Source, *, where: str | None = None, order: str | None = None) -> Any:
    """A dated page of a source, of the node itself unless the source is a root. `where`, `order`: inputs' names."""
    inputs = []
    if where:
        inputs.append(argument("where", INPUTS[where] | None, "条件 · only these"))
    if order:
        keys = list[INPUTS[order]] | None  # type: ignore[valid-type]
        inputs.append(argument("order_by", keys, "排序,至多 3 项 · order, at most 3 keys"))
    return declared(description, Paged(source, where, order), *inputs, *PAGE, *DATES)
