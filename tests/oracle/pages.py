"""Order and pages (`api.md` 5): keys with nulls last both ways, cursors, both directions, counts.

It must not know what stands on a page beyond its keys.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from graph.periods import OPEN_END, OPEN_START, parse_day
from graph.texts import fold
from tests.oracle.facts import Tie
from tests.oracle.filters import day_of
from tests.oracle.reading import Refused, Scope, View

PAGE_SIZE, LARGEST_PAGE, MOST_KEYS = 20, 100, 3
HIDDEN_ORDERS: Final = frozenset(
    {("PersonOrder", "NAME"), ("PostOrder", "PERSON_NAME"), ("HoldingOrder", "HOLDER_NAME")}
)
Order = Sequence[tuple[str, bool]]  # key and whether descending


class Keyed(Protocol):
    """Whatever knows its own keys."""

    @property
    def id(self) -> str: ...

    def key(self, name: str) -> Any: ...

    @property
    def shown(self) -> Any: ...


Row = View | Tie | Keyed


@dataclass(frozen=True)
class Ranked:
    """A row with its keys, None where it has no value; the id is the last key."""

    keys: tuple[Any, ...]
    id: str
    row: Row | None


def order_of(given: Sequence[Mapping[str, str]] | None, kind: str, usual: Order, scope: Scope) -> Order:
    if not given:
        return usual
    if len(given) > MOST_KEYS:
        raise Refused("LIMIT_EXCEEDED")
    named: list[str] = []
    for each in given:
        if (kind, each["field"]) in HIDDEN_ORDERS and not scope.asker.official:
            raise Refused("FORBIDDEN")
        if each["field"] in named:
            raise Refused("BAD_USER_INPUT")
        named.append(each["field"])
    return [(each["field"], each["direction"] == "DESC") for each in given]


def key(scope: Scope, row: Row, name: str) -> Any:
    """The value a row is ordered by; None comes last in both directions."""
    if not isinstance(row, Tie | View):
        return row.key(name)
    if isinstance(row, Tie):
        match name:
            case "SINCE":
                return row.since
            case "KIND":
                return str(row.kind)
            case "FROM":
                return _exact(None if row.since == OPEN_START else row.since)
            case "UNTIL":
                return _exact(None if row.until == OPEN_END else row.until)
            case "SHARE":
                return row.values.get("share")
        end = row.end if name == "ORGANIZATION_NAME" else row.start
        view = scope.view(end)
        return None if view is None else fold(view.values["name"])
    match name:
        case "NAME":
            return fold(row.values["name"])
        case "ESTABLISHED":
            return _exact(row.values.get("established"))
        case "REGISTERED_CAPITAL":
            return row.values.get("registeredCapital")
        case "DAY":
            return day_of(row)
        case "DECIDED_ON":
            return _exact(row.values.get("decidedOn"))
        case "DOCUMENT_NUMBER":
            number = row.values.get("documentNumber")
            return None if number is None else fold(number)
        case "ID":
            return ""
    raise AssertionError(name)


def _exact(text: str | None) -> str | None:
    """A day known to month or year only has no place in an order of days."""
    return text if text is not None and parse_day(text).exact else None


def ordered(rows: list[Ranked], order: Order) -> list[Ranked]:
    """By each key in its direction, then by id in the direction of the last key."""
    found = sorted(rows, key=lambda each: each.id, reverse=order[-1][1])
    for i, (_, descending) in reversed(list(enumerate(order))):
        with_value = [each for each in found if each.keys[i] is not None]
        with_value.sort(key=lambda each, i=i: each.keys[i], reverse=descending)  # type: ignore[misc]
        found = [*with_value, *(each for each in found if each.keys[i] is None)]
    return found


@dataclass(frozen=True)
class Asking:
    """The page arguments of a connection field, and what a cursor of it belongs to."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None
    bound: str

    def check_direction(self) -> None:
        """`first` goes with `after`, `last` with `before`."""
        if (self.first is not None or self.after) and (self.last is not None or self.before):
            raise Refused("BAD_USER_INPUT")

    def check_size(self) -> None:
        if self.size < 0:
            raise Refused("BAD_USER_INPUT")
        if self.size > LARGEST_PAGE:
            raise Refused("LIMIT_EXCEEDED")

    @property
    def backward(self) -> bool:
        return self.last is not None or (self.first is None and bool(self.before))

    @property
    def size(self) -> int:
        return next((each for each in (self.first, self.last) if each is not None), PAGE_SIZE)


def asked(given: Mapping[str, Any], *bound: Any) -> Asking:
    """The page that the arguments of a field ask for."""
    turned = {each: given.get(each) for each in ("first", "after", "last", "before")}
    return Asking(**turned, bound=json.dumps(bound, ensure_ascii=False))


class Connection:
    """A page of rows already filtered; `show` makes the object of a row."""

    def __init__(
        self, scope: Scope, rows: Sequence[Row], order: Order, asking: Asking, show: Callable[[Row], Any]
    ) -> None:
        self._bound, self._show = asking.bound, show
        self.scope, self.all = scope, rows
        ranked = [Ranked(tuple(key(scope, each, name) for name, _ in order), each.id, each) for each in rows]
        self.totalCount = len(ranked)
        ranked = ordered(ranked, order)
        after, before = (self._place(each) for each in (asking.after, asking.before))
        asking.check_size()
        start = 0 if after is None else self._index(ranked, order, after, behind=True)
        end = len(ranked) if before is None else self._index(ranked, order, before, behind=False)
        among = ranked[start:end]
        if asking.backward:
            shown = among[-asking.size :] if asking.size else []
            more, others = len(among) > len(shown), end < len(ranked)
        else:
            shown = among[: asking.size]
            more, others = len(among) > len(shown), start > 0
        self._rows = shown
        cursors = [self._cursor(each) for each in shown]
        self.pageInfo = {
            "hasNextPage": others if asking.backward else more,
            "hasPreviousPage": more if asking.backward else others,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        }
        self.nodes = [show(each.row) for each in shown if each.row is not None]
        self.edges = [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, self.nodes, strict=True)]

    def _index(self, rows: list[Ranked], order: Order, place: Ranked, *, behind: bool) -> int:
        """Where the place of a cursor lies among the rows, whether or not its own row is still there."""
        there = [(each.keys, each.id) for each in rows]
        if (place.keys, place.id) in there:
            return there.index((place.keys, place.id)) + behind
        return ordered([*rows, place], order).index(place)

    def _cursor(self, row: Ranked) -> str:
        return base64.urlsafe_b64encode(json.dumps([self._bound, row.keys, row.id]).encode()).decode()

    def _place(self, cursor: str | None) -> Ranked | None:
        if not cursor:
            return None
        try:
            bound, keys, id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        except (ValueError, binascii.Error):
            raise Refused("BAD_USER_INPUT") from None
        if bound != self._bound:
            raise Refused("BAD_USER_INPUT")
        return Ranked(tuple(keys), id, None)


def shape(given: Any) -> Any:
    """A filter without its values: a cursor belongs to the shape (`api.md` 5)."""
    if isinstance(given, Mapping):
        return {name: shape(each) for name, each in sorted(given.items())}
    if isinstance(given, list) and any(isinstance(each, Mapping) for each in given):
        return [shape(each) for each in given]
    return None if given is None else 0
