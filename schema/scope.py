"""What one operation shares: its reader, its instant; and the dates in force around a field.

It must not know fields or types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from graph.errors import Conflict
from graph.identifiers import parse_lookup
from graph.periods import Moment, instant
from graph.store import lookup as store_lookup
from graph.vocabulary import NODE_KINDS, RELATIONS, Family
from schema.access import Access
from schema.batching import Batch

if TYPE_CHECKING:
    from schema.operation import World

T = TypeVar("T")
SUBJECT_PREFIXES: Final = tuple(f"{each.prefix}_" for each in NODE_KINDS if each.family is Family.SUBJECT)
RELATION_PREFIXES: Final = tuple(f"{prefix}_" for prefix in {each.prefix for each in RELATIONS.values()})
REGION_PREFIX: Final = "reg_"
SUPPOSED: Final = "hypothesis"  # source of what no source has said


@dataclass(slots=True)
class Operation:
    """One operation of one reader at one instant."""

    world: World
    access: Access
    now: datetime
    moment: Moment
    version: int | None = None
    merged: dict[str, str] = field(default_factory=dict)
    inconclusive: dict[tuple[str, str], None] = field(
        default_factory=dict
    )  # computed fields that are null, and of whom
    cut: dict[tuple[str, str], int] = field(default_factory=dict)  # plain lists, by field and owner: their cap
    together: Any = None  # schema.joined.Joined, set by whoever runs the operation
    computing: Any = None  # schema.computed.Computing, likewise
    owning: Any = None  # schema.owning.Owning, likewise
    batches: dict[str, Batch[Any, Any]] = field(default_factory=dict)  # of fields that read by themselves

    @property
    def known_at(self) -> str:
        return instant(self.now)


@dataclass(frozen=True, slots=True)
class Scope:
    """The dates in force around a field. `computed`: the field lies below a computed one.

    `held` (planning.running.Held) has the nodes that the answer of a computed field names.
    """

    operation: Operation
    moment: Moment
    computed: bool = False
    held: Any = None

    def at(self, as_of: date | None, known_at: datetime | None) -> Scope:
        """The scope of a field's own dates; what is unset or null is inherited."""
        day, known = as_of or None, known_at or None
        if day is None and known is None:
            return self
        moment = Moment(day or self.moment.as_of, self.moment.known_at if known is None else instant(known))
        return self if moment == self.moment else replace(self, moment=moment)

    def below(self) -> Scope:
        """The scope of everything inside a computed answer."""
        return self if self.computed else replace(self, computed=True)

    async def find(self, text: str, argument: str) -> str | None:
        """The id of the node that an id or identifier names at this moment; several holders are a CONFLICT."""
        lookup = parse_lookup(text, argument=argument)
        (held,) = await store_lookup.find(self.operation.world.database, [lookup], self.moment)
        return self.single(held, text, argument)

    def capped(self, values: Sequence[T], most: int, name: str, owner: str = "") -> Sequence[T]:
        """A plain list of a field to its cap; where it was longer the answer says so (`extensions.cut`)."""
        if len(values) > most:
            self.operation.cut[name, owner] = most
        return values[:most]

    def single(self, held: Sequence[str], text: str, argument: str) -> str | None:
        if len(held) > 1:
            raise several(held, argument)
        if not held:
            return None
        if is_id(text) and held[0] != text:
            self.operation.merged[text] = held[0]
        return held[0]


def several(held: Sequence[str], argument: str) -> Conflict:
    candidates = "、".join(sorted(held))
    return Conflict(
        f"{argument}: 有多个主体使用该标识 · several subjects hold this identifier: {candidates}", argument=argument
    )


def is_id(text: str) -> bool:
    return len(text) > 4 and text[3] == "_" and text[:3].isascii() and text[:3].islower()
