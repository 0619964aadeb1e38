"""Counts how often a plan is there already: many operations of few shapes, with other values and cursors each time.

A small city in a database of its own; it must not know how a plan is made, only how often one was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any, Final

from bench.bars import Bars
from bench.load import fresh, load
from graph import rules
from graph.codes import Role
from graph.periods import SHANGHAI
from graph.store.audit import AuditLog
from graph.store.connection import Database
from schema.limits import limits_of
from schema.observing import Unobserved
from schema.operation import World, execute
from schema.packs import Packs
from schema.reader import PUBLIC, Reader

FIRMS: Final = """
query($where: EnterpriseFilter, $order: [EnterpriseOrder!], $first: Int, $after: String, $day: Date) {
  enterprises(where: $where, orderBy: $order, first: $first, after: $after, asOf: $day) {
    nodes { id name status records(first: 3) { nodes { id decidedOn } } } pageInfo { endCursor }
  }
}"""
OFFICIAL: Final = Reader(Role.GOVERNMENT, purpose="核查", ground="行政许可法 第三十四条")
ORDERS: Final = (
    [{"field": "NAME"}],
    [{"field": "ESTABLISHED", "direction": "DESC"}],
    [{"field": "REGISTERED_CAPITAL"}, {"field": "NAME"}],
)


def filters(drawn: random.Random) -> Sequence[Mapping[str, Any] | None]:
    """One of each shape, with values of its own."""
    region, year = drawn.choice(("440703", "440704", "440705", "440785")), drawn.randint(1995, 2024)
    lists = drawn.sample(("ACTIVE", "DEREGISTERED", "LICENCE_REVOKED", "SUSPENDED"), drawn.randint(1, 4))
    return (
        None,
        {"region": {"eq": region}},
        {"name": {"contains": drawn.choice(("食品", "贸易", "建筑", "江门", "科技"))}},
        {"status": {"in": lists}, "established": {"gt": f"{year}-01-01"}},
        {"or": [{"region": {"startsWith": region[:5]}}, {"records": {"some": {"decidedOn": {"lt": f"{year}-06-01"}}}}]},
        {"not": {"registeredCapital": {"gte": str(drawn.randint(1, 10_000_000))}}},
    )


class Counting(Unobserved):
    """Documents and plans looked up: how many there were, and how many had to be made."""

    def __init__(self) -> None:
        self.documents, self.plans_asked = [0, 0], [0, 0]

    def document(self, *, reused: bool) -> None:
        self.documents[not reused] += 1

    def plan(self, *, reused: bool) -> None:
        self.plans_asked[not reused] += 1


class Noting(Database):
    """The same database; `texts` are the different ones it was asked, which is what its own plans are kept by."""

    def __init__(self, behind: Database) -> None:
        self._behind, self.texts = behind, set[str]()

    async def read(self, statement: str, *given: Any, **named: Any) -> list[dict[str, Any]]:
        self.texts.add(statement)
        return await self._behind.read(statement, *given, **named)


async def measure(options: argparse.Namespace) -> list[str]:
    bars = Bars("plans")
    drawn = random.Random(7)
    async with fresh(None) as database:
        await load(database, options.size, 1)
        noting, counting = Noting(database), Counting()
        audit = AuditLog(database, "bench")
        world = World(noting, Packs(rules.load()), audit, limits_of, observer=counting)
        cursors: dict[tuple[int, int, bool], str] = {}
        began, asked = time.monotonic(), 0
        while asked < options.operations:
            for shape, (place, order), official in product(range(6), enumerate(ORDERS), (True, False)):
                key = (shape, place, official)
                variables = {
                    "where": filters(drawn)[shape],
                    "order": order,
                    "first": drawn.randint(1, 20),
                    "after": cursors.pop(key, None),
                    "day": None,
                }
                answer = await execute(world, OFFICIAL if official else PUBLIC, FIRMS, variables)
                page = answer.body["data"]["enterprises"]
                if page["pageInfo"]["endCursor"] is not None and variables["where"] is None:
                    cursors[key] = page["pageInfo"]["endCursor"]
                asked += 1
        seconds = time.monotonic() - began
        plans, made = sum(counting.plans_asked), counting.plans_asked[1]
        print(
            f"{asked:,} operations of 6 filters, 3 orderings, pages and first pages, 2 roles in {seconds:.0f} s:"
            f" plans there {1 - made / plans:.2%} ({bars.least('plans there, %', 100 - 100 * made / plans, 99, '%')}),"
            f" made {made};"
            f" documents there {1 - counting.documents[1] / asked:.2%};"
            f" statements that differ {len(noting.texts)}, so that the database has its plan in"
            f" {1 - len(noting.texts) / plans:.2%}; {datetime.now(SHANGHAI):%Y-%m-%d}, load of the machine"
            f" {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    return bars.missed


def main(given: Sequence[str]) -> list[str]:
    arguments = argparse.ArgumentParser(prog="python -m bench plans", description=__doc__)
    arguments.add_argument("--operations", type=int, default=10_000)
    arguments.add_argument("--size", type=int, default=200, help="enterprises of the city")
    return asyncio.run(measure(arguments.parse_args(given)))
