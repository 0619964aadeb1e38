"""Compares many operations with the oracle on a server of its own: `python -m tests.oracle --operations 2000`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, takewhile
from pathlib import Path

from graph.store.address import Address
from graph.store.connection import ConnectionLimits, Database
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.migration import prepare
from tests.conftest import BEGINNING, PERSON_KEY, empty
from tests.oracle.compare import Comparing, Tally
from tests.oracle.conftest import PATIENCE_SECONDS
from tests.oracle.coverage import expected
from tests.oracle.operations import Operation
from tests.oracle.resolvers import Oracle, served_schema
from tests.oracle.supply import SHARES, TIMED_OUT, Operations
from tests.oracle.texts import searches
from tests.oracle.varying import with_others
from tests.oracle.world import NOW, draw
from tests.schema.asking import Asking

MISSING_SHOWN = 60
SECONDS_BETWEEN = 20


async def tell(comparing: Comparing) -> None:
    """How far it has come, now and then."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        seconds, document = comparing.tally.longest
        print(f"{comparing.tally.asked} asked; slowest {seconds:.1f} s: {document}", file=sys.stderr, flush=True)


async def compare(database: Database, folder: Path, seed: int, options: argparse.Namespace) -> int:
    """Prints every difference, some of them made smaller, and what was asked; how many things were not as they must."""
    drawn = draw(seed)
    await empty(database)
    asking = Asking(database, folder)
    for file, at in drawn.files:
        asking.now = at
        await asking.load(file.stem, file.text())
    asking.now = NOW
    oracle = Oracle(drawn.world, served_schema())
    drawing = Operations(oracle.schema, drawn, seed)
    stopped = asyncio.Event()  # by a signal: no more is asked, and what was is told
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)

    async def differences(supply: Iterable[Operation], comparing: Comparing) -> int:
        began, found_here, reached = time.monotonic(), 0, asyncio.create_task(tell(comparing))
        async for found in comparing.differences(takewhile(lambda _: not stopped.is_set(), supply)):
            found_here += 1
            if found_here <= options.show:
                print(f"\n--- {found_here} ---\n{await comparing.smallest(found)}", flush=True)
        reached.cancel()
        seconds = time.monotonic() - began
        print(f"\nseed {seed}: {found_here} differences in {seconds:.0f} s; {comparing.tally}", flush=True)
        for document in comparing.tally.timed_out:
            print("timed out:", document)
        return found_here

    operations = Comparing(asking, oracle)
    supply = islice(with_others(drawing, drawn, options.times, seed), options.operations)
    found = await differences(supply, operations)
    found += await differences(islice(searches(drawn, seed), options.texts), Comparing(asking, oracle))
    return found + _missed(operations.tally, drawing, options.operations)


def _missed(tally: Tally, drawing: Operations, wanted: int) -> int:
    """Prints what the operations should have been like and were not; how much that is."""
    missing, all_there_is = drawing.missing(), len(expected(drawing.schema))
    print(f"covered {all_there_is - len(missing)} of {all_there_is}; {missing[:MISSING_SHOWN]}")
    few = [f"{tag} {tally.share(tag):.1%} < {share:.0%}" for tag, share in SHARES.items() if tally.share(tag) < share]
    if few:
        print("shares missed:", ", ".join(few))
    answered = tally.asked + tally.over_limits
    if answered < wanted * (1 - TIMED_OUT):
        print(f"only {answered} of {wanted} were answered")
    return len(missing) + len(few) + (answered < wanted * (1 - TIMED_OUT))


@contextmanager
def server(home: Path) -> Iterator[Callable[[], Address]]:
    """A real Neo4j as the tests have it: the one of NEO4J_URI, or an embedded one in a temporary home."""
    if (uri := os.environ.get("NEO4J_URI")) is not None:
        user, database = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_DATABASE", "neo4j")
        address = Address(uri, user, os.environ["NEO4J_PASSWORD"], database)
        yield lambda: address
        return
    embedded = EmbeddedOptions(
        home=home,
        heap_megabytes=1536,
        page_cache_megabytes=64,
        appcds=False,
        long_lived=False,
        start_timeout_seconds=600,
    )
    with Lease.acquire(embedded) as lease:
        yield lease.address


async def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "home") as address:
        database = Database(address, limits=ConnectionLimits(read_seconds=PATIENCE_SECONDS))
        try:
            await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)
            found = 0
            for seed in range(options.seed, options.seed + options.worlds):
                found += await compare(database, Path(folder), seed, options)
            return 1 if found else 0
        finally:
            await database.close()


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--operations", type=int, default=2_000, help="per world")
    parser.add_argument("--times", type=int, default=4, help="each that is drawn, with other values")
    parser.add_argument("--texts", type=int, default=200, help="sought with one document, per world")
    parser.add_argument("--worlds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10, help="differences to print")
    return asyncio.run(run(parser.parse_args(given)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
