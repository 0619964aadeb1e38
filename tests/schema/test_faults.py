"""What a wrong question is answered: a stable code, the argument at fault, nothing internal."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from graph.codes import Role
from graph.store.connection import Transaction
from schema.windows import CURSOR_VERSION, SEAL
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio
UNKNOWN = "91440704YY0000028A"


@pytest.mark.parametrize(
    ("document", "argument"),
    [
        ('{ subject(identifier: "91440703YY000001XX") { id } }', "identifier"),
        ('{ subject(identifier: "江门甲贸易有限公司") { id } }', "identifier"),
        ('{ enterprise(identifier: "") { id } }', "identifier"),
        ('{ person(id: "440785190001010010") { id } }', "id"),
        ('{ record(id: "r1") { id } }', "id"),
        ('{ node(id: "91440703YY000001XU") { id } }', "id"),
        ('{ check(subject: "x") { outcome } }', "subject"),
        ("{ checks(subjects: []) { outcome } }", "subjects"),
        ('{ reach(record: "x") { complete } }', "record"),
        ('{ check(subject: "91440704YY0000028A", asOf: "2025-02-30") { outcome } }', "check.asOf"),
        ('{ check(subject: "91440704YY0000028A", asOf: "1850-01-01") { outcome } }', "check.asOf"),
        ('{ check(subject: "91440704YY0000028A", knownAt: "2025-01-01T00:00:00") { outcome } }', "check.knownAt"),
        ('{ check(subject: "91440704YY0000028A", purpose: FUN) { outcome } }', "check.purpose"),
        ("{ check(subject: null) { outcome } }", "check.subject"),
    ],
)
async def test_a_malformed_argument_is_named(asking: Asking, document: str, argument: str) -> None:
    body = (await asking.execute(document)).body
    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("BAD_USER_INPUT", argument)
    assert argument in error["message"]


@pytest.mark.parametrize(
    ("declared", "value"), [("Date", "2025-13-01"), ("DateTime", "yesterday"), ("Purpose", "FUN"), ("Date", 5)]
)
async def test_a_malformed_variable_names_the_argument_it_is_for(asking: Asking, declared: str, value: Any) -> None:
    argument = {"Date": "asOf", "DateTime": "knownAt", "Purpose": "purpose"}[declared]
    document = f'query($v: {declared}) {{ check(subject: "{UNKNOWN}", {argument}: $v) {{ outcome }} }}'
    answer = await asking.execute(document, {"v": value})
    assert answer.had_request_error
    (error,) = answer.body["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": f"check.{argument}"}


@pytest.mark.parametrize(
    "document",
    ["", "{", "{ nothing }", "{ viewer { roll } }", "query A { viewer { role } } query B { viewer { role } }"],
)
async def test_a_wrong_document_is_a_request_error_without_data(asking: Asking, document: str) -> None:
    answer = await asking.execute(document)
    assert answer.had_request_error
    assert "data" not in answer.body
    assert {each["extensions"]["code"] for each in answer.body["errors"]} == {"BAD_USER_INPUT"}


async def test_the_public_gets_no_suggestions_and_no_introspection(asking: Asking) -> None:
    official = (await asking.execute("{ viewer { roles } }")).body["errors"][0]["message"]
    public = (await asking.execute("{ viewer { roles } }", role=Role.PUBLIC)).body["errors"][0]["message"]
    assert ("Did you mean" in official, "Did you mean" in public) == (True, False)
    refused = await asking.codes("{ __schema { types { name } } }", role=Role.PUBLIC)
    assert set(refused) == {("BAD_USER_INPUT", None)}
    assert await asking.codes("{ __schema { types { name } } }") == []


async def test_an_unknown_subject_of_a_computed_field_is_null_and_not_found(asking: Asking) -> None:
    document = f"""{{
      check(subject: "{UNKNOWN}") {{ outcome }}
      checks(subjects: ["{UNKNOWN}", "x"]) {{ outcome }}
      reach(record: "rec_00000000000000000000000000") {{ complete }}
      viewer {{ role }}
    }}"""
    body = (await asking.execute(document)).body
    assert body["data"] == {"check": None, "checks": [None, None], "reach": None, "viewer": {"role": "GOVERNMENT"}}
    assert {(*each["path"], each["extensions"]["code"], each["extensions"]["argument"]) for each in body["errors"]} == {
        ("check", "NOT_FOUND", "subject"),
        ("checks", 0, "NOT_FOUND", "subjects.0"),
        ("checks", 1, "BAD_USER_INPUT", "subjects.1"),
        ("reach", "NOT_FOUND", "record"),
    }


async def test_a_malformed_id_among_nodes_does_not_empty_the_answer(asking: Asking) -> None:
    body = (await asking.execute('{ nodes(ids: ["x", "ent_00000000000000000000000000"]) { id } }')).body
    assert body["data"] == {"nodes": [None, None]}
    assert [(each["path"], each["extensions"]["argument"]) for each in body["errors"]] == [(["nodes", 0], "ids.0")]


@pytest.mark.parametrize(
    ("document", "variables", "argument"),
    [
        ("query($ids: [ID!]!) { checks(subjects: $ids) { outcome } }", {"ids": [UNKNOWN] * 101}, "subjects"),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [UNKNOWN] * 101}, "ids"),
    ],
)
async def test_too_many_ids_are_a_limit(
    asking: Asking, document: str, variables: dict[str, Any], argument: str
) -> None:
    body = (await asking.execute(document, variables)).body
    assert [each["extensions"] for each in body["errors"]] == [{"code": "LIMIT_EXCEEDED", "argument": argument}]


WORLD = """
subjects:
  - {id: firm, kind: Enterprise, name: 甲公司, uscc: 91440703YY000001XU}
  - {id: other, kind: Enterprise, name: 乙公司}
  - {id: newer, kind: Enterprise, name: 丙公司}
  - {id: li, kind: Person, name: 李某, adultOn: 1920-01-01}
