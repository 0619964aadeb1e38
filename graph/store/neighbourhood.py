"""Reads the closed set of facts that propagation needs around subjects, records and qualifications, in one statement.

It must not know any rule: the pack's footprint says which relations to walk and how far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graph.codes import RelationKind, TruncationReason
from graph.facts import Facts
from graph.findings import Cut
from graph.periods import Moment
from graph.store.fragments import RESOLVED, believed, moment_parameters, picked, present, running, version
from graph.store.lookup import chosen, lookup_parameters
from graph.store.packs import IN_FORCE_THEN
from graph.store.rows import (
    ORIGIN,
    QUALIFICATION_PROPERTIES,
    RECORD_KINDS,
    RECORD_PROPERTIES,
    SUBJECT_KINDS,
    closed_facts,
)

if TYPE_CHECKING:
    from graph.identifiers import Lookup
    from graph.rules import Footprint
    from graph.store.connection import Database

OWNING: Final = frozenset({RelationKind.HOLDS, RelationKind.CONTROLS})
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


EDGE: Final[str] = picked("e", ("id", "from", "to", "post", "share", "votes", *ORIGIN))
FINDING: Final[str] = picked("e", ("id", "capacity", "decidedOn", *ORIGIN))


def values_of(name: str, properties: Sequence[str], *, now: bool) -> str:
    """Properties without legal periods: the snapshot whatever the day, or the version believed at $known."""
    wanted = (*properties, *ORIGIN)
    return picked(name, wanted) if now else version(name, wanted)


@lru_cache(maxsize=16)
def statement(relations: frozenset[RelationKind], hops: int, now: bool, owners: bool = False) -> str:
    """The one statement for a footprint; relation types come from the closed set, never from a caller's text.

    Sets: `starts` the seeds; `roots` where the walk begins (a record's subjects and responsible persons, a licence's
    holder; with `owners` everyone above a seed, by a walk that keeps a set of what it visited); `reached` subjects
    within `hops`; `records` of the footprint's kinds about them or that they are responsible for; `judged` the
    subjects of those records as well, because a record is judged by all posts of its subjects (LR presence).
    Posts of one organisation are read all or none, a record comes with all its subjects and findings or not at all:
    a cut may lose a measure, never the fact that prevents one.
    No UNION where lists are in scope: its DISTINCT keys hold them once per row, 360 MB for a hub of 1,000 firms.
    """
    if not relations or not 0 <= hops <= MOST_HOPS:
        raise ValueError("a footprint walks at least one relation, at most 8 hops")
    types = "|".join(sorted(relations))
    every = "|".join(sorted(relations | OWNING if owners else relations))
    depth = str(hops)
    above = f"""
CALL (starts) {{
  UNWIND starts AS start
  MATCH (start) (()<-[e:{"|".join(sorted(OWNING))} WHERE {believed("e")} AND {running("e")}]-()){{0,}} (owner)
  WITH DISTINCT owner LIMIT $limit + 1
  RETURN collect(owner) AS owners
}}"""
    return f"""
{RESOLVED}
WITH collect([i, rank, current, node.id]) AS seeds, collect(DISTINCT node) AS starts{above if owners else ""}
WITH seeds, starts, {"owners[..$limit]" if owners else "starts"} AS beginnings,
  {"size(owners) > $limit" if owners else "false"} AS cutOwners
CALL (beginnings) {{
  UNWIND beginnings AS start
  CALL (start) {{
    RETURN start AS root
    UNION
    MATCH (start)-[e:ABOUT]->(root) WHERE {believed("e")} RETURN root
    UNION
    MATCH (start)<-[e:RESPONSIBLE_FOR|HAS_QUALIFICATION]-(root) WHERE {believed("e")} RETURN root
  }}
  WITH DISTINCT root
  MATCH (root) (()-[e:{types} WHERE {believed("e")}]-()){{0,{depth}}} (subject)
  WITH DISTINCT subject LIMIT $limit + 1
  RETURN collect(subject) AS reached
}}
CALL (reached) {{
  UNWIND reached[..$limit] AS subject
  MATCH (subject)<-[e:ABOUT]-(record) WHERE record.kind IN $causeKinds AND {believed("e")}
  WITH DISTINCT record LIMIT $limit + 1
  RETURN collect(record) AS concerning
}}
CALL (reached) {{
  UNWIND reached[..$limit] AS subject
  MATCH (subject)-[e:RESPONSIBLE_FOR]->(record) WHERE record.kind IN $causeKinds AND {believed("e")}
  WITH DISTINCT record LIMIT $limit + 1
  RETURN collect(record) AS answered
}}
CALL (starts, concerning, answered) {{
  UNWIND [start IN starts WHERE start.kind IN $recordKinds] + concerning + answered AS record
  WITH DISTINCT record LIMIT $limit + 1
  RETURN collect(record) AS records
}}
CALL (records) {{
  UNWIND records[..$limit] AS record
  MATCH (record)-[e:ABOUT]->(subject) WHERE {believed("e")}
  RETURN collect(DISTINCT subject) AS others
}}
CALL (records) {{
  UNWIND records[..$limit] AS record
  MATCH (record)<-[e:RESPONSIBLE_FOR]-(person) WHERE {believed("e")}
  RETURN collect(DISTINCT person) AS named
}}
CALL (records) {{
  UNWIND records[..$limit] AS record
  MATCH (record)-[e:ISSUED_BY]->(body) WHERE {believed("e")}
  RETURN collect(DISTINCT body) AS bodies
}}
CALL (reached, others) {{
  UNWIND reached[..$limit] + others AS subject
  WITH DISTINCT subject
  WITH subject, COUNT {{ (subject)<-[:{every}]-() }} AS degree
  RETURN collect(subject) AS judged, collect(degree) AS degrees
}}
WITH *, reduce(sum = [0, 0], degree IN degrees |
  CASE WHEN sum[0] + degree <= $limit THEN [sum[0] + degree, sum[1] + 1] ELSE [$limit + 1, sum[1]] END)[1] AS whole
