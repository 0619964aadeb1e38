"""The one door to Neo4j: a driver that survives restarts of its server, and errors in our own words.

It must not know what is stored nor which server answers; statements and their parameters come from its neighbours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncTransaction, Query
from neo4j.api import AsyncBookmarkManager
from neo4j.exceptions import (
    AuthError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import GraphError, TimedOut, Unavailable
from graph.store.address import Address
from graph.store.bolt import Pool, Taken, is_near
from graph.store.failures import AWAY, LOG, fail, note
from graph.tracing import span

T = TypeVar("T")
FIRST_DELAY: Final = 0.05
LONGEST_DELAY: Final = 0.5
MOST_ANSWERED: Final = 1_000  # texts remembered; the server keeps as many plans
HANG_SECONDS: Final = 1.0  # how much longer than the server's own timeout a silent server is waited for


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds and counts; a request waits `retry_seconds` for a database that is away, then says so."""

    connections: int = 40
    connect_seconds: float = 2.0
    acquire_seconds: float = 5.0
    liveness_seconds: float = 30.0  # an idle connection is tried before use: a restarted server leaves dead sockets
    read_seconds: float = 10.0
    plan_seconds: float = 20.0  # more, for a text the server may have no plan of yet: a busy one plans for seconds
    write_seconds: float = 300.0  # one load is one transaction
    retry_seconds: float = 4.0
    near: bool = True  # a server on this machine is read through connections of our own, others through the driver


class Unsettled(Unavailable):
    """The connection broke while committing: whether the write happened is known to the database only."""


class Ran(NamedTuple):
    """One statement the database answered or refused, for whoever counts them."""

    writes: bool
    seconds: float
    rows: int


class Transaction(Protocol):
    """What a unit of work writes through; everything it ran is committed together or not at all."""

    async def run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]: ...


class Store(Protocol):
    """Where loads read and write: a database, or what stands for one until the first load is imported."""

    async def read(
        self, statement: str, parameters: Mapping[str, Any], *, timeout_seconds: float | None = None
    ) -> list[dict[str, Any]]: ...

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T: ...


class _Running:
    def __init__(self, transaction: AsyncTransaction, told: Callable[[Ran], None]) -> None:
        self._transaction = transaction
        self._told = told

    async def run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        began = time.perf_counter()
        with span("statement", **_of(statement)):
            result = await self._transaction.run(statement, parameters)
            rows = [dict(record) async for record in result]
        self._told(Ran(True, time.perf_counter() - began, len(rows)))
        return rows


