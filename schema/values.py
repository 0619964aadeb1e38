"""Small values of the API that have no identity: periods, identifiers, provenance, grounds, warnings.

They must not read anything: each is made from a frozen value of `graph`.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from graph import facts, findings, views
from graph import periods as times
from graph.codes import (
    Confidence,
    Effect,
    EvidenceKind,
    IdentifierScheme,
    Purpose,
    Text,
    TruncationReason,
    WarningCode,
)
from schema.fields import field, text
from schema.scalars import exact
from schema.scope import Scope

NodeType = Annotated["Node", strawberry.lazy("schema.nodes")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.type(description="期间,左闭右开;不精确的日子为 null · a half-open period; an imprecise day is null")
class Period:
    from_: date | None = strawberry.field(name="from", description="起,含当日 · first day; null is open")
    until: date | None = strawberry.field(description="止,不含当日 · first day after; null is open")


def period(value: times.Period) -> Period:
    return Period(from_=exact(value.start), until=exact(value.end))


@strawberry.type(description="标识 · an identifier")
class Identifier:
    scheme: IdentifierScheme = strawberry.field(description="类别 · kind")
    value: str = strawberry.field(description="号码,个人证件为掩码 · the number; masked for personal documents")
    masked: bool = strawberry.field(description="是否掩码 · whether it is masked")
    validity: Period = strawberry.field(description="使用期间 · when it was in use")


def identifier(view: views.IdentifierView) -> Identifier:
    return Identifier(scheme=view.scheme, value=view.value, masked=view.masked, validity=period(view.period))


@strawberry.type(description="曾用名 · a name and when it was used")
class NamePeriod:
    name: str = strawberry.field(description="名称 · name")
    validity: Period = strawberry.field(description="使用期间 · when it was used")


@strawberry.type(description="不一致的来源 · a source that says otherwise")
class Dispute:
    source: str = strawberry.field(description="来源 · source")
    value: str = strawberry.field(description="所述值 · the value it gives")


@strawberry.type(description="出处 · where a fact came from")
class Provenance:
    source: str = strawberry.field(description="来源 · source")
    batch: str | None = strawberry.field(description="批次 · batch")
    row: int | None = strawberry.field(description="行号 · row")
    recorded_at: datetime = strawberry.field(description="入库时刻 · when it was recorded")
    disputed_by: list[Dispute] = strawberry.field(description="不一致的来源 · sources that say otherwise")


def provenance(value: facts.Provenance) -> Provenance:
    return Provenance(
        source=value.source,
        batch=value.batch,
        row=value.row,
        recorded_at=datetime.fromisoformat(value.recorded_at),
        disputed_by=[],
    )


@strawberry.type(description="依据 · a document and the article in it")
class Basis:
    document: str = strawberry.field(description="文件 · document")
    article: str | None = strawberry.field(description="条款 · article")


def basis(articles: tuple[facts.Article, ...]) -> list[Basis]:
    return [Basis(document=each.document, article=each.article) for each in articles]


@strawberry.type(description="行业 · an industry of GB/T 4754")
class Industry:
    code: str = strawberry.field(description="代码 · code")
    name: str = strawberry.field(description="名称 · name")


@strawberry.type(description="规则包 · a rule pack")
class RulePack:
    name: str = strawberry.field(description="名称 · name")
    version: str = strawberry.field(description="版本 · version")
    digest: str = strawberry.field(description="摘要 · digest of its text")


@strawberry.type(description="规则的一个版本 · a version of a rule")
class Rule:
    found: strawberry.Private[findings.RuleVersion]
    in_pack: strawberry.Private[RulePack]

    @field("编号 · id")
    def id(self) -> str:
        return self.found.id

    @field("分项 · part")
    def part(self) -> str | None:
        return self.found.part

    @field("版本 · version")
    def version(self) -> str:
        return self.found.version

    @text("名称 · title")
    def title(self) -> Text:
        return self.found.title

    @text("条文要旨 · what the article says")
    def text(self) -> Text | None:
        return self.found.text

    @field("法律依据 · legal basis")
    def basis(self) -> list[Basis]:
        return basis(self.found.basis)

    @field("核对程度 · how the text was checked")
    def confidence(self) -> Confidence:
        return self.found.confidence

    @field("施行期间 · when this version is in force")
    def validity(self) -> Period:
        return period(self.found.validity)

    @field("所属规则包 · its pack")
    def pack(self) -> RulePack:
        return self.in_pack


@strawberry.type(description="措施定义 · what a measure is")
class MeasureDefinition:
    found: strawberry.Private[findings.MeasureDefinition]

    @field("代码 · code")
    def code(self) -> str:
        return self.found.code

    @text("名称 · title")
    def title(self) -> Text:
        return self.found.title

    @field("效果 · effect")
    def effect(self) -> Effect:
        return self.found.effect

    @field("涉及用途 · purposes it concerns")
    def purposes(self) -> list[Purpose]:
        return list(self.found.purposes)

    @field(
        "清单类别:RIGHTS 减损权益、MANAGEMENT 加强管理、OTHERS 由其他主体实施"
        " · family of the list of measures: takes rights, manages, or is carried out by others"
    )
    def family(self) -> str:
        return self.found.family

    @field("实施主体 · who carries it out")
    def applied_by(self) -> str:
        return self.found.applied_by


@strawberry.type(description="缺口 · evidence still missing")
class Gap:
    found: strawberry.Private[findings.Gap]

    @field("缺少的证据 · what is missing")
    def evidence(self) -> EvidenceKind:
        return self.found.evidence

    @text("说明 · explanation")
    def explanation(self) -> Text:
        return self.found.explanation


@strawberry.type(description="截断 · which limit cut an answer")
class Truncation:
    reason: TruncationReason = strawberry.field(description="原因 · which limit")
    omitted: int | None = strawberry.field(description="略去数量 · how many were left out")
    lower_bound: bool = strawberry.field(description="是否仅为下限 · whether that is a lower bound")


def truncation(cut: findings.Cut | None) -> Truncation | None:
    return None if cut is None else Truncation(reason=cut.reason, omitted=cut.omitted, lower_bound=cut.lower_bound)


@strawberry.type(description="提示 · what a reader should know besides")
class Warning:
    found: strawberry.Private[findings.Notice]
    scope: strawberry.Private[Scope]

    @field("代码 · code")
    def code(self) -> WarningCode:
        return self.found.code

    @text("说明 · message")
    def message(self) -> Text:
        return self.found.message

    @field("涉及的节点 · the nodes it is about")
    def nodes(self) -> list[NodeType]:
        from schema.nodes import show_all

        return show_all(self.scope, self.found.nodes)


@strawberry.type(description="分页信息 · where a page stands")
class PageInfo:
    has_next_page: bool = strawberry.field(description="其后是否还有 · whether more follow")
    has_previous_page: bool = strawberry.field(description="其前是否还有 · whether some come before")
    start_cursor: str | None = strawberry.field(description="首条游标 · cursor of the first")
    end_cursor: str | None = strawberry.field(description="末条游标 · cursor of the last")
