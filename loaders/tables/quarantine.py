"""Writes the rows that were not loaded beside the graph, so that they can be corrected and handed in again as they are.

It must not know why a row was refused. The file holds what the reporter sent, personal numbers included: mode 0600.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from loaders.entries import Quarantined
from loaders.files import kept_stem
from loaders.tables.layout import QUARANTINE_COLUMNS, Header, header_word
from loaders.tables.ledger import FOLDER, fingerprint, written_at
from loaders.tables.table import FORMULA_STARTS, GUARD, Row, quarantine_free


class Quarantine:
    """One CSV file (UTF-8 with BOM), made with its first row; `path` is None while there is none."""

    def __init__(self, home: Path, source: str, stem: str, now: datetime, header: Header) -> None:
        self._target = home / FOLDER / source / f"{kept_stem(stem)}-{written_at(now)}.csv"
        self._header = header
        self._places = quarantine_free(header.names)
        self._file: TextIO | None = None
        self._writer: Any = None
        self._waiting: dict[int, Quarantined] = {}
        self.path: Path | None = None

    def keep(self, refused: Quarantined) -> None:
        if refused.cells:
            self._write(refused, refused.cells)
        else:
            self._waiting[refused.number] = refused

    @property
    def waiting(self) -> set[int]:
        """Numbers of refused rows whose cells are still wanted."""
        return set(self._waiting)

    def complete(self, rows: Iterable[Row | Quarantined]) -> None:
        for row in rows:
            self._write(self._waiting.pop(row.number), row.cells)
        for refused in self._waiting.values():
            self._write(refused, ())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, refused: Quarantined, cells: tuple[str, ...]) -> None:
        if self._writer is None:
            self._open()
        width = len(self._header.names)
        own = [cells[place] for place in self._places if place < len(cells)]
        names = [self._header.names[place] for place in self._places]
        reason = f"{refused.reason.zh} / {refused.reason.en}"
        told = (refused.column or "", reason, fingerprint(names, (*own, *cells[width:])))
        self._writer.writerow([str(refused.number), *map(guarded, (*told, *own, *cells[width:]))])

    def _open(self) -> None:
        self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self.path = self._target
        self._writer.writerow([*QUARANTINE_COLUMNS, *(self._name(place) for place in self._places)])

    def _name(self, place: int) -> str:
        """As the file writes it, with the unit that was decided for the whole file where the header tells none."""
        name = self._header.names[place]
        for key, where in self._header.places.items():
            unit = self._header.units[key]
            if where == place and unit in ("%", "0-1"):
                written = header_word(name)[1]
                return name if written == unit else f"{name.replace(f'({written})', '')}({unit})"
        return name


def guarded(cell: str) -> str:
    """A cell that a spreadsheet would run is kept as text; it loses the mark when it is handed in."""
    return GUARD + cell if cell.startswith(FORMULA_STARTS) else cell
