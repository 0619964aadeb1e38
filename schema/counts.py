"""Statistics as GraphQL types: how many subjects, records, list entries or measures there are, in groups.

It must not know how they are counted; what a reader may not see is not counted, what he may not read is no group.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import strawberry

from graph.codes import StatisticsGroup, StatisticsOf, TruncationReason
from graph.conditions import TRUE, And, Condition, Quantifier, Related
from graph.errors import Invalid, LimitExceeded
from graph.findings import Cut
from graph.store.asked import Root
from graph.store.groups import GROUPS
from graph.store.statistics import LABELS, MOST_GROUPS, statistics
from schema.filters import condition
from schema.measures import warnings_of
from schema.scalars import yuan
from schema.scope import Scope
from schema.values import Truncation, Warning, truncation
from schema.windows import reading

# How each part of a filter speaks of what is counted: itself (""), or by a relation of it.
SPEAKS: Final = {
    StatisticsOf.SUBJECTS: {"subject": "", "record": "records"},
    StatisticsOf.RECORDS: {"subject": "about", "record": ""},
    StatisticsOf.LIST_ENTRIES: {"subject": "about", "record": ""},
    StatisticsOf.MEASURES: {"subject": "party", "record": "cause", "measure": ""},
}
FILTERS: Final = {"subject": "SubjectFilter", "record": "CreditRecordFilter", "measure": "MeasureFilter"}


@strawberry.type(description="统计的一行 · one group")
class StatisticsRow:
    keys: list[str | None] = strawberry.field(
        description="各分组的值,无值或无权读取为 null · its value of each group; null: none, or not readable"
    )
    count: int = strawberry.field(description="数量 · how many")
    sum: Decimal | None = strawberry.field(
        description="金额合计,元:主体为注册资本,记录为罚款或所涉金额,其余为 null"
        " · yuan in all: registered capital of subjects, the fine or amount of records, else null"
    )
    min: Decimal | None = strawberry.field(description="最小金额,元 · the least amount in yuan")
    max: Decimal | None = strawberry.field(description="最大金额,元 · the greatest amount in yuan")


@strawberry.type(description="统计 · statistics")
class Statistics:
    rows: list[StatisticsRow] = strawberry.field(
        description="各组,多的在前,同数按值,至多 1,000;处罚类别有多个的,各计一次"
        " · groups, most first, then by value, at most 1,000; who has several types counts in each"
    )
    total: int = strawberry.field(description="总数,各计一次 · how many in all, each once")
    derived_through: int | None = strawberry.field(
        description="统计措施时:已推导至图的此版本 · of measures: through which version of the graph they are derived"
    )
    truncated: Truncation | None = strawberry.field(description="多于 1,000 组时说明 · said when groups were left out")
    warnings: list[Warning] = strawberry.field(description="提示 · warnings")


async def statistics_of(
    scope: Scope, of: StatisticsOf, group_by: list[StatisticsGroup] | None, where: Any
) -> Statistics:
    groups = checked(of, group_by or [])
    asked = _condition(scope, of, where or {})
    found = await statistics(scope.operation.world.database, of, groups, asked, reading(scope))
    measured = of is StatisticsOf.MEASURES
    return Statistics(
        rows=[
            StatisticsRow(keys=keys, count=count, sum=yuan(total), min=yuan(least), max=yuan(greatest))
            for keys, count, total, least, greatest in found.rows
        ],
        total=found.total,
        derived_through=found.standing.through if measured else None,
        truncated=truncation(Cut(TruncationReason.NODE_LIMIT, found.cut, lower_bound=False) if found.cut else None),
        warnings=warnings_of(scope, found.standing) if measured else [],
    )


def checked(of: StatisticsOf, groups: list[StatisticsGroup]) -> list[StatisticsGroup]:
    """The groups; raises Invalid for one that what is counted does not have, or twice, LimitExceeded for too many."""
    if len(groups) > MOST_GROUPS:
        raise LimitExceeded(f"groupBy: 至多 {MOST_GROUPS} 项 · at most {MOST_GROUPS}", argument="groupBy")
    known = GROUPS[Root(LABELS[of]).target]
    for i, group in enumerate(groups):
        here = f"groupBy.{i}"
        if group not in known:
            names = ", ".join(sorted(known))
            raise Invalid(f"{here}: {of.value} 不按 {group.value} 分组,可用 · may be grouped by {names}", argument=here)
        if group in groups[:i]:
            raise Invalid(f"{here}: 重复 · named twice: {group.value}", argument=here)
    return groups


def _condition(scope: Scope, of: StatisticsOf, where: dict[str, Any]) -> Condition:
    parts: list[Condition] = []
    for key, value in where.items():
        here = f"where.{key}"
        if value is None:
            raise Invalid(f"{here}: 此处不接受 null · null is no condition here", argument=here)
        if key not in SPEAKS[of]:
            raise Invalid(f"{here}: 不用于统计 {of.value} · is no condition on {of.value}", argument=here)
        asked = condition(FILTERS[key], value, argument=here, official=scope.operation.access.official)
        relation = SPEAKS[of][key]
        parts.append(Related(relation, Quantifier.SOME, asked) if relation else asked)
    return And(tuple(parts)) if parts else TRUE
