"""Step 7: the versions of catalogue items by which files were read, and their elements.

It must not know the catalogue.
"""

from __future__ import annotations

from typing import Final

from graph.store.connection import Database, Transaction
from graph.store.steps.step_001_schema import AWAIT_INDEXES, AWAIT_SECONDS

INDEXES: Final = (
    "CREATE CONSTRAINT catalog_item_id IF NOT EXISTS FOR (n:CatalogItem) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT data_element_id IF NOT EXISTS FOR (n:DataElement) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX catalog_item_code IF NOT EXISTS FOR (n:CatalogItem) ON (n.code, n.recordedAt)",
)


async def run(database: Database) -> None:
    async def create(transaction: Transaction) -> None:
        for statement in INDEXES:
            await transaction.run(statement)

    await database.write(create)
    await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)
