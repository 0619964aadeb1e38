"""Turns the rows of a table into entries: cleaned, built by the source, and compared with the rows before.

It must not know a source; two rows that say different things of one node are found wherever in the file they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from graph.changes import NodeDraft
from graph.codes import SubjectKind, Text
from graph.periods import stored_end, stored_start
from loaders.entries import KEEP_ONE, Entries, Entry, Quarantined
from loaders.tables.fields import Fault, Fields, quarantined, read_fields
from loaders.tables.table import Row, Table


@dataclass(frozen=True, slots=True)
class Context:
    """What a source may need besides the row."""

    person_key: bytes


Build = Callable[[Fields, str, Context], Entry]  # the fields, the code of the layout
Remark = Callable[[int, Text], None]


@dataclass(slots=True)
class Seen:
    """What each described node and relation was said to be, and on which row: 64-bit hashes, as a file may be long."""

    said: dict[int, tuple[int, int]] = field(default_factory=dict)

    def differs(self, key: tuple[str, str], content: object, number: int) -> int | None:
        """The earlier row that says otherwise of the same key."""
        known = self.said.setdefault(hash(key), (hash(content), number))
        return None if known[0] == hash(content) else known[1]


def entries(table: Table, build: Build, context: Context, remark: Remark) -> Entries:
    """Every row as an entry or as quarantined, in the order of the file."""
    seen = Seen()
    for row in table.rows():
        if isinstance(row, Quarantined):
            yield row
            continue
        try:
            fields = read_fields(table.header, row)
            entry = _compared(build(fields, table.header.layout.code, context), seen, fields)
        except Fault as fault:
            yield quarantined(table.header, row, fault)
            continue
        entry = replace(entry, remarks=tuple(fields.notes))
        for each in entry.remarks:
            remark(row.number, each)
        yield entry


def _compared(entry: Entry, seen: Seen, fields: Fields) -> Entry:
    nodes = []
    for node in entry.nodes:
        if not node.mention:
            earlier = seen.differs(("node", node.ref), _node(node), entry.number)
            if earlier is not None and node.kind == SubjectKind.PERSON:
                fields.note(
                    f"同一证件号码在第{earlier}行用了另一姓名,以第{earlier}行为准",
                    f"row {earlier} gives this document number another name, which is kept",
                )
                node = replace(node, mention=True)
            elif earlier is not None:
                raise _conflict(earlier)
        nodes.append(node)
    for relation in entry.relations:
        period = (stored_start(relation.period), stored_end(relation.period))
        content = (relation.start, relation.end, period, tuple(sorted(relation.values.items())))
        earlier = seen.differs((relation.kind, relation.key), content, entry.number)
        if earlier is not None:
            raise _conflict(earlier)
    return replace(entry, nodes=tuple(nodes))


def _conflict(earlier: int) -> Fault:
    return Fault(
        None,
        f"与第{earlier}行说的是同一对象,内容却不同:请{KEEP_ONE}正确的一行",
        f"says something else of what row {earlier} already tells: keep the right one of the two",
    )


def _node(node: NodeDraft) -> object:
    versions = tuple(
        (stored_start(each.period), stored_end(each.period), tuple(sorted(each.values.items())))
        for each in node.versions
    )
    return (node.claims, versions)


def rows_numbered(table: Table, numbers: set[int]) -> Iterator[Row | Quarantined]:
    """Rows once more by number, for those whose cells were not at hand when they were refused."""
    return (row for row in table.rows() if row.number in numbers)
