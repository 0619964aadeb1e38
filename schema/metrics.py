"""What operators see of one deployment: counts and times of requests, never a name, an id or a query.

It must not know what was asked. With several workers the figures of all of them are added up through a folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from graph.store.connection import Ran

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
SECONDS: Final = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5, 10)
LAGS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Metrics:
    """An Observer of operations and of the database's statements.

    `shared` is the folder PROMETHEUS_MULTIPROC_DIR named before this module was first imported.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._shared = shared
        self.requests = Counter(
            "creditgraph_requests", "GraphQL requests by HTTP status", ["status"], registry=self._registry
        )
        self.seconds = Histogram(
            "creditgraph_request_seconds", "GraphQL requests by time", buckets=SECONDS, registry=self._registry
        )
        self.operations = Counter(
            "creditgraph_operations", "Operations by role of the reader", ["role"], registry=self._registry
        )
        self.errors = Counter("creditgraph_errors", "Errors in answers by code", ["code"], registry=self._registry)
        self.audited = Counter("creditgraph_audited", "Operations that were audited", registry=self._registry)
        self.left = Counter("creditgraph_left", "Requests whose client left before the answer", registry=self._registry)
        self._documents = Counter(
            "creditgraph_documents",
            "Documents looked up: reused, or parsed and validated",
            ["kept"],
            registry=self._registry,
        )
        self._plans = Counter(
            "creditgraph_plan_cache", "Plans looked up: reused, or made", ["kept"], registry=self._registry
        )
        self._planned = Histogram(
            "creditgraph_plan_seconds",
            "Plans by the time it took to make them",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._plans_kept = Gauge(
            "creditgraph_plans_kept", "Plans kept", registry=self._registry, multiprocess_mode="livesum"
        )
        self._statements = Counter(
            "creditgraph_statements", "Statements sent to the database", ["access"], registry=self._registry
        )
        self._statement_seconds = Histogram(
            "creditgraph_statement_seconds",
            "Statements by time, until their last row was here",
            ["access"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._rows = Counter("creditgraph_rows", "Rows the database answered", registry=self._registry)
        self.loop_lag = Histogram(
            "creditgraph_loop_lag_seconds",
            "How late the event loop of a worker was",
            buckets=LAGS,
            registry=self._registry,
        )
        self.running = Gauge(
            "creditgraph_running", "Requests being answered", registry=self._registry, multiprocess_mode="livesum"
        )
        self.version = Gauge(
            "creditgraph_graph_version",
            "Version of the graph last answered from",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self.database = Gauge(
            "creditgraph_database_up",
            "Whether the database answered the last probe",
            registry=self._registry,
            multiprocess_mode="livemin",
        )

    def document(self, *, reused: bool) -> None:
        self._documents.labels(_kept(reused)).inc()

    def plan(self, *, reused: bool) -> None:
        self._plans.labels(_kept(reused)).inc()

    def planned(self, seconds: float) -> None:
        self._planned.observe(seconds)

    def plans(self, more: int) -> None:
        self._plans_kept.inc(more)

    def statement(self, ran: Ran) -> None:
        """One statement the database has answered or refused."""
        access = "write" if ran.writes else "read"
        self._statements.labels(access).inc()
        self._statement_seconds.labels(access).observe(ran.seconds)
        self._rows.inc(ran.rows)

    @property
    def shared(self) -> bool:
        """Whether this is one of several workers."""
        return self._shared is not None

    def exposition(self) -> bytes:
        """The text format of Prometheus."""
        if self._shared is None:
            return generate_latest(self._registry)
        for each in self._shared.glob("gauge_live*_*.db"):
            worker = int(each.stem.rsplit("_", 1)[1])
            if not _lives(worker):
                mark_process_dead(worker, str(self._shared))  # type: ignore[no-untyped-call]
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def _kept(reused: bool) -> str:
    return "hit" if reused else "miss"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
