"""Where a database is and how to log in; it must not know whether the server is embedded or somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """A Bolt address (`bolt://`, `neo4j://`, `+s`) with its credentials."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str = "neo4j"
