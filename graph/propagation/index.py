"""Facts by the ends that propagation asks for: what was known at one system time, each looked up in constant time.

It must not know rules or dates of law.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from graph.codes import PostKind, SubjectKind
from graph.facts import Facts, Finding, Holding, Party, Post
from graph.findings import PathStep
from graph.periods import Period
from graph.propagation import steps
from graph.propagation.causes import Cause
from graph.propagation.offices import anchor_period
from graph.propagation.verdicts import Verdict
from graph.rules.rule import Anchor

T = TypeVar("T", Post, Finding)
LEGAL_REPRESENTATIVE = PostKind.LEGAL_REPRESENTATIVE


class Grouped(Generic[T]):
    """Facts by a key. What was known of a group, and its order, is found when it is asked for: most never are."""

    __slots__ = ("_asked", "_groups", "_known_at", "_order")

    def __init__(self, groups: Mapping[str, list[T]], order: Callable[[T], Any], known_at: str) -> None:
        self._groups: Mapping[str, list[T]] = groups
        self._order: Callable[[T], Any] = order
        self._known_at = known_at
        self._asked: dict[str, tuple[T, ...]] = {}

    def unsorted(self, key: str) -> Iterator[T]:
        """The same where their order says nothing."""
        return (each for each in self._groups.get(key, ()) if each.provenance.known(self._known_at))

    def get(self, key: str) -> tuple[T, ...]:
        found = self._asked.get(key)
        if found is None:
            known = [each for each in self._groups.get(key, ()) if each.provenance.known(self._known_at)]
            if len(known) > 1:
                known.sort(key=self._order)
            found = self._asked[key] = tuple(known)
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """`causes` in the order of their ids; `causes_of`: those about, or naming, a party."""

    known_at: str
    facts: Facts
    posts_at: Grouped[Post]
    posts_of: Grouped[Post]
    findings_in: Grouped[Finding]
    holdings: tuple[Holding, ...]
    causes: tuple[Cause, ...]
    causes_of: Mapping[str, tuple[Cause, ...]]
    _between: dict[tuple[str, str], tuple[Post, ...]] = field(default_factory=dict)
    _holding: dict[str, Mapping[str, tuple[Post, ...]]] = field(default_factory=dict)
    _representing: dict[str, tuple[Post, ...]] = field(default_factory=dict)
    _said: dict[str, Mapping[str, tuple[Finding, ...]]] = field(default_factory=dict)
    _anchors: dict[tuple[Anchor, str, date], tuple[Period | None, Verdict]] = field(default_factory=dict)
    _beside: dict[tuple[str, str, frozenset[str] | None], tuple[str, ...]] = field(default_factory=dict)
    _steps: dict[tuple[str, str], PathStep] = field(default_factory=dict)

    def party(self, id: str) -> Party | None:
        found = self.facts.parties.get(id)
        return found if found is not None and found.provenance.known(self.known_at) else None

    def is_person(self, party: str) -> bool:
        found = self.party(party)
        return found is not None and found.kind is SubjectKind.PERSON

    def is_organization(self, party: str) -> bool:
        """Surely no person: what controls a firm may be a firm or the state, and holds no office (S7)."""
        found = self.party(party)
        return found is not None and found.kind is not SubjectKind.PERSON

    def is_minor(self, party: str, as_of: date) -> bool:
        """Surely under 18 on the day (S14)."""
        found = self.party(party)
        return found is not None and found.adult_on is not None and found.adult_on.first > as_of

    def posts_by(self, organization: str, person: str) -> tuple[Post, ...]:
        """The posts of one person at one organisation."""
        key = (organization, person)
        found = self._between.get(key)
        if found is None:
            found = tuple(each for each in self.posts_of.get(person) if each.organization == organization)
            self._between[key] = found
        return found

    def _holders(self, organization: str) -> Mapping[str, tuple[Post, ...]]:
        """Whoever has posts there, with them: where many are asked for, looked through once."""
        found = self._holding.get(organization)
        if found is None:
            by: dict[str, list[Post]] = {}
            for post in self.posts_at.get(organization):
                by.setdefault(post.person, []).append(post)
            found = self._holding[organization] = {person: tuple(posts) for person, posts in by.items()}
            self._between.update({(organization, person): posts for person, posts in found.items()})
        return found

    def representatives(self, organization: str) -> tuple[Post, ...]:
        """Everybody's posts as legal representative there, in no order."""
        found = self._representing.get(organization)
        if found is None:
            posts = self.posts_at.unsorted(organization)
            found = tuple([each for each in posts if each.post is LEGAL_REPRESENTATIVE])
            self._representing[organization] = found
        return found

    def anchor(self, anchor: Anchor, cause: Cause, as_of: date) -> tuple[Period | None, Verdict]:
        """The period in which an office counts; the same for all rules of one anchor."""
        key = (anchor, cause.id, as_of)
        found = self._anchors.get(key)
        if found is None:
            found = self._anchors[key] = anchor_period(anchor, cause, as_of)
        return found

    def beside(self, cause: Cause, subject: str, wanted: frozenset[str] | None) -> tuple[str, ...]:
        """Whom a cause may reach at one of its subjects, of those asked about (None: everybody): in order."""
        key = (cause.id, subject, wanted)
        found = self._beside.get(key)
        if found is None:
            named = self.findings_by(cause.id)
            if wanted is None:
                everybody = {*self._holders(subject), *named}
            elif len(wanted) == 1:
                everybody = {each for each in wanted if each in named or self.posts_by(subject, each)}
            else:
                everybody = {*wanted.intersection(self._holders(subject)), *wanted.intersection(named)}
            found = self._beside[key] = tuple(sorted(each for each in everybody if not self.is_organization(each)))
        return found

    def findings_by(self, cause: str) -> Mapping[str, tuple[Finding, ...]]:
        """What a record says of persons, by person."""
        found = self._said.get(cause)
        if found is None:
            by: dict[str, list[Finding]] = {}
            for each in self.findings_in.get(cause):
                by.setdefault(each.person, []).append(each)
            found = self._said[cause] = {person: tuple(each) for person, each in by.items()}
        return found

    def about(self, cause: Cause, subject: str, edge: str) -> PathStep:
        """Cause → its subject; one step of many paths, told once."""
        key = (cause.id, subject)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = steps.about(cause, subject, edge)
        return found

    def held_by(self, post: Post) -> PathStep:
        """Organisation → office holder."""
        key = ("", post.id)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = steps.held_by(post)
        return found

    def named(self, ids: Iterable[str]) -> tuple[Cause, ...]:
        wanted = frozenset(ids)
        return tuple(each for each in self.causes if each.id in wanted)

    def near(self, parties: Iterable[str]) -> dict[str, Cause]:
        """Causes that can bind one of the parties: about it, naming it, or about an organisation it has a post at."""
        around = {
            place for each in parties for place in (each, *(post.organization for post in self.posts_of.get(each)))
        }
        return {cause.id: cause for each in around for cause in self.causes_of.get(each, ())}


