"""Whom a party controls among bidders: declared, or by more than half of the shares, or of the votes, jointly.

Capital alone is holding enough (公司法 265), and so are votes alone; the fixpoint is `graph.ownership`'s. It must not
know days or bidders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from graph import ownership
from graph.ownership import UNKNOWN, Network


class Tie(NamedTuple):
    """What one holds in another; None is unknown and counts nothing. `declared`: control itself, or a branch."""

    holder: str
    owned: str
    share: int | None = None
    votes: int | None = None
    declared: bool = False


def controlled(ties: Iterable[Tie], seeds: Collection[str]) -> set[str]:
    """The least set each of which the seeds and the set itself hold beyond half, by shares or by votes."""
    known = tuple(ties)
    ids = sorted({*seeds, *(end for each in known for end in (each.holder, each.owned))})
    number = {each: position for position, each in enumerate(ids)}
    holders = [number[each.holder] for each in known]
    owned = [number[each.owned] for each in known]
    shares = [UNKNOWN if each.share is None else each.share for each in known]
    votes = [UNKNOWN if each.votes is None else each.votes for each in known]
    declared = [(number[each.holder], number[each.owned]) for each in known if each.declared]
    networks = [  # of no votes the share counts
        Network.of_columns(ids, holders, owned, shares, weights, declared=declared)
        for weights in (votes, [UNKNOWN] * len(known))
    ]
    start = {number[each] for each in seeds}
    found: set[int] = set()
    while True:  # control by capital goes on through control by votes, and back
        joined = {each for network in networks for each in ownership.controlled(network, start | found).parties}
        if joined <= found:
            return {ids[each] for each in found - start}
        found |= joined
