"""A user of the home that counts upwards in the database and notes each acknowledged number outside of it.

`python -m tests.graph.store.embedded.writer OPTIONS FILE`: writes until it is killed, or leaves in order on SIGTERM.
A commit of unknown outcome is settled as `storage.md` 2 says: take the graph's lock, read, and only then write.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from neo4j import Driver
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import Unavailable
from graph.store.embedded import EmbeddedOptions, Lease
from tests.graph.store.embedded.observed import connected

LOCK = "MERGE (g:Graph {id: 'graph'}) SET g.version = coalesce(g.version, 0) + 1"
THERE = "MATCH (a:Acknowledged {number: $number}) RETURN count(a) AS there"
WRITE = "CREATE (:Acknowledged {number: $number})"
BATCH = 200  # numbers a connection, so that connections are opened under fire too

stopping = False


def stop(*_: object) -> None:
    global stopping
    stopping = True


def acknowledged(file: Path) -> list[int]:
    """Whole lines only: the last one of a killed writer may be torn, and then it was not noted."""
    return [int(line) for line in file.read_text().split("\n")[:-1]] if file.exists() else []


def write(driver: Driver, number: int, unknown: bool) -> None:
    with driver.session(database="neo4j") as session, session.begin_transaction() as transaction:
        transaction.run(LOCK).consume()
        if not (unknown and transaction.run(THERE, number=number).single(strict=True)["there"]):
            transaction.run(WRITE, number=number).consume()
        transaction.commit()


def main() -> None:
    options, file = EmbeddedOptions.from_json(json.loads(sys.argv[1])), Path(sys.argv[2])
    signal.signal(signal.SIGTERM, stop)
    noted = acknowledged(file)
    number, unknown = (noted[-1] + 1 if noted else 0), True
    with Lease.acquire(options) as lease, file.open("a") as notes:
        if not noted:
            with connected(lease.address()) as driver:
                for statement in ("CREATE CONSTRAINT g IF NOT EXISTS FOR (g:Graph) REQUIRE g.id IS UNIQUE",):
                    driver.execute_query(statement, database_="neo4j")
        while not stopping:
            try:
                with connected(lease.address()) as driver:
                    for _ in range(BATCH):
                        if stopping:
                            break
                        write(driver, number, unknown)
                        notes.write(f"{number}\n")
                        notes.flush()
                        os.fsync(notes.fileno())
                        number, unknown = number + 1, False
            except (DriverError, Neo4jError, Unavailable):
                unknown = True
                lease.revive()


if __name__ == "__main__":
    main()
