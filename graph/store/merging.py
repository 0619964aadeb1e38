"""Makes two nodes that mean one subject into one, and two again: an operator's decision, recorded and reversible.

It must not know why they are one. Nothing is deleted: a `knownAt` before the decision sees two (`storage.md` 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from graph.codes import RelationKind
from graph.errors import Conflict, Invalid, NotFound
from graph.periods import NEVER, OPEN_END, OPEN_START
from graph.store import statements as cypher
from graph.store.connection import Database, Transaction
from graph.store.derived import derived
from graph.store.ids import relation_id
from graph.store.operations import Run, lock, unlock
from graph.store.snapshots import version_of, versions_of
from graph.store.versions import Version, former_names, snapshot
from graph.store.writes import SUBJECT_PREFIXES, marks, shown_properties
from graph.vocabulary import BY_CODE, RELATIONS, Family

OPERATOR: Final = "OPERATOR"
R = RelationKind
TYPES: Final = "|".join(sorted(set(RELATIONS) - {R.SAME_AS}))

MEANT: Final = """
MATCH (n:Entity {id: $id}) USING INDEX n:Entity(id)
RETURN n.kind AS kind, n:Past AS past, n:Department AS department,
  head(COLLECT { MATCH (n)-[r:SAME_AS]->(far) WHERE r.retractedAt = $never RETURN far.id }) AS survivor,
  COUNT { MATCH (n)-[:SAME_AS]->() } AS merges"""
TOUCHING: Final = f"""
MATCH (n:Entity {{id: $id}}) USING INDEX n:Entity(id)
MATCH (n)-[r:{TYPES}]-(far)
RETURN collect([type(r), startNode(r) = n, far.id, r {{.*}}]) AS relations"""
IDENTIFIED: Final = """
MATCH (n:Entity {id: $id}) USING INDEX n:Entity(id)
MATCH (n)-[held:IDENTIFIED_BY]->(identifier)
RETURN collect([identifier.key, held {.*}]) AS names"""
RETRACT_NAMES: Final = """
MATCH (n:Entity {id: $id}) USING INDEX n:Entity(id)
MATCH (n)-[held:IDENTIFIED_BY]->() WHERE held.retractedAt = $never AND ($via IS NULL OR held.via = $via)
SET held.retractedAt = $at"""
ATTACH_NAMES: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: $id}) USING INDEX n:Entity(id)
MATCH (identifier:Identifier {key: row.key}) USING INDEX identifier:Identifier(key)
CREATE (n)-[held:IDENTIFIED_BY]->(identifier)
SET held = row.held"""
RETRACT_ALL_VERSIONS: Final = f"""
MATCH (n:Entity {{id: $id}}) USING INDEX n:Entity(id)
MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never
SET v.retractedAt = $at
{cypher.MARK_RETRACTED}"""
VERSIONS_OF_THEN: Final = """
MATCH (n:Entity {id: $id}) USING INDEX n:Entity(id)
MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $then
RETURN collect([v.validFrom, v.validTo, v {.*}]) AS versions"""
MERGE_OF: Final = """
MATCH (loser)-[r:SAME_AS {id: $id}]->(survivor)
RETURN loser.id AS loser, loser.kind AS kind, survivor.id AS survivor, r.recordedAt AS at,
  r.retractedAt = $never AS believed"""


@dataclass(frozen=True, slots=True)
class Merged:
    """`id` names the decision, for `split`; `relations` and `names` of the loser are the survivor's now."""

    id: str
    loser: str
    survivor: str
    relations: int
    names: int


@dataclass(frozen=True, slots=True)
class Split:
    """`later`: relations the survivor got since the merge, by kind and id; whose they are is for an operator to say."""

    loser: str
    survivor: str
    relations: int
    names: int
    later: tuple[tuple[str, str], ...]


