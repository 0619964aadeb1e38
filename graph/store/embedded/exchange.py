"""Puts a graph prepared beside a home into its place and keeps the earlier one aside until it is told to forget it.

It must not know where the graph comes from; the home is halted meanwhile. Every step may be the last before a kill.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from graph.store.embedded.home import RESTORING, Home, write_atomically

REPLACED, FORGOTTEN = "replaced", "replaced.gone"
LEAVING, ENTERING = "leaving", "entering"  # written in the mark: what lies in the home is the earlier graph, or either
MOVED: Final = ("data", "password", "person.key")  # what of a home makes the graph it holds


def exchange(home: Home, staged: Home) -> None:
    """Cut off anywhere, the home is refused to users and the next call, with the same graph staged again, ends it."""
    aside, mark = home.path(REPLACED), home.path(RESTORING)
    if not mark.exists():  # an earlier graph still aside: what came into its place was never proven
        write_atomically(mark, ENTERING if aside.exists() else LEAVING)
    aside.mkdir(exist_ok=True)
    if mark.read_text(encoding="ascii") == LEAVING:
        for name in MOVED:
            if home.path(name).exists():
                os.replace(home.path(name), aside / name)
        write_atomically(mark, ENTERING)
    _remove(home)
    _move(staged.folder, home)
    mark.unlink()


def put_back(home: Home) -> None:
    """The earlier graph again, and nothing of the later one."""
    mark = home.path(RESTORING)
    write_atomically(mark, ENTERING)
    _remove(home)
    write_atomically(mark, LEAVING)
    _move(home.path(REPLACED), home)
    forget(home)
    mark.unlink()


def forget(home: Home) -> None:
    gone = home.path(FORGOTTEN)
    shutil.rmtree(gone, ignore_errors=True)
    if home.path(REPLACED).exists():
        os.replace(home.path(REPLACED), gone)
        shutil.rmtree(gone, ignore_errors=True)


def _remove(home: Home) -> None:
    for path in map(home.path, MOVED):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _move(folder: Path, home: Home) -> None:
    for name in MOVED:
        if (folder / name).exists():
            os.replace(folder / name, home.path(name))
