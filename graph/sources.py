"""Which source counts where several tell of one holding: one for each pair of holder and owned, else it counts twice.

It must not know days: whoever asks gives the holdings of one day, as known at one time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from graph.facts import Holding

T = TypeVar("T")


class Telling(NamedTuple):
    """Who told of a holding, and when; `known`: a share or votes are told. A supposed holding has no source."""

    holder: str
    owned: str
    known: bool
    recorded_at: str
    source: str


def settled(holdings: Iterable[T], told: Callable[[T], Telling]) -> tuple[T, ...]:
    """Of each pair what the source recorded last tells, of those that know how much; all of its lots.

    What is only supposed stands beside.
    """
    listed = [(told(each), each) for each in holdings]
    latest: dict[tuple[str, str], tuple[bool, str, str]] = {}
    for telling, _ in listed:
        pair = (telling.holder, telling.owned)
        latest[pair] = max(latest.get(pair, (False, "", "")), telling[2:])
    return tuple(each for telling, each in listed if telling.source in ("", latest[telling.holder, telling.owned][2]))


def settled_holdings(holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    return settled(holdings, _told)


def _told(holding: Holding) -> Telling:
    known = holding.share is not None or holding.votes is not None
    return Telling(
        holding.holder, holding.organization, known, holding.provenance.recorded_at, holding.provenance.source
    )
