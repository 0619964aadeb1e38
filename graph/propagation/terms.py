"""From when to when a rule binds for a cause: the day its term counts from, its length, and what ends it (S2, S3, S11).

It must not know parties, but for the posts a measure follows (P01).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from graph.codes import Condition, EvidenceKind, RecordKind, TermEnd, Text
from graph.facts import Post
from graph.findings import Gap
from graph.periods import Day, add_years, on, term_until
from graph.propagation.causes import Cause, state_verdicts
from graph.propagation.verdicts import HELD, Failed, Unknown, Verdict, failed, imprecise, unknown
from graph.propagation.versions import in_force_since
from graph.rules.rule import Counts, Rule, VersionBy

# What the article says the term counts from is also the first day of the measure.
START = Counts.START
BEGINS_LATER = frozenset({Counts.COMPLETION, Counts.SERVED, Counts.PERFORMED})


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a rule binds for a cause, before the party's own conditions."""

    start: date
    until: date | None
    end: TermEnd


class Length(NamedTuple):
    """`years` None and not `life`: as long as the cause itself; `within`: its years, and no longer than the cause."""

    years: int | None
    life: bool
    within: bool = False

    @property
    def lasting(self) -> bool:
        return self.years is None and not self.life

    @property
    def ends_with_cause(self) -> bool:
        return self.lasting or self.within


def length(rule: Rule, cause: Cause) -> Length:
    """A term named in the decision wins over the least the article allows."""
    ban = cause.record.ban if rule.decided_term and cause.record else None
    if ban is not None and (ban.life or ban.years is not None):
        return Length(None if ban.life else ban.years, ban.life)
    return Length(rule.years, rule.life, rule.while_listed)


def counted(rule: Rule, cause: Cause) -> Day | None:
    """The day from which years count: that of the decision where the article says so, else of the effect."""
    if rule.counts is START:
        return cause.starts
    record = cause.record
    match rule.counts:
        case Counts.DECISION:
            return cause.decided or cause.starts
        case Counts.COMPLETION:
            return record.completed_on if record else None
        case Counts.SERVED:
            return record.served_on if record else None
        case Counts.PERFORMED:
            return None if record is None or record.effective.end is None else _eve(record.effective.end)
    return cause.starts


def begins(rule: Rule, cause: Cause) -> Day | None:
    """The first day of the measure: that of the effect, or what the article names; a penalty must first be over."""
    if rule.counts is Counts.PERFORMED:
        return None if cause.record is None else cause.record.effective.end
    return counted(rule, cause) if rule.counts in BEGINS_LATER else cause.starts


def _eve(day: Day) -> Day:
    """The last day of what is stored half-open."""
    first, last = (date.fromordinal(max(each.toordinal() - 1, 1)) for each in (day.first, day.last))
    return Day(first, last) if first != last else on(first)


def undated(verdicts: Iterable[Verdict | Gap]) -> bool:
    """Whether no day is known from which its term counts: then no day can be said to end it."""
    gaps = (each.gap if isinstance(each, Unknown) else each for each in verdicts)
    return any(isinstance(each, Gap) and each.evidence is EvidenceKind.TERM_START_UNKNOWN for each in gaps)


def states(
    rule: Rule, cause: Cause, as_of: date, said: dict[tuple[bool, bool], tuple[Verdict, ...]], *, dated: bool
) -> Iterator[Verdict]:
    """What the record's state, its dates and the term leave open or end on the day, without what holds.

    `said` keeps what holds for every rule.
    """
    long = length(rule, cause)
    ending, starts = long.ends_with_cause, cause.starts
    sort = (rule.ends_on_repair, ending)
    state = said.get(sort)
    if state is None:
        found = state_verdicts(cause, as_of, on_repair=rule.ends_on_repair, lasting=ending)
        state = said[sort] = tuple([each for each in found if each is not HELD])
    yield from state
    if starts is None:
        return
    if starts.last > as_of:
        yield imprecise("起始日期", "the day it starts")
    if long.lasting and open_end(cause) and (rule.decided_term or _over_a_year(cause, as_of)):
        yield unknown(
            EvidenceKind.DATE_IMPRECISE,
            "期限或终止日未记载,不能确定当日是否仍然有效",
            "neither a term nor an end is recorded: whether it still runs on the day is open",
        )
    since = counted(rule, cause)
    if rule.counts in BEGINS_LATER:
        first_day = begins(rule, cause)
        if since is None or first_day is None:
            yield unknown(
                EvidenceKind.TERM_START_UNKNOWN,
                f"起算日未记载:{COUNTED[rule.counts][0]}",
                f"the day the term counts from is not recorded: {COUNTED[rule.counts][1]}",
            )
            return
        if as_of < first_day.first:
            yield failed(
                Condition.NOT_YET_IN_FORCE,
                f"{COUNTED[rule.counts][0]}为 {since},尚未起算",
                f"{COUNTED[rule.counts][1]} is {since}: the term has not begun",
            )
        elif as_of < first_day.last:
            yield imprecise(*COUNTED[rule.counts])
    if long.years is not None and dated:
        counts = since or starts
        first = last = term_until(counts.first, long.years)
        if not counts.exact:
            last = term_until(counts.last, long.years)
        if last <= as_of:
            yield Failed(Condition.TERM_ENDED, lambda: _over(counts, long.years, last))
        elif first <= as_of:
            yield imprecise("期限届满日", "the day the term ends")


def open_end(cause: Cause) -> bool:
    return cause.record is not None and cause.record.effective.end is None


def _over_a_year(cause: Cause, as_of: date) -> bool:
    until = given_until(cause)
    return until is not None and until <= as_of


def given_until(cause: Cause) -> date | None:
    """A grade is given for a year: where no end is recorded, it may be another from then on (P09)."""
    graded = cause.record is not None and cause.record.kind is RecordKind.GRADE
    return add_years(cause.starts.last, 1) if graded and cause.starts is not None else None


def _over(since: Day, years: int | None, last: date) -> Text:
    return Text(f"自 {since} 起 {years} 年,已于 {last} 前届满", f"{years} years from {since} ended before {last}")


COUNTED = {
    Counts.COMPLETION: ("清算完结日", "the day the liquidation was completed"),
    Counts.SERVED: ("刑罚执行完毕日", "the day the sentence was served"),
    Counts.PERFORMED: ("处罚期满日", "the last day of the penalty"),
}


def term(rule: Rule, cause: Cause, posts: Sequence[Post], family: Sequence[Rule], *, dated: bool) -> Term:
    """The shown dates; of an imprecise day the reading that binds for the shorter time."""
    starts = cause.starts
    assert starts is not None  # noqa: S101 - a cause without a start has not begun
    long, since = length(rule, cause), counted(rule, cause)
    day = (begins(rule, cause) or starts).last
    start = max(day, in_force_since(rule, family)) if rule.version_by is VersionBy.AS_OF else day
    ends = [day.first for day, _ in cause.ends(on_repair=rule.ends_on_repair, lasting=long.ends_with_cause)]
    end = TermEnd.LIFE if long.life else TermEnd.EVENT
    if long.years is not None and dated:
        ends.append(term_until((since or starts).first, long.years))
        end = TermEnd.TERM
    if long.ends_with_cause and cause.record is not None and cause.record.effective.end is not None:
        ends.append(cause.record.effective.end.first)
        end = TermEnd.TERM
    first = [post.period.start.last for post in posts if rule.follows_post and post.period.start]
    if first and len(first) == len(posts):
        start = max(start, min(first))
    return Term(start, min(ends, default=None), end)
