"""What one request gives a program: its dates, its arguments, its reader; as a key of a text and as its parameters.

It must not know fields or types: positions of a program bind themselves here, by their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.codes import Role
from graph.periods import Moment
from graph.store.projection import Mode, Time, moments_parameters
from schema.scope import Operation, Scope


class Binding:
    """`key` is everything that decides the text of the statement; no value is part of it, `parameters` has those."""

    def __init__(self, operation: Operation, variables: Any, *, snapshot: bool = True) -> None:
        self.operation = operation
        self.variables = variables
        self.snapshot = snapshot
        access = operation.access
        self.owning = access.reader.role is not Role.PUBLIC
        self.own = tuple(sorted(access.own))
        self.moments: dict[Moment, Time] = {}
        self.scopes: dict[int, Scope] = {}
        self.modes: dict[int, tuple[Mode, str]] = {}  # where the rows of a position are read, and for which day
        self.bound: dict[int, Any] = {}
        self.arguments: dict[int, Mapping[str, Any]] = {}  # by the field's node in the document
        self.failures: dict[int, Exception] = {}
        self.key: list[Any] = [access.reader.role, bool(self.own)]
        self.parameters: dict[str, Any] = {"own": list(self.own)}

    def time(self, moment: Moment) -> Time:
        found = self.moments.get(moment)
        if found is None:
            if moment.known_at is not None:
                mode = Mode.PAST
            elif self.snapshot and moment.as_of == self.operation.moment.as_of:
                mode = Mode.SNAPSHOT
            else:
                mode = Mode.MIXED
            found = self.moments[moment] = Time(len(self.moments), mode)
        return found

    def stand(self, position: int, scope: Scope) -> None:
        """Rows of a position are read in these dates."""
        time = self.time(scope.moment)
        self.scopes[position] = scope
        self.modes[position] = time.mode, scope.moment.as_of.isoformat()
        self.key.append((position, time))

    def time_of(self, position: int) -> Time:
        return self.moments[self.scopes[position].moment]

    def refuse(self, position: int, error: Exception) -> None:
        self.failures[position] = error
        self.key.append((position, None))

    def all_parameters(self) -> Mapping[str, Any]:
        return {**self.parameters, **moments_parameters(self.moments)}
