"""Ends the relations and list entries of a source that its full extract no longer tells of; nothing is deleted.

It must not know files: it is told what the source says now, and on which day it said it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from graph.changes import Batch, NodeDraft, VersionDraft
from graph.codes import RecordKind, RelationKind
from graph.errors import Conflict
from graph.periods import NEVER, parse_period
from graph.store import statements as cypher
from graph.store.connection import Store, Transaction
from graph.store.ids import relation_id
from graph.store.operations import lock, unlock
from graph.store.snapshots import versions_of
from graph.store.writer import write
from graph.store.writes import marks

R = RelationKind
ROWS: Final = 5_000
DIGEST_BYTES: Final = 16
# What lasts until somebody says otherwise; whose a record is does not end with an extract.
LASTING: Final = (
    R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.EMPLOYED_BY, R.PRACTISES_AT, R.PROJECT_MANAGER_OF,
    R.CONTROLS, R.HOLDS, R.BRANCH_OF,
)  # fmt: skip

RUNNING: Final = MappingProxyType(
    {
        kind: f"""
MATCH (start)-[r:{kind}]->(end) USING INDEX r:{kind}(id)
WHERE r.id > $after AND r.source = $source AND r.retractedAt = $never AND r.to > $day AND r.from < $day
WITH start, r, end ORDER BY r.id LIMIT $rows
RETURN collect([r.id, start.id, end.id, r.key]) AS found"""
        for kind in LASTING
    }
)
STILL: Final = MappingProxyType(
    {
        kind: f"""
UNWIND $ids AS id
MATCH (start)-[r:{kind} {{id: id}}]->(end) USING INDEX SEEK r:{kind}(id)
WHERE r.retractedAt = $never AND r.to > $day
RETURN collect([start.id, end.id, r {{.*}},
  COUNT {{ (start)-[other:{kind}]->(end) WHERE other.source = r.source AND other.key = r.key }}]) AS found"""
        for kind in LASTING
    }
)


LISTED: Final = """
UNWIND $lists AS id
MATCH (list:Entity {id: id}) USING INDEX list:Entity(id)
MATCH (list)<-[r:ON_LIST]-(entry) WHERE r.source = $source AND r.retractedAt = $never
MATCH (entry)-[:HAS_VERSION]->(v)
WHERE v.source = $source AND v.retractedAt = $never AND v.liftedOn IS NULL AND v.revokedOn IS NULL
  AND v.setAsideOn IS NULL AND v.repairedOn IS NULL AND (v.to IS NULL OR v.to > $day)
  AND coalesce(v.from, v.decidedOn, '') < $day
RETURN collect(DISTINCT [entry.id, list.id, r.key]) AS found"""


@dataclass(frozen=True, slots=True)
class Retired:
    """Of `running` relations of the source `ended` have ended on the day."""

    running: int
    ended: int


def said(kind: RelationKind, start: str, end: str, key: str) -> bytes:
    """What a source says of two nodes, in 16 bytes: a city has millions."""
    return hashlib.blake2b("\0".join((kind, start, end, key)).encode(), digest_size=DIGEST_BYTES).digest()


async def retire(
    database: Store,
    source: str,
    kinds: Sequence[RelationKind],
    told: Set[bytes],
    *,
    day: date,
    most: float,
    now: datetime,
) -> Retired:
    """End every relation of these kinds that runs on `day`, began before, and is not among `told` (`said`); one that
    was to end later ends on the day.

    Raises Conflict, with nothing written, when more than the share `most` of what runs would end: an extract that was
    cut off looks like one in which half the city has resigned.
    """
    gone: dict[RelationKind, list[str]] = {}
    running = 0
    for kind in sorted(set(kinds) & set(LASTING)):
        after, gone[kind] = "", []
        while True:
            asked = {"after": after, "source": source, "never": NEVER, "day": day.isoformat()}
            found = (await database.read(RUNNING[kind], {**asked, "rows": ROWS}))[0]["found"]
            if not found:
                break
            running, after = running + len(found), found[-1][0]
            gone[kind] += [id for id, start, end, key in found if said(kind, start, end, key) not in told]
    ended = sum(map(len, gone.values()))
    _check(running, ended, most)
    for kind, ids in gone.items():
        for i in range(0, len(ids), ROWS):
            part = ids[i : i + ROWS]
            await database.write(partial(_end, kind=kind, ids=part, day=day, now=now))
    return Retired(running, ended)


async def delist(
    database: Store,
    source: str,
    lists: Sequence[str],
    told: Set[bytes],
    *,
    day: date,
    most: float,
    now: datetime,
) -> Retired:
    """Lift, on `day`, every entry of these lists (node ids) that stood then and is not among `told`.

    Who has left a list is listed no more, whether or not a row says so. Raises Conflict as `retire` does.
    """
    asked = {"lists": sorted(lists), "source": source, "never": NEVER, "day": day.isoformat()}
    found = (await database.read(LISTED, asked))[0]["found"]
    gone = sorted(id for id, list_id, key in found if said(R.ON_LIST, id, list_id, key) not in told)
    _check(len(found), len(gone), most)

    async def run(statement: str, **parameters: Any) -> list[dict[str, Any]]:
        return await database.read(statement, parameters)

    for i in range(0, len(gone), ROWS):
        versions = await versions_of(run, gone[i : i + ROWS])
        drafts = [
            NodeDraft(
                id,
                RecordKind.LIST_ENTRY,
                (),
                tuple(
                    VersionDraft({**each.values, "liftedOn": day.isoformat()}, parse_period(each.start, each.end))
                    for each in versions[id]
                    if each.source == source
                ),
                number,
                id=id,
            )
            for number, id in enumerate(gone[i : i + ROWS])
        ]
        batch = Batch(source, f"{source}:{uuid.uuid4()}", tuple(drafts), batch=f"--full {day}")
        await write(database, batch, now=now, today=now.date())
    return Retired(len(found), len(gone))


def _check(running: int, ended: int, most: float) -> None:
    if ended > most * running:
        raise Conflict(
            f"全量文件中缺少 {ended:,} 条(共 {running:,} 条有效),超过 {most:.0%},未终止任何一条;请核对文件是否完整"
            f" / the full extract lacks {ended:,} of the {running:,} that run, more than {most:.0%}: nothing was "
            "ended. See whether the file is whole",
            argument="full",
        )


async def _end(transaction: Transaction, *, kind: RelationKind, ids: Sequence[str], day: date, now: datetime) -> None:
    run = transaction.run
    version, at = await lock(run, now)
    found = (await run(STILL[kind], ids=ids, never=NEVER, day=day.isoformat()))[0]["found"]
    rows: list[dict[str, Any]] = []
    touched = set[str]()
    for start, end, values, revisions in found:
        # Counted, not read from the id: the first revision of what was exported elsewhere keeps the id it had there.
        id = relation_id(kind, start, end, values["source"], values["key"], revisions + 1)
        # No row said this: its hash is of no draft, so that a row that comes back opens it again.
        properties = {**values, "id": id, "to": day.isoformat(), "recordedAt": at, "hash": f"ended {values['hash']}"}
        rows.append({"start": start, "end": end, "kind": kind.value, "properties": properties})
        touched |= {start, end}
    await run(cypher.RETRACT_RELATIONS[kind], ids=[values["id"] for _, _, values, _ in found], at=at)
    await run(cypher.CREATE_RELATIONS, rows=rows)
    for each in marks(touched, {kind.value}, version, at):
        await run(each.statement, **each.parameters)
    await unlock(run, at)
