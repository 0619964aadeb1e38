"""What operators see of one deployment: counts and times of requests, never a name, an id or a query.

It must not know what was asked. With several workers the figures of all of them are added up through a folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
SECONDS: Final = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5, 10)


class Metrics:
    """`shared` is the folder PROMETHEUS_MULTIPROC_DIR named before this module was first imported."""

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

    def exposition(self) -> bytes:
        """The text format of Prometheus."""
        if self._shared is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(registry)
