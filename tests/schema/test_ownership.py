"""Who controls, who benefits, who owns whom and by how much: whole answers, dated, counted, and for bad data."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.address import Address
from loaders.bods import command as bods
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY
from tests.loaders.exporting import BANDS, load
from tests.loaders.tabular import BETA
from tests.schema.asking import Asking
from tests.schema.watching import watching

pytestmark = pytest.mark.anyio
WORLD = Path(__file__).parent.parent / "worlds" / "ownership.yaml"
CONTROLLERS = """
query($id: String!, $on: Date = "2023-01-01") {
  subject(identifier: $id, asOf: $on) { ... on Organization { controllers {
    subject { name } basis voting ultimate
    subgraph { nodes { ...N } edges { kind source target share derived } truncated { reason } }
  } } }
}
fragment N on Node { id ... on Subject { name } }
"""
OWNERS = """
query($id: String!, $on: Date = "2023-01-01") {
  subject(identifier: $id, asOf: $on) { ... on Organization { beneficialOwners {
    person { name } basis integrated voting subgraph { edges { kind share post } }
  } } }
}
"""
CHART = """
query($id: ID!, $on: Date = "2023-01-01", $direction: Direction! = BOTH, $depth: Int, $least: Decimal) {
  ownership(subject: $id, asOf: $on, direction: $direction, depth: $depth, minShare: $least) {
    subject { name }
    integrated { owner { name } owned { name } direct integrated voting }
    closeLinks { name }
    circular { name }
    subgraph { nodes { ... on Subject { name } } edges { kind share } truncated { reason omitted lowerBound } }
    warnings { code nodes { ... on Subject { name } } }
  }
}
"""


@pytest.fixture(scope="module")
async def owning(asking: Asking) -> Asking:
    await asking.load("own", WORLD.read_text(encoding="utf-8"))
    return asking


@pytest.fixture
async def counted(owning: Asking, server: Address, tmp_path: Path) -> AsyncIterator[Any]:
    async with watching(owning, server, tmp_path) as both:
        yield both


async def controllers(owning: Asking, id: str, **given: Any) -> list[tuple[Any, ...]]:
    data = await owning.ask(CONTROLLERS, {"id": f"world:own:{id}", **given})
    return [
        (each["subject"]["name"], each["basis"], each["voting"], each["ultimate"])
        for each in data["subject"]["controllers"]
    ]


async def owners(owning: Asking, id: str, **given: Any) -> list[tuple[Any, ...]]:
    data = await owning.ask(OWNERS, {"id": f"world:own:{id}", **given})
    return [
        (each["person"]["name"], each["basis"], each["integrated"], each["voting"])
        for each in data["subject"]["beneficialOwners"]
    ]


async def chart(owning: Asking, id: str, role: Role = Role.GOVERNMENT, **given: Any) -> Any:
    return (await owning.ask(CHART, {"id": f"world:own:{id}", **given}, role))["ownership"]


JIA, KONG, ZI = "江门甲实业有限公司", "江门甲控股有限公司", "江门甲子公司有限公司"


async def test_control_is_joint_and_shown_with_what_it_rests_on(owning: Asking) -> None:
    data = await owning.ask(CONTROLLERS, {"id": "world:own:jia"})
    (found,) = data["subject"]["controllers"]
    names = {each["id"]: each["name"] for each in found["subgraph"]["nodes"]}
    edges = found["subgraph"].pop("edges")
    assert {(names[each["source"]], names[each["target"]], each["share"], each["derived"]) for each in edges} == {
        ("王某", KONG, "60", False),
        (KONG, JIA, "40", False),
        ("王某", JIA, "15", False),
    }
    assert set(names.values()) == {"王某", KONG, JIA}
    assert (found["subject"], found["basis"], found["voting"], found["ultimate"], found["subgraph"]["truncated"]) == (
        {"name": "王某"},
        "EQUITY",
        "55",
        True,
        None,
    )


async def test_control_is_that_of_the_day(owning: Asking) -> None:
    assert await controllers(owning, "jia", on="2024-06-01") == [("王某", "EQUITY", "55", True)]
    assert set(await controllers(owning, "kong", on="2024-06-01")) == {
        ("王某", "EQUITY", "60", True),
        ("孙某", "DECLARED", None, True),
    }
    assert await controllers(owning, "kong") == [("王某", "EQUITY", "60", True)]
    assert await controllers(owning, "jia", on="2014-01-01") == []


async def test_votes_control_where_capital_does_not(owning: Asking) -> None:
    assert await controllers(owning, "zi") == [("王某", "VOTES", "80", True), (JIA, "VOTES", "80", False)]


async def test_those_in_concert_control_together_since_they_agreed(owning: Asking) -> None:
    assert await controllers(owning, "yi") == [("赵某", "CONCERT", "54", True), ("钱某", "CONCERT", "54", True)]
    assert await controllers(owning, "yi", on="2017-01-01") == []


async def test_beneficial_owners_by_capital_votes_control_or_charge(owning: Asking) -> None:
    assert await owners(owning, "jia") == [("王某", "EQUITY", "39", "55")]
    assert await owners(owning, "zi") == [("王某", "VOTES", "11.7", "80")]
    assert await owners(owning, "yi") == [("赵某", "EQUITY", "30", "30"), ("钱某", "CONTROL", "24", "24")]
    assert await owners(owning, "kong", on="2024-06-01") == [
        ("王某", "EQUITY", "60", "60"),
        ("李某", "EQUITY", "40", "40"),
        ("孙某", "CONTROL", None, None),
    ]
    assert await owners(owning, "ren") == [("钱某", "PERSON_IN_CHARGE", None, None)]
    assert await owners(owning, "wu") == [("李某", "PERSON_IN_CHARGE", None, None)]  # of the state


async def test_a_firm_without_recorded_owners_has_no_beneficial_owner_and_says_why(owning: Asking) -> None:
    """Its legal representative is known, and stands in for nobody: who owns it is not in this data."""
    body = (await owning.execute(OWNERS, {"id": "world:own:xin", "on": "2023-01-01"})).body
    identity = (await owning.ask('{ subject(identifier: "world:own:xin") { id } }'))["subject"]["id"]
    assert body["data"]["subject"]["beneficialOwners"] is None
    assert body["extensions"]["inconclusive"] == [{"field": "beneficialOwners", "of": identity}]
    assert "errors" not in body


async def test_the_state_controls_its_firms_and_relates_none_of_them(owning: Asking) -> None:
    assert await controllers(owning, "wu") == [("江门市国有资产监督管理委员会", "EQUITY", "100", True)]
    assert (await chart(owning, "wu"))["closeLinks"] == []


async def test_a_chart_tells_every_share_on_the_day(owning: Asking) -> None:
    found = await chart(owning, "jia")
    assert found["integrated"] == [
        {"owner": {"name": KONG}, "owned": {"name": JIA}, "direct": "40", "integrated": "40", "voting": "40"},
        {"owner": {"name": "王某"}, "owned": {"name": JIA}, "direct": "15", "integrated": "39", "voting": "55"},
        {"owner": {"name": "李某"}, "owned": {"name": JIA}, "direct": None, "integrated": "16", "voting": None},
        {"owner": {"name": JIA}, "owned": {"name": ZI}, "direct": "30", "integrated": "30", "voting": "80"},
    ]
    assert {each["name"] for each in found["closeLinks"]} == {KONG, ZI, "王某"}
    assert sorted(each["share"] for each in found["subgraph"]["edges"]) == ["15", "30", "40", "40", "60"]
    assert len(found["subgraph"]["nodes"]) == 5
    assert (found["circular"], found["warnings"], found["subgraph"]["truncated"]) == ([], [], None)


async def test_direction_depth_and_least_share_cut_what_is_shown_and_say_so(owning: Asking) -> None:
    def names(found: Any) -> list[str]:
        return [each["owner"]["name"] for each in found["integrated"]]

    near = await chart(owning, "jia", direction="OWNERS", depth=1)
    assert names(near) == [KONG, "王某"]
    assert near["integrated"][1]["integrated"] == "39"  # of everything, whatever is shown of it
    assert near["subgraph"]["truncated"] == {"reason": "DEPTH_LIMIT", "omitted": 1, "lowerBound": False}
    assert names(await chart(owning, "jia", direction="OWNED")) == [JIA]
    assert names(await chart(owning, "jia", direction="OWNERS", least="16")) == [KONG, "王某", "李某"]
    assert names(await chart(owning, "jia", direction="OWNERS", least="16.000001")) == [KONG, "王某"]
    assert names(await chart(owning, "wang", direction="OWNERS")) == []
    assert [each["owned"]["name"] for each in (await chart(owning, "wang"))["integrated"]] == [KONG, JIA, ZI]


async def test_a_ring_is_found_and_shown(owning: Asking) -> None:
    found = await chart(owning, "bing", direction="OWNERS")
    assert [{each["name"] for each in ring} for ring in found["circular"]] == [
        {"江门丙贸易有限公司", "江门丁贸易有限公司"}
    ]
    assert {each["owner"]["name"]: each["integrated"] for each in found["integrated"]} == {
        "孙某": "75",
        "江门丁贸易有限公司": "40",
    }
    assert [each["code"] for each in found["warnings"]] == ["CIRCULAR_HOLDING"]


async def test_bad_data_is_answered_with_warnings(owning: Asking) -> None:
    found = await chart(owning, "geng")
    assert [(each["code"], [node["name"] for node in each["nodes"]]) for each in found["warnings"]] == [
        ("SELF_HOLDING", ["江门庚商行有限公司"]),
        ("SHARES_OVER_100", ["江门庚商行有限公司"]),
        ("SHARE_UNKNOWN", ["江门庚商行有限公司", "钱某"]),
    ]
    assert sorted(await controllers(owning, "geng")) == [("孙某", "EQUITY", "60", True), ("赵某", "EQUITY", "60", True)]
    assert {each["owner"]["name"]: (each["direct"], each["integrated"]) for each in found["integrated"]} == {
        "孙某": ("60", "60"),
        "赵某": ("60", "60"),
        "钱某": (None, None),
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"depth": 0}, ("BAD_USER_INPUT", "depth")),
        ({"depth": 51}, ("BAD_USER_INPUT", "depth")),
        ({"least": "-1"}, ("BAD_USER_INPUT", "minShare")),
        ({"least": "100.000001"}, ("BAD_USER_INPUT", "minShare")),
        ({"least": "0.0000001"}, ("BAD_USER_INPUT", "minShare")),
        ({"id": "world:own:nobody"}, ("NOT_FOUND", "subject")),
        ({"id": "%%"}, ("BAD_USER_INPUT", "subject")),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(owning: Asking, given: dict[str, Any], code: Any) -> None:
    assert await owning.codes(CHART, {"id": "world:own:jia", **given}) == [code]


async def test_the_public_sees_the_same_with_masked_names(owning: Asking) -> None:
    data = await owning.ask(CONTROLLERS, {"id": "world:own:jia"}, Role.PUBLIC)
    assert [each["subject"]["name"] for each in data["subject"]["controllers"]] == ["王*"]
    assert [each["integrated"] for each in (await chart(owning, "jia", Role.PUBLIC))["integrated"]] == [
        *("40", "39", "16", "30"),
    ]


NESTED = """query($n: Int!) { enterprises(first: $n) { nodes { name
  controllers { subject { name } basis } beneficialOwners { person { name } } } } }"""


TOGETHER = """{ check(subject: "world:own:jia") { outcome }
  ownership(subject: "world:own:jia") { closeLinks { name } } }"""


async def test_statements_are_two_and_below_a_list_three(counted: Any) -> None:
    asking, proxy = counted
    for document, given, most in (
        (CONTROLLERS, {"id": "world:own:jia"}, 2),
        (CHART, {"id": "world:own:jia"}, 2),
        (TOGETHER, {}, 2),
        (NESTED, {"n": 10}, 3),
    ):
        proxy.clear()
        await asking.ask(document, given)
        assert len(proxy.statements) == most, [text[:80] + text[-300:] for text in proxy.statements]


async def test_below_a_list_every_firm_has_its_own(owning: Asking) -> None:
    nodes = (await owning.ask(NESTED, {"n": 10}))["enterprises"]["nodes"]
    found = {each["name"]: sorted(one["subject"]["name"] for one in each["controllers"]) for each in nodes}
    assert len(found) == 10
    assert (found[JIA], found["江门乙科技有限公司"], found["江门丙贸易有限公司"]) == (
        ["王某"],
        ["赵某", "钱某"],
        ["孙某"],
    )


async def test_nothing_is_computed_below_a_controller(owning: Asking) -> None:
    document = """{ subject(identifier: "world:own:jia") { ... on Organization { controllers { subject {
      ... on Organization { controllers { basis } } ... on Person { measures { key } } } } } } }"""
    codes = await owning.codes(document)
    assert {code for code, _ in codes} == {"LIMIT_EXCEEDED"}


LAYERS = [(f"l{i}a", f"l{i}b") for i in range(21)]
FIRMS = [each for layer in LAYERS for each in layer] + ["one", "two"]
LATTICE = "\n".join(
    [
        "subjects:",
        *(f"  - {{id: {each}, kind: Enterprise, name: 江门{each}有限公司}}" for each in FIRMS),
        "  - {id: ma, kind: Person, name: 马某, adultOn: 1920-01-01}",
        "holdings:",
        *(
            f"  - {{holder: {x}, organization: {y}, share: 50, from: 2015-01-01}}"
            for low, high in pairwise(LAYERS)
            for x in low
            for y in high
        ),
        *(f"  - {{holder: ma, organization: {x}, share: 50, from: 2015-01-01}}" for x in LAYERS[0]),
        "  - {holder: one, organization: two, share: 100, from: 2015-01-01}",
        "  - {holder: two, organization: one, share: 100, from: 2015-01-01}",
        "  - {holder: ma, organization: one, share: 10, from: 2015-01-01}",
    ]
)


async def test_a_million_ways_and_a_ring_of_a_hundred_percent_are_answered(owning: Asking) -> None:
    await owning.load("bad", LATTICE)
    data = await owning.ask(CHART, {"id": "world:bad:l20a", "direction": "OWNERS"})
    found = data["ownership"]
    assert (found["integrated"][-1]["owner"]["name"], found["integrated"][-1]["integrated"]) == ("马某", "50")
    assert (len(found["integrated"]), found["subgraph"]["truncated"], found["warnings"]) == (41, None, [])
    owned = (await owning.ask(CHART, {"id": "world:bad:ma", "direction": "OWNED"}))["ownership"]
    assert {each["owned"]["name"]: each["integrated"] for each in owned["integrated"]} == {
        **{f"江门{each}有限公司": "50" for each in FIRMS[:-2]},
        "江门one有限公司": None,
        "江门two有限公司": None,
    }
    ring = (await owning.ask(CHART, {"id": "world:bad:one"}))["ownership"]
    assert {each["code"] for each in ring["warnings"]} == {"CIRCULAR_HOLDING", "SHARES_OVER_100"}
    assert {(each["owner"]["name"], each["owned"]["name"]): each["integrated"] for each in ring["integrated"]} == {
        ("江门two有限公司", "江门one有限公司"): "100",
        ("马某", "江门one有限公司"): None,
        ("江门one有限公司", "江门two有限公司"): "100",
    }


@pytest.mark.parametrize("share", ["-1", "100.000001", "25-50", "0.0000001", "many"])
async def test_a_share_that_is_none_is_no_part_of_the_graph(owning: Asking, tmp_path: Path, share: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "subjects:\n  - {id: a, kind: Enterprise, name: 江门某有限公司}\n"
        "  - {id: b, kind: Enterprise, name: 江门另有限公司}\n"
        f'holdings:\n  - {{holder: a, organization: b, share: "{share}"}}\n',
        encoding="utf-8",
    )
    outcome = await load_file(owning.database, path, person_key=PERSON_KEY, now=owning.now, today=owning.now.date())
    assert [(each.key, each.line) for each in outcome.rejections] == [("share", 5)]


UNKNOWN = """
asOf: 2025-01-01
subjects:
  - {id: sole, kind: Enterprise, name: 江门甲未知有限公司}
  - {id: part, kind: Enterprise, name: 江门乙未知有限公司}
  - {id: most, kind: Enterprise, name: 江门丙未知有限公司}
  - {id: half, kind: Enterprise, name: 江门丁未知有限公司}
  - {id: wu, kind: Person, name: 吴某, adultOn: 1920-01-01}
  - {id: zheng, kind: Person, name: 郑某, adultOn: 1920-01-01}
  - {id: feng, kind: Person, name: 冯某, adultOn: 1920-01-01}
