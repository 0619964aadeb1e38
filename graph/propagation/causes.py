"""Records and licences as causes: from when to when they carry effects, and what in them has ended (S3, S11).

It must not know rules or parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from graph.codes import CauseKind, Condition, RecordKind, RecordState, Text, WarningCode
from graph.facts import Qualification, Record
from graph.findings import Notice
from graph.periods import ALWAYS, Day, Period, day_after
from graph.propagation.verdicts import HELD, Failed, Verdict, failed, imprecise

ENDINGS = (
    ("revoked_on", Condition.REVOKED, "撤销", "revoked"),
    ("set_aside_on", Condition.SET_ASIDE, "被判决撤销", "set aside"),
    ("lifted_on", Condition.LIFTED, "解除", "lifted"),
)


@dataclass(frozen=True, slots=True)
class Cause:
    """What may set off a rule: either `record` or `licence` is set. Many rules look at it: what it says is found once.

    `subjects`: subject → the id of the relation to it: whom a record is about, or who holds the licence.
    `starts`: from when it carries effects: effectiveOn, decidedOn, else its own from; a licence when it was revoked.
    `decided`: the day that chooses the version of a TRIGGER rule (S4).
    `offence`: the offence period when it is known and not reversed.
    """

    record: Record | None = None
    licence: Qualification | None = None
    id: str = field(init=False, default="")
    subjects: Mapping[str, str] = field(init=False, default_factory=dict)
    kind: RecordKind | CauseKind = field(init=False, default=CauseKind.QUALIFICATION)
    starts: Day | None = field(init=False, default=None)
    decided: Day | None = field(init=False, default=None)
    offence: Period | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        tell = partial(object.__setattr__, self)
        if self.licence is not None:
            tell("id", self.licence.id)
            tell("subjects", {self.licence.person: self.licence.edge})
            tell("starts", self.licence.revoked_on)
            tell("decided", self.licence.revoked_on)
        elif self.record is not None:
            record = self.record
            tell("id", record.id)
            tell("subjects", record.about)
            tell("kind", record.kind)
            tell("starts", record.effective_on or record.decided_on or record.effective.start)
            tell("decided", record.decided_on or record.effective.start)
            offence = record.offence
            tell("offence", None if offence is None or reversed_offence(offence) else offence)

    def ends(self, *, on_repair: bool, lasting: bool) -> Iterator[tuple[Day, Condition]]:
        """Every day that ends its effects for good, as recorded; `lasting` as in `state_verdicts`."""
        record = self.record
        if record is None:
            return
        for name, condition, _, _ in ENDINGS:
            day = getattr(record, name)
            if day is not None:
                yield day, condition
        if on_repair and record.repaired_on is not None:
            yield record.repaired_on, Condition.REPAIRED
        if lasting and record.completed_on is not None:
            yield record.completed_on, Condition.LIFTED


def reversed_offence(offence: Period) -> bool:
    return offence.start is not None and offence.end is not None and offence.end.last <= offence.start.first


def begun(cause: Cause, as_of: date) -> bool:
    """Before its first possible day a cause is no fact yet (S10)."""
    starts = cause.starts
    return starts is not None and starts.first <= as_of


def state_verdicts(cause: Cause, as_of: date, *, on_repair: bool, lasting: bool) -> Iterator[Verdict]:
    """What recorded state and dates say on `as_of`; dates govern (S3).

    `lasting`: the effect lasts only while the cause does, so the cause's own end counts; a term of years runs on.
    """
    record = cause.record
    if record is None:
        return
    for name, condition, zh, en in ENDINGS:
        day: Day | None = getattr(record, name)
        yield _ended(day, as_of, condition, zh, en)
    if record.revoked_on is None and record.state is RecordState.REVOKED:
        yield failed(Condition.REVOKED, "记录已撤销,撤销日期未记载", "revoked; the day is not recorded")
    if record.set_aside_on is None and record.state is RecordState.SET_ASIDE:
        yield failed(Condition.SET_ASIDE, "记录已被判决撤销,日期未记载", "set aside; the day is not recorded")
    if record.lifted_on is None and record.state is RecordState.LIFTED:
        yield failed(Condition.LIFTED, "已解除,解除日期未记载", "lifted; the day is not recorded")
    yield _suspension(record, as_of)
    if on_repair:
        if record.repaired_on is not None:
            yield _ended(record.repaired_on, as_of, Condition.REPAIRED, "信用修复", "repaired")
        elif record.state is RecordState.REPAIRED:
            yield failed(Condition.REPAIRED, "已修复,修复日期未记载", "repaired; the day is not recorded")
    if lasting:  # what lasts while an order or a debt does ends when it is performed (S11)
        yield _ended(record.completed_on, as_of, Condition.LIFTED, "履行完毕", "performed")
    until = record.effective.end if lasting else None
    if until is not None:
        if until.last <= as_of:
            yield failed(Condition.TERM_ENDED, f"有效期至 {until} 止", f"its term ended before {until}")
        elif until.first <= as_of:
            yield imprecise("有效期止", "the end of its term")


def _ended(day: Day | None, as_of: date, condition: Condition, zh: str, en: str) -> Verdict:
    if day is None or as_of < day.first:
        return HELD
    if as_of < day.last:
        return imprecise(f"{zh}日期", f"the day it was {en}")
    return failed(condition, f"已于 {day} {zh}", f"{en} on {day}")


def _suspension(record: Record, as_of: date) -> Verdict:
    pause = record.suspended
    if pause is None or pause == ALWAYS:
        if record.state is RecordState.SUSPENDED or pause is not None:
            return failed(Condition.SUSPENDED, "决定停止执行,期间未记载", "suspended; the period is not recorded")
        return HELD
    if pause.contains(as_of):
        return failed(
            Condition.SUSPENDED, f"自 {pause.start} 起停止执行", f"suspended from {pause.start} to {pause.end or '—'}"
        )
    return imprecise("停止执行期间", "the period of suspension") if pause.may_contain(as_of) else HELD


def notices(cause: Cause, as_of: date) -> Iterator[Notice]:
    """What a reader should know about the record itself."""
    record = cause.record
    if record is None:
        return
    for name, _, zh, en in ENDINGS[:2]:
        day: Day | None = getattr(record, name)
        if day is not None and as_of < day.first:
            yield Notice(
                WarningCode.CAUSE_LATER_REVOKED,
                Text(f"该决定后于 {day} {zh}", f"the decision was later {en}, on {day}"),
                (record.id,),
            )
    undated = {
        RecordState.REVOKED: record.revoked_on,
        RecordState.SET_ASIDE: record.set_aside_on,
        RecordState.SUSPENDED: record.suspended,
        RecordState.LIFTED: record.lifted_on,
    }
    if record.state in undated and undated[record.state] is None:
        yield Notice(
            WarningCode.END_DATE_MISSING,
            Text("状态无日期,按各日均不生效处理", "its state has no date: it carries nothing on any day"),
            (record.id,),
        )
    if record.state is RecordState.REPAIRED and record.repaired_on is None:
        yield Notice(
            WarningCode.REPAIR_DATE_MISSING,
            Text(
                "修复日期未记载,按各日均已修复处理", "the day of repair is missing: it counts as repaired on every day"
            ),
            (record.id,),
        )
    if record.offence is not None and reversed_offence(record.offence):
        yield Notice(
            WarningCode.OFFENCE_REVERSED,
            Text("违法期间起止颠倒,不予采用", "the offence period ends before it begins and is not used"),
            (record.id,),
        )


def in_force(cause: Cause, as_of: date, *, on_repair: bool = True) -> bool:
    """Whether a record carries effects on a day on every reading of its dates; a sentence served is over.

    `on_repair`: whether a repair ends them.
    """
    served = cause.record.served_on if cause.record else None
    if served is not None and served.first <= as_of:
        return False
    starts = cause.starts
    return (
        starts is not None
        and starts.last <= as_of
        and all(each is HELD for each in state_verdicts(cause, as_of, on_repair=on_repair, lasting=True))
    )


def perhaps_in_force(cause: Cause, as_of: date) -> bool:
    """The same on some reading of its dates; one without any may have begun."""
    served = cause.record.served_on if cause.record else None
    if served is not None and served.last <= as_of:
        return False
    verdicts = state_verdicts(cause, as_of, on_repair=True, lasting=True)
    started = cause.starts is None or begun(cause, as_of)
    return started and not any(isinstance(each, Failed) for each in verdicts)


def whole_day(day: Day) -> Period:
    """The period of one day; of a month or year when no more is known."""
    return Period(Day(day.first, day.last), Day(day_after(day.first), day_after(day.last)))
