"""How a slow step shows itself: a bar on a terminal, plain lines otherwise, nothing in tests.

It must not know what the steps are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

Advance = Callable[[int], None]
PLAIN_SECONDS = 1.0  # a step shorter than this prints nothing outside a terminal


class Progress(Protocol):
    """`with progress.step("载入 / Loading", total=20) as advance: advance(1)`; total None = length unknown."""

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Advance]: ...


class SilentProgress:
    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda _: None


class RichProgress:
    """Writes to stderr, so that answers on stdout stay clean."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        began = time.monotonic()
        if self._console.is_terminal:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}" if total else ""),
                TimeElapsedColumn(),
                *((TimeRemainingColumn(),) if total else ()),
            )
            with Bars(*columns, console=self._console, transient=True) as bars:
                task = bars.add_task(title, total=total)
                yield lambda count: bars.advance(task, count)
        else:
            yield lambda _: None
        seconds = time.monotonic() - began
        if seconds >= PLAIN_SECONDS:
            self._console.print(f"{title}  {seconds:.1f} s", markup=False, highlight=False)
