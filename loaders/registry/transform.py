"""A row of a registry export as drafts: the organisation described, its legal representative mentioned.

It must not know files; the day on which a representative took office is not in a registry export and stays open.
"""

from __future__ import annotations

import re
from typing import Final

from graph import regions
from graph.changes import NodeDraft, RelationDraft, Value
from graph.codes import EnterpriseForm, IdentifierScheme, RelationKind, SubjectKind, SubjectStatus
from graph.identifiers import Malformed
from graph.vocabulary import BY_CODE
from loaders.cells.numbers import is_resident_id
from loaders.cells.texts import half_width
from loaders.entries import Entry
from loaders.parties import organisation, organisation_claims, person, person_at
from loaders.tables.entries import Context
from loaders.tables.fields import Fault, Fields, wrong_document

# The first word found decides: a branch of a limited company is a branch.
FORMS: Final = (
    ("分公司", EnterpriseForm.BRANCH),
    ("分支机构", EnterpriseForm.BRANCH),
    ("分店", EnterpriseForm.BRANCH),
    ("个体", EnterpriseForm.INDIVIDUAL_BUSINESS),
    ("合作社", EnterpriseForm.COOPERATIVE),
    ("股份有限", EnterpriseForm.JOINT_STOCK_COMPANY),
    ("有限责任", EnterpriseForm.LIMITED_COMPANY),
    ("有限公司", EnterpriseForm.LIMITED_COMPANY),
    ("个人独资", EnterpriseForm.SOLE_PROPRIETORSHIP),
    ("合伙", EnterpriseForm.PARTNERSHIP),
    ("全民所有", EnterpriseForm.STATE_ENTERPRISE),
    ("国有", EnterpriseForm.STATE_ENTERPRISE),
    ("集体", EnterpriseForm.COLLECTIVE_ENTERPRISE),
    ("外商", EnterpriseForm.FOREIGN_INVESTED),
    ("外资", EnterpriseForm.FOREIGN_INVESTED),
    ("中外", EnterpriseForm.FOREIGN_INVESTED),
    ("台港澳", EnterpriseForm.FOREIGN_INVESTED),
    ("港澳台", EnterpriseForm.FOREIGN_INVESTED),
)
STATUSES: Final = (
    ("吊销", SubjectStatus.LICENCE_REVOKED),
    ("注销", SubjectStatus.DEREGISTERED),
    ("迁出", SubjectStatus.MOVED_OUT),
    ("清算", SubjectStatus.IN_LIQUIDATION),
    ("破产", SubjectStatus.BANKRUPT),
    ("责令关闭", SubjectStatus.CLOSED_BY_ORDER),
    ("停业", SubjectStatus.SUSPENDED),
    ("歇业", SubjectStatus.SUSPENDED),
    ("存续", SubjectStatus.ACTIVE),
    ("在营", SubjectStatus.ACTIVE),
    ("开业", SubjectStatus.ACTIVE),
    ("在业", SubjectStatus.ACTIVE),
    ("正常", SubjectStatus.ACTIVE),
    ("登记成立", SubjectStatus.ACTIVE),
)
SOLE_TRADER: Final = "92"
INDUSTRY: Final = re.compile(r"[A-T]|[A-T]?\d{2,4}")
ENDINGS: Final = "省市区县"
PROVINCES: Final = {code: each.name for code, each in regions.REGIONS.items() if code.endswith("0000")}
REGION_NAMES: Final = {
    name: code
    for code, each in sorted(regions.REGIONS.items(), key=lambda item: item[1].until is None)
    for name in (each.name, each.name.rstrip(ENDINGS))
    if len(name) > 1 and name not in ("城区", "郊区")  # words of every city
}


def build(fields: Fields, layout: str, context: Context) -> Entry:
    found = fields.numbers("uscc", "registrationNumber", "organisationCode")
    claims = organisation_claims(found.values())
    if not claims:
        raise Fault(
            next((key for key, each in found.items() if each.fault is not None), "uscc"),
            "没有可用的号码:请补填统一社会信用代码(或注册号、组织机构代码),名称不作匹配",
            "no usable number: give the USCC (or registration number or organisation code); names are never matched",
        )
    entry = fields.number
    firm = organisation(claims, {"name": fields.need("name")}, entry, mention=False)
    firm = organisation(claims, _values(fields, firm), entry, mention=False)
    holders: dict[str, NodeDraft] = {}
    posts: dict[str, RelationDraft] = {}
    if (name := fields.text("representative")) is not None:
        holder = representative(fields, context, firm, name)
        holders[holder.ref] = holder
        post = _post(office(firm), holder, firm)
        posts[post.key] = post
    if (name := fields.text("principal")) is not None:
        same = [each for each in holders.values() if each.versions[0].values["name"] == name]
        holder = same[0] if same else person_at(firm, name, entry)
        holders[holder.ref] = holder
        post = _post(RelationKind.PRINCIPAL_OF, holder, firm)
        posts[post.key] = post
    return Entry(entry, (firm, *holders.values()), tuple(posts.values()))


