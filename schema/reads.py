"""What a field of a node reads from the graph, as values its declaration carries: the planner's vocabulary.

It must not know Cypher nor how an answer is written; a field without one of these is told by its method alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.store.asked import Source
from graph.store.projection import Near

READS: Final = "reads"  # key of a field's metadata


class Judged(StrEnum):
    """What the engine is asked: of the subject of a root's argument, of a list of them, of the node a field is of.

    LINKS and BIDDERS are asked of their subjects together.
    """

    CHECK = "subject"
    CHECKS = "subjects"
    REACH = "record"
    MEASURES = "measures"
    REACHES = "reaches"
    CONTROLLERS = "controllers"
    BENEFICIAL = "beneficialOwners"
    OWNERSHIP = "ownership"
    LINKS = "between"
    BIDDERS = "bidders"
    SUPPOSED = "whatIf"


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored property."""

    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a method tells from a node's own view: the properties it looks at (None: every one) and parts of `PARTS`.

    `plain`: a text that is shown as it is stored of the kinds where everybody may read it.
    """

    properties: tuple[str, ...] | None = None
    parts: tuple[str, ...] = ()
    plain: str | None = None


@dataclass(frozen=True, slots=True)
class NearTo:
    """Neighbours of a node; `dated` ones take dates of their own."""

    near: Near
    many: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """An end of a relation that is a node of the API: `start` or `end` as stored."""

    end: str


@dataclass(frozen=True, slots=True)
class Paged:
    """A page; of the node itself unless the source is a root. `where` and `order` name its inputs (`inputs`)."""

    source: Source
    where: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """All nodes of a small kind, by name."""

    label: str


@dataclass(frozen=True, slots=True)
class Found:
    """Nodes by id, or by id or identifier; `many`: a list of ids, an unknown one null."""

    argument: str
    identified: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """A page of what a text finds."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A page of the relations around a subject."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The subjects that texts name."""


class Beside(StrEnum):
    """What is told of a subject beside its own fields: how many relations, who may be the same, what happened."""

    COUNTS = "relationCounts"
    SAME = "possiblySame"
    TIMELINE = "timeline"


@dataclass(frozen=True, slots=True)
class Computed:
    """Answered by its own method, which may read for itself; the nodes it names are read as the operation asks.

    `properties` and `parts` are what the method itself looks at of the nodes it named. `judged`: a check or a reach,
    whose subject may be known before anything is read; then what it names rides in the first statement (`api.md` 7).
    """

    properties: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Faceted:
    """How many rows of a page there are by each value of a group; read with the page it is of."""


Reads = (
    Faceted | Stored | Told | NearTo | End | Paged | Every | Found | Searched | Expanded | Resolved | Beside | Computed
)
