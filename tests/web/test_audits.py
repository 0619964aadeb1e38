"""The served API and its printed schema before the judges of the GraphQL world: graphql-http's audits, graphql-eslint.

They are programs for Node.js, installed by this folder's conftest.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from graph.store.address import Address
from schema.__main__ import COMMITTED
from tests.serving import prepared_home, running

HERE = Path(__file__).parent
ESLINT = "--no-inline-config --format json --stdin --stdin-filename schema.graphql"
# What the contract decides otherwise, and the rule cannot be told: names people know, `viewer`, who always is, and the
# events of a timeline, which are values about a node.
DECIDED = {
    ("relay-edge-types", "Edge type's field `node` must implement `Node` interface."),
    ("no-typename-prefix", 'Field "accidentGrade" starts with the name of the parent type "Accident"'),
    ("no-typename-prefix", 'Field "permitKind" starts with the name of the parent type "Permit"'),
    ("no-typename-prefix", 'Field "post" starts with the name of the parent type "Post"'),
    ("require-nullable-result-in-root", 'Unexpected non-null result type "Viewer" in type "Query"'),
}


def audited(node: str, url: str) -> list[dict[str, Any]]:
    done = subprocess.run([node, "audit.mjs", url], cwd=HERE, check=True, capture_output=True, text=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_in_development_every_audit_of_graphql_over_http_is_met(node: str, server: Address, tmp_path: Path) -> None:
    with running(server, prepared_home(server, tmp_path)) as served:
        results = audited(node, served.url)
    assert ([each for each in results if each["status"] != "ok"], len(results)) == ([], 61)


def test_in_production_only_what_it_does_not_offer_is_missing(node: str, server: Address, tmp_path: Path) -> None:
    """Any document by GET: three audits that say MAY."""
    with running(server, prepared_home(server, tmp_path), "--mode", "production") as served:
        results = audited(node, served.url)
    missed = [each for each in results if each["status"] != "ok"]
    assert {each["name"].split()[0] for each in missed} <= {"MAY"}
    assert (len(results), len(results) - len(missed) >= 58) == (61, True)


def test_the_printed_schema_is_clean(node: str) -> None:
    done = subprocess.run(
        [node, "node_modules/eslint/bin/eslint.js", *ESLINT.split()],
        cwd=HERE,
        env={**os.environ, "SCHEMA": str(COMMITTED)},
        input=COMMITTED.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    (result,) = json.loads(done.stdout)
    found = {(each["ruleId"].removeprefix("@graphql-eslint/"), each["message"].strip()) for each in result["messages"]}
    assert found == DECIDED
