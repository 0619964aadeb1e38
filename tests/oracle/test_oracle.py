"""The served API answers as plain Python over plain data does: every role, date, filter, order and page."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store import search, statistics
from loaders.world.load import rehearse_file
from schema.documents import Documents
from tests.conftest import PERSON_KEY
from tests.oracle.compare import Comparing, Tally
from tests.oracle.mutants import ASKED, FOLLOWED, MUTANTS, SHAPES, Mutant
from tests.oracle.operations import Operation
from tests.oracle.reading import Asker
from tests.oracle.resolvers import Oracle, served_schema
from tests.oracle.supply import SHARES, TIMED_OUT, Operations
from tests.oracle.varying import with_others
from tests.oracle.world import NOW, Drawn, draw

pytestmark = pytest.mark.anyio

# What is drawn is a statement or several that the database plans for the first time, half a second of it; with other
# values it has the plan. `python -m bench oracle` compares 2,000.
COMPARED = 200
TIMES = 4  # each that is drawn
ANSWERED = 400  # by the oracle alone, which takes no time
SEED = 10
SHOWN = 5  # differences, made small
MANY = 1_000  # drawn, not asked


async def test_generated_operations_are_answered_as_the_oracle_answers(comparing: Comparing, drawn: Drawn) -> None:
    drawing = Operations(comparing.oracle.schema, drawn, SEED)
    operations = islice(with_others(drawing, drawn, TIMES, SEED), COMPARED)
    differences = [each async for each in comparing.differences(operations)]
    found = [await comparing.smallest(each) for each in differences[:SHOWN]]
    assert not found, "\n\n".join(map(str, found))
    tally = comparing.tally
    print(tally)
    assert len(tally.timed_out) <= COMPARED * TIMED_OUT, tally.timed_out
    assert tally.asked + tally.over_limits + len(tally.timed_out) == COMPARED
    assert {tag: tally.share(tag) >= share for tag, share in SHARES.items()} == dict.fromkeys(SHARES, True), tally


def asked(*names: str) -> list[Operation]:
    """By the public and by an official."""
    return [
        Operation(ASKED[name], variables, Asker(role), FOLLOWED.get(name))
        for name in names
        for role in (Role.PUBLIC, Role.GOVERNMENT)
        for variables in (SHAPES if name == "two shapes" else ({},))
    ]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.fault)
async def test_a_fault_of_the_planner_is_found(
    mutant: Mutant, comparing: Comparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked is answered rightly by the planner as it is; the first difference is enough."""
    monkeypatch.setattr(mutant.holder, mutant.name, mutant.of(getattr(mutant.holder, mutant.name)))
    monkeypatch.setattr(statistics, "_statement", statistics._statement.__wrapped__)  # made anew, and not kept
    monkeypatch.setattr(search, "_page", search._page.__wrapped__)
    world = comparing.asking.world
    monkeypatch.setitem(vars(world), "documents", Documents(world.schema._schema, world.limits_of, world.observer))
    for each in asked(*mutant.asks):
        if await comparing.difference(each) is not None:
            return
    pytest.fail("not found")


async def test_what_finds_the_faults_is_answered_as_the_oracle_answers(comparing: Comparing) -> None:
    assert [str(each) async for each in comparing.differences(asked(*ASKED))] == []


@pytest.mark.parametrize("seed", range(5, 13))
def test_a_world_is_one_that_can_be_loaded(seed: int, tmp_path: Path) -> None:
    refused: list[Any] = []
    for file, _ in draw(seed).files:
        path = tmp_path / f"{file.stem}.yaml"
        path.write_text(file.text(), encoding="utf-8")
        refused += rehearse_file(path, person_key=PERSON_KEY).rejections
    assert refused == []


def test_operations_are_as_various_as_they_should_be(drawn: Drawn) -> None:
    oracle, tally = Oracle(drawn.world, served_schema()), Tally()
    for each in islice(with_others(Operations(oracle.schema, drawn, SEED), drawn, TIMES, SEED), ANSWERED):
        given = each.variables if each.follow is None else {**each.variables, each.follow.variable: None}
        tally.note(each, [oracle.execute(each.document, given, each.asker, NOW)])
    assert {tag: tally.share(tag) >= share for tag, share in SHARES.items()} == dict.fromkeys(SHARES, True), tally


def test_every_field_and_argument_of_the_covered_schema_is_asked(drawn: Drawn) -> None:
    drawing = Operations(served_schema(), drawn, SEED)
    for _ in islice(drawing, MANY):
        pass
    assert drawing.missing() == []
