"""Node.js for the tests of this folder: `npm ci` puts packages here and into web/, from lock files, once."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WEB = HERE.parent.parent / "web"
HOW = "需要 Node.js ≥ 20 / Node.js 20 or newer is needed: your system's package `nodejs` with `npm`, or nodejs.org"
LOCK = Path(tempfile.gettempdir()) / "creditgraph-npm.lock"  # test processes run side by side


@pytest.fixture(scope="session")
def node() -> str:
    """The command `node`, the packages of this folder installed."""
    return _installed(HERE)


@pytest.fixture(scope="session")
def web() -> Path:
    """The folder of the pages' sources, its packages installed."""
    _installed(WEB)
    return WEB


def _installed(folder: Path) -> str:
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.fail(HOW)
    done = folder / "node_modules" / ".package-lock.json"
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime:
            subprocess.run(
                [npm, "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True, timeout=300
            )
    return found
