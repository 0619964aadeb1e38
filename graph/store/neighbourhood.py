"""Reads the closed set of facts that propagation needs around subjects, records and qualifications, in one statement.

It must not know any rule: the pack's footprint says which relations to walk and how far.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import RelationKind, TruncationReason
from graph.facts import Facts
from graph.findings import Cut
from graph.periods import Moment
from graph.store.causes import SAYING, Walk, causes_read, told_parameters
from graph.store.conditions import Reading, open_to
from graph.store.fragments import believed, picked, running, sought, still, version
from graph.store.lookup import chosen, lookup_parameters
from graph.store.moments import Answer, read_moments
from graph.store.packs import IN_FORCE_THEN
from graph.store.rows import (
    CAUSE_PROPERTIES,
    ORIGIN,
    ORIGIN_NOW,
    QUALIFICATION,
    RECORD_KINDS,
    SUBJECT_KINDS,
    Row,
    closed_facts,
)
from graph.vocabulary import RELATIONS, Disclosure

if TYPE_CHECKING:
    from graph.identifiers import Lookup
    from graph.rules import Footprint
    from graph.store.connection import Database

OWNING: Final = frozenset({RelationKind.HOLDS, RelationKind.CONTROLS})
SOME_DAY, THEN = Moment(date(2000, 1, 1)), Moment(date(2000, 1, 1), "")  # only whether it is the past decides a text
MOST_HOPS: Final = 8  # a wider footprint is a mistake in the pack, not a question


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Facts around the seeds. `seeds`: the node ids of each lookup, in order (none: unknown, several: CONFLICT).

    `version` is the graph's when it was read; `pack_digest` names the rule pack in force at `known_at`, None when none
    is stored. `truncated` says that `limit_edges` cut the facts; what is left still allows no wrong bar, see below.
    """

    facts: Facts
    seeds: tuple[tuple[str, ...], ...]
    version: int
    pack_digest: str | None
    truncated: Cut | None


# What is told of a kind comes in the order of its columns: names would be most of what is sent.
CAUSE_COLUMNS: Final = (*CAUSE_PROPERTIES, *ORIGIN)
EDGE_COLUMNS: Final = ("id", "from", "to", "post", "share", "votes", *ORIGIN)


def values_of(name: str, properties: Sequence[str], *, now: bool, sourced: bool = True) -> str:
    """Properties without legal periods: the snapshot whatever the day, or the version believed at $known."""
    origin = () if not sourced else ORIGIN_NOW if now else ORIGIN
    return picked(name, (*properties, *origin)) if now else version(name, (*properties, *origin))


def _listed(values: str, columns: Iterable[str]) -> str:
    """The values of a map without their names; a map is read in one go, and one property after the other is not."""
    return f"[{', '.join(f'{values}.{each}' for each in columns)}]"


def _posts(organizations: str, edges: str, held: str, edge: str, *, limited: bool = False) -> str:
    """All posts at organisations, with whoever is at the other end."""
    limit = "\n  WITH e, other LIMIT $limit + 1" if limited else ""
    return f"""
  UNWIND {organizations} AS organization
  MATCH (organization){edges}(other) WHERE {held}{limit}
  WITH e, other, {edge} AS values"""


class Reader(NamedTuple):
    """What of a reader decides the text: officials are told everything, `owning` ones all about their own as well."""

    official: bool = True
    owning: bool = False

    def reading(self, *, now: bool) -> Reading:
        return Reading(SOME_DAY if now else THEN, self.official, ("own",) if self.owning else ())


OFFICIAL: Final = Reader()


def _walked(footprint: Footprint, reader: Reader) -> tuple[frozenset[RelationKind], str]:
    """The relations this reader is told of, and what those fulfil that he may walk from his own subject alone."""
    closed = frozenset(each for each in footprint.relations if RELATIONS[each].disclosure is not Disclosure.PUBLIC)
    if reader.official or not closed:
        return footprint.relations, ""
    if not reader.owning:
        return footprint.relations - closed, ""
    return footprint.relations, f" AND (NOT e:{'|'.join(sorted(closed))} OR startNode(e).id IN $own)"


