"""Alters the law one condition at a time and asks whether the casebook notices: `make rule-mutation`.

Every mutant of either pack must fail at least one of its cases; survivors are printed. Changes of a way, a term and a
version are here, the others in `rule_operators`. It must not know what a right answer is.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import pytest

from graph.codes import Capacity, CauseKind, PostKind
from graph.periods import LATEST, Day, Period, on, term_until
from graph.propagation.causes import Cause
from graph.propagation.index import index
from graph.propagation.triggers import triggered
from graph.rules import Pack, load
from graph.rules.pack import NAMES
from graph.rules.rule import Anchor, Counts, Rule, VersionBy, Way
from tests.casebook import Case, about, casebook, failures
from tests.rule_operators import Mutant, altered, further, label
from tests.rule_thresholds import WITH_VARIANTS

DAY: Final = timedelta(days=1)
WIDER: Final = (PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.DIRECTOR, PostKind.CONTROLLER)
ANCHORS: Final = (Anchor.OFFENCE, Anchor.AS_OF, Anchor.DECISION)
NARROW: Final = ("roles", "capacities", "types", "sectors", "licences", "lists", "professions", "crimes", "sanctions")
WALKED: Final = frozenset({Way.POST, Way.ELSEWHERE, Way.NAMED, Way.FOUND})


class Days(int):
    """A number of years and some days: no article says so, a mutant does."""

    days = 0

    def __new__(cls, years: int, days: int) -> Days:
        found = super().__new__(cls, years)
        found.days = days
        return found


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Every mutant of every rule that can answer anything, in the order of the pack."""
    for place, rule in enumerate(pack.rules):
        if rule.way is Way.CONFLICT or (rule.way is Way.MUST_NOT and not rule.kinds):
            continue
        beside = [
            each for each in pack.rules if each is not rule and (each.name, each.version) == (rule.name, rule.version)
        ]
        for operator, what, changed in _changes(rule, beside):
            if _says_the_same(pack, rule, operator):
                continue
            rules = [*pack.rules[:place], *([changed] if changed else []), *pack.rules[place + 1 :]]
            both = (rule, *([changed] if changed else []))
            yield Mutant(label(rule), operator, what, altered(pack, rules), both)
    yield from _versions(pack)
    yield from further(pack)


def _says_the_same(pack: Pack, rule: Rule, operator: str) -> bool:
    """Of a pack of one list every entry is of that list."""
    return operator == "drop lists" and {each.name for each in pack.lists} == rule.lists


def _changes(rule: Rule, beside: Sequence[Rule]) -> Iterator[tuple[str, str, Rule | None]]:
    yield "drop rule", "the whole way is gone", None
    for name in NARROW:
        values = getattr(rule, name)
        for each in sorted(values):
            if len(values) > 1 or (name == "roles" and rule.way in (Way.NAMED, Way.FOUND)):
                yield f"drop one of {name}", each, _with(rule, name, values - {each})
        if values and name not in ("roles", "capacities"):
            yield f"drop {name}", ", ".join(sorted(values)), _with(rule, name, frozenset())
    for article in rule.applied:
        rest = tuple(each for each in rule.applied if each != article)
        yield "drop article", f"{article.document}{article.article}", replace(rule, applied=rest)
    for each in rule.conditions:
        rest_of = tuple(other for other in rule.conditions if other != each)
        yield "drop condition", each, replace(rule, conditions=rest_of)
    yield from _persons(rule, beside)
    yield from _days(rule)


def _with(rule: Rule, name: str, value: Any) -> Rule:
    changed: dict[str, Any] = {name: value}
    return replace(rule, **changed)


