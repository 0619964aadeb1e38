"""A loaded world asked through a proxy that counts its statements; audit writes go past it.

It must not know what a right answer is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from graph.store.address import Address
from graph.store.connection import ConnectionLimits, Database
from tests.bolt_proxy import Proxy, bolt_proxy
from tests.schema.asking import Asking

PATIENCE = 120.0


@asynccontextmanager
async def watching(loaded: Asking, server: Address, folder: Path) -> AsyncIterator[tuple[Asking, Proxy]]:
    parts = urlsplit(server.uri)
    async with bolt_proxy(parts.hostname or "", parts.port or 7687) as proxy:
        # A plan may outlast a statement's usual time on a busy machine; asked again it would count twice.
        behind = Database(lambda: replace(server, uri=proxy.uri), limits=ConnectionLimits(read_seconds=PATIENCE))
        try:
            asking = Asking(behind, folder)
            asking.world.audit = loaded.world.audit
            await behind.read("RETURN 1 AS one", {})  # the connection is open before anything is counted
            proxy.clear()
            yield asking, proxy
        finally:
            await behind.close()
