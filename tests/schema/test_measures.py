"""Lists of measures say of everybody what his check says; statistics and facets count what is seen, for every role."""

from __future__ import annotations

from typing import Any

import pytest

from graph.codes import Role
from graph.progress import SilentProgress
from graph.store import groups
from graph.store.connection import Database
from graph.store.deriving import derive
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
WORLD = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, region: "440703", registeredCapital: "1000000"}
  - {id: bing, kind: Enterprise, name: 江门乙食品有限公司, region: "440704", registeredCapital: "500"}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局}
  - {id: li, kind: Person, name: 李某, adultOn: 1930-01-01}
  - {id: wang, kind: Person, name: 王某, adultOn: 1930-01-01}
posts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
  - {person: li, organization: bing, role: DIRECTOR, from: 2013-05-01}
  - {person: wang, organization: bing, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
records:
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 罚1号, decidedOn: 2025-02-01,
     offence: {from: 2024-10-01, to: 2024-12-01}, type: LICENCE_REVOKED, licence: BUSINESS, amount: "50000"}
  - {id: r2, kind: PENALTY, about: bing, department: samr, documentNumber: 罚2号, decidedOn: 2025-03-01,
     offence: {from: 2024-10-01, to: 2024-12-01}, type: LICENCE_REVOKED, sector: FOOD, licence: FOOD, amount: "7.5"}
  - {id: o1, kind: CONSUMPTION_RESTRICTION, about: bing, documentNumber: 限1号, decidedOn: 2025-05-01}
  - {id: h1, kind: PENALTY, about: acme, department: samr, documentNumber: 密1号, decidedOn: 2015-02-01, type: FINE,
     amount: "999"}
  - {id: l1, kind: LIST_ENTRY, about: acme, list: 失信被执行人, documentNumber: 执1号, from: 2025-01-01, to: 2027-01-01}
responsibility: [{person: li, record: r1, capacity: FINDING_PERSONAL_RESPONSIBILITY, decidedOn: 2025-06-01}]
"""
MEASURE = """
fragment M on Measure { key certainty from until end endsOnRepair party { id name } cause { id }
  rule { id part pack { digest } } definition { code } basis { document article } gaps { evidence explanation }
  path { start { id } end { id } relation forward proves validity { from until } provenance { source recordedAt } edge }
  alsoVia { edge } }"""
CHECKS = (
    MEASURE
    + """
query($ids: [ID!]!, $on: Date) { checks(subjects: $ids, asOf: $on) { measures { ...M } potential { ...M } } }"""
)
LIST = (
    MEASURE
    + """
