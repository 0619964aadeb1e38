"""Keeps the rule packs that were ever in force, so that an old answer can be given again by its own rules.

It must not know what a rule says: a pack is its canonical text and the digest of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graph.periods import NEVER
from graph.rules import Pack, load, parse
from graph.store.connection import Database, Transaction
from graph.store.operations import lock, unlock

IN_FORCE: Final = """
MATCH (pack:RulePack) WHERE pack.retractedAt = $never RETURN pack.digest AS digest"""
# The digest of the pack in force at $known, else of the first there ever was; as an expression.
IN_FORCE_THEN: Final = """head(COLLECT {
    MATCH (pack:RulePack)
    WITH pack, CASE WHEN pack.recordedAt > $known THEN 1 WHEN pack.retractedAt > $known THEN 0 ELSE 2 END AS order
    ORDER BY order, CASE order WHEN 1 THEN pack.recordedAt END, pack.recordedAt DESC
    LIMIT 1 RETURN pack.digest })"""
RETIRE: Final = "MATCH (pack:RulePack) WHERE pack.retractedAt = $never SET pack.retractedAt = $at"
# One node for each time a pack came into force: a pack may come back, and knownAt asks for each of its periods.
INSTALL: Final = """
CREATE (:RulePack {digest: $digest, name: $name, version: $version, text: $text, recordedAt: $at, retractedAt: $never})
"""
PACKS: Final = """
MATCH (pack:RulePack)
RETURN pack.digest AS digest, pack.name AS name, pack.version AS version, pack.text AS text,
  pack.recordedAt AS recordedAt, pack.retractedAt AS retractedAt
ORDER BY recordedAt, digest"""


@dataclass(frozen=True, slots=True)
class StoredPack:
    """In force from `recorded_at` until `retracted_at` (stored system times, `periods.NEVER` while in force)."""

    digest: str
    name: str
    version: str
    text: str
    recorded_at: str
    retracted_at: str


async def install(database: Database, pack_name: str, pack_version: str, digest: str, text: str, now: datetime) -> None:
    """Put a pack in force and retire the one before; nothing is written when it is in force already."""
    if [row["digest"] for row in await database.read(IN_FORCE, {"never": NEVER})] == [digest]:
        return

    async def work(transaction: Transaction) -> None:
        _, at = await lock(transaction.run, now)
        if [row["digest"] for row in await transaction.run(IN_FORCE, never=NEVER)] == [digest]:
            return
        await transaction.run(RETIRE, never=NEVER, at=at)
        await transaction.run(
            INSTALL, digest=digest, name=pack_name, version=pack_version, text=text, at=at, never=NEVER
        )
        await unlock(transaction.run, at)

    await database.write(work)


async def pack_in_force(database: Database) -> Pack:
    """The pack that answers now: the one in force, or where none is kept the one this program ships."""
    shipped = load()
    digests = {row["digest"] for row in await database.read(IN_FORCE, {"never": NEVER})}
    if not digests or digests == {shipped.digest}:
        return shipped
    return next(parse(each.text) for each in await pack_texts(database) if each.retracted_at == NEVER)


async def pack_texts(database: Database) -> list[StoredPack]:
    """Every pack ever in force, oldest first; one that came back is there once for each time."""
    return [
        StoredPack(row["digest"], row["name"], row["version"], row["text"], row["recordedAt"], row["retractedAt"])
        for row in await database.read(PACKS, {})
    ]
