"""A record that is only supposed, as the database would have told it: so that an answer can show it like a stored one.

It must not know what is supposed nor why; such a record has an id no stored node has, and no neighbours but its
subjects and its list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph.facts import Record
from graph.periods import OPEN_END, OPEN_START, Period, stored_end, stored_start
from graph.rules import CreditListName
from graph.store.projection import Near
from graph.store.rows import RECORD_PROPERTIES
from schema.planning.listing import PageOf
from schema.planning.shapes import Again, Neighbour, NodeShape, Place, RelationShape
from schema.scope import SUPPOSED


def near_places(place: Place) -> Iterator[tuple[Neighbour, Place]]:
    """Where subjects of a supposed record are shown, as positions of their own that can be read by id."""
    for child in place.nodes.children.values():
        if isinstance(child, Neighbour) and child.near is Near.SUBJECTS:
            yield child, Place(child.number, child.shape, RelationShape(-child.number - 1))


def raw_record(
    record: Record, listed: CreditListName | None, known: str, shape: NodeShape, near: Mapping[int, list[Any]]
) -> dict[str, Any]:
    """The row of the record: what was supposed of it, and nothing else. `near`: rows by the number of their field."""
    values = {name: value for name, value in _properties(record) if value is not None}
    base = _base(record.id, record.kind.value, values, known)
    row = dict(base)
    for child in shape.children.values():
        if isinstance(child, Again):
            row[child.key] = base
        elif isinstance(child, Neighbour):
            row[child.key] = near.get(child.number, [])
            if child.near is Near.ON_LIST and listed is not None:
                row[child.key] = [_list(f"{record.id}:list", listed, known, child.shape)]
    return row


def _list(id: str, listed: CreditListName, known: str, shape: NodeShape) -> dict[str, Any]:
    """The list as the rule pack names it; its owner and entries are of the stored one alone."""
    values = {"name": listed.name, "aliases": list(listed.aliases), "polarity": listed.polarity}
    nothing = {
        each.key: [[], 0, False] if isinstance(each, PageOf) and not each.bare else []
        for each in shape.children.values()
    }
    return {**_base(id, "CREDIT_LIST", values, known), **nothing}


def _base(id: str, kind: str, values: Mapping[str, Any], known: str) -> dict[str, Any]:
    """A node that was always so: by its snapshot and by its one version."""
    version = {
        **dict.fromkeys(RECORD_PROPERTIES),
        **values,
        "validFrom": OPEN_START,
        "validTo": OPEN_END,
        "recordedAt": known,
        "source": SUPPOSED,
        "hash": "",
        "publicFrom": OPEN_START,
        "publicTo": OPEN_END,
    }
    own = {"id": id, "kind": kind, "version": 0, "snapFrom": OPEN_START, "snapTo": OPEN_END, "past": False}
    return {**version, **own, "w": [version]}


def _properties(record: Record) -> Iterator[tuple[str, Any]]:
    yield "decidedOn", None if record.decided_on is None else str(record.decided_on)
    yield from _period("from", "to", record.effective)
    if record.offence is not None:
        yield from _period("offenceFrom", "offenceTo", record.offence)
    yield "state", record.state.value
    for name, ended in (
        ("revokedOn", record.revoked_on),
        ("setAsideOn", record.set_aside_on),
        ("liftedOn", record.lifted_on),
        ("repairedOn", record.repaired_on),
    ):
        yield name, None if ended is None else str(ended)
    if record.suspended is not None:
        yield from _period("suspendedFrom", "suspendedTo", record.suspended)
    yield "types", sorted(record.types)
    yield "sector", record.sector
    yield "licence", record.licence
    yield "list", record.list
    yield "largeDebt", record.large_debt
    yield "seriousness", None if record.seriousness is None else record.seriousness.value
    yield "basisDocuments", [each.document for each in record.basis]
    yield "basisArticles", [each.article or "" for each in record.basis]


def _period(start: str, end: str, period: Period) -> Iterator[tuple[str, str]]:
    yield start, stored_start(period)
    yield end, stored_end(period)
