"""The served API answers as plain Python over plain data does: every role, date, filter, order and page."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.oracle.compare import Comparing
from tests.oracle.operations import Operations
from tests.oracle.resolvers import served_schema
from tests.oracle.world import Drawn

pytestmark = pytest.mark.anyio

OPERATIONS = 200
SEED = 1
SHOWN = 5  # differences, made small
MANY = 8_000  # drawn, not asked
# What the operations must be like, as counted from their answers.
SHARES = {
    "lists": 0.65,
    "filter": 0.3,
    "nested": 0.2,
    "backward": 0.2,
    "fragments": 0.2,
    "past": 0.2,
    "aliases": 0.2,
    "errors": 0.1,
}
TIMED_OUT = 0.02  # of a busy machine


async def test_generated_operations_are_answered_as_the_oracle_answers(comparing: Comparing, drawn: Drawn) -> None:
    operations = islice(Operations(comparing.oracle.schema, drawn, SEED), OPERATIONS)
    differences = [each async for each in comparing.differences(operations)]
    found = [await comparing.smallest(each) for each in differences[:SHOWN]]
    assert not found, "\n\n".join(map(str, found))
    tally = comparing.tally
    assert {tag: tally.share(tag) >= share for tag, share in SHARES.items()} == dict.fromkeys(SHARES, True), tally
    assert len(tally.timed_out) <= OPERATIONS * TIMED_OUT, tally.timed_out


def test_every_field_and_argument_of_the_covered_schema_is_asked(drawn: Drawn) -> None:
    drawing = Operations(served_schema(), drawn, SEED)
    for _ in islice(drawing, MANY):
        pass
    assert drawing.expected() - drawing.used.keys() == set()
