"""What a batch tells by itself, worked out before its turn to be written: hashes, keys and the ids of what is new.

It must not know what is stored, so that a thread can do it while the server still writes the batch before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from graph.changes import Batch, RelationDraft
from graph.periods import stored_end, stored_start
from graph.store.ids import node_id, relation_id
from graph.store.versions import HASH_DIGITS, Version, drafted


class FirstRelation(NamedTuple):
    """A relation between the ids its ends get where they are new, as nearly all are; else it is worked out again."""

    start: str
    end: str
    hash: str
    id: str

    def hash_of(self, draft: RelationDraft, start: str, end: str) -> str:
        return self.hash if (start, end) == (self.start, self.end) else relation_hash(draft, start, end)

    def id_of(self, draft: RelationDraft, start: str, end: str, source: str, revision: int) -> str:
        if revision == 1 and (start, end) == (self.start, self.end):
            return self.id
        return relation_id(draft.kind, start, end, source, draft.key, revision)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`keys`: every identifier, sorted. By ref: `ids`, what a new node gets, and `said`, the versions by hash.

    `relations` in the order of the batch's. `streamed`: the batch is a part of something
    larger, it mentions nodes that other parts describe.
    """

    batch: Batch
    input_hash: str
    keys: tuple[str, ...]
    ids: Mapping[str, str]
    said: Mapping[str, Mapping[str, Version]]
    relations: tuple[FirstRelation, ...]
    streamed: bool

    @classmethod
    def of(cls, batch: Batch) -> Prepared:
        ids = {
            draft.ref: draft.id or node_id(draft.kind, draft.claims[0])
            for draft in batch.nodes
            if draft.claims or draft.id
        }
        said = {draft.ref: drafted(draft, batch.source, batch.batch) for draft in batch.nodes}
        relations = tuple(_first(each, ids, batch.source) for each in batch.relations)
        return cls(
            batch,
            _input_hash(batch, said, relations),
            tuple(sorted({claim.key for draft in batch.nodes for claim in draft.claims if claim.lookup})),
            ids,
            said,
            relations,
            any(draft.mention for draft in batch.nodes),
        )


def _first(draft: RelationDraft, ids: Mapping[str, str], source: str) -> FirstRelation:
    start, end = ids.get(draft.start, ""), ids.get(draft.end, "")  # to no draft: the plan refuses it
    id = draft.id or relation_id(draft.kind, start, end, source, draft.key, 1)
    return FirstRelation(start, end, relation_hash(draft, start, end), id)


def relation_hash(draft: RelationDraft, start: str, end: str) -> str:
    said: list[Any] = [draft.kind, start, end, stored_start(draft.period), stored_end(draft.period)]
    return hashlib.sha256(orjson.dumps([*said, sorted(draft.values.items())])).hexdigest()[:HASH_DIGITS]


def _input_hash(batch: Batch, said: Mapping[str, Iterable[str]], relations: Iterable[FirstRelation]) -> str:
    """What a batch asks for, whatever its operation is called; values and periods are in the hashes made already."""
    asked = (
        batch.source,
        batch.full,
        batch.withdrawn,
        batch.batch,
        [
            (
                *(each.ref, each.id, each.kind, each.claims, each.entry, each.row, each.department, each.mention),
                [*said[each.ref]],
            )
            for each in batch.nodes
        ],
        [
            (each.start, each.end, each.key, each.id, each.entry, each.row, first.hash)
            for each, first in zip(batch.relations, relations, strict=True)
        ],
    )
    return hashlib.sha256(orjson.dumps(asked)).hexdigest()
