"""What is stored beside the properties of a node so that the database can filter, order and hide by itself.

Derived from the properties alone, on nodes and versions alike, and never part of what a source said; it must not know
who asks. `step_002` rebuilds it where its rules change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graph.codes import SubjectKind
from graph.states import course
from graph.store.rows import record
from graph.texts import fold
from graph.vocabulary import BY_CODE, Family

LAST_TEXT: Final = "\U0010ffff"  # sorts after every text: what has no value comes last
LAST_NUMBER: Final = 1 << 62
EXACT_DAY: Final = 10  # characters of YYYY-MM-DD; a month or a year has no place in an order of days
FENCE: Final = " zqzq "  # around every former name: a word no phrase runs over
STATE_MARK: Final = "|"  # `2019-05-01|REVOKED`: first day and state
NAMES: Final = frozenset(
    {"nameFold", "nameSize", "establishedOrder", "capitalOrder", "day", "decidedOrder", "documentFold", "states"}
    | {"publicFrom", "publicTo"}
)
UNSOURCED: Final = {"source": "", "recordedAt": ""}


def derived(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """By family. Subjects, lists, groups: `nameFold` and `nameSize`, its length. Enterprises:
    `establishedOrder`, `capitalOrder`.

    Records: `day` (decidedOn, else from, else ''), `decidedOrder`, `documentFold`, `states` (as `YYYY-MM-DD|STATE`,
    oldest first) and, where there are days on which the public sees it, `publicFrom` and `publicTo`.
    """
    family = BY_CODE[kind].family
    if family is Family.RECORD:
        return _of_record(kind, values)
    if "name" not in BY_CODE[kind].names:
        return {}
    name = fold(str(values.get("name", "")))
    found: dict[str, Any] = {"nameFold": name, "nameSize": len(name)}
    if kind == SubjectKind.ENTERPRISE:
        found["establishedOrder"] = _day(values.get("established"))
        found["capitalOrder"] = values.get("registeredCapital", LAST_NUMBER)
    return found


def former_fold(names: Iterable[str]) -> str | None:
    """Former names as one text, a fence around each: `FENCE + name + FENCE` finds exactly that name."""
    text = FENCE.join(sorted({fold(each) for each in names}))
    return f"{FENCE}{text}{FENCE}" if text else None


def _of_record(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    number = values.get("documentNumber")
    run = course(record("", kind, {**values, **UNSOURCED}, {}, None))
    found: dict[str, Any] = {
        "day": values.get("decidedOn") or values.get("from") or "",
        "decidedOrder": _day(values.get("decidedOn")),
        "documentFold": LAST_TEXT if number is None else fold(str(number)),
        "states": tuple(f"{day.isoformat()}{STATE_MARK}{state}" for day, state in run.states),
    }
    if run.public is not None:
        found["publicFrom"], found["publicTo"] = (day.isoformat() for day in run.public)
    return found


def _day(text: Any) -> str:
    return str(text) if text is not None and len(str(text)) == EXACT_DAY else LAST_TEXT
