"""What users of the embedded server hold: a shared lock on the home, and the address of whatever serves it now.

It must not know what is asked of the server. A user that is killed leaves by the kernel's hand.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from graph.progress import Progress, SilentProgress
from graph.store.address import Address
from graph.store.embedded import jars, readiness
from graph.store.embedded.errors import EmbeddedError, HomeHeld, JarDamaged, NotReady, StartFailed
from graph.store.embedded.home import DATABASE, KEPT_BY_ANOTHER, LOG, SOCKET, USERNAME, Home, Lock
from graph.store.embedded.java import Java
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import ROOT

POLL_SECONDS: Final = 0.03
SPAWN_SECONDS: Final = 20.0  # the keeper takes the lock and detaches in 0.3 s
MARGIN_SECONDS: Final = 10.0  # the keeper gives up first, and says why
HEALING_TRIES: Final = 3
LOG_LIMIT: Final = 1_000_000


class Lease:
    """One user of a home; `release` it in order, or use it as a context manager."""

    def __init__(self, options: EmbeddedOptions, home: Home, users: Lock, progress: Progress) -> None:
        self.options = options
        self._home = home
        self._users = users
        self._progress = progress
        self._turn = threading.Lock()  # the threads of one user start one keeper
        self._owner = os.getpid()
        _LEASES.add(self)

    @classmethod
    def acquire(cls, options: EmbeddedOptions, progress: Progress | None = None) -> Self:
        """Enter the home, fetching jars and starting a keeper as needed; returns once the server answers.

        Blocking. Raises EmbeddedError with what to do.
        """
        java = None if options.java is None else options.java.absolute()
        options = replace(options, home=options.home.absolute(), cache=options.cache_folder.absolute(), java=java)
        home = Home(options.home)
        home.prepare()
        lease = cls(options, home, _enter(home, options.start_timeout_seconds), progress or SilentProgress())
        try:
            lease.revive(options.start_timeout_seconds + MARGIN_SECONDS)
        except BaseException:
            lease.release()
            raise
        return lease

    def address(self) -> Address:
        """Where the server is now, read from the home each time; NotReady while it is down."""
        ready, password = self._home.ready(), self._home.password()
        if self._users.descriptor < 0 or ready is None or password is None:
            raise NotReady("数据库正在启动 / the database is down or starting; ask again in a moment.")
        return Address(f"bolt://127.0.0.1:{ready.port}", USERNAME, password, DATABASE)

    def revive(self, timeout_seconds: float = 30.0) -> Address:
        """After a lost connection: start another keeper when there is none, and wait until the server answers."""
        with self._turn:
            for _ in range(HEALING_TRIES):
                if self._home.ready() is not None:
                    return self._wait(timeout_seconds)
                if not self._home.kept():
                    jars.provide(self.options, self._progress)  # not inside the step below: bars do not nest
                try:
                    with self._progress.step("启动 Neo4j / starting Neo4j"):
                        return self._wait(timeout_seconds)
                except JarDamaged:
                    continue  # the keeper dropped them, they are fetched again
            raise self._silent("the jars were damaged again and again")

    def release(self) -> None:
        """Leave. When this was the last user, the server is stopped on return."""
        if self._users.descriptor < 0:
            return
        self._users.unlock()
        self._users.close()
        with contextlib.suppress(OSError), _connect(self._home) as keeper:
            keeper.settimeout(self.options.stop_timeout_seconds + 5)
            keeper.send(b"leave")
            keeper.recv(16)  # "others", or the end of the keeper

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _wait(self, timeout_seconds: float) -> Address:
        began, deadline = time.time(), time.monotonic() + timeout_seconds
        started = 0
        while True:
            ready = self._home.ready()
            if ready is not None and readiness.listening(ready.port):
                with contextlib.suppress(NotReady):
                    return self.address()
            if not self._home.kept():
                if (fault := self._home.fault(began)) is not None:
                    raise fault
                if started > 2:
                    raise self._silent(f"it ended {started} times without a word")
                self._spawn()
                started += 1
            if time.monotonic() > deadline:
                raise self._late(timeout_seconds)
            time.sleep(POLL_SECONDS)

    def _spawn(self) -> None:
        """Start a keeper; another one that was faster is as good."""
        Java.find(self.options)
        self._home.check_space(self.options.home_free_megabytes)
        path = self._home.path(LOG)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.unlink()
        with path.open("ab") as output:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "graph.store.embedded.keeper", json.dumps(self.options.to_json())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                start_new_session=True,
            )
        try:
            code = keeper.wait(SPAWN_SECONDS)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
            raise self._silent(f"it did not detach within {SPAWN_SECONDS:.0f} s") from None
        if code not in (0, KEPT_BY_ANOTHER):
            raise self._silent(f"it ended with code {code}")

    def _silent(self, how: str) -> EmbeddedError:
        return StartFailed(
            f"数据库看护进程无法启动 / the keeper of {self._home.folder} cannot run: {how}. The last lines of "
            f"{self._home.path(LOG)}:\n{self._home.tail(LOG, 6)}"
        )

    def _late(self, seconds: float) -> EmbeddedError:
        with contextlib.suppress(OSError), _connect(self._home):
            return NotReady(
                f"数据库仍在启动 / the database of {self._home.folder} is not ready after {seconds:.0f} s (after "
                f"a crash it replays its log). Ask again; its words are in {self._home.path(LOG)}."
            )
        return HomeHeld(
            f"数据目录被占用 / another process holds the home {self._home.folder} and serves nothing for "
            f"{seconds:.0f} s. Find it with 'fuser {self._home.path('keeper')}' and end it, or choose another home."
        )


_LEASES: weakref.WeakSet[Lease] = weakref.WeakSet()


def _close_in_child() -> None:
    """A forked child shares the lock itself: it would keep a dead parent's place, so it closes its copy."""
    for lease in _LEASES:
        lease._users.close()


os.register_at_fork(after_in_child=_close_in_child)


def _enter(home: Home, timeout_seconds: float) -> Lock:
    """The shared lock; a keeper that is stopping holds it exclusively for its last moments."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        users = home.users()
        if users.try_shared() and users.in_place():
            return users
        users.close()
        if time.monotonic() > deadline:
            raise HomeHeld(
                f"数据目录被占用 / a keeper has been stopping the server of {home.folder} for {timeout_seconds:.0f} s. "
                f"See {home.path(LOG)}, or choose another home."
            )
        time.sleep(POLL_SECONDS)


def _connect(home: Home) -> socket.socket:
    """To the keeper's socket, through the folder's descriptor: a socket's path may not exceed 108 bytes."""
    folder = os.open(home.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(5)
        prefix = f"/proc/self/fd/{folder}" if sys.platform == "linux" else str(home.folder)
        connection.connect(f"{prefix}/{SOCKET}")
    except OSError:
        connection.close()
        raise
    finally:
        os.close(folder)
    return connection
