"""A stored relation as a step of a path, in its own direction or against it.

It must not know why anybody walks it.
"""

from __future__ import annotations

from dataclasses import replace

from graph.findings import PathStep
from graph.views import RelationView
from graph.vocabulary import RELATIONS, post_of


def stored(relation: RelationView) -> PathStep:
    """From its start to its end."""
    post, share = relation.values.get("post"), relation.values.get("share")
    return PathStep(
        relation.start,
        relation.end,
        relation.kind,
        True,
        relation.period,
        RELATIONS[relation.kind].forward,
        relation.provenance,
        post=post_of(relation.kind, None if post is None else str(post)),
        share=None if share is None else int(str(share)),
        edge=relation.id,
    )


def back(step: PathStep) -> PathStep:
    """The same relation walked from its end to its start."""
    return replace(
        step, start=step.end, end=step.start, forward=not step.forward, proves=RELATIONS[step.relation].reverse
    )


def walked(relation: RelationView, start: str) -> PathStep:
    """From the end that is named."""
    step = stored(relation)
    return step if step.start == start else back(step)
