"""The state of a record on a day, and every day on which its state or its publication changes.

It must not know who asks; publication follows the policy of `publication`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph.codes import RecordState
from graph.facts import Record
from graph.periods import Day, Period, day_after
from graph.publication import published, turns

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def state_on(record: Record, published: Period | None, on: date) -> RecordState:
    """The state of a record on a day (S3): dates govern; a state of the source without its date holds on every day."""
    ended = (
        (record.set_aside_on, RecordState.SET_ASIDE),
        (record.revoked_on, RecordState.REVOKED),
        (record.lifted_on, RecordState.LIFTED),
        (record.repaired_on, RecordState.REPAIRED),
    )
    for day, state in ended:
        if (day is not None and day.last <= on) or (day is None and record.state is state):
            return state
    if record.suspended.contains(on) if record.suspended else record.state is RecordState.SUSPENDED:
        return RecordState.SUSPENDED
    over = record.effective.end is not None and record.effective.end.last <= on
    unpublished = published is not None and published.end is not None and published.end.last <= on
    return RecordState.EXPIRED if over or unpublished or record.state is RecordState.EXPIRED else RecordState.ACTIVE


@dataclass(frozen=True, slots=True)
class Course:
    """A record through all days: `states` as (first day, state), oldest first; `public` the days on which it is public.

    Publication is one stretch of days: a later regime never brings back what an earlier one had ended.
    """

    states: tuple[tuple[date, RecordState], ...]
    public: tuple[date, date] | None


def course(record: Record) -> Course:
    """Judged on the finitely many days on which a date of the record or a regime of the policy changes the answer."""
    # A window a turn and not a day: 1 to 5 instead of 10, which halves what a load computes of a record.
    begun = turns(record.kind)
    windows = [published(record, day) for day in begun]
    days = {FIRST, *begun, *_dates(record)}
    for found in windows:
        if found is not None:
            days |= {each.first for each in (found.start, found.end) if each is not None}
    ordered = sorted(days)
    states: list[tuple[date, RecordState]] = []
    inside: list[int] = []
    for place, day in enumerate(ordered):
        window = windows[bisect_right(begun, day) - 1]
        state = state_on(record, window, day)
        if not states or states[-1][1] is not state:
            states.append((day, state))
        if window is not None and window.contains(day):
            inside.append(place)
    return Course(tuple(states), _stretch(ordered, inside))


def _stretch(days: list[date], inside: list[int]) -> tuple[date, date] | None:
    if not inside:
        return None
    after = inside[-1] + 1
    return days[inside[0]], LAST if after == len(days) else days[after]


def _dates(record: Record) -> Iterator[date]:
    """A day and the last day of an imprecise one, each with the day after it."""
    periods = (record.effective, record.suspended, record.published)
    said: list[Day | None] = [
        *(record.decided_on, record.effective_on, record.revoked_on, record.set_aside_on, record.lifted_on),
        *(record.repaired_on, record.completed_on),
        *(end for each in periods if each is not None for end in (each.start, each.end)),
    ]
    for day in said:
        if day is not None:
            yield day.first
            if not day.exact:
                yield day.last
            if day.last < LAST:
                yield day_after(day.last)
