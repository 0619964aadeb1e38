"""The key files of a home, made once: that under which numbers of personal documents are hashed, and others.

It must not know a database nor what is hashed; the graph refuses another key by its fingerprint (`storage.md` 5).
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from graph.errors import Unavailable
from graph.identifiers import KEY_BYTES

FILE: Final = "person.key"


def load_person_key(home: Path) -> bytes:
    """The 32 bytes of `person.key` in the home; Unavailable when damaged: a wrong key would split every person."""
    return load_key(
        home / FILE,
        KEY_BYTES,
        "请从备份恢复 / restore it from a backup, a new key would split every person in two",
    )


def load_key(path: Path, size: int, remedy: str) -> bytes:
    """The bytes of a key file (hex, 0600), made at first use by whichever process comes first.

    Raises Unavailable with the remedy when the file is damaged, or when others may read it.
    """
    if not path.exists():
        _make(path, size)
    if path.stat().st_mode & 0o077:
        raise Unavailable(f"{path} 可被他人读取,请执行 chmod 600 / {path} is readable by others: run chmod 600 on it")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != size:
        raise Unavailable(f"{path} 已损坏 / {path} is damaged: {remedy}")
    return key


def _make(path: Path, size: int) -> None:
    """Write a new key in full under another name, then link it: of two first users one wins and both read its key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(size) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
