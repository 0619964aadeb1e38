"""What a user of the embedded server holds: a shared lock on the home, and the way back after a crash.

It must not know how the server is run; the keeper does.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from graph.progress import Progress
from graph.store.address import Address
from graph.store.embedded import errors, jars
from graph.store.embedded.errors import EmbeddedError, HomeHeld, StartFailed
from graph.store.embedded.home import Home, alive
from graph.store.embedded.options import EmbeddedOptions

POLL_SECONDS: Final = 0.05
CHECKOUT: Final = Path(__file__).parents[3]


@dataclass
class Lease:
    """One user's hold on the running server of a home; a context manager."""

    options: EmbeddedOptions
    home: Home
    _lock: IO[str] | None

    @classmethod
    def acquire(cls, options: EmbeddedOptions, progress: Progress) -> Lease:
        """Fetch what is missing, start the keeper when there is none, wait until it serves. Raises EmbeddedError."""
        home = Home(options.home.absolute())
        options = replace(options, home=home.folder)
        home.prepare(options)
        jars.provide(options, progress)
        lease = cls(options, home, home.join())
        try:
            with progress.step("启动 Neo4j / starting Neo4j"):
                lease.revive(options.start_timeout_seconds + 30)
        except BaseException:
            lease._unlock()
            raise
        return lease

    def address(self) -> Address:
        """Where the server is now; raises EmbeddedError while it is not there."""
        found = self.home.address()
        if found is None:
            raise EmbeddedError("数据库正在启动 / the embedded database is not there at the moment; try again shortly.")
        return found

    def revive(self, timeout_seconds: float = 30.0) -> Address:
        """Wait until a living keeper serves, starting one when there is none."""
        deadline = time.monotonic() + timeout_seconds
        spawned = 0.0
        while True:
            serving, found = self.home.serving(), self.home.address()
            if serving and found and alive(serving.keeper) and alive(serving.server):
                return found
            if self._keeper_is_gone():
                fault = self.home.fault()
                if spawned and fault:
                    raise _fault(fault)
                if time.monotonic() - spawned > 1.0:
                    self._spawn()
                    spawned = time.monotonic()
            if time.monotonic() > deadline:
                if spawned:
                    raise StartFailed(
                        f"Neo4j 未能就绪 / Neo4j was not ready in {timeout_seconds:.0f} s; see {self.home.log} and "
                        f"{self.home.folder / 'server.log'}."
                    )
                raise HomeHeld(
                    f"数据目录被占用 / the home {self.home.folder} is held by another process that does not serve. "
                    "End it, or choose another home (--home)."
                )
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Leave in order. The last user waits until the server has stopped (under 3 s)."""
        if self._lock is None:
            return
        serving = self.home.serving()
        self.home.leave()
        self._unlock()
        deadline = time.monotonic() + self.options.stop_timeout_seconds
        while serving and alive(serving.keeper) and time.monotonic() < deadline:
            with self.home.emptied() as empty:
                stays = not empty
            if stays and self.home.serving() is not None:
                self.home.forget_left()  # others are there: the next crash must not look like an orderly leaving
                return
            time.sleep(POLL_SECONDS)

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _keeper_is_gone(self) -> bool:
        held = self.home.keep()
        if held is None:
            return False
        held.close()
        return True

    def _spawn(self) -> None:
        self.home.note_fault(None)
        self.home.note_options(self.options)
        with self.home.log.open("ab") as log:
            keeper = subprocess.run(
                [sys.executable, "-m", "graph.store.embedded.keeper", str(self.home.folder)],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=False,
                timeout=30,
            )
        if keeper.returncode:
            raise StartFailed(f"守护进程无法启动 / the keeper cannot be started; see {self.home.log}.")


def _fault(noted: str) -> EmbeddedError:
    name, _, message = noted.partition(": ")
    kind = getattr(errors, name, StartFailed)
    fault: EmbeddedError = kind(message)
    return fault
