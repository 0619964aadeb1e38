"""What is asked of the engine and what it answered: values, what has to be read for them, and what they name.

It must not know how facts are read, nor fields of the API beyond the names of an answer's parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from graph import propagation
from graph.codes import CheckOutcome, CheckScope, Purpose, RelationKind
from graph.facts import Record
from graph.findings import CheckAnswer, Cut, Findings, PathStep, Related
from graph.findings import Measure as FoundMeasure
from graph.identifiers import Lookup
from graph.periods import Moment
from graph.propagation.hypotheses import PREFIX
from graph.rules import CreditListName, Footprint, Pack, Telling
from schema.fields import Info
from schema.scope import several
from schema.supposing import Change

# Parts of an answer that name nodes or have to be reasoned for: what is not selected is neither.
PARTS: Final = frozenset(
    {"subject", "record", "measures", "potential", "considered", "related", "warnings", "subgraph"}
)
BINDING: Final = frozenset({"measures", "potential"})


class Kind(Enum):
    CHECK = "CHECK"
    REACH = "REACH"
    WHAT_IF = "WHAT_IF"


class Ask(NamedTuple):
    kind: Kind
    lookup: Lookup
    purpose: Purpose | None
    moment: Moment
    nested: bool = False
    through: frozenset[CheckScope] = frozenset()
    changes: tuple[Change, ...] = ()
    shown: frozenset[str] = PARTS

    @property
    def considering(self) -> bool:
        return not self.shown.isdisjoint(("considered", "warnings", "subgraph"))

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        return (self.lookup, *(lookup for each in self.changes for _, lookup, _ in each.names))


def supposing(lookup: Lookup, changes: tuple[Change, ...], purpose: Purpose | None, moment: Moment) -> Ask:
    return Ask(Kind.WHAT_IF, lookup, purpose, moment, changes=changes)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said about one subject or cause, for this reader: the parts that are shown, and no other."""

    identity: str
    findings: Findings
    outcome: CheckOutcome | None
    complete: bool
    truncated: Cut | None
    pack: Pack
    related: tuple[Related, ...] = ()
    named: bool = True  # whether the subject or cause is itself shown


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An identifier held by several subjects."""

    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supposed:
    """The check of one subject as things are and as they would be; `records` are those that are only supposed."""

    identity: str
    before: Answer
    after: Answer
    appeared: tuple[FoundMeasure, ...]
    vanished: tuple[FoundMeasure, ...]
    records: tuple[Record, ...]

    @property
    def listed(self) -> list[tuple[Record, CreditListName | None]]:
        """The supposed records, each with the list it would be an entry of."""
        pack = self.after.pack
        return [(each, None if each.list is None else pack.list_named(each.list)) for each in self.records]


Held = Answer | Supposed | Ambiguous | None


def single(held: Held, argument: str) -> Answer | Supposed | None:
    if isinstance(held, Ambiguous):
        raise several(held.candidates, argument)
    return held


def footprint(pack: Pack, asks: Sequence[Ask]) -> Footprint:
    """What has to be read for all: who holds an office lies one step further, owners are walked up to the top.

    A cause alone says whom it reaches; what is supposed may make any record tell something. Where what came close is
    not asked for, what only could have bound somebody is not read.
    """
    through = frozenset[CheckScope]().union(*(each.through for each in asks))
    relations, hops = pack.footprint.relations, pack.footprint.hops
    supposing = any(each.kind is Kind.WHAT_IF for each in asks)  # shares there are may contradict one supposed
    held = {RelationKind.HOLDS} if supposing else set[RelationKind]()
    further = hops + 1 if CheckScope.OFFICES in through else hops
    binding = not through and all(each.kind is Kind.CHECK and not each.considering for each in asks)
    alone = not pack.owned and all(each.kind is Kind.REACH for each in asks)
    return Footprint(
        relations | held,
        further,
        owners=CheckScope.OWNERSHIP in through,
        kinds=frozenset() if alone else pack.footprint.kinds | propagation.ADVERSE,
        telling=Telling() if supposing or alone else propagation.telling(pack),
        anywhere=supposing or any(each.kind is Kind.REACH for each in asks),
        about=propagation.binding(pack) if binding else Telling(),
        own=propagation.own(pack) if binding else Telling(),
        leading=propagation.leading(pack) if binding else None,
        addressed=pack.footprint.addressed,
        everywhere=pack.footprint.everywhere,
    )


def within(wanted: Footprint, read: Footprint) -> bool:
    return (
        wanted.relations <= read.relations
        and wanted.hops <= read.hops
        and wanted.kinds <= read.kinds
        and read.telling in (wanted.telling, Telling())
        and read.about in (wanted.about, Telling())
        and read.own in (wanted.own, Telling())
        and read.leading in (wanted.leading, None)
        and read.addressed >= wanted.addressed
        and read.everywhere >= wanted.everywhere
    )


def shown_of(info: Info) -> frozenset[str]:
    """The parts of a check or a reach that are selected."""
    return PARTS.intersection(info.below)


def checked(found: CheckAnswer, pack: Pack, shown: frozenset[str] = PARTS) -> Answer:
    return Answer(
        found.subject,
        shown_parts(found.findings, shown),
        found.outcome,
        found.complete,
        found.truncated,
        pack,
        found.related if "related" in shown else (),
        named="subject" in shown,
    )


def shown_parts(found: Findings, shown: frozenset[str]) -> Findings:
    """What is not shown is not read either; a subgraph is of all paths."""
    drawn = "subgraph" in shown
    return Findings(
        found.measures if drawn or "measures" in shown else (),
        found.potential if drawn or "potential" in shown else (),
        found.considered if drawn or "considered" in shown else (),
        found.notices if "warnings" in shown else (),
    )


def named(answer: Answer | Supposed) -> set[str]:
    """Every node an answer may have to name; what is only supposed is no node."""
    if isinstance(answer, Supposed):
        return {each for each in named(answer.before) | named(answer.after) if not each.startswith(PREFIX)}
    found = answer.findings
    ids = {each for notice in found.notices for each in notice.nodes}
    if answer.named:
        ids.add(answer.identity)
    steps: list[PathStep] = []
    for related in answer.related:
        ids.add(related.via)
        steps += related.path
    beside = (measure for related in answer.related for measure in related.measures)
    for measure in (*found.measures, *found.potential, *beside):
        ids |= {measure.party, measure.cause}
        steps += (*measure.path, *measure.also_via)
    for considered in found.considered:
        ids |= {considered.party, considered.cause}
        steps += considered.path
    return ids.union(*({step.start, step.end} for step in steps))
