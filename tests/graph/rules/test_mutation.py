"""The law cannot change silently: its digest stands here, and the casebook notices when one condition of it changes.

`make rule-mutation` asks for every mutant; here one in forty.
"""

from __future__ import annotations

from graph.rules import load
from tests.casebook import awaiting
from tests.rule_mutation import mutants, survivors

DIGEST = "fe3bc453f4bcb5f58d771bc125bb08f5348af4a56074c61e43b19613cda61110"
SECOND = "cbe3f5a3b03e38803d8ea7dbe3550a34e7e6e19b02a511ca9c0ceb67aef401f4"
STRIDE = 40


def test_a_rule_cannot_change_silently() -> None:
    """Whoever changes the law changes this line, with the article in the message of the commit."""
    assert (load().digest, load("ofac50").digest) == (DIGEST, SECOND)


def test_no_case_awaits_its_rule() -> None:
    assert awaiting() == frozenset()


def test_mutants_are_many_and_a_sample_of_them_is_noticed() -> None:
    found = list(mutants(load()))
    assert len(found) >= 300
    assert {each.rule.split()[0] for each in found} >= {each.name for each in load().rules if each.measure}
    assert [str(each) for each in survivors(found[::STRIDE])] == []
