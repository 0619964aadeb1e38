"""What a check would say if: every kind of supposition as a client makes it, what it shows, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.address import Address
from schema.supposing import MOST_CHANGES
from tests.schema.asking import Asking
from tests.schema.watching import watching

pytestmark = pytest.mark.anyio

# 李某 was legal representative of 甲 when it lost its licence, and sits on the board of 丙; 王某 holds no office.
WORLD = """
subjects:
  - {id: jia, kind: Enterprise, name: 江门甲贸易有限公司}
  - {id: bing, kind: Enterprise, name: 江门丙商贸有限公司}
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
  - {id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}
posts:
  - {person: li, organization: jia, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
  - {person: li, organization: bing, role: DIRECTOR, from: 2016-01-01}
holdings:
  - {holder: bing, organization: jia, share: "60", from: 2012-05-01}
records:
  - {id: r1, kind: PENALTY, about: jia, documentNumber: 江市监罚〔2018〕1号, decidedOn: 2018-06-01,
     offence: {from: 2018-01-01, to: 2018-03-01}, type: LICENCE_REVOKED, licence: BUSINESS, sector: GENERAL}
  - {id: c1, kind: CONSUMPTION_RESTRICTION, about: jia, decidedOn: 2018-07-01, from: 2018-07-01}
"""
ASK = """
query($subject: ID!, $changes: [HypothesisInput!]!, $on: Date = "2019-01-01", $purpose: Purpose) {
  whatIf(subject: $subject, changes: $changes, purpose: $purpose, asOf: $on) {
    before { outcome measures { ...M } }
    after { outcome measures { ...M } }
    appeared { ...M }
    vanished { ...M }
  }
}
fragment M on Measure { rule { id } definition { code } certainty }
"""
FINDING = {"record": "world:if:r1", "person": "world:if:li", "capacity": "FINDING_PERSONAL_RESPONSIBILITY"}
FOUND = {"addFinding": {**FINDING, "decidedOn": "2018-07-01"}}
WAGES = {
    "addRecord": {
        "kind": "LIST_ENTRY",
        "about": "world:if:jia",
        "decidedOn": "2018-08-01",
        "list": "拖欠农民工工资失信联合惩戒对象",
        "until": "2021-08-01",
    }
}
ORDER = {"addRecord": {"kind": "CONSUMPTION_RESTRICTION", "about": "world:if:bing", "decidedOn": "2018-08-01"}}


@pytest.fixture(scope="module")
async def supposing(asking: Asking) -> Asking:
    await asking.load("if", WORLD)
    return asking


async def suppose(asking: Asking, subject: str, *changes: Any, role: Role = Role.GOVERNMENT, **given: str) -> Any:
    asked = {"subject": f"world:if:{subject}", "changes": [*changes], **given}
    return (await asking.ask(ASK, asked, role))["whatIf"]


def lines(measures: Any) -> list[str]:
    return [f"{each['rule']['id']} {each['definition']['code']} {each['certainty']}" for each in measures]


def changed(found: Any) -> tuple[str, str, list[str], list[str]]:
    return (
        found["before"]["outcome"],
        found["after"]["outcome"],
        lines(found["appeared"]),
        lines(found["vanished"]),
    )


async def test_a_finding_turns_what_is_possible_into_a_fact(supposing: Asking) -> None:
    found = await suppose(supposing, "li", FOUND, purpose="OFFICE_APPOINTMENT")
    bars = ["P04 BAR_COMPANY_OFFICE FOUND", "P29 BAR_BANK_OFFICE FOUND"]
    assert changed(found) == ("NEEDS_FINDING", "PROHIBITED", bars, [])
    assert (lines(found["before"]["measures"]), lines(found["after"]["measures"])) == ([], bars)


async def test_a_post_added_or_ended_moves_what_the_law_ties_to_it(supposing: Asking) -> None:
    added = {
        "addPost": {
            "person": "world:if:wang",
            "organization": "world:if:jia",
            "post": "PRINCIPAL",
            "validity": {"from": "2018-01-01"},
        }
    }
    found = await suppose(supposing, "wang", added)
    assert changed(found) == ("NOTHING_FOUND", "RESTRICTED", ["P01 RESTRICT_CONSUMPTION EX_LEGE"], [])
    document = '{ subject(identifier: "world:if:jia") { ... on Organization { posts { nodes { id } } } } }'
    (post,) = (await supposing.ask(document))["subject"]["posts"]["nodes"]
    ended = {"endRelation": {"relation": post["id"], "on": "2018-09-01"}}
    found = await suppose(supposing, "li", ended, purpose="OTHER")
    assert lines(found["vanished"]) == ["P01 RESTRICT_CONSUMPTION EX_LEGE"]


async def test_a_record_revoked_takes_its_measures_along(supposing: Asking) -> None:
    change = {"changeRecord": {"record": "world:if:c1", "state": "REVOKED", "on": "2018-09-01"}}
    found = await suppose(supposing, "li", change, purpose="OTHER")
    assert lines(found["vanished"]) == ["P01 RESTRICT_CONSUMPTION EX_LEGE"]


async def test_a_holding_changes_nothing_that_no_rule_ties_to_it(supposing: Asking) -> None:
    added = {
        "addHolding": {"holder": "world:if:wang", "organization": "world:if:jia", "share": "40", "validity": {}},
    }
    assert changed(await suppose(supposing, "wang", added)) == ("NOTHING_FOUND", "NOTHING_FOUND", [], [])


async def test_what_a_firm_owns_itself_may_be_supposed_sold(supposing: Asking) -> None:
    document = '{ subject(identifier: "world:if:bing") { ... on Organization { investments { nodes { id } } } } }'
    (owned,) = (await supposing.ask(document))["subject"]["investments"]["nodes"]
    sold = {"endRelation": {"relation": owned["id"], "on": "2018-09-01"}}
    for subject in ("bing", "jia"):
        found = await suppose(supposing, subject, sold)
        assert (found["appeared"], found["vanished"]) == ([], [])


async def test_suppositions_build_on_one_another(supposing: Asking) -> None:
    named = {
        "addFinding": {
            "record": "hypothesis:1",
            "person": "world:if:wang",
            "capacity": "NAMED",
            "decidedOn": "2018-08-01",
        }
    }
    found = await suppose(supposing, "wang", {"addRecord": WAGES["addRecord"] | {"until": "2024-08-01"}}, named)
    assert changed(found) == ("NOTHING_FOUND", "RESTRICTED", ["P35 JOINT_PUNISHMENT_WAGES NAMED"], [])


SHOWN = """
query($changes: [HypothesisInput!]!) {
  whatIf(subject: "world:if:li", changes: $changes, asOf: "2019-01-01", purpose: OTHER) {
    appeared {
      key
      party { name }
      cause {
        __typename id
        ... on CreditRecord {
          recordKind documentNumber decidedOn effective { from until } state published { from }
          subjects { name } department { name } responsible { capacity } summary
          basis { document } provenance { source recordedAt } withheld version
        }
      }
      path {
        position start { __typename id } end { __typename ...N } relation forward edge
        provenance { source } validity { from }
      }
    }
  }
}
fragment N on Node { ... on Subject { name } }
"""


async def test_a_record_that_is_only_supposed_shows_what_was_supposed_and_no_more(supposing: Asking) -> None:
    post = {
        "addPost": {
            "person": "world:if:li",
            "organization": "world:if:bing",
            "post": "LEGAL_REPRESENTATIVE",
            "validity": {"from": "2018-01-01"},
        }
    }
    (measure,) = (await supposing.ask(SHOWN, {"changes": [ORDER, post]}))["whatIf"]["appeared"]
    about, office = measure["path"]
    assert measure["cause"] == {
        "__typename": "ConsumptionRestriction",
        "id": "hypothesis:1",
        "recordKind": "CONSUMPTION_RESTRICTION",
        "documentNumber": None,
        "decidedOn": "2018-08-01",
        "effective": {"from": "2018-08-01", "until": None},
        "state": "ACTIVE",
        "published": measure["cause"]["published"],
        "subjects": [{"name": "江门丙商贸有限公司"}],
        "department": None,
        "responsible": [],
        "summary": measure["cause"]["summary"],
        "basis": [],
        "provenance": {"source": "hypothesis", "recordedAt": "2026-01-01T09:00:00+08:00"},
        "withheld": [],
        "version": 0,
    }
    assert measure["key"].startswith("P01:RESTRICT_CONSUMPTION:hypothesis:1:")
    assert about == {
        "position": 1,
        "start": {"__typename": "ConsumptionRestriction", "id": "hypothesis:1"},
        "end": {"__typename": "Enterprise", "name": "江门丙商贸有限公司"},
        "relation": "ABOUT",
        "forward": True,
        "edge": "hypothesis:1:about",
        "provenance": {"source": "hypothesis"},
        "validity": about["validity"],
    }
    assert office == {
        "position": 2,
        "start": {"__typename": "Enterprise", "id": office["start"]["id"]},
        "end": {"__typename": "Person", "name": "李某"},
        "relation": "LEGAL_REPRESENTATIVE_OF",
        "forward": False,
        "edge": "hypothesis:2",
        "provenance": {"source": "hypothesis"},
        "validity": {"from": "2018-01-01"},
    }


async def test_a_list_entry_that_is_only_supposed_names_its_list(supposing: Asking) -> None:
    document = """query($changes: [HypothesisInput!]!) {
      whatIf(subject: "world:if:jia", changes: $changes, asOf: "2018-12-01") {
        appeared { cause { ... on ListEntry { id list { id name polarity owner { name } entries { nodes { id } } } } } }
      }
    }"""
    appeared = (await supposing.ask(document, {"changes": [WAGES]}))["whatIf"]["appeared"]
    listed: Any = {
        "id": "hypothesis:1:list",
        "name": "拖欠农民工工资失信联合惩戒对象",
        "polarity": "BLACK",
        "owner": None,
        "entries": {"nodes": []},
    }
    assert {str(each["cause"]) for each in appeared} == {str({"id": "hypothesis:1", "list": listed})}


async def test_nothing_is_stored(supposing: Asking) -> None:
    await suppose(supposing, "jia", WAGES)
    document = '{ check(subject: "world:if:jia", asOf: "2018-12-01") { measures { key } potential { key } } }'
    before = await supposing.ask(document)
    await suppose(supposing, "jia", WAGES)
    assert await supposing.ask(document) == before
    assert await supposing.codes('{ node(id: "hypothesis:1") { id } }') == [("BAD_USER_INPUT", "id")]


async def test_the_public_supposes_over_what_is_published(supposing: Asking) -> None:
    found = await suppose(supposing, "bing", ORDER, role=Role.PUBLIC)
    assert (found["before"]["outcome"], found["after"]["outcome"]) == ("NOTHING_FOUND", "RESTRICTED")
    document = """query($changes: [HypothesisInput!]!) {
      whatIf(subject: "world:if:li", changes: $changes, asOf: "2020-01-01") {
        before { potential { key } considered { failed } } after { potential { key } considered { failed } }
      }
    }"""
    hidden = await supposing.execute(document, {"changes": [FOUND]}, Role.PUBLIC)
    assert [each["extensions"] for each in hidden.body["errors"]] == [
        {"code": "BAD_USER_INPUT", "argument": "changes.0.addFinding.record"}
    ]
    nothing = {"potential": None, "considered": None}
    shown = await supposing.ask(document, {"changes": [ORDER]}, Role.PUBLIC)
    assert shown["whatIf"] == {"before": nothing, "after": nothing}


POST = {"person": "world:if:li", "organization": "world:if:jia", "post": "LEGAL_REPRESENTATIVE"}
HOLDING = {"holder": "world:if:wang", "organization": "world:if:jia", "validity": {}}
RECORD = {"kind": "PENALTY", "about": "world:if:jia", "decidedOn": "2019-01-01"}
REFUSED = {
    "an unknown relation": ({"endRelation": {"relation": "pos_nothing", "on": "2019-01-01"}}, "endRelation.relation"),
    "a post held already": ({"addPost": {**POST, "validity": {"from": "2015-01-01"}}}, "addPost.validity"),
    "a reversed period": (
        {"addPost": {**POST, "validity": {"from": "2011-01-01", "until": "2010-01-01"}}},
        "addPost.validity",
    ),
    "a finding before the decision": (
        {"addFinding": {**FINDING, "decidedOn": "2018-05-31"}},
        "addFinding.decidedOn",
    ),
    "an organisation that is a person": (
        {"addPost": {**POST, "organization": "world:if:wang", "validity": {}}},
        "addPost.organization",
    ),
    "an unknown person": ({"addPost": {**POST, "person": "world:if:nobody", "validity": {}}}, "addPost.person"),
    "a name for an id": ({"addPost": {**POST, "person": "李某", "validity": {}}}, "addPost.person"),
    "more than the whole": ({"addHolding": {**HOLDING, "share": "40.000001"}}, "addHolding.share"),
    "a share finer than any": ({"addHolding": {**HOLDING, "share": "0.0000001"}}, "addHolding.share"),
    "no share at all": ({"addHolding": {**HOLDING, "votes": "0"}}, "addHolding.votes"),
    "an unknown list": ({"addRecord": {**RECORD, "kind": "LIST_ENTRY", "list": "没有的名单"}}, "addRecord.list"),
    "a list of a penalty": ({"addRecord": {**RECORD, "list": "失信被执行人"}}, "addRecord.list"),
    "an offence reversed": (
        {"addRecord": {**RECORD, "offence": {"from": "2018-02-01", "until": "2018-01-01"}}},
        "addRecord.offence",
    ),
    "an end before the decision": ({"addRecord": {**RECORD, "until": "2018-01-01"}}, "addRecord.until"),
    "a change before the record": (
        {"changeRecord": {"record": "world:if:r1", "state": "REVOKED", "on": "2010-01-01"}},
        "changeRecord.on",
    ),
    "no change": (
        {"changeRecord": {"record": "world:if:r1", "state": "ACTIVE", "on": "2019-01-01"}},
        "changeRecord.state",
    ),
    "an unknown record": ({"addFinding": {**FOUND["addFinding"], "record": "world:if:none"}}, "addFinding.record"),
    "a later supposition": ({"addFinding": {**FOUND["addFinding"], "record": "hypothesis:2"}}, "addFinding.record"),
    "a finding about a firm": ({"addFinding": {**FOUND["addFinding"], "person": "world:if:bing"}}, "addFinding.person"),
}


@pytest.mark.parametrize("wrong", REFUSED)
async def test_what_contradicts_the_facts_is_refused_by_its_path(supposing: Asking, wrong: str) -> None:
    change, path = REFUSED[wrong]
    given = {"subject": "world:if:li", "changes": [ORDER, change]}
    assert await supposing.codes(ASK, given) == [("BAD_USER_INPUT", f"changes.1.{path}")]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (FOUND, "addFinding.capacity"),
        (WAGES, "addRecord.list"),
        ({"changeRecord": {"record": "world:if:c1", "state": "SUSPENDED", "on": "2018-09-01"}}, "changeRecord.on"),
    ],
)
async def test_what_is_supposed_twice_is_refused_the_second_time(
    supposing: Asking, change: dict[str, Any], path: str
) -> None:
    given = {"subject": "world:if:li", "changes": [change]}
    assert await supposing.codes(ASK, given) == []
    assert await supposing.codes(ASK, {**given, "changes": [change] * 2}) == [("BAD_USER_INPUT", f"changes.1.{path}")]


async def test_changes_are_one_to_twenty_of_one_kind_each(supposing: Asking) -> None:
    async def codes(*changes: Any) -> list[str]:
        return [code for code, _ in await supposing.codes(ASK, {"subject": "world:if:li", "changes": [*changes]})]

    assert await codes() == ["BAD_USER_INPUT"]
    assert await codes(*[ORDER] * MOST_CHANGES) == []
    assert await codes(*[ORDER] * (MOST_CHANGES + 1)) == ["LIMIT_EXCEEDED"]
    assert await codes({**ORDER, **FOUND}) == ["BAD_USER_INPUT"]
    assert await codes({}) == ["BAD_USER_INPUT"]
    assert await codes({"addRecord": None}) == ["BAD_USER_INPUT"]


async def test_an_unknown_subject_is_null_with_an_error(supposing: Asking) -> None:
    given = {"subject": "world:if:nobody", "changes": [ORDER]}
    assert await supposing.codes(ASK, given) == [("NOT_FOUND", "subject")]


async def test_what_is_refused_leaves_the_rest_of_the_answer(supposing: Asking) -> None:
    document = """query($good: [HypothesisInput!]!, $bad: [HypothesisInput!]!) {
      good: whatIf(subject: "world:if:bing", changes: $good, asOf: "2019-01-01") { after { outcome } }
      bad: whatIf(subject: "world:if:bing", changes: $bad, asOf: "2019-01-01") { after { outcome } }
    }"""
    wrong, _ = REFUSED["an unknown list"]
    answer = await supposing.execute(document, {"good": [ORDER], "bad": [wrong]})
    assert answer.body["data"] == {"good": {"after": {"outcome": "RESTRICTED"}}, "bad": None}


@pytest.mark.parametrize("changes", [[FOUND], [ORDER, WAGES]])
async def test_two_statements_answer_it(supposing: Asking, server: Address, tmp_path: Path, changes: list[Any]) -> None:
    async with watching(supposing, server, tmp_path) as (asking, proxy):
        answer = await asking.execute(SHOWN, {"changes": changes})
        assert answer.body["data"]["whatIf"] is not None, answer.body
        assert len(proxy.statements) == 2, proxy.statements