def index(facts: Facts, known_at: str) -> Index:
    """Sorted throughout, so that the order of input cannot show in an answer."""
    at, of, said = (defaultdict[str, list[Any]](list) for _ in range(3))
    for post in facts.posts:
        at[post.organization].append(post)
        of[post.person].append(post)
    for finding in facts.findings:
        said[finding.record].append(finding)
    findings = Grouped[Finding](said, _id, known_at)
    causes = [
        *(Cause(record=each) for each in facts.records if each.provenance.known(known_at)),
        *(Cause(licence=each) for each in facts.qualifications if each.provenance.known(known_at)),
    ]
    causes.sort(key=_id)
    about: dict[str, dict[str, Cause]] = {}
    for cause in causes:
        for party in (*cause.subjects, *(each.person for each in findings.get(cause.id))):
            about.setdefault(party, {})[cause.id] = cause
    return Index(
        known_at,
        facts,
        Grouped[Post](at, _post_order, known_at),
        Grouped[Post](of, _post_order, known_at),
        findings,
        tuple(sorted([each for each in facts.holdings if each.provenance.known(known_at)], key=_id)),
        tuple(causes),
        {party: tuple(each.values()) for party, each in about.items()},
    )


def _id(fact: Finding | Holding | Cause) -> str:
    return fact.id


def _post_order(post: Post) -> tuple[date, str]:
    return (post.period.start.first if post.period.start else date.min, post.id)
