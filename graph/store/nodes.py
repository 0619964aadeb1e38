"""Reads nodes and relations by id as they were on a legal day, as known at a system time.

It must not know who asks: disclosure, masking and naming are decided above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from graph.periods import Moment
from graph.store.fragments import believed, moment_parameters, picked, present, running, version
from graph.store.rows import node_view, relation_view
from graph.views import NodeView, RelationView
from graph.vocabulary import RELATIONS

if TYPE_CHECKING:
    from graph.store.connection import Database


def _far(pattern: str, relation: str) -> str:
    """Ids at the far end of a neighbour relation believed then."""
    return f"COLLECT {{ MATCH {pattern} WHERE {relation} RETURN far.id }}"


DECIDES: Final[str] = (
    "CASE WHEN $now THEN n:Department ELSE EXISTS {"
    f" MATCH (n)-[:HAS_VERSION]->(said) WHERE {believed('said')} AND said.department }} END"
)
NODE: Final = re.compile(r"\bn\b")


def of_node(text: str, name: str) -> str:
    """A piece of text written for the node `n`, for another name."""
    return NODE.sub(name, text)


def decides(name: str) -> str:
    return of_node(DECIDES, name)


# What a view holds besides its own values, each read only where somebody asks: twelve subqueries a node are its price.
PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "department": DECIDES,
        "identifiers": f"""COLLECT {{
    MATCH (n)-[by:IDENTIFIED_BY]->(name) WHERE {believed("by")} AND {running("by")}
    RETURN [name.scheme, name.value, name.masked, by.from, by.to] }}""",
        "names": f"""COLLECT {{
    MATCH (n)-[:HAS_VERSION]->(was) WHERE {believed("was")} AND was.validTo <= $asOf AND was.name IS NOT NULL
    RETURN [was.name, was.validFrom, was.validTo] }}""",
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
EVERY_PART: Final = frozenset(PARTS)


def _viewed(parts: frozenset[str]) -> str:
    """Values as of the moment, the version looked for only where the snapshot does not answer; and the parts."""
    asked = "".join(f",\n  {name}: {PARTS[name]}" for name in PARTS if name in parts)
    snapshot = "$now AND NOT n:Past AND n.snapFrom <= $asOf AND $asOf < n.snapTo"
    return f"""
CALL (n) {{
  WITH n WHERE {snapshot}
  RETURN {picked("n")} AS values
  UNION ALL
  WITH n WHERE NOT coalesce({snapshot}, false) AND NOT ($now AND n:Past)
  RETURN {version("n")} AS values
}}
WITH n, values WHERE values IS NOT NULL
RETURN collect({{id: n.id, kind: n.kind, version: n.version, values: values{asked}}}) AS views
"""


@lru_cache(maxsize=256)
def statement(parts: frozenset[str], with_neighbours: bool) -> str:
    if not with_neighbours:
        return f"UNWIND $ids AS wanted MATCH (n:Entity {{id: wanted}}) USING INDEX SEEK n:Entity(id) {_viewed(parts)}"
    return f"""
UNWIND $ids AS wanted
MATCH (asked:Entity {{id: wanted}}) USING INDEX SEEK asked:Entity(id)
CALL (asked) {{
  RETURN asked AS n
  UNION
  MATCH (asked)-[to:ABOUT|ISSUED_BY|ON_LIST|HAS_QUALIFICATION|MEMBER_OF|BRANCH_OF]->(n) WHERE {believed("to")}
  RETURN n
  UNION
  MATCH (asked)<-[to:HAS_QUALIFICATION|RESPONSIBLE_FOR]-(n) WHERE {believed("to")}
  RETURN n
}}
WITH DISTINCT n
{_viewed(parts)}"""


async def nodes(
    database: Database,
    ids: Sequence[str],
    moment: Moment,
    *,
    with_neighbours: bool = False,
    parts: frozenset[str] = EVERY_PART,
) -> dict[str, NodeView]:
    """Views by id, in one statement; what was not believed then (not yet recorded, retracted, merged) is absent.

    `parts` of `PARTS` that are not asked for are empty in the views.

    With neighbours, also the nodes that views of `ids` name (subjects, issued_by, responsible persons, on_list,
    holder, qualifications, key_groups, parent); these lists then name no absent node.
    """
    text = statement(parts, with_neighbours)
    (row,) = await database.read(text, {"ids": list(dict.fromkeys(ids)), **moment_parameters(moment)})
    views = {each["id"]: node_view(each) for each in row["views"]}
    if with_neighbours:
        for id in {*ids} & views.keys():
            views[id] = _closed(views[id], views)
    return views


def _closed(view: NodeView, among: dict[str, NodeView]) -> NodeView:
    def kept(id: str | None) -> str | None:
        return id if id in among else None

    return replace(
        view,
        subjects=tuple(each for each in view.subjects if each in among),
        issued_by=kept(view.issued_by),
        responsible=tuple(each for each in view.responsible if each.person in among),
        on_list=kept(view.on_list),
        holder=kept(view.holder),
        qualifications=tuple(each for each in view.qualifications if each in among),
        key_groups=tuple(each for each in view.key_groups if each in among),
        parent=kept(view.parent),
    )


# Relations that are nodes of the API, by the prefix of their ids; each type has its own uniqueness constraint.
API_RELATIONS: Final = {
    prefix: tuple(each.kind.value for each in RELATIONS.values() if each.prefix == prefix) for prefix in ("pos", "hld")
}
RELATIONS_BY_ID: Final[str] = "CALL () {{ {} }} RETURN collect([type(r), start.id, end.id, {}]) AS views".format(
    " UNION ALL ".join(
        f"UNWIND ${prefix} AS wanted MATCH (start)-[r:{type_name} {{id: wanted}}]->(end)"
        f" USING INDEX SEEK r:{type_name}(id) WHERE {believed('r')} AND {present('start')} AND {present('end')}"
        " RETURN start, r, end"
        for prefix, types in API_RELATIONS.items()
        for type_name in types
    ),
    picked("r"),
)


async def relations(database: Database, ids: Sequence[str], moment: Moment) -> dict[str, RelationView]:
    """Posts (`pos_…`) and holdings (`hld_…`) by id, in one statement, whatever their period; unknown then: absent."""
    wanted = {prefix: [id for id in dict.fromkeys(ids) if id.partition("_")[0] == prefix] for prefix in API_RELATIONS}
    (row,) = await database.read(RELATIONS_BY_ID, {**wanted, **moment_parameters(moment)})
    views = (relation_view(*each) for each in row["views"])
    return {each.id: each for each in views}
