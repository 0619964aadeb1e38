"""Every rule of the pack on its boundary days: start, end, version, role, evidence (`semantics.md` §1–3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from graph import propagation
from graph.codes import (
    Capacity,
    Certainty,
    PenaltyType,
    PostKind,
    Purpose,
    RecordKind,
    RecordState,
    TruncationReason,
)
from graph.facts import Provenance
from graph.findings import Cut
from graph.periods import LATEST, SHANGHAI, Period, add_years, instant, on, parse_day, term_until
from graph.rules import load
from tests.graph.propagation.world import World

LR, PR, AC, DIRECTOR = PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.CONTROLLER, PostKind.DIRECTOR
F, DRM = Capacity.FINDING_PERSONAL_RESPONSIBILITY, Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR
CLOSED = frozenset({PenaltyType.CLOSURE_ORDERED})


def of(rule: str, lines: set[str]) -> set[str]:
    """What an answer says by one rule: a cause may set off others."""
    return {line for line in lines if line.split()[0].split(".")[0] == rule}


@pytest.mark.parametrize(
    ("start", "years", "until"),
    [
        ("2024-09-01", 3, "2027-09-02"),
        ("2024-02-29", 5, "2029-03-01"),
        ("2020-02-29", 4, "2024-03-01"),
        ("2023-02-28", 1, "2024-02-29"),
        ("2021-12-31", 3, "2025-01-01"),
        ("2021-01-31", 1, "2022-02-01"),
    ],
)
def test_term_of_years_ends_with_the_corresponding_day(start: str, years: int, until: str) -> None:
    assert term_until(date.fromisoformat(start), years) == date.fromisoformat(until)


def test_corresponding_day_that_does_not_exist_is_the_last_of_the_month() -> None:
    assert add_years(date(2024, 2, 29), 5) == date(2029, 2, 28)


# P04 and P05: 吊销营业执照


def revoked(found_on: str | None = "2023-01-10", **values: Any) -> World:
    world = World()
    plain: dict[str, Any] = {"decided_on": "2023-01-10", "offence": "2022-06-01..2022-07-01"}
    world.revocation(**(plain | values))
    world.post("li", "acme", LR)
    if found_on:
        world.found("li", "r1", F, found_on)
    return world


@pytest.mark.parametrize(("on_day", "bound"), [("2023-01-09", False), ("2023-01-10", True), ("2026-01-10", True)])
def test_p04_binds_from_the_decision_to_the_last_day_of_three_years(on_day: str, bound: bool) -> None:
    answer = revoked().ask(on_day)
    assert ("P04 BAR_COMPANY_OFFICE r1 li FOUND 2023-01-10 2026-01-11 TERM" in answer.measures) == bound


def test_p04_is_over_the_day_after_and_says_so() -> None:
    answer = revoked().ask("2026-01-11")
    assert of("P04", answer.measures) | of("P05", answer.measures) == set()
    assert {"P04 r1 li TERM_ENDED", "P05 r1 li TERM_ENDED"} <= answer.considered


@pytest.mark.parametrize(("on_day", "version"), [("2024-06-30", "2014"), ("2024-07-01", "2024")])
def test_change_of_company_law_neither_interrupts_nor_restarts_the_bar(on_day: str, version: str) -> None:
    measures = [each for each in revoked().raw(on_day).measures if each.rule.id == "P04"]
    assert [(each.rule.version, each.start, each.until) for each in measures] == [
        (version, date(2023, 1, 10), date(2026, 1, 11))
    ]


def test_finding_makes_a_potential_a_fact_from_its_own_day_and_the_term_counts_from_the_record() -> None:
    world = revoked("2023-09-01")
    before, after = world.ask("2023-08-31"), world.ask("2023-09-01")
    assert (
        "P04 BAR_COMPANY_OFFICE r1 li POTENTIAL 2023-01-10 2026-01-11 TERM ?FINDING_OF_RESPONSIBILITY"
        in before.potential
    )
    assert before.measures == set()
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2023-01-10 2026-01-11 TERM" in after.measures
    assert after.potential == set()


def test_offence_period_unknown_is_never_stronger_than_potential_for_who_is_bound_by_a_post() -> None:
    gaps = "?FINDING_OF_RESPONSIBILITY ?OFFENCE_PERIOD_UNKNOWN"
    answer = revoked(None, offence=None).ask("2023-06-01")
    assert answer.measures == set()
    assert f"P04 BAR_COMPANY_OFFICE r1 li POTENTIAL 2023-01-10 2026-01-11 TERM {gaps}" in answer.potential
    world = World()
    world.food(offence=None)
    world.post("li", "acme", LR)
    assert world.ask("2021-01-01").measures == {"P12 BAR_FOOD_BUSINESS f1 acme EX_LEGE 2020-02-29 2025-03-01 TERM"}
    assert world.ask("2021-01-01").potential == {
        "P12 BAR_FOOD_BUSINESS f1 li POTENTIAL 2020-02-29 2025-03-01 TERM ?OFFENCE_PERIOD_UNKNOWN"
    }


def test_offence_period_unknown_does_not_affect_a_person_with_a_finding() -> None:
    answer = revoked(offence=None).ask("2023-06-01")
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2023-01-10 2026-01-11 TERM" in answer.measures


def test_reversed_offence_period_is_not_used_and_warned_of() -> None:
    answer = revoked(None, offence="2022-07-01..2022-06-01").ask("2023-06-01")
    assert all("?OFFENCE_PERIOD_UNKNOWN" in line for line in answer.potential)
    assert ("OFFENCE_REVERSED r1" in answer.warnings, answer.measures) == (True, set())


def test_closure_without_revocation_names_no_start_day_under_article_146() -> None:
    world = revoked(types=CLOSED, licence=None)
    old, new = world.ask("2024-06-30"), world.ask("2024-07-01")
    assert "P04 BAR_COMPANY_OFFICE r1 li POTENTIAL 2023-01-10 - EVENT ?TERM_START_UNKNOWN" in old.potential
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2023-01-10 2026-01-11 TERM" in new.measures
    assert "P05 BAR_LEGAL_REPRESENTATIVE r1 li POTENTIAL 2023-01-10 - EVENT ?TERM_START_UNKNOWN" in new.potential


def test_p05_is_not_in_force_before_march_2022() -> None:
    world = revoked("2021-06-01", decided_on="2021-06-01", offence="2021-01-01..2021-02-01")
    assert "P05 r1 li NOT_YET_IN_FORCE" in world.ask("2022-02-28").considered
    assert "P05 BAR_LEGAL_REPRESENTATIVE r1 li FOUND 2022-03-01 2024-06-02 TERM" in world.ask("2022-03-01").measures


def test_food_licence_is_not_the_business_licence() -> None:
    world = revoked(licence="FOOD", sector="FOOD")
    assert not any(line.startswith("P04") for line in world.ask("2023-06-01").measures)
    assert "P04 r1 li SECTOR_OR_LICENCE" in world.ask("2023-06-01").considered


@pytest.mark.parametrize("post", [PR, AC, DIRECTOR, PostKind.SUPERVISOR, PostKind.EMPLOYEE, PostKind.INVESTOR])
def test_no_role_implies_another(post: PostKind) -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", post)
    world.found("li", "r1")
    answer = world.ask("2019-01-01")
    assert (answer.measures, "P04 r1 li ROLE_NOT_IN_RULE" in answer.considered) == (set(), True)


def test_the_authority_may_say_who_represented_the_company_at_the_offence() -> None:
    world = World()
    world.revocation()
    world.found("li", "r1", Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE)
    assert {line.split()[4] for line in world.ask("2019-01-01").potential} == {"POTENTIAL"}
    world.found("li", "r1", F)
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2018-06-01 2021-06-02 TERM" in world.ask("2019-01-01").measures


@pytest.mark.parametrize(
    ("post", "when", "owed"),
    [
        (DIRECTOR, "2016-01-01..", True),
        (PostKind.SUPERVISOR, "2016-01-01..", True),
        (PostKind.SENIOR_MANAGER, "2016-01-01..", True),
        (PostKind.FINANCE_CHIEF, "2016-01-01..", True),
        (PostKind.MANAGER, "2016-01-01..", True),
        (LR, "2016-01-01..", False),
        (PR, "2016-01-01..", False),
        (DIRECTOR, "2016-01-01..2023-06-01", False),
        (DIRECTOR, "2023-06-02..", False),
    ],
)
def test_duty_to_dismiss_is_owed_while_an_office_named_by_law_runs(post: PostKind, when: str, owed: bool) -> None:
    world = revoked()
    world.post("li", "bing", post, when)
    parties = {
        each.party for each in world.raw("2023-06-01").measures if each.definition.code == "DISMISS_OFFICE_HOLDER"
    }
    assert parties == ({"bing"} if owed else set())


def test_path_is_contiguous_from_the_cause_to_the_party() -> None:
    world = revoked()
    world.post("li", "bing", DIRECTOR)
    for measure in world.raw("2023-06-01").measures:
        places = [measure.cause, *(step.end for step in measure.path)]
        assert [step.start for step in measure.path] == places[:-1]
        assert places[-1] == measure.party
    duty = next(each for each in world.raw("2023-06-01").measures if each.party == "bing")
    assert [(step.start, step.end, step.forward) for step in duty.path] == [
        ("r1", "acme", True),
        ("acme", "li", False),
        ("li", "bing", True),
    ]


def test_several_posts_that_prove_one_step_are_one_measure() -> None:
    world = revoked()
    world.posts.clear()
    second = world.post("li", "acme", LR, "2022-06-15..")
    first = world.post("li", "acme", LR, "2012-01-01..2022-06-10")
    (measure,) = [each for each in world.raw("2023-06-01").measures if each.rule.id == "P04"]
    assert (measure.path[-1].edge, [step.edge for step in measure.also_via]) == (first, [second, "rsp0"])


# P01: 限制消费令


def test_p01_binds_debtor_legal_representative_and_principal_together() -> None:
    world = World()
    world.order()
    world.post("li", "acme", LR)
    world.post("wang", "acme", PR)
    world.post("chen", "acme", DIRECTOR)
    answer = world.ask("2023-06-01")
    assert {line.split()[3] for line in answer.measures} == {"acme", "li", "wang"}
    assert "P01 o1 chen NO_FINDING" in answer.considered


def test_p01_binds_a_person_who_is_the_debtor() -> None:
    world = World()
    world.person("li")
    world.order(about="li")
    assert world.ask("2023-06-01").measures == {"P01 RESTRICT_CONSUMPTION o1 li EX_LEGE 2023-05-01 - EVENT"}


def test_p01_of_2010_knew_no_actual_controller() -> None:
    world = World()
    world.order(decided_on="2014-01-01")
    world.post("sun", "acme", AC)
    assert not any("sun" in line for line in world.ask("2015-07-21").potential)
    assert any("sun" in line for line in world.ask("2015-07-22").potential)


def test_p01_declared_controller_is_potential_until_found() -> None:
    world = World()
    world.order()
    world.post("sun", "acme", AC)
    world.found("sun", "o1", Capacity.ACTUAL_CONTROLLER_FOUND, "2023-08-01")
    assert [each.certainty for each in world.raw("2023-07-31").potential] == [Certainty.POTENTIAL]
    found = [each for each in world.raw("2023-08-01").measures if each.party == "sun"]
    assert [each.certainty for each in found] == [Certainty.FOUND]


def test_p01_after_a_change_the_former_representative_is_potential_until_released() -> None:
    world = World()
    world.order()
    world.post("li", "acme", LR, "2012-01-01..2023-08-01")
    world.post("wang", "acme", LR, "2023-08-01..")
    before, after = world.ask("2023-07-31"), world.ask("2023-08-01")
    assert "P01 RESTRICT_CONSUMPTION o1 li EX_LEGE 2023-05-01 2023-08-01 EVENT" in before.measures
    assert "P01 RESTRICT_CONSUMPTION o1 wang EX_LEGE 2023-08-01 - EVENT" in after.measures
    assert any(" li POTENTIAL " in line and "NO_RELEASE_RECORDED" in line for line in after.potential)
    world.found("li", "o1", Capacity.RELEASED, "2023-10-01")
    assert any(" li " in line for line in world.ask("2023-09-30").potential)
    released = world.ask("2023-10-01")
    assert (released.potential, any(" li " in line for line in released.measures)) == (set(), False)


def test_p01_who_left_before_the_order_is_free() -> None:
    world = World()
    world.order()
    world.post("li", "acme", LR, "2012-01-01..2023-05-01")
    answer = world.ask("2023-06-01")
    assert (answer.potential, "P01 o1 li ROLE_NOT_AT_ANCHOR" in answer.considered) == (set(), True)


def test_p01_ends_when_the_order_is_lifted() -> None:
    world = World()
    world.order(lifted_on="2024-01-15")
    world.post("li", "acme", LR)
    assert len(world.ask("2024-01-14").measures) == 2
    assert world.ask("2024-01-15").measures == set()


# P07: 失信被执行人, 数额较大


@pytest.mark.parametrize(
    ("large", "measures", "potential", "considered"),
    [
        (True, {"P07 BAR_COMPANY_OFFICE e1 li EX_LEGE 2024-08-01 2026-08-01 TERM"}, set(), set()),
        (None, set(), {"P07 BAR_COMPANY_OFFICE e1 li POTENTIAL 2024-08-01 2026-08-01 TERM ?LARGE_DEBT_UNKNOWN"}, set()),
        (False, set(), set(), {"P07 e1 li CONDITION_NOT_RECORDED"}),
    ],
)
def test_p07_needs_a_large_debt(
    large: bool | None, measures: set[str], potential: set[str], considered: set[str]
) -> None:
    world = World()
    world.person("li")
    world.listed("e1", "li", "失信被执行人", "2024-08-01..2026-08-01", large_debt=large)
    answer = world.ask("2025-01-01")
    p07 = of("P07", answer.measures), of("P07", answer.potential), of("P07", answer.considered)
    assert p07 == (measures, potential, considered)


def test_p07_before_july_2024_needs_enforcement_and_a_finding_not_a_list() -> None:
    world = World()
    world.person("li")
    world.listed("e1", "li", "失信被执行人", "2024-01-01..2026-01-01", large_debt=True)
    world.record("x1", RecordKind.ENFORCEMENT, "li", decided_on="2023-01-01")
    old = world.ask("2024-06-30")
    assert of("P07", old.measures) == set()
    assert "P07 e1 li NOT_YET_IN_FORCE" in old.considered
    assert (
        "P07 BAR_COMPANY_OFFICE x1 li POTENTIAL 2023-01-01 - EVENT ?FINDING_OF_RESPONSIBILITY ?LARGE_DEBT_UNKNOWN"
        in old.potential
    )
    new = world.ask("2024-07-01")
    assert "P07 BAR_COMPANY_OFFICE e1 li EX_LEGE 2024-07-01 2026-01-01 TERM" in new.measures
    assert "P07 x1 li VERSION_ENDED" in new.considered or any("P07" in line and "x1" in line for line in new.considered)


def test_p05_debt_bars_the_office_of_legal_representative_only_with_a_finding() -> None:
    world = World()
    world.person("li")
    world.record("x1", RecordKind.ENFORCEMENT, "li", decided_on="2023-01-01", large_debt=True)
    assert any(
        line.startswith("P05.debt BAR_LEGAL_REPRESENTATIVE x1 li POTENTIAL")
        for line in world.ask("2024-01-01").potential
    )
    world.found("li", "x1", F, "2023-06-01")
    assert any(
        line.startswith("P05.debt BAR_LEGAL_REPRESENTATIVE x1 li FOUND") for line in world.ask("2024-01-01").measures
    )


# P11: 拖欠农民工工资


@pytest.mark.parametrize(
    "capacity", [Capacity.NAMED, Capacity.PERSON_IN_CHARGE, DRM, Capacity.OTHER_DIRECTLY_RESPONSIBLE]
)
def test_p11_binds_the_employer_and_whoever_the_decision_names(capacity: Capacity) -> None:
    world = World()
    world.listed("w1", "acme", "拖欠农民工工资失信联合惩戒对象", "2022-03-01..2025-03-01", decided_on="2022-03-01")
    world.post("li", "acme", LR)
    world.found("zhao", "w1", capacity, "2022-03-01")
    answer = world.ask("2023-01-01")
    assert answer.measures == {
        "P11 JOINT_PUNISHMENT_WAGES w1 acme EX_LEGE 2022-03-01 2025-03-01 TERM",
        "P11 JOINT_PUNISHMENT_WAGES w1 zhao NAMED 2022-03-01 2025-03-01 TERM",
    }
    assert (answer.potential, "P11 w1 li NOT_NAMED" in answer.considered) == (set(), True)


def test_p11_is_governed_by_the_day_of_the_decision() -> None:
    world = World()
    world.listed("w1", "acme", "拖欠农民工工资失信联合惩戒对象", "2020-04-30..2023-04-30", decided_on="2020-04-30")
    answer = world.ask("2021-01-01")
    assert (of("P11", answer.measures), "P11 w1 acme NOT_YET_IN_FORCE" in answer.considered) == (set(), True)


def test_alias_of_a_list_is_the_list() -> None:
    world = World()
    world.listed("w1", "acme", "拖欠农民工工资黑名单", "2022-03-01..2025-03-01", decided_on="2022-03-01")
    assert len(world.ask("2023-01-01").measures) == 1


# P12: 吊销食品许可


def test_p12_binds_operator_representative_and_those_directly_responsible() -> None:
    world = World()
    world.food()
    world.post("li", "acme", LR, "2012-05-01..2019-10-15")
    world.post("zhou", "acme", LR, "2019-11-01..")
    world.post("chen", "acme", DIRECTOR)
    world.found("wang", "f1", DRM, "2020-02-29")
    answer = world.ask("2025-02-28")
    term = "2020-02-29 2025-03-01 TERM"
    assert answer.measures == {
        f"P12 BAR_FOOD_BUSINESS f1 acme EX_LEGE {term}",
        f"P12 BAR_FOOD_BUSINESS f1 li EX_LEGE {term}",
        f"P12 BAR_FOOD_BUSINESS f1 wang FOUND {term}",
    }
    assert {"P12 f1 zhou ROLE_NOT_AT_ANCHOR", "P12 f1 chen NO_FINDING"} <= answer.considered
    assert world.ask("2025-03-01").measures == set()


def test_p12_food_crime_with_a_fixed_term_bars_for_life() -> None:
    world = World()
    world.person("li")
    world.record(
        "c1",
        RecordKind.CRIMINAL_CONVICTION,
        "li",
        decided_on="2020-01-01",
        crime="FOOD_SAFETY",
        sentence="FIXED_TERM_OR_MORE",
    )
    assert world.ask("2070-01-01").measures == {"P12.crime BAR_FOOD_BUSINESS c1 li EX_LEGE 2020-01-01 - LIFE"}


def test_one_party_rule_and_cause_is_one_answer_the_stronger() -> None:
    world = World()
    world.food()
    world.post("li", "acme", LR)
    world.found("li", "f1", DRM)
    measures = [each for each in world.raw("2021-01-01").measures if each.party == "li"]
    assert [each.certainty for each in measures] == [Certainty.EX_LEGE]
    assert [step.capacity for step in measures[0].also_via] == [DRM]


# P30: 职业资格


@pytest.mark.parametrize(
    ("on_day", "codes"),
    [
        ("2019-12-31", {"BAR_OFFICE_INSURANCE"}),
        ("2020-03-01", {"BAR_OFFICE_INSURANCE", "BAR_OFFICE_SECURITIES"}),
        ("2022-08-01", {"BAR_OFFICE_INSURANCE", "BAR_OFFICE_SECURITIES", "BAR_OFFICE_FUTURES"}),
        ("2024-06-01", {"BAR_OFFICE_INSURANCE", "BAR_OFFICE_SECURITIES", "BAR_OFFICE_FUTURES"}),
        ("2024-06-02", set()),
    ],
)
def test_p30_bars_for_five_years_by_the_laws_in_force(on_day: str, codes: set[str]) -> None:
    world = World()
    world.licence("q1", "qian", "律师", revoked_on="2019-06-01", reason="ILLEGALITY")
    assert {each.definition.code for each in world.raw(on_day).measures if each.rule.id == "P30"} == codes


@pytest.mark.parametrize(
    ("profession", "reason", "failed"),
    [
        ("律师", "VOLUNTARY", "CONDITION_NOT_RECORDED"),
        ("律师", None, "CONDITION_NOT_RECORDED"),
        ("导游", "ILLEGALITY", "SECTOR_OR_LICENCE"),
    ],
)
def test_p30_needs_profession_and_illegality(profession: str, reason: str | None, failed: str) -> None:
    world = World()
    world.licence("q1", "qian", profession, revoked_on="2023-06-01", reason=reason)
    answer = world.ask("2024-01-01")
    assert (of("P30", answer.measures), f"P30.insurance q1 qian {failed}" in answer.considered) == (set(), True)


# Dates, knowledge, completeness


@pytest.mark.parametrize("on_day", ["1950-01-01", "2018-05-31"])
def test_before_all_facts_there_is_no_answer_and_no_error(on_day: str) -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR)
    assert world.ask(on_day) == (set(), set(), set(), set())


def test_what_was_not_yet_known_or_no_longer_believed_does_not_count() -> None:
    early, late = (instant(parse(day)) for day in ("2023-02-01", "2023-05-01"))
    world = World()
    world.revocation(decided_on="2023-01-10", offence="2022-06-01..2022-07-01")
    world.post("li", "acme", LR, provenance=Provenance("a", early, late))
    world.post("wang", "acme", LR, provenance=Provenance("a", late))
    assert {line.split()[3] for line in world.ask("2023-06-01", early).potential} == {"li"}
    assert {line.split()[3] for line in world.ask("2023-06-01", late).potential} == {"wang"}


def parse(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_day_known_to_the_month_gives_a_gap_and_no_guess() -> None:
    world = revoked(decided_on="2023-01")
    inside, after = world.ask("2023-01-15"), world.ask("2023-06-01")
    assert any("DATE_IMPRECISE" in line for line in inside.potential)
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2023-01-31 2026-01-02 TERM" in after.measures
    assert any("DATE_IMPRECISE" in line for line in world.ask("2026-01-15").potential)
    assert of("P04", world.ask("2026-02-01").measures) == set()


def test_record_repaired_without_a_day_counts_as_repaired_on_every_day_and_warns() -> None:
    world = World()
    world.listed("w1", "acme", "拖欠农民工工资失信联合惩戒对象", "2022-03-01..2025-03-01", state=RecordState.REPAIRED)
    answer = world.ask("2022-04-01")
    assert (answer.measures, "REPAIR_DATE_MISSING w1" in answer.warnings) == (set(), True)


def test_suspension_binds_only_its_own_days_whatever_the_state_says() -> None:
    world = revoked(suspended="2023-03-01..2023-04-01", state=RecordState.SUSPENDED)
    assert [bool(world.ask(day).measures) for day in ("2023-02-28", "2023-03-01", "2023-03-31", "2023-04-01")] == [
        True,
        False,
        False,
        True,
    ]


def test_expired_means_publication_only() -> None:
    assert revoked(state=RecordState.EXPIRED).ask("2023-06-01") == revoked().ask("2023-06-01")


@pytest.mark.parametrize(
    ("purpose", "outcome"),
    [
        (None, "PROHIBITED"),
        (Purpose.OFFICE_APPOINTMENT, "PROHIBITED"),
        (Purpose.REGISTRATION, "PROHIBITED"),
        (Purpose.BIDDING, "NOTHING_FOUND"),
    ],
)
def test_outcome_follows_the_purpose(purpose: Purpose | None, outcome: str) -> None:
    assert revoked().check("li", "2023-06-01", purpose)[0] == outcome


def test_own_record_without_a_rule_is_never_silent() -> None:
    world = World()
    world.revocation(types=frozenset({PenaltyType.FINE}))
    outcome, answer = world.check("acme", "2019-01-01")
    assert (outcome, answer.warnings) == ("RESTRICTED", {"OWN_RECORD_WITHOUT_RULE r1"})


def test_permit_award_and_red_list_restrict_nobody() -> None:
    world = World()
    world.record("p", RecordKind.PERMIT, "acme", decided_on="2018-01-01")
    world.record("a", RecordKind.AWARD, "acme", decided_on="2018-01-01")
    world.listed("g", "acme", "诚信绿卡", "2018-01-01..")
    assert world.check("acme", "2019-01-01")[0] == "NOTHING_FOUND"


def test_cut_facts_make_nothing_found_not_conclusive() -> None:
    world = World()
    world.firm("acme")
    cut = Cut(TruncationReason.EDGE_LIMIT, 5)
    answer = propagation.check(
        world.facts, load(), "acme", None, date(2024, 1, 1), LATEST, official=True, truncated=cut
    )
    assert (answer.outcome, answer.complete, answer.truncated) == ("NOTHING_FOUND", False, cut)


def test_period_helpers_agree_on_a_single_day() -> None:
    day = parse_day("2024-02-29")
    assert Period(day, on(date(2024, 3, 1))).contains(date(2024, 2, 29))


def test_p01_of_a_representative_who_will_leave_ends_with_the_post_not_with_the_order() -> None:
    world = World()
    world.order(lifted_on="2024-01-15")
    world.post("li", "acme", LR, "2012-01-01..2023-08-01")
    assert world.ask("2023-06-01").measures == {
        "P01 RESTRICT_CONSUMPTION o1 acme EX_LEGE 2023-05-01 2024-01-15 EVENT",
        "P01 RESTRICT_CONSUMPTION o1 li EX_LEGE 2023-05-01 2023-08-01 EVENT",
    }


def test_offence_period_without_a_single_day_is_not_used() -> None:
    answer = revoked(None, offence="2022-06-01..2022-06-01").ask("2023-06-01")
    assert all("?OFFENCE_PERIOD_UNKNOWN" in line for line in answer.potential)
    assert ("OFFENCE_REVERSED r1" in answer.warnings, answer.measures) == (True, set())


def test_the_public_reasons_over_published_causes_and_public_relations_only() -> None:
    world = World()
    world.food()
    world.food("hidden", "bing", types=frozenset({PenaltyType.LICENCE_REVOKED}), state=RecordState.EXPIRED)
    world.post("li", "acme", LR)
    assert {line.split()[2] for line in world.reach("f1", "2020-06-01", official=False).measures} == {"f1"}
    assert world.check("bing", "2020-06-01", official=True)[0] == "PROHIBITED"
    assert world.check("bing", "2020-06-01", official=False) == ("NOTHING_FOUND", (set(), set(), set(), set()))


def test_p01_ends_when_the_debt_is_performed() -> None:
    world = World()
    world.order(completed_on="2023-12-01")
    world.post("li", "acme", LR)
    before, after = world.ask("2023-11-30"), world.ask("2023-12-01")
    assert "P01 RESTRICT_CONSUMPTION o1 li EX_LEGE 2023-05-01 2023-12-01 EVENT" in before.measures
    assert (after.measures, "P01 o1 li LIFTED" in after.considered) == (set(), True)


def test_completion_ends_no_term_of_years() -> None:
    assert revoked(completed_on="2023-02-01").ask("2023-06-01") == revoked().ask("2023-06-01")


def test_sentence_served_is_no_record_in_force() -> None:
    world = World()
    world.person("zheng")
    world.record("c1", RecordKind.CRIMINAL_CONVICTION, "zheng", decided_on="2016-05-01", served_on="2017-05-01")
    assert world.check("zheng", "2017-04-30")[0] == "RESTRICTED"
    assert world.check("zheng", "2017-05-01")[0] == "NOTHING_FOUND"


def test_every_considered_rule_explains_itself_with_the_fact_and_the_date_in_both_languages() -> None:
    world = revoked(licence="FOOD", sector="FOOD")
    world.post("chen", "acme", DIRECTOR)
    world.post("zhou", "acme", LR, "2023-01-01..")
    considered = world.raw("2023-06-01").considered
    assert {each.failed for each in considered} >= {"SECTOR_OR_LICENCE", "NO_FINDING", "ROLE_NOT_AT_ANCHOR"}
    for each in considered:
        assert "20" in each.explanation.zh
        assert "20" in each.explanation.en
        assert each.explanation.zh != each.explanation.en


def test_of_several_posts_that_prove_a_step_the_last_to_end_counts() -> None:
    world = World()
    world.order()
    world.post("li", "acme", LR, "2012-05-01..2025-01-01")
    world.post("li", "acme", PR, "2013-05-01..")
    assert "P01 RESTRICT_CONSUMPTION o1 li EX_LEGE 2023-05-01 - EVENT" in world.ask("2024-01-01").measures
    world = World()
    world.person("li")
    world.listed("e1", "li", "失信被执行人", "2024-08-01..", large_debt=True)
    first = world.post("li", "beta", DIRECTOR, "2020-01-01..2025-06-01")
    second = world.post("li", "beta", PostKind.FINANCE_CHIEF, "2021-01-01..")
    (duty,) = [each for each in world.raw("2025-01-01").measures if each.party == "beta"]
    assert (duty.until, duty.path[-1].edge, [step.edge for step in duty.also_via]) == (None, first, [second])


def test_p01_found_controller_is_not_bound_before_the_text_of_2015() -> None:
    world = World()
    world.order(decided_on="2012-01-01")
    world.found("ac", "o1", Capacity.ACTUAL_CONTROLLER_FOUND, "2013-01-01")
    assert not any(" ac " in line for line in world.ask("2014-01-01").measures)
    assert "P01 RESTRICT_CONSUMPTION o1 ac FOUND 2015-07-22 - EVENT" in world.ask("2016-01-01").measures


def test_p12_counts_five_years_from_the_decision_not_from_its_effect() -> None:
    world = World()
    world.food(effective_on="2020-03-10")
    assert "P12 BAR_FOOD_BUSINESS f1 acme EX_LEGE 2020-03-10 2025-03-01 TERM" in world.ask("2025-02-28").measures
    assert (world.ask("2025-03-05").measures, "P12 f1 acme TERM_ENDED" in world.ask("2025-03-05").considered) == (
        set(),
        True,
    )


def test_revocation_of_another_licence_gives_a_closure_no_start_day() -> None:
    both = frozenset({PenaltyType.CLOSURE_ORDERED, PenaltyType.LICENCE_REVOKED})
    answer = revoked(types=both, licence="FOOD").ask("2023-06-01")
    assert {line.split()[0] for line in answer.measures} == {"P12"}
    assert {line.split()[0] for line in answer.potential if "?TERM_START_UNKNOWN" in line} == {"P04", "P05"}


def test_finding_does_not_make_an_unknown_debt_large() -> None:
    world = World()
    world.person("li")
    world.record("x1", RecordKind.ENFORCEMENT, "li", decided_on="2023-01-01")
    world.found("li", "x1", F, "2023-02-01")
    answer = world.ask("2023-06-01")
    assert answer.measures == set()
    assert answer.potential == {
        "P05.debt BAR_LEGAL_REPRESENTATIVE x1 li POTENTIAL 2023-01-01 - EVENT ?LARGE_DEBT_UNKNOWN",
        "P07 BAR_COMPANY_OFFICE x1 li POTENTIAL 2023-01-01 - EVENT ?LARGE_DEBT_UNKNOWN",
    }


def test_imprecise_release_naming_birthday_and_post_decide_nothing() -> None:
    world = World()
    world.order()
    world.post("li", "acme", LR)
    world.found("li", "o1", Capacity.RELEASED, "2024-05")
    assert any(" li POTENTIAL " in line and "DATE_IMPRECISE" in line for line in world.ask("2024-05-15").potential)
    world = World()
    world.listed("w1", "acme", "拖欠农民工工资失信联合惩戒对象", "2023-05-10..")
    world.post("li", "acme", DIRECTOR)
    world.found("li", "w1", Capacity.NAMED, "2023-05")
    answer = world.ask("2023-05-15")
    assert any(" li POTENTIAL " in line and "DATE_IMPRECISE" in line for line in answer.potential)
    assert "P11 w1 li NOT_NAMED" not in answer.considered
    world = World()
    world.person("li", "2021")
    world.food(about="li")
    assert (world.ask("2021-03-01").measures, len(world.ask("2021-03-01").potential)) == (set(), 1)
    world = World()
    world.food()
    world.post("li", "acme", LR, "2019..")
    world.found("li", "f1", Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE, "2020-02-29")
    assert any(" li EX_LEGE " in line for line in world.ask("2021-06-15").measures)
