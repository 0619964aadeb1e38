"""A small language for facts and whole answers: a test draws a world in a few lines and compares everything said.

It must not know rules; every default is the dullest one (an adult, an open period, an ACTIVE record).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from graph import propagation
from graph.codes import Capacity, PenaltyType, PostKind, Purpose, RecordKind, SubjectKind
from graph.facts import UNSOURCED, Facts, Finding, Party, Post, Provenance, Qualification, Record
from graph.findings import CheckAnswer, Findings, Measure
from graph.periods import LATEST, Day, Period, parse_day, parse_period
from graph.rules import Pack, load

DAYS = frozenset(
    {
        "decided_on",
        "effective_on",
        "revoked_on",
        "set_aside_on",
        "lifted_on",
        "repaired_on",
        "completed_on",
        "served_on",
    }
)
PERIODS = frozenset({"effective", "offence", "suspended", "published"})


def day(text: str | None) -> Day | None:
    return None if text is None else parse_day(text)


def span(text: str) -> Period:
    """`2018-01-01..2018-03-01`, either end may be absent."""
    start, end = text.split("..")
    return parse_period(start or None, end or None)


class Answer(NamedTuple):
    """Everything an answer says, as readable lines."""

    measures: set[str]
    potential: set[str]
    considered: set[str]
    warnings: set[str]


NOTHING = Answer(set(), set(), set(), set())


@dataclass
class World:
    parties: dict[str, Party] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    licences: list[Qualification] = field(default_factory=list)

    def person(self, id: str, adult_on: str | None = "1920-01-01") -> None:
        self.parties[id] = Party(id, SubjectKind.PERSON, day(adult_on))

    def firm(self, id: str, kind: SubjectKind = SubjectKind.ENTERPRISE) -> None:
        self.parties[id] = Party(id, kind)

    def post(
        self,
        person: str,
        organization: str,
        post: PostKind,
        when: str = "2012-05-01..",
        provenance: Provenance = UNSOURCED,
    ) -> str:
        self._known(person, organization)
        id = f"pos{len(self.posts)}"
        self.posts.append(Post(id, person, organization, post, span(when), provenance))
        return id

    def record(self, id: str, kind: RecordKind, about: str, **values: Any) -> None:
        for each in about.split():
            if each not in self.parties:
                self.firm(each)
        for name in values.keys() & DAYS:
            values[name] = day(values[name])
        for name in values.keys() & PERIODS:
            values[name] = span(values[name])
        self.records.append(Record(id, kind, {each: f"about-{id}-{each}" for each in about.split()}, **values))

    def revocation(self, id: str = "r1", about: str = "acme", **values: Any) -> None:
        """吊销营业执照, decided 2018-06-01 for an offence in early 2018 unless said otherwise."""
        plain: dict[str, Any] = {
            "decided_on": "2018-06-01",
            "offence": "2018-01-01..2018-03-01",
            "types": frozenset({PenaltyType.LICENCE_REVOKED}),
            "licence": "BUSINESS",
        } | values
        self.record(id, RecordKind.PENALTY, about, **{name: each for name, each in plain.items() if each is not None})

    def food(self, id: str = "f1", about: str = "acme", **values: Any) -> None:
        self.revocation(
            id,
            about,
            **({"decided_on": "2020-02-29", "offence": "2019-10-01..2019-11-01", "licence": "FOOD"} | values),
        )

    def listed(self, id: str, about: str, name: str, when: str, **values: Any) -> None:
        self.record(id, RecordKind.LIST_ENTRY, about, list=name, effective=when, **values)

    def order(self, id: str = "o1", about: str = "acme", decided_on: str = "2023-05-01", **values: Any) -> None:
        self.record(id, RecordKind.CONSUMPTION_RESTRICTION, about, decided_on=decided_on, **values)

    def found(
        self,
        person: str,
        record: str,
        capacity: Capacity = Capacity.FINDING_PERSONAL_RESPONSIBILITY,
        decided_on: str | None = "2018-06-01",
        provenance: Provenance = UNSOURCED,
    ) -> None:
        self._known(person)
        id = f"rsp{len(self.findings)}"
        self.findings.append(Finding(id, person, record, capacity, day(decided_on), provenance))

    def licence(self, id: str, person: str, profession: str, **values: Any) -> None:
        self._known(person)
        revoked = day(values.pop("revoked_on", None))
        self.licences.append(Qualification(id, person, profession, f"has-{id}", revoked_on=revoked, **values))

    def _known(self, person: str, *organizations: str) -> None:
        if person not in self.parties:
            self.person(person)
        for each in organizations:
            if each not in self.parties:
                self.firm(each)

    @property
    def facts(self) -> Facts:
        return Facts(
            parties=self.parties,
            posts=tuple(self.posts),
            records=tuple(self.records),
            findings=tuple(self.findings),
            qualifications=tuple(self.licences),
        )

    def ask(self, on: str, known_at: str = LATEST, pack: Pack | None = None) -> Answer:
        """Everything propagation says on a day."""
        return said(self.raw(on, known_at, pack))

    def raw(self, on: str, known_at: str = LATEST, pack: Pack | None = None) -> Findings:
        return propagation.propagate(self.facts, pack or load(), date.fromisoformat(on), known_at)

    def reach(self, cause: str, on: str, *, official: bool = True) -> Answer:
        as_of = date.fromisoformat(on)
        facts = propagation.visible(self.facts, official=official, as_of=as_of)
        return said(propagation.reach(facts, load(), cause, as_of, LATEST, official=official, truncated=None).findings)

    def check(
        self, subject: str, on: str, purpose: Purpose | None = None, *, official: bool = True
    ) -> tuple[str, Answer]:
        answer = self.checked(subject, on, purpose, official=official)
        return answer.outcome.value, said(answer.findings)

    def checked(self, subject: str, on: str, purpose: Purpose | None = None, *, official: bool = True) -> CheckAnswer:
        as_of = date.fromisoformat(on)
        facts = propagation.visible(self.facts, official=official, as_of=as_of)
        return propagation.check(facts, load(), subject, purpose, as_of, LATEST, official=official, truncated=None)


def said(findings: Findings) -> Answer:
    return Answer(
        {line(each) for each in findings.measures},
        {line(each) for each in findings.potential},
        {
            f"{named(each.rule.id, each.rule.part)} {each.cause} {each.party} {each.failed}"
            for each in findings.considered
        },
        {f"{each.code} {' '.join(each.nodes)}" for each in findings.notices},
    )


def line(measure: Measure) -> str:
    """`P04 BAR_COMPANY_OFFICE r1 li POTENTIAL 2018-06-01 2021-06-02 TERM ?FINDING_OF_RESPONSIBILITY`."""
    return " ".join(
        [
            named(measure.rule.id, measure.rule.part),
            measure.definition.code,
            measure.cause,
            measure.party,
            measure.certainty,
            str(measure.start),
            str(measure.until or "-"),
            measure.end,
            *sorted(f"?{gap.evidence}" for gap in measure.gaps),
        ]
    )


def named(rule: str, part: str | None) -> str:
    return f"{rule}.{part}" if part else rule


def path(measure: Measure) -> list[str]:
    """`r1 -ABOUT> acme`, `acme <LEGAL_REPRESENTATIVE_OF- li`."""
    return [
        f"{step.start} {f'-{step.relation}>' if step.forward else f'<{step.relation}-'} {step.end}"
        for step in measure.path
    ]


LR = PostKind.LEGAL_REPRESENTATIVE
PR = PostKind.PRINCIPAL
DIRECTOR = PostKind.DIRECTOR
CONTROLLER = PostKind.CONTROLLER
FINDING = Capacity.FINDING_PERSONAL_RESPONSIBILITY
DRM = Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR
DRP = Capacity.OTHER_DIRECTLY_RESPONSIBLE
NAMED = Capacity.NAMED
DEBTORS = "失信被执行人"
WAGES = "拖欠农民工工资失信联合惩戒对象"
