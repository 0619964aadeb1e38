"""Reads what causes need to be judged alone: themselves, whom they name, and the offices that may bind somebody.

It must not know any rule: which relations to walk comes from the pack, what is believed now is all it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from graph.codes import Capacity, CauseKind, RelationKind, SubjectKind
from graph.facts import Facts, Qualification
from graph.periods import LATEST, OPEN_END, OPEN_START
from graph.propagation.causes import Cause
from graph.propagation.spells import Around, binding
from graph.propagation.triggers import Families, families
from graph.rules import Pack
from graph.store.fragments import believed, picked
from graph.store.neighbourhood import EDGE, FINDING
from graph.store.operations import Run
from graph.store.rows import (
    ORIGIN,
    QUALIFICATION_PROPERTIES,
    RECORD_PROPERTIES,
    SUBJECT_KINDS,
    closed_facts,
    day_of,
    record,
)
from graph.vocabulary import BY_CODE, Family, kinds, post_of

QUALIFICATION: Final = CauseKind.QUALIFICATION.value
PREFIXES: Final = tuple(
    sorted({f"{each.prefix}_" for each in kinds(Family.RECORD)} | {f"{BY_CODE[QUALIFICATION].prefix}_"})
)
CAUSE_PROPERTIES: Final = tuple(
    dict.fromkeys((*RECORD_PROPERTIES, *QUALIFICATION_PROPERTIES, "publicFrom", "publicTo", *ORIGIN))
)
# All that a trigger may look at (`propagation.triggers`); of a licence also whether it was revoked.
SORT: Final = (
    *("types", "sector", "licence", "list", "basisDocuments", "basisArticles", "scheme", "grade", "seriousness"),
    *("circumstances", "crime", "sanction", "banScope", "profession"),
)
_SORT: Final = ", ".join(f"n.{each}" for each in SORT)
# A city has some hundred sorts of records: most set off nothing, and of those no more is read. Of the nodes `found`.
SORTS: Final = f"""COLLECT {{
  UNWIND found AS n
  WITH n WHERE n.kind IN $kinds AND NOT n:Past
  WITH n.kind AS kind, [CASE n.kind WHEN '{QUALIFICATION}' THEN n.revokedOn END, {_SORT}] AS sort, collect(n.id) AS ids
  RETURN [kind, sort, ids] }}"""
SORTS_AFTER: Final = f"""
MATCH (n:Entity) USING INDEX n:Entity(id)
WHERE n.id > $after AND n.id < $before
WITH n ORDER BY n.id LIMIT $rows
WITH collect(n) AS found
RETURN size(found) AS read, last(found).id AS last, {SORTS} AS sorts"""
UNSOURCED: Final = MappingProxyType({"source": "", "recordedAt": ""})


@dataclass(frozen=True, slots=True)
class Footing:
    """What causes can be judged by, each alone; `public`: the days on which everybody sees a cause."""

    facts: Facts
    public: Mapping[str, tuple[str, str]]


def cause_kinds(pack: Pack) -> list[str]:
    """Codes of the nodes that may set off a rule of the pack."""
    return sorted(str(each.value) for each in pack.by_kind)


def triggering(sorts: Iterable[Sequence[Any]], pack: Pack) -> dict[str, Families]:
    """Causes that set something off, with what; `sorts`: [kind, a revocation and the values of `SORT`, ids]."""
    found: dict[str, Families] = {}
    for kind, values, ids in sorts:
        if set_off := families(pack, _of_sort(kind, values)):
            found |= dict.fromkeys(ids, set_off)
    return found


async def binding_causes(run: Run, pack: Pack, causes: Mapping[str, Families]) -> list[str]:
    """Ids of those of the causes that may bind somebody."""
    (row,) = await run(around(pack.binding_relations), ids=[*causes], known=LATEST)
    return [id for id, *near in row["around"] if binding(causes[id], _around(*near))]


def _around(subjects: Sequence[str], offices: Sequence[Sequence[str]], named: Sequence[str]) -> Around:
    posts = (post_of(RelationKind(kind), post) for kind, post in offices)
    return Around(
        {SubjectKind(each) for each in subjects},
        {each for each in posts if each is not None},
        {Capacity(each) for each in named},
    )


def _of_sort(kind: str, values: Sequence[Any]) -> Cause:
    """Any cause of a sort, without days or parties."""
    revoked, *said = values
    told = {**UNSOURCED, **dict(zip(SORT, said, strict=True))}
    if kind != QUALIFICATION:
        return Cause(record=record("", kind, told, {}))
    return Cause(
        licence=Qualification("", "", told["profession"], "", revoked_on=day_of(revoked), sanction=told["sanction"])
    )


@lru_cache(maxsize=16)
def around(relations: frozenset[RelationKind]) -> str:
    """To `around`: of each cause who is near it (`propagation.spells.Around`), without anything they say."""
    return f"""
