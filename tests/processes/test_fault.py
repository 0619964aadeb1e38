"""Loads that are interrupted leave what undisturbed ones leave; `make test-fault` does it 50 times on 200,000 rows."""

from __future__ import annotations

import random
import re
from pathlib import Path

from tests.faults.interruption import Loading, interrupted, kill_loader, leased, whole
from tests.faults.penalties import penalties
from tests.graph.store.embedded.observed import connected, within

ROWS = 2_000
BATCHES = 4_000  # rows of which two transactions are made: a penalty is three drafts
WRITTEN = "MATCH (penalty:Penalty) RETURN count(penalty) AS rows"
RESUMED = re.compile(r"read (\d+) = loaded (\d+) \+ unchanged (\d+) \+ quarantined 0")


def test_a_load_interrupted_five_times_leaves_the_graph_of_one_that_was_not(tmp_path: Path) -> None:
    command = "double-publicity", str(penalties(tmp_path / "penalties.csv", BATCHES))
    expected, course = whole(tmp_path / "whole", command)
    assert dict(expected.counts)["Entity:Penalty:Record"] == BATCHES
    found = interrupted(tmp_path / "interrupted", command, random.Random(20261128), 5, course)
    assert set(found) == {expected}


def test_a_load_killed_between_two_batches_goes_on_behind_what_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = "double-publicity", str(penalties(tmp_path / "penalties.csv", BATCHES))
    loading = Loading(home, command, tmp_path / "output")
    loading.start()
    within(240, lambda: loading.turned)
    with leased(home) as lease, connected(lease.address()) as driver:
        within(240, lambda: driver.execute_query(WRITTEN).records[0]["rows"] > 0)
        kill_loader(loading)
    loading.finish()
    (read, loaded, unchanged) = map(int, RESUMED.findall(loading.output.read_text())[-1])
    assert read == BATCHES == loaded + unchanged
    assert 0 < unchanged < BATCHES


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
