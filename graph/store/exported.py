"""Reads a whole graph page by page, as the export of a role on a day: nodes with what is believed of them, relations.

It must not know formats. What the role may not see is left out by the statements, before anything leaves the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.changes import Value
from graph.codes import RelationKind, Role
from graph.disclosed import Disclosed
from graph.periods import NEVER
from graph.store.connection import Database
from graph.vocabulary import BY_CODE, RELATIONS

NODES_A_PAGE: Final = 5_000
RELATIONS_A_PAGE: Final = 20_000
DECISIONS_A_PAGE: Final = 2_000
PAGE_SECONDS: Final = 60.0
RECORD_ENDS: Final = frozenset({RelationKind.ABOUT, RelationKind.ISSUED_BY, RelationKind.ON_LIST})


def published(name: str) -> str:
    return f"({name}.publicFrom <= $day AND {name}.publicTo > $day)"


def _nodes(*, official: bool, relations: tuple[RelationKind, ...] = ()) -> str:
    """A page of living nodes by id with their believed versions and identifiers; `relations` make a node worth telling
    where not everything is told."""
    shown = "true"
    if not official:
        seen = f"CASE WHEN m:Record THEN {published('m')} ELSE true END"
        shown = (
            f"CASE WHEN n:Record THEN {published('n')} WHEN n.kind IN $unrelated THEN true"
            f" ELSE EXISTS {{ MATCH (n)-[r:{'|'.join(relations)}]-(m)"
            f" WHERE r.retractedAt = $never AND NOT m:Past AND {seen} }} END"
        )
    return f"""
MATCH (n:Entity) USING INDEX SEEK n:Entity(id)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $rows
WITH n, NOT n:Past AND n.kind IN $kinds AND {shown} AS shown
RETURN max(n.id) AS last, count(*) AS read, collect(CASE WHEN shown THEN [n.id, n.kind,
  COLLECT {{ MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never RETURN properties(v) }},
  COLLECT {{ MATCH (n)-[h:IDENTIFIED_BY]->(i) WHERE h.retractedAt = $never
    RETURN [i.scheme, i.value, i.issuer, i.masked, h.from, h.to, h.source] }}] END) AS found"""


def _decisions(*, official: bool) -> str:
    """A page of records by id with their versions, whom they are about and who issued them, by today's names."""
    shown = f"n.kind IN $kinds AND NOT n:Past AND {'true' if official else published('n')}"
    names = """COLLECT { MATCH (s)-[h:IDENTIFIED_BY]->(i) WHERE h.retractedAt = $never
      RETURN [i.scheme, i.value, i.issuer, i.masked, h.from, h.to, h.source] }"""
    far = f"""WHERE r.retractedAt = $never AND NOT s:Past RETURN [s.id, s.kind, s.name, {names}] }}"""
    return f"""
MATCH (n:Entity) USING INDEX SEEK n:Entity(id)
WHERE n.id > $after AND n.id < $before
WITH n ORDER BY n.id LIMIT $rows
WITH n, {shown} AS shown
RETURN max(n.id) AS last, count(*) AS read, collect(CASE WHEN shown THEN [n.id, n.kind,
  COLLECT {{ MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never RETURN properties(v) }},
  COLLECT {{ MATCH (n)-[r:ABOUT]->(s) {far},
  COLLECT {{ MATCH (n)-[r:ISSUED_BY]->(s) {far}] END) AS found"""


def _relations(kind: RelationKind, *, official: bool) -> str:
    declared, shown = RELATIONS[kind], "NOT a:Past AND NOT b:Past"
    if not official and kind is RelationKind.RESPONSIBLE_FOR:
        shown += f" AND {published('b')}"
    elif not official and kind in RECORD_ENDS:
        shown += f" AND {published('a')}"
    values = "".join(f", r.{each.name}" for each in declared.properties)
    return f"""
MATCH ()-[r:{kind}]->() USING INDEX SEEK r:{kind}(id)
WHERE r.id > $after
WITH r ORDER BY r.id LIMIT $rows
WITH r, startNode(r) AS a, endNode(r) AS b
WITH r, a, b, r.retractedAt = $never AND {shown} AS shown
RETURN max(r.id) AS last, count(*) AS read, collect(CASE WHEN shown THEN
  [r.id, a.id, b.id, a.kind, b.kind, r.from, r.to, r.source, r.batch, r.row, r.key{values}] END) AS found"""


