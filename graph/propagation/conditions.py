"""The closed set of predicates a rule may name: each looks at one cause and says held, failed or unknown.

It must not know which rule asks. A predicate that tells what sort of cause it is about is a trigger: a cause that does
not match one is no cause of the rule at all (S9).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from graph.closed import PROFESSION_NAMES
from graph.codes import Condition, EvidenceKind, PenaltyType, Seriousness
from graph.facts import Article, Record
from graph.periods import add_months
from graph.propagation.causes import Cause
from graph.propagation.verdicts import HELD, Verdict, failed, unknown
from graph.rules.citation import title

Predicate = Callable[[Cause], Verdict]
LEGAL_OR_AUDIT: Final = frozenset({"律师", "注册会计师", "资产评估师"})
SERIOUS: Final = frozenset({Seriousness.SERIOUS, Seriousness.VERY_SERIOUS})
TAX_LAW: Final = "税收征收管理法"
OTHER_SORT: Final = failed(Condition.CONDITION_NOT_RECORDED, "不属于规则所指的情形", "not the case the rule is about")


def licence_of(record: Record) -> str:
    """The licence a penalty takes: as recorded, else the sector's, else 营业执照 (design §9)."""
    return record.licence or (record.sector if record.sector and record.sector != "GENERAL" else "BUSINESS")


def profession(name: str) -> str:
    """One name for each profession, whatever the source calls it."""
    return PROFESSION_NAMES.get(name, name)


def licence_revoked(cause: Cause) -> Verdict:
    """吊销: a penalty that revokes some licence (trigger); packs before 2026.12 name it instead of `types`."""
    return _typed(cause, PenaltyType.LICENCE_REVOKED)


def licence_revoked_or_closed(cause: Cause) -> Verdict:
    """吊销、责令关闭 (trigger); packs before 2026.12 name it instead of `types`."""
    return _typed(cause, PenaltyType.LICENCE_REVOKED, PenaltyType.CLOSURE_ORDERED)


def business_licence(cause: Cause) -> Verdict:
    """The licence is the 营业执照; an order of closure needs none."""
    record = cause.record
    if record is None or PenaltyType.CLOSURE_ORDERED in record.types or _business(record):
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        f"吊销的是 {licence_of(record)} 许可,不是营业执照",
        f"the licence revoked is that of {licence_of(record)}, not the business licence",
    )


def business_licence_revoked(cause: Cause) -> Verdict:
    """被吊销营业执照: where the article speaks of revocation only, a closure beside another licence is none."""
    record = cause.record
    if record is None or (PenaltyType.LICENCE_REVOKED in record.types and _business(record)):
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        f"吊销的是 {licence_of(record)} 许可,不是营业执照",
        f"the licence revoked is that of {licence_of(record)}, not the business licence",
    )


def _business(record: Record) -> bool:
    """The 营业执照; where a sector is given and no licence, the sector's own licence (design §9)."""
    return licence_of(record) == "BUSINESS"


def start_is_revocation(cause: Cause) -> Verdict:
    """The term counts from revocation only: a closure without revocation names no start day."""
    record = cause.record
    if record is None or (PenaltyType.LICENCE_REVOKED in record.types and _business(record)):
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


def performance_or_business_licence(cause: Cause) -> Verdict:
    """演出许可证 or 营业执照; an order to change the registration needs none (营业性演出管理条例 53)."""
    record = cause.record
    if record is None or PenaltyType.REGISTRATION_CHANGE_ORDERED in record.types:
        return HELD
    if licence_of(record) in ("PERFORMANCE", "BUSINESS"):
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        "吊销的不是演出许可证、营业执照",
        "the licence revoked is neither that of performances nor the business licence",
    )


def food_crime(cause: Cause) -> Verdict:
    """食品安全犯罪 with 有期徒刑 or more."""
    record = cause.record
    if record is None or record.crime != "FOOD_SAFETY":
        return failed(Condition.SECTOR_OR_LICENCE, "不是食品安全犯罪", "not a food-safety crime")
    return fixed_term(cause)


def fixed_term(cause: Cause) -> Verdict:
    """有期徒刑以上刑罚."""
    if cause.record is not None and cause.record.sentence == "FIXED_TERM_OR_MORE":
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


