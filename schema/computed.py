"""Computed fields: every check and reach of an operation over one neighbourhood, everything found read at once.

Two statements for all of one moment; it must not know rules, and names nothing itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, NamedTuple

from graph import propagation
from graph.codes import Certainty, CheckOutcome, CheckScope, Purpose, RelationKind
from graph.errors import LimitExceeded, NotFound
from graph.facts import Facts
from graph.findings import CheckAnswer, Cut, Findings, PathStep, Related
from graph.identifiers import Lookup, parse_lookup
from graph.periods import Moment
from graph.rules import Footprint, Pack
from graph.store.neighbourhood import Neighbourhood, neighbourhood
from schema.answers import CreditCheck, Measure, Reach, pack_of
from schema.batching import Batch
from schema.nodes import load
from schema.scope import Operation, Scope, several

LARGEST_NEIGHBOURHOOD: Final = 20_000  # subjects, posts and records around all seeds; beyond it the answer says so
MOST_PARENTS: Final = 20  # of a computed field below a list (`api.md` 7)
SURE: Final = frozenset({Certainty.EX_LEGE, Certainty.NAMED, Certainty.FOUND})


class Kind(Enum):
    CHECK = "CHECK"
    REACH = "REACH"


class Ask(NamedTuple):
    kind: Kind
    lookup: Lookup
    purpose: Purpose | None
    moment: Moment
    nested: bool = False
    through: frozenset[CheckScope] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said about one subject or cause, for this reader."""

    identity: str
    findings: Findings
    outcome: CheckOutcome | None
    complete: bool
    truncated: Cut | None
    pack: Pack
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An identifier held by several subjects."""

    candidates: tuple[str, ...]


Held = Answer | Ambiguous | None


def single(held: Held, argument: str) -> Answer | None:
    if isinstance(held, Ambiguous):
        raise several(held.candidates, argument)
    return held


class Computing:
    """The computed fields of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._answers: Batch[Ask, Held] = Batch(self._load)

    def get(self, ask: Ask) -> Held | Awaitable[Held]:
        plain = ask._replace(nested=False)
        return self._answers.get(plain if plain in self._answers else ask)

    async def _load(self, asks: Sequence[Ask]) -> Mapping[Ask, Held | Exception]:
        if sum(each.nested for each in asks) > MOST_PARENTS:
            refused = LimitExceeded(
                f"列表下的计算字段至多 {MOST_PARENTS} 个 · computed fields below lists: at most {MOST_PARENTS} parents"
            )
            return dict.fromkeys(asks, refused)
        found: dict[Ask, Held | Exception] = {}
        groups: dict[Moment, list[Ask]] = {}
        for ask in asks:
            groups.setdefault(ask.moment, []).append(ask)
        for moment, group in groups.items():
            found.update(await self._answer(moment, group))
        for ask, answer in found.items():
            if isinstance(answer, Answer):
                self._answers.prime(ask._replace(lookup=Lookup(answer.identity), nested=False), answer)
        return found

    async def _answer(self, moment: Moment, asks: Sequence[Ask]) -> dict[Ask, Held | Exception]:
        """One neighbourhood for all; `operation.version` is the graph it was read from."""
        operation = self._operation
        lookups = list(dict.fromkeys(each.lookup for each in asks))
        pack = operation.world.packs.current
        near = await self._near(lookups, footprint(pack, asks), moment)
        pack = await operation.world.packs.of(near.pack_digest, operation.world.database)
        if not pack.footprint.relations <= operation.world.packs.current.footprint.relations:
            near = await self._near(lookups, footprint(pack, asks), moment)
        seeds = dict(zip(lookups, near.seeds, strict=True))
        facts = operation.access.facts(near.facts, moment.as_of)
        operation.version = near.version if operation.version is None else min(operation.version, near.version)
        return {ask: self._judge(ask, seeds[ask.lookup], facts, near, pack) for ask in asks}

    async def _near(self, lookups: Sequence[Lookup], walked: Footprint, moment: Moment) -> Neighbourhood:
        return await neighbourhood(
            self._operation.world.database, lookups, walked, moment, limit_edges=LARGEST_NEIGHBOURHOOD
        )

    def _judge(self, ask: Ask, held: Sequence[str], facts: Facts, near: Neighbourhood, pack: Pack) -> Held:
        if len(held) > 1:
            return Ambiguous(tuple(held))
        if not held:
            return None
        (identity,) = held
        if ask.lookup.node_id not in (None, identity):
            self._operation.merged[str(ask.lookup.node_id)] = identity
        official, moment = self._operation.access.official, ask.moment
        if ask.kind is Kind.CHECK:
            if identity not in facts.parties:
                return None
            checked = propagation.check(
                facts,
                pack,
                identity,
                ask.purpose,
                moment.as_of,
                moment.known,
                official=official,
                truncated=near.truncated,
                through=ask.through,
            )
            return _checked(checked, pack)
        if identity not in {*(each.id for each in facts.records), *(each.id for each in facts.qualifications)}:
            return None
        reached = propagation.reach(
            facts, pack, identity, moment.as_of, moment.known, official=official, truncated=near.truncated
        )
        return Answer(identity, reached.findings, None, reached.complete, reached.truncated, pack)


