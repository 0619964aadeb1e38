"""Puts the rows of a plan together, statement by statement in the order in which they are written.

It must not know a database: the writer runs each statement while the next one's rows are put together in a thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from graph.codes import RelationKind
from graph.periods import NEVER, OPEN_END, OPEN_START, instant, stored_end, stored_start
from graph.store import statements as cypher
from graph.store.derived import derived, former_fold
from graph.store.plan import NewRelation, NodeWork, Plan
from graph.store.versions import Snapshot, Version, VersionPlan, plan_versions
from graph.vocabulary import BY_CODE, Family, kinds

ROWS: Final = 1_000  # a quarter of a batch: the server waits for the rows of the first statement only
CHANGES_KEPT: Final = timedelta(days=30)
SUBJECT_PREFIXES: Final = tuple(f"{each.prefix}_" for each in kinds(Family.SUBJECT))
RECORD_PREFIXES: Final = tuple({f"{each.prefix}_" for each in kinds(Family.RECORD)})
# A measure is about these; a list, a group or a region has no part in one.
JUDGED_PREFIXES: Final = (*SUBJECT_PREFIXES, *RECORD_PREFIXES, f"{BY_CODE['QUALIFICATION'].prefix}_")
Row = dict[str, Any]


class Write(NamedTuple):
    """A statement and its parameters."""

    statement: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and when: the graph's version and system time under the lock, the clock, the snapshots' day."""

    source: str
    batch: str | None
    version: int
    recorded_at: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Stored:
    """What the plan does not tell: believed versions by node, identifiers that exist, subjects of `records(plan)`."""

    believed: Mapping[str, Sequence[Version]]
    keys: Set[str]
    subjects: Set[str]


def writes(found: Plan, stored: Stored, turn: Turn) -> Iterator[Write]:
    """Every statement of a plan but those of the lock and the operation; nodes come before what hangs on them."""
    names, links = _names(found.nodes, stored.keys, turn.recorded_at)
    yield from _nodes(found.nodes, stored.believed, names, turn)
    yield from _links(found.nodes, links, turn.recorded_at)
    yield from _relations(found, turn)
    yield from _changes(found, stored.subjects, turn)


def records(found: Plan) -> list[str]:
    """The records whose subjects have to be asked: a new one names them in its batch, an old one does not."""
    told = {each.start for each in found.relations if each.kind is RelationKind.ABOUT}
    return sorted(id for id in _touched(found) - told if id.startswith(RECORD_PREFIXES))


def _touched(found: Plan) -> set[str]:
    ids = {work.id for work in found.nodes} | found.subjects_of_retracted
    ids.update(each.start for each in found.relations)
    ids.update(each.end for each in found.relations)
    return ids


def _nodes(
    works: Iterable[NodeWork], believed: Mapping[str, Sequence[Version]], names: Mapping[str, list[Row]], turn: Turn
) -> Iterator[Write]:
    new: list[Row] = []
    living: dict[str, list[Row]] = defaultdict(list)
    past: dict[str, list[str]] = defaultdict(list)
    departments: dict[bool, list[str]] = defaultdict(list)
    dated: dict[bool, list[str]] = defaultdict(list)
    retract: list[Row] = []
    touch: list[str] = []
    for work in works:
        if not work.changed:
            touch.append(work.id)
            continue
        said = {hash: replace(each, recorded_at=turn.recorded_at) for hash, each in work.said.items()}
        planned = plan_versions(believed.get(work.id, ()), said, turn.source, turn.today)
        retract += [{"id": work.id, "hash": hash} for hash in planned.retract]
        if planned.snapshot is None:
            past[work.kind].append(work.id)
            continue
        row = _row(work, planned, planned.snapshot, turn.version)
        moves = (planned.snapshot.start, planned.snapshot.end) != (OPEN_START, OPEN_END)
        if work.stored is None:
            row["names"] = names.get(work.id, [])
            marks = (*(("Department",) if planned.department else ()), *(("Dated",) if moves else ()))
            row["labels"] = [*BY_CODE[work.kind].labels, *marks]
            new.append(row)
            if len(new) == ROWS:
                yield Write(cypher.CREATE_NODES, {"rows": new})
                new = []
            continue
        living[work.kind].append(row)
        if planned.department != (work.stored.department and not work.stored.past):
            departments[planned.department].append(work.id)
        dated[moves].append(work.id)
    yield from _each(cypher.CREATE_NODES, "rows", new)
    yield from _each(cypher.RETRACT_VERSIONS, "rows", retract, source=turn.source, never=NEVER, at=turn.recorded_at)
    for kind in sorted(living):
        yield from _each(cypher.CHANGE_NODES[kind], "rows", living[kind])
    for kind in sorted(past):
        yield from _each(cypher.END_NODES[kind], "ids", past[kind], version=turn.version)
    for marked, make, unmake in (
        (departments, cypher.MAKE_DEPARTMENT, cypher.UNMAKE_DEPARTMENT),
        (dated, cypher.MAKE_DATED, cypher.UNMAKE_DATED),
    ):
        yield from _each(make, "ids", marked[True])
        yield from _each(unmake, "ids", marked[False])
    yield from _each(cypher.TOUCH_NODES, "ids", touch, version=turn.version)


