"""What propagation answers: measures with their paths, what was considered and failed, and warnings; frozen values.

It must not know how an answer was found, nor names of parties: ids only, so that access and language are decided later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.codes import (
    Capacity,
    Certainty,
    CheckOutcome,
    CheckScope,
    Condition,
    Confidence,
    Effect,
    EvidenceKind,
    PostKind,
    Purpose,
    RelationKind,
    TermEnd,
    Text,
    TruncationReason,
    WarningCode,
)
from graph.facts import Article, Provenance
from graph.periods import Period


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as an answer cites it. `id` is `P04`, `part` e.g. `dismiss` or None, `validity` that of the version."""

    id: str
    part: str | None
    version: str
    title: Text
    text: Text | None
    basis: tuple[Article, ...]
    confidence: Confidence
    validity: Period


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """A measure of the catalogue. `family`: RIGHTS, MANAGEMENT or OTHERS; `applied_by`: who carries it out."""

    code: str
    title: Text
    effect: Effect
    purposes: tuple[Purpose, ...]
    family: str = "RIGHTS"
    applied_by: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Evidence that is still missing."""

    evidence: EvidenceKind
    explanation: Text


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step in walking order, from the cause to the party; `forward` = the stored relation runs start → end.

    `edge` is the id of the stored relation; `proves` says what the step shows.
    """

    start: str
    end: str
    relation: RelationKind
    forward: bool
    period: Period
    proves: Text
    provenance: Provenance
    post: PostKind | None = None
    capacity: Capacity | None = None
    share: int | None = None
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One answer per rule, party, cause and measure code (S13). `until` is the first day without it; None by `end`."""

    party: str
    cause: str
    rule: RuleVersion
    definition: MeasureDefinition
    certainty: Certainty
    start: date
    until: date | None
    end: TermEnd
    path: tuple[PathStep, ...]
    ends_on_repair: bool
    officials_only: bool = False
    also_via: tuple[PathStep, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def key(self) -> str:
        """Makes two answers comparable: rule and part, measure code, cause, party."""
        part = f".{self.rule.part}" if self.rule.part else ""
        return f"{self.rule.id}{part}:{self.definition.code}:{self.cause}:{self.party}"


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule that came close: exactly one condition failed (S9)."""

    rule: RuleVersion
    party: str
    cause: str
    failed: Condition
    explanation: Text
    path: tuple[PathStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of an answer, about these nodes."""

    code: WarningCode
    message: Text
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Which limit cut the facts or the answer, and how many were left out (a lower bound when not exact)."""

    reason: TruncationReason
    omitted: int | None = None
    lower_bound: bool = True


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything propagation found over a set of facts, in a stable order; POTENTIAL measures are in `potential`."""

    measures: tuple[Measure, ...] = ()
    potential: tuple[Measure, ...] = ()
    considered: tuple[Considered, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What binds somebody near the subject: a controller, holder or office holder; never the subject's own measures."""

    through: CheckScope
    via: str
    path: tuple[PathStep, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The answer of `check` for one subject and one reader, before anything is named.

    `complete` False: NOTHING_FOUND means "not conclusive" (S15, S17).
    """

    subject: str
    purpose: Purpose | None
    outcome: CheckOutcome
    findings: Findings
    complete: bool
    truncated: Cut | None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """The same check before and after what is supposed; by key, the sure measures that came and went."""

    before: CheckAnswer
    after: CheckAnswer

    @property
    def appeared(self) -> tuple[Measure, ...]:
        return _only(self.after, self.before)

    @property
    def vanished(self) -> tuple[Measure, ...]:
        return _only(self.before, self.after)


def _only(here: CheckAnswer, there: CheckAnswer) -> tuple[Measure, ...]:
    known = {each.key for each in there.findings.measures}
    return tuple(each for each in here.findings.measures if each.key not in known)
