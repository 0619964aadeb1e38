"""The graph that a load goes into: the one that is there, or a new one made by the offline importer (`--import`).

It must not know what is loaded.
"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from graph.errors import Conflict
from graph.progress import Progress
from graph.store.connection import Store
from graph.store.keys import load_person_key
from graph.store.migration import prepare
from graph.store.offline.first import first_load
from graph.store.opened import embedded_options, opened
from loaders.derived import rederive
from loaders.turn import turn
from settings import Settings


def add_import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--import",
        dest="offline",
        action="store_true",
        help="首次载入:离线导入,只用于空的数据目录 / a first load by the offline importer, into an empty home",
    )
    parser.add_argument(
        "--replace", action="store_true", help="与 --import 同用:替换已有的图 / with --import: replace the graph there"
    )


@asynccontextmanager
async def entered(
    settings: Settings, options: argparse.Namespace, what: str, now: datetime, progress: Progress
) -> AsyncIterator[tuple[Store, bytes]]:
    """The store and the person key, while it is this load's turn; what it touched is derived at the end."""
    purpose = "demo" if options.demo else "production"
    if not getattr(options, "offline", False):
        if getattr(options, "replace", False):
            raise Conflict("--replace 只与 --import 同用 / --replace goes with --import", argument="replace")
        async with opened(settings, progress) as database:
            person_key = load_person_key(settings.home)
            await prepare(database, purpose=purpose, person_key=person_key, now=now)
            with turn(settings.home, what, now):
                yield database, person_key
                await rederive(database, now, progress, settings.derived_nodes)
        return
    if settings.neo4j_uri:
        raise Conflict(
            "外部数据库不能离线导入 / the offline importer works on the files of the embedded server, not on "
            "NEO4J_URI: unset it and back the home up for the other server (docs/backup.md), or load without --import",
            argument="import",
        )
    person_key = load_person_key(settings.home)
    with turn(settings.home, what, now):
        async with first_load(
            embedded_options(settings),
            purpose=purpose,
            person_key=person_key,
            now=now,
            replacing=options.replace,
            progress=progress,
        ) as store:
            yield store, person_key
        if store.empty:
            return
        async with opened(settings, progress) as database:
            await rederive(database, now, progress, settings.derived_nodes)
