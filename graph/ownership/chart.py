"""The chart of one subject: who owns it and what it owns, by how much, with the rings and close links around it.

It must not know who asks; numbers come from `integrated` and `control`, the limits from whoever shows it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from graph.codes import Direction, TruncationReason
from graph.findings import Cut, Notice, PathStep
from graph.ownership.close import close_links
from graph.ownership.control import controlled, upwards
from graph.ownership.flaws import flaws
from graph.ownership.integrated import Share, Ways, at_least, shares_in, shares_of
from graph.ownership.integrated import above as ways_up
from graph.ownership.network import Network
from graph.ownership.rings import rings
from graph.ownership.stakes import Stakes, settled
from graph.ownership.steps import draw_steps


@dataclass(frozen=True, slots=True)
class Owning:
    """`direct` and `voting` in millionths of a percent, `integrated` as a part of one; None: not known, or none."""

    owner: str
    owned: str
    direct: int | None
    integrated: Share
    voting: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    subject: str
    owning: tuple[Owning, ...]
    close: tuple[str, ...]
    rings: tuple[tuple[str, ...], ...]
    parties: tuple[str, ...]
    steps: tuple[PathStep, ...]
    notices: tuple[Notice, ...]
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class View:
    """What of a chart is shown: which way, how many steps, from which share on, at most how many parties each way."""

    direction: Direction
    depth: int | None
    least: int
    most: int
    close: bool


def draw_chart(known: Stakes, subject: str, view: View, cut: Cut | None) -> Chart:
    """`cut`: that the stakes themselves were cut. The numbers are of everything read, whatever is shown of it."""
    network = Network.of(known, (subject,))
    me = network.number(subject)
    up = upwards(network, me) if view.direction is not Direction.OWNED else {me: 0}
    down = _downwards(network, me) if view.direction is not Direction.OWNERS else {me: 0}
    owners = _shown(network, me, up, shares_in(network, me) if len(up) > 1 else {}, view, above=True)
    owned = _shown(network, me, down, shares_of(network, me) if len(down) > 1 else {}, view, above=False)
    joined, direct, ids = controlled(network, (me,)).votes, _direct(known), network.ids
    owning = [
        Owning(ids[each], subject, direct.get((ids[each], subject)), share, _votes(network, each, me))
        for each, share in owners.shares
    ]
    owning += [
        Owning(subject, ids[each], direct.get((subject, ids[each])), share, joined.get(each) or None)
        for each, share in owned.shares
    ]
    around = {network.ids[each] for each in (*up, *down)}
    mine = replace(
        known, stakes=tuple([each for each in known.stakes if each.holder in around and each.owned in around])
    )
    numbers = {position for position, id in enumerate(network.ids) if id in around}
    found = [ring for ring in rings(network) if numbers.issuperset(ring)]
    above, below = ({network.ids[each] for each in (me, *part.parties)} for part in (owners, owned))
    ends = {(x, y) for x, y in _pairs(mine) if (x in above and y in above) or (x in below and y in below)}
    state = [position for position, id in enumerate(network.ids) if id in known.state]
    close = close_links(network, me, state) if view.close else []
    return Chart(
        subject,
        tuple(owning),
        tuple(network.ids[each] for each in close),
        tuple(tuple(network.ids[each] for each in ring) for ring in found),
        (subject, *sorted((above | below) - {subject})),
        draw_steps(mine, ends, above),
        flaws(mine, network, found),
        cut or _cut(owners, owned),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """`parties`: those shown, and those between them and the subject; left out: `far` beyond the depth, `over` cap."""

    shares: tuple[tuple[int, Share], ...]
    parties: Collection[int]
    far: int
    over: int


def _shown(
    network: Network, me: int, distance: dict[int, int], shares: dict[int, Share], view: View, *, above: bool
) -> _Part:
    reached = {each: steps for each, steps in distance.items() if each != me}
    within = {each for each, steps in reached.items() if view.depth is None or steps <= view.depth}
    ways = ways_up(network, me) if view.least and above else None
    wanted = {each for each in within if _enough(network, me, each, shares.get(each), view.least, ways)}
    # Who only is declared to control has no share to be weighed by.
    declared = {each for each in within if each not in shares}
    order = sorted(
        (each for each in wanted if each in shares),
        key=lambda each: (shares[each] is None, -(shares[each] or 0), reached[each], network.ids[each]),
    )
    kept = order[: view.most]
    between = _between(network, {*kept, *declared}, within, above=above)
    parties = [*dict.fromkeys([*kept, *sorted(declared), *sorted(between)])]
    return _Part(
        tuple((each, shares[each]) for each in kept),
        parties[: 2 * view.most],
        len(reached) - len(within),
        len(order) - len(kept) + max(0, len(parties) - 2 * view.most),
    )


def _enough(network: Network, me: int, party: int, share: Share, least: int, above: Ways | None) -> bool:
    if not least:
        return True
    return at_least(network, party, me, share, least, above) if above else at_least(network, me, party, share, least)


def _between(network: Network, kept: Collection[int], within: Collection[int], *, above: bool) -> set[int]:
    """What lies on a way between those kept and the subject."""
    edges = network.shares if above else network.held
    found, waiting = set[int](), [*kept]
    while waiting:
        for far, _ in edges[waiting.pop()]:
            if far in within and far not in found:
                found.add(far)
                waiting.append(far)
    return found


def _downwards(network: Network, subject: int) -> dict[int, int]:
    distance, level, steps = {subject: 0}, [subject], 0
    while level:
        steps += 1
        below: dict[int, None] = {}
        for each in level:
            below.update(dict.fromkeys(far for far, _ in network.shares[each]))
            below.update(dict.fromkeys(network.declared.get(each, ())))
        level = [each for each in below if each not in distance]
        distance.update(dict.fromkeys(level, steps))
    return distance


def _pairs(known: Stakes) -> list[tuple[str, str]]:
    return [
        *((each.holder, each.owned) for each in known.stakes),
        *((each.controller, each.controlled) for each in known.declared),
    ]


def _direct(known: Stakes) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for each in settled(known.stakes):
        if each.sure is not None:
            found[each.holder, each.owned] = found.get((each.holder, each.owned), 0) + each.sure
    return found


def _votes(network: Network, party: int, subject: int) -> int | None:
    return controlled(network, (party,)).votes.get(subject) or None


def _cut(*parts: _Part) -> Cut | None:
    over, far = sum(each.over for each in parts), sum(each.far for each in parts)
    if over:
        return Cut(TruncationReason.NODE_LIMIT, over, lower_bound=False)
    return Cut(TruncationReason.DEPTH_LIMIT, far, lower_bound=False) if far else None
