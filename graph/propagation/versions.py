"""Which version of a rule judges a cause, and since when without a break (S4).

It must not know parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph.codes import Condition
from graph.propagation.causes import Cause
from graph.propagation.verdicts import HELD, Verdict, failed, imprecise
from graph.rules.rule import Rule, VersionBy

AS_OF = VersionBy.AS_OF


def version(family: Sequence[Rule], cause: Cause, as_of: date) -> tuple[Rule, Verdict]:
    """The version that judges, and whether one does (S4)."""
    decided = cause.decided or cause.starts
    if family[0].version_by is AS_OF or decided is None:
        return _on(family, as_of)
    rule, verdict = _on(family, decided.last)
    if not decided.exact and _on(family, decided.first) != (rule, verdict):
        return rule, imprecise("决定日期", "the day of the decision")
    return rule, verdict


def _on(family: Sequence[Rule], day: date) -> tuple[Rule, Verdict]:
    for rule in family[::-1]:
        if rule.validity.contains(day):
            return rule, HELD
    later = [rule for rule in family if rule.validity.start is not None and day < rule.validity.start.first]
    if len(later) == len(family):
        rule = later[0]
        return rule, failed(
            Condition.NOT_YET_IN_FORCE,
            f"规则自 {rule.validity.start} 起施行",
            f"the rule is in force from {rule.validity.start}",
        )
    rule = [each for each in family if each not in later][-1]
    return rule, failed(
        Condition.VERSION_ENDED,
        f"规则至 {rule.validity.end} 止",
        f"the rule ended on {rule.validity.end}",
    )


def in_force_since(rule: Rule, family: Sequence[Rule]) -> date:
    """The first day of the unbroken run of versions that ends with this one: a new version restarts nothing (S4)."""
    since = rule.validity.start
    for earlier in reversed([each for each in family if _before(each, rule)]):
        if earlier.validity.end is None or since is None or earlier.validity.end.last < since.first:
            break
        since = earlier.validity.start
    return date.min if since is None else since.first


def _before(rule: Rule, other: Rule) -> bool:
    mine, theirs = rule.validity.start, other.validity.start
    return theirs is not None and (mine is None or mine.first < theirs.first)
