"""A row of 双公示 as drafts: the decision described, its party, its department and the legal representative mentioned.

It must not know files. Key of a decision: authority, document number, party: one document may punish several.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, PenaltyType, RecordKind, RelationKind, SubjectKind
from graph.identifiers import Malformed
from graph.periods import Period, day_after, on
from loaders.cells.numbers import MASKED, is_resident_id
from loaders.cells.texts import document_key, half_width
from loaders.double_publicity import words
from loaders.double_publicity.columns import PENALTY_2015, PENALTY_2018, PERMIT_2015
from loaders.double_publicity.departments import authority
from loaders.entries import Entry
from loaders.parties import organisation, organisation_claims, party_of_record, person, ref
from loaders.registry.transform import office, representative
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
FINE: Final = re.compile(r"罚款(?:人民币|计|共计|合计|:)*([\d,]+(?:\.\d+)?)(万?)元")
FACTOR: Final = 10_000  # yuan and 万元 mixed up
STATES: Final = {True: words.STATES_2015, False: words.STATES_2018}


def build(fields: Fields, layout: str, context: Context) -> Entry:
    entry = fields.number
    kind = RecordKind.PENALTY if layout in (PENALTY_2015, PENALTY_2018) else RecordKind.PERMIT
    decider = authority(fields)
    decision = f"{decider.claims[0].value}|{document_key(fields.need('number'))}"
    old = layout in (PENALTY_2015, PERMIT_2015)
    party = _party(fields, context, decision, old=old)
    claim = Claim(IdentifierScheme.OTHER, f"{decision}|{party.claims[0].key}", issuer=kind.value, lookup=False)
    values = _common(fields, old=old)
    values |= _penalty(fields) if kind is RecordKind.PENALTY else _permit(fields)
    record = NodeDraft(ref(kind, claim), kind, (claim,), (VersionDraft(values),), entry, entry)
    relations = [
        RelationDraft(RelationKind.ABOUT, record.ref, party.ref, f"ABOUT|{claim.key}", entry, row=entry),
        RelationDraft(RelationKind.ISSUED_BY, record.ref, decider.ref, f"ISSUED_BY|{claim.key}", entry, row=entry),
    ]
    nodes = [record, party, *([decider] if decider.ref != party.ref else [])]
    name, decided = fields.text("representative"), fields.day("decidedOn")
    if name is not None and party.kind != SubjectKind.PERSON and decided is not None and decided.exact:
        holder = representative(fields, context, party, name, strict=False)
        # The row proves the office on the day of the decision and says nothing of other days.
        that_day = Period(decided, on(day_after(decided.first)))
        kind_of_post = office(party)
        key = f"{kind_of_post}|{holder.claims[0].key}|{party.claims[0].key}|{decided}"
        nodes.append(holder)
        relations.append(RelationDraft(kind_of_post, holder.ref, party.ref, key, entry, that_day, row=entry))
    return Entry(entry, tuple(nodes), tuple(relations))


def _party(fields: Fields, context: Context, decision: str, *, old: bool) -> NodeDraft:
    name, entry = fields.need("name"), fields.number
    found = fields.numbers(*NUMBERS)
    claims = organisation_claims(found.values())
    faulty = next((key for key, each in found.items() if each.fault is not None), None)
    if claims:
        if faulty is not None:
            fields.note("另一个号码无效,未使用", "another number is invalid and not used")
        return organisation(claims, {"name": name}, entry)
    category = half_width(fields.text("category") or "")
    number, scheme = fields.text("document"), fields.scheme("documentType")
    masked = MASKED in fields.said.get("document", ())
    natural = "自然人" in category or "个体" in category
    if (number or scheme or masked) and not (old or natural):
        _check_bearer(fields)
    if number is not None:
        if scheme is None and is_resident_id(number):
            scheme = IdentifierScheme.RESIDENT_ID
        if scheme is None:
            raise Fault(
                "document",
                "不是有效的身份证号码:请核对,或填写证件类型",
                "not a valid resident ID number: check it, or give the document type",
            )
        try:
            return person(context.person_key, scheme, number, name, entry)
        except Malformed as error:
            raise wrong_document("document", error.reason) from error
    if "自然人" in category or scheme is not None or masked:
        fields.note("没有证件号码,自成一个节点", "a person without a number is a node of this decision alone")
        return party_of_record(SubjectKind.PERSON, decision, name, entry)
    if "个体" in category:
        fields.note("没有号码,自成一个节点", "a sole trader without a number is a node of this decision alone")
        return party_of_record(SubjectKind.ENTERPRISE, decision, name, entry)
    fault = None if faulty is None else found[faulty].fault
    raise Fault(
        faulty or "uscc",
        f"没有可用的号码({fault.zh if fault else '均为空'}):单位请填统一社会信用代码,自然人请填证件号码,名称不作匹配",
        f"no usable number ({fault.en if fault else 'all are empty'}): give an organisation's USCC or a "
        "person's document number; names are never matched",
    )


def _check_bearer(fields: Fields) -> None:
    """In 2018 证件号码 follows the representative: where one is named beside the party it may be his."""
    if fields.text("representative") not in (None, fields.text("name")):
        raise Fault(
            "uscc",
            "没有可用的号码,证件号码是法定代表人的还是相对人的不明:单位请填统一社会信用代码,自然人请清空法定代表人",
            "no usable number, and whose document this is cannot be told: give an organisation's USCC; where the party "
            "is a person, empty the cell of the representative",
        )


def _common(fields: Fields, *, old: bool) -> dict[str, Value]:
    values: dict[str, Value] = {"documentNumber": fields.need("number")}
    for key in ("decidedOn", "from", "to", "publishedTo"):
        if (day := fields.day(key)) is not None:
            values[key] = str(day)
    for key in ("reason", "content"):
        if (text := fields.text(key)) is not None:
            values[key] = text
    fields.period("from" if fields.day("from") else "decidedOn", "to")
    fields.period("decidedOn", "publishedTo")
    values["state"] = _state(fields, old=old)
    _scope(fields, values)
    return values


def _code(fields: Fields, key: str) -> str | None:
    """`1`, `1.0` and `01` are one code."""
    text = fields.text(key)
    if text is None:
        return None
    plain = half_width(text).removesuffix(".0")
    return str(int(plain)) if plain.isascii() and plain.isdigit() else plain


def _state(fields: Fields, *, old: bool) -> str:
    code = _code(fields, "state")
    if code is None:
        return "ACTIVE"
    known = STATES[old]
    if code not in known:
        told = "、".join(known)
        raise Fault("state", f"未知状态“{code[:20]}”,可填:{told}", f"unknown state “{code[:20]}”; one of {told}")
    if old and code in words.REMARKED_2015:
        fields.note(f"状态“{code}”(异议或其他)不停止效力", f"the state “{code}” (objection, other) ends no effect")
    return known[code].value


def _scope(fields: Fields, values: dict[str, Value]) -> None:
    """信息使用范围 1 and 2 are not for the public: an empty window of publication says so."""
    code = _code(fields, "scope")
    if code is None or code in words.PUBLISHED:
        return
    if code not in words.UNPUBLISHED:
        raise Fault("scope", "信息使用范围应为 0、1、2", "the scope of use is 0, 1 or 2")
    values["publishedFrom"] = values["publishedTo"] = values["decidedOn"]
    fields.note("信息使用范围不含公示,不对公众显示", "not for publication by its scope of use: hidden from the public")


def _penalty(fields: Fields) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if (facts := fields.text("facts")) is not None:
        values["facts"] = facts
    types = _types(fields)
    if types:
        values["types"] = types
    for key in ("fine", "confiscated"):
        if (fen := fields.whole(key)) is not None:
            values[key] = fen
    _compare_fine(fields)
    if (licence := fields.text("licence")) is not None:
        code = next((code for word, code in words.LICENCES if word in licence), None)
        if code is None:
            fields.note(f"证照“{licence[:40]}”不在对照表中", f"the licence “{licence[:40]}” is in no table of ours")
        else:
            values["licence"] = code
            if code != words.BUSINESS:
                values["sector"] = code
    if (basis := fields.text("basis")) is not None:
        cited = ARTICLE.findall(basis) or [(basis, "")]
        values["basisDocuments"] = tuple(document for document, _ in cited)
        values["basisArticles"] = tuple(article for _, article in cited)
    seriousness = _code(fields, "seriousness")
    if seriousness is not None:
        if seriousness not in words.SERIOUSNESS:
            raise Fault("seriousness", "失信严重程度应为 0、1、2、3", "the seriousness is 0, 1, 2 or 3")
        if (degree := words.SERIOUSNESS[seriousness]) is not None:
            values["seriousness"] = degree.value
        else:
            fields.note(f"失信严重程度“{seriousness}”不载入", f"the seriousness “{seriousness}” is not loaded")
    return values


def _types(fields: Fields) -> tuple[str, ...]:
    found: set[PenaltyType] = set()
    content = fields.text("content") or ""
    for key in ("types", "moreTypes"):
        written = fields.text(key)
        if written is None:
            continue
        for form, kinds in words.CLASSES:
            if form.search(written) is None:
                continue
            told = [kind for word, kind in kinds if word in content]
            found |= set(told if len(told) == 1 else [PenaltyType.OTHER])
            if len(told) != 1:
                fields.note(
                    f"“{written[:40]}”未写明是哪一种", f"“{written[:40]}” does not say which of them was imposed"
                )
            written = form.sub("", written)
            written = words.SEPARATORS.sub(
                ";", written.replace("许可证件", "").replace("许可证", "").replace("执照", "")
            )
        for part in words.SEPARATORS.split(written):
            plain = "".join(part.split())
            if not plain:
                continue
            kind = next((kind for word, kind in words.PENALTY_TYPES if word in plain), None)
            if kind is None:
                fields.note(f"处罚类别“{plain[:20]}”记为其他", f"the penalty type “{plain[:20]}” is kept as OTHER")
            found.add(kind or PenaltyType.OTHER)
    return tuple(sorted(each.value for each in found))


def _compare_fine(fields: Fields) -> None:
    """A column in 万元 filled in yuan, or the other way round, shows where the text says the sum."""
    fine, content = fields.whole("fine"), fields.text("content")
    match = None if content is None else FINE.search(half_width(content))
    if fine is None or match is None:
        return
    fen = Decimal(match[1].replace(",", "")) * (FACTOR if match[2] else 1) * 100
    if fen and (fine == fen * FACTOR or fine * FACTOR == fen):
        fields.note(
            f"罚款金额与处罚内容“{match[0]}”相差一万倍,请核对单位;两者均保留",
            f"the fine and the text “{match[0]}” differ by a factor of 10,000: check the unit; both are kept",
        )


def _permit(fields: Fields) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if (code := _code(fields, "kind")) is not None:
        kind = next(
            (kind for word, kind in words.PERMIT_KINDS.items() if code == word or (len(word) > 1 and word in code)),
            None,
        )
        if kind is None:
            fields.note(f"许可类别“{code[:20]}”记为其他", f"the permit kind “{code[:20]}” is kept as OTHER")
        values["permitKind"] = (kind or words.PERMIT_KINDS["其他"]).value
    certificate = [text for key in ("certificate", "certificateNumber") if (text := fields.text(key)) is not None]
    if certificate:
        values["certificate"] = " ".join(certificate)
    return values
