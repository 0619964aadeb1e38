"""Whom one rule may bind for one cause: the conditions on the party, one by one, each with its verdict (S5–S8).

It must not weigh the verdicts, and never looks at a name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph.codes import Capacity, Condition, EvidenceKind, PostKind, SubjectKind, words
from graph.facts import Finding, Post
from graph.findings import PathStep
from graph.periods import Day, Period, day_after, on
from graph.propagation import steps
from graph.propagation.causes import Cause, whole_day
from graph.propagation.index import Index
from graph.propagation.verdicts import HELD, Verdict, failed, imprecise, unknown
from graph.rules.rule import Anchor, Rule, Way

RELEASABLE = frozenset({PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One party, the verdicts on it, and the path that leads to it; `posts` are those the measure follows (P01)."""

    party: str
    verdicts: tuple[Verdict, ...]
    path: tuple[PathStep, ...]
    also_via: tuple[PathStep, ...] = ()
    posts: tuple[Post, ...] = ()


def candidates(rule: Rule, cause: Cause, facts: Index, as_of: date) -> Iterator[Candidate]:
    for subject, edge in sorted(_subjects(cause).items()):
        kind = _subject_kind(rule, facts, subject)
        if rule.way is Way.OWN:
            yield _own(rule, cause, facts, as_of, subject, edge, kind)
        elif rule.way is Way.POST or rule.way is Way.MUST_NOT:
            yield from _office_holders(rule, cause, facts, as_of, subject, edge, kind)
        else:
            yield from _absent(rule, cause, facts, as_of, subject, edge, kind)
    if rule.way in (Way.NAMED, Way.FOUND):
        yield from _present(rule, cause, facts, as_of)


def _subjects(cause: Cause) -> dict[str, str]:
    if cause.licence is not None:
        return {cause.licence.person: cause.licence.edge}
    return dict(cause.record.about) if cause.record else {}


def _subject_kind(rule: Rule, facts: Index, subject: str) -> Verdict:
    found = facts.parties.get(subject)
    if rule.subject == "ANY" or found is None:
        return HELD
    person = found.kind is SubjectKind.PERSON
    if person == (rule.subject == "PERSON"):
        return HELD
    wanted = ("自然人", "a person") if rule.subject == "PERSON" else ("单位", "an organisation")
    return failed(
        Condition.OTHER_SUBJECT_KIND,
        f"规则只适用于{wanted[0]},记录的相对人是{words(found.kind).zh}",
        f"the rule is about {wanted[1]}; the subject of the record is not",
    )


def _own(rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict) -> Candidate:
    mine = [each for each in facts.findings_on.get(cause.id, ()) if each.person == subject]
    verdict, proof = _finding(rule, mine, as_of) if rule.finding else (HELD, None)
    return Candidate(
        subject,
        (kind, verdict, _release(rule, mine, as_of)),
        (steps.about(cause, subject, edge),),
        (steps.responsible(proof),) if proof else (),
    )


def _office_holders(
    rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict
) -> Iterator[Candidate]:
    anchor, certain = anchor_period(rule.anchor, cause, as_of)
    by_person: dict[str, list[Post]] = defaultdict(list)
    for post in facts.posts_at.get(subject, ()):
        by_person[post.person].append(post)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in facts.findings_on.get(cause.id, ()):
        findings[finding.person].append(finding)
    for person in sorted({*by_person, *findings}):
        posts, mine = by_person[person], findings[person]
        counted = [each for each in posts if _counts(rule, each, anchor, facts.posts_at.get(subject, ()))]
        role, place, proving = _role(rule, cause, counted, posts, anchor, as_of)
        sure = HELD if _singled_out(mine, as_of) else certain
        attested = None if proving and place is HELD else _attested(rule, mine, as_of)
        if attested is not None:
            yield Candidate(
                person,
                (kind, *_extra(rule, mine, as_of), _release(rule, mine, as_of)),
                (steps.responsible(attested),),
            )
            continue
        verdict, proof = _finding(rule, mine, as_of) if rule.finding else (HELD, None)
        shown = proving or counted or posts
        first, more = (shown[0], shown[1:]) if shown else (None, [])
        path = (steps.about(cause, subject, edge),)
        yield Candidate(
            person,
            (kind, role, place, sure, verdict, _release(rule, mine, as_of)),
            path if first is None else (*path, steps.held_by(first)),
            (*(steps.held_by(each) for each in more if proving), *((steps.responsible(proof),) if proof else ())),
            tuple(proving),
        )


