"""Whether an office counts for a rule, and whether it was held when the statute looks: roles and time anchors (S5, S6).

It must not know findings; the anchor's days come from the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph.codes import Condition, EvidenceKind, PostKind, Text
from graph.facts import Post
from graph.periods import Day, Period, day_after, on
from graph.propagation import steps
from graph.propagation.causes import Cause, whole_day
from graph.propagation.verdicts import HELD, Failed, Verdict, imprecise, unknown
from graph.rules.rule import Anchor, Rule
from graph.words import words

NOT_SINCE_WHEN = unknown(
    EvidenceKind.DATE_IMPRECISE,
    "任职起始日未记载,不能确定当时是否在任",
    "the day the post began is not recorded: whether it was held then is open",
)
LEGAL_REPRESENTATIVE, PRINCIPAL = PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL
RELEASABLE = frozenset({LEGAL_REPRESENTATIVE, PRINCIPAL})
NEW_ROLE = Anchor.NEW_ROLE


def counts(rule: Rule, post: Post, anchor: Period | None, beside: Sequence[Post], *, attested: bool) -> bool:
    """Whether the post is one of the rule's; «或者»: a PRINCIPAL only where no LR is recorded on the anchor (S6).

    `beside`: the posts as LR there; `attested`: the decision itself says who was LR at the offence.
    """
    if post.post not in rule.roles:
        return False
    if not (rule.either and post.post is PRINCIPAL):
        return True
    return not attested and not any(anchor is not None and each.period.overlaps(anchor) for each in beside)


def alone(rule: Rule, proving: Sequence[Post], anchor: Period | None, beside: Sequence[Post]) -> Verdict:
    """«或者»: what a PRINCIPAL alone proves is open where an LR was perhaps in office on the anchor (S6, S19)."""
    if not rule.either or anchor is None or any(each.post is not PRINCIPAL for each in proving):
        return HELD
    perhaps = any(each.period.may_overlap(anchor) for each in beside)
    return imprecise("法定代表人任职期间", "the period of the legal representative") if perhaps and proving else HELD


def role(
    rule: Rule, cause: Cause, counted: list[Post], posts: Sequence[Post], anchor: Period | None, as_of: date
) -> tuple[Verdict, Verdict, list[Post]]:
    """(role, time of the role, the posts that prove it)."""
    named: Verdict = HELD if counted else Failed(Condition.ROLE_NOT_IN_RULE, lambda: _other_offices(posts))
    looked_at = counted or posts
    if anchor is None or not looked_at:
        return named, HELD if not looked_at else _anchorless(), []
    if rule.anchor is NEW_ROLE:
        looked_at = [each for each in looked_at if not _continued(each, looked_at)]  # never all: one is first
    perhaps = [each for each in looked_at if _perhaps_held(rule.anchor, each, anchor)]
    sure = [each for each in perhaps if held(rule.anchor, each, anchor) and _both_begun(rule.anchor, each, anchor)]
    if sure:
        return named, HELD, sure if counted else []
    if perhaps:
        open_start = any(each.period.start is None for each in perhaps)
        return named, NOT_SINCE_WHEN if open_start else imprecise("任职期间", "the period of the post"), counted
    former = _former(rule, cause, counted, as_of)
    if former is not None:
        return named, former[0], former[1]
    last = looked_at[-1]
    return named, Failed(Condition.ROLE_NOT_AT_ANCHOR, lambda: _not_then(rule, last, anchor)), []


def held(anchor: Anchor, post: Post, days: Period) -> bool:
    """On every reading of imprecise days. Any overlap suffices; a new role must also have begun in the days (S5)."""
    if anchor is not NEW_ROLE:
        return post.period.overlaps(days)
    begun, last = post.period.start, _last(days)
    return begun is not None and days.contains(begun.first) and days.contains(begun.last) and post.period.contains(last)


def _both_begun(anchor: Anchor, post: Post, days: Period) -> bool:
    """Who is in office from an unknown day was perhaps not yet so on an earlier one; of an offence of which only the
    end is known, only its last day is sure (S7: every condition follows from the posts and the record)."""
    if anchor is Anchor.AS_OF:
        return True
    if post.period.start is None:
        return anchor is Anchor.SINCE_LISTING and post.period.contains(_last(days))
    if days.start is None and days.end is not None:
        last = Day(*(date.fromordinal(each.toordinal() - 1) for each in (days.end.first, days.end.last)))
        return post.period.overlaps(Period(last, days.end))
    return True


def _continued(post: Post, posts: Sequence[Post]) -> bool:
    """Whether a post goes on from one there was at the same organisation: a renewal is no new role (P09 of 2025)."""
    begun = post.period.start
    if begun is None or begun.first == date.min:
        return False
    eve = date.fromordinal(begun.first.toordinal() - 1)
    return any(
        each.id != post.id and each.organization == post.organization and each.period.may_contain(eve) for each in posts
    )


def _perhaps_held(anchor: Anchor, post: Post, days: Period) -> bool:
    if anchor is not NEW_ROLE:
        return post.period.may_overlap(days)
    begun, last = post.period.start, _last(days)
    if begun is None or not post.period.may_contain(last):
        return False
    return days.may_contain(begun.first) or days.may_contain(begun.last)


def _last(days: Period) -> date:
    """The day asked about: a new role runs on it still."""
    assert days.end is not None  # noqa: S101 - such an anchor ends with the day asked about
    return date.fromordinal(days.end.first.toordinal() - 1)


def _other_offices(posts: Sequence[Post]) -> Text:
    shown = "、".join(f"{words(each.post).zh} {steps.span_zh(each.period)}" for each in posts) or "无职务记录"
    shown_en = ", ".join(f"{words(each.post).en} {steps.span_en(each.period)}" for each in posts)
    return Text(f"所任职务({shown})不在规则之列", f"the rule does not name: {shown_en or 'no office recorded'}")


def _not_then(rule: Rule, post: Post, anchor: Period) -> Text:
    word = words(post.post)
    return Text(
        f"{word.zh}任期 {steps.span_zh(post.period)},不含{_anchor_zh(rule.anchor, anchor)}",
        f"{word.en} {steps.span_en(post.period)}; not in office {_anchor_en(rule.anchor, anchor)}",
    )


def _anchorless() -> Verdict:
    return unknown(EvidenceKind.OFFENCE_PERIOD_UNKNOWN, "没有可比对的日期", "there is no day to compare the post with")


def _former(rule: Rule, cause: Cause, counted: list[Post], as_of: date) -> tuple[Verdict, list[Post]] | None:
    """Who held the office while the order was in force stays under question until released (S12)."""
    if not (rule.released and rule.follows_post) or cause.starts is None:
        return None
    since = Period(cause.starts, on(day_after(as_of)))
    left = [each for each in counted if each.post in RELEASABLE and each.period.may_overlap(since)]
    if not left:
        return None
    last = left[-1]
    word = words(last.post)
    gap = unknown(
        EvidenceKind.NO_RELEASE_RECORDED,
        f"{word.zh}已于 {last.period.end} 变更,未见解除限制的记录(法发〔2019〕35号 17)",
        f"no longer {word.en} since {last.period.end}; no release is recorded",
    )
    return gap, [last]


def anchor_period(anchor: Anchor, cause: Cause, as_of: date) -> tuple[Period | None, Verdict]:
    """The period in which the office counts, and whether it is known. Any overlap suffices (S5)."""
    start, decided = cause.starts, cause.decided
    match anchor:
        case Anchor.AS_OF:
            return whole_day(on(as_of)), HELD
        case Anchor.LISTING:
            return None if start is None else whole_day(start), HELD
        case Anchor.SINCE_LISTING:
            return None if start is None else Period(start, on(day_after(as_of))), HELD
        case Anchor.NEW_ROLE:
            return None if decided is None else Period(decided, on(day_after(as_of))), HELD
        case Anchor.DECISION:
            return None if decided is None else whole_day(decided), HELD
    offence = cause.offence
    if offence is not None and (offence.start or offence.end):
        latest = None if decided is None else Day(day_after(decided.first), day_after(decided.last))
        return Period(offence.start, offence.end or latest), HELD
    instead = None if decided is None else whole_day(decided)
    if anchor is Anchor.OFFENCE_OR_DECISION:
        return instead, HELD
    gap = unknown(
        EvidenceKind.OFFENCE_PERIOD_UNKNOWN,
        "违法期间未记载,以决定日代替",
        "the offence period is not recorded; the day of the decision stands in for it",
    )
    return instead, gap


def _anchor_zh(anchor: Anchor, period: Period) -> str:
    match anchor:
        case Anchor.OFFENCE | Anchor.OFFENCE_OR_DECISION:
            return f"违法期间({steps.span_zh(period)})"
        case Anchor.AS_OF:
            return f"查询日({period.start})"
        case Anchor.LISTING | Anchor.SINCE_LISTING:
            return f"列入日({period.start})"
        case Anchor.NEW_ROLE:
            return f"决定日({period.start})以后的新任职"
    return f"决定日({period.start})"


def _anchor_en(anchor: Anchor, period: Period) -> str:
    match anchor:
        case Anchor.OFFENCE | Anchor.OFFENCE_OR_DECISION:
            return f"in the offence period {steps.span_en(period)}"
        case Anchor.AS_OF:
            return f"on the day asked about, {period.start}"
        case Anchor.LISTING | Anchor.SINCE_LISTING:
            return f"on the day of the listing, {period.start}"
        case Anchor.NEW_ROLE:
            return f"newly since the decision of {period.start}"
    return f"on the day of the decision, {period.start}"