class Database:
    """One database of one server, for one event loop.

    `address` says where the server is and is asked again whenever a connection was lost (it may raise Unavailable);
    `revive` (blocking, run in a thread) brings an embedded server back. Every method raises the GraphError family
    only: Unavailable while the server is away, TimedOut, Conflict; no word of the driver leaves. `accelerated` tells
    whether the Rust codec is in use: without it large answers take five times the time. `told` hears of every statement
    that was answered. A cancelled read ends on the server too: its connection is cut.
    """

    def __init__(
        self,
        address: Callable[[], Address],
        *,
        revive: Callable[[], Address] | None = None,
        limits: ConnectionLimits = ConnectionLimits(),
        told: Callable[[Ran], None] = lambda ran: None,
    ) -> None:
        self.limits = limits
        self._told = told
        self.accelerated = find_spec("neo4j._rust") is not None
        if not self.accelerated:
            LOG.warning("neo4j-rust-ext is not active: reinstall it in the driver's version, reads are slow without it")
        self._address = address
        self._revive = revive
        self._at: Address | None = None
        self._driver: AsyncDriver | None = None
        self._near: Pool | None = None
        self._bookmarks: AsyncBookmarkManager | None = None
        self._turn = asyncio.Lock()
        self._reviving: asyncio.Task[Address] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False
        self._answered = set[int]()  # hashes of texts

    async def read(
        self,
        statement: str,
        parameters: Mapping[str, Any],
        *,
        timeout_seconds: float | None = None,
        taken: Taken | None = None,
    ) -> list[dict[str, Any]]:
        """The rows of one statement: one round trip, tried again while the server is away or asks to.

        `taken` gets each row as it comes; where the server went away meanwhile, those that had come once more.
        """
        seconds = self._seconds(statement) if timeout_seconds is None else timeout_seconds

        async def attempt(driver: AsyncDriver) -> list[dict[str, Any]]:
            began = time.perf_counter()
            async with asyncio.timeout(seconds + HANG_SECONDS):
                with span("statement", **_of(statement)):
                    if self._near is not None:
                        rows = await self._near.ask(statement, parameters, seconds, taken=taken)
                    else:
                        rows = await self._read(driver, statement, parameters, seconds, taken)
            self._told(Ran(False, time.perf_counter() - began, len(rows)))
            return rows

        try:
            rows = await self._attempts(attempt)
        except TimedOut:
            if self.answered(statement):
                self._answered.discard(hash(statement))  # its plan may be gone
                raise
            raise TimedOut(
                f"查询超时:首次执行的语句连同规划至多 {seconds:g} 秒"
                f" / the statement took too long: being new it was to be planned, {seconds:g} s in all"
            ) from None
        if len(self._answered) >= MOST_ANSWERED:
            self._answered.clear()
        self._answered.add(hash(statement))
        return rows

    async def _read(
        self,
        driver: AsyncDriver,
        statement: str,
        parameters: Mapping[str, Any],
        seconds: float,
        taken: Taken | None,
    ) -> list[dict[str, Any]]:
        async with driver.session(
            database=self._database,
            default_access_mode=READ_ACCESS,
            fetch_size=-1,
            bookmark_manager=self._bookmarks,
        ) as session:
            result = await session.run(Query(statement, timeout=seconds), dict(parameters))
            rows = []
            async for record in result:
                rows.append(row := dict(record))
                if taken is not None:
                    taken(row)
            return rows

    def answered(self, statement: str) -> bool:
        """Whether the server answered this text before: then it is taken to have a plan of it."""
        return hash(statement) in self._answered

    def _seconds(self, statement: str) -> float:
        """A plan that is cut off is not kept, and would never be made: a text that is new has time for it."""
        limits = self.limits
        return limits.read_seconds if self.answered(statement) else limits.read_seconds + limits.plan_seconds

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction and commit; it may run more than once, so it has no other effect.

        Raises Unsettled when the connection broke while committing; an exception of `work` rolls back.
        """

        async def attempt(driver: AsyncDriver) -> T:
            async with (
                asyncio.timeout(self.limits.write_seconds + HANG_SECONDS),
                driver.session(
                    database=self._database,
                    default_access_mode=WRITE_ACCESS,
                    fetch_size=-1,
                    bookmark_manager=self._bookmarks,
                ) as session,
                await session.begin_transaction(timeout=self.limits.write_seconds) as transaction,
            ):
                answer = await work(_Running(transaction, self._told))
                await transaction.commit()
                return answer

        return await self._attempts(attempt)

    async def put(self, statement: str, parameters: Mapping[str, Any]) -> None:
        """Run one statement that writes and commit it: one round trip. It may run more than once, and must not mind."""
        seconds = self.limits.write_seconds

        async def attempt(driver: AsyncDriver) -> None:
            began = time.perf_counter()
            async with asyncio.timeout(seconds + HANG_SECONDS):
                with span("statement", **_of(statement)):
                    if self._near is not None:
                        await self._near.ask(statement, parameters, seconds, writes=True)
                    else:
                        await self._put(driver, statement, parameters, seconds)
            self._told(Ran(True, time.perf_counter() - began, 0))

        await self._attempts(attempt)

    async def _put(self, driver: AsyncDriver, statement: str, parameters: Mapping[str, Any], seconds: float) -> None:
        async with driver.session(
            database=self._database, default_access_mode=WRITE_ACCESS, bookmark_manager=self._bookmarks
        ) as session:
            result = await session.run(Query(statement, timeout=seconds), dict(parameters))
            await result.consume()

    async def close(self) -> None:
        """Close every connection; the database cannot be used afterwards."""
        self._closed = True
        if self._reviving is not None and not self._reviving.done():
            self._reviving.cancel()
        if self._near is not None:
            self._near.close()
        if self._driver is not None:
            await self._driver.close()
            self._driver = None
        if self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)

    @property
    def _database(self) -> str | None:
        return None if self._at is None else self._at.database

    async def _attempts(self, attempt: Callable[[AsyncDriver], Awaitable[T]]) -> T:
        deadline: float | None = None
        delay = FIRST_DELAY
        while True:
            began = time.monotonic()
            try:
                driver = self._driver or await self._connect()
                return await attempt(driver)
            except TimeoutError:
                raise TimedOut("数据库超时未答 / the database did not answer in time") from None
            except IncompleteCommit as error:
                note(error)
                raise Unsettled("提交结果未知 / whether the write was committed is not known yet") from None
            except (DriverError, Neo4jError) as error:
                # Retries are counted from the start of the first failure: a refused connection fails at once.
                deadline = deadline or max(began, time.monotonic() - self.limits.connect_seconds) + (
                    self.limits.retry_seconds
                )
                refused = isinstance(error, AuthError)  # tried again only where the login has changed meanwhile
                if not (error.is_retryable() or refused) or time.monotonic() >= deadline or self._closed:
                    fail(error)
                if refused or isinstance(error, ServiceUnavailable | SessionExpired):
                    used = self._at
                    await self._recover(deadline)
                    if refused and self._at == used:
                        fail(error)
            await asyncio.sleep(min(delay, max(0.0, deadline - time.monotonic())))
            delay = min(delay * 2, LONGEST_DELAY)

    async def _connect(self) -> AsyncDriver:
        """The driver, made on first use; where the server is away it is revived first."""
        if self._closed:
            raise Unavailable("数据库已关闭 / the database is closed")
        try:
            await self._move(self._address())
        except GraphError as error:
            note(error)
            await self._recover(time.monotonic() + self.limits.retry_seconds)
        assert self._driver is not None  # noqa: S101
        return self._driver

    async def _recover(self, deadline: float) -> None:
        """After a lost connection: wait, until the deadline, for a server to be there, and follow it where it went.

        All callers wait for one revival, which goes on when they give up.
        """
        if self._revive is not None:
            if self._reviving is None or self._reviving.done():
                self._reviving = asyncio.create_task(asyncio.to_thread(self._revive))
            await asyncio.wait({self._reviving}, timeout=max(0.0, deadline - time.monotonic()))
            if not self._reviving.done():
                raise Unavailable("数据库正在恢复 / the database is coming back, ask again in a moment")
            if self._reviving.cancelled():
                raise Unavailable("数据库已关闭 / the database is closed")
            error = self._reviving.exception()
            if error is not None:
                note(error)
                raise Unavailable("数据库无法启动 / the database cannot be started; the log says why")
            await self._move(self._reviving.result())
            return
        while True:
            try:
                address = self._address()
                break
            except GraphError as error:
                if time.monotonic() >= deadline:
                    note(error)
                    raise Unavailable(AWAY) from None
            await asyncio.sleep(FIRST_DELAY)
        await self._move(address)

    async def _move(self, address: Address) -> None:
        """Use the server at `address`; a pool whose server came back in place drops its dead connections itself."""
        async with self._turn:
            if self._driver is not None and address == self._at:
                return
            old, self._at = self._driver, address
            if self._near is not None:
                self._near.close()
            self._near = self._pool(address) if self.limits.near and is_near(address) else None
            routed = address.uri.startswith("neo4j")
            # Behind a router a read may meet another member: bookmarks let it wait for what was written here.
            self._bookmarks = AsyncGraphDatabase.bookmark_manager() if routed else None
            self._driver = AsyncGraphDatabase.driver(
                address.uri,
                auth=(address.username, address.password),
                max_connection_pool_size=self.limits.connections,
                connection_timeout=self.limits.connect_seconds,
                connection_acquisition_timeout=self.limits.acquire_seconds,
                liveness_check_timeout=self.limits.liveness_seconds,
                max_transaction_retry_time=0,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )
            if old is not None:
                task = asyncio.create_task(old.close())
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)

    def _pool(self, address: Address) -> Pool:
        limits = self.limits
        return Pool(
            address,
            most=limits.connections,
            connect_seconds=limits.connect_seconds,
            acquire_seconds=limits.acquire_seconds,
        )


def _of(statement: str) -> dict[str, str]:
    """What a trace tells of a statement: its text, which holds no value."""
    return {"db.system.name": "neo4j", "db.query.text": statement}
