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


async def test_generated_operations_are_answered_as_the_oracle_answers(comparing: Comparing, drawn: Drawn) -> None:
    found = []
    for operation in islice(Operations(comparing.oracle.schema, drawn, SEED), OPERATIONS):
        difference = await comparing.difference(operation)
        if difference is not None:
            found.append(await comparing.smallest(difference))
    assert not found, "\n\n".join(map(str, found))
