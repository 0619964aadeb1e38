"""Whom a party controls: declared, or by more than half of the shares or votes, together with what it controls.

Whole numbers only, and a fixpoint, never a product along a path; it must not know days or bidders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

HALF: Final = 50_000_000  # millionths of a percent; control begins above it, never at it


class Tie(NamedTuple):
    """What one holds in another; None is unknown and counts nothing. `declared`: control itself, or a branch."""

    holder: str
    owned: str
    share: int | None = None
    votes: int | None = None
    declared: bool = False


def controlled(ties: Iterable[Tie], seeds: Collection[str]) -> set[str]:
    """The least set whose shares, or whose votes, are joined beyond half by the seeds and the set itself."""
    held: Mapping[str, list[Tie]] = defaultdict(list)
    for each in ties:
        if each.holder != each.owned:
            held[each.holder].append(each)
    return _joined(held, seeds, by_votes=False) | _joined(held, seeds, by_votes=True)


def _joined(held: Mapping[str, list[Tie]], seeds: Collection[str], *, by_votes: bool) -> set[str]:
    """Votes follow the share where none are told (公司法 65, 116)."""
    inside: set[str] = set()
    joined: dict[str, int] = defaultdict(int)
    waiting = [*seeds]
    while waiting:
        for each in held.get(waiting.pop(), ()):
            weight = each.votes if by_votes and each.votes is not None else each.share
            joined[each.owned] += max(weight or 0, 0)
            if (each.declared or joined[each.owned] > HALF) and each.owned not in inside and each.owned not in seeds:
                inside.add(each.owned)
                waiting.append(each.owned)
    return inside
