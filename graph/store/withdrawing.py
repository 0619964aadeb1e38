"""What a source said of things it now takes back, and of a decision's own proofs that a corrected row says otherwise.

It must not know files; it reads what is believed and answers with a plan, as `plan` does for what is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from graph.changes import Batch
from graph.codes import RelationKind
from graph.periods import NEVER
from graph.store.operations import Run
from graph.store.plan import NodeWork, Plan, Resolved
from graph.vocabulary import BY_CODE, RELATIONS, Family

R = RelationKind
# One record or project may stand in several rows, each with one of these; everything else is the same in all of them.
OF_A_ROW: Final = frozenset({R.RESPONSIBLE_FOR, R.BIDS_ON})
# Offices that a decision names: the key of such a relation ends in the decision's.
PROVEN: Final = frozenset({R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF})
TOLD: Final = f"""
UNWIND $ids AS id
MATCH (meant:Entity {{id: id}}) USING INDEX SEEK meant:Entity(id)
MATCH (meant) (()-[merge:SAME_AS WHERE merge.retractedAt = $never]->()){{0,16}} (n)
MATCH (n)-[r:{"|".join(sorted(RELATIONS))}]-() WHERE r.source = $source AND r.retractedAt = $never
  AND (n.id IN $described OR r.key IN $keys OR any(own IN $owned WHERE r.key ENDS WITH own))
WITH DISTINCT r
RETURN collect([type(r), r.id, startNode(r).id, endNode(r).id, r.key]) AS found"""


class Told(NamedTuple):
    """A believed relation of the source; after a merge it lies at the survivor, under the key it had."""

    kind: RelationKind
    id: str
    start: str
    end: str
    key: str


async def withdrawal(run: Run, batch: Batch, resolved: Resolved) -> Plan:
    """Everything the rows of the batch told, however often it was corrected since, is retracted.

    A subject stays: other rows and records rest on it, and that it exists binds nobody. A record or project of which
    another row tells too (it names another person, another bidder) stays, with all but what is this row's alone.
    """
    claims = _described(batch, resolved)
    asked = {"described": sorted(claims), "keys": sorted({each.key for each in batch.relations})}
    told = await _told(run, batch.source, resolved.ids.values(), owned=claims.values(), **asked)
    named: dict[tuple[RelationKind, str], set[int]] = defaultdict(set)
    for draft in batch.relations:
        named[draft.kind, draft.key].add(draft.entry)
    kept = {
        end for each in told if each.kind in OF_A_ROW and (each.kind, each.key) not in named for end in each[2:4]
    } & claims.keys()
    works: dict[str, NodeWork] = {}
    staying = set[int]()
    for node in batch.nodes:
        id = resolved.ids[node.ref]
        if id in kept:
            staying.add(node.entry)
        elif id in claims and not node.mention:
            work = works.setdefault(id, NodeWork(id, node.kind, resolved.nodes[id], changed=True))
            work.entries.add(node.entry)
    owned = tuple(claims[id] for id in works)

    def is_gone(each: Told) -> bool:
        entries = named.get((each.kind, each.key))
        if each.kind in OF_A_ROW:
            return entries is not None
        if entries is not None:
            return not entries <= staying
        return each.start in works or each.end in works or each.key.endswith(owned)

    gone = [each for each in told if is_gone(each)]
    entries = {each.entry for each in batch.nodes} | {each.entry for each in batch.relations}
    loaded = {entry for work in works.values() for entry in work.entries}
    loaded |= {entry for each in gone for entry in named.get((each.kind, each.key), ())}
    return Plan(
        ids=resolved.ids,
        nodes=tuple(works[id] for id in sorted(works)),
        relations=(),
        retract_relations=_by_kind(gone),
        loaded=frozenset(loaded),
        unchanged=frozenset(entries - loaded),
        retracted=len(works) + len(gone),
        subjects_of_retracted=_ends(gone),
    )


async def superseding(run: Run, batch: Batch, resolved: Resolved, found: Plan) -> Plan:
    """The plan, and where a decision known before now names another representative, the former one retracted."""
    records: dict[int, list[str]] = defaultdict(list)
    claims = _described(batch, resolved)
    for node in batch.nodes:
        if (id := resolved.ids[node.ref]) in claims:
            records[node.entry].append(claims[id])
    new = [
        (each.end, own)
        for each in found.relations
        if each.kind in PROVEN
        for own in records.get(each.draft.entry, ())
        if each.draft.key.endswith(own)
    ]
    if not new:
        return found
    said = {(each.kind, each.key) for each in batch.relations}
    told = await _told(run, batch.source, (end for end, _ in new), owned=(own for _, own in new))
    away = {id for ids in found.retract_relations.values() for id in ids}
    gone = [each for each in told if each.kind in PROVEN and (each.kind, each.key) not in said and each.id not in away]
    retract = dict(found.retract_relations)
    for kind, ids in _by_kind(gone).items():
        retract[kind] = tuple(sorted((*retract.get(kind, ()), *ids)))
    ends = found.subjects_of_retracted | _ends(gone)
    return replace(found, retract_relations=retract, subjects_of_retracted=ends)


def _described(batch: Batch, resolved: Resolved) -> dict[str, str]:
    """Stored nodes that the source describes and that are no subjects, each with what the keys of its proofs end in."""
    found: dict[str, str] = {}
    for draft in batch.nodes:
        node = resolved.nodes.get(resolved.ids[draft.ref])
        if draft.mention or node is None or not draft.claims or BY_CODE[draft.kind].family is Family.SUBJECT:
            continue
        if any(by == batch.source for by, _ in node.versions):
            found[node.id] = f"|{draft.claims[0].key}"
    return found


async def _told(
    run: Run,
    source: str,
    ids: Iterable[str],
    *,
    owned: Iterable[str],
    described: Sequence[str] = (),
    keys: Sequence[str] = (),
) -> list[Told]:
    asked: Mapping[str, Any] = {"ids": sorted(set(ids)), "owned": sorted(set(owned))}
    (row,) = await run(TOLD, **asked, described=list(described), keys=list(keys), source=source, never=NEVER)
    return [Told(RelationKind(kind), *rest) for kind, *rest in row["found"]]


def _by_kind(told: Iterable[Told]) -> dict[RelationKind, tuple[str, ...]]:
    found: dict[RelationKind, list[str]] = defaultdict(list)
    for each in told:
        found[each.kind].append(each.id)
    return {kind: tuple(sorted(ids)) for kind, ids in found.items()}


def _ends(told: Iterable[Told]) -> frozenset[str]:
    return frozenset(end for each in told for end in (each.start, each.end))
