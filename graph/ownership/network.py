"""Stakes as numbered parties with their edges: the one form that control and shares are computed over.

Built from values around a subject, or from columns of a whole city; it must not decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from graph.codes import ControlBasis
from graph.ownership.stakes import Stakes, settled

WHOLE: Final = 100_000_000  # 100 %, in millionths of a percent
UNKNOWN: Final = -1  # in columns of numbers, where None has no place

Edges = list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Network:
    """`votes[x]` and `shares[x]`: (owned, how much) of what x holds; `held[y]`: (holder, share) of who holds y.

    A party's holding in itself is in none of them; an unknown one weighs 0 in `shares` and `held`, and is not in
    `votes`. `declared[x]`: whom x is declared to control, `declaring[y]`: who is declared to control y, `bases` by
    what; `groups`: two or more in concert.
    """

    ids: Sequence[str]
    votes: Edges
    shares: Edges
    held: Edges
    declared: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    declaring: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    bases: Mapping[tuple[int, int], ControlBasis] = field(default_factory=dict)
    groups: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of_columns(
        cls,
        ids: Sequence[str],
        holders: Iterable[int],
        owned: Iterable[int],
        shares: Iterable[int],
        votes: Iterable[int],
        *,
        declared: Iterable[tuple[int, int]] = (),
        concert: Iterable[tuple[int, int]] = (),
    ) -> Network:
        """Parties by their position in `ids`; a share or votes UNKNOWN where nothing is recorded."""
        by_votes: Edges = [[] for _ in ids]
        by_share: Edges = [[] for _ in ids]
        held: Edges = [[] for _ in ids]
        for holder, of, share, vote in zip(holders, owned, shares, votes, strict=True):
            if holder == of:
                continue
            counted = vote if vote >= 0 else share
            if counted >= 0:
                by_votes[holder].append((of, counted))
            by_share[holder].append((of, max(share, 0)))
            held[of].append((holder, max(share, 0)))
        by_controller: dict[int, list[int]] = {}
        by_controlled: dict[int, list[int]] = {}
        for controller, of in sorted(declared):
            if controller != of:
                by_controller.setdefault(controller, []).append(of)
                by_controlled.setdefault(of, []).append(controller)
        charged, charging = (
            {each: tuple(others) for each, others in by.items()} for by in (by_controller, by_controlled)
        )
        return cls(ids, by_votes, by_share, held, charged, charging, {}, _groups(concert))

    @classmethod
    def of(cls, known: Stakes, also: Iterable[str] = ()) -> Network:
        """Of recorded values, and of parties that may have none. Parties are in the order of their ids."""
        stakes = sorted(settled(known.stakes), key=lambda each: (each.holder, each.owned, each.id))
        ends = {end for each in stakes for end in (each.holder, each.owned)}
        ends.update(end for each in known.declared for end in (each.controller, each.controlled))
        ends.update(also)
        ids = sorted(ends)
        number = {each: position for position, each in enumerate(ids)}
        found = cls.of_columns(
            ids,
            [number[each.holder] for each in stakes],
            [number[each.owned] for each in stakes],
            [_number(each.sure) for each in stakes],
            [_number(each.voting) for each in stakes],
            declared=[(number[each.controller], number[each.controlled]) for each in known.declared],
            concert=[
                (number[each.one], number[each.other])
                for each in known.concert
                if each.one in number and each.other in number
            ],
        )
        bases = {
            (number[each.controller], number[each.controlled]): each.basis
            for each in sorted(known.declared, key=lambda each: each.id, reverse=True)
        }
        return replace(found, bases=bases)

    def number(self, id: str) -> int:
        return self.ids.index(id)


def _number(share: int | None) -> int:
    """A negative share is no share: loaders refuse one, a foreign graph may hold it."""
    return UNKNOWN if share is None or share < 0 else share


def _groups(concert: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Who votes with whom, whether by one agreement or by a chain of them."""
    near: dict[int, set[int]] = {}
    for one, other in concert:
        if one != other:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    found: list[tuple[int, ...]] = []
    left = set(near)
    while left:
        group, waiting = set[int](), [min(left)]
        while waiting:
            each = waiting.pop()
            if each not in group:
                group.add(each)
                waiting += near[each]
        left -= group
        found.append(tuple(sorted(group)))
    return tuple(found)
