"""What propagation reasons over: frozen facts with their periods, as known at one system time.

It must not know where facts are kept or who asks; names are left out on purpose, no rule may match a person by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from graph.codes import Capacity, PenaltyType, PostKind, RecordKind, RecordState, RelationKind, Seriousness, SubjectKind
from graph.periods import ALWAYS, NEVER, Day, Period


class Provenance(NamedTuple):
    """Where a fact came from; `recorded_at` and `retracted_at` are stored system times (`periods.instant`)."""

    source: str
    recorded_at: str
    retracted_at: str = NEVER
    batch: str | None = None
    row: int | None = None

    def known(self, at: str) -> bool:
        return self.recorded_at <= at < self.retracted_at


UNSOURCED = Provenance("", "")  # facts of a hypothesis or a test, known at any time


@dataclass(frozen=True, slots=True)
class Party:
    """A subject. `adult_on` None means unknown (only persons have it); `sectors`: what an organisation works in."""

    id: str
    kind: SubjectKind
    adult_on: Day | None = None
    provenance: Provenance = UNSOURCED
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """One period of one office; CONTROLLER is the declared actual controller, whose `person` may be any subject."""

    id: str
    person: str
    organization: str
    post: PostKind
    period: Period = ALWAYS
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Holding:
    """`share` and `votes` in millionths of a percent; None is unknown."""

    id: str
    holder: str
    organization: str
    share: int | None = None
    votes: int | None = None
    period: Period = ALWAYS
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Link:
    """Any other relation between two nodes: BRANCH_OF, GUARANTEES, ACTS_IN_CONCERT_WITH …"""

    id: str
    kind: RelationKind
    start: str
    end: str
    period: Period = ALWAYS
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Article:
    """A document and the article in it: what a decision applied, or what a rule rests on."""

    document: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban named in a decision: what for, and how long (`years` None and not `life`: not said)."""

    scope: str | None = None
    years: int | None = None
    life: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A decision, listing or order. `effective` is from/to; `about` maps subject ids to the ids of ABOUT edges."""

    id: str
    kind: RecordKind
    about: Mapping[str, str]
    decided_on: Day | None = None
    effective_on: Day | None = None
    effective: Period = ALWAYS
    offence: Period | None = None
    state: RecordState = RecordState.ACTIVE
    revoked_on: Day | None = None
    set_aside_on: Day | None = None
    lifted_on: Day | None = None
    repaired_on: Day | None = None
    suspended: Period | None = None
    completed_on: Day | None = None
    published: Period | None = None
    document_number: str | None = None
    types: frozenset[PenaltyType] = frozenset()
    sector: str | None = None
    licence: str | None = None
    list: str | None = None
    reason: str | None = None
    large_debt: bool | None = None
    seriousness: Seriousness | None = None
    circumstances: frozenset[str] = frozenset()
    basis: tuple[Article, ...] = ()
    scheme: str | None = None
    grade: str | None = None
    year: int | None = None
    crime: str | None = None
    sentence: str | None = None
    served_on: Day | None = None
    sanction: str | None = None
    ban: Ban | None = None
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Finding:
    """A person named in, or found responsible for, a record, in a capacity (S8). `id` is the RESPONSIBLE_FOR edge."""

    id: str
    person: str
    record: str
    capacity: Capacity
    decided_on: Day | None = None
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Qualification:
    """A professional licence of a person; `edge` is its HAS_QUALIFICATION edge."""

    id: str
    person: str
    profession: str
    edge: str
    period: Period = ALWAYS
    revoked_on: Day | None = None
    reason: str | None = None
    sanction: str | None = None
    provenance: Provenance = UNSOURCED


@dataclass(frozen=True, slots=True)
class Facts:
    """A closed set of facts: every id a fact mentions is a party, record or qualification of the same set.

    Order carries no meaning.
    """

    parties: Mapping[str, Party] = field(default_factory=lambda: MappingProxyType({}))
    posts: tuple[Post, ...] = ()
    holdings: tuple[Holding, ...] = ()
    links: tuple[Link, ...] = ()
    records: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()
    qualifications: tuple[Qualification, ...] = ()

    def known(self, at: str) -> Facts:
        """What was believed at a system time."""
        return Facts(
            {id: each for id, each in self.parties.items() if each.provenance.known(at)},
            tuple(each for each in self.posts if each.provenance.known(at)),
            tuple(each for each in self.holdings if each.provenance.known(at)),
            tuple(each for each in self.links if each.provenance.known(at)),
            tuple(each for each in self.records if each.provenance.known(at)),
            tuple(each for each in self.findings if each.provenance.known(at)),
            tuple(each for each in self.qualifications if each.provenance.known(at)),
        )
