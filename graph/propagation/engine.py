"""`propagate`: facts and rules and two dates in, measures, potentials and considered rules out. Pure and deterministic.

It must not know where facts come from, who asks, or any name; the order of facts carries no meaning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph.codes import Certainty, Condition, EvidenceKind, SubjectKind, TermEnd, Text, WarningCode
from graph.facts import Facts, Post
from graph.findings import Considered, Findings, Gap, Measure, Notice
from graph.periods import Day, term_until
from graph.propagation import steps
from graph.propagation.candidates import Candidate, candidates
from graph.propagation.causes import Cause, begun, notices, state_verdicts
from graph.propagation.conditions import PREDICATES, TRIGGERS
from graph.propagation.index import Index, index
from graph.propagation.verdicts import HELD, Balance, Failed, Unknown, Verdict, failed, imprecise
from graph.rules.pack import Pack
from graph.rules.rule import Rule, VersionBy, Visibility, Way

DAY = re.compile(r"\d{4}-\d{2}|\d{4} ")
STRENGTH = {Certainty.POTENTIAL: 0, Certainty.FOUND: 1, Certainty.NAMED: 2, Certainty.EX_LEGE: 3}
# Of several conditions that alone kept a person out, the missing finding or naming says most (S7).
TELLING = (Condition.NO_FINDING, Condition.NOT_NAMED)


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a rule binds for a cause, before the party's own conditions."""

    start: date
    until: date | None
    end: TermEnd


def propagate(facts: Facts, pack: Pack, as_of: date, known_at: str) -> Findings:
    """Everything the pack says over `facts` on a legal day, by what was known at a stored system time."""
    return judge(index(facts, known_at), pack, as_of)


def judge(facts: Index, pack: Pack, as_of: date, causes: Iterable[str] | None = None) -> Findings:
    """As `propagate`, over an index; `causes` restricts it to these ids."""
    wanted = None if causes is None else frozenset(causes)
    found: dict[str, Measure] = {}
    considered: list[Considered] = []
    said: set[Notice] = set()
    for cause in facts.causes:
        if (wanted is not None and cause.id not in wanted) or not begun(cause, as_of):
            continue
        said.update(notices(cause, as_of))
        for family in pack.by_kind.get(cause.kind, ()):
            rule, version = _version(family, cause, as_of)
            if not _triggered(rule, cause, pack):
                continue
            conditions = tuple(_conditions(rule, cause))
            base = (version, *conditions, *_states(rule, cause, as_of, dated=not _undated(conditions)))
            for candidate in candidates(rule, cause, facts, as_of):
                if _minor(facts, candidate.party, as_of):
                    continue
                _settle(rule, cause, candidate, family, base, facts, as_of, found, considered)
    for party in {each.party for each in found.values()}:
        said.update(_age(facts, party, as_of))
    return _collected(found.values(), considered, said)


def _settle(
    rule: Rule,
    cause: Cause,
    candidate: Candidate,
    family: Sequence[Rule],
    base: tuple[Verdict, ...],
    facts: Index,
    as_of: date,
    found: dict[str, Measure],
    considered: list[Considered],
) -> None:
    balance = Balance.of((*base, *candidate.verdicts, _grown(facts, candidate.party, as_of)))
    if rule.way is Way.MUST_NOT or rule.measure is None:
        if not balance.failures:
            explanation = _dated(Text(f"{rule.title.zh}({rule.basis[0].document})", rule.title.en), cause)
            considered.append(
                Considered(rule.cited, candidate.party, cause.id, Condition.MUST_NOT, explanation, candidate.path)
            )
        return
    if len(balance.failures) == 1:
        (reason,) = balance.failures
        told = _dated(reason.explanation, cause)
        considered.append(Considered(rule.cited, candidate.party, cause.id, reason.condition, told, candidate.path))
    if balance.failures:
        return
    measure = _measure(rule, cause, candidate, family, balance)
    _merge(found, measure)
    for duty in _duties(rule, measure, facts, as_of):
        _merge(found, duty)


def _dated(told: Text, cause: Cause) -> Text:
    """An explanation names the fact and the date (S9); where the fact has none of its own, that of the decision."""
    if DAY.search(told.zh):
        return told
    day = cause.decided or cause.starts
    return Text(f"{told.zh}(决定日 {day})", f"{told.en} (decided on {day})")


def _version(family: Sequence[Rule], cause: Cause, as_of: date) -> tuple[Rule, Verdict]:
    """The version that judges, and whether one does (S4)."""
    decided = cause.decided or cause.starts
    if family[0].version_by is VersionBy.AS_OF or decided is None:
        return _version_on(family, as_of)
    rule, verdict = _version_on(family, decided.last)
    if not decided.exact and _version_on(family, decided.first) != (rule, verdict):
        return rule, imprecise("决定日期", "the day of the decision")
    return rule, verdict


