"""Runs the suite against a server that the suite did not start: a second embedded one, by bolt:// and by neo4j://.

It must not know any test; those of the embedded server itself are left out, they have no meaning there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from graph.progress import RichProgress
from graph.store.embedded import EmbeddedOptions, Lease

EMBEDDED_ONLY = ("tests/graph/store/embedded", "tests/processes")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="creditgraph-external-") as folder:
        options = EmbeddedOptions(home=Path(folder) / "home", heap_megabytes=512, page_cache_megabytes=64, appcds=False)
        with Lease.acquire(options, RichProgress()) as lease:
            address = lease.address()
            for scheme in ("bolt", "neo4j"):
                uri = f"{scheme}://{address.uri.partition('://')[2]}"
                print(f"== NEO4J_URI={uri}", flush=True)
                external = {
                    "NEO4J_URI": uri,
                    "NEO4J_USERNAME": address.username,
                    "NEO4J_PASSWORD": address.password,
                    "NEO4J_DATABASE": address.database,
                }
                left_out = [f"--ignore={folder}" for folder in EMBEDDED_ONLY]
                suite = [sys.executable, "-m", "pytest", *left_out, *sys.argv[1:]]
                status = subprocess.run(suite, env={**os.environ, **external}, check=False).returncode
                if status:
                    return status
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
