"""The jars of the server: the committed lock, and a content store in the cache folder that holds exactly these bytes.

It must not know a repository's address (jgo does) nor what the jars are for.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from jgo.maven import MavenContext

from graph.progress import Progress
from graph.store.embedded.errors import DiskFull, JarMissing
from graph.store.embedded.options import MEGABYTE, EmbeddedOptions

LOCK: Final = Path(__file__).with_name("neo4j-2026.09.0.lock")
TRIES: Final = 4  # name resolution and mirrors fail now and then when 200 files are asked for at once
BACKOFF_SECONDS: Final = 0.5


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


def read_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Jar(parts[0], parts[1]) for parts in lines if len(parts) == 2 and not parts[0].startswith("#"))


def lock_digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class JarStore:
    """The content store `<cache>/jars`: every jar beside a `.size` file written after its sha256 was checked."""

    folder: Path

    def path(self, jar: Jar) -> Path:
        return self.folder / jar.name

    def holds(self, jar: Jar) -> bool:
        """Cheap enough for every start (230 × 2 stat calls): there, verified once, and of the size it had then."""
        path = self.path(jar)
        try:
            return path.with_suffix(".size").read_text(encoding="ascii") == str(path.stat().st_size)
        except OSError:
            return False

    def missing(self, jars: tuple[Jar, ...]) -> tuple[Jar, ...]:
        return tuple(jar for jar in jars if not self.holds(jar))

    def put(self, jar: Jar, file: Path) -> None:
        """Move a fetched file in, when its bytes are those of the lock; raises ValueError otherwise."""
        if digest(file) != jar.sha256:
            raise ValueError(jar.coordinate)
        path = self.path(jar)
        half = path.with_suffix(f".{os.getpid()}.half")
        shutil.copyfile(file, half)
        os.replace(half, path)
        size = path.with_suffix(".size")
        size.write_text(str(path.stat().st_size), encoding="ascii")
        file.unlink()

    def discard_damaged(self, jars: tuple[Jar, ...]) -> tuple[Jar, ...]:
        """Re-hash everything (157 MB, about half a second) and drop what is not what the lock says."""
        damaged = tuple(jar for jar in jars if not self.path(jar).exists() or digest(self.path(jar)) != jar.sha256)
        for jar in damaged:
            self.path(jar).unlink(missing_ok=True)
            self.path(jar).with_suffix(".size").unlink(missing_ok=True)
        return damaged

    def class_path(self, jars: tuple[Jar, ...]) -> str:
        return os.pathsep.join(str(self.path(jar)) for jar in jars)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def provide(options: EmbeddedOptions, progress: Progress) -> str:
    """The class path; fetches what the store does not hold. Raises JarMissing or DiskFull."""
    jars, store = read_lock(), JarStore(options.folder / "jars")
    if store.missing(jars):
        store.folder.mkdir(parents=True, exist_ok=True)
        with _alone(options.folder / "fetch.lock"):
            fetch(options, store, store.missing(jars), progress)
    return store.class_path(jars)


def fetch(options: EmbeddedOptions, store: JarStore, jars: tuple[Jar, ...], progress: Progress) -> None:
    free = shutil.disk_usage(options.folder).free // MEGABYTE
    if jars and free < options.cache_free_megabytes:
        raise DiskFull(
            f"磁盘空间不足 / not enough space for the Neo4j jars in {options.folder}: {free} MB free, "
            f"{options.cache_free_megabytes} MB needed. Free some space or choose another cache folder."
        )
    repository = options.folder / "repository"
    context = MavenContext(repo_cache=repository, timeout=30)
    logging.getLogger("jgo").setLevel(logging.ERROR)
    with progress.step("下载 Neo4j / fetching Neo4j jars", total=len(jars)) as advance:

        def fetch_one(jar: Jar) -> None:
            _fetch_one(context, store, jar)
            advance(1)

        with ThreadPoolExecutor(options.fetch_threads) as threads:
            try:
                list(threads.map(fetch_one, jars))
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise
    shutil.rmtree(repository, ignore_errors=True)


def _fetch_one(context: MavenContext, store: JarStore, jar: Jar) -> None:
    group, artifact, version, classifier = jar.parts
    reason = ""
    for attempt in range(TRIES):
        time.sleep(BACKOFF_SECONDS * attempt * attempt)
        try:
            component = context.project(group, artifact).at_version(version)
            found = component.artifact(classifier=classifier) if classifier else component.artifact()
            file = Path(found.resolve())
            store.put(jar, file)
            return
        except ValueError:
            reason = "its bytes are not those of the lock / 校验和不符"
            file.unlink(missing_ok=True)
        except OSError as error:  # requests' errors are OSErrors too; their text names hosts, so only the kind is shown
            if error.errno == 28:
                raise DiskFull(
                    f"磁盘已满 / no space left in {store.folder} while fetching {jar.coordinate}. Free some space."
                ) from None
            reason = f"no network or no answer / 网络不通 ({type(error).__name__})"
        except Exception as error:
            reason = f"{type(error).__name__}"
    raise JarMissing(
        f"缺少 jar / missing jar {jar.coordinate}: {reason}. Connect to the network and start again, "
        f"or copy the folder {store.folder} from a machine that has it; a Maven proxy is taken from HTTPS_PROXY."
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
