"""Facts by the ends that propagation asks for: what was known at one system time, each looked up in constant time.

It must not know rules or dates of law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from graph.codes import SubjectKind
from graph.facts import UNSOURCED, Facts, Finding, Holding, Party, Post, Provenance, Qualification, Record
from graph.propagation.causes import Cause

T = TypeVar("T", Party, Post, Finding, Holding, Record, Qualification)


@dataclass(frozen=True, slots=True)
class Index:
    """`causes` in the order of their ids; `causes_of`: those about, or naming, a party."""

    parties: Mapping[str, Party]
    posts_at: Mapping[str, tuple[Post, ...]]
    posts_of: Mapping[str, tuple[Post, ...]]
    findings_on: Mapping[str, tuple[Finding, ...]]
    holdings: tuple[Holding, ...]
    causes: tuple[Cause, ...]
    causes_of: Mapping[str, tuple[Cause, ...]]

    def is_person(self, party: str) -> bool:
        found = self.parties.get(party)
        return found is not None and found.kind is SubjectKind.PERSON

    def named(self, ids: Iterable[str]) -> tuple[Cause, ...]:
        wanted = frozenset(ids)
        return tuple(each for each in self.causes if each.id in wanted)

    def relevant(self, parties: frozenset[str] | None) -> tuple[Cause, ...]:
        """Causes that can bind one of the parties: about it, naming it, or about an organisation it has a post at.

        One post further for who is responsible there and sits here too (P09): his posts lead from the other
        organisation to this one.
        """
        if parties is None:
            return self.causes
        near = {*parties, *(post.organization for each in parties for post in self.posts_of.get(each, ()))}
        found = {cause.id: cause for each in near for cause in self.causes_of.get(each, ())}
        return tuple(found[id] for id in sorted(found))


def believed(provenance: Provenance, known_at: str) -> bool:
    return provenance is UNSOURCED or provenance == UNSOURCED or provenance.known(known_at)


def index(facts: Facts, known_at: str) -> Index:
    """Sorted throughout, so that the order of input cannot show in an answer."""
    posts = sorted(_believed(facts.posts, known_at), key=_post_order)
    findings = sorted(_believed(facts.findings, known_at), key=_id)
    causes = tuple(
        sorted(
            (
                *(Cause(record=each) for each in _believed(facts.records, known_at)),
                *(Cause(licence=each) for each in _believed(facts.qualifications, known_at)),
            ),
            key=_id,
        )
    )
    findings_on = _by(findings, lambda each: each.record)
    of: dict[str, dict[str, Cause]] = {}
    for cause in causes:
        for party in cause.subjects:
            of.setdefault(party, {})[cause.id] = cause
        for finding in findings_on.get(cause.id, ()):
            of.setdefault(finding.person, {})[cause.id] = cause
    return Index(
        {id: party for id, party in facts.parties.items() if believed(party.provenance, known_at)},
        _by(posts, lambda each: each.organization),
        _by(posts, lambda each: each.person),
        findings_on,
        tuple(sorted(_believed(facts.holdings, known_at), key=_id)) if facts.holdings else (),
        causes,
        {party: tuple(each.values()) for party, each in of.items()},
    )


def _believed(facts: Iterable[T], known_at: str) -> list[T]:
    return [each for each in facts if believed(each.provenance, known_at)]


def _id(fact: Finding | Holding | Cause) -> str:
    return fact.id


def _post_order(post: Post) -> tuple[date, str]:
    return (post.period.start.first if post.period.start else date.min, post.id)


S = TypeVar("S", Post, Finding)


def _by(facts: Iterable[S], end: Callable[[S], str]) -> dict[str, tuple[S, ...]]:
    found: dict[str, list[S]] = {}
    for each in facts:
        found.setdefault(end(each), []).append(each)
    return {key: tuple(each) for key, each in found.items()}
