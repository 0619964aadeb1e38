"""Gathers what one tick of the event loop asks for, so that it is loaded together and only once per operation.

It must not know what is loaded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Batch(Generic[K, V]):
    """`get` answers at once what is known, else with a future that the next load fulfils.

    `load` gets the distinct keys of one tick and answers a mapping; a value that is an exception fails its key alone,
    whenever it is asked.
    """

    def __init__(self, load: Callable[[Sequence[K]], Awaitable[Mapping[K, V | Exception]]]) -> None:
        self._load = load
        self._known: dict[K, V] = {}
        self._refused: dict[K, Exception] = {}
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def prime(self, key: K, value: V) -> None:
        self._known.setdefault(key, value)

    def __contains__(self, key: K) -> bool:
        return key in self._known

    def get(self, key: K) -> V | Awaitable[V]:
        if key in self._known:
            return self._known[key]
        loop = asyncio.get_running_loop()
        if key in self._refused:
            refused: asyncio.Future[V] = loop.create_future()
            refused.set_exception(self._refused[key])
            return refused
        if key not in self._waiting:
            if not self._waiting:
                loop.call_soon(self._start)
            self._waiting[key] = loop.create_future()
        return self._waiting[key]

    def _start(self) -> None:
        waiting, self._waiting = self._waiting, {}
        task = asyncio.get_running_loop().create_task(self._run(waiting))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        left = len(waiting)

        def leave(future: asyncio.Future[V]) -> None:
            nonlocal left
            left -= future.cancelled()
            if not left:  # the operation was cancelled: nobody waits for this load
                task.cancel()

        for future in waiting.values():
            future.add_done_callback(leave)

    async def _run(self, waiting: Mapping[K, asyncio.Future[V]]) -> None:
        found: Mapping[K, V | Exception]
        failed = False
        try:
            loaded = await self._load(list(waiting))
            found = {key: loaded[key] for key in waiting}
        except Exception as error:  # whoever asked gets it, located at their field
            found, failed = dict.fromkeys(waiting, error), True
        for key, future in waiting.items():
            if future.done():
                continue
            value = found[key]
            if isinstance(value, Exception):
                if not failed:  # a load that failed may be tried again
                    self._refused[key] = value
                future.set_exception(value)
                future.exception()  # read once: a reader that went away is no warning
            else:
                self._known[key] = value
                future.set_result(value)
