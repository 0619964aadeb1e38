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
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.store.embedded import Lease
from graph.store.opened import embedded_options
from settings import Settings
from tests.faults.fingerprint import Fingerprint, fingerprint
from tests.graph.store.embedded.observed import is_jvm, kill, processes

ROOT: Final = Path(__file__).parents[2]
HEAP_MEGABYTES: Final = 768
STOPPED_SECONDS: Final = 20.0
LOAD_SECONDS: Final = 1_200.0  # of one run of the command, whatever is done to its database meanwhile
TRIES: Final = 4  # runs of the command after its last interruption: one, and what a dying database costs
WRITING: Final = 0.5  # of the interruptions lie in the time when rows are written
HOMES: Final = 2  # homes an interruption costs at most
LOADED: Final = (0, 1)  # exit codes of a load that came to its end


class Lost(AssertionError):
    """A load could not be brought to its end; the message holds what the command said."""


@dataclass(frozen=True)
class Course:
    """Of an undisturbed run: seconds until it was its turn to write, and until its end."""

    opening: float
    seconds: float


@dataclass
class Loading:
    """`python -m loaders SOURCE FILE` on a home, again and again."""

    home: Path
    command: tuple[str, ...]
    output: Path
    process: subprocess.Popen[bytes] | None = None
    runs: int = 0
    started: float = 0.0

    @property
    def turned(self) -> bool:
        """Whether it is this run's turn to write: what an earlier one left in the file is older."""
        try:
            told = (self.home / "loading").stat()
        except FileNotFoundError:
            return False
        return told.st_size > 0 and told.st_mtime >= self.started

    def start(self) -> subprocess.Popen[bytes]:
        self.started = time.time()
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


def whole(home: Path, command: tuple[str, ...]) -> tuple[Fingerprint, Course]:
    """What an undisturbed load leaves, and how long it took."""
    began = time.monotonic()
    loading = Loading(home, command, home.parent / f"{home.name}.output")
    process = loading.start()
    while process.poll() is None and not loading.turned:
        time.sleep(0.05)
    opening = time.monotonic() - began
    loading.finish()
    course = Course(opening, time.monotonic() - began)
    return fingerprint_of(home), course


def interrupted(
    home: Path, command: tuple[str, ...], chance: random.Random, times: int, course: Course
) -> list[Fingerprint]:
    """What loads leave that are interrupted `times` times in all: half of the moments lie anywhere in a run, half in
    the time when rows are written. A load that comes to its end before its interruption uses none up: the rest is
    done to the next one, on a home of its own.
    """
    found: list[Fingerprint] = []
    met = 0
    while met < times:
        if len(found) == HOMES * times:
            raise Lost(f"{met} of {times} interruptions met a load in {len(found)} homes")
        own = home.with_name(f"{home.name}-{len(found)}")
        loading = Loading(own, command, own.with_suffix(".output"))
        try:
            while met < times:
                process = loading.process or loading.start()
                if (code := _until(loading, process, chance, course)) is None:
                    chance.choice(INTERRUPTIONS)(loading)
                    met += 1
                    continue
                loading.process = None
                if code in LOADED:
                    break
            else:
                loading.finish()
        finally:
            if loading.process is not None:
                kill(loading.process.pid)
                loading.process.wait()
        found.append(fingerprint_of(own))
    return found


def _until(loading: Loading, process: subprocess.Popen[bytes], chance: random.Random, course: Course) -> int | None:
    """Waits for a moment; the exit code where the command came to an end before it."""
    if chance.random() < WRITING:
        deadline = time.monotonic() + LOAD_SECONDS
        while process.poll() is None and not loading.turned and time.monotonic() < deadline:
            time.sleep(0.05)
        seconds = chance.uniform(0.0, course.seconds - course.opening)
    else:
        seconds = chance.uniform(0.0, course.seconds)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


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
    with leased(home) as lease:
        return fingerprint(lease.address())


def leased(home: Path) -> AbstractContextManager[Lease]:
    settings = Settings.from_environment().model_copy(update={"home": home, "heap_megabytes": HEAP_MEGABYTES})
    return Lease.acquire(embedded_options(settings))
