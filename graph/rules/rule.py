"""What a rule is: one way in which one article binds one party; the fields that TOML may fill, nothing more.

It must not know files; conditions are names of predicates that `propagation.conditions` holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graph.codes import Capacity, Confidence, PostKind, RecordKind, Text
from graph.facts import Article
from graph.findings import MeasureDefinition, RuleVersion
from graph.periods import Period


class Way(StrEnum):
    """How the law reaches its party from the cause."""

    OWN = "OWN"  # the record's own subject, or the holder of the licence (S17)
    POST = "POST"  # who holds an office at the record's subject at the anchor
    NAMED = "NAMED"  # who is named in the decision (class N)
    FOUND = "FOUND"  # whom a finding makes a party (S7)
    MUST_NOT = "MUST_NOT"  # no measure: a walk that the law forbids (`domain.md` B10)


class Anchor(StrEnum):
    """The day or period in which the office must have been held (S5)."""

    OFFENCE = "OFFENCE"
    AS_OF = "AS_OF"
    LISTING = "LISTING"
    DECISION = "DECISION"
    SINCE_LISTING = "SINCE_LISTING"  # any day from the listing to the day asked about (M01)


class VersionBy(StrEnum):
    """Which day chooses the version: that of the decision, or the one asked about (S4)."""

    TRIGGER = "TRIGGER"
    AS_OF = "AS_OF"


class Visibility(StrEnum):
    PUBLIC = "PUBLIC"
    OFFICIALS = "OFFICIALS"


class CauseKind(StrEnum):
    """What can set a rule off besides records."""

    QUALIFICATION = "QUALIFICATION"


@dataclass(frozen=True, slots=True)
class Duty:
    """The organisation's own duty that follows: its measure, and the posts that must be running (S1)."""

    measure: MeasureDefinition
    roles: frozenset[PostKind]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of one version of one part of a rule.

    `roles`, `anchor`: for POST (and whose absence of naming or finding is worth considering). `either`: the statute
    says «法定代表人或者主要负责人», a PRINCIPAL counts only where no LR is recorded on the anchor (S6). `finding`: an
    extra finding without which the answer is POTENTIAL (class F). `capacities`: what satisfies it, or, for NAMED and
    FOUND, what makes the person a party. `follows_post`: the measure lasts only while the post does (P01). `years`
    None and not `life`: it lasts while the cause does. `from_decision`: the years count from the decision, whatever day
    it took effect.
    """

    id: str
    part: str | None
    way: Way
    version: str
    version_by: VersionBy
    title: Text
    text: Text | None
    basis: tuple[Article, ...]
    confidence: Confidence
    jurisdiction: str
    validity: Period
    kinds: frozenset[RecordKind | CauseKind]
    subject: str
    conditions: tuple[str, ...]
    measure: MeasureDefinition | None
    duty: Duty | None
    roles: frozenset[PostKind]
    anchor: Anchor
    either: bool
    finding: bool
    capacities: frozenset[Capacity]
    follows_post: bool
    released: bool
    years: int | None
    from_decision: bool
    life: bool
    ends_on_repair: bool
    visibility: Visibility
    lists: frozenset[str] = frozenset()

    @property
    def cited(self) -> RuleVersion:
        return RuleVersion(
            self.id, self.part, self.version, self.title, self.text, self.basis, self.confidence, self.validity
        )

    @property
    def family(self) -> tuple[object, ...]:
        """Versions of one family follow each other in time."""
        return (self.id, self.part, self.way, self.kinds, self.roles)
