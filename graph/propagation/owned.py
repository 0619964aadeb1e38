"""Who is owned by listed parties together, level by level: an organisation joins when their shares reach the limit.

It must not know any list by name; the limit and the lists are the rule's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from graph.codes import Certainty, TermEnd, Text, WarningCode
from graph.facts import Holding
from graph.findings import Measure, Notice, PathStep
from graph.propagation import steps
from graph.propagation.causes import Cause, in_force
from graph.propagation.index import Index
from graph.propagation.triggers import triggered
from graph.propagation.versions import in_force_since
from graph.rules.pack import Pack
from graph.rules.rule import Rule
from graph.sources import settled_holdings

Ways = dict[str, tuple[PathStep, ...]]  # by the id of a listing


def owned(pack: Pack, facts: Index, as_of: date, said: set[Notice]) -> Iterator[Measure]:
    """One measure for each listing that contributes to an organisation's joint share."""
    for rule in pack.owned:
        if rule.validity.contains(as_of):
            yield from _owned(rule, pack, facts, as_of, said)


def _owned(rule: Rule, pack: Pack, facts: Index, as_of: date, said: set[Notice]) -> Iterator[Measure]:
    causes = {each.id: each for each in facts.causes if each.kind in rule.kinds and triggered(rule, each, pack)}
    listed: dict[str, Ways] = defaultdict(dict)
    for cause in causes.values():
        if in_force(cause, as_of, on_repair=rule.ends_on_repair):
            for subject, edge in sorted(cause.subjects.items()):
                listed[subject][cause.id] = (steps.about(cause, subject, edge),)
    if not listed:
        return
    holders = _joined(rule, facts, as_of, listed.keys(), said)
    begins = in_force_since(rule, [each for each in pack.owned if each.family == rule.family])
    for organization, ways in _ways(listed, holders).items():
        others = tuple(steps.owns(each) for each in holders[organization])
        for cause_id, path in sorted(ways.items()):
            also = tuple(each for each in others if each not in path)
            yield _measure(rule, begins, causes[cause_id], organization, path, also)


def _joined(
    rule: Rule, facts: Index, as_of: date, listed: Collection[str], said: set[Notice]
) -> Mapping[str, Sequence[Holding]]:
    """What those listed or joined hold in each organisation that joins; no order of facts or ids decides."""
    assert rule.share is not None  # noqa: S101 - the reader refuses OWNED without one
    held: dict[str, list[Holding]] = defaultdict(list)
    for each in settled_holdings(each for each in facts.holdings if each.period.contains(as_of)):
        if each.holder != each.organization:
            held[each.organization].append(each)
    blocked = {*listed}
    while True:
        holders = {
            organization: found
            for organization, every in sorted(held.items())
            if (found := [each for each in every if each.holder in blocked])
        }
        joined = {
            organization
            for organization, found in holders.items()
            if sum(max(each.share or 0, 0) for each in found) >= rule.share
        }
        if joined <= blocked:
            break
        blocked |= joined
    for organization, found in holders.items():
        if any(each.share is None for each in found):
            told = Text("持股比例不明,未计入", "a share is unknown and not counted")
            said.add(Notice(WarningCode.SHARE_UNKNOWN, told, (organization,)))
    return {organization: holders[organization] for organization in sorted(joined)}


def _ways(listed: Mapping[str, Ways], holders: Mapping[str, Sequence[Holding]]) -> Mapping[str, Ways]:
    """For each organisation that is not listed itself, the shortest path from each listing that reaches it."""
    found: dict[str, Ways] = {subject: dict(ways) for subject, ways in listed.items()}
    ring: Mapping[str, Ways] = listed
    while ring:
        following: dict[str, Ways] = {}
        for organization, held in holders.items():
            known, further = found.setdefault(organization, {}), defaultdict[str, list[tuple[PathStep, ...]]](list)
            for holding in held:
                for cause, path in ring.get(holding.holder, {}).items():
                    if cause not in known:
                        further[cause].append((*path, steps.owns(holding)))
            if further:
                following[organization] = {cause: min(paths, key=str) for cause, paths in further.items()}
        for organization, ways in following.items():
            found[organization] |= ways
        ring = following
    return {organization: found[organization] for organization in holders if organization not in listed}


def _measure(
    rule: Rule, begins: date, cause: Cause, party: str, path: tuple[PathStep, ...], also_via: tuple[PathStep, ...]
) -> Measure:
    assert rule.measure is not None and cause.starts is not None  # noqa: S101 - checked by the reader; it is in force
    end = cause.record.effective.end if cause.record else None
    return Measure(
        party=party,
        cause=cause.id,
        rule=rule.cited,
        definition=rule.measure,
        certainty=Certainty.EX_LEGE,
        start=max([begins, cause.starts.last, *(step.period.start.last for step in path if step.period.start)]),
        until=None if end is None else end.first,
        end=TermEnd.EVENT if end is None else TermEnd.TERM,
        path=path,
        ends_on_repair=rule.ends_on_repair,
        also_via=also_via,
    )
