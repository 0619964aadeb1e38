"""Lists of the API: conditions, orders, pages both ways; what may not be read cannot be asked by."""

from __future__ import annotations

from typing import Any

import pytest

from graph.codes import Role
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

TOWN = """
subjects:
  - {id: a, kind: Enterprise, name: 江门甲食品有限公司, uscc: 91440703YY000001XU, region: "440703",
     established: 2012-05-01, form: LIMITED_COMPANY, status: ACTIVE, registeredCapital: "1000000.50", industry: C14}
  - {id: b, kind: Enterprise, name: 江门乙贸易有限公司, uscc: 91440704YY0000028A, region: "440704",
     established: 2015-01-01, form: LIMITED_COMPANY, status: LICENCE_REVOKED, registeredCapital: "500"}
  - {id: c, kind: Enterprise, name: 新会丙店, region: "440705", form: INDIVIDUAL_BUSINESS}
  - {id: law, kind: OtherOrganization, name: 广东丁律师事务所, uscc: 31440700YY0000095L}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局, uscc: 11440700YY00000529}
  - {id: li, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}, region: "440785"}
  - {id: wang, kind: Person, name: 王某, adultOn: 1920-01-01}
posts:
  - {person: li, organization: a, role: LEGAL_REPRESENTATIVE, from: 2012-05-01, to: 2019-03-01}
  - {person: wang, organization: a, role: LEGAL_REPRESENTATIVE, from: 2019-03-01}
  - {person: wang, organization: b, role: DIRECTOR, from: 2015-01-01}
  - {person: li, organization: c, role: EMPLOYEE, from: 2020-01-01}
holdings:
  - {holder: li, organization: a, share: "60", votes: "60", from: 2012-05-01}
  - {holder: b, organization: a, share: "40", from: 2013-01-01}
  - {holder: wang, organization: b, from: 2015-01-01}
relations:
  - {from: li, to: 律师, kind: MEMBER_OF}
qualifications:
  - {person: li, profession: 律师, number: A1, from: 2010-01-01}
records:
  - {id: r1, kind: PENALTY, about: a, department: samr, documentNumber: 江市监罚〔2018〕1号, decidedOn: 2018-06-01,
     type: [FINE, WARNING], amount: "50000.05", sector: FOOD, publishedFrom: 2018-06-01}
  - {id: r2, kind: PENALTY, about: b, department: samr, documentNumber: 江市监罚〔2019〕2号, decidedOn: 2019-06-01,
     type: LICENCE_REVOKED, state: REVOKED, revokedOn: 2020-01-01, publishedFrom: 2019-06-01}
  - {id: r3, kind: PERMIT, about: c, decidedOn: 2020-06-01, from: 2020-06-01}
  - {id: hidden, kind: PENALTY, about: c, department: samr, documentNumber: 江市监罚〔2025〕9号, decidedOn: 2025-06-01,
     type: WARNING}
  - {id: e1, kind: LIST_ENTRY, about: b, list: 失信被执行人, from: 2019-07-01, largeDebt: true}
  - {id: e2, kind: LIST_ENTRY, about: a, list: 失信被执行人, from: 2015-07-01, to: 2017-07-01}
"""


@pytest.fixture(scope="module")
async def town(asking: Asking) -> Asking:
    await asking.load("town", TOWN)
    return asking


async def names(
    town: Asking, root: str, arguments: str = "", role: Role = Role.GOVERNMENT, where: Any = None
) -> list[str]:
    shown = SHOWN[root]
    document = f"query($where: {WHERE[root]}) {{ {root}(where: $where{arguments}) {{ nodes {{ {shown} }} }} }}"
    data = await town.ask(document, {"where": where or {}}, role)
    return [each[shown] for each in data[root]["nodes"]]


WHERE = {
    "enterprises": "EnterpriseFilter",
    "organizations": "OrganizationFilter",
    "persons": "PersonFilter",
    "records": "CreditRecordFilter",
}
SHOWN = {"enterprises": "name", "organizations": "name", "persons": "name", "records": "documentNumber"}
A, B, C, LAW, SAMR = "江门甲食品有限公司", "江门乙贸易有限公司", "新会丙店", "广东丁律师事务所", "江门市市场监督管理局"
R1, R2, HIDDEN = "江市监罚〔2018〕1号", "江市监罚〔2019〕2号", "江市监罚〔2025〕9号"


