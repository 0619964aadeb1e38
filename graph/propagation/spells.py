"""The whole course of what a cause does: for every measure the stretches of days on which it holds in one form.

Pure; it must not know which day is today. A reader of spells gets on any day what `check` answers on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date

from graph.codes import Capacity, PostKind, SubjectKind
from graph.findings import Measure
from graph.periods import Day, Period, on, term_until
from graph.propagation.causes import Cause
from graph.propagation.engine import BY_FINDING, measures_on
from graph.propagation.index import Index
from graph.propagation.sorts import of_cause
from graph.propagation.terms import counted, given_until, length
from graph.propagation.triggers import Families
from graph.rules.pack import Pack
from graph.rules.rule import Anchor, Rule, VersionBy, Way

# Anchors that move with the day asked about: a post that begins or ends then changes the answer.
MOVING = frozenset({Anchor.AS_OF, Anchor.SINCE_LISTING, Anchor.NEW_ROLE})
ENDS = ("revoked_on", "set_aside_on", "lifted_on", "repaired_on", "completed_on", "served_on")


@dataclass(frozen=True, slots=True)
class Spell:
    """`measure` is what is answered on every day from `start` to the day before `end`; None: for good."""

    measure: Measure
    start: date
    end: date | None


def spells(facts: Index, pack: Pack, cause: Cause, among: Families | None = None) -> tuple[Spell, ...]:
    """By key and first day. Each rule is judged on the days on which its answer may change, and on no other.

    `among`: the families by which causes of its sort may bind, where that is known.
    """
    found: list[Spell] = []
    near = Around.of(facts, cause)
    reaching = (
        each for each in of_cause(pack, cause, among) if any(_reaches(version, facts, cause, near) for version in each)
    )
    for rule in binding(reaching, near):
        running: dict[str, tuple[Measure, date]] = {}
        for day in turning_days(facts, cause, rule):
            holds = measures_on(facts, pack, cause, day, rule)
            for key in [key for key, (measure, _) in running.items() if holds.get(key) != measure]:
                measure, since = running.pop(key)
                found.append(Spell(measure, since, day))
            for key, measure in holds.items():
                running.setdefault(key, (measure, day))
        found += (Spell(measure, since, None) for measure, since in running.values())
    found.sort(key=lambda each: (each.measure.key, each.start))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Around:
    """Who is near a cause, whatever the days: kinds of its subjects, offices at them, capacities in which it names."""

    subjects: Set[SubjectKind]
    offices: Set[PostKind]
    named: Set[Capacity]

    @classmethod
    def of(cls, facts: Index, cause: Cause) -> Around:
        parties = (facts.party(each) for each in cause.subjects)
        return cls(
            {each.kind for each in parties if each is not None},
            {post.post for subject in cause.subjects for post in facts.posts_at.get(subject)},
            {each.capacity for found in facts.findings_by(cause.id).values() for each in found},
        )


def binding(sorts: Iterable[tuple[Rule, ...]], around: Around) -> list[Families]:
    """The families that may bind somebody on some day, those of one rule together: they give one answer (S13)."""
    rules: dict[tuple[str, str | None], Families] = {}
    for family in sorts:
        if any(_may_bind(rule, around) for rule in family):
            rule = (family[0].id, family[0].part)
            rules[rule] = (*rules.get(rule, ()), family)
    return [*rules.values()]


def _may_bind(rule: Rule, around: Around) -> bool:
    """Whether anybody is there whom the rule might bind: whatever fails here fails on every day."""
    if rule.measure is None:
        return False
    if rule.way in BY_FINDING or rule.way is Way.NAMED:
        return not rule.capacities.isdisjoint(around.named)
    if rule.way is Way.POST and rule.roles.isdisjoint(around.offices):
        return Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE in around.named
    return rule.subject == "ANY" or any(
        (each is SubjectKind.PERSON) == (rule.subject == "PERSON") for each in around.subjects
    )


def _reaches(rule: Rule, facts: Index, cause: Cause, around: Around) -> bool:
    """Whether an office that counts was perhaps held at an anchor that is one for all days: else nobody is bound."""
    if rule.way is not Way.POST or rule.anchor in MOVING or rule.released:
        return True
    if Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE in around.named:
        return True
    days, _ = facts.anchor(rule.anchor, cause, date.min)
    return days is None or any(
        post.post in rule.roles and post.period.may_overlap(days)
        for subject in cause.subjects
        for post in facts.posts_at.get(subject)
    )


def turning_days(facts: Index, cause: Cause, sorts: Families) -> list[date]:
    """Every day on which what the cause does by these families may become another than on the day before, oldest first.

    All conditions compare the day with the first or the last reading of a recorded day, of a term or of a version.
    """
    starts = cause.starts
    if starts is None:
        return []
    days = {starts.first}
    for each in (*_of_cause(cause), *_of_persons(facts, cause, sorts), *_of_rules(cause, sorts)):
        days |= {each.first, each.last}
    return sorted(each for each in days if each >= starts.first)


def _of_cause(cause: Cause) -> Iterator[Day]:
    yield from _days(cause.starts, cause.decided)
    record, year = cause.record, given_until(cause)
    if year is not None:
        yield on(year)
    if record is not None:
        yield from _days(*(getattr(record, name) for name in ENDS))
        yield from _ends(record.effective)
        if record.suspended is not None:
            yield from _ends(record.suspended)


def _of_persons(facts: Index, cause: Cause, sorts: Families) -> Iterator[Day]:
    """When findings were made, offices began and ended, minors came of age."""
    named = facts.findings_by(cause.id)
    for findings in named.values():
        for each in findings:
            yield from _days(each.decided_on)
    offices, moving, held = _roles(sorts)
    persons = {*cause.subjects, *named}
    for subject in cause.subjects:
        for post in facts.posts_at.get(subject):
            if post.post in offices:
                persons.add(post.person)
            if post.post in moving:
                yield from _ends(post.period)
    for person in persons:
        party = facts.party(person)
        yield from _days(None if party is None else party.adult_on)
        for post in facts.posts_of.get(person):
            if post.post in held:
                yield from _ends(post.period)


def _roles(sorts: Families) -> tuple[set[PostKind], set[PostKind], set[PostKind]]:
    """Offices that may bind who holds them; those whose days count, at the subject, and wherever the person sits."""
    offices, moving, held = set[PostKind](), set[PostKind](), set[PostKind]()
    for family in sorts:
        for rule in family:
            offices |= rule.roles
            if rule.anchor in MOVING:
                moving |= rule.roles | ({PostKind.LEGAL_REPRESENTATIVE} if rule.either else set())
                held |= rule.roles
            if rule.duty is not None:
                held |= rule.duty.roles
    return offices, moving, held


def _of_rules(cause: Cause, sorts: Families) -> Iterator[Day]:
    """When versions judged by the day asked about change, and when terms end."""
    for family in sorts:
        for rule in family:
            if rule.version_by is VersionBy.AS_OF:
                yield from _ends(rule.validity)
            yield from _term(rule, cause)


def _term(rule: Rule, cause: Cause) -> Iterator[Day]:
    years, since = length(rule, cause).years, counted(rule, cause) or cause.starts
    if years is not None and since is not None:
        yield Day(term_until(since.first, years), term_until(since.last, years))


def _ends(period: Period) -> Iterator[Day]:
    yield from _days(period.start, period.end)


def _days(*days: Day | None) -> Iterator[Day]:
    return (each for each in days if each is not None)