query($where: MeasureFilter, $on: Date, $order: [MeasureOrder!], $first: Int, $after: String, $last: Int,
  $before: String) {
  measures(where: $where, asOf: $on, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount derivedThrough warnings { code } nodes { ...M } edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
)
SUBJECTS = [f"world:w:{each}" for each in ("acme", "bing", "li", "wang")]
ALL = {"certainty": {"in": ["EX_LEGE", "NAMED", "FOUND", "POTENTIAL"]}}


@pytest.fixture(scope="module")
async def asking(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asking:
    asking = Asking(standing_database, tmp_path_factory.mktemp("worlds"))
    await asking.load("w", WORLD)
    await keep(standing_database)
    return asking


async def keep(database: Database) -> None:
    await derive(database, now=NOW, progress=SilentProgress())


async def listed(asking: Asking, role: Role = Role.GOVERNMENT, **variables: Any) -> Any:
    return (await asking.ask(LIST, variables, role))["measures"]


def by_key(measures: list[Any]) -> dict[str, Any]:
    found = {each["key"]: each for each in measures}
    assert len(found) == len(measures)
    return found


@pytest.mark.parametrize("on", ["2024-01-01", "2025-02-01", "2025-05-31", "2025-06-01", "2026-01-01", "2028-02-02"])
@pytest.mark.parametrize("role", [Role.GOVERNMENT, Role.PUBLIC])
async def test_a_list_says_of_everybody_what_his_check_says(asking: Asking, role: Role, on: str) -> None:
    checks = (await asking.ask(CHECKS, {"ids": SUBJECTS, "on": on}, role))["checks"]
    expected = by_key([each for check in checks for each in (*check["measures"], *(check["potential"] or ()))])
    page = await listed(asking, role, on=on, where=ALL, first=100)
    assert by_key(page["nodes"]) == expected
    assert page["totalCount"] == len(expected)
    assert page["warnings"] == []
    sure = await listed(asking, role, on=on, first=100)
    assert by_key(sure["nodes"]) == {key: each for key, each in expected.items() if each["certainty"] != "POTENTIAL"}


async def test_the_world_has_something_to_say(asking: Asking) -> None:
    asked = ((Role.GOVERNMENT, ALL), (Role.GOVERNMENT, None), (Role.PUBLIC, None))
    found = [
        len((await listed(asking, role, where=where, on="2025-05-31", first=100))["nodes"]) for role, where in asked
    ]
    assert found[0] > found[1] >= found[2] > 3


@pytest.mark.parametrize("field", ["FROM", "UNTIL", "RULE"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_hold_every_measure_once_both_ways(asking: Asking, field: str, direction: str) -> None:
    order = [{"field": field, "direction": direction}]
    whole = await listed(asking, order=order, where=ALL, first=100)
    keys = [each["key"] for each in whole["nodes"]]
    shown = [each[{"FROM": "from", "UNTIL": "until", "RULE": "rule"}[field]] for each in whole["nodes"]]
    sortable = [each["id"] if field == "RULE" else each for each in shown if each is not None]
    assert sortable == sorted(sortable, reverse=direction == "DESC")
    assert None not in shown[: len(sortable)]
    forward: list[str] = []
    page = await listed(asking, order=order, where=ALL, first=2)
    while True:
        forward += [each["node"]["key"] for each in page["edges"]]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await listed(asking, order=order, where=ALL, first=2, after=page["pageInfo"]["endCursor"])
    backward: list[str] = []
    page = await listed(asking, order=order, where=ALL, last=3)
    while True:
        backward = [each["node"]["key"] for each in page["edges"]] + backward
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        page = await listed(asking, order=order, where=ALL, last=3, before=page["pageInfo"]["startCursor"])
    assert forward == backward == keys


FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({"measure": {"eq": "BAR_COMPANY_OFFICE"}}, lambda each: each["definition"]["code"] == "BAR_COMPANY_OFFICE"),
    ({"rule": {"in": ["P04", "P12"]}}, lambda each: each["rule"]["id"] in ("P04", "P12")),
    ({"certainty": {"eq": "FOUND"}}, lambda each: each["certainty"] == "FOUND"),
    ({"from": {"gte": "2025-03-01"}}, lambda each: each["from"] >= "2025-03-01"),
    ({"until": {"eq": None}}, lambda each: each["until"] is None),
    ({"party": {"kind": {"eq": "PERSON"}}}, lambda each: each["party"]["id"].startswith("per_")),
    ({"party": {"region": {"startsWith": "440704"}}}, lambda each: each["party"]["name"] == "江门乙食品有限公司"),
    ({"not": {"rule": {"eq": "P04"}}}, lambda each: each["rule"]["id"] != "P04"),
]


@pytest.mark.parametrize("place", range(len(FILTERS)))
async def test_a_filter_leaves_what_fulfils_it(asking: Asking, place: int) -> None:
    where, holds = FILTERS[place]
    everything = (await listed(asking, where=ALL if "certainty" in where else None, first=100))["nodes"]
    expected = by_key([each for each in everything if holds(each)])
    assert by_key((await listed(asking, where=where, first=100))["nodes"]) == expected != {}


OF_OFFICES = {"BAR_COMPANY_OFFICE", "BAR_FOOD_BUSINESS", "BAR_LEGAL_REPRESENTATIVE", "BAR_BANK_OFFICE"}


async def test_a_purpose_is_a_filter(asking: Asking) -> None:
    found = (await listed(asking, where={"purpose": "OFFICE_APPOINTMENT"}, first=100))["nodes"]
    assert {each["definition"]["code"] for each in found} == OF_OFFICES
    assert (await listed(asking, where={"purpose": "HOUSING"}))["nodes"] == []


async def test_the_public_cannot_ask_by_what_it_may_not_read(asking: Asking) -> None:
    assert (await listed(asking, Role.PUBLIC, where={"certainty": {"eq": "POTENTIAL"}}))["nodes"] == []
    named = await listed(asking, Role.PUBLIC, where={"party": {"name": {"eq": "李某"}}})
    assert (named["nodes"], named["totalCount"]) == ([], 0)


BAD: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"first": 1, "last": 1}, ("BAD_USER_INPUT", "last")),
    ({"first": 101}, ("LIMIT_EXCEEDED", "first")),
    ({"after": "x"}, ("BAD_USER_INPUT", "after")),
    ({"where": {"rule": {"in": None}}}, ("BAD_USER_INPUT", "where.rule.in")),
    ({"where": {"party": None}}, ("BAD_USER_INPUT", "where.party")),
    ({"order": [{"field": "FROM"}, {"field": "FROM"}]}, ("BAD_USER_INPUT", "orderBy.1.field")),
]


@pytest.mark.parametrize("place", range(len(BAD)))
async def test_what_is_no_question_is_refused(asking: Asking, place: int) -> None:
    variables, expected = BAD[place]
    assert await asking.codes(LIST, variables) == [expected]


