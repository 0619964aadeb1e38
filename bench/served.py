"""The real server for a benchmark, in a home, and one client that asks it over HTTP, one question after the other.

It must not know what is asked.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Client(http.client.HTTPConnection):
    """One connection; `token` says as whom it asks, "" is the public."""

    token = ""


def post(connection: http.client.HTTPConnection, question: str, **variables: Any) -> dict[str, Any]:
    body = json.dumps({"query": question, "variables": variables})
    headers = {"Content-Type": "application/json"}
    if isinstance(connection, Client) and connection.token:
        headers["Authorization"] = f"Bearer {connection.token}"
    connection.request("POST", "/graphql", body, headers)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def wait_until_ready(port: int, seconds: float) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not become ready")


@contextmanager
def serving(
    home: Path, demo: str = "small", role: str = "PUBLIC"
) -> Iterator[tuple[http.client.HTTPConnection, subprocess.Popen[bytes]]]:
    port = free_port()
    client = Client("127.0.0.1", port, timeout=30)
    if role != "PUBLIC":
        command = [sys.executable, "server.py", "--home", str(home), "token", "--role", role]
        client.token = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    server = subprocess.Popen(
        [sys.executable, "server.py", "--home", home, "--port", str(port), "--demo", demo],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        # As in use; what the tests start is told in the environment that it does not live long.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CREDITGRAPH_LONG_LIVED": "true"},
    )
    try:
        print(f"ready after {wait_until_ready(port, 180):.1f} s", flush=True)
        yield client, server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
