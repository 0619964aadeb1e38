"""Readable worlds with the answers the law demands, asked over the API; written from the statutes, not from the engine.

Each `cases/NAME.yaml` is a world file, each `cases/NAME.expected.yaml` a list of questions. `measures` and `potential`
are the whole answer; `considered`, `warnings` and `gaps` must at least be there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.codes import Role
from graph.store.connection import Database
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio

CASES = sorted(
    path.name.removesuffix(".expected.yaml") for path in (Path(__file__).parent / "cases").glob("*.expected.yaml")
)
ANSWER = """
  measures { ...M } potential { ...M gaps { evidence } }
  considered { rule { id part } failed party { ...S } }
  warnings { code }
"""
FRAGMENTS = """
fragment S on Subject { id identifiers { scheme value } }
fragment M on Measure { rule { id part } definition { code } party { ...S } certainty from until }
"""
REACH = "query($id: ID!, $on: Date) { answer: reach(record: $id, asOf: $on) {" + ANSWER + "} }" + FRAGMENTS
CHECK = (
    "query($id: ID!, $on: Date, $purpose: Purpose) { answer: check(subject: $id, asOf: $on, purpose: $purpose) {"
    + f"outcome {ANSWER} }} }} {FRAGMENTS}"
)


def local(party: dict[str, Any]) -> str:
    """The local name of a party in its world: the WORLD identifier without its issuer."""
    world = next(each["value"] for each in party["identifiers"] if each["scheme"] == "WORLD")
    return str(world).split(":")[-1]


def measure(found: dict[str, Any]) -> str:
    return " ".join(
        [
            found["rule"]["id"],
            found["definition"]["code"],
            local(found["party"]),
            found["certainty"],
            found["from"],
            str(found["until"]),
        ]
    )


@pytest.mark.parametrize("case", CASES)
async def test_case_answers_as_the_law_demands(case: str, database: Database, tmp_path: Path) -> None:
    folder = Path(__file__).parent / "cases"
    asking = Asking(database, tmp_path)
    outcome = await load_file(database, folder / f"{case}.yaml", person_key=PERSON_KEY, now=NOW, today=NOW.date())
    assert outcome.rejections == ()
    for question in yaml.safe_load((folder / f"{case}.expected.yaml").read_text(encoding="utf-8")):
        kind = "reach" if "reach" in question else "check"
        variables = {"id": f"world:{case}:{question[kind]}", "on": str(question["asOf"])}
        if "purpose" in question:
            variables["purpose"] = question["purpose"]
        document = REACH if kind == "reach" else CHECK
        reply = (await asking.execute(document, variables, Role(question.get("role", "GOVERNMENT")))).body
        assert "errors" not in reply, (question, reply)
        answer = reply["data"]["answer"]
        shown: dict[str, Any] = {
            name: None if answer[name] is None else sorted(map(measure, answer[name]))
            for name in ("measures", "potential")
        }
        shown["considered"] = answer["considered"] and {
            f"{each['rule']['id']} {local(each['party'])} {each['failed']}" for each in answer["considered"]
        }
        shown["warnings"] = {each["code"] for each in answer["warnings"]}
        shown["gaps"] = {gap["evidence"] for each in answer["potential"] or () for gap in each["gaps"]}
        shown["outcome"] = answer.get("outcome")
        for name in ("measures", "potential", "outcome"):
            if name in question:
                expected = question[name]
                assert shown[name] == (sorted(expected) if isinstance(expected, list) else expected), (question, shown)
        for name in ("considered", "warnings", "gaps"):
            expected = question.get(name, [])
            if expected is None or expected == []:
                assert name not in question or not shown[name], (question, shown)
            else:
                assert set(expected) <= (shown[name] or set()), (question, shown)
