"""A disk that fills up during a load: it is said, what was acknowledged is there whole, and the load goes on where it
stopped. Of a first load by the importer nothing is left.

Run as a script on a small disk of its own: `python -m tests.loaders.test_disk_full DISK FOLDER`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from neo4j.exceptions import DriverError, Neo4jError

from graph.store.embedded import Lease
from graph.store.embedded.errors import DiskFull, NotReady
from graph.store.embedded.processes import ROOT
from graph.store.opened import embedded_options
from loaders.__main__ import main
from settings import Settings
from tests.faults.penalties import penalties
from tests.graph.store.embedded.observed import connected, processes
from tests.graph.store.embedded.test_space import namespace

MODULE = "tests.loaders.test_disk_full"
ACKNOWLEDGED, ROWS = 300, 4_000  # the first batch of the second file wants some 10 MB
LEFT_MEGABYTES, ROOMY_MEGABYTES = 4, 700
START_SECONDS = "240"  # unless the environment says more: a busy machine is no fault
SAID = ("磁盘已满", "no space left on the disk", "中断的命令请重新运行", "is run again")
WHOLE = """
MATCH (p:Penalty)
RETURN count(p) AS records, count(CASE WHEN EXISTS { (p)-[:ABOUT]->(:Enterprise) } AND EXISTS { (p)-[:ISSUED_BY]->() }
  AND EXISTS { (p)-[:HAS_VERSION]->() } THEN 1 END) AS whole"""


def test_a_load_and_an_import_that_fill_the_disk_say_so_and_leave_nothing_half(tmp_path: Path) -> None:
    possible = subprocess.run([*namespace(), "true"], capture_output=True, check=False).returncode == 0
    assert possible, "this machine gives no process its own mounts: run as root, or allow user namespaces"
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs none {disk} && exec {sys.executable} -m {MODULE} {disk} {tmp_path}"
    environment = {
        "CREDITGRAPH_START_SECONDS": START_SECONDS,
        **{name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")},
        "CREDITGRAPH_HEAP_MB": "1024",  # in 512 the server ran out of heap where it replayed the torn transaction
        "CREDITGRAPH_HOME_FREE_MB": "0",
        "CREDITGRAPH_DERIVED_NODES": "0",
    }
    done = subprocess.run(
        [*namespace(), "sh", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def fill_up(disk: Path, folder: Path) -> None:
    sized(disk, ROOMY_MEGABYTES)
    for held in (True, False):  # by a command whose server goes on, and by one with which it stops
        fill_a_load(disk, folder / "penalties.csv", held=held)
    fill_an_import(disk, folder / "penalties.csv")


def fill_a_load(disk: Path, file: Path, *, held: bool) -> None:
    home = disk / ("held" if held else "alone")
    command = ["double-publicity", str(file), "--home", str(home)]
    settings = Settings.from_environment(home=home)
    with contextlib.ExitStack() as users:
        if held:
            users.enter_context(Lease.acquire(embedded_options(settings)))
        penalties(file, ACKNOWLEDGED)
        code, said = run(command)
        assert code == 0, said
        penalties(file, ROWS)
        sized(disk, used(disk) + LEFT_MEGABYTES)
        assert refused(command)
        sized(disk, ROOMY_MEGABYTES)
        if not held:
            users.enter_context(Lease.acquire(embedded_options(settings)))
        assert stored(settings) == (ACKNOWLEDGED, ACKNOWLEDGED)
        code, said = run(command)
        assert code == 0, said
        assert f"read {ROWS} = loaded {ROWS - ACKNOWLEDGED} + unchanged {ACKNOWLEDGED} + quarantined 0" in said
        assert stored(settings) == (ROWS, ROWS)


def stored(settings: Settings) -> tuple[int, int]:
    """How many records are there, and how many of them whole; a server that gave up is asked until it is back."""
    deadline = time.monotonic() + settings.start_seconds
    while True:
        try:
            with Lease.acquire(embedded_options(settings)) as lease, connected(lease.address()) as driver:
                (row,) = driver.execute_query(WHOLE)[0]
            return row["records"], row["whole"]
        except (DiskFull, NotReady, DriverError, Neo4jError):  # its keeper may say so only now
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def fill_an_import(disk: Path, file: Path) -> None:
    """While its tables are written, and while they are imported."""
    home = disk / "other"
    command = ["double-publicity", str(file), "--import", "--home", str(home)]
    begun = home / "importing" / "logs" / "admin.log"  # the importer's own words
    for fills in (lambda: True, begun.exists):
        sized(disk, ROOMY_MEGABYTES)
        done = threading.Event()
        filling = threading.Thread(target=fill, args=(disk, fills, done))
        filling.start()
        assert refused(command)
        done.set()
        filling.join()
        assert not (home / "data" / "databases").exists() and not (home / "importing").exists()
        assert not processes(home / "importing")


def fill(disk: Path, begun: Callable[[], bool], done: threading.Event) -> None:
    while not begun():
        if done.wait(0.05):
            return
    sized(disk, used(disk) + 1)


def sized(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


def used(disk: Path) -> int:
    found = os.statvfs(disk)
    return -(-(found.f_blocks - found.f_bfree) * found.f_frsize // 1_048_576)


def run(command: list[str]) -> tuple[int, str]:
    """Its exit code, and all that it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        code = main(command)
    return code, said.getvalue()


def refused(command: list[str]) -> bool:
    code, said = run(command)
    print(said)
    assert "internal error" not in said and "Traceback" not in said, said
    return code == 2 and all(re.search(words, said) for words in SAID)


if __name__ == "__main__":
    fill_up(*map(Path, sys.argv[1:]))
