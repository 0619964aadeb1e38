"""What must never happen (`domain.md` B10): each row with the world that would tempt a wrong engine."""

from __future__ import annotations

from typing import Any

import pytest

from graph.codes import Capacity, PenaltyType, PostKind, RecordKind, RecordState, SubjectKind
from graph.findings import Findings
from tests.graph.propagation.world import NOTHING, Answer, World

LR, PR = PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL


def test_list_entry_never_passes_to_legal_representative() -> None:
    world = World()
    world.post("li", "acme", LR)
    world.listed("e1", "acme", "失信被执行人", "2023-05-01..2025-05-01", large_debt=True)
    answer = world.ask("2023-06-01")
    assert (answer.measures, answer.potential) == (set(), set())
    assert "M01 e1 li MUST_NOT" in answer.considered


@pytest.mark.parametrize("name", ["失信被执行人", "严重违法失信名单", "重大税收违法失信主体", "经营异常名录"])
def test_no_list_passes_to_any_office_holder_by_role(name: str) -> None:
    world = World()
    for post in PostKind:
        world.post(f"p-{post}", "acme", post)
    world.listed("e1", "acme", name, "2023-05-01..2025-05-01")
    answer = world.ask("2023-06-01")
    assert {line for line in (*answer.measures, *answer.potential) if " p-" in line} == set()


def test_legal_representative_who_left_before_the_listing_is_not_even_considered() -> None:
    world = World()
    world.post("li", "acme", LR, "2012-05-01..2023-05-01")
    world.listed("e1", "acme", "失信被执行人", "2023-05-01..")
    assert not any("M01" in line for line in world.ask("2023-06-01").considered)


def test_listing_is_never_read_as_a_consumption_order() -> None:
    world = World()
    world.post("li", "acme", LR)
    world.listed("e1", "acme", "失信被执行人", "2023-05-01..")
    assert not any(
        line.startswith("P01") for line in (*world.ask("2023-06-01").measures, *world.ask("2023-06-01").potential)
    )


@pytest.mark.parametrize(
    "kind", [kind for kind in RecordKind if kind not in (RecordKind.CONSUMPTION_RESTRICTION, RecordKind.BANKRUPTCY)]
)
def test_without_a_rule_there_is_no_measure(kind: RecordKind) -> None:
    world = World()
    world.post("li", "acme", LR)
    world.post("li", "bing", PostKind.DIRECTOR)
    world.record("x", kind, "acme", decided_on="2023-01-01")
    answer = world.ask("2023-06-01")
    assert (answer.measures, answer.potential) == (set(), set())


def test_second_hop_is_walked_only_by_the_duty_to_dismiss() -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR)
    world.post("li", "bing", PostKind.DIRECTOR)
    world.post("wang", "bing", LR)
    world.post("wang", "ding", PostKind.DIRECTOR)
    parties = {line.split()[3] for line in world.ask("2019-01-01").potential}
    assert parties == {"li", "bing"}


@pytest.mark.parametrize("when", ["2012-01-01..2018-01-01", "2018-03-01..", "2010-01-01..2011-01-01"])
def test_role_held_only_outside_the_offence_period_binds_nobody(when: str) -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR, when)
    world.found("li", "r1")
    answer = world.ask("2019-01-01")
    assert (answer.measures, answer.potential) == (set(), set())
    assert "P04 r1 li ROLE_NOT_AT_ANCHOR" in answer.considered


@pytest.mark.parametrize("when", ["2018-02-28..2018-03-02", "2017-01-01..2018-01-02", "2018-02-28.."])
def test_one_day_of_overlap_with_the_offence_suffices(when: str) -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR, when)
    assert any(line.startswith("P04 BAR_COMPANY_OFFICE r1 li POTENTIAL") for line in world.ask("2019-01-01").potential)


def test_without_a_finding_a_class_f_rule_is_never_a_fact() -> None:
    world = World()
    world.revocation(decided_on="2023-01-10", offence="2022-06-01..2022-07-01")
    world.post("li", "acme", LR)
    assert world.ask("2023-06-01").measures == set()


@pytest.mark.parametrize(
    "capacity",
    [
        Capacity.NAMED,
        Capacity.PERSON_IN_CHARGE,
        Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR,
        Capacity.OTHER_DIRECTLY_RESPONSIBLE,
        Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE,
    ],
)
def test_naming_is_no_finding_of_personal_responsibility(capacity: Capacity) -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR)
    world.found("li", "r1", capacity)
    answer = world.ask("2019-01-01")
    assert answer.measures == set()
    assert any(line.startswith("P04") for line in answer.potential)


def test_potential_and_considered_are_for_officials_only() -> None:
    world = World()
    world.revocation(published="2018-06-05..")
    world.post("li", "acme", LR)
    assert world.reach("r1", "2018-09-01", official=True).potential != set()
    public = world.reach("r1", "2018-09-01", official=False)
    assert (public.measures, public.potential, public.considered) == (set(), set(), set())
    assert world.check("li", "2018-09-01", official=False)[0] == "NOTHING_FOUND"


def test_namesake_is_another_person() -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR)
    world.post("li2", "bing", LR)
    outcome, answer = world.check("li2", "2019-01-01")
    assert (outcome, answer) == ("NOTHING_FOUND", NOTHING)


