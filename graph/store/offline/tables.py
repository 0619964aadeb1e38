"""All tables of a first load and the labels and types they are imported with, one for every shape of row.

It must not know when a row is told, nor how tables are imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from graph.store.offline.table import Table, listed

ENTITY, VERSION, IDENTIFIER, OTHER = "Entity", "Version", "Identifier", "Other"  # spaces of numbers
HAS_VERSION, IDENTIFIED_BY = "HAS_VERSION", "IDENTIFIED_BY"
FAR: Final = {HAS_VERSION: VERSION, IDENTIFIED_BY: IDENTIFIER}


class Lines:
    """The rows of one transaction, by table; they become part of the tables when it is committed."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lines: dict[Table, list[str]] = defaultdict(list)

    def entity(self, number: int, kind: str, labels: Iterable[str], values: Mapping[str, Any]) -> None:
        self._add(self._tables.nodes(kind, ENTITY), f"{number},{listed(labels)}", values)

    def version(self, number: int, kind: str, values: Mapping[str, Any]) -> None:
        self._add(self._tables.nodes(f"{VERSION}.{kind}", VERSION), f"{number},{VERSION}", values)

    def identifier(self, number: int, values: Mapping[str, Any]) -> None:
        self._add(self._tables.nodes(IDENTIFIER, IDENTIFIER), f"{number},{IDENTIFIER}", values)

    def other(self, number: int, label: str, values: Mapping[str, Any]) -> None:
        self._add(self._tables.nodes(f"{OTHER}.{label}", OTHER), f"{number},{label}", values)

    def relation(self, kind: str, start: int, end: int, values: Mapping[str, Any]) -> None:
        self._add(self._tables.relations(kind), f"{start},{end}", values)

    def _add(self, table: Table, fixed: str, values: Mapping[str, Any]) -> None:
        self._lines[table].append(table.line(fixed, values))

    def commit(self) -> None:
        for table, lines in self._lines.items():
            table.write(lines, len(lines))


class Tables:
    """The open tables of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._nodes: dict[str, Table] = {}
        self._relations: dict[str, Table] = {}

    def nodes(self, name: str, space: str) -> Table:
        table = self._nodes.get(name)
        if table is None:
            table = self._nodes[name] = Table(self._folder, name, f":ID({space})", ":LABEL")
        return table

    def relations(self, kind: str) -> Table:
        table = self._relations.get(kind)
        if table is None:
            far = FAR.get(kind, ENTITY)
            table = self._relations[kind] = Table(self._folder, kind, f":START_ID({ENTITY})", f":END_ID({far})")
        return table

    @property
    def counts(self) -> tuple[int, int]:
        """Nodes and relations."""
        return sum(each.rows for each in self._nodes.values()), sum(each.rows for each in self._relations.values())

    def close(self) -> list[str]:
        """Every table whole; as the importer's options name them."""
        options = []
        for table in self._nodes.values():
            table.close()
            options.append(f"--nodes={table.heading},{table.path}")
        for kind, table in self._relations.items():
            table.close()
            options.append(f"--relationships={kind}={table.heading},{table.path}")
        return options
