"""Two packs side by side, in words: what a credit officer reads before a new version of the law is put in force.

It must not know facts, nor judge which pack is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from graph.codes import Seriousness, Text
from graph.facts import Article
from graph.findings import MeasureDefinition
from graph.periods import ALWAYS, Period
from graph.publication import Policy, Regime
from graph.rules.basis import Basis
from graph.rules.pack import Pack
from graph.rules.rule import Duty, Rule
from graph.words import words

UNTOLD = frozenset({"id", "part", "version", "way"})  # they name the rule
WINDOWS = "publication 公示"


def differences(one: Pack, other: Pack) -> Iterator[str]:
    """One line for each difference: rules gone, rules new, then field by field; nothing for equal packs."""
    if one.version != other.version:
        yield f"pack: version {one.version} → {other.version}"
    before, after = _by_name(one), _by_name(other)
    for name in before.keys() - after.keys():
        yield f"- {name}: gone: {before[name].title.zh}"
    for name in sorted(after.keys() - before.keys()):
        yield f"+ {name}: new: {after[name].title.zh}, from {after[name].validity.start}"
    for name in sorted(before.keys() & after.keys()):
        yield from _of_fields(name, before[name], after[name], UNTOLD)
    yield from _of_measures(one, other)
    yield from _of_lists(one, other)
    yield from _of_windows(one.windows, other.windows)


def _by_name(pack: Pack) -> dict[str, Rule]:
    """A way is named by what it is; two alike are told apart by whom they reach."""
    found: dict[str, Rule] = {}
    for rule in pack.rules:
        name = f"{rule.name} {rule.version} {rule.way}"
        found[name if name not in found else f"{name} ({', '.join(sorted(rule.roles or rule.capacities))})"] = rule
    return found


def _of_fields(
    name: str, one: Rule | Regime | Policy, other: Rule | Regime | Policy, untold: frozenset[str]
) -> Iterator[str]:
    for each in fields(one):
        if each.name in untold:
            continue
        before, after = getattr(one, each.name), getattr(other, each.name)
        if before == after:
            continue
        if isinstance(before, frozenset) and isinstance(after, frozenset):
            gone, new = sorted(map(str, before - after)), sorted(map(str, after - before))
            told = [*(f"without {word}" for word in gone), *(f"also {word}" for word in new)]
            yield f"~ {name}: {each.name}: {', '.join(told)}"
        else:
            yield f"~ {name}: {each.name}: {said(before)} → {said(after)}"


def _of_measures(one: Pack, other: Pack) -> Iterator[str]:
    for code in sorted(one.definitions.keys() | other.definitions.keys()):
        before, after = one.definitions.get(code), other.definitions.get(code)
        if before is None or after is None:
            yield f"{'+' if before is None else '-'} measure {code}"
        elif before != after:
            yield f"~ measure {code}: {_measure(before)} → {_measure(after)}"


def _of_lists(one: Pack, other: Pack) -> Iterator[str]:
    before, after = ({each.name: each for each in pack.lists} for pack in (one, other))
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield f"{'+' if name not in before else '-'} list {name}"
        elif before[name] != after[name]:
            yield f"~ list {name}: aliases, polarity, owner or effect changed"


def _of_windows(one: Policy | None, other: Policy | None) -> Iterator[str]:
    """How long records are public."""
    if one is None or other is None:
        if one is not other:
            yield f"{'+' if one is None else '-'} {WINDOWS}"
        return
    before, after = ({each.name: each for each in policy.regimes} for policy in (one, other))
    for name in sorted(before.keys() - after.keys()):
        yield f"- {WINDOWS} {name}: gone"
    for name in sorted(after.keys() - before.keys()):
        yield f"+ {WINDOWS} {name}: new, from {after[name].validity.start}"
    for name in sorted(before.keys() & after.keys()):
        was, now = before[name], after[name]
        for each in Seriousness:
            if was.longest[each] != now.longest[each]:
                told = f"{was.longest[each]} → {now.longest[each]} months"
                yield f"~ {WINDOWS} {name}: longest: {each} {words(each).zh}: {told}"
        yield from _of_fields(f"{WINDOWS} {name}", was, now, frozenset({"name", "longest"}))
    yield from _of_fields(WINDOWS, one, other, frozenset({"regimes"}))


def _measure(each: MeasureDefinition) -> str:
    return f"{each.title.zh} ({each.effect}; {', '.join(each.purposes)}; {each.family}; {each.applied_by})"


def said(value: Any) -> str:
    """A field in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Text():
            return value.zh
        case Period():
            return f"{value.start or '…'} – {value.end or '…'}"
        case MeasureDefinition():
            return value.code
        case Duty():
            beyond = " elsewhere" if value.elsewhere else ""
            return f"{value.measure.code}{beyond} while {', '.join(sorted(value.roles))}"
        case Basis() if value.validity != ALWAYS:
            return f"{value.document}{value.article or ''} ({said(value.validity)})"
        case Article():
            return f"{value.document}{value.article or ''}"
        case tuple():
            return "; ".join(map(said, value)) or "nothing"
    return str(value)
