"""World files, pure part: every key becomes what the graph stores, every mistake a rejection with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.changes import Claim, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RelationKind, Text
from graph.identifiers import document_claim
from graph.periods import ALWAYS, Period, parse_period
from loaders.named import ListWords
from loaders.world.get import get, parse
from loaders.world.transform import Transformed, transform
from loaders.world.vocabulary import KEYS, Section

WORLDS = Path(__file__).parent.parent / "worlds"
KEY = bytes(range(32))
LISTS = {
    "失信被执行人": ListWords("失信被执行人", (), "BLACK"),
    "严重违法失信名单": ListWords("严重违法失信名单", ("严重违法企业名单",), "BLACK"),
}


def world(text: str) -> Transformed:
    return transform(parse("case", text), person_key=KEY, lists=LISTS)


@pytest.fixture(scope="module")
def every_key() -> Transformed:
    return transform(get(WORLDS / "every-key.yaml"), person_key=KEY, lists=LISTS)


def versions(found: Transformed, ref: str) -> tuple[VersionDraft, ...]:
    return next(node.versions for node in found.nodes if node.ref == ref)


def values(found: Transformed, ref: str) -> dict[str, object]:
    (only,) = versions(found, ref)
    return dict(only.values)


def claims(found: Transformed, ref: str) -> tuple[Claim, ...]:
    return next(node.claims for node in found.nodes if node.ref == ref)


def ends(found: Transformed, kind: RelationKind) -> set[tuple[object, ...]]:
    return {
        (each.start, each.end, each.period, *sorted(each.values.items()))
        for each in found.relations
        if each.kind is kind
    }


def test_a_world_with_every_key_is_accepted_whole(every_key: Transformed) -> None:
    assert every_key.rejections == ()
    assert len(every_key.accepted) == 40
    assert every_key.remarks == ()
    assert len(every_key.nodes) == 10 + 1 + 2 + 8 + 3  # subjects, project, qualifications, records; list, group, region


def test_the_world_with_every_key_really_has_every_key() -> None:
    written: dict[str, set[str]] = {}
    for entry in get(WORLDS / "every-key.yaml").entries:
        assert hasattr(entry.node, "pairs")
        written.setdefault(entry.section, set()).update(key.text or "" for key, _ in entry.node.pairs)
    missing = {section.value: {key.name for key in KEYS[section]} - written.get(section, set()) for section in Section}
    assert missing["relations"] == {"share", "votes", "capital"}  # of HOLDS, shown under holdings
    assert {section: keys for section, keys in missing.items() if keys and section != "relations"} == {}


def test_an_enterprise_has_a_version_for_every_period_over_its_base_values(every_key: Transformed) -> None:
    base: dict[str, Value] = {
        "name": "江门甲贸易有限公司",
        "region": "440703",
        "established": "2012-05-01",
        "form": "LIMITED_COMPANY",
        "address": "江门市蓬江区迎宾大道1号",
        "registeredCapital": 100_000_050,
        "status": "ACTIVE",
        "industry": "F5191",
        "stateOwned": "CONTROLLED",
        "sectorOf": ("DRUG", "FOOD"),
    }
    assert versions(every_key, "acme") == (
        VersionDraft(base, parse_period(None, "2012-05-01")),
        VersionDraft(
            {
                **base,
                "name": "江门甲商行",
                "status": "SUSPENDED",
                "address": "旧址",
                "region": "440704",
                "registeredCapital": 1000,
            },
            parse_period("2012-05-01", "2015-01-01"),
        ),
        VersionDraft(
            {**base, "name": "江门甲公司", "industry": "F", "stateOwned": "WHOLLY", "sectorOf": ("TAX",)},
            parse_period("2015-01-01", "2016-01-01"),
        ),
        VersionDraft(base, parse_period("2016-01-01", None)),
    )


def test_identifiers_come_strongest_first_and_the_local_name_last(every_key: Transformed) -> None:
    assert claims(every_key, "acme") == (
        Claim(IdentifierScheme.USCC, "91440703YY000001XU"),
        Claim(IdentifierScheme.REGISTRATION_NUMBER, "440703000000018", period=parse_period("2012-05-01", "2015-10")),
        Claim(IdentifierScheme.TAX_NUMBER, "440703YY000001X"),
        Claim(IdentifierScheme.WORLD, "acme", "every-key"),
    )
    assert claims(every_key, "wang") == (Claim(IdentifierScheme.WORLD, "wang", "every-key"),)
    assert claims(every_key, "zhao") == (
        document_claim(KEY, IdentifierScheme.PASSPORT, "E1234567"),
        document_claim(KEY, IdentifierScheme.RESIDENT_ID, "440703190102030024"),
        Claim(IdentifierScheme.WORLD, "zhao", "every-key"),
    )


def test_no_document_number_is_anywhere_in_the_drafts(every_key: Transformed) -> None:
    for number in ("440785190001010010", "440703190102030024", "E1234567"):
        assert number not in repr(every_key)


def test_adulthood_comes_from_the_number_or_from_the_file(every_key: Transformed) -> None:
    assert values(every_key, "li") == {
        "name": "李某",
        "region": "440785",
        "status": "DECEASED",
        "adultOn": "1918-01-01",
    }
    assert values(every_key, "wang") == {"name": "王某", "adultOn": "1920-06"}
    assert values(every_key, "zhao") == {"name": "赵某"}


def test_a_number_that_contradicts_the_written_adulthood_prevails_and_is_remarked() -> None:
    found = world(
        "subjects: [{id: li, kind: Person, name: 李某, adultOn: 2030-01-01, "
        'document: {type: 01, number: "440785190001010010"}}]'
    )
    assert values(found, "li") == {"name": "李某", "adultOn": "1918-01-01"}
    assert [each.number for each in found.remarks] == [0]


def test_a_penalty_keeps_every_value_in_its_stored_type(every_key: Transformed) -> None:
    assert values(every_key, "p1") == {
        "documentNumber": "江市监罚〔2018〕1号",
        "decidedOn": "2018-06-01",
        "effectiveOn": "2018-06-02",
        "from": "2018-06-02",
        "to": "2021-06-02",
        "offenceFrom": "2018-01",
        "offenceTo": "2018-03-01",
        "state": "SUSPENDED",
        "revokedOn": "2022-01-01",
        "setAsideOn": "2022-01-02",
        "liftedOn": "2022-01-03",
        "repairedOn": "2022-01-04",
        "completedOn": "2022-01-05",
        "suspendedFrom": "2019-01-01",
        "suspendedTo": "2019-02-01",
        "publishedFrom": "2018-06-05",
        "publishedTo": "2019-06-05",
        "basisDocuments": ("食品安全法", "行政处罚法"),
        "basisArticles": ("124", ""),
        "seriousness": "VERY_SERIOUS",
        "circumstances": ("FAKE", "UNLICENSED"),
        "reason": "使用过期原料",
        "banScope": "FOOD",
        "banYears": 5,
        "relatedTo": "world:every-key:c1",
        "types": ("FINE", "LICENCE_REVOKED"),
        "sector": "FOOD",
        "licence": "BUSINESS",
        "facts": "使用过期原料",
        "content": "吊销许可证",
        "fine": 5_000_005,
        "confiscated": 100,
    }


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (
            "l1",
            {
                "list": "严重违法失信名单",  # the canonical name of the alias written
                "largeDebt": False,
                "reason": "ANNUAL_REPORT_THREE_YEARS",
                "from": "2018-07-01",
                "to": "2021-07-01",
            },
        ),
        ("g1", {"scheme": "TAX", "grade": "D", "year": 2019}),
        ("x1", {"permitKind": "CONCESSION", "certificate": "许可证", "content": "食堂"}),
        ("c1", {"crime": "FOOD_SAFETY", "sentence": "LESSER", "servedOn": "2020-01-01", "sector": "FOOD"}),
        ("d1", {"sanction": "REMOVED_FROM_POST"}),
        ("a1", {"accidentGrade": "MAJOR"}),
        ("b1", {"banScope": "SECURITIES", "banLife": True, "sector": "SECURITIES"}),
    ],
)
def test_records_of_other_kinds_keep_theirs_and_are_active_by_default(
    every_key: Transformed, ref: str, expected: dict[str, object]
) -> None:
    assert values(every_key, ref) == {"state": "ACTIVE", **expected}


def test_relations_have_ends_period_and_values(every_key: Transformed) -> None:
    kinds = RelationKind
    expected: dict[RelationKind, set[tuple[object, ...]]] = {
        kinds.LEGAL_REPRESENTATIVE_OF: {("li", "acme", parse_period("2012-05-01", "2019-03-01"))},
        kinds.PRINCIPAL_OF: {("li", "branch", ALWAYS)},
        kinds.SERVES_AS: {
            ("wang", "acme", parse_period("2013", None), ("post", "FINANCE_CHIEF")),
            ("charity", "hospital", ALWAYS, ("post", "SPONSOR")),
            ("zhao", "firm", ALWAYS, ("post", "PARTNER")),
        },
        kinds.CONTROLS: {
            ("acme", "小店", parse_period("2014-01-01", None), ("basis", "DECLARED")),
            ("wang", "小店", ALWAYS, ("basis", "AGREEMENT")),
        },
        kinds.HOLDS: {
            (
                "li",
                "acme",
                parse_period("2012-05-01", "2020-01-01"),
                ("capital", 60_000_030),
                ("share", 60_000_000),
                ("votes", 59_123_456),
            ),
            ("acme", "branch", ALWAYS, ("share", 100_000_000)),
        },
        kinds.POSSIBLY_SAME_AS: {("wang", "zhao", ALWAYS, ("reasons", ("同名", "同一住所")))},
        kinds.BRANCH_OF: {("branch", "acme", ALWAYS)},
        kinds.GUARANTEES: {("acme", "小店", parse_period("2020-01-01", "2021-01-01"))},
        kinds.MEMBER_OF: {("zhao", "KEY_GROUP:律师", ALWAYS)},
        kinds.LOCATED_IN: {("acme", "REGION:440703", ALWAYS)},
        kinds.BIDS_ON: {("acme", "bridge", ALWAYS)},
        kinds.HAS_QUALIFICATION: {
            ("zhao", "q1", parse_period("2010-01-01", "2030-01-01")),
            ("zhao", "zhao/注册会计师/", ALWAYS),
        },
        kinds.ABOUT: {
            ("p1", "acme", ALWAYS),
            ("p1", "li", ALWAYS),
            ("l1", "acme", ALWAYS),
            ("g1", "acme", ALWAYS),
            ("x1", "hospital", ALWAYS),
            ("c1", "li", ALWAYS),
            ("d1", "wang", ALWAYS),
            ("a1", "acme", ALWAYS),
            ("b1", "li", ALWAYS),
        },
        kinds.ISSUED_BY: {("p1", "samr", ALWAYS)},
        kinds.ON_LIST: {("l1", "CREDIT_LIST:严重违法失信名单", parse_period("2018-07-01", "2021-07-01"))},
        kinds.RESPONSIBLE_FOR: {
            ("wang", "p1", ALWAYS, ("capacity", "NAMED"), ("decidedOn", "2018-06-01")),
            ("li", "p1", ALWAYS, ("capacity", "FINDING_PERSONAL_RESPONSIBILITY"), ("decidedOn", "2018-06-01")),
            ("li", "l1", ALWAYS, ("capacity", "NAMED")),
            ("wang", "p1", ALWAYS, ("capacity", "RELEASED"), ("decidedOn", "2020-01")),
        },
    }
    assert {kind: ends(every_key, kind) for kind in {each.kind for each in every_key.relations}} == expected


def test_lists_groups_and_regions_are_nodes_of_their_own(every_key: Transformed) -> None:
    assert values(every_key, "CREDIT_LIST:严重违法失信名单") == {
        "name": "严重违法失信名单",
        "aliases": ("严重违法企业名单",),
        "polarity": "BLACK",
    }
    assert values(every_key, "KEY_GROUP:律师") == {"name": "律师"}
    assert values(every_key, "REGION:440703") == {
        "code": "440703",
        "name": "蓬江区",
        "level": "COUNTY",
        "from": "1994-01-01",
    }
    assert claims(every_key, "REGION:440703") == (Claim(IdentifierScheme.OTHER, "440703", "REGION", lookup=False),)


def test_who_decides_is_a_department(every_key: Transformed) -> None:
    assert {node.ref for node in every_key.nodes if node.department} == {"samr"}


def test_keys_of_relations_are_unique_and_do_not_depend_on_order(every_key: Transformed) -> None:
    def named(relations: tuple[RelationDraft, ...]) -> set[tuple[str, str]]:
        return {(each.kind.value, each.key) for each in relations}

    assert len(named(every_key.relations)) == len(every_key.relations)
    text = "subjects: [{id: a, kind: Person, name: 甲}, {id: b, kind: Enterprise, name: 乙}]\nposts:\n"
    posts = [f"  - {{person: a, organization: b, role: {role}}}\n" for role in ("DIRECTOR", "SUPERVISOR")]
    assert named(world(text + "".join(posts)).relations) == named(world(text + "".join(reversed(posts))).relations)


PEOPLE = """subjects:
  - {id: acme, kind: Enterprise, name: 甲公司}
  - {id: li, kind: Person, name: 李某}
  - {id: samr, kind: GovernmentBody, name: 某局}
