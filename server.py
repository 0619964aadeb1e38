"""The ASGI application and the command `python server.py`: settings, lifespan, routes, workers, tokens.

It must not know what is asked or how it is answered; it puts the rooms together and nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import hashlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from graph import rules
from graph.codes import Role
from graph.errors import GraphError, Invalid, Unavailable
from graph.periods import SHANGHAI
from graph.progress import Progress, RichProgress, SilentProgress
from graph.store.address import Address
from graph.store.audit import AuditLog
from graph.store.connection import ConnectionLimits, Database
from graph.store.embedded import Lease
from graph.store.keys import load_person_key
from graph.store.migration import prepare
from graph.store.opened import embedded_options
from graph.store.packs import install
from graph.store.snapshots import refresh
from schema import metrics
from schema.admission import Admission
from schema.beforehand import trust_in_turn
from schema.limits import Limits
from schema.operation import World, execute
from schema.packs import Packs
from schema.reader import OFFICIALS, PUBLIC
from schema.tokens import Claims, Tokens, development_reader, development_secret, sign
from schema.transport import PAGE_HEADERS, Policy, Transport
from schema.trusted import NONE, Trusted, joined, load_trusted
from schema.workbook import BidWorkbook
from settings import CHECKOUT, Settings, SettingsError, add_flags

LOG: Final = logging.getLogger("creditgraph")
STATIC: Final = CHECKOUT / "web" / "static"
EXPLORER: Final = STATIC / "explorer"
GRAPHIQL: Final = "graphiql-4.1.2"  # built by web/, shipped with its version in the name
FILE_HEADERS: Final = {**PAGE_HEADERS, "Cache-Control": "no-cache"}
READY_SECONDS: Final = 2.0
TOKEN_HOURS: Final = 12
DEMO_CITY: Final = 2_000  # enterprises of the city beside the demo world
LAG_SECONDS: Final = 0.5
AFTER_MIDNIGHT_SECONDS: Final = 5.0
REFRESH_AGAIN_SECONDS: Final = 60.0
HEALTH_SECONDS: Final = 30  # a worker that says nothing for so long is replaced; starting on a busy machine takes ten
COMPRESSED_BYTES: Final = 4_000  # smaller answers are sent sooner than they are compressed
COMPRESSION: Final = 4  # of 9: half the time of the usual 6 for 3 % more bytes
PROBE: Final = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"
WARM: Final = '{ check(subject: "world:warm:up") { outcome } subject(identifier: "world:warm:up") { name } }'
SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"


class Files(StaticFiles):
    """The built pages. Names are fixed, so a browser asks whether its copy is still the one."""

    def file_response(self, *args: Any, **keywords: Any) -> Response:
        response = super().file_response(*args, **keywords)
        response.headers.update(FILE_HEADERS)
        return response


@dataclass
class Service:
    """What a worker holds between its start and its end; `world` exists while the graph is open."""

    settings: Settings
    metrics: metrics.Metrics
    trusted: Trusted
    page_asks: Trusted
    lease: Lease | None = None
    database: Database | None = None
    opened: World | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def world(self) -> World:
        if self.opened is None:
            raise Unavailable("数据库正在启动 · the graph is being opened, try again shortly")
        return self.opened

    async def open(self, progress: Progress) -> None:
        """The graph prepared, the rule pack kept in it; raises GraphError with what to do."""
        settings = self.settings
        self.tasks.append(asyncio.create_task(self._measure_lag()))
        self.database = await asyncio.to_thread(self._connect, progress)
        now, person_key = datetime.now(SHANGHAI), load_person_key(settings.home)
        purpose = "production" if settings.demo == "none" else await self._purpose()
        await prepare(self.database, purpose=purpose, person_key=person_key, now=now)
        pack = rules.load()
        await install(self.database, pack.name, pack.version, pack.digest, pack.text, now)
        world = World(
            database=self.database,
            packs=Packs(pack),
            audit=AuditLog(self.database, f"{os.uname().nodename}-{os.getpid()}"),
            limits_of=limits_of(settings),
            cursor_key=hashlib.blake2b(person_key, digest_size=32, person=b"cursors").digest(),
            public_introspection=settings.public_introspection,
            observer=self.metrics,
            plan_bytes=settings.plan_bytes,
        )
        world.documents.trust(self.trusted.names)
        self.opened = world
        self.metrics.database.set(1)
        self.tasks += [asyncio.create_task(self._warm()), asyncio.create_task(self._keep_fresh())]

    async def _keep_fresh(self) -> None:
        """Snapshots follow the calendar: at start, for the days the server was down, and soon after each midnight."""
        while True:
            now, database = datetime.now(SHANGHAI), self.world().database
            tomorrow = datetime(now.year, now.month, now.day, tzinfo=SHANGHAI) + timedelta(days=1)
            wait = (tomorrow - now).total_seconds() + AFTER_MIDNIGHT_SECONDS
            try:
                await refresh(database, now=now, today=now.date())
            except GraphError:
                wait = min(wait, REFRESH_AGAIN_SECONDS)
            await asyncio.sleep(wait)

    async def _warm(self) -> None:
        """Planning takes the database 2 s once, and us one for all the page asks: better now than in a question."""
        try:
            await execute(self.world(), PUBLIC, WARM)
            await trust_in_turn(self.world(), {**self.trusted.names, **self.page_asks.names})
        except Exception:  # nobody waits for it, and a question makes its own plan
            LOG.exception("planning ahead")

    async def _measure_lag(self) -> None:
        """How late a sleep ends is how long everybody waits for whoever does not give way."""
        parent = os.getppid()
        while not self.metrics.shared or os.getppid() == parent:
            began = time.perf_counter()
            await asyncio.sleep(LAG_SECONDS)
            self.metrics.loop_lag.observe(max(0.0, time.perf_counter() - began - LAG_SECONDS))
        signal.raise_signal(signal.SIGTERM)  # a worker without its parent would hold the port for ever

    async def close(self) -> None:
        for each in self.tasks:
            each.cancel()
        if self.database is not None:
            await self.database.close()
        if self.lease is not None:
            await asyncio.to_thread(self.lease.release)

    async def _purpose(self) -> str:
        """A new graph with a demo world is marked `demo`; one that exists keeps its mark."""
        assert self.database is not None  # noqa: S101 - opened first
        return "production" if await self.database.read(PROBE, {}) else "demo"

    def _connect(self, progress: Progress) -> Database:
        settings = self.settings
        seconds = {"read_seconds": settings.statement_seconds, "plan_seconds": settings.plan_seconds}
        limits = ConnectionLimits(**seconds, near=settings.reads == "near")
        if settings.neo4j_uri:
            address = Address(
                settings.neo4j_uri, settings.neo4j_username, settings.neo4j_password, settings.neo4j_database
            )
            return Database(lambda: address, limits=limits, told=self.metrics.statement)
        self.lease = Lease.acquire(embedded_options(settings), progress)
        return Database(self.lease.address, revive=self.lease.revive, limits=limits, told=self.metrics.statement)


def limits_of(settings: Settings) -> Callable[[Role], Limits]:
    """The limits of a role, from the settings (`api.md` 9)."""
    names = ("depth", "list_depth", "aliases", "root_fields", "tokens", "characters", "directives", "ids", "cost")
    networks = ("network_parties", "network_stakes")

    def made(official: bool) -> Limits:
        chosen = {name: getattr(settings, name)[0 if official else 1] for name in (*names, *networks, "answer_bytes")}
        times = {name: getattr(settings, name) for name in ("statement_seconds", "plan_seconds", "link_milliseconds")}
        return Limits(**chosen, **times)

    officials, others = made(True), made(False)
    return lambda role: officials if role in OFFICIALS else others


def tokens_of(settings: Settings) -> Tokens:
    claims = Claims(settings.jwt_issuer, settings.jwt_audience)
    if settings.auth == "demo":
        return Tokens(secret=development_secret(settings.home), claims=claims)
    secret = settings.jwt_secret.get_secret_value().encode() if settings.jwt_secret else None
    return Tokens(secret=secret, jwks=settings.jwt_jwks, claims=claims)


def application(settings: Settings, progress: Progress | None = None) -> Starlette:
    """The routes of one worker. It answers UNAVAILABLE until the graph is open, and opens it again by itself."""
    folder, trusted = os.environ.get(SHARED_METRICS), load_trusted(settings.documents) if settings.documents else NONE
    page_asks = load_trusted(EXPLORER / "documents.json")  # the page of this checkout asks by id
    service = Service(settings, metrics.Metrics(Path(folder) if folder else None), trusted, page_asks)
    everything, developing = joined(page_asks, trusted), settings.mode == "development"

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await service.open(progress or SilentProgress())
        gc.freeze()  # what stays for good is not walked again: a full collection took 130 ms of a request, now 46
        gc.set_threshold(20_000, 20, 100)  # and seldom: p95 of 100 checks was 465 ms, 294 now
        try:
            yield
        finally:
            await service.close()

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await service.world().database.read(PROBE, {}, timeout_seconds=READY_SECONDS)
        except (GraphError, TimeoutError):
            service.metrics.database.set(0)
            return JSONResponse({"status": "unavailable"}, 503, headers={"Retry-After": "1"})
        service.metrics.database.set(1)
        return JSONResponse({"status": "ready"})

    async def measured(_: Request) -> Response:
        return Response(service.metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    async def index(_: Request) -> Response:
        return FileResponse(EXPLORER / "index.html", headers=FILE_HEADERS)

    tokens, admission = tokens_of(settings), Admission(settings.concurrent, settings.waiting, settings.arriving_bytes)
    policy = Policy(developing, not settings.trusted_only, settings.body_bytes)
    page = STATIC / GRAPHIQL / "index.html" if developing else None
    transport = Transport(service.world, tokens, service.metrics, page, policy, everything, admission)
    routes = [
        Route("/", index),
        Route("/graphql", transport),
        Route("/bids.xlsx", BidWorkbook(service.world, tokens, service.metrics, None, policy, everything, admission)),
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", measured),
        Mount("/static", Files(directory=STATIC)),
    ]
    compressed = Middleware(GZipMiddleware, minimum_size=COMPRESSED_BYTES, compresslevel=COMPRESSION)
    return Starlette(routes=routes, middleware=[compressed], lifespan=lifespan)


def worker() -> Starlette:
    """What uvicorn calls in each of several workers; the parent has put its settings into the environment."""
    return application(Settings.from_environment())


def serve(settings: Settings) -> int:
    progress = RichProgress()
    with held(settings, progress), contextlib.ExitStack() as beside:
        if settings.demo != "none":
            load_demo_world(settings, progress)
            beside.enter_context(demo_city(settings))
        announce(settings)
        options: dict[str, Any] = {
            "host": settings.host,
            "port": settings.port,
            "log_level": settings.log_level,
            "access_log": False,
            "timeout_graceful_shutdown": settings.drain_seconds,
            "timeout_worker_healthcheck": HEALTH_SECONDS,
        }
        if settings.workers == 1:
            uvicorn.run(application(settings), **options)
            return 0
        with tempfile.TemporaryDirectory(prefix="creditgraph-metrics-") as folder:
            os.environ.update(settings.environment() | {SHARED_METRICS: folder})
            uvicorn.run("server:worker", factory=True, workers=settings.workers, **options)
    return 0


@contextmanager
def held(settings: Settings, progress: Progress) -> Iterator[None]:
    """The embedded server kept up for everybody this command starts."""
    with contextlib.nullcontext() if settings.neo4j_uri else Lease.acquire(embedded_options(settings), progress):
        yield


def load_demo_world(settings: Settings, progress: Progress) -> None:
    with progress.step("载入示范世界 / loading the demo world"):
        loaded = _loader(settings, "world", "--demo", str(CHECKOUT / "loaders" / "world" / "demo.yaml"))
        _, complaint = loaded.communicate()
    if loaded.returncode:
        raise Invalid(f"示范世界未能载入 / the demo world was not loaded:\n{complaint.strip()}")


@contextmanager
def demo_city(settings: Settings) -> Iterator[None]:
    """A small city, loaded while the server already answers: a first time takes longer than the rest of the start.

    A load that is stopped in between goes on where it was with the next start.
    """
    loading = _loader(settings, "city", "--demo", "--size", str(DEMO_CITY))
    print(f"示范城市({DEMO_CITY} 家企业)在后台载入 / the demo city of {DEMO_CITY} enterprises is loaded meanwhile")
    began = time.monotonic()

    def tell() -> None:
        _, complaint = loading.communicate()
        if loading.returncode == 0:
            print(f"示范城市已就绪 / the demo city is there  {time.monotonic() - began:.1f} s", flush=True)
        elif loading.returncode > 0:
            print(f"示范城市未能载入 / the demo city was not loaded:\n{complaint.strip()}", file=sys.stderr, flush=True)

    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    try:
        yield
    finally:
        loading.terminate()
        telling.join()


def _loader(settings: Settings, *command: str) -> subprocess.Popen[str]:
    """The loaders' own command: this room does not know theirs."""
    return subprocess.Popen(
        [sys.executable, "-m", "loaders", *command],
        cwd=CHECKOUT,
        env={**os.environ, **settings.environment()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def announce(settings: Settings) -> None:
    place = f"http://{settings.host}:{settings.port}"
    print(f"信用图谱 creditgraph  {place}/graphql  ({place}/ · /health/ready · /metrics)", flush=True)
    if settings.auth == "demo":
        print(f"示例令牌 / example tokens, {TOKEN_HOURS} h (Authorization: Bearer …); PUBLIC needs none:")
        for role in Role:
            print(f"  {role.value:12} {development_token(settings, role, {}, TOKEN_HOURS)}", flush=True)


def development_token(settings: Settings, role: Role, told: dict[str, str | None], hours: float) -> str:
    if role is Role.SUBJECT and not told.get("subject"):
        told = {**told, "subject": "world:demo:li"}
    if role is Role.GOVERNMENT and not told.get("department"):
        told = {**told, "department": "world:demo:samr"}
    return sign(
        development_secret(settings.home),
        development_reader(role, told),
        lifetime=timedelta(hours=hours),
        claims=Claims(settings.jwt_issuer, settings.jwt_audience),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="server.py", description="信用图谱 / creditgraph: the API server")
    add_flags(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="启动服务 / serve (the default)")
    token = commands.add_parser("token", help="打印开发令牌 / print a development token")
    token.add_argument("--role", required=True, choices=[each.value for each in Role])
    for name in ("department", "region", "subject", "purpose", "ground"):
        token.add_argument(f"--{name}")
    token.add_argument("--hours", type=float, default=TOKEN_HOURS)
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.of(vars(chosen), os.environ)
        if chosen.command == "token":
            told = {name: getattr(chosen, name) for name in ("department", "region", "subject", "purpose", "ground")}
            print(development_token(settings, Role(chosen.role), told, chosen.hours))
            return 0
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        return serve(settings)
    except (GraphError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        raise SystemExit(main())
