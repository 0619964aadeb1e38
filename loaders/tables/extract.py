"""A full extract (全量): a file that tells everything a source says on a day, so that what it lacks has ended by then.

It must not know rows or how relations are ended; it remembers what the file told.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from graph.codes import RelationKind
from graph.errors import Conflict
from graph.store.connection import Store
from graph.store.ids import node_id
from graph.store.retiring import delist, retire, said
from loaders.named import known_lists, list_node
from loaders.tables.layout import Layout

MOST_ENDED: Final = 10  # percent


def add_extract_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--full",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="本文件是该日的全量,其中没有的任职、持股、名单列入自该日终止,不删除"
        " / the file is everything on that day: posts, holdings, list entries it lacks end then, and are not deleted",
    )
    parser.add_argument(
        "--most-ended",
        type=int,
        default=MOST_ENDED,
        choices=range(101),
        metavar="PERCENT",
        help=f"缺少的多于此百分比则一条也不终止(默认 {MOST_ENDED}) / nothing is ended where more than that is lacking",
    )


@dataclass(frozen=True, slots=True)
class Retirement:
    """What became of what the file lacks, in words; `held`: nothing was ended, though something may be lacking."""

    words: str
    held: bool = False


@dataclass(slots=True)
class Extract:
    """What the file told, 16 bytes of each relation. `kinds`: what the source tells at all, so that the last of a kind
    that is gone has ended too; `lists`: node ids of the lists the file is of.
    """

    day: date
    most: float
    kinds: frozenset[RelationKind]
    lists: set[str] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, options: argparse.Namespace, kinds: frozenset[RelationKind]) -> Extract | None:
        """None: the file is not called a full extract."""
        day = getattr(options, "full", None)
        return None if day is None else cls(day, options.most_ended / 100, kinds)

    def is_of(self, layout: Layout) -> None:
        """A form of one list tells of it even where nobody is on it any more."""
        for shape in () if layout.item is None else layout.item.shapes:
            name = getattr(shape, "values", {}).get("list")
            if name is not None:
                named = list_node(0, known_lists()[name])
                self.lists.add(node_id(named.kind, named.claims[0]))

    def told(self, kind: RelationKind, start: str, end: str, key: str) -> None:
        if kind is RelationKind.ON_LIST:
            self.lists.add(end)
        self.seen.add(said(kind, start, end, key))

    async def retire(self, database: Store, source: str, *, now: datetime, refused: int) -> Retirement:
        """What was ended; nothing while rows of the file wait in the quarantine: they are not lacking."""
        if refused:
            return Retirement(
                f"有 {refused} 行被隔离,未终止任何一条;更正后再次载入全量"
                f" / {refused} rows are quarantined: nothing was ended; load the extract again when they are corrected",
                held=True,
            )
        asked: dict[str, Any] = {"day": self.day, "most": self.most, "now": now}
        try:
            found = [
                await retire(database, source, sorted(self.kinds), self.seen, **asked),
                await delist(database, source, sorted(self.lists), self.seen, **asked),
            ]
        except Conflict as refusal:  # its rows are loaded all the same
            return Retirement(refusal.message, held=True)
        running, ended = sum(each.running for each in found), sum(each.ended for each in found)
        return Retirement(
            f"全量 {self.day}:有效 {running:,} 条,终止 {ended:,} 条"
            f" / full extract of {self.day}: of {running:,} that run {ended:,} have ended"
        )
