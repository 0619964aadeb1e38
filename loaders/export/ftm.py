"""The export `ftm`: FollowTheMoney entities, one a line: companies, bodies, persons, ownership, offices, links.

It must not know how the graph is read; records and measures are not in it (docs/exports.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from graph.codes import IdentifierScheme, RelationKind, SubjectKind
from graph.progress import Advance
from graph.store.exported import Edge, Export, Node
from graph.vocabulary import post_of
from loaders.export import statements
from loaders.export.statements import Statement, bounds, numbers, yuan
from loaders.ftm.words import (
    CONTROL,
    COUNTRY,
    CURRENCY,
    ENDS,
    LINK,
    NUMBERS,
    RELATIONS,
    SCHEMATA,
    VOTES,
)
from loaders.statements.values import SHARE_UNITS

DATASET: Final = "creditgraph"
TEXTS: Final = {"address": "address", "status": "status", "established": "incorporationDate"}


async def write(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    return await statements.write(
        export, place, advance, frame=(b"", b"\n", b"\n"), kinds=RELATIONS, party=_party, relation=_relation
    )


def _party(node: Node, day: date) -> Statement:
    kind, values = SubjectKind(node.kind), node.on(day.isoformat()).values
    schema = SCHEMATA[kind]
    told: dict[str, list[str]] = {"name": [str(values["name"])]} if "name" in values else {}
    for word, shown in numbers(node, day):
        if word in set(IdentifierScheme) and (name := NUMBERS.get(IdentifierScheme(word))) is not None:
            told.setdefault(name, []).append(shown)
    told["country"] = [COUNTRY]
    if kind is not SubjectKind.PERSON:
        told |= {theirs: [str(values[ours])] for ours, theirs in TEXTS.items() if ours in values}
    if "form" in values:
        told["legalForm"] = [str(values["form"])]
    if "registeredCapital" in values:
        told |= {"capital": [yuan(int(str(values["registeredCapital"])))], "currency": [CURRENCY]}
    return _entity(node.id, schema, told)


def _relation(edge: Edge, _: date) -> Statement:
    schema = RELATIONS[edge.kind]
    start, end = ENDS[schema]
    told = {start: [edge.start], end: [edge.end], "publisher": [edge.source]}
    told |= {name: [day] for name, day in bounds(edge, whole=False).items()}
    if edge.kind is RelationKind.CONTROLS:
        basis = edge.values.get("basis")
        told["ownershipType"] = [f"{CONTROL}/{basis}" if basis else CONTROL]
    if "share" in edge.values:
        told["percentage"] = [_percent(edge.values["share"])]
    if "votes" in edge.values:
        told["summary"] = [f"{VOTES}{_percent(edge.values['votes'])}"]
    if "capital" in edge.values:
        told |= {"sharesValue": [yuan(int(str(edge.values["capital"])))], "sharesCurrency": [CURRENCY]}
    post = post_of(edge.kind, None if "post" not in edge.values else str(edge.values["post"]))
    if schema == LINK:
        told["role"] = [edge.kind.value]
    elif post is not None and edge.kind is not RelationKind.CONTROLS:
        told["role"] = [post.value]
    return _entity(edge.id, schema, told)


def _percent(units: object) -> str:
    return f"{Decimal(int(str(units))) / SHARE_UNITS:f}"


def _entity(id: str, schema: str, properties: dict[str, list[str]]) -> Statement:
    return {"id": id, "schema": schema, "properties": properties, "datasets": [DATASET]}
