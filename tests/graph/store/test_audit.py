"""A read of a person's data is on record before its answer leaves, and a record that was touched shows."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from graph.errors import GraphError, Unavailable
from graph.store.address import Address
from graph.store.audit import APPEND, MOST_EVENTS, AuditEvent, AuditLog, broken_link, chain
from graph.store.connection import ConnectionLimits, Database, Transaction
from tests.bolt_proxy import bolt_proxy
from tests.graph.store.batches import clock

pytestmark = pytest.mark.anyio


def read_of(*persons: str) -> AuditEvent:
    return AuditEvent("GOVERNMENT", "市监局", None, "核查", "行政许可法 第三十四条", "check", persons)


async def test_an_event_is_stored_with_ids_only_when_record_returns(database: Database) -> None:
    log = AuditLog(database, "w1", clock=lambda: clock("2026-01-01"))
    id = await log.record(read_of("per_1", "per_2"))
    (event,) = await chain(database, "w1")
    assert len(event.pop("hash")) == 64
    assert event == {
        "id": id,
        "at": "2026-01-01T09:00:00.000000+08:00",
        "worker": "w1",
        "sequence": 1,
        "previous": "0" * 64,
        "role": "GOVERNMENT",
        "department": "市监局",
        "purpose": "核查",
        "ground": "行政许可法 第三十四条",
        "operation": "check",
        "persons": ["per_1", "per_2"],
    }


class Counting(Database):
    writes = 0

    async def put(self, statement: str, parameters: Any) -> None:
        self.writes += 1
        await super().put(statement, parameters)


async def test_events_of_one_moment_are_one_write_and_one_chain(database: Database, server: Address) -> None:
    counting = Counting(lambda: server)
    try:
        log = AuditLog(counting, "w1")
        ids = await asyncio.gather(*(log.record(read_of(f"per_{i}")) for i in range(40)))
        assert counting.writes == 1
        await asyncio.gather(*(log.record(read_of("per_x")) for _ in range(MOST_EVENTS + 1)))
        assert counting.writes == 3
    finally:
        await counting.close()
    events = await chain(database, "w1")
    assert [event["id"] for event in events[:40]] == ids
    assert len(events) == 41 + MOST_EVENTS
    assert broken_link(events) is None


async def test_the_chain_goes_on_after_a_restart_and_beside_another_process(database: Database) -> None:
    first, second = AuditLog(database, "w1"), AuditLog(database, "w1")
    await first.record(read_of("per_1"))
    await second.record(read_of("per_2"))
    await first.record(read_of("per_3"))  # does not know of the second's event
    events = await chain(database, "w1")
    assert [event["persons"] for event in events] == [["per_1"], ["per_2"], ["per_3"]]
    assert broken_link(events) is None


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (e:AuditEvent {sequence: 2}) SET e.persons = ['per_9']",
        "MATCH (e:AuditEvent {sequence: 2}) DELETE e",
        "MATCH (e:AuditEvent {sequence: 2}) REMOVE e.department",
        "MATCH (e:AuditEvent {sequence: 2}) SET e.at = '2020-01-01T00:00:00.000000+08:00'",
    ],
)
async def test_a_touched_chain_shows_where(database: Database, damage: str) -> None:
    log = AuditLog(database, "w1")
    for i in range(3):
        await log.record(read_of(f"per_{i}"))

    async def touch(transaction: Transaction) -> None:
        await transaction.run(damage)

    await database.write(touch)
    assert broken_link(await chain(database, "w1")) == 2


async def test_an_event_whose_answer_was_lost_is_recorded_once(database: Database, server: Address) -> None:
    """The connection goes between the commit and its answer, so the statement is sent again."""
    place = urlsplit(server.uri)
    async with bolt_proxy(place.hostname or "", place.port or 7687) as proxy:
        through = Database(lambda: replace(server, uri=proxy.uri))
        try:
            log = AuditLog(through, "w1")
            first = await log.record(read_of("per_1"))
            proxy.delay = 60.0
            recording = asyncio.create_task(log.record(read_of("per_2")))
            while len(await chain(database, "w1")) < 2:  # noqa: ASYNC110  # a server tells nobody
                await asyncio.sleep(0.02)
            proxy.delay = 0.0
            proxy.hang_up()
            second = await recording
        finally:
            await through.close()
    assert [text for text in proxy.statements if "MERGE" in text] == [APPEND] * 3
    assert [event["id"] for event in await chain(database, "w1")] == [first, second]


async def test_without_a_database_nobody_is_told_that_it_is_on_record() -> None:
    nowhere = Database(
        lambda: Address("bolt://127.0.0.1:1", "neo4j", "none"), limits=ConnectionLimits(retry_seconds=0.2)
    )
    try:
        log = AuditLog(nowhere, "w1")
        began = time.monotonic()
        answers = await asyncio.gather(*(log.record(read_of("per_1")) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in answers] == [Unavailable] * 3
        assert time.monotonic() - began < 3
    finally:
        await nowhere.close()


class Fails(Database):
    async def put(self, statement: str, parameters: Any) -> None:
        raise GraphError("no")


async def test_any_refusal_of_the_database_is_unavailable_and_the_next_event_is_tried(
    database: Database, server: Address
) -> None:
    failing = Fails(lambda: server)
    try:
        log = AuditLog(failing, "w1")
        for _ in range(2):
            with pytest.raises(Unavailable):
                await log.record(read_of("per_1"))
    finally:
        await failing.close()
    assert await chain(database, "w1") == []


async def test_a_reader_who_leaves_takes_nobody_along(database: Database) -> None:
    log = AuditLog(database, "w1")
    leaving, staying = (asyncio.create_task(log.record(read_of(each))) for each in ("per_1", "per_2"))
    await asyncio.sleep(0)
    leaving.cancel()
    id = await staying
    events = await chain(database, "w1")
    assert [event["persons"] for event in events] == [["per_1"], ["per_2"]]  # it was read, so it stays on record
    assert events[-1]["id"] == id
