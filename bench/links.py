"""Times links and conflicts of bidders against a lookup by id, through one server over HTTP, on a city in a home.

It loads the city where the home has none; it must not know how the answers are found.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from bench.reads import LOOKUP, timed
from bench.served import ROOT, post, serving
from graph.links.answer import MEANT
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease

LINKS: Final = """query($ids: [ID!]!) { links(between: $ids) {
  paths { length steps { relation start { id } end { id } } } subgraph { truncated { reason } } warnings { code } } }"""
CONFLICTS: Final = "query($ids: [ID!]!) { bidConflicts(bidders: $ids) { rule { id } certainty bidders { id } } }"
LARGEST: Final = f"""
MATCH (subject:Subject)
WITH subject, COUNT {{ (subject)-[:{"|".join(MEANT)}]-() }} AS degree ORDER BY degree DESC, subject.id LIMIT 500
RETURN collect(subject.id) AS ids, max(degree) AS most, min(degree) AS least"""
FIRMS: Final = "MATCH (firm:Enterprise) RETURN collect(firm.id) AS ids"


def parties(home: Path) -> tuple[list[str], list[str], str]:
    """The 500 largest parties, all firms, and in words how large the largest are."""

    async def read() -> tuple[list[str], list[str], str]:
        with Lease.acquire(EmbeddedOptions(home=home)) as lease:
            database = Database(lease.address)
            try:
                (largest,) = await database.read(LARGEST, {}, timeout_seconds=60)
                (firms,) = await database.read(FIRMS, {}, timeout_seconds=60)
            finally:
                await database.close()
        return largest["ids"], firms["ids"], f"{largest['most']} to {largest['least']} relations"

    return asyncio.run(read())


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench links", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city; made when absent")
    arguments.add_argument(
        "--size", type=int, default=10_000, help="enterprises of the city that is loaded first; 0: what is there"
    )
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--warm", type=int, default=300)
    chosen = arguments.parse_args(given)
    command = [sys.executable, "-m", "loaders", "city", "--size", str(chosen.size), "--home", str(chosen.home)]
    if chosen.size:
        subprocess.run(command, cwd=ROOT, check=True)
    largest, firms, sizes = parties(chosen.home)
    drawn = random.Random(7)
    asked: dict[str, Callable[[], dict[str, Any]]] = {}
    with serving(chosen.home, "none") as (connection, _):
        asked["lookup by id"] = lambda: post(connection, LOOKUP, id=drawn.choice(firms))
        asked["links"] = lambda: post(connection, LINKS, ids=drawn.sample(largest, 2))
        asked["10 bidders"] = lambda: post(connection, CONFLICTS, ids=drawn.sample(firms, 10))
        for ask in asked.values():  # on a busy machine a cold statement may be planned for longer than it may take
            while "errors" in ask():
                pass
        taken: dict[str, list[float]] = {name: [] for name in asked}
        found = 0
        for turn in range(chosen.warm + chosen.rounds):
            for name, ask in asked.items():
                spent, data = timed(ask)
                if turn >= chosen.warm:
                    taken[name].append(spent)
                    found += name == "links" and bool(data["links"]["paths"])
        floor = statistics.median(taken["lookup by id"])
        for name, each in taken.items():
            p50, p95 = statistics.median(each), statistics.quantiles(each, n=20)[-1]
            print(f"{name:14} p50 {p50:7.2f} ms = {p50 / floor:4.1f} x   p95 {p95:7.2f} ms   max {max(each):7.2f} ms")
        print(f"links among the 500 largest ({sizes}; bar p95 60 ms): {found} of {chosen.rounds} pairs are connected")
        print(f"10 bidders: bar 6 x the lookup   load of the machine {os.getloadavg()[0]:.1f}")
