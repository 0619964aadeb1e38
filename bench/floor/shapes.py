"""Ten shapes of question: the GraphQL document and the hand-written statement that gives the same `data`.

Frozen (issue 5): a statement here is not made better or worse to suit a plan. It must not know the planner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Row = Mapping[str, Any]
NOW: Final = "NOT {0}:Past"
BELIEVED: Final = "{0}.recordedAt <= $known AND {0}.retractedAt > $known"
RUNNING: Final = "{0}.from <= $day AND {0}.to > $day"
SHOWN: Final = "{0}.day <= $day AND {0}.publicFrom <= $day AND {0}.publicTo > $day"


@dataclass(frozen=True, slots=True)
class Shape:
    """`statement` returns one column `data`, as the answer has it; `variables` draws what both are given."""

    name: str
    document: str
    statement: str
    variables: Callable[[Mapping[str, list[str]], int], dict[str, Any]]


def one(kind: str) -> Callable[[Mapping[str, list[str]], int], dict[str, Any]]:
    return lambda ids, i: {"id": ids[kind][i % len(ids[kind])]}


def nothing(ids: Mapping[str, list[str]], i: int) -> dict[str, Any]:
    return {}


SHAPES: Final = (
    Shape(
        "point",
        "query($id: ID!) { node(id: $id) { id ... on Enterprise { name form } } }",
        f"MATCH (n:Entity {{id: $id}}) WHERE {NOW.format('n')} RETURN {{node: n {{.id, .name, .form}}}} AS data",
        one("ent"),
    ),
    Shape(
        "profile",
        "query($id: ID!) { node(id: $id) { id ... on Enterprise { name status form established address"
        " records(first: 5) { nodes { id recordKind documentNumber decidedOn } } } } }",
        f"""MATCH (n:Entity {{id: $id}}) WHERE {NOW.format("n")}
RETURN {{node: n {{.id, .name, .status, .form, .established, .address, records: {{nodes: COLLECT {{
  MATCH (n)<-[e:ABOUT]-(r) WHERE {BELIEVED.format("e")} AND {NOW.format("r")} AND {SHOWN.format("r")}
  WITH DISTINCT r ORDER BY r.day DESC, r.id DESC LIMIT 5
  RETURN r {{.id, recordKind: r.kind, .documentNumber, .decidedOn}} }}}}}}}} AS data""",
        one("ent"),
    ),
    Shape(
        "100 x 10",
        "{ enterprises(first: 100) { nodes { id name records(first: 10) { nodes { id documentNumber } } } } }",
        f"""CALL () {{ MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
  WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
  WITH n ORDER BY n.nameFold, n.id LIMIT 100
  RETURN collect(n {{.id, .name, records: {{nodes: COLLECT {{
    MATCH (n)<-[e:ABOUT]-(r) WHERE {BELIEVED.format("e")} AND {NOW.format("r")} AND {SHOWN.format("r")}
    WITH DISTINCT r ORDER BY r.day DESC, r.id DESC LIMIT 10
    RETURN r {{.id, .documentNumber}} }}}}}}) AS nodes }}
RETURN {{enterprises: {{nodes: nodes}}}} AS data""",
        nothing,
    ),
    Shape(
        "100 x 10 x 10",
        "{ enterprises(first: 100) { nodes { id name records(first: 10) { nodes { id subjects { id } } } } } }",
        f"""CALL () {{ MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
  WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
  WITH n ORDER BY n.nameFold, n.id LIMIT 100
  RETURN collect(n {{.id, .name, records: {{nodes: COLLECT {{
    MATCH (n)<-[e:ABOUT]-(r) WHERE {BELIEVED.format("e")} AND {NOW.format("r")} AND {SHOWN.format("r")}
    WITH DISTINCT r ORDER BY r.day DESC, r.id DESC LIMIT 10
    RETURN r {{.id, subjects: COLLECT {{ MATCH (r)-[t:ABOUT]->(s) WHERE {BELIEVED.format("t")} AND {NOW.format("s")}
      RETURN s {{.id}} ORDER BY s.id }}}} }}}}}}) AS nodes }}
