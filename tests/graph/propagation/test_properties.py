"""What holds for every world: order, strangers and ids never matter; a cause removed takes its effects along."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from graph import propagation
from graph.codes import Capacity, Certainty, PostKind, SubjectKind
from graph.facts import Facts, Finding, Party, Post, Record
from graph.findings import Findings, Measure
from graph.periods import LATEST
from graph.rules import load
from tests.graph.propagation.world import World, line, said

T = TypeVar("T")
PERSONS, FIRMS = ("li", "wang", "chen"), ("acme", "bing")
POSTS = (PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.DIRECTOR, PostKind.CONTROLLER)
CAPACITIES = (
    Capacity.FINDING_PERSONAL_RESPONSIBILITY,
    Capacity.NAMED,
    Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR,
    Capacity.ACTUAL_CONTROLLER_FOUND,
)
SPANS = ("..", "2012-01-01..", "2012-01-01..2022-06-15", "2022-06-15..2023-06-01", "2023-01..2024", "2025-01-01..")
DAYS = st.dates(date(2010, 1, 1), date(2032, 12, 31))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    for each in PERSONS:
        world.person(each, draw(st.sampled_from(["1920-01-01", "1920-01-01", "2024-01-01", None])))
    for each in FIRMS:
        world.firm(each)
    for _ in range(draw(st.integers(0, 6))):
        world.post(
            draw(st.sampled_from(PERSONS)),
            draw(st.sampled_from(FIRMS)),
            draw(st.sampled_from(POSTS)),
            draw(st.sampled_from(SPANS)),
        )
    for number in range(draw(st.integers(0, 4))):
        id, about = f"r{number}", draw(st.sampled_from(FIRMS))
        person = draw(st.sampled_from(PERSONS))
        values: dict[str, Any] = {"revoked_on": draw(st.sampled_from([None, None, "2024-03-01"]))}
        match draw(st.sampled_from(["licence", "food", "order", "listed", "wages"])):
            case "licence":
                world.revocation(id, about, decided_on="2023-01-10", offence="2022-06-01..2022-07-01", **values)
            case "food":
                world.food(id, about, **values)
            case "order":
                world.order(id, about, **values)
            case "listed":
                large = draw(st.sampled_from([True, False, None]))
                world.listed(id, person, "失信被执行人", "2024-08-01..2026-08-01", large_debt=large, **values)
            case "wages":
                world.listed(id, about, "拖欠农民工工资失信联合惩戒对象", "2022-03-01..2025-03-01", **values)
        if draw(st.booleans()):
            world.found(person, id, draw(st.sampled_from(CAPACITIES)), draw(st.sampled_from(["2023-02-01", None])))
    return world


def ask(facts: Facts, on: date) -> Findings:
    return propagation.propagate(facts, load(), on, LATEST)


def everything(found: Findings) -> tuple[Measure, ...]:
    return (*found.measures, *found.potential)


@settings(max_examples=150, deadline=None)
@given(worlds(), DAYS, st.randoms(use_true_random=False))
def test_order_of_facts_is_irrelevant(world: World, on: date, chance: random.Random) -> None:
    def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
        shuffled = list(items)
        chance.shuffle(shuffled)
        return tuple(shuffled)

    facts = world.facts
    other = replace(
        facts,
        posts=mixed(facts.posts),
        records=mixed(facts.records),
        findings=mixed(facts.findings),
        parties=dict(mixed(tuple(facts.parties.items()))),
    )
    assert ask(other, on) == ask(facts, on)


@settings(max_examples=150, deadline=None)
@given(worlds(), DAYS)
def test_strangers_and_namesakes_change_nothing(world: World, on: date) -> None:
    before = ask(world.facts, on)
    world.firm("far")
    world.person("stranger")
    world.post("stranger", "far", PostKind.LEGAL_REPRESENTATIVE)
    assert ask(world.facts, on) == before


@settings(max_examples=150, deadline=None)
@given(worlds(), DAYS)
def test_a_cause_removed_takes_exactly_its_effects_along(world: World, on: date) -> None:
    facts = world.facts
    whole = ask(facts, on)
    for record in facts.records:
        rest = replace(
            facts,
            records=tuple(each for each in facts.records if each.id != record.id),
            findings=tuple(each for each in facts.findings if each.record != record.id),
        )
        left = ask(rest, on)
        assert everything(left) == tuple(each for each in everything(whole) if each.cause != record.id)
        assert left.considered == tuple(each for each in whole.considered if each.cause != record.id)


@settings(max_examples=150, deadline=None)
@given(worlds(), DAYS, st.sampled_from(PERSONS))
def test_a_finding_of_responsibility_only_strengthens(world: World, on: date, person: str) -> None:
    before = ask(world.facts, on)
    for record in world.records:
        world.found(person, record.id, Capacity.FINDING_PERSONAL_RESPONSIBILITY, "2000-01-01")
    after = {each.key: each for each in everything(ask(world.facts, on))}
    assert {each.key for each in everything(before)} <= after.keys()
    sure = {each.key for each in before.measures}
    assert all(after[key].certainty is not Certainty.POTENTIAL for key in sure)


@settings(max_examples=100, deadline=None)
@given(worlds(), DAYS)
def test_ids_carry_no_meaning(world: World, on: date) -> None:
    names: Callable[[str], str] = lambda id: f"z{id[::-1]}"  # noqa: E731 - one expression
    facts = world.facts
    renamed = Facts(
        parties={names(id): Party(names(id), each.kind, each.adult_on) for id, each in facts.parties.items()},
        posts=tuple(_post(each, names) for each in facts.posts),
        records=tuple(_record(each, names) for each in facts.records),
        findings=tuple(_finding(each, names) for each in facts.findings),
    )
    expected = {
        " ".join(names(word) if place in (2, 3) else word for place, word in enumerate(line(each).split()))
        for each in everything(ask(facts, on))
    }
    answer = said(ask(renamed, on))
    assert answer.measures | answer.potential == expected


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from([date(1900, 1, 1), date(2009, 12, 31)]))
def test_long_before_all_facts_there_is_nothing(world: World, on: date) -> None:
    assert ask(world.facts, on) == Findings()


@settings(max_examples=150, deadline=None)
@given(worlds(), DAYS)
def test_every_answer_is_whole(world: World, on: date) -> None:
    found = ask(world.facts, on)
    assert len({each.key for each in everything(found)}) == len(everything(found))
    for each in everything(found):
        places = [each.cause, *(step.end for step in each.path)]
        assert [step.start for step in each.path] == places[:-1]
        assert places[-1] == each.party
        assert each.start <= on
        assert each.until is None or on < each.until or each.certainty is Certainty.POTENTIAL
        assert (each.certainty is Certainty.POTENTIAL) == bool(each.gaps)
        party = world.parties[each.party]
        assert party.kind is not SubjectKind.PERSON or party.adult_on is None or party.adult_on.first <= on
    answered = {(each.rule.id, each.rule.part, each.party, each.cause) for each in everything(found)}
    assert not any((each.rule.id, each.rule.part, each.party, each.cause) in answered for each in found.considered)


def _post(post: Post, names: Callable[[str], str]) -> Post:
    return replace(post, person=names(post.person), organization=names(post.organization))


def _record(record: Record, names: Callable[[str], str]) -> Record:
    return replace(record, id=names(record.id), about={names(id): edge for id, edge in record.about.items()})


def _finding(finding: Finding, names: Callable[[str], str]) -> Finding:
    return replace(finding, person=names(finding.person), record=names(finding.record))
