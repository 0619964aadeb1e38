"""Step 1: constraints and indexes of the first shape (graph/store/README.md).

It must not know data: on an empty graph it makes the schema, on a full one it checks it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from graph.store.connection import Database, Transaction
from graph.vocabulary import RELATIONS

CONSTRAINTS: Final = (
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT identifier_key IF NOT EXISTS FOR (n:Identifier) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT operation_id IF NOT EXISTS FOR (n:Operation) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT audit_event_id IF NOT EXISTS FOR (n:AuditEvent) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT audit_chain IF NOT EXISTS FOR (n:AuditEvent) REQUIRE (n.worker, n.sequence) IS UNIQUE",
    *(
        f"CREATE CONSTRAINT relation_{kind.lower()}_id IF NOT EXISTS FOR ()-[r:{kind}]-() REQUIRE r.id IS UNIQUE"
        for kind in RELATIONS
    ),
)
INDEXES: Final = (
    "CREATE INDEX rule_pack_digest IF NOT EXISTS FOR (n:RulePack) ON (n.digest)",  # a pack may come into force again
    "CREATE INDEX version_source IF NOT EXISTS FOR (n:Version) ON (n.source)",  # what a source said before
    "CREATE INDEX change_version IF NOT EXISTS FOR (n:Change) ON (n.version)",
    "CREATE INDEX change_at IF NOT EXISTS FOR (n:Change) ON (n.at)",
    "CREATE INDEX operation_at IF NOT EXISTS FOR (n:Operation) ON (n.at)",
)
SCHEMA: Final = (*CONSTRAINTS, *INDEXES)
AWAIT_INDEXES: Final = "CALL db.awaitIndexes(600)"
AWAIT_SECONDS: Final = 610.0


def creating(statements: Sequence[str]) -> Callable[[Database], Awaitable[None]]:
    """A step that is nothing but these constraints and indexes; it ends when they are filled."""

    async def create(transaction: Transaction) -> None:
        for statement in statements:
            await transaction.run(statement)

    async def run(database: Database) -> None:
        await database.write(create)
        await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)

    return run


run: Final = creating(SCHEMA)
