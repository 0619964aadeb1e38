"""What happened to a subject, day by day: its own changes, posts, holdings, records, merges, page by page; as a text.

It must not know who asks nor how an event is told; which kinds of events a reader may see comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.changes import NOTHING, Value
from graph.codes import RelationKind, TimelineKind
from graph.periods import OPEN_END, OPEN_START
from graph.store.conditions import Reading, visible
from graph.store.expansion import opened
from graph.store.fragments import believed, still, version
from graph.store.projection import Time
from graph.store.targets import Names as Seen
from graph.store.versions import Version, in_force
from graph.vocabulary import POST_RELATION_KINDS

K = TimelineKind
Place = tuple[str, str, str]  # day, kind, id of what happened
CHANGES: Final[Mapping[str, TimelineKind]] = MappingProxyType(
    {"name": K.NAME, "status": K.STATUS, "address": K.ADDRESS, "registeredCapital": K.CAPITAL, "region": K.REGION}
)
# A record ends when its effect does (S3), by the first of these; the end of its publication is an event of its own.
ENDS: Final = ("to", "liftedOn", "revokedOn", "setAsideOn", "repairedOn")
WANTED: Final = (*CHANGES, "validFrom", "validTo", "recordedAt", "retractedAt", "source")


class Event(NamedTuple):
    """`on` is the first day of what may be a month or a year; `row` was read of what the event is about.

    `told` holds what a sentence about it needs: `before` and `after` of a change, `post`, `share`, `recordKind`,
    `documentNumber`, `list`.
    """

    on: str
    kind: TimelineKind
    id: str
    row: Any
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


class Names(NamedTuple):
    """Variables of one timeline: what an event is about, the ends of a relation; `event` is all else that is told."""

    owner: str
    node: str
    relation: str
    start: str
    end: str
    event: str
    far: str

    @classmethod
    def numbered(cls, number: int, owner: str) -> Names:
        return cls(owner, *(f"{stem}{number}" for stem in ("n", "e", "from", "to", "event", "far")))


def _days(*days: tuple[str, str]) -> str:
    """Each day that there is, with its kind."""
    pairs = ", ".join(f"[{day}, {kind}]" for day, kind in days)
    return f"UNWIND [each IN [{pairs}] WHERE each[0] <> '{OPEN_START}' AND each[0] <> '{OPEN_END}'] AS each"


def _either(holding: TimelineKind, post: TimelineKind) -> str:
    return f"CASE WHEN holds THEN '{holding}' ELSE '{post}' END"


def _event(names: Names, id: str, told: str, *, node: str = "null", relation: str = "null") -> str:
    """A row of the union: [day, kind, id, told], and the node or the relation it is about."""
    return (
        f"RETURN [left(each[0] + '-01-01', 10), each[1], {id}, {told}] AS {names.event}, {node} AS {names.node},"
        f" {relation} AS {names.relation}"
    )


def _union(reading: Reading, names: Names) -> str:
    """Rows of one owner, but for the changes of its own properties."""
    record_values = (
        *("decidedOn", "from", "publicFrom", "publicTo", "documentNumber", "list", "day"),
        *ENDS,
    )
    owner, far = names.owner, names.far
    values = far if reading.now else version(far, record_values)
    dates = ", ".join(f"p.{each}" for each in ENDS)
    over = f"""reduce(least = null, each IN [each IN [{dates}] WHERE each IS NOT NULL | left(each + '-01-01', 10)] |
      CASE WHEN least < each THEN least ELSE each END)"""
    listed = f"{far}.kind = 'LIST_ENTRY'"
    records = (
        (
            f"CASE WHEN {listed} THEN coalesce(p.from, p.decidedOn) ELSE coalesce(p.decidedOn, p.from) END",
            f"CASE WHEN {listed} THEN '{K.LISTED}' ELSE '{K.RECORD_DECIDED}' END",
        ),
        (
            over,
            f"CASE WHEN {listed} THEN '{K.DELISTED}' ELSE '{K.RECORD_ENDED}' END",
        ),
        ("p.publicFrom", f"'{K.PUBLISHED}'"),
        ("p.publicTo", f"'{K.UNPUBLISHED}'"),
        ("p.repairedOn", f"'{K.REPAIRED}'"),
    )
    told = "CASE WHEN holds THEN {share: r.share} ELSE {relation: type(r), post: r.post, person: startNode(r).id} END"
    there = f"AND {still(far, now=True)}" if reading.now else ""  # then a version says so
    record = f"{{recordKind: {far}.kind, documentNumber: p.documentNumber, list: p.list}}"
    parts = [
        f"""MATCH ({owner})-[r:{"|".join((*POST_RELATION_KINDS, RelationKind.HOLDS))}]-({far})
    WHERE {opened("r", POST_RELATION_KINDS, owner, reading)} AND {believed("r")}
    WITH r, {far}, type(r) = 'HOLDS' AS holds WHERE {still(far, now=reading.now)}
    {_days(("r.from", _either(K.HOLDING_BEGAN, K.POST_BEGAN)), ("r.to", _either(K.HOLDING_ENDED, K.POST_ENDED)))}
    {_event(names, "r.id", told, relation="r")}""",
        f"""MATCH ({owner})<-[r:ABOUT]-({far}) WHERE {believed("r")} {there}
    WITH {far}, {values} AS p
    WHERE p IS NOT NULL AND {visible(Seen(far, "p"), reading)}
    {_days(*records)}
    {_event(names, f"{far}.id", record, node=far)}""",
    ]
    merges = "r.recordedAt", f"'{K.MERGED}'"
    ends = "CASE WHEN r.retractedAt > $known THEN null ELSE r.retractedAt END", f"'{K.SPLIT}'"
    parts.append(
        f"""MATCH ({owner})<-[r:SAME_AS]-({far})
    WHERE {opened("r", (RelationKind.SAME_AS,), owner, reading)} AND r.recordedAt <= $known
    {_days(*((f"left({day}, 10)", kind) for day, kind in (merges, ends)))}
    {_event(names, "r.id", "{}", node=owner)}"""
    )
    return "\n    UNION ALL\n    ".join(parts)


def page(
    reading: Reading,
    time: Time,
    prefix: str,
    names: Names,
    rows: tuple[str, str, str],
    *,
    begun: bool,
    backward: bool,
    count: bool,
) -> str:
    """[how many in all, [event, row of a node, row of a relation] after the place, versions, row of the owner].

    `rows` are written over the node, the relation with its ends, and the owner. Records are there while they are
    visible on the day of the reading. Parameters $<prefix>place and $<prefix>rows.
    """
    owner, event, node, relation = names.owner, names.event, names.node, names.relation
    events = f"CALL ({owner}) {{\n    {_union(reading, names)}\n  }}"
    compare, order = ("<", "DESC") if backward else (">", "ASC")
    keys = [f"{event}[{i}]" for i in range(3)]
    at = [f"${prefix}place[{i}]" for i in range(3)]
    beyond = (
        f"WHERE {keys[0]} {compare} {at[0]} OR {keys[0]} = {at[0]} AND"
        f" ({keys[1]} {compare} {at[1]} OR {keys[1]} = {at[1]} AND {keys[2]} {compare} {at[2]})"
    )
    shown = f"""WITH {event}, {node}, {relation} {beyond if begun else ""}
  WITH {event}, {node}, {relation} ORDER BY {", ".join(f"{each} {order}" for each in keys)} LIMIT ${prefix}rows
  WITH {event}, {node}, {relation}, startNode({relation}) AS {names.start}, endNode({relation}) AS {names.end}"""
    row = f"[{event}, {rows[0]}, {rows[1]}]"
    total = f"COUNT {{ {events} RETURN 1 }}" if count else "0"
    return time.write(f"""[{total}, COLLECT {{ {events} {shown} RETURN {row} }},
  COLLECT {{ MATCH ({owner})-[:HAS_VERSION]->(was) WHERE was.recordedAt <= $known
    RETURN was {{{", ".join(f".{each}" for each in WANTED)}}} }},
  {rows[2]}]""")


def parameters(asked: Asked) -> dict[str, Any]:
    """Those of `page`, without its prefix."""
    return {"place": list(asked.place or ()), "rows": asked.size + 1}


def timeline(told: Sequence[Any], owner: str, properties: Collection[str], known: str, asked: Asked) -> Timeline:
    """One page as `page` tells it; `properties` are the changes that the reader may read."""
    total, rows, versions, own = told
    events = [
        Event(on, TimelineKind(kind), id, node if relation is None else relation, said)
        for (on, kind, id, said), node, relation in rows
    ]
    return _page(events, changes(owner, own, versions, properties, known), total, asked)


def _page(read: list[Event], own: list[Event], total: int, asked: Asked) -> Timeline:
    def beyond(event: Event) -> bool:
        if asked.place is None:
            return True
        return event.place < asked.place if asked.backward else event.place > asked.place

    merged = sorted((*read, *filter(beyond, own)), key=lambda each: each.place, reverse=asked.backward)
    kept = merged[: asked.size]
    return Timeline(tuple(reversed(kept) if asked.backward else kept), len(merged) > asked.size, total + len(own))


def changes(
    owner: str, row: Any, versions: Sequence[Mapping[str, Any]], properties: Collection[str], known: str
) -> list[Event]:
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
                event = Event(_first(day), kind, owner, row, told)
                found[event.place] = event
    for each in versions if properties else ():  # who may read none of them sees no correction of them either
        if each["retractedAt"] <= known:
            event = Event(each["retractedAt"][:10], K.CORRECTED, owner, row)
            found[event.place] = event
    return list(found.values())


def _turns(versions: Sequence[Version]) -> list[tuple[Mapping[str, Value], Mapping[str, Value], str]]:
    days = sorted({OPEN_START, *(each.start for each in versions), *(each.end for each in versions)} - {OPEN_END})
    shown = [in_force(versions, day).values for day in days] if versions else []
    return [(before, after, day) for (before, after), day in zip(pairwise(shown), days[1:], strict=False)]


def _first(day: str) -> str:
    return f"{day}-01-01"[:10]
