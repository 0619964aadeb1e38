"""Computed answers as GraphQL types: measures with their paths, what was considered, a check, a reach.

Values without ids, made from frozen findings; it must not know how they were found.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date, datetime

import strawberry

from graph import findings
from graph.codes import (
    Certainty,
    CheckOutcome,
    CheckScope,
    Condition,
    Purpose,
    TermEnd,
    Text,
)
from graph.rules import Pack
from schema import values
from schema.fields import Info, field, text
from schema.nodes import Node, by_id
from schema.paths import PathStep, Subgraph, edge_id, path
from schema.scope import Scope
from schema.subjects import Subject
from schema.values import Basis, Gap, MeasureDefinition, Rule, RulePack, Truncation, Warning


def pack_of(pack: Pack) -> RulePack:
    return RulePack(name=pack.name, version=pack.version, digest=pack.digest)


@strawberry.type(
    description="措施:谁依何规则受何约束,因何,至何时 · a measure: who is bound, by which rule, why, until when"
)
class Measure:
    found: strawberry.Private[findings.Measure]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]

    @field("比较用键 · makes two answers comparable")
    def key(self) -> str:
        return self.found.key

    @field("当事人 · whom the law binds")
    def party(self) -> Subject:
        return by_id(self.scope, self.found.party)

    @field("措施定义 · what it is")
    def definition(self) -> MeasureDefinition:
        return MeasureDefinition(found=self.found.definition)

    @field("确定程度 · how sure")
    def certainty(self) -> Certainty:
        return self.found.certainty

    @field("起 · first day", name="from")
    def from_(self) -> date:
        return self.found.start

    @field("止,不含当日 · first day without it; null for life or until an event")
    def until(self) -> date | None:
        return self.found.until

    @field("终止方式 · how it ends")
    def end(self) -> TermEnd:
        return self.found.end

    @field("规则 · rule")
    def rule(self) -> Rule:
        return Rule(found=self.found.rule, in_pack=self.in_pack)

    @field("法律依据 · legal basis")
    def basis(self) -> list[Basis]:
        return values.basis(self.found.rule.basis)

    @field("自原因至当事人的路径 · path from the cause to the party")
    def path(self) -> list[PathStep]:
        return path(self.scope, self.found.path)

    @field("另有的证明 · further steps that prove the same")
    def also_via(self) -> list[PathStep]:
        return path(self.scope, self.found.also_via)

    @field("缺少的证据 · evidence still missing")
    def gaps(self) -> list[Gap]:
        return [Gap(found=each) for each in self.found.gaps]

    @field("原因:记录或资格 · the cause: a record or a qualification")
    def cause(self) -> Node:
        return by_id(self.scope, self.found.cause)

    @field("修复后是否终止 · whether credit repair ends it")
    def ends_on_repair(self) -> bool:
        return self.found.ends_on_repair


@strawberry.type(description="曾考虑而未适用的规则 · a rule that came close: exactly one condition failed")
class Considered:
    found: strawberry.Private[findings.Considered]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]

    @field("规则 · rule")
    def rule(self) -> Rule:
        return Rule(found=self.found.rule, in_pack=self.in_pack)

    @field("当事人 · whom it might have bound")
    def party(self) -> Subject:
        return by_id(self.scope, self.found.party)

    @field("原因 · cause")
    def cause(self) -> Node:
        return by_id(self.scope, self.found.cause)

    @field("未满足的条件 · the condition that failed")
    def failed(self) -> Condition:
        return self.found.failed

    @text("说明,含事实与日期 · explanation with the fact and the date")
    def explanation(self) -> Text:
        return self.found.explanation

    @field("路径 · path")
    def path(self) -> list[PathStep]:
        return path(self.scope, self.found.path)


class Found:
    """What a check and a reach share: findings shown to one reader, POTENTIAL and considered for officials only."""

    told: findings.Findings
    scope: Scope
    in_pack: RulePack
    cut: findings.Cut | None

    def _measures(self, found: tuple[findings.Measure, ...]) -> list[Measure]:
        self.scope.operation.access.note_judged(*(each.party for each in found))
        return [Measure(found=each, scope=self.scope, in_pack=self.in_pack) for each in found]

    def _official(self) -> bool:
        return self.scope.operation.access.official


@strawberry.type(
    description="旁及:与主体相关者所受约束 · what binds somebody near the subject, never the subject itself"
)
class RelatedFinding:
    found: strawberry.Private[findings.Related]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]

    @field("经由任职或所有权 · through an office, or through ownership")
    def through(self) -> CheckScope:
        return self.found.through

    @field("相关者 · who is bound")
    def via(self) -> Subject:
        return by_id(self.scope, self.found.via)

    @field("自主体至相关者的路径 · from the subject to whom is bound")
    def path(self) -> list[PathStep]:
        return path(self.scope, self.found.path)

    @field("对相关者的措施,不含待认定的 · measures that bind him or it, POTENTIAL ones not among them")
    def measures(self) -> list[Measure]:
        self.scope.operation.access.note_judged(self.found.via)
        return [Measure(found=each, scope=self.scope, in_pack=self.in_pack) for each in self.found.measures]


@strawberry.type(description="核查:对某主体的约束 · a check: what binds one subject")
class CreditCheck(Found):
    told: strawberry.Private[findings.Findings]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]
    cut: strawberry.Private[findings.Cut | None]
    identity: strawberry.Private[str]
    near: strawberry.Private[tuple[findings.Related, ...]]
    purpose: Purpose | None = strawberry.field(description="用途 · purpose")
    outcome: CheckOutcome = strawberry.field(description="结论 · the answer in one word")
    complete: bool = strawberry.field(
        description="是否完整;不完整时未发现不等于没有 · if not, nothing found is not conclusive"
    )
    as_of: date = strawberry.field(description="法律日期 · the legal day")
    known_at: datetime = strawberry.field(description="知悉时刻 · as known then")

    @field("主体 · subject")
    def subject(self) -> Subject:
        return by_id(self.scope, self.identity)

    @field("措施 · measures that bind it")
    def measures(self) -> list[Measure]:
        return self._measures(self.told.measures)

    @field("待认定的措施,仅限公务人员 · measures that lack a finding; officials only")
    def potential(self) -> list[Measure] | None:
        return self._measures(self.told.potential) if self._official() else None

    @field("曾考虑而未适用的规则,仅限公务人员 · rules that came close; officials only")
    def considered(self) -> list[Considered] | None:
        return considered(self) if self._official() else None

    @field("对其任职人员、各级持有人、登记的实际控制人的约束 · what binds those near it; empty unless asked `through`")
    def related(self) -> list[RelatedFinding]:
        return [RelatedFinding(found=each, scope=self.scope, in_pack=self.in_pack) for each in self.near]

    @field("提示 · warnings")
    def warnings(self) -> list[Warning]:
        return [Warning(found=each, scope=self.scope) for each in self.told.notices]

    @field("截断 · what was cut")
    def truncated(self) -> Truncation | None:
        return values.truncation(self.cut)

    @field("规则包 · the rule pack that answered")
    def rule_pack(self) -> RulePack:
        return self.in_pack

    @field("审计编号;未涉及个人非公开信息时为 null · id of the audit event; null where none was needed")
    def audit_reference(self, info: strawberry.Info) -> strawberry.ID | None:
        Info.of(info).mark()
        return None


@strawberry.type(
    description="假设:同一核查在现状下与假设下 · a supposition: the same check as things are and as they would be."
    " 所增记录的标识为 hypothesis:序号,只有所假设的内容;已存记录按所存显示"
    " · A record that is only supposed has the id hypothesis:n and nothing but what was supposed; stored ones are shown"
    " as stored"
)
class WhatIf:
    found_appeared: strawberry.Private[tuple[findings.Measure, ...]]
    found_vanished: strawberry.Private[tuple[findings.Measure, ...]]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]
    before: CreditCheck = strawberry.field(description="现状 · as things are")
    after: CreditCheck = strawberry.field(description="假设成立时 · as they would be")

    def _measures(self, found: tuple[findings.Measure, ...]) -> list[Measure]:
        self.scope.operation.access.note_judged(*(each.party for each in found))
        return [Measure(found=each, scope=self.scope, in_pack=self.in_pack) for each in found]

    @field("假设下新增的措施,不含待认定的 · measures that come, POTENTIAL ones not among them")
    def appeared(self) -> list[Measure]:
        return self._measures(self.found_appeared)

    @field("假设下消失的措施,不含待认定的 · measures that go, POTENTIAL ones not among them")
    def vanished(self) -> list[Measure]:
        return self._measures(self.found_vanished)


@strawberry.type(description="传导:某一原因及于何人,不及于何人 · a reach: whom one cause reaches, and whom not")
class Reach(Found):
    told: strawberry.Private[findings.Findings]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]
    cut: strawberry.Private[findings.Cut | None]
    identity: strawberry.Private[str]
    complete: bool = strawberry.field(description="是否完整 · whether it is complete")

    @field("原因:记录或资格 · the cause: a record or a qualification")
    def record(self) -> Node:
        return by_id(self.scope, self.identity)

    @field("措施 · measures")
    def measures(self) -> list[Measure]:
        return self._measures(self.told.measures)

    @field("待认定的措施,仅限公务人员 · measures that lack a finding; officials only")
    def potential(self) -> list[Measure] | None:
        return self._measures(self.told.potential) if self._official() else None

    @field("曾考虑而未适用的规则,仅限公务人员 · rules that came close; officials only")
    def considered(self) -> list[Considered] | None:
        return considered(self) if self._official() else None

    @field("所经路径的子图 · the subgraph of its paths")
    def subgraph(self) -> Subgraph:
        steps = subgraph_steps(self.told, official=self._official())
        ids = dict.fromkeys((self.identity, *(end for step in steps for end in (step.start, step.end))))
        return Subgraph(steps=steps, ids=tuple(ids), scope=self.scope, cut=self.cut)

    @field("提示 · warnings")
    def warnings(self) -> list[Warning]:
        return [Warning(found=each, scope=self.scope) for each in self.told.notices]

    @field("截断 · what was cut")
    def truncated(self) -> Truncation | None:
        return values.truncation(self.cut)


def considered(answer: Found) -> list[Considered]:
    answer.scope.operation.access.note_judged(*(each.party for each in answer.told.considered))
    return [Considered(found=each, scope=answer.scope, in_pack=answer.in_pack) for each in answer.told.considered]


def subgraph_steps(found: findings.Findings, *, official: bool) -> tuple[findings.PathStep, ...]:
    """Every stored relation of the paths shown, once, in the order of the answer."""
    measures = (*found.measures, *(found.potential if official else ()))
    paths: list[tuple[findings.PathStep, ...]] = [(*each.path, *each.also_via) for each in measures]
    if official:
        paths += [each.path for each in found.considered]
    return tuple({edge_id(step): step for steps in paths for step in steps}.values())
