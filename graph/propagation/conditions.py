"""The closed set of predicates a rule may name: each looks at one cause and says held, failed or unknown.

It must not know which rule asks. A predicate that tells what sort of cause it is about is a trigger: a cause that does
not match one is no cause of the rule at all (S9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from graph.codes import Condition, EvidenceKind, PenaltyType
from graph.facts import Record
from graph.propagation.causes import Cause
from graph.propagation.verdicts import HELD, Verdict, failed, unknown

Predicate = Callable[[Cause], Verdict]
PROFESSIONS: Final = frozenset(
    {"律师", "注册会计师", "资产评估师", "评估师", "资产评估专业人员", "LAWYER", "CPA", "APPRAISER"}
)


def licence_of(record: Record) -> str:
    """The licence a penalty takes: as recorded, else the sector's, else 营业执照 (design §9)."""
    return record.licence or (record.sector if record.sector and record.sector != "GENERAL" else "BUSINESS")


def licence_revoked(cause: Cause) -> Verdict:
    """吊销: a penalty that revokes some licence (trigger)."""
    return _typed(cause, PenaltyType.LICENCE_REVOKED)


def licence_revoked_or_closed(cause: Cause) -> Verdict:
    """吊销营业执照、责令关闭: a penalty of either type (trigger)."""
    return _typed(cause, PenaltyType.LICENCE_REVOKED, PenaltyType.CLOSURE_ORDERED)


def business_licence(cause: Cause) -> Verdict:
    """The licence is the 营业执照; an order of closure needs none."""
    record = cause.record
    if record is None:
        return HELD
    if PenaltyType.CLOSURE_ORDERED in record.types or licence_of(record) == "BUSINESS":
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        f"吊销的是 {licence_of(record)} 许可,不是营业执照",
        f"the licence revoked is that of {licence_of(record)}, not the business licence",
    )


def start_is_revocation(cause: Cause) -> Verdict:
    """The term counts from revocation only: a closure without revocation names no start day."""
    record = cause.record
    if record is None or (PenaltyType.LICENCE_REVOKED in record.types and licence_of(record) == "BUSINESS"):
        return HELD
    return unknown(
        EvidenceKind.TERM_START_UNKNOWN,
        "责令关闭而未吊销,法条未规定起算日",
        "closed but not revoked: the article names no start day",
    )


def food_licence(cause: Cause) -> Verdict:
    """The licence is one under the food law (食品安全法 135)."""
    record = cause.record
    if record is not None and licence_of(record) == "FOOD":
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE, "吊销的不是食品许可", "the licence revoked is not one under the food law"
    )


def food_crime(cause: Cause) -> Verdict:
    """食品安全犯罪 with 有期徒刑 or more."""
    record = cause.record
    if record is None or record.crime != "FOOD_SAFETY":
        return failed(Condition.SECTOR_OR_LICENCE, "不是食品安全犯罪", "not a food-safety crime")
    if record.sentence == "FIXED_TERM_OR_MORE":
        return HELD
    return failed(
        Condition.CONDITION_NOT_RECORDED, "未记载有期徒刑以上刑罚", "no sentence of fixed term or more is recorded"
    )


def large_debt(cause: Cause) -> Verdict:
    """数额较大的债务: recorded as such; absent is unknown."""
    record = cause.record
    if record is not None and record.large_debt:
        return HELD
    if record is not None and record.large_debt is False:
        return failed(Condition.CONDITION_NOT_RECORDED, "债务数额不大", "the debt is recorded as not large")
    return unknown(
        EvidenceKind.LARGE_DEBT_UNKNOWN, "未记载债务是否数额较大", "whether the debt is large is not recorded"
    )


def revoked_for_illegality(cause: Cause) -> Verdict:
    """因违法行为或者违纪行为被吊销 (保险法 82, 证券法 103, 期货和衍生品法 64, 84)."""
    licence = cause.licence
    if licence is not None and licence.reason in ("ILLEGALITY", "DISCIPLINE"):
        return HELD
    return failed(
        Condition.CONDITION_NOT_RECORDED,
        "未记载因违法或者违纪被吊销",
        "revocation for illegality or a breach of discipline is not recorded",
    )


def certificate_revoked(cause: Cause) -> Verdict:
    """The certificate was revoked, not suspended (trigger)."""
    licence = cause.licence
    if licence is not None and licence.revoked_on is not None and licence.sanction in (None, "REVOKED"):
        return HELD
    return failed(Condition.CONDITION_NOT_RECORDED, "资格未被吊销", "the certificate was not revoked")


def legal_or_audit_profession(cause: Cause) -> Verdict:
    """律师, 注册会计师 or a professional of an appraisal body."""
    licence = cause.licence
    if licence is not None and licence.profession in PROFESSIONS:
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        "不是律师、注册会计师或者评估机构的专业人员",
        "neither a lawyer, a certified public accountant nor an appraiser",
    )


def _typed(cause: Cause, *types: PenaltyType) -> Verdict:
    record = cause.record
    if record is not None and any(each in record.types for each in types):
        return HELD
    return failed(Condition.CONDITION_NOT_RECORDED, "处罚类别不符", "the penalty is of another type")


TRIGGERS: Final[Mapping[str, Predicate]] = MappingProxyType(
    {each.__name__: each for each in (licence_revoked, licence_revoked_or_closed, certificate_revoked)}
)
PREDICATES: Final[Mapping[str, Predicate]] = MappingProxyType(
    {
        **TRIGGERS,
        **{
            each.__name__: each
            for each in (
                business_licence,
                start_is_revocation,
                food_licence,
                food_crime,
                large_debt,
                revoked_for_illegality,
                legal_or_audit_profession,
            )
        },
    }
)
