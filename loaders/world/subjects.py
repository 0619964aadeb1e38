"""Entries of `subjects` and `projects`: identifiers strongest first, and a version for every period.

It must not know relations or records; numbers of documents leave it only as keyed hash and mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from graph import identifiers
from graph.changes import Claim, NodeDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, Text
from graph.identifiers import Uscc, world_claim
from graph.periods import Day, Period, on
from graph.vocabulary import NodeKind
from loaders.world.drafts import (
    Built,
    Context,
    fit,
    kind_of,
    values_of,
)
from loaders.world.fields import Document, Fault, Fields
from loaders.world.vocabulary import DATED, Section


def subject(number: int, fields: Fields, context: Context) -> Built:
    kind = kind_of(fields, Section.SUBJECTS)
    local = fields.need("id")
    remarks: list[Text] = []
    claims = [*_strong_claims(fields, kind, context, remarks), world_claim(context.stem, local)]
    base = values_of(fields, (*(key.name for key in DATED), "established", "form", "adultOn"))
    document = fields.values.get("document")
    if isinstance(document, Document):
        adult = identifiers.document_adult_on(document.scheme, document.number)
        if adult is not None:
            if base.get("adultOn", str(on(adult))) != str(on(adult)):
                remarks.append(
                    Text("adultOn 与证件号码不符,以号码为准", "adultOn differs from the number, which prevails")
                )
            base["adultOn"] = str(on(adult))
    node = NodeDraft(
        ref=local,
        kind=kind.code,
        claims=tuple(claims),
        versions=_versions(fields, kind, base),
        entry=number,
        row=fields.line,
    )
    claim_key = next((key for key in ("uscc", "document", "formerIdentifiers") if key in fields.values), None)
    return Built(fields, context.stem, local, kind.code, (node,), remarks=tuple(remarks), claim_key=claim_key)


def _strong_claims(fields: Fields, kind: NodeKind, context: Context, remarks: list[Text]) -> Iterable[Claim]:
    uscc = fields.values.get("uscc")
    if isinstance(uscc, Uscc):
        if not uscc.inner:
            remarks.append(Text("统一社会信用代码的主体码校验位不符", "the inner check of the USCC does not match"))
        if uscc.kind != kind.code:
            remarks.append(
                Text(
                    f"统一社会信用代码属于 {uscc.kind},条目写作 {kind.code}",
                    f"the USCC is of {uscc.kind}, not {kind.code}",
                )
            )
        yield Claim(IdentifierScheme.USCC, uscc.code)
    document = fields.values.get("document")
    if isinstance(document, Document):
        yield identifiers.document_claim(context.person_key, document.scheme, document.number)
    for former in fields.formers("formerIdentifiers"):
        scheme = former.document.scheme
        if (scheme in identifiers.PERSONAL) == kind.organization:
            raise fields.fault(
                "formerIdentifiers", f"{kind.code} 不能有 {scheme}", f"{kind.code} cannot have a {scheme}"
            )
        claim = (
            identifiers.document_claim(context.person_key, scheme, former.document.number)
            if scheme in identifiers.PERSONAL
            else Claim(scheme, former.document.number)
        )
        yield Claim(claim.scheme, claim.value, claim.issuer, claim.masked, former.period)


def _versions(fields: Fields, kind: NodeKind, base: Mapping[str, Value]) -> tuple[VersionDraft, ...]:
    """The written versions over the base values, and the base values alone for the days between them."""
    versions = sorted(fields.versions("versions"), key=lambda each: _first(each.period))
    drafts: list[VersionDraft] = []
    day: Day | None = None  # where the next gap starts; None is the open start
    gap_open = True
    for each in versions:
        fit(each.fields, DATED, kind.names, kind.code)
        if not gap_open or _first(each.period) < (date.min if day is None else day.first):
            raise Fault(each.fields.line, "versions", "版本的期间重叠", "versions overlap")
        if each.period.start is not None and (day is None or each.period.start != day):
            drafts.append(VersionDraft(base, Period(day, each.period.start)))
        drafts.append(VersionDraft({**base, **values_of(each.fields, (key.name for key in DATED))}, each.period))
        day, gap_open = each.period.end, each.period.end is not None
    if gap_open:
        drafts.append(VersionDraft(base, Period(day, None)))
    return tuple(drafts)


def _first(period: Period) -> date:
    return date.min if period.start is None else period.start.first


def project(number: int, fields: Fields, context: Context) -> Built:
    local = fields.need("id")
    node = NodeDraft(
        local,
        "PROJECT",
        (world_claim(context.stem, local),),
        (VersionDraft({"name": fields.need("name")}),),
        number,
        fields.line,
    )
    return Built(fields, context.stem, local, "PROJECT", (node,))
