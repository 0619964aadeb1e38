"""Writes the drafts of a world file in one transaction and counts what became of every entry.

It must not know how a draft is stored; what the file said before and says no more is retired by the same write.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graph.changes import Batch
from graph.progress import Progress, SilentProgress
from graph.store.connection import Store
from graph.store.writer import write
from loaders.named import known_lists
from loaders.world.get import DEFAULT_LIMITS, ReadLimits, WorldFile, get
from loaders.world.transform import Rejection, Remark, Transformed, transform

SOURCE: Final = "world:{}"
DEMO: Final = Path(__file__).with_name("demo.yaml")


class TotalsDisagree(Exception):
    """read = loaded + unchanged + rejected does not hold: an entry was lost or counted twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the entries of one file; each count was taken where its event happened.

    `retired` is False when rejected entries kept the file from retracting what it no longer says. A dry run counts
    what would be written as `accepted` and leaves `loaded` and `unchanged` at 0.
    """

    stem: str
    read: int
    accepted: int
    loaded: int
    unchanged: int
    rejections: tuple[Rejection, ...]
    remarks: tuple[Remark, ...]
    retracted: int
    retired: bool
    dry_run: bool
    version: int | None = None
    ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rejected(self) -> int:
        return len(self.rejections)

    def checked(self) -> Outcome:
        """Itself; raises TotalsDisagree when the equation does not hold."""
        settled = self.accepted if self.dry_run else self.loaded + self.unchanged
        if self.read != settled + self.rejected:
            raise TotalsDisagree(
                f"{self.stem}: read {self.read} ≠ loaded {self.loaded} + unchanged {self.unchanged} "
                f"+ rejected {self.rejected}"
            )
        return self


async def load(database: Store, file: WorldFile, drafts: Transformed, *, now: datetime, today: date) -> Outcome:
    """One transaction for the whole file; raises the GraphError family, then nothing was written.

    Nothing is written when every entry was rejected. While some entries are rejected nothing is retracted: an entry
    with a typing error is not gone, and what it said before must not vanish.
    """
    retired = not drafts.rejections
    if not drafts.accepted and drafts.rejections:
        return _outcome(file, drafts, retired=False).checked()
    batch = Batch(
        source=SOURCE.format(file.stem),
        operation=f"world:{file.stem}:{uuid.uuid4()}",  # a new one per run: the same file may come back after another
        nodes=drafts.nodes,
        relations=drafts.relations,
        full=retired,
        batch=file.stem,
    )
    written = await write(database, batch, now=now, today=today)
    return _outcome(
        file,
        drafts,
        loaded=len(written.loaded),
        unchanged=len(written.unchanged),
        retracted=written.retracted,
        retired=retired,
        version=written.version,
        ids=written.ids,
    ).checked()


def rehearse(file: WorldFile, drafts: Transformed) -> Outcome:
    """What a load would accept and reject, without a database."""
    return _outcome(file, drafts, retired=False, dry_run=True).checked()


def _outcome(
    file: WorldFile,
    drafts: Transformed,
    *,
    loaded: int = 0,
    unchanged: int = 0,
    retracted: int = 0,
    retired: bool,
    dry_run: bool = False,
    version: int | None = None,
    ids: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    return Outcome(
        stem=file.stem,
        read=file.read,
        accepted=len(drafts.accepted),
        loaded=loaded,
        unchanged=unchanged,
        rejections=drafts.rejections,
        remarks=drafts.remarks,
        retracted=retracted,
        retired=retired,
        dry_run=dry_run,
        version=version,
        ids=ids,
    )


async def load_file(
    database: Store,
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
