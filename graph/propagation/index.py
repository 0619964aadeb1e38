"""Facts by the ends that propagation asks for: what was known at one system time, each looked up in constant time.

It must not know rules or dates of law.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from graph.codes import SubjectKind
from graph.facts import UNSOURCED, Facts, Finding, Party, Post, Provenance
from graph.propagation.causes import Cause

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Index:
    parties: Mapping[str, Party]
    posts_at: Mapping[str, tuple[Post, ...]]
    posts_of: Mapping[str, tuple[Post, ...]]
    findings_on: Mapping[str, tuple[Finding, ...]]
    causes: tuple[Cause, ...]

    def is_person(self, party: str) -> bool:
        found = self.parties.get(party)
        return found is not None and found.kind is SubjectKind.PERSON


def believed(provenance: Provenance, known_at: str) -> bool:
    return provenance is UNSOURCED or provenance == UNSOURCED or provenance.known(known_at)


def index(facts: Facts, known_at: str) -> Index:
    """Sorted throughout, so that the order of input cannot show in an answer."""
    posts = sorted((each for each in facts.posts if believed(each.provenance, known_at)), key=_post_order)
    findings = sorted(
        (each for each in facts.findings if believed(each.provenance, known_at)), key=lambda each: each.id
    )
    records = sorted((each for each in facts.records if believed(each.provenance, known_at)), key=lambda each: each.id)
    licences = sorted(
        (each for each in facts.qualifications if believed(each.provenance, known_at)), key=lambda each: each.id
    )
    return Index(
        {id: party for id, party in facts.parties.items() if believed(party.provenance, known_at)},
        _by(posts, lambda each: each.organization),
        _by(posts, lambda each: each.person),
        _by(findings, lambda each: each.record),
        (*(Cause(record=each) for each in records), *(Cause(licence=each) for each in licences)),
    )


def _post_order(post: Post) -> tuple[str, str]:
    return (str(post.period.start or ""), post.id)


def _by(facts: Iterable[T], end: object) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for each in facts:
        found[end(each)].append(each)  # type: ignore[operator]
    return {key: tuple(each) for key, each in found.items()}
