"""Decides what a batch changes in a graph: which drafts are known nodes, what is new, what is said no more.

It must not know a database: it compares drafts with what was found of them and answers with plain rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.changes import Batch, Claim, NodeDraft, RelationDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.errors import Invalid
from graph.periods import stored_end, stored_start
from graph.store.ids import other_node_id
from graph.store.prepared import Prepared
from graph.store.versions import Version


class Link(NamedTuple):
    """A believed identifier of a node, as one source said it."""

    key: str
    source: str
    start: str
    end: str


class StoredRelation(NamedTuple):
    """A relation that the batch's source once said, from its start node."""

    kind: str
    id: str
    end: str
    key: str
    hash: str
    believed: bool


@dataclass(frozen=True, slots=True)
class StoredNode:
    """`versions`: (source, hash) of every believed one; `relations`: outgoing, of the batch's source; None: not read.

    A part of a stream does not read a hub's: it has ten thousand, the part asks for its own. `survivor`: whom it was
    merged into.
    """

    id: str
    kind: str
    past: bool
    department: bool
    versions: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    relations: tuple[StoredRelation, ...] | None = ()
    survivor: str | None = None


@dataclass(slots=True)
class NodeWork:
    """Everything the source says of one node now (nothing: it is gone), and whether that is news."""

    id: str
    kind: str
    stored: StoredNode | None
    said: dict[str, Version] = field(default_factory=dict)
    claims: dict[Link, Claim] = field(default_factory=dict)
    entries: set[int] = field(default_factory=set)
    changed: bool = False  # versions differ
    attach: list[tuple[Link, Claim]] = field(default_factory=list)
    detach: list[Link] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        return self.changed or bool(self.attach) or bool(self.detach)


class NewRelation(NamedTuple):
    kind: RelationKind
    id: str
    start: str
    end: str
    hash: str
    draft: RelationDraft


