"""The JVM: its start until it answers, what its logs say is wrong with it, its end.

It must not know users or when to stop; it is driven from the keeper's main thread, whose death ends the JVM.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import time
import zipfile
from collections.abc import Callable
from typing import Final

from graph.store.embedded import configuration, readiness
from graph.store.embedded.errors import EmbeddedError, JarDamaged, StartFailed
from graph.store.embedded.home import (
    CONSOLE,
    TIGHT_MEGABYTES,
    Home,
    Ready,
    disk_full,
    new_password,
    write_atomically,
)
from graph.store.embedded.jars import JarStore, read_lock
from graph.store.embedded.java import ENVIRONMENT, Archives, Java, Launcher
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import Identity, die_with_parent

TICK_SECONDS: Final = 0.05
CHECK_SECONDS: Final = 1.0
ASKING_SECONDS: Final = 10.0
BIND_TRIES: Final = 5
DEBUG: Final = "logs/debug.log"
PANIC: Final = b"Database panic"  # the server stays up and refuses every transaction until it is started again
NO_SPACE: Final = (b"No space left on device", b"out of disk space")
NO_HEAP: Final = "OutOfMemoryError: Java heap space"

log = logging.getLogger("keeper")


class Crashed(Exception):
    """The JVM ended or gave up by itself; it may be started again."""


class Server:
    def __init__(self, options: EmbeddedOptions, home: Home, tick: Callable[[float], None]) -> None:
        self.options = options
        self.home = home
        self._tick = tick  # hears users meanwhile; raises to end the start
        self._launcher = Launcher(options, home, Java.find(options))
        self.archives = Archives.of(options, self._launcher.java)
        self._jvm: subprocess.Popen[bytes] | None = None
        self._log = Follower(home)
        self._port = 0
        self._password = ""
        self._suspect = False
        self._checked = self._asked = 0.0
        self.started = 0.0

    def start(self, tries_left: bool) -> None:
        """Start the JVM and announce it once it answers; raises Crashed for another try, EmbeddedError for good."""
        memory = configuration.size(self.options)
        self._port = readiness.free_port(self.options.bolt_port or self.home.last_port())
        for _ in range(BIND_TRIES):
            configuration.write(self.home, self.options, memory, self._port)
            self._password = self._own_password()
            archived = self.archives.present()
            shared = [f"-XX:SharedArchiveFile={self.archives.base}:{self.archives.application}"] if archived else []
            try:
                command = self._launcher.server(memory, *shared)
            except (zipfile.BadZipFile, KeyError, IndexError) as error:
                raise self._diagnose(f"the entry point cannot be read: {error!r}", False, False) from error
            self.started = time.monotonic()
            self._log = Follower(self.home)
            with self.home.path(CONSOLE).open("wb") as console:
                self._jvm = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=console,
                    stderr=subprocess.STDOUT,
                    env=ENVIRONMENT,
                    cwd=self.home.folder,
                    preexec_fn=die_with_parent(),
                )
            if self._answers():
                return
            words = self.home.tail(CONSOLE, 60)
            if "Address already in use" not in words:
                raise self._diagnose(words, archived, tries_left)
            self._port = readiness.free_port()
        raise StartFailed(f"没有可用端口 / no free port on 127.0.0.1 after {BIND_TRIES} tries. Close some programs.")

    def watch(self) -> None:
        """Raises Crashed when the JVM ended or its database gave up, DiskFull when that was for want of space."""
        if self._jvm is None or self._jvm.poll() is not None:
            raise Crashed(f"exit code {self._jvm and self._jvm.returncode}")
        if time.monotonic() - self._checked < CHECK_SECONDS:
            return
        self._checked = time.monotonic()
        fresh = self._log.fresh()
        tight = self.home.free_megabytes() < TIGHT_MEGABYTES
        self._suspect = self._suspect or tight
        asking = self._suspect or self._checked - self._asked > ASKING_SECONDS
        panic = self._panicked(fresh, asking=asking)
        if asking:
            self._asked, self._suspect = self._checked, tight or panic
        if panic:
            self.home.withdraw()
            self.kill()
            if tight or any(words in fresh for words in NO_SPACE):
                raise disk_full(self.home.folder)
            raise Crashed("the database gave up, see logs/debug.log")

    def kill(self) -> None:
        """End a server whose database gave up. One that is asked to stop writes what it still holds of its log behind
        what a full disk had not taken, where room was made meanwhile: such a log is refused at every later start."""
        if self._jvm is not None:
            self._jvm.kill()
            self._jvm.wait()
            log.info("killed: its database gave up")

    def end(self) -> None:
        if self._jvm is None or self._jvm.poll() is not None:
            return
        with contextlib.suppress(OSError):  # of a home that was deleted nothing is left to look at
            tight = self._suspect or self.home.free_megabytes() < TIGHT_MEGABYTES
            if self._panicked(self._log.fresh(), asking=tight):
                return self.kill()
        began = time.monotonic()
        patience = self.options.stop_timeout_seconds
        self._jvm.terminate()
        try:
            self._jvm.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("the server did not stop within %.0f s and is killed", patience)
            self._jvm.kill()
            self._jvm.wait()
        log.info("stopped in %.1f s", time.monotonic() - began)

    def _panicked(self, fresh: bytes, *, asking: bool) -> bool:
        """Whether the database gave up, by what is new in its log. A log on a full disk is silent, and room may be made
        within a second: then the database itself is asked."""
        return PANIC in fresh or (asking and readiness.refuses(self._port, self._password))

    def _answers(self) -> bool:
        """True once our own child answered and is announced; False when it ended or its database gave up."""
        assert self._jvm is not None  # noqa: S101
        deadline = self.started + self.options.start_timeout_seconds
        refusals = 0
        while self._jvm.poll() is None:
            self._tick(TICK_SECONDS)
            try:
                store = readiness.store_id(self._port, self._password, self._jvm.pid)
            except readiness.PasswordRefused:
                refusals += 1
                if refusals < 3:  # perhaps an older server on the port: then ours ends with a bind failure
                    self._tick(1.0)
                    continue
                self.end()
                raise StartFailed(
                    f"密码与库不符 / the store in {self.home.folder} does not accept the password in its file "
                    "'password'. Put the right file back, or choose another home."
                ) from None
            if store is not None and self._jvm.poll() is None:
                seconds = time.monotonic() - self.started
                log.info(
                    "ready on port %d after %.1f s, process %d, store %s", self._port, seconds, self._jvm.pid, store
                )
                self.home.announce(Ready(self._port, store, Identity.of(os.getpid()), Identity.of(self._jvm.pid)))
                return True
            if self._gave_up():
                return False
            if time.monotonic() > deadline:
                self.end()
                raise StartFailed(
                    f"Neo4j 启动超时 / Neo4j was not ready within {self.options.start_timeout_seconds:.0f} s. See "
                    f"{self.home.path(CONSOLE)} and {self.home.path(DEBUG)}; on a slow machine raise "
                    "CREDITGRAPH_START_SECONDS."
                )
        return False

    def _gave_up(self) -> bool:
        """On a full disk the server neither starts nor ends: look once a second, and end it."""
        if time.monotonic() - self._checked < CHECK_SECONDS:
            return False
        self._checked = time.monotonic()
        fresh = self._log.fresh()
        full = any(words in fresh for words in NO_SPACE) or self.home.full()
        if not full and PANIC not in fresh:
            return False
        self.kill()
        if full:
            raise disk_full(self.home.folder)
        return True

    def _diagnose(self, words: str, archived: bool, tries_left: bool) -> EmbeddedError | Crashed:
        """Why the start failed; what can be healed is healed."""
        code = self._jvm.returncode if self._jvm else None
        log.warning("start failed with exit code %s:\n%s", code, words)
        if any(spoken.decode() in words for spoken in NO_SPACE) or self.home.full():
            return disk_full(self.home.folder)
        if damaged := JarStore.of(self.options).discard_damaged(read_lock()):
            names = ", ".join(jar.coordinate for jar in damaged[:3])
            return JarDamaged(
                f"jar 损坏 / damaged jars were dropped: {names}. They are fetched again at the next start; "
                "connect to the network and start again."
            )
        if archived:  # a damaged archive can crash the JVM: the next try goes without
            self.archives.discard()
            return Crashed(f"exit code {code}, with the class archive")
        if tries_left:  # killed, or a dying older server still holds the store
            return Crashed(f"exit code {code}")
        if NO_HEAP in words:
            return StartFailed(
                f"Neo4j 内存不足 / Neo4j ran out of its heap while starting, as it does where it replays a large "
                f"transaction in a small one. Raise CREDITGRAPH_HEAP_MB and start again; see {self.home.path(CONSOLE)}."
            )
        return StartFailed(
            f"Neo4j 无法启动 / Neo4j ended while starting (exit code {code}). The last lines of "
            f"{self.home.path(CONSOLE)}:\n{self.home.tail(CONSOLE, 8)}"
        )

    def _own_password(self) -> str:
        """The home's password; the first start makes it, through an argument file because `ps` shows arguments."""
        if password := self.home.password():
            return password
        password = new_password()
        secret = self.home.path("password.new")
        write_atomically(secret, password)
        try:
            answer = subprocess.run(
                self._launcher.admin("dbms", "set-initial-password", f"@{secret}"),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=self._launcher.admin_environment(),
                timeout=self.options.start_timeout_seconds,
                preexec_fn=die_with_parent(),
            )
        except subprocess.TimeoutExpired:
            raise StartFailed("设置密码超时 / setting the first password took too long; start again.") from None
        if answer.returncode:
            said = (answer.stdout + answer.stderr).decode("utf-8", errors="replace")
            with contextlib.suppress(OSError):
                self.home.path(CONSOLE).write_text(said, encoding="utf-8")
            raise self._diagnose(said, archived=False, tries_left=False)
        os.replace(secret, self.home.path("password"))
        return password


class Follower:
    """What debug.log gained since this was made."""

    def __init__(self, home: Home) -> None:
        self._path = home.path(DEBUG)
        self._position = self._size()

    def fresh(self) -> bytes:
        if self._size() < self._position:  # rotated
            self._position = 0
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                text = file.read()
        except OSError:
            return b""
        self._position += len(text)
        return text

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0
