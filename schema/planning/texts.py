"""The texts of statements that a process keeps: bounded for each program by number, for all together by their size.

It must not know what a text says.
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from graph.tracing import span
from schema.observing import Observer

TEXTS: Final = 64  # kept of one operation, one for each shape of its variables (`api.md` 8)
MOST_BYTES: Final = 64_000_000


@dataclass(eq=False, slots=True)
class Text:
    """One statement; `kept` are all of its program."""

    statement: str
    key: Hashable
    kept: Kept
    bytes: int


Kept = OrderedDict[Hashable, Text]  # of one program, the least recently used first


@dataclass(slots=True)
class Texts:
    """Of all programs of a process; one that is too large for itself is made whenever it is asked."""

    observer: Observer
    most_bytes: int = MOST_BYTES
    bytes: int = 0
    _order: OrderedDict[int, Text] = field(default_factory=OrderedDict)  # by identity: a key is long to hash

    def find(self, kept: Kept, key: Hashable, make: Callable[[], str]) -> str:
        """The statement for a key of a program, made when it is asked for the first time."""
        found = kept.get(key)
        self.observer.plan(reused=found is not None)
        if found is not None:
            kept.move_to_end(key)
            self._order.move_to_end(id(found))
            return found.statement
        began = time.perf_counter()
        with span("plan"):
            statement = make()
        self.observer.planned(time.perf_counter() - began)
        self._keep(Text(statement, key, kept, sys.getsizeof(statement) + sys.getsizeof(key)))
        return statement

    def _keep(self, text: Text) -> None:
        text.kept[text.key] = self._order[id(text)] = text
        self.bytes += text.bytes
        self.observer.plans(1)
        if len(text.kept) > TEXTS:
            self._drop(next(iter(text.kept.values())))
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._order.values())))

    def forget(self, kept: Kept) -> None:
        """A program is no more."""
        for each in [*kept.values()]:
            self._drop(each)

    def _drop(self, text: Text) -> None:
        del text.kept[text.key], self._order[id(text)]
        self.bytes -= text.bytes
        self.observer.plans(-1)
