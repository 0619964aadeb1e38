"""Times who controls and owns a firm against one lookup by id, through the same server over HTTP, on a city in a home.

It adds one hub that controls as many firms as are asked for; it must not know how the answers are made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.reads import LOOKUP, shown, timed
from bench.served import ROOT, post, serving
from graph.store.connection import Database, Transaction
from graph.store.embedded import EmbeddedOptions, Lease

QUESTIONS: Final = {
    "controllers": "query($id: String!) { enterprise(identifier: $id) { controllers {"
    " subject { id name } basis voting ultimate subgraph { edges { id source target share } } } } }",
    "beneficialOwners": "query($id: String!) { enterprise(identifier: $id) { beneficialOwners {"
    " person { id name } basis integrated voting } } }",
    "ownership": "query($id: ID!) { ownership(subject: $id) { integrated { owner { id name } owned { id name }"
    " direct integrated voting } circular { id } subgraph { edges { id source target share } truncated { reason } }"
    " warnings { code } } }",
    "with close links": "query($id: ID!) { ownership(subject: $id) { integrated { owner { id } integrated }"
    " closeLinks { id name } } }",
}
HUB: Final = """query { ownership(subject: "ent_hub", direction: OWNED) {
  integrated { owned { id name } integrated voting } subgraph { edges { id } truncated { reason omitted } } } }"""
CONTROL: Final = 'query { enterprise(identifier: "ent_hub_1") { controllers { subject { id } ultimate } } }'
FIRMS: Final = "MATCH (n:Enterprise) WHERE NOT n.id STARTS WITH 'ent_hub' RETURN n.id AS id LIMIT 5000"
NODE: Final = """
UNWIND $ids AS id
MERGE (f:Entity {id: id})
ON CREATE SET f:Subject:Organization:Enterprise, f.kind = 'ENTERPRISE', f.version = 1, f.name = id, f.nameFold = id,
  f.snapFrom = '0001-01-01', f.snapTo = '9999-12-31', f.recordedAt = '2020-01-01', f.source = 'bench'"""
EDGE: Final = """
UNWIND $ids AS id
MATCH (hub:Entity {id: 'ent_hub'}), (f:Entity {id: id})
MERGE (hub)-[e:HOLDS {id: 'hld_' + id}]->(f)
ON CREATE SET e.share = 60000000, e.from = '0001-01-01', e.to = '9999-12-31', e.recordedAt = '2020-01-01',
  e.retractedAt = '9999-12-31T00:00:00.000000+08:00', e.source = 'bench'"""


async def prepare(home: Path, firms: int) -> list[str]:
    """The hub with its firms, once; the ids of firms to ask about."""
    with Lease.acquire(EmbeddedOptions(home=home)) as lease:
        database = Database(lease.address)
        ids = [f"ent_hub_{i}" for i in range(firms)]

        async def write(transaction: Transaction) -> None:
            await transaction.run(NODE, ids=["ent_hub", *ids])
            for start in range(0, firms, 2_000):
                await transaction.run(EDGE, ids=ids[start : start + 2_000])

        if not await database.read("MATCH (n:Entity {id: $id}) RETURN n.id AS id", {"id": f"ent_hub_{firms - 1}"}):
            await database.write(write)
        found = [row["id"] for row in await database.read(FIRMS, {})]
        await database.close()
        return found


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench ownership", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city; made when absent")
    arguments.add_argument("--size", type=int, default=10_000, help="enterprises of that city; 0: what is there")
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--warm", type=int, default=300)
    arguments.add_argument("--hub", type=int, default=10_000, help="firms one party controls")
    chosen = arguments.parse_args(given)
    command = [sys.executable, "-m", "loaders", "city", "--size", str(chosen.size), "--home", str(chosen.home)]
    if chosen.size:
        subprocess.run(command, cwd=ROOT, check=True)
    firms = asyncio.run(prepare(chosen.home, chosen.hub))
    drawn = random.Random(7)
    with serving(chosen.home, "none") as (connection, _):
        floor: list[float] = []
        found: dict[str, list[float]] = {name: [] for name in QUESTIONS}
        for turn in range(chosen.warm + chosen.rounds):
            id = drawn.choice(firms)
            lookup, _ = timed(lambda id=id: post(connection, LOOKUP, id=id))  # type: ignore[misc]
            taken = {
                name: timed(lambda id=id, text=text: post(connection, text, id=id))[0]  # type: ignore[misc]
                for name, text in QUESTIONS.items()
            }
            if turn >= chosen.warm:
                floor.append(lookup)
                for name, one in taken.items():
                    found[name].append(one)
        print(shown("lookup by id", floor, floor))
        for name, each in found.items():
            print(shown(name, each, floor), "(bar p50 3 x)")
        for name, text in {f"the {chosen.hub} of a hub": HUB, "a firm of the hub": CONTROL}.items():
            figures: list[float] = []
            for _ in range(8):
                one, data = timed(lambda text=text: post(connection, text))  # type: ignore[misc]
                figures.append(one)
            print(f"{name}: {statistics.median(figures[3:]):.0f} ms (bar 500 ms), {cut(data)}")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


def cut(data: Any) -> str:
    found = data.get("ownership")
    return f"{len(found['integrated'])} told, {found['subgraph']['truncated']}" if found else str(data)[:120]
