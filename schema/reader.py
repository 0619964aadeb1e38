"""Who reads: the verified claims of one request; it must not know how they were verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graph.codes import Role

OFFICIALS: Final = frozenset({Role.GOVERNMENT, Role.OPERATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Reader:
    """`department` and `subject` are ids or identifiers; `purpose` and `ground` say why personal data is read."""

    role: Role = Role.PUBLIC
    department: str | None = None
    region: str | None = None
    subject: str | None = None
    purpose: str | None = None
    ground: str | None = None
    expires_at: datetime | None = None

    @property
    def official(self) -> bool:
        """Officials see POTENTIAL and `considered` (S16)."""
        return self.role in OFFICIALS


PUBLIC: Final = Reader()
