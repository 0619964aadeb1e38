"""Opens the graph for a command: the one of NEO4J_URI, or the embedded server of the home.

It must not know what is done with it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from graph.progress import Progress
from graph.store.address import Address
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.embedded.home import Home
from graph.store.embedded.space import telling_when_full


class Opening(Protocol):
    """What has to be set: an address, or the home of an embedded server (`settings.Settings`)."""

    @property
    def neo4j_uri(self) -> str | None: ...
    @property
    def neo4j_username(self) -> str: ...
    @property
    def neo4j_password(self) -> str: ...
    @property
    def neo4j_database(self) -> str: ...
    @property
    def home(self) -> Path: ...
    @property
    def cache(self) -> Path | None: ...
    @property
    def heap_megabytes(self) -> int | None: ...
    @property
    def home_free_megabytes(self) -> int: ...
    @property
    def start_seconds(self) -> int: ...
    @property
    def long_lived(self) -> bool: ...


def embedded_options(settings: Opening) -> EmbeddedOptions:
    return EmbeddedOptions(
        home=settings.home,
        cache=settings.cache,
        heap_megabytes=settings.heap_megabytes,
        home_free_megabytes=settings.home_free_megabytes,
        start_timeout_seconds=settings.start_seconds,
        long_lived=settings.long_lived,
    )


@asynccontextmanager
async def opened(settings: Opening, progress: Progress) -> AsyncIterator[Database]:
    """The graph, shared with whoever uses it already."""
    if settings.neo4j_uri:
        address = Address(settings.neo4j_uri, settings.neo4j_username, settings.neo4j_password, settings.neo4j_database)
        database = Database(lambda: address)
        try:
            yield database
        finally:
            await database.close()
        return
    with Lease.acquire(embedded_options(settings), progress) as lease:
        database = Database(lease.address, revive=lease.revive)
        try:
            with telling_when_full(Home(settings.home)):
                yield database
        finally:
            await database.close()
