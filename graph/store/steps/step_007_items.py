"""Step 7: the versions of catalogue items by which files were read, and their elements.

It must not know the catalogue.
"""

from __future__ import annotations

from typing import Final

from graph.store.steps.step_001_schema import creating

INDEXES: Final = (
    "CREATE CONSTRAINT catalog_item_id IF NOT EXISTS FOR (n:CatalogItem) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT data_element_id IF NOT EXISTS FOR (n:DataElement) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX catalog_item_code IF NOT EXISTS FOR (n:CatalogItem) ON (n.code, n.recordedAt)",
)

run: Final = creating(INDEXES)
