"""Clients in a process of their own, so that asking costs the one that answers nothing: sixteen connections kept alive.

It must not know what is asked; an answer other than 200 ends the run.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

CLIENTS: Final = 16
JSON_TYPE: Final = b"Content-Type: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Clients:
    """One process of clients; `ask` posts all bodies to one place and returns when the last is answered."""

    process: subprocess.Popen[bytes]

    def ask(self, port: int, path: str, bodies: Sequence[bytes]) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        head = json.dumps({"port": port, "path": path, "bodies": [each.decode() for each in bodies]})
        self.process.stdin.write(head.encode() + b"\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline().strip()
        assert told == b"answered", told


@contextmanager
def clients() -> Iterator[Clients]:
    process = subprocess.Popen([sys.executable, "-m", "bench.clients"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Clients(process)
    finally:
        process.communicate(b"", 10)


def posted(port: int, path: str, body: bytes) -> bytes:
    """One answer, asked on a connection of its own."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        client.request("POST", path, body, {"Content-Type": "application/json"})
        answer = client.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content
    finally:
        client.close()


async def one(port: int, requests: list[bytes]) -> None:
    """Posts on one connection until none is left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests:
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(head.decode())
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
        await reader.readexactly(int(fields[b"content-length"]))
    writer.close()


async def work(port: int, path: str, bodies: list[str]) -> None:
    requests = [
        b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n%s"
        % (path.encode(), JSON_TYPE, len(each), each)
        for each in (body.encode() for body in bodies)
    ]
    await asyncio.gather(*(one(port, requests) for _ in range(CLIENTS)))


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        asyncio.run(work(job["port"], job["path"], job["bodies"]))
        print("answered", flush=True)


if __name__ == "__main__":
    main()
