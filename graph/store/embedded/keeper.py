"""The keeper: one detached process per home that owns the JVM, restarts it and stops it when nobody uses it.

It must not know what the database holds. Run as `python -m graph.store.embedded.keeper HOME`; users do that themselves.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from graph.store.embedded import archive
from graph.store.embedded.configuration import configure, free_port, memory
from graph.store.embedded.errors import DiskFull, EmbeddedError, StartFailed
from graph.store.embedded.home import Home, Serving
from graph.store.embedded.jars import JarStore, lock_digest, read_lock
from graph.store.embedded.java import ADMIN_TOOL, archive_flags, find_java, server_command
from graph.store.embedded.options import EmbeddedOptions

PR_SET_PDEATHSIG: Final = 1
POLL_SECONDS: Final = 0.05
BACKOFF_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 5.0)  # restarts of a crashed JVM; reset once it served
WHO_ARE_YOU: Final = (
    'CALL dbms.queryJmx("java.lang:type=Runtime") YIELD attributes RETURN attributes.Name.value AS name'
)
WHICH_STORE: Final = "CALL db.info() YIELD id RETURN id"


def die_with_parent(parent: int) -> None:
    """Runs in the child. The signal is bound to the parent's *thread*, so only the keeper's main thread may fork it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the keeper died between fork and prctl
        os._exit(1)


