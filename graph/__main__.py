"""The command `python -m graph derive`: brings the stored measures of the whole graph up to date.

It must not know how measures are derived. Exit code 0: they are right; 1: others went on changing the graph meanwhile;
2: the graph could not be used.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from graph.errors import GraphError, Unavailable
from graph.periods import SHANGHAI
from graph.progress import RichProgress
from graph.store.deriving import Derived, derive
from graph.store.keys import load_person_key
from graph.store.migration import GRAPH, prepare
from graph.store.opened import opened
from graph.store.operations import NOT_PREPARED
from settings import Settings, SettingsError

RIGHT, BEHIND, REFUSED = 0, 1, 2
DESCRIPTION: Final = "维护信用图谱 / keeps the credit graph"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    try:
        done = asyncio.run(_derive(options))
    except (GraphError, SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    print(f"{done}  {time.monotonic() - began:.1f} s")
    return BEHIND if done.version is None else RIGHT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m graph", description=DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    of_derive = commands.add_parser(
        "derive", help="推导全市措施,只写差异 / derive the measures of the whole city, writing only differences"
    )
    of_derive.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")
    of_derive.add_argument(
        "--changed", action="store_true", help="只推导有变更者 / only of what has changed since the last time"
    )
    return parser


async def _derive(options: argparse.Namespace) -> Derived:
    settings, progress = Settings.from_environment(home=options.home), RichProgress()
    async with opened(settings, progress) as database:
        found = await database.read(GRAPH, {})
        if not found:
            raise Unavailable(NOT_PREPARED)
        now = datetime.now(SHANGHAI)
        await prepare(database, purpose=found[0]["purpose"], person_key=load_person_key(settings.home), now=now)
        return await derive(database, now=now, progress=progress, whole=not options.changed)


if __name__ == "__main__":
    raise SystemExit(main())
