"""Times what GraphQL costs: the API's processor time per question against hand-written Cypher with the same answer.

In one process and one run, without HTTP, which both would have alike; it must not know how answers are made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from bench.floor.shapes import SHAPES, Shape
from graph import rules
from graph.periods import SHANGHAI, Moment
from graph.store.audit import AuditLog
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease
from schema.limits import Limits
from schema.operation import World, execute
from schema.packs import Packs
from schema.reader import PUBLIC
from schema.replies import written

PUBLISHED: Final = "n.publicFrom IS NULL OR n.publicFrom <= toString(date()) < n.publicTo"
IDS: Final = f"MATCH (n:{{label}}) WHERE {PUBLISHED} RETURN n.id AS id LIMIT 400"
LABELS: Final = {"ent": "Enterprise", "per": "Person", "rec": "Penalty"}
LIMITS: Final = Limits(cost=1_000_000, list_depth=10, depth=30)
Ask = Callable[[int], Awaitable[bytes]]


class Watched(Database):
    """The same database, telling how much processor time of ours a read took."""

    spent = 0.0

    async def read(self, *given: Any, **named: Any) -> list[dict[str, Any]]:
        began = time.thread_time()
        rows = await super().read(*given, **named)
        self.spent += time.thread_time() - began
        return rows


def asked(world: World, shape: Shape, ids: dict[str, list[str]]) -> Ask:
    async def ask(i: int) -> bytes:
        answer = await execute(world, PUBLIC, shape.document, shape.variables(ids, i))
        assert "errors" not in answer.body, answer.body
        return written(answer)[0]

    return ask


def floor(database: Database, shape: Shape, ids: dict[str, list[str]], moment: Moment) -> Ask:
    dates = {"day": moment.as_of.isoformat(), "known": moment.known}

    async def ask(i: int) -> bytes:
        rows = await database.read(shape.statement, {**shape.variables(ids, i), **dates})
        return orjson.dumps({"data": rows[0]["data"], "extensions": dates})

    return ask


async def timed(ask: Ask, rounds: int, start: int) -> tuple[float, float]:
    """Milliseconds a question: of this thread, and of the clock."""
    cpu, clock = time.thread_time(), time.perf_counter()
    for i in range(start, start + rounds):
        await ask(i)
    return (time.thread_time() - cpu) * 1000 / rounds, (time.perf_counter() - clock) * 1000 / rounds


async def measure(options: argparse.Namespace) -> None:
    with Lease.acquire(EmbeddedOptions(home=options.home)) as lease:
        database = Watched(lease.address)
        world = World(database, Packs(rules.load()), AuditLog(database, "bench"), lambda role: LIMITS)
        moment = Moment(datetime.now(SHANGHAI).date())
        ids = {
            kind: [row["id"] for row in await database.read(IDS.format(label=label), {})]
            for kind, label in LABELS.items()
        }
        ratios: list[float] = []
        for shape in SHAPES:
            ours, bare = asked(world, shape, ids), floor(database, shape, ids, moment)
            same = 0
            for i in range(5):
                same += orjson.loads(await ours(i))["data"] == shown(orjson.loads(await bare(i))["data"])
            rounds = max(5, options.questions // (20 if "100 x" in shape.name else 1))
            await timed(ours, rounds, 0), await timed(bare, rounds, 0)
            pairs = []
            for turn in range(options.rounds):
                database.spent = 0.0
                first = await timed(ours, rounds, turn * rounds)
                own = first[0] - database.spent * 1000 / rounds
                pairs.append((first, await timed(bare, rounds, turn * rounds), own))
            each = [a[0] / b[0] for a, b, _ in pairs]
            ratios.append(statistics.median(each))
            cpu = statistics.median(a[0] for a, _, _ in pairs), statistics.median(b[0] for _, b, _ in pairs)
            clock = statistics.median(a[1] for a, _, _ in pairs), statistics.median(b[1] for _, b, _ in pairs)
            own = statistics.median(own for _, _, own in pairs)
            print(
                f"{shape.name:20} cpu {cpu[0]:7.3f} : {cpu[1]:7.3f} ms = {ratios[-1]:.2f} x"
                f" ({min(each):.2f} to {max(each):.2f})   clock {clock[0]:7.2f} : {clock[1]:7.2f} ms"
                f"   without the driver {own:.3f} ms   {'same answers' if same == 5 else 'ANSWERS DIFFER'}",
                flush=True,
            )
        print(f"median {statistics.median(ratios):.2f} x (bar 1.15); load of the machine {os.getloadavg()[0]:.1f}")
        await database.close()


def shown(value: Any) -> Any:
    """Shares as the API writes them; the statement has them as they are stored."""
    if isinstance(value, dict):
        return {
            key: f"{each / 1_000_000:f}".rstrip("0").rstrip(".") if key == "share" and each is not None else shown(each)
            for key, each in value.items()
        }
    return [shown(each) for each in value] if isinstance(value, list) else value


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench api", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city")
    arguments.add_argument("--rounds", type=int, default=7, help="pairs of measurements")
    arguments.add_argument("--questions", type=int, default=200, help="in a measurement")
    asyncio.run(measure(arguments.parse_args(given)))