def legal_or_audit_profession(cause: Cause) -> Verdict:
    """律师, 注册会计师 or a professional of an appraisal body."""
    licence = cause.licence
    if licence is not None and profession(licence.profession) in LEGAL_OR_AUDIT:
        return HELD
    return failed(
        Condition.SECTOR_OR_LICENCE,
        "不是律师、注册会计师或者评估机构的专业人员",
        "neither a lawyer, a certified public accountant nor an appraiser",
    )


def serious(cause: Cause) -> Verdict:
    """情节严重 as a condition of the bar: ORDINARY fails, not recorded is unknown."""
    found = cause.record.seriousness if cause.record else None
    if found in SERIOUS:
        return HELD
    if found is not None:
        return failed(Condition.CONDITION_NOT_RECORDED, "情节不属严重", "recorded as not serious")
    return unknown(EvidenceKind.SERIOUSNESS_UNKNOWN, "未记载情节是否严重", "whether it is serious is not recorded")


def fake_or_serious(cause: Cause) -> Verdict:
    """生产、销售假药, or 劣药 in serious cases (药品管理法 118, 疫苗管理法 80)."""
    return HELD if "FAKE" in _circumstances(cause) else serious(cause)


def annual_information_unfiled(cause: Cause) -> Verdict:
    """满3年未依照规定履行公示义务 (企业信息公示暂行条例 17)."""
    return _reason(
        cause, "ANNUAL_REPORT_THREE_YEARS", "未记载因满三年未公示列入", "not recorded as three years unfiled"
    )


def false_public_information(cause: Cause) -> Verdict:
    """公示信息隐瞒真实情况、弄虚作假."""
    return _reason(cause, "FALSE_INFORMATION", "未记载因公示信息弄虚作假列入", "not recorded as false information")


def unlicensed(cause: Cause) -> Verdict:
    """未取得许可证生产、经营."""
    return _circumstance(cause, "UNLICENSED", "未记载无证生产经营", "working without a licence is not recorded")


def major_loss(cause: Cause) -> Verdict:
    """造成重大损失."""
    return _circumstance(cause, "MAJOR_LOSS", "未记载造成重大损失", "a major loss is not recorded")


def caused_major_accident(cause: Cause) -> Verdict:
    """导致发生重大质量安全事故, where nothing follows without one."""
    return _circumstance(cause, "MAJOR_ACCIDENT", "未记载导致重大事故", "a major accident is not recorded")


def fund_loss_or_grave_effect(cause: Cause) -> Verdict:
    """造成医疗保障基金重大损失或者其他严重不良社会影响."""
    if _circumstances(cause) & {"MAJOR_FUND_LOSS", "GRAVE_SOCIAL_EFFECT"}:
        return HELD
    return failed(
        Condition.CONDITION_NOT_RECORDED,
        "未记载基金重大损失或者严重不良社会影响",
        "neither a major loss of the fund nor a grave social effect is recorded",
    )


def six_months_or_more(cause: Cause) -> Verdict:
    """六个月以上停止执业, by the recorded period."""
    period = cause.record.effective if cause.record else None
    if period is not None and period.start is not None and period.end is not None:
        if add_months(period.start.last, 6) <= period.end.first:
            return HELD
        return failed(Condition.CONDITION_NOT_RECORDED, "停止执业不满六个月", "suspended for less than six months")
    return failed(Condition.CONDITION_NOT_RECORDED, "未记载停止执业的期间", "the period of suspension is not recorded")


def certificate_revoked(cause: Cause) -> Verdict:
    """The certificate was revoked (吊销), neither suspended nor cancelled (trigger)."""
    return _sanctioned(cause, None, "REVOKED")


def certificate_revoked_or_cancelled(cause: Cause) -> Verdict:
    """被吊销执业证书或者被取消资格 (trigger)."""
    return _sanctioned(cause, None, "REVOKED", "QUALIFICATION_CANCELLED")


def qualification_cancelled(cause: Cause) -> Verdict:
    """被撤销资格 (trigger)."""
    return _sanctioned(cause, "QUALIFICATION_CANCELLED")


def exit_ban(cause: Cause) -> Verdict:
    """The record itself decides on 限制出境 (trigger); an order by itself is another kind of cause (S12)."""
    ban = cause.record.ban if cause.record else None
    return HELD if ban is not None and (ban.scope or "").upper() in ("EXIT", "限制出境", "出境") else OTHER_SORT


