"""Times `check` and `reach` over HTTP on the demo world: one warm sequential client, not audited.

It starts the real server in a home of its own; it must not know how the answers are made.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from bench.bars import Bars
from bench.served import post, serving

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


def timed(connection: http.client.HTTPConnection, question: str, subject: str, rounds: int) -> list[float]:
    figures = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = post(connection, question, id=subject)
        figures.append((time.perf_counter() - began) * 1000)
        assert "errors" not in answer, answer
    return figures


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench check", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--warm", type=int, default=2000, help="rounds before timing: the JVM compiles for a while")
    arguments.add_argument("--check", default="world:demo:acme", help="the subject asked about")
    arguments.add_argument("--reach", default="world:demo:r1", help="the record asked about")
    chosen, bars = arguments.parse_args(given), Bars("check")
    with (
        tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as home,
        serving(Path(home)) as (connection, server),
    ):
        for name, question in QUESTIONS.items():
            subject = getattr(chosen, name)
            timed(connection, question, subject, chosen.warm)
            figures = sorted(timed(connection, question, subject, chosen.rounds))
            middle = statistics.median(figures)
            print(
                f"{name:6} p50 {middle:.2f} ms  p95 {figures[int(len(figures) * 0.95)]:.2f} ms"
                f"  ({len(figures)} rounds, {figures[0]:.2f} to {figures[-1]:.2f} ms,"
                f" p50 {bars.most(f'{name}, p50', middle, 8, 'ms')})"
            )
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        for process in family:
            if "java" not in process.name():
                print(f"memory {process.memory_info().rss / 1e6:.0f} MB  {' '.join(process.cmdline())[-60:]}")
    return bars.missed
