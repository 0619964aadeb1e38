"""The statement of one moment, asked of several at once: one text for any number, each told while the next is read.

It must not know what the statement reads, only what its columns are called.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
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
    """The columns of a statement of one row; `own`: parameters that each question has for itself, besides its dates."""

    name: str
    columns: tuple[str, ...]
    own: tuple[str, ...]


@lru_cache(maxsize=64)
def of_moments(statement: str, answer: Answer, name: str) -> str:
    """Of each of $<name> a row, whose one column `name` has [which question, the columns of its answer].

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
        f"CALL ({scope}) {{{body}}}\nRETURN [{EACH}.which, {{{columns}}}] AS {name}"
    )


def moments_given(given: Sequence[tuple[int, Moment, Mapping[str, Any]]], answer: Answer, name: str) -> dict[str, Any]:
    """The parameters of `of_moments`, from those that each has besides its dates; all of today's belief, or none."""
    shared = {key: value for *_, each in given for key, value in each.items() if key not in answer.own}
    rows = [
        {"which": i, "asOf": moment.as_of.isoformat(), "known": moment.known, **{key: each[key] for key in answer.own}}
        for i, moment, each in given
    ]
    return {**shared, "now": all(moment.known_at is None for _, moment, _ in given), name: rows}


async def read_moments(
    database: Database,
    written: Callable[[bool], str],
    given: Sequence[tuple[Moment, Mapping[str, Any]]],
    answer: Answer,
) -> AsyncGenerator[tuple[int, Mapping[str, Any]], None]:
    """What each question was told, by its place, as it comes: one may come again after a connection was lost.

    `written`: the statement of one moment, of today's belief or of an earlier one; there is one read of each sort.
    """
    if len(given) == 1:
        ((moment, parameters),) = given
        (only,) = await database.read(written(moment.known_at is None), {**parameters, **moment_parameters(moment)})
        yield 0, only
        return
    came = asyncio.Queue[dict[str, Any] | None]()

    async def ask(now: bool) -> None:
        name = f"{answer.name}{'Now' if now else 'Then'}"
        some = [(i, moment, each) for i, (moment, each) in enumerate(given) if (moment.known_at is None) is now]
        if some:
            text = of_moments(written(now), answer, name)
            await database.read(text, moments_given(some, answer, name), taken=came.put_nowait)

    def ended(whole: asyncio.Future[Any]) -> None:
        if not whole.cancelled():
            whole.exception()  # looked at once: who went away meanwhile is told nothing, and nothing is logged
        came.put_nowait(None)

    asking = [asyncio.ensure_future(ask(now)) for now in (True, False)]
    whole = asyncio.gather(*asking)
    whole.add_done_callback(ended)
    try:
        while (row := await came.get()) is not None:
            ((which, columns),) = row.values()
            yield which, columns
        await whole
    finally:
        for each in asking:
            each.cancel()
