"""Every rule pack that was in force stays, with the times it was."""

from __future__ import annotations

import pytest

from graph.periods import NEVER
from graph.store.connection import Database
from graph.store.packs import StoredPack, install, pack_texts
from tests.graph.store.batches import clock, digest

pytestmark = pytest.mark.anyio


def at(day: str) -> str:
    return f"{day}T09:00:00.000000+08:00"


async def test_a_pack_takes_the_place_of_the_one_before_and_may_come_back(database: Database) -> None:
    await install(database, "cn", "1", "aa", "{}", clock("2020-01-01"))
    await install(database, "cn", "2", "bb", "[]", clock("2021-01-01"))
    await install(database, "cn", "1", "aa", "{}", clock("2022-01-01"))
    assert await pack_texts(database) == [
        StoredPack("aa", "cn", "1", "{}", at("2020-01-01"), at("2021-01-01")),
        StoredPack("bb", "cn", "2", "[]", at("2021-01-01"), at("2022-01-01")),
        StoredPack("aa", "cn", "1", "{}", at("2022-01-01"), NEVER),
    ]


async def test_the_pack_in_force_installed_again_writes_nothing(database: Database) -> None:
    await install(database, "cn", "1", "aa", "{}", clock("2020-01-01"))
    before = await digest(database)
    await install(database, "cn", "1", "aa", "{}", clock("2021-01-01"))
    assert await digest(database) == before