def _singled_out(findings: list[Finding], as_of: date) -> bool:
    """Named or found by the authority: then an unknown offence period leaves nothing open about the person (S5)."""
    return any(each.capacity is not Capacity.RELEASED and _decided(each, as_of) for each in findings)


def _attested(rule: Rule, findings: list[Finding], as_of: date) -> Finding | None:
    """LEGAL_REPRESENTATIVE_AT_OFFENCE: the authority says who held the post then; evidence of the post only (S8)."""
    if rule.anchor is not Anchor.OFFENCE or PostKind.LEGAL_REPRESENTATIVE not in rule.roles:
        return None
    said = (each for each in findings if each.capacity is Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE)
    return next((each for each in said if _decided(each, as_of)), None)


def _extra(rule: Rule, findings: list[Finding], as_of: date) -> tuple[Verdict, ...]:
    return (_finding(rule, findings, as_of)[0],) if rule.finding else ()


def _counts(rule: Rule, post: Post, anchor: Period | None, beside: tuple[Post, ...]) -> bool:
    """Whether the post is one of the rule's; «或者»: a PRINCIPAL only where no LR is recorded on the anchor (S6)."""
    if post.post not in rule.roles:
        return False
    if not (rule.either and post.post is PostKind.PRINCIPAL):
        return True
    return not any(
        each.post is PostKind.LEGAL_REPRESENTATIVE and anchor is not None and each.period.may_overlap(anchor)
        for each in beside
    )


