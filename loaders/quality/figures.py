"""Timeliness and quality of what departments hand in, counted department by department: pure.

It must not know graphs or files. Working days are Monday to Friday: which public holidays move is announced year by
year and not kept here, so that around them a row may count as late by as many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from graph.codes import Text
from graph.periods import parse_day
from loaders.catalog.item import Cycle

UNNAMED: Final = Text("(未写明部门)", "(no department named)")
WORKING_DAYS: Final = 5  # of a week


class Term(NamedTuple):
    """How many days after the decision a row is still on time."""

    days: int
    working: bool = False


# What is handed in once a month or a year may be as old as that when it comes. None: as things change, no term.
TERMS: Final[Mapping[Cycle, Term | None]] = {
    Cycle.SEVEN_WORKING_DAYS: Term(7, working=True),
    Cycle.DAILY: Term(1),
    Cycle.MONTHLY: Term(31),
    Cycle.QUARTERLY: Term(92),
    Cycle.YEARLY: Term(366),
    Cycle.ON_CHANGE: None,
}


class Row(NamedTuple):
    """A record that came in: who decided it, when, when it came, and how often it has to (None: not known)."""

    department: str
    decided_on: str | None
    received_on: date
    cycle: Cycle | None


class Refusal(NamedTuple):
    """A row that was refused in the period, or corrected in it, or both."""

    department: str
    refused: bool
    corrected: bool
    open: bool


@dataclass(slots=True)
class Figures:
    """`timed` of the received have a day of decision and a term; `days` are calendar days, of those with a day."""

    department: str
    received: int = 0
    dated: int = 0
    timed: int = 0
    on_time: int = 0
    days: int = 0
    longest: int = 0
    refused: int = 0
    corrected: int = 0
    open: int = 0

    @property
    def share_on_time(self) -> float | None:
        return self.on_time / self.timed if self.timed else None

    @property
    def mean_days(self) -> float | None:
        return self.days / self.dated if self.dated else None

    @property
    def share_refused(self) -> float | None:
        """Of the rows that were handed in for the first time: received, or refused and not corrected since."""
        handed_in = self.received + self.refused
        return self.refused / handed_in if handed_in else None


class Tally:
    """The figures of every department that is met."""

    def __init__(self) -> None:
        self._found: dict[str, Figures] = {}

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            figures = self._of(row.department)
            figures.received += 1
            # Of a month or year without its day the last one: what may be on time is.
            decided = None if row.decided_on is None else parse_day(row.decided_on).last
            if decided is None:
                continue
            waited = max(0, (row.received_on - decided).days)
            figures.dated += 1
            figures.days += waited
            figures.longest = max(figures.longest, waited)
            term = None if row.cycle is None else TERMS[row.cycle]
            if term is not None:
                figures.timed += 1
                figures.on_time += row.received_on <= last_day(decided, term)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        for each in refusals:
            figures = self._of(each.department)
            figures.refused += each.refused
            figures.corrected += each.corrected
            figures.open += each.open

    def _of(self, department: str) -> Figures:
        return self._found.setdefault(department, Figures(department))

    def figures(self) -> list[Figures]:
        """By name; rows that name nobody come last."""
        return sorted(self._found.values(), key=lambda each: (each.department == UNNAMED.zh, each.department))


def last_day(decided: date, term: Term) -> date:
    """The last day on which a row of this decision is on time."""
    if not term.working:
        return decided + timedelta(days=term.days)
    weeks, left = divmod(term.days, WORKING_DAYS)
    day = decided + timedelta(weeks=weeks)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < WORKING_DAYS
    while day.weekday() >= WORKING_DAYS:
        day -= timedelta(days=1)
    return day
