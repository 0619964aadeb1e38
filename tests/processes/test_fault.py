"""Loads that are interrupted leave what undisturbed ones leave; `make test-fault` does it 50 times on 200,000 rows."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults.interruption import interrupted, whole
from tests.faults.penalties import penalties

ROWS = 4_000


def test_a_load_interrupted_five_times_leaves_the_graph_of_one_that_was_not(tmp_path: Path) -> None:
    command = "double-publicity", str(penalties(tmp_path / "penalties.csv", ROWS))
    expected, seconds = whole(tmp_path / "whole", command)
    assert dict(expected.counts)["Entity:Penalty:Record"] == ROWS
    found = interrupted(tmp_path / "interrupted", command, random.Random(20261128), 5, seconds)
    assert found == expected
