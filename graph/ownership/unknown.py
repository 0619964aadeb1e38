"""What the record leaves open: whether somebody else might control or finally own, for all that is not known.

A share that is unknown, or known as a band, may be as much as the known ones leave; so may what nobody is recorded to
hold. It must not name an owner: it says that an answer is not conclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.ownership.control import HALF, Pair, controlled, upwards, way_among
from graph.ownership.integrated import MARGIN, Share, at_least, shares_in, shares_of
from graph.ownership.network import WHOLE, Network
from graph.ownership.stakes import Stake, Stakes, settled

UNRECORDED: Final = ""  # the one owner of all that nobody is recorded to hold; no party has this id
OPEN: Final = "\0"  # the one owner of all that unknown shares may be; nor this

Such = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Room:
    """By number: `rest[y]` of y is held by nobody for sure; of it x may hold as much as `more[x]` says, (y, how much).

    Where y is not in `rest`, nobody is recorded to hold it.
    """

    rest: Mapping[int, int]
    more: Mapping[int, list[Pair]]

    @classmethod
    def of(cls, network: Network, stakes: Iterable[Stake], bounds: Callable[[Stake], tuple[int, int]]) -> Room:
        number = {id: position for position, id in enumerate(network.ids)}
        rest: dict[int, int] = {}
        more: dict[int, list[Pair]] = {}
        for each in stakes:
            holder, owned, (least, most) = number[each.holder], number[each.owned], bounds(each)
            rest[owned] = rest.get(owned, WHOLE) - least
            if most > least and holder != owned:
                more.setdefault(holder, []).append((owned, most - least))
        rest = {owned: max(left, 0) for owned, left in rest.items()}
        found = {holder: [each for each in open if rest[each[0]]] for holder, open in more.items()}
        return cls(rest, {holder: open for holder, open in found.items() if open})


def another_controller(
    known: Stakes, network: Network, subject: int, is_enterprise: Such, found: Collection[int]
) -> bool:
    """Whether one that is not `found` might control the subject."""
    room = Room.of(network, settled(known.stakes), _voting)
    return _another(network, room, subject, is_enterprise, lambda _: True, found, HALF + 1)


def another_owner(
    known: Stakes,
    network: Network,
    subject: int,
    is_person: Such,
    is_enterprise: Such,
    found: Collection[int],
    least: int,
) -> bool:
    """Whether a person that is not `found` might have `least` of the subject's capital or votes, or control it."""
    known = replace(known, stakes=settled(known.stakes))
    room = Room.of(network, known.stakes, _voting)
    return _another(network, room, subject, is_enterprise, is_person, found, least) or _another_share(
        known, network, subject, is_person, is_enterprise, found, least
    )


def _another(
    network: Network,
    room: Room,
    subject: int,
    is_enterprise: Such,
    such: Such,
    found: Collection[int],
    least: int,
) -> bool:
    """By votes or control: with all that one might command, `least` of the votes of the subject, or control of it."""
    distance = upwards(network, subject)
    firms = [each for each in distance if is_enterprise(network.ids[each]) and room.rest.get(each, WHOLE)]
    unrecorded = _might_command(network, room, (), firms)
    if subject in unrecorded.parties or unrecorded.votes(subject) >= least:
        return True
    open = [each for each in room.more if each in distance]
    if not open and not firms:
        return False
    others = [each for each in distance if each != subject and each not in found and such(network.ids[each])]
    near = _above(network, open)
    for each in others:
        if each in near and subject not in controlled(network, (each,)).parties:  # who does is found, if not listed
            might = _might_command(network, room, (each,))
            if subject in might.parties or might.votes(subject) >= least:
                return True
    return any(
        not members.isdisjoint(unrecorded.parties)
        or any(not members.isdisjoint({each, *_might_command(network, room, (each,)).parties}) for each in others)
        for members in _groups(network, room, subject, distance)
    )


def _groups(network: Network, room: Room, subject: int, distance: Collection[int]) -> Iterator[set[int]]:
    """Of those in concert that might control the subject together: who of them holds; as `controllers` has it."""
    for group in network.groups:
        if subject in group or not any(each in distance for each in group):
            continue
        if any(subject in controlled(network, (each,)).parties for each in group):
            continue
        might = _might_command(network, room, group)
        if subject in might.parties:
            way = way_among(network, subject, {*group, *might.parties})
            yield {holder for holder, _ in way}.intersection(group)


@dataclass(frozen=True, slots=True)
class _Might:
    parties: Mapping[int, None]
    sure: Mapping[int, int]
    more: Mapping[int, int]
    room: Room

    def votes(self, owned: int) -> int:
        return self.sure.get(owned, 0) + min(self.more.get(owned, 0), self.room.rest.get(owned, WHOLE))


