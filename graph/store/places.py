"""Where a page begins and how its rows are ordered, as Cypher: keys, cursors, both directions.

It must not know what is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from graph.store.asked import KEYS, Asked, OrderBy, Variables
from graph.store.conditions import Predicates, parameters
from graph.views import PageRequest, Place

BY_ID: Final = "ID"  # a key that has no value of its own: the id is the last of every order


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

    @property
    def _keys(self) -> list[str]:
        return [KEYS[each.key].of(self.names) for each in self.keys]

    def order(self) -> str:
        return f"ORDER BY {self.order_of(self._keys, self.names.row)}"

    def order_of(self, keys: Sequence[str], row: str, *, stretch: bool = False) -> str:
        """By these expressions of the keys, id last in the direction of the key before it.

        What has no value comes last in either direction; in a `stretch` of an index all or none have the first.
        """
        found: list[str] = []
        for i, (each, text) in enumerate(zip(self.keys, keys, strict=True)):
            if each.key == BY_ID:
                continue
            if each.descending and not (stretch and i == 0):
                mark = f"CASE WHEN {text} = {literal(KEYS[each.key].last)} THEN 1 ELSE 0 END"
                found.append(f"{mark} DESC" if self.backward else mark)
            found.append(self._directed(text, each.descending))
        return ", ".join([*found, self._directed(row, self.keys[-1].descending)])

    def _directed(self, text: str, descending: bool) -> str:
        return f"{text} DESC" if descending is not self.backward else text

    def sort(self) -> str:
        return f"[{', '.join(KEYS[each.key].of(self.names) for each in self.keys)}]"

    def placed(self, keys: str, row: str) -> str:
        """A row with what makes its cursor."""
        return f"[{self.names.row}, {keys}, {row}]"

    def beyond(self) -> str:
        """Rows on the page's side of its cursor."""
        return "true" if self.request.place is None else self.beyond_of(self._keys, self.names.row)

    def short_of(self) -> str:
        """Rows on the other side, the cursor's own among them."""
        return "false" if self.request.place is None else f"NOT ({self.beyond()})"

    def beyond_of(self, keys: Sequence[str], row: str, *, shared: int = 0) -> str:
        """Lexicographic: further in the first key, or equal in it and further in the next …; `shared` are equal."""
        steps: list[tuple[str, str, bool]] = []
        for i, each in [*enumerate(self.keys)][shared:]:
            text, cursor = keys[i], self.cursor(i)
            if each.key == BY_ID:
                continue
            if each.descending:
                mark = f"CASE WHEN {{}} = {literal(KEYS[each.key].last)} THEN 1 ELSE 0 END"
                steps.append((mark.format(text), mark.format(cursor), False))
            steps.append((text, cursor, each.descending))
        steps.append((row, self.cursor(len(self.keys)), self.keys[-1].descending))
        beyond = ""
        for expression, cursor, down in reversed(steps):
            further = f"{expression} {'<' if down is not self.backward else '>'} {cursor}"
            beyond = f"({further})" if not beyond else f"({further} OR ({expression} = {cursor} AND {beyond}))"
        return beyond


def where_of(place: Place | None, keys: Sequence[OrderBy]) -> bool | None:
    """What of a place decides the text of its page: None at the beginning, else whether it lies where its first key
    has no value, behind all that have one."""
    return None if place is None else place[0] == KEYS[keys[0].key].last


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
