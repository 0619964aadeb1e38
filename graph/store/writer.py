"""Writes a batch in one transaction, in the order of the graph's version, and says what became of every entry.

It must not know sources or rules; what changes is decided by `plan` and `versions`, here it is read and written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final

from graph.changes import Batch, Written
from graph.codes import RelationKind
from graph.errors import GraphError
from graph.periods import NEVER, OPEN_END, OPEN_START, instant, stored_end, stored_start
from graph.store import statements as cypher
from graph.store.connection import Database, Transaction, Unsettled
from graph.store.derived import derived, former_fold
from graph.store.ids import relation_id
from graph.store.operations import Operation, Run, first_result, lock, unlock
from graph.store.plan import (
    Link,
    NewRelation,
    NodeWork,
    Plan,
    Resolved,
    StoredNode,
    StoredRelation,
    claim_keys,
    first_ids,
    input_hash,
    plan,
    resolve,
    streamed,
)
from graph.store.versions import Snapshot, Version, VersionPlan, plan_versions
from graph.vocabulary import Family, kinds

ROWS: Final = 5_000  # measured: 1k to 50k rows a statement differ by 15 %, 5k is best
READ_SECONDS: Final = 60.0
SETTLE_TRIES: Final = 3
MANY_NODES: Final = 500  # so many new nodes make plans for the smaller graph poor ones
CHANGES_KEPT: Final = timedelta(days=30)
Row = dict[str, Any]


class _Nothing(Exception):
    """Rolls the transaction back: there is nothing to write after all."""

    def __init__(self, written: Written) -> None:
        super().__init__("nothing to write")
        self.written = written


async def write(database: Database, batch: Batch, *, now: datetime, today: date) -> Written:
    """Write all of a batch or nothing. A batch that changes nothing writes nothing, not even its operation.

    `now` is the system time (moved on where the graph has a later one), `today` the day of the snapshots. An operation
    already written returns its first result, `repeated`; with another input it raises Conflict. Raises Invalid for
    drafts that contradict each other, Unavailable when the graph is not prepared, Unsettled (Unavailable) when it
    stays unknown whether the write happened: ask again with the same operation.
    """
    asked = input_hash(batch)

    async def read(statement: str, **parameters: Any) -> list[dict[str, Any]]:
        return await database.read(statement, parameters, timeout_seconds=READ_SECONDS)

    for tried in range(1, SETTLE_TRIES + 1):
        try:
            written, created = await database.write(lambda transaction: _write(transaction, batch, asked, now, today))
        except _Nothing as nothing:
            return nothing.written
        except Unsettled:
            # The operation node tells: the next turn finds it, or writes anew behind whatever still holds the lock.
            if tried == SETTLE_TRIES:
                raise
            if (first := await first_result(read, batch, asked)) is not None:
                return first
            continue
        if created >= MANY_NODES:
            await _forget_plans(database, created)
        return written
    raise AssertionError("unreachable")


async def _write(transaction: Transaction, batch: Batch, asked: str, now: datetime, today: date) -> tuple[Written, int]:
    run = transaction.run
    version, recorded_at = await lock(run, now)
    if (first := await first_result(run, batch, asked)) is not None:
        raise _Nothing(first)
    stored, keys = await _stored(run, batch)
    resolved = resolve(batch, stored, version=version, recorded_at=recorded_at)
    found = plan(batch, resolved, await _stored_relations(run, batch, resolved))
    if found.empty:
        raise _Nothing(Written(version - 1, frozenset(), found.unchanged, 0, found.ids))
    names, links = _names(found.nodes, keys, recorded_at)
    await _write_nodes(run, found.nodes, names, batch.source, version, recorded_at, today)
    await _write_links(run, found.nodes, links, recorded_at)
    await _write_relations(run, found, batch, recorded_at)
    await _write_change(run, found, version, recorded_at, now)
    written = Written(version, found.loaded, found.unchanged, found.retracted, found.ids)
    await run(cypher.RECORD_OPERATION, row=Operation.of(batch, asked, written, recorded_at).properties())
    await unlock(run, recorded_at)
    return written, sum(work.stored is None for work in found.nodes)


async def _stored(run: Run, batch: Batch) -> tuple[list[StoredNode], set[str]]:
    """Every node the plan has to know, as it is stored, and the keys of the batch that are stored."""
    ids, known = set(first_ids(batch)), set[str]()
    for keys in _chunks(claim_keys(batch)):
        for key, holders in (await run(cypher.HOLDERS, keys=keys, never=NEVER))[0]["known"]:
            known.add(key)
            ids.update(holders)
    if batch.full:
        ids.update((await run(cypher.NODES_OF_SOURCE, source=batch.source, never=NEVER))[0]["ids"])
    nodes = [
        StoredNode(
            id,
            kind,
            past,
            department,
            tuple((source, hash) for source, hash in versions),
            tuple(Link(*each) for each in links),
            tuple(StoredRelation(*each) for each in relations),
        )
        for chunk in _chunks(sorted(ids))
        for id, kind, past, department, versions, links, relations in (
            await run(cypher.NODES, ids=chunk, source=batch.source, never=NEVER, relations=not streamed(batch))
        )[0]["nodes"]
    ]
    return nodes, known


async def _stored_relations(run: Run, batch: Batch, resolved: Resolved) -> dict[str, list[StoredRelation]]:
    """The stored relations of the source at the batch's nodes; of a part of a stream the revisions of its own only.

    A hub has ten thousand relations and returns in every part. There a key names both ends, and a believed revision is
    the last one: the next is asked for only after a retracted one.
    """
    found: dict[str, list[StoredRelation]] = defaultdict(list)
    if not streamed(batch):
        return {node.id: list(node.relations) for node in resolved.nodes.values()}
    known = resolved.nodes.keys()
    asked: dict[RelationKind, dict[str, int]] = defaultdict(dict)
    for draft in batch.relations:
        start, end = resolved.ids.get(draft.start), resolved.ids.get(draft.end)
        if start in known and end in known:  # between new nodes nothing can be stored
            id = relation_id(draft.kind, str(start), str(end), batch.source, draft.key, 1)
            asked[draft.kind][id] = 1
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
                        next_id = relation_id(kind, start, end, batch.source, key, revision + 1)
                        further[kind][next_id] = revision + 1
        asked = further
    return found


async def _write_nodes(
    run: Run,
    works: Sequence[NodeWork],
    names: Mapping[str, list[Row]],
    source: str,
    version: int,
    recorded_at: str,
    today: date,
) -> None:
    changed = [work for work in works if work.changed]
    believed = await _believed(run, [work.id for work in changed if work.stored is not None])
    new: dict[str, list[Row]] = defaultdict(list)
    living: dict[str, list[Row]] = defaultdict(list)
    past: dict[str, list[str]] = defaultdict(list)
    departments: dict[bool, list[str]] = defaultdict(list)
    dated: dict[bool, list[str]] = defaultdict(list)
    retract: list[Row] = []
    for work in changed:
        planned = plan_versions(believed[work.id], work.said, source, today)
        retract += [{"id": work.id, "hash": hash} for hash in planned.retract]
        keys = {each.hash: derived(work.kind, each.values) for each in planned.create}
        row: Row = {
            "id": work.id,
            "versions": [_version_properties(each, keys[each.hash]) for each in planned.create],
        }
        if planned.snapshot is None:
            past[work.kind].append(work.id)
            continue
        shown_keys = keys.get(planned.snapshot.version.hash)
        if shown_keys is None:
            shown_keys = derived(work.kind, planned.snapshot.version.values)
        row["properties"] = _node_properties(work, planned, planned.snapshot, shown_keys, version)
        if work.stored is None:
            row["names"] = names.get(work.id, [])
        (new if work.stored is None else living)[work.kind].append(row)
        if planned.department != (work.stored is not None and work.stored.department and not work.stored.past):
            departments[planned.department].append(work.id)
        shown = (planned.snapshot.start, planned.snapshot.end)
        if shown != (OPEN_START, OPEN_END) or work.stored is not None:
            dated[shown != (OPEN_START, OPEN_END)].append(work.id)
    for rows in _chunks(retract):
        await run(cypher.RETRACT_VERSIONS, rows=rows, source=source, never=NEVER, at=recorded_at)
    for rows_of, statements in ((new, cypher.CREATE_NODES), (living, cypher.CHANGE_NODES)):
        for kind in sorted(rows_of):
            for rows in _chunks(rows_of[kind]):
                await run(statements[kind], rows=rows)
    for kind in sorted(past):
        for ids in _chunks(past[kind]):
            await run(cypher.END_NODES[kind], ids=ids, version=version)
    for marked, make, unmake in (
        (departments, cypher.MAKE_DEPARTMENT, cypher.UNMAKE_DEPARTMENT),
        (dated, cypher.MAKE_DATED, cypher.UNMAKE_DATED),
    ):
        for is_so, statement in ((True, make), (False, unmake)):
            for ids in _chunks(marked[is_so]):
                await run(statement, ids=ids)
    for ids in _chunks([work.id for work in works if not work.changed]):
        await run(cypher.TOUCH_NODES, ids=ids, version=version)


async def _believed(run: Run, ids: list[str]) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = defaultdict(list)
    for chunk in _chunks(ids):
        for id, start, end, values in (await run(cypher.VERSIONS, ids=chunk, never=NEVER))[0]["versions"]:
            kept = {name: value for name, value in values.items() if name not in cypher.VERSION_SYSTEM}
            found[id].append(
                Version(
                    start,
                    end,
                    kept,
                    values["source"],
                    values["recordedAt"],
                    values["hash"],
                    values.get("department", False),
                    values.get("batch"),
                    values.get("row"),
                )
            )
    return found


def _version_properties(version: Version, keys: Mapping[str, Any]) -> Row:
    period = {"validFrom": version.start, "validTo": version.end, "retractedAt": NEVER}
    return {**version.properties(), **keys, **period}


def _node_properties(
    work: NodeWork, planned: VersionPlan, shown: Snapshot, keys: Mapping[str, Any], version: int
) -> Row:
    own = {"id": work.id, "kind": work.kind, "version": version, "snapFrom": shown.start, "snapTo": shown.end}
    found = {**shown.version.properties(), **keys, **own}
    del found["department"]  # a label on nodes
    return found | ({"formerFold": former_fold(planned.former_names)} if planned.former_names else {})


def _names(works: Iterable[NodeWork], known: Set[str], recorded_at: str) -> tuple[dict[str, list[Row]], list[Row]]:
    """The identifiers that come with their new node, by its id, and those that may be somebody's already."""
    names: dict[str, list[Row]] = defaultdict(list)
    links: list[Row] = []
    taken = set(known)
    for work in works:
        for link, claim in work.attach:
            held = {"from": link.start, "to": link.end, "source": link.source}
            held |= {"recordedAt": recorded_at, "retractedAt": NEVER}
            identifier = {"scheme": claim.scheme.value, "value": claim.value, "issuer": claim.issuer}
            identifier |= {"masked": claim.masked} if claim.masked is not None else {}
            if work.stored is None and work.changed and link.key not in taken:
                names[work.id].append({"identifier": {"key": link.key, **identifier}, "held": held})
                taken.add(link.key)
            else:
                links.append({"id": work.id, "key": link.key, "identifier": identifier, "held": held})
    return names, sorted(links, key=lambda row: (row["key"], row["id"]))


