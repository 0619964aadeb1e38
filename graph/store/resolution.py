"""Which subjects texts name: whole identifiers and whole names only, for all texts at once.

It must not guess, nor know who may read what beyond `Reading`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from graph.codes import MatchKind, SubjectKind
from graph.identifiers import Lookup
from graph.store.conditions import Reading
from graph.store.derived import FENCE, all_columns, by_index
from graph.store.fragments import resolved, still, version
from graph.store.lookup import chosen, lookup_parameters
from graph.store.names import NAME_NOW, NAMES_NOW, NAMES_THEN
from graph.store.projection import Time
from graph.store.search import Sought, quoted

MOST_MATCHED: Final = 20  # holders of one name that are handed out


class Resolved(NamedTuple):
    """What was read of the subjects that one text names, by the strongest kind of match that any fulfils, if any."""

    matched: tuple[Mapping[str, Any], ...]
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


def _named_by(persons: bool, own: bool, now: bool, prefix: str) -> str:
    """To column `named`: [i, node] of the subjects whose name of the day a text is, else of those it once was."""
    parts = [_named("Organization", "organization_names", now=now)]
    if persons:
        parts.append(_named("Person", "person_names", now=now))
    elif own:
        parts.append(_OWN)
    union = "\n    UNION".join(parts)
    name = NAME_NOW if now else f"{version('n', ('nameFold',))}.nameFold"
    return f"""
CALL () {{
  UNWIND ${prefix}names AS wanted
  CALL (wanted) {{
    CALL (wanted) {{{union}
    }}
    WITH wanted, n WHERE {still("n", now=now)}
    WITH wanted, n, {name} AS name, {NAMES_NOW if now else NAMES_THEN} AS names
    WHERE wanted[1] IN names
    WITH n, coalesce(name = wanted[1], false) AS current ORDER BY current DESC, n.id LIMIT {MOST_MATCHED} + 1
    RETURN collect([n, current]) AS holders
  }}
  WITH wanted[0] AS i, holders, any(each IN holders WHERE each[1]) AS current
  UNWIND [each IN holders WHERE each[1] = current] AS each
  RETURN collect([i, current, each[0]]) AS named
}}"""


def body(reading: Reading, time: Time, prefix: str, name: str, row: str) -> str:
    """The body of a subquery with one column `rows`: [seeds [i, rank, current, row], named [i, current, row]].

    By identifier, by the name of the day, else by a name of another day. Persons are named to officials, and to
    themselves. At most MOST_MATCHED + 1 holders of one name, by id. `row` is written over the node `name`.
    """
    return time.write(f"""
CALL () {{
  {resolved(f"{prefix}ids", f"{prefix}keys")} AND node.kind IN $subjectKinds
  WITH i, rank, current, node AS {name}
  RETURN collect([i, rank, current, {row}]) AS seeds
}}
{_named_by(reading.official, bool(reading.own), reading.now, prefix)}
CALL (named) {{
  UNWIND named AS each
  WITH each, each[2] AS {name}
  RETURN collect([each[0], each[1], {row}]) AS holders
}}
RETURN [seeds, holders] AS rows""")


def parameters(texts: Sequence[Sought]) -> dict[str, Any]:
    """Those of `body`, without its prefix; $own, $fence and $subjectKinds are the statement's."""
    return {
        **lookup_parameters([each.lookup or Lookup(None) for each in texts]),
        "names": [
            [i, each.text, quoted(each.text), quoted(f"{FENCE}{each.text}{FENCE}".strip())]
            for i, each in enumerate(texts)
        ],
    }


def resolved_by(told: Sequence[Any], count: int) -> list[Resolved]:
    """What each of `count` texts names, in their order, as `body` tells it."""
    seeds, holders = told
    rows: dict[str, Mapping[str, Any]] = {row["id"]: row for *_, row in (*seeds, *holders)}
    named: dict[int, list[tuple[bool, Mapping[str, Any]]]] = {}
    for i, current, row in holders:
        named.setdefault(i, []).append((current, row))
    held = chosen(count, [(i, rank, current, row["id"]) for i, rank, current, row in seeds])
    return [_strongest([rows[id] for id in ids], named.get(i, [])) for i, ids in enumerate(held)]


def _strongest(held: Sequence[Mapping[str, Any]], named: Sequence[tuple[bool, Mapping[str, Any]]]) -> Resolved:
    if held:
        return Resolved(tuple(held), MatchKind.IDENTIFIER)
    if not named:
        return Resolved((), None)
    current = named[0][0]
    return Resolved(tuple(row for _, row in named), MatchKind.EXACT_NAME if current else MatchKind.FORMER_NAME)
