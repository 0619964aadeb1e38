"""The pack is data that is read strictly: what it says, what it refuses, and that its text gives it back."""

from __future__ import annotations

import json

import pytest

from graph import publication, rules
from graph.codes import Effect, Purpose
from graph.rules.pack import WINDOWS, Pack, PackError, assemble, load, parse


def altered(file: str, old: str, new: str) -> Pack:
    files = json.loads(load().text)
    assert old in files[file]
    return assemble({**files, file: files[file].replace(old, new, 1)})


def test_the_pack_holds_every_rule_of_the_table() -> None:
    found = {each.id for each in load().rules}
    table = {f"P{number:02}" for number in range(1, 36)} | {f"Q{number:02}" for number in range(1, 13)}
    assert found == table | {f"K{number}" for number in range(1, 6)} | {f"M0{number}" for number in range(1, 10)}


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("P01", {"2010": "2010-10-01", "2015": "2015-07-22"}),
        ("P04", {"2014": "2014-03-01", "2024": "2024-07-01"}),
        ("P05", {"2022": "2022-03-01"}),
        ("P05.debt", {"2022": "2022-03-01"}),
        ("P06.company", {"2014": "2014-03-01", "2024": "2024-07-01"}),
        ("P06.registration", {"2022": "2022-03-01"}),
        ("P06.bankruptcy", {"2007": "2007-06-01"}),
        ("P07", {"2014": "2014-03-01", "2024": "2024-07-01"}),
        ("P08", {"2014": "2014-10-01"}),
        ("P08.false-information", {"2024": "2024-05-01"}),
        ("P09", {"2014": "2014-10-01", "2025": "2025-07-01"}),
        ("P11", {"2020": "2020-05-01"}),
        ("P12", {"2015": "2015-10-01"}),
        ("P19", {"2004": "2004-02-01"}),
        ("P25", {"2016": "2016-09-01"}),
        ("P28", {"2015": "2015-09-01", "2021": "2021-04-29"}),
        ("P33", {"2019": "2019-06-01"}),
    ],
)
def test_versions_begin_on_the_days_of_semantics_3(name: str, versions: dict[str, str]) -> None:
    assert {each.version: str(each.validity.start) for each in load().rules if each.name == name} == versions


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
    """S11, and no other."""
    ends = {each.id for each in load().rules if each.ends_on_repair}
    assert ends == {"P07", "P08", "P09", "P10", "P11", "P33", "P35"}


def test_measures_come_in_three_families_and_say_who_applies_them() -> None:
    found = load().definitions.values()
    assert {each.family for each in found} == {"RIGHTS", "MANAGEMENT", "OTHERS"}
    assert [each.code for each in found if not each.applied_by or not each.purposes] == []


def test_canonical_text_gives_the_same_pack() -> None:
    again = parse(load().text)
    assert (again.digest, again.rules, again.lists) == (load().digest, load().rules, load().lists)
    assert again.windows == load().windows == publication.load()


def test_a_text_kept_by_an_earlier_version_gives_the_same_rules() -> None:
    """It came without windows, and left out a start that a term counts from and an anchor of posts held now."""
    files = {name: text for name, text in json.loads(load().text).items() if name != WINDOWS}
    lines = {
        name: text.replace('counts = "START"\n', "").replace(', anchor = "AS_OF"', "") for name, text in files.items()
    }
    assert lines != files
    text = json.dumps(dict(sorted(lines.items())), ensure_ascii=False, sort_keys=True)
    kept = parse(text)
    assert (kept.rules, kept.lists, dict(kept.definitions)) == (load().rules, load().lists, dict(load().definitions))
    assert (kept.text, kept.windows, kept.digest != load().digest) == (text, None, True)


def test_a_text_kept_with_a_code_that_is_unknown_now_is_still_read() -> None:
    misspelt = load().text.replace('licences = [\\"TRAVEL\\"]', 'licences = [\\"TRAVVEL\\"]')
    assert misspelt != load().text
    assert [each.name for each in parse(misspelt).rules if "TRAVVEL" in each.licences] == [
        "P22.principal",
        "P22.managers",
    ]


