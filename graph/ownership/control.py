"""Company control: who commands more than half of the votes of whom, alone or with what it controls or acts with.

Whole numbers only; each party enters once, so that no ring and no lattice of paths costs more than its edges.
It must not know persons from organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from graph.codes import ControlBasis
from graph.ownership.network import Edges, Network
from graph.ownership.rings import components

HALF: Final = 50_000_000  # control begins above it, never at it

Pair = tuple[int, int]


class Commanded(NamedTuple):
    """Who is controlled, in the order they entered, and the votes that were joined in each party met."""

    parties: Mapping[int, None]
    votes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Control:
    """One that controls a subject. `votes`: commanded in the subject, of a group those of all its members together;
    None where no holding is known. `way`: the holdings and declarations (holder, owned) that it rests on.
    """

    party: int
    basis: ControlBasis
    votes: int | None
    ultimate: bool
    way: tuple[Pair, ...]


def controlled(network: Network, seeds: Iterable[int]) -> Commanded:
    """Everything the seeds control together: the least set whose votes are joined beyond half, or that is declared."""
    return _fixpoint(network.votes, network.declared, seeds)


def control_from_every_holder(network: Network) -> tuple[list[int], list[int]]:
    """(controller, controlled) of every party alone, as two columns; a million pairs at the size of a large city."""
    controllers: list[int] = []
    found: list[int] = []
    for holder, edges in enumerate(network.votes):
        if holder in network.declared or any(votes > HALF for _, votes in edges) or _twice(edges):
            inside = controlled(network, (holder,)).parties
            controllers += [holder] * len(inside)
            found += inside
    return controllers, found


def _twice(edges: list[Pair]) -> bool:
    """Two lots of one holder in one party may be more than half together."""
    return len(edges) > 1 and len({owned for owned, _ in edges}) < len(edges)


def _fixpoint(
    edges: Edges, declared: Mapping[int, tuple[int, ...]], seeds: Iterable[int], until: Collection[int] = ()
) -> Commanded:
    """`until`: stop as soon as one of these enters."""
    start = dict.fromkeys(seeds)
    inside: dict[int, None] = {}
    joined: dict[int, int] = {}
    waiting = [*start]
    while waiting:
        holder = waiting.pop()
        entering: list[int] = [each for each in declared.get(holder, ()) if each not in inside]
        for owned, votes in edges[holder]:
            total = joined[owned] = joined.get(owned, 0) + votes
            if total > HALF and owned not in inside:
                entering.append(owned)
        for each in entering:
            if each not in start and each not in inside:
                inside[each] = None
                waiting.append(each)
                if each in until:
                    return Commanded(inside, joined)
    return Commanded(inside, joined)


def controllers(
    network: Network, subject: int, *, most: int | None = None, such: Callable[[int], bool] = lambda _: True
) -> list[Control]:
    """All that control the subject: those nobody controls first, then the nearest, then by number.

    Only the first `most` of those that are `such` are worked out.
    """
    distance = upwards(network, subject)
    targets = {subject}
    for party in distance:
        if party != subject and not targets.isdisjoint(
            _fixpoint(network.votes, network.declared, (party,), targets).parties
        ):
            targets.add(party)
    alone = targets - {subject}
    together = _together(network, subject, alone, distance)
    owned = _below_others(network, {subject, *alone}, together, distance)
    order = sorted(
        (each for each in (*alone, *together) if such(each)),
        key=lambda each: (each in owned, distance.get(each, 0), each),
    )
    return [_control(network, subject, each, together.get(each), each not in owned) for each in order[:most]]


def upwards(network: Network, subject: int) -> dict[int, int]:
    """Whoever holds, or is declared to control, the subject through others; nearest first, with the steps to it."""
    distance = {subject: 0}
    level, steps = [subject], 0
    while level:
        steps += 1
        above: dict[int, None] = {}
        for each in level:
            above.update(dict.fromkeys(sorted({holder for holder, _ in network.held[each]})))
            above.update(dict.fromkeys(network.declaring.get(each, ())))
        level = [each for each in above if each not in distance]
        distance.update(dict.fromkeys(level, steps))
    return distance


def _together(
    network: Network, subject: int, alone: Collection[int], distance: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Who controls the subject only with those it acts in concert with, and who controls one of them; with the group.

    Where one of a group controls alone, the others follow: they are no controllers.
    """
    found: dict[int, tuple[int, ...]] = {}
    for group in network.groups:
        if subject in group or any(each in alone for each in group) or not any(each in distance for each in group):
            continue
        commanded = controlled(network, group)
        if subject not in commanded.parties:
            continue
        holding = {holder for holder, _ in way_among(network, subject, {*group, *commanded.parties})}
        members = holding.intersection(group)
        for each in distance:
            behind = each != subject and not members.isdisjoint(controlled(network, (each,)).parties)
            if each in members or (behind and each not in alone):
                found.setdefault(each, group)
    return found