def _might_command(network: Network, room: Room, seeds: Iterable[int], firms: Iterable[int] = ()) -> _Might:
    """As `controlled`, where all that is open goes to the seeds and to what they control; what is left of one party is
    given once. `firms`: of these, all that is left is the seeds' too."""
    start, inside = dict.fromkeys(seeds), dict[int, None]()
    sure: dict[int, int] = {}
    more = {each: room.rest.get(each, WHOLE) for each in firms}
    might = _Might(inside, sure, more, room)
    waiting = [*start]

    def enter(each: int) -> None:
        if each not in start and each not in inside:
            inside[each] = None
            waiting.append(each)

    for each in more:
        if might.votes(each) > HALF:
            enter(each)
    while waiting:
        holder = waiting.pop()
        for each in network.declared.get(holder, ()):
            enter(each)
        for joined, edges in ((sure, network.votes[holder]), (more, room.more.get(holder, ()))):
            for owned, votes in edges:
                joined[owned] = joined.get(owned, 0) + votes
                if might.votes(owned) > HALF:
                    enter(owned)
    return might


def _above(network: Network, below: Iterable[int]) -> set[int]:
    """These and whoever holds, or is declared to control, one of them through others."""
    found, waiting = set(below), [*below]
    while waiting:
        each = waiting.pop()
        for far in (*(holder for holder, _ in network.held[each]), *network.declaring.get(each, ())):
            if far not in found:
                found.add(far)
                waiting.append(far)
    return found


def _another_share(
    known: Stakes,
    network: Network,
    subject: int,
    is_person: Such,
    is_enterprise: Such,
    found: Collection[int],
    least: int,
) -> bool:
    """By capital: whether what is open makes `least` of the subject, alone or with what is known of one."""
    room, ids = Room.of(network, known.stakes, _bounds), network.ids
    distance = upwards(network, subject)
    rest = {ids[each]: room.rest.get(each, WHOLE) for each in distance if is_enterprise(ids[each])}
    open: dict[str, int] = {}
    for edges in room.more.values():
        for owned, more in edges:
            open[ids[owned]] = min(open.get(ids[owned], 0) + more, room.rest[owned])
    supposed = [
        Stake(f"{owner}>{owned}", owner, owned, share)
        for owner, shares in ((UNRECORDED, rest), (OPEN, open))
        for owned, share in shares.items()
        if share
    ]
    filled = Network.of(replace(known, stakes=(*known.stakes, *supposed)), (UNRECORDED, OPEN, ids[subject]))
    owned = filled.number(ids[subject])
    shares = shares_in(filled, owned)
    if None in shares.values():  # of somebody no share can be told: a ring that owns itself
        return True
    unrecorded = filled.number(UNRECORDED)
    if at_least(filled, unrecorded, owned, shares.get(unrecorded, 0.0), least):
        return True
    # Whatever is open, nobody gains more by it than one to whom all of it would go.
    most = (shares.get(filled.number(OPEN)) or 0.0) + MARGIN
    no_other = {UNRECORDED, OPEN, *(ids[each] for each in found)}
    return most > MARGIN and any(
        (share or 0.0) + most >= least / WHOLE
        and _might_hold(known, network, room, filled.ids[each], ids[subject], least)
        for each, share in shares.items()
        if filled.ids[each] not in no_other and is_person(filled.ids[each])
    )


def _might_hold(known: Stakes, network: Network, room: Room, person: str, subject: str, least: int) -> bool:
    """Whether a person might hold so much: what is open goes each time where the most of it came to him before."""
    given: dict[tuple[str, str], int] = {}
    for _ in range(len(known.stakes) + 1):
        supposed = [Stake(f"{OPEN}{holder}>{owned}", holder, owned, share) for (holder, owned), share in given.items()]
        filled = Network.of(replace(known, stakes=(*known.stakes, *supposed)), (person, subject))
        owner, owned = filled.number(person), filled.number(subject)
        shares: dict[str, Share] = {filled.ids[each]: share for each, share in shares_of(filled, owner).items()}
        if None in shares.values() or at_least(filled, owner, owned, shares.get(subject, 0.0), least):
            return True
        before, given = given, _given(network, room, {**shares, person: 1.0})
        if given == before:
            return False
    return True  # a ring that does not settle: not excluded


def _given(network: Network, room: Room, shares: Mapping[str, Share]) -> dict[tuple[str, str], int]:
    """What is left of each party to those of whom the person holds the most."""
    left = dict(room.rest)
    found: dict[tuple[str, str], int] = {}
    ids = network.ids
    for holder in sorted(room.more, key=lambda each: (-(shares.get(ids[each]) or 0.0), ids[each])):
        if shares.get(ids[holder]):
            for owned, more in room.more[holder]:
                part = min(more, left[owned])
                if part:
                    left[owned] -= part
                    found[ids[holder], ids[owned]] = found.get((ids[holder], ids[owned]), 0) + part
    return found


def _bounds(stake: Stake) -> tuple[int, int]:
    """The least and the most that a share can be; a negative one is no share, and unknown."""
    if stake.share is not None:
        return _exactly(stake.share)
    least, most = stake.band or (0, WHOLE)
    return max(least, 0), most


def _voting(stake: Stake) -> tuple[int, int]:
    if stake.votes is not None and stake.votes >= 0:
        return _exactly(stake.votes)
    return stake.voting_band if stake.votes is None and stake.voting_band else _bounds(stake)


def _exactly(share: int) -> tuple[int, int]:
    return (0, WHOLE) if share < 0 else (share, share)