CALL (judged, whole) {{
  UNWIND judged[..whole] AS organization
  MATCH (organization)<-[e:{every}]-(holder) WHERE {believed("e")}
  RETURN collect([type(e), holder.id, organization.id, {EDGE}]) AS edges, collect(DISTINCT holder) AS holders
}}
CALL (records) {{
  UNWIND records[..$limit] AS record
  WITH record, {values_of("record", RECORD_PROPERTIES, now=now)} AS values
  WHERE values IS NOT NULL AND {present("record")}
  RETURN collect([record.id, record.kind, values,
    COLLECT {{ MATCH (record)-[e:ABOUT]->(far) WHERE {believed("e")} RETURN [e.id, far.id] }},
    COLLECT {{ MATCH (record)<-[e:RESPONSIBLE_FOR]-(far) WHERE {believed("e")} RETURN [far.id, {FINDING}] }},
    head(COLLECT {{ MATCH (record)-[e:ISSUED_BY]->(far) WHERE {believed("e")} RETURN far.id }})]) AS recordRows
}}
CALL (reached) {{
  UNWIND reached[..$limit] AS person
  MATCH (person)-[e:HAS_QUALIFICATION]->(licence) WHERE {believed("e")}
  WITH person, e, licence, {values_of("licence", QUALIFICATION_PROPERTIES, now=now)} AS values
  WHERE values IS NOT NULL AND {present("licence")}
  RETURN collect([licence.id, values, person.id, e.id]) AS licences
}}
CALL (reached, others, holders, named, bodies) {{
  UNWIND reached[..$limit] + others + holders + named + bodies AS subject
  WITH DISTINCT subject
  WITH subject, {values_of("subject", ("adultOn", "sectorOf"), now=now)} AS values
  WHERE subject.kind IN $subjectKinds AND values IS NOT NULL AND {present("subject")}
  RETURN collect([subject.id, subject.kind, values]) AS parties
}}
RETURN seeds, parties, edges, recordRows AS records, licences,
  cutOwners OR size(reached) > $limit AS cutSubjects, size(records) > $limit AS cutRecords,
  reduce(sum = 0, degree IN degrees[whole..] | sum + degree) AS omitted,
  head(COLLECT {{ MATCH (graph:Graph {{id: 'graph'}}) RETURN graph.version }}) AS version,
  {IN_FORCE_THEN} AS packDigest
"""


async def neighbourhood(
    database: Database, lookups: Sequence[Lookup], footprint: Footprint, moment: Moment, *, limit_edges: int
) -> Neighbourhood:
    """Facts for `check` (lookups mean subjects) and `reach` (records, qualifications), all known at `moment`.

    Filtered by knownAt, not by legal date: what was considered needs facts of other days. `limit_edges` bounds each of
    subjects reached, posts and records; a cut is said in `truncated`, never silent. A single record of many subjects
    or findings comes whole.
    """
    parameters: dict[str, Any] = {
        **lookup_parameters(lookups),
        **moment_parameters(moment),
        "limit": limit_edges,
        "recordKinds": RECORD_KINDS,
        "causeKinds": sorted(footprint.kinds),
        "subjectKinds": SUBJECT_KINDS,
    }
    text = statement(footprint.relations, footprint.hops, moment.known_at is None, footprint.owners)
    (row,) = await database.read(text, parameters)
    cut = row["cutSubjects"] or row["cutRecords"] or row["omitted"] > 0
    return Neighbourhood(
        facts=closed_facts(row["parties"], row["edges"], row["records"], row["licences"]),
        seeds=tuple(chosen(len(lookups), row["seeds"])),
        version=row["version"] or 0,
        pack_digest=row["packDigest"],
        truncated=Cut(TruncationReason.EDGE_LIMIT, row["omitted"] or None) if cut else None,
    )
