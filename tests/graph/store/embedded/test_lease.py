"""The life of one home: first start, several users, orderly and disorderly leaving, keepers and servers that die."""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from graph.errors import Unavailable
from graph.store.embedded import EmbeddedOptions, Lease, NotReady, readiness
from tests.graph.store.embedded.observed import count, create, is_jvm, kill, processes, ready, within


@pytest.fixture(scope="module")
def lease(module_options: EmbeddedOptions) -> Iterator[Lease]:
    """The module's own user, who found the port it asked for occupied, and at the end is the last to leave."""
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        port = occupied.getsockname()[1]
        lease = Lease.acquire(replace(module_options, bolt_port=port))
        assert ready(module_options.home).port != port
    try:
        yield lease
    finally:
        began = time.monotonic()
        lease.release()
        seconds = time.monotonic() - began
    assert seconds < 3
    within(1, lambda: processes(module_options.home) == [])
    log = (module_options.home / "logs/debug.log").read_text(encoding="utf-8")
    checkpoints = [line for line in log.splitlines() if "checkpoint completed" in line][-2:]
    assert all("Database shutdown" in line for line in checkpoints)  # clean stores, both of them
    assert [each.name for each in module_options.home.parent.iterdir()] == [module_options.home.name]


def test_the_password_is_secret(lease: Lease) -> None:
    address, home = lease.address(), lease.options.home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    assert not list(home.glob("password.*"))
    assert address.password not in repr(address)
    assert all(address.password not in word for each in psutil.process_iter() for word in words(each))


def words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_users_share_one_server_and_only_the_last_one_stops_it(lease: Lease) -> None:
    jvm = ready(lease.options.home).jvm
    with Lease.acquire(lease.options) as second:
        assert second.address() == lease.address()
        assert len([each for each in processes(lease.options.home) if is_jvm(each)]) == 1
    assert ready(lease.options.home).jvm == jvm
    assert count(lease.address(), "Nothing") == 0
    with pytest.raises(NotReady):
        second.address()  # left is left


def test_an_older_server_on_the_port_is_not_taken_for_our_child(lease: Lease) -> None:
    found = ready(lease.options.home)
    password = lease.address().password
    assert readiness.store_id(found.port, password, found.jvm.pid) == found.store
    assert readiness.store_id(found.port, password, os.getpid()) is None


def test_a_forked_child_does_not_keep_its_parents_place(lease: Lease) -> None:
    with Lease.acquire(lease.options) as second:
        child = os.fork()
        if child == 0:
            os._exit(0 if second._users.descriptor < 0 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert second._users.descriptor >= 0


def test_a_killed_server_is_started_again_by_the_keeper(lease: Lease) -> None:
    create(lease.address(), "BeforeTheCrash")
    before = ready(lease.options.home)
    kill(before.jvm.pid)
    within(2, lambda: not before.serving())
    began = time.monotonic()
    with pytest.raises(Unavailable):
        lease.address()
    assert time.monotonic() - began < 0.5  # says so at once, the caller decides how long to wait
    address = lease.revive()
    after = ready(lease.options.home)
    assert after.keeper == before.keeper
    assert after.jvm != before.jvm
    assert after.store == before.store
    assert count(address, "BeforeTheCrash") == 1


def test_the_server_dies_with_its_keeper_and_a_user_starts_another(lease: Lease) -> None:
    create(lease.address(), "BeforeTheKeeperDied")
    before = ready(lease.options.home)
    kill(before.keeper.pid)
    within(3, lambda: not before.jvm.alive())
    with pytest.raises(Unavailable):
        lease.address()
    address = lease.revive()
    assert ready(lease.options.home).keeper != before.keeper
    assert count(address, "BeforeTheKeeperDied") == 1
    assert len([each for each in processes(lease.options.home) if is_jvm(each)]) == 1