def _version_on(family: Sequence[Rule], day: date) -> tuple[Rule, Verdict]:
    for rule in family:
        if rule.validity.contains(day):
            return rule, HELD
    later = [rule for rule in family if rule.validity.start is not None and day < rule.validity.start.first]
    if len(later) == len(family):
        rule = later[0]
        return rule, failed(
            Condition.NOT_YET_IN_FORCE,
            f"规则自 {rule.validity.start} 起施行",
            f"the rule is in force from {rule.validity.start}",
        )
    rule = [each for each in family if each not in later][-1]
    return rule, failed(
        Condition.VERSION_ENDED,
        f"规则至 {rule.validity.end} 止",
        f"the rule ended on {rule.validity.end}",
    )


def _triggered(rule: Rule, cause: Cause, pack: Pack) -> bool:
    """Whether the cause is of the sort the rule is about, at any date (S9)."""
    if any(isinstance(TRIGGERS[name](cause), Failed) for name in rule.conditions if name in TRIGGERS):
        return False
    if not rule.lists:
        return True
    named = pack.list_named(cause.record.list or "") if cause.record else None
    return named is not None and named.name in rule.lists


def _conditions(rule: Rule, cause: Cause) -> Iterator[Verdict]:
    return (PREDICATES[name](cause) for name in rule.conditions if name not in TRIGGERS)


def _undated(verdicts: Iterable[Verdict | Gap]) -> bool:
    """Whether the article names no day from which its term counts: then no day can be said to end it."""
    gaps = (each.gap if isinstance(each, Unknown) else each for each in verdicts)
    return any(isinstance(each, Gap) and each.evidence is EvidenceKind.TERM_START_UNKNOWN for each in gaps)


def _states(rule: Rule, cause: Cause, as_of: date, *, dated: bool) -> Iterator[Verdict]:
    yield from state_verdicts(cause, as_of, on_repair=rule.ends_on_repair, lasting=_lasting(rule))
    starts = cause.starts
    if starts is None:
        return
    if starts.last > as_of:
        yield imprecise("起始日期", "the day it starts")
    if rule.years is not None and dated:
        counted = _counted(rule, cause) or starts
        first, last = term_until(counted.first, rule.years), term_until(counted.last, rule.years)
        if last <= as_of:
            yield failed(
                Condition.TERM_ENDED,
                f"自 {counted} 起 {rule.years} 年,已于 {last} 前届满",
                f"{rule.years} years from {counted} ended before {last}",
            )
        elif first <= as_of:
            yield imprecise("期限届满日", "the day the term ends")


def _counted(rule: Rule, cause: Cause) -> Day | None:
    """The day from which years count: that of the decision where the article says so, else of the effect."""
    return cause.decided if rule.from_decision else cause.starts


def _lasting(rule: Rule) -> bool:
    return rule.years is None and not rule.life


def _term(rule: Rule, cause: Cause, candidate: Candidate, family: Sequence[Rule], *, undated: bool) -> Term:
    """The shown dates; of an imprecise day the reading that binds for the shorter time."""
    starts = cause.starts
    assert starts is not None  # noqa: S101 - a cause without a start has not begun
    start = max(starts.last, _in_force_since(rule, family)) if rule.version_by is VersionBy.AS_OF else starts.last
    ends = [day.first for day, _ in cause.ends(on_repair=rule.ends_on_repair, lasting=_lasting(rule))]
    end = TermEnd.LIFE if rule.life else TermEnd.EVENT
    if rule.years is not None and not undated:
        ends.append(term_until((_counted(rule, cause) or starts).first, rule.years))
        end = TermEnd.TERM
    elif rule.years is None and not rule.life and cause.record is not None and cause.record.effective.end is not None:
        ends.append(cause.record.effective.end.first)
        end = TermEnd.TERM
    begins = [post.period.start.last for post in candidate.posts if rule.follows_post and post.period.start]
    if begins and len(begins) == len(candidate.posts):
        start = max(start, min(begins))
    return Term(start, min(ends, default=None), end)


def _in_force_since(rule: Rule, family: Sequence[Rule]) -> date:
    """The first day of the unbroken run of versions that ends with this one: a new version restarts nothing (S4)."""
    since = rule.validity.start
    for earlier in reversed([each for each in family if _before(each, rule)]):
        if earlier.validity.end is None or since is None or earlier.validity.end.last < since.first:
            break
        since = earlier.validity.start
    return date.min if since is None else since.first


def _before(rule: Rule, other: Rule) -> bool:
    mine, theirs = rule.validity.start, other.validity.start
    return theirs is not None and (mine is None or mine.first < theirs.first)


def _measure(rule: Rule, cause: Cause, candidate: Candidate, family: Sequence[Rule], balance: Balance) -> Measure:
    assert rule.measure is not None  # noqa: S101 - the reader refuses a way without one
    term = _term(rule, cause, candidate, family, undated=_undated(balance.gaps))
    until = term.until
    sure = not balance.gaps
    if rule.follows_post and sure:
        until = _earlier(until, _last_day_in(candidate.posts))
    return Measure(
        party=candidate.party,
        cause=cause.id,
        rule=rule.cited,
        definition=rule.measure,
        certainty=_certainty(rule) if sure else Certainty.POTENTIAL,
        start=term.start,
        until=until,
        end=term.end,
        path=candidate.path,
        ends_on_repair=rule.ends_on_repair,
        officials_only=rule.visibility is Visibility.OFFICIALS,
        also_via=candidate.also_via,
        gaps=balance.gaps,
    )


