"""How parties are connected and whether bidders belong together, asked through the API as different readers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.address import Address
from graph.store.connection import Transaction
from schema.limits import limits_of
from tests.schema.asking import NOW, Asking
from tests.schema.watching import watching

pytestmark = pytest.mark.anyio

# 李某 heads 甲 and sits on the board of 乙; 甲 holds 60 % of 丙 and 丙 60 % of 丁. Two hundred and one firms have a
# share of 枢纽; 国资 holds 甲 and 戊. 王某 works at 甲 and at 己.
FIRMS = "\n".join(f"  - {{id: f{i}, kind: Enterprise, name: 江门{i}号商行}}" for i in range(201))
SHARES = "\n".join(f"  - {{holder: f{i}, organization: hub, share: '0.1'}}" for i in range(201))
WORLD = f"""
subjects:
  - {{id: jia, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}}
  - {{id: yi, kind: Enterprise, name: 江门乙商贸有限公司, uscc: 91440704YY0000028A}}
  - {{id: bing, kind: Enterprise, name: 江门丙建筑有限公司}}
  - {{id: ding, kind: Enterprise, name: 江门丁食品有限公司}}
  - {{id: wu, kind: Enterprise, name: 江门戊实业有限公司}}
  - {{id: ji, kind: Enterprise, name: 江门己机械有限公司}}
  - {{id: hub, kind: Enterprise, name: 江门枢纽股份有限公司}}
  - {{id: sasac, kind: GovernmentBody, name: 江门市国有资产监督管理委员会}}
  - {{id: li, kind: Person, name: 李某, adultOn: 1920-01-01}}
  - {{id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}}
  - {{id: one, kind: Enterprise, name: 江门壹号有限公司}}
  - {{id: two, kind: Enterprise, name: 江门贰号有限公司}}
{FIRMS}
posts:
  - {{person: li, organization: jia, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}}
  - {{person: li, organization: jia, role: DIRECTOR, from: 2012-05-01}}
  - {{person: li, organization: yi, role: DIRECTOR, from: 2014-01-01, to: 2024-01-01}}
  - {{person: li, organization: ji, role: LEGAL_REPRESENTATIVE, from: 2020-01-01}}
  - {{person: wang, organization: jia, role: EMPLOYEE, from: 2012-05-01}}
  - {{person: wang, organization: wu, role: EMPLOYEE, from: 2012-05-01}}
  - {{person: wang, organization: yi, role: PROJECT_MANAGER, from: 2015-01-01}}
  - {{person: wang, organization: ding, role: PROJECT_MANAGER, from: 2015-01-01}}
holdings:
  - {{holder: jia, organization: bing, share: '60', from: 2013-01-01}}
  - {{holder: bing, organization: ding, share: '60', from: 2013-01-01}}
  - {{holder: sasac, organization: jia, share: '20', from: 2013-01-01}}
  - {{holder: sasac, organization: wu, share: '100', from: 2013-01-01}}
{SHARES}
records:
  - {{id: r1, kind: PENALTY, about: [ding, ji], decidedOn: 2025-06-01, type: LICENCE_REVOKED, licence: FOOD,
     sector: FOOD}}
  - {{id: r2, kind: DISCIPLINE, about: [yi, wu], decidedOn: 2025-06-01, sanction: REMOVED_FROM_POST}}
"""
LATER = """
subjects:
  - {id: jia, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}
  - {id: yi, kind: Enterprise, name: 江门乙商贸有限公司, uscc: 91440704YY0000028A}
relations:
  - {from: jia, to: yi, kind: GUARANTEES, validFrom: 2025-12-01}
