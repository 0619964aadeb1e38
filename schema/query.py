"""The root of the API: what can be asked.

It must not know how anything is read; an unknown thing is null, so that one does not empty a batch.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

import strawberry

from graph.codes import CheckScope, Direction, Purpose, RelationKind, StatisticsGroup, StatisticsOf
from graph.errors import GraphError, Invalid, LimitExceeded
from graph.store.asked import Root
from schema.answers import CreditCheck, Reach, WhatIf, pack_of
from schema.computed import check_of, reach_by, what_if_of
from schema.connections import Connection, paged
from schema.counts import Statistics, statistics_of
from schema.expansion import Expansion
from schema.fields import DATES, REQUIRED, Info, argument, dated, declared, field
from schema.inputs import INPUTS
from schema.links import BidConflict, Links, bid_conflicts_of, links_of
from schema.measures import MeasureConnection, measures_by
from schema.nodes import Node
from schema.ownership import OwnershipChart, ownership_of
from schema.reads import Computed, Every, Expanded, Found, Judged, Resolved, Searched
from schema.records import CreditRecord
from schema.relations import CreditList, KeyGroup
from schema.scope import Scope
from schema.search import Resolution, SearchConnection, SearchKind
from schema.subjects import Enterprise, GovernmentBody, Organization, Person, Subject
from schema.supposing import changes_of
from schema.values import Rule
from schema.viewer import Viewer, viewer_of
from schema.windows import PAGE, After, Before, First, Last

if TYPE_CHECKING:
    Supposition = dict[str, Any]
    MeasureFilter = dict[str, Any]
    MeasureOrder = dict[str, Any]
    StatisticsFilter = dict[str, Any]
else:
    Supposition = INPUTS["HypothesisInput"]
    MeasureFilter, MeasureOrder = INPUTS["MeasureFilter"], INPUTS["MeasureOrder"]
    StatisticsFilter = INPUTS["StatisticsFilter"]

MOST_IDS: Final = 100
IdOrIdentifier = Annotated[
    strawberry.ID, strawberry.argument(description="节点标识或号码 · id of a node, or an identifier of it")
]
Subjects = Annotated[
    list[strawberry.ID], strawberry.argument(description="主体标识或号码,1–100 · ids or identifiers, 1 to 100")
]
ID: Final = argument("id", strawberry.ID, "节点标识 · id of a node", REQUIRED)
ID_OR_IDENTIFIER: Final = argument(
    "id", strawberry.ID, "节点标识或号码 · id of a node, or an identifier of it", REQUIRED
)
IDS: Final = argument("ids", list[strawberry.ID], "节点标识,至多 100 · ids, at most 100", REQUIRED)
IDENTIFIER: Final = argument(
    "identifier",
    str,
    "统一社会信用代码、注册号、组织机构代码或节点标识,不接受名称 · USCC, old number, id; never a name",
    REQUIRED,
)
SOUGHT: Final = argument(
    "text", str, "名称、号码或文书号的全部或一部分 · a name, number or document number, or a part", REQUIRED
)
AMONG: Final = argument(
    "kinds",
    list[SearchKind] | None,
    "查找范围,省略则不限,空则无 · what to look among; all when omitted, none when empty",
)
TEXTS: Final = argument("texts", list[str], "完整的号码或名称,1–100 · whole numbers or names, 1 to 100", REQUIRED)
SUBJECT: Final = argument("subject", strawberry.ID, "节点标识或号码 · id of a node, or an identifier of it", REQUIRED)
RELATED: Final = argument(
    "relations", list[RelationKind] | None, "关系类别,省略则不限,空则无 · kinds; all when omitted, none when empty"
)
For = Annotated[Purpose | None, strawberry.argument(description="用途,省略则不限 · purpose; all when omitted")]
Named = Annotated[
    str | None,
    strawberry.argument(description="规则包名称,省略则为核查所用 · name of the pack; omitted: the one in use"),
]
Changes = Annotated[
    list[Supposition],
    strawberry.argument(description="假设,依次成立,1–20 项 · suppositions, each on top of those before, 1 to 20"),
]
Towards = Annotated[Direction, strawberry.argument(description="方向 · which way it is followed")]
Steps = Annotated[
    int | None, strawberry.argument(description="所示级数,1–50,省略则不限 · steps shown, 1 to 50; all when omitted")
]
Least = Annotated[
    Decimal | None,
    strawberry.argument(description="所示最低综合比例,百分数 · least integrated share shown, in percent"),
]
Between = Annotated[
    list[strawberry.ID],
    strawberry.argument(description="各方的标识或号码,2–10 · ids or identifiers of the parties, 2 to 10"),
]
MaxHops = Annotated[int, strawberry.argument(description="最多步数,1–8 · steps of a path at most, 1 to 8")]
Walked = Annotated[
    list[RelationKind] | None,
    strawberry.argument(
        description="所循关系类别;省略则为控制、持股、法定代表人、负责人、任职、一致行动、分支、担保、项目经理"
        " · kinds of relations to walk; omitted: control, holdings, legal representatives, principals, posts, concert,"
        " branches, guarantees, project managers"
    ),
]
MinShare = Annotated[
    Decimal | None,
    strawberry.argument(
        description="持股的最低比例,百分数;比例不明者不计 · least share of a holding in percent; unknown ones are none"
    ),
]
Paths = Annotated[int, strawberry.argument(description="每对的路径数,1–10 · how many paths of each pair, 1 to 10")]
Bidders = Annotated[
    list[strawberry.ID],
    strawberry.argument(description="投标人的标识或号码,1–100 · ids or identifiers of the bidders, 1 to 100"),
]
LotOf = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="标段;图中尚无标段 · the lot they bid for; this graph has no lots yet"),
]
Through = Annotated[
    list[CheckScope] | None,
    strawberry.argument(
        description="另告其任职人员(OFFICES)、各级持有人和登记的实际控制人(OWNERSHIP)所受约束"
        " · tell also what binds its office holders (OFFICES), or its holders and declared controllers at every level"
        " (OWNERSHIP)"
    ),
]


Listed = Annotated[MeasureFilter | None, strawberry.argument(description="条件 · only these")]
Ordered = Annotated[
    list[MeasureOrder] | None, strawberry.argument(description="排序,至多 3 项,默认新的在前 · order, at most 3 keys")
]
Of = Annotated[StatisticsOf, strawberry.argument(description="统计对象 · what is counted")]
Groups = Annotated[
    list[StatisticsGroup] | None,
    strawberry.argument(
        description="分组,至多 3 项。主体:KIND STATUS REGION INDUSTRY;记录和名单条目:KIND STATE DEPARTMENT LIST YEAR"
        " TYPE SECTOR;措施:MEASURE RULE CERTAINTY YEAR KIND(当事人类别);记录的年份取决定日期"
        " · groups, at most 3, of those named here for what is counted; the year of a record is that of its decision"
    ),
]
Counting = Annotated[StatisticsFilter | None, strawberry.argument(description="范围 · only these")]


@strawberry.type(description="查询 · what can be asked")
class Query:
    scope: strawberry.Private[Scope]

    node: Node | None = declared("按标识取节点 · a node by id", Found("id"), ID, *DATES)
    nodes: list[Node | None] = declared(
        "按标识取多个节点,顺序不变 · nodes by ids, in the same order", Found("ids", many=True), IDS, *DATES
    )
    subject: Subject | None = declared(
        "按号码取主体 · a subject by identifier", Found("identifier", identified=True), IDENTIFIER, *DATES
    )
    enterprise: Enterprise | None = declared(
        "按号码取企业 · an enterprise by identifier", Found("identifier", identified=True), IDENTIFIER, *DATES
    )
    person: Person | None = declared("取自然人 · a person", Found("id", identified=True), ID_OR_IDENTIFIER, *DATES)
    department: GovernmentBody | None = declared(
        "按号码取机关 · a government body by identifier", Found("identifier", identified=True), IDENTIFIER, *DATES
    )
    record: CreditRecord | None = declared(
        "取信用记录 · a credit record", Found("id", identified=True), ID_OR_IDENTIFIER, *DATES
    )

    enterprises: Connection[Enterprise] | None = paged(
        "企业,按名称 · enterprises, by name",
        Root("Enterprise"),
        where="EnterpriseFilter",
        order="EnterpriseOrder",
    )
    persons: Connection[Person] | None = paged(
        "自然人 · persons", Root("Person"), where="PersonFilter", order="PersonOrder"
    )
    organizations: Connection[Organization] | None = paged(
        "组织,按名称 · organisations of every kind, by name",
        Root("Organization"),
        where="OrganizationFilter",
        order="OrganizationOrder",
    )
    records: Connection[CreditRecord] | None = paged(
        "信用记录,新的在前 · credit records, newest first",
        Root("Record"),
        where="CreditRecordFilter",
        order="CreditRecordOrder",
    )
    departments: Connection[GovernmentBody] | None = paged(
        "报送或作出决定的机关,按名称 · bodies that report or decide, by name", Root("Department")
    )

    lists: list[CreditList] | None = declared(
        "名单,按名称,至多 1000 · credit lists, by name, at most 1000", Every("CreditList")
    )
    key_groups: list[KeyGroup] | None = declared(
        "重点人群,按名称,至多 1000 · key groups, by name, at most 1000", Every("KeyGroup")
    )

    search: SearchConnection | None = declared(
        "按文字查找主体与文书号,至多前 1,000 条 · search by name, number or document number, the first 1,000 hits",
        Searched(),
        SOUGHT,
        AMONG,
        *PAGE,
        *DATES,
    )

    resolve: list[Resolution] | None = declared(
        "按完整的号码、当日名称认定主体,无人当日如此命名的,按其他日的名称;顺序不变"
        " · the subjects that whole numbers or names of the day name, else names of another day, in the same order",
        Resolved(),
        TEXTS,
        *DATES,
    )
    expand: Expansion | None = declared(
        "主体周围的关系,按类别、起始日 · the relations around a subject, by kind and first day",
        Expanded(),
        SUBJECT,
        RELATED,
        *PAGE[:2],
        *DATES,
    )

    @dated("核查:此主体当日受何约束 · what binds this subject on the day", reads=Computed(judged=Judged.CHECK))
    async def check(
        self,
        scope: Scope,
        info: strawberry.Info,
        subject: IdOrIdentifier,
        purpose: For = strawberry.UNSET,
        through: Through = strawberry.UNSET,
    ) -> CreditCheck | None:
        return await check_of(scope, subject, purpose or None, "subject", Info.of(info), through or ())

    @dated("批量核查,顺序不变 · checks of several subjects, in the same order", reads=Computed(judged=Judged.CHECKS))
    async def checks(
        self, scope: Scope, info: strawberry.Info, subjects: Subjects, purpose: For = strawberry.UNSET
    ) -> list[CreditCheck | None] | None:
        if len(subjects) > MOST_IDS:
            raise LimitExceeded(f"subjects: 至多 {MOST_IDS} 个 · at most {MOST_IDS}", argument="subjects")
        if not subjects:
            raise Invalid("subjects: 至少一个 · at least one", argument="subjects")
        found = await asyncio.gather(
            *(
                check_of(scope, each, purpose or None, f"subjects.{i}", Info.of(info))
                for i, each in enumerate(subjects)
            ),
            return_exceptions=True,
        )
        for each in found:  # one that is refused is null with an error of its own; anything else is not only its own
            if isinstance(each, BaseException) and not isinstance(each, GraphError):
                raise each
        return found  # type: ignore[return-value]

    @dated("传导:此记录或资格及于何人 · whom a record or qualification reaches", reads=Computed(judged=Judged.REACH))
    async def reach(self, scope: Scope, info: strawberry.Info, record: IdOrIdentifier) -> Reach | None:
        return await reach_by(scope, record, "record", Info.of(info))

    @dated(
        "假设:所设各项成立时的核查,只算不存 · the check as it would be if; nothing is stored",
        reads=Computed(judged=Judged.SUPPOSED),
    )
    async def what_if(
        self, scope: Scope, subject: IdOrIdentifier, changes: Changes, purpose: For = strawberry.UNSET
    ) -> WhatIf | None:
        return await what_if_of(scope, subject, changes_of(changes), purpose or None, "subject")

    @dated(
        "所存的措施,新的在前;当日有效者,未完全推导时有提示"
        " · the stored measures that hold on the day, newest first; a warning says when they are behind",
        reads=Computed(),
    )
    async def measures(
        self,
        scope: Scope,
        info: strawberry.Info,
        where: Listed = strawberry.UNSET,
        order_by: Ordered = strawberry.UNSET,
        first: First = strawberry.UNSET,
        after: After = strawberry.UNSET,
        last: Last = strawberry.UNSET,
        before: Before = strawberry.UNSET,
    ) -> MeasureConnection | None:
        return await measures_by(scope, Info.of(info), where, order_by, first, after, last, before)

    @dated("统计所见者,分组计数 · what the reader sees, counted in groups", reads=Computed())
    async def statistics(
        self, scope: Scope, of: Of, group_by: Groups = strawberry.UNSET, where: Counting = strawberry.UNSET
    ) -> Statistics | None:
        return await statistics_of(scope, of, group_by or None, where)

    @dated(
        "股权:谁最终拥有、被谁拥有,各多少 · ownership: who owns a subject in the end, what it owns, and how much",
        reads=Computed(judged=Judged.OWNERSHIP),
    )
    async def ownership(
        self,
        scope: Scope,
        info: strawberry.Info,
        subject: IdOrIdentifier,
        direction: Towards = Direction.BOTH,
        depth: Steps = strawberry.UNSET,
        min_share: Least = strawberry.UNSET,
    ) -> OwnershipChart | None:
        return await ownership_of(
            scope,
            Info.of(info),
            subject,
            direction,
            None if depth is strawberry.UNSET else depth,
            None if min_share is strawberry.UNSET else min_share,
        )

    @dated(
        "关联:各方之间的路径。避开关系逾 200 条的节点和机关(列入 between 者除外),未发现不等于没有"
        " · how parties are connected: nodes of more than 200 relations and bodies of government are not walked through"
        " unless they are in between; what is not found in this data may be elsewhere",
        reads=Computed(judged=Judged.LINKS),
    )
    async def links(
        self,
        scope: Scope,
        between: Between,
        max_hops: MaxHops = 6,
        relations: Walked = strawberry.UNSET,
        min_share: MinShare = strawberry.UNSET,
        paths: Paths = 3,
    ) -> Links | None:
        given = {"between": between, "max_hops": max_hops, "relations": relations, "min_share": min_share}
        return await links_of(scope, {**given, "paths": paths})

    @dated(
        "投标人之间的关联:规则 K1–K5。仅依本图所载,未列不等于没有"
        " · whether bidders belong together, or one of them is barred: rules K1 to K5, by what this graph holds",
        reads=Computed(judged=Judged.BIDDERS),
    )
    async def bid_conflicts(
        self, scope: Scope, bidders: Bidders, lot: LotOf = strawberry.UNSET
    ) -> list[BidConflict] | None:
        return await bid_conflicts_of(scope, {"bidders": bidders}, lot or None)

    @dated("当日施行的规则 · the rules in force on the day")
    async def rules(self, scope: Scope, pack: Named = strawberry.UNSET) -> list[Rule] | None:
        world = scope.operation.world
        found = await world.packs.named(pack or None, scope.moment.known, world.database)
        if found is None:
            return []
        shown, on = pack_of(found), scope.moment.as_of
        versions = dict.fromkeys(each.cited for each in found.rules if each.validity.may_contain(on))
        return [Rule(found=each, in_pack=shown) for each in versions]

    @field("查询者 · who asks")
    async def viewer(self, info: strawberry.Info) -> Viewer:
        return await viewer_of(self.scope, Info.of(info))