async def test_every_root_lists_its_kind_and_counts_it(town: Asking) -> None:
    data = await town.ask(
        """{
          enterprises { totalCount nodes { name } }
          organizations { totalCount nodes { kind name } }
          persons { totalCount nodes { name } }
          records { totalCount nodes { recordKind decidedOn } }
          departments { totalCount nodes { name isDepartment } }
          lists { name polarity entries { totalCount } }
          keyGroups { name members { nodes { name } } }
        }"""
    )
    assert data == {
        "enterprises": {"totalCount": 3, "nodes": [{"name": C}, {"name": B}, {"name": A}]},
        "organizations": {
            "totalCount": 5,
            "nodes": [
                {"kind": "OTHER_ORGANIZATION", "name": LAW},
                {"kind": "ENTERPRISE", "name": C},
                {"kind": "ENTERPRISE", "name": B},
                {"kind": "GOVERNMENT_BODY", "name": SAMR},
                {"kind": "ENTERPRISE", "name": A},
            ],
        },
        "persons": {"totalCount": 2, "nodes": data["persons"]["nodes"]},
        "records": {
            "totalCount": 6,
            "nodes": [
                {"recordKind": "PENALTY", "decidedOn": "2025-06-01"},
                {"recordKind": "PERMIT", "decidedOn": "2020-06-01"},
                {"recordKind": "LIST_ENTRY", "decidedOn": None},
                {"recordKind": "PENALTY", "decidedOn": "2019-06-01"},
                {"recordKind": "PENALTY", "decidedOn": "2018-06-01"},
                {"recordKind": "LIST_ENTRY", "decidedOn": None},
            ],
        },
        "departments": {"totalCount": 1, "nodes": [{"name": SAMR, "isDepartment": True}]},
        "lists": [{"name": "失信被执行人", "polarity": "BLACK", "entries": {"totalCount": 1}}],
        "keyGroups": [{"name": "律师", "members": {"nodes": [{"name": "李某"}]}}],
    }
    assert sorted(each["name"] for each in data["persons"]["nodes"]) == ["李某", "王某"]


@pytest.mark.parametrize(
    ("root", "where", "found"),
    [
        ("enterprises", {}, [C, B, A]),
        ("enterprises", {"and": []}, [C, B, A]),
        ("enterprises", {"or": []}, []),
        ("enterprises", {"name": {"in": []}}, []),
        ("enterprises", {"name": {"contains": "（贸易"}}, []),
        ("enterprises", {"name": {"startsWith": "江门", "contains": "贸易"}}, [B]),
        ("enterprises", {"not": {"status": {"eq": "ACTIVE"}}}, [C, B]),  # no status is not ACTIVE: two-valued
        ("enterprises", {"status": {"eq": None}}, [C]),
        ("enterprises", {"established": {"gt": "2012-05-01"}}, [B]),
        ("enterprises", {"not": {"established": {"gt": "2012-05-01"}}}, [C, A]),
        ("enterprises", {"registeredCapital": {"gte": "1000000.5"}}, [A]),
        ("enterprises", {"registeredCapital": {"lt": "500.001"}}, [B]),
        ("enterprises", {"registeredCapital": {"eq": "500.001"}}, []),
        ("enterprises", {"region": {"in": ["440703", "440705"]}, "form": {"eq": "INDIVIDUAL_BUSINESS"}}, [C]),
        ("enterprises", {"industry": {"startsWith": "c1"}}, [A]),
        ("enterprises", {"id": {"eq": "91440703YY000001XU"}}, [A]),
        ("enterprises", {"id": {"in": ["world:town:b", "world:town:nobody"]}}, [B]),
        ("enterprises", {"posts": {"some": {"post": {"eq": "DIRECTOR"}}}}, [B]),
        ("enterprises", {"posts": {"none": {"post": {"eq": "LEGAL_REPRESENTATIVE"}}}}, [C, B]),
        ("enterprises", {"posts": {"all": {"post": {"eq": "LEGAL_REPRESENTATIVE"}}}}, [A]),
        (
            "enterprises",
            {"posts": {"some": {"person": {"name": {"eq": "李某"}}, "validity": {"contains": "2015-01-01"}}}},
            [A],
        ),
        ("enterprises", {"shareholders": {"some": {"share": {"gt": 50}}}}, [A]),
        ("enterprises", {"shareholders": {"some": {"share": {"eq": None}}}}, [B]),
        ("enterprises", {"shareholders": {"some": {"holder": {"kind": {"eq": "ENTERPRISE"}}}}}, [A]),
        ("enterprises", {"records": {"some": {"penalty": {"types": {"in": ["LICENCE_REVOKED"]}}}}}, [B]),
        ("enterprises", {"records": {"some": {"listEntry": {"largeDebt": True}}}}, [B]),
        ("organizations", {"kind": {"in": ["OTHER_ORGANIZATION", "GOVERNMENT_BODY"]}}, [LAW, SAMR]),
        ("persons", {"profession": {"eq": "律师"}}, ["李某"]),
        ("persons", {"keyGroup": {"eq": None}}, ["王某"]),
        ("persons", {"posts": {"some": {"organization": {"name": {"eq": B}}}}}, ["王某"]),
        ("enterprises", {"or": [{"form": {"eq": "INDIVIDUAL_BUSINESS"}}, {"posts": {"some": {}}}]}, [C, B, A]),
        ("enterprises", {"posts": {"some": {"validity": {"contains": "2012-05-01"}}}}, [A]),  # the first day is in it
        ("records", {"department": {"eq": None}, "recordKind": {"eq": "PERMIT"}}, [None]),
        ("records", {"or": [{"documentNumber": {"eq": R1}}, {"documentNumber": {"eq": R2}}]}, [R2, R1]),
        ("records", {"penalty": {"fine": {"gte": "50000.05"}}}, [R1]),
        ("records", {"penalty": {"sector": {"eq": "food"}}}, [R1]),
        ("records", {"state": {"eq": "REVOKED"}}, [R2]),
        ("records", {"documentNumber": {"contains": "〔2019〕"}}, [R2]),
        ("records", {"department": {"eq": "world:town:samr"}, "decidedOn": {"lt": "2020-01-01"}}, [R2, R1]),
        ("records", {"about": {"name": {"startsWith": "新会"}}, "recordKind": {"eq": "PENALTY"}}, [HIDDEN]),
    ],
)
async def test_filters_mean_what_they_say(town: Asking, root: str, where: dict[str, Any], found: list[str]) -> None:
    assert await names(town, root, where=where) == found


