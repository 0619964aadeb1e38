"""Stands where a database would while a first load is written: answers the writer from what was told, keeps its rows.

What it cannot do exactly (a correction, a retraction, a statement it does not know) ends it: the tables are imported
and the load goes on in the database. It must not know how that happens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from graph.changes import NOTHING
from graph.codes import RelationKind
from graph.store import items, lookup, submissions
from graph.store import statements as cypher
from graph.store.connection import Database, Transaction
from graph.store.offline.said import Said, ToldNode, ToldRelation
from graph.store.offline.table import Unwritable
from graph.store.offline.tables import (
    ENTITY,
    HAS_ELEMENT,
    HAS_VERSION,
    IDENTIFIED_BY,
    IDENTIFIER,
    OTHER,
    READ_BY,
    VERSION,
    Lines,
    Tables,
)
from graph.store.writer import ALL

T = TypeVar("T")
Rows = list[dict[str, Any]]
STORED: Final = {statement: RelationKind(kind) for kind, statement in cypher.STORED_RELATIONS.items()}


class Beyond(Exception):
    """Only a database can do this."""


@dataclass(slots=True)
class Beginning:
    """The graph's own node, as it is before the first load."""

    version: int
    recorded_at: str
    schema_version: int
    purpose: str
    person_key: str

    def properties(self) -> dict[str, Any]:
        return {
            "id": "graph",
            "version": self.version,
            "recordedAt": self.recorded_at,
            "schemaVersion": self.schema_version,
            "purpose": self.purpose,
            "personKey": self.person_key,
        }


@dataclass(slots=True)
class Receipts:
    """What was handed in, and the catalogue items that files were read by, each once."""

    submissions: list[Mapping[str, Any]] = field(default_factory=list)
    items: dict[str, tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]] = field(default_factory=dict)
    read_by: dict[str, str] = field(default_factory=dict)  # of a receipt by its id, the id of the item

    def add(self, further: Receipts) -> None:
        self.submissions += further.submissions
        self.items = {**further.items, **self.items}
        self.read_by |= further.read_by

    def tell(self, lines: Lines, first: int) -> None:
        """As rows of the tables; their numbers begin with `first`."""
        numbers: dict[str, int] = {}

        def node(label: str, values: Mapping[str, Any]) -> int:
            if values["id"] not in numbers:
                numbers[values["id"]] = first + len(numbers)
                lines.node(OTHER, numbers[values["id"]], [label], values)
            return numbers[values["id"]]

        for each in self.submissions:
            node("SubmissionBatch", each)
        for row, elements in self.items.values():
            item = node("CatalogItem", row)
            for each in elements:
                element = node("DataElement", each["row"])
                lines.relation(HAS_ELEMENT, item, element, {"position": each["position"]})
        for submission, id in self.read_by.items():
            lines.relation(READ_BY, numbers[submission], numbers[id], NOTHING)


class Offline:
    """A `Store`. `opened` imports the tables (the options that name them, how many nodes and relations they hold) and
    hands on the database; from then on everything goes there.
    """

    def __init__(
        self, folder: Path, graph: Beginning, opened: Callable[[list[str], tuple[int, int]], Awaitable[Database]]
    ) -> None:
        self.graph = graph
        self.tables = Tables(folder)
        self.said = Said(folder)
        self.versions = self.identifiers = self.others = 0
        self.receipts = Receipts()
        self._opened = opened
        self._database: Database | None = None

    @property
    def empty(self) -> bool:
        """Nothing was told."""
        return self._database is None and not self.said.count and not self.receipts.submissions

    async def read(
        self, statement: str, parameters: Mapping[str, Any], *, timeout_seconds: float | None = None
    ) -> Rows:
        if self._database is None:
            try:
                return Turn(self).read(statement, parameters)
            except Beyond:
                await self.imported()
        assert self._database is not None  # noqa: S101
        return await self._database.read(statement, parameters, timeout_seconds=timeout_seconds)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        if self._database is None:
            turn = Turn(self)
            try:
                answer = await work(turn)
            except (Beyond, Unwritable):
                await self.imported()
            else:
                turn.commit()
                return answer
        assert self._database is not None  # noqa: S101
        return await self._database.write(work)

    async def imported(self) -> Database:
        """The database with all that was told."""
        if self._database is None:
            lines = Lines(self.tables)
            lines.node(OTHER, self.others, ["Graph"], self.graph.properties())
            self.receipts.tell(lines, self.others + 1)
            lines.commit()
            options, counts = self.tables.close(), self.tables.counts
            self.said.close()
            self._database = await self._opened(options, counts)
        return self._database


