"""Neo4j's own dump and load of the database of a stopped home, as streams of bytes.

It must not know where the bytes are kept nor how the server was stopped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from typing import IO, Final

from graph.store.embedded import configuration
from graph.store.embedded.errors import EmbeddedError, StartFailed
from graph.store.embedded.home import DATABASE, Home, disk_full
from graph.store.embedded.java import Java, Launcher
from graph.store.embedded.options import MEGABYTE, EmbeddedOptions
from graph.store.embedded.processes import die_with_parent
from graph.store.embedded.server import NO_SPACE

DUMP: Final = ("database", "dump", DATABASE, "--to-stdout")
LOAD: Final = ("database", "load", DATABASE, "--from-stdin")
WORDS: Final = "logs/admin.log"
STORE: Final = (f"data/databases/{DATABASE}", f"data/transactions/{DATABASE}")


def dump(options: EmbeddedOptions, take: Callable[[bytes], object]) -> None:
    """Hand the database of a halted home on, piece by piece. Raises EmbeddedError when it cannot be dumped."""
    home = Home(options.home)
    with _words(home) as words:
        process = _started(options, home, DUMP, subprocess.DEVNULL, subprocess.PIPE, words)
        assert process.stdout is not None  # noqa: S101
        try:
            while piece := process.stdout.read(MEGABYTE):
                take(piece)
        finally:
            code = _ended(process)
    if code:
        raise failed(home, "导出数据库失败 / the database could not be dumped")


def load(options: EmbeddedOptions, home: Home, pieces: Iterable[bytes]) -> None:
    """Load a dump into a fresh home of its own, which no server has used. Raises EmbeddedError."""
    configuration.write(home, options, configuration.size(options), 0)
    with _words(home) as words:
        process = _started(options, home, LOAD, subprocess.PIPE, words, words)
        assert process.stdin is not None  # noqa: S101
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
            code = process.wait()
        except BrokenPipeError:  # it ended before it had read everything, and says why
            code = process.wait() or 1
        finally:
            _ended(process)
    if code:
        raise failed(home, "载入数据库失败 / the dump could not be loaded")


def size(home: Home) -> int:
    """Bytes of the database and its log, as they lie in a home."""
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for each in STORE
        for folder, _, names in os.walk(home.path(each))
        for name in names
    )


def clear(home: Home) -> None:
    """Remove a home that was only loaded into."""
    shutil.rmtree(home.folder, ignore_errors=True)


def _started(
    options: EmbeddedOptions, home: Home, command: tuple[str, ...], given: int, taken: int | IO[bytes], words: IO[bytes]
) -> subprocess.Popen[bytes]:
    launcher = Launcher(options, home, Java.find(options))
    return subprocess.Popen(
        launcher.admin(*command),
        stdin=given,
        stdout=taken,
        stderr=words,
        env=launcher.admin_environment(),
        preexec_fn=die_with_parent(),
    )


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code; one that still runs is of no more use."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    if process.poll() is None and process.stdin is not None:
        process.kill()
    return process.wait()


def _words(home: Home) -> IO[bytes]:
    return home.path(WORDS).open("wb")


def failed(home: Home, what: str) -> EmbeddedError:
    """What an admin command said before it ended."""
    words = home.tail(WORDS)
    if any(spoken.decode() in words for spoken in NO_SPACE):
        return disk_full(home.folder)
    return StartFailed(f"{what}: {words}")
