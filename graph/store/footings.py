"""Reads what causes need to be judged alone: themselves, whom they name, and the offices that may bind somebody.

It must not know any rule: which relations to walk comes from the pack, what is believed now is all it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graph.codes import CauseKind, RelationKind
from graph.facts import Facts, Qualification
from graph.periods import LATEST, OPEN_END, OPEN_START, parse_period
from graph.propagation.causes import Cause
from graph.rules import Pack
from graph.store.fragments import believed, picked
from graph.store.neighbourhood import EDGE, FINDING
from graph.store.operations import Run
from graph.store.rows import (
    ORIGIN,
    QUALIFICATION_PROPERTIES,
    RECORD_KINDS,
    RECORD_PROPERTIES,
    SUBJECT_KINDS,
    closed_facts,
    day_of,
    record,
)
from graph.vocabulary import BY_CODE, Family, kinds

QUALIFICATION: Final = CauseKind.QUALIFICATION.value
PREFIXES: Final = tuple(
    sorted({f"{each.prefix}_" for each in kinds(Family.RECORD)} | {f"{BY_CODE[QUALIFICATION].prefix}_"})
)
CAUSE_PROPERTIES: Final = tuple(
    dict.fromkeys((*RECORD_PROPERTIES, *QUALIFICATION_PROPERTIES, "publicFrom", "publicTo", *ORIGIN))
)
_CAUSE: Final = f"n.id, n.kind, CASE WHEN n.kind IN $kinds AND NOT n:Past THEN {picked('n', CAUSE_PROPERTIES)} END"
CAUSES: Final = f"""
UNWIND $ids AS id
MATCH (n:Entity {{id: id}}) USING INDEX n:Entity(id)
RETURN collect([{_CAUSE}]) AS causes"""
CAUSES_AFTER: Final = f"""
MATCH (n:Entity) USING INDEX n:Entity(id)
WHERE n.id > $after AND n.id < $before
WITH n ORDER BY n.id LIMIT $rows
RETURN collect([{_CAUSE}]) AS causes"""


@dataclass(frozen=True, slots=True)
class Footing:
    """A node that may be a cause. `values` None: it is none any more; `public`: when everybody sees it."""

    id: str
    kind: str
    values: Mapping[str, Any] | None

    @property
    def public(self) -> tuple[str, str]:
        if self.values is None or self.kind == QUALIFICATION:
            return OPEN_START, OPEN_END
        return self.values.get("publicFrom") or OPEN_END, self.values.get("publicTo") or OPEN_START

    @property
    def alone(self) -> Cause | None:
        """The cause without anybody: enough to tell which rules it may set off."""
        values = self.values
        if values is None:
            return None
        if self.kind != QUALIFICATION:
            return Cause(record=record(self.id, self.kind, values, {}, None))
        licence = Qualification(
            self.id,
            "",
            values["profession"],
            "",
            parse_period(values.get("from"), values.get("to")),
            day_of(values.get("revokedOn")),
            values.get("reason"),
            values.get("sanction"),
        )
        return Cause(licence=licence)


def footings(rows: Iterable[Sequence[Any]]) -> list[Footing]:
    return [Footing(*row) for row in rows]


def cause_kinds(pack: Pack) -> list[str]:
    """Codes of the nodes that may set off a rule of the pack."""
    return sorted(str(each.value) for each in pack.by_kind)


@lru_cache(maxsize=16)
def statement(relations: frozenset[RelationKind]) -> str:
    """`around` causes: relations, and everybody at their ends. Two posts lie between a cause and the last of them."""
    types = "|".join(sorted(relations)) or "CONTROLS"
    return f"""
UNWIND $ids AS id
MATCH (cause:Entity {{id: id}}) USING INDEX cause:Entity(id)
WITH collect(cause) AS causes
CALL (causes) {{
  UNWIND causes AS cause
  MATCH (cause)-[e:ABOUT]->(root) WHERE {believed("e")}
  RETURN collect([cause.id, e.id, root.id]) AS about, collect(DISTINCT root) AS subjects
}}
CALL (causes) {{
  UNWIND causes AS cause
  MATCH (cause)<-[e:RESPONSIBLE_FOR]-(root) WHERE {believed("e")}
  RETURN collect([cause.id, root.id, {FINDING}]) AS findings, collect(DISTINCT root) AS named
}}
CALL (causes) {{
  UNWIND causes AS cause
  MATCH (cause)<-[e:HAS_QUALIFICATION]-(root) WHERE {believed("e")}
  RETURN collect([cause.id, root.id, e.id]) AS held, collect(DISTINCT root) AS licensed
}}
CALL (subjects) {{
  UNWIND subjects AS root
  MATCH (root)<-[e:{types}]-(holder) WHERE {believed("e")}
  RETURN collect([type(e), holder.id, root.id, {EDGE}]) AS inward, collect(DISTINCT holder) AS holders
}}
CALL (subjects, named, licensed, holders) {{
  UNWIND subjects + named + licensed + holders AS person
  WITH DISTINCT person
  MATCH (person)-[e:{types}]->(place) WHERE {believed("e")}
  RETURN collect([type(e), person.id, place.id, {EDGE}]) AS outward, collect(DISTINCT place) AS places
}}
CALL (subjects, named, licensed, holders, places) {{
  UNWIND subjects + named + licensed + holders + places AS subject
  WITH DISTINCT subject
  WHERE subject.kind IN $subjectKinds AND NOT subject:Past
  RETURN collect([subject.id, subject.kind, {picked("subject", ("adultOn", "sectorOf", *ORIGIN))}]) AS parties
}}
RETURN about, findings, held, inward, outward, parties"""


async def facts_of(run: Run, causes: Sequence[Footing], relations: frozenset[RelationKind]) -> Facts:
    """The closed facts by which each of the causes can be judged alone; `values` of all of them are there."""
    ids = [each.id for each in causes]
    (row,) = await run(statement(relations), ids=ids, known=LATEST, subjectKinds=SUBJECT_KINDS)
    about: dict[str, list[Any]] = {}
    for cause, edge, subject in row["about"]:
        about.setdefault(cause, []).append([edge, subject])
    named: dict[str, list[Any]] = {}
    for cause, person, values in row["findings"]:
        named.setdefault(cause, []).append([person, values])
    held = {cause: (person, edge) for cause, person, edge in row["held"]}
    records = [
        [each.id, each.kind, each.values, about.get(each.id, ()), named.get(each.id, ()), None]
        for each in causes
        if each.kind in RECORD_KINDS
    ]
    licences = [[each.id, each.values, *held[each.id]] for each in causes if each.id in held]
    edges = {each[3]["id"]: each for each in (*row["inward"], *row["outward"])}
    return closed_facts(row["parties"], edges.values(), records, licences)
