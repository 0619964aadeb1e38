"""`check` one subject, `reach` from one cause, and what a reader who is no official may reason over (S1, S16, S17).

It must not know names, languages or the API.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graph.codes import (
    CheckOutcome,
    CheckScope,
    Condition,
    Effect,
    PostKind,
    Purpose,
    RecordKind,
    Text,
    WarningCode,
)
from graph.facts import Facts, Record
from graph.findings import CheckAnswer, Cut, Findings, Measure, Notice, PathStep, Related, WhatIfAnswer
from graph.periods import Period
from graph.propagation import steps
from graph.propagation.causes import in_force, perhaps_in_force
from graph.propagation.engine import judge
from graph.propagation.hypotheses import Hypothesis, suppose
from graph.propagation.index import Index, index
from graph.publication import published
from graph.rules.pack import Pack
from graph.sources import settled_holdings
from graph.vocabulary import RELATIONS, Disclosure, relation_of
from graph.words import words

# Kinds that weigh on their subject; a permit, an award or a contract restricts nobody.
ADVERSE = frozenset(
    {
        RecordKind.PENALTY,
        RecordKind.LIST_ENTRY,
        RecordKind.CONSUMPTION_RESTRICTION,
        RecordKind.EXIT_RESTRICTION,
        RecordKind.ENFORCEMENT,
        RecordKind.TAX_ARREARS,
        RecordKind.BANKRUPTCY,
        RecordKind.CRIMINAL_CONVICTION,
        RecordKind.DISCIPLINE,
        RecordKind.MARKET_BAN,
    }
)
# What keeps a rule out without answering the record: it is about other things, or was no law for it.
ELSEWHERE = frozenset(
    {
        *(Condition.SECTOR_OR_LICENCE, Condition.OTHER_SUBJECT_KIND, Condition.MUST_NOT),
        *(Condition.NOT_YET_IN_FORCE, Condition.VERSION_ENDED),
    }
)
TAKEN = frozenset({"REVOKED", "QUALIFICATION_CANCELLED"})  # what is done to a licence for which a rule may bar


@dataclass(frozen=True, slots=True)
class ReachAnswer:
    """Whom a cause reaches. `complete` False: "nothing found" means "not conclusive" (S15)."""

    cause: str
    findings: Findings
    complete: bool
    truncated: Cut | None


def check(
    facts: Facts,
    pack: Pack,
    subject: str,
    purpose: Purpose | None,
    as_of: date,
    known_at: str,
    *,
    official: bool,
    truncated: Cut | None = None,
    through: Collection[CheckScope] = (),
) -> CheckAnswer:
    """What binds `subject`. A non-official must be given `visible` facts only; he gets no potential, no considered."""
    known = index(facts, known_at)
    return check_in(known, pack, subject, purpose, as_of, official=official, truncated=truncated, through=through)


def check_in(
    known: Index,
    pack: Pack,
    subject: str,
    purpose: Purpose | None,
    as_of: date,
    *,
    official: bool,
    truncated: Cut | None = None,
    through: Collection[CheckScope] = (),
    considering: bool = True,
) -> CheckAnswer:
    """As `check`, over facts that are indexed once for many subjects.

    `considering` False: what binds and the outcome are all that is asked for.
    """
    found = judge(known, pack, as_of, party=subject, considering=considering)
    shown = _shown(found, official=official)
    mine = Findings(
        tuple(each for each in shown.measures if each.party == subject and _serves(each, purpose)),
        tuple(each for each in shown.potential if each.party == subject and _serves(each, purpose)),
        tuple(each for each in shown.considered if each.party == subject),
    )
    own = dict(_without_rule(found, known, pack, subject, as_of))
    causes = {each.cause for each in (*mine.measures, *mine.potential)} | {each.cause for each in mine.considered}
    causes |= {each.id for each in known.causes_of.get(subject, ()) if subject in each.subjects}
    about = {subject, *causes}
    notices = (*(each for each in shown.notices if _concerns(each, subject, about)), *own)
    return CheckAnswer(
        subject,
        purpose,
        _outcome(mine, restricted=any(own.values())),
        Findings(
            mine.measures,
            mine.potential,
            mine.considered,
            tuple(sorted(notices, key=lambda each: (each.code, each.nodes))),
        ),
        truncated is None,
        truncated,
        tuple(related(known, pack, subject, as_of, through, purpose, official=official)),
    )


def related(
    facts: Index,
    pack: Pack,
    subject: str,
    as_of: date,
    through: Collection[CheckScope],
    purpose: Purpose | None,
    *,
    official: bool,
) -> Iterator[Related]:
    """What binds those who hold an office at the subject, or own or control it through however many, on the day.

    Officials are told of those whose days are imprecise as well (S19): the step says which.
    """
    runs = Period.may_contain if official else Period.contains
    near: dict[tuple[CheckScope, str], list[PathStep]] = {}
    if CheckScope.OFFICES in through:
        for post in facts.posts_at.get(subject):  # the earliest of one person first, and only that one (S13)
            if post.post is not PostKind.CONTROLLER and runs(post.period, as_of):
                near.setdefault((CheckScope.OFFICES, post.person), [steps.held_by(post)])
    if CheckScope.OWNERSHIP in through:
        near.update({(CheckScope.OWNERSHIP, via): path for via, path in _owners(facts, subject, as_of, runs).items()})
    for (scope, via), path in sorted(near.items()):
        found = _shown(judge(facts, pack, as_of, party=via, considering=False), official=official)
        measures = tuple(each for each in found.measures if each.party == via and _serves(each, purpose))
        if measures:
            yield Related(scope, via, tuple(path), measures)


def _owners(facts: Index, subject: str, as_of: date, runs: Callable[[Period, date], bool]) -> dict[str, list[PathStep]]:
    """Everyone above the subject by holdings and declared control, each with a shortest path up to it."""
    held: dict[str, list[PathStep]] = {}
    for holding in settled_holdings(each for each in facts.holdings if runs(each.period, as_of)):
        held.setdefault(holding.organization, []).append(steps.owned_by(holding))
    paths: dict[str, list[PathStep]] = {subject: []}
    level = [subject]
    while level:
        above: list[str] = []
        for organization in level:
            declared = [
                steps.held_by(post)
                for post in facts.posts_at.get(organization)
                if post.post is PostKind.CONTROLLER and runs(post.period, as_of)
            ]
            for step in (*held.get(organization, ()), *declared):
                if step.end not in paths:
                    paths[step.end] = [*paths[organization], step]
                    above.append(step.end)
        level = above
    return {via: path for via, path in paths.items() if path}


def what_if(
    facts: Facts,
    pack: Pack,
    subject: str,
    hypotheses: Sequence[Hypothesis],
    purpose: Purpose | None,
    as_of: date,
    known_at: str,
    *,
    official: bool,
    truncated: Cut | None = None,
) -> WhatIfAnswer:
    """The check as things are and as they would be; raises Invalid where a hypothesis contradicts the facts."""
    facts = facts.known(known_at)  # what is no longer believed contradicts nothing
    supposed = suppose(facts, hypotheses, pack)
    before, after = (
        check(each, pack, subject, purpose, as_of, known_at, official=official, truncated=truncated)
        for each in (facts, supposed)
    )
    return WhatIfAnswer(before, after)


def _concerns(notice: Notice, subject: str, about: set[str]) -> bool:
    """A warning about the subject and its causes; who employs a barred person is told as the employer only."""
    if notice.code is WarningCode.EMPLOYS_BARRED_PERSON:
        return notice.nodes[0] == subject
    return about.issuperset(notice.nodes)


def reach(
    facts: Facts,
    pack: Pack,
    cause: str,
    as_of: date,
    known_at: str,
    *,
    official: bool,
    truncated: Cut | None = None,
) -> ReachAnswer:
    """Everyone a record or licence reaches, and who was considered."""
    return reach_in(index(facts, known_at), pack, cause, as_of, official=official, truncated=truncated)


def reach_in(
    known: Index,
    pack: Pack,
    cause: str,
    as_of: date,
    *,
    official: bool,
    truncated: Cut | None = None,
    considering: bool = True,
) -> ReachAnswer:
    """As `reach`, over facts that are indexed once for many causes; `considering` as in `check_in`."""
    found = judge(known, pack, as_of, [cause], considering=considering)
    return ReachAnswer(cause, _shown(found, official=official), truncated is None, truncated)


def visible(facts: Facts, *, official: bool, as_of: date) -> Facts:
    """What a reader may reason over: officials everything; others published records and public relations only.

    Hidden facts are gone before the engine runs, so that nothing of them shows in an answer.
    """
    if official:
        return facts
    records = tuple(each for each in facts.records if _is_published(each, as_of))
    kept = {each.id for each in records}
    return replace(
        facts,
        records=records,
        posts=tuple(each for each in facts.posts if RELATIONS[relation_of(each.post)].disclosure is Disclosure.PUBLIC),
        links=tuple(each for each in facts.links if RELATIONS[each.kind].disclosure is Disclosure.PUBLIC),
        findings=tuple(each for each in facts.findings if each.record in kept),
    )


def _is_published(record: Record, as_of: date) -> bool:
    window = published(record, as_of)
    return window is not None and window.contains(as_of)


def _shown(found: Findings, *, official: bool) -> Findings:
    if official:
        return found
    return replace(
        found,
        measures=tuple(each for each in found.measures if not each.officials_only),
        potential=(),
        considered=(),
        notices=tuple(each for each in found.notices if each.code is not WarningCode.AGE_UNKNOWN),
    )


def _serves(measure: Measure, purpose: Purpose | None) -> bool:
    return purpose is None or purpose in measure.definition.purposes


def _outcome(found: Findings, *, restricted: bool) -> CheckOutcome:
    if any(each.definition.effect is Effect.PROHIBITS for each in found.measures):
        return CheckOutcome.PROHIBITED
    if found.measures or restricted:
        return CheckOutcome.RESTRICTED
    return CheckOutcome.NEEDS_FINDING if found.potential else CheckOutcome.NOTHING_FOUND


def _without_rule(
    found: Findings, facts: Index, pack: Pack, subject: str, as_of: date
) -> Iterator[tuple[Notice, bool]]:
    """Records in force on the subject for which the pack has no rule: never silent (S17), but of a minor (S14).

    With whether it is in force for sure; one whose days are imprecise or unknown is told and restricts nobody (S19).
    """
    if facts.is_minor(subject, as_of):
        return
    answered = {each.cause for each in (*found.measures, *found.potential) if each.party == subject} | {
        each.cause for each in found.considered if each.party == subject and each.failed not in ELSEWHERE
    }
    for cause in facts.causes_of.get(subject, ()):
        record = cause.record
        if cause.licence is not None and cause.starts is None and cause.licence.sanction in TAKEN:
            told = Text(
                f"本人的{cause.licence.profession}资格曾被吊销或取消,日期未记载,不能判断是否仍受限制",
                "a licence of the subject was revoked or cancelled on a day that is not recorded: "
                "whether it still bars is not known",
            )
            yield Notice(WarningCode.OWN_RECORD_WITHOUT_RULE, told, (cause.id,)), False
        if record is None or subject not in record.about or record.id in answered or record.kind not in ADVERSE:
            continue
        named = pack.list_named(record.list or "")
        if named is not None and named.polarity == "RED":
            continue
        sure = in_force(cause, as_of)
        if sure or perhaps_in_force(cause, as_of):
            word, zh, en = words(record.kind), "有效", "in force"
            if cause.starts is None:
                zh, en = "或许有效(日期未记载)", "perhaps in force (its day is not recorded)"
            elif not sure:
                zh, en = "或许有效(日期不精确)", "perhaps in force (its days are imprecise)"
            told = Text(
                f"本人有一条{zh}的{word.zh}记录,规则包中没有适用于它的规则",
                f"a {word.en} record {en} on the subject has no rule in the pack that applies to it",
            )
            yield Notice(WarningCode.OWN_RECORD_WITHOUT_RULE, told, (record.id,)), sure
