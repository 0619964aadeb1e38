"""Structures of ownership on purpose: chains, loops, joint control and the few shares that cannot be, by position.

It must not know firms; it speaks of enterprises by their number, and of the holders' distance from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVERY: Final = 500  # enterprises from one set of structures to the next; the first set is in any city
CHAIN: Final = range(25, 38)  # each held by the one before it: 13 holdings deep
PERCENT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What an enterprise of a structure must have: `held_by` (how many before it, share), `holds` the same way.

    `holds` closes a loop: the holding of an earlier enterprise is written with the later one. `persons`: shares of its
    own persons, `concert` whether they act in concert.
    """

    held_by: tuple[tuple[int, int], ...] = ()
    holds: tuple[tuple[int, int], ...] = ()
    persons: tuple[int, ...] = ()
    concert: bool = False


SHAPES: Final = {
    24: Shape(persons=(100 * PERCENT,)),
    **{place: Shape(held_by=((1, 60 * PERCENT),), persons=(40 * PERCENT,)) for place in CHAIN},
    # a loop of three: 42 → 40 → 41 → 42
    40: Shape(persons=(60 * PERCENT,)),
    41: Shape(held_by=((1, 55 * PERCENT),), persons=(45 * PERCENT,)),
    42: Shape(held_by=((1, 70 * PERCENT),), holds=((2, 40 * PERCENT),), persons=(30 * PERCENT,)),
    # joint control: 50 holds 52 with 30 %, and through 51 with 30 % more
    50: Shape(persons=(100 * PERCENT,)),
    51: Shape(held_by=((1, 60 * PERCENT),), persons=(40 * PERCENT,)),
    52: Shape(held_by=((2, 30 * PERCENT), (1, 30 * PERCENT)), persons=(40 * PERCENT,)),
    # two persons acting in concert
    55: Shape(persons=(30 * PERCENT, 25 * PERCENT), concert=True),
    # 130 % of one firm, as registers sometimes have it
    60: Shape(held_by=((10, 70 * PERCENT),), persons=(60 * PERCENT,)),
    # its own shareholder
    65: Shape(held_by=((0, 10 * PERCENT),), persons=(90 * PERCENT,)),
    # two that hold each other
    70: Shape(persons=(80 * PERCENT,)),
    71: Shape(held_by=((1, 51 * PERCENT),), holds=((1, 20 * PERCENT),), persons=(49 * PERCENT,)),
}


def shape(nth: int) -> Shape | None:
    return SHAPES.get(nth % EVERY)
