"""Solves x = b + M·x of a ring of holdings, in whatever numbers it is given; None where the sum has no end.

It must not know what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LARGEST_RING: Final = 60  # parties in one ring that are solved by elimination, also in fractions; more: by rounds
ROUNDS: Final = 2_000
ENOUGH: Final = 1e-13
ENDLESS: Final = 1e6
SMALLEST_PIVOT: Final = 1e-10  # shares differ by 1e-8: a ring that leaks at all has a larger one


def solved(rows: Mapping[int, Mapping[int, Any]], known: Mapping[int, Any]) -> dict[int, Any] | None:
    """`rows[i][j]` is how much of x_j is in x_i; none is negative: the sum of all ways is the least solution."""
    if not any(known.values()):
        return dict(known)
    return _eliminated(rows, known) if len(rows) <= LARGEST_RING else _by_rounds(rows, known)


def _eliminated(rows: Mapping[int, Mapping[int, Any]], known: Mapping[int, Any]) -> dict[int, Any] | None:
    """Every pivot of I - M is positive exactly when the sum of all ways has an end."""
    left = {each: dict(row) for each, row in rows.items()}
    right = dict(known)
    done: list[tuple[int, dict[int, Any]]] = []
    while left:
        each = min(left, key=lambda one: (len(left[one]), one))
        row = left.pop(each)
        pivot = 1 - row.pop(each, 0)
        if pivot <= (SMALLEST_PIVOT if isinstance(pivot, float) else 0):
            return None
        row = {far: weight / pivot for far, weight in row.items()}
        right[each] = right[each] / pivot
        done.append((each, row))
        for other, weights in left.items():
            weight = weights.pop(each, None)
            if weight is not None:
                right[other] += weight * right[each]
                for far, further in row.items():
                    weights[far] = weights.get(far, 0) + weight * further
    found: dict[int, Any] = {}
    for each, row in reversed(done):
        found[each] = right[each] + sum(weight * found[far] for far, weight in row.items())
    return found


def _by_rounds(rows: Mapping[int, Mapping[int, Any]], known: Mapping[int, Any]) -> dict[int, Any] | None:
    found = {each: float(value) for each, value in known.items()}
    for _ in range(ROUNDS):
        change = 0.0
        for each, row in rows.items():
            value = float(known[each]) + sum(float(weight) * found[far] for far, weight in row.items())
            change = max(change, abs(value - found[each]))
            found[each] = value
        if max(found.values()) > ENDLESS:
            return None
        if change < ENOUGH:
            return found
    return None
