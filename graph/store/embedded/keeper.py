"""The keeper: one detached process a home that owns the server, starts it anew, and stops it when no user is left.

It must not know what the users do. It stays single-threaded: the JVM's parent-death signal is bound to the thread
that forks it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from graph.store.embedded.errors import EmbeddedError, StartFailed
from graph.store.embedded.home import KEPT_BY_ANOTHER, LOG, SOCKET, Home, Lock
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import ROOT, die_with_parent
from graph.store.embedded.server import Crashed, Server

TICK_SECONDS: Final = 0.25
LOCK_SECONDS: Final = 1.0  # users probe the lock for a moment; only a keeper holds it longer
BACKOFF_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
START_TRIES: Final = 3
ARCHIVE_AFTER_SECONDS: Final = 20.0  # the first load after a first start has the machine for itself
STEADY_SECONDS: Final = 60.0  # a server that ran this long starts the back-off anew

log = logging.getLogger("keeper")


class Stop(Exception):
    """No user is left, the home is gone, or somebody asked: stop in order."""


class Keeper:
    def __init__(self, options: EmbeddedOptions, home: Home, lock: Lock) -> None:
        self.options = options
        self.home = home
        self.lock = lock
        self.users = home.users()
        self.alone_since: float | None = None
        self.asked_to_stop = False
        self.archiver: subprocess.Popen[bytes] | None = None
        self.selector = selectors.DefaultSelector()
        self.listener = self._listen()
        self.server = Server(options, home, self.tick)

    def run(self) -> None:
        try:
            self._keep()
        except Stop as reason:
            log.info("stopping: %s", reason)
        except EmbeddedError as error:
            log.error("%s", error)
            self.home.complain(error)
        except OSError as error:
            log.exception("the home cannot be used")
            self.home.complain(self.home.explain(error))
        except Exception as error:
            log.exception("a fault nobody thought of")
            self.home.complain(StartFailed(f"看护进程出错 / the keeper failed: {error!r}. See {self.home.path(LOG)}."))
        finally:
            with contextlib.suppress(OSError):
                self.home.withdraw()
            if self.archiver is not None and self.archiver.poll() is None:
                self.archiver.kill()
                self.archiver.wait()
            self.server.end()

    def _keep(self) -> None:
        crashes = failed_starts = 0
        while True:
            serving = False
            try:
                self.server.start(tries_left=failed_starts + 1 < START_TRIES)
                serving = True
                self._serve()
            except Crashed as crash:
                self.home.withdraw()
                failed_starts = 0 if serving else failed_starts + 1
                if time.monotonic() - self.server.started > STEADY_SECONDS:
                    crashes = 0
                wait = BACKOFF_SECONDS[min(crashes, len(BACKOFF_SECONDS) - 1)]
                crashes += 1
                log.warning("the server ended (%s); starting again in %.1f s", crash, wait)
                until = time.monotonic() + wait
                while (left := until - time.monotonic()) > 0:
                    self.tick(min(left, TICK_SECONDS))

    def _serve(self) -> None:
        began = time.monotonic()
        while True:
            self.tick(TICK_SECONDS)
            self.server.watch()
            if self.archiver is not None:
                self.archiver.poll()  # reaps it
            elif self.options.appcds and time.monotonic() - began > ARCHIVE_AFTER_SECONDS:
                if not self.server.archives.present():
                    self.archiver = self._archive()
                else:
                    began = float("inf")

    def tick(self, seconds: float) -> None:
        """Hear users that leave, notice those that vanished; raises Stop."""
        for key, _ in self.selector.select(seconds):
            if key.fileobj is self.listener:
                with contextlib.suppress(OSError):
                    caller, _ = self.listener.accept()
                    caller.setblocking(False)
                    self.selector.register(caller, selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket):
                self._hear(key.fileobj)
        if self.asked_to_stop:
            raise Stop("asked to")
        if not self.lock.in_place() or not self.users.in_place():
            raise Stop("the home was deleted")
        if not self.users.try_exclusive():
            self.alone_since = None
            return
        now = time.monotonic()
        self.alone_since = self.alone_since or now
        if now - self.alone_since >= self.options.grace_seconds:
            # `users` stays locked until the end: nobody enters a home whose server is stopping.
            raise Stop(f"no user for {self.options.grace_seconds} s")
        self.users.unlock()

    def _hear(self, caller: socket.socket) -> None:
        try:
            said = caller.recv(64)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if said.startswith(b"leave") and self.users.try_exclusive():
            raise Stop("the last user left")  # the caller hears the connection end when this process does
        with contextlib.suppress(OSError):
            caller.send(b"others")
        self.selector.unregister(caller)
        caller.close()

    def _listen(self) -> socket.socket:
        """A socket in the home; bound by its relative name, since an absolute one may not exceed 108 bytes."""
        Path(SOCKET).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(SOCKET)
        listener.listen(64)
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        return listener

    def _archive(self) -> subprocess.Popen[bytes]:
        with self.home.path("logs/archive.log").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "graph.store.embedded.archive", json.dumps(self.options.to_json())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                preexec_fn=die_with_parent(niceness=19),
            )


def main(arguments: list[str]) -> int:
    """Take the lock, detach, keep. The fork comes after the lock, so the caller's wait ends with the lock decided."""
    options = EmbeddedOptions.from_json(json.loads(arguments[0]))
    home = Home(options.home)
    lock = home.keeper()
    deadline = time.monotonic() + LOCK_SECONDS
    while not lock.try_exclusive():
        if time.monotonic() > deadline:
            return KEPT_BY_ANOTHER
        time.sleep(0.02)
    home.withdraw()
    if os.fork():
        os._exit(0)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s", stream=sys.stderr)
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    os.chdir(home.folder)
    try:
        keeper = Keeper(options, home, lock)
        signal.signal(signal.SIGTERM, lambda *_: setattr(keeper, "asked_to_stop", True))
        keeper.run()
    except EmbeddedError as error:
        log.error("%s", error)
        home.complain(error)
    except OSError as error:
        log.exception("the keeper cannot work in this home")
        home.complain(home.explain(error))
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    logging.shutdown()
    os._exit(status)  # locks and sockets are freed together: whoever hears the end finds the home free
