"""`propagate`: facts and rules and two dates in, measures, potentials and considered rules out. Pure and deterministic.

It must not know where facts come from, who asks, or any name; the order of facts carries no meaning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from graph.codes import Certainty, Condition, PostKind, SubjectKind, Text, WarningCode
from graph.facts import Facts, Post
from graph.findings import Considered, Findings, Measure, Notice
from graph.propagation import steps
from graph.propagation.alerts import alerts
from graph.propagation.candidates import Candidate, Wanted, candidates
from graph.propagation.causes import Cause, begun, notices
from graph.propagation.index import Index, index
from graph.propagation.owned import owned
from graph.propagation.terms import states, term, undated
from graph.propagation.triggers import OF_SUBJECT, Families, conditions, families, leads_on, triggered
from graph.propagation.verdicts import HELD, Balance, Failed, Unknown, Verdict, imprecise
from graph.propagation.versions import version
from graph.rules.pack import Pack
from graph.rules.rule import Rule, Visibility, Way

DAY = re.compile(r"\d{4}-\d{2}|\d{4} ")
STRENGTH = {Certainty.POTENTIAL: 0, Certainty.FOUND: 1, Certainty.NAMED: 2, Certainty.EX_LEGE: 3}
# Of several conditions that alone kept a person out, the missing finding or naming says most (S7).
TELLING = (Condition.NO_FINDING, Condition.NOT_NAMED)
BY_LAW = {Way.NAMED: Certainty.NAMED, Way.ADDRESSED: Certainty.NAMED}
ELSEWHERE, MUST_NOT, POTENTIAL = Way.ELSEWHERE, Way.MUST_NOT, Certainty.POTENTIAL
BY_FINDING = frozenset({Way.FOUND, Way.ELSEWHERE})
BY_NAMING = BY_FINDING | {Way.NAMED}


@dataclass(slots=True)
class Judging:
    """One question on its way to an answer. `party`: whom alone the answer is about; None: everybody.

    `considering` False: only what binds is asked for, neither what came close nor any warning; but of the party's own
    records what came close as well, it decides whether a rule answers them (S17).
    """

    facts: Index
    pack: Pack
    as_of: date
    party: str | None = None
    considering: bool = True
    found: dict[str, Measure] = field(default_factory=dict)
    considered: list[Considered] = field(default_factory=list)
    said: set[Notice] = field(default_factory=set)

    def considers(self, cause: Cause) -> bool:
        return self.considering or self.party in cause.subjects

    def further(self, rule: Rule) -> bool:
        """Whether what binds one party may say something about another: a duty, another organisation, an alert."""
        return leads_on(rule) or (self.considering and self.pack.is_watched(rule))


def propagate(facts: Facts, pack: Pack, as_of: date, known_at: str) -> Findings:
    """Everything the pack says over `facts` on a legal day, by what was known at a stored system time."""
    return judge(index(facts, known_at), pack, as_of)


def judge(
    facts: Index,
    pack: Pack,
    as_of: date,
    causes: Iterable[str] | None = None,
    party: str | None = None,
    *,
    considering: bool = True,
) -> Findings:
    """As `propagate`, over an index; `causes` restricts it to these ids, `party` to what concerns one party."""
    judging = Judging(facts, pack, as_of, party, considering)
    if party is None:
        for cause in facts.causes if causes is None else facts.named(causes):
            _judge(judging, cause, None, None)
    else:
        alone = frozenset({party})
        beside = alone | {each.person for each in facts.posts_at.get(party)}
        near = around = facts.near(alone)
        if beside == alone:
            beside = alone
        else:
            around = facts.near(beside)
        for id in sorted(around):
            _judge(judging, around[id], alone if id in near else None, beside)
    for measure in owned(pack, facts, as_of, judging.said) if pack.owned else ():
        if party in (None, measure.party):
            _merge(judging.found, measure)
    if considering:
        judging.said.update(alerts(pack, facts, as_of, judging.found.values()))
        for each in {each.party for each in judging.found.values()}:
            judging.said.update(_age(facts, each, as_of))
    return _collected(judging)


def measures_on(facts: Index, pack: Pack, cause: Cause, as_of: date, among: Families) -> dict[str, Measure]:
    """What one cause does on a day by some of its families, by the keys of the measures; not by what listed own."""
    judging = Judging(facts, pack, as_of, considering=False)
    _judge(judging, cause, None, None, among)
    return judging.found


def _judge(judging: Judging, cause: Cause, alone: Wanted, beside: Wanted, among: Families | None = None) -> None:
    """What one cause does, by all its families or those `among` them.

    `beside` None: to everybody; else to those `alone`, and by rules that lead on to any beside.
    A cause that is near nobody asked about (`alone` None beside a set) matters only through a rule that leads on.
    """
    facts, as_of = judging.facts, judging.as_of
    if not begun(cause, as_of):
        return
    considers = judging.considers(cause)
    if judging.considering:
        judging.said.update(notices(cause, as_of))
    said: dict[tuple[bool, bool], tuple[Verdict, ...]] = {}  # of the cause's state, the same for many rules
    unnamed = not considers and not facts.findings_by(cause.id)
    offices: frozenset[PostKind] | None = None
    distant = alone is None and beside is not None
    for family in families(judging.pack, cause) if among is None else among:
        if distant and not any(map(judging.further, family)):
            continue
        way = family[0].way  # as its roles, that of all its versions
        if way in OF_SUBJECT:
            if beside is not None and beside.isdisjoint(cause.subjects):
                continue
        elif unnamed:
            if offices is None:
                offices = _offices(facts, cause, beside)
            if way in BY_NAMING or family[0].roles.isdisjoint(offices):
                continue  # nobody is named, and nobody holds an office of the rule: it binds nobody
        rule, judged = version(family, cause, as_of)
        if len(family) > 1 and not triggered(rule, cause, judging.pack):
            continue
        if rule.measure is None and not considers:
            continue
        who = beside if beside is alone or judging.further(rule) else alone
        if who is None and beside is not None:
            continue
        if who is not None and rule.way in OF_SUBJECT and who.isdisjoint(cause.subjects):
            continue
        open_ = [] if judged is HELD else [judged]
        on_cause = [*conditions(rule, cause)] if rule.conditions or rule.licences else ()
        open_ += on_cause
        open_ += states(rule, cause, as_of, said, dated=not on_cause or not undated(on_cause))
        base = tuple(open_)
        failures = len([each for each in base if isinstance(each, Failed)]) if base else 0
        if failures > considers:
            continue  # nobody is bound or close to it (S9)
        if failures and judging.party is not None and rule.way is not ELSEWHERE:
            if alone is None:
                continue
            who = alone  # what came close is told of the party itself; elsewhere it is reached through a person beside
        for candidate in candidates(rule, cause, facts, as_of, who, failures, most=considers):
            if not facts.is_minor(candidate.party, as_of):  # no measure and nothing considered (S14)
                _settle(judging, rule, cause, candidate, family, base)


def _offices(facts: Index, cause: Cause, wanted: Wanted) -> frozenset[PostKind]:
    """Every office that those asked about ever held at a subject of the cause."""
    return frozenset(
        [
            post.post
            for subject in cause.subjects
            for person in facts.beside(cause, subject, wanted)
            for post in facts.posts_by(subject, person)
        ]
    )


def _settle(
    judging: Judging,
    rule: Rule,
    cause: Cause,
    candidate: Candidate,
    family: Sequence[Rule],
    base: tuple[Verdict, ...],
) -> None:
    facts, as_of = judging.facts, judging.as_of
    mine = judging.considers(cause) and judging.party in (None, candidate.party)
    balance = Balance.of((*base, *candidate.verdicts, _grown(facts, candidate.party, as_of)))
    if rule.way is MUST_NOT or rule.measure is None:
        if mine and not balance.failures:
            explanation = _dated(Text(f"{rule.title.zh}({rule.basis[0].document})", rule.title.en), cause)
            judging.considered.append(
                Considered(rule.cited, candidate.party, cause.id, Condition.MUST_NOT, explanation, candidate.path)
            )
        return
    if mine and len(balance.failures) == 1:
        (reason,) = balance.failures
        told = _dated(reason.explanation, cause)
        judging.considered.append(
            Considered(rule.cited, candidate.party, cause.id, reason.condition, told, candidate.path)
        )
    if balance.failures:
        return
    measure = _measure(rule, cause, candidate, family, balance)
    _merge(judging.found, measure)
    for duty in _duties(rule, cause, measure, facts, as_of):
        if judging.party in (None, duty.party):
            _merge(judging.found, duty)


def _dated(told: Text, cause: Cause) -> Text:
    """An explanation names the fact and the date (S9); where the fact has none of its own, that of the decision."""
    if DAY.search(told.zh):
        return told
    day = cause.decided or cause.starts
    return Text(f"{told.zh}(决定日 {day})", f"{told.en} (decided on {day})")


def _measure(rule: Rule, cause: Cause, candidate: Candidate, family: Sequence[Rule], balance: Balance) -> Measure:
    assert rule.measure is not None  # noqa: S101 - the reader refuses a way without one
    span = term(rule, cause, candidate.posts, family, dated=not undated(balance.gaps))
    until = span.until
    sure = not balance.gaps
    if rule.follows_post and sure:
        until = _earlier(until, _last_day_in(candidate.posts))
    return Measure(
        party=candidate.party,
        cause=cause.id,
        rule=rule.cited,
        definition=rule.measure,
        certainty=_certainty(rule) if sure else Certainty.POTENTIAL,
        start=span.start,
        until=until,
        end=span.end,
        path=candidate.path,
        ends_on_repair=rule.ends_on_repair,
        officials_only=rule.visibility is Visibility.OFFICIALS,
        also_via=candidate.also_via,
        gaps=balance.gaps,
    )


def _certainty(rule: Rule) -> Certainty:
    if rule.way in BY_LAW:
        return BY_LAW[rule.way]
    return Certainty.FOUND if rule.finding or rule.way in BY_FINDING else Certainty.EX_LEGE


def _duties(rule: Rule, cause: Cause, measure: Measure, facts: Index, as_of: date) -> Iterator[Measure]:
    """The organisation's own duty while the barred person sits there, one step further (S1)."""
    if rule.duty is None or facts.is_organization(measure.party):
        return
    held: dict[str, list[Post]] = defaultdict(list)
    for post in facts.posts_of.get(measure.party):
        if post.post in rule.duty.roles and post.period.may_contain(as_of):
            held[post.organization].append(post)
    for organization, posts in held.items():
        firm = facts.party(organization)
        if firm is None or firm.kind is not SubjectKind.ENTERPRISE:
            continue
        if rule.duty.elsewhere and organization in cause.subjects:
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


