"""Trusted documents as an operator hands them over: folders, manifests, and what is wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import get_introspection_query

from graph.codes import Role
from graph.errors import Invalid
from schema.beforehand import trust
from schema.documents import Documents
from schema.errors import NotValid
from schema.limits import limits_of
from schema.observing import Unobserved
from schema.operation import execute
from schema.reader import PUBLIC, Reader
from schema.served import build_schema
from schema.trusted import hash_of, load_trusted
from tests.schema.asking import Asking, reading
from tests.schema.test_answers import WORLD

pytestmark = pytest.mark.anyio

A, B = "{ viewer { role } }", "query B { rules { id } }"


def test_a_folder_holds_files_and_manifests(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text(A)
    (tmp_path / "relay.json").write_text(json.dumps({"b": B}))
    apollo = {"format": "apollo-persisted-query-manifest", "operations": [{"id": hash_of(B), "body": B, "name": "B"}]}
    (tmp_path / "apollo.json").write_text(json.dumps(apollo))
    (tmp_path / "notes.txt").write_text("not a document")
    found = load_trusted(tmp_path)
    assert found.by_id == {f"sha256:{hash_of(A)}": A, f"sha256:{hash_of(B)}": B, "b": B, hash_of(B): B}
    assert (found.holds(A), found.holds("{ other }"), found.find("a")) == (True, False, None)
    assert load_trusted(tmp_path / "relay.json").by_id.keys() == {"b", f"sha256:{hash_of(B)}"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "manifest"),
        ("{", "manifest"),
        ('{"a": 1}', "manifest"),
        ('{"operations": [{"id": "a"}]}', "manifest"),
        ('{"a b": "{ x }"}', "no id"),
        ('{"sha256:00": "{ x }"}', "not the hash"),
    ],
)
def test_a_wrong_manifest_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wrong.json").write_text(text)
    with pytest.raises(Invalid, match=r"wrong\.json") as refused:
        load_trusted(tmp_path)
    assert told in refused.value.message


def test_one_id_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps({"a": A}))
    (tmp_path / "2.json").write_text(json.dumps({"a": B}))
    with pytest.raises(Invalid, match=r"2\.json"):
        load_trusted(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="nowhere"):
        load_trusted(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["{ nothing }", "{", "{ " + "viewer { role } " * 60 + "}"])
def test_a_document_that_cannot_be_run_is_found_at_the_start(text: str) -> None:
    documents = Documents(build_schema()._schema, limits_of, Unobserved())
    with pytest.raises(Invalid, match=r"wrong\.graphql"):
        documents.trust({"wrong.graphql": text})


def test_what_tools_ask_of_the_schema_is_within_the_limits_of_officials() -> None:
    documents = Documents(build_schema()._schema, limits_of, Unobserved())
    documents.checked(get_introspection_query(), Reader(Role.AUDITOR))
    with pytest.raises(NotValid, match="__schema"):
        documents.checked("{ __schema { queryType { name } } }", PUBLIC)
    documents.checked('{ __type(name: "Query") { name } }', PUBLIC)


def test_a_flood_of_documents_pushes_out_no_trusted_one() -> None:
    class Counting(Unobserved):
        made = 0

        def document(self, *, reused: bool) -> None:
            self.made += not reused

    counting = Counting()
    documents = Documents(build_schema()._schema, limits_of, counting)
    documents.trust({"a": A})
    for i in range(600):
        documents.checked(f"{{ a{i}: viewer {{ role }} }}", PUBLIC)
    documents.checked(A, PUBLIC)
    assert counting.made == 600
    documents.checked("{ a0: viewer { role } }", PUBLIC)
    assert counting.made == 601


FIRM = """query Firm($id: ID!, $text: String!, $on: Date, $first: Int = 5, $measures: Boolean!) {
  organization: subject(identifier: $text, asOf: $on) { name
    ... on Organization { posts(first: $first) { nodes { post person { name } } } }
    measures @include(if: $measures) { key }
  }
  check(subject: $id, asOf: $on) { outcome measures { party { name } path { relation start { id } } } }
}"""


@pytest.mark.parametrize("role", [Role.GOVERNMENT, Role.PUBLIC])
async def test_who_asks_a_trusted_document_first_finds_its_plan(asking: Asking, role: Role) -> None:
    class Counting(Unobserved):
        made = written = 0

        def document(self, *, reused: bool) -> None:
            self.made += not reused

        def plan(self, *, reused: bool) -> None:
            self.written += not reused

    await asking.load("deeds", WORLD)
    counting = Counting()
    world = replace(asking.world, observer=counting)
    trust(world, {"firm.graphql": FIRM})
    at_start = (counting.made, counting.written)
    for given in ({}, {"on": "2019-01-01", "first": 3}):
        variables = {"id": "world:deeds:li", "text": "world:deeds:li", "measures": True, **given}
        answer = await execute(world, reading(role), FIRM, variables)
        assert answer.body["data"]["organization"] is not None, answer.body
    assert (counting.made, counting.written) == at_start
    await execute(world, reading(role), FIRM, {"id": "ent_0", "text": "x", "measures": False})
    assert counting.written == at_start[1] + 1
