"""What is stored beside the properties of a node so that the database can filter, order and hide by itself.

Derived from the properties alone, on nodes and versions alike, and never part of what a source said; it must not know
who asks. `step_002` rebuilds it where its rules change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.codes import SubjectKind
from graph.periods import OPEN_END, OPEN_START
from graph.states import course
from graph.store.rows import record
from graph.texts import fold
from graph.vocabulary import BY_CODE, Family

LAST_TEXT: Final = "\U0010ffff"  # sorts after every text: what has no value comes last
LAST_NUMBER: Final = 1 << 62
EXACT_DAY: Final = 10  # characters of YYYY-MM-DD; a month or a year has no place in an order of days
FENCE: Final = " zqzq "  # between former names: a word no phrase runs over
STATE_MARK: Final = "|"  # `2019-05-01|REVOKED`: first day and state
NAMES: Final = frozenset(
    {"nameFold", "establishedOrder", "capitalOrder", "day", "decidedOrder", "documentFold", "states"}
    | {"publicFrom", "publicTo"}
)
NEVER_PUBLIC: Final = (OPEN_END, OPEN_START)
UNSOURCED: Final = {"source": "", "recordedAt": ""}


def derived(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """By family. Subjects, lists, groups: `nameFold`. Enterprises: `establishedOrder`, `capitalOrder`.

    Records: `day` (decidedOn, else from, else ''), `decidedOrder`, `documentFold`, `states` (as `YYYY-MM-DD|STATE`,
    oldest first), `publicFrom` and `publicTo`: the days on which the public sees it, if any.
    """
    family = BY_CODE[kind].family
    if family is Family.RECORD:
        return _of_record(kind, values)
    if "name" not in BY_CODE[kind].names:
        return {}
    found: dict[str, Any] = {"nameFold": fold(str(values.get("name", "")))}
    if kind == SubjectKind.ENTERPRISE:
        found["establishedOrder"] = _day(values.get("established"))
        found["capitalOrder"] = values.get("registeredCapital", LAST_NUMBER)
    return found


def _of_record(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    number = values.get("documentNumber")
    run = course(record("", kind, {**values, **UNSOURCED}, {}, None))
    found: dict[str, Any] = {
        "day": values.get("decidedOn") or values.get("from") or "",
        "decidedOrder": _day(values.get("decidedOn")),
        "documentFold": LAST_TEXT if number is None else fold(str(number)),
        "states": tuple(f"{day.isoformat()}{STATE_MARK}{state}" for day, state in run.states),
    }
    public = NEVER_PUBLIC if run.public is None else tuple(day.isoformat() for day in run.public)
    found["publicFrom"], found["publicTo"] = public
    return found


def ordered(label: str, key: str) -> tuple[str, ...]:
    """The columns of the index that holds an order: key, id (which makes the order total, so that a page is a seek),
    and what decides whether a row counts, so that a row that does not costs one hit and no look at its node."""
    guards = ("day", "publicFrom", "publicTo") if label == "Record" else ("snapFrom", "snapTo")
    return (key, "id", *(each for each in guards if each != key))


def _day(text: Any) -> str:
    return str(text) if text is not None and len(str(text)) == EXACT_DAY else LAST_TEXT
