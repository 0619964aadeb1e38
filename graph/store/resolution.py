"""Finds which subjects texts name: whole identifiers and whole names only, for all texts in one statement.

It must not guess, nor know who may read what beyond `Reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graph.codes import MatchKind, SubjectKind
from graph.identifiers import Lookup
from graph.store.conditions import Reading
from graph.store.derived import FENCE, all_columns, by_index
from graph.store.fragments import RESOLVED, moment_parameters, present, version
from graph.store.lookup import chosen, lookup_parameters
from graph.store.names import NAME_NOW, NAMES_NOW, NAMES_THEN
from graph.store.rows import SUBJECT_KINDS
from graph.store.search import Sought, quoted

if TYPE_CHECKING:
    from graph.store.connection import Database

MOST_MATCHED: Final = 20  # holders of one name that are handed out


@dataclass(frozen=True, slots=True)
class Resolved:
    """The subjects that one text names by the strongest kind of match that any fulfils; none: `by` is None."""

    matched: tuple[str, ...]
    by: MatchKind | None


def _named(label: str, index: str, *, now: bool) -> str:
    was: str = f"""
    UNION
    CALL db.index.fulltext.queryNodes('{index}_was', 'nameFold:' + wanted[2]) YIELD node AS was
    MATCH (n)-[:HAS_VERSION]->(was) RETURN n"""
    return f"""
    MATCH (n:{label}) {by_index(label, "nameFold")}
    WHERE n.nameFold = wanted[1] AND {all_columns(label, "nameFold")} RETURN n
    UNION
    CALL db.index.fulltext.queryNodes('{index}', 'formerFold:' + wanted[3]) YIELD node AS n
    RETURN n{"" if now else was}"""


_OWN: Final = f"""
    UNWIND $own AS mine
    MATCH (n:Entity {{id: mine}}) USING INDEX SEEK n:Entity(id) WHERE n.kind = '{SubjectKind.PERSON}' RETURN n"""


@lru_cache(maxsize=8)
def statement(persons: bool, own: bool, now: bool) -> str:
    parts = [_named("Organization", "organization_names", now=now)]
    if persons:
        parts.append(_named("Person", "person_names", now=now))
    elif own:
        parts.append(_OWN)
    union = "\n    UNION".join(parts)
    name = NAME_NOW if now else f"{version('n', ('nameFold',))}.nameFold"
    return f"""
CALL () {{
  {RESOLVED} AND node.kind IN $subjectKinds
  RETURN collect([i, rank, current, node.id]) AS seeds
}}
CALL () {{
  UNWIND $names AS wanted
  CALL (wanted) {{
    CALL (wanted) {{{union}
    }}
    WITH wanted, n WHERE {present("n")}
    WITH wanted, n, {name} AS name, {NAMES_NOW if now else NAMES_THEN} AS names
    WHERE wanted[1] IN names
    WITH n, coalesce(name = wanted[1], false) AS current ORDER BY current DESC, n.id LIMIT {MOST_MATCHED} + 1
    RETURN collect([n.id, current]) AS holders
  }}
  RETURN collect([wanted[0], holders]) AS named
}}
RETURN seeds, named"""


async def resolve(
    database: Database, texts: Sequence[tuple[Sought | None, Lookup | None]], reading: Reading
) -> list[Resolved]:
    """In the order of `texts`: by identifier, else by the name of the day, else by a name of another day.

    Persons are named to officials, and to themselves. At most MOST_MATCHED + 1 holders of one name, by id.
    """
    lookups = [lookup or Lookup(None) for _, lookup in texts]
    parameters: dict[str, Any] = {
        **moment_parameters(reading.moment),
        **lookup_parameters(lookups),
        "names": [
            [i, each.text, quoted(each.text), quoted(f"{FENCE}{each.text}{FENCE}".strip())]
            for i, (each, _) in enumerate(texts)
            if each is not None
        ],
        "fence": FENCE,
        "own": list(reading.own),
        "subjectKinds": SUBJECT_KINDS,
    }
    text = statement(reading.official, bool(reading.own), reading.now)
    (row,) = await database.read(text, parameters)
    named: dict[int, list[list[Any]]] = dict(row["named"])
    return [_strongest(held, named.get(i, [])) for i, held in enumerate(chosen(len(lookups), row["seeds"]))]


def _strongest(held: tuple[str, ...], named: Sequence[Sequence[Any]]) -> Resolved:
    if held:
        return Resolved(held, MatchKind.IDENTIFIER)
    now = tuple(id for id, current in named if current)
    if now:
        return Resolved(now, MatchKind.EXACT_NAME)
    once = tuple(id for id, _ in named)
    return Resolved(once, MatchKind.FORMER_NAME if once else None)
