"""Loads that are interrupted leave what undisturbed ones leave; `make test-fault` does it 50 times on 200,000 rows."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults.interruption import Loading, interrupted, whole
from tests.faults.penalties import penalties
from tests.graph.store.embedded.observed import within

ROWS = 2_000


def test_a_load_interrupted_five_times_leaves_the_graph_of_one_that_was_not(tmp_path: Path) -> None:
    command = "double-publicity", str(penalties(tmp_path / "penalties.csv", ROWS))
    expected, seconds = whole(tmp_path / "whole", command)
    assert dict(expected.counts)["Entity:Penalty:Record"] == ROWS
    found = interrupted(tmp_path / "interrupted", command, random.Random(20261128), 5, seconds)
    assert found == expected


def test_of_two_loads_at_once_the_second_waits_and_says_for_whom(tmp_path: Path) -> None:
    home, first, second = tmp_path / "home", tmp_path / "first.csv", tmp_path / "second.csv"
    loadings = [
        Loading(home, ("double-publicity", str(penalties(path, ROWS))), path.with_suffix(".output"))
        for path in (first, second)
    ]
    loadings[0].start()
    within(240, lambda: (home / "loading").exists() and str(first) in (home / "loading").read_text())
    for each in reversed(loadings):
        each.finish()
    said = second.with_suffix(".output").read_text()
    assert f"waiting for another load to end: double-publicity {first}" in said
    assert f"read {ROWS} = loaded 0 + unchanged {ROWS} + quarantined 0" in said
    assert (home / "loading").read_text() == ""
