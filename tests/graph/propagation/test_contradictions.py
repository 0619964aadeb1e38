"""Suppositions that contradict the facts or each other, and those beside them that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph import propagation
from graph.codes import CheckOutcome, RecordKind, RecordState, RelationKind
from graph.errors import Invalid
from graph.facts import Facts, Link, Provenance
from graph.periods import LATEST, Period, parse_day, parse_period
from graph.propagation.hypotheses import AddFinding, AddRecord, ChangeRecord, EndRelation, Hypothesis, suppose
from graph.rules import load
from tests.graph.propagation.test_what_if import ON, ask, firm_with_a_head, shown
from tests.graph.propagation.world import FINDING, NAMED, WAGES, World, span

SPRING, SUMMER = date(2023, 4, 1), date(2023, 7, 1)
ENDED = [RecordState.REVOKED, RecordState.SET_ASIDE, RecordState.LIFTED, RecordState.REPAIRED, RecordState.SUSPENDED]


def refusal(world: World | Facts, *changes: Hypothesis) -> tuple[str | None, str]:
    with pytest.raises(Invalid) as refused:
        ask(world, "li", *changes)
    return refused.value.argument, refused.value.message


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize(("first", "second"), [(SPRING, SUMMER), (SUMMER, SPRING), (SPRING, SPRING)])
def test_a_record_ends_or_is_suspended_once_whichever_is_told_first(
    state: RecordState, first: date, second: date
) -> None:
    argument, _ = refusal(firm_with_a_head(), ChangeRecord("r1", state, first), ChangeRecord("r1", state, second))
    assert argument == "changes.1.changeRecord.on"


def test_a_recorded_ending_may_be_supposed_earlier_and_never_later() -> None:
    world = firm_with_a_head()
    world.records[0] = replace(world.records[0], lifted_on=parse_day("2023-07-01"))
    (record,) = suppose(world.facts, [ChangeRecord("r1", RecordState.LIFTED, SPRING)], load()).records
    assert record.lifted_on == parse_day("2023-04-01")
    for day in (SUMMER, ON):
        assert refusal(world, ChangeRecord("r1", RecordState.LIFTED, day))[0] == "changes.0.changeRecord.on"


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        (
            {"suspended": span("2023-02-01..")},
            "已记载停止执行(2023-02-01 至 今),每条记录只能有一次 · a suspension is recorded",
        ),
        ({"suspended": span("2023-02-01..2023-03-01")}, "(2023-02-01 至 2023-03-01)"),
        ({"suspended": Period()}, "已记载停止执行(期间未记载)"),
        ({"state": RecordState.SUSPENDED}, "已记载停止执行(期间未记载)"),
    ],
)
def test_a_recorded_suspension_is_not_written_over(recorded: dict[str, Any], said: str) -> None:
    world = firm_with_a_head()
    world.records[0] = replace(world.records[0], **recorded)
    argument, message = refusal(world, ChangeRecord("r1", RecordState.SUSPENDED, SUMMER))
    assert (argument, said in message) == ("changes.0.changeRecord.on", True)


def test_a_suspended_record_may_be_supposed_revoked() -> None:
    suspended, revoked = ChangeRecord("r1", RecordState.SUSPENDED, SPRING), ChangeRecord("r1", RecordState.REVOKED, ON)
    (record,) = suppose(firm_with_a_head().facts, [suspended, revoked], load()).records
    assert (record.state, record.suspended, record.revoked_on) == (
        RecordState.REVOKED,
        span("2023-04-01.."),
        parse_day("2024-01-01"),
    )


@pytest.mark.parametrize("state", [RecordState.SUSPENDED, RecordState.REPAIRED])
def test_what_a_state_without_a_day_ends_stays_ended_when_more_is_supposed(state: RecordState) -> None:
    """No measure comes back before the day on which its record is supposed to end."""
    world = World()
    world.person("li")
    world.listed("w1", "acme", WAGES, "2022-01-01..2025-01-01", state=state)
    assert shown(ask(world, "acme", ChangeRecord("w1", RecordState.REVOKED, date(2024, 6, 1)))) == (set(), set())


def test_what_is_found_already_is_not_supposed() -> None:
    world = firm_with_a_head()
    world.found("li", "r1", FINDING, "2023-02-01")
    again = AddFinding("r1", "li", FINDING, SUMMER)
    assert refusal(world, again) == (
        "changes.0.addFinding.capacity",
        "changes.0.addFinding.capacity: 已有此项认定 · that is found already",
    )
    named = AddFinding("r1", "li", NAMED, SUMMER)
    assert refusal(world, named, named)[0] == "changes.1.addFinding.capacity"
    others = [replace(again, person="wang"), replace(again, capacity=NAMED)]
    assert len(suppose(world.facts, others, load()).findings) == 1 + len(others)


def test_a_finding_that_is_no_longer_believed_may_be_supposed() -> None:
    world = firm_with_a_head()
    world.found("li", "r1", FINDING, "2023-02-01", Provenance("s", "2023-03-01", "2023-04-01"))
    answer = ask(world, "li", AddFinding("r1", "li", FINDING, SUMMER))
    assert (answer.before.outcome, answer.after.outcome) == (CheckOutcome.NEEDS_FINDING, CheckOutcome.PROHIBITED)


def test_who_is_named_in_a_listing_may_have_been_named_before_it_runs() -> None:
    world = firm_with_a_head()
    world.listed("w1", "acme", WAGES, "2023-05-01..2026-01-01")
    named = ask(world, "li", AddFinding("w1", "li", NAMED, SPRING))
    assert shown(named) == ({"P11 JOINT_PUNISHMENT_WAGES"}, set())


LISTING = AddRecord(RecordKind.LIST_ENTRY, "acme", SUMMER, list=WAGES)


@pytest.mark.parametrize(
    ("when", "values", "free"),
    [
        ("2023-07-01..", {}, False),
        ("2023-07-01..2026-01-01", {}, True),
        ("2023-07-01..", {"large_debt": True}, True),
        ("2023-01-01..", {}, True),
        ("2023-09-01..", {}, True),
        ("..", {}, True),
    ],
)
def test_only_the_very_entry_that_is_recorded_is_none_to_suppose(when: str, values: dict[str, Any], free: bool) -> None:
    world = firm_with_a_head()
    world.listed("w1", "acme", WAGES, when, **values)
    if free:
        assert len(suppose(world.facts, [LISTING], load()).records) == len(world.records) + 1
    else:
        assert refusal(world, LISTING) == (
            "changes.0.addRecord.list",
            "changes.0.addRecord.list: 该列入已有记载 · that entry is recorded already, of that day and to that end",
        )


def test_a_second_court_may_list_a_debtor_for_a_large_debt_while_the_first_entry_runs() -> None:
    """失信被执行人 is entered per case (法释〔2017〕7号): it is the second entry that bars him (公司法 178)."""
    world = firm_with_a_head()
    world.listed("w1", "li", "失信被执行人", "2024-07-10..", large_debt=False)
    second = AddRecord(RecordKind.LIST_ENTRY, "li", date(2024, 8, 1), list="失信被执行人", large_debt=True)
    answer = propagation.what_if(world.facts, load(), "li", [second], None, date(2024, 9, 1), LATEST, official=True)
    appeared = {each.definition.code for each in answer.appeared}
    assert "BAR_COMPANY_OFFICE" in appeared


def test_an_offence_that_begins_after_its_decision_is_none() -> None:
    after = AddRecord(RecordKind.PENALTY, "acme", SPRING, offence=span("2023-07-01..2023-08-01"))
    assert refusal(firm_with_a_head(), after) == (
        "changes.0.addRecord.offence",
        "changes.0.addRecord.offence: 违法始于决定之后 · the offence begins after the decision",
    )


def test_an_alias_of_a_list_names_the_same_list() -> None:
    known = next(each for each in load().lists if each.aliases)
    world = firm_with_a_head()
    world.listed("w1", "acme", known.name, "2023-07-01..")
    assert refusal(world, replace(LISTING, list=known.aliases[0]))[0] == "changes.0.addRecord.list"


def branch(when: str) -> Facts:
    """Whose branch 丙 is: a relation that is neither a post nor a holding."""
    return replace(firm_with_a_head().facts, links=(Link("bra1", RelationKind.BRANCH_OF, "bing", "acme", span(when)),))


def test_a_relation_that_is_no_post_ends_on_the_day_and_nothing_else_does() -> None:
    facts = branch("2020-01-01..")
    ended = suppose(facts, [EndRelation("bra1", SUMMER)], load())
    link = Link("bra1", RelationKind.BRANCH_OF, "bing", "acme", parse_period("2020-01-01", "2023-07-01"))
    assert ended == replace(facts, links=(link,))
    answer = ask(facts, "bing", EndRelation("bra1", SUMMER))
    assert (shown(answer), answer.before) == ((set(), set()), answer.after)


@pytest.mark.parametrize(
    ("when", "day"), [("2023-07-01..", SUMMER), ("2023-08-01..", SUMMER), ("2020-01-01..2023-07-01", SUMMER)]
)
def test_a_relation_that_has_not_begun_or_is_over_does_not_end(when: str, day: date) -> None:
    assert refusal(branch(when), EndRelation("bra1", day))[0] == "changes.0.endRelation.on"


def test_a_relation_ends_once() -> None:
    end = EndRelation("bra1", SUMMER)
    assert refusal(branch("2020-01-01.."), end, end)[0] == "changes.1.endRelation.on"
