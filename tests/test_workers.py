"""Workers as processes: many at once, too many at once, one killed, stopped while they answer, left by their client.

The database behind them is the suite's, through a proxy that can hold back what it says.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from graph.codes import Role
from graph.store.address import Address
from graph.store.connection import Database
from loaders.world.load import DEMO, load_file
from tests.bolt_proxy import Proxy, bolt_proxy
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking
from tests.serving import Running, prepared_home, running, within

pytestmark = pytest.mark.anyio
FIRM = '{ enterprise(identifier: "91440703YY000001XU") { name } }'
RIGHT = {"enterprise": {"name": "江门甲贸易有限公司"}}
SLOW = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b) AS cancelledHere"
RUNNING = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $text RETURN count(*) AS running"


@asynccontextmanager
async def workers(server: Address, home: Path, *flags: str, **variables: str) -> AsyncIterator[tuple[Running, Proxy]]:
    """A served process behind a proxy, over the demo world; its waiting is done in threads, as the proxy runs here."""
    place = urlsplit(server.uri)
    assert place.hostname is not None
    async with bolt_proxy(place.hostname, place.port or 7687) as proxy:
        through = Address(proxy.uri, server.username, server.password, server.database)
        await asyncio.to_thread(prepared_home, server, home)
        database = Database(lambda: server)
        await load_file(database, DEMO, person_key=PERSON_KEY, now=NOW, today=NOW.date())
        await database.close()
        context = running(through, home, *flags, **variables)
        served = await asyncio.to_thread(context.__enter__)
        try:
            yield served, proxy
        finally:
            proxy.delay = 0.0
            proxy.flowing.set()
            await asyncio.to_thread(context.__exit__, None, None, None)


Told = tuple[int, dict[str, str], Any]


async def at_once(
    served: Running, clients: int, questions: int = 1, told: Callable[[Told], None] = lambda answer: None
) -> list[Told]:
    def client() -> list[Told]:
        answers = []
        for _ in range(questions):
            answers.append(served.post(json.dumps({"query": FIRM})))
            told(answers[-1])
        return answers

    with ThreadPoolExecutor(clients) as pool:
        loop = asyncio.get_running_loop()
        answers = await asyncio.gather(*(loop.run_in_executor(pool, client) for _ in range(clients)))
    return [each for some in answers for each in some]


@pytest.fixture(scope="module")
async def one(
    server: Address, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[tuple[Running, Proxy]]:
    """One worker that does two things at once and lets two wait."""
    limits = {"CREDITGRAPH_CONCURRENT": "2", "CREDITGRAPH_WAITING": "2", "CREDITGRAPH_ARRIVING_BYTES": "1000000"}
    async with workers(server, tmp_path_factory.mktemp("one"), **limits) as found:
        yield found


async def test_too_many_at_once_are_told_to_come_back(one: tuple[Running, Proxy]) -> None:
    """While the database says nothing two are worked on and two wait: whoever else comes is told at once."""
    served, proxy = one
    assert [status for status, _, _ in await at_once(served, 1)] == [200]
    proxy.flowing.clear()
    told: list[Told] = []
    asking = asyncio.create_task(at_once(served, 24, told=told.append))
    began = time.monotonic()
    while len(told) < 20:
        assert time.monotonic() - began < 8, told
        await asyncio.sleep(0.02)
    assert {status for status, _, _ in told} == {503}
    proxy.flowing.set()
    answers = await asking
    assert Counter(status for status, _, _ in answers) == {503: 20, 200: 4}
    for status, headers, body in answers:
        if status == 503:
            assert headers["retry-after"] == "1"
            assert [each["extensions"]["code"] for each in body["errors"]] == ["UNAVAILABLE"]
        else:
            assert body["data"] == RIGHT
    assert {status for status, _, _ in await at_once(served, 4)} == {200}


async def test_slow_bodies_together_hold_no_more_than_they_may_and_small_ones_are_answered(
    one: tuple[Running, Proxy],
) -> None:
    """Thirty clients send the half of a large body and wait; two have room, the others are told to come back."""
    served, _ = one
    head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n"
    with contextlib.ExitStack() as clients:
        slow = [clients.enter_context(socket.create_connection(("127.0.0.1", served.port))) for _ in range(30)]
        for each in slow:
            each.settimeout(8)
            await asyncio.to_thread(each.sendall, head.encode() + b" " * 450_000)
        assert {status for status, _, _ in await at_once(served, 1, 3)} == {200}
        told = [await asyncio.to_thread(_first_line, each) for each in slow]
        refused = [each for each in told if each.startswith("HTTP/1.1 503")]
        assert (len(refused), {each.startswith("HTTP/1.1 408") for each in told if each not in refused}) == (28, {True})
    large = json.dumps({"query": FIRM + " " * 800_000})
    status, _, body = await asyncio.to_thread(served.post, large)
    assert (status, body["errors"][0]["extensions"]["code"]) == (200, "LIMIT_EXCEEDED")  # read, and too long a text


def _first_line(client: socket.socket) -> str:
    """What a client is answered; the two that may go on are told in ten seconds that they are too slow."""
    client.settimeout(20)
    return client.recv(4_096).decode("latin-1").partition("\r\n")[0]


async def test_a_client_that_leaves_is_not_worked_for(one: tuple[Running, Proxy]) -> None:
    served, proxy = one
    await at_once(served, 1)
    proxy.delay = 20.0
    body = json.dumps({"query": FIRM}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", served.port)) as leaving:
        leaving.sendall(f"{head}\r\n\r\n".encode() + body)
        await asyncio.to_thread(within, 5, lambda: served.metric("creditgraph_running") == 1)
    await asyncio.to_thread(within, 5, lambda: served.metric("creditgraph_left_total") == 1)
    assert await asyncio.to_thread(served.metric, "creditgraph_running") == 0
    proxy.delay = 0.0
    assert await asyncio.to_thread(asked, served) == {"data": RIGHT}


async def test_a_body_too_large_gets_its_answer_while_it_is_still_sent(one: tuple[Running, Proxy]) -> None:
    served, _ = one
    status, _, body = await asyncio.to_thread(served.post, b'{"query": "' + b"x" * 20_000_000 + b'"}')
    assert (status, body["errors"][0]["extensions"]) == (413, {"code": "LIMIT_EXCEEDED", "argument": "body"})
    assert await asyncio.to_thread(asked, served) == {"data": RIGHT}


async def test_workers_share_one_database_outlive_one_of_them_and_finish_what_is_running(
    server: Address, tmp_path: Path
) -> None:
    async with workers(server, tmp_path, "--workers", "2") as (served, proxy):
        answers = await at_once(served, 8, 4)
        assert [(status, body["data"], body.get("errors")) for status, _, body in answers] == [(200, RIGHT, None)] * 32
        assert await asyncio.to_thread(served.metric, "creditgraph_requests_total") == 32
        before = children(served)
        assert len(before) == 2
        psutil.Process(min(before)).kill()
        await asyncio.to_thread(within, 60, lambda: len(children(served)) == 2 and children(served) != before)
        await asyncio.to_thread(within, 60, lambda: asked(served) == {"data": RIGHT})
        assert await asyncio.to_thread(served.metric, "creditgraph_running") == 0
        await stopped_while_asked(served, proxy)


async def test_one_worker_finishes_what_is_running_too(server: Address, tmp_path: Path) -> None:
    async with workers(server, tmp_path) as (served, proxy):
        await at_once(served, 8)
        await stopped_while_asked(served, proxy)


async def stopped_while_asked(served: Running, proxy: Proxy) -> None:
    proxy.flowing.clear()
    asking = asyncio.create_task(at_once(served, 4))
    await asyncio.to_thread(within, 60, lambda: served.metric("creditgraph_running") == 4)
    served.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(1)  # a worker that does not wait is gone before its database speaks again
    proxy.flowing.set()
    answers = await asking
    assert [(status, body.get("data"), body.get("errors")) for status, _, body in answers] == [(200, RIGHT, None)] * 4
    assert await asyncio.to_thread(served.process.wait, 15) == 0
    with pytest.raises(OSError):
        served.ask(FIRM)


async def test_stopping_waits_so_long_and_no_longer(server: Address, tmp_path: Path) -> None:
    async with workers(server, tmp_path, CREDITGRAPH_DRAIN_SECONDS="1") as (served, proxy):
        await at_once(served, 1)
        proxy.delay = 30.0
        asking = asyncio.create_task(at_once(served, 1))
        await asyncio.to_thread(within, 60, lambda: served.metric("creditgraph_running") == 1)
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        ((status, headers, body),) = await asking
        assert (status, headers["retry-after"]) == (503, "1")
        assert [each["extensions"] for each in body["errors"]] == [{"code": "UNAVAILABLE"}]
        await asyncio.to_thread(served.process.wait, 15)
        assert time.monotonic() - began < 8


class Slow(Database):
    """Every read takes the server for ever."""

    async def read(self, statement: str, parameters: Any, **_: Any) -> list[dict[str, Any]]:
        return await super().read(SLOW, {})


async def test_a_cancelled_operation_ends_on_the_server(server: Address, database: Database, tmp_path: Path) -> None:
    asking = Asking(database, tmp_path)
    asking.world.database = own = Slow(lambda: server)
    running = asyncio.create_task(asking.execute(FIRM, role=Role.PUBLIC))

    async def count() -> int:
        return int((await database.read(RUNNING, {"text": SLOW}))[0]["running"])

    while await count() == 0:
        assert not running.done(), running.result()
        await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    began = time.monotonic()
    while await count():
        assert time.monotonic() - began < 5
        await asyncio.sleep(0.05)
    assert await Database.read(own, "RETURN 1 AS one", {}) == [{"one": 1}]
    await own.close()


def asked(served: Running) -> Any:
    try:
        _, body = served.ask(FIRM)
    except (OSError, http.client.HTTPException):
        return None
    return {"data": body.get("data")}


def children(served: Running) -> set[int]:
    """The living workers: of what uvicorn starts, all but the tracker of its resources."""
    found = set[int]()
    for each in psutil.Process(served.process.pid).children():
        with contextlib.suppress(psutil.Error):
            if "resource_tracker" not in " ".join(each.cmdline()):
                found.add(each.pid)
    return found
