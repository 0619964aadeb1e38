"""A real Neo4j Community as a child of its own keeper process; what a stranger's first start needs and nothing more.

It must not know what is stored.
"""

from graph.store.address import Address
from graph.store.embedded.errors import EmbeddedError
from graph.store.embedded.lease import Lease
from graph.store.embedded.options import EmbeddedOptions

__all__ = ["Address", "EmbeddedError", "EmbeddedOptions", "Lease"]
