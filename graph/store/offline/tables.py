"""All tables of a first load and the labels and types they are imported with, one for every kind of row.

It must not know when a row is told, nor how tables are imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from graph.store.offline.table import Table

ENTITY, VERSION, IDENTIFIER, OTHER = "Entity", "Version", "Identifier", "Other"  # spaces of numbers
HAS_VERSION, IDENTIFIED_BY = "HAS_VERSION", "IDENTIFIED_BY"
HAS_ELEMENT, READ_BY = "HAS_ELEMENT", "READ_BY"
NEAR: Final = {HAS_ELEMENT: OTHER, READ_BY: OTHER}
FAR: Final = {HAS_VERSION: VERSION, IDENTIFIED_BY: IDENTIFIER, **NEAR}
Name = tuple[str, str | None]  # space and labels of nodes; type of a relation


class Tables:
    """The open tables of a folder: of nodes those of one space of numbers and labels, of relations those of a type."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[Name, Table] = {}

    def table(self, name: Name) -> Table:
        table = self._tables.get(name)
        if table is None:
            owner, labels = name
            ends = (f":START_ID({NEAR.get(owner, ENTITY)})", f":END_ID({FAR.get(owner, ENTITY)})")
            path = self._folder / f"{owner}-{len(self._tables)}"
            table = self._tables[name] = Table(path, *((f":ID({owner})",) if labels is not None else ends))
        return table

    @property
    def counts(self) -> tuple[int, int]:
        """Nodes and relations."""
        nodes = sum(table.rows for (_, labels), table in self._tables.items() if labels is not None)
        return nodes, sum(table.rows for (_, labels), table in self._tables.items() if labels is None)

    def close(self) -> list[str]:
        """Every table whole; as the importer's options name them."""
        options = []
        for (owner, labels), table in self._tables.items():
            table.close()
            if table.rows:
                option = f"--relationships={owner}" if labels is None else f"--nodes={labels}"
                options.append(f"{option}={table.heading},{table.path}")
        return options


class Lines:
    """The rows of one transaction, by table; they become part of the tables when it is committed."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: dict[Table, list[list[Any]]] = defaultdict(list)
        self._told: list[tuple[Table, str, int]] = []

    def node(self, space: str, number: int, labels: Sequence[str], values: Mapping[str, Any]) -> None:
        table = self._tables.table((space, ":".join(labels)))
        self._rows[table].append(table.cells((number,), values))

    def relation(self, kind: str, start: int, end: int, values: Mapping[str, Any]) -> None:
        table = self._tables.table((kind, None))
        self._rows[table].append(table.cells((start, end), values))

    def seal(self) -> None:
        """After each statement: what cannot be written is met before anything is."""
        for table, rows in self._rows.items():
            self._told.append((table, table.text(rows), len(rows)))
        self._rows.clear()

    def commit(self) -> None:
        self.seal()
        for table, text, rows in self._told:
            table.write(text, rows)
