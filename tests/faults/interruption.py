"""A load of a real file by the real command, its loader and its database killed or stopped at random moments.

It must not know what the file says: what it left behind is compared as a whole, by the fingerprint of the graph.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.store.embedded import EmbeddedOptions, Lease
from settings import Settings
from tests.faults.fingerprint import Fingerprint, fingerprint
from tests.graph.store.embedded.observed import is_jvm, kill, processes

ROOT: Final = Path(__file__).parents[2]
HEAP_MEGABYTES: Final = 768
STOPPED_SECONDS: Final = 20.0
LOAD_SECONDS: Final = 1_200.0  # of one run of the command, whatever is done to its database meanwhile
TRIES: Final = 4  # runs of the command after its last interruption: one, and what a dying database costs
LOADED: Final = (0, 1)  # exit codes of a load that came to its end


class Lost(AssertionError):
    """A load could not be brought to its end; the message holds what the command said."""


@dataclass
class Loading:
    """`python -m loaders SOURCE FILE` on a home, again and again."""

    home: Path
    command: tuple[str, ...]
    output: Path
    process: subprocess.Popen[bytes] | None = None
    runs: int = 0

    def start(self) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "loaders", *self.command, "--home", str(self.home)],
                cwd=ROOT,
                env={**os.environ, "CREDITGRAPH_HEAP_MB": str(HEAP_MEGABYTES)},
                stdout=output,
                stderr=output,
            )
        self.runs += 1
        return self.process

    def finish(self) -> None:
        """Until the command says that it loaded the file; what it could not do is asked of it again."""
        for _ in range(TRIES):
            process = self.process or self.start()
            code = process.wait(LOAD_SECONDS)
            self.process = None
            if code in LOADED:
                return
        raise Lost(self.output.read_text(errors="replace"))


def whole(home: Path, command: tuple[str, ...]) -> tuple[Fingerprint, float]:
    """What an undisturbed load leaves, and its seconds."""
    began = time.monotonic()
    loading = Loading(home, command, home.parent / f"{home.name}.output")
    loading.finish()
    seconds = time.monotonic() - began
    return fingerprint_of(home), seconds


def interrupted(home: Path, command: tuple[str, ...], chance: random.Random, times: int, seconds: float) -> Fingerprint:
    """What a load leaves that is interrupted `times` times, each within `seconds` of its start or of the last one."""
    loading = Loading(home, command, home.parent / f"{home.name}.output")
    try:
        for _ in range(times):
            process = loading.process or loading.start()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.0, seconds))
                loading.process = None  # it was done before, or gave up: the next one meets it at its beginning
                continue
            chance.choice(INTERRUPTIONS)(loading)
        loading.finish()
    finally:
        if loading.process is not None:
            kill(loading.process.pid)
            loading.process.wait()
    return fingerprint_of(home)


def kill_loader(loading: Loading) -> None:
    assert loading.process is not None
    kill(loading.process.pid)
    loading.process.wait()
    loading.process = None


def kill_database(loading: Loading) -> None:
    for each in processes(loading.home):
        if is_jvm(each):
            kill(each.pid)


def kill_both(loading: Loading) -> None:
    kill_database(loading)
    kill_loader(loading)


def stop_database(loading: Loading) -> None:
    """Not dead, and not answering: what a machine looks like whose disk hangs."""
    stopped = [each for each in processes(loading.home) if is_jvm(each)]
    for each in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each.pid, signal.SIGSTOP)
    time.sleep(STOPPED_SECONDS)
    for each in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each.pid, signal.SIGCONT)


INTERRUPTIONS: Final[tuple[Callable[[Loading], None], ...]] = (kill_loader, kill_database, kill_both, stop_database)


def fingerprint_of(home: Path) -> Fingerprint:
    patience = Settings.from_environment().start_seconds  # a busy machine is no fault
    options = EmbeddedOptions(home=home, heap_megabytes=HEAP_MEGABYTES, start_timeout_seconds=patience)
    with Lease.acquire(options) as lease:
        return fingerprint(lease.address())
