"""The persons whom an item names beside its party: by document, else a node of his own at the organisation.

It must not know what ties them to the row.
"""

from __future__ import annotations

from graph.changes import NodeDraft
from graph.codes import SubjectKind
from loaders.addressees import known_person
from loaders.catalog.item import Person
from loaders.parties import party_of_record, person_at
from loaders.tables.entries import Context
from loaders.tables.fields import Fields


def named_person(named: Person, fields: Fields, context: Context, party: NodeDraft, of: str) -> NodeDraft | None:
    """None where the row names nobody. Beside a party that is a person, he is a node of the record `of`."""
    name = fields.text(named.name)
    if name is None:
        return None
    number = None if named.document is None else fields.text(named.document)
    if named.document is not None and number is not None:
        scheme = None if named.document_type is None else fields.scheme(named.document_type)
        return known_person(fields, context, (named.document, number, scheme), name)
    if party.kind == SubjectKind.PERSON:
        return party_of_record(SubjectKind.PERSON, of, name, fields.number)
    return person_at(party, name, fields.number)
