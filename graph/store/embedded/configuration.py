"""The generated `neo4j.conf` and how much memory the server may take; it must not know who starts it.

Settings and traps: `neo4j.md` 1.7. An unknown key stops the start, so this file is for the server of the lock only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from graph.store.embedded.home import Home
from graph.store.embedded.options import MEGABYTE, EmbeddedOptions

HEAP_LIMITS = (512, 4096)  # 4 GB serves 1 M nodes / 5 M relations (`neo4j.md` 4.4)
PAGE_CACHE_LIMITS = (128, 2048)
SMALLEST_START_HEAP = 256


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes."""

    heap: int
    page_cache: int

    @property
    def start_heap(self) -> int:
        """Lower than the heap: the machine is shared, and G1 grows it when there is work."""
        return min(self.heap, SMALLEST_START_HEAP)

    @property
    def transactions(self) -> int:
        return max(128, self.heap // 2)


def size(options: EmbeddedOptions, machine_megabytes: int | None = None) -> Memory:
    """A sixth of the machine as heap, a twelfth as page cache: Neo4j refuses to start when both exceed the memory."""
    machine = machine_megabytes or machine_memory()
    heap = options.heap_megabytes or _within(machine // 6, HEAP_LIMITS)
    page_cache = options.page_cache_megabytes or _within(machine // 12, PAGE_CACHE_LIMITS)
    return Memory(heap, page_cache)


def machine_memory() -> int:
    """Physical memory, or the container's limit when that is lower; in megabytes."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")) // MEGABYTE
    except (OSError, ValueError):  # no cgroup v2, or "max"
        return physical
    return min(physical, limit)


def _within(value: int, limits: tuple[int, int]) -> int:
    return max(limits[0], min(limits[1], value))


def write(home: Home, options: EmbeddedOptions, memory: Memory, port: int) -> None:
    lines = [f"{key}={value}" for key, value in settings(options, memory, port)]
    home.path("conf/neo4j.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def settings(options: EmbeddedOptions, memory: Memory, port: int) -> list[tuple[str, str]]:
    return [
        ("server.default_listen_address", "127.0.0.1"),
        ("server.bolt.listen_address", f"127.0.0.1:{port}"),
        ("server.bolt.advertised_address", f"127.0.0.1:{port}"),  # the default :7687 breaks neo4j:// elsewhere
        ("server.http.enabled", "false"),
        ("server.https.enabled", "false"),
        # Relative to --home-dir: an absolute path with Chinese in it is read as \u6570 and then as a folder u6570.
        ("server.directories.data", "data"),
        ("server.directories.logs", "logs"),
        ("server.directories.run", "run"),
        ("server.directories.plugins", "plugins"),
        ("server.directories.import", "import"),
        ("server.memory.pagecache.size", f"{memory.page_cache}m"),
        ("dbms.memory.transaction.total.max", f"{memory.transactions}m"),
        ("db.transaction.timeout", f"{options.transaction_timeout_seconds}s"),  # the default 0 means never
        ("db.tx_log.preallocate", "false"),  # a new home is 2.6 MB instead of 517 MB
        ("db.tx_log.rotation.size", "64m"),
        ("db.tx_log.rotation.retention_policy", "256M size"),  # the default keeps two days, up to 2 GB
        ("dbms.usage_report.enabled", "false"),
        ("db.query.default_language", "CYPHER_5"),  # only the distributed conf sets it; ours must
        ("internal.dbms.bolt.netty_server_shutdown_quiet_period_duration", "0s"),  # stop 0.4 s instead of 10.3 s
        # Else a text is planned anew for every power of ten of the length of each text and list that is given to it.
        ("internal.cypher.use_parameter_size", "false"),
        ("db.logs.query.enabled", "VERBOSE" if options.query_log else "OFF"),
        ("db.logs.query.parameter_logging_enabled", "false"),  # parameters hold personal data
    ]