@lru_cache(maxsize=32)
def statement(footprint: Footprint, now: bool, reader: Reader = OFFICIAL) -> str:
    """The one statement for a footprint; relation types come from the closed set, never from a caller's text.

    Sets: `starts` the seeds; `roots` where the walk begins (a record's subjects and responsible persons, a licence's
    holder; with `owners` everyone above a seed, by a walk that keeps a set of what it visited); `near` who holds an
    office at a root, or at who does, all `hops` but one; `sat`, `reached` and `causes` as `causes_read` finds them from
    there; `concerned` whom these are about; `judged` the organisations of `near` and `concerned`, because a record is
    judged by all posts of its subjects (LR presence); `placed` the posts anywhere of persons a record is about.
    Where others sit matters only as far as a cause is about the place: such an organisation is judged.
    Posts of one organisation are read all or none, as those in `placed` are; a record comes with all its subjects and
    findings or not at all: a cut may lose a measure, never the fact that prevents one. Degrees are asked only where
    there are more posts than the limit, and those that are left read once more.
    What the reader may not see is not read: else a limit would be filled by it, and tell that it is there.
    No UNION where lists are in scope: its DISTINCT keys hold them once per row, 360 MB for a hub of 1,000 firms.
    """
    relations, own_only = _walked(footprint, reader)
    hops, owners = footprint.hops, footprint.owners
    if not relations or not 1 <= hops <= MOST_HOPS:
        raise ValueError("a footprint walks at least one relation, one to eight hops")
    types = "|".join(sorted(relations))
    every = "|".join(sorted(relations | OWNING if owners else relations))
    held, origin = believed("e", now=now), ORIGIN_NOW if now else ORIGIN
    walked = held + own_only
    finding = picked("e", ("id", "capacity", "decidedOn", *origin))
    share = ("share", "votes") if owners or RelationKind.HOLDS in relations else ()
    edge = picked("e", ("id", "from", "to", "post", *share, *origin))
    listed = _listed("values", EDGE_COLUMNS)
    post = f"[type(e), startNode(e).id, endNode(e).id, {listed}]"
    above = f"""
CALL (starts) {{
  UNWIND starts AS start
  MATCH (start) (()<-[e:{"|".join(sorted(OWNING))} WHERE {held} AND {running("e")}]-()){{0,}} (owner)
  WITH DISTINCT owner LIMIT $limit + 1
  RETURN collect(owner) AS owners
}}"""
    holders = f"MATCH (root) (()<-[e:{types} WHERE {walked}]-()){{0,{hops - 1}}} (subject)"
    if hops == 1:
        holders = "WITH root AS subject"  # a walk of no steps is not to be written
    if footprint.everywhere:
        holders = f"MATCH (root) (()-[e:{types} WHERE {walked}]-()){{0,{hops}}} (subject)"
    arrow = "-" if footprint.anywhere or footprint.everywhere else "<-"  # `whatIf` may end what one owns oneself
    edges = f"{arrow}[e:{every}]-"
    counted = f"{edges}() WHERE {walked}" if own_only else f"{arrow}[:{every}]-()"
    starts, shown = "collect(DISTINCT node)", ""
    if not reader.official:
        shown = f"(cause.kind = '{QUALIFICATION}' OR {open_to('cause', reader.reading(now=now))})"
        seen = shown.replace("cause", "node")
        starts = f"collect(DISTINCT CASE WHEN NOT node.kind IN $recordKinds OR {seen} THEN node END)"
        shown = f" AND {shown}"
    walk = Walk(types, walked, f"{held}{shown}")
    persons = "near[..$limit] + concerned" if footprint.anywhere else "concerned"
    placed = f"""
CALL (near, concerned) {{
  UNWIND {persons} AS person
  WITH DISTINCT person WHERE person.kind = 'PERSON'
  MATCH (person)-[e:{types}]->(place) WHERE {walked}
  WITH person, e, place LIMIT $limit + 1
  WITH person, e, place, {edge} AS values
  RETURN collect([type(e), person.id, place.id, {listed}]) AS placed, collect(DISTINCT place) AS places
}}"""
    if not (footprint.anywhere or footprint.addressed):
        placed = "\nWITH *, [] AS placed, [] AS places"
    return f"""{sought(f"{starts} AS starts")}{above if owners else ""}
WITH version, seeds, starts, {"owners[..$limit]" if owners else "starts"} AS beginnings,
  {"size(owners) > $limit" if owners else "false"} AS cutOwners
CALL (beginnings) {{
  UNWIND beginnings AS start
  CALL (start) {{
    RETURN start AS root
    UNION
    MATCH (start)-[e:{SAYING}]-(root) WHERE start.kind IN $recordKinds AND {held} RETURN root
  }}
  WITH DISTINCT root
  {holders}
  WITH DISTINCT subject LIMIT $limit + 1
  RETURN collect(subject) AS near
}}{causes_read(footprint, walk, now=now)}
CALL (causes) {{
  UNWIND causes[..$limit] AS cause
  WITH cause, cause.id AS id
  MATCH (cause)-[e:{SAYING}]-(far) WHERE {held}
  RETURN collect([type(e), id, far.id, CASE WHEN e:RESPONSIBLE_FOR THEN {finding} ELSE e.id END]) AS ties,
    collect(DISTINCT CASE WHEN e:RESPONSIBLE_FOR THEN far END) AS named,
    collect(DISTINCT CASE WHEN NOT e:RESPONSIBLE_FOR THEN far END) AS concerned
}}
CALL (near, concerned) {{
  UNWIND near[..$limit] + concerned AS subject
  WITH DISTINCT subject WHERE subject.kind <> 'PERSON'
  RETURN collect(subject) AS judged
}}
CALL (judged) {{{_posts("judged", edges, walked, edge, limited=True)}
  RETURN collect({post}) AS found, collect(DISTINCT other) AS beside
}}
CALL (judged, found) {{
  UNWIND CASE WHEN size(found) > $limit THEN judged ELSE [] END AS subject
  RETURN collect(COUNT {{ (subject){counted} }}) AS degrees
}}
WITH *, CASE WHEN size(found) <= $limit THEN size(judged) ELSE reduce(sum = [0, 0], degree IN degrees |
  CASE WHEN sum[0] + degree <= $limit THEN [sum[0] + degree, sum[1] + 1] ELSE [$limit + 1, sum[1]] END)[1] END AS whole
CALL (judged, whole) {{{_posts("CASE WHEN whole < size(judged) THEN judged[..whole] ELSE [] END", edges, walked, edge)}
  RETURN collect({post}) AS kept, collect(DISTINCT other) AS besideKept
}}
WITH *, CASE WHEN whole < size(judged) THEN kept ELSE found END AS edges,
  CASE WHEN whole < size(judged) THEN besideKept ELSE beside END AS others{placed}
CALL (causes) {{
  UNWIND causes[..$limit] AS cause
  WITH cause, {values_of("cause", CAUSE_PROPERTIES, now=now)} AS values
  WHERE values IS NOT NULL AND {still("cause", now=now)}
  RETURN collect([cause.id, cause.kind, {_listed("values", CAUSE_COLUMNS)}]) AS told
}}
CALL (near, concerned, named, others, places) {{
  UNWIND near[..$limit] + concerned + named + others + places[..$limit] AS subject
  WITH DISTINCT subject
  WITH subject, {values_of("subject", ("adultOn", "sectorOf"), now=now, sourced=False)} AS values
  WHERE subject.kind IN $subjectKinds AND values IS NOT NULL AND {still("subject", now=now)}
  RETURN collect([subject.id, subject.kind, values.adultOn, values.sectorOf]) AS parties
}}
RETURN seeds, parties, edges, told AS causes, ties, CASE WHEN size(placed) > $limit THEN [] ELSE placed END AS placed,
  CASE WHEN whole < size(judged) THEN [organization IN judged[..whole] | organization.id] END AS whole,
  cutOwners OR any(size IN [size(near), size(sat), size(reached), size(placed)] WHERE size > $limit) AS cutSubjects,
  size(causes) > $limit AS cutRecords,
  reduce(sum = 0, degree IN degrees[whole..] | sum + degree) AS omitted,
  version,
  {IN_FORCE_THEN} AS packDigest
"""


