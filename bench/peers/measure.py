"""The API beside other servers of the same data: processor time a request, in turns, over HTTP of one process.

It must not know how any of them answers.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.routing import Route

from bench.api import IDS, LABELS, LIMITS, Remembering, Served, served
from bench.bars import Bars, spread
from bench.floor.shapes import SHAPES, Shape
from bench.peers.apollo import Apollo, apollo
from bench.peers.stock import Stock
from graph import rules
from graph.store.audit import AuditLog
from graph.store.embedded import EmbeddedOptions, Lease
from schema.metrics import Metrics
from schema.operation import World
from schema.packs import Packs
from schema.tokens import Tokens
from schema.transport import Transport

STOCK_BARS: Final = {"point": 0.35, "profile": 0.12, "100 x 10": 0.12}  # issue 5
PEER_MEAN, PEER_WORST = 0.3, 0.5  # issue 5: the geometric mean over all shapes, and no shape above
Ids = Mapping[str, list[str]]


def measure(options: argparse.Namespace) -> list[str]:
    bars = Bars("peers")
    with Lease.acquire(EmbeddedOptions(home=options.home)) as lease:
        database = Remembering(lease.address)
        world = World(database, Packs(rules.load()), AuditLog(database, "bench"), lambda role: LIMITS)
        ours, stock = Transport(lambda: world, Tokens(), Metrics(), None), Stock(lease.address())
        with served([Route("/graphql", ours), Route("/stock", stock)]) as server:
            ids = {
                kind: [row["id"] for row in server.run(database.read(IDS.format(label=label), {}))]
                for kind, label in LABELS.items()
            }
            for shape in SHAPES:
                if shape.name in STOCK_BARS:
                    beside_stock(server, shape, ids, options, bars)
            if options.node:
                with apollo(lease.address(), options.node) as peer:
                    ratios = [beside_apollo(server, peer, shape, ids, options, bars) for shape in SHAPES]
                mean, worst = statistics.geometric_mean(ratios), max(ratios)
                print(
                    f"@neo4j/graphql: {mean:.2f} x in the mean ({bars.most('@neo4j/graphql, mean', mean, PEER_MEAN)}),"
                    f" at most {worst:.2f} ({bars.most('@neo4j/graphql, worst shape', worst, PEER_WORST)})"
                )
            else:
                print("@neo4j/graphql left out: --node FOLDER names where its packages are")
            server.run(stock.close())
            server.run(database.close())
    print(f"load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    return bars.missed


def asked(shape: Shape, ids: Ids, i: int) -> dict[str, Any]:
    return {"query": shape.document, "variables": shape.variables(ids, i)}


def beside_stock(server: Served, shape: Shape, ids: Ids, options: argparse.Namespace, bars: Bars) -> None:
    bodies = [asked(shape, ids, i) for i in range(rounds_of(shape, options))]
    same = all(
        orjson.loads(server.post("/graphql", each))["data"] == orjson.loads(server.post("/stock", each))["data"]
        for each in bodies[:5]
    )
    told, ratio = in_turns(
        shape,
        (lambda: server.many("/graphql", bodies), server.spent),
        (lambda: server.many("/stock", bodies), server.spent),
        len(bodies),
        options.rounds,
    )
    bar = bars.most(f"stock Strawberry, {shape.name}", ratio, STOCK_BARS[shape.name])
    print(f"{told} stock Strawberry ({bar}) {bars.holds(f'{shape.name}: same answers', kept=same)}", flush=True)


def beside_apollo(
    server: Served, peer: Apollo, shape: Shape, ids: Ids, options: argparse.Namespace, bars: Bars
) -> float:
    rounds = range(rounds_of(shape, options))
    ours = [asked(shape, ids, i) for i in rounds]
    theirs = [peer.asked(shape.name, shape.variables(ids, i)) for i in rounds]
    same = all(
        sorted(ids_in(orjson.loads(server.post("/graphql", mine))["data"]))
        == sorted(ids_in(orjson.loads(peer.post(other))["data"]))
        for mine, other in zip(ours[:5], theirs[:5], strict=True)
    )
    told, ratio = in_turns(
        shape,
        (lambda: server.many("/graphql", ours), server.spent),
        (lambda: server.clients.ask(peer.port, "/", theirs), peer.spent),
        len(rounds),
        options.rounds,
    )
    print(f"{told} @neo4j/graphql {bars.holds(f'{shape.name}: same nodes', kept=same)}", flush=True)
    return ratio


def rounds_of(shape: Shape, options: argparse.Namespace) -> int:
    questions: int = options.questions
    return max(20, questions // (5 if "100 x" in shape.name else 1))


Side = tuple[Callable[[], None], Callable[[], float]]


def in_turns(shape: Shape, ours: Side, theirs: Side, count: int, turns: int) -> tuple[str, float]:
    """Processor time of both, and the median of the ratios of the turns, after one turn that warms."""
    pairs = [(cpu(*ours, count), cpu(*theirs, count)) for _ in range(turns + 1)][1:]
    each = [a / b for a, b in pairs]
    mine, other = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return f"{shape.name:20} cpu {mine:7.3f} : {other:7.3f} ms = {spread(each)}", statistics.median(each)


def cpu(ask: Callable[[], None], spent: Callable[[], float], count: int) -> float:
    """Milliseconds of processor a question."""
    before = spent()
    ask()
    return (spent() - before) * 1000 / count


def ids_in(answer: Any) -> list[str]:
    if isinstance(answer, dict):
        return [*([answer["id"]] if "id" in answer else []), *(id for each in answer.values() for id in ids_in(each))]
    return [id for each in answer for id in ids_in(each)] if isinstance(answer, list) else []


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench peers", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city")
    arguments.add_argument("--node", type=Path, help="folder with the node_modules of bench/peers/package.json")
    arguments.add_argument("--rounds", type=int, default=5, help="pairs of measurements")
    arguments.add_argument("--questions", type=int, default=400, help="in a measurement")
    return measure(arguments.parse_args(given))
