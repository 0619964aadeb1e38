"""Times a streamed load against the bare `UNWIND … CREATE` of the very same nodes and relations, on fresh databases.

It starts a Neo4j of its own for every measurement; what is loaded comes from a generator, it must not know which.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from bench.bars import Bars
from graph.periods import SHANGHAI
from graph.progress import SilentProgress
from graph.store.connection import ConnectionLimits, Database, Transaction
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.migration import prepare
from loaders.city.city import entries
from loaders.stream import StreamOutcome, stream

PERSON_KEY: Final = b"the person key of the benchmark !!"
SOURCE: Final = "city"
ROWS: Final = 5_000
LIMITS: Final = ConnectionLimits(read_seconds=600.0)
MEGABYTE: Final = 1 << 20

# The floor: nothing is looked up but the ends of relations; a node, its versions and its identifiers in one go.
CREATE_NODES: Final = """
UNWIND $rows AS row
CREATE (n:{labels})
SET n = row.n
FOREACH (said IN row.versions | CREATE (n)-[:HAS_VERSION]->(v:Version) SET v = said)
FOREACH (said IN row.names | CREATE (n)-[by:IDENTIFIED_BY]->(i:Identifier) SET by = said[0], i = said[1])"""
CREATE_RELATIONS: Final = """
UNWIND $rows AS row
MATCH (start:Entity {{id: row.start}}) USING INDEX start:Entity(id)
MATCH (end:Entity {{id: row.end}}) USING INDEX end:Entity(id)
CREATE (start)-[r:{kind}]->(end)
SET r = row.r"""
ALL_NODES: Final = """
MATCH (n:Entity)
RETURN labels(n) AS labels, n {.*} AS n, COLLECT { MATCH (n)-[:HAS_VERSION]->(v) RETURN v {.*} } AS versions,
  COLLECT { MATCH (n)-[by:IDENTIFIED_BY]->(i) RETURN [by {.*}, i {.*}] } AS names"""
ALL_RELATIONS: Final = """
MATCH (start:Entity)-[r]->(end:Entity) RETURN start.id AS start, end.id AS end, type(r) AS kind, r {.*} AS r"""
OBJECTS: Final = "RETURN COUNT { () } + COUNT { ()-->() } AS objects"


@asynccontextmanager
async def fresh(heap: int | None) -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as folder:
        options = EmbeddedOptions(home=Path(folder) / "home", heap_megabytes=heap)
        with Lease.acquire(options) as lease:
            database = Database(lease.address, limits=LIMITS)
            try:
                await prepare(database, purpose="test", person_key=PERSON_KEY, now=datetime.now(SHANGHAI))
                yield database
            finally:
                await database.close()


async def load(database: Database, size: int, seed: int) -> StreamOutcome:
    now = datetime.now(SHANGHAI)
    return await stream(
        database,
        SOURCE,
        entries(size, seed, PERSON_KEY),
        batch=f"{size}-{seed}",
        now=now,
        today=now.date(),
        progress=SilentProgress(),
        keep=lambda each: print(each),
    )


async def objects(database: Database) -> int:
    return int((await database.read(OBJECTS, {}))[0]["objects"])


async def measure_load(options: argparse.Namespace) -> dict[str, Any]:
    """Two loads of the same, in a process of its own so that its memory is the client's; dumps what is stored."""
    async with fresh(options.heap) as database:
        first = await load(database, options.size, options.seed)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        count = await objects(database)
        again = await load(database, options.size, options.seed)
        if options.dump is not None:
            nodes = await database.read(ALL_NODES, {}, timeout_seconds=600)
            relations = await database.read(ALL_RELATIONS, {}, timeout_seconds=600)
            options.dump.write_bytes(orjson.dumps([nodes, relations]))
        assert (again.loaded, again.unchanged, await objects(database)) == (0, first.read, count), again
    return {"seconds": first.seconds, "objects": count, "rows": first.read, "again": again.seconds, "memory": memory}


async def measure_floor(options: argparse.Namespace) -> dict[str, Any]:
    nodes, relations = orjson.loads(options.dump.read_bytes())
    statements: list[tuple[str, list[dict[str, Any]]]] = []
    rows_of: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    taken: set[str] = set()
    for node in nodes:
        names = [each for each in node["names"] if each[1]["key"] not in taken]
        taken |= {each[1]["key"] for each in names}
        rows_of[tuple(node.pop("labels"))].append({**node, "names": names})
    for labels in sorted(rows_of):
        text = CREATE_NODES.format(labels=":".join(labels))
        statements += [(text, rows_of[labels][i : i + ROWS]) for i in range(0, len(rows_of[labels]), ROWS)]
    ends: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in relations:
        ends[each.pop("kind")].append(each)
    for kind in sorted(ends):
        text = CREATE_RELATIONS.format(kind=kind)
        statements += [(text, ends[kind][i : i + ROWS]) for i in range(0, len(ends[kind]), ROWS)]
    async with fresh(options.heap) as database:
        before = await objects(database)
        began = time.monotonic()
        for text, rows in statements:
            await database.write(partial(_run, text=text, rows=rows))
        seconds = time.monotonic() - began
        count = await objects(database) - before
    return {"seconds": seconds, "objects": count}


async def _run(transaction: Transaction, text: str, rows: Sequence[dict[str, Any]]) -> None:
    await transaction.run(text, rows=rows)


def _apart(step: str, options: argparse.Namespace, dump: Path) -> dict[str, Any]:
    """One measurement in a process of its own."""
    heap = [] if options.heap is None else ["--heap", str(options.heap)]
    command = [sys.executable, "-m", "bench", "load", "--size", str(options.size), "--seed", str(options.seed), *heap]
    done = subprocess.run([*command, "--step", step, "--dump", dump], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = orjson.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: Sequence[str]) -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m bench load", description=__doc__)
    parser.add_argument("--size", type=int, default=2_000, help="enterprises")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="a load and a floor each")
    parser.add_argument("--heap", type=int, default=None, help="megabytes; unset: as a home gets it")
    parser.add_argument("--step", choices=("load", "floor"), help=argparse.SUPPRESS)
    parser.add_argument("--dump", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.step is not None:
        measure = measure_load if options.step == "load" else measure_floor
        print(orjson.dumps(asyncio.run(measure(options))).decode())
        return []
    bars = Bars("load")
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as folder:
        dump = Path(folder) / "dump.json"
        for _ in range(options.rounds):
            loaded, floor = _apart("load", options, dump), _apart("floor", options, dump)
            again, faster = loaded["again"], loaded["seconds"] / loaded["again"]
            rate, bare = loaded["objects"] / loaded["seconds"], floor["objects"] / floor["seconds"]
            print(
                f"size {options.size}: {loaded['rows']:,} rows, {loaded['objects']:,} objects"
                f" in {loaded['seconds']:.1f} s;"
                f" floor {floor['objects']:,} in {floor['seconds']:.1f} s;"
                f" {rate:,.0f} : {bare:,.0f} objects/s = {rate / bare:.2f}"
                f" ({bars.least('rate over the floor', rate / bare, 0.6)});"
                f" again {again:.1f} s, {faster:.1f} times faster ({bars.least('the same again', faster, 5)});"
                f" client {loaded['memory']:.0f} MB ({bars.most('client', loaded['memory'], 250, 'MB')});"
                f" load of the machine {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return bars.missed
