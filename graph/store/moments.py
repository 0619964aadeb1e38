"""The statement of one moment, asked of several at once: its text is the same for any number of them.

It must not know what the statement reads, only what its columns are called.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.periods import Moment
from graph.store.fragments import moment_parameters

if TYPE_CHECKING:
    from graph.store.connection import Database

PARAMETER: Final = re.compile(r"\$(\w+)")
SUBQUERY: Final = re.compile(r"\bCALL \((?=(\))?)")
EACH: Final = "eachMoment"
DAY, KNOWN = f"{EACH}Day", f"{EACH}Known"  # what nearly every line names is no property to be looked up
DATES: Final = {"asOf": DAY, "known": KNOWN}


class Answer(NamedTuple):
    """The columns of a statement of one row; `own`: parameters that each moment has for itself, besides its dates."""

    name: str
    columns: tuple[str, ...]
    own: tuple[str, ...]


@lru_cache(maxsize=64)
def of_moments(statement: str, answer: Answer, name: str) -> str:
    """One row, whose column `name` has [which moment, the columns of its answer] of each of $<name>.

    What a scope clause imports stays within its subquery whatever a WITH says: nothing else of the text changes.
    """

    def renamed(found: re.Match[str]) -> str:
        parameter = found[1]
        return DATES.get(parameter) or (f"{EACH}.{parameter}" if parameter in answer.own else found[0])

    scope = f"{EACH}, {DAY}, {KNOWN}"
    body = SUBQUERY.sub(lambda found: f"CALL ({scope}{'' if found[1] else ', '}", PARAMETER.sub(renamed, statement))
    columns = ", ".join(f"{each}: {each}" for each in answer.columns)
    return (
        f"UNWIND ${name} AS {EACH}\nWITH {EACH}, {EACH}.asOf AS {DAY}, {EACH}.known AS {KNOWN}\n"
        f"CALL ({scope}) {{{body}}}\nRETURN collect([{EACH}.which, {{{columns}}}]) AS {name}"
    )


def moments_given(given: Mapping[Moment, Mapping[str, Any]], answer: Answer, name: str) -> dict[str, Any]:
    """The parameters of `of_moments`, from those that each has besides its dates; all of today's belief, or none."""
    shared = {key: value for each in given.values() for key, value in each.items() if key not in answer.own}
    rows = [
        {"which": i, "asOf": moment.as_of.isoformat(), "known": moment.known, **{key: each[key] for key in answer.own}}
        for i, (moment, each) in enumerate(given.items())
    ]
    return {**shared, "now": all(each.known_at is None for each in given), name: rows}


async def read_moments(
    database: Database, written: Callable[[bool], str], given: Mapping[Moment, Mapping[str, Any]], answer: Answer
) -> dict[Moment, Mapping[str, Any]]:
    """What each moment was told. `written`: the statement of one moment, of today's belief or of an earlier one."""
    if len(given) == 1:
        ((moment, parameters),) = given.items()
        text = written(moment.known_at is None)
        (row,) = await database.read(text, {**parameters, **moment_parameters(moment)})
        return {moment: row}

    async def told(now: bool) -> dict[Moment, Mapping[str, Any]]:
        name = f"{answer.name}{'Now' if now else 'Then'}"
        some = {moment: each for moment, each in given.items() if (moment.known_at is None) is now}
        if not some:
            return {}
        (row,) = await database.read(of_moments(written(now), answer, name), moments_given(some, answer, name))
        moments = [*some]
        return {moments[which]: columns for which, columns in row[name]}

    today, earlier = await asyncio.gather(told(True), told(False))
    return today | earlier
