"""Decides, for one node, which versions a source no longer says, which it says anew, and what the snapshot becomes.

It must not know a database; it works on values as stored (graph/store/README.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import orjson

from graph.changes import NodeDraft, Value, VersionDraft
from graph.periods import OPEN_END, OPEN_START, parse_period, stored_end, stored_start

HASH_DIGITS: Final = 32
UNRECORDED: Final = ""  # the system time of what is not written yet


@dataclass(frozen=True, slots=True)
class Version:
    """One believed version; `row` and `batch` are provenance and not part of what it says.

    `untold`: names of values that the source did not say and a new node gets all the same (`keeping`).
    """

    start: str
    end: str
    values: Mapping[str, Value]
    source: str
    recorded_at: str
    hash: str
    department: bool = False
    batch: str | None = None
    row: int | None = None
    untold: tuple[str, ...] = ()

    def properties(self) -> dict[str, Value | None]:
        """As stored, but for the ends and `retractedAt`, which only Version nodes have."""
        return {
            **self.values,
            "source": self.source,
            "recordedAt": self.recorded_at,
            "hash": self.hash,
            "department": self.department or None,
            "batch": self.batch,
            "row": self.row,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The version in force today and the days [start, end) on which it is."""

    version: Version
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class VersionPlan:
    """`retract`: hashes of believed versions of the source. `snapshot` None: nothing is believed of the node.

    `former_names`: names of other periods than the snapshot's.
    """

    retract: tuple[str, ...] = ()
    create: tuple[Version, ...] = ()
    snapshot: Snapshot | None = None
    department: bool = field(default=False)
    former_names: tuple[str, ...] = ()


def version_hash(draft: VersionDraft, *, kind: str, department: bool) -> str:
    """What a version says, so that two loads can be compared; not where in a file it says it."""
    said = [kind, department, stored_start(draft.period), stored_end(draft.period), sorted(draft.values.items())]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:HASH_DIGITS]


def drafted(draft: NodeDraft, source: str, batch: str | None) -> dict[str, Version]:
    """The versions of a draft by hash, not yet recorded. A draft without any still says that the node exists."""
    found = {}
    for each in draft.versions or (VersionDraft({}),):
        untold = tuple(name for name in each.untold if name not in each.values)
        if untold:
            each = replace(each, values={**each.untold, **each.values})
        hash = version_hash(each, kind=draft.kind, department=draft.department)
        start, end = stored_start(each.period), stored_end(each.period)
        found[hash] = Version(
            start, end, each.values, source, UNRECORDED, hash, draft.department, batch, draft.row, untold
        )
    return found


def keeping(said: Mapping[str, Version], own: Sequence[Version], kind: str) -> dict[str, Version]:
    """What is said, with the values it leaves untold as the source's believed versions have them: of the same period,
    else of the one in force when it begins.
    """
    found = {}
    for hash, each in said.items():
        if each.untold and own:
            same = [one for one in own if (one.start, one.end) == (each.start, each.end)]
            before = in_force(same or own, each.start).values
            values = {**each.values, **{name: before[name] for name in each.untold if name in before}}
            draft = VersionDraft(values, parse_period(each.start, each.end))
            hash = version_hash(draft, kind=kind, department=each.department)
            each = replace(each, values=values, hash=hash)
        found[hash] = each
    return found


def plan_versions(believed: Sequence[Version], said: Mapping[str, Version], source: str, today: date) -> VersionPlan:
    """`said` is everything the source says of the node now; other sources' versions stay as they are."""
    own = {each.hash for each in believed if each.source == source}
    create = tuple(each for hash, each in sorted(said.items()) if hash not in own)
    after = [*(each for each in believed if each.source != source or each.hash in said), *create]
    shown = snapshot(after, today)
    return VersionPlan(
        retract=tuple(sorted(own - said.keys())),
        create=create,
        snapshot=shown,
        department=any(each.department for each in after),
        former_names=() if shown is None else former_names(after, shown),
    )


def former_names(versions: Iterable[Version], shown: Snapshot) -> tuple[str, ...]:
    """Names of other periods than the snapshot's."""
    names = {str(each.values["name"]) for each in versions if "name" in each.values}
    return tuple(sorted(names - {str(shown.version.values.get("name"))}))


def snapshot(versions: Sequence[Version], today: date) -> Snapshot | None:
    """The version that answers today and the longest stretch of days around it on which the same one answers."""
    if not versions:
        return None
    if len(versions) == 1:  # nine of ten nodes
        return Snapshot(versions[0], OPEN_START, OPEN_END)
    # Between two neighbouring ends the answer is the same, so one day of each stretch is asked.
    ends = sorted({OPEN_START, OPEN_END, *(each.start for each in versions), *(each.end for each in versions)})
    answers = [in_force(versions, start) for start in ends[:-1]]
    here = max(i for i, start in enumerate(ends[:-1]) if start <= today.isoformat())
    first = last = here
    while first > 0 and answers[first - 1] is answers[here]:
        first -= 1
    while last + 1 < len(answers) and answers[last + 1] is answers[here]:
        last += 1
    return Snapshot(answers[here], ends[first], ends[last + 1])


def in_force(versions: Iterable[Version], day: str) -> Version:
    """As the readers choose (`fragments.version`): of those that hold on the day the latest recorded one.

    Where none holds, the last that ended, else the first to come. What one source says twice at once of a day, as
    what began later.
    """
    return min(versions, key=lambda each: _order(each, day))


def row_in_force(rows: Sequence[Mapping[str, Any]], day: str) -> Mapping[str, Any] | None:
    """As `in_force`, of versions as they are stored; None for none."""
    if len(rows) < 2:
        return rows[0] if rows else None

    def order(each: Mapping[str, Any]) -> tuple[Any, ...]:
        dated = each["validFrom"], each["validTo"], each["recordedAt"]
        return _ordered(*dated, each["source"] or "", each["hash"] or "", day)

    return min(rows, key=order)


def _order(version: Version, day: str) -> tuple[Any, ...]:
    return _ordered(version.start, version.end, version.recorded_at, version.source, version.hash, day)


def _ordered(start: str, end: str, recorded_at: str, source: str, hash: str, day: str) -> tuple[Any, ...]:
    if start > day:
        distance, near = 2, _Text(start)
    elif end > day:
        distance, near = 0, _Text("")
    else:
        distance, near = 1, _Text(end, descending=True)
    recorded, began = _Text(recorded_at, descending=True), _Text(start, descending=True)
    return distance, near, recorded, source, began, end, hash


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in an order, since texts cannot be negated."""

    text: str
    descending: bool = False

    def __lt__(self, other: _Text) -> bool:
        return self.text > other.text if self.descending else self.text < other.text
