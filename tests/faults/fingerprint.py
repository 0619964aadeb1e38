"""All that a graph holds, as a number: nodes and relations with their labels, values and ends, in whatever order.

It must not know what they mean; when they were written, and in which of how many runs, is not part of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import orjson
from neo4j import GraphDatabase

from graph.periods import NEVER
from graph.store.address import Address

# Of one run: when a row was written, and by which operation or receipt. The graph's own node counts them.
OF_A_RUN: Final = frozenset({"recordedAt", "at", "graphVersion", "derivedThrough"})
UNCOUNTED: Final = frozenset({"Graph", "Operation", "Change", "SubmissionBatch", "READ_BY"})
NODES: Final = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS values"
RELATIONS: Final = """
MATCH (a)-[r]->(b)
RETURN [type(r)] AS labels, properties(r) AS values, coalesce(a.id, a.key, '') AS start,
  coalesce(b.id, b.key, b.hash, '') AS end"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`sum` is over all things: one that is there twice or not at all changes it. `counts` says of which kind."""

    sum: int
    counts: tuple[tuple[str, int], ...]


def fingerprint(address: Address) -> Fingerprint:
    total, counts = 0, Counter[str]()
    with (
        GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        for statement in (NODES, RELATIONS):
            for record in session.run(statement):
                labels = sorted(record["labels"])
                if UNCOUNTED.isdisjoint(labels):
                    total += _number([labels, _values(record["values"]), record.get("start"), record.get("end")])
                    counts[":".join(labels)] += 1
    return Fingerprint(total % 2**128, tuple(sorted(counts.items())))


def _values(values: dict[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in values.items() if key not in OF_A_RUN}
    return {**said, "retractedAt": said["retractedAt"] == NEVER} if "retractedAt" in said else said


def _number(parts: list[Any]) -> int:
    text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=str)
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())
