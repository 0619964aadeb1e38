"""Makes a database ours before anything is read or written: its shape, what it is for, whose person key it holds.

It must not know what the graph says; a database that is somebody else's is refused, never changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final, Literal

from graph.errors import Conflict, Invalid
from graph.periods import instant
from graph.progress import Progress, SilentProgress
from graph.store.connection import Database, Transaction
from graph.store.steps import STEPS

Purpose = Literal["demo", "test", "production"]
# What may be written where: demo data may go into a test database, tests delete and so touch their own only.
# A stranger may load files of his own into the demo graph; tests and demos never write where real data may be.
MARKS: Final = {"production": ("production", "demo", "test"), "demo": ("demo", "test"), "test": ("test",)}
MEETINGS: Final = 5  # times a step is begun again because another process was doing it
MEETING_SECONDS: Final = 0.5
NEWEST: Final = STEPS[-1].number

SHAPE_SECONDS: Final = 7_200.0  # of a city of a million enterprises: some minutes
AWAIT_SHAPE: Final = "CALL db.awaitIndexes(7200)"

GRAPH_CONSTRAINT: Final = "CREATE CONSTRAINT graph_id IF NOT EXISTS FOR (n:Graph) REQUIRE n.id IS UNIQUE"
# The server makes the index of a constraint first, in a transaction of its own. Killed before the constraint is
# there it keeps an index that it neither fills nor adopts, under the name the constraint needs (neo4j/neo4j#13208).
LEFT_BEHIND: Final = """
SHOW INDEXES YIELD name, owningConstraint
WHERE name IN $constraints AND owningConstraint IS NULL
RETURN collect(name) AS names"""
AT_WORK: Final = "SHOW TRANSACTIONS YIELD activeLockCount WHERE activeLockCount > 0 RETURN count(*) AS others"
DROP_LEFT_BEHIND: Final = "DROP INDEX $name IF EXISTS"
GRAPH: Final = """
MATCH (graph:Graph {id: 'graph'})
RETURN graph.schemaVersion AS schemaVersion, graph.purpose AS purpose, graph.personKey AS personKey"""
SCHEMA: Final = (GRAPH_CONSTRAINT, *(each for step in STEPS for each in step.schema))
CONSTRAINTS: Final = [each.split()[2] for each in SCHEMA if each.startswith("CREATE CONSTRAINT")]  # their names
FOREIGN: Final = "RETURN EXISTS { MATCH (n) WHERE NOT n:Graph } AS foreign"
MARK: Final = """
MERGE (graph:Graph {id: 'graph'})
ON CREATE SET graph.version = 0, graph.recordedAt = $at, graph.schemaVersion = 0
SET graph.purpose = $purpose, graph.personKey = $personKey"""
STEP_DONE: Final = """
MATCH (graph:Graph {id: 'graph'})
SET graph.schemaVersion = CASE WHEN graph.schemaVersion < $number THEN $number ELSE graph.schemaVersion END,
    graph.version = graph.version + 1"""


class Refused(Conflict):
    """This database is not one to use for this; the message says why and what to do. Nothing was changed."""


async def prepare(database: Database, *, purpose: str, person_key: bytes, now: datetime) -> None:
    """Constraints, indexes, migration steps and the mark of a graph; a few milliseconds when nothing is to do.

    `purpose`: demo, test or production. Raises Refused for a newer graph, for data that is not ours, for a graph
    of another purpose and for another person key. May be killed and run again at any point.
    """
    if purpose not in MARKS:
        raise Invalid(f"purpose: 只能是 / one of {', '.join(MARKS)}", argument="purpose")
    fingerprint = person_key_fingerprint(person_key)
    found = await database.read(GRAPH, {})
    await _refuse(database, found[0] if found else None, purpose, fingerprint)
    if not found:  # nothing to migrate: the steps one by one take twice the time on a server that has just started
        await shape(database, SilentProgress())
        await _mark(database, purpose, fingerprint, now)
        await _done(database, NEWEST)
        return
    if found[0]["purpose"] not in MARKS[purpose] or found[0]["personKey"] != fingerprint:
        await _mark(database, purpose, fingerprint, now)
    for step in STEPS:
        if step.number > found[0]["schemaVersion"]:
            await _meeting(database, partial(step.run, database))
            await _done(database, step.number)


async def shape(database: Database, progress: Progress) -> None:
    """Constraints and indexes of a graph that is empty, or was imported in the newest shape."""
    await _meeting(database, partial(_shape, database, progress))


async def _shape(database: Database, progress: Progress) -> None:
    with progress.step("索引 / indexes", len(SCHEMA) + 1) as advance:

        async def create(transaction: Transaction) -> None:
            for statement in SCHEMA:  # a constraint is there when it returns, an index is filled meanwhile
                await transaction.run(statement)
                advance(1)

        await database.write(create)
        await database.read(AWAIT_SHAPE, {}, timeout_seconds=SHAPE_SECONDS)
        advance(1)


async def _meeting(database: Database, work: Callable[[], Awaitable[None]]) -> None:
    """What prepares is idempotent: where another process is doing the same, what it made is found the next time."""
    for meeting in range(MEETINGS + 1):
        try:
            await _clear(database)
            return await work()
        except Conflict:
            if meeting == MEETINGS:
                raise
            await asyncio.sleep(MEETING_SECONDS)


async def _clear(database: Database) -> None:
    """Drops the indexes that a killed server left of our constraints; those of a transaction at work are its own."""
    (left,) = await database.read(LEFT_BEHIND, {"constraints": CONSTRAINTS})
    if not left["names"] or (await database.read(AT_WORK, {}))[0]["others"]:
        return

    async def drop(transaction: Transaction) -> None:
        for name in left["names"]:
            await transaction.run(DROP_LEFT_BEHIND, name=name)

    await database.write(drop)


def person_key_fingerprint(key: bytes) -> str:
    """Tells two keys apart and says nothing about them."""
    return hmac.new(key, b"creditgraph person key fingerprint", hashlib.sha256).hexdigest()[:32]


async def _refuse(database: Database, graph: dict[str, object] | None, purpose: str, fingerprint: str) -> None:
    if graph is None:
        if await _holds_data(database):
            raise Refused(
                "数据库不为空且不属于本系统 / this database holds data that is not ours; give an empty database "
                "(NEO4J_DATABASE, NEO4J_URI)"
            )
        return
    version = graph["schemaVersion"]
    if isinstance(version, int) and version > NEWEST:
        raise Refused(
            f"图数据版本 {version} 比本软件新,请升级软件 / the graph has shape {version}, this software knows "
            f"{NEWEST}: upgrade the software"
        )
    if graph["purpose"] not in MARKS[purpose] and await _holds_data(database):
        raise Refused(
            f"数据库用途为 {graph['purpose']},不能用于 {purpose} / this database is marked {graph['purpose']}, "
            f"it is not used for {purpose}; give another database"
        )
    if graph["personKey"] not in (None, fingerprint) and await _holds_data(database):
        raise Refused(
            "个人密钥与图不符 / the person key is not the one of this graph: restore person.key of its home, "
            "with another key every person would be split in two"
        )


async def _holds_data(database: Database) -> bool:
    return bool((await database.read(FOREIGN, {}))[0]["foreign"])


async def _mark(database: Database, purpose: str, fingerprint: str, now: datetime) -> None:
    async def mark(transaction: Transaction) -> None:
        await transaction.run(MARK, purpose=purpose, personKey=fingerprint, at=instant(now))

    await database.write(mark)


async def _done(database: Database, number: int) -> None:
    async def done(transaction: Transaction) -> None:
        await transaction.run(STEP_DONE, number=number)

    await database.write(done)