async def merge(database: Database, loser: str, survivor: str, *, ground: str, now: datetime) -> Merged:
    """From now on `loser` means `survivor`; both are node ids of subjects of one kind of subject.

    Raises NotFound for an id nobody has, Conflict when either was merged before, Invalid for a person and a firm, one
    node twice, a record, or no ground. What both said of themselves stays with each; relations between the two end.
    """
    if not ground.strip():
        raise Invalid("合并须写明理由 / a merge needs its ground", argument="ground")
    if loser == survivor:
        raise Invalid("同一主体无需合并 / this is one subject already", argument="survivor")

    async def work(transaction: Transaction) -> Merged:
        run = transaction.run
        version, at = await lock(run, now)
        gone, kept = await _living(run, loser, "loser"), await _living(run, survivor, "survivor")
        if _family(gone["kind"]) != _family(kept["kind"]):
            raise Invalid("自然人与单位不能合并 / a person and an organisation are never one", argument="survivor")
        id = relation_id(R.SAME_AS, loser, survivor, OPERATOR, "", gone["merges"] + 1)
        mine = (await run(TOUCHING, id=loser))[0]["relations"]
        theirs = (await run(TOUCHING, id=survivor))[0]["relations"]
        moving = [each for each in mine if _believed(each) and each[2] != survivor]
        copies = _copies(moving, survivor, theirs, via=id, at=at)
        await _retract(run, mine, at)
        await _create(run, copies)
        names = await _move_names(run, loser, survivor, at, via=id)
        await run(RETRACT_ALL_VERSIONS, id=loser, never=NEVER, at=at)
        await run(cypher.END_NODES[gone["kind"]], ids=[loser], version=version)
        same = {"id": id, "from": OPEN_START, "to": OPEN_END, "recordedAt": at, "retractedAt": NEVER, "key": ""}
        same |= {"source": OPERATOR, "hash": "", "ground": ground.strip()}
        await _create(run, [{"start": loser, "end": survivor, "kind": R.SAME_AS.value, "properties": same}])
        if gone["department"]:
            await run(cypher.MAKE_DEPARTMENT, ids=[survivor])
        await _changed(run, version, at, {loser, survivor, *(each[2] for each in mine if _believed(each))})
        return Merged(id, loser, survivor, len(copies), names)

    return await database.write(work)


async def split(database: Database, merged: str, *, now: datetime, today: date) -> Split:
    """Undo a merge by its id: the loser is itself again, with what was its own when they were merged.

    What a source took back since then stays taken back. Raises NotFound for an id of no merge, Conflict when it was
    split before or the survivor was itself merged: that merge is split first.
    """

    async def work(transaction: Transaction) -> Split:
        run = transaction.run
        version, at = await lock(run, now)
        rows = await run(MERGE_OF, id=merged, never=NEVER)
        if not rows:
            raise NotFound("没有这次合并 / there is no such merge", argument="merge")
        loser, kind, survivor, then = (rows[0][name] for name in ("loser", "kind", "survivor", "at"))
        if not rows[0]["believed"]:
            raise Conflict("这次合并已撤销 / this merge was split before", argument="merge")
        mine = (await run(TOUCHING, id=loser))[0]["relations"]
        theirs = (await run(TOUCHING, id=survivor))[0]["relations"]
        kept = await _living(run, survivor, "merge")
        copied = [each for each in theirs if each[3].get("via") == merged]
        taken_back = set(map(_said, copied)) - {_said(each) for each in copied if _believed(each)}
        own = [each for each in mine if each[3]["retractedAt"] == then and _said(each) not in taken_back]
        await _retract(run, copied, at)
        await run(cypher.RETRACT_RELATIONS[R.SAME_AS], ids=[merged], at=at)
        await _show_again(run, loser, kind, then, version, at, today)
        copies = _copies(own, loser, mine, via=None, at=at)
        await _create(run, copies)
        await run(RETRACT_NAMES, id=survivor, via=merged, never=NEVER, at=at)
        names = await _names_again(run, loser, then, at)
        await run(cypher.TOUCH_NODES, ids=[survivor], version=version)
        said = (await versions_of(run, [survivor]))[survivor]
        if kept["department"] and not any(each.department for each in said):
            await run(cypher.UNMAKE_DEPARTMENT, ids=[survivor])
        await _changed(run, version, at, {loser, survivor, *(each[2] for each in (*own, *copied))})
        later = sorted(
            (kind, row["id"]) for kind, _, _, row in theirs if row["recordedAt"] > then and _lasting(row, merged)
        )
        return Split(loser, survivor, len(copies), names, tuple(later))

    return await database.write(work)


Touching = list[Any]  # [type, whether it begins at the node, the other end, its properties]


async def _living(run: Run, id: str, argument: str) -> Mapping[str, Any]:
    rows = await run(MEANT, id=id, never=NEVER)
    if not rows or not id.startswith(SUBJECT_PREFIXES):
        raise NotFound("没有这个主体 / there is no such subject", argument=argument)
    if rows[0]["survivor"] is not None:
        raise Conflict(
            f"它已并入 {rows[0]['survivor']} / it was merged into {rows[0]['survivor']} before", argument=argument
        )
    if rows[0]["past"]:
        raise NotFound("它已被撤回 / it has been retracted", argument=argument)
    return rows[0]


