"""Links and conflicts of bidders: what one turn of an operation asks of them is read at once, and answered.

One statement for the links, one for the bidders; it must not find paths nor judge anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph.codes import RelationKind
from graph.errors import GraphError, Invalid, LimitExceeded, NotFound, TimedOut
from graph.identifiers import Lookup
from graph.links.answer import LinksAnswer, answer, out_of_time, radius
from graph.links.conflicts import Conflict, conflicts
from graph.periods import Moment
from graph.rules import Pack
from graph.store import bidders as store_bidders
from graph.store import links as store_links
from graph.store.expansion import shape
from graph.store.projection import Mode, Time, moments_parameters, statement
from schema.batching import Batch
from schema.scope import SUBJECT_PREFIXES, Operation, several


class LinksAsk(NamedTuple):
    """`least`: of a share, in millionths of a percent."""

    lookups: tuple[Lookup, ...]
    kinds: tuple[RelationKind, ...]
    least: int | None
    hops: int
    most: int
    moment: Moment


class BidsAsk(NamedTuple):
    lookups: tuple[Lookup, ...]
    moment: Moment


@dataclass(frozen=True, slots=True)
class BidsAnswer:
    """What the rules say about the bidders, for this reader."""

    bidders: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    pack: Pack

    @property
    def named(self) -> set[str]:
        steps = [step for each in self.conflicts for step in each.path]
        return {*self.bidders, *(step.start for step in steps), *(step.end for step in steps)}


Asked = LinksAsk | BidsAsk
Told = LinksAnswer | BidsAnswer
Answers = Mapping[Asked, Told | Exception]


def linking(operation: Operation) -> Batch[Asked, Told]:
    async def load(asks: Sequence[Asked]) -> Answers:
        links = [each for each in asks if isinstance(each, LinksAsk)]
        bids = [each for each in asks if isinstance(each, BidsAsk)]
        first, second = await asyncio.gather(_links(operation, links), _bids(operation, bids))
        return {**first, **second}

    found: Batch[Asked, Told] = operation.batches.setdefault("linking", Batch(load))
    return found


async def _links(operation: Operation, asks: Sequence[LinksAsk]) -> Answers:
    """All by one statement, within the time that links have."""
    if not asks:
        return {}
    access = operation.access
    times = _times(asks)
    parts: dict[str, str] = {}
    parameters = moments_parameters(times)
    for number, ask in enumerate(asks):
        prefix = f"l{number}_"
        reading = access.reading(ask.moment)
        least = ask.least is not None
        walk = store_links.Walk(ask.kinds, access.closed(ask.kinds), radius(ask.hops), least)
        parts[f"l{number}"] = store_links.body(walk, shape(reading), times[ask.moment], prefix)
        parameters |= store_links.parameters(ask.lookups, reading, ask.least, prefix)
    text, world = statement(parts, ()), operation.world
    database, seconds = world.database, world.limits_of(access.reader.role).link_milliseconds / 1000
    if not database.answered(text):
        seconds += database.limits.plan_seconds
    try:
        async with asyncio.timeout(seconds):  # the server looks at its own clock every other second
            (row,) = await database.read(text, parameters, timeout_seconds=seconds)
    except (TimeoutError, TimedOut):
        return {ask: out_of_time(_given(ask), ask.hops) for ask in asks}
    return {ask: _tried(_linked, operation, ask, row[f"l{number}"]) for number, ask in enumerate(asks)}


def _linked(operation: Operation, ask: LinksAsk, row: Mapping[str, object]) -> LinksAnswer:
    read = store_links.around(row, ask.lookups)
    _as_of_version(operation, read.version)
    ends = _parties(operation, ask.lookups, read.seeds, "between")
    return answer(read.relations, store_links.view, ends, read.avoided, hops=ask.hops, most=ask.most, cut=read.cut)


def _given(ask: LinksAsk) -> tuple[str, ...]:
    """The ends as far as they were named by id: nothing was read."""
    return tuple(dict.fromkeys(each.node_id for each in ask.lookups if each.node_id is not None))


async def _bids(operation: Operation, asks: Sequence[BidsAsk]) -> Answers:
    """All by one statement."""
    if not asks:
        return {}
    times = _times(asks)
    parts: dict[str, str] = {}
    parameters = moments_parameters(times)
    for number, ask in enumerate(asks):
        reading = operation.access.reading(ask.moment)
        parts[f"b{number}"] = store_bidders.body(shape(reading), times[ask.moment], f"b{number}_")
        parameters |= store_bidders.parameters(ask.lookups, reading, f"b{number}_")
    (row,) = await operation.together.read(statement(parts, ()), parameters)
    world = operation.world
    found: dict[Asked, Told | Exception] = {}
    for number, ask in enumerate(asks):
        read = store_bidders.bidders(row[f"b{number}"], ask.lookups)
        pack = await world.packs.of(read.pack_digest, world.database)
        found[ask] = _tried(_judged, operation, ask, read, pack)
    return found


def _judged(operation: Operation, ask: BidsAsk, read: store_bidders.Bidders, pack: Pack) -> BidsAnswer:
    _as_of_version(operation, read.version)
    bidders = _parties(operation, ask.lookups, read.seeds, "bidders")
    if read.cut:
        most = store_bidders.MOST_FACTS
        raise LimitExceeded(
            f"bidders: 其周围的事实逾 {most},不能给出完整结论 · more than {most} facts around them: no whole answer",
            argument="bidders",
        )
    access, as_of = operation.access, ask.moment.as_of
    facts = access.facts(read.facts, as_of)
    found = conflicts(facts, pack, bidders, as_of, ask.moment.known, official=access.official)
    return BidsAnswer(bidders, tuple(found), pack)


def _times(asks: Sequence[Asked]) -> dict[Moment, Time]:
    moments = dict.fromkeys(each.moment for each in asks)
    return {
        each: Time(number, Mode.MIXED if each.known_at is None else Mode.PAST) for number, each in enumerate(moments)
    }


def _as_of_version(operation: Operation, version: int) -> None:
    """An answer is of the oldest graph that any of its statements saw (`storage.md` 2)."""
    operation.version = version if operation.version is None else min(operation.version, version)


def _parties(
    operation: Operation, lookups: Sequence[Lookup], seeds: Sequence[Sequence[str]], argument: str
) -> tuple[str, ...]:
    """The one subject of each lookup; no two of them are the same."""
    found: dict[str, int] = {}
    for number, (lookup, held) in enumerate(zip(lookups, seeds, strict=True)):
        where = f"{argument}.{number}"
        if len(held) > 1:
            raise several(held, where)
        if not held or not held[0].startswith(SUBJECT_PREFIXES):
            raise NotFound(f"{where}: 没有这个主体 · no such subject", argument=where)
        identity = held[0]
        if identity in found:
            first = f"{argument}.{found[identity]}"
            raise Invalid(f"{where}: 与 {first} 是同一主体 · the same subject as {first}", argument=where)
        found[identity] = number
        if lookup.node_id not in (None, identity):
            operation.merged[str(lookup.node_id)] = identity
    return tuple(found)


def _tried(work: Callable[..., Told], *given: object) -> Told | Exception:
    """One that is refused fails alone."""
    try:
        return work(*given)
    except GraphError as error:
        return error
