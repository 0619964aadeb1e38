"""What is read of a node, a relation and its near ones, as Cypher expressions that have the shape of the answer.

It must not know GraphQL nor who asks; what stands below a row comes in as text, named by whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.codes import RelationKind
from graph.periods import Moment
from graph.store.fragments import RESOLVED, believed, picked, present, running, still
from graph.store.versions import row_in_force
from graph.vocabulary import RELATIONS

DATED: Final = re.compile(r"\$(asOf|known|now)\b")
NODE: Final = re.compile(r"\bn\b")
# Who knows whether it is now asks for one of both: the database plans what it will never run as well.
PRESENT: Final = re.compile(re.escape(present("_")).replace("_", r"(\w+)", 1).replace(r"\(_\)", r"\(\1\)"))
OWN: Final = ("id", "kind", "version")
ORDERING: Final = ("validFrom", "validTo", "recordedAt", "source", "hash")  # what `values` chooses by
# Relations that are nodes of the API, by the prefix of their ids; each type has its own uniqueness constraint.
API_RELATIONS: Final = MappingProxyType(
    {
        prefix: tuple(each.kind.value for each in RELATIONS.values() if each.prefix == prefix)
        for prefix in ("pos", "hld")
    }
)
RELATION_IDS: Final = tuple(API_RELATIONS)


class Stale(Exception):
    """A node's snapshot does not hold on the day: its versions have to be asked."""


class Mode(StrEnum):
    """Where a node's properties are read.

    SNAPSHOT: on the node, with the days they hold, and whoever reads the row looks at these; today's belief about
    today. MIXED: on the node, or in its versions where the day is none of its; today's belief about another day. PAST:
    in its versions.
    """

    SNAPSHOT = "SNAPSHOT"
    MIXED = "MIXED"
    PAST = "PAST"


class Time(NamedTuple):
    """Which of a statement's moments, and how it is read."""

    number: int
    mode: Mode

    @property
    def now(self) -> bool:
        """Whether today's belief is asked."""
        return self.mode is not Mode.PAST

    def write(self, text: str) -> str:
        """Fragments name the one moment `$asOf`, `$known`, `$now`; a statement has several, and knows which are now."""

        def renamed(found: re.Match[str]) -> str:
            name = found[1]
            return str(self.now).lower() if name == "now" else f"${name}{self.number}"

        return DATED.sub(renamed, PRESENT.sub(lambda found: still(found[1], now=self.now), text))


def moments_parameters(moments: Iterable[Moment]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for i, each in enumerate(moments):
        found[f"asOf{i}"] = each.as_of.isoformat()
        found[f"known{i}"] = each.known
    return found


def _far(pattern: str, relation: str) -> str:
    """Ids at the far end of a neighbour relation believed then."""
    return f"COLLECT {{ MATCH {pattern} WHERE {relation} RETURN far.id }}"


def decides(name: str) -> str:
    """Whether a body decides or reports: a label now, said by its versions then."""
    return (
        f"CASE WHEN $now THEN {name}:Department ELSE EXISTS {{"
        f" MATCH ({name})-[:HAS_VERSION]->(said) WHERE {believed('said')} AND said.department }} END"
    )


# What a view holds besides its own values, written for a node `n`; twelve subqueries a node are the price of all.
PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "department": decides("n"),
        "identifiers": f"""COLLECT {{
    MATCH (n)-[by:IDENTIFIED_BY]->(name) WHERE {believed("by")} AND {running("by")}
    RETURN [name.scheme, name.value, name.masked, by.from, by.to] }}""",
        "names": f"""COLLECT {{
    MATCH (n)-[:HAS_VERSION]->(was) WHERE {believed("was")} AND was.name IS NOT NULL
    RETURN [was.name, was.validFrom, was.validTo, was.validTo <= $asOf] }}""",
        "formerIds": f"""COLLECT {{
    MATCH (n) (()<-[merge:SAME_AS WHERE {believed("merge")}]-()){{1,16}} (loser) RETURN loser.id }}""",
        "subjects": _far("(n)-[to:ABOUT]->(far)", believed("to")),
        "issuedBy": _far("(n)-[to:ISSUED_BY]->(far)", believed("to")),
        "onList": _far("(n)-[to:ON_LIST]->(far)", believed("to")),
        "holder": _far("(n)<-[to:HAS_QUALIFICATION]-(far)", believed("to")),
        "qualifications": _far("(n)-[to:HAS_QUALIFICATION]->(far)", believed("to") + " AND " + running("to")),
        "keyGroups": _far("(n)-[to:MEMBER_OF]->(far)", believed("to") + " AND " + running("to")),
        "parent": _far("(n)-[to:BRANCH_OF]->(far)", believed("to") + " AND " + running("to")),
        "responsible": f"""COLLECT {{
    MATCH (n)<-[found:RESPONSIBLE_FOR]-(person) WHERE {believed("found")}
    RETURN [person.id, {picked("found")}] ORDER BY found.id }}""",
    }
)


