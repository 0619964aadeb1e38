"""The served API answers as plain Python over plain data does: every role, date, filter, order and page."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.oracle.compare import Comparing
from tests.oracle.operations import Operations
from tests.oracle.world import Drawn

pytestmark = pytest.mark.anyio

OPERATIONS = 200
SEED = 1
SHOWN = 5


async def test_generated_operations_are_answered_as_the_oracle_answers(comparing: Comparing, drawn: Drawn) -> None:
    operations = islice(Operations(comparing.oracle.schema, drawn, SEED), OPERATIONS)
    differences = [each async for each in comparing.differences(operations)]
    found = [await comparing.smallest(each) for each in differences[:SHOWN]]
    assert not found, "\n\n".join(map(str, found))