def _certainty(rule: Rule) -> Certainty:
    if rule.way is Way.NAMED:
        return Certainty.NAMED
    return Certainty.FOUND if rule.finding or rule.way is Way.FOUND else Certainty.EX_LEGE


def _duties(rule: Rule, measure: Measure, facts: Index, as_of: date) -> Iterator[Measure]:
    """The organisation's own duty while the barred person sits there, one step further (S1)."""
    if rule.duty is None:
        return
    held: dict[str, list[Post]] = defaultdict(list)
    for post in facts.posts_of.get(measure.party, ()):
        if post.post in rule.duty.roles and post.period.may_contain(as_of):
            held[post.organization].append(post)
    for organization, posts in held.items():
        firm = facts.parties.get(organization)
        if firm is None or firm.kind is not SubjectKind.ENTERPRISE:
            continue
        sure = [each for each in posts if each.period.contains(as_of)]
        first, *more = sure or posts
        verdict: Verdict = HELD if sure else imprecise("任职期间", "the period of the post")
        gaps = Balance.of((*(Unknown(each) for each in measure.gaps), verdict)).gaps
        begins = [each.period.start.last for each in (first, *more) if each.period.start]
        known = len(begins) == 1 + len(more)
        yield replace(
            measure,
            party=organization,
            definition=rule.duty.measure,
            certainty=Certainty.POTENTIAL if gaps else measure.certainty,
            start=max(measure.start, min(begins)) if known else measure.start,
            until=_earlier(measure.until, _last_day_in((first, *more))),
            path=(*measure.path, steps.sits_at(first)),
            also_via=(*measure.also_via, *(steps.sits_at(each) for each in more)),
            gaps=gaps,
        )


def _last_day_in(posts: Sequence[Post]) -> date | None:
    """The first day on which none of the posts that run today is held; None while one of them is open."""
    ends = [each.period.end.first for each in posts if each.period.end is not None]
    return max(ends) if ends and len(ends) == len(posts) else None


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [each for each in (one, other) if each is not None]
    return min(days, default=None)


def _merge(found: dict[str, Measure], measure: Measure) -> None:
    """One party, rule and cause: one answer, the stronger; the other way goes into `also_via` (S7, S13)."""
    other = found.get(measure.key)
    if other is None:
        found[measure.key] = measure
        return
    first, second = sorted((other, measure), key=lambda each: (-STRENGTH[each.certainty], str(each.path)))
    known = {*first.path, *first.also_via}
    more = tuple(step for step in (*second.path, *second.also_via) if step not in known)
    found[measure.key] = replace(first, also_via=(*first.also_via, *more))


def _minor(facts: Index, party: str, as_of: date) -> bool:
    """No measure and nothing considered for a person under 18 on the day (S14)."""
    found = facts.parties.get(party)
    return found is not None and found.adult_on is not None and found.adult_on.first > as_of


def _grown(facts: Index, party: str, as_of: date) -> Verdict:
    """A birthday known to the month or year may lie ahead: nothing is sure about who may be a minor (S14, S19)."""
    found = facts.parties.get(party)
    if found is None or found.adult_on is None or found.adult_on.last <= as_of:
        return HELD
    return imprecise("成年日", "the eighteenth birthday")


def _age(facts: Index, party: str, as_of: date) -> Iterator[Notice]:
    found = facts.parties.get(party)
    if found is None or found.kind is not SubjectKind.PERSON:
        return
    if found.adult_on is None or found.adult_on.last > as_of:
        yield Notice(
            WarningCode.AGE_UNKNOWN,
            Text("年龄不明,未成年人不受任何措施约束", "the age is unknown; no measure binds a minor"),
            (party,),
        )


def _collected(measures: Iterable[Measure], considered: Iterable[Considered], said: Iterable[Notice]) -> Findings:
    ordered = sorted(measures, key=lambda each: each.key)
    answered = {(each.rule.id, each.rule.part, each.party, each.cause) for each in ordered}
    kept: dict[tuple[str, str | None, str, str], Considered] = {}
    for each in sorted(considered, key=_telling):
        place = (each.rule.id, each.rule.part, each.party, each.cause)
        if place not in answered:
            kept.setdefault(place, each)
    return Findings(
        tuple(each for each in ordered if each.certainty is not Certainty.POTENTIAL),
        tuple(each for each in ordered if each.certainty is Certainty.POTENTIAL),
        tuple(sorted(kept.values(), key=lambda each: (each.rule.id, each.rule.part or "", each.cause, each.party))),
        tuple(sorted(said, key=lambda each: (each.code, each.nodes, each.message))),
    )


def _telling(each: Considered) -> tuple[int, str, str]:
    return (0 if each.failed in TELLING else 1, each.failed, str(each.path))
