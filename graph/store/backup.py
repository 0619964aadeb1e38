"""A backup of the embedded graph in one file: Neo4j's dump, the person key, and a manifest to check both by.

It must not know what is stored. What a backup holds is as confidential as its home (docs/backup.md).
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from graph.errors import Conflict, GraphError, Invalid
from graph.identifiers import KEY_BYTES
from graph.periods import instant
from graph.progress import Progress
from graph.store.connection import Database
from graph.store.embedded import EmbeddedOptions, Lease, jars
from graph.store.embedded.dump import STORE, clear, dump, load, size
from graph.store.embedded.errors import DiskFull
from graph.store.embedded.exchange import exchange, forget, put_back
from graph.store.embedded.halting import halted
from graph.store.embedded.home import RESTORING, SERVER, Home, disk_full, write_atomically
from graph.store.embedded.options import MEGABYTE
from graph.store.keys import FILE as PERSON_KEY
from graph.store.keys import load_key
from graph.store.migration import person_key_fingerprint
from graph.store.operations import NOT_PREPARED

FORMAT: Final = 1
DUMP, MANIFEST, KEY = "neo4j.dump", "manifest.json", PERSON_KEY
FACTS: Final = """
MATCH (graph:Graph {id: 'graph'})
RETURN graph.version AS version, graph.schemaVersion AS schemaVersion, graph.purpose AS purpose,
  graph.personKey AS personKey"""
NODES: Final = "MATCH (n) RETURN count(n) AS count"
RELATIONS: Final = "MATCH ()-[r]->() RETURN count(r) AS count"
STAGED: Final = "restoring"
SPARE_MEGABYTES: Final = 512


class Damaged(Invalid):
    """A file that is no backup, or not what was written; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was backed up. `alone`: nobody else used the graph, so that its counts are those of the dump."""

    format: int
    server: str
    made_at: str
    version: int
    schema_version: int
    purpose: str
    person_key: str
    nodes: int
    relations: int
    alone: bool
    store_bytes: int
    dump_bytes: int = 0
    sha256: str = ""


def backup(options: EmbeddedOptions, path: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Write a backup of a home's graph to `path`, whole or not at all, readable by its owner alone.

    The server is stopped for the dump and comes back when somebody uses the home. Raises the GraphError family.
    """
    options, half = _absolute(options), path.with_name(f"{path.name}.{os.getpid()}.half")
    home = Home(options.home)
    if not home.path(STORE[0]).is_dir() or not home.path(KEY).exists():
        raise Conflict(f"{NOT_PREPARED}: {home.folder}")
    key = load_key(home.path(KEY), KEY_BYTES, "请从备份恢复 / restore it from a backup")
    with Lease.acquire(options, progress) as lease:  # a store that was not closed in order is made whole first
        facts = asyncio.run(_facts(lease))
    if facts["personKey"] != person_key_fingerprint(key):
        raise Conflict(f"{home.path(KEY)}: 个人密钥与图不符 / is not the person key of this graph")
    try:
        with (
            halted(options) as others,
            progress.step(f"备份 / Backing up {home.folder.name}") as advance,
            open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        ):
            manifest = Manifest(
                FORMAT,
                SERVER,
                instant(now),
                facts["version"],
                facts["schemaVersion"],
                facts["purpose"],
                facts["personKey"],
                facts["nodes"],
                facts["relations"],
                alone=not others,
                store_bytes=size(home),
            )
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
                manifest = _dumped(options, bundle, manifest, advance)
                bundle.writestr(KEY, key.hex() + "\n")
                bundle.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError as error:
        _explain(error, path)
    finally:
        half.unlink(missing_ok=True)
    return manifest


