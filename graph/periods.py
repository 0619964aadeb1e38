"""Days, half-open periods and the two instants of a question; the only place that adds years to a day.

It must not know what a period is about, nor read a clock: today and now come in from the edge.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

SHANGHAI: Final = timezone(timedelta(hours=8))  # one offset since 1991; system times are all later
OPEN_START: Final = "0001-01-01"
OPEN_END: Final = "9999-12-31"
NEVER: Final = "9999-12-31T00:00:00.000000+08:00"  # retractedAt of what is still believed
DAY_FORM: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a month or year of which the day is not known: any day of [first, last], both inclusive (S19)."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        if self.exact:
            return self.first.isoformat()
        whole_year = self.first.month == 1 and self.last.month == 12
        return f"{self.first.year:04d}" if whole_year else f"{self.first.year:04d}-{self.first.month:02d}"


def on(day: date) -> Day:
    return Day(day, day)


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> Day:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`; raises ValueError naming what is wrong."""
    match = DAY_FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date YYYY-MM-DD, YYYY-MM or YYYY: {text!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101 - the form requires it
    try:
        if month is None:
            return Day(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return Day(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return on(date(year, month, day))
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(f"no such day: {text!r}") from error


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open [start, end); None is open. An imprecise end keeps its precision."""

    start: Day | None = None
    end: Day | None = None

    def contains(self, day: date) -> bool:
        """True when the day lies inside on every reading of imprecise ends."""
        return (self.start is None or self.start.last <= day) and (self.end is None or day < self.end.first)

    def may_contain(self, day: date) -> bool:
        """True when the day lies inside on some reading of imprecise ends."""
        return (self.start is None or self.start.first <= day) and (self.end is None or day < self.end.last)

    def overlaps(self, other: Period) -> bool:
        """True when both share a day on every reading of imprecise ends."""
        return _before(self.start, other.end, surely=True) and _before(other.start, self.end, surely=True)

    def may_overlap(self, other: Period) -> bool:
        return _before(self.start, other.end, surely=False) and _before(other.start, self.end, surely=False)


ALWAYS: Final = Period()


def _before(start: Day | None, end: Day | None, *, surely: bool) -> bool:
    if start is None or end is None:
        return True
    return start.last < end.first if surely else start.first < end.last


@lru_cache(maxsize=65_536)
def parse_period(start: str | None, end: str | None) -> Period:
    """Stored or written ends to a period; the stored open ends and None mean open."""
    return Period(
        None if start is None or start == OPEN_START else parse_day(start),
        None if end is None or end == OPEN_END else parse_day(end),
    )


def stored_start(period: Period) -> str:
    return OPEN_START if period.start is None else str(period.start)


def stored_end(period: Period) -> str:
    return OPEN_END if period.end is None else str(period.end)


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def add_years(day: date, years: int) -> date:
    """The corresponding day of year + years; where there is none, the last day of the month (民法典 202)."""
    year = day.year + years
    if day.month == 2 and day.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def add_months(day: date, months: int) -> date:
    """The corresponding day of a later month; where there is none, the last day of that month (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=65_536)
def term_until(start: date, years: int) -> date:
    """The first day after a term of n years that starts on `start` (S2): 2024-09-01 + 3 years → 2027-09-02."""
    return day_after(add_years(start, years))


def instant(moment: datetime) -> str:
    """A stored system time: fixed width, always +08:00, so that text order is time order."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Moment:
    """The pair every answer is a function of: legal day and system time.

    `known_at` None means "what is believed now"; otherwise a stored system time.
    """

    as_of: date
    known_at: str | None = None

    @property
    def known(self) -> str:
        """The value to compare recordedAt and retractedAt with; NEVER minus nothing is 'now'."""
        return LATEST if self.known_at is None else self.known_at


LATEST: Final = "9999-12-30T00:00:00.000000+08:00"  # later than every recordedAt, earlier than NEVER
