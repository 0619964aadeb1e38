"""A deployment in production settings: trusted documents, no IDE, and none of the findings of graphql-cop.

Each check is one of graphql-cop's (dolevf/graphql-cop, lib/tests), as it asks and as it judges.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.store.address import Address
from schema.trusted import hash_of
from tests.serving import GRAPHQL, Client, serving

ROLE = "query Role { viewer { role } }"
IDES = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground", "graphql-explorer")


@pytest.fixture(scope="module")
def client(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "role.graphql").write_text(ROLE, encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    with serving(server, home, mode="production", documents=folder, trusted_only=False) as found:
        yield found


def post(client: Client, query: str) -> Any:
    return client.http.post("/graphql", json={"query": query}).json()


def test_aliases_do_not_multiply(client: Client) -> None:
    answer = post(client, "query cop { " + " ".join(f"alias{i}:__typename" for i in range(101)) + " }")
    assert "alias100" not in (answer.get("data") or {})


def test_arrays_are_not_batches(client: Client) -> None:
    reply = client.http.post("/graphql", json=[{"query": "query cop { __typename }"}] * 10)
    assert (reply.status_code, isinstance(reply.json(), list)) == (400, False)


def test_introspection_does_not_go_round(client: Client) -> None:
    circular = "query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name "
    answer = post(client, circular + "} } } } } } } } } } }")
    assert "data" not in answer


def test_directives_do_not_multiply(client: Client) -> None:
    answer = post(client, "query cop { __typename " + "@aa" * 10 + " }")
    assert len(answer["errors"]) < 10


def test_fields_do_not_multiply(client: Client) -> None:
    answer = post(client, "query cop { " + "__typename \n" * 500 + " }")
    assert "data" not in answer


def test_nothing_is_suggested(client: Client) -> None:
    for query in ("query cop { __schema { directive } }", "{ viewr { role } }", "{ viewer { rol } }"):
        assert "Did you mean" not in json.dumps(post(client, query))


@pytest.mark.parametrize("query", ["query cop { __typename }", "mutation cop { __typename }"])
def test_by_get_only_what_is_trusted_is_asked(client: Client, query: str) -> None:
    answer = client.http.get("/graphql", params={"query": query})
    assert "data" not in answer.json()
    strict = client.http.get("/graphql", params={"query": query}, headers={"Accept": GRAPHQL})
    assert 400 <= strict.status_code < 500
    trusted = client.http.get("/graphql", params={"documentId": f"sha256:{hash_of(ROLE)}"})
    assert trusted.json()["data"] == {"viewer": {"role": "PUBLIC"}}


@pytest.mark.parametrize("path", ["/graphql", "/graphiql", "/playground", "/console"])
def test_no_ide_is_shown(client: Client, path: str) -> None:
    reply = client.http.get(path, headers={"Accept": "text/html"})
    assert [each for each in IDES if each in reply.text] == []


def test_introspection_is_closed_and_a_type_by_its_name_is_not(client: Client) -> None:
    assert "data" not in post(client, "query cop { __schema { types { name fields { name } } } }")
    assert post(client, '{ __type(name: "Viewer") { name } }')["data"] == {"__type": {"name": "Viewer"}}


def test_a_form_is_no_question(client: Client) -> None:
    for method in (client.http.post, client.http.put):
        assert method("/graphql", data={"query": "query cop { __typename }"}).status_code in (405, 415)


def test_nothing_is_traced_and_no_exception_shown(client: Client) -> None:
    assert "tracing" not in json.dumps(post(client, "query cop { __typename }"))
    answer = post(client, "qwerty cop { abc }")
    assert "exception" not in json.dumps(answer)
    assert "Traceback" not in json.dumps(answer)


def test_the_public_can_be_kept_to_trusted_documents(
    client: Client, server: Address, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tmp_path / "role.graphql").write_text(ROLE, encoding="utf-8")
    home = tmp_path_factory.mktemp("kept")
    with serving(server, home, mode="production", documents=tmp_path, trusted_only=True) as kept:
        assert kept.ask(ROLE, role="PUBLIC")["data"] == {"viewer": {"role": "PUBLIC"}}
        assert kept.codes("{ viewer { role } }", role="PUBLIC") == [("FORBIDDEN", "documentId")]
        assert kept.ask("{ viewer { role } }", role="AUDITOR")["data"] == {"viewer": {"role": "AUDITOR"}}
