"""The closed sets of `graph.codes` as GraphQL enums, each value described in both languages.

It must not add, drop or rename a code.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Final

import strawberry

from graph import codes
from graph.words import words


@strawberry.enum(description="文字的语言 · the language of human texts")
class Language(Enum):
    ZH = strawberry.enum_value("ZH", description="中文 · Chinese")
    EN = strawberry.enum_value("EN", description="英文 · English")


TITLES: Final[dict[type[StrEnum], str]] = {
    codes.Purpose: "用途 · what a check is asked for",
    codes.Capacity: "责任身份 · the capacity in which a decision names a person",
    codes.Condition: "未满足的条件 · the one condition that failed",
    codes.EvidenceKind: "缺少的证据 · evidence still missing",
    codes.WarningCode: "提示 · what a reader should know besides",
    codes.TruncationReason: "截断原因 · which limit cut the answer",
    codes.Effect: "效果 · what a measure does to its party",
    codes.Confidence: "核对程度 · how the text of the rule was checked",
    codes.Certainty: "确定程度 · how sure a measure is",
    codes.TermEnd: "终止方式 · how a measure ends",
    codes.CheckScope: "旁及范围 · among whom findings about others are told",
    codes.ControlBasis: "控制依据 · what control rests on",
    codes.BeneficialBasis: "受益依据 · why somebody is a beneficial owner",
    codes.Direction: "方向 · which way ownership is followed",
    codes.CheckOutcome: "核查结论 · the answer in one word",
    codes.RelationKind: "关系类别 · kinds of relations",
    codes.PostKind: "职务 · offices and declared relations of a person to an organisation",
    codes.RecordKind: "记录类别 · kinds of credit records",
    codes.RecordState: "记录状态 · the state of a record on a day",
    codes.PenaltyType: "处罚类别 · types of penalty",
    codes.PermitKind: "许可类别 · kinds of permit",
    codes.Seriousness: "严重程度 · how serious the offence was",
    codes.SubjectStatus: "登记状态 · registration status",
    codes.EnterpriseForm: "企业形式 · forms of enterprise",
    codes.StateOwnership: "国有性质 · state ownership",
    codes.IdentifierScheme: "标识类别 · kinds of identifiers",
    codes.ListPolarity: "红黑属性 · red, black or watch list",
    codes.RegionLevel: "行政层级 · level of a region",
    codes.Role: "角色 · who asks",
    codes.SubjectKind: "主体类别 · kinds of subjects",
    codes.MatchKind: "匹配方式 · how a hit holds the text sought",
    codes.StatisticsOf: "统计对象 · what is counted",
    codes.StatisticsGroup: "统计分组 · by what it is counted",
    codes.TimelineKind: "事件类别 · what happened on a day",
}


def _declare(code: type[StrEnum], title: str) -> None:
    strawberry.enum(code, description=title)
    members = {each.value: each for each in code}
    for value in code.__strawberry_definition__.values:  # type: ignore[attr-defined]
        zh, en = words(members[value.value])
        value.description = f"{zh} · {en}"


for each, title in TITLES.items():
    _declare(each, title)
