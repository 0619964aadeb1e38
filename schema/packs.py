"""The rule packs of one process: the one this software ships, and those a graph has kept, parsed once.

It must not know what a rule says.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph.errors import Unavailable
from graph.rules import NAMES, Pack, PackError, load, parse
from graph.store.packs import pack_texts

if TYPE_CHECKING:
    from graph.store.connection import Database

LOG: Final = logging.getLogger("creditgraph.api")


@dataclass(slots=True)
class Packs:
    """`current` answers where a graph keeps no pack. Texts are read from the store when a digest is not known yet."""

    current: Pack
    _parsed: dict[str, Pack] = field(default_factory=dict)

    async def of(self, digest: str | None, database: Database) -> Pack:
        if digest is None or digest == self.current.digest:
            return self.current
        if digest not in self._parsed:
            stored = {each.digest: each for each in await pack_texts(database)}
            if digest not in stored:
                raise Unavailable("规则包不可用 · the rule pack is not available")
            try:
                self._parsed[digest] = parse(stored[digest].text)
            except PackError as error:  # of a version whose rules this one cannot read
                LOG.error("rule pack %s is not read: %s", digest[:12], error)
                raise Unavailable("规则包不可用 · the rule pack is not available") from None
        return self._parsed[digest]

    async def named(self, name: str | None, known: str, database: Database) -> Pack | None:
        """The pack that checks are answered by, or another that this program ships; None where none is so named."""
        if name in NAMES and name != self.current.name:
            return load(name)
        found = await self.known(known, database)
        return found if name in (None, found.name) else None

    async def known(self, known: str, database: Database) -> Pack:
        """The pack believed at a system time: the latest recorded by then, else the first there ever was."""
        stored = sorted(await pack_texts(database), key=lambda each: each.recorded_at)
        if not stored:
            return self.current
        believed = [each for each in stored if each.recorded_at <= known < each.retracted_at]
        before = [each for each in stored if each.recorded_at <= known]
        chosen = (believed or before or stored[:1])[-1]
        return await self.of(chosen.digest, database)
