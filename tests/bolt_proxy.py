"""Counts the statements that reach a Neo4j server, on the wire: a TCP proxy that reads Bolt messages going in.

It must not know our code; what it counts is what the database was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

RUN = 0x10
MANIFEST = b"\x00\x00\x01\xff"  # the server offers a list of versions instead of choosing one


@dataclass
class Proxy:
    """`statements` are the texts of every RUN since the start or the last `clear`, in order of arrival.

    `delay` is how long, in seconds, everything the server says is held back; `flowing` may be cleared to hold it back
    until it is set again.
    """

    port: int = 0
    statements: list[str] = field(default_factory=list)
    delay: float = 0.0
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.flowing.set()

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def clear(self) -> None:
        self.statements.clear()

    def hang_up(self) -> None:
        """Cut every connection; new ones are taken."""
        for each in self.open:
            each.close()
        self.open.clear()


@asynccontextmanager
async def bolt_proxy(host: str, port: int) -> AsyncIterator[Proxy]:
    """A proxy on a free port of loopback in front of a Bolt server; everything is closed when the block ends."""
    proxy = Proxy()
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        behind_reader, behind_writer = await asyncio.open_connection(host, port)
        proxy.open |= {writer, behind_writer}
        manifest = asyncio.get_running_loop().create_future()
        tasks.add(asyncio.create_task(_copy(behind_reader, writer, manifest, proxy)))
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await _watch(reader, behind_writer, proxy, manifest)
        behind_writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.hang_up()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, manifest: asyncio.Future[bool], proxy: Proxy
) -> None:
    """Pass on what the server sends; its first four bytes say how the handshake goes on."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            if not manifest.done():
                manifest.set_result(data.startswith(MANIFEST))
            await asyncio.sleep(proxy.delay)
            await proxy.flowing.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


async def _watch(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy, manifest: asyncio.Future[bool]
) -> None:
    """Pass on what the client sends, reading its messages; the handshake is 20 bytes, with a manifest 5 or more."""

    async def take(count: int) -> bytes:
        data = await reader.readexactly(count)
        writer.write(data)
        return data

    await take(20)
    await writer.drain()
    if await manifest:
        await take(4)  # the version chosen; capabilities follow as a variable-length number
        while (await take(1))[0] & 0x80:
            pass
        await writer.drain()
    message = b""
    while True:
        size = int.from_bytes(await take(2), "big")
        if size:
            message += await take(size)
            continue
        await writer.drain()
        if len(message) > 2 and message[0] & 0xF0 == 0xB0 and message[1] == RUN:
            proxy.statements.append(_text(message[2:]))
        message = b""


def _text(packed: bytes) -> str:
    """The string at the start of packed bytes."""
    marker = packed[0]
    if marker & 0xF0 == 0x80:
        return packed[1 : 1 + (marker & 0x0F)].decode()
    width = {0xD0: 1, 0xD1: 2, 0xD2: 4}[marker]
    size = int.from_bytes(packed[1 : 1 + width], "big")
    return packed[1 + width : 1 + width + size].decode()