def node_row(
    name: str,
    time: Time,
    properties: Iterable[str] | None,
    parts: Iterable[str] = (),
    children: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A node with its properties (None: every one), parts of `PARTS`, and what stands below it.

    The properties are keys of the row, beside `snapFrom` and `snapTo`, and `past` (MIXED); what else may answer is a
    list of versions `w`, from which `values` chooses: a choice by the database takes it twice the time to plan.
    """
    own = [f".{each}" for each in OWN]
    below = [f"{each}: {time.write(NODE.sub(name, PARTS[each]))}" for each in parts]
    below += [f"{key}: {text}" for key, text in children.items()]
    named = None if properties is None else sorted({*properties} - {*OWN})
    if time.mode is not Mode.SNAPSHOT:
        below.append(f"w: {_versions(name, time, named)}")
    if time.mode is Mode.PAST:
        return f"{name} {{{', '.join([*own, *below])}}}"
    if time.mode is Mode.MIXED:
        below.append(f"past: {name}:Past")
    shown = [".*"] if named is None else [*own, ".snapFrom", ".snapTo", *(f".{each}" for each in named)]
    return f"{name} {{{', '.join([*shown, *below])}}}"


def node_list(name: str, time: Time, properties: Iterable[str], below: Iterable[str] = ()) -> str:
    """A node of which everything is shown as it is stored, from its snapshot: a list takes a third of a map's time.

    First whether the snapshot answers the day (`held`), then the properties, then what stands below.
    """
    holds = time.write(f"{name}.snapFrom <= $asOf AND {name}.snapTo > $asOf")
    return f"[{', '.join([holds, *(f'{name}.{each}' for each in properties), *below])}]"


def held(rows: Collection[Sequence[Any]]) -> None:
    """Raises Stale where the snapshot of one of these lists does not answer the day."""
    for each in rows:
        if not each[0]:
            raise Stale


def _versions(name: str, time: Time, properties: Iterable[str] | None) -> str:
    shown = None if properties is None else [*dict.fromkeys((*ORDERING, *properties))]
    found = (
        f"COLLECT {{ MATCH ({name})-[:HAS_VERSION]->(then) WHERE {believed('then')} RETURN {picked('then', shown)} }}"
    )
    if time.mode is Mode.MIXED:  # as a condition of the match it would be asked when every version had been met
        found = f"CASE WHEN {name}.snapFrom <= $asOf AND $asOf < {name}.snapTo THEN [] ELSE {found} END"
    return time.write(found)


def values(raw: Mapping[str, Any], mode: Mode, day: str) -> Mapping[str, Any] | None:
    """The properties of a row on the day; None where nothing was known of it then.

    Raises Stale where only the snapshot was read and it does not hold.
    """
    if mode is not Mode.PAST:
        if (raw["snapFrom"] or "") <= day < (raw["snapTo"] or ""):
            return None if mode is Mode.MIXED and raw["past"] else raw
        if mode is Mode.SNAPSHOT:
            raise Stale
        if raw["past"]:
            return None
    return row_in_force(raw["w"], day)


def relation_row(name: str, ends: Mapping[str, str]) -> str:
    """A relation with its properties, type and ids of its ends; `ends` are rows, `start` and `end` where asked for."""
    below = "".join(f", {key}: {text}" for key, text in ends.items())
    return f"{name} {{.*, kind: type({name}), startId: startNode({name}).id, endId: endNode({name}).id{below}}}"


def relation_list(name: str, properties: Iterable[str], ends: Iterable[str]) -> str:
    """A relation of which everything is shown as it is stored."""
    return f"[{', '.join([*(f'{name}.{each}' for each in properties), *ends])}]"


class Near(StrEnum):
    """Nearest neighbours of a node that are fields of it."""

    SUBJECTS = "subjects"
    ISSUED_BY = "issuedBy"
    ON_LIST = "onList"
    HOLDER = "holder"
    QUALIFICATIONS = "qualifications"
    KEY_GROUPS = "keyGroups"
    PARENT = "parent"
    RESPONSIBLE = "responsible"


class Pattern(NamedTuple):
    """How neighbours are met, over (name, relation, far); `runs`: the relation must run on the day."""

    kind: RelationKind
    forward: bool
    runs: bool = False

    def over(self, name: str, relation: str, far: str) -> str:
        left, right = ("-", "->") if self.forward else ("<-", "-")
        return f"({name}){left}[{relation}:{self.kind}]{right}({far})"


PATTERNS: Final[Mapping[Near, Pattern]] = MappingProxyType(
    {
        Near.SUBJECTS: Pattern(RelationKind.ABOUT, True),
        Near.ISSUED_BY: Pattern(RelationKind.ISSUED_BY, True),
        Near.ON_LIST: Pattern(RelationKind.ON_LIST, True),
        Near.HOLDER: Pattern(RelationKind.HAS_QUALIFICATION, False),
        Near.QUALIFICATIONS: Pattern(RelationKind.HAS_QUALIFICATION, True, runs=True),
        Near.KEY_GROUPS: Pattern(RelationKind.MEMBER_OF, True, runs=True),
        Near.PARENT: Pattern(RelationKind.BRANCH_OF, True, runs=True),
        Near.RESPONSIBLE: Pattern(RelationKind.RESPONSIBLE_FOR, False),
    }
)


def near_rows(near: Near, name: str, relation: str, far: str, time: Time, row: str) -> str:
    """Rows of the neighbours that were known then, in no order; `row` is written over `relation` or `far`."""
    pattern = PATTERNS[near]
    cut = f" AND {running(relation)}" if pattern.runs else ""
    match = f"MATCH {pattern.over(name, relation, far)} WHERE {believed(relation)}{cut} AND {present(far)}"
    return f"COLLECT {{ {time.write(match)} RETURN {row} }}"


def found_rows(name: str, time: Time, prefix: str, row: str) -> str:
    """The body of a subquery: `rows` [i, rank, current, row] of the nodes that ids and identifiers name.

    Parameters $<prefix>ids and $<prefix>keys as in `lookup.lookup_parameters`.
    """
    resolved = RESOLVED.replace("$ids", f"${prefix}ids").replace("$keys", f"${prefix}keys")
    return (
        f"{time.write(resolved)}\nWITH i, rank, current, node AS {name}"
        f"\nRETURN collect([i, rank, current, {row}]) AS rows"
    )


def held_rows(name: str, time: Time, prefix: str, row: str) -> str:
    """The body of a subquery: `rows` of the nodes with $<prefix>ids, each as itself, without those not known then."""
    match = (
        f"UNWIND ${prefix}ids AS wanted\nMATCH ({name}:Entity {{id: wanted}}) USING INDEX SEEK {name}:Entity(id)"
        f" WHERE {present(name)}"
    )
    return f"{time.write(match)}\nRETURN collect({row}) AS rows"


def relation_rows(name: str, start: str, end: str, time: Time, prefix: str, row: str) -> str:
    """The body of a subquery: `rows` of the posts and holdings with $<prefix>pos and $<prefix>hld."""
    branches = " UNION ALL ".join(
        f"UNWIND ${prefix}{ids} AS wanted MATCH ({start})-[{name}:{kind} {{id: wanted}}]->({end})"
        f" USING INDEX SEEK {name}:{kind}(id) WHERE {believed(name)} AND {present(start)} AND {present(end)}"
        f" RETURN {start}, {name}, {end}"
        for ids, kinds in API_RELATIONS.items()
        for kind in kinds
    )
    return f"CALL () {{ {time.write(branches)} }} RETURN collect({row}) AS rows"


def statement(parts: Mapping[str, str], paged: Collection[str]) -> str:
    """One statement whose one record has a column for each part: rows, or [rows, total, further] of those `paged`."""
    text, names = "", list[str]()
    for name, body in parts.items():
        column = f"[rows, total, further] AS {name}" if name in paged else f"rows AS {name}"
        text += f"CALL () {{\n{body}\n}}\nWITH {', '.join([*names, column])}\n"
        names.append(name)
    return f"{text}RETURN {', '.join(names)}"
