"""Whatever step of an exchange is the last before a kill, no graph is lost, and none is half there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from graph.store.embedded import HomeHeld
from graph.store.embedded.exchange import exchange, forget, put_back
from graph.store.embedded.home import Home


def graph(folder: Path, word: str) -> None:
    (folder / "data/databases").mkdir(parents=True)
    (folder / "data/databases/store").write_text(word)
    (folder / "person.key").write_text(word)


def held(folder: Path) -> set[str]:
    """Every word found where a graph lies; one word means one whole graph."""
    files = (folder / "data/databases/store", folder / "person.key", folder / "password")
    return {each.read_text() for each in files if each.exists()}


def homes(tmp_path: Path) -> Iterator[Home]:
    number = 0
    while True:
        folder = tmp_path / str(number)
        folder.mkdir(mode=0o700)
        graph(folder, "earlier")
        (folder / "password").write_text("earlier")
        yield Home(folder)
        number += 1


def stage(home: Home) -> Home:
    staged = Home(home.path("staged"))
    if not staged.folder.exists():
        staged.folder.mkdir()
    for name in ("data", "person.key"):
        if staged.path(name).exists():
            shutil.rmtree(staged.path(name)) if staged.path(name).is_dir() else staged.path(name).unlink()
    graph(staged.folder, "later")
    return staged


def cut(work: Callable[[], None], after: int) -> bool:
    """Do it in a process that ends at its next rename or removal after so many: what a kill there leaves behind."""
    left = after

    def count(event: str, _: object) -> None:
        nonlocal left
        if event in ("os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
            left -= 1
            if left < 0:
                os._exit(9)

    child = os.fork()
    if child == 0:
        sys.addaudithook(count)
        work()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_an_exchange_cut_off_anywhere_is_refused_to_users_or_whole_and_ends_by_the_same_call(tmp_path: Path) -> None:
    refused = 0
    for after, home in enumerate(homes(tmp_path)):
        staged = stage(home)
        was_cut = cut(partial(exchange, home, staged), after)
        try:
            home.prepare()
            assert held(home.folder) in ({"earlier"}, {"later"})
        except HomeHeld:
            refused += 1
        if not was_cut:
            break
        exchange(home, stage(home))
        assert held(home.folder) == {"later"}
        assert held(home.path("replaced")) == {"earlier"}
        home.prepare()
    assert refused > 5
    forget(home)
    assert not home.path("replaced").exists()


def test_an_earlier_graph_is_put_back_whole_wherever_putting_it_back_was_cut_off(tmp_path: Path) -> None:
    for after, home in enumerate(homes(tmp_path)):
        exchange(home, stage(home))
        if not cut(partial(put_back, home), after):
            break
        exchange(home, stage(home))  # what a user does who is told to run it again
        put_back(home)
        assert held(home.folder) == {"earlier"}
        home.prepare()
    assert held(home.folder) == {"earlier"}
    assert not home.path("replaced").exists()


def test_a_home_without_a_graph_gets_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    exchange(home, stage(home))
    assert held(home.folder) == {"later"}
    put_back(home)
    assert held(home.folder) == set()
    with pytest.raises(FileNotFoundError):
        home.path("person.key").read_text()