RETURN {{enterprises: {{nodes: nodes}}}} AS data""",
        nothing,
    ),
    Shape(
        "filter, sort, limit",
        "query($after: Date!) { records(where: {decidedOn: {gte: $after}, recordKind: {eq: PENALTY}},"
        " orderBy: [{field: DECIDED_ON}], first: 20) { nodes { id decidedOn } } }",
        f"""CALL () {{ MATCH (r:Record) USING INDEX r:Record(decidedOrder, id, day, publicFrom, publicTo)
  WHERE r.decidedOrder IS NOT NULL AND r.id IS NOT NULL AND {SHOWN.format("r")} AND size(r.decidedOn) = 10
    AND r.decidedOn >= $after AND r.kind = 'PENALTY'
  WITH r ORDER BY r.decidedOrder, r.id LIMIT 20 RETURN collect(r {{.id, .decidedOn}}) AS nodes }}
RETURN {{records: {{nodes: nodes}}}} AS data""",
        lambda ids, i: {"after": f"{2015 + i % 8}-01-01"},
    ),
    Shape(
        "page",
        "{ enterprises(first: 20) { nodes { id name } pageInfo { hasNextPage } } }",
        """CALL () { MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
  WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
  WITH n ORDER BY n.nameFold, n.id LIMIT 21 RETURN collect(n {.id, .name}) AS nodes }
RETURN {enterprises: {nodes: nodes[..20], pageInfo: {hasNextPage: size(nodes) > 20}}} AS data""",
        nothing,
    ),
    Shape(
        "page with total",
        "{ enterprises(first: 20) { nodes { id name } totalCount } }",
        """CALL () { MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
  WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
  WITH n ORDER BY n.nameFold, n.id LIMIT 20 RETURN collect(n {.id, .name}) AS nodes }
RETURN {enterprises: {nodes: nodes, totalCount: COUNT { (:Enterprise) }}} AS data""",
        nothing,
    ),
    Shape(
        "four counts",
        "{ a: enterprises(first: 0) { totalCount } b: persons(first: 0) { totalCount }"
        " c: organizations(first: 0) { totalCount } d: departments(first: 0) { totalCount } }",
        """RETURN {a: {totalCount: COUNT { (:Enterprise) }}, b: {totalCount: COUNT { (:Person) }},
  c: {totalCount: COUNT { (:Organization) }}, d: {totalCount: COUNT { (:Department) }}} AS data""",
        nothing,
    ),
    Shape(
        "three hops",
        "query($id: ID!) { node(id: $id) { id ... on Enterprise { shareholders(first: 10) { nodes { share holder { id"
        " investments(first: 10) { nodes { share organization { id name } } } } } } } } }",
        f"""MATCH (n:Entity {{id: $id}}) WHERE {NOW.format("n")}
RETURN {{node: n {{.id, shareholders: {{nodes: COLLECT {{
  MATCH (n)<-[h:HOLDS]-(p) WHERE {BELIEVED.format("h")} AND {RUNNING.format("h")} AND {NOW.format("p")}
  WITH h, p ORDER BY h.from, h.id LIMIT 10
  RETURN {{share: h.share, holder: p {{.id, investments: {{nodes: COLLECT {{
    MATCH (p)-[g:HOLDS]->(o) WHERE {BELIEVED.format("g")} AND {RUNNING.format("g")} AND {NOW.format("o")}
    WITH g, o ORDER BY g.from, g.id LIMIT 10
    RETURN {{share: g.share, organization: o {{.id, .name}}}} }}}}}}}} }}}}}}}} AS data""",
        one("ent"),
    ),
    Shape(
        "union",
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Enterprise { name } "
        "... on CreditRecord { documentNumber } } }",
        f"""UNWIND $ids AS wanted
MATCH (n:Entity {{id: wanted}}) WHERE {NOW.format("n")} AND (NOT n:Record OR {SHOWN.format("n")})
WITH collect(CASE WHEN n:Record THEN n {{__typename: 'Penalty', .id, .documentNumber}}
  WHEN n:Enterprise THEN n {{__typename: 'Enterprise', .id, .name}} ELSE n {{__typename: 'Person', .id}} END) AS nodes
RETURN {{nodes: nodes}} AS data""",
        lambda ids, i: {
            "ids": [ids[kind][(i + j) % len(ids[kind])] for j in range(7) for kind in ("ent", "rec", "per")]
        },
    ),
)
