"""What one tick asks for is loaded together, once, and a failure stays with its key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from schema.batching import Batch

pytestmark = pytest.mark.anyio


class Loads:
    def __init__(self) -> None:
        self.seen: list[list[int]] = []

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, str | Exception]:
        self.seen.append(list(keys))
        await asyncio.sleep(0)
        return {key: ValueError(str(key)) if key < 0 else str(key) for key in keys}


async def value(batch: Batch[int, str], key: int) -> str:
    found = batch.get(key)
    return found if isinstance(found, str) else await found


async def test_one_tick_is_one_load_of_distinct_keys() -> None:
    loads = Loads()
    batch: Batch[int, str] = Batch(loads)
    assert await asyncio.gather(*(value(batch, key) for key in (1, 2, 1, 3))) == ["1", "2", "1", "3"]
    assert loads.seen == [[1, 2, 3]]


async def test_what_is_known_is_answered_at_once_and_not_loaded_again() -> None:
    loads = Loads()
    batch: Batch[int, str] = Batch(loads)
    batch.prime(1, "primed")
    await value(batch, 2)
    assert (batch.get(1), batch.get(2), 3 in batch) == ("primed", "2", False)
    assert loads.seen == [[2]]


async def test_a_failure_stays_with_its_key_and_is_not_remembered() -> None:
    loads = Loads()
    batch: Batch[int, str] = Batch(loads)
    found = await asyncio.gather(*(value(batch, key) for key in (1, -1)), return_exceptions=True)
    assert [str(each) for each in found] == ["1", "-1"]
    assert isinstance(found[1], ValueError)
    assert (1 in batch, -1 in batch) == (True, False)


async def test_a_failed_load_fails_everyone_who_waited() -> None:
    async def broken(keys: Sequence[int]) -> Mapping[int, str | Exception]:
        raise RuntimeError("gone")

    batch: Batch[int, str] = Batch(broken)
    found = await asyncio.gather(*(value(batch, key) for key in (1, 2)), return_exceptions=True)
    assert [str(each) for each in found] == ["gone", "gone"]


async def test_what_was_refused_once_is_refused_again_and_not_loaded_again() -> None:
    loads = Loads()
    batch: Batch[int, str] = Batch(loads)
    for _ in range(2):
        with pytest.raises(ValueError, match="-1"):
            await value(batch, -1)
    assert loads.seen == [[-1]]
