"""One load at a time on a graph: the next waits until it is its turn, and says for whom.

It must not know what is loaded. The writer's own lock orders batches; this one keeps two files from taking turns in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.store.embedded.home import Lock

FILE: Final = "loading"


@contextmanager
def turn(home: Path, what: str, now: datetime) -> Iterator[None]:
    """Hold the lock of the home's loads; the kernel frees it when the process ends, however it ends."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / FILE
    lock = Lock(path)
    try:
        if not lock.try_exclusive():
            holder = path.read_text(encoding="utf-8") or "?"
            print(f"等待另一载入结束:{holder} / waiting for another load to end: {holder}", flush=True)
            lock.wait_exclusive()
        path.write_text(f"{what}, {now:%Y-%m-%d %H:%M:%S}, pid {os.getpid()}", encoding="utf-8")
        yield
        path.write_text("", encoding="utf-8")
    finally:
        lock.close()
