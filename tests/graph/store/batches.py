"""Small batches by hand, and the whole graph as one text, for tests of what a write does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import orjson

from graph.changes import NOTHING, Batch, Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.periods import ALWAYS, SHANGHAI, parse_period
from graph.store.connection import Database

TODAY = date(2026, 1, 1)
WHOLE_GRAPH = """
CALL () {
  MATCH (n) RETURN labels(n) AS what, properties(n) AS said, '' AS ends
  UNION ALL
  MATCH (a)-[r]->(b)
  RETURN [type(r)] AS what, properties(r) AS said,
    coalesce(a.id, a.key, '') + ' ' + coalesce(b.id, b.key, b.hash, '') AS ends
}
RETURN collect([what, said, ends]) AS everything"""


def clock(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=SHANGHAI)


def world(local: str, stem: str = "w") -> Claim:
    return Claim(IdentifierScheme.WORLD, local, stem)


def uscc(code: str) -> Claim:
    return Claim(IdentifierScheme.USCC, code)


def version(start: str | None = None, end: str | None = None, **values: Value) -> VersionDraft:
    return VersionDraft(values, parse_period(start, end))


def node(
    ref: str,
    *versions: VersionDraft,
    kind: str = "ENTERPRISE",
    claims: tuple[Claim, ...] | None = None,
    entry: int = 0,
    department: bool = False,
    row: int | None = None,
) -> NodeDraft:
    return NodeDraft(
        ref, kind, claims or (world(ref),), versions or (version(name=ref),), entry, row=row, department=department
    )


def relation(
    kind: RelationKind, start: str, end: str, key: str = "1", entry: int = 0, **values: Value
) -> RelationDraft:
    return RelationDraft(kind, start, end, key, entry, ALWAYS, values or NOTHING)


def batch(
    nodes: Sequence[NodeDraft] = (),
    relations: Sequence[RelationDraft] = (),
    *,
    operation: str,
    source: str = "world:w",
    full: bool = False,
) -> Batch:
    return Batch(source, operation, tuple(nodes), tuple(relations), full, "w")


async def digest(database: Database) -> str:
    """Of every node and relation with everything they say."""
    (row,) = await database.read(WHOLE_GRAPH, {})
    lines = sorted(
        orjson.dumps([sorted(what), said, ends], option=orjson.OPT_SORT_KEYS) for what, said, ends in row["everything"]
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()
