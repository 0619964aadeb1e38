"""Node.js for the tests of this folder: `npm ci` puts its packages here, from a lock file, at the first run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".package-lock.json"
HOW = "需要 Node.js ≥ 20 / Node.js 20 or newer is needed: your system's package `nodejs` with `npm`, or nodejs.org"


@pytest.fixture(scope="session")
def node() -> str:
    """The command `node`, its packages installed."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.fail(HOW)
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True, capture_output=True, timeout=300)
    return found
