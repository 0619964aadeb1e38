"""The door to the database: restarts, hangs and refusals reach callers as our own errors, soon, and pass."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from typing import Any

import pytest

from graph.errors import Conflict, GraphError, TimedOut, Unavailable
from graph.store.address import Address
from graph.store.connection import ConnectionLimits, Database, Transaction, Unsettled

pytestmark = pytest.mark.anyio
NOWHERE = Address("bolt://127.0.0.1:1", "neo4j", "nothing")
QUICK = ConnectionLimits(retry_seconds=0.5)
SLOW = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(a + b) AS n"


class Gate:
    """A way to the server that can be shut and cut."""

    def __init__(self, target: Address) -> None:
        host, _, port = target.uri.partition("://")[2].partition(":")
        self._target = (host, int(port))
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cut_on: bytes | None = None  # cut when the client has sent this, before it hears the answer
        self.mute = False
        self.port = 0

    async def open(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """No new connections, and the ones there are break."""
        if self._server is not None:
            self._server.close()
        for pipe in list(self._pipes):
            pipe.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pipes.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection(*self._target)
        self._pipes |= {writer, behind_writer}
        for way in (self._there(reader, behind_writer), self._back(behind_reader, writer)):
            self._tasks.add(asyncio.create_task(way))

    async def _there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                last = self.cut_on is not None and self.cut_on in data
                self.mute = last
                writer.write(data)
                await writer.drain()
                if last:
                    await asyncio.sleep(0.3)  # the server has done what it was asked
                    for pipe in self._pipes:
                        pipe.transport.abort()
        self.mute = False
        writer.close()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if not self.mute:
                    writer.write(data)
                    await writer.drain()
        writer.close()


@pytest.fixture
async def gate(server: Address) -> Any:
    gate = Gate(server)
    await gate.open()
    try:
        yield gate
    finally:
        await gate.shut()


def through(gate: Gate, server: Address) -> Address:
    return replace(server, uri=f"bolt://127.0.0.1:{gate.port}")


async def one(database: Database) -> int:
    return int((await database.read("RETURN 1 AS one", {}))[0]["one"])


async def test_the_rust_codec_is_in_use(database: Database) -> None:
    assert database.accelerated


async def test_rows_come_as_plain_values(database: Database) -> None:
    rows = await database.read("UNWIND $of AS n RETURN n, [n, 'x'] AS list, {n: n} AS map", {"of": [1, 2]})
    assert rows == [{"n": 1, "list": [1, "x"], "map": {"n": 1}}, {"n": 2, "list": [2, "x"], "map": {"n": 2}}]


async def test_a_large_answer_comes_whole(database: Database) -> None:
    assert len(await database.read("UNWIND range(1, 20000) AS n RETURN n", {})) == 20_000


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(GraphError):
        await database.read("CREATE (:Entity {id: 'ent_x'})", {})
    assert await database.read("MATCH (n:Entity) RETURN n.id AS id", {}) == []


async def test_what_fails_leaves_nothing_behind_and_a_constraint_is_a_conflict(database: Database) -> None:
    async def twice(transaction: Transaction) -> None:
        await transaction.run("CREATE (:Entity {id: 'ent_x'})")
        await transaction.run("CREATE (:Entity {id: 'ent_x'})")

    async def stops(transaction: Transaction) -> None:
        await transaction.run("CREATE (:Entity {id: 'ent_y'})")
        raise KeyError("own")

    with pytest.raises(Conflict) as refused:
        await database.write(twice)
    assert "ent_x" not in str(refused.value)
    assert refused.value.__cause__ is None
    with pytest.raises(KeyError):
        await database.write(stops)
    assert await database.read("MATCH (n:Entity) RETURN n.id AS id", {}) == []


async def test_a_faulty_statement_is_an_internal_error_without_the_drivers_words(database: Database) -> None:
    with pytest.raises(GraphError) as refused:
        await database.read("RETURN nonsense(", {})
    assert (refused.value.code, refused.value.__cause__) == ("INTERNAL", None)
    assert "nonsense" not in str(refused.value)


async def test_a_statement_that_takes_too_long_is_ended_on_the_server(database: Database) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        await database.read(SLOW, {}, timeout_seconds=0.5)
    assert time.monotonic() - began < 3


async def test_a_text_that_is_new_has_time_for_its_plan(server: Address) -> None:
    """And one that was cut off is new again: its plan may be gone."""
    database = Database(lambda: server, limits=ConnectionLimits(read_seconds=0.5, plan_seconds=2.5))
    text = "UNWIND range(1, $n) AS a UNWIND range(1, $n) AS b RETURN count(a * b) AS n"

    async def cut() -> tuple[bool, bool]:
        """Whether it had the time of both, and was told so."""
        began = time.monotonic()
        with pytest.raises(TimedOut) as refused:
            await database.read(text, {"n": 10_000_000})
        return time.monotonic() - began > 2.9, "being new it was to be planned, 3 s in all" in str(refused.value)

    try:
        assert await cut() == (True, True)
        assert await database.read(text, {"n": 3}) == [{"n": 9}]
        assert await cut() == (False, False)
        assert await cut() == (True, True)
    finally:
        await database.close()


async def test_a_database_that_is_away_is_unavailable_soon() -> None:
    database = Database(lambda: NOWHERE)
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            await one(database)
        assert time.monotonic() - began < 5
        assert "127.0.0.1" not in str(refused.value)
    finally:
        await database.close()


async def test_an_address_that_is_not_known_yet_is_asked_for_again(server: Address) -> None:
    asked: list[int] = []

    def address() -> Address:
        asked.append(1)
        if len(asked) < 3:
            raise Unavailable("starting")
        return server

    database = Database(address)
    try:
        assert await one(database) == 1
    finally:
        await database.close()


async def test_a_wrong_password_is_unavailable_and_not_tried_again(server: Address) -> None:
    database = Database(lambda: replace(server, password="wrong password"))
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await one(database)
        assert time.monotonic() - began < 2
    finally:
        await database.close()


async def test_a_cut_connection_is_made_anew_and_nobody_notices(gate: Gate, server: Address) -> None:
    database = Database(lambda: through(gate, server))
    try:
        assert await one(database) == 1
        port = gate.port
        await gate.shut()
        await gate.open(port)
        assert await asyncio.gather(*(one(database) for _ in range(10))) == [1] * 10
    finally:
        await database.close()


async def test_a_server_that_comes_back_elsewhere_is_followed(gate: Gate, server: Address) -> None:
    database = Database(lambda: through(gate, server))
    try:
        assert await one(database) == 1
        old = gate.port
        await gate.shut()
        await gate.open()
        assert gate.port != old
        assert await asyncio.gather(*(one(database) for _ in range(10))) == [1] * 10
    finally:
        await database.close()


async def test_while_it_is_revived_callers_are_told_soon_and_then_it_works(gate: Gate, server: Address) -> None:
    loop, revivals = asyncio.get_running_loop(), []

    def revive() -> Address:
        revivals.append(1)
        time.sleep(1.5)
        asyncio.run_coroutine_threadsafe(gate.open(), loop).result()
        return through(gate, server)

    database = Database(lambda: through(gate, server), revive=revive, limits=QUICK)
    try:
        assert await one(database) == 1
        await gate.shut()
        began = time.monotonic()
        answers = await asyncio.gather(*(one(database) for _ in range(5)), return_exceptions=True)
        assert [type(each) for each in answers] == [Unavailable] * 5
        assert time.monotonic() - began < 1.4
        while time.monotonic() - began < 10:
            try:
                assert await one(database) == 1
                break
            except Unavailable:
                await asyncio.sleep(0.05)
        else:
            raise AssertionError("never came back")
        assert len(revivals) == 1
    finally:
        await database.close()


async def test_a_connection_cut_while_committing_is_unsettled_and_the_commit_stands(
    gate: Gate, server: Address, database: Database
) -> None:
    cut = Database(lambda: through(gate, server))

    async def work(transaction: Transaction) -> None:
        await transaction.run("CREATE (:Entity {id: 'ent_x'})")
        gate.cut_on = b"\xb0\x12"  # Bolt: a structure without fields, COMMIT

    try:
        with pytest.raises(Unsettled):
            await cut.write(work)
    finally:
        await cut.close()
    assert await database.read("MATCH (n:Entity) RETURN n.id AS id", {}) == [{"id": "ent_x"}]


async def test_a_routed_address_reads_what_it_wrote(server: Address, database: Database) -> None:
    routed = Database(lambda: replace(server, uri=f"neo4j://{server.uri.partition('://')[2]}"))

    async def work(transaction: Transaction) -> None:
        await transaction.run("CREATE (:Entity {id: 'ent_x'})")

    try:
        await routed.write(work)
        assert await routed.read("MATCH (n:Entity) RETURN n.id AS id", {}) == [{"id": "ent_x"}]
    finally:
        await routed.close()


async def test_a_closed_database_says_so(server: Address) -> None:
    database = Database(lambda: server)
    assert await one(database) == 1
    await database.close()
    with pytest.raises(Unavailable):
        await one(database)
