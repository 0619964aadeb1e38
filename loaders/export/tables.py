"""The export `csv`: a folder of tables that tells all a role may read; for keepers it is lossless (docs/exports.md).

It must not know how the graph is read. `nodes/<Label>.csv` has a row for what one source says of a node in one period.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

import orjson

from graph.changes import Value
from graph.codes import RelationKind
from graph.disclosed import Disclosed
from graph.progress import Advance
from graph.store.exported import Edge, Export, Node
from graph.vocabulary import BY_CODE, RELATIONS
from loaders.export.output import guarded, opened

EDITION: Final = 1
MANIFEST: Final = "export.json"
NODE_COLUMNS: Final = ("id", "validFrom", "validTo", "source", "department")
NUMBER_COLUMNS: Final = ("node", "scheme", "value", "issuer", "masked", "validFrom", "validTo", "source")
EDGE_COLUMNS: Final = ("id", "start", "end", "startKind", "endKind", "validFrom", "validTo", "source")
# What only keepers get: where a source said it, and by which key it says it again.
NODE_ORIGIN: Final = ("batch", "row")
EDGE_ORIGIN: Final = ("batch", "row", "key")


async def write(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    disclosed, counts = export.disclosed, Counter[str]()
    for folder in ("nodes", "identifiers", "relations"):
        (place / folder).mkdir(mode=0o700)
    with ExitStack() as stack:
        files = Files(place, stack, disclosed)
        async for read, nodes in export.nodes():
            counts.update(await asyncio.to_thread(files.nodes, nodes))
            advance(read)
        for kind in disclosed.relations():
            async for read, edges in export.edges(kind):
                counts.update(await asyncio.to_thread(files.edges, kind, edges))
                advance(read)
    _, key = await export.version()
    manifest = {
        "format": "creditgraph",
        "edition": EDITION,
        "role": disclosed.role.value,
        "day": export.day.isoformat(),
        "rows": dict(sorted(files.rows.items())),
        **({"personKey": key} if disclosed.keeper else {}),
    }
    with opened(place / MANIFEST) as file:
        file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
    return counts


class Files:
    """The tables of one export, each opened at its first row."""

    def __init__(self, place: Path, stack: ExitStack, disclosed: Disclosed) -> None:
        self._place, self._stack, self._disclosed = place, stack, disclosed
        self._open: dict[str, IO[bytes]] = {}
        self.rows = Counter[str]()

    def nodes(self, nodes: Iterable[Node]) -> Counter[str]:
        """One page; how many rows of what it became."""
        said: dict[str, list[list[Any]]] = {}
        numbers: dict[str, list[list[Any]]] = {}
        keeper = self._disclosed.keeper
        for node in nodes:
            names = self._disclosed.properties(node.kind)
            rows = said.setdefault(node.kind, [])
            for each in node.said:
                values = each.values
                row: list[Any] = [node.id, each.start, each.end, each.source, "true" if each.department else ""]
                if keeper:
                    row += ("" if each.batch is None else guarded(each.batch), each.row)
                row += [written(values[name]) if name in values else "" for name in names]
                rows.append(row)
            if node.numbers:
                numbers.setdefault(node.kind, []).extend(
                    [node.id, n.scheme, guarded(n.value or ""), guarded(n.issuer), n.masked, n.start, n.end, n.source]
                    for n in node.numbers
                )
        for kind in sorted(said):
            self._add("nodes", BY_CODE[kind].label, said[kind], lambda kind=kind: self._node_columns(kind))  # type: ignore[misc]
        for kind in sorted(numbers):
            self._add("identifiers", BY_CODE[kind].label, numbers[kind], lambda: NUMBER_COLUMNS)
        return Counter({"nodes": sum(map(len, said.values())), "identifiers": sum(map(len, numbers.values()))})

    def edges(self, kind: RelationKind, edges: Iterable[Edge]) -> Counter[str]:
        names = tuple(each.name for each in RELATIONS[kind].properties)
        origin = EDGE_ORIGIN if self._disclosed.keeper else ()
        rows: list[list[Any]] = []
        for each in edges:
            ends: list[Any] = [each.id, each.start, each.end, each.start_kind, each.end_kind]
            row = [*ends, each.since, each.until, each.source]
            if origin:
                row += ("" if each.batch is None else guarded(each.batch), each.row, guarded(each.key))
            row += [written(each.values[name]) if name in each.values else "" for name in names]
            rows.append(row)
        if rows:
            self._add("relations", kind.value, rows, lambda: (*EDGE_COLUMNS, *origin, *names))
        return Counter({"relations": len(rows)})

    def _node_columns(self, kind: str) -> tuple[str, ...]:
        origin = NODE_ORIGIN if self._disclosed.keeper else ()
        return (*NODE_COLUMNS, *origin, *self._disclosed.properties(kind))

    def _add(self, folder: str, name: str, rows: list[list[Any]], columns: Callable[[], tuple[str, ...]]) -> None:
        table = f"{folder}/{name}.csv"
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        if table not in self._open:
            self._open[table] = self._stack.enter_context(opened(self._place / table))
            writer.writerow(columns())
        writer.writerows(rows)
        self._open[table].write(text.getvalue().encode())
        self.rows[table] += len(rows)


def written(value: Value) -> str | int:
    """A stored value as a cell; `loaders.exported.cells.read` gives back exactly what it was."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return value
        case str():
            return guarded(value)
        case tuple():
            return orjson.dumps(value).decode()
