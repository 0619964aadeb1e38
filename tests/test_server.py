"""The served API over HTTP, on the real database: what a stranger's client sees, right questions and wrong ones.

`client` is the whole application of one worker; worlds are loaded by the loaders, as `make serve` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from graph.periods import SHANGHAI
from graph.store.address import Address
from tests.serving import GRAPHQL, Client, serving


@pytest.fixture(scope="module")
def client(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(server, tmp_path_factory.mktemp("home")) as found:
        yield found


def test_one_firm_renamed_and_then_corrected_has_three_names(client: Client, tmp_path: Path) -> None:
    world = tmp_path / "renamed.yaml"
    text = (
        "subjects:\n  - {id: wu, kind: Enterprise, name: NEW, versions: [{to: 2021-05-01, name: 新会旧木业有限公司}]}\n"
    )
    world.write_text(text.replace("NEW", "江门误登实业有限公司"), encoding="utf-8")
    loaded = client.load(world)
    assert loaded.rejections == (), loaded.rejections
    believed = client.ask("{ viewer { role } }")["extensions"]["knownAt"]
    world.write_text(text.replace("NEW", "江门正名实业有限公司"), encoding="utf-8")
    client.load(world)
    query = """query($on: Date, $known: DateTime) {
      subject(identifier: "world:renamed:wu") { name(asOf: $on, knownAt: $known) }
    }"""
    names = [
        client.ask(query, variables)["data"]["subject"]["name"]
        for variables in (
            {"on": "2020-01-01", "known": None},
            {"on": "2022-01-01", "known": believed},
            {"on": "2022-01-01", "known": None},
        )
    ]
    assert names == ["新会旧木业有限公司", "江门误登实业有限公司", "江门正名实业有限公司"]


@pytest.mark.parametrize("role", ["PUBLIC", "GOVERNMENT", "OPERATOR", "AUDITOR", "PROFESSIONAL", "SUBJECT"])
def test_potential_and_considered_are_for_officials(client: Client, role: str) -> None:
    query = (
        '{ reach(record: "world:demo:consumption") { potential { certainty } considered { failed } } viewer { role } }'
    )
    data = client.ask(query, role=role)["data"]
    official = role in ("GOVERNMENT", "OPERATOR", "AUDITOR")
    assert data["viewer"]["role"] == role
    assert (data["reach"]["potential"] is not None) == official
    assert (data["reach"]["considered"] is not None) == official


def test_personal_documents_are_masked_for_every_role(client: Client) -> None:
    query = '{ person(id: "world:demo:li") { name identifiers { scheme value masked } } }'
    for role in ("PUBLIC", "GOVERNMENT", "OPERATOR", "AUDITOR"):
        found = client.ask(query, role=role)["data"]["person"]
        assert "440785190001010010" not in json.dumps(found)
        assert found["name"] == ("李*" if role == "PUBLIC" else "李明远")
        for each in found["identifiers"]:
            if each["scheme"] == "RESIDENT_ID":
                assert (each["value"], each["masked"]) == ("440785********0010", True)


def test_reading_personal_data_needs_a_purpose_and_a_ground(client: Client) -> None:
    query = {"query": '{ person(id: "world:demo:li") { name } }'}
    token = client.token("GOVERNMENT", purpose="", ground="")
    bare = {"Authorization": f"Bearer {token}"}
    refused = client.http.post("/graphql", json=query, headers=bare).json()
    assert [each["extensions"] for each in refused["errors"]] == [{"code": "BAD_USER_INPUT", "argument": "X-Purpose"}]
    assert "data" not in refused
    stated = client.http.post("/graphql", json=query, headers={**bare, "X-Purpose": "licence; article 34"}).json()
    assert stated["data"] == {"person": {"name": "李明远"}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{ check(subject: "world:demo:nobody") { outcome } }', [("NOT_FOUND", "subject")]),
        ('{ reach(record: "world:demo:nobody") { complete } }', [("NOT_FOUND", "record")]),
        ('{ checks(subjects: ["world:demo:acme", "world:demo:x"]) { outcome } }', [("NOT_FOUND", "subjects.1")]),
        ('{ check(subject: "91440703YY000001XX") { outcome } }', [("BAD_USER_INPUT", "subject")]),
        ('{ subject(identifier: "91440703YY000001XX") { id } }', [("BAD_USER_INPUT", "identifier")]),
        ('{ node(id: "garbage") { id } }', [("BAD_USER_INPUT", "id")]),
        ('{ subject(identifier: "李明远") { id } }', [("BAD_USER_INPUT", "identifier")]),
    ],
)
def test_a_wrong_argument_is_named(client: Client, query: str, expected: list[tuple[str, str]]) -> None:
    assert client.codes(query) == expected


def test_a_wrong_date_is_a_request_error_that_names_it(client: Client) -> None:
    ((code, argument),) = client.codes('{ check(subject: "world:demo:acme", asOf: "2025-02-30") { outcome } }')
    assert (code, str(argument).endswith("asOf")) == ("BAD_USER_INPUT", True)


def test_enterprise_by_the_identifier_of_another_kind_is_null(client: Client) -> None:
    assert client.ask('{ enterprise(identifier: "12440700YY00000601") { name } }')["data"] == {"enterprise": None}


@pytest.mark.parametrize(
    ("authorization", "told"),
    [
        ("Bearer nonsense", "UNAUTHENTICATED"),
        ("Basic eDp5", "UNAUTHENTICATED"),
        # {"alg":"none"}.{"role":"OPERATOR","exp":9999999999,"iss":"creditgraph","aud":"creditgraph"}
        (
            "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiT1BFUkFUT1IiLCJleHAiOjk5OTk5OTk5OTksImlzcyI6ImNyZWRpdGdyYXBo"
            "IiwiYXVkIjoiY3JlZGl0Z3JhcGgifQ.",
            "UNAUTHENTICATED",
        ),
    ],
)
def test_a_token_that_proves_nothing_is_refused(client: Client, authorization: str, told: str) -> None:
    reply = client.http.post(
        "/graphql", json={"query": "{ viewer { role } }"}, headers={"Authorization": authorization}
    )
    assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (401, told)


def test_an_expired_token_is_refused(client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token('OPERATOR', hours=-1)}"}
    reply = client.http.post("/graphql", json={"query": "{ viewer { role } }"}, headers=headers)
    assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe{", {}, 400),
        (b"null", {}, 400),
        (b'"x"', {}, 400),
        (b"[]", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b'{"query": "' + b"x" * 2_000_000 + b'"}', {}, 413),
    ],
)
def test_a_body_that_is_no_question_is_refused(
    client: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    reply = client.http.post("/graphql", content=body, headers={"Content-Type": "application/json", **headers})
    assert reply.status_code == status
    assert "Traceback" not in reply.text
    assert reply.json()["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "LIMIT_EXCEEDED")


def test_methods_beside_get_and_post_are_refused(client: Client) -> None:
    assert client.http.put("/graphql", content=b"{}").status_code == 405


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "https://other.example"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "X-Requested-With": "test"}, 200),
    ],
)
def test_a_get_a_page_of_another_site_could_have_made_is_refused(
    client: Client, told: dict[str, str], status: int
) -> None:
    reply = client.http.get("/graphql", params={"query": "{ viewer { role } }"}, headers=told)
    assert reply.status_code == status
    if status == 200:
        assert reply.json()["data"] == {"viewer": {"role": "PUBLIC"}}


@pytest.mark.parametrize(("media", "status"), [("application/json", 200), (GRAPHQL, 400)])
def test_status_of_a_request_error_depends_on_the_media_type(client: Client, media: str, status: int) -> None:
    reply = client.http.post("/graphql", json={"query": "{ nothing }"}, headers={"Accept": media})
    assert (reply.status_code, reply.headers["Content-Type"].split(";")[0]) == (status, media)


def test_doubling_fragments_are_weighed_once_each(client: Client) -> None:
    chain = " ".join(f"fragment F{i} on Viewer {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40))
    began = datetime.now(SHANGHAI)
    client.ask(f"{{ viewer {{ ...F0 }} }} {chain} fragment F40 on Viewer {{ role }}", role="PUBLIC")
    assert datetime.now(SHANGHAI) - began < timedelta(seconds=1)


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { role } " + " ".join(f"a{i}: viewer {{ role }}" for i in range(20)) + " }",
        "{ " + "viewer { role } " * 2000 + "}",
        "{ viewer " + "@skip(if: false) " * 60 + "{ role } }",
        "{ checks(subjects: [" + '"world:demo:acme",' * 101 + "]) { outcome } }",
        "fragment A on Viewer { ...A } { viewer { ...A } }",
    ],
)
def test_what_is_too_much_is_refused_with_a_code(client: Client, query: str) -> None:
    assert {code for code, _ in client.codes(query, role="PUBLIC")} <= {"LIMIT_EXCEEDED", "BAD_USER_INPUT"}


def test_the_public_may_not_ask_for_the_schema_and_gets_no_suggestions(client: Client) -> None:
    assert client.codes("{ __schema { types { name } } }", role="PUBLIC")[0][0] == "BAD_USER_INPUT"
    assert "Did you mean" not in json.dumps(client.ask("{ viewr { role } }", role="PUBLIC"))
    assert client.ask("{ viewer { __typename } }", role="PUBLIC")["data"] == {"viewer": {"__typename": "Viewer"}}
    assert client.ask("{ __schema { queryType { name } } }")["data"] == {"__schema": {"queryType": {"name": "Query"}}}


def test_health_metrics_and_pages_answer(client: Client) -> None:
    assert client.http.get("/health/live").json() == {"status": "live"}
    assert client.http.get("/health/ready").json() == {"status": "ready"}
    assert "creditgraph_requests_total" in client.http.get("/metrics").text
    page = client.http.get("/graphql", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert client.http.get("/").status_code == 200
    for word in page.text.split('"'):
        if word.startswith("/static/"):
            assert client.http.get(word).status_code == 200


def test_a_hidden_record_is_absent_for_the_public_and_by_id_unknown(client: Client) -> None:
    query = '{ record(id: "world:demo:conviction") { id } person(id: "world:demo:zheng") { records { totalCount } } }'
    public, official = (client.ask(query, role=role)["data"] for role in ("PUBLIC", "GOVERNMENT"))
    assert public == {"record": None, "person": {"records": {"totalCount": 0}}}
    assert (official["record"] is not None, official["person"]["records"]["totalCount"]) == (True, 1)
