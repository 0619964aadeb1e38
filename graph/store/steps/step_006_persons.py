"""Step 6: persons in the order of their ids, which is how they are listed where nothing is asked.

It must not know who asks; the index is filled by the database.
"""

from __future__ import annotations

from typing import Final

from graph.store.derived import ordered
from graph.store.steps.step_001_schema import creating

# The unique index of all ids would list every kind, and the properties of each person would be looked at.
INDEXES: Final = (
    "CREATE INDEX person_id IF NOT EXISTS FOR (n:Person)"
    f" ON ({', '.join(f'n.{each}' for each in ordered('Person', 'id'))})",
)

run: Final = creating(INDEXES)