async def test_orders_put_what_has_no_value_last_both_ways(town: Asking) -> None:
    for order, found in (
        ("{field: ESTABLISHED}", [A, B, C]),
        ("{field: ESTABLISHED, direction: DESC}", [B, A, C]),
        ("{field: REGISTERED_CAPITAL}", [B, A, C]),
        ("[{field: REGISTERED_CAPITAL, direction: DESC}, {field: NAME}]", [A, B, C]),
        ("{field: NAME, direction: DESC}", [A, B, C]),
    ):
        assert await names(town, "enterprises", f", orderBy: {order}") == found
    nested = await town.ask(
        """{ enterprise(identifier: "world:town:a") {
          shareholders(orderBy: {field: SHARE, direction: DESC}) { nodes { holder { name } share } }
          posts(where: {validity: {overlaps: {from: "2010-01-01"}}}, orderBy: {field: UNTIL}) {
            nodes { person { name } }
          }
          listEntries(where: {effective: {contains: "2016-01-01"}}) { totalCount }
          now: listEntries { totalCount }
        } }"""
    )
    assert nested["enterprise"] == {
        "shareholders": {
            "nodes": [{"holder": {"name": "李某"}, "share": "60"}, {"holder": {"name": B}, "share": "40"}]
        },
        "posts": {"nodes": [{"person": {"name": "李某"}}, {"person": {"name": "王某"}}]},
        "listEntries": {"totalCount": 1},
        "now": {"totalCount": 0},
    }


PAGES = """query($first: Int, $after: String, $last: Int, $before: String) {
  enterprises(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}"""


async def test_pages_go_forwards_and_backwards_over_the_same_rows(town: Asking) -> None:
    first = (await town.ask(PAGES, {"first": 2}))["enterprises"]
    assert [each["node"]["name"] for each in first["edges"]] == [C, B]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": first["edges"][0]["cursor"],
        "endCursor": first["edges"][1]["cursor"],
    }
    second = (await town.ask(PAGES, {"first": 2, "after": first["pageInfo"]["endCursor"]}))["enterprises"]
    assert [each["node"]["name"] for each in second["edges"]] == [A]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
    back = (await town.ask(PAGES, {"last": 2, "before": second["pageInfo"]["startCursor"]}))["enterprises"]
    assert back == {**first, "pageInfo": {**first["pageInfo"], "hasNextPage": True, "hasPreviousPage": False}}
    last = (await town.ask(PAGES, {"last": 1}))["enterprises"]
    assert [each["node"]["name"] for each in last["edges"]] == [A]
    assert (last["pageInfo"]["hasNextPage"], last["pageInfo"]["hasPreviousPage"]) == (False, True)
    nothing = (await town.ask(PAGES, {"first": 0}))["enterprises"]
    assert (nothing["edges"], nothing["totalCount"], nothing["pageInfo"]["hasNextPage"]) == ([], 3, True)


