"""Reads the tables of an export into entries, one for what a source says of a node and one for a relation.

It must not know databases; a row that cannot be read is quarantined with its table, line and column.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RelationKind, Text
from graph.periods import OPEN_END, OPEN_START, Day, Period, parse_day
from graph.vocabulary import BY_CODE, BY_LABEL, RELATIONS, ValueType
from loaders.entries import Entry, Quarantined
from loaders.export.output import unguarded
from loaders.export.tables import (
    EDGE_COLUMNS,
    EDGE_ORIGIN,
    EDITION,
    MANIFEST,
    NODE_COLUMNS,
    NODE_ORIGIN,
    NUMBER_COLUMNS,
)
from loaders.files import Unreadable
from loaders.tables.encoding import first_bad_line
from loaders.tables.lines import records

LARGEST_RECORD: Final = 1 << 24  # characters
LONGEST_CELL: Final = 1_000  # lines a quoted cell may run over
# By folder: the columns a table needs, and those it may have beside the properties of its kind.
COLUMNS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "nodes": (NODE_COLUMNS, NODE_ORIGIN),
    "identifiers": (NUMBER_COLUMNS, ()),
    "relations": (EDGE_COLUMNS, EDGE_ORIGIN),
}
TYPES: Final[Mapping[str, Mapping[str, ValueType]]] = {
    **{code: {each.name: each.type for each in kind.properties} for code, kind in BY_CODE.items()},
    **{kind.value: {each.name: each.type for each in declared.properties} for kind, declared in RELATIONS.items()},
}
NUMBERS: Final = frozenset({ValueType.INTEGER, ValueType.MONEY, ValueType.SHARE})


class Place(NamedTuple):
    """Whose word an entry is: the source and the batch it came in; one transaction holds entries of one.

    `turn`: how many sources spoke of the node before, so that the last word stays the last.
    """

    source: str
    batch: str | None
    turn: int = 0


class Line(NamedTuple):
    """A row of a table: its number as a spreadsheet shows it, its cells by column."""

    number: int
    cells: Mapping[str, str]

    @property
    def node(self) -> str:
        return self.cells.get("node") or self.cells["id"]


class Torn(NamedTuple):
    """A row that cannot be cut into its cells; `node`: what its first cell seems to be."""

    number: int
    node: str
    reason: Text


class Bad(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, reason: Text) -> None:
        super().__init__(reason.en)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Manifest:
    folder: Path
    role: str
    person_key: str | None
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(count for table, count in self.rows.items() if not table.startswith("identifiers/"))


@dataclass(slots=True)
class Numbering:
    """Entries of a whole export are numbered through; the table and line of each that is refused are in its reason.

    `known`: hashes of the ids of nodes that were read. `other`: the ids of those the graph knew under another.
    """

    last: int = 0
    known: set[int] = field(default_factory=set)
    other: dict[str, str] = field(default_factory=dict)

    def next(self) -> int:
        self.last += 1
        return self.last


def manifest(folder: Path) -> Manifest:
    """What an export is said to hold; raises Unreadable when it is none, or not whole."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] != "creditgraph" or said["edition"] > EDITION:
            raise Unreadable(f"不能读取的导出版本 / an edition this software does not read: {said['edition']}")
        found = Manifest(folder, said["role"], said.get("personKey"), {str(k): int(v) for k, v in said["rows"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable(f"不是导出的文件夹(缺 {MANIFEST}) / not an exported folder: no {MANIFEST} in it") from None
    missing = [table for table in found.rows if not (folder / table).is_file()]
    if missing:
        raise Unreadable(f"缺少表:{'、'.join(missing)} / tables are missing: {', '.join(missing)}")
    return found


Placed = tuple[Place, Entry] | Quarantined


def nodes(found: Manifest, numbering: Numbering) -> Iterator[Placed]:
    for table in sorted(found.rows):
        if table.startswith("nodes/"):
            yield from _nodes(found.folder, table, numbering)


def relations(found: Manifest, numbering: Numbering) -> Iterator[Placed]:
    for table in sorted(found.rows):
        if table.startswith("relations/"):
            torn: list[Torn] = []
            for line in _lines(found.folder / table, torn):
                number = numbering.next()
                try:
                    yield _relation(RelationKind(_name(table)), line.cells, number, numbering)
                except Bad as error:
                    yield _refused(number, table, line.number, error.column, error.reason)
            yield from _torn(table, torn, numbering)


def _nodes(folder: Path, table: str, numbering: Numbering) -> Iterator[Placed]:
    """Both tables are in the order of the nodes' ids and are read side by side."""
    kind = BY_LABEL[_name(table)].code
    others = folder / "identifiers" / f"{_name(table)}.csv"
    torn: list[Torn] = []
    numbers: list[Torn] = []
    claims = groupby(_lines(others, numbers) if others.exists() else (), key=attrgetter("node"))
    waiting = next(claims, None)
    for id, group in groupby(_lines(folder / table, torn), key=attrgetter("node")):
        lines = list(group)
        while waiting is not None and waiting[0] < id:
            waiting = next(claims, None)
        own = list(waiting[1]) if waiting is not None and waiting[0] == id else []
        sources = list(dict.fromkeys(each.cells["source"] for each in lines))
        # Half of what is said of a node would take the other half back.
        if (spoilt := next((each for each in (*torn, *numbers) if each.node == id), None)) is not None:
            where = f"{'nodes' if spoilt in torn else 'identifiers'}/{_name(table)}.csv"
            reason = _with_its_row(where, spoilt.number)
            yield from (_refused(numbering.next(), table, lines[0].number, None, reason) for _ in sources)
            continue
        try:
            held = [(each.cells["source"], _claim(id, each.cells)) for each in own]
        except Bad as error:
            identifiers = f"identifiers/{others.name}"
            for _ in sources:
                yield _refused(numbering.next(), identifiers, own[0].number, error.column, error.reason)
            continue
        for turn, source in enumerate(sources):
            said = [each for each in lines if each.cells["source"] == source]
            # An identifier of a source that describes nothing stays with the node all the same.
            mine = [c for by, c in held if by == source or (source == sources[0] and by not in sources)]
            number = numbering.next()
            try:
                yield _node(id, kind, Place(source, None, turn), said, mine, number)
                numbering.known.add(hash(id))
            except Bad as error:
                yield _refused(number, table, said[0].number, error.column, error.reason)
    yield from _torn(table, torn, numbering)
    yield from _torn(f"identifiers/{others.name}", numbers, numbering)


def _torn(table: str, torn: list[Torn], numbering: Numbering) -> Iterator[Quarantined]:
    for each in torn:
        yield _refused(numbering.next(), table, each.number, None, each.reason)


def _with_its_row(table: str, number: int) -> Text:
    return Text(
        f"该对象的另一行无法读取({table}:{number})", f"another row of this one cannot be read: {table}:{number}"
    )


def _node(id: str, kind: str, place: Place, lines: list[Line], claims: list[Claim], number: int) -> tuple[Place, Entry]:
    if not id.startswith(f"{BY_CODE[kind].prefix}_"):
        raise Bad("id", Text("标识与种类不符", "the id is not one of this kind"))
    versions = tuple(VersionDraft(_values(kind, each.cells), _period(each.cells)) for each in lines)
    first = lines[0].cells
    row = first.get("row") or None
    department = any(each.cells.get("department") == "true" for each in lines)
    draft = NodeDraft(id, kind, tuple(claims), versions, number, _row(row), department=department, id=id)
    return place._replace(batch=unguarded(first.get("batch") or "") or None), Entry(number, (draft,))


def _relation(kind: RelationKind, cells: Mapping[str, str], number: int, numbering: Numbering) -> tuple[Place, Entry]:
    start, end = cells["start"], cells["end"]
    for side in ("start", "end"):
        if hash(cells[side]) not in numbering.known:
            raise Bad(side, Text(f"没有载入“{cells[side]}”", f"“{cells[side]}” was not loaded"))
    ends = {
        id: _mention(id, cells[f"{side}Kind"], number, numbering.other.get(id, id))
        for id, side in ((start, "start"), (end, "end"))
    }
    row, key = cells.get("row") or None, unguarded(cells.get("key") or "") or cells["id"]
    draft = RelationDraft(
        kind,
        start,
        end,
        key,
        number,
        _period(cells),
        _values(kind.value, cells),
        _row(row),
        cells["id"],
    )
    return Place(cells["source"], unguarded(cells.get("batch") or "") or None), Entry(
        number, tuple(ends.values()), (draft,)
    )


def _mention(ref: str, kind: str, number: int, id: str) -> NodeDraft:
    if kind not in BY_CODE:
        raise Bad("startKind", Text(f"未知种类“{kind}”", f"unknown kind “{kind}”"))
    return NodeDraft(ref, kind, (), (), number, mention=True, id=id)


def _claim(id: str, cells: Mapping[str, str]) -> Claim:
    """Where only the masked form was told the claim is the node's own: it is read again, and finds nobody."""
    value, masked = unguarded(cells["value"]), cells["masked"] or None
    if cells["scheme"] not in set(IdentifierScheme):
        shown = cells["scheme"][:50]
        raise Bad("scheme", Text(f"未知号码种类“{shown}”", f"unknown scheme “{shown}”"))
    return Claim(
        IdentifierScheme(cells["scheme"]), value or f"{id}/{masked}", unguarded(cells["issuer"]), masked, _period(cells)
    )


def _period(cells: Mapping[str, str]) -> Period:
    ends: list[Day | None] = []
    for column, open_end in (("validFrom", OPEN_START), ("validTo", OPEN_END)):
        try:
            ends.append(None if cells[column] == open_end else parse_day(cells[column]))
        except ValueError:
            shown = cells[column][:50]
            reason = Text(
                f"“{shown}”不是 YYYY-MM-DD、YYYY-MM 或 YYYY 形式的日期(表格软件会改写日期)",
                f"“{shown}” is no date YYYY-MM-DD, YYYY-MM or YYYY: spreadsheets rewrite dates",
            )
            raise Bad(column, reason) from None
    return Period(*ends)


def _row(cell: str | None) -> int | None:
    if cell is not None and not (cell.isascii() and cell.isdigit()):
        raise Bad("row", Text(f"“{cell[:50]}”不是行号", f"“{cell[:50]}” is no number of a row"))
    return None if cell is None else int(cell)


def _values(code: str, cells: Mapping[str, str]) -> dict[str, Value]:
    return {
        name: _value(name, type, cell) for name, type in TYPES[code].items() if (cell := cells.get(name) or "") != ""
    }


def _value(name: str, type: ValueType, cell: str) -> Value:
    try:
        if type in NUMBERS:
            return int(cell)
        if type is ValueType.BOOLEAN:
            return {"true": True, "false": False}[cell]
        if type is ValueType.TEXTS:
            return tuple(str(each) for each in json.loads(cell))
    except (ValueError, KeyError, TypeError):
        raise Bad(name, Text(f"“{cell[:50]}”不是{type}", f"“{cell[:50]}” is no {type}")) from None
    return unguarded(cell)


def _lines(path: Path, torn: list[Torn]) -> Iterator[Line]:
    """Every row that can be cut into its cells; the others come to be in `torn` when their turn is over."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = records(file, ",", LARGEST_RECORD, LONGEST_CELL)
        header = next(rows).cells
        for row in rows:
            if row.fault is None and len(row.cells) == len(header):
                yield Line(row.number, dict(zip(header, row.cells, strict=True)))
            elif row.fault is not None or any(row.cells):
                torn.append(Torn(row.number, row.cells[0], row.fault or _width(len(row.cells), len(header))))


def _width(cells: int, columns: int) -> Text:
    return Text(
        f"{cells} 个单元格,表头 {columns} 列:请检查该行的逗号与引号",
        f"{cells} cells, the header has {columns}: check the commas and quotation marks of this row",
    )


def check(found: Manifest) -> None:
    """What makes a table unusable as a whole, before anything of the export is loaded; raises Unreadable."""
    for table in found.rows:
        folder, name = table.split("/")[0], _name(table)
        try:
            code = BY_LABEL[name].code if folder in ("nodes", "identifiers") else RelationKind(name).value
            needed, further = COLUMNS[folder]
        except (KeyError, ValueError):
            raise Unreadable(f"{table}:未知的表 / a table of nothing this software knows") from None
        try:
            line = first_bad_line(found.folder / table, "utf-8")
        except OSError as error:
            raise Unreadable(f"{table}:无法读取文件 / the file cannot be read: {error.strerror}") from None
        if line is not None:
            raise Unreadable(
                f"{table}:第{line}行不是 UTF-8 编码(可能由表格软件另存为 GBK),请另存为“CSV UTF-8” / line {line} is not "
                "in UTF-8 (a spreadsheet may have saved it as GBK): save it as “CSV UTF-8”"
            )
        with (found.folder / table).open(encoding="utf-8-sig", newline="") as file:
            header = next((each.cells for each in records(file, ",", LARGEST_RECORD, LONGEST_CELL)), ())
        known = {*needed, *further, *(TYPES[code] if folder != "identifiers" else ())}
        missing, unknown = (
            [each for each in needed if each not in header],
            [each for each in header if each not in known],
        )
        if missing or unknown or len(set(header)) < len(header):
            raise Unreadable(
                f"{table}:表头须与导出时相同;缺少:{'、'.join(missing) or '无'};未知:{'、'.join(unknown) or '无'} / the "
                f"header has to be as it was exported; missing: {', '.join(missing) or 'none'}; unknown: "
                f"{', '.join(unknown) or 'none'}"
            )


def _name(table: str) -> str:
    return table.rpartition("/")[2].removesuffix(".csv")


def _refused(number: int, table: str, line: int, column: str | None, reason: Text) -> Quarantined:
    where = Text(f"{table}:{line}: {reason.zh}", f"{table}:{line}: {reason.en}")
    return Quarantined(number, column, None, where)