async def _write_links(run: Run, works: Iterable[NodeWork], links: Sequence[Row], recorded_at: str) -> None:
    detach = [{"id": work.id, **link._asdict()} for work in works for link in work.detach]
    for rows in _chunks(detach):
        await run(cypher.DETACH, rows=rows, never=NEVER, at=recorded_at)
    for rows in _chunks(links):
        await run(cypher.ATTACH, rows=rows)


async def _write_relations(run: Run, found: Plan, batch: Batch, recorded_at: str) -> None:
    for kind in sorted(found.retract_relations):
        for ids in _chunks(found.retract_relations[kind]):
            await run(cypher.RETRACT_RELATIONS[kind], ids=ids, at=recorded_at)
    rows_of: dict[RelationKind, list[dict[str, Any]]] = defaultdict(list)
    for each in found.relations:
        properties = _relation_properties(each, batch, recorded_at)
        rows_of[each.kind].append({"start": each.start, "end": each.end, "properties": properties})
    for relation_kind in sorted(rows_of):
        for rows in _chunks(rows_of[relation_kind]):
            await run(cypher.CREATE_RELATIONS[relation_kind], rows=rows)


def _relation_properties(relation: NewRelation, batch: Batch, recorded_at: str) -> dict[str, Any]:
    draft = relation.draft
    return {
        **draft.values,
        "id": relation.id,
        "from": stored_start(draft.period),
        "to": stored_end(draft.period),
        "recordedAt": recorded_at,
        "retractedAt": NEVER,
        "source": batch.source,
        "batch": batch.batch,
        "row": draft.row,
        "key": draft.key,
        "hash": relation.hash,
    }


