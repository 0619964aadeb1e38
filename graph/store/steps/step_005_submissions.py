"""Step 5: what was handed in, with its receipt, found by its source and order.

It must not know files.
"""

from __future__ import annotations

from typing import Final

from graph.store.steps.step_001_schema import creating

INDEXES: Final = (
    "CREATE CONSTRAINT submission_id IF NOT EXISTS FOR (n:SubmissionBatch) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX submission_source IF NOT EXISTS FOR (n:SubmissionBatch) ON (n.source, n.version)",
)

run: Final = creating(INDEXES)