def _grown(facts: Index, party: str, as_of: date) -> Verdict:
    """A birthday known to the month or year may lie ahead: nothing is sure about who may be a minor (S14, S19)."""
    found = facts.party(party)
    if found is None or found.adult_on is None or found.adult_on.last <= as_of:
        return HELD
    return imprecise("成年日", "the eighteenth birthday")


def _age(facts: Index, party: str, as_of: date) -> Iterator[Notice]:
    found = facts.party(party)
    if found is None or found.kind is not SubjectKind.PERSON:
        return
    if found.adult_on is None or found.adult_on.last > as_of:
        yield Notice(
            WarningCode.AGE_UNKNOWN,
            Text("年龄不明,未成年人不受任何措施约束", "the age is unknown; no measure binds a minor"),
            (party,),
        )


def _collected(judging: Judging) -> Findings:
    kept_measures = [each for each in judging.found.values() if judging.party in (None, each.party)]
    ordered = sorted(kept_measures, key=lambda each: each.key)
    answered = {(each.rule.id, each.rule.part, each.party, each.cause) for each in ordered}
    kept: dict[tuple[str, str | None, str, str], Considered] = {}
    for each in judging.considered:
        place = (each.rule.id, each.rule.part, each.party, each.cause)
        if place not in answered:
            other = kept.get(place)
            kept[place] = each if other is None else _more_telling(other, each)
    return Findings(
        tuple(each for each in ordered if each.certainty is not POTENTIAL),
        tuple(each for each in ordered if each.certainty is POTENTIAL),
        tuple(sorted(kept.values(), key=lambda each: (each.rule.id, each.rule.part or "", each.cause, each.party))),
        tuple(sorted(judging.said, key=lambda each: (each.code, each.nodes, each.message))),
    )


def _more_telling(one: Considered, other: Considered) -> Considered:
    """Of two for one party, rule and cause; their paths, compared as texts, are asked only where nothing else tells."""
    first, second = ((each.failed not in TELLING, each.failed) for each in (one, other))
    if first == second:
        return one if str(one.path) <= str(other.path) else other
    return one if first < second else other
