"""Finds which nodes a reader means: ids and identifiers to node ids, merged ones to their survivor.

It must not know what the nodes are for, nor how an identifier is written (`graph.identifiers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from graph.periods import NEVER, Moment
from graph.store.fragments import RESOLVED, moment_parameters

if TYPE_CHECKING:
    from graph.identifiers import Lookup
    from graph.store.connection import Store

FIND: Final[str] = f"{RESOLVED} RETURN collect([i, rank, current, node.id]) AS seeds"

BATCHES: Final[str] = """
UNWIND $ids AS wanted
MATCH (n:Entity {id: wanted}) USING INDEX SEEK n:Entity(id)
RETURN collect([n.id, COLLECT {
  MATCH (n)-[:HAS_VERSION]->(said) WHERE said.source = $source AND said.retractedAt = $never
  RETURN DISTINCT said.batch }]) AS found
"""


def lookup_parameters(lookups: Sequence[Lookup]) -> dict[str, Any]:
    """$ids and $keys of `fragments.RESOLVED`; a node id outranks every identifier."""
    return {
        "ids": [[i, each.node_id] for i, each in enumerate(lookups) if each.node_id is not None],
        "keys": [[i, rank, key] for i, each in enumerate(lookups) for rank, key in enumerate(each.keys, start=1)],
    }


def chosen(count: int, seeds: Iterable[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Per lookup the holders of its strongest identifier that anyone holds; those holding it on the day go first."""
    best: list[tuple[tuple[int, bool], set[str]]] = [((1_000_000, True), set()) for _ in range(count)]
    for i, rank, current, id in seeds:
        order = (rank, not current)
        if order < best[i][0]:
            best[i] = (order, {id})
        elif order == best[i][0]:
            best[i][1].add(id)
    return [tuple(sorted(ids)) for _, ids in best]


async def find(database: Store, lookups: Sequence[Lookup], moment: Moment) -> list[tuple[str, ...]]:
    """Node ids per lookup, in order: none (unknown then), one, or several (an identifier with several holders).

    An identifier is tried as known at `moment`; one that ended or had not begun on `as_of` still finds its holder
    when nobody holds it on that day.
    """
    (row,) = await database.read(FIND, {**lookup_parameters(lookups), **moment_parameters(moment)})
    return chosen(len(lookups), row["seeds"])


async def batches(database: Store, ids: Sequence[str], source: str) -> dict[str, tuple[str, ...]]:
    """By id, in which batches a source said what is now believed of a node; one it does not tell of is absent."""
    (row,) = await database.read(BATCHES, {"ids": list(ids), "source": source, "never": NEVER})
    return {id: tuple(sorted(found)) for id, found in row["found"] if found}
