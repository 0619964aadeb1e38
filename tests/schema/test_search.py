"""What search, resolve, expand, relationCounts, timeline and possiblySame tell each role, and what they hide."""

from __future__ import annotations

from typing import Any

import pytest

from graph.codes import Role
from graph.store.expansion import MOST_SUGGESTED
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

TOWN = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU, region: "440703", status: ACTIVE,
     versions: [{to: 2015-01-01, name: 江门旧商行, status: SUSPENDED}]}
  - {id: branch, kind: Enterprise, name: 江门甲贸易有限公司开平分公司, form: BRANCH}
  - {id: short, kind: Enterprise, name: 甲贸易}
  - {id: other, kind: Enterprise, name: 开平乙食品有限公司}
  - {id: li, kind: Person, name: 甲贸易人, adultOn: 1920-01-01, status: ACTIVE}
  - {id: li2, kind: Person, name: 甲贸易人, adultOn: 1921-01-01}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局, uscc: 11440700YY00000529}
posts:
  - {person: li, organization: acme, role: DIRECTOR, from: "2017", to: 2019-01-01}
  - {person: li, organization: acme, role: EMPLOYEE, from: 2018-01-01}
holdings:
  - {holder: li, organization: acme, share: "60", from: 2012-05-01}
relations:
  - {from: branch, to: acme, kind: BRANCH_OF}
  - {from: li, to: li2, kind: POSSIBLY_SAME_AS, reasons: [同名]}
  - {from: acme, to: "440703", kind: LOCATED_IN}
records:
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 江市监罚〔2025〕1号, decidedOn: 2025-06-01,
     type: FINE}
HIDDEN  - {id: e1, kind: LIST_ENTRY, about: acme, list: 失信被执行人, from: 2018-07-01, to: 2020-07-01}
"""
HIDDEN = """  - {id: h1, kind: DISCIPLINE, about: acme, department: samr, documentNumber: 江市监罚〔2025〕0号,
     decidedOn: 2024-01-01}
  - {id: h2, kind: PENALTY, about: other, department: samr, documentNumber: 江市监罚〔2011〕2号, decidedOn: 2011-01-01,
     type: FINE}