BY_CAPITAL = """query($after: String, $before: String, $first: Int, $last: Int, $more: [EnterpriseOrder!]!) {
  enterprises(first: $first, after: $after, last: $last, before: $before, orderBy: $more) {
    edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage }
  }
}"""


@pytest.mark.parametrize("more", [[], [{"field": "NAME"}]])
async def test_one_document_pages_over_the_border_of_what_has_no_value(town: Asking, more: list[Any]) -> None:
    """Behind the border other stretches of the index are read: it is another statement of the same document."""
    orders = [{"field": "REGISTERED_CAPITAL", "direction": "DESC"}, *more]
    for size, cursor, wanted in (("first", "after", [A, B, C]), ("last", "before", [C, B, A])):
        found, place = [], None
        for _ in range(4):
            page = (await town.ask(BY_CAPITAL, {size: 1, cursor: place, "more": orders}))["enterprises"]
            found += [each["node"]["name"] for each in page["edges"]]
            if not page["edges"]:
                break
            place = page["edges"][0]["cursor"]
        assert (found, page["edges"]) == (wanted, [])
        assert sorted(page["pageInfo"].values()) == [False, True]


@pytest.mark.parametrize(
    ("arguments", "code", "argument"),
    [
        ("first: 1, last: 1", "BAD_USER_INPUT", "last"),
        ('after: "x", before: "y"', "BAD_USER_INPUT", "before"),
        ("first: -1", "BAD_USER_INPUT", "first"),
        ("last: 101", "LIMIT_EXCEEDED", "last"),
        ('after: "AAAA"', "BAD_USER_INPUT", "after"),
        ("where: {name: {startsWith: null}}", "BAD_USER_INPUT", "where.name.startsWith"),
        ("where: {name: null}", "BAD_USER_INPUT", "where.name"),
        ('where: {id: {eq: "李某"}}', "BAD_USER_INPUT", "where.id"),
        ("where: {not: {not: {not: {not: {not: {}}}}}}", "LIMIT_EXCEEDED", "where.not.not.not.not.not"),
        (
            "orderBy: [{field: NAME}, {field: NAME, direction: DESC}]",
            "BAD_USER_INPUT",
            "orderBy.1.field",
        ),
        ("where: {or: [" + '{name: {eq: "甲"}}' * 51 + "]}", "LIMIT_EXCEEDED", "where.or.50.name.eq"),
        ("where: {or: [" + "{posts: {some: {}}}" * 51 + "]}", "LIMIT_EXCEEDED", "where.or.50.posts.some"),
    ],
)
async def test_a_page_that_cannot_be_is_refused_by_name(town: Asking, arguments: str, code: str, argument: str) -> None:
    assert await town.codes(f"{{ enterprises({arguments}) {{ totalCount }} }}") == [(code, argument)]


async def test_a_cursor_belongs_to_its_field_order_filter_and_dates(town: Asking) -> None:
    cursor = (await town.ask(PAGES, {"first": 1}))["enterprises"]["pageInfo"]["endCursor"]
    for other in (
        "organizations(after: $c)",
        "enterprises(after: $c, orderBy: {field: NAME, direction: DESC})",
        'enterprises(after: $c, where: {name: {startsWith: "江"}})',
        'enterprises(after: $c, asOf: "2020-01-01")',
    ):
        body = (await town.execute(f"query($c: String) {{ {other} {{ totalCount }} }}", {"c": cursor})).body
        assert [each["extensions"]["code"] for each in body["errors"]] == ["BAD_USER_INPUT"], other
    same = await town.ask("query($c: String) { enterprises(after: $c, where: {}) { nodes { name } } }", {"c": cursor})
    assert [each["name"] for each in same["enterprises"]["nodes"]] == [B, A]


async def test_the_public_neither_sees_nor_counts_what_is_not_published(town: Asking) -> None:
    public = await town.ask("{ records { totalCount nodes { documentNumber } } }", role=Role.PUBLIC)
    assert public["records"]["totalCount"] == len(public["records"]["nodes"])
    assert HIDDEN not in {each["documentNumber"] for each in public["records"]["nodes"]}
    either = {"or": [{"documentNumber": {"eq": HIDDEN}}, {"documentNumber": {"eq": R1}}]}
    assert await names(town, "records", role=Role.PUBLIC, where=either) == await names(
        town, "records", role=Role.PUBLIC, where={"documentNumber": {"eq": R1}}
    )
    where = {"records": {"some": {"or": [{"documentNumber": {"eq": HIDDEN}}]}}}
    assert await names(town, "enterprises", role=Role.PUBLIC, where=where) == []
    assert await names(town, "enterprises", where=where) == [C]