@dataclass(slots=True)
class Turn:
    """One transaction: it reads what earlier ones told, and what it tells is kept when it is committed."""

    store: Offline
    lines: Lines = field(init=False)
    version: int = field(init=False)
    recorded_at: str = field(init=False)
    numbers: dict[str, int] = field(default_factory=dict)  # of the nodes that this turn met or told
    nodes: list[ToldNode] = field(default_factory=list)
    relations: list[ToldRelation] = field(default_factory=list)
    receipts: Receipts = field(default_factory=Receipts)
    versions: int = 0
    identifiers: int = 0
    others: int = 0

    def __post_init__(self) -> None:
        self.lines = Lines(self.store.tables)
        self.version, self.recorded_at = self.store.graph.version, self.store.graph.recorded_at

    async def run(self, statement: str, **parameters: Any) -> Rows:
        told = WRITES.get(statement)
        if told is None:
            return self.read(statement, parameters)
        answer = told(self, **parameters) or []
        self.lines.seal()
        return answer

    def read(self, statement: str, parameters: Mapping[str, Any]) -> Rows:
        kind = STORED.get(statement)
        if kind is not None:
            return self._stored_relations(parameters["ids"])
        answer = READS.get(statement)
        if answer is None:
            raise Beyond
        return answer(self, **parameters)

    def commit(self) -> None:
        store = self.store
        self.lines.commit()
        store.said.add(self.nodes, self.relations)
        store.versions += self.versions
        store.identifiers += self.identifiers
        store.others += self.others
        store.receipts.add(self.receipts)
        store.graph.version, store.graph.recorded_at = self.version, self.recorded_at

    # What the writer asks

    def _holders(self, keys: Sequence[str], never: str) -> Rows:
        return [{"known": [(key, [id]) for key, id in self.store.said.holders(keys)]}]

    def _nodes(self, ids: Sequence[str], source: str, never: str, most: int) -> Rows:
        found = []
        for number, told in self.store.said.nodes(ids):
            self.numbers[told.id] = number
            found.append([told.id, told.kind, False, told.department, told.versions, told.links, None, None])
        if found and most == ALL:  # a batch that has to know every relation of its nodes
            raise Beyond
        return [{"nodes": found}]

    def _stored_relations(self, ids: Sequence[str]) -> Rows:
        told = self.store.said.relations(ids)
        return [{"found": [[each.id, each.start, each.end, each.key, each.hash, True] for each in told]}]

    def _batches(self, ids: Sequence[str], source: str, never: str) -> Rows:
        if self.store.said.count:
            raise Beyond
        return [{"found": []}]

    def _latest(self, source: str, most: int) -> Rows:
        handed_in = [each for each in self.store.receipts.submissions if each["source"] == source]
        return [{"submission": each} for each in reversed(handed_in[-most:])]

    # What it tells

    def _lock(self) -> Rows:
        self.version += 1
        return [{"version": self.version, "recordedAt": self.recorded_at}]

    def _unlock(self, recordedAt: str) -> None:
        self.recorded_at = recordedAt

    def _create_nodes(self, rows: Sequence[Mapping[str, Any]]) -> None:
        store = self.store
        for row in rows:
            properties, names = row["properties"], row["names"]
            id, kind = properties["id"], properties["kind"]
            number = store.said.count + len(self.nodes)
            self.lines.node(ENTITY, number, row["labels"], properties)
            for said in row["versions"]:
                version = store.versions + self.versions
                self.versions += 1
                self.lines.node(VERSION, version, (VERSION,), said)
                self.lines.relation(HAS_VERSION, number, version, NOTHING)
            for name in names:
                identifier = store.identifiers + self.identifiers
                self.identifiers += 1
                self.lines.node(IDENTIFIER, identifier, (IDENTIFIER,), name["identifier"])
                self.lines.relation(IDENTIFIED_BY, number, identifier, name["held"])
            self.numbers[id] = number
            self.nodes.append(
                ToldNode(
                    id,
                    kind,
                    "Department" in row["labels"],
                    [(said["source"], said["hash"]) for said in row["versions"]],
                    [
                        (name["identifier"]["key"], name["held"]["source"], name["held"]["from"], name["held"]["to"])
                        for name in names
                    ],
                )
            )

    def _create_relations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            start, end, properties = row["start"], row["end"], row["properties"]
            self.lines.relation(row["kind"], self.numbers[start], self.numbers[end], properties)
            self.relations.append(ToldRelation(properties["id"], start, end, properties["key"], properties["hash"]))

    def _mark(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self.lines.node(OTHER, self.store.others + self.others, ("Dirty",), row)
            self.others += 1

    def _submitted(self, row: Mapping[str, Any]) -> None:
        self.receipts.submissions.append(row)

    def _read_by(self, submission: str, row: Mapping[str, Any], elements: Sequence[Mapping[str, Any]]) -> None:
        self.receipts.items.setdefault(row["id"], (row, elements))
        self.receipts.read_by[submission] = row["id"]

    def _nothing(self, **parameters: Any) -> None:
        """Of use only where somebody else reads or writes meanwhile: operations, changes."""


READS: Final[Mapping[str, Callable[..., Rows]]] = {
    cypher.OPERATION: lambda turn, id: [],
    cypher.HOLDERS: Turn._holders,
    cypher.NODES: Turn._nodes,
    cypher.SUBJECTS_OF: lambda turn, ids: [{"ids": []}],  # for changes, which nobody reads of a graph being made
    cypher.COUNT_ENTITIES: lambda turn: [{"entities": ALL}],
    lookup.BATCHES: Turn._batches,
    submissions.LATEST: Turn._latest,
}
WRITES: Final[Mapping[str, Callable[..., Rows | None]]] = {
    cypher.LOCK: Turn._lock,
    cypher.UNLOCK: Turn._unlock,
    cypher.CREATE_NODES: Turn._create_nodes,
    cypher.CREATE_RELATIONS: Turn._create_relations,
    cypher.MARK_DIRTY: Turn._mark,
    cypher.RECORD_OPERATION: Turn._nothing,
    cypher.RECORD_CHANGES: Turn._nothing,
    cypher.FORGET_CHANGES: Turn._nothing,
    submissions.RECORD: Turn._submitted,
    items.KEEP: Turn._read_by,
}
