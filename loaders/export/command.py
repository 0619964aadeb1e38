"""The command `python -m loaders export FORMAT PATH`: for whom, of which day, and what was written.

It must not know any format. Exit code 0: written; 1: written while others changed the graph; 2: nothing written.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from graph.codes import Role
from graph.disclosed import ROLES, Disclosed
from graph.errors import Invalid
from graph.periods import SHANGHAI
from graph.progress import Advance, RichProgress
from graph.store.audit import AuditEvent, AuditLog
from graph.store.exported import Export
from graph.store.opened import opened
from loaders.export import bods, double_publicity, ftm, graph_xml, tables
from loaders.export.output import placed
from settings import Settings

WRITTEN, CHANGED_MEANWHILE = 0, 1
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Format:
    """`write` fills a place and says how many rows of what; `folder`: the place is a folder."""

    name: str
    help: str
    write: Callable[[Export, Path, Advance], Awaitable[Counts]]
    folder: bool = False


FORMATS: Final = (
    Format("csv", "全部内容,可原样再载入 / everything, loads again as it was", tables.write, folder=True),
    Format("graphml", "GraphML: yEd, NetworkX, Gephi", graph_xml.write_graphml),
    Format("bods", "BODS 0.4", bods.write),
    Format("ftm", "FollowTheMoney", ftm.write),
    Format("double-publicity", "双公示 2018 的两张表 / both tables of 2018", double_publicity.write, folder=True),
    Format("gexf", "GEXF 1.3: Gephi, 带时间 with periods", graph_xml.write_gexf),
)


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=[each.name for each in FORMATS], help=_help())
    parser.add_argument("out", type=Path, metavar="FILE|FOLDER")
    roles = [each.value for each in ROLES]
    parser.add_argument(
        "--role", choices=roles, default=Role.PUBLIC.value, help="按此角色可见范围 / as this role sees it"
    )
    parser.add_argument(
        "--on", type=_day, default=None, metavar="YYYY-MM-DD", help="公示及取值日期,默认今天 / of which day; today"
    )
    parser.add_argument("--ground", default="", help="依据,非公开内容须填 / why; needed for what is not public")
    parser.add_argument("--replace", action="store_true", help="覆盖已有文件 / over what is there")
    parser.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")


def _help() -> str:
    return "; ".join(f"{each.name}: {each.help}" for each in FORMATS)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def run(options: argparse.Namespace) -> int:
    if options.role != Role.PUBLIC and not options.ground.strip():
        raise Invalid(
            "含非公开内容的导出须用 --ground 写明依据,并记入审计 / an export of what is not public needs --ground, "
            "which is audited"
        )
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    settings, progress, began = Settings.from_environment(home=options.home), RichProgress(), time.monotonic()
    chosen = next(each for each in FORMATS if each.name == options.format)
    day = options.on or datetime.now(SHANGHAI).date()
    async with opened(settings, progress) as database:
        export = Export(database, Disclosed(Role(options.role)), day)
        before, total = await export.version(), await export.size()
        with placed(options.out, folder=chosen.folder, replace=options.replace) as place:
            if export.disclosed.official:
                await _audited(export, options)
            with progress.step(f"导出 / Exporting {chosen.name}", total) as advance:
                counts = await chosen.write(export, place, advance)
        after = await export.version()
    seconds = time.monotonic() - began
    rows = sum(counts.values())
    shown = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    print(
        f"{options.out}: {chosen.name}, {options.role}, {day}: {shown}; {rows:,} 行 rows, {seconds:.1f} s, "
        f"{rows / max(seconds, 0.001):,.0f}/s"
    )
    if before != after:
        print(
            f"{options.out}: 导出期间图有变更,各部分可能不属同一时刻,请在无写入时重做 / the graph was changed "
            "meanwhile: its parts may be of different moments, export again while nothing is written"
        )
        return CHANGED_MEANWHILE
    return WRITTEN


async def _audited(export: Export, options: argparse.Namespace) -> None:
    """Who took everybody's data along is written down before the first row is read."""
    log = AuditLog(export.database, f"export-{os.uname().nodename}-{os.getpid()}")
    operation = f"export {options.format} on {export.day}"
    await log.record(AuditEvent(options.role, None, None, "OTHER", options.ground.strip(), operation, ()))
