"""Worlds drawn by hand in the shape of graph/store/README.md, so that read tests choose every system time.

It must not use the writer: what the readers promise holds for the stored shape, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.changes import NOTHING, Value
from graph.codes import RelationKind
from graph.periods import NEVER, OPEN_END, OPEN_START
from graph.store.connection import Database, Transaction
from graph.store.derived import derived, former_fold
from graph.store.statements import RETRACTED_LABELS
from graph.vocabulary import BY_CODE


def at(day: str) -> str:
    """The stored system time of a day's beginning."""
    return f"{day}T00:00:00.000000+08:00"


FIRST = at("2020-01-01")
TODAY = "2026-01-01"


@dataclass(frozen=True)
class Was:
    """One version of a node."""

    values: Mapping[str, Value]
    start: str = OPEN_START
    end: str = OPEN_END
    recorded: str = FIRST
    retracted: str = NEVER
    source: str = "drawn"


@dataclass
class Drawing:
    nodes: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    identifiers: list[dict[str, Any]] = field(default_factory=list)

    def node(self, id: str, kind: str, *versions: Was, key: str | None = None, **values: Value) -> str:
        """Versions, or one open version of `values`; known by `key` as long as recorded."""
        versions = versions or (Was(values),)
        believed = [each for each in versions if each.retracted == NEVER]
        today = next((each for each in believed if each.start <= TODAY < each.end), believed[-1] if believed else None)
        labels = BY_CODE[kind].labels if today else ("Entity", "Past")
        shown = {} if today is None else {**_stored(today.values), **derived(kind, today.values)}
        if today is not None and (today.start, today.end) != (OPEN_START, OPEN_END):
            labels = (*labels, "Dated")
        if today is not None:
            shown |= {
                "snapFrom": today.start,
                "snapTo": today.end,
                "recordedAt": today.recorded,
                "source": today.source,
            }
        if today is not None:
            former = {str(each.values["name"]) for each in believed if "name" in each.values}
            former -= {str(today.values.get("name"))}
            shown |= {"formerFold": former_fold(former)} if former else {}
        self.nodes.append({"labels": list(labels), "properties": {**shown, "id": id, "kind": kind, "version": 1}})
        for each in versions:
            system = {"recordedAt": each.recorded, "retractedAt": each.retracted, "source": each.source}
            system["hash"] = f"{len(self.versions):08}"
            period = {"validFrom": each.start, "validTo": each.end}
            was = [name for name, kinds in RETRACTED_LABELS.items() if kind in kinds and each.retracted != NEVER]
            self.versions.append(
                {
                    "of": id,
                    "was": was,
                    "properties": {**_stored(each.values), **derived(kind, each.values), **period, **system},
                }
            )
        if key is not None:
            self.identifier(id, key)
        return id

    def identifier(
        self, node: str, key: str, start: str = OPEN_START, end: str = OPEN_END, recorded: str = FIRST
    ) -> None:
        properties = {"from": start, "to": end, "recordedAt": recorded, "retractedAt": NEVER, "source": "drawn"}
        self.identifiers.append({"of": node, "key": key, "properties": properties})

    def relation(
        self,
        kind: RelationKind,
        start: str,
        end: str,
        *,
        id: str | None = None,
        since: str = OPEN_START,
        until: str = OPEN_END,
        recorded: str = FIRST,
        retracted: str = NEVER,
        values: Mapping[str, Value] = NOTHING,
    ) -> str:
        id = id or f"rel_{len(self.relations)}"
        system = {"recordedAt": recorded, "retractedAt": retracted, "source": "drawn"}
        properties = {**_stored(values), "id": id, "from": since, "to": until, **system}
        self.relations.append({"type": kind.value, "start": start, "end": end, "properties": properties})
        return id

    async def draw(self, database: Database) -> None:
        """Replaces every entity of the test database."""

        async def work(transaction: Transaction) -> None:
            await transaction.run("MATCH (n) WHERE n:Entity OR n:Version OR n:Identifier DETACH DELETE n")
            for each in self.nodes:
                await transaction.run(
                    f"CREATE (n:{':'.join(each['labels'])}) SET n = $properties", properties=each["properties"]
                )
            await transaction.run(
                "UNWIND $rows AS row MATCH (n:Entity {id: row.of}) CREATE (n)-[:HAS_VERSION]->(v:Version)"
                " SET v = row.properties, v:$(row.was)",
                rows=self.versions,
            )
            await transaction.run(
                "UNWIND $rows AS row MATCH (n:Entity {id: row.of}) MERGE (i:Identifier {key: row.key})"
                " SET i.scheme = split(row.key, '|')[0], i.value = split(row.key, '|')[1]"
                " CREATE (n)-[r:IDENTIFIED_BY]->(i) SET r = row.properties",
                rows=self.identifiers,
            )
            for kind in {each["type"] for each in self.relations}:
                await transaction.run(
                    "UNWIND $rows AS row MATCH (a:Entity {id: row.start}), (b:Entity {id: row.end})"
                    f" CREATE (a)-[r:{kind}]->(b) SET r = row.properties",
                    rows=[each for each in self.relations if each["type"] == kind],
                )

        await database.write(work)


def _stored(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
