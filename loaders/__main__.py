"""The command `python -m loaders SOURCE FILE|FOLDER`: reads settings, opens the graph, prints what became of each file.

It must not know what a source contains. Exit code 0: everything accepted; 1: something rejected; 2: nothing loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.errors import GraphError
from graph.identifiers import KEY_BYTES
from graph.periods import SHANGHAI
from graph.progress import Progress, RichProgress
from graph.store.keys import load_person_key
from graph.store.migration import prepare
from loaders.city import command as city
from loaders.opened import opened
from loaders.world.get import ReadLimits, Unreadable, find_files
from loaders.world.load import Outcome, load_file, rehearse_file
from settings import Settings, SettingsError

ACCEPTED, SOME_REJECTED, NOTHING_LOADED = 0, 1, 2
DESCRIPTION: Final = "把来源数据载入信用图谱 / loads sources into the credit graph"
EXIT_CODES: Final = (
    "退出码 / exit code: 0 全部接受 everything accepted, 1 有条目被拒绝 something rejected, 2 未载入 nothing loaded"
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.source == "city":
        try:
            return city.run(options)
        except (GraphError, SettingsError) as error:
            _complain(str(error))
            return NOTHING_LOADED
    limits = ReadLimits(file_bytes=options.max_bytes)
    progress = RichProgress()
    try:
        files = find_files(options.path)
        if options.dry_run:
            return _exit_code(_rehearse(files, limits, progress))
        return asyncio.run(_load(files, limits, options, progress))
    except (Unreadable, GraphError, SettingsError) as error:
        _complain(f"{options.path}: {error}")
        return NOTHING_LOADED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loaders", description=DESCRIPTION, epilog=EXIT_CODES)
    sources = parser.add_subparsers(dest="source", required=True, metavar="SOURCE")
    world = sources.add_parser("world", help="YAML 小世界 / a small world in YAML", epilog=EXIT_CODES)
    world.add_argument("path", type=Path, metavar="FILE|FOLDER")
    world.add_argument("--dry-run", action="store_true", help="只检查,不写入 / check only, write nothing")
    world.add_argument("--demo", action="store_true", help="只写入空库或示范库 / only into an empty or demo graph")
    world.add_argument("--max-bytes", type=int, default=ReadLimits().file_bytes, help="文件上限 / largest file read")
    world.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
    city.declare(sources.add_parser("city", help="任意大小的合成江门 / a synthetic Jiangmen of any size"))
    return parser


async def _load(files: Sequence[Path], limits: ReadLimits, options: argparse.Namespace, progress: Progress) -> int:
    settings = Settings.from_environment(home=options.home)
    outcomes: list[Outcome | None] = []
    async with opened(settings, progress) as database:
        person_key = load_person_key(settings.home)
        now = datetime.now(SHANGHAI)
        await prepare(database, purpose="demo" if options.demo else "production", person_key=person_key, now=now)
        for path in files:
            now = datetime.now(SHANGHAI)
            try:
                outcome = await load_file(
                    database, path, person_key=person_key, now=now, today=now.date(), limits=limits, progress=progress
                )
            except Unreadable as error:
                _complain(f"{path}: {error}")
                outcomes.append(None)
                continue
            outcomes.append(outcome)
            _show(path, outcome)
    return _exit_code(outcomes)


def _rehearse(files: Sequence[Path], limits: ReadLimits, progress: Progress) -> Iterator[Outcome | None]:
    key = secrets.token_bytes(KEY_BYTES)  # nothing hashed under it is kept
    for path in files:
        try:
            outcome = rehearse_file(path, person_key=key, limits=limits, progress=progress)
        except Unreadable as error:
            _complain(f"{path}: {error}")
            yield None
            continue
        _show(path, outcome)
        yield outcome


def _show(path: Path, outcome: Outcome) -> None:
    for rejection in outcome.rejections:
        where = (
            rejection.section if rejection.key in (None, rejection.section) else f"{rejection.section}.{rejection.key}"
        )
        print(f"{path}:{rejection.line}: {where}: 拒绝 {rejection.reason.zh} / rejected: {rejection.reason.en}")
    for remark in outcome.remarks:
        print(f"{path}:{remark.line}: 提示 {remark.text.zh} / remark: {remark.text.en}")
    if outcome.dry_run:
        print(
            f"{path}: read {outcome.read} = accepted {outcome.accepted} + rejected {outcome.rejected}"
            " (dry run, nothing written / 试运行,未写入)"
        )
        return
    print(
        f"{path}: read {outcome.read} = loaded {outcome.loaded} + unchanged {outcome.unchanged}"
        f" + rejected {outcome.rejected}; retracted {outcome.retracted}"
        " (读取 = 载入 + 未变 + 拒绝; 撤回)"
    )
    if outcome.rejections and outcome.accepted:
        print(
            f"{path}: 有条目被拒绝,本次不撤回文件中已删除的条目 / "
            "while entries are rejected, entries gone from the file are not retracted"
        )


def _exit_code(outcomes: Sequence[Outcome | None] | Iterator[Outcome | None]) -> int:
    found = list(outcomes)
    failed = [each is None or (each.rejected > 0 and each.accepted == 0) for each in found]
    if all(failed):
        return NOTHING_LOADED
    return SOME_REJECTED if any(each is None or each.rejected for each in found) else ACCEPTED


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
