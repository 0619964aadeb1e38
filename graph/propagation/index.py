"""Facts by the ends that propagation asks for: what was known at one system time, each looked up in constant time.

It must not know rules or dates of law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graph.codes import SubjectKind
from graph.facts import Facts, Finding, Holding, Party, Post
from graph.propagation.causes import Cause


@dataclass(frozen=True, slots=True)
class Index:
    """`causes` in the order of their ids; `causes_of`: those about, or naming, a party.

    `posts_by` and `findings_by` answer for one person at one organisation, or in one record.
    """

    parties: Mapping[str, Party]
    posts_at: Mapping[str, tuple[Post, ...]]
    posts_of: Mapping[str, tuple[Post, ...]]
    posts_by: Mapping[tuple[str, str], tuple[Post, ...]]
    findings_by: Mapping[str, Mapping[str, tuple[Finding, ...]]]
    holdings: tuple[Holding, ...]
    causes: tuple[Cause, ...]
    causes_of: Mapping[str, tuple[Cause, ...]]

    def is_person(self, party: str) -> bool:
        found = self.parties.get(party)
        return found is not None and found.kind is SubjectKind.PERSON

    def named(self, ids: Iterable[str]) -> tuple[Cause, ...]:
        wanted = frozenset(ids)
        return tuple(each for each in self.causes if each.id in wanted)

    def near(self, parties: Iterable[str]) -> dict[str, Cause]:
        """Causes that can bind one of the parties: about it, naming it, or about an organisation it has a post at."""
        around = {
            place for each in parties for place in (each, *(post.organization for post in self.posts_of.get(each, ())))
        }
        return {cause.id: cause for each in around for cause in self.causes_of.get(each, ())}


def index(facts: Facts, known_at: str) -> Index:
    """Sorted throughout, so that the order of input cannot show in an answer."""
    posts = [each for each in facts.posts if each.provenance.known(known_at)]
    posts.sort(key=_post_order)
    at: dict[str, list[Post]] = {}
    of: dict[str, list[Post]] = {}
    by: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        at.setdefault(post.organization, []).append(post)
        of.setdefault(post.person, []).append(post)
        by.setdefault((post.organization, post.person), []).append(post)
    findings: dict[str, dict[str, tuple[Finding, ...]]] = {}
    for each in sorted([each for each in facts.findings if each.provenance.known(known_at)], key=_id):
        here = findings.setdefault(each.record, {})
        here[each.person] = (*here.get(each.person, ()), each)
    causes = [
        *(Cause(record=each) for each in facts.records if each.provenance.known(known_at)),
        *(Cause(licence=each) for each in facts.qualifications if each.provenance.known(known_at)),
    ]
    causes.sort(key=_id)
    about: dict[str, dict[str, Cause]] = {}
    for cause in causes:
        for party in (*cause.subjects, *findings.get(cause.id, ())):
            about.setdefault(party, {})[cause.id] = cause
    return Index(
        {id: party for id, party in facts.parties.items() if party.provenance.known(known_at)},
        {key: tuple(each) for key, each in at.items()},
        {key: tuple(each) for key, each in of.items()},
        {key: tuple(each) for key, each in by.items()},
        findings,
        tuple(sorted([each for each in facts.holdings if each.provenance.known(known_at)], key=_id)),
        tuple(causes),
        {party: tuple(each.values()) for party, each in about.items()},
    )


def _id(fact: Finding | Holding | Cause) -> str:
    return fact.id


def _post_order(post: Post) -> tuple[date, str]:
    return (post.period.start.first if post.period.start else date.min, post.id)
