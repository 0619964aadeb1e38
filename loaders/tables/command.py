"""A source of tables on the command line: what is printed of rows, remarks and totals, and where quarantined rows lie.

It must not know what a source makes of a row.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from graph.codes import RelationKind, Text
from graph.periods import SHANGHAI
from graph.store.connection import Store
from loaders import receipts
from loaders.entered import add_import_options
from loaders.entries import Quarantined
from loaders.files import find, lines
from loaders.source import Run, Tally, add_file_options
from loaders.stream import StreamOutcome, stream
from loaders.tables import ledger
from loaders.tables.entries import Build, Context, entries, rows_numbered
from loaders.tables.extract import Extract, add_extract_options
from loaders.tables.layout import Layout
from loaders.tables.quarantine import Quarantine
from loaders.tables.table import SUFFIXES, Table, open_table

SHOWN: Final = 20  # refused rows and remarks printed of one file; all refused rows are in the quarantine


def as_it_is(table: Table) -> tuple[Table, tuple[Text, ...]]:
    return table, ()


@dataclass(frozen=True, slots=True)
class TabularSource:
    """`layouts`: the editions it reads; `settle`: what has to be decided over the whole file before its rows.

    `lasting`: the kinds of relations that last until their rows are gone, so that a full extract ends what it lacks.
    """

    name: str
    help: Text
    layouts: tuple[Layout, ...]
    build: Build
    settle: Callable[[Table], tuple[Table, tuple[Text, ...]]] = as_it_is
    lasting: frozenset[RelationKind] = frozenset()

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        add_file_options(parser)
        parser.add_argument(
            "--again", action="store_true", help="与上次报送相同也读取 / read it though it is what was handed in last"
        )
        parser.add_argument(
            "--withdraw",
            action="store_true",
            help="撤回:文件各行所报内容自此不再采信,不删除;行须与报送时同键,主体本身保留"
            " / take back what these rows told: believed no more, not deleted; found by their keys, subjects stay",
        )
        add_import_options(parser)
        if self.lasting:
            add_extract_options(parser)
        if len(self.layouts) > 1:
            codes = [each.code for each in self.layouts]
            parser.add_argument("--item", choices=codes, help="指定表式 / this item and no other")

    def find(self, path: Path) -> tuple[Path, ...]:
        return find(path, SUFFIXES)

    def open(self, path: Path, item: str | None = None) -> tuple[Table, tuple[Text, ...]]:
        """The table, recognised among all layouts or read as the one that is named."""
        return self.settle(open_table(path, [each for each in self.layouts if item in (None, each.code)]))

    def rehearse(self, path: Path, run: Run) -> Tally:
        with run.progress.step(f"检查 / Checking {path.name}") as advance:
            table, remarks = self.open(path, _item(run))
            printed = Printed(path)
            printed.opened(table, remarks)
            read = 0
            for each in entries(table, self.build, Context(run.person_key), printed.remark):
                read += 1
                advance(1)
                if isinstance(each, Quarantined):
                    printed.refused(each)
        printed.rest(None)
        print(
            f"{path}: read {read} = accepted {read - printed.refusals} + quarantined {printed.refusals}"
            f" (dry run{' of a withdrawal' if _withdraws(run) else ''}, nothing written / 试运行,未写入)"
        )
        return Tally(read, read - printed.refusals, printed.refusals)

    async def load(self, database: Store, path: Path, run: Run) -> Tally:
        now, sha256 = datetime.now(SHANGHAI), await asyncio.to_thread(receipts.checksum, path)
        again = getattr(run.options, "again", False) or self.extract(run) is not None or _item(run) is not None
        if (
            not (again or _withdraws(run))
            and (known := await receipts.known(database, self.name, sha256, self.layouts)) is not None
        ):
            print(
                f"{path}: 与本来源上次报送相同({known.id}),未读取 / is what this source handed in last ({known.id}), "
                f"not read again: read {known.read} = loaded 0 + unchanged {known.read} + quarantined 0"
            )
            return Tally(known.read, known.read, 0)
        outcome, quarantine, held = await self.load_file(database, path, run, now, sha256)
        shown = f";提示 {outcome.remarks} / remarks {outcome.remarks}" if outcome.remarks else ""
        done, zh = (
            ("withdrawn", "读取 = 撤回 + 无可撤回 + 拒绝")
            if _withdraws(run)
            else ("loaded", "读取 = 载入 + 未变 + 隔离")
        )
        print(
            f"{path}: read {outcome.read} = {done} {outcome.loaded} + unchanged {outcome.unchanged}"
            f" + quarantined {outcome.quarantined} ({zh}){shown}"
        )
        if quarantine is not None:
            print(
                f"{path}: 隔离的行在 {quarantine},更正后用同一命令重新报送 / quarantined rows are in {quarantine}: "
                "correct them and hand them in with the same command"
            )
        return Tally(outcome.read, outcome.loaded + outcome.unchanged, outcome.quarantined, held)

    async def load_file(
        self, database: Store, path: Path, run: Run, now: datetime, sha256: str | None = None
    ) -> Loaded:
        """Load one file into a prepared graph.

        With its checksum it gets a receipt, unless it is handed in again and nothing came of it. A row that cannot be
        withdrawn is printed and no more: in the quarantine it would wait to be loaded.
        """
        withdrawn = _withdraws(run)
        table, remarks = self.open(path, _item(run))
        printed = Printed(path)
        printed.opened(table, remarks)
        quarantine = Quarantine(run.home, self.name, path.stem, now, table.header)
        waiting, more = ({}, False) if withdrawn else ledger.rows_near(run.home, self.name, table, path.stem)
        if more:
            print(
                f"{path}: 未关闭的隔离行多于 {ledger.AT_ONCE:,},其余待再次报送时核对 / more than {ledger.AT_ONCE:,} "
                "quarantined rows are open: the rest is looked at when the file comes again"
            )
        refusals: set[int] = set()

        def keep(refused: Quarantined) -> None:
            printed.refused(refused)
            if not withdrawn:
                quarantine.keep(refused)
            refusals.add(refused.number)

        extract = self.extract(run)
        if extract is not None:
            extract.is_of(table.header.layout)
        try:
            outcome = await stream(
                database,
                self.name,
                entries(table, self.build, Context(run.person_key), printed.remark),
                batch=path.stem,
                now=now,
                today=now.date(),
                progress=run.progress,
                keep=keep,
                told=None if extract is None else extract.told,
                about=lines(path),
                withdrawn=withdrawn,
            )
            if quarantine.waiting:
                quarantine.complete(rows_numbered(table, quarantine.waiting))
        finally:
            quarantine.close()
        printed.rest(quarantine.path)
        if closed := ledger.settled(waiting, table, path.stem, refusals):
            ledger.close(run.home, self.name, closed, path.name, now)
            print(f"{path}: 更正并关闭隔离的行 {len(closed)} / {len(closed)} quarantined rows are corrected and closed")
        if table.skipped:
            print(
                f"{path}: 跳过 {table.skipped} 行(空行、表格说明、重复表头) / "
                f"{table.skipped} rows skipped (empty, notes below the table, repeated headers)"
            )
        if sha256 is not None:
            layout, full = table.header.layout, extract is not None
            receipt = await receipts.record(
                *(database, self.name, path, sha256, layout, self.layouts, outcome, now),
                full=full,
                withdrawn=withdrawn,
            )
            if receipt is not None:
                print(f"{path}: 回执 {receipt.id} / receipt {receipt.id}, sha256 {sha256[:12]}…")
        if extract is not None:
            ended = await extract.retire(database, self.name, now=now, refused=outcome.quarantined)
            print(f"{path}: {ended.words}")
            return Loaded(outcome, quarantine.path, ended.held)
        return Loaded(outcome, quarantine.path)

    def extract(self, run: Run) -> Extract | None:
        return Extract.of(run.options, self.lasting)


def _withdraws(run: Run) -> bool:
    """Whether the rows are taken back."""
    return bool(getattr(run.options, "withdraw", False))


def _item(run: Run) -> str | None:
    """What `--item` says; a source of one layout has no such option."""
    item: str | None = getattr(run.options, "item", None)
    return item


class Loaded(NamedTuple):
    """What became of one file: the path of the quarantine where rows were refused; `held` as a Tally's."""

    outcome: StreamOutcome
    quarantine: Path | None
    held: bool = False


