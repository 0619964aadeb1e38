"""A row of a table of posts as drafts: the person described, the organisation mentioned, a relation for every post.

It must not know files; a person without a document is a node of his own at this organisation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from graph.changes import NodeDraft, RelationDraft, Value
from graph.codes import IdentifierScheme, PostKind, RelationKind
from graph.identifiers import Malformed
from graph.periods import stored_start
from graph.vocabulary import relation_of
from graph.words import words
from loaders.cells.numbers import is_resident_id
from loaders.cells.texts import half_width
from loaders.entries import Entry
from loaders.parties import organisation, organisation_claims, person, person_at
from loaders.tables.entries import Context
from loaders.tables.fields import Fault, Fields, wrong_document

JOINTS: Final = re.compile(r"[/、,;|]|兼")
DECLARED: Final = "DECLARED"
WORDS: Final[Mapping[str, PostKind]] = {
    **{words(each).zh: each for each in PostKind},
    "法人代表": PostKind.LEGAL_REPRESENTATIVE,
    "法人": PostKind.LEGAL_REPRESENTATIVE,
    "负责人": PostKind.PRINCIPAL,
    "经营者": PostKind.PRINCIPAL,
    "董事长": PostKind.DIRECTOR,
    "副董事长": PostKind.DIRECTOR,
    "执行董事": PostKind.DIRECTOR,
    "独立董事": PostKind.DIRECTOR,
    "董事会成员": PostKind.DIRECTOR,
    "监事长": PostKind.SUPERVISOR,
    "监事会主席": PostKind.SUPERVISOR,
    "职工监事": PostKind.SUPERVISOR,
    "总经理": PostKind.MANAGER,
    "副总经理": PostKind.SENIOR_MANAGER,
    "副经理": PostKind.SENIOR_MANAGER,
    "董事会秘书": PostKind.SENIOR_MANAGER,
    "高管": PostKind.SENIOR_MANAGER,
    "财务总监": PostKind.FINANCE_CHIEF,
    "实控人": PostKind.CONTROLLER,
    "项目负责人": PostKind.PROJECT_MANAGER,
    "职工": PostKind.EMPLOYEE,
    "理事长": PostKind.COUNCIL_MEMBER,
    "副理事长": PostKind.COUNCIL_MEMBER,
    "律师": PostKind.PRACTITIONER,
    "普通合伙人": PostKind.PARTNER,
    "有限合伙人": PostKind.PARTNER,
}


def build(fields: Fields, layout: str, context: Context) -> Entry:
    entry = fields.number
    claims = organisation_claims(fields.numbers("uscc").values())
    if not claims:
        raise Fault("uscc", "号码不可用:请核对统一社会信用代码", "the number cannot be used: check the USCC")
    name = fields.text("organization")
    firm = organisation(claims, {} if name is None else {"name": name}, entry)
    holder = _person(fields, context, firm)
    period = fields.period("from", "to")
    drafts = []
    for post in _posts(fields.need("posts")):
        kind = relation_of(post)
        values: dict[str, Value] = {}
        if kind is RelationKind.SERVES_AS:
            values["post"] = post.value
        elif kind is RelationKind.CONTROLS:
            values["basis"] = DECLARED
        key = "|".join((post, holder.claims[0].key, firm.claims[0].key, stored_start(period)))
        drafts.append(RelationDraft(kind, holder.ref, firm.ref, key, entry, period, values, entry))
    return Entry(entry, (holder, firm), tuple(drafts))


def _person(fields: Fields, context: Context, firm: NodeDraft) -> NodeDraft:
    name, number, scheme = fields.need("name"), fields.text("document"), fields.scheme("documentType")
    if number is None:
        return person_at(firm, name, fields.number, mention=False)
    if scheme is None:
        if not is_resident_id(number):
            raise Fault(
                "document",
                "不是有效的身份证号码:请核对,或填写证件类型",
                "not a valid resident ID number: check it, or give the document type",
            )
        scheme = IdentifierScheme.RESIDENT_ID
    try:
        return person(context.person_key, scheme, number, name, fields.number, mention=False)
    except Malformed as error:
        raise wrong_document("document", error.reason) from error


def _posts(written: str) -> tuple[PostKind, ...]:
    """Every post of a cell, each once; a word that is none sends the row back."""
    found = []
    for word in JOINTS.split(half_width(written)):
        plain = "".join(word.split())
        if not plain:
            continue
        if plain not in WORDS:
            raise Fault(
                "posts",
                f"职务“{plain[:20]}”不在对照表中,可填:{'、'.join(WORDS)}",
                f"“{plain[:20]}” is no post we know; see docs/sources.md for the words",
            )
        found.append(WORDS[plain])
    if not found:
        raise Fault("posts", "没有职务:请补填", "no post: fill it in")
    return tuple(dict.fromkeys(found))
