"""The one server of the suite and the databases tests get from it.

Fixture policy. `server` is a real Neo4j: an embedded one in a temporary home, or the one of NEO4J_URI (with
NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE). Take the smallest that has what you need:
`database` — empty before every test; the usual one. `standing_database` — empty before every module, for a module
that loads one world and asks it often. Do not use both in one module. What a test leaves behind, the next use deletes.
Both hold a prepared graph marked `test`; a database that is neither empty nor so marked is refused before the first
deletion. The graph's clock starts at BEGINNING, so that a test's own `now` counts.
Async tests and fixtures run on anyio's plugin (it comes with the dependencies): `pytestmark = pytest.mark.anyio`. The
event loop is one for the whole session, as the driver belongs to a loop; tests that bring their own loop
(`asyncio.run`) make their own `Database(lambda: server)`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from graph.periods import SHANGHAI, instant
from graph.progress import SilentProgress
from graph.store.address import Address
from graph.store.connection import Database, Transaction
from graph.store.embedded import EmbeddedOptions, Lease, archive, jars
from graph.store.migration import GRAPH, prepare

BEGINNING = datetime(2000, 1, 1, tzinfo=SHANGHAI)
PERSON_KEY = b"the person key of the test suite"
# Files of a minute and more, about the longest first: two processes take a file each, and the last one taken should be
# short. Those with a browser stand apart: what they time should not run beside each other.
LONGEST: Final = (
    "processes/test_fault.py",
    "graph/store/test_statements.py",
    "oracle/test_oracle.py",
    "schema/test_hidden.py",
    "web/test_explorer.py",
    "loaders/test_import.py",
    "loaders/test_disk_full.py",
    "web/test_explorer_faults.py",
    "graph/store/test_backup.py",
    "graph/test_command.py",
    "processes/test_serve.py",
    "web/test_explorer_links.py",
    "graph/store/test_search.py",
    "graph/store/test_deriving.py",
)
# Processes that tests start keep a database for a minute: without the second compiler it starts with half the work.
os.environ.setdefault("CREDITGRAPH_LONG_LIVED", "false")
BUSY_SECONDS: Final = 180.0  # the suite's own server may start beside whatever else the machine does
TESTS: Final = Path(__file__).parent
DELETE = "MATCH (n) WHERE NOT n:Graph WITH n LIMIT 20000 DETACH DELETE n RETURN count(*) AS deleted"
RESTART = """
MATCH (graph:Graph {id: 'graph'})
SET graph.version = 0, graph.recordedAt = $at"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turn = {TESTS / file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    uri = os.environ.get("NEO4J_URI")
    if uri is not None:
        if "PYTEST_XDIST_WORKER" in os.environ:
            raise pytest.UsageError("NEO4J_URI is one database and every test empties it: add --numprocesses 0")
        yield Address(
            uri,
            os.environ.get("NEO4J_USERNAME", "neo4j"),
            os.environ["NEO4J_PASSWORD"],
            os.environ.get("NEO4J_DATABASE", "neo4j"),
        )
        return
    home: Path = tmp_path_factory.mktemp("neo4j") / "home"
    options = EmbeddedOptions(
        home=home,
        heap_megabytes=1536,
        page_cache_megabytes=64,
        start_timeout_seconds=BUSY_SECONDS,
        appcds=False,
        short_pauses=False,
    )
    # The archive of classes takes a third from every later start; beside a busy suite its maker, who is nice to
    # everybody, would never end and be begun again by each server.
    jars.provide(options, SilentProgress())
    archive.make(options)
    with Lease.acquire(options) as lease:
        yield lease.address()


@pytest.fixture(scope="session")
async def connected_database(server: Address, anyio_backend: str) -> AsyncIterator[Database]:
    """The suite's connection; what is in it is whatever the last test left. Not for tests: see the policy."""
    database = Database(lambda: server)
    try:
        await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(connected_database: Database) -> Database:
    await empty(connected_database)
    return connected_database


@pytest.fixture(scope="module")
async def standing_database(connected_database: Database) -> Database:
    await empty(connected_database)
    return connected_database


async def empty(database: Database) -> None:
    """Delete everything but the schema; refuses a graph that is not marked `test` (`storage.md` 12)."""
    if [each["purpose"] for each in await database.read(GRAPH, {})] != ["test"]:
        await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)

    async def delete(transaction: Transaction) -> int:
        await transaction.run(RESTART, at=instant(BEGINNING))
        return int((await transaction.run(DELETE))[0]["deleted"])

    while await database.write(delete):
        pass
    await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)
