"""Runs what touches the store against servers the suite did not start: embedded ones, by bolt:// and by neo4j://.

It must not know single tests; those of the embedded server itself are left out, they have no meaning there. What
neo4j:// does otherwise (routing, bookmarks) is in the connection alone, so that it runs the store's tests only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final, NamedTuple

from graph.progress import RichProgress
from graph.store.embedded import EmbeddedOptions, Lease

EMBEDDED_ONLY: Final = "tests/graph/store/embedded"
# What is asked of plans, pages, derivations and generated operations is the database's, whoever started it: once is
# enough; and a backup is of the embedded server.
ONCE: Final = (
    "statements",
    "write_statements",
    "pages",
    "search",
    "links",
    "deriving",
    "derived",
    "changing",
    "backup",
)
LEFT_OUT: Final = (EMBEDDED_ONLY, *(f"tests/graph/store/test_{name}.py" for name in ONCE))


class Suite(NamedTuple):
    """Tests that one server is asked; every test empties it."""

    scheme: str
    tests: Sequence[str]


SUITES: Final = (
    Suite("bolt", ("tests/graph/store",)),
    Suite(
        "bolt",
        (
            *(f"tests/loaders/test_{name}.py" for name in ("stream", "world_load", "tabular_load")),
            *(f"tests/schema/test_{name}.py" for name in ("reading", "answers")),
        ),
    ),
    Suite("neo4j", tuple(f"tests/graph/store/test_{name}.py" for name in ("connection", "writer", "nodes", "audit"))),
)
AT_ONCE: Final = 2  # as many as the suite has processes


def ask(suite: Suite, folder: Path, further: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The tests of a suite on a server of their own; everything they printed."""
    options = EmbeddedOptions(
        home=folder / "home",
        heap_megabytes=512,
        page_cache_megabytes=64,
        appcds=False,
        long_lived=False,
        short_pauses=False,
    )
    with Lease.acquire(options, RichProgress()) as lease:
        address = lease.address()
        external = {
            "NEO4J_URI": f"{suite.scheme}://{address.uri.partition('://')[2]}",
            "NEO4J_USERNAME": address.username,
            "NEO4J_PASSWORD": address.password,
            "NEO4J_DATABASE": address.database,
        }
        left_out = [f"--ignore={each}" for each in LEFT_OUT]
        # One process: the server is one, and every test empties it.
        command = [sys.executable, "-m", "pytest", "--numprocesses", "0", *suite.tests, *left_out, *further]
        return subprocess.run(
            command,
            env={**os.environ, **external},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="creditgraph-external-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {}
        for number, suite in enumerate(SUITES):
            folder = Path(name) / str(number)
            folder.mkdir()
            asked[pool.submit(ask, suite, folder, sys.argv[1:])] = suite
        failed = 0
        for done in as_completed(asked):
            suite, answer = asked[done], done.result()
            print(f"== {suite.scheme}://: {' '.join(suite.tests)}\n{answer.stdout}", flush=True)
            failed = failed or answer.returncode
        return failed


if __name__ == "__main__":
    raise SystemExit(main())
