"""The law cannot change silently: its digest stands here, and the casebook notices when one condition of it changes."""

from __future__ import annotations

from graph.rules import load
from graph.rules.rule import Way
from tests.casebook import awaiting
from tests.rule_mutation import mutants, survivors
from tests.rule_thresholds import VARIANTS

DIGEST = "fe3bc453f4bcb5f58d771bc125bb08f5348af4a56074c61e43b19613cda61110"
SECOND = "cbe3f5a3b03e38803d8ea7dbe3550a34e7e6e19b02a511ca9c0ceb67aef401f4"


def test_a_rule_cannot_change_silently() -> None:
    """Whoever changes the law changes this line, with the article in the message of the commit."""
    assert (load().digest, load("ofac50").digest) == (DIGEST, SECOND)


def test_no_case_awaits_its_rule() -> None:
    assert awaiting() == frozenset()


def test_every_mutant_of_the_law_is_noticed() -> None:
    found = list(mutants(load()))
    assert len(found) >= 3_000
    alive = {each.name for each in load().rules if each.measure or each.way in (Way.ALERT, Way.CONFLICT)}
    assert {each.rule.split()[0] for each in found} >= alive | {"M01"}
    assert {each.operator for each in found} >= {"drop hop", "swap duty", "move threshold", "shift version border"}
    assert len([each for each in found if each.rules[0].way is Way.CONFLICT]) == 16
    assert [str(each) for each in survivors(found)] == []


def test_half_is_neither_less_nor_more() -> None:
    """Every mutant of the second law, the limit of its joint share among them."""
    found = list(mutants(load("ofac50")))
    assert {each.operator for each in found} >= {"widen inequality", "narrow inequality", "shift version border"}
    assert [str(each) for each in survivors(found)] == []


def test_every_variant_stands_for_a_predicate_that_the_pack_asks() -> None:
    asked = {name for rule in load().rules for name in rule.conditions}
    assert {each.moves for each in VARIANTS} <= asked
    assert len({each.name for each in VARIANTS}) == len(VARIANTS)
    moved = [each for each in mutants(load()) if each.operator == "move threshold"]
    assert {each.what for each in moved} == {each.name for each in VARIANTS}