def _row(work: NodeWork, planned: VersionPlan, shown: Snapshot, version: int) -> Row:
    """A node with its new versions: the properties of the one shown, and what is derived of each."""
    versions: list[Row] = []
    properties: Row | None = None
    for each in planned.create:
        said = {**each.properties(), **derived(work.kind, each.values)}
        if each is shown.version:
            properties = said
        versions.append({**said, "validFrom": each.start, "validTo": each.end, "retractedAt": NEVER})
    own = shown_properties(work.id, work.kind, version, shown, planned.former_names, properties)
    return {"id": work.id, "properties": own, "versions": versions}


def shown_properties(
    id: str, kind: str, version: int, shown: Snapshot, former_names: tuple[str, ...], said: Row | None = None
) -> Row:
    """Everything a node carries; `said`: the properties of its version with what is derived of them, where known."""
    if said is None:
        said = {**shown.version.properties(), **derived(kind, shown.version.values)}
    own = {"id": id, "kind": kind, "version": version, "snapFrom": shown.start, "snapTo": shown.end}
    properties = {**said, **own}
    del properties["department"]  # a label on nodes
    if former_names:
        properties["formerFold"] = former_fold(former_names)
    return properties


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


def _links(works: Iterable[NodeWork], links: Sequence[Row], recorded_at: str) -> Iterator[Write]:
    detach = [{"id": work.id, **link._asdict()} for work in works for link in work.detach]
    yield from _each(cypher.DETACH, "rows", detach, never=NEVER, at=recorded_at)
    yield from _each(cypher.ATTACH, "rows", links)


def _relations(found: Plan, turn: Turn) -> Iterator[Write]:
    for kind in sorted(found.retract_relations):
        yield from _each(cypher.RETRACT_RELATIONS[kind], "ids", found.retract_relations[kind], at=turn.recorded_at)
    for relations in _chunks(found.relations):
        yield Write(cypher.CREATE_RELATIONS, {"rows": [_relation(each, turn) for each in relations]})


def _relation(relation: NewRelation, turn: Turn) -> Row:
    draft = relation.draft
    properties = {
        **draft.values,
        "id": relation.id,
        "from": stored_start(draft.period),
        "to": stored_end(draft.period),
        "recordedAt": turn.recorded_at,
        "retractedAt": NEVER,
        "source": turn.source,
        "batch": turn.batch,
        "row": draft.row,
        "key": draft.key,
        "hash": relation.hash,
    }
    return {"start": relation.start, "end": relation.end, "kind": relation.kind.value, "properties": properties}


def _changes(found: Plan, subjects_of_records: Set[str], turn: Turn) -> Iterator[Write]:
    """Which subjects a reader of changes has to look at again; those of a record are the ones it is about."""
    changed = {work.kind for work in found.nodes} | {each.kind.value for each in found.relations}
    changed |= {kind.value for kind in found.retract_relations}
    yield from marks(_touched(found), changed, turn.version, turn.recorded_at, subjects_of_records)
    yield Write(cypher.FORGET_CHANGES, {"before": instant(turn.now - CHANGES_KEPT)})


def marks(
    touched: Set[str], kinds: Set[str], version: int, at: str, subjects_beside: Set[str] = frozenset()
) -> Iterator[Write]:
    """Who reads changes has to look at these subjects again, and measures are to be derived of what was touched."""
    subjects = sorted({id for id in touched if id.startswith(SUBJECT_PREFIXES)} | subjects_beside)
    rows = [
        {"version": version, "at": at, "subjects": chunk, "kinds": sorted(kinds)}
        for chunk in _chunks(subjects, SUBJECTS_A_CHANGE) or [[]]
    ]
    yield Write(cypher.RECORD_CHANGES, {"rows": rows})
    judged = sorted(id for id in touched if id.startswith(JUDGED_PREFIXES))
    marked = [
        {"version": version, "at": at, "count": len(chunk), "ids": chunk} for chunk in _chunks(judged, IDS_A_MARK)
    ]
    if marked:
        yield Write(cypher.MARK_DIRTY, {"rows": marked})


SUBJECTS_A_CHANGE: Final = 5_000
IDS_A_MARK: Final = 5_000


def _each(statement: str, name: str, rows: Sequence[Any], **parameters: Any) -> Iterator[Write]:
    for chunk in _chunks(rows):
        yield Write(statement, {name: chunk, **parameters})


def _chunks(rows: Sequence[Any], size: int = ROWS) -> list[Sequence[Any]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
