"""The exports `graphml` and `gexf`: nodes with their values of the day, relations with their periods, for other tools.

It must not know how the graph is read; what these formats cannot say is told in docs/exports.md.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from graph.changes import Value
from graph.codes import RelationKind
from graph.disclosed import Disclosed, common
from graph.periods import OPEN_END, OPEN_START
from graph.progress import Advance
from graph.store.exported import Edge, Export, Node
from graph.vocabulary import BY_CODE, RELATIONS, ValueType
from loaders.export.output import opened

KIND: Final = "kind"
IDENTIFIERS: Final = "identifiers"
DAY: Final = timedelta(days=1)  # periods are half-open here, and closed in GEXF
EDGE_FIXED: Final = (KIND, "validFrom", "validTo", "source")
TYPES: Final = {
    ValueType.BOOLEAN: "boolean",
    ValueType.INTEGER: "long",
    ValueType.MONEY: "long",
    ValueType.SHARE: "long",
}
FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # XML 1.0 has no such characters


class Columns:
    """The attributes of nodes and edges in a fixed order; their place in it is their key."""

    def __init__(self, disclosed: Disclosed) -> None:
        types = {each.name: TYPES.get(each.type, "string") for kind in BY_CODE.values() for each in kind.properties}
        edge_types = {each.name: TYPES.get(each.type, "string") for r in RELATIONS.values() for each in r.properties}
        self.nodes = {KIND: "string", IDENTIFIERS: "string"}
        self.nodes |= {name: types[name] for name in common(disclosed.kinds(), disclosed)}
        self.edges = dict.fromkeys(EDGE_FIXED, "string") | {
            each.name: edge_types[each.name] for kind in disclosed.relations() for each in RELATIONS[kind].properties
        }
        self.node_key = {name: f"n{place}" for place, name in enumerate(self.nodes)}
        self.edge_key = {name: f"e{place}" for place, name in enumerate(self.edges)}


Lines = Callable[[Columns, Iterable[Node], str], Iterator[str]]
EdgeLines = Callable[[Columns, Iterable[Edge]], Iterator[str]]


async def write_graphml(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    columns = Columns(export.disclosed)
    keys = [
        f'<key id="{key[name]}" for="{what}" attr.name="{name}" attr.type="{type}"/>\n'
        for what, names, key in (("node", columns.nodes, columns.node_key), ("edge", columns.edges, columns.edge_key))
        for name, type in names.items()
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        + "".join(keys)
        + '<graph id="creditgraph" edgedefault="directed">\n'
    )
    return await _write(export, place, advance, columns, (head, "", "</graph>\n</graphml>\n"), _graphml, _graphml_edges)


async def write_gexf(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    columns = Columns(export.disclosed)
    declared = "".join(
        f'<attributes class="{what}">\n'
        + "".join(f'<attribute id="{key[name]}" title="{name}" type="{type}"/>\n' for name, type in names.items())
        + "</attributes>\n"
        for what, names, key in (("node", columns.nodes, columns.node_key), ("edge", columns.edges, columns.edge_key))
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        f'<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n{declared}<nodes>\n'
    )
    frame = (head, "</nodes>\n<edges>\n", "</edges>\n</graph>\n</gexf>\n")
    return await _write(export, place, advance, columns, frame, _gexf, _gexf_edges)


async def _write(
    export: Export,
    place: Path,
    advance: Advance,
    columns: Columns,
    frame: tuple[str, str, str],
    nodes: Lines,
    edges: EdgeLines,
) -> Mapping[str, int]:
    day, counts = export.day.isoformat(), Counter[str]()
    with opened(place) as file:
        file.write(frame[0].encode())
        async for read, page in export.nodes():
            await asyncio.to_thread(_put, file, nodes(columns, page, day))
            counts["nodes"] += len(page)
            advance(read)
        file.write(frame[1].encode())
        for kind in export.disclosed.relations():
            async for read, rows in export.edges(kind):
                await asyncio.to_thread(_put, file, edges(columns, rows))
                counts["relations"] += len(rows)
                advance(read)
        file.write(frame[2].encode())
    return counts


def _put(file: IO[bytes], lines: Iterable[str]) -> None:
    file.write("".join(lines).encode())


def _node_values(node: Node, day: str) -> dict[str, Value]:
    numbers = (f"{each.scheme}:{each.masked or each.value}" for each in node.numbers)
    told = {KIND: node.kind, IDENTIFIERS: " ".join(numbers)}
    return {**told, **node.on(day).values}


def _edge_values(edge: Edge) -> dict[str, Value]:
    bounds = {"validFrom": edge.since, "validTo": edge.until}
    shown = {name: day for name, day in bounds.items() if day not in (OPEN_START, OPEN_END)}
    return {KIND: edge.kind.value, **shown, "source": edge.source, **edge.values}


def _graphml(columns: Columns, nodes: Iterable[Node], day: str) -> Iterator[str]:
    key = columns.node_key
    for node in nodes:
        data = "".join(f'<data key="{key[k]}">{_text(v)}</data>' for k, v in _node_values(node, day).items() if v != "")
        yield f'<node id="{node.id}">{data}</node>\n'


def _graphml_edges(columns: Columns, edges: Iterable[Edge]) -> Iterator[str]:
    key = columns.edge_key
    for edge in edges:
        data = "".join(f'<data key="{key[k]}">{_text(v)}</data>' for k, v in _edge_values(edge).items())
        yield f'<edge id="{edge.id}" source="{edge.start}" target="{edge.end}">{data}</edge>\n'


def _gexf(columns: Columns, nodes: Iterable[Node], day: str) -> Iterator[str]:
    key = columns.node_key
    for node in nodes:
        values = _node_values(node, day)
        label = values.get("name") or values.get("documentNumber") or node.id
        data = "".join(f'<attvalue for="{key[k]}" value={_quoted(v)}/>' for k, v in values.items() if v != "")
        yield f'<node id="{node.id}" label={_quoted(label)}><attvalues>{data}</attvalues></node>\n'


def _gexf_edges(columns: Columns, edges: Iterable[Edge]) -> Iterator[str]:
    key = columns.edge_key
    for edge in edges:
        values = _edge_values(edge)
        start = "" if edge.since == OPEN_START else f' start="{_first(edge.since)}"'
        end = "" if edge.until == OPEN_END else f' end="{date.fromisoformat(_first(edge.until)) - DAY}"'
        data = "".join(f'<attvalue for="{key[k]}" value={_quoted(v)}/>' for k, v in values.items())
        label = _quoted(RELATIONS[RelationKind(edge.kind)].forward.zh)
        yield (
            f'<edge id="{edge.id}" source="{edge.start}" target="{edge.end}" kind="{edge.kind}" label={label}'
            f"{start}{end}><attvalues>{data}</attvalues></edge>\n"
        )


def _first(day: str) -> str:
    """A day known to its month or year as its first day: a date of XML has all three parts."""
    return day + "0000-01-01"[len(day) :]


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "|".join(value) if isinstance(value, tuple) else str(value)
    return FORBIDDEN.sub("\ufffd", text)


def _text(value: Value) -> str:
    return escape(_plain(value))


def _quoted(value: Value) -> str:
    return quoteattr(_plain(value))
