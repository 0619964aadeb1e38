"""What a source wants to be true: drafts of nodes and relations with their versions, ready to be written in one go.

It must not know files or databases; ids are made by `graph.store` from the claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graph.codes import IdentifierScheme, RelationKind
from graph.periods import ALWAYS, Period

Value = str | int | bool | tuple[str, ...]
NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Claim:
    """An identifier a node is known by. `value` of a personal document is its keyed hash, `masked` its shown form.

    A natural key (`lookup` False: authority and document number of a record, the name of a list) only makes the id of
    its node; nobody looks it up, so it is not stored as an identifier.
    """

    scheme: IdentifierScheme
    value: str
    issuer: str = ""
    masked: str | None = None
    period: Period = ALWAYS
    lookup: bool = True

    @property
    def key(self) -> str:
        return "|".join((self.scheme, self.value, self.issuer))


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """The property values (names and stored types of the vocabulary) that hold in a legal period.

    `untold`: properties of which the source says nothing here, with what a new node gets; one of which it has said them
    keeps them.
    """

    values: Mapping[str, Value]
    period: Period = ALWAYS
    untold: Mapping[str, Value] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """One node: `kind` is a code of the vocabulary, `ref` its name inside the batch, `entry` the entry it came from.

    `claims` strongest first: the first one known finds the node, else the first one makes its id. Versions of one
    draft do not overlap. A `mention` names a node that others describe (the firm in a penalty file): it describes it
    only where nothing is believed of it yet, and never changes what is.
    """

    ref: str
    kind: str
    claims: tuple[Claim, ...]
    versions: tuple[VersionDraft, ...]
    entry: int
    row: int | None = None
    department: bool = False
    mention: bool = False
    id: str | None = None


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """One period of one relation between two refs; `key` names it inside the source, stable over reloads. `id`: the one
    it has in the graph it was exported from, kept by its first revision."""

    kind: RelationKind
    start: str
    end: str
    key: str
    entry: int
    period: Period = ALWAYS
    values: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    row: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one transaction writes. With `full`, what this source said before and says no more is retracted.

    `withdrawn`: nothing is said, and what this source said of these very things is retracted (`store.withdrawing`).
    """

    source: str
    operation: str
    nodes: tuple[NodeDraft, ...] = ()
    relations: tuple[RelationDraft, ...] = ()
    full: bool = False
    batch: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did, counted where it happened. `loaded` and `unchanged` are disjoint sets of entries."""

    version: int
    loaded: frozenset[int]
    unchanged: frozenset[int]
    retracted: int
    ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repeated: bool = False
