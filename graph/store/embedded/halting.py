"""Keeps the server of a home stopped while its files are worked on; users that stay wait, then start it again.

It must not know what is done with the files.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from graph.store.embedded.errors import HomeHeld
from graph.store.embedded.home import LOG, Home
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import Identity

POLL_SECONDS: Final = 0.005  # a user that finds no keeper starts one within 0.3 s: whoever halts has to be faster
MARGIN_SECONDS: Final = 5.0


@contextmanager
def halted(options: EmbeddedOptions, *, alone: bool = False) -> Iterator[bool]:
    """Stop the server in order and hold the keeper's place; yields whether others were using it.

    `alone`: refuse while anybody uses the home, and let nobody in. Without it users wait (`Lease.revive`). Blocking.
    Raises HomeHeld when the home does not become free.
    """
    home = Home(options.home)
    deadline = time.monotonic() + options.stop_timeout_seconds + MARGIN_SECONDS
    users, keeper = home.users(), home.keeper()
    asked: set[Identity] = set()
    try:
        if alone:
            patience = time.monotonic() + options.grace_seconds + MARGIN_SECONDS
            while not users.try_exclusive():  # the keeper of a home that was just left holds it while it stops
                if time.monotonic() > patience:
                    raise HomeHeld(
                        f"数据目录正在使用 / the home {home.folder} is in use: stop its server and loaders first."
                    )
                time.sleep(POLL_SECONDS)
        while not keeper.try_exclusive():
            ready = home.ready()
            if ready is not None and ready.keeper not in asked:
                asked.add(ready.keeper)
                with suppress(ProcessLookupError):
                    os.kill(ready.keeper.pid, signal.SIGTERM)
            if time.monotonic() > deadline:
                raise HomeHeld(
                    f"数据库未能停止 / the server of {home.folder} did not stop within "
                    f"{options.stop_timeout_seconds + MARGIN_SECONDS:.0f} s. See {home.path(LOG)}."
                )
            time.sleep(POLL_SECONDS)
        home.withdraw()
        yield bool(asked)
    finally:
        keeper.close()
        users.close()
