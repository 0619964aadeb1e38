"""Times `check` and `reach` over HTTP on the demo world: one warm sequential client, not audited.

It starts the real server in a home of its own; it must not know how the answers are made.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
QUESTIONS = {
    "check": (
        "query($id: ID!) { check(subject: $id) { outcome complete "
        "measures { definition { code } from until party { id } "
        "rule { id version } path { relation forward start { id } end { id } } } } }"
    ),
    "reach": (
        "query($id: ID!) { reach(record: $id) { complete measures { definition { code } from until party { id } "
        "rule { id version } path { relation forward start { id } end { id } } } } }"
    ),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def post(connection: http.client.HTTPConnection, question: str, subject: str) -> dict[str, object]:
    body = json.dumps({"query": question, "variables": {"id": subject}})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    answer: dict[str, object] = json.loads(connection.getresponse().read())
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


def timed(connection: http.client.HTTPConnection, question: str, subject: str, rounds: int) -> list[float]:
    figures = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = post(connection, question, subject)
        figures.append((time.perf_counter() - began) * 1000)
        assert "errors" not in answer, answer
    return figures


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench check", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--warm", type=int, default=2000, help="rounds before timing: the JVM compiles for a while")
    arguments.add_argument("--check", default="world:demo:acme", help="the subject asked about")
    arguments.add_argument("--reach", default="world:demo:r1", help="the record asked about")
    chosen = arguments.parse_args(given)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as home:
        server = subprocess.Popen(
            [sys.executable, "server.py", "--home", home, "--port", str(port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        try:
            print(f"ready after {wait_until_ready(port, 120):.1f} s")
            connection = http.client.HTTPConnection("127.0.0.1", port)
            for name, question in QUESTIONS.items():
                subject = getattr(chosen, name)
                timed(connection, question, subject, chosen.warm)
                figures = sorted(timed(connection, question, subject, chosen.rounds))
                print(
                    f"{name:6} p50 {statistics.median(figures):.2f} ms  p95 {figures[int(len(figures) * 0.95)]:.2f} ms"
                    f"  ({len(figures)} rounds, bar p50 <= 8 ms)"
                )
            family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
            for process in family:
                if "java" not in process.name():
                    print(f"memory {process.memory_info().rss / 1e6:.0f} MB  {' '.join(process.cmdline())[-60:]}")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
