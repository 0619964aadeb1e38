"""What a neighbourhood leaves out by a few properties of a record can set nothing off, whatever else it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.codes import PenaltyType, RecordKind, Seriousness
from graph.facts import Article, Record
from graph.propagation import telling
from graph.propagation.causes import Cause
from graph.propagation.triggers import families
from graph.rules import NAMES, Pack, Telling, load
from tests.casebook import casebook

PACK: Final = load()
NAMED: Final = sorted(
    {each for rule in PACK.rules for each in (*rule.sectors, *rule.licences)} | {"GENERAL", "BUSINESS"}
)
APPLIED: Final = sorted({each for rule in PACK.rules for each in rule.applied}, key=str)
ARTICLES: Final = st.lists(st.sampled_from([*APPLIED, Article("某法", "第一条")]), max_size=2).map(tuple)


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
    if record.kind is RecordKind.PENALTY and asked.types is not None:
        named = {record.sector, record.licence}
        return bool(record.types & asked.types) or bool(named & asked.sectors) or bool(record.basis)
    return record.kind is not RecordKind.GRADE or asked.grades is None or record.grade in asked.grades


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
    assert telling(load("ofac50")) == Telling()
