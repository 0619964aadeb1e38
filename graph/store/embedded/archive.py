"""Making the AppCDS archive: once per Java and lock, in a scratch home, at low priority, after a server was ready.

It must not delay or break a server: it is killed with the keeper at any moment, and the archive appears whole or not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from graph.store.embedded import configuration, readiness
from graph.store.embedded.configuration import Memory
from graph.store.embedded.home import Home, Lock
from graph.store.embedded.java import ENVIRONMENT, FLAGS, Archives, Java, Launcher
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import die_with_parent

MEMORY: Final = Memory(heap=512, page_cache=64)
SECONDS: Final = 300.0  # at nice 19 beside a loader this takes its time; measured alone: 20 s
STATEMENTS: Final = (  # what every session of this project loads classes for
    "CREATE CONSTRAINT warm IF NOT EXISTS FOR (n:Warm) REQUIRE n.id IS UNIQUE",
    "CREATE FULLTEXT INDEX warmText IF NOT EXISTS FOR (n:Warm) ON EACH [n.name]",
    "UNWIND [{id: '1', name: '甲'}, {id: '2', name: '乙'}] AS row MERGE (n:Warm {id: row.id}) SET n += row",
    "MATCH (a:Warm {id: '1'}), (b:Warm {id: '2'}) MERGE (a)-[r:NEXT {id: 'r'}]->(b) RETURN r.id",
    "MATCH (n:Warm)-[r:NEXT]->(m) RETURN collect(n.id), collect(m.id), COUNT { (n)--() }",
    "MATCH p = (n:Warm {id: '1'}) ((a)-[r:NEXT]->(b)){1,3} (m) RETURN [x IN nodes(p) | x.id] ORDER BY m.id LIMIT 5",
    "CALL db.awaitIndexes(60)",
    "CALL db.index.fulltext.queryNodes('warmText', '\"甲\"') YIELD node RETURN node.id",
)


def make(options: EmbeddedOptions) -> bool:
    """False when another process is making it, or the server of the scratch home did not answer."""
    java = Java.find(options)
    archives = Archives.of(options, java)
    archives.folder.mkdir(parents=True, exist_ok=True)
    lock = Lock(archives.folder / "lock")
    try:
        if not lock.try_exclusive() or archives.present():
            return False
        sweep(archives.folder)
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=archives.folder) as scratch:
            return _make(options, java, archives, Path(scratch))
    finally:
        lock.close()


def sweep(folder: Path) -> None:
    """Drop what makers killed in mid-work left behind; only called under the lock."""
    for left in folder.glob("scratch-*"):
        shutil.rmtree(left, ignore_errors=True)


def _make(options: EmbeddedOptions, java: Java, archives: Archives, scratch: Path) -> bool:
    home = Home(scratch / "home")
    home.prepare()
    base, application = scratch / "base.jsa", scratch / "application.jsa"
    launcher = Launcher(replace(options, home=home.folder, heap_megabytes=None), home, java)
    dump = [str(java.executable), *FLAGS, "-Xshare:dump", f"-XX:SharedArchiveFile={base}"]
    subprocess.run(dump, check=True, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent())
    os.replace(base, archives.base)  # the application archive remembers the base's path, so it is put there first
    port = readiness.free_port()
    configuration.write(home, options, MEMORY, port)
    with home.path("conf/neo4j.conf").open("a", encoding="utf-8") as conf:
        conf.write("dbms.security.auth_enabled=false\n")  # a scratch home on loopback, empty, for seconds
    flags = (f"-XX:SharedArchiveFile={archives.base}", f"-XX:ArchiveClassesAtExit={application}")
    server = subprocess.Popen(
        launcher.server(MEMORY, *flags),
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        preexec_fn=die_with_parent(),
    )
    deadline = time.monotonic() + SECONDS
    try:
        while readiness.store_id(port, "", server.pid) is None:
            if server.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        readiness.exercise(port, STATEMENTS)
        server.terminate()
        server.wait(max(1.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()
    if not application.exists():
        return False
    os.replace(application, archives.application)
    return True


if __name__ == "__main__":
    print("made" if make(EmbeddedOptions.from_json(json.loads(sys.argv[1]))) else "not made")
