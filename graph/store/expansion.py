"""Reads what stands around a subject: neighbours page by page, how many of each kind, who may be the same.

It must not know who asks: the kinds a reader may see come in, and records are cut by `Reading`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import RelationKind
from graph.periods import Moment
from graph.store.conditions import Reading, visible
from graph.store.fragments import believed, moment_parameters, picked, present, running, version
from graph.store.rows import RECORD_KINDS, relation_view
from graph.store.search import ANY_DAY
from graph.store.targets import Names
from graph.views import RelationView
from graph.vocabulary import BY_LABEL, RELATIONS, Family

if TYPE_CHECKING:
    from graph.store.connection import Database

MOST_COUNTED: Final = 1_000  # of one kind and direction; beyond it `capped`
MOST_SCANNED: Final = 20_000  # relations of a hub looked at; beyond it every count of other kinds is `capped`
HIDDEN_ENDS: Final = frozenset({"Project"})  # kinds of nodes the API does not show yet
THEN: Final = Moment(date(2000, 1, 1), "")
KINDS: Final = tuple(kind for kind, each in RELATIONS.items() if HIDDEN_ENDS.isdisjoint((each.start, each.end)))


def _at_subject(label: str) -> bool:
    return label in {"Subject", "Organization"} or (label in BY_LABEL and BY_LABEL[label].family is Family.SUBJECT)


# Kind and whether the subject is its start.
SIDES: Final = tuple(
    (kind, forward)
    for kind in KINDS
    for forward in (True, False)
    if _at_subject(RELATIONS[kind].start if forward else RELATIONS[kind].end)
)


class Neighbour(NamedTuple):
    """A relation, the node at its other end as the API names it, and its stored first day."""

    relation: RelationView
    far: str
    begun: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ordered by kind, first day, id of the relation."""

    rows: tuple[Neighbour, ...]
    has_next: bool
    total: int


class Count(NamedTuple):
    kind: RelationKind
    forward: bool
    number: int
    capped: bool


class Suggestion(NamedTuple):
    """Somebody who may be the same, and why."""

    subject: str
    reasons: tuple[str, ...]


def seen(reading: Reading) -> str:
    """Whether the node `far` is there on the day: a record by its day and publication, others when known at all."""
    wanted = ("day", "publicFrom", "publicTo")
    values = "far" if reading.now else version("far", wanted)
    if reading.now:
        shown = f"far.day <= $asOf AND {visible(Names('far', 'far'), reading)}"
    else:
        # A map of a version cannot be named inside a predicate: `of` stands for it.
        shown = f"any(of IN [{values}] WHERE of.day <= $asOf AND {visible(Names('far', 'of'), reading)})"
    return f"{present('far')} AND (NOT far.kind IN $recordKinds OR coalesce({shown}, false))"


@lru_cache(maxsize=16)
def expand_statement(reading: Reading) -> str:
    types = "|".join(KINDS)
    match = f"""MATCH (owner)-[r:{types}]-(far)
  WHERE type(r) IN $kinds AND {believed("r")} AND {running("r")} AND {seen(reading)}"""
    return f"""
MATCH (owner:Entity {{id: $owner}}) USING INDEX SEEK owner:Entity(id)
RETURN COLLECT {{
  {match}
  WITH r, far, type(r) AS kind
  WHERE kind > $after[0] OR kind = $after[0] AND (r.from > $after[1] OR r.from = $after[1] AND r.id > $after[2])
  WITH r, far, kind ORDER BY kind, r.from, r.id LIMIT $rows
  RETURN [kind, startNode(r).id, endNode(r).id, {picked("r")},
    CASE far.kind WHEN 'REGION' THEN 'reg_' + far.code ELSE far.id END, far.id]
}} AS found,
CASE WHEN $count THEN COUNT {{ {match} }} ELSE 0 END AS total"""


# Far ends that are records: a hub has many, and the reader may see few of them.
OF_RECORDS: Final = tuple(
    (kind, forward)
    for kind, forward in SIDES
    if (RELATIONS[kind].end if forward else RELATIONS[kind].start) in {"Record", "ListEntry"}
)
OF_OTHERS: Final = tuple(dict.fromkeys(kind for kind, forward in SIDES if (kind, forward) not in OF_RECORDS))


