"""The API beside other servers of the same data: processor time a request, in turns, over HTTP of one process.

It must not know how any of them answers.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import orjson
from starlette.routing import Route

from bench.api import IDS, LABELS, LIMITS, Remembering, Served, served, timed
from bench.floor.shapes import SHAPES
from bench.peers.stock import Stock
from graph import rules
from graph.store.audit import AuditLog
from graph.store.embedded import EmbeddedOptions, Lease
from schema.metrics import Metrics
from schema.operation import World
from schema.packs import Packs
from schema.tokens import Tokens
from schema.transport import Transport

BARS: Final = {"point": 0.35, "100 x 10": 0.12}  # issue 5


def measure(options: argparse.Namespace) -> None:
    with Lease.acquire(EmbeddedOptions(home=options.home)) as lease:
        database = Remembering(lease.address)
        world = World(database, Packs(rules.load()), AuditLog(database, "bench"), lambda role: LIMITS)
        ours = Transport(lambda: world, Tokens(), Metrics(), None)
        with served([Route("/graphql", ours), Route("/stock", Stock(database))]) as server:
            ids = {
                kind: [row["id"] for row in server.run(database.read(IDS.format(label=label), {}))]
                for kind, label in LABELS.items()
            }
            for name, bar in BARS.items():
                compare(server, name, bar, ids, options)
            server.run(database.close())
        print(f"load of the machine {os.getloadavg()[0]:.1f}")


def compare(server: Served, name: str, bar: float, ids: dict[str, list[str]], options: argparse.Namespace) -> None:
    shape = next(each for each in SHAPES if each.name == name)

    def asked(path: str) -> Callable[[int], bytes]:
        return lambda i: server.post(path, {"query": shape.document, "variables": shape.variables(ids, i)})

    ours, stock = asked("/graphql"), asked("/stock")
    same = all(orjson.loads(ours(i))["data"] == orjson.loads(stock(i))["data"] for i in range(5))
    rounds = max(5, options.questions // (10 if "100 x" in name else 1))
    timed(server, ours, rounds, 0), timed(server, stock, rounds, 0)
    turns = [(timed(server, ours, rounds, 0)[0], timed(server, stock, rounds, 0)[0]) for _ in range(options.rounds)]
    each = [a / b for a, b in turns]
    cpu = [statistics.median(pair[side] for pair in turns) for side in (0, 1)]
    print(
        f"{name:10} cpu {cpu[0]:7.3f} : {cpu[1]:7.3f} ms = {statistics.median(each):.2f} x stock Strawberry (bar {bar};"
        f" {min(each):.2f} to {max(each):.2f})   {'same answers' if same else 'ANSWERS DIFFER'}",
        flush=True,
    )


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench peers", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city")
    arguments.add_argument("--rounds", type=int, default=5, help="pairs of measurements")
    arguments.add_argument("--questions", type=int, default=200, help="in a measurement")
    measure(arguments.parse_args(given))