def _persons(rule: Rule, beside: Sequence[Rule]) -> Iterator[tuple[str, str, Rule | None]]:
    if rule.way is Way.POST:
        bound = {role for each in beside if each.way is Way.POST for role in each.roles}
        for each in WIDER:
            if each not in rule.roles | bound:  # who is bound beside it, and more surely, is bound already
                yield "add role", each, replace(rule, roles=rule.roles | {each})
        if len(rule.roles & {PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL}) == 2:
            yield "flip either", str(not rule.either), replace(rule, either=not rule.either)
    if rule.way in WALKED and rule.roles:
        for anchor in ANCHORS:
            if anchor is not rule.anchor:
                yield "shift anchor", anchor, replace(rule, anchor=anchor)
    if rule.way is Way.NAMED:
        yield "EX_LEGE for NAMED", "by the post", replace(rule, way=Way.POST, capacities=frozenset())
    if rule.way is Way.FOUND:
        yield "EX_LEGE for FOUND", "by the post", replace(rule, way=Way.POST, capacities=frozenset())
    if rule.finding:
        yield "drop finding", "EX_LEGE for class F", replace(rule, finding=False)
        for capacity in (Capacity.NAMED, Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR):
            yield "add capacity", capacity, replace(rule, capacities=rule.capacities | {capacity})
    if rule.way in (Way.NAMED, Way.FOUND):
        more = Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE
        attested = any(PostKind.LEGAL_REPRESENTATIVE in each.roles for each in beside if each.way is Way.POST)
        if more not in rule.capacities and not attested:  # it proves the office, and who held that is bound already
            yield "add capacity", more, replace(rule, capacities=rule.capacities | {more})
    if rule.duty is not None:
        yield "drop hop", rule.duty.measure.code, replace(rule, duty=None)
        for each in sorted(rule.duty.roles):
            yield "drop role of duty", each, replace(rule, duty=replace(rule.duty, roles=rule.duty.roles - {each}))
        if rule.duty.elsewhere:
            yield "widen hop", "also the listed itself", replace(rule, duty=replace(rule.duty, elsewhere=False))
    if rule.subject != "ANY":
        yield "any subject", rule.subject, replace(rule, subject="ANY")
    if rule.released:
        yield "flip released", "no release counts", replace(rule, released=False)
    if rule.while_listed:
        yield "flip while_listed", "the measure outlasts the entry", replace(rule, while_listed=False)
    if rule.follows_post:
        yield "flip follows_post", "the measure outlasts the post", replace(rule, follows_post=False)


def _days(rule: Rule) -> Iterator[tuple[str, str, Rule | None]]:
    if rule.measure is None:
        return
    of_licence = rule.kinds == {CauseKind.QUALIFICATION}  # it has one day, that of its revocation, and no repair
    if not of_licence:
        yield "flip ends_on_repair", str(not rule.ends_on_repair), replace(rule, ends_on_repair=not rule.ends_on_repair)
    if rule.years is not None:
        for years in (rule.years - 1, rule.years + 1):
            if years:
                yield "shift term by a year", f"{years} years", replace(rule, years=years)
        for days in (-1, 1):
            yield "shift term by a day", f"{days:+d}", replace(rule, years=Days(rule.years, days))
        yield "for life", f"not {rule.years} years", replace(rule, years=None, life=True, decided_term=False)
    if rule.life:
        yield "not for life", "10 years", replace(rule, life=False, years=10)
    if rule.decided_term:
        yield "drop decided_term", "the decision's term is not read", replace(rule, decided_term=False)
    if rule.years is not None or rule.life:
        for counts in (Counts.START, Counts.DECISION, Counts.SERVED):
            if of_licence and counts is not Counts.SERVED:
                continue
            if counts is not rule.counts and (rule.years is not None or counts is Counts.SERVED):
                yield "shift start", counts, replace(rule, counts=counts)


def _versions(pack: Pack) -> Iterator[Mutant]:
    """Borders of a version move for all its ways; its kind of day changes for the whole rule.

    The day of M01 is of no law (semantics S9 gives it none, 2000-01-01 lies before the lists): it stays where it is.
    """
    versions: dict[tuple[str, str], list[Rule]] = {}
    for rule in pack.rules:
        if rule.measure is not None or rule.way in (Way.ALERT, Way.CONFLICT):
            versions.setdefault((rule.name, rule.version), []).append(rule)
    for (name, version), ways in versions.items():
        before = [each for key, found in versions.items() if key[0] == name for each in found]
        for days in (-1, 1):
            for end in ("start", "end"):
                border: Day | None = getattr(ways[0].validity, end)
                if border is None or (end == "end" and any(each.validity.start == border for each in before)):
                    continue  # the version that follows moves it
                earlier = [each for each in before if end == "start" and each.validity.end == border]
                if days < 0 and end == "start" and _nothing_before(ways[0]):
                    continue
                moved = on(border.first + days * DAY)
                rules = _each(pack, ways, end, moved)
                if end == "start":  # never two versions on one day, nor a gap: the pack's reader would refuse it
                    rules = _each(replace(pack, rules=tuple(rules)), earlier, "end", moved)
                what = f"{end} {days:+d} day"
                yield Mutant(f"{name} {version}", "shift version border", what, altered(pack, rules), tuple(before))
    for name in dict.fromkeys(rule.name for rule in pack.rules if rule.measure is not None):
        ways = [rule for rule in pack.rules if rule.name == name]
        other = VersionBy.AS_OF if ways[0].version_by is VersionBy.TRIGGER else VersionBy.TRIGGER
        chosen = {id(each) for each in ways}
        rules = [replace(each, version_by=other) if id(each) in chosen else each for each in pack.rules]
        yield Mutant(name, "flip version_by", other, altered(pack, rules), tuple(ways))


