"""The pure engine over a neighbourhood of 500 relations, no database.

CPU time, the best of many: a machine that is busy with other things does not show in it but by its slower cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import product
from typing import Final

from bench.bars import Bars
from graph import propagation
from graph.codes import Capacity, PostKind
from graph.facts import Facts
from graph.findings import CheckAnswer
from graph.periods import LATEST
from graph.rules import Pack, load
from tests.graph.propagation.world import WAGES, World

ON: Final = date(2023, 1, 1)
OFFICES: Final = tuple(PostKind)[:7]


def neighbourhood() -> World:
    """A person in office at 20 firms of 23 others each, every second firm with records of five kinds."""
    world = World()
    for firm in range(20):
        name = f"f{firm}"
        world.post("li", name, OFFICES[firm % 7])
        for place in range(23):
            world.post(
                f"p{firm}-{place}", name, OFFICES[place % 7], ("2012-01-01..2016-01-01", "2015-01-01..")[place % 2]
            )
        match firm % 5:
            case 0:
                world.revocation(f"r{firm}", name)
                world.food(f"d{firm}", name)
            case 1:
                world.order(f"o{firm}", name)
            case 2:
                world.listed(f"w{firm}", name, WAGES, "2022-01-01..2025-01-01")
                world.found("li", f"w{firm}", Capacity.NAMED, "2022-01-01")
    return world


def best(ask: Callable[[], object], times: int = 300) -> float:
    """Milliseconds of CPU."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        found.append(time.process_time() - begun)
    return min(found) * 1000


def main(given: Sequence[str]) -> list[str]:
    argparse.ArgumentParser(prog="python -m bench engine", description=__doc__).parse_args(given)
    facts, pack, bars = neighbourhood().facts, load(), Bars("engine")
    edges = len(facts.posts) + len(facts.findings) + sum(len(each.about) for each in facts.records)
    print(f"{edges} relations, {len(facts.records)} records, {len(pack.rules)} ways of rules")
    questions: dict[str, Callable[[], object]] = {
        f"check {subject}, {'with what came close' if considering else 'what binds'}": partial(
            asked, facts, pack, subject, considering
        )
        for subject, considering in product(("li", "f0"), (True, False))
    }
    questions["reach r0"] = partial(propagation.reach, facts, pack, "r0", ON, LATEST, official=True)
    for name, ask in questions.items():
        took = best(ask)
        print(f"{name:36} {took:.2f} ms ({bars.most(name, took, 1.0, 'ms')})")
    return bars.missed


def asked(facts: Facts, pack: Pack, subject: str, considering: bool) -> CheckAnswer:
    known = propagation.index(facts, LATEST)
    return propagation.check_in(known, pack, subject, None, ON, official=True, considering=considering)
