"""The home folder: its layout, its two locks, and the small files by which keeper and users tell each other things.

It must not know how the server is started or who its users are.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from graph.store.embedded.errors import KINDS, DiskFull, EmbeddedError, HomeHeld, StartFailed
from graph.store.embedded.options import MEGABYTE
from graph.store.embedded.processes import Identity

LAYOUT: Final = 1
SERVER: Final = "2026.09.0"
USERNAME: Final = "neo4j"
DATABASE: Final = "neo4j"
SOCKET: Final = "leave"
LOG: Final = "logs/keeper.log"
CONSOLE: Final = "logs/console.log"
RESTORING: Final = "restoring.now"  # there while the graph of a home is being exchanged
KEPT_BY_ANOTHER: Final = 3  # exit code of a keeper that came second
PROBE_BYTES: Final = 65_536
TIGHT_MEGABYTES: Final = 96  # a store file grows by 64 MB at a time
FOLDERS: Final = ("conf", "data", "logs", "run", "plugins", "import", "tmp")


class Lock:
    """An flock on a file of the home; the kernel frees it when its process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def try_shared(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def wait_exclusive(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def unlock(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        if self.descriptor >= 0:
            descriptor, self.descriptor = self.descriptor, -1
            os.close(descriptor)

    def in_place(self) -> bool:
        """Whether the path still leads to the locked file: a home deleted meanwhile is nobody's home."""
        try:
            there, here = os.stat(self._path), os.fstat(self.descriptor)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ready:
    """What the keeper writes once the server answered, and removes before it stops it."""

    port: int
    store: str
    keeper: Identity
    jvm: Identity

    def serving(self) -> bool:
        """False for the file a killed keeper or a crashed JVM left behind."""
        return self.keeper.alive() and self.jvm.alive()


@dataclass(frozen=True, slots=True)
class Home:
    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def prepare(self, *, restoring: bool = False) -> None:
        """Make the folders, or say whose home this is."""
        if self.folder in (Path.home(), Path("/")):
            raise HomeHeld(f"{self.folder} 不能作为数据目录 / cannot be a home: choose a folder of its own.")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            owner = self.folder.stat().st_uid
            if owner != os.geteuid():
                raise HomeHeld(
                    f"数据目录属于其他用户 / the home {self.folder} belongs to user id {owner}, this is user id "
                    f"{os.geteuid()}. Run as its owner, or choose another home."
                )
            self.folder.chmod(0o700)
            if self.path(RESTORING).exists() and not restoring:
                raise HomeHeld(
                    f"恢复或首次载入被中断,请再次运行该命令 / a restore or a first load into {self.folder} was cut "
                    "off: run it again. What was there before is in its folder 'replaced'."
                )
            self._check_layout()
            for name in FOLDERS:
                self.path(name).mkdir(exist_ok=True)
        except OSError as error:
            raise self.explain(error) from error

    def _check_layout(self) -> None:
        stored = _read_json(self.path("layout"))
        if stored is None:
            write_atomically(self.path("layout"), json.dumps({"layout": LAYOUT, "server": SERVER}))
            return
        made = stored.get("layout", 0), _version(str(stored.get("server", "0")))
        if made > (LAYOUT, _version(SERVER)):
            raise HomeHeld(
                f"数据目录由更新的版本建立 / the home {self.folder} was made by a newer creditgraph (layout "
                f"{stored.get('layout')}, Neo4j {stored.get('server')}; this one: {LAYOUT}, {SERVER}). "
                "Use that version, or choose another home."
            )
        if made < (LAYOUT, _version(SERVER)):  # Neo4j migrates its store forward by itself
            write_atomically(self.path("layout"), json.dumps({"layout": LAYOUT, "server": SERVER}))

    def explain(self, error: OSError) -> EmbeddedError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return disk_full(self.folder)
        return HomeHeld(
            f"无法使用数据目录 / the home {self.folder} cannot be used: {error.strerror} ({error.filename}). "
            "Correct its permissions, or choose another home."
        )

    def free_megabytes(self) -> int:
        return shutil.disk_usage(self.folder).free // MEGABYTE

    def full(self) -> bool:
        """Whether not even a small file can be written."""
        probe = self.path("tmp/space")
        try:
            write_atomically(probe, "x" * PROBE_BYTES)
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)
        return False

    def check_space(self, for_new_home: int) -> None:
        """An existing store needs a quarter: its next file growth (64 MB) and the log it replays."""
        needed = for_new_home if self.password() is None else for_new_home // 4
        free = self.free_megabytes()
        if free < needed:
            raise DiskFull(
                f"磁盘空间不足 / not enough space for the store in {self.folder}: {free} MB free, {needed} MB needed. "
                "Free some space, or choose another home."
            )

    def users(self) -> Lock:
        return Lock(self.path("users"))

    def keeper(self) -> Lock:
        return Lock(self.path("keeper"))

    def kept(self) -> bool:
        """Whether a keeper holds the home. The probe takes the lock for a moment, so keepers try for a second."""
        lock = self.keeper()
        try:
            return not lock.try_shared()
        finally:
            lock.close()

    def ready(self) -> Ready | None:
        """The running server, or None; never one whose keeper or JVM is gone."""
        stored = _read_json(self.path("ready"))
        if stored is None:
            return None
        ready = Ready(stored["port"], stored["store"], Identity(**stored["keeper"]), Identity(**stored["jvm"]))
        return ready if ready.serving() else None

    def announce(self, ready: Ready) -> None:
        write_atomically(self.path("ready"), json.dumps(asdict(ready)))
        write_atomically(self.path("port"), str(ready.port))

    def withdraw(self) -> None:
        self.path("ready").unlink(missing_ok=True)

    def last_port(self) -> int | None:
        try:
            return int(self.path("port").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def password(self) -> str | None:
        try:
            return self.path("password").read_text(encoding="ascii") or None
        except OSError:
            return None

    def complain(self, error: EmbeddedError) -> None:
        """Leave a keeper's fault for the users that wait; a full disk they find by themselves."""
        text = json.dumps({"kind": type(error).__name__, "message": error.message, "at": time.time()})
        try:
            write_atomically(self.path("fault"), text)
        except OSError:
            self.path("fault").unlink(missing_ok=True)

    def fault(self, since: float) -> EmbeddedError | None:
        """The fault a keeper left at or after `since` (seconds of `time.time`)."""
        stored = _read_json(self.path("fault"))
        if stored is None or stored["at"] < since:
            return None
        return KINDS.get(stored["kind"], StartFailed)(stored["message"])

    def tail(self, name: str, count: int = 12) -> str:
        """The last lines of a log."""
        try:
            with self.path(name).open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - 16_384))
                return "\n".join(file.read().decode("utf-8", errors="replace").splitlines()[-count:])
        except OSError:
            return ""


def disk_full(folder: Path) -> DiskFull:
    return DiskFull(
        f"磁盘已满:{folder} 所在的磁盘没有空间。请腾出空间;已确认的写入都在,数据库自行恢复,中断的命令请重新运行"
        f" / no space left on the disk of {folder}. Free some space; nothing acknowledged is lost, the server starts "
        "again by itself, and a command that was cut off is run again."
    )


def new_password() -> str:
    """Hexadecimal: the command line it goes through takes a leading "-" for an option and "#" for a comment."""
    return secrets.token_hex(24)


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Another process reads the old text or the new one, never half of it."""
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) else None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
