"""Reads what causes need to be judged alone: themselves, whom they name, and the offices that may bind somebody.

It must not know any rule: which relations to walk comes from the pack, what is believed now is all it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from graph.codes import Capacity, RelationKind, SubjectKind
from graph.facts import Facts, Qualification
from graph.periods import LATEST, OPEN_END, OPEN_START, on
from graph.propagation.causes import Cause
from graph.propagation.sorts import looked_at, of_sort
from graph.propagation.spells import Around, binding
from graph.propagation.triggers import LARGEST_INDEX, Families
from graph.rules import Pack
from graph.rules.rule import Rule, Way
from graph.store.fragments import believed, picked
from graph.store.operations import Run
from graph.store.rows import (
    CAUSE_PROPERTIES,
    ORIGIN,
    ORIGIN_NOW,
    QUALIFICATION,
    SUBJECT_KINDS,
    closed_facts,
    record,
)
from graph.vocabulary import BY_CODE, Family, kinds, post_of

PREFIXES: Final = tuple(
    sorted({f"{each.prefix}_" for each in kinds(Family.RECORD)} | {f"{BY_CODE[QUALIFICATION].prefix}_"})
)
CAUSE_COLUMNS: Final = tuple(dict.fromkeys((*CAUSE_PROPERTIES, "publicFrom", "publicTo", *ORIGIN_NOW)))
EDGE_COLUMNS: Final = ("id", "from", "to", "post", *ORIGIN_NOW)
FINDING: Final[str] = picked("e", ("id", "capacity", "decidedOn", *ORIGIN))
# Where what makes the sort of a cause is stored (`propagation.sorts`), where not under its own name.
STORED_AS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "basis": ("basisDocuments", "basisArticles"),
        "large_debt": ("largeDebt",),
        "ban": ("banScope",),
        "revoked_on": (),  # a licence that was not revoked is no cause yet
    }
)
# A city has some hundred sorts of records: most set off nothing, and of those no more is read. Of the nodes `found`.
SORTS: Final = f"""COLLECT {{
  UNWIND found AS n
  WITH n, $looks[n.kind] AS looks
  WHERE looks IS NOT NULL AND NOT n:Past AND (n.kind <> '{QUALIFICATION}' OR n.revokedOn IS NOT NULL)
  WITH n.kind AS kind, [each IN looks | n[each]] AS sort, collect(n.id) AS ids
  RETURN [kind, sort, ids] }}"""
SORTS_AFTER: Final = f"""
MATCH (n:Entity) USING INDEX n:Entity(id)
WHERE n.id > $after AND n.id < $before
WITH n ORDER BY n.id LIMIT $rows
WITH collect(n) AS found
RETURN size(found) AS read, last(found).id AS last, {SORTS} AS sorts"""
UNSOURCED: Final = MappingProxyType({"source": "", "recordedAt": ""})
SOME_DAY: Final = on(date(2000, 1, 1))


@dataclass(frozen=True, slots=True)
class Footing:
    """What causes can be judged by, each alone; `public`: the days on which everybody sees a cause.

    `sorts`: the families by which a cause may bind, by what is told of its sort.
    """

    facts: Facts
    public: Mapping[str, tuple[str, str]]
    sorts: Mapping[str, Families]


def cause_kinds(pack: Pack) -> list[str]:
    """Codes of the nodes that may set off a rule of the pack."""
    return sorted(str(each.value) for each in pack.by_kind)


def stored_looks(pack: Pack) -> dict[str, list[str]]:
    """By the kind of a cause, the stored properties that make its sort."""
    return {
        str(kind.value): list(dict.fromkeys(name for each in looks for name in STORED_AS.get(each, (each,))))
        for kind, looks in looked_at(pack).items()
    }


def triggering(sorts: Iterable[Sequence[Any]], pack: Pack) -> dict[str, Families]:
    """Causes by which some rule may bind, with what they set off; `sorts`: [kind, values of its looks, ids]."""
    found: dict[str, Families] = {}
    looks = stored_looks(pack)
    for kind, values, ids in sorts:
        key = ("stored", kind, *(tuple(each) if isinstance(each, list) else each for each in values))
        set_off = pack.by_sort.get(key)
        if set_off is None:
            set_off = of_sort(pack, _of_sort(kind, dict(zip(looks[kind], values, strict=True))))
            if len(pack.by_sort) < LARGEST_INDEX:
                pack.by_sort[key] = set_off
        if set_off:
            found |= dict.fromkeys(ids, set_off)
    return found


async def binding_causes(run: Run, pack: Pack, causes: Mapping[str, Families]) -> dict[str, Families]:
    """Those of the causes that may bind somebody, with the families by which they may."""
    (row,) = await run(around(pack.binding_relations), ids=[*causes], known=LATEST)
    found = {id: binding(causes[id], _around(*near)) for id, *near in row["around"]}
    return {id: tuple(chain.from_iterable(rules)) for id, rules in found.items() if rules}


def _around(subjects: Sequence[str], offices: Sequence[Sequence[str]], named: Sequence[str]) -> Around:
    posts = (post_of(RelationKind(kind), post) for kind, post in offices)
    return Around(
        {SubjectKind(each) for each in subjects},
        {each for each in posts if each is not None},
        {Capacity(each) for each in named},
    )


def _of_sort(kind: str, told: Mapping[str, Any]) -> Cause:
    """Any cause of a sort, without days or parties."""
    if kind != QUALIFICATION:
        return Cause(record=record("", kind, {**UNSOURCED, **told}, {}))
    get = told.get
    return Cause(
        licence=Qualification(
            "", "", get("profession") or "", "", revoked_on=SOME_DAY, reason=get("reason"), sanction=get("sanction")
        )
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
    """`around` causes: relations, and everybody at their ends. Two posts lie between a cause and the last of them;
    the second is walked for the causes $further alone.
    """
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
  RETURN collect([type(e), holder.id, root.id, {_listed("e", EDGE_COLUMNS)}]) AS inward,
    collect(DISTINCT holder) AS holders
}}
CALL (causes) {{
  UNWIND causes AS cause
  WITH cause WHERE cause.id IN $further
  CALL (cause) {{
    MATCH (cause)-[e:ABOUT]->(person) WHERE {believed("e")} RETURN person
    UNION ALL
    MATCH (cause)-[e:ABOUT]->()<-[p:{types}]-(person) WHERE {believed("e")} AND {believed("p")} RETURN person
    UNION ALL
    MATCH (cause)<-[e:RESPONSIBLE_FOR|HAS_QUALIFICATION]-(person) WHERE {believed("e")} RETURN person
  }}
  WITH DISTINCT person
  MATCH (person)-[e:{types}]->(place) WHERE {believed("e")}
  RETURN collect([type(e), person.id, place.id, {_listed("e", EDGE_COLUMNS)}]) AS outward,
    collect(DISTINCT place) AS places
}}
CALL (subjects, named, licensed, holders, places) {{
  UNWIND subjects + named + licensed + holders + places AS subject
  WITH DISTINCT subject
  WHERE subject.kind IN $subjectKinds AND NOT subject:Past
  RETURN collect([subject.id, subject.kind, subject.adultOn]) AS parties
}}
RETURN [cause IN causes | [cause.id, cause.kind, {_listed("cause", CAUSE_COLUMNS)}]] AS causes,
  about, findings, held, inward, outward, parties"""


