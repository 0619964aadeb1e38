"""The served application for tests: within the test's process, or as a process of its own, on the suite's database.

It must not know what a right answer is.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from graph.codes import Role
from graph.periods import SHANGHAI
from graph.store.address import Address
from graph.store.connection import Database
from loaders.world.load import DEMO, Outcome, load_file
from schema.tokens import development_reader, development_secret, sign
from server import application
from settings import Settings
from tests.conftest import PERSON_KEY, empty

ROOT = Path(__file__).parent.parent
GRAPHQL = "application/graphql-response+json"


@dataclass
class Client:
    """Asks `/graphql` as some role; `load` loads a world file as of now."""

    http: TestClient
    server: Address
    home: Path

    def token(self, role: str, hours: float = 1.0, **claims: str | None) -> str:
        return token(self.home, role, hours, **claims)

    def headers(self, role: str) -> dict[str, str]:
        return {} if role == "PUBLIC" else {"Authorization": f"Bearer {self.token(role)}"}

    def ask(self, query: str, variables: dict[str, Any] | None = None, role: str = "GOVERNMENT") -> dict[str, Any]:
        reply = self.http.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers=self.headers(role)
        )
        body: dict[str, Any] = reply.json()
        return body

    def codes(self, query: str, role: str = "GOVERNMENT") -> list[tuple[str, str | None]]:
        errors = self.ask(query, role=role)["errors"]
        return [(each["extensions"]["code"], each["extensions"].get("argument")) for each in errors]

    def load(self, path: Path) -> Outcome:
        async def run(database: Database) -> Outcome:
            now = datetime.now(SHANGHAI)
            return await load_file(database, path, person_key=PERSON_KEY, now=now, today=now.date())

        outcome: Outcome = with_database(self.server, run)
        return outcome


def token(home: Path, role: str, hours: float = 1.0, **claims: str | None) -> str:
    reader = development_reader(Role(role), claims)
    return sign(development_secret(home), reader, lifetime=timedelta(hours=hours))


def with_database(server: Address, work: Callable[[Database], Any]) -> Any:
    """Run some work on a loop and a connection of its own."""

    async def run() -> Any:
        database = Database(lambda: server)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def prepared_home(server: Address, home: Path) -> Path:
    """A home whose key is the suite's, and the suite's graph empty."""
    key = home / "person.key"
    key.write_text(PERSON_KEY.hex(), encoding="ascii")
    key.chmod(0o600)
    with_database(server, empty)
    return home


def address_variables(server: Address) -> dict[str, str]:
    return {
        "NEO4J_URI": server.uri,
        "NEO4J_USERNAME": server.username,
        "NEO4J_PASSWORD": server.password,
        "NEO4J_DATABASE": server.database,
    }


@contextmanager
def serving(server: Address, home: Path, **settings: Any) -> Iterator[Client]:
    """The whole application of one worker, in this process, over the demo world."""
    chosen = Settings.of({"home": prepared_home(server, home), "demo": "none", **settings}, address_variables(server))
    with TestClient(application(chosen), raise_server_exceptions=False) as http_client:
        found = Client(http_client, server, home)
        assert found.load(DEMO).rejections == ()
        yield found


@dataclass
class Running:
    """`python server.py` as a process."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def connection(self, timeout: float = 60) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def post(self, body: str | bytes, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
        connection = self.connection()
        try:
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            return reply.status, {key.lower(): value for key, value in reply.getheaders()}, json.loads(reply.read())
        finally:
            connection.close()

    def ask(self, query: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        status, _, body = self.post(json.dumps({"query": query}), headers)
        return status, body

    def metric(self, name: str) -> float:
        """The sum of the samples of a name."""
        connection = self.connection()
        try:
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        finally:
            connection.close()
        return sum(float(each.rsplit(" ", 1)[1]) for each in lines if each.split("{")[0].split(" ")[0] == name)

    def ready(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        connection = self.connection(5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def within(seconds: float, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.05)


@contextmanager
def running(server: Address, home: Path, *flags: str, **variables: str) -> Iterator[Running]:
    """A served process on the suite's database, as that is; stopped in order when the block ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEO4J", "CREDITGRAPH"))}
    port, output = free_port(), home / "output"
    command = [sys.executable, "server.py", "--home", str(home), "--port", str(port), "--demo", "none", *flags]
    with output.open("w") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, **address_variables(server), **variables},
            stdout=file,
            stderr=file,
            text=True,
        )
    found = Running(process, port, home, output)
    try:
        within(60, found.ready)
        yield found
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
