"""A row of a table of shareholders as drafts: both ends mentioned, the holding between them.

It must not know files; an organisation without a number is never found by its name.
"""

from __future__ import annotations

from graph.changes import NodeDraft, RelationDraft, Value
from graph.codes import IdentifierScheme, RelationKind
from graph.identifiers import Malformed
from graph.periods import stored_start
from loaders.cells.numbers import is_resident_id, organisation_number
from loaders.cells.reading import Reading, Unclean
from loaders.entries import Entry
from loaders.parties import organisation, organisation_claims, person, person_at
from loaders.tables.entries import Context
from loaders.tables.fields import Fault, Fields, wrong_document

PERSONS = ("自然人", "个人")
ONLY_A_NAME = (
    "只有名称没有号码:请补填统一社会信用代码(或注册号),名称不作匹配",
    "a name without a number: give the USCC (or registration number); names are never matched",
)

NO_CODE = (
    "被投资企业只有名称没有号码:请在“被投资企业统一社会信用代码”列补填(没有该列请增加),名称不作匹配",
    "the organisation has a name and no number: give it in a column 被投资企业统一社会信用代码 (add it where there is "
    "none); names are never matched",
)


def build(fields: Fields, layout: str, context: Context) -> Entry:
    entry = fields.number
    owned = invested(fields)
    holder = _holder(fields, context, owned)
    if holder.ref == owned.ref:
        fields.note("股东与被投资企业是同一主体", "the holder is the organisation itself")
    values: dict[str, Value] = {
        name: value for name in ("share", "votes", "capital") if (value := fields.whole(name)) is not None
    }
    period = fields.period("from", "to")
    key = "|".join((RelationKind.HOLDS, holder.claims[0].key, owned.claims[0].key, stored_start(period)))
    draft = RelationDraft(RelationKind.HOLDS, holder.ref, owned.ref, key, entry, period, values, entry)
    nodes = (owned,) if holder.ref == owned.ref else (holder, owned)
    return Entry(entry, nodes, (draft,))


def invested(fields: Fields) -> NodeDraft:
    """The organisation of the row by its number."""
    claims = organisation_claims(fields.numbers("organizationUscc").values())
    if not claims:
        raise Fault("organizationUscc", *NO_CODE)
    name = fields.text("organization")
    return organisation(claims, {} if name is None else {"name": name}, fields.number)


def _holder(fields: Fields, context: Context, owned: NodeDraft) -> NodeDraft:
    name, entry = fields.need("holder"), fields.number
    written, number, scheme = fields.text("holderType"), fields.text("holderNumber"), fields.scheme("documentType")
    natural = scheme is not None or (written is not None and any(word in written for word in PERSONS))
    claims = organisation_claims(fields.numbers("holderUscc").values())
    if claims and not natural:
        return organisation(claims, {"name": name}, entry)
    if number is not None and not natural and written is None and is_resident_id(number):
        natural = True
    if natural:
        if number is None:
            return person_at(owned, name, entry)
        if scheme is None and is_resident_id(number):
            scheme = IdentifierScheme.RESIDENT_ID
        if scheme is None:
            raise Fault(
                "holderNumber",
                "不是有效的身份证号码:请核对,或填写证件类型",
                "not a valid resident ID number: check it, or give the document type",
            )
        try:
            return person(context.person_key, scheme, number, name, entry)
        except Malformed as error:
            raise wrong_document("holderNumber", error.reason) from error
    if number is None:
        raise Fault("holderUscc", *ONLY_A_NAME)
    try:
        found = organisation_number(number, Reading(notes=fields.notes))
    except Unclean as error:
        raise Fault("holderNumber", *error.reason) from error
    claims = organisation_claims(() if found is None else (found,))
    if not claims:
        raise Fault("holderNumber", *ONLY_A_NAME)
    return organisation(claims, {"name": name}, entry)
