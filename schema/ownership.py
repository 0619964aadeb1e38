"""Ownership as GraphQL types: controllers, beneficial owners, and the chart of what is owned by whom.

Values without ids, made from frozen answers; it must not know how they were found.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

import strawberry

from graph.codes import BeneficialBasis, ControlBasis, Direction
from graph.errors import Invalid, LimitExceeded, NotFound
from graph.identifiers import Lookup, parse_lookup
from graph.ownership import WHOLE, Chart, View
from graph.ownership import Owning as FoundOwning
from schema.fields import Info, field
from schema.judgements import Ambiguous
from schema.nodes import by_id, load, show_all
from schema.owning import MOST_CONTROLLERS, MOST_RINGS, MOST_SHOWN, MOST_WARNINGS, Found, Held, Kind, Owned, OwnerAsk
from schema.paths import Subgraph
from schema.scalars import percent
from schema.scope import Scope, several
from schema.subjects import Organization, Person, Subject
from schema.values import Warning

DEEPEST: Final = 50  # steps that may be asked for; without a depth every one is followed
T = TypeVar("T")
PARTS: Final = 1_000_000  # of a percent


def _part(share: float | None) -> Decimal | None:
    return percent(round(share * WHOLE)) if share else None  # what is not known adds nothing: no share is no number


@strawberry.type(
    description="控制人:独自或与其所控制者、一致行动人合计持有过半表决权,或登记为实际控制人"
    " · who commands more than half of the votes, with all it controls and those it acts in concert with, or is"
    " declared the actual controller; votes follow the share where none are recorded"
)
class Controller:
    found: strawberry.Private[Found]
    scope: strawberry.Private[Scope]

    @field("控制人 · who controls")
    def subject(self) -> Subject:
        return by_id(self.scope, self.found.party)

    @field("依据 · what it rests on")
    def basis(self) -> ControlBasis:
        return ControlBasis(self.found.basis)

    @field("所支配的表决权,百分数;一致行动的为合计 · votes it commands in percent; of those in concert together")
    def voting(self) -> Decimal | None:
        return percent(self.found.voting)

    @field("是否最终控制人:据本库无人控制之 · whether nobody controls it in this data")
    def ultimate(self) -> bool:
        return self.found.ultimate

    @field("控制所经的持股与声明 · the holdings and declarations it rests on")
    def subgraph(self) -> Subgraph:
        return _subgraph(self.found, self.scope)


@strawberry.type(
    description="受益所有人(中国人民银行、市场监管总局令〔2024〕第3号) · a beneficial owner by Order [2024] No. 3:"
    " 25 % of the capital; else 25 % of the votes; else control; where there is nobody, who is in charge"
)
class BeneficialOwner:
    found: strawberry.Private[Found]
    scope: strawberry.Private[Scope]

    @field("自然人 · the natural person")
    def person(self) -> Person:
        return by_id(self.scope, self.found.party)

    @field("依据 · why")
    def basis(self) -> BeneficialBasis:
        return BeneficialBasis(self.found.basis)

    @field("综合持股比例,百分数 · integrated share in percent, as in `IntegratedShare`")
    def integrated(self) -> Decimal | None:
        return _part(self.found.integrated)

    @field("所支配的表决权,百分数 · votes it commands, in percent")
    def voting(self) -> Decimal | None:
        return percent(self.found.voting)

    @field("所经的持股、声明或任职 · the holdings, declarations or the office it rests on")
    def subgraph(self) -> Subgraph:
        return _subgraph(self.found, self.scope)


def _subgraph(found: Found, scope: Scope) -> Subgraph:
    return Subgraph(steps=found.steps, ids=found.parties, scope=scope, cut=found.cut)


@strawberry.type(description="一方对另一方的比例 · how much one owns of another")
class IntegratedShare:
    found: strawberry.Private[FoundOwning]
    scope: strawberry.Private[Scope]

    @field("所有者 · owner")
    def owner(self) -> Subject:
        return by_id(self.scope, self.found.owner)

    @field("被所有者 · what is owned")
    def owned(self) -> Organization:
        return by_id(self.scope, self.found.owned)

    @field("直接比例,百分数;不明为 null · share held directly, in percent; null when none or unknown")
    def direct(self) -> Decimal | None:
        return percent(self.found.direct)

    @field(
        "综合比例,百分数:各路径逐级相乘后求和,不经所有者自身折返(修正的路径和);无已知比例或比例过大致无穷时为 null"
        " · integrated share in percent: the sum over all ways of the product of their shares, none back through the"
        " owner itself (corrected walk sum); null where no share is known, where shares make it endless, or for a party"
        " of a ring of more than 60"
    )
    def integrated(self) -> Decimal | None:
        return _part(self.found.integrated)

    @field(
        "表决权,百分数:所有者及其控制者直接行使 · votes in percent that the owner and all it controls cast in the owned"
    )
    def voting(self) -> Decimal | None:
        return percent(self.found.voting)


@strawberry.type(description="股权图 · the chart of who owns a subject and what it owns")
class OwnershipChart:
    chart: strawberry.Private[Chart]
    scope: strawberry.Private[Scope]

    @field("主体 · subject")
    def subject(self) -> Subject:
        return by_id(self.scope, self.chart.subject)

    @field("比例,先所有者后所投资者,由大到小,各至多 500 · shares: owners, then the owned, largest first; 500 each")
    def integrated(self) -> list[IntegratedShare]:
        return [IntegratedShare(found=each, scope=self.scope) for each in self.chart.owning]

    @field(
        "紧密关联,至多 500:一方对另一方综合比例不低于 20%,或同一第三方对双方均不低于 20%;国有资本不构成关联"
        " · close links, at most 500: 20 % of one in the other, or of a third party in both;"
        " common state ownership relates nobody"
    )
    def close_links(self) -> list[Subject]:
        return show_all(self.scope, self._capped(self.chart.close, MOST_SHOWN, "closeLinks"))

    @field("循环持股,至多 100 · parties that hold one another in a ring, in its order; at most 100 rings")
    def circular(self) -> list[list[Subject]]:
        return [
            show_all(self.scope, self._capped(ring, MOST_SHOWN, "circular"))
            for ring in self._capped(self.chart.rings, MOST_RINGS, "circular")
        ]

    @field("所示各方及其间的持股、声明、一致行动 · the parties shown with the relations between them")
    def subgraph(self) -> Subgraph:
        chart = self.chart
        return Subgraph(steps=chart.steps, ids=chart.parties, scope=self.scope, cut=chart.cut)

    @field("提示,至多 100 · warnings, at most 100")
    def warnings(self) -> list[Warning]:
        shown = self._capped(self.chart.notices, MOST_WARNINGS, "warnings")
        return [Warning(found=each, scope=self.scope) for each in shown]

    def _capped(self, found: tuple[T, ...], most: int, name: str) -> Sequence[T]:
        return self.scope.capped(found, most, name, self.chart.subject)


async def controllers_of(scope: Scope, identity: str) -> list[Controller] | None:
    """Who controls an organisation, below another field."""
    owned = await _nested(scope, Kind.CONTROLLERS, identity)
    inside = scope.below()
    if owned is None:
        return None
    shown = scope.capped(owned.found, MOST_CONTROLLERS, "controllers", identity)
    return [Controller(found=each, scope=inside) for each in shown]


async def beneficial_owners_of(scope: Scope, identity: str) -> list[BeneficialOwner] | None:
    """Its beneficial owners, below another field."""
    owned = await _nested(scope, Kind.BENEFICIAL, identity)
    inside = scope.below()
    return None if owned is None else [BeneficialOwner(found=each, scope=inside) for each in owned.found]


async def _nested(scope: Scope, kind: Kind, identity: str) -> Owned | None:
    if scope.computed:
        raise LimitExceeded("计算字段之下不得再有计算字段 · no computed field below a computed field")
    held = await _held(scope, OwnerAsk(kind, Lookup(identity), scope.moment, nested=True))
    if not isinstance(held, Owned):
        return None
    await load(scope.below(), held.named)
    return held


async def ownership_of(
    scope: Scope, info: Info, subject: str, direction: Direction, depth: int | None, least: Decimal | None
) -> OwnershipChart:
    """The chart of a subject by id or identifier; NOT_FOUND names the argument."""
    ask = OwnerAsk(Kind.CHART, parse_lookup(subject, argument="subject"), scope.moment)
    held = await _held(scope, ask._replace(view=view_of(info, direction, depth, least)))
    if isinstance(held, Ambiguous):
        raise several(held.candidates, "subject")
    if held is None or held.chart is None:
        raise NotFound("subject: 没有这个主体 · no such subject", argument="subject")
    inside = scope.below()
    await load(inside, held.named)
    return OwnershipChart(chart=held.chart, scope=inside)


def view_of(info: Info, direction: Direction, depth: int | None, least: Decimal | None) -> View:
    """What is asked of a chart; BAD_USER_INPUT where that means nothing."""
    if depth is not None and not 1 <= depth <= DEEPEST:
        raise Invalid(f"depth: 须为 1–{DEEPEST} · 1 to {DEEPEST}", argument="depth")
    share = Decimal(0) if least is None else least * PARTS
    if not 0 <= share <= WHOLE or share != int(share):
        raise Invalid("minShare: 须为 0–100,至多六位小数 · 0 to 100 percent, six decimals", argument="minShare")
    return View(direction, depth, int(share), MOST_SHOWN, "closeLinks" in info.below)


async def _held(scope: Scope, ask: OwnerAsk) -> Any:
    held: Held | Awaitable[Held] = scope.operation.owning.get(ask)
    return await held if isinstance(held, Awaitable) else held
