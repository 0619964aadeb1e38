"""Who holds an enterprise: shares in millionths of a percent that never exceed the whole, structures of purpose aside.

It must not know posts or records; holders come earlier in the city than what they hold, but for loops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.changes import RelationDraft, Value
from graph.codes import EnterpriseForm, RelationKind
from loaders.city import lots
from loaders.city.days import period, since
from loaders.city.departments import TREASURY
from loaders.city.extent import Extent
from loaders.city.lots import WIDTH, skewed, weighted
from loaders.city.organisations import LASTING, Firm, Organisations
from loaders.city.structures import PERCENT, Shape

WHOLE: Final = 100 * PERCENT
SPLITS: Final = {
    1: ((WHOLE,),),
    2: (
        *((first * PERCENT, WHOLE - first * PERCENT) for first in (50, 51, 60, 67, 70, 80, 90, 95)),
        (33_333_333, 66_666_667),
        (49_500_000, 50_500_000),
    ),
    3: (
        (40_000_000, 30_000_000, 30_000_000),
        (33_333_334, 33_333_333, 33_333_333),
        (51_000_000, 34_000_000, 15_000_000),
    ),
    4: ((25_000_000,) * 4, (52_500_000, 20_000_000, 20_000_000, 7_500_000)),
    5: ((20_000_000,) * 5, (36_000_000, 25_000_000, 15_000_000, 14_000_000, 10_000_000)),
    8: (
        (12_500_000,) * 8,
        (34_000_000, 21_000_000, 15_000_000, 10_000_000, 8_000_000, 6_000_000, 4_000_000, 2_000_000),
    ),
    15: ((20_000_000, 18_000_000, 10_000_000, 8_000_000, *(4_000_000,) * 11),),
}
COUNTS: Final = {
    EnterpriseForm.LIMITED_COMPANY: weighted((0, 1), (330, 2), (120, 3), (60, 4), (30, 5), (15, 8), (5, 15)),
    EnterpriseForm.JOINT_STOCK_COMPANY: weighted((0, 5), (300, 3), (200, 8), (100, 15)),
    EnterpriseForm.FOREIGN_INVESTED: weighted((0, 1), (400, 2)),
    EnterpriseForm.COOPERATIVE: weighted((0, 5), (300, 8)),
    EnterpriseForm.STATE_ENTERPRISE: (1,),
    EnterpriseForm.COLLECTIVE_ENTERPRISE: (1,),
}
SHARELESS: Final = frozenset({EnterpriseForm.INDIVIDUAL_BUSINESS, EnterpriseForm.BRANCH, EnterpriseForm.COOPERATIVE})
BY_FIRM: Final = WIDTH * 34 // 100  # how often a holder is an earlier enterprise
NEAR: Final = 240  # persons before an enterprise's own who live near enough to join it


@dataclass(frozen=True, slots=True)
class Holder:
    """`firm`: an organisation index, else a person's. `end` None: still holding; `start`, `end` are ordinals."""

    index: int
    firm: bool
    share: int | None
    start: int
    end: int | None = None

    @property
    def ref(self) -> str:
        return f"o{self.index}" if self.firm else f"p{self.index}"


def holders(extent: Extent, organisations: Organisations, firm: Firm) -> list[Holder]:
    """Everybody who holds or held the enterprise, nobody twice at a time."""
    first = extent.first_person(firm.index)
    if firm.shape is not None:
        return _shaped(firm, firm.shape, first)
    counts = COUNTS.get(firm.form)
    if counts is None:
        return []
    if firm.form is EnterpriseForm.STATE_ENTERPRISE:
        return [Holder(TREASURY, True, WHOLE, firm.established, firm.ended)]
    lot = extent.lot(lots.HOLDING, firm.index)
    if firm.form is EnterpriseForm.COLLECTIVE_ENTERPRISE:
        others = extent.others
        return [Holder(others.start + lot[1] % len(others), True, WHOLE, firm.established, firm.ended)]
    count = counts[lot[0] % len(counts)]
    splits = SPLITS[count]
    shares = splits[lot[1] % len(splits)]
    taken: set[tuple[bool, int]] = set()
    found: list[Holder] = []
    nth = firm.index - extent.enterprises.start
    for position, share in enumerate(shares):
        number = lot[2 + position]
        by_firm = number < BY_FIRM and nth > 0
        if by_firm:
            index = _firm_holding(extent, organisations, number, nth)
        else:
            index = (
                first + position if first + position < extent.first_person(firm.index + 1) else first - number % NEAR
            )
        if index < 0 or (by_firm, index) in taken:
            continue
        taken.add((by_firm, index))
        start = firm.established
        if by_firm and (known_since := organisations.firm(index).established) < (firm.ended or extent.end_ordinal):
            start = max(start, known_since)
        known = None if lot[20] % 60 == 0 else share  # some registers leave the share out
        end = firm.ended
        last = extent.end_ordinal if end is None else end
        if lot[17] % 8 == position and last - start > 60:  # the former holder's share passed on as a whole
            former, passed = first - 1 - lot[18] % NEAR, start + 30 + lot[19] % (last - start - 30)
            if former >= 0 and (False, former) not in taken:
                taken.add((False, former))
                found.append(Holder(former, False, known, start, passed))
                start = passed
        found.append(Holder(index, by_firm, known, start, end))
    return found


def _firm_holding(extent: Extent, organisations: Organisations, number: int, nth: int) -> int:
    """An earlier enterprise, the earliest far likelier; in place of one that cannot hold shares one of the great."""
    index = extent.enterprises.start + skewed(number * WIDTH // BY_FIRM, nth)
    if organisations.firm(index).form in SHARELESS:
        return extent.enterprises.start + number % min(nth, LASTING)
    return index


def _shaped(firm: Firm, shape: Shape, first: int) -> list[Holder]:
    held = [Holder(firm.index - back, True, share, firm.established) for back, share in shape.held_by]
    # An enterprise has one or two persons of its own; the one before them is the neighbour's.
    return held + [Holder(first - nth, False, share, firm.established) for nth, share in enumerate(shape.persons)]


def drafts(extent: Extent, firm: Firm, found: list[Holder], number: int) -> Iterator[RelationDraft]:
    own = f"o{firm.index}"
    limited = firm.form is EnterpriseForm.LIMITED_COMPANY
    for each in found:
        values: dict[str, Value] = {}
        if each.share is not None:
            values["share"] = each.share
            if limited and firm.lot[14] % 40 == 0:
                values["votes"] = each.share  # articles that say what the law says anyway
            if firm.lot[15] % 2:
                values["capital"] = firm.capital * each.share // WHOLE
        validity = since(each.start) if each.end is None else period(each.start, each.end)
        yield RelationDraft(
            RelationKind.HOLDS, each.ref, own, f"{each.ref}>{own}@{each.start}", number, validity, values
        )
    if firm.shape is None:
        return
    for back, share in firm.shape.holds:
        other = f"o{firm.index - back}"
        yield RelationDraft(
            RelationKind.HOLDS, own, other, f"{own}>{other}", number, since(firm.established), {"share": share}
        )
    if firm.shape.concert:
        one, two = (each.ref for each in found if not each.firm)
        yield RelationDraft(
            RelationKind.ACTS_IN_CONCERT_WITH, one, two, f"{one}~{two}", number, since(firm.established)
        )
