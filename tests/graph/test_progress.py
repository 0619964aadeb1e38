"""What a slow step says of itself outside a terminal and on one."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console

from graph.progress import RichProgress


def told(turns: list[int], total: int | None, seconds_each: float = 10.0, *, terminal: bool = False) -> str:
    """What is printed when each turn takes so long and brings so many."""
    written = io.StringIO()

    def passing() -> Iterator[float]:
        now = 0.0
        while True:
            yield now
            now += seconds_each

    ticks = passing()
    console = Console(file=written, width=200, force_terminal=terminal)
    with RichProgress(console, lambda: next(ticks)).step("载入 / Loading", total) as advance:
        for each in turns:
            advance(each)
    return written.getvalue()


def test_a_long_step_tells_now_and_then_how_fast_it_is_and_what_is_left() -> None:
    assert told([100] * 7, 1000).splitlines() == [
        "载入 / Loading  30 % · 300, 10/s · 约剩 70 s / about 70 s left",
        "载入 / Loading  60 % · 600, 10/s · 约剩 40 s / about 40 s left",
        "载入 / Loading  80.0 s",
    ]


def test_where_the_end_is_not_known_or_was_passed_no_time_left_is_made_up() -> None:
    assert told([100] * 3, None).splitlines() == ["载入 / Loading  300, 10/s", "载入 / Loading  40.0 s"]
    assert told([100] * 3, 250).splitlines() == ["载入 / Loading  300, 10/s", "载入 / Loading  40.0 s"]


def test_a_short_step_says_nothing() -> None:
    assert told([5], 10, seconds_each=0.1) == ""


def test_a_terminal_shows_a_bar_with_both_numbers() -> None:
    assert "300/1,000" in told([100] * 3, 1000, terminal=True)
