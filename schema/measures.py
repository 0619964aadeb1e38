"""Lists of stored measures: pages by index, each measure told from what is stored of it, and how far that is derived.

It must not know rules; whatever cannot be shown to the reader is left out as if it were not there.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from typing import Any, Final

import orjson
import strawberry

from graph import findings
from graph.codes import Text, WarningCode
from graph.findings import Notice
from graph.store.bound import Standing, measure_page
from graph.store.measures import measure_of
from graph.views import PageRequest
from schema.answers import Measure, pack_of
from schema.fields import Info
from schema.filters import condition, orders, shape
from schema.nodes import by_id, load
from schema.scope import Scope
from schema.values import PageInfo, Warning
from schema.windows import cursors, reading, wanted

BEHIND: Final = Notice(
    WarningCode.DERIVED_BEHIND,
    Text(
        "所存措施尚未随最新变更推导,以核查(check)为准",
        "the stored measures have not followed the latest changes yet: a check is what counts",
    ),
)


@strawberry.type(description="一页中的一项措施 · one measure of a page")
class MeasureEdge:
    cursor: str = strawberry.field(description="游标 · cursor")
    node: Measure = strawberry.field(description="措施 · the measure")


@strawberry.type(description="所存措施的一页 · a page of stored measures")
class MeasureConnection:
    edges: list[MeasureEdge] = strawberry.field(description="条目 · measures with their cursors")
    nodes: list[Measure] = strawberry.field(description="措施 · measures")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="总数 · how many there are in all")
    derived_through: int | None = strawberry.field(
        description="措施已推导至图的此版本,从未推导为 null · through which version of the graph they are derived"
    )
    warnings: list[Warning] = strawberry.field(description="提示 · warnings")


async def measures_by(scope: Scope, info: Info, where: Any, order_by: Any, *page: Any) -> MeasureConnection:
    """One page. POTENTIAL ones are listed where the filter speaks of certainty, and for officials only."""
    operation, official = scope.operation, scope.operation.access.official
    asked = condition("MeasureFilter", where or None, argument="where", official=official)
    keys = orders("MeasureOrder", order_by or None, argument="orderBy", official=official)
    asks = orjson.dumps([[list(each) for each in keys], shape(where or None)]).decode()
    held = cursors(scope, "measures", asks)
    want = wanted(held.place, *page)
    below = info.below.get("pageInfo", {})
    request = PageRequest(
        want.size,
        want.place,
        backward=want.backward,
        count="totalCount" in info.below,
        look_back=("hasNextPage" if want.backward else "hasPreviousPage") in below,
    )
    found = await measure_page(operation.world.database, reading(scope), request, asked, keys)
    more = len(found.rows) > want.size
    rows = found.rows[: want.size][:: -1 if want.backward else 1]
    version = found.standing.version
    operation.version = version if operation.version is None else min(operation.version, version)
    edges = await _edges(scope, rows, held.of) if {"nodes", "edges"} & info.below.keys() else []
    places = [held.of((*sort, id)) for id, sort, _ in rows]
    return MeasureConnection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=PageInfo(
            has_next_page=found.further if want.backward else more,
            has_previous_page=more if want.backward else found.further,
            start_cursor=places[0] if places else None,
            end_cursor=places[-1] if places else None,
        ),
        total_count=found.total,
        derived_through=found.standing.through,
        warnings=warnings_of(scope, found.standing),
    )


async def _edges(scope: Scope, rows: list[Any], cursor: Any) -> list[MeasureEdge]:
    world, inside = scope.operation.world, scope.below()
    told = [
        (cursor((*sort, id)), measure_of(row, pack), pack_of(pack))
        for id, sort, row in rows
        for pack in [await world.packs.of(row["pack"], world.database)]
    ]
    await load(inside, {id for _, measure, _ in told for id in named(measure)})
    shown = [each for each in told if all(by_id(inside, id) is not None for id in named(each[1]))]
    scope.operation.access.note_judged(*(measure.party for _, measure, _ in shown))
    return [
        MeasureEdge(cursor=place, node=Measure(found=measure, scope=inside, in_pack=pack))
        for place, measure, pack in shown
    ]


def named(measure: findings.Measure) -> set[str]:
    """Every node the answer may name."""
    steps = (*measure.path, *measure.also_via)
    return {measure.party, measure.cause, *(end for step in steps for end in (step.start, step.end))}


def warnings_of(scope: Scope, standing: Standing) -> list[Warning]:
    behind = standing.behind(scope.operation.world.packs.current.digest)
    return [Warning(found=BEHIND, scope=scope)] if behind else []
