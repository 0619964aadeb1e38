"""Small networks written as tests read them: percent, and letters for parties."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from graph.ownership import Concert, Declared, Network, Stake, Stakes, control_from_every_holder, controlled, shares_in

Written = tuple[str, str, str | None]


def units(percent: str | None) -> int | None:
    return None if percent is None else int(Decimal(percent) * 1_000_000)


def stake(holder: str, owned: str, share: str | None, votes: str | None = None, source: str = "") -> Stake:
    return Stake(f"{holder}>{owned}{source}", holder, owned, units(share), units(votes), source=source)


def holding(*written: str) -> tuple[Stake, ...]:
    """`P 60 A` one stake; `P 10/40 A` of 10 % with 40 % of the votes; `P ? A` unknown."""
    found = []
    for each in written:
        holder, share, owned = each.split()
        capital, _, votes = share.partition("/")
        found.append(stake(holder, owned, None if capital == "?" else capital, votes or None))
    return tuple(found)


def stakes(*written: str, concert: str = "", declared: str = "") -> Stakes:
    """`concert="A-B B-C"`, `declared="P>A"`: of one letter each."""
    return Stakes(
        holding(*written),
        tuple(Declared(each, each[0], each[2]) for each in declared.split()),
        tuple(Concert(each, each[0], each[2]) for each in concert.split()),
    )


def network(*written: str, concert: str = "", declared: str = "", also: str = "") -> Network:
    return Network.of(stakes(*written, concert=concert, declared=declared), also.split())


def named(found: Network, numbers: object) -> set[str]:
    return {found.ids[each] for each in numbers}  # type: ignore[attr-defined]


def control_of(found: Network, *seeds: str) -> set[str]:
    return named(found, controlled(found, [found.number(each) for each in seeds]).parties)


def pairs(found: Network) -> set[tuple[str, str]]:
    return {(found.ids[x], found.ids[y]) for x, y in zip(*control_from_every_holder(found), strict=True)}


def owned_of(found: Network, subject: str) -> dict[str, float | None]:
    return rounded(found, shares_in(found, found.number(subject)))


def rounded(found: Network, shares: Mapping[int, float | None]) -> dict[str, float | None]:
    return {found.ids[each]: None if share is None else round(share, 12) for each, share in shares.items()}