posts: [{person: li, organization: firm, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}]
records:
  - {id: r1, kind: PENALTY, about: firm, decidedOn: 2018-06-01, type: FINE}
""" + "".join(f"  - {{id: o{i}, kind: PENALTY, about: other, decidedOn: 2018-06-01, type: FINE}}\n" for i in range(21))


@pytest.fixture(scope="module")
async def faults(asking: Asking) -> Asking:
    await asking.load("faults", WORLD)
    return asking


@pytest.mark.parametrize(("first", "code"), [(-1, "BAD_USER_INPUT"), (101, "LIMIT_EXCEEDED")])
async def test_pages_have_a_size(faults: Asking, first: int, code: str) -> None:
    document = """query($first: Int) {
      enterprise(identifier: "world:faults:firm") { posts(first: $first) { nodes { id } } }
    }"""
    assert await faults.codes(document, {"first": first}) == [(code, "first")]


async def test_a_cursor_of_another_field_is_refused(faults: Asking) -> None:
    document = """query($after: String) {
      enterprise(identifier: "world:faults:firm") {
        posts(first: 1) { pageInfo { endCursor } } records(first: 1, after: $after) { nodes { id } }
      }
    }"""
    cursor = (await faults.ask(document))["enterprise"]["posts"]["pageInfo"]["endCursor"]
    assert await faults.codes(document, {"after": cursor}) == [("BAD_USER_INPUT", "after")]


@pytest.mark.parametrize("field", ["records", "posts"])
async def test_a_forged_cursor_is_refused_whatever_place_it_claims(faults: Asking, field: str) -> None:
    document = f"""query($after: String) {{
      enterprise(identifier: "world:faults:firm") {{ {field}(first: 1, after: $after) {{ nodes {{ id }} }} }}
    }}"""
    for number in (2**63, 2**63 - 1, -(2**63), 0.5, "x"):
        forged = base64.urlsafe_b64encode(b"x" * SEAL + orjson.dumps([CURSOR_VERSION, number, "x"])).decode()
        assert await faults.codes(document, {"after": forged}, Role.PUBLIC) == [("BAD_USER_INPUT", "after")], number


async def test_no_computed_field_below_a_computed_field(faults: Asking) -> None:
    document = '{ check(subject: "world:faults:firm") { outcome subject { measures { key } } } }'
    body = (await faults.execute(document)).body
    assert [each["extensions"]["code"] for each in body["errors"]] == ["LIMIT_EXCEEDED"]


async def test_a_computed_field_below_a_list_has_at_most_20_parents(faults: Asking) -> None:
    document = """query($first: Int) {
      enterprise(identifier: "world:faults:other") { records(first: $first) { nodes { reaches { complete } } } }
    }"""
    allowed = await faults.ask(document, {"first": 20})
    assert allowed["enterprise"]["records"]["nodes"] == [{"reaches": {"complete": True}}] * 20
    refused = await faults.codes(document, {"first": 21})
    assert refused == [("LIMIT_EXCEEDED", None)] * 21


async def test_a_graph_that_keeps_changing_under_a_computed_field_is_a_conflict(faults: Asking) -> None:
    """A node that is newer than the neighbourhood it was found in: read once more, then refused."""

    async def write(transaction: Transaction) -> None:
        await transaction.run("MATCH (n:Enterprise {name: '丙公司'}) SET n.version = 1000000")

    await faults.database.write(write)
    newer, firm = (
        f'check(subject: "world:faults:{each}") {{ outcome subject {{ id }} }}' for each in ("newer", "firm")
    )
    document = f"{{ {newer} a: {firm} }}"
    codes = await faults.codes(document)
    assert codes == [("CONFLICT", None)]


async def test_what_is_unknown_is_masked_under_an_error_id(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def known(self, known: str, database: object) -> None:
            raise RuntimeError("bolt://user:secret@host")

    whole = asking.world.packs
    asking.world.packs = Broken()  # type: ignore[assignment]
    body = (await asking.execute("{ rules { id } }")).body
    asking.world.packs = whole
    (error,) = body["errors"]
    assert body["data"] == {"rules": None}
    assert error["extensions"] == {"code": "INTERNAL", "errorId": error["extensions"]["errorId"]}
    assert "secret" not in str(body)
    assert error["extensions"]["errorId"] in caplog.text
