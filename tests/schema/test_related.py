"""What binds those near a subject: told beside its own measures when asked for, and never among them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.address import Address
from tests.schema.asking import Asking
from tests.schema.watching import watching

pytestmark = pytest.mark.anyio

# 李某 was legal representative of 甲 when it lost its licence; he sits on the board of 丙. 丁 holds a part of 丙 and
# owes wages, 戊 held one; 王某 is its declared controller.
WORLD = """
subjects:
  - {id: jia, kind: Enterprise, name: 江门甲贸易有限公司}
  - {id: bing, kind: Enterprise, name: 江门丙商贸有限公司}
  - {id: ding, kind: Enterprise, name: 江门丁建筑有限公司}
  - {id: wu, kind: Enterprise, name: 江门戊建筑有限公司}
  - {id: gui, kind: Enterprise, name: 江门癸控股有限公司}
  - {id: ren, kind: Enterprise, name: 江门壬控股有限公司}
  - {id: other, kind: Enterprise, name: 江门他建筑有限公司}
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
  - {id: chou, kind: Person, name: 丑某, adultOn: 1920-01-01}
  - {id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}
posts:
  - {person: li, organization: jia, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
  - {person: li, organization: bing, role: DIRECTOR, from: 2016-01-01}
  - {person: wang, organization: bing, role: CONTROLLER, from: 2016-01-01}
holdings:
  - {holder: ding, organization: bing, share: 30, from: 2016-01-01}
  - {holder: wu, organization: bing, share: 30, from: 2016-01-01, to: 2018-01-01}
  - {holder: gui, organization: ding, share: 100, from: 2016-01-01}
  - {holder: ren, organization: gui, share: 1, from: 2016-01-01}
  - {holder: ren, organization: other, share: 100, from: 2016-01-01}
  - {holder: chou, organization: jia, share: 100, from: 2012-05-01}
records:
  - {id: r1, kind: PENALTY, about: jia, decidedOn: 2018-06-01, offence: {from: 2018-01-01, to: 2018-03-01},
     type: LICENCE_REVOKED, licence: BUSINESS, sector: GENERAL}
  - {id: w1, kind: LIST_ENTRY, about: ding, list: 拖欠农民工工资失信联合惩戒对象, from: 2018-02-01}
  - {id: w2, kind: LIST_ENTRY, about: wu, list: 拖欠农民工工资失信联合惩戒对象, from: 2018-02-01}
  - {id: w3, kind: LIST_ENTRY, about: ren, list: 拖欠农民工工资失信联合惩戒对象, from: 2018-02-01}
  - {id: w4, kind: LIST_ENTRY, about: other, list: 拖欠农民工工资失信联合惩戒对象, from: 2018-02-01}
responsibility:
  - {person: li, record: r1, capacity: FINDING_PERSONAL_RESPONSIBILITY, decidedOn: 2018-06-01}
"""
RELATED = """
query($through: [CheckScope!], $purpose: Purpose, $on: Date = "2019-01-01") {
  check(subject: "world:near:bing", asOf: $on, through: $through, purpose: $purpose) {
    related {
      through via { name }
      path { start { ...N } end { ...N } relation forward post share }
      measures { party { name } definition { code } certainty }
    }
    measures { party { name } definition { code } }
  }
}
fragment N on Node { ... on Subject { name } }
"""
BING, LI, DING = "江门丙商贸有限公司", "李某", "江门丁建筑有限公司"


@pytest.fixture(scope="module")
async def near(asking: Asking) -> Asking:
    await asking.load("near", WORLD)
    return asking


@pytest.fixture
async def counted(near: Asking, server: Address, tmp_path: Path) -> AsyncIterator[Any]:
    async with watching(near, server, tmp_path) as both:
        yield both


async def ask(near: Asking, *through: str, role: Role = Role.GOVERNMENT, **given: str) -> Any:
    return (await near.ask(RELATED, {"through": [*through], **given}, role))["check"]


OFFICES = {
    "through": "OFFICES",
    "via": {"name": LI},
    "path": [
        {
            "start": {"name": BING},
            "end": {"name": LI},
            "relation": "SERVES_AS",
            "forward": False,
            "post": "DIRECTOR",
            "share": None,
        }
    ],
    "measures": [
        {"party": {"name": LI}, "definition": {"code": "BAR_COMPANY_OFFICE"}, "certainty": "FOUND"},
        {"party": {"name": LI}, "definition": {"code": "BAR_BANK_OFFICE"}, "certainty": "FOUND"},
    ],
}
OWN = [{"party": {"name": BING}, "definition": {"code": "DISMISS_OFFICE_HOLDER"}}]


async def test_an_office_holder_is_told_of_beside_the_subject(near: Asking) -> None:
    found = await ask(near, "OFFICES", purpose="OFFICE_APPOINTMENT")
    assert found == {"related": [OFFICES], "measures": []}
    assert (await ask(near, "OFFICES"))["measures"] == OWN


async def test_nobody_is_told_of_unless_asked(near: Asking) -> None:
    assert await ask(near) == {"related": [], "measures": OWN}


async def test_ownership_is_who_holds_a_share_on_the_day(near: Asking) -> None:
    (found, _) = sorted((await ask(near, "OWNERSHIP"))["related"], key=lambda each: len(each["path"]))
    assert (found["through"], found["via"], found["path"]) == (
        "OWNERSHIP",
        {"name": DING},
        [
            {
                "start": {"name": BING},
                "end": {"name": DING},
                "relation": "HOLDS",
                "forward": False,
                "post": None,
                "share": "30",
            }
        ],
    )
    assert {each["party"]["name"] for each in found["measures"]} == {DING}


async def test_owners_are_told_of_at_every_level_and_what_else_they_own_is_not(near: Asking) -> None:
    found = {each["via"]["name"]: each for each in (await ask(near, "OWNERSHIP"))["related"]}
    assert found.keys() == {DING, "江门壬控股有限公司"}  # 癸 is not bound, 他 only has the same owner
    assert [(each["end"]["name"], each["share"]) for each in found["江门壬控股有限公司"]["path"]] == [
        (DING, "30"),
        ("江门癸控股有限公司", "100"),
        ("江门壬控股有限公司", "1"),
    ]


async def test_owning_everything_is_no_office_and_turns_nothing_into_a_fact(near: Asking) -> None:
    """丑某 holds the whole of 甲, whose licence was revoked: control by shares is no role of any rule (S6)."""
    document = """{ check(subject: "world:near:chou", asOf: "2019-01-01", through: [OWNERSHIP, OFFICES]) {
      outcome measures { key } potential { key } related { via { name } } } }"""
    assert (await near.ask(document))["check"] == {
        "outcome": "NOTHING_FOUND",
        "measures": [],
        "potential": [],
        "related": [],
    }


async def test_both_scopes_are_told_each_under_its_own_name(near: Asking) -> None:
    found = (await ask(near, "OWNERSHIP", "OFFICES"))["related"]
    assert [(each["through"], each["via"]["name"]) for each in found if len(each["path"]) == 1] == [
        ("OFFICES", LI),
        ("OWNERSHIP", DING),
    ]


async def test_a_purpose_leaves_out_who_is_bound_for_others(near: Asking) -> None:
    assert (await ask(near, "OFFICES", purpose="AWARD"))["related"] == []


async def test_the_public_is_told_by_masked_names_of_what_is_published(near: Asking) -> None:
    (found,) = (await ask(near, "OFFICES", role=Role.PUBLIC))["related"]
    assert found["via"] == {"name": "李*"}
    assert (await ask(near, "OFFICES", on="2020-01-01"))["related"] != []
    assert (await ask(near, "OFFICES", on="2020-01-01", role=Role.PUBLIC))["related"] == []


async def test_a_scope_that_is_none_is_refused(near: Asking) -> None:
    assert await near.codes('{ check(subject: "world:near:bing", through: [FAMILY]) { outcome } }') == [
        ("BAD_USER_INPUT", "check.through")
    ]


async def test_those_near_cost_no_further_statement(counted: Any) -> None:
    asking, proxy = counted
    await asking.execute(RELATED, {"through": ["OFFICES", "OWNERSHIP"]})
    assert len(proxy.statements) == 2, proxy.statements


async def test_that_a_person_near_was_read_is_audited(near: Asking) -> None:
    document = """{ check(subject: "world:near:bing", asOf: "2019-01-01", through: [OFFICES]) {
      related { through measures { definition { code } } } } }"""
    answer = await near.execute(document)
    assert answer.audited
