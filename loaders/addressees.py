"""Whom a decision is about (行政相对人): by number, else a node of that decision alone; and the articles it cites.

It must not know files or any one kind of decision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from graph.changes import NodeDraft, Value
from graph.codes import IdentifierScheme, SubjectKind
from graph.identifiers import Malformed
from loaders.cells.numbers import Number, is_resident_id
from loaders.cells.texts import half_width
from loaders.parties import organisation, organisation_claims, party_of_record, person
from loaders.tables.entries import Context
from loaders.tables.fields import Fault, Fields, wrong_document

NUMBERS: Final = (
    "uscc", "registrationNumber", "organisationCode", "taxNumber", "institutionCertificate", "socialCertificate",
)  # fmt: skip
ARTICLE: Final = re.compile(
    r"《([^》]{2,100})》(?:[((][^))]*[))])?\s*"
    r"((?:第[〇零一二三四五六七八九十百千\d]+条)(?:之[一二三四五六七八九十])?"
    r"(?:第[〇零一二三四五六七八九十百\d]+款)?(?:第?[(（]?[一二三四五六七八九十百\d]+[)）]?项)?)?"
)


def addressee(fields: Fields, context: Context, decision: str, *, own_document: bool = False) -> NodeDraft:
    """The party by the keys `name`, `category`, `document`, `documentType`, `partyNumber` and those of NUMBERS.

    `decision` is the key of the decision: a party without any number is a node of it. `own_document`: the table says
    that the document is the party's, whoever else is named beside it.
    """
    name, entry = fields.need("name"), fields.number
    found = fields.numbers(*NUMBERS, "partyNumber")
    claims = organisation_claims(found.values())
    faulty = next((key for key, each in found.items() if each.fault is not None), None)
    if claims:
        if faulty is not None:
            fields.note("另一个号码无效,未使用", "another number is invalid and not used")
        return organisation(claims, {"name": name}, entry)
    category = half_width(fields.text("category") or "")
    key = "document" if fields.values.get("document") is not None else "partyNumber"
    number, scheme = fields.values.get(key), fields.scheme("documentType")
    masked = bool(fields.masked & {"document", "partyNumber"})
    natural = "自然人" in category or category == "个人" or "个体" in category
    if (number is not None or scheme is not None or masked) and not (own_document or natural):
        _check_bearer(fields)
    if isinstance(number, str):
        return known_person(fields, context, (key, number, scheme), name)
    if "自然人" in category or category == "个人" or scheme is not None or masked:
        fields.note("没有证件号码,自成一个节点", "a person without a number is a node of this decision alone")
        return party_of_record(SubjectKind.PERSON, decision, name, entry)
    if "个体" in category:
        fields.note("没有号码,自成一个节点", "a sole trader without a number is a node of this decision alone")
        return party_of_record(SubjectKind.ENTERPRISE, decision, name, entry)
    raise _without_number(faulty, found)


def _check_bearer(fields: Fields) -> None:
    """In 2018 证件号码 follows the representative: where one is named beside the party it may be his."""
    if fields.text("representative") not in (None, fields.text("name")):
        raise Fault(
            "uscc",
            "没有可用的号码,证件号码是法定代表人的还是相对人的不明:单位请填统一社会信用代码,自然人请清空法定代表人",
            "no usable number, and whose document this is cannot be told: give an organisation's USCC; where the party "
            "is a person, empty the cell of the representative",
        )


def _without_number(faulty: str | None, found: Mapping[str, Number]) -> Fault:
    fault = None if faulty is None else found[faulty].fault
    return Fault(
        faulty or "uscc",
        f"没有可用的号码({fault.zh if fault else '均为空'}):单位请填统一社会信用代码,自然人请填证件号码,名称不作匹配",
        f"no usable number ({fault.en if fault else 'all are empty'}): give an organisation's USCC or a "
        "person's document number; names are never matched",
    )


def known_person(
    fields: Fields,
    context: Context,
    document: tuple[str, str, IdentifierScheme | None],
    name: str,
    *,
    mention: bool = True,
) -> NodeDraft:
    """A person with a number: the key of its column, the number, and its type where one is given."""
    key, number, scheme = document
    if scheme is None and is_resident_id(number):
        scheme = IdentifierScheme.RESIDENT_ID
    if scheme is None:
        raise Fault(
            key,
            "不是有效的身份证号码:请核对,或填写证件类型",
            "not a valid resident ID number: check it, or give the document type",
        )
    try:
        return person(context.person_key, scheme, number, name, fields.number, mention=mention)
    except Malformed as error:
        raise wrong_document(key, error.reason) from error


def cited(basis: str) -> dict[str, Value]:
    """The documents and articles of a text, side by side; a text without any is kept as the document."""
    found = ARTICLE.findall(basis) or [(basis, "")]
    return {
        "basisDocuments": tuple(document for document, _ in found),
        "basisArticles": tuple(article for _, article in found),
    }
