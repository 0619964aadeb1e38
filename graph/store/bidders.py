"""Reads what may relate bidders to each other, and the decisions about each, as facts.

It must not know any rule. Decisions that the reader may not see are not read: none of them fills a limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graph.codes import RecordKind, RelationKind
from graph.facts import Facts
from graph.store.conditions import Reading, open_to
from graph.store.fragments import believed, picked, running, sought, still
from graph.store.lookup import chosen, lookup_parameters
from graph.store.neighbourhood import values_of
from graph.store.packs import IN_FORCE_THEN
from graph.store.projection import Mode, Time
from graph.store.rows import ORIGIN, RECORD_PROPERTIES, SUBJECT_KINDS, closed_facts

if TYPE_CHECKING:
    from graph.identifiers import Lookup

R = RelationKind
MOST_LEVELS: Final = 12  # of holders above a bidder
MOST_FACTS: Final = 20_000  # holders, holdings, posts or records around all bidders; beyond it nothing is answered
EDGE: Final[str] = picked("e", ("id", "from", "to", "post", "share", "votes", *ORIGIN))
HELD: Final = f"{R.HOLDS}|{R.CONTROLS}"
OFFICES: Final = f"{R.LEGAL_REPRESENTATIVE_OF}|{R.PRINCIPAL_OF}|{R.PROJECT_MANAGER_OF}"
DECISIONS: Final = (RecordKind.PENALTY, RecordKind.CRIMINAL_CONVICTION)


@dataclass(frozen=True, slots=True)
class Bidders:
    """`seeds`: the ids of each lookup, in order; `pack_digest` names the rule pack then. `cut`: MOST_FACTS was not
    enough."""

    seeds: tuple[tuple[str, ...], ...]
    facts: Facts
    pack_digest: str | None
    cut: bool
    version: int


@lru_cache(maxsize=16)
def body(reading: Reading, time: Time, prefix: str) -> str:
    """The body of a subquery whose `rows` are one map. Parameters $<prefix>ids, $<prefix>keys and those of all.

    Only what runs on the day, on some reading of imprecise ends. Above a bidder lie those who hold it and who hold
    them, since joint control needs all of them; above a branch those of its parent.
    """
    held = f"{believed('e')} AND {running('e')}"
    now = time.mode is not Mode.PAST
    text = f"""{sought("collect(DISTINCT node) AS bidders")}
CALL (bidders) {{
  UNWIND bidders AS bidder
  MATCH (bidder)-[e:{R.BRANCH_OF}]->(parent) WHERE {held}
  WITH e, bidder, parent LIMIT {MOST_FACTS} + 1
  RETURN collect(['{R.BRANCH_OF}', bidder.id, parent.id, {EDGE}]) AS branches, collect(DISTINCT parent) AS parents
}}
CALL (bidders, parents) {{
  UNWIND bidders + parents AS below
  WITH DISTINCT below
  MATCH (below) (()<-[e:{HELD} WHERE {held}]-()){{0,{MOST_LEVELS}}} (owned)
  WITH DISTINCT owned LIMIT {MOST_FACTS} + 1
  RETURN collect(owned) AS above
}}
CALL (above) {{
  UNWIND above AS owned
  MATCH (owned)<-[e:{HELD}]-(holder) WHERE {held}
  WITH e, owned, holder LIMIT {MOST_FACTS} + 1
  RETURN collect([type(e), holder.id, owned.id, {EDGE}]) AS holdings, collect(DISTINCT holder) AS holders
}}
CALL (bidders) {{
  UNWIND bidders AS bidder
  MATCH (bidder)<-[e:{OFFICES}]-(person) WHERE {held}
  WITH e, bidder, person LIMIT {MOST_FACTS} + 1
  RETURN collect([type(e), person.id, bidder.id, {EDGE}]) AS offices, collect(DISTINCT person) AS persons
}}
CALL (bidders) {{
  UNWIND bidders AS bidder
  MATCH (bidder)-[e:{R.ACTS_IN_CONCERT_WITH}]-(other) WHERE {held}
  WITH e, other LIMIT {MOST_FACTS} + 1
  RETURN collect(DISTINCT ['{R.ACTS_IN_CONCERT_WITH}', startNode(e).id, endNode(e).id, {EDGE}]) AS concert,
    collect(DISTINCT other) AS others
}}
CALL (bidders) {{
  UNWIND bidders AS bidder
  MATCH (bidder)<-[e:{R.ABOUT}]-(record)
  WHERE record.kind IN $decisions AND {believed("e")} AND {still("record", now=now)}
    AND {open_to("record", reading)}
  WITH DISTINCT record LIMIT {MOST_FACTS} + 1
  WITH record, {values_of("record", RECORD_PROPERTIES, now=now)} AS values WHERE values IS NOT NULL
  RETURN collect([record.id, record.kind, values,
    COLLECT {{ MATCH (record)-[e:{R.ABOUT}]->(far) WHERE {believed("e")} RETURN [e.id, far.id] }}, []]) AS records
}}
CALL (bidders, parents, above, holders, persons, others) {{
  UNWIND bidders + parents + above + holders + persons + others AS subject
  WITH DISTINCT subject
  WITH subject, {values_of("subject", ("adultOn", "sectorOf"), now=now, sourced=False)} AS values
  WHERE subject.kind IN $subjectKinds AND values IS NOT NULL AND {still("subject", now=now)}
  RETURN collect([subject.id, subject.kind, values.adultOn, values.sectorOf]) AS parties
}}
RETURN {{seeds: seeds, parties: parties, edges: branches + holdings + offices + concert, records: records,
  cut: any(size IN [size(branches), size(above), size(holdings), size(offices), size(concert), size(records)]
    WHERE size > {MOST_FACTS}),
  version: version,
  packDigest: {IN_FORCE_THEN}}} AS rows"""
    return time.write(text.replace("$ids", f"${prefix}ids").replace("$keys", f"${prefix}keys"))


def parameters(lookups: Sequence[Lookup], reading: Reading, prefix: str) -> dict[str, Any]:
    """Beside those of the moments (`projection.moments_parameters`)."""
    named = {f"{prefix}{name}": value for name, value in lookup_parameters(lookups).items()}
    shared = {"decisions": list(DECISIONS), "subjectKinds": SUBJECT_KINDS, "own": list(reading.own)}
    return {**named, **shared}


def bidders(row: Mapping[str, Any], lookups: Sequence[Lookup]) -> Bidders:
    """What a statement told."""
    return Bidders(
        seeds=tuple(chosen(len(lookups), row["seeds"])),
        facts=closed_facts(row["parties"], row["edges"], row["records"], ()),
        pack_digest=row["packDigest"],
        cut=row["cut"],
        version=row["version"] or 0,
    )
