"""Where a page begins and how its rows are ordered, as Cypher: keys, cursors, both directions.

It must not know what is listed.
"""

from __future__ import annotations

from typing import Any

from graph.store.asked import KEYS, Asked, Variables
from graph.store.conditions import Predicates, parameters
from graph.views import PageRequest


class Writing:
    """One page in the making: its predicates, the order of its rows, and where it begins.

    `prefix` keeps its parameters apart from those of other pages of the statement.
    """

    def __init__(self, asked: Asked, names: Variables, prefix: str = "") -> None:
        self.asked = asked
        self.request = asked.request
        self.names = names
        self.prefix = prefix
        self.predicates = Predicates(asked.reading, asked.condition, prefix)
        self.keys = asked.keys
        self.backward = asked.request.backward

    @property
    def limit(self) -> str:
        return f"LIMIT ${self.prefix}rows"

    def cursor(self, i: int) -> str:
        return f"${self.prefix}c{i}"

    def expressions(self, *, outward: bool) -> list[tuple[str, bool]]:
        """Key expressions with their direction, id last in the direction of the key before it. `outward`: as stored
        without a value comes last in either direction."""
        found: list[tuple[str, bool]] = []
        for each in self.keys:
            key = KEYS[each.key]
            if each.descending and outward:
                found.append((f"CASE WHEN {key.of(self.names)} = {literal(key.last)} THEN 1 ELSE 0 END", False))
            found.append((key.of(self.names), each.descending))
        return [*found, (self.names.row, self.keys[-1].descending)]

    def order(self) -> str:
        return "ORDER BY " + ", ".join(
            f"{text}{' DESC' if down is not self.backward else ''}" for text, down in self.expressions(outward=True)
        )

    def sort(self) -> str:
        return f"[{', '.join(KEYS[each.key].of(self.names) for each in self.keys)}]"

    def placed(self, keys: str, row: str) -> str:
        """A row with what makes its cursor."""
        return f"[{self.names.row}, {keys}, {row}]"

    def beyond(self) -> str:
        """Rows on the page's side of its cursor."""
        return "true" if self.request.place is None else self._after(flipped=self.backward)

    def short_of(self) -> str:
        """Rows on the other side, the cursor's own among them."""
        return "false" if self.request.place is None else f"NOT ({self.beyond()})"

    def _after(self, *, flipped: bool) -> str:
        """Lexicographic: further in the first key, or equal in it and further in the next …"""
        steps: list[tuple[str, str, bool]] = []
        for i, each in enumerate(self.keys):
            key, cursor = KEYS[each.key], self.cursor(i)
            if each.descending:
                last = literal(key.last)
                mark = "CASE WHEN {} = " + last + " THEN 1 ELSE 0 END"
                steps.append((mark.format(key.of(self.names)), mark.format(cursor), False))
            steps.append((key.of(self.names), cursor, each.descending))
        steps.append((self.names.row, self.cursor(len(self.keys)), self.keys[-1].descending))
        text = ""
        for expression, cursor, down in reversed(steps):
            further = f"{expression} {'<' if down is not flipped else '>'} {cursor}"
            text = f"({further})" if not text else f"({further} OR ({expression} = {cursor} AND {text}))"
        return text


def page_parameters(asked: Asked, prefix: str = "") -> dict[str, Any]:
    """All that a page's text leaves open, but for its dates and `$own`."""
    return {**parameters(asked.condition, prefix), **place_parameters(asked.request, prefix)}


def place_parameters(request: PageRequest, prefix: str) -> dict[str, Any]:
    """How many rows, and where they begin."""
    found: dict[str, Any] = {f"{prefix}rows": request.size + 1}
    for i, value in enumerate(request.place or ()):
        found[f"{prefix}c{i}"] = value
    return found


def literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
