"""The jars of the server: the committed lock, and a content store in the cache folder that holds exactly these bytes.

It must not know a repository's address (jgo does) nor what the jars are for.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph.progress import Progress
from graph.store.embedded.errors import DiskFull, EmbeddedError, JarMissing
from graph.store.embedded.options import MEGABYTE, EmbeddedOptions

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK: Final = Path(__file__).with_name("neo4j-2026.09.0.lock")
TRIES: Final = 4  # name resolution and mirrors fail now and then when 200 files are asked for at once
BACKOFF_SECONDS: Final = 0.5
FIXED_TIME: Final = 1_790_000_000  # the class archive remembers each jar's time: the same bytes get the same one


@dataclass(frozen=True)
class Jar:
    """One line of the lock: `group:artifact:version[:classifier] sha256`."""

    coordinate: str
    sha256: str

    @cached_property
    def parts(self) -> tuple[str, str, str, str]:
        group, artifact, version, *classifier = self.coordinate.split(":")
        return group, artifact, version, classifier[0] if classifier else ""

    @property
    def name(self) -> str:
        """The name in the content store: it changes with the content, so a name that is there is right or damaged."""
        _, artifact, version, classifier = self.parts
        suffix = f"-{classifier}" if classifier else ""
        return f"{artifact}-{version}{suffix}-{self.sha256[:16]}.jar"


@cache
def read_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Jar(parts[0], parts[1]) for parts in lines if len(parts) == 2 and not parts[0].startswith("#"))


@cache
def lock_digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class JarStore:
    """The content store `<cache>/jars`: each jar beside a `.seen` file, its size and time when it was hashed."""

    folder: Path

    @classmethod
    def of(cls, options: EmbeddedOptions) -> JarStore:
        return cls(options.cache_folder / "jars")

    def path(self, jar: Jar) -> Path:
        return self.folder / jar.name

    def holds(self, jar: Jar) -> bool:
        """Two stat calls a jar at every start; a file that was touched or copied since is hashed once more."""
        path = self.path(jar)
        try:
            stamp = _stamp(path)
            if _seen(path).exists() and _seen(path).read_text(encoding="ascii") == stamp:
                return True
            if digest(path) != jar.sha256:
                return False
            os.utime(path, (FIXED_TIME, FIXED_TIME))
            _seen(path).write_text(_stamp(path), encoding="ascii")
        except OSError:
            return False
        return True

    def missing(self, jars: tuple[Jar, ...]) -> tuple[Jar, ...]:
        return tuple(jar for jar in jars if not self.holds(jar))

    def put(self, jar: Jar, file: Path) -> bool:
        """Move a fetched file in when its bytes are those of the lock; False otherwise."""
        if digest(file) != jar.sha256:
            return False
        os.utime(file, (FIXED_TIME, FIXED_TIME))
        path = self.path(jar)
        os.replace(file, path)  # the repository lies in the same cache folder
        _seen(path).write_text(_stamp(path), encoding="ascii")
        return True

    def discard_damaged(self, jars: tuple[Jar, ...]) -> tuple[Jar, ...]:
        """Re-hash everything (157 MB, 0.2 s) and drop what is not what the lock says."""
        damaged = tuple(jar for jar in jars if not self.path(jar).exists() or digest(self.path(jar)) != jar.sha256)
        for jar in damaged:
            self.path(jar).unlink(missing_ok=True)
            _seen(self.path(jar)).unlink(missing_ok=True)
        return damaged

    def class_path(self, jars: tuple[Jar, ...]) -> str:
        return os.pathsep.join(str(self.path(jar)) for jar in jars)


def _seen(path: Path) -> Path:
    return path.with_suffix(".seen")


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def provide(options: EmbeddedOptions, progress: Progress) -> None:
    """Fetch what the store does not hold. Raises JarMissing or DiskFull."""
    jars, store = read_lock(), JarStore.of(options)
    if not store.missing(jars):
        return
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with _alone(options.cache_folder / "fetch.lock"):
            missing = store.missing(jars)  # another process may have fetched them meanwhile
            if missing:
                fetch(options, store, missing, progress)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_space(options) from error
        raise JarMissing(
            f"无法使用缓存目录 / the cache folder {options.cache_folder} cannot be used: {error.strerror} "
            f"({error.filename}). Correct its permissions, or choose another cache folder."
        ) from error


def fetch(options: EmbeddedOptions, store: JarStore, jars: tuple[Jar, ...], progress: Progress) -> None:
    free = shutil.disk_usage(options.cache_folder).free // MEGABYTE
    needed = max(1, options.cache_free_megabytes * len(jars) // len(read_lock()))
    if free < needed:
        raise DiskFull(
            f"磁盘空间不足 / not enough space for the Neo4j jars in {options.cache_folder}: {free} MB free, "
            f"{needed} MB needed. Free some space, or choose another cache folder."
        )
    # Loaded here: a start that fetches nothing does not pay its 0.3 s.
    from jgo.maven import MavenContext

    logging.getLogger("jgo").setLevel(logging.CRITICAL)
    repository = options.cache_folder / "repository"
    shutil.rmtree(repository, ignore_errors=True)  # jgo counts the torn file of a killed fetch as fetched
    context = MavenContext(repo_cache=repository)
    given_up = threading.Event()
    with progress.step("下载 Neo4j / fetching Neo4j jars", total=len(jars)) as advance:

        def fetch_one(jar: Jar) -> EmbeddedError | None:
            error = None if given_up.is_set() else _fetch_one(context, options, store, jar, given_up)
            if error is None:
                advance(1)
            else:
                given_up.set()
            return error

        with _names_resolved_once(), ThreadPoolExecutor(options.fetch_threads) as threads:
            errors = [error for error in threads.map(fetch_one, jars) if error is not None]
    shutil.rmtree(repository, ignore_errors=True)
    if errors:
        raise errors[0]


def _fetch_one(
    context: MavenContext, options: EmbeddedOptions, store: JarStore, jar: Jar, given_up: threading.Event
) -> EmbeddedError | None:
    group, artifact, version, classifier = jar.parts
    reason = ""
    for attempt in range(TRIES):
        if given_up.wait(BACKOFF_SECONDS * attempt * attempt):
            break
        try:
            component = context.project(group, artifact).at_version(version)
            wanted = component.artifact(classifier=classifier) if classifier else component.artifact()
            file = Path(wanted.resolve())
            if store.put(jar, file):
                return None
            reason = "校验和不符 / its bytes are not those of the lock"
            shutil.rmtree(file.parent, ignore_errors=True)
        except Exception as error:  # jgo raises OSError, RuntimeError and requests' own; their texts name hosts
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
                return _no_space(options)
            reason = f"网络不通或仓库无应答 / no network, or no answer ({type(error).__name__})"
    return JarMissing(
        f"缺少 jar / missing jar {jar.coordinate}: {reason}. Connect to the network and start again, or "
        f"copy the folder {store.folder} from a machine that has it."
    )


def _no_space(options: EmbeddedOptions) -> DiskFull:
    return DiskFull(
        f"磁盘已满 / no space left in {options.cache_folder} while fetching the Neo4j jars. Free "
        f"{options.cache_free_megabytes} MB, or choose another cache folder."
    )


@contextmanager
def _names_resolved_once() -> Iterator[None]:
    """jgo opens a connection per file: 460 name look-ups, which some resolvers answer late (58 s became 8 s)."""
    ask = socket.getaddrinfo
    socket.getaddrinfo = cache(ask)
    try:
        yield
    finally:
        socket.getaddrinfo = ask


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
