"""The export `bods`: BODS 0.4 statements of entities, persons, holdings, control and offices, an array line by line.

It must not know how the graph is read; what the standard cannot say (records, measures) is not in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from graph.codes import PostKind, RelationKind, SubjectKind
from graph.progress import Advance
from graph.store.exported import Edge, Export, Node
from graph.vocabulary import post_of
from loaders.bods.words import (
    CAPITAL,
    CONTROL,
    COUNTRY,
    ENTITY_TYPES,
    INTERESTS,
    SHARES,
    VERSION,
    VOTES,
    WHOLE,
)
from loaders.export import statements
from loaders.export.statements import Statement, bounds, numbers, yuan
from loaders.statements.values import SHARE_UNITS

KINDS: Final = (
    *(RelationKind.HOLDS, RelationKind.CONTROLS, RelationKind.LEGAL_REPRESENTATIVE_OF, RelationKind.PRINCIPAL_OF),
    RelationKind.SERVES_AS,
)
PUBLISHER: Final = "信用图谱 creditgraph"
DIGEST_BYTES: Final = 24
# A scheme as the standard names them, beside our own word in `schemeName`.
SCHEMES: Final = {"USCC": "CN-SAIC", "RESIDENT_ID": "CHN-IDCARD", "PASSPORT": "CHN-PASSPORT"}


async def write(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    frame = (b"[\n", b",\n", b"\n]\n")
    return await statements.write(export, place, advance, frame=frame, kinds=KINDS, party=_party, relation=_relation)


def _party(node: Node, day: date) -> Statement:
    said = node.on(day.isoformat())
    identifiers = [
        {"schemeName": word, "id": value, **({"scheme": SCHEMES[word]} if word in SCHEMES else {})}
        for word, value in numbers(node, day)
    ]
    held: Statement = {"identifiers": identifiers} if identifiers else {}
    name = str(said.values.get("name", ""))
    if node.kind == SubjectKind.PERSON:
        details: Statement = {
            "isComponent": False,
            "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": name}],
            **held,
        }
        return _statement(node.id, node.id, "person", details, said.source, day)
    kind = SubjectKind(node.kind)
    form = said.values.get("form")
    details = {
        "isComponent": False,
        "entityType": {"type": ENTITY_TYPES[kind], "details": f"{kind}/{form}" if form else kind.value},
        "name": name,
        "jurisdiction": COUNTRY,
        **held,
    }
    established = str(said.values.get("established", ""))
    if len(established) == len("2000-01-01"):
        details["foundingDate"] = established
    if "address" in said.values:
        details["addresses"] = [{"type": "registered", "address": said.values["address"], "country": COUNTRY}]
    return _statement(node.id, node.id, "entity", details, said.source, day)


def _relation(edge: Edge, day: date) -> Statement | None:
    interests = _interests(edge)
    if not interests:
        return None
    details = {"isComponent": False, "subject": edge.end, "interestedParty": edge.start, "interests": interests}
    return _statement(edge.id, edge.end, "relationship", details, edge.source, day)


def _interests(edge: Edge) -> list[Statement]:
    direct: Statement = {"directOrIndirect": "direct", **bounds(edge, whole=True)}
    if edge.kind is RelationKind.HOLDS:
        shares: Statement = {"type": SHARES, **direct, **_share(edge, "share")}
        if "capital" in edge.values:
            shares["details"] = f"{CAPITAL}{yuan(int(str(edge.values['capital'])))}"
        votes = _share(edge, "votes")
        return [shares, *([{"type": VOTES, **direct, **votes}] if votes else [])]
    if edge.kind is RelationKind.CONTROLS:
        basis = edge.values.get("basis")
        words = f"{RelationKind.CONTROLS}/{basis}" if basis else RelationKind.CONTROLS.value
        return [{"type": CONTROL, "details": words, **direct}]
    post = post_of(edge.kind, None if "post" not in edge.values else str(edge.values["post"]))
    if post is None or post not in INTERESTS:
        return []
    return [{"type": INTERESTS[PostKind(post)], "details": post.value, **direct}]


def _share(edge: Edge, name: str) -> Statement:
    """A share above the whole is a flaw of the source that the standard cannot say."""
    told = {"exact": name, "minimum": f"{name}Least", "maximum": f"{name}Most"}
    found = {word: units for word, stored in told.items() if (units := _units(edge.values.get(stored))) is not None}
    if "exact" in found:
        found = {"exact": found["exact"]}
    return {"share": {word: units / SHARE_UNITS for word, units in found.items()}} if found else {}


def _units(value: Any) -> int | None:
    return int(value) if value is not None and 0 <= value <= WHOLE else None


def _statement(record: str, subject: str, type: str, details: Statement, source: str, day: date) -> Statement:
    told = orjson.dumps([record, day.isoformat(), source, details])
    return {
        "statementId": hashlib.blake2b(told, digest_size=DIGEST_BYTES).hexdigest(),
        "declarationSubject": subject,
        "statementDate": day.isoformat(),
        "publicationDetails": {
            "publicationDate": day.isoformat(),
            "bodsVersion": VERSION,
            "publisher": {"name": PUBLISHER},
        },
        "source": {"type": ["officialRegister"], "description": source},
        "recordId": record,
        "recordStatus": "new",
        "recordType": type,
        "recordDetails": details,
    }
