"""Reads the relations around several parties, each to half the length a path between them may have.

It must not search: paths are found among what was read (`graph.links`). What a reader may not see is not walked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import RelationKind, SubjectKind
from graph.links.paths import HUB
from graph.store.conditions import Reading
from graph.store.expansion import KINDS, seen
from graph.store.fragments import believed, running, sought, still
from graph.store.lookup import chosen, lookup_parameters
from graph.store.projection import Time
from graph.store.rows import RECORD_KINDS, relation_view
from graph.views import RelationView
from graph.vocabulary import RELATIONS

if TYPE_CHECKING:
    from graph.identifiers import Lookup

R = RelationKind
MOST_NODES: Final = 10_000  # walked through around all ends
MOST_RELATIONS: Final = 20_000  # read around all ends; beyond either the answer says so
READ: Final = ("id", "from", "to", "post", "share", "source", "recordedAt", "batch", "row")
WALKABLE: Final = frozenset(KINDS)
OF_RECORDS: Final = frozenset(
    kind for kind, each in RELATIONS.items() if {"Record", "ListEntry"} & {each.start, each.end}
)
OF_REGIONS: Final = frozenset({R.LOCATED_IN, R.PART_OF})


Relation = Sequence[Any]  # kind, start, end, then READ: as it was read, since few of many are shown


class Walk(NamedTuple):
    """What decides the text: the kinds of relations, those of `closed` at the reader's own subject alone; how many
    steps are read from each end; whether small shares are left out.
    """

    kinds: tuple[RelationKind, ...]
    closed: tuple[RelationKind, ...]
    radius: int
    least: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Relations near the ends as stored. `seeds`: the ids of each lookup, in order. `avoided`: hubs, and bodies of
    government: that the state holds two firms relates neither. `cut`: MOST_NODES or MOST_RELATIONS were not enough.
    """

    seeds: tuple[tuple[str, ...], ...]
    relations: tuple[Relation, ...]
    avoided: frozenset[str]
    cut: bool
    version: int


def walked(relation: str, near: str, walk: Walk, reading: Reading) -> str:
    """A relation to `far` that may be a step: believed and running, large enough, open to the reader as its end is."""
    conditions = [believed(relation), running(relation)]
    if walk.least and R.HOLDS in walk.kinds:
        conditions.append(f"(type({relation}) <> '{R.HOLDS}' OR coalesce({relation}.share, -1) >= $least)")
    if walk.closed:
        closed = ", ".join(f"'{each}'" for each in walk.closed)
        conditions.append(f"(NOT type({relation}) IN [{closed}] OR {near}.id IN $own OR far.id IN $own)")
    conditions.append(seen(reading, "far") if OF_RECORDS.intersection(walk.kinds) else still("far", now=reading.now))
    return " AND ".join(conditions)


@lru_cache(maxsize=64)
def body(walk: Walk, reading: Reading, time: Time, prefix: str) -> str:
    """The body of a subquery whose `rows` are one map. Parameters $<prefix>ids, $<prefix>keys, $<prefix>least, $own.

    An end is walked from even where it is a hub: it was asked for. The stored degree decides of most nodes; where it is
    large those are counted that the reader sees on the day, so that what he may not see decides nothing.
    """
    types = "|".join(sorted(walk.kinds))
    hub = (
        f"(hub.kind = '{SubjectKind.GOVERNMENT_BODY}' OR CASE WHEN COUNT {{ (hub)--() }} <= {HUB} THEN false"
        f" ELSE COUNT {{ MATCH (hub)-[r:{types}]-(far) WHERE {walked('r', 'hub', walk, reading)}"
        f" WITH r LIMIT {HUB} + 1 RETURN r }} > {HUB} END)"
    )
    step = f"MATCH (near)-[e:{types}]-(far) WHERE {walked('e', 'near', walk, reading)}"
    rings = "".join(
        f"""CALL (ring{number - 1}) {{
  UNWIND ring{number - 1} AS near
  {step}
  WITH DISTINCT far AS hub WHERE NOT {hub}
  WITH hub LIMIT {MOST_NODES} + 1
  RETURN collect(hub) AS ring{number}
}}
"""
        for number in range(1, walk.radius)
    )
    columns = ", ".join(f"e.{each}" for each in READ)
    text = f"""{sought("collect(DISTINCT node) AS ring0")}
{rings}WITH version, seeds, {" + ".join(f"ring{number}" for number in range(walk.radius))} AS rings
CALL (rings) {{
  UNWIND rings AS near
  WITH DISTINCT near LIMIT {MOST_NODES} + 1
  RETURN collect(near) AS inner
}}
CALL (inner) {{
  UNWIND inner AS near
  {step}
  WITH e, far LIMIT {MOST_RELATIONS} + 1
  RETURN collect(DISTINCT e) AS met, collect(DISTINCT far) AS fars, count(*) > {MOST_RELATIONS} AS cut
}}
CALL (fars) {{
  UNWIND fars AS hub
  WITH hub WHERE {hub}
  RETURN collect({_api_id("hub", walk)}) AS avoided
}}
RETURN {{seeds: seeds, cut: cut OR size(inner) > {MOST_NODES}, avoided: avoided,
  relations: [e IN met | [type(e), {_api_id("startNode(e)", walk)}, {_api_id("endNode(e)", walk)}, {columns}]],
  version: version}} AS rows"""
    return time.write(text.replace("$ids", f"${prefix}ids").replace("$keys", f"${prefix}keys")).replace(
        "$least", f"${prefix}least"
    )


def _api_id(node: str, walk: Walk) -> str:
    """A region has no id of its own: the API knows it by its code."""
    if not OF_REGIONS.intersection(walk.kinds):
        return f"{node}.id"
    return f"CASE {node}.kind WHEN 'REGION' THEN 'reg_' + {node}.code ELSE {node}.id END"


def parameters(lookups: Sequence[Lookup], reading: Reading, least: int | None, prefix: str) -> dict[str, Any]:
    """Beside those of the moments (`projection.moments_parameters`)."""
    named = {**lookup_parameters(lookups), "least": least}
    shared = {"own": list(reading.own), "recordKinds": RECORD_KINDS}
    return {**{f"{prefix}{name}": value for name, value in named.items()}, **shared}


def around(row: Mapping[str, Any], lookups: Sequence[Lookup]) -> Around:
    """What a statement told."""
    return Around(
        seeds=tuple(chosen(len(lookups), row["seeds"])),
        relations=tuple(row["relations"]),
        avoided=frozenset(row["avoided"]),
        cut=row["cut"],
        version=row["version"] or 0,
    )


def view(relation: Relation) -> RelationView:
    kind, start, end, *read = relation
    return relation_view(kind, start, end, dict(zip(READ, read, strict=True)))
