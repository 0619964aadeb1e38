"""The source `world` on the command line: what is printed of every rejection, remark and total.

It must not know what a world file contains.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.codes import Text
from graph.periods import SHANGHAI
from graph.store.connection import Store
from loaders.source import Run, Source, Tally, add_file_options
from loaders.world.get import ReadLimits, find_files
from loaders.world.load import Outcome, load_file, rehearse_file


class World:
    name: Final = "world"
    help: Final = Text("YAML 小世界", "a small world in YAML")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        add_file_options(parser)
        largest = ReadLimits().file_bytes
        parser.add_argument("--max-bytes", type=int, default=largest, help="文件上限 / largest file read")

    def find(self, path: Path) -> tuple[Path, ...]:
        return find_files(path)

    def rehearse(self, path: Path, run: Run) -> Tally:
        outcome = rehearse_file(path, person_key=run.person_key, limits=_limits(run), progress=run.progress)
        return _shown(path, outcome)

    async def load(self, database: Store, path: Path, run: Run) -> Tally:
        now = datetime.now(SHANGHAI)
        outcome = await load_file(
            database,
            path,
            person_key=run.person_key,
            now=now,
            today=now.date(),
            limits=_limits(run),
            progress=run.progress,
        )
        return _shown(path, outcome)


SOURCE: Final[Source] = World()


def _limits(run: Run) -> ReadLimits:
    return ReadLimits(file_bytes=run.options.max_bytes)


def _shown(path: Path, outcome: Outcome) -> Tally:
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
    else:
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
    return Tally(outcome.read, outcome.accepted, outcome.rejected)
