"""Writes a batch in one transaction, in the order of the graph's version, and says what became of every entry.

It must not know sources or rules; what changes is decided by `plan` and `versions`, here it is read and written.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

from graph.changes import Batch, Written
from graph.codes import RelationKind
from graph.errors import GraphError
from graph.periods import NEVER
from graph.store import statements as cypher
from graph.store.connection import Store, Transaction, Unsettled
from graph.store.ids import relation_id
from graph.store.operations import Operation, Run, first_result, lock, unlock
from graph.store.plan import Link, Plan, Resolved, StoredNode, StoredRelation, plan, resolve
from graph.store.prepared import Prepared
from graph.store.snapshots import versions_of
from graph.store.versions import Version, keeping
from graph.store.withdrawing import superseding, withdrawal
from graph.store.writes import Stored, Turn, Write, records, writes

ROWS: Final = 5_000  # measured: 1k to 50k rows a statement differ by 15 %, 5k is best
# Relations a part of a stream reads with their start: most have 1 to 3, and a seek for each costs three times that.
FEW: Final = 50
ALL: Final = 1 << 62
READ_SECONDS: Final = 60.0
SETTLE_TRIES: Final = 3
MANY_NODES: Final = 500  # so many new nodes make plans for the smaller graph poor ones


class _Nothing(Exception):
    """Rolls the transaction back: there is nothing to write after all."""

    def __init__(self, written: Written) -> None:
        super().__init__("nothing to write")
        self.written = written


async def write(database: Store, batch: Batch | Prepared, *, now: datetime, today: date) -> Written:
    """Write all of a batch or nothing; who writes many prepares the next one meanwhile. A batch that changes
    nothing writes nothing, not even its operation.

    `now` is the system time (moved on where the graph has a later one), `today` the day of the snapshots. An operation
    already written returns its first result, `repeated`; with another input it raises Conflict. Raises Invalid for
    drafts that contradict each other, Unavailable when the graph is not prepared, Unsettled (Unavailable) when it
    stays unknown whether the write happened: ask again with the same operation.
    """
    prepared = batch if isinstance(batch, Prepared) else await asyncio.to_thread(Prepared.of, batch)

    async def read(statement: str, **parameters: Any) -> list[dict[str, Any]]:
        return await database.read(statement, parameters, timeout_seconds=READ_SECONDS)

    for tried in range(1, SETTLE_TRIES + 1):
        try:
            written, created = await database.write(lambda transaction: _write(transaction, prepared, now, today))
        except _Nothing as nothing:
            return nothing.written
        except Unsettled:
            # The operation node tells: the next turn finds it, or writes anew behind whatever still holds the lock.
            if tried == SETTLE_TRIES:
                raise
            if (first := await first_result(read, prepared.batch, prepared.input_hash)) is not None:
                return first
            continue
        if created >= MANY_NODES:
            await _forget_plans(database, created)
        return written
    raise AssertionError("unreachable")


async def _write(transaction: Transaction, prepared: Prepared, now: datetime, today: date) -> tuple[Written, int]:
    run, batch = transaction.run, prepared.batch
    version, recorded_at = await lock(run, now)
    if (first := await first_result(run, batch, prepared.input_hash)) is not None:
        raise _Nothing(first)
    stored, keys = await _stored(run, prepared)
    resolved = resolve(prepared, stored, version=version)
    if batch.withdrawn:
        found = await withdrawal(run, batch, resolved)
    else:
        await _keep_untold(run, resolved, batch.source)
        found = plan(prepared, resolved, await _stored_relations(run, prepared, resolved))
        found = await superseding(run, batch, resolved, found)
    if found.empty:
        raise _Nothing(Written(version - 1, frozenset(), found.unchanged, 0, found.ids))
    known = Stored(await _believed(run, found), keys, await _subjects(run, found))
    turn = Turn(batch.source, batch.batch, version, recorded_at, now, today)
    await _run(run, writes(found, known, turn))
    written = Written(version, found.loaded, found.unchanged, found.retracted, found.ids)
    done = Operation.of(batch, prepared.input_hash, written, recorded_at)
    await run(cypher.RECORD_OPERATION, row=done.properties())
    await unlock(run, recorded_at)
    return written, sum(work.stored is None for work in found.nodes)


async def _keep_untold(run: Run, resolved: Resolved, source: str) -> None:
    """What a row leaves untold of a node stays as its source said it; before the plan: what is kept is no news."""
    asked = {
        work.id: work
        for work in resolved.works.values()
        if work.stored is not None
        and any(each.untold for each in work.said.values())
        and any(by == source and hash not in work.said for by, hash in work.stored.versions)
    }
    for ids in _chunks(sorted(asked)):
        for id, believed in (await versions_of(run, ids)).items():
            own = [each for each in believed if each.source == source]
            asked[id].said = keeping(asked[id].said, own, asked[id].kind)


async def _run(run: Run, coming: Iterator[Write]) -> None:
    """Statement by statement; while the server runs one, the rows of the next are put together."""
    following = await asyncio.to_thread(next, coming, None)
    while following is not None:
        running = asyncio.ensure_future(run(following.statement, **following.parameters))
        try:
            following = await asyncio.to_thread(next, coming, None)
        except BaseException:
            running.cancel()
            await asyncio.wait({running})
            raise
        await running


async def _stored(run: Run, prepared: Prepared) -> tuple[list[StoredNode], set[str]]:
    """Every node the plan has to know, as it is stored, and the keys of the batch that are stored."""
    batch = prepared.batch
    ids, known = set(prepared.ids.values()), set[str]()
    for keys in _chunks(prepared.keys):
        for key, holders in (await run(cypher.HOLDERS, keys=keys, never=NEVER))[0]["known"]:
            known.add(key)
            ids.update(holders)
    if batch.full:
        ids.update((await run(cypher.NODES_OF_SOURCE, source=batch.source, never=NEVER))[0]["ids"])
    nodes: dict[str, StoredNode] = {}
    most = FEW if prepared.streamed else ALL
    while ids:  # once, and again for those that some were merged into
        for chunk in _chunks(sorted(ids)):
            found = (await run(cypher.NODES, ids=chunk, source=batch.source, never=NEVER, most=most))[0]["nodes"]
            nodes |= {each[0]: _node(*each) for each in found}
        ids = {each.survivor for each in nodes.values() if each.survivor is not None} - nodes.keys()
    return list(nodes.values()), known


def _node(
    id: str,
    kind: str,
    past: bool,
    department: bool,
    versions: list[list[str]],
    links: list[list[str]],
    relations: list[list[Any]] | None,
    survivor: str | None,
) -> StoredNode:
    return StoredNode(
        id,
        kind,
        past,
        department,
        tuple((source, hash) for source, hash in versions),
        tuple(map(Link._make, links)),
        None if relations is None else tuple(map(StoredRelation._make, relations)),
        survivor,
    )


async def _stored_relations(run: Run, prepared: Prepared, resolved: Resolved) -> dict[str, list[StoredRelation]]:
    """The stored relations of the source at the batch's nodes; of a part of a stream the revisions of its own only.

    A hub has ten thousand relations and returns in every part. There a key names both ends, and a believed revision is
    the last one: the next is asked for only after a retracted one.
    """
    found: dict[str, list[StoredRelation]] = defaultdict(list)
    source = prepared.batch.source
    if not prepared.streamed:
        return {node.id: list(node.relations or ()) for node in resolved.nodes.values()}
    known = resolved.nodes
    own: set[tuple[str, str, str, str]] = set()
    asked: dict[RelationKind, dict[str, int]] = defaultdict(dict)
    for draft, first in zip(prepared.batch.relations, prepared.relations, strict=True):
        start, end = resolved.ids.get(draft.start, ""), resolved.ids.get(draft.end, "")
        if start not in known or end not in known:  # between new nodes nothing can be stored
            continue
        if known[start].relations is not None:
            own.add((draft.kind.value, start, end, draft.key))
        else:
            asked[draft.kind][first.id_of(draft, start, end, source, 1)] = 1
    for id in {start for _, start, _, _ in own}:
        found[id] = [each for each in known[id].relations or () if (each.kind, id, each.end, each.key) in own]
    while asked:
        further: dict[RelationKind, dict[str, int]] = defaultdict(dict)
        for kind in sorted(asked):
            for ids in _chunks(sorted(asked[kind])):
                for id, start, end, key, hash, believed in (
                    await run(cypher.STORED_RELATIONS[kind], ids=ids, never=NEVER)
                )[0]["found"]:
                    found[start].append(StoredRelation(kind.value, id, end, key, hash, believed))
                    if not believed:
                        revision = asked[kind][id]
                        next_id = relation_id(kind, start, end, source, key, revision + 1)
                        further[kind][next_id] = revision + 1
        asked = further
    return found


async def _believed(run: Run, found: Plan) -> dict[str, list[Version]]:
    """The believed versions of every stored node that changes."""
    versions: dict[str, list[Version]] = {}
    for ids in _chunks([work.id for work in found.nodes if work.changed and work.stored is not None]):
        versions |= await versions_of(run, ids)
    return versions


async def _subjects(run: Run, found: Plan) -> set[str]:
    subjects: set[str] = set()
    for ids in _chunks(records(found)):
        subjects.update((await run(cypher.SUBJECTS_OF, ids=ids))[0]["ids"])
    return subjects


async def _forget_plans(database: Store, created: int) -> None:
    """Plans made for an almost empty graph scan where they should seek; where it is not allowed, they age out.

    Only after the graph has doubled: planning every statement anew costs a batch of a long stream half its time.
    """
    with suppress(GraphError):
        (row,) = await database.read(cypher.COUNT_ENTITIES, {})
        if row["entities"] <= 2 * created:
            await database.read(cypher.CLEAR_PLANS, {})


def _chunks(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)]
