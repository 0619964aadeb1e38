"""Makes the class archive of the server once per machine: in a scratch home, at low priority, whole or not at all.

It must not know the home it serves beyond its options; run as `python -m graph.store.embedded.archive HOME FOLDER`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from graph.store.embedded.configuration import configure, free_port
from graph.store.embedded.home import Home
from graph.store.embedded.jars import JarStore, read_lock
from graph.store.embedded.java import FLAGS, find_java, server_command

NICE: Final = 19
SECONDS: Final = 180.0


def make(home: Home, target: Path) -> None:
    """Write `base.jsa` and `app.jsa` (about 100 MB) into `target`."""
    options = replace(home.options(), heap_megabytes=256, page_cache_megabytes=32, query_log=False)
    java, class_path = find_java(options), JarStore(options.folder / "jars").class_path(read_lock())
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".archive-", dir=target.parent) as folder:
        scratch, made = Path(folder) / "home", Path(folder) / "made"
        made.mkdir()
        base, app = made / "base.jsa", made / "app.jsa"
        dump = [str(java), *FLAGS, "-Xshare:dump", f"-XX:SharedArchiveFile={base}"]
        subprocess.run(dump, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=SECONDS)
        port = free_port()
        configure(options, scratch, port)
        flags = (f"-XX:SharedArchiveFile={base}", f"-XX:ArchiveClassesAtExit={app}")
        command = server_command(java, class_path, scratch, 256, flags)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                wait_until_open(port, server)
            finally:
                server.terminate()
                server.wait(SECONDS)
        if app.exists():
            os.chmod(made, 0o755)  # noqa: S103 - other homes of the user read it
            shutil.rmtree(target, ignore_errors=True)
            os.replace(made, target)


def wait_until_open(port: int, server: subprocess.Popen[bytes]) -> None:
    began = time.monotonic()
    while server.poll() is None and time.monotonic() - began < SECONDS:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            time.sleep(2)  # the databases open after the port; their classes belong into the archive
            return
        time.sleep(0.3)


def main() -> None:
    home, target = Home(Path(sys.argv[1])), Path(sys.argv[2])
    os.nice(NICE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (target.parent / "archive.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not target.exists():
            make(home, target)


if __name__ == "__main__":
    main()
