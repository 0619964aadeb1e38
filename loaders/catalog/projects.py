"""A row of a project register as drafts: the project, the organisations around it, and its manager's post.

It must not know files; an organisation without a code is said and left out.
"""

from __future__ import annotations

from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, VersionDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.periods import Period, stored_start
from loaders.catalog.item import CatalogItem, Person, ProjectParty, ProjectShape
from loaders.catalog.keys import distinction
from loaders.catalog.persons import named_person
from loaders.parties import organisation, organisation_claims, ref
from loaders.tables.entries import Context
from loaders.tables.fields import Fault, Fields

KIND: Final = "PROJECT"


def project(
    item: CatalogItem, shape: ProjectShape, fields: Fields, context: Context
) -> tuple[list[NodeDraft], list[RelationDraft]]:
    entry = fields.number
    number = distinction(shape.key, fields)
    claim = Claim(IdentifierScheme.OTHER, number, issuer=KIND, lookup=False)
    node = NodeDraft(ref(KIND, claim), KIND, (claim,), (VersionDraft({"name": fields.need("name")}),), entry, entry)
    nodes, relations = [node], list[RelationDraft]()
    firms: dict[str, NodeDraft] = {}
    for party in shape.parties:
        firm = _firm(party, fields)
        if firm is None:
            continue
        firms[party.name] = firm
        period = _period(party, fields)
        key = f"{party.relation}|{number}|{firm.claims[0].key}"
        nodes.append(firm)
        relations.append(RelationDraft(party.relation, firm.ref, node.ref, key, entry, period, row=entry))
    if not firms:
        first = shape.parties[0]
        raise Fault(
            first.code if first.code in item.by_key else None,
            "没有可用的单位代码:请补填统一社会信用代码,名称不作匹配",
            "no usable code of an organisation: give the USCC; names are never matched",
        )
    if shape.manager is not None and shape.manager_at in firms:
        at = next(each for each in shape.parties if each.name == shape.manager_at)
        post = _managed(shape.manager, fields, context, (firms[at.name], number, _managed_period(shape, fields)))
        nodes += post[0]
        relations += post[1]
    return nodes, relations


def _firm(party: ProjectParty, fields: Fields) -> NodeDraft | None:
    name = fields.text(party.name)
    claims = organisation_claims(fields.numbers(party.code).values())
    if claims:
        return organisation(claims, {} if name is None else {"name": name}, fields.number)
    if name is not None:
        fields.note(
            f"“{name}”没有统一社会信用代码,不建立关系",
            f"“{name}” has no code and is not related: names are never matched",
        )
    return None


def _period(party: ProjectParty, fields: Fields) -> Period:
    if party.start is not None and party.end is not None:
        return fields.period(party.start, party.end)
    return Period(
        None if party.start is None else fields.day(party.start), None if party.end is None else fields.day(party.end)
    )


def _managed_period(shape: ProjectShape, fields: Fields) -> Period:
    """The time of building, where the register tells it."""
    building = next((each for each in shape.parties if each.relation is RelationKind.BUILDS), None)
    return Period() if building is None else _period(building, fields)


def _managed(
    manager: Person, fields: Fields, context: Context, at: tuple[NodeDraft, str, Period]
) -> tuple[list[NodeDraft], list[RelationDraft]]:
    """The manager by document, else a node of his own at the firm; a post for each project."""
    firm, number, period = at
    holder = named_person(manager, fields, context, firm, number)
    if holder is None:
        return [], []
    kind = RelationKind.PROJECT_MANAGER_OF
    key = "|".join((kind, number, holder.claims[0].key, firm.claims[0].key, stored_start(period)))
    return [holder], [RelationDraft(kind, holder.ref, firm.ref, key, fields.number, period, row=fields.number)]
