"""The subjects of the graph as GraphQL types: what every subject has, what organisations add, the six kinds.

It must not know how pages or computed fields are read.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from graph.codes import (
    Certainty,
    EnterpriseForm,
    Purpose,
    RecordKind,
    RelationKind,
    StateOwnership,
    SubjectKind,
    SubjectStatus,
)
from graph.conditions import Target
from graph.store.asked import Neighbours, Relations
from graph.store.projection import Near
from graph.store.rows import ORIGIN
from graph.texts import mask_name
from graph.views import NodeView
from graph.vocabulary import POST_RELATION_KINDS
from schema import industries
from schema.connections import Connection, paged
from schema.fields import DATES, PROPERTIES, dated, declared, field, read, stored, stored_dated
from schema.nodes import Node, Region, region, shows
from schema.reads import Beside, Computed, Judged, NearTo, Told
from schema.scope import Scope
from schema.values import Identifier, Industry, NamePeriod, Provenance, identifier, period, provenance
from schema.windows import PAGE

PostType = Annotated["Post", strawberry.lazy("schema.relations")]  # type: ignore[name-defined]  # noqa: F821
HoldingType = Annotated["Holding", strawberry.lazy("schema.relations")]  # type: ignore[name-defined]  # noqa: F821
GroupType = Annotated["KeyGroup", strawberry.lazy("schema.relations")]  # type: ignore[name-defined]  # noqa: F821
LicenceType = Annotated["Qualification", strawberry.lazy("schema.relations")]  # type: ignore[name-defined]  # noqa: F821
RecordType = Annotated["CreditRecord", strawberry.lazy("schema.records")]  # type: ignore[name-defined]  # noqa: F821
EntryType = Annotated["ListEntry", strawberry.lazy("schema.record_kinds")]  # type: ignore[name-defined]  # noqa: F821
MeasureType = Annotated["Measure", strawberry.lazy("schema.answers")]  # type: ignore[name-defined]  # noqa: F821
CountType = Annotated["RelationCount", strawberry.lazy("schema.expansion")]  # type: ignore[name-defined]  # noqa: F821
MatchType = Annotated["PossibleMatch", strawberry.lazy("schema.expansion")]  # type: ignore[name-defined]  # noqa: F821
TimeType = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]  # type: ignore[name-defined]  # noqa: F821
ControllerType = Annotated["Controller", strawberry.lazy("schema.ownership")]  # type: ignore[name-defined]  # noqa: F821
BeneficialType = Annotated["BeneficialOwner", strawberry.lazy("schema.ownership")]  # type: ignore[name-defined]  # noqa: F821
ABOUT, HOLDS = RelationKind.ABOUT, RelationKind.HOLDS
OrganizationType = Annotated["Organization", strawberry.lazy("schema.subjects")]
NAMES_SHOWN = 100  # of former names


def name_in(scope: Scope, view: NodeView, name: str) -> str:
    """A name of a subject as the reader may read it: a person's is masked where it is not for him."""
    access = scope.operation.access
    disclosure = PROPERTIES[view.kind, "name"].disclosure
    if not access.reads(disclosure, view):
        return mask_name(name)
    access.note_read(disclosure, view)
    return name


