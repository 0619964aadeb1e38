"""What holds whatever the law says, over the worlds of the casebook: every rule, on any day."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from graph import propagation
from graph.codes import Capacity, Certainty, PostKind, SubjectKind
from graph.facts import Facts, Finding, Party, Post
from graph.findings import Findings, Measure
from graph.periods import LATEST, Period, parse_day
from graph.propagation.index import index
from graph.propagation.spells import turning_days
from graph.propagation.triggers import families
from graph.rules import load
from tests.casebook import casebook
from tests.graph.propagation.world import line, said

T = TypeVar("T")
WORLDS = [case.facts for case in casebook() if case.facts is not None]
FACTS = st.sampled_from(WORLDS)
DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))
HELD = (PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.DIRECTOR)
THOROUGH = settings(max_examples=200, deadline=None)


def ask(facts: Facts, on: date) -> Findings:
    return propagation.propagate(facts, load(), on, LATEST)


def everything(found: Findings) -> tuple[Measure, ...]:
    return (*found.measures, *found.potential)


@THOROUGH
@given(FACTS, DAYS, st.randoms(use_true_random=False))
def test_order_of_input_is_irrelevant(facts: Facts, on: date, chance: random.Random) -> None:
    def mixed(items: Iterable[T]) -> list[T]:
        shuffled = list(items)
        chance.shuffle(shuffled)
        return shuffled

    other = Facts(
        parties=dict(mixed(facts.parties.items())),
        posts=tuple(mixed(facts.posts)),
        holdings=tuple(mixed(facts.holdings)),
        links=tuple(mixed(facts.links)),
        records=tuple(
            replace(
                each,
                about=dict(mixed(each.about.items())),
                basis=tuple(mixed(each.basis)),
            )
            for each in mixed(facts.records)
        ),
        findings=tuple(mixed(facts.findings)),
        qualifications=tuple(mixed(facts.qualifications)),
    )
    assert ask(other, on) == ask(facts, on)


@THOROUGH
@given(FACTS, FACTS, DAYS)
def test_an_unrelated_world_changes_nothing(facts: Facts, far: Facts, on: date) -> None:
    """Two worlds side by side answer as each alone: nothing passes but along recorded relations."""
    other = relabelled(far, "far-")
    both = Facts(
        parties={**facts.parties, **other.parties},
        posts=(*other.posts, *facts.posts),
        holdings=(*other.holdings, *facts.holdings),
        links=(*other.links, *facts.links),
        records=(*other.records, *facts.records),
        findings=(*other.findings, *facts.findings),
        qualifications=(*other.qualifications, *facts.qualifications),
    )
    together, alone, beside = said(ask(both, on)), said(ask(facts, on)), said(ask(other, on))
    assert tuple(one | two for one, two in zip(alone, beside, strict=True)) == tuple(together)


@THOROUGH
@given(FACTS, DAYS)
def test_removing_a_cause_removes_exactly_its_effects(facts: Facts, on: date) -> None:
    whole = ask(facts, on)
    for cause in [*(each.id for each in facts.records), *(each.id for each in facts.qualifications)]:
        left = ask(
            replace(
                facts,
                records=tuple(each for each in facts.records if each.id != cause),
                findings=tuple(each for each in facts.findings if each.record != cause),
                qualifications=tuple(each for each in facts.qualifications if each.id != cause),
            ),
            on,
        )
        assert everything(left) == tuple(each for each in everything(whole) if each.cause != cause)
        assert left.considered == tuple(each for each in whole.considered if each.cause != cause)


@THOROUGH
@given(FACTS, DAYS, st.sampled_from([each for each in Capacity if each is not Capacity.RELEASED]), st.data())
def test_a_finding_only_strengthens(facts: Facts, on: date, capacity: Capacity, data: st.DataObject) -> None:
    """Whatever an authority adds about a person, nobody is bound less or less surely than before."""
    persons = sorted(id for id, each in facts.parties.items() if each.kind is SubjectKind.PERSON)
    if not persons or not facts.records:
        return
    record = data.draw(st.sampled_from([each.id for each in facts.records]))
    person = data.draw(st.sampled_from(persons))
    more = replace(facts, findings=(*facts.findings, Finding("new", person, record, capacity, parse_day("1990-01-01"))))
    before, after = ask(facts, on), {each.key: each for each in everything(ask(more, on))}
    assert {each.key for each in everything(before)} <= after.keys()
    assert all(after[each.key].certainty is not Certainty.POTENTIAL for each in before.measures)


@THOROUGH
@given(FACTS, DAYS, st.booleans())
def test_what_binds_and_the_outcome_do_not_depend_on_what_else_is_asked(facts: Facts, on: date, official: bool) -> None:
    """An answer that shows neither what came close nor warnings is told without reasoning for them."""
    known, pack = index(facts, LATEST), load()
    for party in facts.parties:
        whole, bare = (
            propagation.check_in(known, pack, party, None, on, official=official, considering=considering)
            for considering in (True, False)
        )
        assert (bare.outcome, bare.complete) == (whole.outcome, whole.complete)
        assert everything(bare.findings) == everything(whole.findings)
    for cause in known.causes:
        whole_reach, bare_reach = (
            propagation.reach_in(known, pack, cause.id, on, official=official, considering=considering)
            for considering in (True, False)
        )
        assert everything(bare_reach.findings) == everything(whole_reach.findings)
        assert bare_reach.findings.considered == ()


@THOROUGH
@given(FACTS, DAYS)
def test_a_check_finds_of_its_subject_what_the_whole_world_says(facts: Facts, on: date) -> None:
    whole, known = ask(facts, on), index(facts, LATEST)
    for party in facts.parties:
        found = propagation.check_in(known, load(), party, None, on, official=True).findings
        assert everything(found) == tuple(each for each in everything(whole) if each.party == party)
        assert found.considered == tuple(each for each in whole.considered if each.party == party)


@THOROUGH
@given(FACTS, st.sampled_from([date(1900, 1, 1), date(1949, 10, 1), date(1989, 12, 31)]))
def test_long_before_all_facts_there_is_nothing(facts: Facts, on: date) -> None:
    assert everything(ask(facts, on)) == ()


@THOROUGH
@given(FACTS, st.sampled_from([date(2190, 1, 1), date(2200, 12, 31)]))
def test_long_after_only_what_has_no_end_is_left(facts: Facts, on: date) -> None:
    assert all(each.until is None for each in ask(facts, on).measures)


@THOROUGH
@given(FACTS, DAYS, st.data())
def test_a_namesake_never_matters(facts: Facts, on: date, data: st.DataObject) -> None:
    """Facts hold no names; a second person in the same offices of another firm is somebody else."""
    before = ask(facts, on)
    parties: dict[str, Party] = {
        **facts.parties,
        "namesake": Party("namesake", SubjectKind.PERSON, parse_day("1950-01-01")),
        "elsewhere": Party("elsewhere", SubjectKind.ENTERPRISE),
    }
    posts = tuple(
        Post(f"namesake-{each}", "namesake", "elsewhere", each, Period())
        for each in data.draw(st.lists(st.sampled_from(HELD), unique=True))
    )
    after = ask(replace(facts, parties=parties, posts=(*facts.posts, *posts)), on)
    assert after == before


@THOROUGH
@given(FACTS, DAYS)
def test_relabelling_ids_changes_nothing(facts: Facts, on: date) -> None:
    answer, other = said(ask(facts, on)), said(ask(relabelled(facts, "z", backwards=True), on))
    ids = {*facts.parties, *(each.id for each in facts.records), *(each.id for each in facts.qualifications)}
    renamed = {each: f"z{each[::-1]}" for each in ids}

    def named(lines: set[str]) -> set[str]:
        return {" ".join(renamed.get(word, word) for word in each.split()) for each in lines}

    assert tuple(map(named, answer)) == tuple(other)


@THOROUGH
@given(FACTS, DAYS)
def test_a_check_says_of_its_subject_what_everything_says(facts: Facts, on: date) -> None:
    """Looking only where the subject may be bound loses nothing."""
    whole = ask(facts, on)
    for party in facts.parties:
        mine = propagation.check(facts, load(), party, None, on, LATEST, official=True).findings
        assert mine.measures == tuple(each for each in whole.measures if each.party == party)
        assert mine.potential == tuple(each for each in whole.potential if each.party == party)
        assert mine.considered == tuple(each for each in whole.considered if each.party == party)


def test_a_check_says_what_everything_says_on_the_days_on_which_something_turns() -> None:
    """Just before and after a term, a version, an office: where what came close is told of another organisation."""
    for facts in WORLDS:
        known = index(facts, LATEST)
        turning = {day for each in known.causes for day in turning_days(known, each, families(load(), each))}
        days = sorted(turning)
        for on in days[:: 1 + len(days) // 12]:
            whole = ask(facts, on)
            for party in facts.parties:
                mine = propagation.check(facts, load(), party, None, on, LATEST, official=True).findings
                assert everything(mine) == tuple(each for each in everything(whole) if each.party == party)
                assert mine.considered == tuple(each for each in whole.considered if each.party == party)


@THOROUGH
@given(FACTS, DAYS)
def test_a_reach_says_of_its_cause_what_everything_says(facts: Facts, on: date) -> None:
    whole = ask(facts, on)
    for record in facts.records:
        found = propagation.reach(facts, load(), record.id, on, LATEST, official=True).findings
        assert found.measures == tuple(each for each in whole.measures if each.cause == record.id)
        assert found.considered == tuple(each for each in whole.considered if each.cause == record.id)


@THOROUGH
@given(FACTS, DAYS)
def test_every_answer_is_whole(facts: Facts, on: date) -> None:
    found = ask(facts, on)
    keys = [each.key for each in everything(found)]
    assert len(set(keys)) == len(keys)
    for each in everything(found):
        places = [each.cause, *(step.end for step in each.path)]
        assert [step.start for step in each.path] == places[:-1], line(each)
        assert places[-1] == each.party
        if each.certainty is not Certainty.POTENTIAL:
            assert each.start <= on
            assert each.until is None or on < each.until
        assert (each.certainty is Certainty.POTENTIAL) == bool(each.gaps)
        adult = facts.parties[each.party].adult_on
        assert adult is None or adult.first <= on
    answered = {(each.rule.id, each.rule.part, each.party, each.cause) for each in everything(found)}
    assert not any((each.rule.id, each.rule.part, each.party, each.cause) in answered for each in found.considered)
    assert all(each.explanation.zh and each.explanation.en for each in found.considered)


def test_a_relabelled_world_is_the_same_world() -> None:
    """Relabelled twice backwards it has its names again: no fact is lost on the way."""
    assert any(each.links for each in WORLDS)
    assert any(each.holdings for each in WORLDS)
    for facts in WORLDS:
        assert relabelled(relabelled(facts, "", backwards=True), "", backwards=True) == facts


def relabelled(facts: Facts, prefix: str, *, backwards: bool = False) -> Facts:
    """Every id of a node another one, and in another order."""

    def named(id: str) -> str:
        return f"{prefix}{id[::-1] if backwards else id}"

    return Facts(
        parties={named(id): replace(each, id=named(id)) for id, each in facts.parties.items()},
        posts=tuple(
            replace(each, id=named(each.id), person=named(each.person), organization=named(each.organization))
            for each in facts.posts
        ),
        holdings=tuple(
            replace(each, id=named(each.id), holder=named(each.holder), organization=named(each.organization))
            for each in facts.holdings
        ),
        links=tuple(
            replace(each, id=named(each.id), start=named(each.start), end=named(each.end)) for each in facts.links
        ),
        records=tuple(
            replace(each, id=named(each.id), about={named(id): edge for id, edge in each.about.items()})
            for each in facts.records
        ),
        findings=tuple(
            replace(each, id=named(each.id), person=named(each.person), record=named(each.record))
            for each in facts.findings
        ),
        qualifications=tuple(
            replace(each, id=named(each.id), person=named(each.person)) for each in facts.qualifications
        ),
    )
