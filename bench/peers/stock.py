"""Stock Strawberry as its guide shows it: resolvers, a DataLoader for what is nested, caches of parsing and validation.

It reads with one statement for each level, as a DataLoader lets it. It must not know our planner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from bench.floor.shapes import BELIEVED, NOW, SHOWN
from graph.periods import LATEST, SHANGHAI
from graph.store.connection import Database

POINT: Final = f"MATCH (n:Entity {{id: $id}}) WHERE {NOW.format('n')} RETURN n {{.id, .name, .form}} AS node"
FIRMS: Final = """MATCH (n:Enterprise) USING INDEX n:Enterprise(nameFold, id, snapFrom, snapTo)
WHERE n.nameFold IS NOT NULL AND n.id IS NOT NULL AND n.snapFrom <= $day AND n.snapTo > $day
WITH n ORDER BY n.nameFold, n.id LIMIT $first RETURN collect(n {.id, .name, .form}) AS nodes"""
RECORDS: Final = f"""UNWIND $ids AS id MATCH (n:Entity {{id: id}})
RETURN collect([id, COLLECT {{ MATCH (n)<-[e:ABOUT]-(r)
  WHERE {BELIEVED.format("e")} AND {NOW.format("r")} AND {SHOWN.format("r")}
  WITH DISTINCT r ORDER BY r.day DESC, r.id DESC LIMIT $first RETURN r {{.id, .documentNumber}} }}]) AS rows"""


def dates() -> dict[str, str]:
    return {"day": datetime.now(SHANGHAI).date().isoformat(), "known": LATEST}


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Record(Node):
    document_number: str | None


@strawberry.type
class Records:
    nodes: list[Record]


@strawberry.type
class Enterprise(Node):
    name: str
    form: str | None

    @strawberry.field
    async def records(self, info: strawberry.Info, first: int = 20) -> Records:
        loader: DataLoader[tuple[str, int], list[Mapping[str, Any]]] = info.context["records"]
        found = await loader.load((self.id, first))
        return Records(
            nodes=[Record(id=strawberry.ID(each["id"]), document_number=each["documentNumber"]) for each in found]
        )


@strawberry.type
class Enterprises:
    nodes: list[Enterprise]


def enterprise(row: Mapping[str, Any]) -> Enterprise:
    return Enterprise(id=strawberry.ID(row["id"]), name=row["name"], form=row["form"])


@strawberry.type
class Query:
    @strawberry.field
    async def node(self, info: strawberry.Info, id: strawberry.ID) -> Node | None:
        rows = await info.context["database"].read(POINT, {"id": id})
        return enterprise(rows[0]["node"]) if rows else None

    @strawberry.field
    async def enterprises(self, info: strawberry.Info, first: int = 20) -> Enterprises:
        (row,) = await info.context["database"].read(FIRMS, {"first": first, **dates()})
        return Enterprises(nodes=[enterprise(each) for each in row["nodes"]])


class Stock(GraphQL[dict[str, Any], None]):
    def __init__(self, database: Database) -> None:
        super().__init__(
            strawberry.Schema(Query, types=[Enterprise, Record], extensions=[ParserCache, ValidationCache])
        )
        self._database = database

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        return {"database": self._database, "records": DataLoader(self._records)}

    async def _records(self, keys: Sequence[tuple[str, int]]) -> Sequence[list[Mapping[str, Any]]]:
        ids, first = [id for id, _ in keys], keys[0][1]
        (row,) = await self._database.read(RECORDS, {"ids": ids, "first": first, **dates()})
        found = dict(row["rows"])
        return [found[id] for id in ids]