async def _write_change(run: Run, found: Plan, version: int, recorded_at: str, now: datetime) -> None:
    """Which subjects a reader of changes has to look at again; those of a record are the ones it is about."""
    ids = {work.id for work in found.nodes} | found.subjects_of_retracted
    ids |= {end for each in found.relations for end in (each.start, each.end)}
    subjects = {id for id in ids if id.startswith(SUBJECT_PREFIXES)}
    # A new record names its subjects in this batch; what an old one is about is asked.
    told = {each.start for each in found.relations if each.kind is RelationKind.ABOUT}
    for chunk in _chunks(sorted(ids - subjects - told)):
        subjects.update((await run(cypher.SUBJECTS_OF, ids=chunk))[0]["ids"])
    changed = {work.kind for work in found.nodes} | {each.kind.value for each in found.relations}
    changed |= {kind.value for kind in found.retract_relations}
    rows = [
        {"version": version, "at": recorded_at, "subjects": chunk, "kinds": sorted(changed)}
        for chunk in _chunks(sorted(subjects)) or [[]]
    ]
    await run(cypher.RECORD_CHANGES, rows=rows)
    await run(cypher.FORGET_CHANGES, before=instant(now - CHANGES_KEPT))


async def _forget_plans(database: Database, created: int) -> None:
    """Plans made for an almost empty graph scan where they should seek; where it is not allowed, they age out.

    Only after the graph has doubled: planning every statement anew costs a batch of a long stream half its time.
    """
    with suppress(GraphError):
        (row,) = await database.read(cypher.COUNT_ENTITIES, {})
        if row["entities"] <= 2 * created:
            await database.read(cypher.CLEAR_PLANS, {})


SUBJECT_PREFIXES: Final = tuple(f"{each.prefix}_" for each in kinds(Family.SUBJECT))


def _chunks(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)]
