"""Loads a city into a prepared graph once: the same again is recognised by its last node, another one is refused.

It must not know how a city is made or how a draft is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from graph.changes import NodeDraft
from graph.codes import Text
from graph.errors import Invalid
from graph.progress import Progress
from graph.store.connection import Store
from graph.store.ids import node_id
from graph.store.lookup import batches
from loaders.city.city import City
from loaders.city.quantiles import Degrees, Shown
from loaders.stream import StreamOutcome, stream

SOURCE = "city"


class AnotherCity(Invalid):
    """The graph holds a city of another size or seed: two would be neighbours with one and the same departments."""


@dataclass(frozen=True, slots=True)
class CityOutcome:
    """`streamed` and `shown` None: this very city was loaded before, nothing was read."""

    streamed: StreamOutcome | None = None
    shown: Shown | None = None


async def load(database: Store, city: City, *, now: datetime, progress: Progress) -> CityOutcome:
    """Load a city, or go on where a load of it was cut off. Raises AnotherCity and the GraphError family."""
    first, last = city.first(), city.last()
    found = await batches(database, [_id(first), _id(last)], SOURCE)
    if _id(last) in found:
        return CityOutcome()
    others = ", ".join(each for each in found.get(_id(first), ()) if each != city.label)
    if others:
        raise AnotherCity(
            f"图中已有城市 {others},一图一城:请换用空的数据目录 / "
            f"this graph holds the city {others}, and a graph holds one: use an empty home"
        )
    degrees = Degrees()
    outcome = await stream(
        database,
        SOURCE,
        degrees.passing(city.entries()),
        batch=city.label,
        now=now,
        today=now.date(),
        progress=progress,
        keep=_refuse,
        about=city.about,
    )
    return CityOutcome(outcome, degrees.shown())


def _id(draft: NodeDraft) -> str:
    return node_id(draft.kind, draft.claims[0])


def _refuse(row: object) -> None:
    """What was made here contradicts itself nowhere; if it does, that is a fault of ours and not of a row."""
    raise AssertionError(Text(f"城市自相矛盾:{row}", f"the city contradicts itself: {row}").en)
