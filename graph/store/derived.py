"""What is stored beside the properties of a node so that the database can filter, order and hide by itself.

Derived from the properties alone, on nodes and versions alike, and never part of what a source said; it must not know
who asks. `step_002` rebuilds it where its rules change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
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
LARGEST_SIZE: Final = 9_999
FENCE: Final = " zqzq "  # around every former name: a word no phrase runs over
STATE_MARK: Final = "|"  # `2019-05-01|REVOKED`: first day and state
NAMES: Final = frozenset(
    {"nameFold", "nameSize", "sizeWord", "establishedOrder", "capitalOrder", "day", "decidedOrder", "documentFold"}
    | {"states", "publicFrom", "publicTo"}
)
NEVER_PUBLIC: Final = (OPEN_END, OPEN_START)
# All that states and publication are judged by, beside the kind and the types.
DATING: Final = (
    *("decidedOn", "effectiveOn", "from", "to", "state", "revokedOn", "setAsideOn", "liftedOn", "repairedOn"),
    *("suspendedFrom", "suspendedTo", "completedOn", "publishedFrom", "publishedTo", "seriousness"),
)
UNSOURCED: Final = {"source": "", "recordedAt": ""}


def derived(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """By family. Subjects, lists, groups: `nameFold`, `nameSize`, its length, and `sizeWord`, for phrases. Enterprises:
    `establishedOrder`, `capitalOrder`.

    Records: `day` (decidedOn, else from, else ''), `decidedOrder`, `documentFold`, `states` (as `YYYY-MM-DD|STATE`,
    oldest first), `publicFrom` and `publicTo`: the days on which the public sees it, if any.
    """
    family = BY_CODE[kind].family
    if family is Family.RECORD:
        return _of_record(kind, values)
    if "name" not in BY_CODE[kind].names:
        return {}
    name = fold(str(values.get("name", "")))
    found: dict[str, Any] = {"nameFold": name, "nameSize": len(name), "sizeWord": size_word(len(name))}
    if kind == SubjectKind.ENTERPRISE:
        found["establishedOrder"] = _day(values.get("established"))
        found["capitalOrder"] = values.get("registeredCapital", LAST_NUMBER)
    return found


def size_word(size: int) -> str:
    """The length of a name as a word whose order is that of lengths, so that a phrase is sought among shorter names."""
    return f"s{min(size, LARGEST_SIZE):04d}"


def former_fold(names: Iterable[str]) -> str | None:
    """Former names as one text, a fence around each: `FENCE + name + FENCE` finds exactly that name."""
    text = FENCE.join(sorted({fold(each) for each in names}))
    return f"{FENCE}{text}{FENCE}" if text else None


def _of_record(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    number = values.get("documentNumber")
    types = values.get("types")
    said = tuple(values.get(name) for name in DATING)
    return {
        "day": values.get("decidedOn") or values.get("from") or "",
        "decidedOrder": _day(values.get("decidedOn")),
        "documentFold": LAST_TEXT if number is None else fold(str(number)),
        **_course(kind, None if types is None else tuple(types), said),
    }


@lru_cache(maxsize=16_384)  # a stream has many records of one day and kind; each is judged on a dozen days
def _course(kind: str, types: tuple[str, ...] | None, said: tuple[Any, ...]) -> Mapping[str, Any]:
    values = dict(zip(DATING, said, strict=True))
    run = course(record("", kind, {**values, "types": types, **UNSOURCED}, {}))
    found: dict[str, Any] = {"states": tuple(f"{day.isoformat()}{STATE_MARK}{state}" for day, state in run.states)}
    public = NEVER_PUBLIC if run.public is None else tuple(day.isoformat() for day in run.public)
    found["publicFrom"], found["publicTo"] = public
    return MappingProxyType(found)


GUARDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Record": ("day", "publicFrom", "publicTo"),
        "Measure": ("holdsFrom", "holdsTo", "publicFrom", "publicTo", "certainty"),
    }
)


def ordered(label: str, key: str) -> tuple[str, ...]:
    """The columns of the index that holds an order: key, id (which makes the order total, so that a page is a seek),
    and what decides whether a row counts, so that a row that does not costs one hit and no look at its node."""
    guards = GUARDS.get(label, ("snapFrom", "snapTo"))
    return tuple(dict.fromkeys((key, "id", *guards)))


def by_index(label: str, key: str, *, seek: bool = True, name: str = "n") -> str:
    """The hint that names an order's index; said to be a seek, for a plan made on few nodes would scan."""
    return f"USING INDEX {'SEEK ' if seek else ''}{name}:{label}({', '.join(ordered(label, key))})"


def all_columns(label: str, key: str, *, name: str = "n") -> str:
    """Every further column has to be named in a predicate, else the index is not used."""
    return " AND ".join(f"{name}.{each} IS NOT NULL" for each in ordered(label, key)[1:])


def _day(text: Any) -> str:
    return str(text) if text is not None and len(str(text)) == EXACT_DAY else LAST_TEXT
