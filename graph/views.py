"""What reading the graph returns: nodes and relations as plain values for one moment; and what a page is asked as.

It must not know how they were read nor who may see them; values are as stored (`vocabulary`), nothing is masked yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.changes import NOTHING, Value
from graph.codes import Capacity, IdentifierScheme, RelationKind
from graph.facts import Provenance
from graph.periods import Period


@dataclass(frozen=True, slots=True)
class IdentifierView:
    """`value` is the masked form when `masked`; the number of a personal document is never stored."""

    scheme: IdentifierScheme
    value: str
    masked: bool
    period: Period


@dataclass(frozen=True, slots=True)
class NamePeriod:
    name: str
    period: Period


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A RESPONSIBLE_FOR relation seen from its record."""

    edge: str
    person: str
    capacity: Capacity
    decided_on: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node as of a moment: `kind` a code of the vocabulary, `values` its stored properties (absent = no value).

    The ids of its nearest neighbours ride along, so that a record can name its subjects without another statement:
    `subjects`, `issued_by`, `responsible`, `on_list` of a record; `holder` of a qualification; `qualifications` and
    `key_groups` of a person; `parent` of a branch.
    """

    id: str
    kind: str
    values: Mapping[str, Value]
    version: int
    provenance: Provenance
    department: bool = False
    identifiers: tuple[IdentifierView, ...] = ()
    former_names: tuple[NamePeriod, ...] = ()
    former_ids: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    issued_by: str | None = None
    responsible: tuple[Responsibility, ...] = ()
    on_list: str | None = None
    holder: str | None = None
    qualifications: tuple[str, ...] = ()
    key_groups: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class RelationView:
    """One period of one relation: start → end as stored."""

    id: str
    kind: RelationKind
    start: str
    end: str
    period: Period
    provenance: Provenance
    values: Mapping[str, Value] = field(default_factory=lambda: NOTHING)


Place = tuple[str | int, ...]  # the keys of a row in their order, then its id


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`size` rows after `place`, or before it when `backward`; from either end when there is none.

    `count`: the total was asked for; `look_back`: whether rows lie on the other side of `place`.
    """

    size: int
    place: Place | None = None
    backward: bool = False
    count: bool = False
    look_back: bool = False