PUBLIC: Final = Disclosed(Role.PUBLIC)
NODES: Final = MappingProxyType(
    {"official": _nodes(official=True), "public": _nodes(official=False, relations=PUBLIC.relations())}
)
DECISIONS: Final = MappingProxyType({"official": _decisions(official=True), "public": _decisions(official=False)})
EDGES: Final = MappingProxyType(
    {
        f"{kind} {'official' if official else 'public'}": _relations(kind, official=official)
        for kind in RELATIONS
        for official in (True, False)
    }
)
COUNT_NODES: Final = "MATCH (n:Entity) RETURN count(n) AS count"
COUNT_EDGES: Final = MappingProxyType({kind: f"MATCH ()-[r:{kind}]->() RETURN count(r) AS count" for kind in RELATIONS})
GRAPH_VERSION: Final = """
MATCH (graph:Graph {id: 'graph'})
RETURN graph.version AS version, graph.personKey AS personKey"""


class Said(NamedTuple):
    """What one source believes of a node in a legal period; `start`, `end` as stored."""

    start: str
    end: str
    values: Mapping[str, Value]
    source: str = ""
    batch: str | None = None
    row: int | None = None
    department: bool = False
    recorded_at: str = ""
    hash: str = ""


class Number(NamedTuple):
    """An identifier as the role reads it: `value` None where only the masked form is told."""

    scheme: str
    value: str | None
    issuer: str
    masked: str | None
    start: str
    end: str
    source: str


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    kind: str
    said: tuple[Said, ...]
    numbers: tuple[Number, ...]

    def on(self, day: str) -> Said:
        """What answers for the day, as `fragments.version` chooses it."""
        return min(self.said, key=lambda each: _distance(each, day))


class Bearer(NamedTuple):
    """A party of a decision or who issued it; its name as it is shown today."""

    id: str
    kind: str
    name: str
    numbers: tuple[Number, ...]


class Decision(NamedTuple):
    node: Node
    about: tuple[Bearer, ...]
    issued_by: tuple[Bearer, ...]


class Edge(NamedTuple):
    kind: RelationKind
    id: str
    start: str
    end: str
    start_kind: str
    end_kind: str
    since: str
    until: str
    values: Mapping[str, Value]
    source: str
    batch: str | None
    row: int | None
    key: str


