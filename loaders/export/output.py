"""Files that appear whole or not at all: written beside their place, put there at the end, removed when it fails.

It must not know what is written.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NoReturn

from graph.errors import Conflict
from loaders.files import Unreadable
from loaders.tables.table import FORMULA_STARTS, GUARD

TOLD_BY: Final = (GUARD, *FORMULA_STARTS)


@contextmanager
def placed(path: Path, *, folder: bool, replace: bool) -> Iterator[Path]:
    """Where to write; readable by its owner alone, as it may hold personal data. Raises Conflict and Unreadable."""
    if path.exists() and not replace:
        raise Conflict(f"{path} 已存在;确要覆盖请加 --replace / is there already: another name, or --replace")
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    try:
        half.mkdir(mode=0o700) if folder else os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield half
        if path.is_dir():
            shutil.rmtree(path)
        os.replace(half, path)
    except OSError as error:
        _explain(error, path)
    finally:
        if half.is_dir():
            shutil.rmtree(half, ignore_errors=True)
        else:
            half.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file of what is placed, on the disk when it is closed."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def guarded(cell: str) -> str:
    """A cell that a spreadsheet would run is kept as text; `unguarded` gives back exactly what it was."""
    if not cell.startswith(TOLD_BY):  # nearly all: a million of them are looked at once
        return cell
    return GUARD + cell if cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(GUARD) and cell.lstrip(GUARD).startswith(FORMULA_STARTS) else cell


def _explain(error: OSError, path: Path) -> NoReturn:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise Unreadable(f"磁盘空间不足,未写出 / no space left on the disk, nothing was written: {path}") from error
    raise Unreadable(f"{path}: {error.strerror} ({error.filename})") from error
