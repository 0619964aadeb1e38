"""The command `python -m loaders city`: its options, and what it prints of a city and of how it was loaded.

It must not know how a city is made. Exit codes are those of `loaders`.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from datetime import date, datetime
from typing import Final

from graph.identifiers import KEY_BYTES
from graph.periods import SHANGHAI
from graph.progress import RichProgress
from loaders.city.city import City
from loaders.city.days import END
from loaders.city.departments import ASSUMED
from loaders.city.extent import LARGEST, SMALLEST, Extent
from loaders.city.load import AnotherCity, load
from loaders.city.quantiles import Degrees, Shown
from loaders.entered import add_import_options, entered
from settings import Settings

DEFAULT_SIZE: Final = 2_000
LOADED, NOTHING_LOADED = 0, 2


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--size", type=_size, default=DEFAULT_SIZE, help=f"企业数 / enterprises, {SMALLEST:,} to {LARGEST:,}"
    )
    parser.add_argument("--seed", type=_seed, default=1, help="种子:相同则城市相同 / the same seed is the same city")
    parser.add_argument("--end", type=_day, default=END, metavar="YYYY-MM-DD", help="城市的末日 / the city's last day")
    parser.add_argument("--dry-run", action="store_true", help="只统计,不写入 / count only, write nothing")
    parser.add_argument("--demo", action="store_true", help="只写入空库或示范库 / only into an empty or demo graph")
    add_import_options(parser)
    parser.add_argument("--home", default=None, help="数据目录 / folder of the graph")


def run(options: argparse.Namespace) -> int:
    if options.dry_run:
        city = City(Extent(options.size, options.seed, secrets.token_bytes(KEY_BYTES), options.end))
        degrees, began = Degrees(), time.monotonic()
        count = sum(1 for _ in degrees.passing(city.entries()))
        _show(city, degrees.shown())
        print(f"read {count:,} (dry run, nothing written / 试运行,未写入)  {time.monotonic() - began:.1f} s")
        return LOADED
    return asyncio.run(_load(options))


async def _load(options: argparse.Namespace) -> int:
    settings, progress = Settings.from_environment(home=options.home), RichProgress()
    now, what = datetime.now(SHANGHAI), f"city {options.size:,}"
    async with entered(settings, options, what, now, progress) as (store, person_key):
        city = City(Extent(options.size, options.seed, person_key, options.end))
        try:
            outcome = await load(store, city, now=now, progress=progress)
        except AnotherCity as refused:
            if not options.demo:  # a demo shows the city it has
                raise
            print(refused)
            return LOADED
    if outcome.streamed is None or outcome.shown is None:
        print(f"city {city.label}: 先前已载入,未读取 / loaded before, nothing read")
        return LOADED
    done = outcome.streamed
    _show(city, outcome.shown)
    print(
        f"city {city.label}: read {done.read:,} = loaded {done.loaded:,} + unchanged {done.unchanged:,} "
        f"+ quarantined {done.quarantined:,}  {done.seconds:.1f} s (读取 = 载入 + 未变 + 隔离)"
    )
    return LOADED


def _show(city: City, shown: Shown) -> None:
    print(f"city {city.label}: {ASSUMED.zh} / {ASSUMED.en}")
    for line in shown.lines():
        print(f"  {line}")


def _size(text: str) -> int:
    size = int(text)
    if not SMALLEST <= size <= LARGEST:
        raise argparse.ArgumentTypeError(f"{SMALLEST}..{LARGEST}: {text}")
    return size


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 1 << 63:
        raise argparse.ArgumentTypeError(f"0..2^63: {text}")
    return seed


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 2020 <= day.year <= 2100:
        raise argparse.ArgumentTypeError(f"2020..2100: {text}")
    return day
