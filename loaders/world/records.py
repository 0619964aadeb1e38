"""Entries of `records`, `qualifications` and `responsibility` with the relations each implies.

It must not judge a record: dates govern, `state` is what the source said, and rules are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from graph import identifiers
from graph.changes import NodeDraft, Value, VersionDraft
from graph.codes import RecordKind, RecordState, RelationKind, Text
from graph.identifiers import world_claim
from graph.periods import ALWAYS, Period
from graph.vocabulary import NodeKind
from loaders.named import list_node
from loaders.world.drafts import (
    Built,
    Context,
    kind_of,
    need,
    relation_draft,
    stored,
    values_of,
)
from loaders.world.fields import Fault, Fields
from loaders.world.vocabulary import ACCIDENT_GRADES, GRADES, Section


def qualification(number: int, fields: Fields, context: Context) -> Built:
    person, profession = fields.need("person"), fields.need("profession")
    distinction = fields.day("from") or ""  # never its number: that is not public, the name of a node is
    local = fields.text("id") or "/".join(f"{person}/{profession}/{distinction}".split())
    names = ("profession", "number", "from", "to", "revokedOn", "reason", "sanction")
    node = NodeDraft(
        local,
        "QUALIFICATION",
        (world_claim(context.stem, local),),
        (VersionDraft(values_of(fields, names)),),
        number,
        fields.line,
    )
    draft = relation_draft(
        number,
        fields,
        RelationKind.HAS_QUALIFICATION,
        (person, local),
        ("qualifications", local),
        fields.period(),
    )
    return Built(fields, context.stem, local, "QUALIFICATION", (node,), (draft,), (need("person", person, "Person"),))


def record(number: int, fields: Fields, context: Context) -> Built:
    kind = kind_of(fields, Section.RECORDS)
    local = fields.need("id")
    period = fields.period()
    fields.period("publishedFrom", "publishedTo")
    values = _record_values(fields, kind, context)
    needs = [need("about", about, "Subject") for about in fields.texts("about")]
    relations = [
        relation_draft(number, fields, RelationKind.ABOUT, (local, about), ("records", local, "about", about))
        for about in dict.fromkeys(fields.texts("about"))
    ]
    nodes = [
        NodeDraft(local, kind.code, (world_claim(context.stem, local),), (VersionDraft(values),), number, fields.line)
    ]
    department = fields.text("department")
    if department is not None:
        needs.append(need("department", department, "GovernmentBody"))
        relations.append(
            relation_draft(
                number, fields, RelationKind.ISSUED_BY, (local, department), ("records", local, "department")
            )
        )
    if (related := fields.text("relatedTo")) is not None:
        needs.append(need("relatedTo", related, "Record"))
    if (name := fields.text("list")) is not None:
        node = list_node(number, context.lists[name])
        nodes.append(node)
        listed = Period(period.start or fields.day("decidedOn"), period.end)
        relations.append(
            relation_draft(number, fields, RelationKind.ON_LIST, (local, node.ref), ("records", local, "list"), listed)
        )
    return Built(
        fields,
        context.stem,
        local,
        kind.code,
        tuple(nodes),
        tuple(relations),
        tuple(needs),
        tuple(_record_remarks(fields)),
        department=department,
    )


def _record_values(fields: Fields, kind: NodeKind, context: Context) -> dict[str, Value]:
    plain = kind.names - {"relatedTo", "types", "fine", "accidentGrade"}
    values = values_of(fields, sorted(plain))
    values.setdefault("state", RecordState.ACTIVE.value)
    for key, start, end in (("offence", "offenceFrom", "offenceTo"), ("suspended", "suspendedFrom", "suspendedTo")):
        period = fields.values.get(key)
        if isinstance(period, Period):
            values.update(
                {name: str(day) for name, day in ((start, period.start), (end, period.end)) if day is not None}
            )
    suspended = fields.values.get("suspended")
    if isinstance(suspended, Period):
        _ordered(fields, "suspended", suspended)
    if "type" in fields.values:
        values["types"] = fields.texts("type")
    if kind.code == RecordKind.PENALTY and "amount" in fields.values:
        values["fine"] = stored(fields.values["amount"])
    if kind.code == RecordKind.ACCIDENT and (grade := fields.text("grade")) is not None:
        if grade not in ACCIDENT_GRADES and grade not in ACCIDENT_GRADES.values():
            raise fields.fault("grade", f"未知代码“{grade}”", f"unknown code “{grade}”")
        values["accidentGrade"] = ACCIDENT_GRADES.get(grade, grade)
    if kind.code == RecordKind.GRADE:
        letters = GRADES.get(fields.need("scheme"))
        if letters is not None and fields.need("grade") not in letters:
            raise fields.fault("grade", f"未知代码“{fields.need('grade')}”", f"unknown code “{fields.need('grade')}”")
    basis = fields.values.get("basis")
    if isinstance(basis, tuple):
        values["basisDocuments"] = tuple(document for document, _ in basis)
        values["basisArticles"] = tuple(article for _, article in basis)
    ban = fields.values.get("ban")
    if isinstance(ban, dict):
        values.update(ban)
    if (related := fields.text("relatedTo")) is not None:
        values["relatedTo"] = f"{identifiers.WORLD_PREFIX}{context.stem}:{related}"
    return values


def _ordered(fields: Fields, key: str, period: Period) -> None:
    if period.start is not None and period.end is not None and period.end.last <= period.start.first:
        raise fields.fault(
            key,
            f"结束日期{period.end}不晚于开始日期{period.start}",
            f"ends on {period.end}, not after it began on {period.start}",
        )


def _record_remarks(fields: Fields) -> Iterable[Text]:
    offence = fields.values.get("offence")
    if isinstance(offence, Period):
        try:
            _ordered(fields, "offence", offence)
        except Fault:
            yield Text(
                "违法期间的结束不晚于开始,按不明处理", "the offence ends not after it began and counts as unknown"
            )


def responsibility(number: int, fields: Fields, context: Context) -> Built:
    person, decision, capacity = fields.need("person"), fields.need("record"), fields.need("capacity")
    draft = relation_draft(
        number,
        fields,
        RelationKind.RESPONSIBLE_FOR,
        (person, decision),
        ("responsibility", person, decision, capacity, fields.day("decidedOn")),
        ALWAYS,
        values_of(fields, ("capacity", "decidedOn")),
    )
    needs = (need("person", person, "Person"), need("record", decision, "Record"))
    return Built(fields, context.stem, relations=(draft,), needs=needs)