@dataclass(frozen=True, slots=True)
class Plan:
    """`nodes` in id order, only those that change; `retracted` counts nodes and relations that are gone."""

    ids: Mapping[str, str]
    nodes: tuple[NodeWork, ...]
    relations: tuple[NewRelation, ...]
    retract_relations: Mapping[RelationKind, tuple[str, ...]]
    loaded: frozenset[int]
    unchanged: frozenset[int]
    retracted: int
    subjects_of_retracted: frozenset[str]

    @property
    def empty(self) -> bool:
        return not (self.nodes or self.relations or any(self.retract_relations.values()))


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which node every ref of a batch is, and what the batch says of each; `nodes` as they are stored."""

    ids: Mapping[str, str]
    works: dict[str, NodeWork]
    nodes: Mapping[str, StoredNode]


def resolve(prepared: Prepared, stored: Iterable[StoredNode], *, version: int) -> Resolved:
    """`stored`: every node that holds or might hold a claim of the batch, and with `full` every node its source is
    believed on; `version` makes ids where the usual one is taken.

    Raises Invalid for drafts that contradict each other: a ref twice, a mention in a batch that tells everything.
    """
    nodes = {each.id: each for each in stored}
    ids, works = _resolve(prepared, nodes, version)
    return Resolved(ids, works, nodes)


def plan(prepared: Prepared, resolved: Resolved, relations_of: Mapping[str, Sequence[StoredRelation]]) -> Plan:
    """What to write. `relations_of`: by start node, the batch's own relations that are stored.

    Raises Invalid for a relation key with two contents and a relation to no draft.
    """
    batch, ids, works, nodes = prepared.batch, resolved.ids, resolved.works, resolved.nodes
    for work in works.values():
        _compare(work, batch.source)
    gone = _said_no_more(works, nodes, batch)
    relations, retract, replaced = _relations(prepared, ids, relations_of)
    entries = {each.entry for each in batch.nodes} | {each.entry for each in batch.relations}
    loaded = {entry for work in works.values() if work.touched for entry in work.entries}
    loaded |= {each.draft.entry for each in relations}
    retracted_ends = {end for each in (retract, replaced) for row in each for end in (row[0], row[1].end)}
    by_kind: dict[RelationKind, list[str]] = defaultdict(list)
    for _, row in (*retract, *replaced):
        by_kind[RelationKind(row.kind)].append(row.id)
    return Plan(
        ids=ids,
        nodes=tuple(works[id] for id in sorted(works) if works[id].touched),
        relations=tuple(sorted(relations, key=lambda each: (each.start, each.end, each.id))),
        retract_relations={kind: tuple(sorted(rows)) for kind, rows in by_kind.items()},
        loaded=frozenset(loaded),
        unchanged=frozenset(entries - loaded),
        retracted=gone + len(retract),
        subjects_of_retracted=frozenset(retracted_ends),
    )


def _resolve(
    prepared: Prepared, nodes: Mapping[str, StoredNode], version: int
) -> tuple[dict[str, str], dict[str, NodeWork]]:
    """The node id of every ref, and per node what the drafts of it say together."""
    batch = prepared.batch
    holders: dict[str, list[StoredNode]] = defaultdict(list)
    for node in nodes.values():
        for key in {link.key for link in node.links}:
            holders[key].append(node)
    said = _Said(batch.source, frozenset(prepared.keys))
    ids: dict[str, str] = {}
    works: dict[str, NodeWork] = {}
    claimed: dict[tuple[str, str], str] = {}  # (kind, claim key) said earlier in this batch → id
    for draft in sorted(batch.nodes, key=_by_mention):
        if draft.ref in ids:
            raise Invalid(f"{draft.ref}: 重复 / drafted twice", argument=draft.ref)
        if not draft.claims and draft.id is None:
            raise Invalid(f"{draft.ref}: 没有标识 / has no identifier", argument=draft.ref)
        if draft.mention and batch.full:
            raise Invalid(f"{draft.ref}: 全量批次须完整描述 / a full batch describes its nodes", argument=draft.ref)
        first = prepared.ids[draft.ref]
        id = _known(draft, first, nodes, holders, works, claimed, said) or _new(draft, first, nodes, works, version)
        survivor = _survivor(id, nodes) if _is_natural(draft) and not batch.full else id
        ids[draft.ref] = survivor
        for claim in draft.claims:
            claimed.setdefault((draft.kind, claim.key), id)
        if survivor != id:
            continue  # what a row says of who was merged is no description of whom he was merged into
        if draft.mention and (id in works or (id in nodes and nodes[id].versions)):
            continue
        work = works.setdefault(id, NodeWork(id, draft.kind, nodes.get(id)))
        work.said |= prepared.said[draft.ref]
        for claim in draft.claims:
            if claim.lookup:
                start, end = stored_start(claim.period), stored_end(claim.period)
                work.claims[Link(claim.key, batch.source, start, end)] = claim
        work.entries.add(draft.entry)
    return ids, works


def _is_natural(draft: NodeDraft) -> bool:
    """Known by a natural key alone: an identifier goes to the survivor, a key goes on meaning the node it made."""
    return draft.id is None and not draft.claims[0].lookup


def _survivor(id: str, nodes: Mapping[str, StoredNode]) -> str:
    while id in nodes and (further := nodes[id].survivor) is not None:
        id = further
    return id


def _by_mention(draft: NodeDraft) -> bool:
    """Descriptions first: what a batch describes itself it does not merely mention."""
    return draft.mention


def _known(
    draft: NodeDraft,
    first: str,
    nodes: Mapping[str, StoredNode],
    holders: Mapping[str, Sequence[StoredNode]],
    works: Mapping[str, NodeWork],
    claimed: Mapping[tuple[str, str], str],
    batch: _Said,
) -> str | None:
    """The strongest claim that somebody of the same kind holds finds the node; a natural key is its id."""
    there = first in works or (first in nodes and nodes[first].kind == draft.kind)
    if draft.id is not None and there:
        return first
    if draft.claims and not draft.claims[0].lookup:
        return first if there else None
    own = {claim.key for claim in draft.claims}
    for rank, claim in enumerate(draft.claims):
        stronger = draft.claims[:rank]
        earlier = claimed.get((draft.kind, claim.key))
        if earlier is not None and not _contradicts((link.key for link in works[earlier].claims), stronger):
            return earlier
        found = [
            node
            for node in holders.get(claim.key, ())
            if node.kind == draft.kind and not _contradicts(batch.confirmed(node), stronger)
        ]
        if found:
            # Of several holders the living one, then the one that shares most claims.
            best = min(found, key=lambda node: (node.past, -len(own & {link.key for link in node.links}), node.id))
            return best.id
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """What tells a corrected number from another subject's."""

    source: str
    keys: frozenset[str]

    def confirmed(self, node: StoredNode) -> Iterable[str]:
        """Identifiers another source gives the node, or this one still gives somebody: not a mistake it corrects."""
        return (link.key for link in node.links if link.source != self.source or link.key in self.keys)


