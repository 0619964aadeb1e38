"""Makes the ids of nodes and relations from what they are known by; the same facts give the same ids on every graph.

It must not know a database nor what an identifier means.
"""

from __future__ import annotations

import hashlib
from typing import Final

from graph.changes import Claim
from graph.codes import RelationKind
from graph.vocabulary import BY_CODE, RELATIONS

HEX_DIGITS: Final = 24  # 96 bits: two of a billion nodes share an id with probability 1e-11


def node_id(kind: str, claim: Claim) -> str:
    """`ent_…` from the claim a node is first known by; other claims of the node never change it."""
    return f"{BY_CODE[kind].prefix}_{_digest(claim.key)}"


def other_node_id(kind: str, claim: Claim, version: int) -> str:
    """For a node whose `node_id` is taken: by one of another kind, or one that had this identifier by mistake.

    `version` is the graph's after the write that makes the node.
    """
    return f"{BY_CODE[kind].prefix}_{_digest(claim.key, kind, str(version))}"


def relation_id(kind: RelationKind, start: str, end: str, source: str, key: str, revision: int) -> str:
    """`pos_…`, `hld_…` or `rel_…`; a correction is the next revision, from 1."""
    return f"{RELATIONS[kind].prefix}_{_digest(kind, start, end, source, key, str(revision))}"


def _digest(*parts: str) -> str:
    # Lengths go in, so that ("a", "bc") and ("ab", "c") differ.
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:HEX_DIGITS]
