"""What follows a load in the same command: the measures that it touched, derived anew (`python -m graph derive`).

It must not know what was loaded: the writer's marks say it.
"""

from __future__ import annotations

from datetime import datetime

from graph.progress import Progress
from graph.store.connection import Database
from graph.store.deriving import derive


async def rederive(database: Database, now: datetime, progress: Progress) -> None:
    """Says what changed; where nothing did it says nothing."""
    done = await derive(database, now=now, progress=progress)
    if done.causes:
        print(done)
