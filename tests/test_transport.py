"""What HTTP adds to an answer: trusted documents, tags, compression, cost, traces and figures."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import INVALID_SPAN, Span, Tracer, TracerProvider, set_tracer_provider

from graph.store.address import Address
from schema.trusted import hash_of
from tests.serving import GRAPHQL, Client, serving

ROLE = "query Role { viewer { role } }"
NAME = 'query Name { enterprise(identifier: "91440703YY000001XU") { name } }'
CHANGING = "mutation Change { viewer { role } }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "role.graphql").write_text(ROLE, encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"name-1": NAME}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(server: Address, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(server, tmp_path_factory.mktemp("home"), documents=folder) as found:
        yield found


def persisted(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": f"sha256:{hash_of(ROLE)}"},
        {"extensions": persisted(ROLE)},
        {"query": ROLE, "extensions": persisted(ROLE)},
        {"query": ROLE},
    ],
)
def test_a_trusted_document_is_asked_for_by_its_id(client: Client, asked: dict[str, Any]) -> None:
    posted = client.http.post("/graphql", json=asked).json()
    parameters = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    got = client.http.get("/graphql", params=parameters).json()
    assert posted["data"] == got["data"] == {"viewer": {"role": "PUBLIC"}}


def test_a_manifest_names_its_documents(client: Client) -> None:
    reply = client.http.get("/graphql", params={"documentId": "name-1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.json()["data"] == {"enterprise": {"name": "江门甲贸易有限公司"}}


@pytest.mark.parametrize(
    ("asked", "code", "argument"),
    [
        ({"documentId": "sha256:0"}, "NOT_FOUND", "documentId"),
        ({"extensions": persisted("{ nobody }")}, "NOT_FOUND", None),
        ({"query": ROLE, "extensions": persisted("{ other }")}, "BAD_USER_INPUT", "extensions"),
        (
            {"query": ROLE, "extensions": {"persistedQuery": {"version": 2}}},
            "BAD_USER_INPUT",
            "extensions.persistedQuery.sha256Hash",
        ),
        ({"query": ROLE, "documentId": "name-1"}, "BAD_USER_INPUT", "documentId"),
        ({"documentId": 5}, "BAD_USER_INPUT", "documentId"),
    ],
)
def test_a_document_that_is_not_known_is_refused(
    client: Client, asked: dict[str, Any], code: str, argument: str | None
) -> None:
    reply = client.http.post("/graphql", json=asked, headers={"Accept": GRAPHQL})
    (error,) = reply.json()["errors"]
    assert (reply.status_code, error["extensions"]["code"]) == (400, code)
    assert error["extensions"].get("argument") == argument
    if "persistedQuery" in str(asked) and code == "NOT_FOUND":
        assert error["message"] == "PersistedQueryNotFound"  # by this word Apollo's client sends the text


def test_a_get_changes_nothing(client: Client) -> None:
    reply = client.http.get("/graphql", params={"query": CHANGING})
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


def test_an_answer_is_known_again_by_its_tag(client: Client, tmp_path: Path) -> None:
    def get(query: str, role: str = "PUBLIC", **headers: str) -> Any:
        return client.http.get("/graphql", params={"query": query}, headers={**client.headers(role), **headers})

    first = get(NAME)
    tag = first.headers["ETag"]
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
    assert {"Authorization", "Accept"} <= {each.strip() for each in first.headers["Vary"].split(",")}
    again = get(NAME, **{"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert get(NAME, "GOVERNMENT").headers["ETag"] != tag
    assert get(NAME, Accept=GRAPHQL).headers["ETag"] != tag
    assert get(NAME.replace("name }", "id }")).headers["ETag"] != tag
    checking = '{ check(subject: "world:demo:acme") { outcome } }'
    checked = get(checking).headers["ETag"]
    assert get(checking, **{"If-None-Match": checked}).status_code == 304
    world = tmp_path / "later.yaml"
    world.write_text("subjects: [{id: later, kind: Enterprise, name: 江门后来有限公司}]\n", encoding="utf-8")
    assert client.load(world).rejections == ()
    assert get(checking, **{"If-None-Match": checked}).status_code == 200  # it says of which version of the graph it is


def test_what_is_wrong_or_audited_has_no_tag(client: Client) -> None:
    for query, role in (("{ nothing }", "PUBLIC"), ('{ person(id: "world:demo:li") { name } }', "GOVERNMENT")):
        reply = client.http.get("/graphql", params={"query": query}, headers=client.headers(role))
        assert ("ETag" in reply.headers, reply.headers["Cache-Control"]) == (False, "no-store")
    assert "ETag" not in client.http.post("/graphql", json={"query": NAME}).headers


def test_large_answers_are_compressed_for_who_can_read_them(client: Client) -> None:
    large = "{ rules { id part title basis { document article } } }"
    with client.http.stream("POST", "/graphql", json={"query": large}, headers={"Accept-Encoding": "gzip"}) as reply:
        packed = b"".join(reply.iter_raw())
    plain = client.http.post("/graphql", json={"query": large}, headers={"Accept-Encoding": "identity"})
    assert reply.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert json.loads(gzip.decompress(packed))["data"] == plain.json()["data"]
    assert len(packed) * 3 < len(plain.content)
    assert "Accept-Encoding" in reply.headers["Vary"]
    small = client.http.post("/graphql", json={"query": ROLE}, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers


def test_cost_is_told_on_request_and_counts_variables(client: Client) -> None:
    query = """query Firm($first: Int = 3) {
      enterprise(identifier: "91440703YY000001XU") { records(first: $first) { nodes { id } } }
    }"""

    def cost(variables: dict[str, Any]) -> Any:
        asked = {"query": query, "variables": variables, "extensions": {"cost": True}}
        return client.http.post("/graphql", json=asked).json()["extensions"]["cost"]

    # 1 for the firm, 2 for each of the page: its place and the node in it
    assert cost({}) == {"requested": 1 + 3 * 2, "limit": 5000}
    assert cost({"first": 10}) == {"requested": 1 + 10 * 2, "limit": 5000}
    assert "cost" not in client.ask(query)["extensions"]


def test_what_is_too_dear_with_its_variables_is_refused(client: Client) -> None:
    query = """query($ids: [ID!]!, $first: Int) {
      nodes(ids: $ids) { ... on Enterprise { records(first: $first) { nodes { id department { name } } } } }
    }"""
    ids = ["ent_00000000000000000000000000"]
    assert client.ask(query, {"ids": ids, "first": 100}, "PUBLIC")["data"] == {"nodes": [None]}
    (refused,) = client.ask(query, {"ids": ids * 100, "first": 100}, "PUBLIC")["errors"]
    assert refused["extensions"] == {"code": "LIMIT_EXCEEDED", "argument": "cost"}


def test_a_request_keeps_its_id(client: Client) -> None:
    told = client.http.post("/graphql", json={"query": ROLE}, headers={"X-Request-Id": "a-1"}).headers["X-Request-Id"]
    made = client.http.post("/graphql", json={"query": ROLE}, headers={"X-Request-Id": "a b"}).headers["X-Request-Id"]
    assert (told, bool(re.fullmatch("[0-9a-f]{16}", made))) == ("a-1", True)


class Recording(TracerProvider):
    """What an operator's SDK would be told: each span below which other."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str | None]] | None = None

    def get_tracer(self, *_: Any, **__: Any) -> Tracer:
        return RecordingTracer(self)


