"""Who controls, finally owns, and is owned by: every such field of an operation over stakes read together.

It must not compute ownership, nor name anything itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, NamedTuple

from graph.codes import BeneficialBasis, ControlBasis, Direction
from graph.errors import LimitExceeded
from graph.findings import Cut, PathStep
from graph.identifiers import Lookup
from graph.ownership import (
    Chart,
    Network,
    View,
    another_controller,
    beneficial_owners,
    controllers,
    draw_chart,
    draw_steps,
    in_office,
    sure_on,
)
from graph.ownership.control import Pair
from graph.periods import Moment
from graph.store.connection import Database
from graph.store.ownership import KINDS, Closure, Closures, Reach, closures
from schema.access import is_enterprise, is_person
from schema.batching import Batch
from schema.computed import MOST_PARENTS
from schema.judgements import Ambiguous
from schema.scope import SUBJECT_PREFIXES, Operation

MOST_CONTROLLERS: Final = 100
MOST_SHOWN: Final = 500  # parties of a chart each way, close links, members of a ring
MOST_RINGS: Final = 100
MOST_WARNINGS: Final = 100


class Kind(Enum):
    CONTROLLERS = "controllers"
    BENEFICIAL = "beneficialOwners"
    CHART = "ownership"


class OwnerAsk(NamedTuple):
    kind: Kind
    lookup: Lookup
    moment: Moment
    nested: bool = False
    view: View | None = None  # of a chart


@dataclass(frozen=True, slots=True)
class Found:
    """One controller or beneficial owner with the picture of why. `cut`: what its picture or its list left out."""

    party: str
    basis: ControlBasis | BeneficialBasis
    voting: int | None
    parties: tuple[str, ...]
    steps: tuple[PathStep, ...]
    cut: Cut | None
    ultimate: bool = False
    integrated: float | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """The answer about one subject: controllers or beneficial owners, or its chart."""

    identity: str
    found: tuple[Found, ...] = ()
    chart: Chart | None = None

    @property
    def named(self) -> set[str]:
        """Every node the answer has to name."""
        ids = {self.identity, *(party for each in self.found for party in each.parties)}
        if self.chart is not None:
            chart = self.chart
            ids.update(
                chart.parties, chart.close[:MOST_SHOWN], *(ring[:MOST_SHOWN] for ring in chart.rings[:MOST_RINGS])
            )
            ids.update(*(each.nodes for each in chart.notices[:MOST_WARNINGS]))
            ids.update(end for each in chart.owning for end in (each.owner, each.owned))
        return ids


Held = Owned | Ambiguous | None


class Owning:
    """The ownership of one operation."""

    def __init__(self, operation: Operation, database: Database) -> None:
        self._operation = operation
        self._database = database
        self._answers: Batch[OwnerAsk, Held] = Batch(self._load)

    def get(self, ask: OwnerAsk) -> Held | Awaitable[Held]:
        plain = ask._replace(nested=False)
        return self._answers.get(plain if plain in self._answers else ask)

    async def _load(self, asks: Sequence[OwnerAsk]) -> Mapping[OwnerAsk, Held | Exception]:
        if sum(each.nested for each in asks) > MOST_PARENTS:
            refused = LimitExceeded(
                f"列表下的计算字段至多 {MOST_PARENTS} 个 · computed fields below lists: at most {MOST_PARENTS} parents"
            )
            return dict.fromkeys(asks, refused)
        found: dict[OwnerAsk, Held | Exception] = {}
        groups: dict[Moment, list[OwnerAsk]] = {}
        for ask in asks:
            groups.setdefault(ask.moment, []).append(ask)
        for moment, told in (await self._told(groups)).items():
            found.update(self._answer(groups[moment], told))
        return found

    async def _told(self, groups: Mapping[Moment, Sequence[OwnerAsk]]) -> Mapping[Moment, Closures]:
        operation = self._operation
        limits = operation.world.limits_of(operation.access.reader.role)
        views = [each.view for asks in groups.values() for each in asks if each.view is not None]
        return await closures(
            self._database,
            {moment: _lookups(asks) for moment, asks in groups.items()},
            operation.access.reading(operation.moment).readable(KINDS),
            Reach(any(each.direction is not Direction.OWNERS for each in views), any(each.close for each in views)),
            most_parties=limits.network_parties,
            most_stakes=limits.network_stakes,
        )

    def _answer(self, asks: Sequence[OwnerAsk], told: Closures) -> dict[OwnerAsk, Held | Exception]:
        operation = self._operation
        operation.version = told.version if operation.version is None else min(operation.version, told.version)
        seeds = dict(zip(_lookups(asks), told.seeds, strict=True))
        found: dict[OwnerAsk, Held | Exception] = {}
        for ask in asks:
            held = seeds[ask.lookup]
            try:
                answer = found[ask] = self._judge(ask, held, told)
            except LimitExceeded as error:
                found[ask] = error
                continue
            if not isinstance(answer, Ambiguous) and held:  # whoever asks by its id asks the same, also for nothing
                self._answers.prime(ask._replace(lookup=Lookup(held[0]), nested=False), answer)
        return found

    def _judge(self, ask: OwnerAsk, held: tuple[str, ...], told: Closures) -> Held:
        if len(held) > 1:
            return Ambiguous(held)
        if not held or not held[0].startswith(SUBJECT_PREFIXES):
            return None
        (identity,) = held
        if ask.lookup.node_id not in (None, identity):
            self._operation.merged[str(ask.lookup.node_id)] = identity
        closure = told.of[identity]
        stakes, open_days = sure_on(closure.stakes, ask.moment.as_of)
        closure = replace(closure, stakes=stakes)
        if open_days:  # a day known to the month or year leaves open who owns: only what is sure is told (S19)
            self._operation.inconclusive[ask.kind.value, identity] = None
        if ask.view is not None:
            return Owned(identity, chart=draw_chart(closure.stakes, identity, ask.view, closure.cut))
        judge: Callable[[Closure], tuple[tuple[Found, ...], bool]]
        judge = _controllers if ask.kind is Kind.CONTROLLERS else _beneficial
        found, conclusive = judge(closure)
        if closure.cut is not None and not found:
            raise LimitExceeded("所有者过多,不能得出结论 · too many owners: not conclusive")
        if not conclusive:
            self._operation.inconclusive[ask.kind.value, identity] = None
            if ask.kind is Kind.BENEFICIAL and not found:
                return None
        return Owned(identity, found)


def _lookups(asks: Sequence[OwnerAsk]) -> list[Lookup]:
    return list(dict.fromkeys(each.lookup for each in asks))


def _controllers(closure: Closure) -> tuple[tuple[Found, ...], bool]:
    """And whether there is no other for sure."""
    network = Network.of(closure.stakes, (closure.subject,))
    number = network.number(closure.subject)
    found = controllers(network, number, most=MOST_CONTROLLERS + 1)
    named = [each.party for each in found]
    conclusive = closure.cut is None and not another_controller(closure.stakes, network, number, is_enterprise, named)
    answers = []
    for each in found:
        parties, steps = _picture(closure, network, each.party, each.way, concert=each.basis is ControlBasis.CONCERT)
        party = network.ids[each.party]
        answers.append(Found(party, each.basis, each.votes, parties, steps, closure.cut, each.ultimate))
    return tuple(answers), conclusive


def _beneficial(closure: Closure) -> tuple[tuple[Found, ...], bool]:
    network, subject = Network.of(closure.stakes, (closure.subject,)), closure.subject
    number = network.number(subject)
    controls = controllers(network, number, such=lambda each: is_person(network.ids[each]))
    found, conclusive = beneficial_owners(
        closure.stakes,
        network,
        number,
        is_person,
        is_enterprise,
        controls,
        of_the_state=closure.state.get(subject) is not None,
        whole=closure.cut is None,
    )
    answers = []
    for each in found:
        parties: tuple[str, ...] = (each.person, subject)
        steps: tuple[PathStep, ...] = ()
        if each.charge is not None:
            steps = (in_office(each.charge),)
        else:
            concert = each.basis is BeneficialBasis.CONTROL
            parties, steps = _picture(closure, network, network.number(each.person), each.way, concert=concert)
        answers.append(
            Found(each.person, each.basis, each.votes, parties, steps, closure.cut, integrated=each.integrated)
        )
    return tuple(answers), conclusive


def _picture(
    closure: Closure, network: Network, party: int, way: tuple[Pair, ...], *, concert: bool
) -> tuple[tuple[str, ...], tuple[PathStep, ...]]:
    ends = {(network.ids[holder], network.ids[owned]) for holder, owned in way}
    parties = {network.ids[party], closure.subject, *(end for pair in ends for end in pair)}
    steps = draw_steps(closure.stakes, ends, parties if concert else ())
    return tuple(sorted(parties)), steps