@dataclass
class Keeper:
    home: Home
    options: EmbeddedOptions
    stopping: bool = False
    child: subprocess.Popen[bytes] | None = None
    archiver: subprocess.Popen[bytes] | None = None
    port: int = 0
    attempts: int = 0
    started: float = 0.0
    empty_since: float | None = None
    log: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Serve until nobody needs it. Raises EmbeddedError when the server cannot be started."""
        self.home.note_serving(None)
        self._start()
        while True:
            time.sleep(POLL_SECONDS)
            self._watch_child()
            with self.home.emptied() as empty:
                if self._may_stop(empty):
                    self.home.note_serving(None)
                    self._stop()
                    return

    def _may_stop(self, empty: bool) -> bool:
        if self.stopping:
            return True
        if not empty:
            self.empty_since = None
            return False
        now = time.monotonic()
        self.empty_since = self.empty_since or now
        return self.home.left() or now - self.empty_since > self.options.grace_seconds

    def _start(self) -> None:
        java, class_path = find_java(self.options), JarStore(self.options.folder / "jars").class_path(read_lock())
        self.port = free_port()
        configure(self.options, self.home.neo4j, self.port)
        if not (self.home.neo4j / "data" / "dbms").exists():
            self._set_password(java, class_path)
        heap, _ = memory(self.options)
        flags = archive_flags(self._archive_folder)
        keeper = os.getpid()
        with (self.home.folder / "server.log").open("wb") as output:
            self.child = subprocess.Popen(
                server_command(java, class_path, self.home.neo4j, heap, flags),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=lambda: die_with_parent(keeper),
            )
        self.started = time.monotonic()

    def _set_password(self, java: Path, class_path: str) -> None:
        """Before the first start; the password goes by a file of the home, `ps` shows command lines to everybody."""
        arguments = self.home.folder / ".initial"
        with os.fdopen(os.open(arguments, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"dbms set-initial-password {self.home.password}\n")
        command = [str(java), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", class_path, ADMIN_TOOL, f"@{arguments}"]
        places = {"NEO4J_HOME": str(self.home.neo4j), "NEO4J_CONF": str(self.home.neo4j / "conf")}
        done = subprocess.run(command, env=places, capture_output=True, text=True, check=False, timeout=60)
        arguments.unlink()
        if done.returncode:
            raise StartFailed(
                f"初始密码设置失败 / setting the password failed; see {self.home.log}: {done.stdout[-300:]}"
            )

    def _watch_child(self) -> None:
        assert self.child is not None  # noqa: S101 - set by _start before the loop
        if self.child.poll() is not None:
            self.home.note_serving(None)
            self._restart()
        elif self.home.serving() is None:
            store = self._answers()
            if store is not None:
                self.attempts = 0
                self.home.note_fault(None)
                self.home.note_serving(Serving(self.port, self.child.pid, os.getpid(), store))
                self._make_archive()
            elif time.monotonic() - self.started > self.options.start_timeout_seconds:
                self._stop()
                raise StartFailed(
                    f"Neo4j 启动超时 / Neo4j did not answer within {self.options.start_timeout_seconds:.0f} s. "
                    f"See {self.home.folder / 'server.log'}; give the machine more memory or a longer timeout."
                )

    def _restart(self) -> None:
        self.attempts += 1
        if self.attempts >= len(BACKOFF_SECONDS):
            raise self._explain()
        time.sleep(BACKOFF_SECONDS[self.attempts])
        self._start()

    def _explain(self) -> EmbeddedError:
        """Why the server ended again and again, in the words of its log."""
        output = (self.home.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        if "No space left" in output or shutil.disk_usage(self.home.folder).free < 16 * 1024 * 1024:
            return DiskFull(f"磁盘已满 / no space left in {self.home.folder}. Free some space and start again.")
        damaged = JarStore(self.options.folder / "jars").discard_damaged(read_lock())
        if damaged:
            return StartFailed(
                f"jar 已损坏 / damaged jars were removed from {self.options.folder / 'jars'}: "
                f"{', '.join(jar.coordinate for jar in damaged[:3])}. Start again to fetch them anew."
            )
        return StartFailed(
            f"Neo4j 无法启动 / Neo4j ended {self.attempts} times while starting; see {self.home.folder / 'server.log'}."
        )

    def _answers(self) -> str | None:
        """The store id when our own child answers on the port: it is asked for its process id."""
        assert self.child is not None  # noqa: S101
        try:
            with (
                GraphDatabase.driver(
                    f"bolt://127.0.0.1:{self.port}",
                    auth=("neo4j", self.home.password),
                    connection_timeout=2.0,
                    max_transaction_retry_time=0.0,
                    notifications_min_severity="OFF",
                ) as driver,
                driver.session(database="neo4j") as session,
            ):
                name = session.run(WHO_ARE_YOU).single(strict=True)["name"]
                if str(name).partition("@")[0] != str(self.child.pid):
                    return None
                return str(session.run(WHICH_STORE).single(strict=True)["id"])
        except (DriverError, Neo4jError, OSError):
            return None

    @property
    def _archive_folder(self) -> Path:
        return self.options.folder / f"archive-{lock_digest()}"

    def _make_archive(self) -> None:
        if self.options.appcds and self.archiver is None and not archive_flags(self._archive_folder):
            keeper = os.getpid()
            self.archiver = subprocess.Popen(
                [sys.executable, "-m", archive.__name__, str(self.home.folder), str(self._archive_folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=lambda: die_with_parent(keeper),
            )

    def _stop(self) -> None:
        if self.archiver is not None and self.archiver.poll() is None:
            self.archiver.terminate()
            self.archiver.wait(5)
        if self.child is None or self.child.poll() is not None:
            return
        self.child.terminate()
        try:
            self.child.wait(self.options.stop_timeout_seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait(5)


def main() -> int:
    if os.fork():  # the user that started us waits for this parent only, and leaves no zombie behind
        return 0
    os.setsid()
    home = Home(Path(sys.argv[1]))
    held = home.keep()
    if held is None:
        return 0
    try:
        home.forget_left()
        home.note_fault(None)
        keeper = Keeper(home, home.options())
        signal.signal(signal.SIGTERM, lambda *_: setattr(keeper, "stopping", True))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        keeper.run()
    except EmbeddedError as error:
        home.note_serving(None)
        home.note_fault(f"{type(error).__name__}: {error.message}")
        return 1
    finally:
        held.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
