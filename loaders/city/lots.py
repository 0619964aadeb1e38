"""Chance without state: the lot of an entity is a function of seed, kind and index; tables turn lots into choices.

It must not know what is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from struct import Struct
from typing import Final, TypeVar

T = TypeVar("T")
Lot = tuple[int, ...]  # 32 numbers below WIDTH
WIDTH: Final = 65_536
_PACK, _UNPACK = Struct("<BQ").pack, Struct("<32H").unpack

Draw = Callable[[int, int], Lot]
# Kinds of lots, so that the person and the organisation of one index share nothing.
PERSON, ORGANIZATION, HOLDING, OFFICE, RECORD, COUNT, PROJECT = range(7)


def lots(seed: int) -> Draw:
    """The drawing function of a seed: (kind, index) → lot, always the same."""
    key = seed.to_bytes(16, "little", signed=True)

    def lot(kind: int, index: int) -> Lot:
        return _UNPACK(blake2b(_PACK(kind, index), key=key, digest_size=64).digest())

    return lot


def weighted(*choices: tuple[int, T], size: int = 1000) -> tuple[T, ...]:
    """A table of `size` places to index by a number; the weights are places, the first choice takes the rest."""
    spread = [value for weight, value in choices[1:] for _ in range(weight)]
    if len(spread) > size:
        raise ValueError(f"{len(spread)} places for a table of {size}")
    return (*(choices[0][1] for _ in range(size - len(spread))), *spread)


def skewed(number: int, below: int) -> int:
    """An index below `below`, small ones much likelier: of 100,000 the first is drawn 1 in 46 times."""
    return below * number * number * number >> 48


def leaning(number: int, below: int) -> int:
    """An index below `below`, small ones somewhat likelier."""
    return below * number * number >> 32
