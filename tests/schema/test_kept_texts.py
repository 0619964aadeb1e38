"""Statements that are kept: bounded by their number for a program, and by their size for a process."""

from __future__ import annotations

from schema.observing import Unobserved
from schema.planning.texts import TEXTS, Kept, Texts


class Counting(Unobserved):
    def __init__(self) -> None:
        self.kept = self.made = 0

    def plan(self, *, reused: bool) -> None:
        self.made += not reused

    def plans(self, more: int) -> None:
        self.kept += more


def ask(texts: Texts, kept: Kept, *keys: object, size: int = 10_000) -> None:
    for key in keys:
        assert texts.find(kept, key, lambda key=key: f"{key}".ljust(size)) == f"{key}".ljust(size)  # type: ignore[misc]


def test_programs_together_hold_no_more_than_the_bytes_and_the_longest_unused_goes_first() -> None:
    counting = Counting()
    texts = Texts(counting, 105_000)
    one, other = Kept(), Kept()
    ask(texts, one, *range(5))
    ask(texts, other, *range(5))
    ask(texts, one, 0)
    assert (counting.made, counting.kept, texts.bytes <= 105_000) == (10, 10, True)
    ask(texts, other, 5, 6)
    assert ([*one], [*other]) == ([3, 4, 0], [0, 1, 2, 3, 4, 5, 6])
    assert (counting.made, counting.kept, texts.bytes <= 105_000) == (12, 10, True)
    texts.forget(one)
    texts.forget(other)
    assert (counting.kept, texts.bytes, [*one], [*other]) == (0, 0, [], [])


def test_one_program_holds_no_more_than_its_number() -> None:
    texts, program = Texts(Unobserved()), Kept()
    ask(texts, program, *range(TEXTS + 10), size=10)
    assert [*program] == [*range(10, TEXTS + 10)]


def test_a_text_that_is_larger_than_all_may_be_is_told_and_not_kept() -> None:
    counting = Counting()
    texts, program = Texts(counting, 5_000), Kept()
    ask(texts, program, "a", "a")
    assert (counting.made, counting.kept, texts.bytes, [*program]) == (2, 0, 0, [])