@dataclass(frozen=True, slots=True)
class Export:
    """One reading of the graph for a role on a day."""

    database: Database
    disclosed: Disclosed
    day: date

    async def version(self) -> tuple[int, str]:
        (found,) = await self.database.read(GRAPH_VERSION, {})
        return found["version"], found["personKey"]

    async def size(self) -> int:
        """Nodes and relations that are read; what is hidden among them only moves the bar."""
        statements = (COUNT_NODES, *(COUNT_EDGES[kind] for kind in self.disclosed.relations()))
        return sum([(await self.database.read(each, {}))[0]["count"] for each in statements])

    async def nodes(self) -> AsyncIterator[tuple[int, list[Node]]]:
        """Pages of nodes in the order of their ids: how many were read, and those that are told."""
        async for read, found in self.node_rows():
            yield read, [node for row in found if (node := self._node(*row)) is not None]

    async def node_rows(self) -> AsyncIterator[tuple[int, list[list[Any]]]]:
        """The same as the server tells it: id, kind, every property of its believed versions, identifiers in the order
        of `Number`. Whoever hands it on has to leave out what the role may not read."""
        kinds = self.disclosed.kinds()
        given = {"kinds": list(kinds), "unrelated": [each for each in kinds if self.disclosed.unrelated(each)]}
        async for page in self._pages(NODES[self._name], NODES_A_PAGE, given):
            yield page

    async def edges(self, kind: RelationKind) -> AsyncIterator[tuple[int, list[Edge]]]:
        names = tuple(each.name for each in RELATIONS[kind].properties)
        async for read, found in self.edge_rows(kind):
            yield read, [_edge(kind, names, row) for row in found]

    async def edge_rows(self, kind: RelationKind) -> AsyncIterator[tuple[int, list[list[Any]]]]:
        """As the server tells them: id, ends, kinds of the ends, period, source, batch, row, key, own properties."""
        async for page in self._pages(EDGES[f"{kind} {self._name}"], RELATIONS_A_PAGE, {}):
            yield page

    async def decisions(self, kinds: tuple[str, ...]) -> AsyncIterator[tuple[int, list[Decision]]]:
        """Pages of records of some kinds with the subjects and the departments they name."""
        prefix = BY_CODE[kinds[0]].prefix
        given = {"kinds": list(kinds), "before": f"{prefix}`"}  # the character after "_"
        async for read, found in self._pages(DECISIONS[self._name], DECISIONS_A_PAGE, given, after=f"{prefix}_"):
            page = []
            for id, kind, versions, about, issued in found:
                if (node := self._node(id, kind, versions, [])) is not None:
                    page.append(Decision(node, self._bearers(about), self._bearers(issued)))
            yield read, page

    def _bearers(self, found: list[list[Any]]) -> tuple[Bearer, ...]:
        bearers = []
        for id, kind, name, numbers in found:
            shown = self.disclosed.values(kind, {} if name is None else {"name": name})
            bearers.append(Bearer(id, kind, str(shown.get("name", "")), tuple(self._numbers(numbers))))
        return tuple(sorted(bearers))

    @property
    def _name(self) -> str:
        return "official" if self.disclosed.official else "public"

    async def _pages(
        self, statement: str, rows: int, given: Mapping[str, Any], after: str = ""
    ) -> AsyncIterator[tuple[int, list[list[Any]]]]:
        """While one page is worked on, the server already puts the next one together."""
        asked = {"rows": rows, "day": self.day.isoformat(), "never": NEVER, **given}

        def ask(after: str) -> asyncio.Task[list[dict[str, Any]]]:
            given = {**asked, "after": after}
            return asyncio.create_task(self.database.read(statement, given, timeout_seconds=PAGE_SECONDS))

        coming = ask(after)
        try:
            while True:
                (page,) = await coming
                if not page["read"]:
                    return
                coming = ask(page["last"])
                await asyncio.sleep(0)  # it is on its way before the page is worked on
                yield page["read"], page["found"]
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    def _node(self, id: str, kind: str, versions: list[dict[str, Any]], numbers: list[list[Any]]) -> Node | None:
        said = tuple(self._said(kind, versions))
        return Node(id, kind, said, tuple(sorted(self._numbers(numbers), key=_by_text))) if said else None

    def _said(self, kind: str, versions: list[dict[str, Any]]) -> Iterator[Said]:
        """What may be read of each version; where something is left out, periods that differ in nothing else are one:
        else their ends told when the hidden part changed."""
        found = []
        for each in versions:
            values = self.disclosed.values(kind, each)
            told = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
            told = {name: value for name, value in told.items() if value is not None}
            origin = (each["source"], each.get("batch"), each.get("row"))
            marks = (bool(each.get("department")), each["recordedAt"], each["hash"])
            found.append(Said(each["validFrom"], each["validTo"], told, *origin, *marks))
        if self.disclosed.keeper:  # in the order in which it was learnt: of two sources the later one answers
            yield from sorted(found, key=lambda each: (each.recorded_at, each.source, each.start, each.end, each.hash))
        else:
            yield from _merged(sorted(found, key=lambda each: (each.source, each.start, each.end, str(each.values))))

    def _numbers(self, numbers: list[list[Any]]) -> Iterator[Number]:
        for scheme, value, issuer, masked, start, end, source in numbers:
            shown = self.disclosed.number(scheme, value, masked)
            if shown is not None or masked is not None:
                yield Number(scheme, shown, issuer, masked, start, end, source)


def _merged(said: list[Said]) -> Iterator[Said]:
    last: Said | None = None
    for each in said:
        if last is None:
            last = each
        elif (last.source, last.values, last.department) == (each.source, each.values, each.department) and (
            each.start <= last.end
        ):
            last = last._replace(end=max(last.end, each.end))
        else:
            yield last
            last = each
    if last is not None:
        yield last


def _edge(kind: RelationKind, names: tuple[str, ...], row: list[Any]) -> Edge:
    id, start, end, start_kind, end_kind, since, until, source, batch, number, key, *values = row
    told = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in zip(names, values, strict=True)
        if value is not None
    }
    return Edge(kind, id, start, end, start_kind, end_kind, since, until, told, source, batch, number, key)


def _distance(said: Said, day: str) -> tuple[Any, ...]:
    if said.start > day:
        return (2, said.start, "", said.source, said.hash)
    ended = said.end <= day
    return (1 if ended else 0, "", *_reversed(said.end if ended else "", said.recorded_at), said.source, said.hash)


def _reversed(*texts: str) -> tuple[Any, ...]:
    """Texts in descending order."""
    return tuple(tuple(-ord(letter) for letter in text) for text in texts)


def _by_text(number: Number) -> tuple[str, ...]:
    return tuple("" if each is None else each for each in number)
