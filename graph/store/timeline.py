"""Reads what happened to subjects, day by day: their own changes, posts, holdings, records, merges, page by page.

It must not know who asks nor how an event is told; which kinds of events a reader may see comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.changes import NOTHING, Value
from graph.codes import RelationKind, TimelineKind
from graph.periods import OPEN_END, OPEN_START
from graph.store.conditions import Reading, visible
from graph.store.expansion import shape
from graph.store.fragments import believed, moment_parameters, present, version
from graph.store.rows import RECORD_KINDS
from graph.store.targets import Names
from graph.store.versions import Version, in_force
from graph.vocabulary import POST_RELATION_KINDS

if TYPE_CHECKING:
    from graph.store.connection import Database

K = TimelineKind
Place = tuple[str, str, str]  # day, kind, id of what happened
CHANGES: Final[Mapping[str, TimelineKind]] = MappingProxyType(
    {"name": K.NAME, "status": K.STATUS, "address": K.ADDRESS, "registeredCapital": K.CAPITAL, "region": K.REGION}
)
WANTED: Final = (*CHANGES, "validFrom", "validTo", "recordedAt", "retractedAt", "source")


class Event(NamedTuple):
    """`on` is the first day of what may be a month or a year; `node` is what the event is about.

    `told` holds what a sentence about it needs: `before` and `after` of a change, `post`, `share`, `recordKind`,
    `documentNumber`, `list`.
    """

    on: str
    kind: TimelineKind
    id: str
    node: str
    told: Mapping[str, Any] = NOTHING

    @property
    def place(self) -> Place:
        return (self.on, self.kind.value, self.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """`size` events after `place`, or before it when `backward`; from either end when there is none."""

    size: int
    place: Place | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Oldest first, whichever way it was read. `more`: further events follow in the direction of reading."""

    events: tuple[Event, ...]
    more: bool
    total: int


def _ends(began: TimelineKind, ended: TimelineKind) -> str:
    return f"""UNWIND [[r.from, '{began}'], [r.to, '{ended}']] AS each
    WITH r, each WHERE each[0] <> $start AND each[0] <> $end"""


def _union(reading: Reading) -> str:
    """Rows day, kind, id, node, told of one owner, but for the changes of its own properties."""
    record_values = (
        *("decidedOn", "from", "repairedOn", "publicFrom", "publicTo", "states", "documentNumber", "list"),
        "day",
    )
    values = "far" if reading.now else version("far", record_values)
    over = "[each IN p.states WHERE NOT each ENDS WITH '|ACTIVE' AND NOT each ENDS WITH '|SUSPENDED']"
    listed = "far.kind = 'LIST_ENTRY'"
    return f"""
    MATCH (owner)-[r:{"|".join(POST_RELATION_KINDS)}]-(far)
    WHERE type(r) IN $relations AND {believed("r")} AND {present("far")}
    {_ends(K.POST_BEGAN, K.POST_ENDED)}
    RETURN each[0] AS day, each[1] AS kind, r.id AS id, r.id AS node,
      {{relation: type(r), post: r.post, person: startNode(r).id}} AS told
    UNION ALL
    MATCH (owner)-[r:HOLDS]-(far) WHERE {believed("r")} AND {present("far")}
    {_ends(K.HOLDING_BEGAN, K.HOLDING_ENDED)}
    RETURN each[0] AS day, each[1] AS kind, r.id AS id, r.id AS node, {{share: r.share}} AS told
    UNION ALL
    MATCH (owner)<-[r:ABOUT]-(far) WHERE {believed("r")} AND {present("far")}
    WITH far, {values} AS p
    WHERE p IS NOT NULL AND {visible(Names("far", "p"), reading)}
    UNWIND [
      [CASE WHEN {listed} THEN coalesce(p.from, p.decidedOn) ELSE coalesce(p.decidedOn, p.from) END,
       CASE WHEN {listed} THEN '{K.LISTED}' ELSE '{K.RECORD_DECIDED}' END],
      [left(head({over}), 10), CASE WHEN {listed} THEN '{K.DELISTED}' ELSE '{K.RECORD_ENDED}' END],
      [p.publicFrom, '{K.PUBLISHED}'], [p.publicTo, '{K.UNPUBLISHED}'], [p.repairedOn, '{K.REPAIRED}']
    ] AS each
    WITH far, p, each WHERE each[0] <> $start AND each[0] <> $end
    RETURN each[0] AS day, each[1] AS kind, far.id AS id, far.id AS node,
      {{recordKind: far.kind, documentNumber: p.documentNumber, list: p.list}} AS told
    UNION ALL
    MATCH (owner)<-[r:SAME_AS]-(far) WHERE 'SAME_AS' IN $relations AND r.recordedAt <= $known
    UNWIND CASE WHEN r.retractedAt > $known THEN [[r.recordedAt, '{K.MERGED}']]
      ELSE [[r.recordedAt, '{K.MERGED}'], [r.retractedAt, '{K.SPLIT}']] END AS each
    RETURN left(each[0], 10) AS day, each[1] AS kind, r.id AS id, owner.id AS node, {{}} AS told"""


