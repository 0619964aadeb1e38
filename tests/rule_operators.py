"""Changes of what no way of a rule says by itself: measures, thresholds, hops, alerts, bidders, a joint share.

One thing at a time, as all mutants. It must not know cases, nor what a right answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.codes import Effect, PostKind, Purpose
from graph.findings import MeasureDefinition
from graph.rules import Pack
from graph.rules.rule import Anchor, Rule, Way
from tests.rule_thresholds import VARIANTS

EFFECTS: Final = (*Effect,)
BESIDE_MANAGEMENT: Final = (PostKind.SUPERVISOR, PostKind.CONTROLLER, PostKind.FINANCE_CHIEF, PostKind.EMPLOYEE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pack with one thing changed; `what` says it in words, `rules` are those before and after the change."""

    rule: str
    operator: str
    what: str
    pack: Pack
    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.operator}: {self.what}"


def label(rule: Rule) -> str:
    return f"{rule.name} {rule.version} {rule.way}"


def altered(pack: Pack, rules: Sequence[Rule]) -> Pack:
    return Pack(pack.name, pack.version, "", tuple(rules), pack.definitions, pack.lists)


def further(pack: Pack) -> Iterator[Mutant]:
    """All of them, kind by kind in the order of the pack."""
    yield from _one_by_one(pack, _of_rule)
    yield from _one_by_one(pack, lambda rule: _other_measures(pack, rule))
    yield from _definitions(pack)


def _one_by_one(pack: Pack, changes: Callable[[Rule], Iterator[tuple[str, str, Rule | None]]]) -> Iterator[Mutant]:
    for place, rule in enumerate(pack.rules):
        for operator, what, changed in changes(rule):
            after = [changed] if changed else []
            rules = (*pack.rules[:place], *after, *pack.rules[place + 1 :])
            yield Mutant(label(rule), operator, what, altered(pack, rules), (rule, *after))


def _of_rule(rule: Rule) -> Iterator[tuple[str, str, Rule | None]]:
    for condition in rule.conditions:
        for variant in VARIANTS:
            if variant.moves == condition:
                moved = tuple(variant.name if each == condition else each for each in rule.conditions)
                yield "move threshold", variant.name, replace(rule, conditions=moved)
    if rule.share is not None:
        yield "widen inequality", "one unit less is enough", replace(rule, share=rule.share - 1)
        yield "narrow inequality", "more than, not as much as", replace(rule, share=rule.share + 1)
    if rule.way is Way.OWNED:
        yield "drop hop", "who is listed, and nobody it owns", replace(rule, way=Way.OWN, share=None)
    if rule.way is Way.ELSEWHERE:
        yield "drop hop", "the person, not where he sits", replace(rule, way=Way.FOUND, follows_post=False)
        yield "drop hop", "the firm's own offices", replace(rule, way=Way.POST, capacities=frozenset())
    if rule.way is Way.ALERT:
        for role in BESIDE_MANAGEMENT:
            yield "add role", role, replace(rule, roles=rule.roles | {role})
    if rule.way is Way.MUST_NOT and rule.kinds:
        for anchor in (Anchor.OFFENCE, Anchor.AS_OF, Anchor.LISTING, Anchor.DECISION, Anchor.NEW_ROLE):
            yield "shift anchor", anchor, replace(rule, anchor=anchor)
        for role in (PostKind.PRINCIPAL, PostKind.DIRECTOR, PostKind.CONTROLLER):
            yield "add role", role, replace(rule, roles=rule.roles | {role})
    if rule.way is Way.CONFLICT:
        yield "drop rule", "the whole way is gone", None
        if rule.id == "K5":  # its basis are the articles that a decision must apply; that of the others is only cited
            for article in rule.basis:
                rest = tuple(each for each in rule.basis if each != article)
                yield "drop article", f"{article.document}{article.article}", replace(rule, basis=rest)


def _other_measures(pack: Pack, rule: Rule) -> Iterator[tuple[str, str, Rule | None]]:
    if rule.measure is not None and (other := _beside(pack, rule.measure)):
        yield "swap measure", other.code, replace(rule, measure=other)
    if rule.duty is not None and (other := _beside(pack, rule.duty.measure)):
        yield "swap duty", other.code, replace(rule, duty=replace(rule.duty, measure=other))
    for code in sorted(rule.watches):
        for another in sorted({*_watched(pack), "BAR_DRUG_BUSINESS"} - rule.watches):
            yield "swap watches", another, replace(rule, watches=rule.watches - {code} | {another})
            yield "add watches", another, replace(rule, watches=rule.watches | {another})


def _watched(pack: Pack) -> set[str]:
    return {code for rule in pack.rules for code in rule.watches}


def _beside(pack: Pack, measure: MeasureDefinition) -> MeasureDefinition | None:
    """The measure that is most like this one: of the same effect and purposes where there is one."""
    others = [each for each in pack.definitions.values() if each.code != measure.code]
    return min(
        others,
        key=lambda each: (each.effect is not measure.effect, set(each.purposes) != set(measure.purposes), each.code),
        default=None,
    )


def _definitions(pack: Pack) -> Iterator[Mutant]:
    """A measure is one in every rule that applies it: its effect and purposes change for all of them."""
    for measure in pack.definitions.values():
        rules = tuple(rule for rule in pack.rules if measure in (rule.measure, rule.duty and rule.duty.measure))
        if not rules:
            continue  # defined for a law that is not in the pack: no answer holds it
        for operator, what, changed in _redefined(measure):
            after = tuple(_applying(rule, measure, changed) for rule in pack.rules)
            yield Mutant(f"{rules[0].name} {measure.code}", operator, what, altered(pack, after), rules)


def _redefined(measure: MeasureDefinition) -> Iterator[tuple[str, str, MeasureDefinition]]:
    other = EFFECTS[(EFFECTS.index(measure.effect) + 1) % len(EFFECTS)]
    yield "swap effect", other, replace(measure, effect=other)
    for purpose in measure.purposes:
        rest = tuple(each for each in measure.purposes if each is not purpose)
        yield "drop purpose", purpose, replace(measure, purposes=rest)
    more = next(each for each in Purpose if each not in measure.purposes)
    yield "add purpose", more, replace(measure, purposes=(*measure.purposes, more))


def _applying(rule: Rule, measure: MeasureDefinition, changed: MeasureDefinition) -> Rule:
    if rule.measure is measure:
        rule = replace(rule, measure=changed)
    if rule.duty is not None and rule.duty.measure is measure:
        rule = replace(rule, duty=replace(rule.duty, measure=changed))
    return rule