def restore(options: EmbeddedOptions, path: Path, *, replacing: bool, progress: Progress) -> Manifest:
    """Put the graph of a backup into a home and check it; a graph that is there is replaced only when told to.

    The earlier graph is removed last: whatever fails or is killed before, it is there or is put back by the next call.
    Raises the GraphError family.
    """
    options = _absolute(options)
    manifest, key = read(path, progress)
    home = Home(options.home)
    home.prepare(restoring=True)
    cut_off = home.path(RESTORING).exists()
    if home.path("data/databases").exists() and not replacing and not cut_off:
        raise Conflict(
            f"{home.folder} 已有图,不予覆盖;确要替换请加 --replace / this home holds a graph: give another home, or "
            "--replace"
        )
    needed = manifest.store_bytes // MEGABYTE + SPARE_MEGABYTES
    if home.free_megabytes() < needed:
        raise DiskFull(
            f"磁盘空间不足 / not enough space in {home.folder}: {home.free_megabytes()} MB free, {needed} MB needed"
        )
    jars.provide(options, progress)
    try:
        with halted(options, alone=True):
            staged = Home(home.path(STAGED))
            clear(staged)
            staged.prepare()
            with progress.step(f"恢复 / Restoring {path.name}", manifest.dump_bytes) as advance:
                load(options, staged, _pieces(path, advance))
            write_atomically(staged.path(KEY), key.hex() + "\n")
            exchange(home, staged)
            clear(staged)
        _check(options, home, manifest, progress)
    except OSError as error:
        _explain(error, home.folder)
    return manifest


def read(path: Path, progress: Progress) -> tuple[Manifest, bytes]:
    """The manifest and the person key of a backup whose bytes are those that were written; raises Damaged."""
    try:
        with zipfile.ZipFile(path) as bundle:
            said: dict[str, Any] = json.loads(bundle.read(MANIFEST))
            if said.get("format", 0) > FORMAT or _numbers(said["server"]) > _numbers(SERVER):
                raise Conflict(
                    f"{path} 由更新的版本写成,请升级软件 / was written by a newer creditgraph: upgrade the software"
                )
            manifest, key = Manifest(**said), bytes.fromhex(bundle.read(KEY).decode("ascii"))
        digest = hashlib.sha256()
        with progress.step(f"检查 / Checking {path.name}", manifest.dump_bytes) as advance:
            for piece in _pieces(path, advance):
                digest.update(piece)
    except FileNotFoundError:
        raise Damaged(f"没有这个文件 / no such file: {path}") from None
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile, NotImplementedError):
        raise Damaged(f"{path} 不是备份或已损坏 / is no backup, or is damaged") from None
    if digest.hexdigest() != manifest.sha256 or person_key_fingerprint(key) != manifest.person_key:
        raise Damaged(f"{path} 已损坏:校验和不符 / is damaged: its checksum does not match")
    return manifest, key


def _dumped(options: EmbeddedOptions, bundle: zipfile.ZipFile, manifest: Manifest, advance: Any) -> Manifest:
    digest, written = hashlib.sha256(), 0
    with bundle.open(DUMP, "w", force_zip64=True) as entry:

        def take(piece: bytes) -> None:
            nonlocal written
            digest.update(piece)
            entry.write(piece)
            written += len(piece)
            advance(len(piece))

        dump(options, take)
    return replace(manifest, dump_bytes=written, sha256=digest.hexdigest())


def _pieces(path: Path, advance: Any) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as bundle, bundle.open(DUMP) as entry:
        while piece := entry.read(MEGABYTE):
            yield piece
            advance(len(piece))


def _check(options: EmbeddedOptions, home: Home, manifest: Manifest, progress: Progress) -> None:
    """Start the restored graph and compare it with the manifest; one that is not it is taken out again."""
    try:
        with Lease.acquire(options, progress) as lease:
            facts = asyncio.run(_facts(lease))
        same = (facts["nodes"], facts["relations"]) == (manifest.nodes, manifest.relations) or not manifest.alone
        if not same or facts["version"] < manifest.version or facts["personKey"] != manifest.person_key:
            raise Damaged(f"恢复的图与备份清单不符 / the restored graph is not the one of the manifest: {facts}")
    except GraphError:
        with halted(options, alone=True):
            put_back(home)
        raise
    forget(home)


async def _facts(lease: Lease) -> dict[str, Any]:
    database = Database(lease.address, revive=lease.revive)
    try:
        found = await database.read(FACTS, {})
        if not found:
            raise Conflict(NOT_PREPARED)
        counts = {
            name: (await database.read(statement, {}))[0]["count"]
            for name, statement in (("nodes", NODES), ("relations", RELATIONS))
        }
        return {**found[0], **counts}
    finally:
        await database.close()


def _absolute(options: EmbeddedOptions) -> EmbeddedOptions:
    return replace(options, home=options.home.absolute(), cache=options.cache_folder.absolute())


def _explain(error: OSError, path: Path) -> NoReturn:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise disk_full(path if path.is_dir() else path.parent) from error
    raise Conflict(f"{path}: {error.strerror} ({error.filename})") from error


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(".") if each.isdigit())
