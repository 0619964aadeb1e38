"""What stands around a subject: neighbours page by page, how many of each kind, who may be the same; as expressions.

It must not know who asks: the kinds a reader may see come in, and records are cut by `Reading`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from graph.codes import RelationKind
from graph.periods import Moment
from graph.store.conditions import Reading, visible
from graph.store.fragments import believed, picked, resolved, running, still, version
from graph.store.projection import Mode, Time
from graph.store.rows import relation_view
from graph.store.search import ANY_DAY
from graph.store.targets import Names as Seen
from graph.views import RelationView
from graph.vocabulary import BY_LABEL, RELATIONS, Disclosure, Family

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
    """A relation, its other end as the API names it, its stored first day, and what was read of that end."""

    relation: RelationView
    far: str
    begun: str
    row: Mapping[str, Any]

    @property
    def place(self) -> tuple[str, str]:
        """What a cursor says: kind and first day, the order of a page; and the id of the relation."""
        return f"{self.relation.kind}|{self.begun}", self.relation.id


class Count(NamedTuple):
    kind: RelationKind
    forward: bool
    number: int
    capped: bool


class Suggestion(NamedTuple):
    """What was read of somebody who may be the same, and why."""

    row: Mapping[str, Any]
    reasons: tuple[str, ...]


def shape(reading: Reading) -> Reading:
    """What of a reading decides the text of a statement."""
    return Reading(ANY_DAY if reading.now else THEN, reading.official, ("own",) if reading.own else ())


class Names(NamedTuple):
    """Variables of one reading around a subject; a number keeps them apart from those around it."""

    owner: str
    relation: str
    far: str
    kind: str
    forward: str
    number: str

    @classmethod
    def numbered(cls, number: int, owner: str) -> Names:
        return cls(owner, *(f"{stem}{number}" for stem in ("e", "n", "kind", "forward", "number")))


def opened(relation: str, kinds: Sequence[RelationKind], owner: str, reading: Reading) -> str:
    """Kinds that are not public are walked by those who see only their own subject's when it is the owner."""
    closed = [str(each) for each in kinds if RELATIONS[each].disclosure is not Disclosure.PUBLIC]
    if reading.official or not closed:
        return "true"
    return f"(NOT type({relation}) IN {closed}{f' OR {owner}.id IN $own' if reading.own else ''})"


def seen(reading: Reading, far: str) -> str:
    """Whether a node is there on the day: a record by its day and publication, others when known at all."""
    wanted = ("day", "publicFrom", "publicTo")
    values = far if reading.now else version(far, wanted)
    if reading.now:
        shown = f"{far}.day <= $asOf AND {visible(Seen(far, far), reading)}"
    else:
        # A map of a version cannot be named inside a predicate: `of` stands for it.
        shown = f"any(of IN [{values}] WHERE of.day <= $asOf AND {visible(Seen(far, 'of'), reading)})"
    return f"{still(far, now=reading.now)} AND (NOT {far}.kind IN $recordKinds OR coalesce({shown}, false))"


def _met(reading: Reading, names: Names, *, record: bool = False) -> str:
    """After the conditions of a relation: far ends that are there on the day, as `seen` has it; `record`: all are one.

    Behind a WITH that tells the kind, as the planner of a small graph else begins at all its nodes; and in the past the
    version is looked at once: as a part of the condition it takes twice as long to plan.
    """
    r, far, kind = names.relation, names.far, names.kind
    told = f"WITH {r}, {far}, type({r}) AS {kind}"
    if reading.now:
        return f"{told} WHERE {seen(reading, far)}"
    values = version(far, ("day", "publicFrom", "publicTo"))
    shown = f"coalesce(of.day <= $asOf AND {visible(Seen(far, 'of'), reading)}, false)"
    if record:  # one that has no version then is none
        return f"{told}, {values} AS of WHERE {shown}"
    return f"""{told}, CASE WHEN {far}.kind IN $recordKinds THEN {values} END AS of
  WHERE {still(far, now=False)} AND (NOT {far}.kind IN $recordKinds OR {shown})"""


def page(
    reading: Reading, time: Time, prefix: str, names: Names, rows: tuple[str, str], *, begun: bool, count: bool
) -> str:
    """The body of a subquery with one column `rows`: [i, rank, current, row of a subject that is meant, its relations
    in order after the place, how many there are in all].

    `rows` are written over the owner and the far end. Parameters as `found_rows` has them, and those of `parameters`.
    """
    owner, r, far, kind = names[:4]
    ids, keys, after = f"{prefix}ids", f"{prefix}keys", f"${prefix}after"
    match = f"""MATCH ({owner})-[{r}:{"|".join(KINDS)}]-({far})
  WHERE type({r}) IN ${prefix}kinds AND {opened(r, KINDS, owner, reading)} AND {believed(r)} AND {running(r)}
  {_met(reading, names)}"""
    beyond = (
        f"WHERE {kind} > {after}[0] OR {kind} = {after}[0] AND"
        f" ({r}.from > {after}[1] OR {r}.from = {after}[1] AND {r}.id > {after}[2])"
    )
    return time.write(f"""{resolved(ids, keys)} AND node.kind IN $subjectKinds
WITH i, rank, current, node AS {owner}
RETURN collect([i, rank, current, {rows[0]}, COLLECT {{
  {match}
  WITH {r}, {far}, {kind} {beyond if begun else ""}
  WITH {r}, {far}, {kind} ORDER BY {kind}, {r}.from, {r}.id LIMIT ${prefix}rows
  RETURN [{kind}, startNode({r}).id, endNode({r}).id, {picked(r)},
    CASE {far}.kind WHEN 'REGION' THEN 'reg_' + {far}.code ELSE {far}.id END, {rows[1]}]
}}, {f"COUNT {{ {match} RETURN 1 }}" if count else "0"}]) AS rows""")


