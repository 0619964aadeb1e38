"""Kills at random while a writer notes every acknowledged number: none is lost or doubled, no process is orphaned."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from neo4j.exceptions import ServiceUnavailable

from graph.errors import Unavailable
from graph.progress import SilentProgress
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.embedded.home import Home
from graph.store.embedded.processes import ROOT
from graph.store.migration import GRAPH_CONSTRAINT, NEWEST, prepare
from graph.store.steps.step_001_schema import CONSTRAINTS
from tests.conftest import BEGINNING, PERSON_KEY
from tests.graph.store.embedded.observed import connected, is_jvm, kill, processes, within
from tests.graph.store.embedded.writer import acknowledged

SEED = 20260901
VICTIMS = ("server", "keeper", "user", "user and keeper")
BACK_SECONDS = 30.0
UNOWNED = """
SHOW INDEXES YIELD name, owningConstraint
WHERE name IN ['graph_id', 'entity_id'] AND owningConstraint IS NULL RETURN count(*) AS number"""
NUMBERS = "MATCH (a:Acknowledged) RETURN a.number AS number"


class Writer:
    """The user of the home; it is started anew whenever it was killed."""

    def __init__(self, options: EmbeddedOptions, folder: Path) -> None:
        self.options, self.file, self.errors = options, folder / "acknowledged", folder / "errors"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.errors.open("ab") as errors:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.graph.store.embedded.writer"),
                    *(json.dumps(self.options.to_json()), str(self.file)),
                ],
                cwd=ROOT,
                stderr=errors,
            )

    def killed(self) -> None:
        kill(self.process.pid)
        self.process.wait()
        self.process = self.start()

    def progress(self, numbers: int, seconds: float) -> float:
        reached = len(acknowledged(self.file)) + numbers

        def on() -> bool:
            assert self.process.poll() is None, self.errors.read_text()
            return len(acknowledged(self.file)) >= reached

        return within(seconds, on)


def test_no_acknowledged_number_is_lost_or_doubled(options: EmbeddedOptions, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    home = Home(options.home)
    writer = Writer(options, tmp_path)
    try:
        writer.progress(20, 120)  # the first start of a server beside others of the suite
        for victims in chance.sample(VICTIMS, len(VICTIMS)):
            time.sleep(chance.uniform(0.0, 0.8))
            before = home.ready()
            assert before is not None
            for victim in victims.split(" and "):
                if victim == "user":
                    writer.killed()
                else:
                    kill(before.jvm.pid if victim == "server" else before.keeper.pid)
                time.sleep(chance.uniform(0.0, 0.3))
            if victims != "user":
                within(3, lambda: not before.jvm.alive())  # noqa: B023 - called at once
            writer.progress(5, BACK_SECONDS)
            assert len([each for each in processes(options.home) if is_jvm(each)]) == 1
    finally:
        kill(writer.process.pid)
        writer.process.wait()
    # The only user vanished without a word: the server outlives it by the grace, then stops in order.
    gone = within(options.grace_seconds + 4, lambda: processes(options.home) == [])
    assert gone > options.grace_seconds - 0.5

    with Lease.acquire(options) as lease, connected(lease.address()) as driver:
        found, _, _ = driver.execute_query(NUMBERS, database_="neo4j")
    numbers = sorted(record["number"] for record in found)
    noted = acknowledged(writer.file)
    assert len(noted) == len(set(noted)) > 60
    # Each one, once. The last commit may have lost its acknowledgement only: its writer was not started again.
    assert numbers in (noted, [*noted, noted[-1] + 1])


@pytest.mark.anyio
async def test_a_server_killed_while_it_makes_constraints_is_prepared_at_the_next_try(options: EmbeddedOptions) -> None:
    with Lease.acquire(options) as lease:
        with connected(lease.address()) as driver, driver.session() as session, pytest.raises(ServiceUnavailable):
            transaction = session.begin_transaction()
            transaction.run(GRAPH_CONSTRAINT)
            transaction.run(CONSTRAINTS[0])
            kill(next(each for each in processes(options.home) if is_jvm(each)).pid)
            transaction.commit()
        lease.revive(120)
        database = Database(lease.address)
        try:
            assert await database.read(UNOWNED, {}) == [{"number": 2}]
            await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)
            assert await database.read(UNOWNED, {}) == [{"number": 0}]
            (marked,) = await database.read("MATCH (g:Graph) RETURN g.schemaVersion AS shape", {})
            assert marked == {"shape": NEWEST}
        finally:
            await database.close()


def test_connecting_to_a_home_whose_keeper_hangs_ends_in_time(options: EmbeddedOptions) -> None:
    """A keeper stopped in mid-start cannot be replaced, so the user is told within the time it gave."""
    began = time.monotonic()
    home = Home(options.home)
    home.prepare()
    stranger = home.keeper()
    assert stranger.try_exclusive()
    users = home.users()
    assert users.try_shared()
    lease = Lease(options, home, users, SilentProgress())
    try:
        for attempt in (lease.address, lambda: lease.revive(1.0)):
            try:
                attempt()
                raise AssertionError("an address of nothing")
            except Unavailable as refusal:
                assert refusal.code == "UNAVAILABLE"
    finally:
        lease.release()
        stranger.close()
    assert time.monotonic() - began < 3