def footprint(pack: Pack, asks: Iterable[Ask]) -> Footprint:
    """What has to be read for all: whoever is told of beside the subject lies one step further, holders by shares."""
    through = frozenset[CheckScope]().union(*(each.through for each in asks))
    relations, hops = pack.footprint.relations, pack.footprint.hops
    held = {RelationKind.HOLDS} if CheckScope.OWNERSHIP in through else set[RelationKind]()
    return Footprint(relations | held, hops + 1 if through else hops)


def _checked(checked: CheckAnswer, pack: Pack) -> Answer:
    return Answer(
        checked.subject,
        checked.findings,
        checked.outcome,
        checked.complete,
        checked.truncated,
        pack,
        checked.related,
    )


def named(answer: Answer) -> set[str]:
    """Every node an answer may have to name."""
    found = answer.findings
    ids = {answer.identity, *(each for notice in found.notices for each in notice.nodes)}
    steps: list[PathStep] = []
    for related in answer.related:
        ids.add(related.via)
        steps += related.path
    beside = (measure for related in answer.related for measure in related.measures)
    for measure in (*found.measures, *found.potential, *beside):
        ids |= {measure.party, measure.cause}
        steps += (*measure.path, *measure.also_via)
    for considered in found.considered:
        ids |= {considered.party, considered.cause}
        steps += considered.path
    return ids.union(*({step.start, step.end} for step in steps))


async def check_of(
    scope: Scope, text: str, purpose: Purpose | None, argument: str, through: Collection[CheckScope] = ()
) -> CreditCheck:
    """The check of a subject by id or identifier; NOT_FOUND names the argument."""
    lookup = parse_lookup(text, argument=argument)
    ask = Ask(Kind.CHECK, lookup, purpose, scope.moment, through=frozenset(through))
    answer = single(await _held(scope, ask), argument)
    if answer is None or answer.outcome is None:
        raise NotFound(f"{argument}: 没有这个主体 · no such subject", argument=argument)
    scope.operation.access.note_judged(answer.identity)
    inside = scope.below()
    await load(inside, named(answer))
    return _check(inside, answer, purpose)


def _check(inside: Scope, answer: Answer, purpose: Purpose | None) -> CreditCheck:
    known = inside.moment.known_at
    assert answer.outcome is not None  # noqa: S101 - only a reach has none
    return CreditCheck(
        told=answer.findings,
        scope=inside,
        in_pack=pack_of(answer.pack),
        cut=answer.truncated,
        identity=answer.identity,
        purpose=purpose,
        outcome=answer.outcome,
        complete=answer.complete,
        as_of=inside.moment.as_of,
        near=answer.related,
        known_at=inside.operation.now if known is None else datetime.fromisoformat(known),
    )


async def reach_by(scope: Scope, text: str, argument: str) -> Reach:
    """Whom a record or qualification reaches; NOT_FOUND names the argument."""
    ask = Ask(Kind.REACH, parse_lookup(text, argument=argument), None, scope.moment)
    answer = single(await _held(scope, ask), argument)
    if answer is None:
        raise NotFound(f"{argument}: 没有这条记录或资格 · no such record or qualification", argument=argument)
    return await _reach(scope, answer)


async def _held(scope: Scope, ask: Ask) -> Held:
    held: Held | Awaitable[Held] = scope.operation.computing.get(ask)
    return await held if isinstance(held, Awaitable) else held


async def _reach(scope: Scope, answer: Answer) -> Reach:
    inside = scope.below()
    await load(inside, named(answer))
    return Reach(
        told=answer.findings,
        scope=inside,
        in_pack=pack_of(answer.pack),
        cut=answer.truncated,
        identity=answer.identity,
        complete=answer.complete,
    )


async def reach_of(scope: Scope, identity: str) -> Reach | None:
    """The reach of a record below another field."""
    _refuse_nesting(scope)
    answer = single(await _held(scope, Ask(Kind.REACH, Lookup(identity), None, scope.moment, nested=True)), "id")
    return None if answer is None else await _reach(scope, answer)


async def measures_of(
    scope: Scope, identity: str, certainty: Iterable[Certainty] | None, purpose: Purpose | None
) -> list[Measure] | None:
    """The measures that bind a subject, below another field; POTENTIAL only when asked for and allowed."""
    _refuse_nesting(scope)
    wanted = SURE if certainty is None else frozenset(certainty)
    if not scope.operation.access.official:
        wanted -= {Certainty.POTENTIAL}
    answer = single(await _held(scope, Ask(Kind.CHECK, Lookup(identity), None, scope.moment, nested=True)), "id")
    if answer is None:
        return None
    inside, pack = scope.below(), pack_of(answer.pack)
    scope.operation.access.note_judged(identity)
    await load(inside, named(answer))
    return [
        Measure(found=each, scope=inside, in_pack=pack)
        for each in (*answer.findings.measures, *answer.findings.potential)
        if each.certainty in wanted and (purpose is None or purpose in each.definition.purposes)
    ]


def _refuse_nesting(scope: Scope) -> None:
    if scope.computed:
        raise LimitExceeded("计算字段之下不得再有计算字段 · no computed field below a computed field")