@pytest.mark.parametrize(
    "asked",
    [
        'persons(where: {name: {startsWith: "李"}})',
        'persons(where: {not: {region: {eq: "440785"}}})',
        'persons(where: {keyGroup: {eq: "律师"}})',
        "persons(orderBy: {field: NAME})",
        'enterprises(where: {posts: {some: {person: {name: {eq: "李某"}}}}})',
    ],
)
async def test_the_public_may_not_filter_or_order_by_what_it_may_not_read(town: Asking, asked: str) -> None:
    assert [code for code, _ in await town.codes(f"{{ {asked} {{ totalCount }} }}", role=Role.PUBLIC)] == ["FORBIDDEN"]


async def test_a_persons_name_cannot_be_probed_through_a_filter_on_subjects(town: Asking) -> None:
    """A holder is a person or a firm: for the public a condition on the name finds firms only."""
    for name, found in (("李某", []), (B, [A])):
        where = {"shareholders": {"some": {"holder": {"name": {"eq": name}}}}}
        assert await names(town, "enterprises", role=Role.PUBLIC, where=where) == found
    employee = {"posts": {"some": {"post": {"eq": "EMPLOYEE"}}}}
    assert await names(town, "enterprises", role=Role.PUBLIC, where=employee) == []
    assert await names(town, "enterprises", where=employee) == [C]


async def test_the_public_may_not_count_persons_by_what_it_may_not_read_wherever_they_are_listed(town: Asking) -> None:
    members = "{ keyGroups { name members { totalCount facets(by: REGION) { value count } } } }"
    (seen,) = (await town.ask(members))["keyGroups"]
    assert seen["members"] == {"totalCount": 1, "facets": [{"value": "440785", "count": 1}]}
    for role in (Role.PUBLIC, Role.SUBJECT):
        body = (await town.execute(members, role=role, subject="world:town:li")).body
        assert [each["members"]["facets"] for each in body["data"]["keyGroups"]] == [None]
        assert [each["extensions"]["code"] for each in body["errors"]] == ["FORBIDDEN"]


RENAMED = """
subjects:
  - {id: shop, kind: Enterprise, name: 旧局管店}
  - {id: body, kind: GovernmentBody, name: 江门市市场监管局, versions: [{to: 2019-01-01, name: 江门市工商局}]}
records: [{id: r, kind: PERMIT, about: shop, department: body, decidedOn: 2015-01-01}]
"""


async def test_a_department_is_counted_under_the_name_it_had_on_the_day(town: Asking) -> None:
    await town.load("renamed", RENAMED)
    found = await town.ask(
        """{ enterprise(identifier: "world:renamed:shop") {
          then: records(asOf: "2018-01-01") { nodes { department { name } } facets(by: DEPARTMENT) { label count } }
          now: records { nodes { department { name } } facets(by: DEPARTMENT) { label count } } } }"""
    )
    for place, name in (("then", "江门市工商局"), ("now", "江门市市场监管局")):
        page = found["enterprise"][place]
        assert page["facets"] == [{"label": name, "count": 1}]
        assert place == "now" or page["nodes"] == [{"department": {"name": name}}]


MOVED = "subjects:\n" + "".join(
    f"""  - {{id: m{i}, kind: Enterprise, name: 换资{i}公司,
     versions: [{{to: 2025-01-01, name: 原资{i}公司{capital}}}]}}\n"""
    for i, capital in enumerate([', registeredCapital: "9000000"', ', registeredCapital: "1"', "", "", "", ""])
)


async def test_what_has_no_value_comes_last_also_of_a_day_that_no_snapshot_answers(town: Asking) -> None:
    """Whatever the size of the page: more firms changed since than it holds, with a capital and without."""
    await town.load("moved", MOVED)
    document = """query($first: Int, $last: Int) { enterprises(asOf: "2024-06-01", first: $first, last: $last,
      orderBy: {field: REGISTERED_CAPITAL, direction: DESC}) { nodes { id registeredCapital } } }"""
    whole = (await town.ask(document, {"first": 100}))["enterprises"]["nodes"]
    capitals = [each["registeredCapital"] for each in whole]
    assert capitals == ["9000000", "1000000.5", "500", "1", *[None] * (len(whole) - 4)]
    assert len(whole) > 8
    for size in range(1, len(whole)):
        assert (await town.ask(document, {"first": size}))["enterprises"]["nodes"] == whole[:size]
        assert (await town.ask(document, {"last": size}))["enterprises"]["nodes"] == whole[-size:]
