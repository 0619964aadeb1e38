"""Computed fields: every check and reach of an operation over what one statement reads, everything found named at once.

One statement for all of today's belief and one for earlier ones; it must not know rules, and names nothing itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Final

from graph import propagation
from graph.codes import Certainty, CheckScope, Purpose
from graph.errors import GraphError, LimitExceeded, NotFound
from graph.facts import Facts
from graph.identifiers import Lookup, parse_lookup
from graph.periods import Moment
from graph.propagation.hypotheses import PREFIX, suppose
from graph.rules import Footprint, Pack
from graph.store.connection import Database
from graph.store.neighbourhood import Neighbourhood, neighbourhoods
from schema.answers import CreditCheck, Measure, Reach, WhatIf, pack_of
from schema.batching import Batch
from schema.fields import Info
from schema.judgements import (
    BINDING,
    PARTS,
    Ambiguous,
    Answer,
    Ask,
    Held,
    Kind,
    Supposed,
    checked,
    footprint,
    named,
    shown_of,
    shown_parts,
    single,
    supposing,
    within,
)
from schema.nodes import load
from schema.scope import Operation, Scope, several
from schema.supposing import Change

LARGEST_NEIGHBOURHOOD: Final = 20_000  # subjects, posts and records around seeds read together, else the answer says so
TOGETHER: Final = 20  # of one moment, in one row of the statement
MOST_MEASURES: Final = 500  # below one subject (`api.md` 5)
MOST_PARENTS: Final = 20  # of a computed field below a list (`api.md` 7)
SURE: Final = frozenset({Certainty.EX_LEGE, Certainty.NAMED, Certainty.FOUND})


class Computing:
    """The computed fields of one operation."""

    def __init__(self, operation: Operation, database: Database) -> None:
        self._operation = operation
        self._database = database
        self._answers: Batch[Ask, Held] = Batch(self._load)

    def get(self, ask: Ask) -> Held | Awaitable[Held]:
        plain = ask._replace(nested=False)
        return self._answers.get(plain if plain in self._answers else ask)

    async def _load(self, asks: Sequence[Ask]) -> Mapping[Ask, Held | Exception]:
        if len({each._replace(shown=PARTS) for each in asks if each.nested}) > MOST_PARENTS:
            refused = LimitExceeded(
                f"列表下的计算字段至多 {MOST_PARENTS} 个 · computed fields below lists: at most {MOST_PARENTS} parents"
            )
            return dict.fromkeys(asks, refused)
        found: dict[Ask, Held | Exception] = {}
        groups: dict[Moment, list[Ask]] = {}
        for ask in asks:
            groups.setdefault(ask.moment, []).append(ask)
        walked = footprint(self._operation.world.packs.current, asks)
        parts = [
            (moment, each[at : at + TOGETHER])
            for moment, each in groups.items()
            for at in range(0, len(each), TOGETHER)
        ]
        async with aclosing(self._near(parts, walked)) as told:
            async for which, near in told:  # the database reads the next part while this one is judged
                found.update(await self._answer(*parts[which], near, walked))
        for ask, answer in found.items():
            if isinstance(answer, Answer | Supposed):
                self._answers.prime(ask._replace(lookup=Lookup(answer.identity), nested=False), answer)
        return found

    async def _answer(
        self, moment: Moment, asks: Sequence[Ask], near: Neighbourhood, walked: Footprint
    ) -> dict[Ask, Held | Exception]:
        """All or a part of what is asked of one moment; `operation.version` is the graph it was read from."""
        operation = self._operation
        pack = await operation.world.packs.of(near.pack_digest, operation.world.database)
        if pack is not operation.world.packs.current and not within(footprint(pack, asks), walked):
            (near,) = [each async for _, each in self._near([(moment, asks)], footprint(pack, asks))]
        seeds = dict(zip(_lookups(asks), near.seeds, strict=True))
        known = propagation.index(operation.access.facts(near.facts, moment.as_of), moment.known)
        operation.version = near.version if operation.version is None else min(operation.version, near.version)
        found: dict[Ask, Held | Exception] = {}
        for ask in asks:
            try:
                found[ask] = self._judge(ask, seeds, known, near, pack)
            except GraphError as error:  # a supposition that contradicts the facts
                found[ask] = error
        return found

    def _near(
        self, parts: Sequence[tuple[Moment, Sequence[Ask]]], walked: Footprint
    ) -> AsyncGenerator[tuple[int, Neighbourhood], None]:
        asked = [(moment, _lookups(asks)) for moment, asks in parts]
        reading = self._operation.access.reading(self._operation.moment)
        return neighbourhoods(self._database, asked, walked, limit_edges=LARGEST_NEIGHBOURHOOD, reading=reading)

    def _judge(
        self, ask: Ask, seeds: Mapping[Lookup, Sequence[str]], known: propagation.Index, near: Neighbourhood, pack: Pack
    ) -> Held:
        held = seeds[ask.lookup]
        if len(held) > 1:
            return Ambiguous(tuple(held))
        if not held:
            return None
        (identity,) = held
        if ask.lookup.node_id not in (None, identity):
            self._operation.merged[str(ask.lookup.node_id)] = identity
        official, moment = self._operation.access.official, ask.moment
        if ask.kind is not Kind.REACH and identity not in known.facts.parties:
            return None
        if ask.kind is Kind.WHAT_IF:
            return self._suppose(ask, identity, seeds, known.facts, near, pack)
        if ask.kind is Kind.CHECK:
            told = propagation.check_in(
                known,
                pack,
                identity,
                ask.purpose,
                moment.as_of,
                official=official,
                truncated=near.truncated,
                through=ask.through,
                considering=ask.considering,
            )
            return checked(told, pack, ask.shown)
        if not known.named([identity]):
            return None
        reached = propagation.reach_in(
            known,
            pack,
            identity,
            moment.as_of,
            official=official,
            truncated=near.truncated,
            considering=ask.considering,
        )
        found, itself = shown_parts(reached.findings, ask.shown), not ask.shown.isdisjoint(("record", "subgraph"))
        return Answer(identity, found, None, reached.complete, reached.truncated, pack, named=itself)

    def _suppose(
        self,
        ask: Ask,
        identity: str,
        seeds: Mapping[Lookup, Sequence[str]],
        facts: Facts,
        near: Neighbourhood,
        pack: Pack,
    ) -> Supposed:
        def held(lookup: Lookup, where: str) -> str | None:
            found = seeds[lookup]
            if len(found) > 1:
                raise several(found, where)
            return found[0] if found else None

        changes = [each.resolved(held) for each in ask.changes]
        official, moment = self._operation.access.official, ask.moment
        answer = propagation.what_if(
            facts,
            pack,
            identity,
            changes,
            ask.purpose,
            moment.as_of,
            moment.known,
            official=official,
            truncated=near.truncated,
        )
        return Supposed(
            identity,
            checked(answer.before, pack),
            checked(answer.after, pack),
            answer.appeared,
            answer.vanished,
            tuple(each for each in suppose(facts, changes, pack).records if each.id.startswith(PREFIX)),
        )


def _lookups(asks: Sequence[Ask]) -> list[Lookup]:
    return list(dict.fromkeys(lookup for each in asks for lookup in each.lookups))


async def check_of(
    scope: Scope, text: str, purpose: Purpose | None, argument: str, info: Info, through: Collection[CheckScope] = ()
) -> CreditCheck:
    """The check of a subject by id or identifier; NOT_FOUND names the argument."""
    lookup = parse_lookup(text, argument=argument)
    ask = Ask(Kind.CHECK, lookup, purpose, scope.moment, through=frozenset(through), shown=shown_of(info))
    answer = single(await _held(scope, ask), argument)
    if not isinstance(answer, Answer) or answer.outcome is None:
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


async def what_if_of(
    scope: Scope, text: str, changes: tuple[Change, ...], purpose: Purpose | None, argument: str
) -> WhatIf:
    """The check of a subject as things are and as they would be."""
    ask = supposing(parse_lookup(text, argument=argument), changes, purpose, scope.moment)
    answer = single(await _held(scope, ask), argument)
    if not isinstance(answer, Supposed):
        raise NotFound(f"{argument}: 没有这个主体 · no such subject", argument=argument)
    scope.operation.access.note_judged(answer.identity)
    inside = scope.below()
    pack = answer.after.pack
    await load(inside, named(answer), answer.listed)
    return WhatIf(
        found_appeared=answer.appeared,
        found_vanished=answer.vanished,
        scope=inside,
        in_pack=pack_of(pack),
        before=_check(inside, answer.before, purpose),
        after=_check(inside, answer.after, purpose),
    )


async def reach_by(scope: Scope, text: str, argument: str, info: Info) -> Reach:
    """Whom a record or qualification reaches; NOT_FOUND names the argument."""
    ask = Ask(Kind.REACH, parse_lookup(text, argument=argument), None, scope.moment, shown=shown_of(info))
    answer = single(await _held(scope, ask), argument)
    if not isinstance(answer, Answer):
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


async def reach_of(scope: Scope, identity: str, info: Info) -> Reach | None:
    """The reach of a record below another field."""
    _refuse_nesting(scope)
    ask = Ask(Kind.REACH, Lookup(identity), None, scope.moment, nested=True, shown=shown_of(info))
    answer = single(await _held(scope, ask), "id")
    return await _reach(scope, answer) if isinstance(answer, Answer) else None


async def measures_of(
    scope: Scope, identity: str, certainty: Iterable[Certainty] | None, purpose: Purpose | None
) -> list[Measure] | None:
    """The measures that bind a subject, below another field; POTENTIAL only when asked for and allowed."""
    _refuse_nesting(scope)
    wanted = SURE if certainty is None else frozenset(certainty)
    if not scope.operation.access.official:
        wanted -= {Certainty.POTENTIAL}
    ask = Ask(Kind.CHECK, Lookup(identity), None, scope.moment, nested=True, shown=BINDING)
    answer = single(await _held(scope, ask), "id")
    if not isinstance(answer, Answer):
        return None
    inside, pack = scope.below(), pack_of(answer.pack)
    scope.operation.access.note_judged(identity)
    await load(inside, named(answer))
    chosen = [
        each
        for each in (*answer.findings.measures, *answer.findings.potential)
        if each.certainty in wanted and (purpose is None or purpose in each.definition.purposes)
    ]
    shown = scope.capped(chosen, MOST_MEASURES, "measures", identity)
    return [Measure(found=each, scope=inside, in_pack=pack) for each in shown]


def _refuse_nesting(scope: Scope) -> None:
    if scope.computed:
        raise LimitExceeded("计算字段之下不得再有计算字段 · no computed field below a computed field")
