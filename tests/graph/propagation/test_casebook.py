"""The casebook against the pure engine and the pack in force: what the law demands, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.codes import Effect
from graph.rules import load
from tests.casebook import Case, about, awaiting, casebook, failure_of, failures, measures, misdefined, rules_of

CASES = casebook()


def marked(case: Case) -> object:
    """A case that awaits its rule must fail: the day the rule lands, its name must leave the list."""
    waits = pytest.mark.xfail(reason="awaits its rule", strict=True)
    return pytest.param(case, id=case.name, marks=[waits] if case.name in awaiting() else [])


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case_is_answered_as_the_law_demands(case: Case) -> None:
    failure = failure_of(load(), case)
    assert failure is None, str(failure)


@pytest.mark.parametrize("case", casebook("ofac50"), ids=lambda case: case.name)
def test_case_of_the_second_pack_is_answered_as_its_guidance_demands(case: Case) -> None:
    failure = failure_of(load("ofac50"), case)
    assert failure is None, str(failure)


def test_a_measure_that_does_something_else_or_serves_another_purpose_fails_its_cases() -> None:
    """`measures.yaml` says of every measure that a rule applies what it does, and of no other."""
    applied = {
        each.code
        for pack in (load(), load("ofac50"))
        for rule in pack.rules
        for each in (rule.measure, rule.duty.measure if rule.duty else None)
        if each is not None
    }
    assert applied == set(measures())
    definition = load().definitions["RESTRICT_CONSUMPTION"]
    assert [*misdefined([definition])] == []
    assert [*misdefined([replace(definition, effect=Effect.PROHIBITS)])] == [
        "RESTRICT_CONSUMPTION: PROHIBITS for OTHER is not in measures.yaml"
    ]


def test_casebook_has_at_least_150_worlds_with_an_article_and_a_reason_each() -> None:
    assert len(CASES) >= 150
    assert [case.name for case in CASES if not case.article.strip() or not case.why.strip()] == []


def test_list_of_awaiting_cases_names_only_cases() -> None:
    assert awaiting() - {case.name for case in CASES} == set()


def test_pack_without_rules_fails_nearly_every_case() -> None:
    """Cases that demand only silence are twins of others; they are never most of the casebook."""
    nothing = replace(load(), rules=(), text="")
    assert len(failures(nothing)) > len(CASES) * 2 / 3


def test_failures_stop_when_there_are_enough() -> None:
    nothing = replace(load(), rules=(), text="")
    assert len(failures(nothing, enough=1)) == 1


def test_cases_of_a_rule_come_first() -> None:
    first = about("P11")[0]
    assert "P11" in rules_of(first)
