"""Whom one rule may bind for one cause: the conditions on the party, one by one, each with its verdict (S5–S8).

It must not weigh the verdicts, and never looks at a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from graph.codes import Capacity, Condition, EvidenceKind, PostKind, SubjectKind, Text
from graph.facts import Finding, Post
from graph.findings import Gap, PathStep
from graph.propagation import steps
from graph.propagation.causes import Cause
from graph.propagation.index import Index
from graph.propagation.offices import alone, counts, role
from graph.propagation.verdicts import HELD, Failed, Unknown, Verdict, failed, imprecise
from graph.rules.rule import Anchor, Rule, Way
from graph.words import words

OFFENCES = frozenset({Anchor.OFFENCE, Anchor.OFFENCE_OR_DECISION})
OFFICES = frozenset({Way.POST, Way.MUST_NOT})
PRESENT = frozenset({Way.NAMED, Way.FOUND})
# Members that every question asks for hundreds of times: on its class a member is found in ten times the time.
OWN, ADDRESSED, MUST_NOT, ELSEWHERE = Way.OWN, Way.ADDRESSED, Way.MUST_NOT, Way.ELSEWHERE
LEGAL_REPRESENTATIVE = PostKind.LEGAL_REPRESENTATIVE
PERSON = SubjectKind.PERSON
Wanted = frozenset[str] | None  # the parties asked about; None: everybody


class Candidate(NamedTuple):
    """One party, the verdicts on it, and the path that leads to it; `posts` are those the measure follows (P01)."""

    party: str
    verdicts: tuple[Verdict, ...]
    path: tuple[PathStep, ...]
    also_via: tuple[PathStep, ...] = ()
    posts: tuple[Post, ...] = ()


def candidates(
    rule: Rule, cause: Cause, facts: Index, as_of: date, wanted: Wanted = None, failures: int = 0, *, most: int = 1
) -> Iterator[Candidate]:
    """`failures`: of the conditions on the cause. Who fails more than `most` is left out: a second time he is neither
    bound nor close to it (S9); where it does not matter who came close, once."""
    way = rule.way
    subjects = cause.subjects
    for subject, edge in subjects.items() if len(subjects) == 1 else sorted(subjects.items()):
        kind = _subject_kind(rule, facts, subject)
        if way in OFFICES:
            yield from _office_holders(rule, cause, facts, as_of, subject, edge, kind, wanted, failures, most)
        elif way is OWN:
            if wanted is None or subject in wanted:
                yield _own(rule, cause, facts, as_of, subject, edge, kind)
        elif way is ADDRESSED:
            if wanted is None or subject in wanted:
                yield _addressed(rule, cause, facts, as_of, subject, edge, kind)
        elif way is ELSEWHERE:
            yield from _elsewhere(rule, cause, facts, as_of, subject, edge, kind, wanted)
        elif most and not failures and kind is HELD:
            yield from _absent(rule, cause, facts, as_of, subject, edge, wanted)
    if way in PRESENT:
        yield from _present(rule, cause, facts, as_of, wanted)


def _subject_kind(rule: Rule, facts: Index, subject: str) -> Verdict:
    found = None if rule.subject == "ANY" else facts.party(subject)
    if found is None:
        return HELD
    person = found.kind is PERSON
    if person == (rule.subject == "PERSON"):
        return HELD
    wanted = ("自然人", "a person") if rule.subject == "PERSON" else ("单位", "an organisation")
    return failed(
        Condition.OTHER_SUBJECT_KIND,
        f"规则只适用于{wanted[0]},记录的相对人是{words(found.kind).zh}",
        f"the rule is about {wanted[1]}; the subject of the record is not",
    )


def _own(rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict) -> Candidate:
    mine = _findings(facts, cause, subject)
    verdict, proof = _finding(rule, mine, as_of) if rule.finding else (HELD, None)
    return Candidate(
        subject,
        (kind, verdict, _release(rule, mine, as_of)),
        (facts.about(cause, subject, edge),),
        (steps.responsible(proof),) if proof else (),
    )


def _addressed(
    rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict
) -> Candidate:
    """Who is sanctioned himself, in the office that the article speaks of: by a post anywhere, or by the decision."""
    path = (facts.about(cause, subject, edge),)
    mine = _findings(facts, cause, subject)
    said = next((each for each in mine if each.capacity in rule.capacities and _decided(each, as_of)), None)
    if said is not None or not rule.roles:
        proof: tuple[PathStep, ...] = () if said is None else (steps.responsible(said),)
        return Candidate(subject, (kind, _release(rule, mine, as_of)), path, proof)
    posts = list(facts.posts_of.get(subject))
    anchor, certain = facts.anchor(rule.anchor, cause, as_of)
    counted = [each for each in posts if each.post in rule.roles]
    office, place, proving = role(rule, cause, counted, posts, anchor, as_of)
    more = tuple(steps.sits_at(each) for each in proving)
    return Candidate(subject, (kind, office, place, certain, _release(rule, mine, as_of)), path, more)


def _office_holders(
    rule: Rule,
    cause: Cause,
    facts: Index,
    as_of: date,
    subject: str,
    edge: str,
    kind: Verdict,
    wanted: Wanted,
    failures: int,
    most: int,
) -> Iterator[Candidate]:
    failures += kind is not HELD
    everybody = facts.beside(cause, subject, wanted)
    if not everybody:
        return
    findings = facts.findings_by(cause.id)
    anchor, certain = facts.anchor(rule.anchor, cause, as_of)
    beside = facts.representatives(subject) if rule.either else ()
    other = rule.either and any(
        _decided(said, as_of) for each in findings.values() if (said := _attested(rule, each, as_of))
    )
    for person in everybody:
        posts, mine = facts.posts_by(subject, person), findings.get(person, ())
        if (not posts and not mine) or (rule.way is MUST_NOT and person in cause.subjects):
            continue
        counted = [each for each in posts if counts(rule, each, anchor, beside, attested=other)]
        if not mine and failures + (not counted) > most:
            continue  # no office of his is of the rule, and that is one failure more
        office, place, proving = role(rule, cause, counted, posts, anchor, as_of)
        failed_here = failures + isinstance(office, Failed) + isinstance(place, Failed)
        if failed_here > most and not mine:
            continue
        sure = HELD if mine and _singled_out(mine, as_of) else certain
        attested = None if proving and place is HELD else _attested(rule, mine, as_of)
        if attested is not None:
            day: Verdict = HELD if _decided(attested, as_of) else imprecise("认定日期", "the day of the finding")
            yield Candidate(
                person,
                (kind, day, *_extra(rule, mine, as_of), _release(rule, mine, as_of)),
                (steps.responsible(attested),),
            )
            continue
        if failed_here > most:
            continue
        verdict, proof = _finding(rule, mine, as_of) if rule.finding and not failed_here else (HELD, None)
        about = facts.about(cause, subject, edge)
        shown: Sequence[Post] = proving or counted or posts
        first, more = (shown[0], shown[1:]) if shown else (None, ())
        yield Candidate(
            person,
            (kind, office, place, alone(rule, proving, anchor, beside), sure, verdict, _release(rule, mine, as_of)),
            (about,) if first is None else (about, facts.held_by(first)),
            (*(facts.held_by(each) for each in more if proving), *((steps.responsible(proof),) if proof else ())),
            tuple(proving),
        )


def _findings(facts: Index, cause: Cause, person: str) -> tuple[Finding, ...]:
    return facts.findings_by(cause.id).get(person, ())


def _singled_out(findings: Sequence[Finding], as_of: date) -> bool:
    """Named or found by the authority: then an unknown offence period leaves nothing open about the person (S5)."""
    return any(each.capacity is not Capacity.RELEASED and _decided(each, as_of) for each in findings)


def _attested(rule: Rule, findings: Sequence[Finding], as_of: date) -> Finding | None:
    """LEGAL_REPRESENTATIVE_AT_OFFENCE: the authority says who held the post then; evidence of the post only (S8)."""
    if not findings or rule.anchor not in OFFENCES or LEGAL_REPRESENTATIVE not in rule.roles:
        return None
    said = [
        each
        for each in findings
        if each.capacity is Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE and _perhaps_decided(each, as_of)
    ]
    return min(said, key=lambda each: not _decided(each, as_of), default=None)


def _extra(rule: Rule, findings: Sequence[Finding], as_of: date) -> tuple[Verdict, ...]:
    return (_finding(rule, findings, as_of)[0],) if rule.finding else ()


def _finding(rule: Rule, findings: Sequence[Finding], as_of: date) -> tuple[Verdict, Finding | None]:
    """Class F: a recorded finding in a capacity that satisfies the rule, decided by `as_of` (S8)."""
    fitting = [each for each in findings if each.capacity in rule.capacities]
    made = [each for each in fitting if _decided(each, as_of)]
    if made:
        return HELD, made[0]
    if any(each.decided_on is not None and each.decided_on.first <= as_of for each in fitting):
        return imprecise("责任认定日期", "the day of the finding"), None
    needed = "、".join(sorted(words(each).zh for each in rule.capacities))
    needed_en = " or ".join(sorted(words(each).en for each in rule.capacities))
    # Without the day asked about: it would make another answer of every day, and the answer says its day itself.
    told = Text(f"未见认定:{needed}", f"no finding is recorded: {needed_en}")
    return Unknown(Gap(EvidenceKind.FINDING_OF_RESPONSIBILITY, told)), None


def _decided(finding: Finding, as_of: date) -> bool:
    return finding.decided_on is None or finding.decided_on.last <= as_of


def _perhaps_decided(finding: Finding, as_of: date) -> bool:
    """On some reading of an imprecise day."""
    return finding.decided_on is None or finding.decided_on.first <= as_of


def _release(rule: Rule, findings: Sequence[Finding], as_of: date) -> Verdict:
    if rule.released:
        for each in findings:
            if each.capacity is not Capacity.RELEASED or not _perhaps_decided(each, as_of):
                continue
            if not _decided(each, as_of):
                return imprecise("解除日期", "the day of the release")
            if each.decided_on is None:
                return failed(Condition.RELEASED, "已解除对其限制,日期未记载", "released; the day is not recorded")
            return failed(Condition.RELEASED, f"已于 {each.decided_on} 解除对其限制", f"released on {each.decided_on}")
    return HELD


def _present(rule: Rule, cause: Cause, facts: Index, as_of: date, wanted: Wanted) -> Iterator[Candidate]:
    """Who is named or found (class N, and F where the finding itself makes the party)."""
    for person, findings in sorted(facts.findings_by(cause.id).items()):
        if wanted is not None and person not in wanted:
            continue
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


def _missing(rule: Rule) -> Failed:
    if rule.way is Way.NAMED:
        return failed(Condition.NOT_NAMED, "决定未点名该人员", "the decision does not name this person")
    return failed(Condition.NO_FINDING, "未见对该人员的责任认定", "no finding about this person is recorded")


def _made_party(rule: Rule, cause: Cause, facts: Index, as_of: date) -> set[str]:
    return {
        person
        for person, findings in facts.findings_by(cause.id).items()
        if any(each.capacity in rule.capacities and _perhaps_decided(each, as_of) for each in findings)
    }


def _absent(
    rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, wanted: Wanted
) -> Iterator[Candidate]:
    """Office holders at the anchor who are not named or found: worth considering, never a potential (S7)."""
    if wanted is None:
        held = [
            post
            for post in facts.posts_at.get(subject)
            if post.post in rule.roles and not facts.is_organization(post.person)
        ]
    else:
        held = [
            post
            for person in facts.beside(cause, subject, wanted)
            for post in facts.posts_by(subject, person)
            if post.post in rule.roles
        ]
    if not held:
        return
    anchor, _ = facts.anchor(rule.anchor, cause, as_of)
    seen = _made_party(rule, cause, facts, as_of)
    reason: Failed | None = None
    for post in held:
        if post.person in seen:
            continue
        if anchor is not None and post.period.overlaps(anchor):
            seen.add(post.person)
            reason = reason or _missing(rule)
            mine = _findings(facts, cause, post.person)
            path = (facts.about(cause, subject, edge), facts.held_by(post))
            yield Candidate(post.person, (reason, _release(rule, mine, as_of)), path)


def _elsewhere(
    rule: Rule, cause: Cause, facts: Index, as_of: date, subject: str, edge: str, kind: Verdict, wanted: Wanted
) -> Iterator[Candidate]:
    """Other organisations of who is found responsible, and of the office holders of whom no finding speaks (P09)."""
    anchor, _ = facts.anchor(rule.anchor, cause, as_of)
    responsible = {
        person: each
        for person, findings in facts.findings_by(cause.id).items()
        for each in reversed(findings)
        if each.capacity in rule.capacities and _perhaps_decided(each, as_of)
    }
    begins = facts.anchor(Anchor.DECISION, cause, as_of)[0]
    holders = {
        post.person: post
        for post in reversed(facts.posts_at.get(subject))
        if post.post in rule.roles
        and post.person not in responsible
        and begins is not None
        and post.period.overlaps(begins)
    }
    for person in sorted({*responsible, *holders}):
        if facts.is_minor(person, as_of) or facts.is_organization(person):
            continue
        finding = responsible.get(person)
        if finding is not None:
            verdict: Verdict = HELD if _decided(finding, as_of) else imprecise("责任认定日期", "the day of the finding")
            path: tuple[PathStep, ...] = (steps.responsible(finding),)
        else:
            verdict, path = _missing(rule), (facts.about(cause, subject, edge), facts.held_by(holders[person]))
        by_organization: dict[str, list[Post]] = {}
        for post in facts.posts_of.get(person):
            if post.organization not in cause.subjects and (wanted is None or post.organization in wanted):
                by_organization.setdefault(post.organization, []).append(post)
        for organization, posts in sorted(by_organization.items()):
            counted = [each for each in posts if each.post in rule.roles]
            office, place, proving = role(rule, cause, counted, posts, anchor, as_of)
            first, *more = proving or counted or posts
            also = tuple(steps.sits_at(each) for each in more) if proving else ()
            steps_to = (*path, steps.sits_at(first))
            yield Candidate(organization, (kind, verdict, office, place), steps_to, also, tuple(proving))
