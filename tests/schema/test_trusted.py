"""Trusted documents as an operator hands them over: folders, manifests, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import get_introspection_query

from graph.codes import Role
from graph.errors import Invalid
from schema.documents import Documents
from schema.errors import NotValid
from schema.limits import limits_of
from schema.observing import Unobserved
from schema.reader import PUBLIC, Reader
from schema.served import build_schema
from schema.trusted import hash_of, load_trusted

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