def test_one_changed_word_changes_the_digest() -> None:
    assert altered("company.toml", "years = 3", "years = 4").digest != load().digest


def test_one_changed_window_changes_the_digest_and_no_rule() -> None:
    found = altered(WINDOWS, 'ORDINARY = "1y"', 'ORDINARY = "2y"')
    assert found.digest != load().digest
    assert (found.rules, found.windows == load().windows) == (load().rules, False)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("company.toml", 'measure = "BAR_COMPANY_OFFICE"', 'measure = "BAR_EVERYTHING"', "P04 2014: measure"),
        ("company.toml", '"business_licence"', '"any_licence"', "P04 2014: conditions: unknown predicate"),
        ("company.toml", "years = 3", "years = 3\nlife = true", "P04 2014: years"),
        ("company.toml", "years = 3", "yeers = 3", "P04 2014: rule.0.yeers"),
        ("company.toml", "years = 3", "", "P04 2014: years: its start is tested"),
        ("company.toml", 'counts = "COMPLETION"', 'counts = "SOME_DAY"', "P06.company 2014: rule.4.counts"),
        ("company.toml", 'valid_until = "2024-07-01"', 'valid_until = "2024-07-02"', "both valid"),
        ("company.toml", 'valid_until = "2024-07-01"', 'valid_until = "2013-07-01"', "ends before it begins"),
        ("company.toml", 'valid_from = "2014-03-01"', 'valid_from = "2014-02-30"', "no such day"),
        ("company.toml", 'version_by = "AS_OF"', 'version_by = "TRIGGER"', "P04: version_by"),
        ("company.toml", 'confidence = "VERIFIED"', 'confidence = "SURE"', "confidence"),
        (
            "company.toml",
            'finding = true, capacities = ["FINDING_PERSONAL_RESPONSIBILITY"]',
            "finding = true",
            "capacities",
        ),
        ("company.toml", 'roles = ["LEGAL_REPRESENTATIVE"], ', "", "roles"),
        ("company.toml", 'roles = ["LEGAL_REPRESENTATIVE"]', 'roles = ["BOSS"]', "P04 2014: rule.0.binds.0.roles"),
        (
            "wages.toml",
            'lists = ["拖欠农民工工资失信联合惩戒对象"]',
            'lists = ["别的名单"]',
            "P11 2020: lists: no list",
        ),
        ("food.toml", 'kinds = ["PENALTY"]', "kinds = []", "P12 2015: kinds"),
        ("food.toml", 'types = ["LICENCE_REVOKED"]', 'types = ["LICENCE_LOST"]', "P12 2015: rule.0.types"),
        ("drugs.toml", 'article = "第一百一十八条" }]\nconditions', 'article = "somewhere" }]\nconditions', "applied"),
        ("lists.toml", 'polarity = "BLACK"', 'polarity = "GREY"', "polarity"),
        ("lists.toml", 'aliases = ["失信被执行人名单"]', 'aliases = ["异常名录"]', "also names"),
        ("pack.toml", 'version = "', "version = ", "pack.toml"),
    ],
)
def test_a_mistake_is_refused_with_file_rule_and_field(file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(PackError) as refused:
        altered(file, old, new)
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "food.toml",
            'sectors = ["FOOD"]',
            'sectors = ["FOOOD"]',
            "food.toml: P13 2015: sectors: unknown code 'FOOOD'",
        ),
        (
            "travel.toml",
            'licences = ["TRAVEL"]',
            'licences = ["TRAVVEL"]',
            "travel.toml: P22.principal 2009: licences: unknown code 'TRAVVEL'",
        ),
        (
            "travel.toml",
            'crimes = ["BORDER"]',
            'crimes = ["BORDR"]',
            "travel.toml: P22.border 2009: crimes: unknown code 'BORDR'",
        ),
        (
            "state.toml",
            'sanctions = ["REMOVED_FROM_POST"]',
            'sanctions = ["REMOVED"]',
            "state.toml: P32 2009: sanctions: unknown code 'REMOVED'",
        ),
        (
            "profession.toml",
            'professions = ["注册会计师"]',
            'professions = ["注会"]',
            "profession.toml: Q02 1994: professions: unknown code '注会'",
        ),
        (
            "profession.toml",
            'professions = ["医师"]',
            'professions = ["DOCTOR"]',
            "profession.toml: Q05 2022: professions: unknown code 'DOCTOR'",
        ),
        (
            "tax.toml",
            'confidence = "VERIFIED"',
            'confidence = "VERIFIED"\njurisdiction = "XX"',
            "tax.toml: P03 2001: jurisdiction: unknown code 'XX'",
        ),
        (
            "state.toml",
            'applied = [{ document = "中华人民共和国证券法"',
            'applied = [{ document = "中华人民共和国证券"',
            "state.toml: P31.securities 2020: applied: not a document of law: '中华人民共和国证券'",
        ),
        (
            "state.toml",
            'applied = [{ document = "中华人民共和国证券法", article = "第二百二十一条"',
            'applied = [{ document = "中华人民共和国证券法", article = "第零条"',
            "state.toml: P31.securities 2020: applied: not an article: '第零条'",
        ),
        (
            "state.toml",
            'basis = [{ document = "中华人民共和国证券法", article = "第二百二十一条"',
            'basis = [{ document = "中华人民共和国证券法", article = "banana"',
            "state.toml: P31.securities 2020: basis: not an article: 'banana'",
        ),
        (
            "state.toml",
            'basis = [{ document = "中华人民共和国证券法"',
            'basis = [{ document = "Securities Act 法"',
            "state.toml: P31.securities 2020: basis: not a document of law: 'Securities Act 法'",
        ),
        (
            "company.toml",
            'roles = ["LEGAL_REPRESENTATIVE"], anchor = "OFFENCE"',
            'roles = ["LEGAL_REPRESENTATIVE"]',
            "company.toml: P04 2014: anchor: an office is looked at, but not on which day",
        ),
        (
            "state.toml",
            ', anchor = "DECISION"',
            "",
            "state.toml: P31.securities 2020: anchor: an office is looked at, but not on which day",
        ),
        (
            "company.toml",
            'counts = "START"\n',
            "",
            "company.toml: P04 2014: counts: a term of years, but not from which day",
        ),
        (
            "company.toml",
            'counts = "COMPLETION"\n',
            "",
            "company.toml: P06.company 2014: counts: a term of years, but not from which day",
        ),
    ],
)
def test_what_would_never_fire_or_mean_something_else_is_refused(file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(PackError) as refused:
        altered(file, old, new)
    assert refused.value.message == told


def test_a_rule_that_is_no_table_is_refused() -> None:
    with pytest.raises(PackError, match=r"^more\.toml: rule\.0: "):
        assemble({**json.loads(load().text), "more.toml": "rule = [3]"})


def test_a_basis_is_demanded() -> None:
    text = load().text.replace("basis = [{ document", "other = [{ document", 1)
    with pytest.raises(PackError) as refused:
        parse(text)
    assert "basis" in refused.value.message or "other" in refused.value.message


def test_lists_are_found_by_name_and_alias() -> None:
    names = {each: load().list_named(each) for each in ("严重违法企业名单", "严重违法失信企业名单", "严重违法失信名单")}
    assert {found.name if found else None for found in names.values()} == {"严重违法失信名单"}
    assert load().list_named("没有的名单") is None


def test_footprint_walks_posts_and_never_holdings() -> None:
    footprint = rules.load().footprint
    assert footprint.hops == 2
    assert {"LEGAL_REPRESENTATIVE_OF", "PRINCIPAL_OF", "SERVES_AS", "CONTROLS"} <= footprint.relations
    assert "HOLDS" not in footprint.relations