"""
RECORDS = PEOPLE + "records:\n  - {id: r, kind: PENALTY, about: acme}\n"


@pytest.mark.parametrize(
    ("text", "line", "key", "english"),
    [
        ("subjects: [{id: a, kind: Enterprise, nane: 甲}]", 1, "nane", "unknown key “nane” in subjects"),
        ("subjects: [{id: a, kind: Firm, name: 甲}]", 1, "kind", "unknown code “Firm”"),
        ("subjects: [{id: a, kind: PENALTY, name: 甲}]", 1, "kind", "unknown code “PENALTY”"),
        ("subjects: [{id: a, kind: Enterprise}]", 1, "name", "key “name” is missing"),
        ("subjects: [{id: a, kind: Enterprise, name: }]", 1, "name", "key “name” is missing"),
        ("subjects: [{id: a, kind: Enterprise, name: ''}]", 1, "name", "the value is empty"),
        ("subjects: [{id: 'a b', kind: Enterprise, name: 甲}]", 1, "id", "a local name has 1 to 100 characters"),
        ("subjects: [{id: a, id: b, kind: Enterprise, name: 甲}]", 1, "id", "written twice"),
        ("subjects: [acme]", 1, None, "must be a mapping"),
        ("subjects: [{id: a, kind: Enterprise, name: [甲]}]", 1, "name", "must be a single value"),
        (
            "subjects:\n- id: a\n  kind: Enterprise\n  name: 甲\n  uscc: 91440703YY000001XA",
            5,
            "uscc",
            "check character",
        ),
        (
            "subjects: [{id: a, kind: Person, name: 甲, uscc: 91440703YY000001XU}]",
            1,
            "uscc",
            "PERSON has no key “uscc”",
        ),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, document: {type: 护照, number: E12345}}]",
            1,
            "document",
            "no key",
        ),
        ("subjects: [{id: a, kind: Person, name: 甲, form: BRANCH}]", 1, "form", "PERSON has no key “form”"),
        (
            'subjects: [{id: a, kind: Person, name: 甲, document: {type: 身份证, number: "440785190001010011"}}]',
            1,
            "document",
            "the check character of the resident ID number does not match",
        ),
        (
            "subjects: [{id: a, kind: Person, name: 甲, document: {type: 驾照, number: 1}}]",
            1,
            "document",
            "unknown document",
        ),
        ("subjects: [{id: a, kind: Person, name: 甲, document: {number: 1}}]", 1, "document.type", "is missing"),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, region: 440799}]",
            1,
            "region",
            "unknown region code “440799”",
        ),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, industry: 五金}]", 1, "industry", "not an industry code"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, status: OPEN}]", 1, "status", "unknown code “OPEN”"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, sectorOf: [FOOD, FOD]}]", 1, "sectorOf", "unknown code “FOD”"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, established: 2022-09-31}]", 1, "established", "not a date"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, established: 2022/09/30}]", 1, "established", "not a date"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, established: 0012-09-30}]", 1, "established", "between 1900"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, registeredCapital: 1e6}]", 1, "registeredCapital", "in yuan"),
        ("subjects: [{id: a, kind: Enterprise, name: 甲, registeredCapital: '1.005'}]", 1, "registeredCapital", "yuan"),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, versions: [{to: 2020, name: 乙}]}]",
            1,
            "versions.to",
            "exact days",
        ),
        (
            "subjects:\n- id: a\n  kind: Enterprise\n  name: 甲\n  versions:\n  - {to: 2020-01-02, name: 乙}\n"
            "  - {from: 2020-01-01, name: 丙}",
            7,
            "versions",
            "versions overlap",
        ),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, versions: [{nam: 乙}]}]",
            1,
            "nam",
            "unknown key “nam” in versions",
        ),
        ("subjects: [{id: a, kind: Person, name: 甲, versions: [{address: 乙}]}]", 1, "address", "PERSON has no key"),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, formerIdentifiers: [{scheme: WORLD, number: x}]}]",
            1,
            "formerIdentifiers.scheme",
            "unknown code “WORLD”",
        ),
        (
            "subjects: [{id: a, kind: Enterprise, name: 甲, formerIdentifiers: [{scheme: 护照, number: E12345}]}]",
            1,
            "formerIdentifiers",
            "ENTERPRISE cannot have a PASSPORT",
        ),
        ("companies:\n- {id: a}", 2, "companies", "unknown top-level key “companies”"),
        (PEOPLE + "subjects: [{id: x, kind: Person, name: 乙}]", 5, "subjects", "“subjects” is written twice"),
        ("asOf: yesterday", 1, "asOf", "unknown top-level key “asOf”"),
        (PEOPLE + "posts: [{person: li, organization: acme, role: BOSS}]", 5, "role", "unknown code “BOSS”"),
        (
            PEOPLE
            + "posts:\n- person: li\n  organization: acme\n  role: DIRECTOR\n  from: 2019-03-01\n  to: 2012-05-01",
            10,
            "to",
            "ends on 2012-05-01, not after it began on 2019-03-01",
        ),
        (
            PEOPLE + "posts: [{person: li, organization: acme, role: DIRECTOR, from: 2019-03, to: 2019-02}]",
            5,
            "to",
            "ends",
        ),
        (PEOPLE + "posts: [{person: wang, organization: acme, role: DIRECTOR}]", 5, "person", "there is no “wang”"),
        (PEOPLE + "posts: [{person: acme, organization: acme, role: DIRECTOR}]", 5, "person", "must stand Person"),
        (
            PEOPLE + "posts: [{person: li, organization: li, role: DIRECTOR}]",
            5,
            "organization",
            "must stand Organization",
        ),
        (PEOPLE + "holdings: [{holder: li, organization: acme, share: 60%}]", 5, "share", "a percentage"),
        (PEOPLE + "holdings: [{holder: li, organization: acme, share: '0.1234567'}]", 5, "share", "at most 6 decimals"),
        (PEOPLE + "holdings: [{holder: li, organization: acme, votes: '100.000001'}]", 5, "votes", "more than 100 %"),
        (PEOPLE + "holdings: [{holder: li, organization: acme, from: 2020, to: 2019}]", 5, "to", "ends on 2019"),
        (PEOPLE + "relations: [{from: li, to: acme, kind: BRANCH_OF}]", 5, "from", "must stand Organization"),
        (PEOPLE + "relations: [{from: li, to: acme, kind: LIKES}]", 5, "kind", "unknown code “LIKES”"),
        (PEOPLE + "relations: [{from: li, to: acme, kind: SERVES_AS}]", 5, "post", "SERVES_AS needs a post"),
        (PEOPLE + "relations: [{from: li, to: 富豪, kind: MEMBER_OF}]", 5, "to", "unknown KeyGroup “富豪”"),
        (PEOPLE + "relations: [{from: acme, to: li, kind: GUARANTEES, share: 1}]", 5, "share", "GUARANTEES has no key"),
        (
            PEOPLE + "relations: [{from: acme, to: li, kind: GUARANTEES, validFrom: 2020, validTo: 2019}]",
            5,
            "validTo",
            "ends on 2019",
        ),
        (PEOPLE + "qualifications: [{person: li, profession: 律师, reason: LAZY}]", 5, "reason", "unknown code “LAZY”"),
        (PEOPLE + "qualifications: [{person: acme, profession: 律师}]", 5, "person", "must stand Person"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, type: [FINE, HUG]}]", 5, "type", "unknown code “HUG”"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, sector: FOD}]", 5, "sector", "unknown code “FOD”"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, licence: X}]", 5, "licence", "unknown code “X”"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, state: GONE}]", 5, "state", "unknown code “GONE”"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, reason: WRONG_CODE}]", 5, "reason", "unknown code"),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, circumstances: BAD}]",
            5,
            "circumstances",
            "unknown code",
        ),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, largeDebt: true}]",
            5,
            "largeDebt",
            "PENALTY has no key",
        ),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: []}]", 5, "about", "the list is empty"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: nobody}]", 5, "about", "there is no “nobody” in this file"),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, department: acme}]",
            5,
            "department",
            "GovernmentBody",
        ),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, relatedTo: acme}]",
            5,
            "relatedTo",
            "must stand Record",
        ),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, offence: 2018}]", 5, "offence", "must be {from, to}"),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, offence: {since: 2018}}]",
            5,
            "offence.since",
            "unknown",
        ),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, from: 2019, to: 2018}]", 5, "to", "ends on 2018"),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, suspended: {from: 2019-01-02, to: 2019-01-01}}]",
            5,
            "suspended",
            "ends on 2019-01-01",
        ),
        (
            PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, basis: [{article: 1}]}]",
            5,
            "basis.document",
            "missing",
        ),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, ban: {years: five}}]", 5, "ban.years", "whole number"),
        (PEOPLE + "records: [{id: r, kind: PENALTY, about: acme, ban: {years: 5, LIFE: }}]", 5, "ban", "not both"),
        (PEOPLE + "records: [{id: r, kind: LIST_ENTRY, about: acme}]", 5, "list", "key “list” is missing"),
        (PEOPLE + "records: [{id: r, kind: LIST_ENTRY, about: acme, list: 老赖}]", 5, "list", "unknown list “老赖”"),
        (
            PEOPLE + "records: [{id: r, kind: LIST_ENTRY, about: acme, list: 失信被执行人, largeDebt: maybe}]",
            5,
            "largeDebt",
            "must be true or false",
        ),
        (PEOPLE + "records: [{id: r, kind: GRADE, about: acme, scheme: TAX}]", 5, "grade", "key “grade” is missing"),
        (
            PEOPLE + "records: [{id: r, kind: GRADE, about: acme, scheme: TAX, grade: E}]",
            5,
            "grade",
            "unknown code “E”",
        ),
        (PEOPLE + "records: [{id: r, kind: GRADE, about: acme, scheme: X, grade: E}]", 5, "scheme", "unknown code “X”"),
        (PEOPLE + "records: [{id: r, kind: ACCIDENT, about: acme, grade: 小}]", 5, "grade", "unknown code “小”"),
        (PEOPLE + "records: [{id: r, kind: CRIMINAL_CONVICTION, about: li, crime: X}]", 5, "crime", "unknown code “X”"),
        (
            PEOPLE + "records: [{id: r, kind: CRIMINAL_CONVICTION, about: li, sentence: X}]",
            5,
            "sentence",
            "unknown code",
        ),
        (RECORDS + "responsibility: [{person: li, record: r, capacity: BOSS}]", 7, "capacity", "unknown code “BOSS”"),
        (RECORDS + "responsibility: [{person: li, record: acme, capacity: NAMED}]", 7, "record", "must stand Record"),
        (RECORDS + "responsibility: [{person: acme, record: r, capacity: NAMED}]", 7, "person", "must stand Person"),
    ],
)
def test_a_mistake_is_a_rejection_with_line_key_and_reason(text: str, line: int, key: str | None, english: str) -> None:
    file = parse("case", text)
    found = transform(file, person_key=KEY, lists=LISTS)
    (rejection,) = found.rejections
    assert (rejection.line, rejection.key) == (line, key)
    assert english in rejection.reason.en and rejection.reason.zh
    assert len(found.accepted) + 1 == file.read
    assert rejection.number not in {node.entry for node in found.nodes} | {each.entry for each in found.relations}


def reasons(found: Transformed) -> list[tuple[int, str | None, str]]:
    return [(each.line, each.key, each.reason.en) for each in found.rejections]


def test_what_depends_on_a_rejected_entry_is_rejected_with_that_reason() -> None:
    found = world(
        """subjects:
  - {id: acme, kind: Firm, name: 甲公司}
  - {id: li, kind: Person, name: 李某}
