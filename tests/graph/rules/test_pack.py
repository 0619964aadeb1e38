"""The pack is data that is read strictly: what it says, what it refuses, and that its text gives it back."""

from __future__ import annotations

import json

import pytest

from graph import rules
from graph.codes import Effect, Purpose
from graph.rules.pack import PackError, load, parse


def altered(file: str, old: str, new: str) -> str:
    files = json.loads(load().text)
    assert old in files[file]
    return json.dumps({**files, file: files[file].replace(old, new, 1)})


def test_the_pack_holds_the_rules_of_this_issue_in_all_their_versions() -> None:
    found = {(each.id, each.part, each.version) for each in load().rules if each.id.startswith("P")}
    assert found == {
        ("P01", None, "2010"),
        ("P01", None, "2015"),
        ("P04", None, "2014"),
        ("P04", None, "2024"),
        ("P05", None, "2022"),
        ("P05", "debt", "2022"),
        ("P07", None, "2014"),
        ("P07", None, "2024"),
        ("P11", None, "2020"),
        ("P12", None, "2015"),
        ("P12", "crime", "2015"),
        ("P30", "insurance", "2009"),
        ("P30", "securities", "2020"),
        ("P30", "futures", "2022"),
    }


def test_the_nine_must_nots_are_entries_with_a_basis_and_no_measure() -> None:
    entries = [each for each in load().rules if each.id.startswith("M")]
    assert [each.id for each in entries] == [f"M0{number}" for number in range(1, 10)]
    assert all(each.basis and each.measure is None for each in entries)


def test_every_rule_has_basis_version_and_validity() -> None:
    for each in load().rules:
        assert each.basis
        assert each.version
        assert each.validity.start is not None


@pytest.mark.parametrize(
    ("code", "effect", "purposes"),
    [
        ("RESTRICT_CONSUMPTION", "RESTRICTS", {"OTHER"}),
        ("BAR_COMPANY_OFFICE", "PROHIBITS", {"OFFICE_APPOINTMENT", "REGISTRATION"}),
        ("DISMISS_OFFICE_HOLDER", "OBLIGES", {"REGISTRATION"}),
        ("BAR_LEGAL_REPRESENTATIVE", "PROHIBITS", {"REGISTRATION", "OFFICE_APPOINTMENT"}),
        (
            "JOINT_PUNISHMENT_WAGES",
            "RESTRICTS",
            {"GOVERNMENT_FUNDS", "GOVERNMENT_PROCUREMENT", "BIDDING", "MARKET_ACCESS", "AWARD"},
        ),
        ("BAR_FOOD_BUSINESS", "PROHIBITS", {"ADMINISTRATIVE_LICENCE", "OFFICE_APPOINTMENT"}),
        ("BAR_OFFICE_INSURANCE", "PROHIBITS", {"OFFICE_APPOINTMENT", "QUALIFICATION"}),
        ("BAR_OFFICE_SECURITIES", "PROHIBITS", {"OFFICE_APPOINTMENT", "QUALIFICATION"}),
        ("BAR_OFFICE_FUTURES", "PROHIBITS", {"OFFICE_APPOINTMENT", "QUALIFICATION"}),
    ],
)
def test_measures_are_those_of_semantics_3(code: str, effect: str, purposes: set[str]) -> None:
    found = load().definitions[code]
    assert (found.effect, set(found.purposes)) == (Effect(effect), {Purpose(each) for each in purposes})


def test_repair_ends_only_what_the_credit_regime_attached() -> None:
    ends = {each.id for each in load().rules if each.ends_on_repair}
    assert ends == {"P07", "P11"}


def test_canonical_text_gives_the_same_pack() -> None:
    again = parse(load().text)
    assert (again.digest, again.rules, again.lists) == (load().digest, load().rules, load().lists)


def test_one_changed_word_changes_the_digest() -> None:
    assert parse(altered("company.toml", "years = 3", "years = 4")).digest != load().digest


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("company.toml", 'measure = "BAR_COMPANY_OFFICE"', 'measure = "BAR_EVERYTHING"', "measure"),
        ("company.toml", '"business_licence"', '"any_licence"', "unknown predicate"),
        ("company.toml", "years = 3", "years = 3\nlife = true", "years"),
        ("company.toml", "years = 3", "yeers = 3", "yeers"),
        ("company.toml", 'valid_until = "2024-07-01"', 'valid_until = "2024-07-02"', "both valid"),
        ("company.toml", 'valid_from = "2014-03-01"', 'valid_from = "2014-02-30"', "no such day"),
        ("company.toml", 'confidence = "VERIFIED"', 'confidence = "SURE"', "confidence"),
        ("company.toml", "basis = [", "basis = [] # [", "basis"),
        ("wages.toml", 'lists = ["拖欠农民工工资失信联合惩戒对象"]', 'lists = ["别的名单"]', "no list"),
        ("food.toml", 'kinds = ["PENALTY"]', "kinds = []", "kinds"),
        ("lists.toml", 'polarity = "BLACK"', 'polarity = "GREY"', "polarity"),
        ("pack.toml", 'version = "', "version = ", "pack.toml"),
    ],
)
def test_a_mistake_is_refused_with_file_and_field(file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(PackError) as refused:
        parse(altered(file, old, new))
    assert told in refused.value.message


def test_lists_are_found_by_name_and_alias() -> None:
    names = {each: load().list_named(each) for each in ("严重违法企业名单", "严重违法失信企业名单", "严重违法失信名单")}
    assert {found.name if found else None for found in names.values()} == {"严重违法失信名单"}
    assert load().list_named("没有的名单") is None


def test_footprint_walks_posts_and_never_holdings() -> None:
    footprint = rules.load().footprint
    assert footprint.hops == 2
    assert {"LEGAL_REPRESENTATIVE_OF", "PRINCIPAL_OF", "SERVES_AS", "CONTROLS"} <= footprint.relations
    assert "HOLDS" not in footprint.relations
