"""Cases of the casebook asked over the API on a real graph: the API must say what the pure engine says.

It must not know rules. Asked here is every case with a question for a role or a purpose, the first case of every rule,
and what is of no rule (must-nots, own records, states and days); a case that awaits its rule is asked when the rule is
there. Bidders are asked about in `tests/schema`. All worlds lie in one graph, as they would in life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.connection import Database
from loaders.world.load import load
from tests.casebook import Case, Question, awaiting, casebook, compare, line, rules_of
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio

ANSWER = """
  measures { ...M } potential { ...M gaps { evidence } }
  considered { rule { id part } failed party { ...S } }
  warnings { code }
"""
FRAGMENTS = """
fragment S on Subject { id identifiers { scheme value } }
fragment M on Measure { rule { id part version } definition { code } party { ...S } certainty from until end }
"""
RULE = re.compile(r"[PQM]\d\d")
OF_NO_RULE = ("must-not", "own-records", "states-and-days")
REACH = "query($id: ID!, $on: Date) { answer: reach(record: $id, asOf: $on) {" + ANSWER + "} }" + FRAGMENTS
CHECK = (
    "query($id: ID!, $on: Date, $purpose: Purpose) { answer: check(subject: $id, asOf: $on, purpose: $purpose) {"
    + f"outcome {ANSWER} }} }} {FRAGMENTS}"
)


def chosen() -> Iterator[Case]:
    seen: set[str] = set()
    for case in casebook():
        if case.name in awaiting() or any(each.kind == "bidders" for each in case.questions):
            continue
        new = {rule for rule in rules_of(case) if RULE.fullmatch(rule)} - seen
        if (
            new
            or case.theme in OF_NO_RULE
            or any(each.purpose is not None or each.role is not Role.GOVERNMENT for each in case.questions)
        ):
            seen |= new
            yield case


CASES = tuple(chosen())


@pytest.fixture(scope="module")
async def asking(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asking:
    for case in CASES:
        outcome = await load(standing_database, case.file, case.drafts, now=NOW, today=NOW.date())
        assert outcome.rejections == ()
    return Asking(standing_database, Path(tmp_path_factory.mktemp("cases")))


def local(party: dict[str, Any]) -> str:
    """The local name of a party in its world: the WORLD identifier without its issuer."""
    world = next(each["value"] for each in party["identifiers"] if each["scheme"] == "WORLD")
    return str(world).split(":")[-1]


def measures(found: list[dict[str, Any]] | None) -> list[str] | None:
    return (
        None
        if found is None
        else sorted(
            line(
                each["rule"]["id"],
                each["definition"]["code"],
                local(each["party"]),
                each["certainty"],
                each["from"],
                each["until"],
                each["end"],
            )
            for each in found
        )
    )


async def shown(asking: Asking, case: Case, question: Question) -> dict[str, Any]:
    variables: dict[str, Any] = {"id": f"world:{case.name}:{question.target}", "on": str(question.as_of)}
    if question.purpose is not None:
        variables["purpose"] = question.purpose.value
    document = REACH if question.kind == "reach" else CHECK
    answer = (await asking.ask(document, variables, question.role))["answer"]
    return {
        "measures": measures(answer["measures"]),
        "potential": measures(answer["potential"]),
        "considered": answer["considered"]
        and {f"{each['rule']['id']} {local(each['party'])} {each['failed']}" for each in answer["considered"]},
        "warnings": {each["code"] for each in answer["warnings"]},
        "onlyGaps": {gap["evidence"] for each in answer["potential"] or () for gap in each["gaps"]},
        "gaps": {gap["evidence"] for each in answer["potential"] or () for gap in each["gaps"]},
        "outcome": answer.get("outcome"),
        "versions": sorted(
            {
                f"{each['rule']['id']} {each['rule']['version']}"
                for each in (*answer["measures"], *(answer["potential"] or ()))
            }
        ),
    }


def test_at_least_fifty_cases_are_asked_over_the_api() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_case_is_answered_over_the_api_as_by_the_engine(case: Case, asking: Asking) -> None:
    for question in case.questions:
        differences = list(compare(question, await shown(asking, case, question)))
        assert differences == [], str(question)