records:
  - {id: r1, kind: PENALTY, about: acme}
  - {id: r2, kind: AWARD, about: li, relatedTo: r1}
  - {id: r3, kind: AWARD, about: li}
responsibility:
  - {person: li, record: r1, capacity: NAMED}
"""
    )
    assert reasons(found) == [
        (2, "kind", "unknown code “Firm”"),
        (5, "about", "refers to “acme”, which was rejected on line 2"),
        (6, "relatedTo", "refers to “r1”, which was rejected on line 5"),
        (9, "record", "refers to “r1”, which was rejected on line 5"),
    ]
    assert found.accepted == {1, 4}


def test_records_may_refer_to_later_ones_and_to_each_other() -> None:
    found = world(
        PEOPLE
        + "records: [{id: a, kind: AWARD, about: li, relatedTo: b}, {id: b, kind: AWARD, about: li, relatedTo: a}]"
    )
    assert found.rejections == ()


def test_doubles_are_rejected_naming_the_first() -> None:
    found = world(
        """subjects:
  - {id: a, kind: Enterprise, name: 甲, uscc: 91440703YY000001XU}
  - {id: a, kind: Enterprise, name: 乙}
  - {id: b, kind: Enterprise, name: 丙, uscc: 91440703yy000001xu}
  - {id: p, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}}
  - {id: q, kind: Person, name: 李某, document: {type: "01", number: "440785000101001"}}
