"""Checks and reaches as a client reads them: whole answers, with paths, grounds, roles and audit."""

from __future__ import annotations

from typing import Any

import pytest

from graph.codes import Role
from schema import computed
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

# 吊销营业执照, 公司法 178(1)(4): 李某 was legal representative during the offence, 王某 came later, 陈某 is principal.
WORLD = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU, region: "440703"}
  - {id: bing, kind: Enterprise, name: 江门丙商贸有限公司, uscc: 91440704YY0000028A}
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
  - {id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}
  - {id: chen, kind: Person, name: 陈某, adultOn: 1920-01-01}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局, uscc: 11440700YY00000529}
posts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01, to: 2019-03-01}
  - {person: wang, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2019-03-01}
  - {person: chen, organization: acme, role: PRINCIPAL, from: 2012-05-01}
  - {person: li, organization: bing, role: DIRECTOR, from: 2016-01-01}
records:
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 江市监罚〔2018〕1号, decidedOn: 2018-06-01,
     offence: {from: 2018-01-01, to: 2018-03-01}, type: LICENCE_REVOKED, licence: BUSINESS, sector: GENERAL}
responsibility:
  - {person: li, record: r1, capacity: FINDING_PERSONAL_RESPONSIBILITY, decidedOn: 2018-06-01}
