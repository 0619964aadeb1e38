"""Stock Strawberry as its guide shows it: resolvers, a DataLoader for what is nested, caches of parsing and validation.

It reads as the manual of the driver shows it, `execute_query`, one statement for each level, as a DataLoader lets it.
It must not know our planner nor our door to the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, LiteralString

import neo4j
import strawberry
from neo4j import AsyncDriver, AsyncGraphDatabase, RoutingControl
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from bench.floor.shapes import BELIEVED, NOW, SHOWN
from graph.periods import LATEST, SHANGHAI
from graph.store.address import Address

FIELDS: Final = ".id, .name, .status, .form, .established, .address"
POINT: Final[LiteralString] = f"MATCH (n:Entity {{id: $id}}) WHERE {NOW.format('n')} RETURN n {{{FIELDS}}} AS node"
FIRMS: Final = f"""MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
WITH n ORDER BY n.nameFold, n.id LIMIT $first RETURN collect(n {{{FIELDS}}}) AS nodes"""
RECORDS: Final = f"""UNWIND $ids AS id MATCH (n:Entity {{id: id}})
RETURN collect([id, COLLECT {{ MATCH (n)<-[e:ABOUT]-(r)
  WHERE {BELIEVED.format("e")} AND {NOW.format("r")} AND {SHOWN.format("r")}
  WITH DISTINCT r ORDER BY r.day DESC, r.id DESC LIMIT $first
  RETURN r {{.id, .kind, .documentNumber, .decidedOn}} }}]) AS rows"""


def dates() -> dict[str, str]:
    return {"day": datetime.now(SHANGHAI).date().isoformat(), "known": LATEST}


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Record(Node):
    record_kind: str
    document_number: str | None
    decided_on: str | None


@strawberry.type
class Records:
    nodes: list[Record]


@strawberry.type
class Enterprise(Node):
    name: str
    status: str | None
    form: str | None
    established: str | None
    address: str | None

    @strawberry.field
    async def records(self, info: strawberry.Info, first: int = 20) -> Records:
        loader: DataLoader[tuple[str, int], list[Mapping[str, Any]]] = info.context["records"]
        found = await loader.load((self.id, first))
        return Records(
            nodes=[
                Record(
                    id=strawberry.ID(each["id"]),
                    record_kind=each["kind"],
                    document_number=each["documentNumber"],
                    decided_on=each["decidedOn"],
                )
                for each in found
            ]
        )


@strawberry.type
class Enterprises:
    nodes: list[Enterprise]


def enterprise(row: Mapping[str, Any]) -> Enterprise:
    return Enterprise(**{**row, "id": strawberry.ID(row["id"])})


@strawberry.type
class Query:
    @strawberry.field
    async def node(self, info: strawberry.Info, id: strawberry.ID) -> Node | None:
        rows = await info.context["read"](POINT, {"id": id})
        return enterprise(rows[0]["node"]) if rows else None

    @strawberry.field
    async def enterprises(self, info: strawberry.Info, first: int = 20) -> Enterprises:
        (row,) = await info.context["read"](FIRMS, {"first": first, **dates()})
        return Enterprises(nodes=[enterprise(each) for each in row["nodes"]])


class Stock(GraphQL[dict[str, Any], None]):
    """The ASGI application; `driver` is made within the loop that serves."""

    def __init__(self, address: Address) -> None:
        super().__init__(
            strawberry.Schema(Query, types=[Enterprise, Record], extensions=[ParserCache, ValidationCache])
        )
        self._address = address
        self.driver: AsyncDriver | None = None

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        return {"read": self._read, "records": DataLoader(self._records)}

    async def _read(self, statement: LiteralString, parameters: dict[str, Any]) -> list[neo4j.Record]:
        at = self._address
        if self.driver is None:
            self.driver = AsyncGraphDatabase.driver(
                at.uri, auth=(at.username, at.password), notifications_min_severity="OFF"
            )
        found = await self.driver.execute_query(
            statement, parameters, database_=at.database, routing_=RoutingControl.READ
        )
        return found.records

    async def _records(self, keys: Sequence[tuple[str, int]]) -> Sequence[list[Mapping[str, Any]]]:
        ids, first = [id for id, _ in keys], keys[0][1]
        (row,) = await self._read(RECORDS, {"ids": ids, "first": first, **dates()})
        found = dict(row["rows"])
        return [found[id] for id in ids]

    async def close(self) -> None:
        if self.driver is not None:
            await self.driver.close()
