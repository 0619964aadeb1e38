"""What is recorded of owning, as frozen values: stakes, declared control, concert, who runs the daily business.

Shares are whole millionths of a percent, None is unknown; it must not compute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from graph import sources
from graph.codes import ControlBasis, PostKind
from graph.periods import ALWAYS, Period
from graph.sources import Telling


class Stake(NamedTuple):
    """One holding. `band`: a share known only to lie in it (least, most), `voting_band` likewise votes; what is sure of
    it is the least. A tuple: around a hub there are 10,000, and one is made in a fifth of the time."""

    id: str
    holder: str
    owned: str
    share: int | None = None
    votes: int | None = None
    band: tuple[int, int] | None = None
    period: Period = ALWAYS
    source: str = ""
    recorded_at: str = ""
    voting_band: tuple[int, int] | None = None

    @property
    def sure(self) -> int | None:
        """The share that is certain: itself, or the least of its band."""
        return self.share if self.share is not None else self.band[0] if self.band else None

    @property
    def voting(self) -> int | None:
        """Votes follow the share where the articles say nothing else (公司法 65, 116)."""
        return self.votes if self.votes is not None else self.voting_band[0] if self.voting_band else self.sure


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared actual controller (实际控制人): by agreement, by votes it has otherwise, or as filed."""

    id: str
    controller: str
    controlled: str
    basis: ControlBasis = ControlBasis.DECLARED
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Concert:
    """Two that act in concert (一致行动): they vote as one."""

    id: str
    one: str
    other: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Charge:
    """An office that stands for the daily business."""

    id: str
    person: str
    organization: str
    post: PostKind
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Stakes:
    """What was recorded around one subject, or of a city. `state`: bodies of the state.

    Order carries no meaning.
    """

    stakes: tuple[Stake, ...] = ()
    declared: tuple[Declared, ...] = ()
    concert: tuple[Concert, ...] = ()
    charges: tuple[Charge, ...] = ()
    state: frozenset[str] = frozenset()


def sure_on(known: Stakes, as_of: date) -> tuple[Stakes, bool]:
    """What holds the day on every reading of imprecise days (S19); and whether something else perhaps does.

    Of a holding that perhaps runs nothing is known but that it may be there: a holding of unknown size.
    """

    sure = replace(
        known,
        stakes=tuple(
            each if each.period.contains(as_of) else each._replace(share=None, votes=None, band=None, voting_band=None)
            for each in known.stakes
        ),
        declared=tuple(each for each in known.declared if each.period.contains(as_of)),
        concert=tuple(each for each in known.concert if each.period.contains(as_of)),
        charges=tuple(each for each in known.charges if each.period.contains(as_of)),
    )
    return sure, sure != known


def settled(stakes: Iterable[Stake]) -> tuple[Stake, ...]:
    """One source for one pair (`graph.sources`)."""
    told = tuple(stakes)
    if len({(each.holder, each.owned) for each in told}) == len(told):
        return told
    return sources.settled(
        told,
        lambda each: Telling(each.holder, each.owned, each.voting is not None, each.recorded_at, each.source),
    )
