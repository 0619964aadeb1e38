"""Times the derivation of a synthetic city: everything at first, everything again, and after one post has changed.

It starts a Neo4j of its own. `--changes 1000` runs the machine of the tests that long instead: whatever happens, what
was derived change by change is what is derived from scratch.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bench.load import PERSON_KEY, fresh, load
from graph.changes import Batch, Claim, NodeDraft, RelationDraft, VersionDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.periods import SHANGHAI
from graph.progress import SilentProgress
from graph.store.connection import Database
from graph.store.deriving import derive
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.writer import write
from loaders.city.city import entries
from tests.graph.store.changing import Changing

CHANGES: Final = 60
WARM: Final = 30  # of them, untimed: the JVM compiles and every statement is planned
TURNS: Final = 4
STORED: Final = "RETURN COUNT { (:Measure) } AS measures"
ENTERPRISES: Final = "RETURN COUNT { (:Enterprise) } AS size"


async def measure(size: int, seed: int) -> None:
    async with fresh(None) as database:
        loaded = await load(database, size, seed)
        print(f"size {size:,}: {loaded.read:,} rows loaded in {loaded.seconds:.1f} s", flush=True)
        await everything(database)
        await one_change(database, size, seed)


async def measure_home(home: Path) -> None:
    """A city that is there; where it is derived already, nothing is written."""
    with Lease.acquire(EmbeddedOptions(home=home)) as lease:
        database = Database(lease.address)
        await everything(database)
        await database.close()


async def everything(database: Database) -> None:
    """At first, and again and again: then there is nothing to write, and the server is warm."""
    (city,) = await database.read(ENTERPRISES, {})
    for turn in range(TURNS):
        began = time.monotonic()
        done = await derive(database, now=datetime.now(SHANGHAI), progress=SilentProgress(), whole=True)
        seconds = time.monotonic() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        (row,) = await database.read(STORED, {})
        print(
            f"  everything, {turn + 1}: {seconds:.1f} s, {done.causes:,} records and licences read,"
            f" {done.written:,} written, {row['measures']:,} stored; {seconds / city['size'] * 100_000:.1f} s a 100,000"
            f" (bar 4 s without writing); client {memory:.0f} MB; load of the machine {os.getloadavg()[0]:.1f}",
            flush=True,
        )


async def one_change(database: Database, size: int, seed: int) -> None:
    firms = [
        replace(each, mention=True)
        for entry in islice(entries(size, seed, PERSON_KEY), 5_000)
        for each in entry.nodes
        if each.kind == "ENTERPRISE"
    ][:CHANGES]
    figures: list[float] = []
    for i, firm in enumerate(firms):
        claim = Claim(IdentifierScheme.WORLD, f"p{i}", "bench")
        person = NodeDraft(f"p{i}", "PERSON", (claim,), (VersionDraft({"name": "测", "adultOn": "1930-01-01"}),), 0)
        post = RelationDraft(RelationKind.SERVES_AS, person.ref, firm.ref, f"b{i}", 0, values={"post": "DIRECTOR"})
        now = datetime.now(SHANGHAI)
        await write(database, Batch("bench", f"b{i}", (firm, person), (post,)), now=now, today=now.date())
        began = time.perf_counter()
        await derive(database, now=now, progress=SilentProgress())
        figures.append((time.perf_counter() - began) * 1000)
    timed = sorted(figures[WARM:])
    print(
        f"  one changed post: p50 {statistics.median(timed):.0f} ms, most {timed[-1]:.0f} ms ({len(timed)} changes,"
        f" bar 50 ms); load of the machine {os.getloadavg()[0]:.1f}"
    )


def change_at_random(steps: int) -> None:
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as folder:
        options = EmbeddedOptions(home=Path(folder) / "home", long_lived=False)
        with Lease.acquire(options) as lease:

            class Here(Changing):
                server = lease.address()

            run_state_machine_as_test(
                Here,
                settings=settings(
                    max_examples=1,
                    stateful_step_count=steps,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=[*HealthCheck],
                ),
            )
    print(f"{steps} random changes: derived change by change is derived from scratch")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench derive", description=__doc__)
    parser.add_argument("--size", type=int, default=2_000, help="enterprises")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, default=None, help="folder of a graph with a city, instead of a new one")
    parser.add_argument("--changes", type=int, default=None, help="random changes instead of a city")
    options = parser.parse_args(arguments)
    if options.changes is not None:
        change_at_random(options.changes)
    elif options.home is not None:
        asyncio.run(measure_home(options.home))
    else:
        asyncio.run(measure(options.size, options.seed))
