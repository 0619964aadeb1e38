"""Ends an answer nobody waits for: when the client has left, what is being done for him is cancelled.

It must not know what is being done; cancelling a database read ends its statement on the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive

PATIENCE_SECONDS: Final = 0.05  # most answers are there sooner, and a watcher would cost each of them 50 µs


@asynccontextmanager
async def while_awaited(receive: Receive) -> AsyncIterator[None]:
    """Raises ClientDisconnect out of the block when the client goes away; the request's body must have been read."""
    loop, waited_for = asyncio.get_running_loop(), asyncio.current_task()
    assert waited_for is not None  # noqa: S101 - an ASGI application runs in a task
    watchers: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        waited_for.cancel()

    timer = loop.call_later(PATIENCE_SECONDS, lambda: watchers.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if left and waited_for.uncancel() == 0:
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        for each in watchers:
            each.cancel()
