"""What a rule is: one way in which one article binds one party; the fields that TOML may fill, nothing more.

It must not know files; conditions are names of predicates that `propagation.conditions` holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graph.codes import Capacity, CauseKind, Confidence, PenaltyType, PostKind, RecordKind, Text
from graph.facts import Article
from graph.findings import MeasureDefinition, RuleVersion
from graph.periods import Period
from graph.rules.basis import Basis


class Way(StrEnum):
    """How the law reaches its party from the cause."""

    OWN = "OWN"  # the record's own subject, or the holder of the licence (S17)
    ADDRESSED = "ADDRESSED"  # the person the decision itself is about, where the law acts only on whom it names (N)
    POST = "POST"  # who holds an office at the record's subject at the anchor
    NAMED = "NAMED"  # who is named in the decision (class N)
    FOUND = "FOUND"  # whom a finding makes a party (S7)
    ELSEWHERE = "ELSEWHERE"  # other organisations of the person whom a finding makes responsible (P09)
    OWNED = "OWNED"  # whom listed parties own together, level by level (the second pack)
    ALERT = "ALERT"  # no measure: a warning about who keeps a barred person in post (P13)
    CONFLICT = "CONFLICT"  # no measure: a check between bidders (`domain.md` B9), walked by another question
    MUST_NOT = "MUST_NOT"  # no measure: a walk that the law forbids (`domain.md` B10)


WITHOUT_MEASURE = frozenset({Way.ALERT, Way.CONFLICT, Way.MUST_NOT})


class Anchor(StrEnum):
    """The day or period in which the office must have been held (S5)."""

    OFFENCE = "OFFENCE"
    OFFENCE_OR_DECISION = "OFFENCE_OR_DECISION"  # the decision's day where no offence period is given (P06)
    AS_OF = "AS_OF"
    LISTING = "LISTING"
    DECISION = "DECISION"
    NEW_ROLE = "NEW_ROLE"  # a post begun on or after the day of the decision (P09 of 2025)
    SINCE_LISTING = "SINCE_LISTING"  # any day from the listing to the day asked about (M01)


class VersionBy(StrEnum):
    """Which day chooses the version: that of the decision, or the one asked about (S4)."""

    TRIGGER = "TRIGGER"
    AS_OF = "AS_OF"


class Counts(StrEnum):
    """The day from which a term counts. COMPLETION, SERVED and PERFORMED are also the first day of the measure."""

    START = "START"  # from when the decision has effect
    DECISION = "DECISION"  # 自处罚决定作出之日起, whatever day it took effect
    COMPLETION = "COMPLETION"  # 自破产清算完结之日起
    SERVED = "SERVED"  # 自刑罚执行完毕之日起
    PERFORMED = "PERFORMED"  # 处罚期满之日起: when a penalty of some months is over (律师法 53)


class Visibility(StrEnum):
    PUBLIC = "PUBLIC"
    OFFICIALS = "OFFICIALS"


@dataclass(frozen=True, slots=True)
class Duty:
    """The organisation's own duty that follows: its measure, and the posts that must be running (S1).

    `elsewhere`: only other organisations than the one the cause is about («其他企业», P08).
    """

    measure: MeasureDefinition
    roles: frozenset[PostKind]
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of one version of one part of a rule.

    What sets it off: `kinds`, `types` (any of them), `sectors`, `lists`, `professions`, `crimes`, `sanctions` and
    `applied` (an article that the decision applied) are triggers: a cause that does not match is no cause of the rule
    at all (S9). `licences` is one where neither the licence nor the sector of the record is of the field, else a
    condition that may fail, as `conditions` may.
    `roles`, `anchor`: for POST (and whose absence of naming or finding is worth considering). `either`: the statute
    says «法定代表人或者主要负责人», a PRINCIPAL counts only where no LR is recorded on the anchor (S6). `finding`: an
    extra finding without which the answer is POTENTIAL (class F). `capacities`: what satisfies it, or, for NAMED and
    FOUND, what makes the person a party. `follows_post`: the measure lasts only while the post does (P01). `years`
    None and not `life`: it lasts while the cause does; `decided_term`: a term named in the decision wins, `years` is
    the least the article allows; `while_listed`: the end of the entry
    itself ends it within its years as well. `watches`: for ALERT, the measures whose party may not be kept in one of
    `roles`. `share`: for OWNED, the least joint share in millionths of a percent.
    """

    id: str
    part: str | None
    way: Way
    version: str
    version_by: VersionBy
    title: Text
    text: Text | None
    basis: tuple[Basis, ...]
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
    counts: Counts
    life: bool
    ends_on_repair: bool
    visibility: Visibility
    while_listed: bool = False
    lists: frozenset[str] = frozenset()
    types: frozenset[PenaltyType] = frozenset()
    sectors: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    professions: frozenset[str] = frozenset()
    crimes: frozenset[str] = frozenset()
    sanctions: frozenset[str] = frozenset()
    applied: tuple[Article, ...] = ()
    decided_term: bool = False
    watches: frozenset[str] = frozenset()
    share: int | None = None

    @property
    def name(self) -> str:
        """`P04`, or `P23.publishing`."""
        return f"{self.id}.{self.part}" if self.part else self.id

    @property
    def cited(self) -> RuleVersion:
        return RuleVersion(
            self.id, self.part, self.version, self.title, self.text, self.basis, self.confidence, self.validity
        )

    @property
    def family(self) -> tuple[object, ...]:
        """Versions of one family follow each other in time."""
        return (self.id, self.part, self.way, self.kinds, self.roles, self.capacities)
