"""One served world per module, on the suite's server."""

from __future__ import annotations

import pytest

from graph.store.connection import Database
from tests.schema.asking import Asking


@pytest.fixture(scope="module")
async def asking(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asking:
    return Asking(standing_database, tmp_path_factory.mktemp("worlds"))
