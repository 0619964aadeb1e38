"""Step 4: stored measures, the marks of what they wait for, and when they were derived (graph/store/README.md).

It must not derive anything: a graph without measures says so until `python -m graph derive` has run.
"""

from __future__ import annotations

from typing import Final

from graph.store.connection import Database, Transaction
from graph.store.derived import ordered
from graph.store.steps.step_001_schema import AWAIT_INDEXES, AWAIT_SECONDS

ORDERED: Final = ("from", "until", "rule")
INDEXES: Final = (
    "CREATE CONSTRAINT measure_id IF NOT EXISTS FOR (n:Measure) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX measure_cause IF NOT EXISTS FOR (n:Measure) ON (n.cause)",
    "CREATE INDEX dirty_version IF NOT EXISTS FOR (n:Dirty) ON (n.version)",
    "CREATE INDEX derivation_at IF NOT EXISTS FOR (n:Derivation) ON (n.at)",
    *(
        f"CREATE INDEX measure_{key} IF NOT EXISTS FOR (n:Measure)"
        f" ON ({', '.join(f'n.{each}' for each in ordered('Measure', key))})"
        for key in ORDERED
    ),
)


async def run(database: Database) -> None:
    async def create(transaction: Transaction) -> None:
        for statement in INDEXES:
            await transaction.run(statement)

    await database.write(create)
    await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)
