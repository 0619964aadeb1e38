"""Whose home it is, and every way it can be the wrong one; no server runs here."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import Unavailable
from graph.store.embedded import DiskFull, EmbeddedError, EmbeddedOptions, HomeHeld, JavaUnfit, Lease
from graph.store.embedded.home import Home, Ready, write_atomically
from graph.store.embedded.processes import ROOT, Identity
from tests.graph.store.embedded.observed import kill, processes, within


def refusal(options: EmbeddedOptions, kind: type[EmbeddedError]) -> str:
    with pytest.raises(kind) as caught:
        Lease.acquire(options)
    assert isinstance(caught.value, Unavailable)
    assert caught.value.code == "UNAVAILABLE"
    assert processes(options.home) == []
    return caught.value.message


def test_a_home_is_for_its_owner_only(options: EmbeddedOptions) -> None:
    options.home.mkdir(mode=0o755)
    Home(options.home).prepare()
    assert stat.S_IMODE(options.home.stat().st_mode) == 0o700


def test_another_users_home_is_refused(options: EmbeddedOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    options.home.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: options.home.stat().st_uid + 1)
    assert "belongs to user id" in refusal(options, HomeHeld)


def test_a_newer_home_is_refused(options: EmbeddedOptions) -> None:
    Home(options.home).prepare()
    options.home.joinpath("layout").write_text(json.dumps({"layout": 2, "server": "2027.01.0"}))
    assert "made by a newer creditgraph (layout 2, Neo4j 2027.01.0" in refusal(options, HomeHeld)


def test_a_file_is_no_home(options: EmbeddedOptions) -> None:
    options.home.write_text("")
    assert "cannot be used" in refusal(options, HomeHeld)


def test_a_home_held_by_a_process_that_does_not_serve(options: EmbeddedOptions) -> None:
    Home(options.home).prepare()
    stranger = Home(options.home).keeper()
    assert stranger.try_exclusive()
    try:
        message = refusal(replace(options, start_timeout_seconds=-8.5), HomeHeld)
    finally:
        stranger.close()
    assert "another process holds the home" in message
    assert str(options.home / "keeper") in message


@pytest.mark.parametrize("version", ["17.0.2", "26", "nonsense"])
def test_a_java_of_the_wrong_version(options: EmbeddedOptions, tmp_path: Path, version: str) -> None:
    java = tmp_path / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    message = refusal(replace(options, java=java), JavaUnfit)
    assert f"is Java {version}" in message
    assert "needs Java 21 or 25" in message


def test_a_java_that_is_not_there(options: EmbeddedOptions, tmp_path: Path) -> None:
    assert "cannot be run" in refusal(replace(options, java=tmp_path / "java"), JavaUnfit)


def test_too_little_space_for_a_store(options: EmbeddedOptions) -> None:
    assert "1000000000 MB needed" in refusal(replace(options, home_free_megabytes=10**9), DiskFull)


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """/dev/full answers every write with ENOSPC."""
    file = tmp_path / "ready"
    file.write_text("old")
    tmp_path.joinpath(f"ready.{os.getpid()}.half").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert isinstance(Home(tmp_path).explain(full.value), DiskFull)


def test_what_a_killed_keeper_left_is_not_believed(options: EmbeddedOptions) -> None:
    home = Home(options.home)
    home.prepare()
    me = Identity.of(os.getpid())
    home.announce(Ready(1, "store", me, me))
    assert home.ready() is not None
    home.announce(Ready(1, "store", me, replace(me, born=me.born - 1)))  # the number lives on in another process
    assert home.ready() is None


def test_the_kernel_frees_a_killed_users_place(options: EmbeddedOptions) -> None:
    Home(options.home).prepare()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from graph.store.embedded.home import Home;"
            "print(Home(Path(sys.argv[1])).users().try_shared(), flush=True); time.sleep(60)",
            str(options.home),
        ],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        users = Home(options.home).users()
        assert not users.try_exclusive()
        kill(holder.pid)
        within(2, users.try_exclusive)
        users.close()
