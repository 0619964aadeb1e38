"""A row of any catalogue item as drafts: what its shapes say it becomes, its party, its department, the persons named.

It must not know files or any one item; nobody is matched by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RecordKind, RecordState, RelationKind, SubjectKind
from graph.periods import ALWAYS, Day, Period
from graph.vocabulary import Disclosure
from loaders.addressees import addressee, cited, known_person
from loaders.catalog.item import CatalogItem, QualificationShape, RecordShape
from loaders.catalog.keys import distinction
from loaders.catalog.persons import named_person
from loaders.catalog.projects import project
from loaders.catalog.shapes import PARTY, properties
from loaders.catalog.validators import lists
from loaders.deciders import authority
from loaders.entries import Entry
from loaders.named import group_node, list_node
from loaders.parties import organisation, organisation_claims, party_of_record, person_at, ref
from loaders.tables.entries import Build, Context
from loaders.tables.fields import Fault, Fields

# Where a row says nothing of a state: a new record's. What another form or an earlier file has told stays.
STATE: Final[Mapping[str, Value]] = {"state": RecordState.ACTIVE.value}
NEVER_SHOWN: Final = "1900-01-01"  # an empty window of publication, where the item is not for the public


def builder(items: Mapping[str, CatalogItem]) -> Build:
    """How the rows of these items are built, by the code of their layout."""
    return partial(_build, items)


def _build(items: Mapping[str, CatalogItem], fields: Fields, layout: str, context: Context) -> Entry:
    item = items[layout]
    try:
        return _entry(item, fields, context)
    except Fault as fault:
        if fault.key is None or fault.key in item.by_key:
            raise
        # Not every item has a column for every number: the fault is told of the one it has.
        raise Fault("partyNumber" if "partyNumber" in item.by_key else None, *fault.reason) from fault


def _entry(item: CatalogItem, fields: Fields, context: Context) -> Entry:
    nodes: dict[str, NodeDraft] = {}
    relations: list[RelationDraft] = []
    made = False
    for shape in item.shapes:
        if isinstance(shape, RecordShape) and any(fields.values.get(each) is None for each in shape.needs):
            continue
        made = True
        match shape:
            case RecordShape():
                drafts, related = _record(item, shape, fields, context)
            case QualificationShape():
                drafts, related = _qualification(item, shape, fields, context)
            case _:
                drafts, related = project(item, shape, fields, context)
        for each in drafts:
            nodes.setdefault(each.ref, each)
        relations += related
    if not made:
        raise Fault(None, "该行没有可载入的内容", "nothing on this row can be loaded")
    return Entry(fields.number, tuple(nodes.values()), tuple({(r.kind, r.key): r for r in relations}.values()))


Drafts = tuple[list[NodeDraft], list[RelationDraft]]


def _record(item: CatalogItem, shape: RecordShape, fields: Fields, context: Context) -> Drafts:
    entry, kind = fields.number, shape.kind
    decider = authority(fields) if _tells_authority(item, fields) else None
    values = _values(item, shape, fields)
    sort = "|".join(str(values[name]) for name in ("list", "scheme") if name in values)
    decision = "|".join((decider.claims[0].value if decider else "", distinction(shape.key, fields), sort))
    party = addressee(fields, context, decision)
    _check_kind(item, party)
    claim = Claim(IdentifierScheme.OTHER, f"{decision}|{party.claims[0].key}", issuer=kind.value, lookup=False)
    record = NodeDraft(ref(kind, claim), kind, (claim,), (VersionDraft(values, untold=STATE),), entry, entry)
    nodes = [record, party]
    relations = [RelationDraft(RelationKind.ABOUT, record.ref, party.ref, f"ABOUT|{claim.key}", entry, row=entry)]
    if decider is not None:
        nodes.append(decider)
        relations.append(
            RelationDraft(RelationKind.ISSUED_BY, record.ref, decider.ref, f"ISSUED_BY|{claim.key}", entry, row=entry)
        )
    if kind is RecordKind.LIST_ENTRY:
        named = list_node(entry, lists()[str(values["list"])], mention=True)
        listed = Period(fields.day("from") or fields.day("decidedOn"), fields.day("to"))
        nodes.append(named)
        relations.append(
            RelationDraft(RelationKind.ON_LIST, record.ref, named.ref, f"ON_LIST|{claim.key}", entry, listed, row=entry)
        )
    for each in shape.responsible:
        holder = named_person(each.person, fields, context, party, decision)
        if holder is not None:
            key = f"RESPONSIBLE_FOR|{claim.key}|{holder.claims[0].key}|{each.capacity}"
            said: dict[str, Value] = {"capacity": each.capacity.value}
            nodes.append(holder)
            relations.append(
                RelationDraft(RelationKind.RESPONSIBLE_FOR, holder.ref, record.ref, key, entry, ALWAYS, said, entry)
            )
    return nodes, relations


def _tells_authority(item: CatalogItem, fields: Fields) -> bool:
    """An item with a required authority wants one; of others a row may say nothing."""
    element = item.by_key.get("authority")
    if element is None:
        return False
    return element.required == "ALWAYS" or any(fields.text(key) is not None for key in ("authority", "reporter"))


def _values(item: CatalogItem, shape: RecordShape | QualificationShape, fields: Fields) -> dict[str, Value]:
    """The properties of the shape: what is the same in all rows, and the cells of elements of those names."""
    allowed = properties(shape)
    values: dict[str, Value] = dict(shape.values)
    for key in item.by_key:
        value = fields.values.get(key)
        if key in allowed and key not in PARTY and value is not None:
            values[key] = str(value) if isinstance(value, Day) else _stored(value)
    fields.period("from", "to")
    if isinstance(shape, QualificationShape):
        return values
    for start in ("decidedOn", "from"):
        for end in ("to", "publishedTo", "liftedOn", "revokedOn", "repairedOn"):
            _in_order(fields, start, end)
    if (basis := fields.text("basis")) is not None:
        values |= cited(basis)
    if item.disclosure is not Disclosure.PUBLIC:
        values["publishedFrom"] = values["publishedTo"] = NEVER_SHOWN
    return values


def _stored(value: object) -> Value:
    assert isinstance(value, str | int)  # noqa: S101 - the cleaners of properties give nothing else
    return value


def _in_order(fields: Fields, start: str, end: str) -> None:
    first, last = fields.day(start), fields.day(end)
    if first is not None and last is not None and last.last < first.first:
        raise Fault(end, "早于开始日期:请核对两个日期", "before the day it began: check both dates")


def _check_kind(item: CatalogItem, party: NodeDraft) -> None:
    if party.kind not in item.subjects:
        raise Fault(
            "name",
            f"本目录项不包括这类主体({party.kind})",
            f"this item of the catalogue has no subjects of the kind {party.kind}",
        )


def _qualification(item: CatalogItem, shape: QualificationShape, fields: Fields, context: Context) -> Drafts:
    entry, kind = fields.number, "QUALIFICATION"
    values = _values(item, shape, fields)
    which = f"{values['profession']}|{distinction(shape.key, fields)}"
    firm = _employer(fields)
    person = _holder(fields, context, firm, which)
    claim = Claim(IdentifierScheme.OTHER, f"{which}|{person.claims[0].key}", issuer=kind, lookup=False)
    node = NodeDraft(ref(kind, claim), kind, (claim,), (VersionDraft(values),), entry, entry)
    period = Period(fields.day("from"), fields.day("to"))
    held = RelationDraft(
        RelationKind.HAS_QUALIFICATION, person.ref, node.ref, f"HAS_QUALIFICATION|{claim.key}", entry, period, row=entry
    )
    nodes, relations = [node, person], [held]
    revoked = fields.day("revokedOn")  # whoever lost the certificate practises no more
    if firm is not None and shape.relation is not None:
        employed = fields.period("employedFrom", "employedTo")
        employed = Period(employed.start, employed.end or revoked)
        key = f"{shape.relation}|{person.claims[0].key}|{firm.claims[0].key}|{employed.start or ''}"
        nodes.append(firm)
        relations.append(RelationDraft(shape.relation, person.ref, firm.ref, key, entry, employed, row=entry))
    if shape.group is not None:
        group = group_node(entry, shape.group, mention=True)
        key = f"MEMBER_OF|{person.claims[0].key}|{shape.group}"
        nodes.append(group)
        member = Period(None, revoked)
        relations.append(RelationDraft(RelationKind.MEMBER_OF, person.ref, group.ref, key, entry, member, row=entry))
    return nodes, relations


def _employer(fields: Fields) -> NodeDraft | None:
    """The organisation by its code; one that has only a name is said and left out, names are never matched."""
    claims = organisation_claims(fields.numbers("employerCode").values())
    name = fields.text("employer")
    if claims:
        return organisation(claims, {} if name is None else {"name": name}, fields.number)
    if name is not None:
        fields.note(
            f"执业机构“{name}”没有代码,不建立关系",
            f"the organisation “{name}” has no code and is not related: names are never matched",
        )
    return None


def _holder(fields: Fields, context: Context, firm: NodeDraft | None, which: str) -> NodeDraft:
    name, number = fields.need("name"), fields.text("document")
    if number is not None:
        return known_person(fields, context, ("document", number, fields.scheme("documentType")), name)
    if firm is not None:
        return person_at(firm, name, fields.number)
    fields.note("没有证件号码,自成一个节点", "a person without a number is a node of this certificate alone")
    return party_of_record(SubjectKind.PERSON, which, name, fields.number)
