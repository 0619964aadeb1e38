"""A disk that fills up under a running server: a small tmpfs of its own, in a mount namespace that ends with the test.

Run as a script inside that namespace: `python -m tests.graph.store.embedded.test_space FOLDER`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from neo4j.exceptions import Neo4jError

from graph.store.embedded import DiskFull, EmbeddedOptions, Lease, NotReady
from graph.store.embedded.processes import ROOT
from tests.conftest import BUSY_SECONDS
from tests.graph.store.embedded.observed import connected, count, processes, within

MODULE = "tests.graph.store.embedded.test_space"  # pytest imports it by another name
DISK_MEGABYTES = 120
BALLAST_MEGABYTES = 68  # with an empty store of 1 MB a store file's growth of 64 MB no longer fits
FILL = "UNWIND range(1, 200) AS each CREATE (:Filled {text: $text})"


def namespace() -> list[str]:
    """The command that gives a process its own mounts; without root through a user namespace of its own."""
    unshare = shutil.which("unshare")
    assert unshare, "util-linux is needed for this test"
    return [unshare, "--mount", *(() if os.geteuid() == 0 else ("--user", "--map-root-user"))]


def test_a_disk_that_fills_up_is_said_and_the_server_works_again(tmp_path: Path) -> None:
    possible = subprocess.run([*namespace(), "true"], capture_output=True, check=False).returncode == 0
    assert possible, "this machine gives no process its own mounts: run as root, or allow user namespaces"
    script = f"mount -t tmpfs -o size={DISK_MEGABYTES}m none {tmp_path} && exec {sys.executable} -m {MODULE} {tmp_path}"
    done = subprocess.run(
        [*namespace(), "sh", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def fill_up(folder: Path) -> None:
    ballast = folder / "ballast"
    ballast.write_bytes(b"x" * BALLAST_MEGABYTES * 1_000_000)
    options = EmbeddedOptions(
        home=folder / "home",
        heap_megabytes=512,
        page_cache_megabytes=64,
        start_timeout_seconds=BUSY_SECONDS,
        appcds=False,
        long_lived=False,
        home_free_megabytes=8,
    )
    with Lease.acquire(options) as lease:
        acknowledged = 0
        with connected(lease.address()) as driver:
            try:
                for _ in range(1000):
                    driver.execute_query(FILL, text="x" * 2000, database_="neo4j")
                    acknowledged += 200
            except Neo4jError:
                pass
        assert 0 < acknowledged < 200_000
        within(10, lambda: down(lease))
        with pytest.raises(DiskFull, match="no space left") as full:
            lease.revive()
        assert "Free some space" in full.value.message
        ballast.unlink()
        began = time.monotonic()
        address = lease.revive(BUSY_SECONDS)
        print(f"back after {time.monotonic() - began:.1f} s")
        assert count(address, "Filled") >= acknowledged
    within(1, lambda: processes(options.home) == [])


def down(lease: Lease) -> bool:
    try:
        lease.address()
    except NotReady:
        return True
    return False


if __name__ == "__main__":
    fill_up(Path(sys.argv[1]))