holdings:
  - {holder: wu, organization: sole, from: 2015-01-01}
  - {holder: wu, organization: part, share: "30", from: 2015-01-01}
  - {holder: zheng, organization: part, from: 2015-01-01}
  - {holder: wu, organization: most, share: "75.000001", from: 2015-01-01}
  - {holder: zheng, organization: most, from: 2015-01-01}
  - {holder: wu, organization: half, share: "30", from: 2015-01-01}
  - {holder: feng, organization: half, share: "30", from: 2015-01-01}
  - {holder: zheng, organization: half, from: 2015-01-01}
posts:
  - {person: feng, organization: sole, role: PRINCIPAL, from: 2015-01-01}
"""
BOTH_OWNERS = """
query($id: String!) { subject(identifier: $id, asOf: "2023-01-01") { id ... on Organization {
  controllers { subject { name } } beneficialOwners { person { name } }
} } }"""


@pytest.mark.parametrize(
    ("id", "controlling", "owning_it", "inconclusive"),
    [
        ("sole", [], None, ["beneficialOwners", "controllers"]),  # 吴某 may hold all, and 冯某 does not stand in
        ("part", [], ["吴某"], ["beneficialOwners", "controllers"]),  # up to 70 are open
        ("most", ["吴某"], ["吴某"], []),  # 24.999999 are left
        ("half", [], ["冯某", "吴某"], ["beneficialOwners"]),  # 40 are left: no control
    ],
)
async def test_what_an_unknown_share_could_change_is_said(
    owning: Asking, id: str, controlling: list[str], owning_it: list[str] | None, inconclusive: list[str]
) -> None:
    await owning.load("unknown", UNKNOWN)
    body = (await owning.execute(BOTH_OWNERS, {"id": f"world:unknown:{id}"})).body
    found = body["data"]["subject"]
    owners = found["beneficialOwners"]
    assert [each["subject"]["name"] for each in found["controllers"]] == controlling
    assert (None if owners is None else sorted(each["person"]["name"] for each in owners)) == owning_it
    said = body["extensions"].get("inconclusive", [])
    assert sorted(each["field"] for each in said) == inconclusive
    assert {each["of"] for each in said} <= {found["id"]}
    assert "errors" not in body


async def test_a_share_known_as_a_band_controls_by_its_least_and_says_so(owning: Asking, tmp_path: Path) -> None:
    path = tmp_path / "bands.json"
    path.write_text(json.dumps(BANDS), encoding="utf-8")
    assert (await load(owning.database, bods.SOURCE, path, tmp_path)).rejected == 0
    found = (await owning.ask(CHART, {"id": BETA, "direction": "OWNERS"}))["ownership"]
    (owner,) = found["integrated"]
    assert (owner["owner"]["name"], owner["direct"], owner["integrated"], owner["voting"]) == (
        *("江门丙午有限公司", "75", "75", "50.000001"),
    )
    assert [(each["code"], [node["name"] for node in each["nodes"]]) for each in found["warnings"]] == [
        ("SHARE_BAND", ["江门丁未有限公司", "江门丙午有限公司"]),
        ("SHARE_BAND", ["江门丁未有限公司", "江门丙午有限公司"]),
    ]
    data = await owning.ask(CONTROLLERS, {"id": BETA})
    assert [(each["subject"]["name"], each["basis"], each["voting"]) for each in data["subject"]["controllers"]] == [
        ("江门丙午有限公司", "EQUITY", "50.000001")
    ]
