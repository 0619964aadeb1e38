"""What a cleaner of cells is given besides the cell, and what it is: a function that returns a value or raises Unclean.

It must not know any cleaner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from graph.codes import Text


@dataclass(slots=True)
class Reading:
    """The unit of the column, and the notes in which a cleaner says what the reporter should know."""

    unit: str = ""
    notes: list[Text] = field(default_factory=list)


Cleaner = Callable[[str, Reading], object]


class Unclean(Exception):
    """A cell that cannot be used, and what the reporter is to do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(zh, en)
