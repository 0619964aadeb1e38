"""The source `world`: a small world in one YAML file, for tests, demonstrations, bug reports and what-if.

It must not know the command line; get → transform → load → retire, the same verbs as every source.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

from graph.store.connection import Database

from graph.progress import Progress, SilentProgress
from loaders.world.get import DEFAULT_LIMITS, ReadLimits, Unreadable, WorldFile, find_files, get
from loaders.world.load import Outcome, TotalsDisagree, known_lists, load, rehearse
from loaders.world.transform import Rejection, Transformed, transform

__all__ = [
    "DEMO",
    "Outcome",
    "ReadLimits",
    "Rejection",
    "TotalsDisagree",
    "Unreadable",
    "find_files",
    "load_file",
    "rehearse_file",
]

DEMO: Final = Path(__file__).with_name("demo.yaml")


async def load_file(
    database: Database,
    path: Path,
    *,
    person_key: bytes,
    now: datetime,
    today: date,
    limits: ReadLimits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Outcome:
    """Load one world file into a prepared graph in one transaction.

    Raises Unreadable when the file cannot be used as a whole and the GraphError family when the database refuses;
    either way nothing was written.
    """
    shown = progress or SilentProgress()
    file, drafts = _drafts(path, person_key, limits, shown)
    with shown.step(f"写入 / Writing {file.stem}"):
        return await load(database, file, drafts, now=now, today=today)


def rehearse_file(
    path: Path, *, person_key: bytes, limits: ReadLimits = DEFAULT_LIMITS, progress: Progress | None = None
) -> Outcome:
    """Read and check one world file without a database; raises Unreadable."""
    return rehearse(*_drafts(path, person_key, limits, progress or SilentProgress()))


def _drafts(path: Path, person_key: bytes, limits: ReadLimits, progress: Progress) -> tuple[WorldFile, Transformed]:
    with progress.step(f"读取 / Reading {path.name}"):
        file = get(path, limits)
        return file, transform(file, person_key=person_key, lists=known_lists())
