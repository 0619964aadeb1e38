"""A process answers by the packs of its graph, and says so where it cannot read one."""

from __future__ import annotations

import pytest

from graph.errors import Unavailable
from graph.rules import load
from graph.store.connection import Database
from graph.store.packs import install
from schema.packs import Packs
from tests.graph.store.batches import clock

pytestmark = pytest.mark.anyio


async def test_a_kept_pack_that_this_version_cannot_read_is_told_and_not_answered_by(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await install(database, "cn-credit", "1", "aa", '{"a.toml": "[[rule]]"}', clock("2020-01-01"))
    for digest in ("aa", "bb"):  # one that is there, and one that is not
        with pytest.raises(Unavailable) as refused:
            await Packs(load()).of(digest, database)
        assert refused.value.message == "规则包不可用 · the rule pack is not available"
    assert [each.getMessage().partition(":")[0] for each in caplog.records] == ["rule pack aa is not read"]


async def test_a_kept_pack_answers_by_its_own_rules(database: Database) -> None:
    other = load("ofac50")
    await install(database, other.name, other.version, other.digest, other.text, clock("2020-01-01"))
    assert (await Packs(load()).of(other.digest, database)).rules == other.rules
