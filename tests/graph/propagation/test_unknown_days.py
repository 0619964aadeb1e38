"""What is not known of days makes no fact: beginnings of posts and offences, renewals, minors, own records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph import propagation
from graph.codes import Capacity, CheckOutcome, PenaltyType, PostKind, RecordKind, SubjectKind, WarningCode
from graph.facts import Article, Ban
from graph.findings import CheckAnswer
from graph.periods import LATEST, parse_day
from graph.rules import load
from tests.graph.propagation.world import World

LR, PR = PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL
DEBTORS = "失信被执行人"


def check(world: World, subject: str, on: str, *, official: bool = True) -> CheckAnswer:
    facts = propagation.visible(world.facts, official=official, as_of=date.fromisoformat(on))
    return propagation.check(facts, load(), subject, None, date.fromisoformat(on), LATEST, official=official)


def bars(answer: CheckAnswer) -> tuple[set[str], set[str]]:
    found = answer.findings
    return {each.rule.id for each in found.measures}, {each.rule.id for each in found.potential}


def test_who_is_in_office_from_an_unknown_day_is_not_barred_for_what_was_before() -> None:
    """A registry tells who the legal representative is, not since when: his predecessor may have been it then."""
    world = World()
    world.post("li", "acme", LR, "..")
    world.food(decided_on="2020-02-29", offence="2019-10-01..2019-11-01")
    assert bars(check(world, "li", "2020-06-01")) == (set(), {"P12"})
    assert check(world, "li", "2020-06-01", official=False).outcome == CheckOutcome.NOTHING_FOUND
    known = World()
    known.post("li", "acme", LR, "2019-01-01..")
    known.food(decided_on="2020-02-29", offence="2019-10-01..2019-11-01")
    assert bars(check(known, "li", "2020-06-01")) == ({"P12"}, set())


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ("2000-01-01..2003-01-01", (set(), {"P12"})),
        ("2000-01-01..2019-10-31", (set(), {"P12"})),
        ("2000-01-01..2019-11-01", ({"P12"}, set())),  # in office on the last day of the offence
    ],
)
def test_of_an_offence_of_which_only_the_end_is_known_its_last_day_is_sure(
    held: str, found: tuple[set[str], set[str]]
) -> None:
    world = World()
    world.post("li", "acme", LR, held)
    world.food(decided_on="2020-02-29", offence="..2019-11-01")
    assert bars(check(world, "li", "2021-01-01")) == found


def test_a_principal_beside_a_representative_of_an_imprecise_day_is_open() -> None:
    world = World()
    world.post("old", "acme", LR, "2010-01-01..2019-10")
    world.post("wang", "acme", PR, "2010-01-01..")
    world.food(decided_on="2020-02-29", offence="2019-10-15..2019-10-20")
    sure, perhaps = bars(check(world, "wang", "2020-06-01"))
    assert "P12" not in sure
    answer = propagation.check(world.facts, load(), "wang", None, date(2020, 6, 1), LATEST, official=True)
    assert perhaps or answer.findings.considered


def grade_d(**values: Any) -> World:
    world = World()
    world.record("g", RecordKind.GRADE, "acme", decided_on="2025-08-01", scheme="TAX", grade="D", year=2024, **values)
    world.found("li", "g", Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR, "2025-08-01")
    return world


def graded(world: World, on: str = "2025-11-01") -> set[str]:
    return {each.rule.id for each in check(world, "bing", on).findings.measures}


def test_a_renewed_office_is_no_new_role() -> None:
    """纳税缴费信用管理办法 2025: firms registered or run only after the decision; he ran this one before."""
    new = grade_d()
    new.post("li", "bing", LR, "2025-10-01..")
    assert graded(new) == {"P09"}
    renewed = grade_d()
    renewed.post("li", "bing", LR, "2019-01-01..2025-10-01")
    renewed.post("li", "bing", LR, "2025-10-01..")
    assert graded(renewed) == set()
    beside = grade_d()
    beside.post("li", "bing", LR, "2019-01-01..")
    beside.post("li", "bing", PR, "2025-10-01..")
    assert graded(beside) == set()


def test_nothing_is_said_of_a_minor_nor_through_one() -> None:
    world = World()
    world.person("kid", "2030-01-01")
    world.listed("e", "kid", DEBTORS, "2024-08-01..", large_debt=True)
    for official in (True, False):
        answer = check(world, "kid", "2024-09-01", official=official)
        assert (answer.outcome, answer.findings.measures, answer.findings.potential) == (
            CheckOutcome.NOTHING_FOUND,
            (),
            (),
        )
    firm = grade_d()
    firm.parties["li"] = replace(firm.parties["li"], adult_on=parse_day("2030-01-01"))
    firm.post("li", "bing", LR, "2025-10-01..")
    assert graded(firm) == set()


def test_a_must_not_silences_no_listing_of_ones_own() -> None:
    world = World()
    world.post("li", "acme", LR)
    world.listed("e", "acme li", "经营异常名录", "2020-01-01..")
    answer = check(world, "li", "2022-01-01")
    assert answer.outcome == CheckOutcome.RESTRICTED
    assert [each.code for each in answer.findings.notices] == [WarningCode.OWN_RECORD_WITHOUT_RULE]


def test_a_grade_without_an_end_is_sure_for_its_year_and_open_after_it() -> None:
    world = grade_d()
    world.post("li", "bing", LR, "2025-10-01..")
    days = ("2025-11-01", "2026-07-31", "2026-08-01", "2035-09-01")
    assert [bars(check(world, "bing", on)) for on in days] == [
        ({"P09"}, set()),
        ({"P09"}, set()),
        (set(), {"P09"}),
        (set(), {"P09"}),
    ]
    ended = grade_d(effective="2025-08-01..2026-05-01")
    ended.post("li", "bing", LR, "2025-10-01..")
    assert [bars(check(ended, "bing", on)) for on in ("2026-04-30", "2026-05-01")] == [({"P09"}, set()), (set(), set())]


def test_a_ban_whose_term_the_decision_should_name_is_open_where_none_is_recorded() -> None:
    """资产评估法 44: suspended for half a year to a year; without the term nobody knows when it was over."""
    for ban, found in ((None, (set(), {"Q04"})), (Ban(None, 1), ({"Q04"}, set()))):
        world = World()
        world.person("li")
        world.record(
            "r",
            RecordKind.PENALTY,
            "li",
            types=frozenset({PenaltyType.PRACTICE_SUSPENDED}),
            decided_on="2017-05-01",
            basis=(Article("中华人民共和国资产评估法", "第四十四条"),),
            ban=ban,
        )
        assert bars(check(world, "li", "2017-09-01")) == found


@pytest.mark.parametrize(
    ("on", "outcome", "told"),
    [
        ("2024-05-31", CheckOutcome.RESTRICTED, 1),
        ("2024-06-15", CheckOutcome.NOTHING_FOUND, 1),
        ("2024-07-01", CheckOutcome.NOTHING_FOUND, 0),
    ],
)
def test_an_own_record_that_perhaps_ended_is_told_and_restricts_nobody(
    on: str, outcome: CheckOutcome, told: int
) -> None:
    world = World()
    world.firm("acme")
    world.listed("e", "acme", "统计严重失信企业", "2020-01-01..2024-06")
    answer = check(world, "acme", on)
    assert (answer.outcome, len(answer.findings.notices)) == (outcome, told)


def test_an_own_record_of_an_imprecise_beginning_restricts_nobody_before_its_last_day() -> None:
    world = World()
    world.firm("acme")
    world.record("r", RecordKind.PENALTY, "acme", types=frozenset({PenaltyType.FINE}), decided_on="2024-06")
    outcomes = [check(world, "acme", on).outcome for on in ("2024-06-02", "2024-06-30")]
    assert outcomes == [CheckOutcome.NOTHING_FOUND, CheckOutcome.RESTRICTED]
    assert [each.code for each in check(world, "acme", "2024-06-02").findings.notices] == [
        WarningCode.OWN_RECORD_WITHOUT_RULE
    ]


def test_an_own_record_or_lost_licence_without_a_day_is_told_and_restricts_nobody() -> None:
    world = World()
    world.person("li")
    world.record("r", RecordKind.PENALTY, "li", types=frozenset({PenaltyType.FINE}))
    world.licence("q", "li", "律师", sanction="REVOKED", reason="ILLEGALITY")
    world.licence("kept", "li", "医师")
    for official in (True, False):
        answer = check(world, "li", "2024-06-02", official=official)
        told = [(each.code, each.nodes) for each in answer.findings.notices]
        own = (WarningCode.OWN_RECORD_WITHOUT_RULE, ("q",))
        assert own in told
        assert ((WarningCode.OWN_RECORD_WITHOUT_RULE, ("r",)) in told) is official  # without a day nothing is published
        assert (answer.outcome, bars(answer)) == (CheckOutcome.NOTHING_FOUND, (set(), set()))


def test_a_release_without_a_day_says_so() -> None:
    world = World()
    world.post("li", "acme", LR)
    world.order()
    world.found("li", "o1", Capacity.RELEASED, None)
    (considered,) = [each for each in check(world, "li", "2024-01-01").findings.considered if each.rule.id == "P01"]
    assert considered.explanation.zh.startswith("已解除对其限制,日期未记载")
    assert "None" not in considered.explanation.zh + considered.explanation.en


def test_what_controls_and_is_no_person_holds_no_office() -> None:
    """限高令 reaches the persons behind a debtor; the state or a parent that controls it is none (S7)."""
    world = World()
    world.firm("state", SubjectKind.GOVERNMENT_BODY)
    world.firm("parent")
    world.person("li")
    for each in ("state", "parent", "li"):
        world.post(each, "acme", PostKind.CONTROLLER)
    world.order()
    found = propagation.reach(world.facts, load(), "o1", date(2024, 1, 1), LATEST, official=True).findings
    bound = {each.party for each in (*found.measures, *found.potential)}
    assert bound | {each.party for each in found.considered} == {"acme", "li"}
    for each in ("state", "parent"):
        answer = check(world, each, "2024-01-01")
        assert (answer.outcome, answer.findings.considered) == (CheckOutcome.NOTHING_FOUND, ())