def _family(kind: str) -> tuple[Family, bool]:
    return BY_CODE[kind].family, BY_CODE[kind].organization


def _believed(touching: Touching) -> bool:
    return bool(touching[3]["retractedAt"] == NEVER)


def _lasting(row: Mapping[str, Any], merged: str) -> bool:
    return bool(row["retractedAt"] == NEVER and row.get("via") != merged)


def _said(touching: Touching) -> tuple[Any, ...]:
    """What a source says, at whichever of two merged nodes it stands."""
    kind, out, far, row = touching
    return kind, out, far, row["source"], row["key"], row["hash"]


def _copies(
    found: Iterable[Touching], to: str, there: Sequence[Touching], *, via: str | None, at: str
) -> list[dict[str, Any]]:
    """Relations as they would stand at another node, each the next revision there; what is said there is left.

    `via`: the merge that brings them; None: they have what they had.
    """
    taken = {row["id"] for _, _, _, row in there}
    said = {_said(each) for each in there if _believed(each)}
    copies = []
    for each in found:
        if _said(each) in said:
            continue
        kind, out, far, row = each
        start, end = (to, far) if out else (far, to)
        revision = 1
        while (id := relation_id(R(kind), start, end, row["source"], row["key"], revision)) in taken:
            revision += 1
        taken.add(id)
        properties = {**row, "id": id, "recordedAt": at, "retractedAt": NEVER, "via": via or row.get("via")}
        copies.append({"start": start, "end": end, "kind": kind, "properties": properties})
    return copies


async def _retract(run: Run, relations: Iterable[Touching], at: str) -> None:
    ids: dict[str, list[str]] = defaultdict(list)
    for kind, _, _, row in filter(_believed, relations):
        ids[kind].append(row["id"])
    for kind in sorted(ids):
        await run(cypher.RETRACT_RELATIONS[R(kind)], ids=sorted(ids[kind]), at=at)


async def _create(run: Run, rows: list[dict[str, Any]]) -> None:
    await run(cypher.CREATE_RELATIONS, rows=rows)


async def _move_names(run: Run, loser: str, survivor: str, at: str, *, via: str) -> int:
    """The survivor answers to the loser's identifiers; how many."""
    names = (await run(IDENTIFIED, id=loser))[0]["names"]
    moved = [
        {"key": key, "held": {**held, "recordedAt": at, "via": via}}
        for key, held in names
        if held["retractedAt"] == NEVER
    ]
    await run(RETRACT_NAMES, id=loser, via=None, never=NEVER, at=at)
    await run(ATTACH_NAMES, id=survivor, rows=moved)
    return len(moved)


async def _names_again(run: Run, loser: str, then: str, at: str) -> int:
    names = (await run(IDENTIFIED, id=loser))[0]["names"]
    again = [
        {"key": key, "held": {**held, "recordedAt": at, "retractedAt": NEVER}}
        for key, held in names
        if held["retractedAt"] == then
    ]
    await run(ATTACH_NAMES, id=loser, rows=again)
    return len(again)


async def _show_again(run: Run, loser: str, kind: str, then: str, version: int, at: str, today: date) -> None:
    """The loser with the versions that the merge retracted, recorded anew."""
    rows = (await run(VERSIONS_OF_THEN, id=loser, then=then))[0]["versions"]
    versions = [version_of(start, end, {**values, "recordedAt": at}) for start, end, values in rows]
    shown = snapshot(versions, today)
    if shown is None:
        raise Conflict("被合并者已无内容 / nothing was believed of what was merged", argument="merge")
    properties = shown_properties(loser, kind, version, shown, former_names(versions, shown))
    written = [_written(kind, each) for each in versions]
    await run(cypher.CHANGE_NODES[kind], rows=[{"id": loser, "properties": properties, "versions": written}])
    if any(each.department for each in versions):
        await run(cypher.MAKE_DEPARTMENT, ids=[loser])
    if (shown.start, shown.end) != (OPEN_START, OPEN_END):
        await run(cypher.MAKE_DATED, ids=[loser])


def _written(kind: str, version: Version) -> dict[str, Any]:
    said = {**version.properties(), **derived(kind, version.values)}
    return {**said, "validFrom": version.start, "validTo": version.end, "retractedAt": NEVER}


async def _changed(run: Run, version: int, at: str, ids: set[str]) -> None:
    for write in marks(ids, {R.SAME_AS.value}, version, at):
        await run(write.statement, **write.parameters)
    await unlock(run, at)
