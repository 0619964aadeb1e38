"""Stakes, declarations, concert and offices as steps of a picture, in their stored direction.

It must not choose what is shown.
"""

from __future__ import annotations

from collections.abc import Collection

from graph.codes import RelationKind
from graph.facts import UNSOURCED
from graph.findings import PathStep
from graph.ownership.stakes import Charge, Stakes
from graph.periods import Period
from graph.vocabulary import RELATIONS, relation_of

Ends = tuple[str, str]


def draw_steps(known: Stakes, among: Collection[Ends], together: Collection[str] = ()) -> tuple[PathStep, ...]:
    """Every holding and declaration between these ends, and concert within `together`; by kind, then by id."""
    found = [
        _step(RelationKind.HOLDS, each.id, each.holder, each.owned, each.period, each.share)
        for each in known.stakes
        if (each.holder, each.owned) in among
    ]
    found += [
        _step(RelationKind.CONTROLS, each.id, each.controller, each.controlled, each.period)
        for each in known.declared
        if (each.controller, each.controlled) in among
    ]
    found += [
        _step(RelationKind.ACTS_IN_CONCERT_WITH, each.id, each.one, each.other, each.period)
        for each in known.concert
        if each.one in together and each.other in together
    ]
    return tuple(sorted(found, key=lambda each: (each.relation != RelationKind.HOLDS, each.relation, each.edge or "")))


def in_office(charge: Charge) -> PathStep:
    return PathStep(
        charge.person,
        charge.organization,
        relation_of(charge.post),
        True,
        charge.period,
        RELATIONS[relation_of(charge.post)].forward,
        UNSOURCED,
        post=charge.post,
        edge=charge.id,
    )


def _step(kind: RelationKind, id: str, start: str, end: str, period: Period, share: int | None = None) -> PathStep:
    return PathStep(start, end, kind, True, period, RELATIONS[kind].forward, UNSOURCED, share=share, edge=id)
