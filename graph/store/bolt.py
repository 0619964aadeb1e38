"""Connections to a server on this machine: a statement goes out in one piece, its rows come back in one.

Bolt 5.4 (Neo4j's Bolt Protocol manual) with the codec of the official driver, whose sessions, results and records are
most of what the API spends on a read (`measured-graphql.md` 2). It must not know what is asked, nor wait for a server
that is away: errors are the driver's, and whoever asked decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

from neo4j._codec.packstream._common import PackableBuffer, Structure, UnpackableBuffer
from neo4j._codec.packstream.v1 import Packer, Unpacker
from neo4j.exceptions import (
    ConnectionAcquisitionTimeoutError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.store.address import Address

VERSION: Final = b"\x00\x00\x04\x05"
HANDSHAKE: Final = b"\x60\x60\xb0\x17" + VERSION + bytes(12)
HELLO, RUN, PULL, LOGON = 0x01, 0x10, 0x3F, 0x6A
SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
PRODUCT: Final = "creditgraph"
CHUNK: Final = 0xFFFF
PORT: Final = 7687
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
Taken = Callable[[dict[str, Any]], None]  # is given a row as it comes


def refuse(value: Structure) -> Any:
    raise DriverError("a statement returns a node, a path or a time: it returns their properties as plain values")


HOOKS: Final = {Structure: refuse}  # the driver's call a function for each list and map that comes


def is_near(address: Address) -> bool:
    """Whether a server is on this machine and asked without encryption: others are the official driver's."""
    uri = urlsplit(address.uri)
    return uri.scheme == "bolt" and uri.hostname in LOOPBACK


def message(tag: int, *fields: Any) -> bytes:
    """One message in chunks."""
    buffer = PackableBuffer()  # type: ignore[no-untyped-call]
    buffer.write(bytes((0xB0 + len(fields), tag)))
    packer = Packer(buffer)  # type: ignore[no-untyped-call]
    for each in fields:
        packer.pack(each)  # type: ignore[no-untyped-call]
    data = bytes(buffer.data)
    if len(data) <= CHUNK:
        return b"%b%b\x00\x00" % (len(data).to_bytes(2, "big"), data)
    parts = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    return b"".join(part for each in parts for part in (len(each).to_bytes(2, "big"), each)) + b"\x00\x00"


PULL_ALL: Final = message(PULL, {"n": -1})


def question(
    statement: str, parameters: Mapping[str, Any], database: str, seconds: float, *, writes: bool = False
) -> bytes:
    """One statement in a transaction of its own, and all of its rows; a value Bolt has no place for is an error."""
    extra = {"mode": "w" if writes else "r", "db": database, "tx_timeout": max(1, int(seconds * 1000))}  # 0 is none
    return message(RUN, statement, dict(parameters), extra) + PULL_ALL


