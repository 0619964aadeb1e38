"""How a slow step shows itself: a bar on a terminal, plain lines otherwise, nothing in tests; with rate and time left.

It must not know what the steps are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

Advance = Callable[[int], None]
PLAIN_SECONDS = 1.0  # a step shorter than this prints nothing outside a terminal
BETWEEN_SECONDS: Final = 30.0  # outside a terminal, from one line of a step to its next


class Progress(Protocol):
    """`with progress.step("载入 / Loading", total=20) as advance: advance(1)`; total None = length unknown.

    A total may be an estimate: more may come than was said.
    """

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Advance]: ...


class SilentProgress:
    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda _: None


class RichProgress:
    """Writes to stderr, so that answers on stdout stay clean."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(stderr=True)
        self._clock = clock

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        began = self._clock()
        if self._console.is_terminal:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                *((TaskProgressColumn(), TextColumn("{task.completed:,}/{task.total:,}")) if total else ()),
                Rate(),
                TimeElapsedColumn(),
                *((TimeRemainingColumn(),) if total else ()),
            )
            with Bars(*columns, console=self._console, transient=True) as bars:
                task = bars.add_task(title, total=total)
                yield lambda count: bars.advance(task, count)
        else:
            told = began

            def advance(count: int) -> None:
                nonlocal told
                reached.done += count
                if (now := self._clock()) - told >= BETWEEN_SECONDS:
                    told = now
                    self._print(f"{title}  {reached.words(now - began)}")

            reached = Reached(total)
            yield advance
        seconds = self._clock() - began
        if seconds >= PLAIN_SECONDS:
            self._print(f"{title}  {seconds:.1f} s")

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Reached:
    """How far a step has come."""

    total: int | None
    done: int = 0

    def words(self, seconds: float) -> str:
        rate = f"{self.done:,}, {self.done / seconds:,.0f}/s"
        if not self.total or not 0 < self.done <= self.total:
            return rate
        left = (self.total - self.done) * seconds / self.done
        return f"{100 * self.done // self.total} % · {rate} · 约剩 {left:,.0f} s / about {left:,.0f} s left"


class Rate(ProgressColumn):
    """Things a second, of late."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")