@strawberry.interface(description="主体 · a subject: a person or an organisation")
class Subject(Node):
    status: SubjectStatus | None = stored_dated("status", SubjectStatus)
    records: Connection[RecordType] = paged(
        "信用记录,新的在前 · credit records, newest decision first",
        Neighbours(ABOUT, Target.RECORD),
        where="CreditRecordFilter",
        order="CreditRecordOrder",
    )
    list_entries: Connection[EntryType] = paged(
        "在列的名单条目 · list entries in force",
        Neighbours(ABOUT, Target.RECORD, valid=True, record_kinds=(RecordKind.LIST_ENTRY,)),
        where="ListEntryFilter",
        order="CreditRecordOrder",
    )
    investments: Connection[HoldingType] = paged(
        "对外投资 · holdings in organisations",
        Relations((HOLDS,), forward=True),
        where="HoldingFilter",
        order="HoldingOrder",
    )

    @field("已并入的标识 · ids merged into this one", reads=Told((), ("formerIds",)))
    def former_ids(self) -> list[strawberry.ID]:
        return [strawberry.ID(each) for each in self.view.former_ids]

    @field("主体类别 · kind", reads=Told(()))
    def kind(self) -> SubjectKind:
        return SubjectKind(self.view.kind)

    @dated(
        "名称;公众所见个人姓名为掩码 · name; a person's is masked for the public", reads=Told(("name",), plain="name")
    )
    def name(self, scope: Scope) -> str:
        def named(view: NodeView | None) -> str:
            view = view or self.view
            return name_in(scope, view, str(view.values.get("name", "")))

        return self.in_scope(scope, named)

    @dated("所在地区 · region", reads=Told(("region",)))
    def region(self, scope: Scope) -> Region | None:
        return self.in_scope(scope, lambda view: region(scope, read(self, view, "region")))

    @dated("标识 · identifiers in use", reads=Told((), ("identifiers",)))
    def identifiers(self, scope: Scope) -> list[Identifier]:
        def found(view: NodeView | None) -> list[Identifier]:
            held = view.identifiers if view else ()
            return [identifier(each) for each in held if each.period.may_contain(scope.moment.as_of)]

        return self.in_scope(scope, found)

    @field(
        "曾用名,至多 100;个人的不公开 · former names, at most 100; a person's are not public",
        reads=Told(("name",), ("names",)),
    )
    def former_names(self) -> list[NamePeriod]:
        access, disclosure = self.scope.operation.access, PROPERTIES[self.view.kind, "name"].disclosure
        if not access.reads(disclosure, self.view):
            return []
        if self.view.former_names:
            access.note_read(disclosure, self.view)
        shown = self.scope.capped(self.view.former_names, NAMES_SHOWN, "formerNames", self.view.id)
        return [NamePeriod(name=each.name, validity=period(each.period)) for each in shown]

    @dated(
        "约束本主体的措施;未索取不含待认定 · measures that bind this subject; POTENTIAL only when asked for",
        reads=Computed(judged=Judged.MEASURES),
    )
    async def measures(
        self,
        scope: Scope,
        certainty: Annotated[
            list[Certainty] | None, strawberry.argument(description="确定程度 · how sure")
        ] = strawberry.UNSET,
        purpose: Annotated[Purpose | None, strawberry.argument(description="用途 · purpose")] = strawberry.UNSET,
    ) -> list[MeasureType] | None:
        from schema.computed import measures_of

        return await measures_of(scope, self.view.id, certainty or None, purpose or None)

    relation_counts: list[CountType] = declared(
        "当日各类关系的数量,没有的不列;与自身的关系,两个方向各计"
        " · how many relations of each kind run on the day, a kind of none left out; one with itself counts both ways",
        Beside.COUNTS,
        *DATES,
    )
    timeline: TimeType = declared(
        "时间线,旧的在前(同日按类别),含将至的期限;一日的更正记一次;记录因期满、解除、撤销或修复而失效,公示期满另记"
        " · timeline, oldest first (of one day by kind), with ends still to come; corrections of a day are one; a"
        " record ends when it is over, lifted, revoked, set aside or repaired, the end of its publication is another",
        Beside.TIMELINE,
        *PAGE,
    )
    possibly_same: list[MatchType] | None = declared(
        "疑似同一主体,按标识,至多 50;仅限有权者 · who may be the same, by id, at most 50; for those who may know",
        Beside.SAME,
    )

    @field("出处 · provenance", reads=Told(ORIGIN))
    def provenance(self) -> Provenance:
        return provenance(self.view.provenance)

    @field("对您不公开的字段 · names of fields not shown to you", reads=Told(()))
    def withheld(self) -> list[str]:
        return self.scope.operation.access.withheld(self.view)

    @field("最近变更时的图版本 · graph version of its last change", reads=Told(()))
    def version(self) -> int:
        return int(self.view.version)


