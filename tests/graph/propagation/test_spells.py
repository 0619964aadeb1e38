"""The course of a cause, read on any day, is the answer of that day; and each of its stretches is as long as it can."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import propagation
from graph.facts import Facts
from graph.findings import Measure
from graph.periods import LATEST
from graph.propagation.index import index
from graph.propagation.spells import Spell, spells, turning_days
from graph.propagation.triggers import families
from graph.rules import load
from tests.casebook import Case, casebook
from tests.graph.propagation.test_properties import worlds
from tests.graph.propagation.world import World


def course(facts: Facts) -> tuple[Spell, ...]:
    known = index(facts, LATEST)
    return tuple(each for cause in known.causes for each in spells(known, load(), cause))


def read(course: tuple[Spell, ...], on: date) -> set[Measure]:
    return {each.measure for each in course if each.start <= on and (each.end is None or on < each.end)}


def answered(facts: Facts, on: date) -> set[Measure]:
    found = propagation.propagate(facts, load(), on, LATEST)
    return {*found.measures, *found.potential}


def days(facts: Facts) -> set[date]:
    """Each day on which anything may turn, and its neighbours."""
    known = index(facts, LATEST)
    found = {day for cause in known.causes for day in turning_days(known, cause, families(load(), cause))}
    for each in known.causes:
        found |= {date(1990, 1, 1), date(2199, 12, 31), *([each.starts.last] if each.starts else [])}
    for post in facts.posts:
        found |= {each.first for each in (post.period.start, post.period.end) if each is not None}
    near = {day + timedelta(days=by) for day in found for by in (-1, 0, 1) if 1900 < day.year < 9000}
    return {day for day in near}


@settings(max_examples=100, deadline=None)
@given(worlds(), st.dates(date(2010, 1, 1), date(2035, 12, 31)))
def test_the_course_of_any_world_is_what_is_answered_each_day(world: World, on: date) -> None:
    found = course(world.facts)
    for day in (on, *days(world.facts)):
        assert read(found, day) == answered(world.facts, day), day


@pytest.mark.parametrize("case", [each for each in casebook() if each.facts is not None], ids=lambda each: each.name)
def test_the_course_of_every_case_is_what_is_answered_each_day(case: Case) -> None:
    assert case.facts is not None
    found = course(case.facts)
    for day in {*days(case.facts), *(each.as_of for each in case.questions)}:
        assert read(found, day) == answered(case.facts, day), day


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_a_stretch_ends_only_where_the_measure_becomes_another(world: World) -> None:
    by_key: dict[str, list[Spell]] = {}
    for each in course(world.facts):
        by_key.setdefault(each.measure.key, []).append(each)
    for stretches in by_key.values():
        for before, after in pairwise(stretches):
            assert before.end is not None
            assert before.end < after.start or (before.end == after.start and before.measure != after.measure)
