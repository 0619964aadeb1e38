"""How many operations a worker runs at once, and how many may wait for their turn: more are told to come back.

It must not know what an operation is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from graph.errors import Unavailable

WAITING_SECONDS: Final = 1.0  # longer than this in a queue, and a client is better served by asking again
BUSY: Final = "服务繁忙,请稍后再试 · too many operations at once, ask again in a moment"


class Admission:
    """The gate of one worker. Without it a queue grows until every answer in it comes too late for its reader."""

    def __init__(self, running: int, waiting: int, seconds: float = WAITING_SECONDS) -> None:
        self._turns = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._seconds = seconds
        self.waiting = 0

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
