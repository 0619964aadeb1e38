"""Suppositions: what a check would say if, and what contradicts the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graph import propagation
from graph.codes import (
    Capacity,
    CheckOutcome,
    CheckScope,
    PenaltyType,
    PostKind,
    Purpose,
    RecordKind,
    RecordState,
    TruncationReason,
)
from graph.errors import Invalid
from graph.facts import Article, Facts
from graph.findings import Cut, WhatIfAnswer
from graph.periods import LATEST, Period, parse_day
from graph.propagation.causes import Cause
from graph.propagation.hypotheses import (
    AddFinding,
    AddHolding,
    AddPost,
    AddRecord,
    ChangeRecord,
    EndRelation,
    Hypothesis,
    suppose,
)
from graph.propagation.triggers import families
from graph.publication import published
from graph.rules import load
from tests.graph.propagation.world import DIRECTOR, FINDING, LR, NAMED, PR, WAGES, World, line, span

ON = date(2024, 1, 1)
HEAD = span("2021-01-01..")
CLOSED = frozenset({PenaltyType.LICENCE_REVOKED})


def firm_with_a_head() -> World:
    world = World()
    world.person("wang")
    world.post("li", "acme", LR, "2020-01-01..")
    world.post("li", "bing", DIRECTOR, "2020-01-01..")
    world.revocation(decided_on="2023-01-10", offence="2022-06-01..2022-07-01")
    return world


def ask(world: World | Facts, subject: str, *changes: Hypothesis, purpose: Purpose | None = None) -> WhatIfAnswer:
    facts = world.facts if isinstance(world, World) else world
    return propagation.what_if(facts, load(), subject, changes, purpose, ON, LATEST, official=True)


def shown(answer: WhatIfAnswer) -> tuple[set[str], set[str]]:
    return (
        {line(each).split(" ", 1)[0] + " " + each.definition.code for each in answer.appeared},
        {line(each).split(" ", 1)[0] + " " + each.definition.code for each in answer.vanished},
    )


def test_a_finding_turns_what_is_possible_into_a_fact() -> None:
    answer = ask(firm_with_a_head(), "li", AddFinding("r1", "li", FINDING, date(2023, 2, 1)))
    assert (answer.before.outcome, answer.after.outcome) == (CheckOutcome.NEEDS_FINDING, CheckOutcome.PROHIBITED)
    bars = {"P04 BAR_COMPANY_OFFICE", "P05 BAR_LEGAL_REPRESENTATIVE", "P29 BAR_BANK_OFFICE"}
    assert shown(answer) == (bars, set())


def test_a_finding_gives_the_other_company_its_duty() -> None:
    answer = ask(firm_with_a_head(), "bing", AddFinding("r1", "li", FINDING, date(2023, 2, 1)))
    assert shown(answer) == ({"P04 DISMISS_OFFICE_HOLDER"}, set())


def test_a_post_added_or_ended_moves_a_consumption_restriction() -> None:
    world = World()
    post = world.post("li", "acme", LR, "2020-01-01..")
    world.person("wang")
    world.order()
    assert shown(ask(world, "wang", AddPost("wang", "acme", PR, HEAD)))[0] == {"P01 RESTRICT_CONSUMPTION"}
    ended = ask(world, "li", EndRelation(post, date(2023, 6, 1)))
    assert (shown(ended), ended.after.outcome) == ((set(), {"P01 RESTRICT_CONSUMPTION"}), CheckOutcome.NEEDS_FINDING)
    before_the_order = ask(world, "li", EndRelation(post, date(2022, 6, 1)))
    assert before_the_order.after.outcome is CheckOutcome.NOTHING_FOUND


@pytest.mark.parametrize(
    "state", [RecordState.REVOKED, RecordState.SET_ASIDE, RecordState.SUSPENDED, RecordState.LIFTED]
)
def test_a_record_that_ends_takes_its_measures_along(state: RecordState) -> None:
    world = firm_with_a_head()
    world.found("li", "r1", FINDING, "2023-02-01")
    answer = ask(world, "li", ChangeRecord("r1", state, date(2023, 6, 1)))
    assert (len(answer.vanished), answer.after.findings.measures) == (3, ())


def test_repair_ends_what_lasts_and_no_statutory_term() -> None:
    world = firm_with_a_head()
    world.found("li", "r1", FINDING, "2023-02-01")
    world.listed("w1", "acme", WAGES, "2022-01-01..2025-01-01")
    assert ask(world, "li", ChangeRecord("r1", RecordState.REPAIRED, date(2023, 6, 1))).vanished == ()
    gone = ask(world, "acme", ChangeRecord("w1", RecordState.REPAIRED, date(2023, 6, 1)))
    assert shown(gone) == (set(), {"P11 JOINT_PUNISHMENT_WAGES"})


def test_expiry_ends_publication_and_no_measure() -> None:
    world = firm_with_a_head()
    world.listed("w1", "acme", WAGES, "2022-01-01..2025-01-01")
    expired = ChangeRecord("w1", RecordState.EXPIRED, date(2023, 6, 1))
    assert shown(ask(world, "acme", expired)) == (set(), set())
    (record,) = (each for each in suppose(world.facts, [expired], load()).records if each.id == "w1")
    assert published(record, date(2023, 5, 31)) == published(record, date(2023, 6, 1)) == span("2022-01-01..2023-06-01")


def test_a_record_is_supposed_with_all_that_rules_look_at() -> None:
    food = AddRecord(
        RecordKind.PENALTY, "acme", date(2023, 5, 1), span("2023-01-01..2023-02-01"), CLOSED, "FOOD", "FOOD"
    )
    answer = ask(firm_with_a_head(), "li", food, purpose=Purpose.ADMINISTRATIVE_LICENCE)
    assert shown(answer) == ({"P12 BAR_FOOD_BUSINESS"}, set())
    assert [str(each.start) for each in answer.appeared] == ["2023-05-01"]
    listed = AddRecord(RecordKind.LIST_ENTRY, "li", date(2023, 5, 1), list="失信被执行人", large_debt=True)
    assert "P33 BAR_CIVIL_SERVICE" in shown(ask(firm_with_a_head(), "li", listed))[0]


def test_suppositions_build_on_one_another() -> None:
    world = firm_with_a_head()
    listing = AddRecord(RecordKind.LIST_ENTRY, "acme", date(2023, 5, 1), list=WAGES, until=date(2026, 1, 1))
    named = AddFinding("hypothesis:1", "wang", NAMED, date(2023, 5, 1))
    assert shown(ask(world, "wang", listing, named)) == ({"P11 JOINT_PUNISHMENT_WAGES"}, set())


def test_nothing_is_stored() -> None:
    world = firm_with_a_head()
    before = world.facts
    ask(world, "li", AddFinding("r1", "li", FINDING, date(2023, 2, 1)))
    assert world.facts == before


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        (EndRelation("nothing", ON), "changes.0.endRelation.relation"),
        (EndRelation("pos0", date(2019, 1, 1)), "changes.0.endRelation.on"),
        (AddPost("li", "acme", LR, HEAD), "changes.0.addPost.validity"),
        (AddPost("wang", "acme", PR, span("2023-01-01..2022-01-01")), "changes.0.addPost.validity"),
        (AddPost("bing", "acme", PR, HEAD), "changes.0.addPost.person"),
        (AddPost("li", "wang", PR, HEAD), "changes.0.addPost.organization"),
        (AddPost("nobody", "acme", PR, HEAD), "changes.0.addPost.person"),
        (AddHolding("li", "acme", 0, None, Period()), "changes.0.addHolding.share"),
        (AddHolding("li", "acme", 100_000_001, None, Period()), "changes.0.addHolding.share"),
        (AddHolding("li", "wang", 1, None, Period()), "changes.0.addHolding.organization"),
        (AddRecord(RecordKind.LIST_ENTRY, "acme", ON, list="没有的名单"), "changes.0.addRecord.list"),
        (AddRecord(RecordKind.LIST_ENTRY, "acme", ON), "changes.0.addRecord.list"),
        (AddRecord(RecordKind.ENFORCEMENT, "acme", ON, types=CLOSED), "changes.0.addRecord.types"),
        (
            AddRecord(RecordKind.PENALTY, "acme", ON, offence=span("2022-02-01..2022-01-01")),
            "changes.0.addRecord.offence",
        ),
        (AddRecord(RecordKind.PENALTY, "acme", ON, until=ON), "changes.0.addRecord.until"),
        (AddRecord(RecordKind.PENALTY, "nobody", ON), "changes.0.addRecord.about"),
        (AddRecord(RecordKind.PENALTY, "acme", ON, sector="食" * 201), "changes.0.addRecord.sector"),
        (AddRecord(RecordKind.PENALTY, "acme", ON, licence="食" * 201), "changes.0.addRecord.licence"),
        (AddRecord(RecordKind.LIST_ENTRY, "acme", ON, list="食" * 201), "changes.0.addRecord.list"),
        (
            AddRecord(RecordKind.PENALTY, "acme", ON, basis=(Article("法"), Article("法" * 201))),
            "changes.0.addRecord.basis.1.document",
        ),
        (
            AddRecord(RecordKind.PENALTY, "acme", ON, basis=(Article("法", "9" * 5_000),)),
            "changes.0.addRecord.basis.0.article",
        ),
        (ChangeRecord("nothing", RecordState.REVOKED, ON), "changes.0.changeRecord.record"),
        (ChangeRecord("r1", RecordState.ACTIVE, ON), "changes.0.changeRecord.state"),
        (ChangeRecord("r1", RecordState.REVOKED, date(2022, 1, 1)), "changes.0.changeRecord.on"),
        (AddFinding("nothing", "li", FINDING, ON), "changes.0.addFinding.record"),
        (AddFinding("r1", "acme", Capacity.NAMED, ON), "changes.0.addFinding.person"),
        (AddFinding("r1", "li", FINDING, date(2023, 1, 9)), "changes.0.addFinding.decidedOn"),
    ],
)
def test_what_contradicts_the_facts_is_refused_by_name(change: Hypothesis, argument: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(firm_with_a_head(), "li", change)
    assert (refused.value.argument, argument in refused.value.message) == (argument, True)
    assert len(refused.value.message) < 300


def test_a_text_of_a_supposed_record_may_be_as_long_as_that() -> None:
    longest = "食" * 200
    record = AddRecord(RecordKind.PENALTY, "acme", ON, basis=(Article(longest, longest),))
    assert ask(firm_with_a_head(), "acme", record).appeared == ()


@pytest.mark.parametrize(
    ("record", "argument"),
    [
        (AddRecord(RecordKind.PENALTY, "acme", ON, types=CLOSED, sector="FOOOD"), "changes.0.addRecord.sector"),
        (AddRecord(RecordKind.PENALTY, "acme", ON, types=CLOSED, licence="FOOOD"), "changes.0.addRecord.licence"),
    ],
)
def test_a_code_that_is_none_is_refused_by_name(record: AddRecord, argument: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(firm_with_a_head(), "acme", record)
    assert refused.value.argument == argument
    assert refused.value.message == f"{argument}: 没有这个代码:FOOOD · no such code: FOOOD"


def test_suppositions_in_anybodys_words_fill_no_memory() -> None:
    kept = len(load().by_sort)
    for i in range(20):
        told = AddRecord(
            RecordKind.PENALTY, "acme", ON, sector="FOOD", licence="BUSINESS", basis=(Article(f"d{i}", f"{i}"),)
        )
        ask(World(parties=firm_with_a_head().parties), "acme", told)
    assert len(load().by_sort) == kept


def test_a_supposed_record_sets_off_what_a_stored_one_of_its_sort_does() -> None:
    world = firm_with_a_head()
    food = AddRecord(RecordKind.PENALTY, "acme", date(2023, 5, 1), span("2023-01-01..2023-02-01"), CLOSED, "FOOD")
    (supposed,) = suppose(world.facts, [food], load()).records[len(world.records) :]
    load().by_sort.clear()
    alone = families(load(), Cause(record=supposed))
    assert not load().by_sort
    assert alone == families(load(), Cause(record=replace(supposed, id="rec_1"))) != ()
    assert len(load().by_sort) == 1
    assert families(load(), Cause(record=supposed)) is families(load(), Cause(record=replace(supposed, id="rec_2")))


def test_a_second_change_that_contradicts_the_first_is_refused() -> None:
    twice = ChangeRecord("r1", RecordState.REVOKED, date(2023, 6, 1)), ChangeRecord("r1", RecordState.LIFTED, ON)
    with pytest.raises(Invalid) as refused:
        ask(firm_with_a_head(), "li", *twice)
    assert refused.value.argument == "changes.1.changeRecord.on"


def test_shares_may_not_exceed_the_whole() -> None:
    world = firm_with_a_head()
    half = AddHolding("li", "acme", 60_000_000, None, Period())
    with pytest.raises(Invalid) as refused:
        ask(world, "li", half, half)
    assert refused.value.argument == "changes.1.addHolding.share"


def test_findings_about_office_holders_are_told_beside_and_never_as_ones_own() -> None:
    world = firm_with_a_head()
    world.found("li", "r1", FINDING, "2023-02-01")
    answer = propagation.check(
        world.facts, load(), "bing", Purpose.OFFICE_APPOINTMENT, ON, LATEST, official=True, through=[CheckScope.OFFICES]
    )
    assert {each.party for each in answer.findings.measures} <= {"bing"}
    (near,) = answer.related
    assert (near.through, near.via, {each.party for each in near.measures}) == (CheckScope.OFFICES, "li", {"li"})
    assert [(step.start, step.end, step.forward) for step in near.path] == [("bing", "li", False)]
    assert propagation.check(world.facts, load(), "bing", None, ON, LATEST, official=True).related == ()


def test_parallel_offices_of_one_person_are_one_step_the_earliest() -> None:
    world = firm_with_a_head()
    world.post("li", "bing", PostKind.SUPERVISOR, "2013-01-01..")
    earliest = world.post("li", "bing", PostKind.FINANCE_CHIEF, "2012-01-01..")
    world.found("li", "r1", FINDING, "2023-02-01")
    answer = propagation.check(
        world.facts, load(), "bing", Purpose.OFFICE_APPOINTMENT, ON, LATEST, official=True, through=[CheckScope.OFFICES]
    )
    (near,) = answer.related
    assert [(step.start, step.end, step.edge) for step in near.path] == [("bing", "li", earliest)]


def test_a_repaired_decision_may_be_supposed_revoked() -> None:
    world = firm_with_a_head()
    world.records[0] = replace(world.records[0], repaired_on=parse_day("2023-06-01"))
    answer = ask(world, "li", ChangeRecord("r1", RecordState.REVOKED, date(2023, 8, 1)))
    assert {each.rule.id for each in (*answer.before.findings.measures, *answer.before.findings.potential)} >= {"P04"}
    assert (answer.after.findings.measures, answer.after.findings.potential) == ((), ())


def test_controllers_are_of_ownership_and_former_holders_of_nothing() -> None:
    world = World()
    world.post("li", "acme", PostKind.CONTROLLER)
    world.post("wang", "acme", DIRECTOR, "2015-01-01..2020-01-01")
    for each in ("li", "wang"):
        world.listed(f"e-{each}", each, "失信被执行人", "2023-01-01..", large_debt=True)
    answer = propagation.check(
        world.facts, load(), "acme", None, date(2024, 8, 1), LATEST, official=True, through=list(CheckScope)
    )
    assert [(each.through, each.via) for each in answer.related] == [(CheckScope.OWNERSHIP, "li")]


def test_offices_of_imprecise_days_are_told_to_officials() -> None:
    """Director since some day of May: on the twentieth he may be it, and what binds him is no secret to an official."""
    world = World()
    world.post("wang", "acme", DIRECTOR, "2024-05..")
    world.post("li", "acme", PostKind.CONTROLLER, "2020-01-01..2024-05")
    for each in ("li", "wang"):
        world.listed(f"e-{each}", each, "失信被执行人", "2023-01-01..", large_debt=True)
    found = {
        (on, official): [each.via for each in answer.related]
        for on in ("2024-04-30", "2024-05-20", "2024-06-01")
        for official in (True, False)
        for answer in [
            propagation.check(
                *(world.facts, load(), "acme", None, date.fromisoformat(on), LATEST),
                official=official,
                through=list(CheckScope),
            )
        ]
    }
    assert found == {
        ("2024-04-30", True): ["li"],
        ("2024-04-30", False): ["li"],
        ("2024-05-20", True): ["wang", "li"],
        ("2024-05-20", False): [],
        ("2024-06-01", True): ["wang"],
        ("2024-06-01", False): ["wang"],
    }


def test_nothing_found_and_not_conclusive_are_two_answers() -> None:
    world = World()
    world.firm("acme")
    cut = Cut(TruncationReason.EDGE_LIMIT, 5)
    whole = propagation.check(world.facts, load(), "acme", None, ON, LATEST, official=True)
    part = propagation.check(world.facts, load(), "acme", None, ON, LATEST, official=True, truncated=cut)
    assert (whole.outcome, whole.complete, whole.truncated) == (CheckOutcome.NOTHING_FOUND, True, None)
    assert (part.outcome, part.complete, part.truncated) == (CheckOutcome.NOTHING_FOUND, False, cut)
    supposed = propagation.what_if(world.facts, load(), "acme", [], None, ON, LATEST, official=True, truncated=cut)
    assert (supposed.before.complete, supposed.after.complete) == (False, False)
