"""Step 5: what was handed in, with its receipt, found by its source and order.

It must not know files.
"""

from __future__ import annotations

from typing import Final

from graph.store.connection import Database, Transaction
from graph.store.steps.step_001_schema import AWAIT_INDEXES, AWAIT_SECONDS

INDEXES: Final = (
    "CREATE CONSTRAINT submission_id IF NOT EXISTS FOR (n:SubmissionBatch) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX submission_source IF NOT EXISTS FOR (n:SubmissionBatch) ON (n.source, n.version)",
)


async def run(database: Database) -> None:
    async def create(transaction: Transaction) -> None:
        for statement in INDEXES:
            await transaction.run(statement)

    await database.write(create)
    await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)
