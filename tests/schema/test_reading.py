"""Subjects, records and what ties them, as a client reads them on a day, as known at a time, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from graph.codes import Role
from graph.periods import NEVER, SHANGHAI, instant
from graph.store.connection import Transaction
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio

FIRM = "subjects:\n  - {{id: firm, kind: Enterprise, name: {name}, uscc: 91440703YY0000116A{versions}}}\n"
CITY = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU, region: "440703",
     established: 2012-05-01, form: LIMITED_COMPANY, status: ACTIVE, registeredCapital: "1000000.50", industry: F5191,
     address: 江门市蓬江区迎宾大道1号}
  - {id: branch, kind: Enterprise, name: 江门甲贸易有限公司开平分公司, form: BRANCH}
  - {id: li, kind: Person, name: 李明远, document: {type: 身份证, number: "440785190001010010"}, region: "440785"}
  - {id: wang, kind: Person, name: 王秀兰, adultOn: 1920-01-01}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局, uscc: 11440700YY00000529}
posts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01, to: 2019-03-01}
  - {person: wang, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2019-03-01}
  - {person: wang, organization: acme, role: DIRECTOR, from: 2015-01-01}
  - {person: wang, organization: acme, role: SUPERVISOR, from: 2016-01-01}
  - {person: li, organization: branch, role: EMPLOYEE, from: 2020-01-01}
holdings:
  - {holder: li, organization: acme, share: "60", votes: "60", from: 2012-05-01}
relations:
  - {from: branch, to: acme, kind: BRANCH_OF}
qualifications:
  - {person: li, profession: 律师, number: A1, from: 2010-01-01}
records:
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 江市监罚〔2018〕1号, decidedOn: 2018-06-01,
     type: [FINE, WARNING], amount: "50000.05", basis: [{document: 食品安全法, article: "124"}]}
  - {id: r2, kind: PENALTY, about: acme, department: samr, decidedOn: 2019-06, type: FINE}
  - {id: e1, kind: LIST_ENTRY, about: acme, list: 失信被执行人, from: 2018-07-01, to: 2020-07-01}
responsibility:
  - {person: li, record: r1, capacity: DIRECTLY_RESPONSIBLE_SUPERVISOR, decidedOn: 2018-06-01}
"""

MERGED = """
subjects:
  - {id: loser, kind: Enterprise, name: 旧登记}
  - {id: survivor, kind: Enterprise, name: 新登记}
"""
SECRET = """
subjects:
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
  - {id: court, kind: GovernmentBody, name: 江门市蓬江区人民法院}
records:
  - {id: c1, kind: CRIMINAL_CONVICTION, about: li, department: court, decidedOn: 2020-01-01, crime: FOOD_SAFETY,
     sentence: LESSER}
"""

LICENCE = """
subjects:
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
qualifications:
  - {id: q, person: li, profession: PROFESSION, number: A1, from: 2010-01-01}
"""


@pytest.fixture(scope="module")
async def corrected(asking: Asking) -> Asking:
    """What was told again in later years; before everything else, for the time of a load never goes back."""
    earlier = ", versions: [{to: 2022-01-01, name: 甲公司}]"
    for year, name, versions, profession in (
        (2023, "甲公司", "", "注册测绘师"),
        (2024, "乙公司", earlier, "注册验船师"),
        (2025, "丙公司", earlier, "注册验船师"),
    ):
        asking.now = datetime(year, 1, 1, tzinfo=SHANGHAI)
        await asking.load("names", FIRM.format(name=name, versions=versions))
        await asking.load("licence", LICENCE.replace("PROFESSION", profession))
    asking.now = NOW
    return asking


@pytest.fixture(scope="module")
async def city(corrected: Asking) -> Asking:
    await corrected.load("city", CITY)
    return corrected


async def test_a_firm_renamed_and_then_corrected_has_three_names_at_three_pairs_of_dates(corrected: Asking) -> None:
    document = """{
      enterprise(identifier: "world:names:firm") {
        now: name
        before: name(asOf: "2021-06-01")
        asWasKnown: name(knownAt: "2024-06-01T00:00:00+08:00")
        first: name(knownAt: "2023-06-01T00:00:00+08:00")
        formerNames { name validity { from until } }
      }
    }"""
    assert await corrected.ask(document) == {
        "enterprise": {
            "now": "丙公司",
            "before": "甲公司",
            "asWasKnown": "乙公司",
            "first": "甲公司",
            "formerNames": [{"name": "甲公司", "validity": {"from": None, "until": "2022-01-01"}}],
        }
    }


