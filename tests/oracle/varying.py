"""The same operation with other values: days and sizes of pages change, its form does not.

Another question with another answer, for which the database has the plan already (`api.md` 8: values are no part of a
statement). It must not know answers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from tests.oracle.operations import Operation
from tests.oracle.world import BORDERS

DAY: Final = re.compile(r'(?<=")\d{4}-\d{2}-\d{2}(?=")')
SIZE: Final = re.compile(r"(?<=\bfirst: )[1-9]\b|(?<=\blast: )[1-9]\b")


def with_others(operations: Iterable[Operation], times: int, seed: int) -> Iterator[Operation]:
    """Each operation as it was drawn, and so many times in all, with values of its own each time."""
    chance = random.Random(seed)
    for each in operations:
        yield each
        for _ in range(times - 1):
            yield varied(each, chance)


def varied(operation: Operation, chance: random.Random) -> Operation:
    """What was written alike stays alike, so that fields that share a place still can be merged."""
    others: dict[str, str] = {}

    def day(found: re.Match[str]) -> str:
        drawn = chance.choice(BORDERS) + timedelta(days=chance.choice((0, 0, -1, 1, 30)))
        return others.setdefault(found[0], drawn.isoformat())

    def size(found: re.Match[str]) -> str:
        return others.setdefault(found[0], str(chance.randint(1, 5)))

    document = SIZE.sub(size, DAY.sub(day, operation.document))
    return replace(operation, document=document, variables=_shifted(operation.variables, others))


def _shifted(value: Any, others: Mapping[str, str]) -> Any:
    """Variables that were given a day of the document follow it."""
    if isinstance(value, Mapping):
        return {name: _shifted(each, others) for name, each in value.items()}
    if isinstance(value, list):
        return [_shifted(each, others) for each in value]
    return others.get(value, value) if isinstance(value, str) and len(value) == 10 else value
