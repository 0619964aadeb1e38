"""What is wrong or missing in recorded stakes: told beside every answer, which is given all the same.

It must not correct anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.codes import Text, WarningCode
from graph.findings import Notice
from graph.ownership.network import WHOLE, Network
from graph.ownership.rings import Ring
from graph.ownership.stakes import Stake, Stakes, settled

NAMED: Final = 20  # parties a warning names; its text counts all


def flaws(known: Stakes, network: Network, found: list[Ring]) -> tuple[Notice, ...]:
    """In a stable order; each names the parties it is about."""
    return tuple(sorted(_flaws(known, network, found), key=lambda each: (each.code, each.nodes)))


def _flaws(known: Stakes, network: Network, found: list[Ring]) -> Iterator[Notice]:
    counted = settled(known.stakes)
    by_owned: dict[str, list[Stake]] = {}
    for each in counted:
        by_owned.setdefault(each.owned, []).append(each)
    for owned, stakes in by_owned.items():
        if len(stakes) == 1 and _plain(stakes[0]):
            continue
        shares = votes = 0
        for each in stakes:
            shares += max(each.sure or 0, 0)
            votes += max(each.voting or 0, 0)
        if shares > WHOLE or votes > WHOLE:
            percent = f"{max(shares, votes) / 1_000_000:g}"
            yield Notice(
                WarningCode.SHARES_OVER_100,
                Text(f"各股东比例合计 {percent}%,超过 100%", f"the holdings sum to {percent} %, more than 100 %"),
                (owned,),
            )
        unknown = sorted({each.holder for each in stakes if each.sure is None or each.sure < 0})
        if unknown:
            yield Notice(
                WarningCode.SHARE_UNKNOWN,
                Text(f"{len(unknown)} 方持股比例不明,未计入", f"shares of {len(unknown)} unknown, not counted"),
                (owned, *unknown[:NAMED]),
            )
        for each in stakes:
            if each.holder == owned:
                yield Notice(
                    WarningCode.SELF_HOLDING,
                    Text("持有本公司股权,不计入", "holds a share in itself, which is not counted"),
                    (owned,),
                )
            told = ((each.share, each.band), (each.votes, each.voting_band))
            for band in dict.fromkeys(band for exact, band in told if exact is None and band is not None):
                low, high = (f"{bound / 1_000_000:g}" for bound in band)
                yield Notice(
                    WarningCode.SHARE_BAND,
                    Text(
                        f"比例仅知在 {low}%–{high}%,按下限计",
                        f"a share between {low} % and {high} % counts as the least",
                    ),
                    (owned, each.holder),
                )
    yield from _disputed(known.stakes)
    for ring in found:
        yield Notice(
            WarningCode.CIRCULAR_HOLDING,
            Text(f"循环持股,{len(ring)} 个主体相互持有", f"{len(ring)} parties hold one another in a ring"),
            tuple(network.ids[each] for each in ring[:NAMED]),
        )


def _plain(stake: Stake) -> bool:
    """Nothing is wrong with one that stands alone: most of what a hub holds."""
    share, votes = stake.share, stake.votes
    return (
        share is not None
        and 0 <= share <= WHOLE
        and (stake.voting_band is None if votes is None else votes <= WHOLE)
        and stake.holder != stake.owned
    )


def _disputed(stakes: tuple[Stake, ...]) -> Iterator[Notice]:
    if len({(each.owned, each.holder) for each in stakes}) == len(stakes):
        return
    said: dict[tuple[str, str], dict[str, list[int]]] = {}
    for each in stakes:
        numbers = said.setdefault((each.owned, each.holder), {}).setdefault(each.source, [])
        numbers.append(-1 if each.sure is None else each.sure)
    for pair, sources in said.items():
        if len({sum(numbers) for numbers in sources.values()}) > 1:
            yield Notice(
                WarningCode.SOURCES_DISPUTE,
                Text(
                    "来源所述持股比例不一,取所述明确且最近入库者",
                    "sources differ on a share; of those that tell one, the one recorded last counts",
                ),
                pair,
            )
