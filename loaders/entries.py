"""What a streamed source hands on, row by row: the drafts of a row, or why it is kept in quarantine.

It must not know files or databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.changes import NodeDraft, RelationDraft
from graph.codes import Text

KEEP_ONE: Final = "只保留"  # in the reason of a row that one of two has to give way to: the ledger looks for it


@dataclass(frozen=True, slots=True)
class Entry:
    """All drafts of one row carry its `number` as `entry`, and its relations name nodes of the same row: where a batch
    ends is none of their business. A ref may return in later entries: the first one of a batch
    that is no mention describes the node."""

    number: int
    nodes: tuple[NodeDraft, ...]
    relations: tuple[RelationDraft, ...] = ()
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that is not loaded: its number as a spreadsheet shows it, the column at fault as the file writes it, the
    cell (masked where it is a person's number), and what the reporter is to do about it, in both languages.

    `cells` is the whole row, to be handed back for correction.
    """

    number: int
    column: str | None
    value: str | None
    reason: Text
    cells: tuple[str, ...] = ()


Entries = Iterator[Entry | Quarantined]
