"""Times a page of twenty at the beginning of a long list and five thousand pages further down, in turns.

Bare rows in a database of their own; it must not know how a page is read.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

from bench.bars import Bars, spread
from bench.load import fresh
from graph import rules
from graph.periods import OPEN_END, OPEN_START
from graph.store.audit import AuditLog
from graph.store.connection import Database, Transaction
from graph.store.derived import derived
from schema.limits import limits_of
from schema.operation import World, execute
from schema.packs import Packs
from schema.reader import PUBLIC

SIZE: Final = 20
WALKED: Final = 100  # rows of a page on the way down
CREATE: Final = """
UNWIND $rows AS row
CREATE (n:Entity:Subject:Organization:Enterprise)
SET n = row"""
PAGE: Final = """query($after: String, $first: Int) {
  enterprises(first: $first, after: $after) {
    nodes { id name status region { code } } pageInfo { endCursor hasNextPage }
  }
}"""


def rows(count: int) -> list[dict[str, Any]]:
    found = []
    for i in range(count):
        said = {"name": f"江门{i:07d}有限公司", "status": "ACTIVE", "region": "440703"}
        fixed = {"kind": "ENTERPRISE", "version": 1, "snapFrom": OPEN_START, "snapTo": OPEN_END, "source": "bench"}
        found.append({**derived("ENTERPRISE", said), **said, **fixed, "id": f"ent_{i:07d}", "recordedAt": "2020"})
    return found


async def fill(database: Database, count: int) -> None:
    every = rows(count)
    for start in range(0, count, 5_000):
        some = every[start : start + 5_000]

        async def work(transaction: Transaction, some: list[dict[str, Any]] = some) -> None:
            await transaction.run(CREATE, rows=some)

        await database.write(work)


async def measure(options: argparse.Namespace) -> list[str]:
    bars = Bars("depth")
    async with fresh(None) as database:
        await fill(database, (options.pages + 1) * SIZE)
        world = World(database, Packs(rules.load()), AuditLog(database, "bench"), limits_of)

        async def ask(after: str | None, first: int) -> tuple[float, Any]:
            began = time.perf_counter()
            answer = await execute(world, PUBLIC, PAGE, {"after": after, "first": first})
            return (time.perf_counter() - began) * 1000, answer.body["data"]["enterprises"]

        place, reached = None, 0
        while reached < (options.pages - 1) * SIZE:
            step = min(WALKED, (options.pages - 1) * SIZE - reached)
            _, page = await ask(place, step)
            place, reached = page["pageInfo"]["endCursor"], reached + step
        first, deep = list[float](), list[float]()
        for turn in range(2 * options.rounds):
            (near, begin), (far, end) = await ask(None, SIZE), await ask(place, SIZE)
            assert len(begin["nodes"]) == len(end["nodes"]) == SIZE
            if turn >= options.rounds:  # the first half warms
                first.append(near)
                deep.append(far)
        low, high = statistics.median(first), statistics.median(deep)
        each = [b / a for a, b in zip(first, deep, strict=True)]
        bar = bars.most(f"page {options.pages:,} over page 1", statistics.median(each), 1.5)
        print(
            f"page 1 {low:.2f} ms, page {options.pages:,} {high:.2f} ms = {high / low:.2f} x, in turns {spread(each)}"
            f" ({bar}); load of the machine {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    return bars.missed


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench depth", description=__doc__)
    arguments.add_argument("--pages", type=int, default=5_000)
    arguments.add_argument("--rounds", type=int, default=200)
    return asyncio.run(measure(arguments.parse_args(given)))
