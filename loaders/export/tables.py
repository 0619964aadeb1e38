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

from graph.codes import RelationKind
from graph.disclosed import Disclosed
from graph.progress import Advance
from graph.store.exported import Export, Node
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
        if disclosed.keeper:
            async for read, rows in export.node_rows():
                counts.update(await asyncio.to_thread(files.everything, rows))
                advance(read)
        else:
            async for read, nodes in export.nodes():
                counts.update(await asyncio.to_thread(files.nodes, nodes))
                advance(read)
        for kind in disclosed.relations():
            async for read, rows in export.edge_rows(kind):
                counts.update(await asyncio.to_thread(files.edges, kind, rows))
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
        for node in nodes:
            names = self._disclosed.properties(node.kind)
            rows = said.setdefault(node.kind, [])
            for each in node.said:
                values = each.values
                row: list[Any] = [node.id, each.start, each.end, each.source, "true" if each.department else ""]
                row += [written(values[name]) if name in values else "" for name in names]
                rows.append(row)
            if node.numbers:
                numbers.setdefault(node.kind, []).extend(_number(node.id, *each) for each in node.numbers)
        return self._add_nodes(said, numbers)

    def everything(self, found: Iterable[list[Any]]) -> Counter[str]:
        """One page for a keeper, straight from what the server told: there is nothing to leave out, and a million
        nodes to pass on."""
        said: dict[str, list[list[Any]]] = {}
        numbers: dict[str, list[list[Any]]] = {}
        for id, kind, versions, names in found:
            if not versions:
                continue
            if len(versions) > 1:
                versions.sort(key=_as_learnt)
            properties = self._disclosed.properties(kind)
            rows = said.setdefault(kind, [])
            for each in versions:
                get, batch = each.get, each.get("batch")
                row = [id, each["validFrom"], each["validTo"], each["source"], "true" if get("department") else ""]
                row += ("" if batch is None else guarded(batch), get("row"))
                row += [None if (value := get(name)) is None else written(value) for name in properties]
                rows.append(row)
            if names:
                if len(names) > 1:
                    names.sort(key=_by_text)
                numbers.setdefault(kind, []).extend(_number(id, *each) for each in names)
        return self._add_nodes(said, numbers)

    def _add_nodes(self, said: Mapping[str, list[list[Any]]], numbers: Mapping[str, list[list[Any]]]) -> Counter[str]:
        for kind in sorted(said):
            self._add("nodes", BY_CODE[kind].label, said[kind], lambda kind=kind: self._node_columns(kind))  # type: ignore[misc]
        for kind in sorted(numbers):
            self._add("identifiers", BY_CODE[kind].label, numbers[kind], lambda: NUMBER_COLUMNS)
        return Counter({"nodes": sum(map(len, said.values())), "identifiers": sum(map(len, numbers.values()))})

    def edges(self, kind: RelationKind, rows: list[list[Any]]) -> Counter[str]:
        """One page; the rows become those of the table."""
        names = tuple(each.name for each in RELATIONS[kind].properties)
        keeper = self._disclosed.keeper
        origin = EDGE_ORIGIN if keeper else ()
        batch, key, first = len(EDGE_COLUMNS), len(EDGE_COLUMNS) + 2, len(EDGE_COLUMNS) + len(origin)
        for row in rows:
            if not keeper:
                del row[batch : batch + len(EDGE_ORIGIN)]
            else:
                row[batch] = "" if row[batch] is None else guarded(row[batch])
                row[key] = guarded(row[key])
            for place in range(first, len(row)):
                if row[place] is not None:
                    row[place] = written(row[place])
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


def _number(
    id: str, scheme: str, value: str | None, issuer: str, masked: str | None, start: str, end: str, source: str
) -> list[str | None]:
    return [id, scheme, guarded(value or ""), guarded(issuer), masked, start, end, source]


def _as_learnt(version: Mapping[str, Any]) -> tuple[str, ...]:
    """Of two sources the later one answers: the order in which it was said."""
    return tuple(version[name] for name in ("recordedAt", "source", "validFrom", "validTo", "hash"))


def _by_text(number: list[str | None]) -> tuple[str, ...]:
    return tuple("" if each is None else each for each in number)


def written(value: Any) -> str | int:
    """A stored value as a cell; `loaders.exported.read` gives back exactly what it was."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, int) else orjson.dumps(value).decode()
