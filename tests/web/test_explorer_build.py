"""The committed explorer is what its sources build; its own unit tests pass; it stays small."""

from __future__ import annotations

import filecmp
import gzip
import os
import subprocess
from pathlib import Path

WEB = Path(__file__).parent.parent.parent / "web"
BUILT = WEB / "static" / "explorer"
GZIPPED_BYTES = 60_000


def test_the_committed_files_are_those_the_sources_build(web: Path, tmp_path: Path) -> None:
    told = {**os.environ, "EXPLORER_OUT": str(tmp_path)}
    made = subprocess.run(["npm", "run", "explorer"], cwd=web, env=told, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == sorted(each.name for each in BUILT.iterdir())
    _, differing, missing = filecmp.cmpfiles(BUILT, tmp_path, names, shallow=False)
    assert (differing, missing) == ([], []), "npm run explorer in web/, and commit web/static"


def test_scene_layout_and_export_do_what_they_say(web: Path) -> None:
    run = subprocess.run(["npm", "test"], cwd=web, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_page_is_small() -> None:
    assert sum(len(gzip.compress(each.read_bytes())) for each in BUILT.iterdir()) <= GZIPPED_BYTES


def test_no_source_is_long() -> None:
    lines = {each.name: len(each.read_text(encoding="utf-8").splitlines()) for each in (WEB / "explorer").rglob("*.ts")}
    assert {name: count for name, count in lines.items() if count >= 400} == {}
