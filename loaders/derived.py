"""What follows a load in the same command: the measures that it touched, derived anew (`python -m graph derive`).

It must not know what was loaded: the writer's marks say it.
"""

from __future__ import annotations

from datetime import datetime

from graph.progress import Progress
from graph.store.connection import Database
from graph.store.deriving import derive


async def rederive(database: Database, now: datetime, progress: Progress, most: int) -> None:
    """Says what changed, or that more than `most` nodes were touched and wait; of no change it says nothing."""
    done = await derive(database, now=now, progress=progress, most=most)
    if done.left:
        print(
            f"措施未推导:触及 {done.left:,} 个节点,请运行 python -m graph derive"
            f" / measures are not derived yet of {done.left:,} nodes that were touched: run python -m graph derive"
        )
    elif done.causes:
        print(done)
