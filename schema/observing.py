"""What an operation tells about itself while it is prepared and run: the border between planning and its figures.

It must not know who listens; metrics do, tests may.
"""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Called by whatever parses, plans and runs operations."""

    def document(self, *, reused: bool) -> None:
        """A document was looked up: reused, or parsed and validated."""

    def plan(self, *, reused: bool) -> None:
        """A plan was looked up: reused, or made."""

    def planned(self, seconds: float) -> None:
        """A plan was made in this time."""

    def plans(self, more: int) -> None:
        """So many plans more are kept now, or fewer."""


class Unobserved:
    """Nobody listens."""

    def document(self, *, reused: bool) -> None: ...

    def plan(self, *, reused: bool) -> None: ...

    def planned(self, seconds: float) -> None: ...

    def plans(self, more: int) -> None: ...
