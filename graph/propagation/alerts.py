"""Who keeps a barred person in a post that the bar forbids: a warning on the employer, never a measure (P13, S1).

It must not know how the bar was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from graph.codes import Certainty, Text, WarningCode
from graph.findings import Measure, Notice
from graph.propagation.index import Index
from graph.rules.pack import Pack
from graph.words import words


def alerts(pack: Pack, facts: Index, as_of: date, measures: Iterable[Measure]) -> Iterator[Notice]:
    """Nodes: the employer, the person, the cause of the bar. Only sure bars, and posts that surely run on the day."""
    rules = [rule for rule in pack.alerts if rule.validity.contains(as_of)]
    if not rules:
        return
    for measure in measures:
        if measure.certainty is Certainty.POTENTIAL or facts.is_organization(measure.party):
            continue
        for rule in rules:
            if measure.definition.code not in rule.watches:
                continue
            for post in facts.posts_of.get(measure.party):
                employer = facts.party(post.organization)
                if post.post not in rule.roles or employer is None or not post.period.contains(as_of):
                    continue
                if rule.sectors.isdisjoint(employer.sectors):
                    continue
                word = words(post.post)
                yield Notice(
                    WarningCode.EMPLOYS_BARRED_PERSON,
                    Text(
                        f"{rule.title.zh}:{word.zh},{measure.definition.title.zh}"
                        f"({rule.basis[0].document}{rule.basis[0].article})",
                        f"{rule.title.en}: {word.en}, {measure.definition.title.en}",
                    ),
                    (post.organization, measure.party, measure.cause),
                )