def _listed(name: str, properties: Iterable[str]) -> str:
    """Values without their names, which cost as much as they do."""
    return f"[{', '.join(f'{name}.{each}' for each in properties)}]"


async def footing(run: Run, pack: Pack, causes: Mapping[str, Families]) -> Footing:
    """The closed facts of those of the nodes that are causes now, by the families by which each may bind.

    The further offices of whoever is near it are among them where it may lead on to those.
    """
    if not causes:
        return Footing(closed_facts((), (), (), ()), {}, {})
    (row,) = await run(
        statement(pack.binding_relations),
        ids=[*causes],
        further=[id for id, sorts in causes.items() if any(_leads_on(each) for family in sorts for each in family)],
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
    told = [(id, kind, dict(zip(CAUSE_COLUMNS, values, strict=True))) for id, kind, values in row["causes"]]
    records = [
        [id, kind, values, about.get(id, ()), named.get(id, ())] for id, kind, values in told if kind != QUALIFICATION
    ]
    licences = [[id, values, *held[id]] for id, _, values in told if id in held]
    edges = {
        values[0]: [kind, start, end, dict(zip(EDGE_COLUMNS, values, strict=True))]
        for kind, start, end, values in (*row["inward"], *row["outward"])
    }
    parties = ((id, kind, grown, None) for id, kind, grown in row["parties"])
    public = {id: _public(kind, values) for id, kind, values in told}
    return Footing(closed_facts(parties, edges.values(), records, licences), public, causes)


def _leads_on(rule: Rule) -> bool:
    """To a duty, to another organisation, or from an office that the sanctioned himself holds anywhere."""
    return rule.duty is not None or rule.way is Way.ELSEWHERE or (rule.way is Way.ADDRESSED and bool(rule.roles))


def _public(kind: str, values: Mapping[str, Any]) -> tuple[str, str]:
    if kind == QUALIFICATION:
        return OPEN_START, OPEN_END
    return values["publicFrom"] or OPEN_END, values["publicTo"] or OPEN_START
