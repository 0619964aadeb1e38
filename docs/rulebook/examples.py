"""The smallest world in which a rule says something, made from the rule's own fields.

It must not know how an answer is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from graph.codes import Capacity, CauseKind, PenaltyType, PostKind, RecordKind, Seriousness, SubjectKind
from graph.facts import Ban, Facts, Finding, Party, Post, Qualification, Record
from graph.periods import Day, Period, add_months, on, parse_day
from graph.rules.rule import Rule, Way
from graph.words import words

FIRM, OTHER, CAUSE = "甲公司", "乙公司", "决定"
PEOPLE: Final = ("李某", "王某", "陈某", "赵某", "钱某", "孙某")
MAIN: Final = ("NAMED", "FINDING_PERSONAL_RESPONSIBILITY", "DIRECTLY_RESPONSIBLE_SUPERVISOR")  # told first
# What a record must say for a predicate to hold; a predicate that is not here holds of a dull record.
SAYS: Final[dict[str, dict[str, Any]]] = {
    "business_licence": {"licence": "BUSINESS"},
    "business_licence_revoked": {"licence": "BUSINESS"},
    "food_licence": {"licence": "FOOD", "sector": "FOOD"},
    "performance_or_business_licence": {"licence": "PERFORMANCE"},
    "food_crime": {"crime": "FOOD_SAFETY", "sentence": "FIXED_TERM_OR_MORE"},
    "fixed_term": {"sentence": "FIXED_TERM_OR_MORE"},
    "large_debt": {"large_debt": True},
    "serious": {"seriousness": Seriousness.SERIOUS},
    "serious_recorded": {"seriousness": Seriousness.SERIOUS},
    "very_serious": {"seriousness": Seriousness.VERY_SERIOUS},
    "fake_or_serious": {"circumstances": frozenset({"FAKE"})},
    "unlicensed": {"circumstances": frozenset({"UNLICENSED"})},
    "major_loss": {"circumstances": frozenset({"MAJOR_LOSS"})},
    "major_accident": {"circumstances": frozenset({"MAJOR_ACCIDENT"})},
    "caused_major_accident": {"circumstances": frozenset({"MAJOR_ACCIDENT"})},
    "fund_loss_or_grave_effect": {"circumstances": frozenset({"MAJOR_FUND_LOSS"})},
    "annual_information_unfiled": {"reason": "ANNUAL_REPORT_THREE_YEARS"},
    "false_public_information": {"reason": "FALSE_INFORMATION"},
    "exit_ban": {"ban": Ban("EXIT")},
    "for_tax": {"sector": "TAX"},
    "tax_grade_d": {"scheme": "TAX", "grade": "D"},
}
LICENCES: Final[dict[str, dict[str, Any]]] = {
    "revoked_for_illegality": {"reason": "ILLEGALITY"},
    "legal_or_audit_profession": {"profession": "律师"},
    "qualification_cancelled": {"sanction": "QUALIFICATION_CANCELLED"},
}


@dataclass
class Example:
    """Facts whose ids are the names that a picture shows, and the day they are asked for."""

    decided: date
    asked: date
    parties: dict[str, Party] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    licences: list[Qualification] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        return Facts(
            self.parties,
            tuple(self.posts),
            records=tuple(self.records),
            findings=tuple(self.findings),
            qualifications=tuple(self.licences),
        )


def example(ways: list[Rule]) -> Example:
    """One world for all ways of one version of a rule."""
    rule = ways[0]
    start = rule.validity.start
    assert start is not None  # noqa: S101 - every version of the pack begins on a day
    decided = start.first + timedelta(days=100)
    made = Example(decided, add_months(decided, 10) if "six_months_or_more" in rule.conditions else decided)
    people = iter(PEOPLE)
    personal = rule.subject == "PERSON" or all(way.way in (Way.OWN, Way.ADDRESSED) and way.duty for way in ways)
    subject = next(people) if personal else FIRM
    made.parties[subject] = Party(subject, _kind(personal), parse_day("1970-01-01") if personal else None)
    made.parties[OTHER] = Party(OTHER, SubjectKind.ENTERPRISE, sectors=rule.sectors)
    if CauseKind.QUALIFICATION in rule.kinds:
        made.licences.append(_licence(rule, subject, decided))
    else:
        made.records.append(_record(rule, subject, decided))
    for way in ways:
        for person in _party(made, way, subject, people):
            if way.duty is not None:
                _post(made, person, OTHER, min(way.duty.roles, key=list(PostKind).index), decided - timedelta(days=500))
    return made


def _kind(personal: bool) -> SubjectKind:
    return SubjectKind.PERSON if personal else SubjectKind.ENTERPRISE


def _licence(rule: Rule, person: str, day: date) -> Qualification:
    said: dict[str, Any] = {"profession": min(rule.professions, default="律师"), "sanction": "REVOKED"}
    for name in rule.conditions:
        said.update(LICENCES.get(name, {}))
    return Qualification(CAUSE, person, edge="持有", revoked_on=on(day), **said)


def _record(rule: Rule, subject: str, day: date) -> Record:
    kind = min((each for each in rule.kinds if isinstance(each, RecordKind)), key=list(RecordKind).index)
    half = on(add_months(day, 7)) if "six_months_or_more" in rule.conditions else None
    said: dict[str, Any] = {
        "decided_on": on(day),
        "effective": Period(on(day), half),
        "offence": Period(on(day - timedelta(days=90)), on(day - timedelta(days=60))),
        "types": frozenset(sorted(rule.types, key=lambda each: (each is not PenaltyType.LICENCE_REVOKED, each))[:1]),
        "sector": min(rule.sectors or rule.licences, default=None),
        "licence": min(rule.licences, default=None),
        "list": min(rule.lists, default=None),
        "crime": min(rule.crimes, default=None),
        "sanction": min(rule.sanctions, default=None),
        "basis": rule.applied[:1],
        "completed_on": on(day) if rule.counts == "COMPLETION" else None,
        "served_on": on(day) if rule.counts == "SERVED" else None,
    }
    for name in rule.conditions:
        for key, value in SAYS.get(name, {}).items():
            said[key] = said[key] | value if isinstance(said.get(key), frozenset) else value
    if rule.decided_term:
        said["ban"] = Ban(None, rule.years or 5)
    return Record(CAUSE, kind, {subject: "相对人"}, document_number=CAUSE, **said)


def _party(made: Example, way: Rule, subject: str, people: Iterator[str]) -> Iterator[str]:
    """Whoever the way binds, with the post or finding that it asks for."""
    long_ago = made.decided - timedelta(days=700)
    if way.way in (Way.OWN, Way.ADDRESSED):
        if way.finding:
            _finding(made, subject, way)
        yield subject
        return
    person = next(people, None)
    if person is None:
        return
    made.parties[person] = Party(person, SubjectKind.PERSON, parse_day("1970-01-01"))
    if way.way is Way.POST:
        _post(made, person, subject, min(way.roles, key=list(PostKind).index), long_ago)
    if way.way is not Way.POST or way.finding:
        _finding(made, person, way)
    if way.way is Way.ELSEWHERE:
        _post(made, person, OTHER, min(way.roles, key=list(PostKind).index), made.decided)
    yield person


def _post(made: Example, person: str, organization: str, kind: PostKind, since: date) -> None:
    made.posts.append(Post(f"{person}{words(kind).zh}", person, organization, kind, Period(on(since))))


def _finding(made: Example, person: str, way: Rule) -> None:
    first: Capacity = min(way.capacities, key=lambda each: (MAIN.index(each) if each in MAIN else 9, each))
    day: Day = on(made.decided)
    made.findings.append(Finding(f"{person}{words(first).zh}", person, CAUSE, first, day))