def parameters(kinds: Sequence[RelationKind], first: int, after: tuple[str, str, str] | None) -> dict[str, Any]:
    """Those of `page`, without its prefix and those of its lookup."""
    return {"kinds": [each.value for each in kinds], "rows": first + 1, "after": list(after or ())}


def neighbours(told: Sequence[Sequence[Any]]) -> list[Neighbour]:
    """The relations of a subject as `page` tells them."""
    return [
        Neighbour(
            relation_view(kind, _shown(start, row["id"], far), _shown(end, row["id"], far), values),
            far,
            values["from"],
            row,
        )
        for kind, start, end, values, far, row in told
    ]


def _shown(end: str, stored: str, far: str) -> str:
    return far if end == stored else end


# Far ends that are records: a hub has many, and the reader may see few of them.
OF_RECORDS: Final = tuple(
    (kind, forward)
    for kind, forward in SIDES
    if (RELATIONS[kind].end if forward else RELATIONS[kind].start) in {"Record", "ListEntry"}
)
OF_OTHERS: Final = tuple(dict.fromkeys(kind for kind, forward in SIDES if (kind, forward) not in OF_RECORDS))


def counts(reading: Reading, time: Time, names: Names) -> str:
    """[kind, forward, count] of each kind the owner has; one more than may be counted says that there are more.

    A relation of the owner with itself counts both ways, as both lists of it have it.
    """
    owner, r, far, kind, forward, number = names
    records = "".join(_of_records(each, towards, reading, names) for each, towards in OF_RECORDS)
    return time.write(f"""COLLECT {{
  CALL ({owner}) {{
    MATCH ({owner})-[{r}:{"|".join(OF_OTHERS)}]-({far})
    WHERE {opened(r, OF_OTHERS, owner, reading)} AND {believed(r)} AND {running(r)}
    WITH {r}, {far}, startNode({r}) = {owner} AS starts WHERE {still(far, now=reading.now)}
    WITH {r}, {far} = {owner} AS itself, starts LIMIT {MOST_SCANNED} + 1
    UNWIND CASE WHEN itself THEN [true, false] ELSE [starts] END AS {forward}
    RETURN type({r}) AS {kind}, {forward}, count(*) AS {number}{records}
  }}
  WITH {kind}, {forward}, {number} WHERE {number} > 0
  RETURN [{kind}, {forward}, {number}] }}""")


def _of_records(relation: RelationKind, towards: bool, reading: Reading, names: Names) -> str:
    owner, r, far, kind, forward, number = names
    pattern = f"({owner})-[{r}:{relation}]->({far})" if towards else f"({owner})<-[{r}:{relation}]-({far})"
    return f"""
    UNION ALL
    MATCH {pattern} WHERE {believed(r)} AND {running(r)} {_met(reading, names, record=True)}
    WITH {r} LIMIT {MOST_COUNTED} + 1
    RETURN '{relation}' AS {kind}, {str(towards).lower()} AS {forward}, count(*) AS {number}"""


def counted(rows: Sequence[Sequence[Any]]) -> tuple[Count, ...]:
    """How many relations of each kind and direction, as `counts` tells them; a kind of none is absent."""
    found = {(RelationKind(kind), forward): count for kind, forward, count in rows}
    cut = sum(count for side, count in found.items() if side not in OF_RECORDS) > MOST_SCANNED
    return tuple(
        Count(*side, min(found[side], MOST_COUNTED), found[side] > MOST_COUNTED or (cut and side not in OF_RECORDS))
        for side in SIDES
        if side in found
    )


MOST_SUGGESTED: Final = 50


def suggestions(time: Time, names: Names, row: str) -> str:
    """[reasons, row] of those who may be the same as the owner, in the order of their ids; `row` over the far end.

    One more than MOST_SUGGESTED where there are more."""
    owner, r, far = names[:3]
    return time.write(f"""COLLECT {{
  MATCH ({owner})-[{r}:POSSIBLY_SAME_AS]-({far}) WHERE {believed(r)} AND {running(r)}
    AND {still(far, now=time.mode is not Mode.PAST)}
  WITH {far}, {r} ORDER BY {far}.id, {r}.id LIMIT {MOST_SUGGESTED} + 1
  RETURN [{r}.reasons, {row}] }}""")


def suggested(told: Sequence[Sequence[Any]]) -> tuple[Suggestion, ...]:
    """Everybody once, with every reason."""
    rows: dict[str, Mapping[str, Any]] = {}
    reasons: dict[str, list[str]] = {}
    for said, row in told:
        rows[row["id"]] = row
        reasons.setdefault(row["id"], []).extend(said or ())
    return tuple(Suggestion(rows[id], tuple(dict.fromkeys(each))) for id, each in reasons.items())
