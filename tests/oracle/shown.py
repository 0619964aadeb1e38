"""Things as GraphQL objects: one class per family, a method or attribute per field under its own name.

It must not know how an operation is run; what is computed is not answered here: `operations.COMPUTED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from graph import regions
from graph.codes import RelationKind
from graph.periods import OPEN_END, OPEN_START, parse_day
from graph.vocabulary import BY_CODE, post_of
from tests.oracle import filters, pages
from tests.oracle.facts import Said, Tie
from tests.oracle.reading import Scope, View

R = RelationKind
# Kind of node → class; the modules of the classes register them.
KINDS: Final[dict[str, type[Shown]]] = {}


def exact(text: str | None) -> date | None:
    """A day as the API shows it: open ends and imprecise days are null."""
    if text is None or text in (OPEN_START, OPEN_END):
        return None
    day = parse_day(text)
    return day.first if day.exact else None


def period(start: str | None, end: str | None) -> dict[str, Any]:
    return {"from": exact(start), "until": exact(end)}


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def percent(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units) / 1_000_000


def provenance(said: Said | Tie) -> dict[str, Any]:
    return {
        "source": said.source,
        "batch": said.batch,
        "row": said.row,
        "recordedAt": datetime.fromisoformat(said.recorded),
        "disputedBy": [],
    }


@dataclass(frozen=True)
class Region:
    """A code of GB/T 2260; one outside the table is shown by its code below its province."""

    code: str
    typename: str = "Region"

    @property
    def id(self) -> str:
        return f"reg_{self.code}"

    @property
    def name(self) -> str:
        found = regions.find(self.code)
        return self.code if found is None else found.name

    @property
    def level(self) -> str:
        found = regions.find(self.code)
        return "COUNTY" if found is None else str(found.level)

    @property
    def parent(self) -> Region | None:
        above = regions.ancestors(self.code)
        return Region(above[0].code) if above else None


def region(code: str | None) -> Region | None:
    return Region(code) if code is not None and regions.known(code) else None


class Shown:
    """A node seen in a scope; dated fields look again where their own dates differ."""

    typename: str

    def __init__(self, scope: Scope, view: View) -> None:
        self.scope, self.view = scope, view
        self.typename = BY_CODE[view.kind].label
        self.id = view.id
        self.version = view.changed

    def again(self, asOf: date | None, knownAt: datetime | None) -> tuple[Scope, View | None]:
        scope = self.scope.at(asOf, knownAt)
        return scope, self.view if scope.moment == self.scope.moment else scope.view(self.id)

    def stored(self, view: View | None, name: str) -> Any:
        """A stored property, null where the asker may not read it."""
        if view is None or not self.scope.reads(view, name):
            return None
        return view.values.get(name)

    def texts(self, view: View | None, name: str) -> list[str] | None:
        if view is None or not self.scope.reads(view, name):
            return None
        return list(view.values.get(name, ()))

    @property
    def provenance(self) -> dict[str, Any]:
        return provenance(self.view.said)

    @property
    def withheld(self) -> list[str]:
        return self.scope.withheld(self.view)

    def page(
        self,
        name: str,
        rows: Callable[[Scope, Mapping[str, Any] | None], Iterable[pages.Row]],
        usual: pages.Order,
        given: Mapping[str, Any],
        *,
        where: str = "",
        order: str = "",
    ) -> pages.Connection:
        scope = self.scope.at(given.get("asOf"), given.get("knownAt"))
        return connection(scope, self.id, name, rows, usual, given, where=where, order=order)


def connection(
    scope: Scope,
    owner: str | None,
    name: str,
    rows: Callable[[Scope, Mapping[str, Any] | None], Iterable[pages.Row]],
    usual: pages.Order,
    given: Mapping[str, Any],
    *,
    where: str = "",
    order: str = "",
) -> pages.Connection:
    """`rows` are those the asker sees and the filter keeps."""
    wanted = given.get("where")
    asking = pages.asked(given, owner, name, str(scope.moment), given.get("orderBy"), pages.shape(wanted))
    filters.check(wanted, where, scope)
    sequence = pages.order_of(given.get("orderBy"), order, usual, scope)
    asking.check_direction()
    return pages.Connection(scope, list(rows(scope, wanted)), sequence, asking, lambda row: of_row(scope, row))


def of_row(scope: Scope, row: pages.Row) -> Any:
    if isinstance(row, Tie):
        return tie_shown(scope, row)
    return shown(scope, row) if isinstance(row, View) else row.shown


def by_id(scope: Scope, id: str) -> Any:
    """The object of an id, None for an unknown or hidden one."""
    if id.startswith("reg_"):
        return region(id[4:])
    if id.startswith(("pos_", "hld_", "rel_")):
        tie = scope.tie(id)
        return None if tie is None else tie_shown(scope, tie)
    return shown(scope, scope.view(id))


def shown(scope: Scope, view: View | None) -> Any:
    """The object of a node; None for none, and for a kind the API does not show."""
    if view is None or view.kind not in KINDS:
        return None
    return KINDS[view.kind](scope, view)


def all_shown(scope: Scope, ids: Iterable[str]) -> list[Any]:
    found = (by_id(scope, each) for each in ids)
    return [each for each in found if each is not None]


def tie_shown(scope: Scope, tie: Tie) -> dict[str, Any]:
    common = {
        "id": tie.id,
        "organization": by_id(scope, tie.end),
        "validity": period(tie.since, tie.until),
        "provenance": provenance(tie),
    }
    if tie.kind is R.HOLDS:
        shares = {name: percent(tie.values.get(name)) for name in ("share", "votes")}
        capital = yuan(tie.values.get("capital"))
        return {"typename": "Holding", "holder": by_id(scope, tie.start), **common, **shares, "capital": capital}
    post = str(post_of(tie.kind, tie.values.get("post")))
    return {"typename": "Post", "person": by_id(scope, tie.start), "post": post, **common}