def _contradicts(held: Iterable[str], stronger: Iterable[Claim]) -> bool:
    """A weaker claim does not find a node that is known by another number of a stronger scheme.

    Else one person's records would come to rest on another, who has taken over a local name or shares a number.
    """
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for claim in stronger:
        given[claim.scheme.value, claim.issuer].add(claim.key)
    if not given:
        return False
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in held:
        scheme, _, rest = key.partition("|")
        numbers[scheme, rest.rpartition("|")[2]].add(key)
    return any(numbers[scheme] and not numbers[scheme] & keys for scheme, keys in given.items() if scheme in numbers)


def _new(
    draft: NodeDraft, first: str, nodes: Mapping[str, StoredNode], works: Mapping[str, NodeWork], version: int
) -> str:
    """A new id. The usual one may belong to a node that was first known by this number and is not any more."""
    if first in nodes or first in works:
        claim = draft.claims[0] if draft.claims else Claim(IdentifierScheme.OTHER, first, lookup=False)
        return other_node_id(draft.kind, claim, version)
    return first


def _compare(work: NodeWork, source: str) -> None:
    versions, links = (work.stored.versions, work.stored.links) if work.stored else ((), ())
    work.changed = {hash for by, hash in versions if by == source} != work.said.keys()
    own = {link for link in links if link.source == source}
    work.attach = [(link, claim) for link, claim in sorted(work.claims.items(), key=_by_link) if link not in own]
    work.detach = sorted(own - work.claims.keys())


def _by_link(item: tuple[Link, Claim]) -> Link:
    return item[0]


def _said_no_more(works: dict[str, NodeWork], nodes: Mapping[str, StoredNode], batch: Batch) -> int:
    """Adds the nodes that the source does not describe any more, or gives an identifier no more; counts the former.

    A node of which nothing is left keeps its identifiers, so that it is found when it returns.
    """
    source, count = batch.source, 0
    taken = {link.key for work in works.values() for link in work.claims}
    for id, node in nodes.items():
        if id in works:
            continue
        own = [link for link in node.links if link.source == source]
        moved = [link for link in own if link.key in taken]  # a number that is somebody else's now
        described = any(by == source for by, _ in node.versions)
        gone = described and (batch.full or len(moved) == len(own) > 0)
        alone = all(by == source for by, _ in node.versions)
        detach = own if gone and not alone else moved
        if gone or detach:
            works[id] = NodeWork(id, node.kind, node, changed=gone, detach=sorted(detach))
            count += gone
    return count


Placed = tuple[str, StoredRelation]  # start node id, relation


def _relations(
    prepared: Prepared, ids: Mapping[str, str], relations_of: Mapping[str, Sequence[StoredRelation]]
) -> tuple[list[NewRelation], list[Placed], list[Placed]]:
    """New ones; believed ones that are gone; believed ones that another revision replaces."""
    batch = prepared.batch
    believed: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    revisions: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for start_id, stored in relations_of.items():
        for each in stored:
            revisions[each.kind, start_id, each.end, each.key] += 1
            if each.believed:
                believed[each.kind, each.key].append((start_id, each))
    new: list[NewRelation] = []
    replaced: list[Placed] = []
    kept: set[str] = set()
    said: dict[tuple[str, str], str] = {}
    for draft, first in zip(batch.relations, prepared.relations, strict=True):
        start, end = _end(draft, draft.start, ids), _end(draft, draft.end, ids)
        hash = first.hash_of(draft, start, end)
        name = (draft.kind.value, draft.key)
        if said.setdefault(name, hash) != hash:
            raise Invalid(f"{draft.kind} {draft.key}: 同键不同内容 / one key, two contents", argument=draft.key)
        stored_as = believed.get(name, ())
        same = [each.id for at, each in stored_as if (at, each.end, each.hash) == (start, end, hash)]
        if same:
            kept.add(same[0])
            continue
        revision = revisions.get((draft.kind.value, start, end, draft.key), 0) + 1
        id = first.id_of(draft, start, end, batch.source, revision)
        if id not in kept:
            kept.add(id)
            new.append(NewRelation(draft.kind, id, start, end, hash, draft))
        replaced += stored_as
    replaced = list({each.id: (start, each) for start, each in replaced if each.id not in kept}.values())
    away = {each.id for _, each in replaced}
    gone = [
        placed
        for rows in believed.values()
        for placed in rows
        if batch.full and placed[1].id not in kept and placed[1].id not in away
    ]
    return new, gone, replaced


def _end(draft: RelationDraft, ref: str, ids: Mapping[str, str]) -> str:
    try:
        return ids[ref]
    except KeyError:
        raise Invalid(
            f"{draft.kind} {draft.key}: 没有“{ref}” / there is no “{ref}” in this batch", argument=ref
        ) from None