class Connection(asyncio.Protocol):
    """One connection, one question at a time; after anything but an answer it is closed."""

    def __init__(self) -> None:
        self.closed = False
        self._agreed = False
        self._buffer = bytearray()
        self._parts: list[bytearray] = []  # of the message that is coming
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answered.cancel()  # nothing is asked yet
        self._awaited = 0  # successes until the question is answered
        self._told: dict[str, Any] = {}  # by the first of them
        self._rows: list[dict[str, Any]] = []
        self._taken: Taken | None = None

    async def greet(self, address: Address) -> None:
        """Agree on a version and log in."""
        await self._say(HANDSHAKE, 0)
        agent = {"product": PRODUCT}
        hello = {"user_agent": PRODUCT, "bolt_agent": agent, "notifications_minimum_severity": "OFF"}
        login = {"scheme": "basic", "principal": address.username, "credentials": address.password}
        await self._say(message(HELLO, hello) + message(LOGON, login), 2)

    async def ask(self, asked: bytes, taken: Taken | None = None) -> list[dict[str, Any]]:
        """The rows of a `question`; it is committed when they are here. `taken` gets each as it comes."""
        self._taken = taken
        try:
            await self._say(asked, 2)
        finally:
            self._taken = None
        rows, self._rows = self._rows, []
        return rows

    async def _say(self, data: bytes, successes: int) -> None:
        if self._transport is None or self.closed:
            raise SessionExpired("the connection is closed")
        self._answered = asyncio.get_running_loop().create_future()
        self._awaited, self._told, self._rows = successes, {}, []
        self._transport.write(data)
        try:
            await self._answered
        except BaseException:  # cancelled too: the server ends what it runs for a connection that is gone
            self.close()
            raise

    def close(self) -> None:
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._fail(SessionExpired(f"the connection was lost: {exc!r}"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            if self._agreed:
                self._take()
            elif len(self._buffer) >= len(VERSION):
                if self._buffer[:4] != VERSION:
                    raise ServiceUnavailable("the server speaks another version of Bolt")
                self._agreed = True
                self._buffer.clear()
                self._answered.set_result(None)
        except Exception as error:
            self._fail(error)
            self.close()

    def _take(self) -> None:
        """All chunks that are there whole; one of no length ends a message, and between messages says that the server
        lives. A message comes in many pieces: what was taken of it is not looked at again."""
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            end = at + 2 + (buffer[at] << 8 | buffer[at + 1])
            if len(buffer) < end:
                break
            if end - at > 2:
                self._parts.append(buffer[at + 2 : end])
            elif self._parts:
                whole, self._parts = self._parts, []
                self._heard(whole[0] if len(whole) == 1 else b"".join(whole))
            at = end
        del buffer[:at]

    def _heard(self, data: bytes | bytearray) -> None:
        held = UnpackableBuffer(data)  # type: ignore[no-untyped-call]
        held.p = 2
        tag = data[1]
        told: Any = Unpacker(held).unpack(HOOKS) if tag != IGNORED else None  # type: ignore[no-untyped-call]
        if self._answered.done():
            return
        if tag == RECORD:
            row = dict(zip(self._told["fields"], told, strict=True))
            self._rows.append(row)
            if self._taken is not None:
                self._taken(row)
        elif tag == SUCCESS:
            self._told = self._told or told
            self._awaited -= 1
            if not self._awaited:
                self._answered.set_result(None)
        elif tag == FAILURE:
            self._fail(Neo4jError._hydrate_neo4j(**told))
        else:
            self._fail(ServiceUnavailable(f"the server said {tag:#x}"))

    def _fail(self, error: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(error)


class Pool:
    """Connections to one server, opened when wanted, at most `most`; the one used last is used first."""

    def __init__(self, address: Address, *, most: int, connect_seconds: float, acquire_seconds: float) -> None:
        self._address = address
        self._free: list[Connection] = []
        self._turns = asyncio.Semaphore(most)
        self._connect_seconds, self._acquire_seconds = connect_seconds, acquire_seconds
        self._closed = False

    async def ask(
        self,
        statement: str,
        parameters: Mapping[str, Any],
        seconds: float,
        *,
        writes: bool = False,
        taken: Taken | None = None,
    ) -> list[dict[str, Any]]:
        """Raises the driver's errors: SessionExpired and ServiceUnavailable of a server that is away, Neo4jError."""
        asked = question(statement, parameters, self._address.database, seconds, writes=writes)
        try:
            async with asyncio.timeout(self._acquire_seconds if self._turns.locked() else None):
                await self._turns.acquire()
        except TimeoutError:
            raise ConnectionAcquisitionTimeoutError("all connections are in use") from None
        try:
            connection = self._idle() or await self._opened()
            rows = await connection.ask(asked, taken)
            if self._closed:
                connection.close()
            else:
                self._free.append(connection)
            return rows
        finally:
            self._turns.release()

    def close(self) -> None:
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _idle(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if not connection.closed:
                return connection
        return None

    async def _opened(self) -> Connection:
        uri = urlsplit(self._address.uri)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, connection = await loop.create_connection(Connection, uri.hostname or "", uri.port or PORT)
                await connection.greet(self._address)
        except (OSError, TimeoutError) as error:
            raise ServiceUnavailable(f"no connection: {error!r}") from None
        return connection
