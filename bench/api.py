"""Times what GraphQL costs: processor time of the API per request, beside hand-written Cypher with the same answer.

Both are asked over HTTP of one process in one run, in turns, through the same ASGI stack, by sixteen clients as for the
figures the bars come from (`measured-graphql.md` 1). It must not know how answers are made. What is told without driver
and stack is the same work with the rows already there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.bars import Bars, spread
from bench.clients import Clients, clients, posted
from bench.floor.shapes import SHAPES, Shape
from bench.served import free_port
from graph import rules
from graph.periods import SHANGHAI, Moment
from graph.store.audit import AuditLog
from graph.store.connection import ConnectionLimits, Database
from graph.store.embedded import EmbeddedOptions, Lease
from schema.limits import Limits
from schema.metrics import Metrics
from schema.operation import World, execute
from schema.packs import Packs
from schema.questions import Question
from schema.reader import PUBLIC, Reader
from schema.replies import reply, written
from schema.tokens import Tokens
from schema.transport import Transport

PUBLISHED: Final = "n.publicFrom IS NULL OR n.publicFrom <= toString(date()) < n.publicTo"
IDS: Final = f"MATCH (n:{{label}}) WHERE {PUBLISHED} RETURN n.id AS id LIMIT 400"
LABELS: Final = {"ent": "Enterprise", "per": "Person", "rec": "Penalty"}
LIMITS: Final = Limits(cost=1_000_000, list_depth=10, depth=30)
STATEMENTS: Final = {each.name: each.statement for each in SHAPES}
SECONDS_TO_START: Final = 30.0
FLOOR_BAR, OWN_BAR = 1.15, 0.05  # issue 5; milliseconds of a point with its rows already there


class Remembering(Database):
    """The same database; while `told` holds the rows of each statement, nobody is asked."""

    told: dict[str, list[dict[str, Any]]] | None = None

    async def read(self, statement: str, *given: Any, **named: Any) -> list[dict[str, Any]]:
        if self.told is None:
            return await super().read(statement, *given, **named)
        if statement not in self.told:
            self.told[statement] = await super().read(statement, *given, **named)
        return self.told[statement]


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a thread of its own, as uvicorn runs it, with its clients; `spent`: processor time of that thread."""

    loop: asyncio.AbstractEventLoop
    port: int
    clients: Clients
    clock: int

    def post(self, path: str, body: dict[str, Any]) -> bytes:
        return posted(self.port, path, orjson.dumps(body))

    def many(self, path: str, bodies: Sequence[dict[str, Any]]) -> None:
        """All of them asked by sixteen clients at once."""
        self.clients.ask(self.port, path, [orjson.dumps(each) for each in bodies])

    def spent(self) -> float:
        return time.clock_gettime(self.clock)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


@contextmanager
def served(routes: Sequence[Route]) -> Iterator[Served]:
    """Routes behind the middleware of the real server, on the event loop uvicorn chooses."""
    loops: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loops.append(asyncio.get_running_loop())
        yield

    gzip = Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=1)
    app, port = Starlette(routes=routes, middleware=[gzip], lifespan=lifespan), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    began = time.monotonic()
    while not server.started:
        assert time.monotonic() - began < SECONDS_TO_START, "the server does not start"
        time.sleep(0.05)
    assert thread.ident is not None
    try:
        with clients() as many:
            yield Served(loops[0], port, many, time.pthread_getcpuclockid(thread.ident))
    finally:
        server.should_exit = True
        thread.join(SECONDS_TO_START)


class Floor(Transport):
    """The same stack and transport; what is asked is the name of a shape, its statement's columns are the answer."""

    async def _answered(self, request: Request, question: Question, reader: Reader, media: str) -> Response:
        world, today = self.world(), Moment(datetime.now(SHANGHAI).date())
        dates = {"day": today.as_of.isoformat(), "known": today.known}
        statement = STATEMENTS[question.document or ""]
        rows = await world.database.read(statement, {**(question.variables or {}), **dates})
        content = orjson.dumps({"data": rows[0]["data"], "extensions": dates})
        return reply(content, 200, media, {"Cache-Control": "private, no-cache"})


