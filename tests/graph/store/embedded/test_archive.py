"""The class archive: its maker may be killed at any moment, and leaves neither a process nor half an archive."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from graph.store.embedded import EmbeddedOptions
from graph.store.embedded.archive import sweep
from graph.store.embedded.java import Archives, Java
from graph.store.embedded.processes import ROOT
from tests.graph.store.embedded.observed import kill, processes, within


def test_a_killed_maker_leaves_nothing_behind(options: EmbeddedOptions, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    options = replace(options, cache=cache)
    maker = subprocess.Popen(
        [sys.executable, "-m", "graph.store.embedded.archive", json.dumps(options.to_json())],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with maker:
        within(10, lambda: len(processes(cache)) == 2)  # it and the JVM that dumps the base archive
        kill(maker.pid)
    within(2, lambda: processes(cache) == [])
    archives = Archives.of(options, Java.find(options))
    assert not archives.present()
    assert list(archives.folder.glob("scratch-*")) != []
    sweep(archives.folder)
    assert list(archives.folder.glob("scratch-*")) == []
