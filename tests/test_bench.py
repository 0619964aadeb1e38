"""Bars of the benchmarks: one that is missed is told beside its value, and named at the end."""

from __future__ import annotations

import pytest

from bench.__main__ import BENCHES, NEED_A_CITY, NEED_NOTHING, main
from bench.bars import Bars, spread


def test_a_bar_that_is_missed_is_told_and_kept() -> None:
    bars = Bars("api")
    assert bars.most("median over the floor", 1.15, 1.15) == "bar 1.15"
    assert bars.most("median over the floor", 1.26, 1.15) == "bar 1.15: MISSED"
    assert bars.least("plans there", 99.0, 99, "%") == "bar 99"
    assert bars.least("plans there", 98.5, 99, "%") == "bar 99: MISSED"
    assert bars.holds("point: same answers", kept=True) == "point: same answers"
    assert bars.holds("point: same answers", kept=False) == "point: same answers: MISSED"
    assert bars.missed == [
        "api: median over the floor 1.26 x (bar 1.15)",
        "api: plans there 98.5 % (bar 99)",
        "api: point: same answers",
    ]


def test_a_spread_is_from_the_least_to_the_greatest_of_the_rounds() -> None:
    assert spread([0.9, 1.3, 1.0]) == "1.00 x (0.90 to 1.30)"


def test_whatever_needs_no_home_is_run_without_a_name() -> None:
    assert {*NEED_NOTHING, *NEED_A_CITY} <= BENCHES.keys()
    with pytest.raises(SystemExit, match=r"--node FOLDER \| api\|"):
        main(["nothing"])
