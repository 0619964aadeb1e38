"""Who is owned by listed parties together, level by level: an organisation joins when their shares reach the limit.

It must not know any list by name; the limit and the lists are the rule's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from graph.codes import Certainty, TermEnd, Text, WarningCode
from graph.facts import Holding
from graph.findings import Measure, Notice, PathStep
from graph.propagation import steps
from graph.propagation.causes import Cause, in_force
from graph.propagation.index import Index
from graph.propagation.triggers import triggered
from graph.rules.pack import Pack
from graph.rules.rule import Rule
from graph.sources import settled_holdings


def owned(pack: Pack, facts: Index, as_of: date, said: set[Notice]) -> Iterator[Measure]:
    """One measure for each listing that contributes to an organisation's joint share."""
    for rule in pack.owned:
        if rule.validity.contains(as_of):
            yield from _owned(rule, pack, facts, as_of, said)


def _owned(rule: Rule, pack: Pack, facts: Index, as_of: date, said: set[Notice]) -> Iterator[Measure]:
    causes = {each.id: each for each in facts.causes if each.kind in rule.kinds and triggered(rule, each, pack)}
    listed: dict[str, dict[str, tuple[PathStep, ...]]] = defaultdict(dict)
    for cause in causes.values():
        if in_force(cause, as_of):
            for subject, edge in sorted(cause.subjects.items()):
                listed[subject][cause.id] = (steps.about(cause, subject, edge),)
    if not listed:
        return
    blocked = dict(listed)
    for organization, holders in _levels(rule, facts, as_of, blocked, said):
        reached: dict[str, tuple[tuple[PathStep, ...], ...]] = {}
        for holding in holders:
            for cause_id, path in blocked[holding.holder].items():
                reached[cause_id] = (*reached.get(cause_id, ()), (*path, steps.owns(holding)))
        blocked[organization] = {
            each: min(paths, key=lambda path: (len(path), str(path))) for each, paths in reached.items()
        }
        if organization in listed:
            continue
        for cause_id, path in sorted(blocked[organization].items()):
            others = tuple(steps.owns(each) for each in holders)
            yield _measure(
                rule, causes[cause_id], organization, path, tuple(each for each in others if each not in path)
            )


def _levels(
    rule: Rule, facts: Index, as_of: date, blocked: Mapping[str, object], said: set[Notice]
) -> Iterator[tuple[str, tuple[Holding, ...]]]:
    """Organisations as they join, each once, in an order that does not depend on that of the facts."""
    assert rule.share is not None  # noqa: S101 - the reader refuses OWNED without one
    held: dict[str, list[Holding]] = defaultdict(list)
    for each in settled_holdings(each for each in facts.holdings if each.period.contains(as_of)):
        held[each.organization].append(each)
    joined: set[str] = set()
    while True:
        found: list[tuple[str, tuple[Holding, ...]]] = []
        for organization in sorted(held.keys() - joined):
            holders = tuple(
                each for each in held[organization] if each.holder in blocked and each.holder != organization
            )
            if any(each.share is None for each in holders):
                said.add(
                    Notice(
                        WarningCode.SHARE_UNKNOWN,
                        Text("持股比例不明,未计入", "a share is unknown and not counted"),
                        (organization,),
                    )
                )
            if sum(each.share or 0 for each in holders) >= rule.share:
                found.append((organization, holders))
        if not found:
            return
        for organization, holders in found:
            joined.add(organization)
            yield organization, holders


def _measure(
    rule: Rule, cause: Cause, party: str, path: tuple[PathStep, ...], also_via: tuple[PathStep, ...]
) -> Measure:
    assert rule.measure is not None and cause.starts is not None  # noqa: S101 - checked by the reader; it is in force
    end = cause.record.effective.end if cause.record else None
    return Measure(
        party=party,
        cause=cause.id,
        rule=rule.cited,
        definition=rule.measure,
        certainty=Certainty.EX_LEGE,
        start=max([cause.starts.last, *(step.period.start.last for step in path if step.period.start)]),
        until=None if end is None else end.first,
        end=TermEnd.EVENT if end is None else TermEnd.TERM,
        path=path,
        ends_on_repair=rule.ends_on_repair,
        also_via=also_via,
    )
