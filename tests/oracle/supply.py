"""Which operations are asked of one world: the shares of issue 5 hold, and every field and argument occurs.

It must not know answers, nor how one operation is written.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from graphql import GraphQLSchema

from tests.oracle.coverage import expected
from tests.oracle.operations import Operation, Writing, undrawn
from tests.oracle.values import Values
from tests.oracle.world import Drawn

# What the operations must be like; of answers (`compare.Tally`) the last two.
SHARES: Final = {
    "filter": 0.3,
    "nested": 0.2,
    "backward": 0.2,
    "fragments": 0.2,
    "past": 0.2,
    "aliases": 0.2,
    "lists": 0.7,
    "errors": 0.1,
}
ANSWERED: Final = frozenset({"lists", "errors"})
TIMED_OUT: Final = 0.02  # of a busy machine, at most
MORE: Final = 1.1  # than must be, since each is asked with other values too
DRAWS: Final = 60  # until one has what too few had
BY_ITSELF: Final = 3  # each so many operations asks what was never drawn, while there is something


@dataclass
class Operations:
    """An endless supply for one world; `used` counts fields, arguments and inputs."""

    schema: GraphQLSchema
    drawn: Drawn
    seed: int
    used: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Operation]:
        """Drawn so that the shares of what is seen in an operation hold at every length."""
        values = Values(self.drawn, random.Random(self.seed), self.used)
        have = Counter[str]()
        for number in count(1):
            kind = self._rarest(values) if number % BY_ITSELF == 0 else None
            if kind is not None:
                found = Writing(self.schema, values, self.used, complete=True).things(kind)
            else:
                missed = {
                    tag: share * MORE - have[tag] / number for tag, share in SHARES.items() if tag not in ANSWERED
                }
                tag = max(missed, key=missed.__getitem__)
                found = self._having(values, tag if missed[tag] > 0 else None)
            have.update(found.tags)
            yield found

    def _having(self, values: Values, tag: str | None) -> Operation:
        """One that has what too few had; what is thrown away is not counted as used."""
        for _ in range(DRAWS):
            before = Counter(self.used)
            found = Writing(self.schema, values, self.used).operation()
            if tag is None or tag in found.tags:
                break
            self.used.clear()
            self.used.update(before)
        return found

    def _rarest(self, values: Values) -> str | None:
        """The kind of things of which most was never drawn."""
        unused = {label: len(undrawn(self.used, self.schema.type_map[label])) for label in values.things}
        label = max(unused, key=unused.__getitem__)
        return label if unused[label] else None

    def missing(self) -> list[str]:
        """What of the schema no operation has asked."""
        return sorted(expected(self.schema) - {name for name, times in self.used.items() if times})
