"""A row of 双公示 as drafts: the decision described, its party, its department and the legal representative mentioned.

It must not know files. Key of a decision: authority, document number, party: one document may punish several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, PenaltyType, RecordKind, RecordState, RelationKind, SubjectKind
from graph.periods import Period, day_after, on
from loaders.addressees import addressee, cited
from loaders.cells.texts import document_key, half_width
from loaders.deciders import authority
from loaders.double_publicity import words
from loaders.entries import Entry
from loaders.parties import ref
from loaders.registry.transform import office, representative
from loaders.tables.entries import Context
from loaders.tables.fields import Fields

FINE: Final = re.compile(r"罚款(?:人民币|计|共计|合计|:)*([\d,]+(?:\.\d+)?)(万?)元")
# A form without a state says nothing of it: what another form has told stays, a penalty that was revoked binds nobody.
STATE: Final[Mapping[str, Value]] = {"state": RecordState.ACTIVE.value}
FACTOR: Final = 10_000  # yuan and 万元 mixed up


def build(fields: Fields, layout: str, context: Context) -> Entry:
    entry = fields.number
    kind = RecordKind.PENALTY if layout in words.PENALTIES else RecordKind.PERMIT
    decider = authority(fields)
    decision = f"{decider.claims[0].value}|{document_key(fields.need('number'))}"
    party = addressee(fields, context, decision, own_document=layout in words.OLD)
    claim = Claim(IdentifierScheme.OTHER, f"{decision}|{party.claims[0].key}", issuer=kind.value, lookup=False)
    values = _common(fields)
    values |= _penalty(fields) if kind is RecordKind.PENALTY else _permit(fields)
    said = VersionDraft(values, untold=STATE)
    record = NodeDraft(ref(kind, claim), kind, (claim,), (said,), entry, entry)
    relations = [
        RelationDraft(RelationKind.ABOUT, record.ref, party.ref, f"ABOUT|{claim.key}", entry, row=entry),
        RelationDraft(RelationKind.ISSUED_BY, record.ref, decider.ref, f"ISSUED_BY|{claim.key}", entry, row=entry),
    ]
    nodes = [record, party, *([decider] if decider.ref != party.ref else [])]
    name, decided = fields.text("representative"), fields.day("decidedOn")
    if name is not None and party.kind != SubjectKind.PERSON and decided is not None and decided.exact:
        holder = representative(fields, context, party, name, strict=False)
        # The row proves the office on the day of the decision and says nothing of other days. It is the decision's own
        # proof: its day may be corrected, the row be taken back, and what another decision proves stays.
        that_day = Period(decided, on(day_after(decided.first)))
        kind_of_post = office(party)
        key = f"{kind_of_post}|{holder.claims[0].key}|{claim.key}"
        nodes.append(holder)
        relations.append(RelationDraft(kind_of_post, holder.ref, party.ref, key, entry, that_day, row=entry))
    return Entry(entry, tuple(nodes), tuple(relations))


def _common(fields: Fields) -> dict[str, Value]:
    values: dict[str, Value] = {"documentNumber": fields.need("number")}
    for key in ("decidedOn", "from", "to", "publishedTo"):
        if (day := fields.day(key)) is not None:
            values[key] = str(day)
    for key in ("reason", "content"):
        if (text := fields.text(key)) is not None:
            values[key] = text
    fields.period("from" if fields.day("from") else "decidedOn", "to")
    fields.period("decidedOn", "publishedTo")
    if (state := fields.text("state")) is not None:
        values["state"] = state
    _scope(fields, values)
    return values


def _scope(fields: Fields, values: dict[str, Value]) -> None:
    """信息使用范围 1 and 2 are not for the public: an empty window of publication says so."""
    if fields.text("scope") == words.UNPUBLISHED:
        values["publishedFrom"] = values["publishedTo"] = values["decidedOn"]


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
        values |= cited(basis)
    if (seriousness := fields.text("seriousness")) is not None:
        values["seriousness"] = seriousness
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
    if (kind := fields.text("kind")) is not None:
        values["permitKind"] = kind
    certificate = [text for key in ("certificate", "certificateNumber") if (text := fields.text(key)) is not None]
    if certificate:
        values["certificate"] = " ".join(certificate)
    return values
