"""What can keep the embedded server from serving, one class a fault; every message says what to do.

It must not know how the faults are found.
"""

from __future__ import annotations

from graph.errors import Unavailable


class EmbeddedError(Unavailable):
    """The embedded server cannot serve; the message names the cause and the remedy."""


class JarMissing(EmbeddedError):
    """A jar of the lock is neither in the cache nor to be had."""


class JarDamaged(JarMissing):
    """Jars were damaged and are dropped; fetching again heals it."""


class JavaUnfit(EmbeddedError):
    """Java is missing or of the wrong version."""


class DiskFull(EmbeddedError):
    """Too little space for the jars or the store."""


class HomeHeld(EmbeddedError):
    """The home belongs to another user, another layout or a keeper that does not serve."""


class StartFailed(EmbeddedError):
    """Neo4j ended or stayed silent while starting."""


class NotReady(EmbeddedError):
    """The server is down or on its way up; asking again is right."""


KINDS: dict[str, type[EmbeddedError]] = {
    kind.__name__: kind for kind in (JarMissing, JarDamaged, JavaUnfit, DiskFull, HomeHeld, StartFailed)
}  # how a keeper's fault crosses the process border
