"""The suppositions of `whatIf` as the engine takes them: inputs read, the nodes they name looked up like any other.

It must not know facts: what contradicts them is refused by the engine, under the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.errors import Invalid, LimitExceeded
from graph.facts import Article
from graph.identifiers import Lookup, parse_lookup
from graph.periods import ALWAYS, Period, on
from graph.propagation.hypotheses import (
    PREFIX,
    AddFinding,
    AddHolding,
    AddPost,
    AddRecord,
    ChangeRecord,
    EndRelation,
    Hypothesis,
)

MOST_CHANGES: Final = 20
MILLIONTHS: Final = 1_000_000
Given = Mapping[str, Any]


class Change(NamedTuple):
    """One supposition. `names`: its fields that name a node, each with what is looked up and its place in the input."""

    supposed: Hypothesis
    names: tuple[tuple[str, Lookup, str], ...] = ()

    def resolved(self, held: Callable[[Lookup, str], str | None]) -> Hypothesis:
        """With ids in place of identifiers; one that names nothing stays, and the engine refuses it."""
        found = {name: held(lookup, where) for name, lookup, where in self.names}
        return replace(self.supposed, **{name: id for name, id in found.items() if id is not None})  # type: ignore[arg-type]


def changes_of(given: Sequence[Given], argument: str = "changes") -> tuple[Change, ...]:
    """The inputs in their order; Invalid and LimitExceeded name the one that is wrong."""
    if not given:
        raise Invalid(f"{argument}: 至少一项 · at least one", argument=argument)
    if len(given) > MOST_CHANGES:
        raise LimitExceeded(f"{argument}: 至多 {MOST_CHANGES} 项 · at most {MOST_CHANGES}", argument=argument)
    return tuple(_change(each, f"{argument}.{place}") for place, each in enumerate(given))


def _change(given: Given, where: str) -> Change:
    ((kind, values),) = given.items()
    read, names = KINDS[kind]
    place = f"{where}.{kind}"
    looked_up = [
        (name, parse_lookup(values[name], argument=f"{place}.{name}"), f"{place}.{name}")
        for name in names
        if not values[name].startswith(PREFIX)  # what an earlier change of the same list supposed
    ]
    return Change(read(values, place), tuple(looked_up))


def _end_relation(given: Given, where: str) -> EndRelation:
    return EndRelation(given["relation"], given["on"])


def _add_post(given: Given, where: str) -> AddPost:
    return AddPost(given["person"], given["organization"], given["post"], _period(given["validity"]))


def _add_holding(given: Given, where: str) -> AddHolding:
    return AddHolding(
        given["holder"],
        given["organization"],
        _millionths(given.get("share"), f"{where}.share"),
        _millionths(given.get("votes"), f"{where}.votes"),
        _period(given["validity"]),
    )


def _add_record(given: Given, where: str) -> AddRecord:
    offence = given.get("offence")
    return AddRecord(
        kind=given["kind"],
        about=given["about"],
        decided_on=given["decidedOn"],
        offence=None if offence is None else _period(offence),
        types=frozenset(given.get("types") or ()),
        sector=given.get("sector"),
        licence=given.get("licence"),
        list=given.get("list"),
        large_debt=given.get("largeDebt"),
        seriousness=given.get("seriousness"),
        basis=tuple(Article(each["document"], each.get("article")) for each in given.get("basis") or ()),
        until=given.get("until"),
    )


def _change_record(given: Given, where: str) -> ChangeRecord:
    return ChangeRecord(given["record"], given["state"], given["on"])


def _add_finding(given: Given, where: str) -> AddFinding:
    return AddFinding(given["record"], given["person"], given["capacity"], given["decidedOn"])


def _period(given: Given) -> Period:
    start, end = _day(given.get("from")), _day(given.get("until"))
    return Period(start, end) if start or end else ALWAYS


def _day(day: date | None) -> Any:
    return None if day is None else on(day)


def _millionths(percent: Decimal | None, where: str) -> int | None:
    """As shares are stored; one finer than that is refused, not rounded."""
    if percent is None:
        return None
    if not 0 < percent <= 100 or percent * MILLIONTHS % 1:
        raise Invalid(
            f"{where}: 比例应大于 0、不超过 100,至多六位小数 · above 0, at most 100, at most six decimals",
            argument=where,
        )
    return int(percent * MILLIONTHS)


KINDS: Final[Mapping[str, tuple[Callable[[Given, str], Hypothesis], tuple[str, ...]]]] = MappingProxyType(
    {
        "endRelation": (_end_relation, ()),
        "addPost": (_add_post, ("person", "organization")),
        "addHolding": (_add_holding, ("holder", "organization")),
        "addRecord": (_add_record, ("about",)),
        "changeRecord": (_change_record, ("record",)),
        "addFinding": (_add_finding, ("record", "person")),
    }
)
