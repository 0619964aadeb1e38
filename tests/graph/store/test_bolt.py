"""A server on this machine is read through connections of our own, any other through the driver: nobody can tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from graph.errors import Conflict, GraphError, TimedOut, Unavailable
from graph.store.address import Address
from graph.store.bolt import CHUNK, is_near
from graph.store.connection import ConnectionLimits, Database
from tests.bolt_proxy import bolt_proxy

pytestmark = pytest.mark.anyio
SLOW = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(a + b) AS slow"
CREATING = "UNWIND $of AS n CREATE (:AuditEvent {id: 'aud_' + n, worker: 'w', sequence: n})"
RUNNING = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH $text RETURN count(*) AS n"
TEXTS = ["", "一", "a" * 15, "a" * 16, "b" * 255, "b" * 256, "字" * 30_000, "c" * 200_000]
NUMBERS = [0, 1, -1, -16, -17, 127, 128, -128, -129, 32_767, 32_768, 2**31, -(2**31) - 1, 2**63 - 1, -(2**63)]
VALUES: list[Any] = [
    *(None, True, False, *NUMBERS, 0.5, -1e300, *TEXTS, b"", b"bytes", b"x" * 70_000),
    *(
        [],
        [1, "二", [None, [True]]],
        list(range(300)),
        {},
        {"a": {"b": [{"c": None}]}},
        {f"k{i}": i for i in range(300)},
    ),
]


@pytest.fixture(params=[True, False], ids=["near", "driver"])
async def door(request: pytest.FixtureRequest, server: Address) -> AsyncIterator[Database]:
    database = Database(lambda: server, limits=ConnectionLimits(connections=2, acquire_seconds=3, near=request.param))
    try:
        yield database
        assert (database._near is not None) is request.param
    finally:
        await database.close()


async def test_every_kind_of_value_comes_back_as_it_was_sent(door: Database) -> None:
    assert await door.read("RETURN $values AS values", {"values": VALUES}) == [{"values": VALUES}]
    rows = await door.read("UNWIND $values AS each RETURN each, 1 AS one", {"values": tuple(VALUES)})
    assert rows == [{"each": each, "one": 1} for each in VALUES]


async def test_a_statement_of_several_chunks_is_one_statement(door: Database) -> None:
    for length in (CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK):
        assert await door.read(f"RETURN 1 AS one /* {'注' * (length // 3)} */", {}) == [{"one": 1}]


async def test_no_rows_and_no_parameters_are_an_answer(door: Database) -> None:
    assert await door.read("UNWIND [] AS none RETURN none", {}) == []


async def test_what_is_put_is_committed_when_it_is_answered_and_a_conflict_leaves_nothing(
    database: Database, door: Database
) -> None:
    create, count = CREATING, "RETURN COUNT { (:AuditEvent) } AS n"
    await door.put(create, {"of": [1]})
    assert await database.read(count, {}) == [{"n": 1}]
    with pytest.raises(Conflict):
        await door.put(create, {"of": [2, 1]})
    with pytest.raises(GraphError):
        await door.read(create, {"of": [2]})
    assert await database.read(count, {}) == [{"n": 1}]


async def test_a_number_beyond_64_bits_is_refused_and_the_door_serves_on(door: Database) -> None:
    with pytest.raises((GraphError, OverflowError)):
        await door.read("RETURN $n AS n", {"n": 2**63})
    assert await door.read("RETURN 1 AS one", {}) == [{"one": 1}]


TURNS = """UNWIND [1, 2] AS turn CALL (turn) {
  UNWIND range(1, CASE turn WHEN 1 THEN 1 ELSE $many END) AS a UNWIND range(1, a) AS b RETURN count(b) AS counted
} RETURN turn, counted, $long AS long"""
LONG = "字" * 30_000  # a server sends what fills a few kilobytes


async def test_a_row_is_taken_while_the_server_makes_the_next(door: Database) -> None:
    """The second would not come for days."""
    came, first = list[dict[str, Any]](), asyncio.Event()

    def take(row: dict[str, Any]) -> None:
        came.append(row)
        first.set()

    reading = asyncio.create_task(door.read(TURNS, {"many": 1_000_000, "long": LONG}, timeout_seconds=60, taken=take))
    await asyncio.wait_for(first.wait(), 30)
    assert not reading.done()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert came == [{"turn": 1, "counted": 1, "long": LONG}]
    assert await door.read("RETURN 1 AS one", {}) == [{"one": 1}]


async def test_rows_that_came_come_again_where_the_connection_is_lost_meanwhile(server: Address) -> None:
    parts = urlsplit(server.uri)
    async with bolt_proxy(parts.hostname or "", parts.port or 7687) as proxy:
        database = Database(lambda: replace(server, uri=proxy.uri))
        came: list[int] = []

        def take(row: dict[str, Any]) -> None:
            came.append(row["turn"])
            if len(came) == 1:
                proxy.hang_up()

        rows = await database.read(TURNS, {"many": 2_000, "long": LONG}, taken=take)
        await database.close()
    assert ([each["turn"] for each in rows], came) == ([1, 2], [1, 1, 2])


async def test_more_readers_than_connections_take_turns(door: Database) -> None:
    asked = [door.read("RETURN $i AS i", {"i": i}) for i in range(50)]
    assert await asyncio.gather(*asked) == [[{"i": i}] for i in range(50)]


async def test_a_reader_for_whom_no_connection_comes_free_is_told(door: Database) -> None:
    slow = [asyncio.create_task(door.read(SLOW, {}, timeout_seconds=20)) for _ in range(2)]
    await asyncio.sleep(0.3)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await door.read("RETURN 1 AS one", {})
    assert time.monotonic() - began < 12
    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert await door.read("RETURN 1 AS one", {}) == [{"one": 1}]


async def test_what_nobody_waits_for_any_more_ends_on_the_server(door: Database, database: Database) -> None:
    task = asyncio.create_task(door.read(SLOW, {}, timeout_seconds=30))
    while not (await database.read(RUNNING, {"text": SLOW}))[0]["n"]:  # noqa: ASYNC110  # a server tells nobody
        await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    began = time.monotonic()
    while (await database.read(RUNNING, {"text": SLOW}))[0]["n"]:
        assert time.monotonic() - began < 5, "the statement runs on"
        await asyncio.sleep(0.05)
    assert await door.read("RETURN 1 AS one", {}) == [{"one": 1}]


async def test_a_refusal_leaves_the_next_reader_a_door_that_works(door: Database) -> None:
    for _ in range(3):  # more than there are connections
        with pytest.raises(GraphError):
            await door.read("RETURN nonsense(", {})
        with pytest.raises(TimedOut):
            await door.read(SLOW, {}, timeout_seconds=0.2)
    assert await door.read("RETURN 1 AS one", {}) == [{"one": 1}]


async def test_a_node_as_a_value_is_an_error_of_ours(server: Address) -> None:
    database = Database(lambda: server)
    try:
        for text in ("CREATE (n) RETURN n", "RETURN date() AS day", "RETURN [{a: [date()]}] AS days"):
            with pytest.raises(GraphError):
                await database.read(text, {})
        assert await database.read("RETURN 1 AS one", {}) == [{"one": 1}]
    finally:
        await database.close()


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\x00\x00\x00", b""])
async def test_a_server_that_speaks_something_else_is_unavailable(greeting: bytes) -> None:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    other = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    limits = ConnectionLimits(retry_seconds=0.3, connect_seconds=0.3)
    database = Database(lambda: Address(f"bolt://127.0.0.1:{port}", "neo4j", "nothing"), limits=limits)
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await database.read("RETURN 1 AS one", {})
        assert time.monotonic() - began < 4
    finally:
        await database.close()
        other.close()


def test_only_a_server_on_this_machine_asked_in_the_clear_is_near(server: Address) -> None:
    uris = {
        "bolt://127.0.0.1:7687": True,
        "bolt://localhost": True,
        "bolt://[::1]:7687": True,
        "bolt+s://127.0.0.1:7687": False,
        "bolt+ssc://localhost": False,
        "neo4j://127.0.0.1:7687": False,
        "bolt://graph.example:7687": False,
    }
    assert {uri: is_near(replace(server, uri=uri)) for uri in uris} == uris