"""
SEARCH = """query($text: String!, $kinds: [SearchKind!], $first: Int, $after: String, $last: Int, $before: String,
  $on: Date) {
  search(text: $text, kinds: $kinds, first: $first, after: $after, last: $last, before: $before, asOf: $on) {
    edges { cursor matched snippet node { id ... on Subject { name } ... on CreditRecord { documentNumber } } }
    nodes { id } totalCount truncated { reason }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


@pytest.fixture(scope="module")
async def town(asking: Asking) -> Asking:
    await asking.load("town", TOWN.replace("HIDDEN", HIDDEN))
    return asking


async def hits(town: Asking, text: str, role: Role = Role.GOVERNMENT, **more: Any) -> list[tuple[str, str]]:
    found = (await town.ask(SEARCH, {"text": text, **more}, role))["search"]
    assert found["totalCount"] >= len(found["edges"])
    return [
        (each["matched"], each["node"].get("name") or each["node"].get("documentNumber")) for each in found["edges"]
    ]


async def test_exact_comes_before_prefix_before_phrase_then_the_shorter(town: Asking) -> None:
    assert await hits(town, "甲贸易") == [
        ("EXACT_NAME", "甲贸易"),
        ("NAME_PREFIX", "甲贸易人"),
        ("NAME_PREFIX", "甲贸易人"),
        ("NAME_PHRASE", "江门甲贸易有限公司"),
        ("NAME_PHRASE", "江门甲贸易有限公司开平分公司"),
    ]


async def test_the_public_finds_no_person_by_name_and_nothing_of_a_masked_one(town: Asking) -> None:
    for text in ("甲贸易人", "甲*", "人", "贸易人"):
        assert await hits(town, text, Role.PUBLIC) == []
    assert [name for _, name in await hits(town, "甲贸易", Role.PUBLIC)] == [
        "甲贸易",
        "江门甲贸易有限公司",
        "江门甲贸易有限公司开平分公司",
    ]
    found = (await town.ask('{ resolve(texts: ["甲贸易人"]) { matched { id } by } }', role=Role.PUBLIC))["resolve"]
    assert found == [{"matched": [], "by": None}]


async def test_a_person_finds_himself_by_name(town: Asking) -> None:
    answer = await town.ask(SEARCH, {"text": "贸易人"}, Role.SUBJECT, subject="world:town:li")
    assert [each["node"]["name"] for each in answer["search"]["edges"]] == ["甲贸易人"]


FACETS = """query($text: String!, $on: Date) { search(text: $text, asOf: $on, first: 1) { nodes { id }
  kinds: facets(by: KIND) { value label count } statuses: facets(by: STATUS) { value count }
  regions: facets(by: REGION) { label count } } }"""


async def test_facets_of_a_search_count_every_hit_by_what_the_reader_may_read_of_it(town: Asking) -> None:
    found = (await town.ask(FACETS, {"text": "甲贸易"}))["search"]
    assert len(found.pop("nodes")) == 1
    assert found == {
        "kinds": [
            {"value": "ENTERPRISE", "label": "企业", "count": 3},
            {"value": "PERSON", "label": "自然人", "count": 2},
        ],
        "statuses": [{"value": "ACTIVE", "count": 2}],
        "regions": [{"label": "蓬江区", "count": 1}],
    }
    then = (await town.ask(FACETS, {"text": "江门旧商行", "on": "2014-01-01"}, Role.PUBLIC))["search"]
    assert (then["kinds"], then["statuses"]) == (
        [{"value": "ENTERPRISE", "label": "企业", "count": 1}],
        [{"value": "SUSPENDED", "count": 1}],
    )
    public = (await town.ask(FACETS, {"text": "world:town:li"}, Role.PUBLIC))["search"]
    assert (public["kinds"], public["statuses"]) == ([{"value": "PERSON", "label": "自然人", "count": 1}], [])
    assert await town.codes('{ search(text: "甲") { facets(by: YEAR) { value } } }') == [("BAD_USER_INPUT", "by")]


async def test_numbers_are_found_whole_and_by_their_beginning(town: Asking) -> None:
    for text in ("91440703YY000001XU", "９１４４０７０３yy000001xu", "world:town:acme"):
        assert await hits(town, text, Role.PUBLIC) == [("IDENTIFIER", "江门甲贸易有限公司")]
    assert await hits(town, "9144 0703", Role.PUBLIC) == [("IDENTIFIER", "江门甲贸易有限公司")]
    assert await hits(town, "914", Role.PUBLIC) == []
    assert await hits(town, "江市监罚〔2025〕1号", Role.PUBLIC) == [("DOCUMENT_NUMBER", "江市监罚〔2025〕1号")]


async def test_a_name_of_another_day_is_a_former_name(town: Asking) -> None:
    assert await hits(town, "旧商", Role.PUBLIC) == [("FORMER_NAME", "江门甲贸易有限公司")]
    assert await hits(town, "江门旧商行", Role.PUBLIC) == [("FORMER_NAME", "江门甲贸易有限公司")]
    assert await hits(town, "江门旧商行", Role.PUBLIC, on="2014-01-01") == [("EXACT_NAME", "江门旧商行")]
    assert ("FORMER_NAME", "江门旧商行") in await hits(town, "甲贸易", Role.PUBLIC, on="2014-01-01")
    found = (await town.ask(SEARCH, {"text": "旧商"}, Role.PUBLIC))["search"]["edges"]
    assert [each["snippet"] for each in found] == ["江门旧商行"]


WIDE = """
subjects:
  - {id: wide, kind: Enterprise, name: 开平ＣＤ商行（总店）, versions: [{to: 2015-01-01, name: 开平旧ＣＤ店}]}
"""


async def test_a_snippet_is_a_name_as_it_is_written_also_one_yet_to_come(town: Asking) -> None:
    await town.load("wide", WIDE)

    async def snippets(text: str, on: str) -> list[tuple[str, str]]:
        found = (await town.ask(SEARCH, {"text": text, "on": on}, Role.PUBLIC))["search"]["edges"]
        return [(each["matched"], each["snippet"]) for each in found]

    assert await snippets("cd商行", "2026-01-01") == [("NAME_PHRASE", "开平ＣＤ商行（总店）")]
    assert await snippets("cd商行", "2014-01-01") == [("FORMER_NAME", "开平ＣＤ商行（总店）")]
    assert await snippets("旧cd", "2026-01-01") == [("FORMER_NAME", "开平旧ＣＤ店")]
    document = '{ subject(identifier: "world:wide:wide", asOf: "2014-01-01") { name formerNames { name } } }'
    assert await town.ask(document) == {"subject": {"name": "开平旧ＣＤ店", "formerNames": []}}


async def test_kinds_narrow_before_anything_is_cut(town: Asking) -> None:
    assert await hits(town, "江", kinds=["GOVERNMENT_BODY"], first=1) == [("NAME_PREFIX", "江门市市场监督管理局")]
    assert await hits(town, "江市监罚", kinds=["RECORD"], first=1) == [("DOCUMENT_NUMBER", "江市监罚〔2011〕2号")]
    assert await hits(town, "甲贸易", kinds=["PERSON"], first=1) == [("NAME_PREFIX", "甲贸易人")]


async def test_pages_go_both_ways_without_gap_or_repetition(town: Asking) -> None:
    whole = (await town.ask(SEARCH, {"text": "江", "first": 100}))["search"]
    ids = [each["id"] for each in whole["nodes"]]
    assert whole["totalCount"] == len(ids) > 4
    forward, after = [], None
    while True:
        page = (await town.ask(SEARCH, {"text": "江", "first": 2, "after": after}))["search"]
        forward += [each["id"] for each in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    backward: list[str] = []
    before = None
    while True:
        page = (await town.ask(SEARCH, {"text": "江", "last": 2, "before": before}))["search"]
        backward = [each["id"] for each in page["nodes"]] + backward
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert forward == backward == ids


@pytest.mark.parametrize(
    ("variables", "argument"),
    [
        ({"text": " \t\n　"}, "text"),
        ({"text": "长" * 10_000}, "text"),
        ({"text": "江", "after": "forged"}, "after"),
        ({"text": "江", "first": -1}, "first"),
        ({"text": "江", "first": 1, "last": 1}, "last"),
    ],
)
async def test_what_cannot_be_asked_is_refused(town: Asking, variables: dict[str, Any], argument: str) -> None:
    assert await town.codes(SEARCH, variables) == [("BAD_USER_INPUT", argument)]


async def test_a_cursor_of_another_text_is_refused(town: Asking) -> None:
    cursor = (await town.ask(SEARCH, {"text": "江", "first": 1}))["search"]["pageInfo"]["endCursor"]
    assert await town.codes(SEARCH, {"text": "甲", "after": cursor}) == [("BAD_USER_INPUT", "after")]


WHOLE = """{
  a: search(text: "江市监罚", first: 1) { edges { cursor node { id } } totalCount pageInfo { hasNextPage endCursor } }
  b: search(text: "江") { edges { cursor node { id } } totalCount }
  c: expand(subject: "world:town:acme", first: 2) {
    totalCount pageInfo { hasNextPage endCursor } subgraph { nodes { id } edges { id kind } }
  }
  d: subject(identifier: "world:town:acme") {
    relationCounts { kind forward count capped label } possiblySame { reasons }
    timeline { totalCount edges { cursor node { on kind summary node { id } } } }
  }
  e: subject(identifier: "world:town:samr") { relationCounts { kind count } timeline { totalCount } }
  f: resolve(texts: ["江市监罚〔2025〕0号", "江门甲贸易有限公司"]) { matched { id } by }
}"""


async def test_hidden_records_change_nothing_for_the_public(asking: Asking, town: Asking) -> None:
    """Two graphs that differ in hidden records only: the same answers, totals, order and cursors."""
    reader: dict[str, Any] = {"role": Role.PUBLIC}
    with_hidden = await town.ask(WHOLE, **reader)
    await asking.load("town", TOWN.replace("HIDDEN", ""))
    without = await asking.ask(WHOLE, **reader)
    await asking.load("town", TOWN.replace("HIDDEN", HIDDEN))
    assert with_hidden == without
    assert with_hidden["a"]["totalCount"] == 1


async def test_texts_name_whole_numbers_and_names_only(town: Asking) -> None:
    document = "query($texts: [String!]!, $on: Date) { resolve(texts: $texts, asOf: $on) { text by matched { name } } }"
    texts = ["91440703YY000001XU", "甲贸易", "甲贸", "江门旧商行", "甲贸易人"]
    answer = (await town.ask(document, {"texts": texts}))["resolve"]
    assert [(each["text"], each["by"], [one["name"] for one in each["matched"]]) for each in answer] == [
        ("91440703YY000001XU", "IDENTIFIER", ["江门甲贸易有限公司"]),
        ("甲贸易", "EXACT_NAME", ["甲贸易"]),
        ("甲贸", None, []),
        ("江门旧商行", "FORMER_NAME", ["江门甲贸易有限公司"]),
        ("甲贸易人", "EXACT_NAME", ["甲贸易人", "甲贸易人"]),
    ]
    then = (await town.ask(document, {"texts": ["江门旧商行"], "on": "2014-01-01"}))["resolve"]
    assert [each["by"] for each in then] == ["EXACT_NAME"]
    assert await town.codes(document, {"texts": []}) == [("BAD_USER_INPUT", "texts")]
    assert await town.codes(document, {"texts": ["x"] * 101}) == [("LIMIT_EXCEEDED", "texts")]
    assert await town.codes(document, {"texts": ["x", " "]}) == [("BAD_USER_INPUT", "texts.1")]


EXPAND = """query($first: Int, $after: String, $relations: [RelationKind!], $on: Date) {
  expand(subject: "world:town:acme", first: $first, after: $after, relations: $relations, asOf: $on) {
    totalCount pageInfo { hasNextPage endCursor }
    subgraph {
      nodes { id ... on Subject { name } ... on Region { name } }
      edges { id kind source target share post label }
    }
  }
}"""


async def test_neighbours_come_page_by_page_in_both_directions(town: Asking) -> None:
    kinds, after = [], None
    while True:
        page = (await town.ask(EXPAND, {"first": 2, "after": after, "on": "2018-06-01"}))["expand"]
        kinds += [each["kind"] for each in page["subgraph"]["edges"]]
        ids = {each["id"] for each in page["subgraph"]["nodes"]}
        assert all({each["source"], each["target"]} <= ids for each in page["subgraph"]["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert kinds == ["BRANCH_OF", "EMPLOYED_BY", "HOLDS", "LOCATED_IN", "SERVES_AS"]
    assert page["totalCount"] == 5
    public = (await town.ask(EXPAND, {"on": "2018-06-01"}, Role.PUBLIC))["expand"]
    assert [each["kind"] for each in public["subgraph"]["edges"]] == ["BRANCH_OF", "HOLDS", "LOCATED_IN", "SERVES_AS"]
    narrowed = (await town.ask(EXPAND, {"relations": ["HOLDS", "BIDS_ON"]}))["expand"]
    assert [(each["kind"], each["share"]) for each in narrowed["subgraph"]["edges"]] == [("HOLDS", "60")]
    assert await town.ask('{ expand(subject: "91440703YY0000116A") { totalCount } }') == {"expand": None}


async def test_relations_are_counted_by_kind_and_direction(town: Asking) -> None:
    document = """query($lang: Language) {
      subject(identifier: "world:town:acme") { relationCounts { kind forward count capped label(lang: $lang) } }
    }"""
    found = (await town.ask(document, {"lang": "EN"}))["subject"]["relationCounts"]
    assert [(each["kind"], each["forward"], each["count"], each["label"]) for each in found] == [
        ("HOLDS", False, 1, "shareholders"),
        ("BRANCH_OF", False, 1, "branches"),
        ("EMPLOYED_BY", False, 1, "employees"),
        ("ABOUT", False, 3, "records"),
        ("LOCATED_IN", True, 1, "located in"),
    ]
    public = (await town.ask(document, role=Role.PUBLIC))["subject"]["relationCounts"]
    assert [(each["kind"], each["count"]) for each in public] == [
        ("HOLDS", 1),
        ("BRANCH_OF", 1),
        ("ABOUT", 1),
        ("LOCATED_IN", 1),
    ]


async def test_of_no_kinds_nothing_is_looked_among(town: Asking) -> None:
    """`api.md` 4: an empty list holds nothing; all kinds are meant where none is written."""
    found = await town.ask(
        """{ expand(subject: "world:town:acme", relations: []) { totalCount subgraph { nodes { id } edges { id } } }
          search(text: "甲贸易", kinds: []) { totalCount nodes { id } }
          subject(identifier: "world:town:acme") { id } }"""
    )
    assert found == {
        "expand": {"totalCount": 0, "subgraph": {"nodes": [found["subject"]], "edges": []}},
        "search": {"totalCount": 0, "nodes": []},
        "subject": found["subject"],
    }


LOOP = """
subjects: [{id: whole, kind: Enterprise, name: 库存股公司}]
holdings: [{holder: whole, organization: whole, share: "5"}]
"""


async def test_who_holds_itself_is_counted_both_ways_as_both_lists_have_it(town: Asking) -> None:
    await town.load("loop", LOOP)
    found = await town.ask(
        """{ enterprise(identifier: "world:loop:whole") { relationCounts { kind forward count }
          investments { totalCount } shareholders { totalCount } }
          expand(subject: "world:loop:whole") { totalCount } }"""
    )
    assert found == {
        "enterprise": {
            "relationCounts": [{"kind": "HOLDS", "forward": each, "count": 1} for each in (True, False)],
            "investments": {"totalCount": 1},
            "shareholders": {"totalCount": 1},
        },
        "expand": {"totalCount": 1},
    }


TIMELINE = """query($subject: String!, $first: Int, $after: String, $last: Int, $before: String) {
  subject(identifier: $subject) {
    timeline(first: $first, after: $after, last: $last, before: $before) {
      nodes { on kind summary node { id } } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""


async def test_a_timeline_tells_what_happened_oldest_first(town: Asking) -> None:
    found = (await town.ask(TIMELINE, {"subject": "world:town:acme"}))["subject"]["timeline"]
    assert [(each["on"], each["kind"], each["summary"]) for each in found["nodes"]] == [
        ("2012-05-01", "HOLDING_BEGAN", "持股开始:60%"),
        ("2015-01-01", "NAME", "名称变更:江门旧商行 → 江门甲贸易有限公司"),
        ("2015-01-01", "STATUS", found["nodes"][2]["summary"]),
        ("2017-01-01", "POST_BEGAN", "任职开始:董事"),
        ("2018-01-01", "POST_BEGAN", found["nodes"][4]["summary"]),
        ("2018-07-01", "LISTED", "列入名单:名单列入 失信被执行人"),
        ("2018-07-01", "PUBLISHED", found["nodes"][6]["summary"]),
        ("2019-01-01", "POST_ENDED", "任职结束:董事"),
        ("2020-07-01", "DELISTED", found["nodes"][8]["summary"]),
        ("2020-07-01", "UNPUBLISHED", found["nodes"][9]["summary"]),
        ("2024-01-01", "RECORD_DECIDED", found["nodes"][10]["summary"]),
        *((each["on"], each["kind"], each["summary"]) for each in found["nodes"][11:]),
    ]
    assert found["totalCount"] == len(found["nodes"]) == 14
    forward, after = [], None
    while True:
        variables = {"subject": "world:town:acme", "first": 4, "after": after}
        page = (await town.ask(TIMELINE, variables))["subject"]["timeline"]
        forward += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert forward == found["nodes"]
    end = (await town.ask(TIMELINE, {"subject": "world:town:acme", "last": 4}))["subject"]["timeline"]
    assert (end["nodes"], end["pageInfo"]["hasPreviousPage"]) == (found["nodes"][-4:], True)


ENDED = """
subjects: [{id: firm, kind: Enterprise, name: 期限公司}]
records:
  - {id: shown, kind: PENALTY, about: firm, decidedOn: 2018-01-01, publishedTo: 2020-01-01, type: WARNING}
  - {id: listed, kind: LIST_ENTRY, about: firm, list: 失信被执行人, from: 2019-01-01, publishedTo: 2021-01-01}
  - {id: lifted, kind: LIST_ENTRY, about: firm, list: 经营异常名录, from: 2019-06-01, to: 2024-01-01, liftedOn: "2022"}
"""


async def test_a_record_that_is_no_longer_public_has_not_ended_by_that(town: Asking) -> None:
    """S3: EXPIRED means that publication ended; who is on a list stays on it."""
    await town.load("ended", ENDED)
    found = await town.ask(
        """{ enterprise(identifier: "world:ended:firm") {
          timeline { nodes { on kind } } listEntries(asOf: "2021-06-01") { totalCount } } }"""
    )
    assert [(each["on"], each["kind"]) for each in found["enterprise"]["timeline"]["nodes"]] == [
        ("2018-01-01", "PUBLISHED"),
        ("2018-01-01", "RECORD_DECIDED"),
        ("2019-01-01", "LISTED"),
        ("2019-01-01", "PUBLISHED"),
        ("2019-06-01", "LISTED"),
        ("2019-06-01", "PUBLISHED"),
        ("2020-01-01", "UNPUBLISHED"),
        ("2021-01-01", "UNPUBLISHED"),
        ("2022-01-01", "DELISTED"),
        ("2022-01-01", "UNPUBLISHED"),
    ]
    assert found["enterprise"]["listEntries"]["totalCount"] == 2


async def test_who_may_be_the_same_is_told_to_officials(town: Asking) -> None:
    document = '{ person(id: "world:town:li") { possiblySame { reasons subject { id name } } } }'
    found = (await town.ask(document))["person"]["possiblySame"]
    assert [(each["reasons"], each["subject"]["name"]) for each in found] == [(["同名"], "甲贸易人")]
    assert (await town.ask(document, role=Role.PUBLIC))["person"]["possiblySame"] is None


ALIKE = "subjects:\n" + "".join(f"  - {{id: p{i}, kind: Person, name: 甲某{i}}}\n" for i in range(MOST_SUGGESTED + 2))
ALIKE += "relations:\n" + "".join(
    f"  - {{from: p0, to: p{i}, kind: POSSIBLY_SAME_AS, reasons: [同址]}}\n" for i in range(1, MOST_SUGGESTED + 2)
)


async def test_more_who_may_be_the_same_than_are_told_is_said(town: Asking) -> None:
    await town.load("alike", ALIKE)
    document = "query($id: ID!) { person(id: $id) { id possiblySame { subject { id } } } }"
    body = (await town.execute(document, {"id": "world:alike:p0"})).body
    person = body["data"]["person"]
    told = [each["subject"]["id"] for each in person["possiblySame"]]
    assert (len(told), told) == (MOST_SUGGESTED, sorted(told))
    assert body["extensions"]["cut"] == [{"field": "possiblySame", "of": person["id"], "most": MOST_SUGGESTED}]
    body = (await town.execute(document, {"id": "world:alike:p1"})).body
    assert (len(body["data"]["person"]["possiblySame"]), "cut" in body["extensions"]) == (1, False)


async def test_finding_a_person_by_name_is_audited(town: Asking) -> None:
    answer = await town.execute('{ search(text: "贸易人") { nodes { id } } }')
    assert answer.audited
    assert not (await town.execute('{ search(text: "食品") { nodes { id } } }')).audited
