"""A rule is left out for a sort of causes, or for one cause, only where it binds nobody on any day."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings

from graph.facts import Facts
from graph.periods import LATEST
from graph.propagation.engine import measures_on
from graph.propagation.index import index
from graph.propagation.sorts import NOT_OF_A_SORT, looked_at, of_cause, of_sort
from graph.propagation.spells import turning_days
from graph.propagation.triggers import conditions, families, triggered
from graph.rules import load
from tests.casebook import casebook
from tests.graph.propagation.test_properties import worlds
from tests.graph.propagation.world import World

CASES = [each.facts for each in casebook() if each.facts is not None]


class Watched:
    """A record or a licence that tells what was looked at."""

    def __init__(self, thing: Any, seen: set[str]) -> None:
        self._thing, self._seen = thing, seen

    def __getattr__(self, name: str) -> Any:
        self._seen.add(name)
        return getattr(self._thing, name)


def test_a_sort_is_made_of_everything_that_is_looked_at() -> None:
    looks = looked_at(load())
    asked: set[str] = set()
    for cause in (each for facts in CASES for each in index(facts, LATEST).causes):
        for rule in (each for family in load().by_kind.get(cause.kind, ()) for each in family if each.measure):
            seen = set[str]()
            thing: Any = SimpleNamespace(
                record=cause.record and Watched(cause.record, seen),
                licence=cause.licence and Watched(cause.licence, seen),
            )
            triggered(rule, thing, load())
            if NOT_OF_A_SORT.isdisjoint(rule.conditions):
                list(conditions(rule, thing))
            assert seen <= {*looks[cause.kind]}, (rule.name, rule.conditions)
            asked |= seen
    assert len(asked) > 10


def left_out_binds_nobody(facts: Facts) -> None:
    known = index(facts, LATEST)
    for cause in known.causes:
        sorts, by_sort, by_cause = families(load(), cause), of_sort(load(), cause), of_cause(load(), cause)
        assert {*by_cause} <= {*by_sort} <= {*sorts}
        assert of_cause(load(), cause, by_sort) == by_cause
        without = tuple(each for each in sorts if each not in by_cause)
        for day in turning_days(known, cause, sorts):
            assert measures_on(known, load(), cause, day, without) == {}, day


def test_what_is_left_out_in_a_case_binds_nobody_on_any_day() -> None:
    for facts in CASES:
        left_out_binds_nobody(facts)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_what_is_left_out_in_any_world_binds_nobody_on_any_day(world: World) -> None:
    left_out_binds_nobody(world.facts)