ANSWER: Final = Answer(
    "neighbourhoods",
    (
        *("seeds", "parties", "edges", "causes", "ties", "placed", "whole", "cutSubjects", "cutRecords", "omitted"),
        *("version", "packDigest"),
    ),
    own=("ids", "keys"),
)


async def neighbourhood(
    database: Database,
    lookups: Sequence[Lookup],
    footprint: Footprint,
    moment: Moment,
    *,
    limit_edges: int,
    reading: Reading | None = None,
) -> Neighbourhood:
    """Facts for `check` (lookups mean subjects) and `reach` (records, qualifications), all known at `moment`."""
    (found,) = [
        each
        async for _, each in neighbourhoods(
            database, [(moment, lookups)], footprint, limit_edges=limit_edges, reading=reading
        )
    ]
    return found


async def neighbourhoods(
    database: Database,
    asked: Sequence[tuple[Moment, Sequence[Lookup]]],
    footprint: Footprint,
    *,
    limit_edges: int,
    reading: Reading | None = None,
) -> AsyncGenerator[tuple[int, Neighbourhood], None]:
    """Those of several questions, each with its place, as they come (`read_moments`).

    One statement reads all that is asked of today's belief, one all of earlier ones. Filtered by knownAt, not by legal
    date: what was considered needs facts of other days. `limit_edges` bounds, for each question, each of
    subjects reached, posts, and records with licences; a cut is said in `truncated`, never silent. A single record of
    many subjects or findings comes whole. `reading`: who asks, whatever its moment; an official when omitted.
    """
    reader, own = (OFFICIAL, ()) if reading is None else (Reader(reading.official, bool(reading.own)), reading.own)
    shared = {"limit": limit_edges, "own": list(own), **walk_parameters(footprint)}
    given = [(moment, {**lookup_parameters(wanted), **shared}) for moment, wanted in asked]
    written = partial(statement, footprint, reader=reader)
    async with aclosing(read_moments(database, written, given, ANSWER)) as told:
        async for which, row in told:
            yield which, _told_of(row, len(asked[which][1]))