async def test_a_corrected_profession_is_found_by_what_was_known_then(corrected: Asking) -> None:
    document = """query($where: PersonFilter, $then: DateTime) {
      now: persons(where: $where) { totalCount }
      then: persons(where: $where, knownAt: $then) { totalCount }
    }"""
    for profession, now, then in (("注册测绘师", 0, 1), ("注册验船师", 1, 0)):
        asked = {"where": {"profession": {"contains": profession}}, "then": "2023-06-01T00:00:00+08:00"}
        assert await corrected.ask(document, asked) == {"now": {"totalCount": now}, "then": {"totalCount": then}}


async def test_dates_are_inherited_overridden_and_null_means_inherited(city: Asking) -> None:
    document = """query($none: Date) {
      enterprise(identifier: "world:city:acme", asOf: "2015-06-01") {
        inherited: legalRepresentatives { nodes { person { name } } }
        null: legalRepresentatives(asOf: $none) { nodes { person { name } } }
        overridden: legalRepresentatives(asOf: "2020-01-01") {
          nodes { person { name ... on Person { posts { totalCount } } } }
        }
      }
    }"""
    assert await city.ask(document, {"none": None}) == {
        "enterprise": {
            "inherited": {"nodes": [{"person": {"name": "李明远"}}]},
            "null": {"nodes": [{"person": {"name": "李明远"}}]},
            "overridden": {"nodes": [{"person": {"name": "王秀兰", "posts": {"totalCount": 3}}}]},
        }
    }


async def test_an_enterprise_is_read_whole(city: Asking) -> None:
    document = """{
      enterprise(identifier: "91440703YY000001XU") {
        kind name status form established registeredCapital address withheld
        industry { code name } region { id name level parent { name parent { name parent { name } } } }
        identifiers { scheme value masked }
        shareholders { nodes { holder { name } share votes capital validity { from until } } totalCount }
        branches { nodes { name parent { name } } }
        provenance { source row disputedBy { source } }
        listEntries(asOf: "2019-01-01") { nodes { list { name polarity } effective { from until } state } }
        noLongerListed: listEntries { totalCount }
      }
    }"""
    enterprise = (await city.ask(document))["enterprise"]
    assert enterprise == {
        "kind": "ENTERPRISE",
        "name": "江门甲贸易有限公司",
        "status": "ACTIVE",
        "form": "LIMITED_COMPANY",
        "established": "2012-05-01",
        "registeredCapital": "1000000.5",
        "address": "江门市蓬江区迎宾大道1号",
        "withheld": [],
        "industry": {"code": "F5191", "name": "批发和零售业"},
        "region": {
            "id": "reg_440703",
            "name": "蓬江区",
            "level": "COUNTY",
            "parent": {"name": "江门市", "parent": {"name": "广东省", "parent": None}},
        },
        "identifiers": enterprise["identifiers"],
        "shareholders": {
            "nodes": [
                {
                    "holder": {"name": "李明远"},
                    "share": "60",
                    "votes": "60",
                    "capital": None,
                    "validity": {"from": "2012-05-01", "until": None},
                }
            ],
            "totalCount": 1,
        },
        "branches": {"nodes": [{"name": "江门甲贸易有限公司开平分公司", "parent": {"name": "江门甲贸易有限公司"}}]},
        "provenance": {"source": "world:city", "row": enterprise["provenance"]["row"], "disputedBy": []},
        "listEntries": {
            "nodes": [
                {
                    "list": {"name": "失信被执行人", "polarity": "BLACK"},
                    "effective": {"from": "2018-07-01", "until": "2020-07-01"},
                    "state": "ACTIVE",
                }
            ]
        },
        "noLongerListed": {"totalCount": 0},
    }
    assert {"scheme": "USCC", "value": "91440703YY000001XU", "masked": False} in enterprise["identifiers"]