@lru_cache(maxsize=16)
def counts_statement(reading: Reading) -> str:
    """Rows [kind, forward, count]; one more than may be counted says that there are more."""
    records = "".join(_of_records(kind, forward, reading) for kind, forward in OF_RECORDS)
    return f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id, COLLECT {{
  CALL (owner) {{
    MATCH (owner)-[r:{"|".join(OF_OTHERS)}]-(far)
    WHERE (type(r) IN $kinds OR owner.id IN $own) AND {believed("r")} AND {running("r")} AND {present("far")}
    WITH r, startNode(r) = owner AS forward LIMIT {MOST_SCANNED} + 1
    RETURN type(r) AS kind, forward, count(*) AS found{records}
  }}
  WITH kind, forward, found WHERE found > 0
  RETURN [kind, forward, found] }}]) AS counted"""


def _of_records(kind: RelationKind, forward: bool, reading: Reading) -> str:
    pattern = f"(owner)-[r:{kind}]->(far)" if forward else f"(owner)<-[r:{kind}]-(far)"
    return f"""
    UNION ALL
    MATCH {pattern} WHERE {believed("r")} AND {running("r")} AND {seen(reading)}
    WITH r LIMIT {MOST_COUNTED} + 1
    RETURN '{kind}' AS kind, {str(forward).lower()} AS forward, count(*) AS found"""


SUGGESTIONS: Final[str] = f"""
UNWIND $owners AS wanted
MATCH (owner:Entity {{id: wanted}}) USING INDEX SEEK owner:Entity(id)
RETURN collect([owner.id, COLLECT {{
  MATCH (owner)-[r:POSSIBLY_SAME_AS]-(far) WHERE {believed("r")} AND {running("r")} AND {present("far")}
  WITH far, r ORDER BY far.id, r.id LIMIT $rows
  RETURN [far.id, r.reasons] }}]) AS suggested"""
MOST_SUGGESTED: Final = 50


def shape(reading: Reading) -> Reading:
    """What of a reading decides the text of a statement."""
    return Reading(ANY_DAY if reading.now else THEN, reading.official, ("own",) if reading.own else ())


def _parameters(reading: Reading) -> dict[str, Any]:
    return {**moment_parameters(reading.moment), "own": list(reading.own), "recordKinds": RECORD_KINDS}


async def expand(
    database: Database,
    owner: str,
    kinds: Collection[RelationKind],
    reading: Reading,
    first: int,
    after: tuple[str, str, str] | None,
    *,
    count: bool,
) -> Neighbours:
    """One page of relations of `owner` valid on the day, in either direction, after (kind, from, id)."""
    parameters = {
        **_parameters(reading),
        "owner": owner,
        "kinds": [each.value for each in kinds],
        "after": list(after or ("", "", "")),
        "rows": first + 1,
        "count": count,
    }
    rows = await database.read(expand_statement(shape(reading)), parameters)
    if not rows:
        return Neighbours((), False, 0)
    found = [
        Neighbour(relation_view(kind, _shown(start, id, far), _shown(end, id, far), values), far, values["from"])
        for kind, start, end, values, far, id in rows[0]["found"][:first]
    ]
    return Neighbours(tuple(found), len(rows[0]["found"]) > first, rows[0]["total"])


def _shown(end: str, stored: str, far: str) -> str:
    return far if end == stored else end


async def counts(database: Database, owners: Sequence[str], reading: Reading) -> dict[str, tuple[Count, ...]]:
    """How many readable relations of each kind and direction each owner has on the day; a kind of none is absent."""
    readable = [each.value for each in reading.readable(KINDS)]
    parameters = {**_parameters(reading), "owners": list(dict.fromkeys(owners)), "kinds": readable}
    (row,) = await database.read(counts_statement(shape(reading)), parameters)
    return {owner: _counted(rows) for owner, rows in row["counted"]}


def _counted(rows: Sequence[Sequence[Any]]) -> tuple[Count, ...]:
    found = {(RelationKind(kind), forward): count for kind, forward, count in rows}
    cut = sum(count for side, count in found.items() if side not in OF_RECORDS) > MOST_SCANNED
    return tuple(
        Count(*side, min(found[side], MOST_COUNTED), found[side] > MOST_COUNTED or (cut and side not in OF_RECORDS))
        for side in SIDES
        if side in found
    )


async def suggestions(database: Database, owners: Sequence[str], reading: Reading) -> dict[str, tuple[Suggestion, ...]]:
    """Whom each owner may be the same as, at most 50, in the order of their ids."""
    parameters = {**_parameters(reading), "owners": list(dict.fromkeys(owners)), "rows": MOST_SUGGESTED}
    (row,) = await database.read(SUGGESTIONS, parameters)
    found: dict[str, tuple[Suggestion, ...]] = {}
    for owner, held in row["suggested"]:
        reasons: dict[str, list[str]] = {}
        for far, said in held:
            reasons.setdefault(far, []).extend(said or ())
        found[owner] = tuple(Suggestion(far, tuple(dict.fromkeys(each))) for far, each in reasons.items())
    return found
