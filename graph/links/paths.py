"""The shortest paths between parties over relations that were read around them: shorter first, then by ids.

It must not know what a relation means; it says where the reading ended, so that nobody takes silence for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import combinations
from typing import Final

Path = tuple[str, ...]  # the nodes of a path, ends included; no node twice

HUB: Final = 200  # relations of the kinds that are walked; a node with more is met, and not walked through
MOST_WORK: Final = 1_000_000  # neighbours looked at for all pairs, a fraction of a second; beyond it there may be more
MOST_HUBS: Final = 10  # named for one pair, the nearest first


@dataclass(frozen=True, slots=True)
class Web:
    """What was read: neighbours of every node that was walked through, from each end at most `radius` steps far.

    `avoided` were met and not walked through: their other neighbours are not here.
    """

    neighbours: Mapping[str, Sequence[str]]
    avoided: frozenset[str] = frozenset()
    radius: int = 3


@dataclass(frozen=True, slots=True)
class Linked:
    """The paths between two parties. `further`: there are more; `deeper`: some may be longer than was asked for.

    `hubs`: nodes that were not walked through, though a path as good as these leads through them, or may.
    """

    start: str
    end: str
    paths: tuple[Path, ...]
    further: bool
    deeper: bool
    hubs: tuple[str, ...]


def web(pairs: Iterable[tuple[str, str]], avoided: Iterable[str], radius: int) -> Web:
    """Of relations as pairs of ends; a relation of a node to itself leads nowhere."""
    neighbours: dict[str, set[str]] = {}
    for near, far in pairs:
        if near != far:
            neighbours.setdefault(near, set()).add(far)
            neighbours.setdefault(far, set()).add(near)
    return Web({each: sorted(found) for each, found in neighbours.items()}, frozenset(avoided), radius)


def linked(web: Web, ends: Sequence[str], hops: int, most: int) -> tuple[Linked, ...]:
    """Each pair of ends in their order. An end is never avoided: who asks for it may walk through it."""
    avoided = web.avoided - {*ends}
    pairs = [*combinations(ends, 2)]
    through = {each: _distances(web, each, hops, avoided) for each in ends}
    everywhere = {each: _distances(web, each, hops, frozenset()) for each in ends} if avoided else through
    read = {node for near in through.values() for node, steps in near.items() if steps < web.radius} - avoided
    unread = web.neighbours.keys() - read
    found = []
    for start, end in pairs:
        work = MOST_WORK // len(pairs)
        walk = _Walk(web, start, end, hops, through[start], through[end], avoided, work)
        paths, further = walk.first(most)
        hubs: list[str] = []
        if avoided:
            free = _Walk(web, start, end, hops, everywhere[start], everywhere[end], frozenset(), work)
            hubs = _hubs(free, avoided, unread, most, hops if len(paths) < most else len(paths[-1]) - 1)
        leaves = [_leaves(through[each], web.radius, avoided) for each in (start, end)]
        found.append(Linked(start, end, paths, further, not paths and all(leaves), tuple(hubs)))
    return tuple(found)


def _distances(web: Web, start: str, hops: int, avoided: frozenset[str]) -> dict[str, int]:
    """Steps from an end to every node within reach; an avoided one is met, and left out of the way on."""
    found = {start: 0}
    ring = [start]
    for step in range(1, hops + 1):
        following = []
        for node in ring:
            for each in web.neighbours.get(node, ()):
                if each not in found:
                    found[each] = step
                    if each not in avoided:
                        following.append(each)
        ring = following
        if not ring:
            break
    return found


def _leaves(distances: Mapping[str, int], radius: int, avoided: frozenset[str]) -> bool:
    """Whether the reading around an end stopped at its radius, and not because there was no more."""
    return any(steps == radius and node not in avoided for node, steps in distances.items())


def _hubs(free: _Walk, avoided: frozenset[str], unread: Set[str], most: int, longest: int) -> list[str]:
    """Avoided nodes on the first paths there are when nothing is avoided, and those from which a path of at most
    `longest` steps may lead on over relations that nobody has read: to another node whose relations are `unread`."""
    told: dict[str, int] = {}
    paths, _ = free.first(most)
    for path in paths:
        for each in avoided.intersection(path[1:-1]):
            told[each] = min(free.near[each], free.far[each])
    for near, far in ((free.near, free.far), (free.far, free.near)):
        nearest = nsmallest(2, ((far[each], each) for each in unread & far.keys()))
        for each in avoided & near.keys():
            if any(near[each] + 1 + steps <= longest for steps, other in nearest if other != each):
                told.setdefault(each, near[each])
    return sorted(told, key=lambda each: (told[each], each))[:MOST_HUBS]


@dataclass(slots=True)
class _Walk:
    """One pair. `near` and `far`: steps from its start and from its end."""

    web: Web
    start: str
    end: str
    hops: int
    near: Mapping[str, int]
    far: Mapping[str, int]
    avoided: frozenset[str]
    work: int
    rings: list[set[str]] = field(default_factory=list)

    def first(self, most: int) -> tuple[tuple[Path, ...], bool]:
        """The first `most` paths, and whether there is another, or might be for all the work that was put in."""
        found: list[Path] = []
        shortest = self.near.get(self.end)
        if shortest is None:
            return (), False
        between = {
            each
            for each, steps in self.near.items()
            if each not in self.avoided and steps + self.far.get(each, self.hops + 1) <= self.hops
        } - {self.start, self.end}
        neighbours = self.web.neighbours
        self.rings = [{self.end}]
        for length in range(1, self.hops + 1):
            ahead = self.rings[-1]
            self.work -= sum(len(neighbours[each]) for each in ahead)
            if self.work < 0:
                return tuple(found), True
            ring = {each for node in ahead for each in neighbours[node]}
            if length >= shortest and self.start in ring:
                for path in self._of_length([self.start], {self.start}, length):
                    if len(found) == most:
                        return tuple(found), True
                    found.append(path)
                if self.work < 0:
                    return tuple(found), True
            self.rings.append(ring & between)
        return tuple(found), False

    def _of_length(self, path: list[str], taken: set[str], left: int) -> Iterator[Path]:
        """Ways on in the order of ids; `rings[n]` are the nodes from which the end is n steps away."""
        ahead = self.rings[left - 1]
        neighbours = self.web.neighbours[path[-1]]
        self.work -= len(neighbours)
        if self.work < 0:
            return
        for each in neighbours:
            if each not in ahead or each in taken:
                continue
            if left == 1:
                yield (*path, each)
                continue
            path.append(each)
            taken.add(each)
            yield from self._of_length(path, taken, left - 1)
            path.pop()
            taken.discard(each)