@dataclass(slots=True)
class Printed:
    """What was said of the rows of one file: the first ones are printed, all are counted."""

    path: Path
    refusals: int = field(default=0)
    remarks: int = field(default=0)

    def opened(self, table: Table, remarks: tuple[Text, ...]) -> None:
        print(f"{self.path}: {table.described} / {table.header.layout.title.en}")
        for each in remarks:
            print(f"{self.path}: 提示 {each.zh} / remark: {each.en}")
        if table.header.unknown:
            names = "、".join(table.header.unknown)
            print(f"{self.path}: 未识别的列不载入:{names} / columns not known and not loaded: {names}")

    def refused(self, refused: Quarantined) -> None:
        self.refusals += 1
        if self.refusals <= SHOWN:
            where = "" if refused.column is None else f"{refused.column}: "
            value = "" if refused.value is None else f"“{refused.value}” "
            print(
                f"{self.path}:{refused.number}: {where}{value}隔离:{refused.reason.zh} / "
                f"quarantined: {refused.reason.en}"
            )

    def remark(self, number: int, remark: Text) -> None:
        self.remarks += 1
        if self.remarks <= SHOWN:
            print(f"{self.path}:{number}: 提示 {remark.zh} / remark: {remark.en}")

    def rest(self, quarantine: Path | None) -> None:
        if self.refusals > SHOWN:
            more = self.refusals - SHOWN
            where = "" if quarantine is None else f",见 {quarantine} / all in {quarantine}"
            print(f"{self.path}: 另有 {more} 行被隔离 / {more} more rows quarantined{where}")
        if self.remarks > SHOWN:
            more = self.remarks - SHOWN
            print(f"{self.path}: 另有 {more} 条提示 / {more} more remarks")
