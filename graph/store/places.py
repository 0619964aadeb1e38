"""Where a page begins and how its rows are ordered, as Cypher: keys, cursors, both directions.

It must not know what is listed.
"""

from __future__ import annotations

from typing import Any

from graph.store.asked import KEYS, Asked
from graph.store.conditions import Predicates
from graph.store.fragments import moment_parameters


class Writing:
    """One page statement in the making: its predicates, the order of its rows, and where the page begins."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.request = asked.request
        self.predicates = Predicates(asked.reading)
        self.keys = asked.keys
        self.backward = asked.request.backward
        self.parameters: dict[str, Any] = {
            **moment_parameters(asked.reading.moment),
            "rows": asked.request.size + 1,
            "own": list(asked.reading.own),
        }
        place = asked.request.place
        if place is not None:
            self.parameters |= {f"c{i}": value for i, value in enumerate(place)}

    def done(self, text: str) -> tuple[str, dict[str, Any]]:
        return text, {**self.predicates.parameters, **self.parameters}

    def expressions(self, *, outward: bool) -> list[tuple[str, bool]]:
        """Key expressions with their direction, id last in the direction of the key before it. `outward`: as stored
        without a value comes last in either direction."""
        found: list[tuple[str, bool]] = []
        for each in self.keys:
            key = KEYS[each.key]
            if each.descending and outward:
                found.append((f"CASE WHEN {key.expression} = {literal(key.last)} THEN 1 ELSE 0 END", False))
            found.append((key.expression, each.descending))
        return [*found, ("rowId", self.keys[-1].descending)]

    def order(self) -> str:
        return "ORDER BY " + ", ".join(
            f"{text}{' DESC' if down is not self.backward else ''}" for text, down in self.expressions(outward=True)
        )

    def sort(self) -> str:
        return f"[{', '.join(KEYS[each.key].expression for each in self.keys)}]"

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
            key, cursor = KEYS[each.key], f"$c{i}"
            if each.descending:
                last = literal(key.last)
                mark = "CASE WHEN {} = " + last + " THEN 1 ELSE 0 END"
                steps.append((mark.format(key.expression), mark.format(cursor), False))
            steps.append((key.expression, cursor, each.descending))
        steps.append(("rowId", f"$c{len(self.keys)}", self.keys[-1].descending))
        text = ""
        for expression, cursor, down in reversed(steps):
            further = f"{expression} {'<' if down is not flipped else '>'} {cursor}"
            text = f"({further})" if not text else f"({further} OR ({expression} = {cursor} AND {text}))"
        return text


def literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