@dataclass
class RecordingTracer(Tracer):
    provider: Recording
    above: ContextVar[str | None] = field(default_factory=lambda: ContextVar("above", default=None))

    def start_span(self, name: str, *_: Any, **__: Any) -> Span:
        raise NotImplementedError

    @contextmanager
    def start_as_current_span(self, name: str, *_: Any, **__: Any) -> Iterator[Span]:  # type: ignore[override]
        if self.provider.spans is not None:
            self.provider.spans.append((name, self.above.get()))
        token = self.above.set(name)
        try:
            yield INVALID_SPAN
        finally:
            self.above.reset(token)


def test_a_trace_shows_where_the_time_goes(client: Client) -> None:
    provider = Recording()
    set_tracer_provider(provider)
    provider.spans = []
    client.ask(NAME.replace("Name", "Traced"), role="PUBLIC")
    found, provider.spans = provider.spans, None
    request = "POST /graphql"
    asked = [each for each in found if each[1] is not None or each[0] == request]  # beside what warms the server up
    assert [each for each in asked if each[0] != "statement"] == [
        (request, None),
        ("parse", request),
        ("validate", request),
        ("execute", request),
        ("plan", "execute"),
        ("serialise", request),
    ]
    assert {above for name, above in asked if name == "statement"} == {"execute"}


def test_figures_count_what_was_done(client: Client) -> None:
    def figures() -> dict[str, float]:
        lines = client.http.get("/metrics").text.splitlines()
        return {each.rsplit(" ", 1)[0]: float(each.rsplit(" ", 1)[1]) for each in lines if not each.startswith("#")}

    before = figures()
    fresh = NAME.replace("Name", "Fresh")
    for _ in range(3):
        client.ask(fresh, role="PUBLIC")
    grown = {name: value - before.get(name, 0) for name, value in figures().items()}
    assert grown['creditgraph_documents_total{kept="miss"}'] == 1
    assert grown['creditgraph_documents_total{kept="hit"}'] == 2
    assert grown['creditgraph_plan_cache_total{kept="miss"}'] == grown["creditgraph_plans_kept"] == 1
    assert grown['creditgraph_plan_cache_total{kept="hit"}'] == 2
    assert grown['creditgraph_statements_total{access="read"}'] >= 3
    assert grown["creditgraph_rows_total"] >= 3
    assert grown['creditgraph_operations_total{role="PUBLIC"}'] == 3
    assert {
        "creditgraph_loop_lag_seconds_count",
        "creditgraph_plans_kept",
        "creditgraph_plan_seconds_count",
        'creditgraph_statement_seconds_count{access="read"}',
    } <= grown.keys()
