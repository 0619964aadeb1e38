"""The command `python -m loaders quality`: the figures of each department for the rows of a period, as lines or as CSV.

It must not count by itself. A department is grouped by the name it goes by in the graph and in refused rows.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from graph.periods import SHANGHAI
from graph.progress import Progress, RichProgress
from graph.store import submissions
from graph.store.connection import Database
from graph.store.opened import opened
from graph.store.received import Received, received
from loaders.catalog.item import EVERY_DEPARTMENT, Catalog, CatalogItem, Cycle
from loaders.catalog.validators import layout
from loaders.deciders import body
from loaders.files import Unreadable
from loaders.quality.figures import UNNAMED, Figures, Refusal, Row, Tally
from loaders.tables.layout import Header, Layout, recognise
from loaders.tables.ledger import FOLDER, STAMP, OpenRow, refused_rows
from settings import Settings

MONTH: Final = 31
MOST_RECEIPTS: Final = 100_000  # of which the item of a file is looked up, the latest
COLUMNS: Final = (
    "部门 department",
    "收到 received",
    "有期限 with a term",
    "按时 on time",
    "按时率 share on time",
    "平均天数 mean days",
    "最长天数 longest",
    "退回行 rows refused",
    "退回率 share refused",
    "其中已更正 corrected",
    "未更正 still open",
)
NOTE: Final = (
    "天数自决定之日至首次收到;期限按目录的更新周期,工作日不计法定节假日调整 / "
    "days from the decision to the first receipt; terms are the update cycles of the catalogue, "
    "working days are Monday to Friday"
)


def declare(parser: argparse.ArgumentParser, catalog: Catalog) -> None:
    parser.add_argument(
        "--since",
        type=date.fromisoformat,
        default=None,
        metavar="YYYY-MM-DD",
        help=f"首次收到的日期自(含),默认 {MONTH} 日前 / received from this day on; omitted: {MONTH} days back",
    )
    parser.add_argument(
        "--until",
        type=date.fromisoformat,
        default=None,
        metavar="YYYY-MM-DD",
        help="至(不含),默认明日 / and before this day; omitted: up to today",
    )
    parser.add_argument("--csv", type=Path, default=None, metavar="FILE.csv", help="写入文件 / write a file")
    parser.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
    parser.set_defaults(run=partial(_run, catalog))


def _run(catalog: Catalog, options: argparse.Namespace) -> int:
    today = datetime.now(SHANGHAI).date()
    until = options.until or today + timedelta(days=1)
    since = options.since or until - timedelta(days=MONTH)
    if since >= until:
        raise Unreadable("--since 应早于 --until / --since comes before --until")
    if options.csv is not None and options.csv.exists():
        raise Unreadable(f"文件已存在,不覆盖:{options.csv} / the file exists and is not overwritten")
    settings = Settings.from_environment(home=options.home)
    found = asyncio.run(_figures(settings, catalog, since, until, RichProgress()))
    if options.csv is not None:
        with options.csv.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *map(_cells, found)])
    print(f"{since} – {until - timedelta(days=1)}")
    for each in found:
        print(said(each))
    if not found:
        print("该期间没有报送 / nothing was handed in")
    print(NOTE, file=sys.stderr)
    return 0


def said(figures: Figures) -> str:
    """One department in words."""
    name, received, timed, on_time, share, mean, longest, refused, share_refused, corrected, left = _cells(figures)
    name = f"{UNNAMED.zh} {UNNAMED.en}" if name == UNNAMED.zh else name
    return (
        f"{name}: 收到 received {received}; 按时 on time {on_time}/{timed} {share}; 天数 days {mean or '—'}, "
        f"最长 longest {longest}; 退回 refused {refused} {share_refused}, 已更正 corrected {corrected}, "
        f"未更正 open {left}"
    )


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        *(figures.department, str(figures.received), str(figures.timed), str(figures.on_time)),
        _percent(figures.share_on_time),
        "" if figures.mean_days is None else f"{figures.mean_days:.1f}",
        *(str(figures.longest), str(figures.refused), _percent(figures.share_refused)),
        *(str(figures.corrected), str(figures.open)),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


async def _figures(settings: Settings, catalog: Catalog, since: date, until: date, progress: Progress) -> list[Figures]:
    async with opened(settings, progress) as database:
        return await figures(database, settings.home, catalog, since, until, progress)


async def figures(
    database: Database, home: Path, catalog: Catalog, since: date, until: date, progress: Progress
) -> list[Figures]:
    """Every department that handed something in, in [since, until), or whose rows were refused or corrected then."""
    items = Items(catalog, await _items_of_files(database))
    tally = Tally()
    with progress.step("时效 / Timeliness") as advance:
        async for read, page in received(database, since, until):
            tally.add(items.row(each) for each in page)
            advance(read)
    for source in catalog.sources:
        tally.refuse(_refusals(home, source, [layout(each) for each in catalog.of(source)], since, until))
    return tally.figures()


async def _items_of_files(database: Database) -> Mapping[tuple[str, str], str]:
    """By source and stem of the file, the item it was read as the last time."""
    found = await submissions.latest(database, None, MOST_RECEIPTS)
    return {(each.source, Path(each.file).stem): each.item for _, each in reversed(found)}


@dataclass(slots=True)
class Items:
    """Which item a record came by."""

    catalog: Catalog
    of_files: Mapping[tuple[str, str], str]
    _cycles: dict[str, Cycle | None] = field(default_factory=dict)

    def row(self, record: Received) -> Row:
        item = self.catalog.items.get(self.of_files.get((record.source, record.batch), ""))
        return Row(
            record.department or _provider(item) or UNNAMED.zh,
            record.decided_on,
            record.on,
            self._cycle(record.source) if item is None else item.cycle,
        )

    def _cycle(self, source: str) -> Cycle | None:
        """Of a file without a receipt: what all items of its source have, if they agree."""
        if source not in self._cycles:
            cycles = {each.cycle for each in self.catalog.of(source)}
            self._cycles[source] = cycles.pop() if len(cycles) == 1 else None
        return self._cycles[source]


def _provider(item: CatalogItem | None) -> str | None:
    """Who provides an item, where it is one and no other."""
    if item is None or len(item.providers) != 1 or EVERY_DEPARTMENT in item.providers:
        return None
    return item.providers[0]


def _refusals(home: Path, source: str, layouts: Sequence[Layout], since: date, until: date) -> Iterator[Refusal]:
    if not (home / FOLDER / source).is_dir():
        return
    headers: dict[tuple[str, ...], Header | None] = {}
    for row, closed in refused_rows(home, source):
        refused, corrected = _within(row.since, since, until), closed is not None and _within(closed, since, until)
        if refused or corrected:
            if row.names not in headers:
                headers[row.names] = recognise(layouts, 0, row.names)
            yield Refusal(_department(row, headers[row.names]), refused, corrected, refused and closed is None)


def _within(stamp: str, since: date, until: date) -> bool:
    return since <= datetime.strptime(stamp, STAMP).date() < until


def _department(row: OpenRow, header: Header | None) -> str:
    """Who decided, as the row writes it; else who reported it, else the one department that provides the item."""
    if header is not None:
        for key in ("authority", "reporter"):
            place = header.places.get(key)
            if place is not None and place < len(row.cells) and (named := body(row.cells[place])) is not None:
                return named
    return _provider(None if header is None else header.layout.item) or UNNAMED.zh