UNWIND $ids AS id
MATCH (cause:Entity {{id: id}}) USING INDEX cause:Entity(id)
RETURN collect([id,
  COLLECT {{
    MATCH (cause)-[e:ABOUT]->(subject) WHERE {believed("e")} RETURN subject.kind AS kind
    UNION
    MATCH (cause)<-[e:HAS_QUALIFICATION]-(subject) WHERE {believed("e")} RETURN subject.kind AS kind }},
  COLLECT {{
    MATCH (cause)-[e:ABOUT]->()<-[p:{_types(relations)}]-() WHERE {believed("e")} AND {believed("p")}
    RETURN DISTINCT [type(p), p.post] }},
  COLLECT {{ MATCH (cause)<-[e:RESPONSIBLE_FOR]-() WHERE {believed("e")} RETURN DISTINCT e.capacity }}]) AS around"""


def _types(relations: frozenset[RelationKind]) -> str:
    return "|".join(sorted(relations)) or "CONTROLS"


@lru_cache(maxsize=16)
def statement(relations: frozenset[RelationKind]) -> str:
    """`around` causes: relations, and everybody at their ends. Two posts lie between a cause and the last of them."""
    types = _types(relations)
    return f"""
UNWIND $ids AS id
MATCH (cause:Entity {{id: id}}) USING INDEX cause:Entity(id)
WITH cause WHERE cause.kind IN $kinds AND NOT cause:Past
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
RETURN [cause IN causes | [cause.id, cause.kind, {picked("cause", CAUSE_PROPERTIES)}]] AS causes,
  about, findings, held, inward, outward, parties"""


async def footing(run: Run, pack: Pack, ids: Sequence[str]) -> Footing:
    """The closed facts of those of the nodes that are causes now."""
    if not ids:
        return Footing(closed_facts((), (), (), ()), {})
    (row,) = await run(
        statement(pack.binding_relations),
        ids=ids,
        kinds=cause_kinds(pack),
        known=LATEST,
        subjectKinds=SUBJECT_KINDS,
    )
    about: dict[str, list[Any]] = {}
    for cause, edge, subject in row["about"]:
        about.setdefault(cause, []).append([edge, subject])
    named: dict[str, list[Any]] = {}
    for cause, person, values in row["findings"]:
        named.setdefault(cause, []).append([person, values])
    held = {cause: (person, edge) for cause, person, edge in row["held"]}
    records = [
        [id, kind, values, about.get(id, ()), named.get(id, ())]
        for id, kind, values in row["causes"]
        if kind != QUALIFICATION
    ]
    licences = [[id, values, *held[id]] for id, _, values in row["causes"] if id in held]
    edges = {each[3]["id"]: each for each in (*row["inward"], *row["outward"])}
    public = {id: _public(kind, values) for id, kind, values in row["causes"]}
    return Footing(closed_facts(row["parties"], edges.values(), records, licences), public)


def _public(kind: str, values: Mapping[str, Any]) -> tuple[str, str]:
    if kind == QUALIFICATION:
        return OPEN_START, OPEN_END
    return values["publicFrom"] or OPEN_END, values["publicTo"] or OPEN_START