async def test_a_record_is_read_whole_and_an_imprecise_day_is_null(city: Asking) -> None:
    document = """{
      record(id: "world:city:r1") {
        recordKind documentNumber decidedOn state then: state(asOf: "2019-01-01")
        effective { from until } basis { document article } withheld
        summary inEnglish: summary(lang: EN)
        department { name isDepartment } subjects { name } responsible { person { name } capacity decidedOn }
        ... on Penalty { types fine confiscated }
      }
      month: record(id: "world:city:r2") { decidedOn }
    }"""
    assert await city.ask(document) == {
        "record": {
            "recordKind": "PENALTY",
            "documentNumber": "江市监罚〔2018〕1号",
            "decidedOn": "2018-06-01",
            "state": "EXPIRED",  # three years after the decision it is no longer published
            "then": "ACTIVE",
            "effective": {"from": None, "until": None},
            "basis": [{"document": "食品安全法", "article": "124"}],
            "withheld": [],
            "summary": "2018-06-01 行政处罚:罚款、警告(江市监罚〔2018〕1号)",
            "inEnglish": "2018-06-01 penalty: fine, warning (江市监罚〔2018〕1号)",
            "department": {"name": "江门市市场监督管理局", "isDepartment": True},
            "subjects": [{"name": "江门甲贸易有限公司"}],
            "responsible": [
                {
                    "person": {"name": "李明远"},
                    "capacity": "DIRECTLY_RESPONSIBLE_SUPERVISOR",
                    "decidedOn": "2018-06-01",
                }
            ],
            "types": ["FINE", "WARNING"],
            "fine": "50000.05",
            "confiscated": None,
        },
        "month": {"decidedOn": None},
    }


PERSON = """{
  person(id: "world:city:li") {
    name status region { name } adultOn withheld
    identifiers { scheme value masked }
    posts { nodes { post } totalCount }
    qualifications { profession number person { name } }
    keyGroups { name }
  }
}"""
MASKED = {"scheme": "RESIDENT_ID", "value": "440785********0010", "masked": True}


async def test_the_public_reads_a_person_masked_and_hidden_posts_are_absent_and_not_counted(city: Asking) -> None:
    person = (await city.ask(PERSON, role=Role.PUBLIC))["person"]
    assert MASKED in person.pop("identifiers")
    assert person == {
        "name": "李*",
        "status": None,
        "region": None,
        "adultOn": None,
        "withheld": ["name", "status", "region", "adultOn"],
        "posts": {"nodes": [], "totalCount": 0},
        "qualifications": [{"profession": "律师", "number": None, "person": {"name": "李*"}}],
        "keyGroups": [],
    }


async def test_an_official_reads_a_person_but_never_the_number(city: Asking) -> None:
    person = (await city.ask(PERSON))["person"]
    assert MASKED in person.pop("identifiers")
    assert person == {
        "name": "李明远",
        "status": None,
        "region": {"name": "恩平市"},
        "adultOn": "1918-01-01",
        "withheld": [],
        "posts": {"nodes": [{"post": "EMPLOYEE"}], "totalCount": 1},
        "qualifications": [{"profession": "律师", "number": "A1", "person": {"name": "李明远"}}],
        "keyGroups": [],
    }


async def test_subjects_read_their_own_data_and_no_one_elses(city: Asking) -> None:
    document = """{
      own: person(id: "world:city:li") { name adultOn withheld posts { totalCount } }
      other: person(id: "world:city:wang") { name adultOn withheld }
    }"""
    assert await city.ask(document, role=Role.SUBJECT, subject="world:city:li") == {
        "own": {"name": "李明远", "adultOn": "1918-01-01", "withheld": [], "posts": {"totalCount": 1}},
        "other": {"name": "王*", "adultOn": None, "withheld": ["name", "status", "region", "adultOn"]},
    }