@pytest.mark.parametrize(
    ("values", "failed"),
    [
        ({"revoked_on": "2018-09-01"}, "REVOKED"),
        ({"set_aside_on": "2018-09-01"}, "SET_ASIDE"),
        ({"lifted_on": "2018-09-01"}, "LIFTED"),
        ({"suspended": "2018-09-01..2019-06-01"}, "SUSPENDED"),
        ({"state": RecordState.REVOKED}, "REVOKED"),
        ({"state": RecordState.SET_ASIDE}, "SET_ASIDE"),
        ({"state": RecordState.SUSPENDED}, "SUSPENDED"),
    ],
)
def test_what_was_revoked_set_aside_lifted_or_suspended_carries_nothing(values: dict[str, Any], failed: str) -> None:
    world = World()
    world.revocation(**values)
    world.post("li", "acme", LR)
    world.found("li", "r1")
    answer = world.ask("2018-09-01")
    assert (answer.measures, answer.potential) == (set(), set())
    assert f"P04 r1 li {failed}" in answer.considered


def test_the_day_before_its_revocation_a_decision_still_binds_and_warns() -> None:
    world = World()
    world.revocation(revoked_on="2018-09-01")
    world.post("li", "acme", LR)
    world.found("li", "r1")
    answer = world.ask("2018-08-31")
    assert "P04 BAR_COMPANY_OFFICE r1 li FOUND 2018-06-01 2018-09-01 TERM" in answer.measures
    assert "CAUSE_LATER_REVOKED r1" in answer.warnings


def test_repair_ends_list_measures_the_same_day_and_no_ban_of_a_statute() -> None:
    world = World()
    world.food(repaired_on="2021-01-15")
    world.listed("w1", "bing", "拖欠农民工工资失信联合惩戒对象", "2020-06-01..2023-06-01", repaired_on="2021-01-15")
    before, after = world.ask("2021-01-14"), world.ask("2021-01-15")
    ban = "P12 BAR_FOOD_BUSINESS f1 acme EX_LEGE 2020-02-29 2025-03-01 TERM"
    assert before.measures == {ban, "P11 JOINT_PUNISHMENT_WAGES w1 bing EX_LEGE 2020-06-01 2021-01-15 TERM"}
    assert after.measures == {ban}
    assert "P11 w1 bing REPAIRED" in after.considered


def test_minor_is_never_measured_nor_considered() -> None:
    world = World()
    world.person("child", "2030-05-05")
    world.post("child", "acme", LR)
    world.order()
    world.revocation(decided_on="2023-04-01", offence="2023-01-01..2023-02-01")
    answer = world.ask("2023-06-01")
    assert not any("child" in line for part in answer for line in part)


def test_on_the_eighteenth_birthday_a_person_is_bound() -> None:
    world = World()
    world.person("young", "2023-06-01")
    world.post("young", "acme", LR)
    world.order()
    assert not any("young" in line for line in world.ask("2023-05-31").measures)
    assert any("young" in line for line in world.ask("2023-06-01").measures)


def test_unknown_age_is_said() -> None:
    world = World()
    world.person("li", None)
    world.post("li", "acme", LR)
    world.order()
    assert "AGE_UNKNOWN li" in world.ask("2023-06-01").warnings


def test_whether_an_age_is_known_is_told_to_officials_only() -> None:
    world = World()
    world.person("li", None)
    world.post("li", "acme", LR)
    world.order(published="2023-01-01..")
    assert "AGE_UNKNOWN li" in world.check("li", "2023-06-01")[1].warnings
    assert world.check("li", "2023-06-01", official=False)[1].warnings == set()


def test_common_state_ownership_and_holdings_relate_nobody() -> None:
    world = World()
    world.revocation()
    world.post("li", "acme", LR)
    world.firm("sister")
    answer = world.ask("2019-01-01")
    assert {line.split()[3] for line in answer.potential} == {"li"}


@pytest.mark.parametrize("grade", ["D", "C", "E"])
def test_grade_of_any_scheme_bars_nobody(grade: str) -> None:
    world = World()
    world.post("li", "acme", LR)
    world.record("g1", RecordKind.GRADE, "acme", decided_on="2024-04-01", scheme="TAX", grade=grade, year=2023)
    assert world.ask("2024-06-01").measures == set()


def test_measure_on_a_branch_does_not_reach_the_parent() -> None:
    world = World()
    world.firm("parent")
    world.food(about="branch")
    world.post("li", "branch", PR)
    world.post("wang", "parent", LR)
    answer = world.ask("2021-01-01")
    assert {line.split()[3] for line in answer.measures} == {"branch"}


def test_social_organisation_and_law_firm_owe_no_company_duty() -> None:
    world = World()
    world.firm("club", SubjectKind.SOCIAL_ORGANIZATION)
    world.revocation()
    world.post("li", "acme", LR)
    world.post("li", "club", PostKind.DIRECTOR)
    assert {line.split()[3] for line in world.ask("2019-01-01").potential} == {"li"}


def test_an_empty_world_answers_nothing() -> None:
    assert World().ask("2024-01-01") == Answer(set(), set(), set(), set())
    assert World().raw("2024-01-01") == Findings()


def test_fine_without_revocation_binds_no_person() -> None:
    world = World()
    world.post("li", "acme", LR)
    world.revocation(types=frozenset({PenaltyType.FINE, PenaltyType.WARNING}))
    answer = world.ask("2019-01-01")
    assert (answer.measures, answer.potential, answer.considered) == (set(), set(), set())