"""
LINKS = """
query($ids: [ID!]!, $on: Date = "2023-01-01", $known: DateTime, $hops: Int! = 6, $kinds: [RelationKind!],
      $least: Decimal, $n: Int! = 3) {
  links(between: $ids, asOf: $on, knownAt: $known, maxHops: $hops, relations: $kinds, minShare: $least, paths: $n) {
    paths { from { name } to { name } length steps { start { ...N } end { ...N } relation forward post share } }
    subgraph { nodes { ...N } edges { kind source target share post } truncated { reason } }
    warnings { code nodes { ...N } }
  }
}
fragment N on Node { id ... on Subject { name } }
"""
BIDS = """
query($ids: [ID!]!, $on: Date = "2026-01-01") {
  bidConflicts(bidders: $ids, asOf: $on) {
    rule { id confidence basis { document } } bidders { name } certainty
    path { start { ...N } end { ...N } relation forward share proves provenance { source } }
  }
}
fragment N on Node { ... on Subject { name } ... on CreditRecord { recordKind } }
"""


@pytest.fixture(scope="module")
async def joined(asking: Asking) -> Asking:
    await asking.load("joined", WORLD)
    return asking


@pytest.fixture
async def counted(joined: Asking, server: Address, tmp_path: Path) -> AsyncIterator[Any]:
    async with watching(joined, server, tmp_path) as both:
        yield both


def ids(*names: str) -> list[str]:
    return [f"world:joined:{each}" for each in names]


async def links(joined: Asking, *names: str, role: Role = Role.GOVERNMENT, **given: Any) -> tuple[Any, ...]:
    """Paths as lines, what was cut, and warnings as lines."""
    found = (await joined.ask(LINKS, {"ids": ids(*names), **given}, role))["links"]
    return (
        [written(each["steps"]) for each in found["paths"]],
        (found["subgraph"]["truncated"] or {}).get("reason"),
        [" ".join([each["code"], *(short(node["name"]) for node in each["nodes"])]) for each in found["warnings"]],
    )


def written(steps: list[Any]) -> str:
    """`甲 <LEGAL_REPRESENTATIVE_OF- 李某 -SERVES_AS> 乙`."""
    text = short(steps[0]["start"]["name"])
    for each in steps:
        arrow = f"-{each['relation']}>" if each["forward"] else f"<{each['relation']}-"
        text += f" {arrow} {short(each['end']['name'])}"
    return text


def short(name: str) -> str:
    return name.removeprefix("江门")[:1] if name.startswith("江门") else name


NOT_FOUND = "NOT_FOUND_IN_THIS_DATA"
BOARD = "甲 <LEGAL_REPRESENTATIVE_OF- 李某 -SERVES_AS> 乙"


async def test_a_path_shows_its_steps_and_the_subgraph_what_else_joins_its_nodes(joined: Asking) -> None:
    found = (await joined.ask(LINKS, {"ids": ids("jia", "yi"), "n": 1}))["links"]
    named = {each["name"]: each["id"] for each in found["subgraph"]["nodes"]}
    jia, li, yi = (named[each] for each in ("江门甲贸易有限公司", "李某", "江门乙商贸有限公司"))
    found["subgraph"]["edges"].sort(key=lambda each: (each["kind"], each["target"] == yi))
    assert found == {
        "paths": [
            {
                "from": {"name": "江门甲贸易有限公司"},
                "to": {"name": "江门乙商贸有限公司"},
                "length": 2,
                "steps": [
                    {
                        "start": {"id": jia, "name": "江门甲贸易有限公司"},
                        "end": {"id": li, "name": "李某"},
                        "relation": "LEGAL_REPRESENTATIVE_OF",
                        "forward": False,
                        "post": "LEGAL_REPRESENTATIVE",
                        "share": None,
                    },
                    {
                        "start": {"id": li, "name": "李某"},
                        "end": {"id": yi, "name": "江门乙商贸有限公司"},
                        "relation": "SERVES_AS",
                        "forward": True,
                        "post": "DIRECTOR",
                        "share": None,
                    },
                ],
            }
        ],
        "subgraph": {
            "nodes": [
                {"id": jia, "name": "江门甲贸易有限公司"},
                {"id": yi, "name": "江门乙商贸有限公司"},
                {"id": li, "name": "李某"},
            ],
            "edges": [
                {
                    "kind": "LEGAL_REPRESENTATIVE_OF",
                    "source": li,
                    "target": jia,
                    "share": None,
                    "post": "LEGAL_REPRESENTATIVE",
                },
                {"kind": "SERVES_AS", "source": li, "target": jia, "share": None, "post": "DIRECTOR"},
                {"kind": "SERVES_AS", "source": li, "target": yi, "share": None, "post": "DIRECTOR"},
            ],
            "truncated": {"reason": "PATH_LIMIT"},
        },
        "warnings": [],
    }


async def test_the_next_path_comes_after_the_shortest(joined: Asking) -> None:
    assert await links(joined, "jia", "yi", n=2) == (
        [BOARD, "甲 -HOLDS> 丙 -HOLDS> 丁 <PROJECT_MANAGER_OF- 王某 -PROJECT_MANAGER_OF> 乙"],
        None,
        [],
    )


async def test_a_relation_counts_while_it_runs(joined: Asking) -> None:
    for on, paths in (("2023-12-31", [BOARD]), ("2024-01-01", []), ("2013-12-31", [])):
        found, _, warnings = await links(joined, "jia", "yi", on=on, hops=2)
        assert (found, warnings) == (paths, [] if paths else [f"{NOT_FOUND} 甲 乙"])


async def test_what_was_not_known_yet_joins_nobody(joined: Asking) -> None:
    known: dict[str, Any] = {"known": NOW.isoformat(), "on": "2026-01-01", "kinds": ["GUARANTEES"]}
    joined.now = NOW.replace(month=2)
    await joined.load("later", LATER)
    assert (await links(joined, "jia", "yi", kinds=["GUARANTEES"], on="2026-01-01"))[0] == ["甲 -GUARANTEES> 乙"]
    joined.now = NOW
    assert (await links(joined, "jia", "yi", **known)) == ([], None, [f"{NOT_FOUND} 甲 乙"])
    assert (await links(joined, "jia", "yi", **{**known, "known": "2026-02-02T00:00:00+08:00"}))[0] == [
        "甲 -GUARANTEES> 乙"
    ]


async def test_kinds_of_relations_are_chosen(joined: Asking) -> None:
    assert (await links(joined, "jia", "yi", kinds=["SERVES_AS"]))[0] == ["甲 <SERVES_AS- 李某 -SERVES_AS> 乙"]
    assert (await links(joined, "jia", "yi", kinds=["HOLDS"]))[0] == []


async def test_small_shares_are_left_out(joined: Asking) -> None:
    asked: dict[str, Any] = {"kinds": ["HOLDS"]}
    assert (await links(joined, "jia", "ding", **asked, least="60"))[0] == ["甲 -HOLDS> 丙 -HOLDS> 丁"]
    assert (await links(joined, "jia", "ding", **asked, least="60.0000001"))[0] == []


async def test_many_parties_are_asked_of_in_pairs(joined: Asking) -> None:
    paths, _, warnings = await links(joined, "jia", "bing", "ding", hops=2)
    assert paths == ["甲 -HOLDS> 丙", "甲 -HOLDS> 丙 -HOLDS> 丁", "丙 -HOLDS> 丁"]
    assert warnings == []


async def test_a_hub_is_avoided_and_named_unless_it_is_asked_for(joined: Asking) -> None:
    assert await links(joined, "f1", "f2") == ([], "HUB", ["HUB_AVOIDED 枢", f"{NOT_FOUND} 1 2"])
    assert (await links(joined, "f1", "f2", "hub"))[0] == ["1 -HOLDS> 枢 <HOLDS- 2", "1 -HOLDS> 枢", "2 -HOLDS> 枢"]


async def test_the_state_relates_nobody_unless_it_is_asked_for(joined: Asking) -> None:
    assert await links(joined, "jia", "wu") == ([], "HUB", ["HUB_AVOIDED 市", f"{NOT_FOUND} 甲 戊"])
    assert (await links(joined, "jia", "wu", "sasac"))[0][0] == "甲 <HOLDS- 市 -HOLDS> 戊"


async def test_beyond_the_steps_asked_for_it_says_so(joined: Asking) -> None:
    assert await links(joined, "bing", "yi", hops=2, on="2025-01-01") == ([], "DEPTH_LIMIT", [f"{NOT_FOUND} 丙 乙"])


async def test_a_path_through_a_hidden_relation_is_no_path(joined: Asking) -> None:
    employed: dict[str, Any] = {"kinds": ["EMPLOYED_BY"]}
    assert (await links(joined, "jia", "wu", **employed))[0] == ["甲 <EMPLOYED_BY- 王某 -EMPLOYED_BY> 戊"]
    for hidden in (employed, {"kinds": ["EMPLOYED_BY", "PRACTISES_AT"]}):
        assert await links(joined, "jia", "wu", role=Role.PUBLIC, **hidden) == ([], None, [f"{NOT_FOUND} 甲 戊"])


async def test_his_own_relations_are_open_to_a_person(joined: Asking) -> None:
    asked = {"ids": ids("jia", "wu"), "kinds": ["EMPLOYED_BY"]}
    for own, length in (("wang", [2]), ("li", [])):
        found = await joined.ask(LINKS, asked, Role.SUBJECT, subject=f"world:joined:{own}")
        assert [each["length"] for each in found["links"]["paths"]] == length


async def test_a_path_through_a_record_needs_its_publication(joined: Asking) -> None:
    about: dict[str, Any] = {"kinds": ["ABOUT"], "on": "2025-12-01"}
    for role, published, hidden in ((Role.GOVERNMENT, 1, 1), (Role.PUBLIC, 1, 0)):
        assert len(await links_count(joined, role, "ding", "ji", **about)) == published
        assert len(await links_count(joined, role, "yi", "wu", **about)) == hidden


async def links_count(joined: Asking, role: Role, *names: str, **given: Any) -> list[Any]:
    document = LINKS.replace("... on Subject { name }", "__typename")
    found: list[Any] = (await joined.ask(document, {"ids": ids(*names), **given}, role))["links"]["paths"]
    return found


async def test_when_its_time_is_up_nothing_is_claimed(joined: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def hurried(role: Role) -> Any:
        return replace(limits_of(role), link_milliseconds=0)

    assert (await links(joined, "jia", "yi"))[0] != []
    monkeypatch.setattr(joined.world, "limits_of", hurried)
    assert await links(joined, "jia", "yi") == ([], "TIME_LIMIT", [])


WRONG = {
    "one party": ('between: ["a"]', [("BAD_USER_INPUT", "between")]),
    "no party": ("between: []", [("BAD_USER_INPUT", "between")]),
    "eleven": (f"between: {[f'a{i}' for i in range(11)]}".replace("'", '"'), [("LIMIT_EXCEEDED", "between")]),
    "the same twice": (
        'between: ["world:joined:jia", "world:joined:yi", "91440703YY000001XU"]',
        [("BAD_USER_INPUT", "between.2")],
    ),
    "unknown": ('between: ["world:joined:jia", "world:joined:nobody"]', [("NOT_FOUND", "between.1")]),
    "a name": ('between: ["world:joined:jia", "江门甲贸易有限公司"]', [("BAD_USER_INPUT", "between.1")]),
    "a record": ('between: ["world:joined:jia", "world:joined:r1"]', [("NOT_FOUND", "between.1")]),
    "no steps": ('between: ["world:joined:jia", "world:joined:yi"], maxHops: 0', [("BAD_USER_INPUT", "maxHops")]),
    "too many steps": (
        'between: ["world:joined:jia", "world:joined:yi"], maxHops: 100',
        [("LIMIT_EXCEEDED", "maxHops")],
    ),
    "no paths": ('between: ["world:joined:jia", "world:joined:yi"], paths: -1', [("BAD_USER_INPUT", "paths")]),
    "too many paths": ('between: ["world:joined:jia", "world:joined:yi"], paths: 11', [("LIMIT_EXCEEDED", "paths")]),
    "a negative share": (
        'between: ["world:joined:jia", "world:joined:yi"], minShare: "-1"',
        [("BAD_USER_INPUT", "minShare")],
    ),
    "a share over 100": (
        'between: ["world:joined:jia", "world:joined:yi"], minShare: 101',
        [("BAD_USER_INPUT", "minShare")],
    ),
    "no relation": (
        'between: ["world:joined:jia", "world:joined:yi"], relations: [KNOWS]',
        [("BAD_USER_INPUT", "links.relations")],
    ),
    "a relation that is not walked": (
        'between: ["world:joined:jia", "world:joined:yi"], relations: [BIDS_ON]',
        [("BAD_USER_INPUT", "relations")],
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_bad_question_is_told_which_argument_is_wrong(joined: Asking, name: str) -> None:
    given, codes = WRONG[name]
    assert await joined.codes(f"{{ links({given}) {{ paths {{ length }} }} }}") == codes


# Bidders


async def conflicts(joined: Asking, *names: str, role: Role = Role.GOVERNMENT, **given: Any) -> list[str]:
    found = (await joined.ask(BIDS, {"ids": ids(*names), **given}, role))["bidConflicts"]
    return [
        f"{each['rule']['id']} {''.join(short(one['name']) for one in each['bidders'])} {each['certainty']}"
        for each in found
    ]


async def test_bidders_of_one_head_and_of_one_holder_conflict_and_those_of_the_state_do_not(joined: Asking) -> None:
    assert await conflicts(joined, "jia", "ji", "ding", "wu", "yi") == [
        "K1 甲己 EX_LEGE",
        "K2 甲己 EX_LEGE",
        "K2 甲丁 EX_LEGE",
        "K3 丁乙 POTENTIAL",
        "K4 己 EX_LEGE",
        "K4 丁 EX_LEGE",
    ]
    assert await conflicts(joined, "jia", "wu") == []


async def test_a_potential_conflict_is_for_officials(joined: Asking) -> None:
    assert await conflicts(joined, "yi", "ding", role=Role.PUBLIC) == ["K4 丁 EX_LEGE"]


async def test_a_conflict_shows_its_path_and_basis(joined: Asking) -> None:
    found = (await joined.ask(BIDS, {"ids": ids("ding", "jia")}, Role.PUBLIC))["bidConflicts"]
    assert found[0] == {
        "rule": {
            "id": "K2",
            "confidence": "VERIFIED",
            "basis": [{"document": "中华人民共和国招标投标法实施条例"}],
        },
        "bidders": [{"name": "江门丁食品有限公司"}, {"name": "江门甲贸易有限公司"}],
        "certainty": "EX_LEGE",
        "path": [
            {
                "start": {"name": start},
                "end": {"name": end},
                "relation": "HOLDS",
                "forward": True,
                "share": "60",
                "proves": "2013-01-01 至 今持股 60%",
                "provenance": {"source": "world:joined"},
            }
            for start, end in (
                ("江门甲贸易有限公司", "江门丙建筑有限公司"),
                ("江门丙建筑有限公司", "江门丁食品有限公司"),
            )
        ],
    }


WRONG_BIDS = {
    "nobody": ("bidders: []", [("BAD_USER_INPUT", "bidders")]),
    "a stranger": ('bidders: ["world:joined:jia", "world:joined:nobody"]', [("NOT_FOUND", "bidders.1")]),
    "the same twice": ('bidders: ["world:joined:jia", "91440703YY000001XU"]', [("BAD_USER_INPUT", "bidders.1")]),
    "a lot": ('bidders: ["world:joined:jia"], lot: "world:joined:jia"', [("NOT_FOUND", "lot")]),
    "a lot that is no id": ('bidders: ["world:joined:jia"], lot: "第一标段"', [("BAD_USER_INPUT", "lot")]),
}


@pytest.mark.parametrize("name", WRONG_BIDS)
async def test_a_bad_question_about_bidders_is_told_what_is_wrong(joined: Asking, name: str) -> None:
    given, codes = WRONG_BIDS[name]
    assert await joined.codes(f"{{ bidConflicts({given}) {{ certainty }} }}") == codes


async def test_ten_thousand_bidders_are_refused_and_a_hundred_answered(joined: Asking) -> None:
    document = "query($ids: [ID!]!) { bidConflicts(bidders: $ids) { certainty } }"
    many = ids(*(f"f{i}" for i in range(201)))
    assert await joined.codes(document, {"ids": many * 50}) == [("LIMIT_EXCEEDED", "bidders")]
    assert (await joined.ask(document, {"ids": many[:100]}))["bidConflicts"] == []


# What all cost


async def test_each_takes_two_statements_however_many_parties(counted: Any) -> None:
    asking, proxy = counted
    for document, names in ((LINKS, ("jia", "yi", "bing", "ding")), (BIDS, ("jia", "ji", "ding", "wu"))):
        proxy.clear()
        answer = await asking.execute(document, {"ids": ids(*names)})
        assert "errors" not in answer.body
        assert len(proxy.statements) == 2, proxy.statements


async def test_two_links_of_one_operation_are_read_together(counted: Any) -> None:
    asking, proxy = counted
    document = """query($a: [ID!]!, $b: [ID!]!) { a: links(between: $a) { paths { length to { name } } }
      b: links(between: $b, maxHops: 3, asOf: "2020-01-01") { paths { length to { name } } } }"""
    answer = await asking.ask(document, {"a": ids("jia", "ding"), "b": ids("jia", "yi")})
    assert [len(answer[each]["paths"]) for each in "ab"] == [2, 1]
    assert len(proxy.statements) == 2, proxy.statements


async def test_that_a_person_s_employment_was_read_is_audited(joined: Asking) -> None:
    document = (
        "query($ids: [ID!]!, $kinds: [RelationKind!]) { links(between: $ids, relations: $kinds) { paths { length } } }"
    )
    for kinds, audited in (["EMPLOYED_BY"], True), (["SERVES_AS"], False):
        answer = await joined.execute(document, {"ids": ids("jia", "wu"), "kinds": kinds})
        assert answer.audited == audited, answer.body


MERGE = """
MATCH (loser:Entity)-[:IDENTIFIED_BY]->(:Identifier {value: 'one'})
MATCH (kept:Entity)-[:IDENTIFIED_BY]->(:Identifier {value: 'two'})
CREATE (loser)-[:SAME_AS {id: 'rel_merged', from: '0001-01-01', to: '9999-12-31', source: 'test',
  recordedAt: '2025-12-01T00:00:00.000000+08:00', retractedAt: '9999-12-31T00:00:00.000000+08:00'}]->(kept)
SET loser:Past
RETURN loser.id AS loser, kept.id AS kept"""


async def test_a_merged_id_is_its_survivor_and_no_other_party(joined: Asking) -> None:
    async def merge(transaction: Transaction) -> Any:
        return (await transaction.run(MERGE))[0]

    row = await joined.database.write(merge)
    document = "query($ids: [ID!]!) { links(between: $ids) { subgraph { nodes { id } } } }"
    answer = (await joined.execute(document, {"ids": [row["loser"], "world:joined:jia"]})).body
    assert answer["data"]["links"]["subgraph"]["nodes"][0] == {"id": row["kept"]}
    assert answer["extensions"]["merged"] == {row["loser"]: row["kept"]}
    assert await joined.codes(document, {"ids": [row["loser"], row["kept"]]}) == [("BAD_USER_INPUT", "between.1")]