async def test_pages_follow_each_other_without_gap_or_repetition(city: Asking) -> None:
    document = """query($after: String) {
      enterprise(identifier: "world:city:acme") {
        posts(first: 2, after: $after) {
          nodes { post } edges { cursor node { post } } totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }"""
    first = (await city.ask(document))["enterprise"]["posts"]
    second = (await city.ask(document, {"after": first["pageInfo"]["endCursor"]}))["enterprise"]["posts"]
    posts = [each["post"] for page in (first, second) for each in page["nodes"]]
    assert sorted(posts) == ["DIRECTOR", "LEGAL_REPRESENTATIVE", "SUPERVISOR"]
    assert [page["totalCount"] for page in (first, second)] == [3, 3]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": first["edges"][0]["cursor"],
        "endCursor": first["edges"][-1]["cursor"],
    }
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert [each["node"] for each in first["edges"]] == first["nodes"]


async def test_no_edges_are_asked_for_with_first_0(city: Asking) -> None:
    document = '{ enterprise(identifier: "world:city:acme") { posts(first: 0) { nodes { id } totalCount } } }'
    assert await city.ask(document) == {"enterprise": {"posts": {"nodes": [], "totalCount": 3}}}


async def test_posts_holdings_records_and_regions_are_nodes(city: Asking) -> None:
    document = """{
      enterprise(identifier: "world:city:acme") {
        id legalRepresentatives { nodes { id } } shareholders { nodes { id } } records { nodes { id } } region { id }
      }
      person(id: "world:city:li") { qualifications { id } }
    }"""
    found = await city.ask(document)
    firm = found["enterprise"]
    ids = [
        firm["id"],
        *(each["id"] for name in ("legalRepresentatives", "shareholders", "records") for each in firm[name]["nodes"]),
        firm["region"]["id"],
        found["person"]["qualifications"][0]["id"],
        "ent_00000000000000000000000000",
    ]
    nodes = (await city.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", {"ids": ids}))["nodes"]
    assert [each and each["id"] for each in nodes] == [*ids[:-1], None]
    kinds = ["Enterprise", "Post", "Holding", *(each["__typename"] for each in nodes[3:-3]), "Region", "Qualification"]
    assert [each["__typename"] for each in nodes[:-1]] == kinds
    assert sorted(each["__typename"] for each in nodes[3:-3]) == ["ListEntry", "Penalty", "Penalty"]


async def test_another_kind_or_an_unknown_one_is_null_without_error(city: Asking) -> None:
    document = """{
      enterprise(identifier: "world:city:li") { id }
      subject(identifier: "91440704YY0000028A") { id }
      person(id: "world:city:acme") { id }
      department(identifier: "world:city:acme") { id }
      record(id: "world:city:acme") { id }
      node(id: "per_00000000000000000000000000") { id }
      samr: department(identifier: "11440700YY00000529") { name issued { totalCount } }
    }"""
    assert await city.ask(document) == {
        "enterprise": None,
        "subject": None,
        "person": None,
        "department": None,
        "record": None,
        "node": None,
        "samr": {"name": "江门市市场监督管理局", "issued": {"totalCount": 2}},
    }


async def test_a_plain_list_says_that_it_was_cut(city: Asking) -> None:
    named = [f"- {{id: n{i}, kind: Enterprise, name: 江门同名贸易有限公司, region: '440703'}}" for i in range(22)]
    await city.load("namesakes", "subjects:\n" + "\n".join(named))
    document = """query($texts: [String!]!) { resolve(texts: $texts) { matched { id } } }"""
    body = (await city.execute(document, {"texts": ["江门同名贸易有限公司", "江门同名"]})).body
    assert [len(each["matched"]) for each in body["data"]["resolve"]] == [20, 0]
    assert body["extensions"]["cut"] == [{"field": "matched", "of": "江门同名贸易有限公司", "most": 20}]


async def test_a_merged_id_answers_with_the_survivor_and_says_so(city: Asking) -> None:
    await city.load("merged", MERGED)
    find = (
        '{ a: subject(identifier: "world:merged:loser") { id } b: subject(identifier: "world:merged:survivor") { id } }'
    )
    loser, survivor = (each["id"] for each in (await city.ask(find)).values())

    async def merge(transaction: Transaction) -> None:
        await transaction.run(
            "MATCH (a {id: $loser}), (b {id: $survivor}) CREATE (a)-[:SAME_AS {id: 'rel_merge', from: '0001-01-01',"
            " to: '9999-12-31', recordedAt: $at, retractedAt: $never, source: 'test'}]->(b)"
            " REMOVE a:Subject:Organization:Enterprise SET a:Past",
            loser=loser,
            survivor=survivor,
            at=instant(city.now),
            never=NEVER,
        )

    await city.database.write(merge)
    document = """query($id: ID!, $text: String!) {
      node(id: $id) { id ... on Subject { formerIds } } subject(identifier: $text) { id }
      check(subject: $id) { subject { id } }
    }"""
    body = (await city.execute(document, {"id": loser, "text": loser})).body
    assert body["data"] == {
        "node": {"id": survivor, "formerIds": [loser]},
        "subject": {"id": survivor},
        "check": {"subject": {"id": survivor}},
    }
    assert body["extensions"]["merged"] == {loser: survivor}


async def test_an_identifier_with_two_holders_is_a_conflict_that_names_them(city: Asking) -> None:
    await city.load(
        "twice", "subjects:\n  - {id: a, kind: Enterprise, name: 甲}\n  - {id: b, kind: Enterprise, name: 乙}\n"
    )

    async def share(transaction: Transaction) -> None:
        await transaction.run(
            "MATCH (b:Enterprise {name: '乙'}), (:Enterprise {name: '甲'})-[by:IDENTIFIED_BY]->(i)"
            " CREATE (b)-[:IDENTIFIED_BY {from: by.from, to: by.to, recordedAt: by.recordedAt,"
            " retractedAt: by.retractedAt, source: 'test'}]->(i)"
        )

    await city.database.write(share)
    for document, argument in (
        ('{ subject(identifier: "world:twice:a") { id } }', "identifier"),
        ('{ subject(identifier: "world:twice:a") { measures { key } } }', "identifier"),
        ('{ check(subject: "world:twice:a") { outcome } }', "subject"),
    ):
        body = (await city.execute(document)).body
        (error,) = body["errors"]
        assert error["extensions"] == {"code": "CONFLICT", "argument": argument}
        assert error["message"].count("ent_") == 2


async def test_what_is_not_published_does_not_exist_for_the_public(city: Asking) -> None:
    await city.load("secret", SECRET)
    document = """query($record: ID!) {
      person(id: "world:secret:li") { records { nodes { recordKind } totalCount } }
      record(id: "world:secret:c1") { id } node(id: $record) { id } nodes(ids: [$record]) { id }
      reach(record: "world:secret:c1") { complete }
      check(subject: "world:secret:li") { outcome warnings { code } }
    }"""
    crime = '{ record(id: "world:secret:c1") { id withheld ... on CriminalConviction { crime sentence } } }'
    own = (await city.ask(crime))["record"]
    assert own == {"id": own["id"], "withheld": [], "crime": "FOOD_SAFETY", "sentence": "LESSER"}
    official = (await city.execute(document, {"record": own["id"]})).body
    public = (await city.execute(document, {"record": own["id"]}, role=Role.PUBLIC)).body
    shown = {"nodes": [{"recordKind": "CRIMINAL_CONVICTION"}], "totalCount": 1}
    assert official["data"]["person"] == {"records": shown}
    assert (official["data"]["node"], "errors" in official) == ({"id": own["id"]}, False)
    assert public["data"] == {
        "person": {"records": {"nodes": [], "totalCount": 0}},
        "record": None,
        "node": None,
        "nodes": [None],
        "reach": None,
        "check": {"outcome": "NOTHING_FOUND", "warnings": []},
    }
    assert [(each["path"], each["extensions"]["code"]) for each in public["errors"]] == [(["reach"], "NOT_FOUND")]
    subject = (await city.execute(document, {"record": own["id"]}, role=Role.SUBJECT, subject="world:secret:li")).body
    assert subject["data"]["person"] == {"records": shown}
    assert subject["data"]["record"] == {"id": own["id"]}


LATER_PUBLISHED = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门丁贸易有限公司}
  - {id: li, kind: Person, name: 李明}
