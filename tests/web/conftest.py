"""Node.js and a browser for the tests of this folder: `npm ci` puts packages here and into web/, from lock files, once.

A module that opens a window has a fixture `served` of its own.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import Running
from tests.web.exploring import PATIENCE

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


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("需要 Chromium / Chromium is needed: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser(served: Running, chromium: str) -> Iterator[Browser]:
    """After the server: Playwright keeps a loop running on this thread, on which nothing else can be awaited."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, served: Running, web: Path) -> Iterator[Page]:
    """A window that notes every host it asks and every error of the page."""
    place = f"http://127.0.0.1:{served.port}"
    context = browser.new_context(viewport={"width": 1280, "height": 860}, base_url=place, locale="zh-CN")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    hosts: set[str] = set()
    errors: list[str] = []
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert hosts - {"", f"127.0.0.1:{served.port}"} == set()
    assert errors == []
    context.close()