def _told_of(row: Mapping[str, Any], lookups: int) -> Neighbourhood:
    # Where some organisations are left out, no post at one of them may come by its other end.
    whole = None if row["whole"] is None else frozenset(row["whole"])
    found = (each for each in (*row["edges"], *row["placed"]) if whole is None or each[2] in whole)
    edges = {each[3][0]: each for each in found}.values()  # some lie between two that are judged
    cut = row["cutSubjects"] or row["cutRecords"] or row["omitted"] > 0
    return Neighbourhood(
        facts=closed_facts(
            row["parties"],
            ((type, start, end, dict(zip(EDGE_COLUMNS, values, strict=True))) for type, start, end, values in edges),
            *_split(row["causes"], row["ties"]),
        ),
        seeds=tuple(chosen(lookups, row["seeds"])),
        version=row["version"] or 0,
        pack_digest=row["packDigest"],
        truncated=Cut(TruncationReason.EDGE_LIMIT, row["omitted"] or None) if cut else None,
    )


def walk_parameters(footprint: Footprint) -> dict[str, Any]:
    """What the statement of a footprint compares kinds and values with."""
    return {
        "recordKinds": [*RECORD_KINDS, QUALIFICATION],
        "causeKinds": [*sorted(footprint.kinds), QUALIFICATION],
        "subjectKinds": SUBJECT_KINDS,
        "telling": told_parameters(footprint.telling),
        "about": told_parameters(footprint.about),
        "mine": told_parameters(footprint.own),
        "leading": {} if footprint.leading is None else told_parameters(footprint.leading),
    }


def _split(causes: Iterable[Row], ties: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Records and licences as `closed_facts` takes them; `ties`: [type, cause, far, properties of a finding or id]."""
    about: dict[str, list[Row]] = {}
    named: dict[str, list[Row]] = {}
    holders: dict[str, list[Row]] = {}
    for kind, cause, far, values in ties:
        if kind == RelationKind.RESPONSIBLE_FOR:
            named.setdefault(cause, []).append((far, values))
        else:
            to = about if kind == RelationKind.ABOUT else holders
            to.setdefault(cause, []).append((values, far))
    told = [  # most have no value for most of it
        (id, kind, {name: value for name, value in zip(CAUSE_COLUMNS, values, strict=True) if value is not None})
        for id, kind, values in causes
    ]
    records: list[Row] = [
        (id, kind, values, about.get(id, ()), named.get(id, ())) for id, kind, values in told if kind != QUALIFICATION
    ]
    licences: list[Row] = [
        (id, values, person, edge)
        for id, kind, values in told
        if kind == QUALIFICATION
        for edge, person in holders.get(id, ())
    ]
    return records, licences