"""
REACH = """
query($on: Date) {
  reach(record: "world:deeds:r1", asOf: $on) {
    record { ... on CreditRecord { recordKind documentNumber decidedOn state department { name } subjects { name } } }
    measures {
      party { name } definition { code effect } certainty from until end endsOnRepair
      rule { id confidence } basis { document article } gaps { evidence }
      path { position start { ...N } end { ...N } relation forward post validity { from until } }
      alsoVia { relation }
      cause { ...N }
    }
    potential { party { name } }
    considered { rule { id } party { name } failed explanation }
    subgraph { nodes { ...N } edges { kind post derived } }
    warnings { code } complete truncated { reason }
  }
}
fragment N on Node { __typename ... on Subject { name } ... on CreditRecord { documentNumber } }
"""


@pytest.fixture(scope="module")
async def deeds(asking: Asking) -> Asking:
    await asking.load("deeds", WORLD)
    return asking


async def test_reach_says_who_is_bound_why_until_when_and_who_is_not(deeds: Asking) -> None:
    reach = (await deeds.ask(REACH, {"on": "2019-01-01"}))["reach"]
    penalty = {"__typename": "Penalty", "documentNumber": "江市监罚〔2018〕1号"}
    acme = {"__typename": "Enterprise", "name": "江门甲贸易有限公司"}
    li = {"__typename": "Person", "name": "李某"}
    bank, bar, dismiss = sorted(reach.pop("measures"), key=lambda each: each["definition"]["code"])
    assert bar == {
        "party": {"name": "李某"},
        "definition": {"code": "BAR_COMPANY_OFFICE", "effect": "PROHIBITS"},
        "certainty": "FOUND",
        "from": "2018-06-01",
        "until": "2021-06-02",
        "end": "TERM",
        "endsOnRepair": False,
        "rule": {"id": "P04", "confidence": "SECONDARY"},
        "basis": bar["basis"],
        "gaps": [],
        "path": [
            {
                "position": 1,
                "start": penalty,
                "end": acme,
                "relation": "ABOUT",
                "forward": True,
                "post": None,
                "validity": bar["path"][0]["validity"],
            },
            {
                "position": 2,
                "start": acme,
                "end": li,
                "relation": "LEGAL_REPRESENTATIVE_OF",
                "forward": False,
                "post": "LEGAL_REPRESENTATIVE",
                "validity": {"from": "2012-05-01", "until": "2019-03-01"},
            },
        ],
        "alsoVia": [{"relation": "RESPONSIBLE_FOR"}],
        "cause": penalty,
    }
    assert any("公司法" in each["document"] for each in bar["basis"])
    assert (bank["party"]["name"], bank["rule"]["id"]) == ("李某", "P29")
    assert (dismiss["party"]["name"], dismiss["definition"]["code"]) == ("江门丙商贸有限公司", "DISMISS_OFFICE_HOLDER")
    considered = reach.pop("considered")
    failed = {(each["rule"]["id"], each["party"]["name"], each["failed"]) for each in considered}
    assert failed >= {("P04", "王某", "ROLE_NOT_AT_ANCHOR"), ("P04", "陈某", "ROLE_NOT_IN_RULE")}
    assert all(each["explanation"] for each in considered)
    subgraph = reach.pop("subgraph")
    assert [penalty, acme, li] == subgraph["nodes"][:3]
    assert {"kind": "ABOUT", "post": None, "derived": False} in subgraph["edges"]
    assert reach == {
        "record": {
            "recordKind": "PENALTY",
            "documentNumber": "江市监罚〔2018〕1号",
            "decidedOn": "2018-06-01",
            "state": "ACTIVE",
            "department": {"name": "江门市市场监督管理局"},
            "subjects": [{"name": "江门甲贸易有限公司"}],
        },
        "potential": [],
        "warnings": reach["warnings"],
        "complete": True,
        "truncated": None,
    }


CHECKS = """
query($on: Date) {
  checks(subjects: ["world:deeds:li", "world:deeds:wang", "world:deeds:nobody", "world:deeds:li"], asOf: $on) {
    outcome subject { name } measures { definition { code } } potential { key } considered { failed } asOf
  }
}
"""


async def test_checks_keep_the_order_and_an_unknown_subject_is_null_with_an_error_of_its_own(deeds: Asking) -> None:
    body = (await deeds.execute(CHECKS, {"on": "2019-01-01"})).body
    assert [each and (each["subject"]["name"], each["outcome"]) for each in body["data"]["checks"]] == [
        ("李某", "PROHIBITED"),
        ("王某", "NOTHING_FOUND"),
        None,
        ("李某", "PROHIBITED"),
    ]
    assert [(each["path"], each["extensions"]) for each in body["errors"]] == [
        (["checks", 2], {"code": "NOT_FOUND", "argument": "subjects.2"})
    ]
    assert body["data"]["checks"][0] == {
        "outcome": "PROHIBITED",
        "subject": {"name": "李某"},
        "measures": [{"definition": {"code": each}} for each in ("BAR_COMPANY_OFFICE", "BAR_BANK_OFFICE")],
        "potential": [],
        "considered": body["data"]["checks"][0]["considered"],
        "asOf": "2019-01-01",
    }


async def test_a_purpose_leaves_only_what_matters_for_it(deeds: Asking) -> None:
    document = """{
      office: check(subject: "world:deeds:li", asOf: "2019-01-01", purpose: OFFICE_APPOINTMENT) { ...A }
      award: check(subject: "world:deeds:li", asOf: "2019-01-01", purpose: AWARD) { ...A }
    } fragment A on CreditCheck { purpose outcome measures { definition { code } } }"""
    assert await deeds.ask(document) == {
        "office": {
            "purpose": "OFFICE_APPOINTMENT",
            "outcome": "PROHIBITED",
            "measures": [{"definition": {"code": each}} for each in ("BAR_COMPANY_OFFICE", "BAR_BANK_OFFICE")],
        },
        "award": {"purpose": "AWARD", "outcome": "NOTHING_FOUND", "measures": []},
    }


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.PROFESSIONAL, Role.SUBJECT])
async def test_only_officials_see_what_was_considered_or_is_potential(deeds: Asking, role: Role) -> None:
    document = """{
      check(subject: "world:deeds:wang", asOf: "2019-06-01") { potential { key } considered { failed } outcome }
      reach(record: "world:deeds:r1", asOf: "2018-07-01") { potential { key } considered { failed } }
      subject(identifier: "world:deeds:wang") { measures(certainty: [POTENTIAL], asOf: "2019-06-01") { key } }
    }"""
    answer = (await deeds.execute(document, role=role)).body["data"]
    assert answer["check"] == {"potential": None, "considered": None, "outcome": "NOTHING_FOUND"}
    assert answer["reach"] == {"potential": None, "considered": None}
    assert answer["subject"] == {"measures": []}


async def audits(asking: Asking) -> list[dict[str, Any]]:
    """Every audit event there is, in order."""
    rows = await asking.database.read(
        "MATCH (e:AuditEvent) RETURN e.id AS id, e.role AS role, e.operation AS operation, e.persons AS persons,"
        " e.purpose AS purpose ORDER BY e.at",
        {},
    )
    return [dict(row) for row in rows]


async def person(asking: Asking, local: str) -> str:
    return str((await asking.ask(f'{{ person(id: "world:deeds:{local}") {{ id }} }}'))["person"]["id"])


async def test_reading_a_persons_data_is_audited_before_the_answer_leaves(deeds: Asking) -> None:
    li = await person(deeds, "li")
    before = await audits(deeds)
    document = 'query Desk { check(subject: "world:deeds:li", asOf: "2019-01-01") { outcome auditReference } }'
    answer = await deeds.execute(document)
    (event,) = (await audits(deeds))[len(before) :]
    assert event == {"id": event["id"], "role": "GOVERNMENT", "operation": "Desk", "persons": [li], "purpose": "核查"}
    assert answer.body["data"] == {"check": {"outcome": "PROHIBITED", "auditReference": event["id"]}}
    assert answer.audited


async def test_what_the_public_may_read_is_not_audited(deeds: Asking) -> None:
    before = await audits(deeds)
    document = '{ check(subject: "world:deeds:acme", asOf: "2019-01-01") { outcome subject { name } auditReference } }'
    answer = await deeds.execute(document, purpose=None, ground=None)
    assert answer.body["data"]["check"]["auditReference"] is None
    await deeds.ask('{ check(subject: "world:deeds:li") { outcome subject { name } } }', role=Role.PUBLIC)
    assert await audits(deeds) == before


async def test_reading_a_persons_data_without_a_purpose_is_refused(deeds: Asking) -> None:
    before = await audits(deeds)
    answer = await deeds.execute('{ subject(identifier: "world:deeds:li") { name } }', purpose=None)
    assert "data" not in answer.body
    assert [(each["extensions"], "X-Purpose" in each["message"]) for each in answer.body["errors"]] == [
        ({"code": "BAD_USER_INPUT", "argument": "X-Purpose"}, True)
    ]
    assert await audits(deeds) == before


async def test_the_second_pack_is_told_by_its_name(deeds: Asking) -> None:
    document = """query($pack: String) { rules(pack: $pack) { id pack { name } } }"""
    told = [(await deeds.ask(document, {"pack": pack}))["rules"] for pack in ("ofac50", "cn-credit", None, "nothing")]
    second, first, current, nothing = told
    assert {each["pack"]["name"] for each in second} == {"ofac50"}
    assert (len(second) >= 1, len(first) > 30, current == first, nothing) == (True, True, True, [])


async def test_a_measure_says_its_family_and_who_carries_it_out(deeds: Asking) -> None:
    document = """{ check(subject: "world:deeds:li", asOf: "2019-01-01", purpose: OFFICE_APPOINTMENT) {
      measures { definition { code family appliedBy } } } }"""
    (told,) = {str(each["definition"]) for each in (await deeds.ask(document))["check"]["measures"]} & {
        str({"code": "BAR_COMPANY_OFFICE", "family": "RIGHTS", "appliedBy": "公司、登记机关"})
    }
    assert told


# 王某 is barred from the food trade and keeps food safe at 丁; the offence for which 戊 lost its licence is reversed.
WARNED = """
subjects:
  - {id: wu, kind: Enterprise, name: 江门戊贸易有限公司}
  - {id: ding, kind: Enterprise, name: 江门丁食品有限公司, sectorOf: FOOD}
  - {id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}
  - {id: zhou, kind: Person, name: 周某, adultOn: 1920-01-01}
