"""Pieces that read statements are put together from once, at import: what was believed then, what a node was then.

They must hold no value: names, labels and types are constants of the vocabulary, everything else is a parameter.
Seeks are hinted: on a nearly empty store the planner scans an index instead and keeps that plan.
Parameters: $now (nothing but today's belief is asked), $asOf (day), $known (stored system time).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from graph.periods import Moment


def moment_parameters(moment: Moment) -> dict[str, Any]:
    return {"now": moment.known_at is None, "asOf": moment.as_of.isoformat(), "known": moment.known}


def believed(name: str, *, now: bool = False) -> str:
    """A relation or version recorded and not yet retracted at $known; nothing is recorded later than now."""
    return f"{name}.retractedAt > $known" if now else f"{name}.recordedAt <= $known AND {name}.retractedAt > $known"


def running(name: str) -> str:
    """A relation whose period holds $asOf; an end known to the month or year only counts as not yet reached in it.

    Written as the planner would rewrite it (a conjunction of disjunctions): what stands beside it is not planned twice.
    """
    return f"{name}.from <= $asOf AND {name}.to <> $asOf AND ({name}.to > $asOf OR $asOf STARTS WITH {name}.to)"


def present(name: str) -> str:
    """A node something was believed of at $known; a past node keeps its versions for an earlier $known."""
    return f"CASE WHEN $now THEN {still(name, now=True)} ELSE {still(name, now=False)} END"


def still(name: str, *, now: bool) -> str:
    """`present` where it is known beforehand whether today's belief is asked: half of it to plan."""
    return f"NOT {name}:Past" if now else f"EXISTS {{ MATCH ({name})-[:HAS_VERSION]->(held) WHERE {believed('held')} }}"


def picked(name: str, properties: Iterable[str] | None = None) -> str:
    """A map of the named properties, or of all."""
    return f"{name} {{{'.*' if properties is None else ', '.join('.' + each for each in properties)}}}"


def version(name: str, properties: Iterable[str] | None = None) -> str:
    """The properties believed at $known for $asOf, null when none; outside all periods those of the nearest one.

    A subject first described from 2015 on also existed in 2010 (S10: no error before all facts): the last version
    that had ended, else the first one to come.
    """
    return (
        f"head(COLLECT {{ MATCH ({name})-[:HAS_VERSION]->(then) WHERE {believed('then')}"
        " WITH then, CASE WHEN then.validFrom > $asOf THEN 2 WHEN then.validTo > $asOf THEN 0 ELSE 1 END AS distance"
        " ORDER BY distance, CASE distance WHEN 1 THEN then.validTo END DESC,"
        " CASE distance WHEN 2 THEN then.validFrom END, then.recordedAt DESC, then.source,"
        " then.validFrom DESC, then.validTo, then.hash"
        f" LIMIT 1 RETURN {picked('then', properties)} }})"
    )


def resolved(ids: str = "ids", keys: str = "keys", *, after: str = "") -> str:
    """Columns i (which lookup), rank (strength of the identifier), current (held on $asOf), node.

    Parameters $ids [[i, id]] and $keys [[i, rank, key]], or as they are called here. A merged node answers with its
    survivor, at a $known before the merge as itself. `after`: a variable read before; named, it stands in no product.
    """
    return f"""
CALL ({after}) {{
  UNWIND ${ids} AS wanted
  MATCH (meant:Entity {{id: wanted[1]}}) USING INDEX SEEK meant:Entity(id)
  RETURN wanted[0] AS i, 0 AS rank, true AS current, meant
  UNION ALL
  UNWIND ${keys} AS wanted
  MATCH (name:Identifier {{key: wanted[2]}})<-[held:IDENTIFIED_BY]-(meant) USING INDEX SEEK name:Identifier(key)
  WHERE {believed("held")}
  RETURN wanted[0] AS i, wanted[1] AS rank, {running("held")} AS current, meant
}}
MATCH (meant) (()-[merge:SAME_AS WHERE {believed("merge")}]->()){{0,16}} (node)
WHERE NOT EXISTS {{ MATCH (node)-[further:SAME_AS]->() WHERE {believed("further")} }} AND {present("node")}
"""


RESOLVED: Final[str] = resolved()


def sought(starts: str, ids: str = "ids", keys: str = "keys") -> str:
    """One row: the version of the graph, then seeds, the nodes `resolved` for each lookup, and `starts` out of them.

    Read before anything else: what is committed while a statement runs is newer than the version says, never older, and
    whoever shows it finds that out (`storage.md` 2). The database reads what is committed, not what was at the start.
    """
    return f"""
WITH head(COLLECT {{ MATCH (graph:Graph {{id: 'graph'}}) RETURN graph.version }}) AS version
CALL (version) {{{resolved(ids, keys, after="version")}
  RETURN collect([i, rank, current, node.id]) AS seeds, {starts}
}}"""