@lru_cache(maxsize=32)
def statement(reading: Reading, backward: bool) -> str:
    events = f"CALL (owner) {{{_union(reading)}\n  }}"
    compare, order = ("<", "DESC") if backward else (">", "ASC")
    return f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id, COLLECT {{
  {events}
  WITH left(day + '-01-01', 10) AS on, kind, id, node, told
  WHERE $place IS NULL OR on {compare} $place[0]
    OR on = $place[0] AND (kind {compare} $place[1] OR kind = $place[1] AND id {compare} $place[2])
  WITH on, kind, id, node, told ORDER BY on {order}, kind {order}, id {order} LIMIT $rows
  RETURN [on, kind, id, node, told] }},
  CASE WHEN $count THEN COUNT {{ {events} RETURN id }} ELSE 0 END,
  COLLECT {{ MATCH (owner)-[:HAS_VERSION]->(was) WHERE was.recordedAt <= $known
    RETURN was {{{", ".join(f".{each}" for each in WANTED)}}} }}]) AS found"""


async def timelines(
    database: Database,
    owners: Sequence[str],
    relations: Collection[RelationKind],
    properties: Collection[str],
    reading: Reading,
    asked: Asked,
    *,
    count: bool,
) -> dict[str, Timeline]:
    """One page per owner, oldest first, in one statement: everything known, whatever its day.

    `relations` are the kinds of posts (and SAME_AS) the reader may see, `properties` the changes he may read. Records
    are there while they are visible on the day of the reading.
    """
    parameters: dict[str, Any] = {
        **moment_parameters(reading.moment),
        "owners": list(dict.fromkeys(owners)),
        "own": list(reading.own),
        "relations": [each.value for each in relations],
        "recordKinds": RECORD_KINDS,
        "start": OPEN_START,
        "end": OPEN_END,
        "place": None if asked.place is None else list(asked.place),
        "rows": asked.size + 1,
        "count": count,
    }
    (row,) = await database.read(statement(shape(reading), asked.backward), parameters)
    return {
        owner: _page(
            [Event(on, TimelineKind(kind), id, node, told) for on, kind, id, node, told in rows],
            changes(owner, versions, properties, reading.moment.known),
            total,
            asked,
        )
        for owner, rows, total, versions in row["found"]
    }


def _page(read: list[Event], own: list[Event], total: int, asked: Asked) -> Timeline:
    def beyond(event: Event) -> bool:
        if asked.place is None:
            return True
        return event.place < asked.place if asked.backward else event.place > asked.place

    merged = sorted((*read, *filter(beyond, own)), key=lambda each: each.place, reverse=asked.backward)
    kept = merged[: asked.size]
    return Timeline(tuple(reversed(kept) if asked.backward else kept), len(merged) > asked.size, total + len(own))


def changes(owner: str, versions: Sequence[Mapping[str, Any]], properties: Collection[str], known: str) -> list[Event]:
    """What changed in the subject itself: of several sources the one that a reader of the day is shown."""
    believed_then = [
        Version(
            each["validFrom"],
            each["validTo"],
            {name: each[name] for name in CHANGES if each.get(name) is not None},
            each["source"] or "",
            each["recordedAt"],
            "",
        )
        for each in versions
        if each["retractedAt"] > known
    ]
    found: dict[Place, Event] = {}
    for before, after, day in _turns(believed_then):
        for name, kind in CHANGES.items():
            if name in properties and before.get(name) != after.get(name):
                told = {"before": before.get(name), "after": after.get(name)}
                event = Event(_first(day), kind, owner, owner, told)
                found[event.place] = event
    for each in versions if properties else ():  # who may read none of them sees no correction of them either
        if each["retractedAt"] <= known:
            event = Event(each["retractedAt"][:10], K.CORRECTED, owner, owner)
            found[event.place] = event
    return list(found.values())


def _turns(versions: Sequence[Version]) -> list[tuple[Mapping[str, Value], Mapping[str, Value], str]]:
    days = sorted({OPEN_START, *(each.start for each in versions), *(each.end for each in versions)} - {OPEN_END})
    shown = [in_force(versions, day).values for day in days] if versions else []
    return [(before, after, day) for (before, after), day in zip(pairwise(shown), days[1:], strict=False)]


def _first(day: str) -> str:
    return f"{day}-01-01"[:10]