def for_tax(cause: Cause) -> Verdict:
    """An order that stops exit for tax arrears (trigger)."""
    record = cause.record
    if record is not None and (record.sector == "TAX" or any(_of_tax(each) for each in record.basis)):
        return HELD
    return OTHER_SORT


def not_for_tax(cause: Cause) -> Verdict:
    """An order of a court (trigger): whatever is not of the tax authority."""
    return OTHER_SORT if for_tax(cause) is HELD else HELD


def _of_tax(article: Article) -> bool:
    return title(article.document) == TAX_LAW


def tax_grade_d(cause: Cause) -> Verdict:
    """纳税信用 D 级 (trigger)."""
    record = cause.record
    return HELD if record is not None and record.scheme == "TAX" and record.grade == "D" else OTHER_SORT


def serious_recorded(cause: Cause) -> Verdict:
    """Where seriousness only lengthens a term that runs anyway, it must be recorded (trigger)."""
    return HELD if cause.record is not None and cause.record.seriousness in SERIOUS else OTHER_SORT


def not_serious(cause: Cause) -> Verdict:
    """The other half of `serious_recorded` (trigger)."""
    return OTHER_SORT if serious_recorded(cause) is HELD else HELD


def very_serious(cause: Cause) -> Verdict:
    """情节特别严重 (trigger)."""
    record = cause.record
    return HELD if record is not None and record.seriousness is Seriousness.VERY_SERIOUS else OTHER_SORT


def not_very_serious(cause: Cause) -> Verdict:
    """The other half of `very_serious` (trigger)."""
    return OTHER_SORT if very_serious(cause) is HELD else HELD


def major_accident(cause: Cause) -> Verdict:
    """重大、特别重大事故 (trigger)."""
    return HELD if "MAJOR_ACCIDENT" in _circumstances(cause) else OTHER_SORT


def no_major_accident(cause: Cause) -> Verdict:
    """The other half of `major_accident` (trigger)."""
    return OTHER_SORT if major_accident(cause) is HELD else HELD


def _typed(cause: Cause, *types: PenaltyType) -> Verdict:
    record = cause.record
    return HELD if record is not None and not record.types.isdisjoint(types) else OTHER_SORT


def _circumstances(cause: Cause) -> frozenset[str]:
    return cause.record.circumstances if cause.record else frozenset()


def _circumstance(cause: Cause, code: str, zh: str, en: str) -> Verdict:
    return HELD if code in _circumstances(cause) else failed(Condition.CONDITION_NOT_RECORDED, zh, en)


def _reason(cause: Cause, code: str, zh: str, en: str) -> Verdict:
    record = cause.record
    if record is not None and record.reason == code:
        return HELD
    return failed(Condition.CONDITION_NOT_RECORDED, zh, en)


def _sanctioned(cause: Cause, *sanctions: str | None) -> Verdict:
    licence = cause.licence
    if licence is not None and licence.revoked_on is not None and licence.sanction in sanctions:
        return HELD
    return OTHER_SORT


def _named(*predicates: Predicate) -> Mapping[str, Predicate]:
    return MappingProxyType({each.__name__: each for each in predicates})


TRIGGERS: Final = _named(
    licence_revoked,
    licence_revoked_or_closed,
    certificate_revoked,
    certificate_revoked_or_cancelled,
    qualification_cancelled,
    exit_ban,
    for_tax,
    not_for_tax,
    tax_grade_d,
    serious_recorded,
    not_serious,
    very_serious,
    not_very_serious,
    major_accident,
    no_major_accident,
)
GRADES: Final = MappingProxyType({tax_grade_d.__name__: "D"})  # triggers that want one grade
PREDICATES: Final[Mapping[str, Predicate]] = MappingProxyType(
    {
        **TRIGGERS,
        **_named(
            business_licence,
            business_licence_revoked,
            start_is_revocation,
            food_licence,
            performance_or_business_licence,
            food_crime,
            fixed_term,
            large_debt,
            revoked_for_illegality,
            legal_or_audit_profession,
            serious,
            fake_or_serious,
            annual_information_unfiled,
            false_public_information,
            unlicensed,
            major_loss,
            caused_major_accident,
            fund_loss_or_grave_effect,
            six_months_or_more,
        ),
    }
)
