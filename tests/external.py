"""Runs what touches the store against a server the suite did not start: a second embedded one, by bolt:// and neo4j://.

It must not know single tests; those of the embedded server itself are left out, they have no meaning there. What
neo4j:// does otherwise (routing, bookmarks) is in the connection alone, so that it runs the store's tests only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from graph.progress import RichProgress
from graph.store.embedded import EmbeddedOptions, Lease

EMBEDDED_ONLY = "tests/graph/store/embedded"
# What is asked of plans, pages, derivations and generated operations is the database's, whoever started it: once is
# enough; and a backup is of the embedded server.
ONCE = ("statements", "write_statements", "pages", "search", "links", "deriving", "derived", "changing", "backup")
LEFT_OUT = (EMBEDDED_ONLY, *(f"tests/graph/store/test_{name}.py" for name in ONCE))
SUITES = {
    "bolt": (
        "tests/graph/store",
        *(f"tests/loaders/test_{name}.py" for name in ("stream", "world_load", "tabular_load")),
        *(f"tests/schema/test_{name}.py" for name in ("reading", "answers")),
    ),
    "neo4j": tuple(f"tests/graph/store/test_{name}.py" for name in ("connection", "writer", "nodes", "audit")),
}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="creditgraph-external-") as folder:
        options = EmbeddedOptions(
            home=Path(folder) / "home", heap_megabytes=512, page_cache_megabytes=64, appcds=False, long_lived=False
        )
        with Lease.acquire(options, RichProgress()) as lease:
            address = lease.address()
            for scheme, chosen in SUITES.items():
                uri = f"{scheme}://{address.uri.partition('://')[2]}"
                print(f"== NEO4J_URI={uri}", flush=True)
                external = {
                    "NEO4J_URI": uri,
                    "NEO4J_USERNAME": address.username,
                    "NEO4J_PASSWORD": address.password,
                    "NEO4J_DATABASE": address.database,
                }
                left_out = [f"--ignore={each}" for each in LEFT_OUT]
                # One process: the server is one, and every test empties it.
                suite = [sys.executable, "-m", "pytest", "--numprocesses", "0", *chosen, *left_out, *sys.argv[1:]]
                status = subprocess.run(suite, env={**os.environ, **external}, check=False).returncode
                if status:
                    return status
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