def _nothing_before(rule: Rule) -> bool:
    """Whether by its own law the rule has nothing to speak of before its first day: an earlier one is no change.

    P13: 食品安全法 135(3), 农药管理条例 63(2) and 食盐专营办法 31(2) forbid to keep whom the paragraph before
    bars, and those bars are of the same day. K5: nobody applies 招标投标法实施条例 67 or 68 before it is law.
    """
    return rule.way is Way.ALERT or rule.id == "K5"


def _each(pack: Pack, ways: Sequence[Rule], end: str, border: Day) -> list[Rule]:
    """The rules with one border of these ways moved."""
    chosen = {id(each) for each in ways}
    return [_moved(each, end, border) if id(each) in chosen else each for each in pack.rules]


def _moved(rule: Rule, end: str, border: Day) -> Rule:
    period = Period(border, rule.validity.end) if end == "start" else Period(rule.validity.start, border)
    return replace(rule, validity=period)


def _shifted(start: date, years: int) -> date:
    return term_until(start, years) + timedelta(days=getattr(years, "days", 0))


def survivors(found: Sequence[Mutant]) -> Iterator[Mutant]:
    """The mutants that no case notices."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.propagation.terms.term_until", _shifted)
        for name, table in WITH_VARIANTS:
            patch.setattr(f"graph.propagation.triggers.{name}", table)
        for mutant in found:
            if not failures(mutant.pack, noticing(mutant), enough=1):
                yield mutant


def noticing(mutant: Mutant) -> Iterator[Case]:
    """The cases that could notice: some cause in them sets off the rule, before or after the change."""
    pack, way = mutant.pack, mutant.rules[0].way
    for case in about(mutant.rule.split()[0].split(".")[0], pack.name):
        if way is Way.CONFLICT:
            if any(each.kind == "bidders" for each in case.questions):
                yield case
        elif way is Way.ALERT or any(
            each.kind in rule.kinds and triggered(rule, each, pack)
            for each in causes_of(pack.name, case.name)
            for rule in mutant.rules
        ):
            yield case


@cache
def causes_of(pack: str, name: str) -> tuple[Cause, ...]:
    facts = next(case.facts for case in casebook(pack) if case.name == name)
    return () if facts is None else index(facts, LATEST).causes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.rule_mutation", description=__doc__)
    parser.add_argument("--rule", help="only mutants of this rule, e.g. P04")
    parser.add_argument("--operator", help="only mutants of this kind, e.g. 'drop hop'")
    parser.add_argument("--stride", type=int, default=1, help="only one in so many")
    chosen = parser.parse_args()
    begun = time.monotonic()
    packs = [load(name) for name in NAMES]
    left = [each for pack in packs for each in failures(pack)]
    if left:
        print(f"the packs themselves fail {len(left)} cases: {left[0]}", file=sys.stderr)
        return 2
    every = [each for pack in packs for each in mutants(pack)]
    found = [
        each
        for each in every
        if chosen.rule in (None, each.rule.split()[0].split(".")[0]) and chosen.operator in (None, each.operator)
    ][:: chosen.stride]
    alive = list(survivors(found))
    for each in alive:
        print(f"survived: {each}")
    for operator, number in sorted(Counter(each.operator for each in found).items()):
        print(f"{operator:24} {number:5} mutants {sum(each.operator == operator for each in alive):5} survived")
    print(f"{len(found)} mutants, {len(alive)} survivors, {time.monotonic() - begun:.0f} s")
    return 1 if alive else 0


if __name__ == "__main__":
    raise SystemExit(main())
