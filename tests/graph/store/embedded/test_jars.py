"""The content store: only the lock's bytes, damage noticed cheaply, one clear message when a jar cannot be had."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from graph.progress import SilentProgress
from graph.store.embedded import DiskFull, EmbeddedOptions, JarMissing, Lease, user_cache
from graph.store.embedded import jars as jar_module
from graph.store.embedded.errors import JarDamaged
from graph.store.embedded.home import Home
from graph.store.embedded.jars import Jar, JarStore, provide, read_lock

CONTENT = b"bytes of a jar"
JAR = Jar("org.example:thing:1.0", hashlib.sha256(CONTENT).hexdigest())


def stored(folder: Path) -> JarStore:
    folder.mkdir(exist_ok=True)
    (folder / "fetched").write_bytes(CONTENT)
    store = JarStore(folder)
    assert store.put(JAR, folder / "fetched")
    return store


def linked_cache(folder: Path, without: str) -> tuple[Path, Jar]:
    """A cache that borrows every jar of the user's but one."""
    provide(EmbeddedOptions(home=folder), SilentProgress())
    source, target = JarStore(user_cache() / "jars"), JarStore(folder / "cache" / "jars")
    target.folder.mkdir(parents=True)
    left_out = next(jar for jar in read_lock() if jar.parts[1] == without)
    for jar in read_lock():
        if jar != left_out:
            target.path(jar).symlink_to(source.path(jar))
    return folder / "cache", left_out


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network: every request goes to a proxy that is not there."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(jar_module, "BACKOFF_SECONDS", 0.01)


def test_the_lock_names_230_jars_and_no_test_library() -> None:
    jars = read_lock()
    assert len(jars) == 230
    assert {len(jar.sha256) for jar in jars} == {64}
    assert len({jar.name for jar in jars}) == 230
    assert [jar for jar in jars if jar.parts[1] in {"junit", "mockito-core", "assertj-core", "hamcrest"}] == []


def test_other_bytes_are_not_let_in(tmp_path: Path) -> None:
    (tmp_path / "fetched").write_bytes(b"other bytes")
    store = JarStore(tmp_path)
    assert not store.put(JAR, tmp_path / "fetched")
    assert not store.holds(JAR)


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], CONTENT[::-1]], ids=["empty", "torn", "same size"])
def test_damage_is_noticed(tmp_path: Path, damage: bytes) -> None:
    store = stored(tmp_path)
    assert store.holds(JAR)
    store.path(JAR).write_bytes(damage)
    assert not store.holds(JAR)
    assert store.discard_damaged((JAR,)) == (JAR,)


def test_a_copied_store_is_hashed_once_and_then_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two", copy_function=shutil.copyfile)
    copied = JarStore(tmp_path / "two")
    assert copied.holds(JAR)
    monkeypatch.setattr(jar_module, "digest", lambda path: pytest.fail("hashed again"))
    assert copied.holds(JAR)


@pytest.mark.usefixtures("offline")
def test_without_network_the_missing_coordinate_is_named(tmp_path: Path) -> None:
    cache, left_out = linked_cache(tmp_path, without="neo4j-bolt")
    with pytest.raises(JarMissing) as refusal:
        provide(EmbeddedOptions(home=tmp_path / "home", cache=cache), SilentProgress())
    assert left_out.coordinate in refusal.value.message
    assert "Connect to the network" in refusal.value.message
    assert str(cache / "jars") in refusal.value.message
    assert "http" not in refusal.value.message  # no host names


@pytest.mark.usefixtures("offline")
def test_a_jar_damaged_behind_our_back_is_found_when_the_server_does_not_start(
    tmp_path: Path, options: EmbeddedOptions
) -> None:
    cache, left_out = linked_cache(tmp_path, without="neo4j")
    store = JarStore(cache / "jars")
    shutil.copyfile(user_cache() / "jars" / left_out.name, store.path(left_out))
    assert store.holds(left_out)
    stat = store.path(left_out).stat()
    with store.path(left_out).open("r+b") as file:  # the central directory of the zip, same size, same time
        file.seek(-1000, os.SEEK_END)
        file.write(b"\0" * 1000)
    os.utime(store.path(left_out), ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert store.holds(left_out)  # the cheap look cannot see it

    with pytest.raises(JarMissing, match=left_out.coordinate):  # dropped, fetched again: no network
        Lease.acquire(replace(options, cache=cache))
    fault = Home(options.home).fault(since=0)
    assert isinstance(fault, JarDamaged)
    assert left_out.coordinate in fault.message


def test_too_little_space_for_the_jars_is_said_before_fetching(tmp_path: Path) -> None:
    options = EmbeddedOptions(home=tmp_path / "home", cache=tmp_path / "cache", cache_free_megabytes=10**9)
    with pytest.raises(DiskFull, match="1000000000 MB needed"):
        provide(options, SilentProgress())
