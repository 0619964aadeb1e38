"""The keeper: one detached process a home that owns the JVM, restarts it, and stops it when no user is left.

It must not know what the users do with the server. It stays single-threaded: the JVM's parent-death signal is bound to
the thread that forks it.
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

from graph.store.embedded import configuration, readiness
from graph.store.embedded.errors import EmbeddedError, JarDamaged, StartFailed
from graph.store.embedded.home import (
    CONSOLE,
    KEPT_BY_ANOTHER,
    SOCKET,
    Home,
    Lock,
    Ready,
    disk_full,
    new_password,
    write_atomically,
)
from graph.store.embedded.jars import JarStore, read_lock
from graph.store.embedded.java import ENVIRONMENT, Archives, Java, Launcher
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import ROOT, Identity, die_with_parent

TICK_SECONDS: Final = 0.25
STARTING_TICK_SECONDS: Final = 0.05
BACKOFF_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS: Final = 60.0  # a server that ran this long starts the back-off anew
BIND_TRIES: Final = 5

log = logging.getLogger("keeper")


class Stop(Exception):
    """No user is left, the home is gone, or somebody asked: stop in order."""


class Crashed(Exception):
    """The JVM ended by itself; it may be started again."""


class Keeper:
    def __init__(self, options: EmbeddedOptions, home: Home, lock: Lock) -> None:
        self.options = options
        self.home = home
        self.lock = lock
        self.users = home.users()
        self.launcher = Launcher(options, home, Java.find(options))
        self.archives = Archives.of(options, self.launcher.java)
        self.jvm: subprocess.Popen[bytes] | None = None
        self.archiver: subprocess.Popen[bytes] | None = None
        self.alone_since: float | None = None
        self.asked_to_stop = False
        self.failures = 0
        self.started = 0.0
        self.selector = selectors.DefaultSelector()
        self.listener = self._listen()

    # -- the life of the server

    def run(self) -> None:
        try:
            while True:
                try:
                    self._start()
                    self._serve()
                except Crashed as crash:
                    self.home.withdraw()
                    if time.monotonic() - self.started > STEADY_SECONDS:
                        self.failures = 0
                    wait = BACKOFF_SECONDS[min(self.failures, len(BACKOFF_SECONDS) - 1)]
                    self.failures += 1
                    log.warning("the server ended (%s); starting again in %.1f s", crash, wait)
                    self._idle(wait)
        except Stop as reason:
            log.info("stopping: %s", reason)
        except EmbeddedError as error:
            log.error("%s", error)
            self.home.complain(error)
        except OSError as error:
            log.exception("the home cannot be used")
            self.home.complain(self.home.explain(error))
        finally:
            self._stop()

    def _serve(self) -> None:
        if self.options.appcds and not self.archives.present() and self.archiver is None:
            self.archiver = self._archive()
        while True:
            self._tick(TICK_SECONDS)
            if self.jvm is None or self.jvm.poll() is not None:
                raise Crashed(self.jvm and self.jvm.returncode)
            if self.archiver is not None:
                self.archiver.poll()  # reaps it

    def _start(self) -> None:
        """Start the JVM and announce it once it answers; raises Crashed for another try, EmbeddedError for good."""
        memory = configuration.size(self.options)
        port = readiness.free_port(self.options.bolt_port or self.home.last_port())
        for attempt in range(BIND_TRIES):
            configuration.write(self.home, self.options, memory, port)
            password = self._password()
            archived = self.archives.present()
            shared = [f"-XX:SharedArchiveFile={self.archives.base}:{self.archives.application}"] if archived else []
            self.started = time.monotonic()
            with self.home.path(CONSOLE).open("wb") as console:
                self.jvm = subprocess.Popen(
                    self.launcher.server(memory, *shared),
                    stdin=subprocess.DEVNULL,
                    stdout=console,
                    stderr=subprocess.STDOUT,
                    env=ENVIRONMENT,
                    cwd=self.home.folder,
                    preexec_fn=die_with_parent(),
                )
            if self._answers(port, password):
                return
            words = self.home.tail(CONSOLE, 60)
            if "Address already in use" in words and attempt + 1 < BIND_TRIES:
                port = readiness.free_port()
                continue
            self._diagnose(words, archived)
        raise StartFailed(f"没有可用端口 / no free port on 127.0.0.1 after {BIND_TRIES} tries. Close some programs.")

    def _answers(self, port: int, password: str) -> bool:
        """True once our own child answered and is announced; False when it ended."""
        assert self.jvm is not None  # noqa: S101
        deadline = self.started + self.options.start_timeout_seconds
        refused = 0
        while self.jvm.poll() is None:
            self._tick(STARTING_TICK_SECONDS)
            try:
                store = readiness.store_id(port, password, self.jvm.pid)
            except readiness.PasswordRefused:
                refused += 1
                if refused < 3:  # an older server on the port: ours ends with a bind failure
                    self._idle(1.0)
                    continue
                raise StartFailed(
                    f"密码与库不符 / the store in {self.home.folder} does not accept the password in its file "
                    "'password'. Put the right file back, or choose another home."
                ) from None
            if store is not None and self.jvm.poll() is None:
                seconds = time.monotonic() - self.started
                log.info("ready on port %d after %.1f s, process %d, store %s", port, seconds, self.jvm.pid, store)
                self.home.announce(Ready(port, store, Identity.of(os.getpid()), Identity.of(self.jvm.pid)))
                return True
            if time.monotonic() > deadline:
                self._end_jvm()
                raise StartFailed(
                    f"Neo4j 启动超时 / Neo4j was not ready within {self.options.start_timeout_seconds:.0f} s. See "
                    f"{self.home.path(CONSOLE)} and {self.home.path('logs/debug.log')}; raise the start timeout on "
                    "a slow machine."
                )
        return False

    def _diagnose(self, words: str, archived: bool) -> None:
        """The JVM ended while starting: find the cause, heal what can be healed, raise in any case."""
        code = self.jvm.returncode if self.jvm else None
        log.warning("start failed with exit code %s:\n%s", code, words)
        if "No space left on device" in words or self._space_gone():
            raise disk_full(self.home.folder)
        if damaged := JarStore.of(self.options).discard_damaged(read_lock()):
            names = ", ".join(jar.coordinate for jar in damaged[:3])
            raise JarDamaged(
                f"jar 损坏 / damaged jars were dropped: {names}. They are fetched again at the next start; "
                "connect to the network and start again."
            )
        if archived:  # a damaged archive can crash the JVM: the next try goes without
            self.archives.discard()
            raise Crashed(code)
        if self.failures < len(BACKOFF_SECONDS) and (code is None or code < 0 or "lock" in words.lower()):
            raise Crashed(code)  # killed, or a dying older server still holds the store
        if self.failures < 1:
            raise Crashed(code)
        raise StartFailed(
            f"Neo4j 无法启动 / Neo4j ended while starting (exit code {code}). The last lines of "
            f"{self.home.path(CONSOLE)}:\n{self.home.tail(CONSOLE, 8)}"
        )

    def _space_gone(self) -> bool:
        try:
            write_atomically(self.home.path("space"), "x" * 65_536)
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self.home.path("space").unlink(missing_ok=True)
        return False

    def _password(self) -> str:
        """The home's password; the first start makes it, through an argument file because `ps` shows arguments."""
        if password := self.home.password():
            return password
        password = new_password()
        secret = self.home.path("password.new")
        write_atomically(secret, password)
        try:
            answer = subprocess.run(
                self.launcher.admin("dbms", "set-initial-password", f"@{secret}"),
                capture_output=True,
                env=self.launcher.admin_environment(),
                stdin=subprocess.DEVNULL,
                timeout=self.options.start_timeout_seconds,
                preexec_fn=die_with_parent(),
            )
        except subprocess.TimeoutExpired:
            raise StartFailed("设置密码超时 / setting the first password took too long; start again.") from None
        if answer.returncode:
            said = (answer.stdout + answer.stderr).decode("utf-8", errors="replace")
            with self.home.path(CONSOLE).open("w", encoding="utf-8") as console:
                console.write(said)
            self._diagnose(said, archived=False)
        os.replace(secret, self.home.path("password"))
        return password

    # -- users

    def _tick(self, seconds: float) -> None:
        """Hear users that leave, notice those that vanished; raises Stop."""
        for key, _ in self.selector.select(seconds):
            if key.fileobj is self.listener:
                with contextlib.suppress(OSError):
                    caller, _ = self.listener.accept()
                    caller.setblocking(False)
                    self.selector.register(caller, selectors.EVENT_READ)
            else:
                self._hear(key.fileobj)  # type: ignore[arg-type]
        if self.asked_to_stop:
            raise Stop("asked to")
        if not self.lock.in_place():
            raise Stop("the home was deleted")
        if not self.users.in_place() or not self.users.try_exclusive():
            self.alone_since = None
            return
        now = time.monotonic()
        self.alone_since = self.alone_since or now
        if now - self.alone_since >= self.options.grace_seconds:
            raise Stop(f"no user for {self.options.grace_seconds} s")  # still holding `users`: nobody enters meanwhile
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
        if said.startswith(b"stop"):
            raise Stop("asked to")
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

    def _idle(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._tick(min(left, TICK_SECONDS))

    # -- the end

    def _stop(self) -> None:
        with contextlib.suppress(OSError):
            self.home.withdraw()
        if self.archiver is not None and self.archiver.poll() is None:
            self.archiver.kill()
            self.archiver.wait()
        began = time.monotonic()
        self._end_jvm()
        log.info("stopped in %.1f s", time.monotonic() - began)

    def _end_jvm(self) -> None:
        if self.jvm is None or self.jvm.poll() is not None:
            return
        self.jvm.terminate()
        try:
            self.jvm.wait(self.options.stop_timeout_seconds)
        except subprocess.TimeoutExpired:
            log.warning("the server did not stop within %.0f s", self.options.stop_timeout_seconds)
            self.jvm.kill()
            self.jvm.wait()

    def _archive(self) -> subprocess.Popen[bytes]:
        text = json.dumps(self.options.to_json())
        with self.home.path("logs/archive.log").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "graph.store.embedded.archive", text],
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
    deadline = time.monotonic() + 1.0  # users probe the lock for a moment; only a keeper holds it longer
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
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