def _role(
    rule: Rule, cause: Cause, counted: list[Post], posts: list[Post], anchor: Period | None, as_of: date
) -> tuple[Verdict, Verdict, list[Post]]:
    """(role, time of the role, the posts that prove it)."""
    if counted:
        role: Verdict = HELD
    else:
        held = "、".join(f"{words(each.post).zh} {steps.span_zh(each.period)}" for each in posts) or "无职务记录"
        held_en = ", ".join(f"{words(each.post).en} {steps.span_en(each.period)}" for each in posts)
        held_en = held_en or "no office recorded"
        role = failed(Condition.ROLE_NOT_IN_RULE, f"所任职务({held})不在规则之列", f"the rule does not name: {held_en}")
    looked_at = counted or posts
    if anchor is None or not looked_at:
        return role, HELD if not looked_at else _anchorless(), []
    sure = [each for each in looked_at if each.period.overlaps(anchor)]
    if sure:
        return role, HELD, sure if counted else []
    if any(each.period.may_overlap(anchor) for each in looked_at):
        return role, imprecise("任职期间", "the period of the post"), looked_at if counted else []
    former = _former(rule, cause, counted, as_of)
    if former is not None:
        return role, former[0], former[1]
    last = looked_at[-1]
    word = words(last.post)
    return (
        role,
        failed(
            Condition.ROLE_NOT_AT_ANCHOR,
            f"{word.zh}任期 {steps.span_zh(last.period)},不含{_anchor_zh(rule.anchor, anchor)}",
            f"{word.en} {steps.span_en(last.period)}; not in office {_anchor_en(rule.anchor, anchor)}",
        ),
        [],
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


def _finding(rule: Rule, findings: list[Finding], as_of: date) -> tuple[Verdict, Finding | None]:
    """Class F: a recorded finding in a capacity that satisfies the rule, decided by `as_of` (S8)."""
    fitting = [each for each in findings if each.capacity in rule.capacities]
    made = [each for each in fitting if _decided(each, as_of)]
    if made:
        return HELD, made[0]
    if any(each.decided_on is not None and each.decided_on.first <= as_of for each in fitting):
        return imprecise("责任认定日期", "the day of the finding"), None
    needed = "、".join(sorted(words(each).zh for each in rule.capacities))
    needed_en = " or ".join(sorted(words(each).en for each in rule.capacities))
    return (
        unknown(
            EvidenceKind.FINDING_OF_RESPONSIBILITY,
            f"截至 {as_of} 未见认定:{needed}",
            f"by {as_of} no finding is recorded: {needed_en}",
        ),
        None,
    )


def _decided(finding: Finding, as_of: date) -> bool:
    return finding.decided_on is None or finding.decided_on.last <= as_of


def _perhaps_decided(finding: Finding, as_of: date) -> bool:
    """On some reading of an imprecise day."""
    return finding.decided_on is None or finding.decided_on.first <= as_of


def _release(rule: Rule, findings: list[Finding], as_of: date) -> Verdict:
    if rule.released:
        for each in findings:
            if each.capacity is not Capacity.RELEASED or not _perhaps_decided(each, as_of):
                continue
            if not _decided(each, as_of):
                return imprecise("解除日期", "the day of the release")
            return failed(Condition.RELEASED, f"已于 {each.decided_on} 解除对其限制", f"released on {each.decided_on}")
    return HELD


def _present(rule: Rule, cause: Cause, facts: Index, as_of: date) -> Iterator[Candidate]:
    """Who is named or found (class N, and F where the finding itself makes the party)."""
    by_person: dict[str, list[Finding]] = defaultdict(list)
    for each in facts.findings_on.get(cause.id, ()):
        by_person[each.person].append(each)
    for person, findings in sorted(by_person.items()):
        fitting = [each for each in findings if each.capacity in rule.capacities and _perhaps_decided(each, as_of)]
        fitting.sort(key=lambda each: not _decided(each, as_of))
        if fitting:
            first, *more = fitting
            day: Verdict = HELD if _decided(first, as_of) else imprecise("点名或认定日期", "the day of the naming")
            yield Candidate(
                person,
                (day, _release(rule, findings, as_of)),
                (steps.responsible(first),),
                tuple(steps.responsible(each) for each in more),
            )


def _absent(
    rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict
) -> Iterator[Candidate]:
    """Office holders at the anchor who are not named or found: worth considering, never a potential (S7)."""
    anchor, _ = anchor_period(rule.anchor, cause, as_of)
    present = {
        each.person
        for each in facts.findings_on.get(cause.id, ())
        if each.capacity in rule.capacities and _perhaps_decided(each, as_of)
    }
    reason = (
        failed(Condition.NOT_NAMED, "决定未点名该人员", "the decision does not name this person")
        if rule.way is Way.NAMED
        else failed(Condition.NO_FINDING, "未见对该人员的责任认定", "no finding about this person is recorded")
    )
    seen: set[str] = set()
    for post in facts.posts_at.get(subject, ()):
        if post.post not in rule.roles or post.person in present | seen:
            continue
        if anchor is not None and post.period.overlaps(anchor):
            seen.add(post.person)
            path = (steps.about(cause, subject, edge), steps.held_by(post))
            yield Candidate(post.person, (kind, reason), path)


def anchor_period(anchor: Anchor, cause: Cause, as_of: date) -> tuple[Period | None, Verdict]:
    """The period in which the office counts, and whether it is known. Any overlap suffices (S5)."""
    today = whole_day(on(as_of))
    start = cause.starts
    match anchor:
        case Anchor.AS_OF:
            return today, HELD
        case Anchor.LISTING:
            return None if start is None else whole_day(start), HELD
        case Anchor.SINCE_LISTING:
            return None if start is None else Period(start, today.end), HELD
        case Anchor.DECISION:
            return None if cause.decided is None else whole_day(cause.decided), HELD
    offence, decided = cause.offence, cause.decided
    if offence is not None and (offence.start or offence.end):
        latest = None if decided is None else Day(day_after(decided.first), day_after(decided.last))
        return Period(offence.start, offence.end or latest), HELD
    gap = unknown(
        EvidenceKind.OFFENCE_PERIOD_UNKNOWN,
        "违法期间未记载,以决定日代替",
        "the offence period is not recorded; the day of the decision stands in for it",
    )
    return None if decided is None else whole_day(decided), gap


def _anchor_zh(anchor: Anchor, period: Period) -> str:
    match anchor:
        case Anchor.OFFENCE:
            return f"违法期间({steps.span_zh(period)})"
        case Anchor.AS_OF:
            return f"查询日({period.start})"
        case Anchor.LISTING | Anchor.SINCE_LISTING:
            return f"列入日({period.start})"
    return f"决定日({period.start})"


def _anchor_en(anchor: Anchor, period: Period) -> str:
    match anchor:
        case Anchor.OFFENCE:
            return f"in the offence period {steps.span_en(period)}"
        case Anchor.AS_OF:
            return f"on the day asked about, {period.start}"
        case Anchor.LISTING | Anchor.SINCE_LISTING:
            return f"on the day of the listing, {period.start}"
    return f"on the day of the decision, {period.start}"