def timed(server: Served, path: str, bodies: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Milliseconds a question, sixteen clients asking: of the server's thread, and of the clock."""
    cpu, clock = server.spent(), time.perf_counter()
    server.many(path, bodies)
    return (server.spent() - cpu) * 1000 / len(bodies), (time.perf_counter() - clock) * 1000 / len(bodies)


async def bare(world: World, database: Remembering, shape: Shape, variables: dict[str, Any], rounds: int) -> float:
    """Milliseconds of one question in process, its rows already there: the best of several goes, to tell it exactly."""
    database.told = {}
    best = float("inf")
    for _ in range(10):
        began = time.thread_time()
        for _ in range(rounds):
            written(await execute(world, PUBLIC, shape.document, variables))
        best = min(best, (time.thread_time() - began) * 1000 / rounds)
    database.told = None
    return best


def measure(options: argparse.Namespace) -> list[str]:
    bars = Bars("api")
    with Lease.acquire(EmbeddedOptions(home=options.home)) as lease:
        database = Remembering(lease.address)
        below = Database(lease.address, limits=ConnectionLimits(near=options.floor == "near"))
        world, bottom = (
            World(each, Packs(rules.load()), AuditLog(each, "bench"), lambda role: LIMITS) for each in (database, below)
        )
        routes = [
            Route("/graphql", Transport(lambda: world, Tokens(), Metrics(), None)),
            Route("/raw", Floor(lambda: bottom, Tokens(), Metrics(), None)),
        ]
        with served(routes) as server:
            ids = {
                kind: [row["id"] for row in server.run(database.read(IDS.format(label=label), {}))]
                for kind, label in LABELS.items()
            }
            ratios = [compare(server, world, database, shape, ids, options, bars) for shape in SHAPES]
            server.run(database.close())
            server.run(below.close())
        told = bars.most("median of the shapes over the floor", statistics.median(ratios), FLOOR_BAR)
        print(f"shapes {spread(ratios)} ({told}); load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    return bars.missed


def compare(
    server: Served,
    world: World,
    database: Remembering,
    shape: Shape,
    ids: dict[str, list[str]],
    options: Any,
    bars: Bars,
) -> float:
    """Prints one shape's times, in turns with its floor; the median of the ratios of the turns."""

    def asked(text: str, i: int) -> dict[str, Any]:
        return {"query": text, "variables": shape.variables(ids, i)}

    def answer(path: str, text: str, i: int) -> Any:
        return orjson.loads(server.post(path, asked(text, i)))["data"]

    same = all(answer("/graphql", shape.document, i) == shown(answer("/raw", shape.name, i)) for i in range(5))
    rounds = max(5, options.questions // (10 if "100 x" in shape.name else 1))
    pairs = [("/graphql", shape.document), ("/raw", shape.name)]
    bodies = {path: [asked(text, i) for i in range(rounds)] for path, text in pairs}
    turns = [[timed(server, path, bodies[path]) for path, _ in pairs] for _ in range(options.rounds + 1)][1:]
    each = [a[0] / b[0] for a, b in turns]
    cpu = [statistics.median(pair[side][0] for pair in turns) for side in (0, 1)]
    clock = [statistics.median(pair[side][1] for pair in turns) for side in (0, 1)]
    own = server.run(bare(world, database, shape, shape.variables(ids, 0), rounds))
    exact = f" ({bars.most('point without driver and stack', own, OWN_BAR, 'ms')})" if shape.name == "point" else ""
    print(
        f"{shape.name:20} cpu {cpu[0]:7.3f} : {cpu[1]:7.3f} ms = {spread(each)}"
        f"   clock {clock[0]:7.2f} : {clock[1]:7.2f} ms"
        f"   without driver and stack {own:.3f} ms{exact}"
        f"   {bars.holds(f'{shape.name}: same answers', kept=same)}",
        flush=True,
    )
    return statistics.median(each)


def shown(value: Any) -> Any:
    """Shares as the API writes them; the statement has them as they are stored."""
    if isinstance(value, dict):
        return {
            key: f"{each / 1_000_000:f}".rstrip("0").rstrip(".") if key == "share" and each is not None else shown(each)
            for key, each in value.items()
        }
    return [shown(each) for each in value] if isinstance(value, list) else value


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench api", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city")
    arguments.add_argument(
        "--floor",
        choices=("driver", "near"),
        default="driver",
        help="how the floor reads: as when it was frozen, or as we do",
    )
    arguments.add_argument("--rounds", type=int, default=7, help="pairs of measurements")
    arguments.add_argument("--questions", type=int, default=400, help="in a measurement")
    return measure(arguments.parse_args(given))
