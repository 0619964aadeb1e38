"""Days as ordinals while the city is drawn, and as the shared frozen values of drafts when it is written down.

It must not know what happened on a day.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from graph.periods import ALWAYS, Day, Period, on

END: Final = date(2026, 1, 1)  # the city's last day, so that the same seed is the same city whatever today is
DAYS: Final = 1 << 16  # distinct days that can occur


@lru_cache(DAYS)
def day(ordinal: int) -> Day:
    return on(date.fromordinal(ordinal))


@lru_cache(DAYS)
def written(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(DAYS)
def year(ordinal: int) -> int:
    return date.fromordinal(ordinal).year


@lru_cache(DAYS)
def since(ordinal: int) -> Period:
    return Period(day(ordinal), None)


def period(start: int | None, end: int | None) -> Period:
    if end is None:
        return ALWAYS if start is None else since(start)
    return Period(None if start is None else day(start), day(end))
