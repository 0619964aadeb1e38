"""One seeded world per module, loaded by the real loader and told to the oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.store.connection import Database
from tests.oracle.compare import Comparing
from tests.oracle.resolvers import Oracle, served_schema
from tests.oracle.world import NOW, Drawn, draw
from tests.schema.asking import Asking

SEED = 20260101
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return draw(SEED)


@pytest.fixture(scope="module")
async def comparing(standing_database: Database, drawn: Drawn, tmp_path_factory: pytest.TempPathFactory) -> Comparing:
    asking = Asking(standing_database, tmp_path_factory.mktemp("worlds"))
    for file, at in drawn.files:
        asking.now = at
        await asking.load(file.stem, file.text())
    asking.now = NOW
    # Each operation is a shape the database has never seen: compared is what it answers, not how soon it is planned.
    standing_database.limits = replace(standing_database.limits, read_seconds=PATIENCE_SECONDS)
    return Comparing(asking, Oracle(drawn.world, served_schema()))