@strawberry.interface(description="组织 · an organisation")
class Organization(Subject):
    state_owned: StateOwnership | None = stored_dated("stateOwned", StateOwnership)
    sector_of: list[str] | None = stored_dated("sectorOf")
    legal_representatives: Connection[PostType] = paged(
        "法定代表人 · legal representatives",
        Relations((RelationKind.LEGAL_REPRESENTATIVE_OF,), forward=False),
    )
    principals: Connection[PostType] = paged(
        "主要负责人 · principals", Relations((RelationKind.PRINCIPAL_OF,), forward=False)
    )
    posts: Connection[PostType] = paged(
        "任职 · posts held in it",
        Relations(POST_RELATION_KINDS, forward=False),
        where="PostFilter",
        order="PostOrder",
    )
    shareholders: Connection[HoldingType] = paged(
        "股东 · shareholders",
        Relations((HOLDS,), forward=False),
        where="HoldingFilter",
        order="HoldingOrder",
    )
    branches: Connection[OrganizationType] = paged(
        "分支机构 · branches", Neighbours(RelationKind.BRANCH_OF, Target.SUBJECT)
    )

    @dated(
        "控制人,至多 100;最终控制人在先,余者由近及远;尚可能另有他人时见 extensions.inconclusive"
        " · who controls it, at most 100: ultimate ones, then the nearest; extensions.inconclusive where there may be"
        " another",
        reads=Computed(judged=Judged.CONTROLLERS),
    )
    async def controllers(self, scope: Scope) -> list[ControllerType] | None:
        from schema.ownership import controllers_of

        return await controllers_of(scope, self.view.id)

    @dated(
        "受益所有人,依次按股权、表决权、实际控制;均无则为负责日常经营管理的人员;尚可能另有他人时见"
        " extensions.inconclusive,其时一无所得则为 null"
        " · beneficial owners, by capital, votes or control; else who is in charge of the daily business;"
        " extensions.inconclusive where there may be another, and null where that leaves nobody",
        reads=Computed(judged=Judged.BENEFICIAL),
    )
    async def beneficial_owners(self, scope: Scope) -> list[BeneficialType] | None:
        from schema.ownership import beneficial_owners_of

        return await beneficial_owners_of(scope, self.view.id)

    parent: OrganizationType | None = declared(
        "所隶属的组织 · the organisation it is a branch of", NearTo(Near.PARENT), *DATES
    )


@shows(SubjectKind.ENTERPRISE)
@strawberry.type(description="企业 · an enterprise, with individual businesses and cooperatives")
class Enterprise(Organization):
    form: EnterpriseForm | None = stored("form", EnterpriseForm)
    established: date | None = stored("established")
    registered_capital: Decimal | None = stored_dated("registeredCapital")
    address: str | None = stored_dated("address")

    @dated("行业 · industry of GB/T 4754", reads=Told(("industry",)))
    def industry(self, scope: Scope) -> Industry | None:
        def found(view: NodeView | None) -> Industry | None:
            code = read(self, view, "industry")
            return None if code is None else Industry(code=code, name=industries.name_of(code))

        return self.in_scope(scope, found)


@shows(SubjectKind.PUBLIC_INSTITUTION)
@strawberry.type(description="事业单位 · a public institution")
class PublicInstitution(Organization):
    pass


@shows(SubjectKind.SOCIAL_ORGANIZATION)
@strawberry.type(description="社会组织 · a social organisation")
class SocialOrganization(Organization):
    pass


@shows(SubjectKind.GOVERNMENT_BODY)
@strawberry.type(description="机关 · a government body")
class GovernmentBody(Organization):
    issued: Connection[RecordType] = paged(
        "作出的决定 · what it decided",
        Neighbours(RelationKind.ISSUED_BY, Target.RECORD),
        where="CreditRecordFilter",
        order="CreditRecordOrder",
    )

    @field("是否报送或作出决定 · whether it reports or decides", reads=Told((), ("department",)))
    def is_department(self) -> bool:
        return bool(self.view.department)


@shows(SubjectKind.OTHER_ORGANIZATION)
@strawberry.type(description="其他组织 · another organisation")
class OtherOrganization(Organization):
    pass


@shows(SubjectKind.PERSON)
@strawberry.type(description="自然人 · a person")
class Person(Subject):
    adult_on: date | None = stored("adultOn")
    posts: Connection[PostType] = paged(
        "任职 · posts held",
        Relations(POST_RELATION_KINDS, forward=True),
        where="PostFilter",
        order="PostOrder",
    )

    key_groups: list[GroupType] = declared("所属重点人群 · key groups", NearTo(Near.KEY_GROUPS, many=True), *DATES)
    qualifications: list[LicenceType] = declared(
        "职业资格 · qualifications", NearTo(Near.QUALIFICATIONS, many=True), *DATES
    )