def _below_others(
    network: Network, alone: Collection[int], together: Mapping[int, tuple[int, ...]], distance: Mapping[int, int]
) -> set[int]:
    """Who is controlled by a controller or by the subject; one that is controlled adds only who is in its own ring."""
    place = {each: position for position, each in enumerate(distance)}  # the ring of one of these is among them
    successors = [
        [
            place[far]
            for far in (*(far for far, _ in network.votes[each]), *network.declared.get(each, ()))
            if far in place
        ]
        for each in distance
    ]
    ring = {position: number for number, members in enumerate(components(successors)) for position in members}
    below: dict[int, set[int | None]] = {}  # by the rings that control it; None: one elsewhere
    seeds: list[tuple[int, ...]] = [group for group in network.groups if not distance.keys().isdisjoint(group)]
    seeds += [(each,) for each in sorted({*alone, *together}, key=lambda each: (-distance.get(each, 0), each))]
    for group in seeds:
        own = ring[place[group[0]]] if group[0] in place else None
        if len(group) == 1 and below.get(group[0], set()) - {own}:
            continue
        for each in controlled(network, group).parties:
            below.setdefault(each, set()).add(own)
    return set(below)


def _control(network: Network, subject: int, party: int, group: tuple[int, ...] | None, ultimate: bool) -> Control:
    seeds = (party,) if group is None else group
    commanded = controlled(network, (party, *seeds) if party not in seeds else seeds)
    way = way_among(network, subject, {party, *seeds, *commanded.parties})
    basis = ControlBasis.CONCERT if group is not None else _basis(network, subject, party, way)
    return Control(party, basis, commanded.votes.get(subject) or None, ultimate, way)


def _basis(network: Network, subject: int, party: int, way: tuple[Pair, ...]) -> ControlBasis:
    """What the control rests on: capital where that alone is enough, else votes, else what was declared."""
    if subject in _fixpoint(network.votes, {}, (party,)).parties:
        by_capital = subject in _fixpoint(network.shares, {}, (party,)).parties
        return ControlBasis.EQUITY if by_capital else ControlBasis.VOTES
    said = [network.bases[each] for each in ((party, subject), *way) if each in network.bases]
    return said[0] if said else ControlBasis.DECLARED


def way_among(network: Network, subject: int, inside: Collection[int]) -> tuple[Pair, ...]:
    """The holdings and declarations among parties by which one comes down to the subject."""
    found: dict[Pair, None] = {}
    seen, waiting = {subject}, [subject]
    while waiting:
        owned = waiting.pop()
        for holder in {*(far for far, _ in network.held[owned]), *network.declaring.get(owned, ())}:
            if holder in inside and holder != subject:
                found[holder, owned] = None
                if holder not in seen:
                    seen.add(holder)
                    waiting.append(holder)
    return tuple(sorted(found))