posts:
  - {person: wang, organization: ding, role: FOOD_SAFETY_MANAGER, from: 2021-01-01}
  - {person: zhou, organization: wu, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
records:
  - {id: f1, kind: PENALTY, about: wu, documentNumber: 江市监罚〔2020〕9号, decidedOn: 2020-06-01,
     offence: {from: 2020-01-01, to: 2020-02-01}, type: LICENCE_REVOKED, sector: FOOD}
  - {id: r1, kind: PENALTY, about: wu, documentNumber: 江市监罚〔2018〕9号, decidedOn: 2018-06-01,
     offence: {from: 2018-03-01, to: 2018-01-01}, type: LICENCE_REVOKED, licence: BUSINESS}
responsibility:
  - {person: wang, record: f1, capacity: DIRECTLY_RESPONSIBLE_SUPERVISOR, decidedOn: 2020-06-01}
"""
WARNING = """
query($subject: ID!, $on: Date!) {
  check(subject: $subject, asOf: $on) {
    outcome complete truncated { reason } measures { key }
    potential { rule { id } definition { code } from until end gaps { evidence } cause { ...N } }
    considered { rule { id } failed party { name } }
    warnings { code message nodes { ...N } }
  }
}
fragment N on Node { __typename ... on Subject { name } ... on CreditRecord { documentNumber } }
"""


@pytest.fixture(scope="module")
async def warned(asking: Asking) -> Asking:
    await asking.load("warned", WARNED)
    return asking


async def test_an_employer_of_a_barred_person_is_warned_and_not_bound(warned: Asking) -> None:
    told = await warned.ask(WARNING, {"subject": "world:warned:ding", "on": "2022-01-01"})
    assert told["check"] == {
        "outcome": "NOTHING_FOUND",
        "complete": True,
        "truncated": None,
        "measures": [],
        "potential": [],
        "considered": [],
        "warnings": [
            {
                "code": "EMPLOYS_BARRED_PERSON",
                "message": "食品生产经营者聘用被禁止从业的人员:食品安全管理人员,"
                "不得申请食品生产经营许可、从事食品生产经营管理工作(中华人民共和国食品安全法第一百三十五条第三款)",
                "nodes": [
                    {"__typename": "Enterprise", "name": "江门丁食品有限公司"},
                    {"__typename": "Person", "name": "王某"},
                    {"__typename": "Penalty", "documentNumber": "江市监罚〔2020〕9号"},
                ],
            }
        ],
    }


async def test_an_offence_that_ends_before_it_begins_is_not_used_and_warned_of(warned: Asking) -> None:
    told = await warned.ask(WARNING, {"subject": "world:warned:zhou", "on": "2019-01-01"})
    penalty = {"__typename": "Penalty", "documentNumber": "江市监罚〔2018〕9号"}
    possible = {"from": "2018-06-01", "cause": penalty}
    gaps = [{"evidence": each} for each in ("OFFENCE_PERIOD_UNKNOWN", "FINDING_OF_RESPONSIBILITY")]
    company = {
        "rule": {"id": "P04"},
        "definition": {"code": "BAR_COMPANY_OFFICE"},
        "until": "2021-06-02",
        "end": "TERM",
    }
    bank = {"rule": {"id": "P29"}, "definition": {"code": "BAR_BANK_OFFICE"}, "until": None, "end": "LIFE"}
    assert told["check"] == {
        "outcome": "NEEDS_FINDING",
        "complete": True,
        "truncated": None,
        "measures": [],
        "potential": [{**each, **possible, "gaps": gaps} for each in (company, bank)],
        "considered": [
            {"rule": {"id": rule}, "failed": failed, "party": {"name": "周某"}}
            for rule, failed in (("P05", "NOT_YET_IN_FORCE"), ("P12", "SECTOR_OR_LICENCE"))
        ],
        "warnings": [
            {"code": "OFFENCE_REVERSED", "message": "违法期间起止颠倒,不予采用", "nodes": [penalty]},
        ],
    }


FEW, DIRECTORS = 12, 15  # subjects, posts and records that are read, instead of thousands; and those there are
# 钱某 was found responsible when 庚 lost its licence; 庚 has more directors than are read.
CROWD = (
    """
subjects:
  - {id: geng, kind: Enterprise, name: 江门庚贸易有限公司}
  - {id: qian, kind: Person, name: 钱某, adultOn: 1920-01-01}
"""
    + "".join(f"  - {{id: d{i}, kind: Person, name: 董某}}\n" for i in range(DIRECTORS))
    + """
posts:
  - {person: qian, organization: geng, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
"""
    + "".join(f"  - {{person: d{i}, organization: geng, role: DIRECTOR, from: 2012-05-01}}\n" for i in range(DIRECTORS))
    + """
records:
  - {id: c1, kind: CONSUMPTION_RESTRICTION, about: geng, decidedOn: 2018-06-01, from: 2018-06-01}
  - {id: r1, kind: PENALTY, about: geng, decidedOn: 2018-06-01, offence: {from: 2018-01-01, to: 2018-03-01},
     type: LICENCE_REVOKED, licence: BUSINESS}
responsibility:
  - {person: qian, record: r1, capacity: FINDING_PERSONAL_RESPONSIBILITY, decidedOn: 2018-06-01}
"""
)
ALL_FOUR = """{
  check(subject: "world:crowd:qian", asOf: "2019-01-01") { ...C }
  checks(subjects: ["world:crowd:qian"], asOf: "2019-01-01") { ...C }
  reach(record: "world:crowd:r1", asOf: "2019-01-01") {
    complete truncated { ...T } measures { ...M } potential { ...M }
  }
  whatIf(subject: "world:crowd:qian", asOf: "2019-01-01", changes: [
    {changeRecord: {record: "world:crowd:c1", state: REVOKED, on: "2018-09-01"}}
  ]) { before { ...C } after { ...C } appeared { ...M } vanished { ...M } }
}
fragment C on CreditCheck { outcome complete truncated { ...T } measures { ...M } potential { ...M } }
fragment M on Measure { rule { id } definition { code } party { name } }
fragment T on Truncation { reason omitted lowerBound }
"""


@pytest.fixture(scope="module")
async def crowd(asking: Asking) -> Asking:
    await asking.load("crowd", CROWD)
    return asking


async def test_what_was_cut_is_not_conclusive_though_nothing_was_found(
    crowd: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await crowd.ask(ALL_FOUR)
    monkeypatch.setattr(computed, "LARGEST_NEIGHBOURHOOD", FEW)
    cut = await crowd.ask(ALL_FOUR)
    office, bank, consumption = (
        {"rule": {"id": rule}, "definition": {"code": code}, "party": {"name": "钱某"}}
        for rule, code in (("P04", "BAR_COMPANY_OFFICE"), ("P29", "BAR_BANK_OFFICE"), ("P01", "RESTRICT_CONSUMPTION"))
    )
    found: dict[str, Any] = {"complete": True, "truncated": None, "potential": []}
    bound = {"outcome": "PROHIBITED", "measures": [consumption, office, bank], **found}
    assert whole == {
        "check": bound,
        "checks": [bound],
        "reach": {"measures": [office, bank], **found},
        "whatIf": {
            "before": bound,
            "after": bound | {"measures": [office, bank]},
            "appeared": [],
            "vanished": [consumption],
        },
    }
    limit = {"reason": "EDGE_LIMIT", "omitted": DIRECTORS + 1, "lowerBound": True}
    unknown = {"complete": False, "truncated": limit, "measures": [], "potential": []}
    nothing = {"outcome": "NOTHING_FOUND", **unknown}
    assert cut == {
        "check": nothing,
        "checks": [nothing],
        "reach": unknown,
        "whatIf": {"before": nothing, "after": nothing, "appeared": [], "vanished": []},
    }
