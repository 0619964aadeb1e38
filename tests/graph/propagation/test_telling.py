"""What a neighbourhood leaves out changes no answer: by what a record says of itself, and by where posts are held.

`tests/graph/store/test_neighbourhood.py` says that the statement reads what is walked here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import propagation
from graph.codes import CauseKind, CheckScope, PenaltyType, PostKind, RecordKind, Seriousness, SubjectKind
from graph.facts import Article, Facts, Record
from graph.periods import LATEST
from graph.propagation import ADVERSE, binding, leading, own, telling
from graph.propagation.causes import Cause
from graph.propagation.triggers import families
from graph.rules import NAMES, Pack, Telling, load
from graph.rules.rule import Way
from tests.casebook import casebook

PACK: Final = load()
ANY: Final = Telling()
CASES: Final = [case.facts for case in casebook() if case.facts is not None]
NAMED: Final = sorted(
    {each for rule in PACK.rules for each in (*rule.sectors, *rule.licences)} | {"GENERAL", "BUSINESS"}
)
APPLIED: Final = sorted({each for rule in PACK.rules for each in rule.applied}, key=str)
ARTICLES: Final = st.lists(st.sampled_from([*APPLIED, Article("某法", "第一条")]), max_size=2).map(tuple)


def held_by_organisations_too(facts: Facts) -> Facts:
    """Every post once more, held by each other organisation: a partner, a sponsor, a director of a foreign file."""
    firms = sorted(id for id, each in facts.parties.items() if each.kind is not SubjectKind.PERSON)
    more = [
        replace(each, id=f"{each.id}_{firm}", person=firm)
        for each in facts.posts
        for firm in firms
        if firm != each.organization
    ]
    return replace(facts, posts=(*facts.posts, *more))


WORLDS: Final = [each for case in CASES for each in (case, held_by_organisations_too(case))]


@st.composite
def records(draw: st.DrawFn) -> Record:
    named = st.none() | st.sampled_from(NAMED)
    return Record(
        "rec",
        draw(st.sampled_from([RecordKind.PENALTY, RecordKind.PENALTY, RecordKind.GRADE])),
        {"ent": "rel"},
        types=draw(st.frozensets(st.sampled_from(PenaltyType), max_size=2)),
        sector=draw(named),
        licence=draw(named),
        basis=draw(ARTICLES),
        scheme=draw(st.sampled_from([None, "TAX", "CUSTOMS"])),
        grade=draw(st.sampled_from([None, "A", "D"])),
        seriousness=draw(st.none() | st.sampled_from(Seriousness)),
        circumstances=draw(st.frozensets(st.sampled_from(["FAKE", "UNLICENSED", "MAJOR_ACCIDENT"]))),
    )


def tells(record: Record, asked: Telling) -> bool:
    """As the store asks it."""
    if asked.kinds is not None and record.kind not in asked.kinds:
        return False
    if record.kind is RecordKind.LIST_ENTRY and asked.lists is not None:
        return record.list in asked.lists
    if record.kind is RecordKind.PENALTY and asked.types is not None:
        named = {record.sector, record.licence}
        return bool(record.types & asked.types) or bool(named & asked.sectors) or (asked.applied and bool(record.basis))
    return record.kind is not RecordKind.GRADE or asked.grades is None or record.grade in asked.grades


def near(facts: Facts, roots: set[str], seed: str, *, alone: bool, hops: int = 2, binding: bool = False) -> Facts:
    """The facts around a subject, or around a cause that is asked about `alone`; `binding`: only what binds is."""
    holders = roots
    for _ in range(hops - 1):
        holders = holders | {each.person for each in facts.posts if each.organization in holders}
    people = {id for id, each in facts.parties.items() if each.kind is SubjectKind.PERSON}
    sat = {each.organization for each in facts.posts if each.person in roots & people}
    reached = holders | {each.organization for each in facts.posts if each.person in holders & people}
    about = propagation.binding(PACK) if binding else ANY
    named: dict[str, set[str]] = {}
    for finding in facts.findings:
        named.setdefault(finding.record, set()).add(finding.person)

    def read(record: Record) -> bool:
        if alone:
            return record.id == seed
        persons = named.get(record.id, set()) | (people & record.about.keys())
        if seed in persons | record.about.keys():
            return not binding or tells(record, own(PACK))
        by_whom = persons if not tells(record, about) else persons | record.about.keys()
        told = tells(record, telling(PACK))
        if not binding:
            return told and not reached.isdisjoint(by_whom)
        leads = tells(record, leading(PACK)) and not reached.isdisjoint(by_whom)
        return leads or (told and not sat.isdisjoint(by_whom))

    records = [each for each in facts.records if read(each)]
    licensed = {seed} if binding and CauseKind.QUALIFICATION not in (leading(PACK).kinds or ()) else reached | {seed}
    licences = [each for each in facts.qualifications if (each.id == seed if alone else each.person in licensed)]
    concerned = {subject for each in records for subject in each.about} | {each.person for each in licences}
    judged = holders | concerned if alone else (holders | concerned) - people
    # An organisation holds no office (S7): where else it sits is read only where a hypothesis may end that.
    posts = tuple(each for each in facts.posts if each.organization in judged or (alone and each.person in judged))
    findings = tuple(each for each in facts.findings if each.record in {record.id for record in records})
    parties = holders | concerned | {end for each in posts for end in (each.person, each.organization)}
    parties |= {each.person for each in findings}
    return Facts(
        {id: each for id, each in facts.parties.items() if id in parties},
        posts,
        records=tuple(records),
        findings=findings,
        qualifications=tuple(licences),
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WORLDS), st.dates(date(1995, 1, 1), date(2035, 12, 31)), st.booleans())
def test_what_is_read_around_a_subject_or_a_cause_answers_as_all_facts_do(
    facts: Facts, on: date, official: bool
) -> None:
    for party in facts.parties:
        asked = near(facts, {party}, party, alone=False)
        whole, found = (
            propagation.check(each, PACK, party, None, on, LATEST, official=official) for each in (facts, asked)
        )
        assert found == whole
        bound = near(facts, {party}, party, alone=False, binding=True)
        whole, found = (
            propagation.check_in(
                propagation.index(each, LATEST), PACK, party, None, on, official=official, considering=False
            )
            for each in (facts, bound)
        )
        assert found == whole
        through = [CheckScope.OFFICES]
        further = near(facts, {party}, party, alone=False, hops=3)
        whole, found = (
            propagation.check(each, PACK, party, None, on, LATEST, official=official, through=through)
            for each in (facts, further)
        )
        assert found == whole
    named = {each.id: {*each.about} for each in facts.records} | {
        each.id: {each.person} for each in facts.qualifications
    }
    for finding in facts.findings:
        named[finding.record].add(finding.person)
    for cause, roots in named.items():
        asked = near(facts, roots, cause, alone=True)
        reached, there = (
            propagation.reach(each, PACK, cause, on, LATEST, official=official) for each in (facts, asked)
        )
        assert there == reached


@settings(max_examples=2000, deadline=None)
@given(records())
def test_a_record_that_does_not_tell_sets_nothing_off(record: Record) -> None:
    assert tells(record, telling(PACK)) or families(PACK, Cause(record=record)) == ()


def test_every_record_of_the_casebook_that_sets_something_off_tells() -> None:
    told = [
        each
        for case in casebook()
        if case.facts is not None
        for each in case.facts.records
        if families(PACK, Cause(record=each))
    ]
    assert len(told) > 100
    assert [each.id for each in told if not tells(each, telling(PACK))] == []


def test_a_fine_alone_and_a_good_grade_tell_nothing() -> None:
    fine = Record("rec", RecordKind.PENALTY, {}, types=frozenset({PenaltyType.FINE}), sector="FOOD")
    good = Record("rec", RecordKind.GRADE, {}, scheme="TAX", grade="A")
    assert not tells(fine, telling(PACK))
    assert not tells(good, telling(PACK))


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_that_any_penalty_may_set_off_lets_every_penalty_tell(name: str) -> None:
    pack = load(name)
    rules = tuple(
        replace(each, types=frozenset(), sectors=frozenset(), applied=()) if RecordKind.PENALTY in each.kinds else each
        for each in pack.rules
    )
    broad = Pack(pack.name, pack.version, pack.text, rules, pack.definitions, pack.lists)
    assert telling(broad).types is None or not any(RecordKind.PENALTY in each.kinds for each in rules)


def test_a_pack_that_looks_at_what_listed_parties_own_looks_at_every_record() -> None:
    pack = load("ofac50")
    assert telling(pack) == binding(pack) == leading(pack) == own(pack) == Telling()


def test_of_its_own_records_only_grades_may_say_nothing_of_a_party() -> None:
    assert own(PACK) == Telling(grades=frozenset({"D"}))
    assert RecordKind.GRADE not in ADVERSE


def test_what_leads_on_from_one_party_to_another() -> None:
    assert leading(PACK) == Telling(
        types=frozenset({PenaltyType.LICENCE_REVOKED, PenaltyType.CLOSURE_ORDERED}),
        grades=frozenset({"D"}),
        lists=frozenset(each for name in ("严重违法失信名单", "失信被执行人") for each in spelled(name)),
        kinds=frozenset(
            {
                *(RecordKind.PENALTY, RecordKind.BANKRUPTCY, RecordKind.ENFORCEMENT),
                *(RecordKind.LIST_ENTRY, RecordKind.GRADE),
            }
        ),
        applied=False,
    )


def spelled(name: str) -> tuple[str, ...]:
    (found,) = (each for each in PACK.lists if each.name == name)
    return (found.name, *found.aliases)


def test_where_the_sanctioned_himself_holds_office_is_read_for_a_rule_that_asks_for_it() -> None:
    assert not PACK.footprint.addressed
    asks = [replace(each, roles=frozenset(PostKind)) if each.way is Way.ADDRESSED else each for each in PACK.rules]
    assert Pack(PACK.name, PACK.version, PACK.text, tuple(asks), PACK.definitions, PACK.lists).footprint.addressed
    assert load("ofac50").footprint.addressed
