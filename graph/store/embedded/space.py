"""A full disk told as such: what fails on it fails in many ways, and few of them name the cause.

It must not know what was being done; a command that was cut off is run again.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import GraphError
from graph.store.embedded.errors import DiskFull
from graph.store.embedded.home import TIGHT_MEGABYTES, Home, disk_full

NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
OF_THE_SERVER: Final = ("INTERNAL", "UNAVAILABLE")  # codes of what the database, and not a question, is at fault for


@contextmanager
def telling_when_full(home: Home) -> Iterator[None]:
    """What fails inside raises DiskFull where the disk of the home is full, or a keeper stopped its server for that."""
    began = time.time()
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(home.folder) from error
        raise
    except GraphError as error:
        if isinstance(error, DiskFull) or error.code not in OF_THE_SERVER:
            raise
        # The server's own word comes a second later, and on a full disk not at all.
        if home.free_megabytes() < TIGHT_MEGABYTES or isinstance(home.fault(began), DiskFull):
            raise disk_full(home.folder) from error
        raise
