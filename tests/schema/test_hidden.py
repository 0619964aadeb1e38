"""Hidden stays hidden: two worlds that differ only in what a reader may not read answer him alike, to the byte."""

from __future__ import annotations

from datetime import datetime

import pytest

from graph.codes import Role
from graph.periods import SHANGHAI
from tests.schema.asking import NOW, Asking
from tests.schema.hidden import stand, unlike

pytestmark = pytest.mark.anyio

PERSON = "subjects:\n  - {{id: li, kind: Person, name: {name}, versions: [{{to: 2016-01-01, name: 李旧}}]}}\n"
PAST = """{ person(id: "world:corrected:li") {
  name formerNames { name } timeline { totalCount nodes { kind } }
} }"""


@pytest.fixture(scope="module")
async def standing(asking: Asking) -> Asking:
    await stand(asking)
    return asking


@pytest.mark.parametrize("seed", [0, 4])  # the public; more with `python -m tests.schema.hidden`
async def test_what_is_hidden_changes_no_answer_and_no_cursor(standing: Asking, seed: int) -> None:
    assert await unlike(standing, seed) == []


async def test_changes_and_corrections_of_a_persons_name_are_not_told_to_the_public(asking: Asking) -> None:
    for year, name in ((2024, "李误"), (2025, "李某")):
        asking.now = datetime(year, 1, 1, tzinfo=SHANGHAI)
        await asking.load("corrected", PERSON.format(name=name))
    asking.now = NOW
    assert (await asking.ask(PAST, role=Role.PUBLIC))["person"] == {
        "name": "李*",
        "formerNames": [],
        "timeline": {"totalCount": 0, "nodes": []},
    }
    assert (await asking.ask(PAST))["person"] == {
        "name": "李某",
        "formerNames": [{"name": "李旧"}],
        "timeline": {"totalCount": 2, "nodes": [{"kind": "NAME"}, {"kind": "CORRECTED"}]},
    }
