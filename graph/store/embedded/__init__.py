"""A real Neo4j Community server in a home of its own, shared by every user of that home.

It must not know what is stored in it.
"""

from graph.store.address import Address
from graph.store.embedded.errors import (
    DiskFull,
    EmbeddedError,
    HomeHeld,
    JarMissing,
    JavaUnfit,
    NotReady,
    StartFailed,
)
from graph.store.embedded.lease import Lease
from graph.store.embedded.options import EmbeddedOptions, user_cache

__all__ = [
    "Address",
    "DiskFull",
    "EmbeddedError",
    "EmbeddedOptions",
    "HomeHeld",
    "JarMissing",
    "JavaUnfit",
    "Lease",
    "NotReady",
    "StartFailed",
    "user_cache",
]