STATISTICS = """
query($of: StatisticsOf!, $by: [StatisticsGroup!], $where: StatisticsFilter, $on: Date) {
  statistics(of: $of, groupBy: $by, where: $where, asOf: $on) {
    total derivedThrough truncated { omitted } warnings { code } rows { keys count sum min max } } }"""


async def counted(asking: Asking, of: str, *by: str, role: Role = Role.GOVERNMENT, **more: Any) -> Any:
    found = (await asking.ask(STATISTICS, {"of": of, "by": list(by), **more}, role))["statistics"]
    assert found["truncated"] is None
    assert found["warnings"] == []
    rows = {tuple(each["keys"]): (each["count"], each["sum"], each["min"], each["max"]) for each in found["rows"]}
    return found["total"], rows


async def test_subjects_are_counted_with_their_capital(asking: Asking) -> None:
    assert await counted(asking, "SUBJECTS", "KIND") == (
        5,
        {
            ("ENTERPRISE",): (2, "1000500", "500", "1000000"),
            ("PERSON",): (2, None, None, None),
            ("GOVERNMENT_BODY",): (1, None, None, None),
        },
    )
    wealthy = {"subject": {"region": {"eq": "440703"}}}
    assert await counted(asking, "SUBJECTS", "REGION", where=wealthy) == (
        *(1, {("440703",): (1, "1000000", "1000000", "1000000")}),
    )


async def test_records_are_counted_as_they_are_seen(asking: Asking) -> None:
    total, rows = await counted(asking, "RECORDS", "KIND", "YEAR")
    assert (total, rows["PENALTY", "2025"]) == (5, (2, "50007.5", "7.5", "50000"))
    assert rows["PENALTY", "2015"] == (1, "999", "999", "999")
    shown, of_public = await counted(asking, "RECORDS", "KIND", "YEAR", role=Role.PUBLIC)
    assert shown < total and ("PENALTY", "2015") not in of_public
    _, types = await counted(asking, "RECORDS", "TYPE", where={"record": {"recordKind": {"eq": "PENALTY"}}})
    assert types == {("LICENCE_REVOKED",): (2, "50007.5", "7.5", "50000"), ("FINE",): (1, "999", "999", "999")}
    of_acme = {"subject": {"id": {"eq": "world:w:acme"}}}
    assert (await counted(asking, "RECORDS", where=of_acme))[0] == 3
    (_, by_department) = await counted(asking, "RECORDS", "DEPARTMENT")
    assert sorted(count for count, *_ in by_department.values()) == [2, 3]


async def test_list_entries_are_counted_while_they_are_in_effect(asking: Asking) -> None:
    assert await counted(asking, "LIST_ENTRIES", "LIST") == (1, {("失信被执行人",): (1, None, None, None)})
    assert await counted(asking, "LIST_ENTRIES", "LIST", on="2027-01-01") == (0, {})


async def test_measures_are_counted_as_they_are_listed(asking: Asking) -> None:
    for role in (Role.GOVERNMENT, Role.PUBLIC):
        page = await listed(asking, role, first=100)
        expected: dict[tuple[str, str], int] = {}
        for each in page["nodes"]:
            key = (each["rule"]["id"], each["certainty"])
            expected[key] = expected.get(key, 0) + 1
        total, rows = await counted(asking, "MEASURES", "RULE", "CERTAINTY", role=role)
        assert (total, {key: count for key, (count, *_) in rows.items()}) == (page["totalCount"], expected)
    of_order = {"record": {"recordKind": {"eq": "CONSUMPTION_RESTRICTION"}}}
    total, rows = await counted(asking, "MEASURES", "MEASURE", where=of_order)
    assert (total, set(rows)) == (2, {("RESTRICT_CONSUMPTION",)})


BAD_COUNTS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"of": "SUBJECTS", "by": ["RULE"]}, ("BAD_USER_INPUT", "groupBy.0")),
    ({"of": "RECORDS", "by": ["KIND", "KIND"]}, ("BAD_USER_INPUT", "groupBy.1")),
    ({"of": "RECORDS", "by": ["KIND", "YEAR", "TYPE", "STATE"]}, ("LIMIT_EXCEEDED", "groupBy")),
    ({"of": "RECORDS", "where": {"measure": {}}}, ("BAD_USER_INPUT", "where.measure")),
    ({"of": "MEASURES", "where": {"subject": None}}, ("BAD_USER_INPUT", "where.subject")),
]


@pytest.mark.parametrize("place", range(len(BAD_COUNTS)))
async def test_what_cannot_be_counted_is_refused(asking: Asking, place: int) -> None:
    variables, expected = BAD_COUNTS[place]
    assert await asking.codes(STATISTICS, variables) == [expected]