OFFICES: Final = frozenset({RelationKind.LEGAL_REPRESENTATIVE_OF, RelationKind.PRINCIPAL_OF})


def office(firm: NodeDraft) -> RelationKind:
    """What the column 法定代表人 means: a branch and a sole trader are no legal persons and have a 负责人 only."""
    form = firm.versions[0].values.get("form")
    sole = firm.claims[0].scheme is IdentifierScheme.USCC and firm.claims[0].value.startswith(SOLE_TRADER)
    if sole or form in (EnterpriseForm.BRANCH, EnterpriseForm.INDIVIDUAL_BUSINESS):
        return RelationKind.PRINCIPAL_OF
    return RelationKind.LEGAL_REPRESENTATIVE_OF


def _post(kind: RelationKind, holder: NodeDraft, firm: NodeDraft) -> RelationDraft:
    key = f"{kind}|{holder.claims[0].key}|{firm.claims[0].key}"
    return RelationDraft(kind, holder.ref, firm.ref, key, firm.entry, row=firm.entry)


def representative(fields: Fields, context: Context, firm: NodeDraft, name: str, *, strict: bool = True) -> NodeDraft:
    """The legal representative by document where one is given, else by organisation and name.

    A number that cannot be right is a fault of the row, or without `strict` only remarked.
    """
    number, scheme = fields.text("representativeDocument"), fields.scheme("representativeDocumentType")
    if number is None:
        return person_at(firm, name, fields.number)
    if scheme is None and is_resident_id(number):
        scheme = IdentifierScheme.RESIDENT_ID
    if scheme is None:
        fields.note(
            "法定代表人的证件类型不明,证件号码未使用",
            "the representative's document type is not known: number not used",
        )
        return person_at(firm, name, fields.number)
    try:
        return person(context.person_key, scheme, number, name, fields.number)
    except Malformed as error:
        if strict:
            raise wrong_document("representativeDocument", error.reason) from error
        fields.note(
            f"法定代表人的证件号码未使用:{error.reason.zh}",
            f"the representative's number is not used: {error.reason.en}",
        )
        return person_at(firm, name, fields.number)


def _values(fields: Fields, firm: NodeDraft) -> dict[str, Value]:
    """The properties that the kind of the organisation has."""
    values: dict[str, Value] = {"name": fields.need("name")}
    if (established := fields.day("established")) is not None:
        values["established"] = str(established)
    if (capital := fields.whole("capital")) is not None:
        values["registeredCapital"] = capital
    if (address := fields.text("address")) is not None:
        values["address"] = address
    if (region := _region(fields)) is not None:
        values["region"] = region
    if (status := fields.text("status")) is not None:
        values["status"] = _status(fields, status)
    if firm.kind == SubjectKind.ENTERPRISE:
        values |= _enterprise(fields, firm)
    return {name: value for name, value in values.items() if name in BY_CODE[firm.kind].names}


def _enterprise(fields: Fields, firm: NodeDraft) -> dict[str, Value]:
    values: dict[str, Value] = {}
    written = fields.text("form")
    form = next((form for word, form in FORMS if written is not None and word in half_width(written)), None)
    if form is None and firm.claims[0].scheme is IdentifierScheme.USCC:
        form = {"2": EnterpriseForm.INDIVIDUAL_BUSINESS, "3": EnterpriseForm.COOPERATIVE}.get(firm.claims[0].value[1])
    if form is None and written is not None:
        form = EnterpriseForm.OTHER
        fields.note(f"企业类型“{written}”记为其他", f"the type “{written}” is kept as OTHER")
    if form is not None:
        values["form"] = form.value
    if (industry := fields.text("industry")) is not None:
        code = half_width(industry).upper()
        if INDUSTRY.fullmatch(code) is None:
            raise Fault("industry", "行业代码应如 F5161 或 5161", "an industry code looks like F5161 or 5161")
        values["industry"] = code
    return values


def _status(fields: Fields, written: str) -> str:
    status = next((status for word, status in STATUSES if word in written), None)
    if status is None:
        fields.note(f"登记状态“{written}”记为不明", f"the status “{written}” is kept as UNKNOWN")
    return (status or SubjectStatus.UNKNOWN).value


def _region(fields: Fields) -> str | None:
    """A region by code or by name, with or without 市 and 区; 江门 alone is the city."""
    written = fields.text("region")
    province = fields.text("province")
    if written is not None:
        word = half_width(written).removesuffix(".0")
        if regions.known(word):
            return word
        for name in sorted(REGION_NAMES, key=len, reverse=True):
            if word.endswith(name) and _inside(REGION_NAMES[name], province):
                return REGION_NAMES[name]
        fields.note(f"地区“{written}”不在区划表中", f"the region “{written}” is not in the table of regions")
    if province is not None:
        name = half_width(province).rstrip(ENDINGS)
        return next((code for code, full in PROVINCES.items() if name and full.startswith(name)), None)
    return None


def _inside(code: str, province: str | None) -> bool:
    return province is None or PROVINCES[f"{code[:2]}0000"].startswith(half_width(province).rstrip(ENDINGS))
