"""Integrated ownership: what one owns of another directly and through others, as a corrected walk sum.

share(x, z) = direct(x, z) + Σ share(x, k) · direct(k, z) over every k but x: all ways that do not come back through the
owner itself (Baldone; Romei, Ruggieri, Turini; Vitali). In floats, whose error stays far below MARGIN; what lies that
near to a threshold is solved again in fractions. It must not decide what a share means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from graph.ownership.equations import LARGEST_RING, solved
from graph.ownership.network import WHOLE, Network
from graph.ownership.rings import components

MARGIN: Final = 1e-6  # a share this near to a threshold is solved again exactly (`storage.md` 14)

Share = float | None
Exact = Fraction | None
Ways = Mapping[int, list[tuple[int, int]]]


def shares_of(network: Network, owner: int) -> dict[int, Share]:
    """What the owner owns of everyone below it; None where shares that sum to too much make the sum endless."""
    return _below(network, owner, None, 1.0 / WHOLE, 1.0)


def exact_share(network: Network, owner: int, owned: int, among: Ways | None = None) -> Exact:
    """The same number without rounding; `among`: `above` the owned one, where that is known already."""
    inside = above(network, owned) if among is None else among
    found: Exact = _below(network, owner, inside, Fraction(1, WHOLE), Fraction(1)).get(owned, Fraction(0))
    return found


def shares_in(network: Network, subject: int) -> dict[int, Share]:
    """What everyone above the subject owns of it; None as in `shares_of`."""
    inside = above(network, subject)
    total: dict[int, Share] = {}
    found: dict[int, Share] = {}
    for members in _ordered(network, inside):
        sums = {each: _weighted(network, each, members, total, 1.0 if each == subject else 0.0) for each in members}
        if len(members) == 1:
            total[members[0]] = found[members[0]] = sums[members[0]]
            continue
        total.update(_ring(members, sums, _among(network, members)))
        exact = len(members) <= LARGEST_RING
        found.update({each: _share_of_one(network, each, subject, inside) if exact else None for each in members})
    found.pop(subject, None)
    return found


def _share_of_one(network: Network, owner: int, owned: int, inside: Ways) -> Share:
    found: Share = _below(network, owner, inside, 1.0 / WHOLE, 1.0).get(owned, 0.0)
    return found


def at_least(network: Network, owner: int, owned: int, rounded: Share, least: int, among: Ways | None = None) -> bool:
    """Whether a share reaches so many millionths of a percent, decided exactly."""
    if rounded is None:
        return False
    if abs(rounded - least / WHOLE) > MARGIN:
        return rounded * WHOLE > least
    exact = exact_share(network, owner, owned, among)
    return exact is not None and exact * WHOLE >= least


def above(network: Network, subject: int) -> Ways:
    """The subject and whoever holds it through others, each with what it holds among them."""
    found: dict[int, list[tuple[int, int]]] = {subject: []}
    waiting = [subject]
    while waiting:
        owned = waiting.pop()
        for holder, share in network.held[owned]:
            if holder not in found:
                found[holder] = []
                waiting.append(holder)
            found[holder].append((owned, share))
    return found


def _ordered(network: Network, inside: Collection[int]) -> Iterable[list[int]]:
    """Rings and single parties among these, each after all that it holds."""
    parties = [*inside]
    place = {each: position for position, each in enumerate(parties)}
    found = components([[place[far] for far, _ in network.shares[each] if far in place] for each in parties])
    return [[parties[each] for each in members] for members in found]


def _weighted(network: Network, holder: int, members: Collection[int], total: dict[int, Share], start: float) -> Share:
    """What comes from below the ring a holder is in: the shares of what it holds there."""
    found: Share = start
    for owned, weight in network.shares[holder]:
        if not weight or owned in members or owned not in total:
            continue
        share = total[owned]
        found = None if share is None or found is None else found + share * weight / WHOLE
    return found


def _among(network: Network, members: list[int]) -> dict[int, dict[int, float]]:
    inside = set(members)
    rows: dict[int, dict[int, float]] = {}
    for each in members:
        row = rows[each] = {}
        for owned, weight in network.shares[each]:
            if owned in inside and weight:
                row[owned] = row.get(owned, 0.0) + weight / WHOLE
    return rows


def _ring(members: list[int], sums: dict[int, Share], rows: dict[int, dict[int, float]]) -> dict[int, Share]:
    known = {each: share for each, share in sums.items() if share is not None}
    if len(known) < len(members):
        return dict.fromkeys(members)
    result = solved(rows, known)
    return dict.fromkeys(members) if result is None else {**result}


def _below(network: Network, owner: int, inside: Ways | None, unit: Any, one: Any) -> dict[int, Any]:
    """Shares pushed down from the owner, ring by ring; nothing passes through the owner again. `unit`: 1 / WHOLE."""
    if inside is not None and owner not in inside:
        return {}
    edges: Any = network.shares if inside is None else inside
    reached, waiting = {owner: None}, [owner]
    while waiting:
        for owned, _ in edges[waiting.pop()]:
            if owned not in reached:
                reached[owned] = None
                waiting.append(owned)
    parties = [*reached]
    place = {each: position for position, each in enumerate(parties)}
    successors = [[place[far] for far, _ in edges[each] if far != owner] for each in parties]
    coming: dict[int, Any] = {owner: one}
    found: dict[int, Any] = {}
    for positions in reversed(components(successors)):
        members = [parties[each] for each in positions]
        if len(members) > 1:
            _solve_ring(network, members, coming, unit)
        for each in members:
            share = coming.get(each, 0 * one)
            if each != owner:
                found[each] = share
            for owned, weight in edges[each]:
                if not weight or (len(members) > 1 and owned in members):
                    continue
                if owned == owner:
                    found[owner] = _plus(found.get(owner, 0 * one), share, weight * unit)
                else:
                    coming[owned] = _plus(coming.get(owned, 0 * one), share, weight * unit)
    return found


def _plus(sum: Any, share: Any, weight: Any) -> Any:
    if share is None or sum is None:
        return None
    return sum + share * weight


def _solve_ring(network: Network, members: list[int], coming: dict[int, Any], unit: Any) -> None:
    """Replaces what comes into a ring from outside by what is held of each member in the end."""
    inside = set(members)
    outside = {each: coming.get(each, 0 * unit) for each in members}
    rows: dict[int, dict[int, Any]] = {each: {} for each in members}
    for each in members:
        for owned, weight in network.shares[each]:
            if owned in inside and weight:
                rows[owned][each] = rows[owned].get(each, 0 * unit) + weight * unit
    result = None if any(each is None for each in outside.values()) else solved(rows, outside)
    coming.update(dict.fromkeys(members) if result is None else result)
