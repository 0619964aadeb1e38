"""What the tests look at from outside: processes of a home, the server's answers, time."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from neo4j import Driver, GraphDatabase

from graph.store.address import Address
from graph.store.embedded.home import Home, Ready

JVM, KEEPER, ARCHIVER = "java", "graph.store.embedded.keeper", "graph.store.embedded.archive"


def processes(home: Path) -> list[psutil.Process]:
    """Living processes that name the home on their command line: keeper, JVM, archiver, writers."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and any(str(home) in word for word in process.cmdline()):
                found.append(process)
    return found


def is_jvm(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return Path(process.cmdline()[0]).name == JVM
    return False


def ready(home: Path) -> Ready:
    found = Home(home).ready()
    assert found is not None
    return found


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def within(seconds: float, condition: Callable[[], bool]) -> float:
    """Wait until the condition holds; the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


@contextlib.contextmanager
def connected(address: Address) -> Iterator[Driver]:
    with GraphDatabase.driver(
        address.uri,
        auth=(address.username, address.password),
        connection_timeout=3,
        connection_acquisition_timeout=5,
        max_transaction_retry_time=0,
        notifications_min_severity="OFF",
    ) as driver:
        yield driver


def count(address: Address, label: str) -> int:
    with connected(address) as driver:
        found, _, _ = driver.execute_query("MATCH (n) WHERE $label IN labels(n) RETURN count(n) AS n", label=label)
        return int(found[0]["n"])


def create(address: Address, label: str) -> None:
    with connected(address) as driver:
        driver.execute_query("CREATE (n:$($label))", label=label)
