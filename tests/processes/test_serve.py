"""`python server.py` as a stranger runs it: processes of its own, killed and stopped for real.

For the embedded server only; `make test-external` leaves this folder out.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parents[2]
CHECK = '{ check(subject: "world:demo:acme") { outcome } }'
ANSWER = {"data": {"check": {"outcome": "RESTRICTED"}}}
JVM, KEEPER = "bin/java", "graph.store.embedded.keeper"
ROLES = ("PUBLIC", "GOVERNMENT", "PROFESSIONAL", "SUBJECT", "OPERATOR", "AUDITOR")


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    home: Path
    output: Path

    def ask(self, query: str = CHECK) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request("POST", "/graphql", json.dumps({"query": query}), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()

    def outcome(self) -> str:
        """`answered`, or the code of the error."""
        _, body = self.ask()
        if "errors" in body:
            return str(body["errors"][0]["extensions"]["code"])
        assert body["data"] == ANSWER["data"]
        return "answered"

    def family(self, word: str) -> list[psutil.Process]:
        """Living processes of this home whose command line holds a word."""
        found = []
        for each in psutil.process_iter(["cmdline"]):
            line = " ".join(each.info["cmdline"] or ())
            if str(self.home) in line and word in line and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
        return found


def within(seconds: float, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("NEO4J", "CREDITGRAPH"))}
    output = folder / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "server.py", "--home", str(folder / "home"), "--port", str(port), "serve"],
            cwd=ROOT,
            # Beside another test process a cold server plans its first check in more than the usual 10 s.
            env={**environ, "CREDITGRAPH_HEAP_MB": "512", "CREDITGRAPH_STATEMENT_SECONDS": "30"},
            stdout=file,
            stderr=file,
            text=True,
        )
    found = Served(process, port, folder / "home", output)
    try:
        within(120, lambda: _is_ready(found))
        yield found
    finally:
        process.terminate()
        process.wait(30)


def _is_ready(served: Served) -> bool:
    assert served.process.poll() is None, served.output.read_text()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_it_prints_its_address_and_a_token_per_role_and_answers(served: Served) -> None:
    printed = served.output.read_text()
    assert f"http://127.0.0.1:{served.port}/graphql" in printed
    assert [role for role in ROLES if f"  {role} " not in printed] == []
    assert served.outcome() == "answered"


def test_a_city_follows_while_it_answers(served: Served) -> None:
    """From here on nothing else is loaded: the tests below measure and kill."""
    within(180, lambda: "示范城市已就绪" in served.output.read_text())
    _, body = served.ask("{ enterprises { totalCount } }")
    assert body["data"]["enterprises"]["totalCount"] > 2_000


def test_a_worker_stays_below_200_megabytes(served: Served) -> None:
    for _ in range(200):
        served.ask()
    assert psutil.Process(served.process.pid).memory_info().rss < 200_000_000


def test_the_token_command_prints_a_token_of_this_home(served: Served) -> None:
    command = [
        sys.executable,
        "server.py",
        "--home",
        str(served.home),
        "token",
        "--role",
        "AUDITOR",
        "--region",
        "440700",
    ]
    token = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=15)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", "/graphql", json.dumps({"query": "{ viewer { role region { code } } }"}), headers)
    assert json.loads(connection.getresponse().read())["data"] == {
        "viewer": {"role": "AUDITOR", "region": {"code": "440700"}}
    }
    connection.close()


@pytest.mark.parametrize("victim", [JVM, KEEPER])
def test_after_a_kill_it_is_unavailable_and_works_again_by_itself(served: Served, victim: str) -> None:
    (process,) = served.family(victim)
    process.kill()
    seen = {served.outcome()}

    def back() -> bool:
        seen.add(served.outcome())
        return "answered" in seen

    within(60, back)
    assert seen <= {"answered", "UNAVAILABLE"}
    within(10, lambda: len(served.family(JVM)) == 1)


def test_a_second_server_shares_the_running_database(served: Served) -> None:
    loaded = subprocess.run(
        [sys.executable, "-m", "loaders", "world", str(ROOT / "loaders/world/demo.yaml"), "--home", str(served.home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "loaded 0 + unchanged 71 + rejected 0" in loaded.stdout
    assert (len(served.family(JVM)), served.outcome()) == (1, "answered")


def test_stopped_in_order_it_leaves_no_process_behind(served: Served) -> None:
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(15)
    within(3, lambda: served.family(JVM) == [])
    assert time.monotonic() - began < 8
    within(3, lambda: served.family(KEEPER) == [])
