"""How many operations a worker runs at once, how many may wait for their turn, how much is held of bodies that are
still arriving: more are told to come back. It must not know what an operation is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from graph.errors import Unavailable

BODIES: Final = 32_000_000  # bytes
WAITING_SECONDS: Final = 1.0  # longer than this in a queue, and a client is better served by asking again
SMALL_BODY: Final = 16_384  # a body up to here costs no more than its connection, and is always read
BUSY: Final = "服务繁忙,请稍后再试 · too many operations at once, ask again in a moment"


class Arriving:
    """The body of one request while it is read: what it holds is held against all others."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._read = self._held = 0

    def more(self, size: int) -> None:
        """So many bytes have come; raises Unavailable where all bodies together are too much."""
        self._read += size
        wanted = max(0, self._read - SMALL_BODY)
        self._admission.hold(wanted - self._held)
        self._held = wanted

    def release(self) -> None:
        self._admission.hold(-self._held)
        self._held = 0


class Admission:
    """The gate of one worker. Without it a queue grows until every answer in it comes too late for its reader."""

    def __init__(self, running: int, waiting: int, bodies: int = BODIES, seconds: float = WAITING_SECONDS) -> None:
        self._most_held = bodies
        self.held = 0  # bytes of bodies that are still being read, or wait for their turn
        self._turns = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._seconds = seconds
        self.waiting = 0

    def hold(self, bytes: int) -> None:
        if bytes > 0 and self.held + bytes > self._most_held:
            raise Unavailable(BUSY)
        self.held += bytes

    @contextmanager
    def arriving(self) -> Iterator[Arriving]:
        """Around a body, from its first byte until what it asks is answered or refused."""
        found = Arriving(self)
        try:
            yield found
        finally:
            found.release()

    def check(self) -> None:
        """Raises Unavailable when the queue is full."""
        if self._turns.locked() and self.waiting >= self._most_waiting:
            raise Unavailable(BUSY)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises Unavailable when the queue is full, or when no turn came in time."""
        self.check()
        if self._turns.locked():
            self.waiting += 1
            try:
                async with asyncio.timeout(self._seconds):
                    await self._turns.acquire()
            except TimeoutError:
                raise Unavailable(BUSY) from None
            finally:
                self.waiting -= 1
        else:
            await self._turns.acquire()
        try:
            yield
        finally:
            self._turns.release()