posts:
  - {person: p, organization: a, role: DIRECTOR}
  - {person: p, organization: a, role: DIRECTOR, to: 2020-01-01}
"""
    )
    assert reasons(found) == [
        (3, "id", "local name “a” is already used on line 2"),
        (4, "uscc", "has the same identifier as the entry on line 2"),
        (6, "document", "has the same identifier as the entry on line 5"),
        (9, None, "repeats the entry on line 8"),
    ]


def test_namesakes_stay_two_persons() -> None:
    found = world("subjects: [{id: a, kind: Person, name: 李某}, {id: b, kind: Person, name: 李某}]")
    assert found.rejections == () and len({claim for node in found.nodes for claim in node.claims}) == 2


def test_doubts_are_remarked_and_the_entry_is_loaded() -> None:
    found = world(
        """subjects:
  - {id: a, kind: Enterprise, name: 甲, uscc: 12440700YY00000601}
records:
  - {id: r, kind: PENALTY, about: a, offence: {from: 2018-03-01, to: 2018-01-01}}
"""
    )
    assert found.rejections == ()
    assert [(each.line, each.text) for each in found.remarks] == [
        (
            2,
            Text(
                "统一社会信用代码属于 PUBLIC_INSTITUTION,条目写作 ENTERPRISE",
                "the USCC is of PUBLIC_INSTITUTION, not ENTERPRISE",
            ),
        ),
        (4, Text("违法期间的结束不晚于开始,按不明处理", "the offence ends not after it began and counts as unknown")),
    ]


def test_open_ends_may_be_written_or_left_out() -> None:
    text = PEOPLE + "posts: [{person: li, organization: acme, role: DIRECTOR, from: 2019, to: END}]"
    found = [world(text.replace("END", end)).relations[0].period for end in ("", "~", "9999-12-31")]
    assert found == [Period(parse_period("2019", None).start, None)] * 3