FACETS = """query($where: CreditRecordFilter, $first: Int) {
  records(where: $where, first: $first) { nodes { id }
    kinds: facets(by: KIND) { value label count } years: facets(by: YEAR) { value count }
    types: facets(by: TYPE) { value label(lang: EN) count } departments: facets(by: DEPARTMENT) { label count } }
  enterprises { facets(by: REGION) { value label count } } }"""


async def test_facets_count_the_whole_list_whatever_the_page(asking: Asking) -> None:
    where = {"recordKind": {"in": ["PENALTY", "LIST_ENTRY"]}}
    found = await asking.ask(FACETS, {"where": where, "first": 1})
    assert len(found["records"].pop("nodes")) == 1
    assert found == {
        "records": {
            "kinds": [
                {"value": "PENALTY", "label": "行政处罚", "count": 3},
                {"value": "LIST_ENTRY", "label": "名单列入", "count": 1},
            ],
            "years": [{"value": "2025", "count": 2}, {"value": "2015", "count": 1}],
            "types": [
                {"value": "LICENCE_REVOKED", "label": "licence revoked", "count": 2},
                {"value": "FINE", "label": "fine", "count": 1},
            ],
            "departments": [{"label": "江门市市场监督管理局", "count": 3}],
        },
        "enterprises": {
            "facets": [
                {"value": "440703", "label": "蓬江区", "count": 1},
                {"value": "440704", "label": "江海区", "count": 1},
            ]
        },
    }
    public = (await asking.ask(FACETS, {"where": where}, Role.PUBLIC))["records"]
    assert public["years"] == [{"value": "2025", "count": 2}]  # what is not published is counted nowhere


OF_FIRM = """query($on: Date) { enterprise(identifier: "world:w:acme") {
  records(asOf: $on) { totalCount facets(by: STATE) { value count } } } }"""


async def test_facets_of_a_page_below_a_node_are_its_own_and_of_its_day(asking: Asking) -> None:
    for on, states in (
        ("2016-01-01", {"ACTIVE": 1}),
        ("2026-01-01", {"EXPIRED": 1, "ACTIVE": 2}),
        ("2027-06-01", None),
    ):
        found = (await asking.ask(OF_FIRM, {"on": on}))["enterprise"]["records"]
        counts = {each["value"]: each["count"] for each in found["facets"]}
        assert sum(counts.values()) == found["totalCount"]
        assert states is None or counts == states


async def test_a_facet_of_more_values_than_are_shown_says_so(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_VALUES", 1)
    body = (await asking.execute("{ records { years: facets(by: YEAR) { value count } } }")).body
    assert body["data"] == {"records": {"years": [{"value": "2025", "count": 3}]}}
    assert body["extensions"]["cut"] == [{"field": "facets", "of": "", "most": 1}]


async def test_a_facet_that_a_list_has_not_is_null_with_its_error(asking: Asking) -> None:
    refused = "query($by: StatisticsGroup!) { persons { totalCount facets(by: $by) { value } } }"
    for role, by, code in (
        (Role.PUBLIC, "REGION", "FORBIDDEN"),
        (Role.PUBLIC, "YEAR", "BAD_USER_INPUT"),
        (Role.GOVERNMENT, "TYPE", "BAD_USER_INPUT"),
    ):
        body = (await asking.execute(refused, {"by": by}, role)).body
        assert body["data"] == {"persons": {"totalCount": 2, "facets": None}}
        assert [(each["path"], each["extensions"]["code"]) for each in body["errors"]] == [
            (["persons", "facets"], code)
        ]
    assert await asking.codes(
        '{ enterprise(identifier: "world:w:acme") { posts { facets(by: KIND) { value } } } }'
    ) == [("BAD_USER_INPUT", "by")]


async def test_a_list_that_is_behind_says_so_until_it_is_derived(asking: Asking, standing_database: Database) -> None:
    """Last of the module: it changes the world."""
    before = await listed(asking)
    await asking.load("w", WORLD.replace("decidedOn: 2025-05-01", "decidedOn: 2025-05-02"))
    behind = await listed(asking)
    assert [each["code"] for each in behind["warnings"]] == ["DERIVED_BEHIND"]
    assert behind["derivedThrough"] == before["derivedThrough"]
    count = (await asking.ask(STATISTICS, {"of": "MEASURES"}))["statistics"]
    assert [each["code"] for each in count["warnings"]] == ["DERIVED_BEHIND"]
    await keep(standing_database)
    after = await listed(asking, where=ALL, first=100)
    assert after["warnings"] == [] and after["derivedThrough"] > before["derivedThrough"]
    checks = (await asking.ask(CHECKS, {"ids": SUBJECTS}))["checks"]
    assert by_key(after["nodes"]) == by_key(
        [each for check in checks for each in (*check["measures"], *check["potential"])]
    )
