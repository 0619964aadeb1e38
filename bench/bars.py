"""Bars of a benchmark: what was measured beside what it may be at most or must be at least, and which were missed.

It must not know what is measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence


class Bars:
    """`missed`: one line for each measurement on the wrong side of its bar."""

    def __init__(self, bench: str) -> None:
        self._bench = bench
        self.missed: list[str] = []

    def most(self, what: str, value: float, bar: float, unit: str = "x") -> str:
        """How the bar is told beside the value."""
        return self._told(what, value, bar, unit, kept=value <= bar)

    def least(self, what: str, value: float, bar: float, unit: str = "x") -> str:
        return self._told(what, value, bar, unit, kept=value >= bar)

    def holds(self, what: str, *, kept: bool) -> str:
        """One that is kept or not, with nothing to measure."""
        if not kept:
            self.missed.append(f"{self._bench}: {what}")
        return what if kept else f"{what}: MISSED"

    def _told(self, what: str, value: float, bar: float, unit: str, *, kept: bool) -> str:
        if not kept:
            self.missed.append(f"{self._bench}: {what} {value:.3g} {unit} (bar {bar:g})")
        return f"bar {bar:g}" if kept else f"bar {bar:g}: MISSED"


def spread(ratios: Sequence[float]) -> str:
    """The median of the ratios of all rounds, from the least to the greatest."""
    return f"{statistics.median(ratios):.2f} x ({min(ratios):.2f} to {max(ratios):.2f})"
