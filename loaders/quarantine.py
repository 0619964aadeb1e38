"""The command `python -m loaders quarantine`: which rows wait for a correction, and a file of them to correct.

It must not know why a row was refused. What it writes holds what reporters sent, personal numbers included: mode 0600.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from loaders.files import Unreadable
from loaders.tables.layout import QUARANTINE_COLUMNS
from loaders.tables.ledger import FOLDER, OpenRow, open_rows
from loaders.tables.quarantine import guarded
from settings import Settings

SHEET: Final = "数据"
SUFFIXES: Final = (".csv", ".xlsx")


def declare(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listed = commands.add_parser("list", help="列出未更正的行 / rows that are still open")
    listed.set_defaults(run=_list)
    download = commands.add_parser("download", help="写出未更正的行以便更正 / a file of the open rows")
    download.add_argument("source", metavar="SOURCE")
    download.add_argument("path", type=Path, metavar="FILE.csv|FILE.xlsx")
    download.set_defaults(run=_download)
    for each in (listed, download):
        each.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")


def _list(options: argparse.Namespace) -> int:
    home = Settings.from_environment(home=options.home).home
    folder = home / FOLDER
    sources = sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []
    total = 0
    for source in sources:
        rows = open_rows(home, source)
        total += len(rows)
        for each in rows.values():
            where = f" {each.column}:" if each.column else ""
            print(f"{source} {each.file}:{each.number}:{where} {each.reason} [{each.id}]")
        for path in statements(home, source):
            print(
                f"{source}: {path} 中的陈述,更正后用同一命令报送,然后删除该文件 / statements: correct them there, "
                "hand the file in with the same command, then delete it"
            )
    print(f"未更正 {total} 行 / {total} rows open")
    return 0


def _download(options: argparse.Namespace) -> int:
    home = Settings.from_environment(home=options.home).home
    rows = tuple(open_rows(home, options.source).values())
    if kept := statements(home, options.source):
        places = ", ".join(map(str, kept))
        raise Unreadable(f"陈述在原处更正 / statements are corrected where they lie: {places}")
    if not rows:
        raise Unreadable(f"没有未更正的行 / no row of {options.source} is open")
    for path in write(rows, options.path):
        print(f"{path}: 更正后用 python -m loaders {options.source} 报送 / correct it and hand it in to that source")
    return 0


def statements(home: Path, source: str) -> list[Path]:
    """Files of refused statements (BODS, FollowTheMoney): they come back as they are, there is no table of them."""
    return sorted((home / FOLDER / source).glob("*.jsonl"))


def write(rows: Sequence[OpenRow], path: Path) -> list[Path]:
    """A file for each header that the rows have, the first under the name that was asked for; raises Unreadable."""
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable("应为 .csv 或 .xlsx / write to .csv or .xlsx")
    headers: dict[tuple[str, ...], list[OpenRow]] = {}
    for each in rows:
        headers.setdefault(each.names, []).append(each)
    paths = [path if not place else path.with_stem(f"{path.stem}-{place + 1}") for place in range(len(headers))]
    if taken := [each for each in paths if each.exists()]:
        raise Unreadable(f"文件已存在,不覆盖:{taken[0]} / the file exists and is not overwritten")
    for target, (names, group) in zip(paths, headers.items(), strict=True):
        lines = [
            [*QUARANTINE_COLUMNS, *names],
            *([str(each.number), each.column, each.reason, each.id, *each.cells] for each in group),
        ]
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if target.suffix.lower() == ".csv":
            with target.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([guarded(cell) for cell in line] for line in lines)
        else:
            _workbook(target, lines)
    return paths


def _workbook(target: Path, lines: Sequence[Sequence[str]]) -> None:
    """Everything as text: a code keeps its digits and nothing is run as a formula."""
    import xlsxwriter  # 5 MB that a load has no use for

    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, len(lines[0]) - 1, 20, book.add_format({"num_format": "@"}))
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                sheet.write_string(number, place, cell)