records:
  - {id: r1, kind: PENALTY, about: acme, decidedOn: 2025-05-01, publishedFrom: 2025-06-01, type: FINE}
responsibility:
  - {person: li, record: r1, capacity: NAMED, decidedOn: 2025-05-01}
"""


async def test_nothing_hangs_on_a_record_on_a_day_on_which_it_is_not_for_this_reader(asking: Asking) -> None:
    await asking.load("later", LATER_PUBLISHED)
    document = """{ record(id: "world:later:r1") {
      responsible { capacity } before: responsible(asOf: "2025-05-15") { capacity person { measures { key } } }
      unknown: responsible(knownAt: "2020-01-01T00:00:00Z") { capacity } published(asOf: "2025-05-15") { from }
    } }"""
    shown = {"responsible": [{"capacity": "NAMED"}], "unknown": []}
    hidden = {"record": {**shown, "before": [], "published": None}}
    own = {"record": {**shown, "before": [{"capacity": "NAMED", "person": {"measures": []}}]}}
    own["record"]["published"] = {"from": "2025-06-01"}
    assert await asking.ask(document, role=Role.PUBLIC) == hidden
    assert await asking.ask(document, role=Role.PROFESSIONAL, subject="world:later:li") == hidden
    assert await asking.ask(document, role=Role.PROFESSIONAL, subject="world:later:acme") == own
    assert await asking.ask(document) == own


async def test_a_date_before_all_facts_answers_empty_lists(city: Asking) -> None:
    document = """{
      enterprise(identifier: "world:city:acme", asOf: "1990-01-01") {
        name posts { nodes { id } } records { nodes { id } } measures { key }
      }
      check(subject: "world:city:acme", asOf: "1990-01-01") { outcome measures { key } potential { key } }
    }"""
    assert await city.ask(document) == {
        "enterprise": {
            "name": "江门甲贸易有限公司",
            "posts": {"nodes": []},
            "records": {"nodes": []},
            "measures": [],
        },
        "check": {"outcome": "NOTHING_FOUND", "measures": [], "potential": []},
    }


async def test_rules_are_those_in_force_on_the_day(city: Asking) -> None:
    document = """query($on: Date) {
      rules(asOf: $on) { id part version title inEnglish: title(lang: EN) basis { document } validity { from until }
        pack { name } }
    }"""
    then = (await city.ask(document, {"on": "2015-06-01"}))["rules"]
    now = (await city.ask(document, {"on": "2026-01-01"}))["rules"]
    for found, day in ((then, "2015-06-01"), (now, "2026-01-01")):
        assert {"P01", "P04"} <= {each["id"] for each in found}
        assert all((each["validity"]["from"] or "") <= day < (each["validity"]["until"] or "9999") for each in found)
        assert all(each["title"] and each["inEnglish"] and each["basis"] for each in found)
    assert {each["version"] for each in then if each["id"] == "P04"} != {
        each["version"] for each in now if each["id"] == "P04"
    }
    assert (await city.ask('{ rules(pack: "no such pack") { id } }'))["rules"] == []


async def test_viewers_see_their_role_and_limits(city: Asking) -> None:
    document = (
        "{ viewer { role department { name } subject { name } region { name } limits { depth rootFields cost } } }"
    )
    claims: dict[str, Any] = {"department": "11440700YY00000529", "region": "440700"}
    official = (await city.ask(document, **claims))["viewer"]
    public = (await city.ask(document, role=Role.PUBLIC))["viewer"]
    assert official == {
        "role": "GOVERNMENT",
        "department": {"name": "江门市市场监督管理局"},
        "subject": None,
        "region": {"name": "江门市"},
        "limits": {"depth": 15, "rootFields": 50, "cost": 20000},
    }
    assert (public["role"], public["limits"]) == ("PUBLIC", {"depth": 10, "rootFields": 10, "cost": 5000})


async def test_every_answer_says_for_which_day_and_as_known_when(city: Asking) -> None:
    body = (await city.execute('{ check(subject: "world:city:acme") { asOf knownAt } }')).body
    assert body["data"]["check"] == {"asOf": "2026-01-01", "knownAt": "2026-01-01T09:00:00+08:00"}
    assert body["extensions"] == {
        "asOf": "2026-01-01",
        "knownAt": "2026-01-01T09:00:00+08:00",
        "version": body["extensions"]["version"],
    }
