"""Turns rows of read statements into facts and views; pure, so that it is tested and timed without a server.

It must not know a statement's text, only the order of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from graph import facts
from graph.changes import Value
from graph.codes import (
    Capacity,
    CauseKind,
    IdentifierScheme,
    PenaltyType,
    PostKind,
    RecordKind,
    RecordState,
    RelationKind,
    Seriousness,
    SubjectKind,
)
from graph.facts import Provenance
from graph.periods import NEVER, Day, Period, parse_day, parse_period, stored_end, stored_start
from graph.views import IdentifierView, NamePeriod, NodeView, RelationView, Responsibility
from graph.vocabulary import BY_CODE, RELATIONS, Family, kinds, post_of

Row = Sequence[Any]
RECORDED: Final = {each.value: each for each in RecordKind}  # a tenth of the time that calling the class takes
JUDGED: Final = {each.value: each for each in SubjectKind}
NOWHERE: Final = frozenset[str]()
PENALTIES: Final = {each.value: each for each in PenaltyType}
Properties = Mapping[str, Any]

SUBJECT_KINDS: Final = tuple(each.code for each in kinds(Family.SUBJECT))
RECORD_KINDS: Final = tuple(each.code for each in kinds(Family.RECORD))
# What a rule can look at; the long texts (facts, content) stay in the database.
RECORD_PROPERTIES: Final = (
    *("decidedOn", "effectiveOn", "from", "to", "offenceFrom", "offenceTo", "state", "revokedOn", "setAsideOn"),
    *("liftedOn", "repairedOn", "suspendedFrom", "suspendedTo", "completedOn", "publishedFrom", "publishedTo"),
    *("documentNumber", "types", "sector", "licence", "list", "reason", "largeDebt", "seriousness", "circumstances"),
    *("basisDocuments", "basisArticles", "scheme", "grade", "year", "crime", "sentence", "servedOn", "sanction"),
    *("banScope", "banYears", "banLife"),
)
QUALIFICATION_PROPERTIES: Final = ("profession", "from", "to", "revokedOn", "reason", "sanction")
CAUSE_PROPERTIES: Final = tuple(dict.fromkeys((*RECORD_PROPERTIES, *QUALIFICATION_PROPERTIES)))
QUALIFICATION: Final = CauseKind.QUALIFICATION.value
ORIGIN: Final = ("source", "recordedAt", "retractedAt", "batch", "row")
ORIGIN_NOW: Final = tuple(each for each in ORIGIN if each != "retractedAt")  # of what is believed now


def provenance(of: Properties) -> Provenance:
    get = of.get
    return Provenance(get("source") or "", of["recordedAt"], get("retractedAt") or NEVER, get("batch"), get("row"))


@lru_cache(maxsize=256)
def _post(type_name: str, post: str | None) -> tuple[RelationKind, PostKind | None]:
    kind = RelationKind(type_name)
    return kind, post_of(kind, post)


def day_of(text: str | None) -> Day | None:
    return None if text is None else parse_day(text)


def _period(start: str | None, end: str | None) -> Period | None:
    """None when the source said neither end."""
    return None if start is None and end is None else parse_period(start, end)


# How a property of a record is told where it is stored by itself: most records have few of them.
ALONE: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = MappingProxyType(
    {
        "decidedOn": ("decided_on", parse_day),
        "effectiveOn": ("effective_on", parse_day),
        "state": ("state", {each.value: each for each in RecordState}.__getitem__),
        "revokedOn": ("revoked_on", parse_day),
        "setAsideOn": ("set_aside_on", parse_day),
        "liftedOn": ("lifted_on", parse_day),
        "repairedOn": ("repaired_on", parse_day),
        "completedOn": ("completed_on", parse_day),
        "documentNumber": ("document_number", str),
        "types": ("types", lambda types: frozenset([PENALTIES[each] for each in types])),
        "sector": ("sector", str),
        "licence": ("licence", str),
        "list": ("list", str),
        "reason": ("reason", str),
        "largeDebt": ("large_debt", bool),
        "seriousness": ("seriousness", {each.value: each for each in Seriousness}.__getitem__),
        "circumstances": ("circumstances", frozenset),
        "scheme": ("scheme", str),
        "grade": ("grade", str),
        "year": ("year", int),
        "crime": ("crime", str),
        "sentence": ("sentence", str),
        "servedOn": ("served_on", parse_day),
        "sanction": ("sanction", str),
    }
)


def record(id: str, kind: str, values: Properties, about: Mapping[str, str]) -> facts.Record:
    get = values.get
    told: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None and (alone := ALONE.get(name)) is not None:
            told[alone[0]] = alone[1](value)
    scope, years, life = get("banScope"), get("banYears"), get("banLife")
    if not (scope is None and years is None and life is None):
        told["ban"] = facts.Ban(scope, years, bool(life))
    documents = get("basisDocuments")
    if documents:
        articles = (*(get("basisArticles") or ()), *("" for _ in documents))
        told["basis"] = tuple(
            facts.Article(document, article or None) for document, article in zip(documents, articles, strict=False)
        )
    return facts.Record(
        id=id,
        kind=RECORDED[kind],
        about=MappingProxyType(dict(about)),
        effective=parse_period(get("from"), get("to")),
        offence=_period(get("offenceFrom"), get("offenceTo")),
        suspended=_period(get("suspendedFrom"), get("suspendedTo")),
        published=_period(get("publishedFrom"), get("publishedTo")),
        provenance=provenance(values),
        **told,
    )


def closed_facts(
    parties: Iterable[Row], edges: Iterable[Row], records: Iterable[Row], licences: Iterable[Row]
) -> facts.Facts:
    """The closed set: an edge to a node that was not known then (retracted, not yet recorded) is left out.

    Columns: parties [id, kind, adultOn, sectorOf] · edges [type, start, end, properties] · records [id, kind, values,
    about [[edge, subject]], findings [[person, properties]]] · licences [id, values, person, edge].
    """
    present = {
        id: facts.Party(id, JUDGED[kind], day_of(grown), sectors=frozenset(sectors) if sectors else NOWHERE)
        for id, kind, grown, sectors in parties
    }
    posts: list[facts.Post] = []
    holdings: list[facts.Holding] = []
    links: list[facts.Link] = []
    for type_name, start, end, values in edges:
        if start not in present or end not in present:
            continue
        kind, post = _post(type_name, values.get("post"))
        period, origin = parse_period(values["from"], values["to"]), provenance(values)
        if post is not None:
            posts.append(facts.Post(values["id"], start, end, post, period, origin))
        elif kind is RelationKind.HOLDS:
            share, votes = values.get("share"), values.get("votes")
            holdings.append(facts.Holding(values["id"], start, end, share, votes, period, origin))
        else:
            links.append(facts.Link(values["id"], kind, start, end, period, origin))
    kept: list[facts.Record] = []
    findings: list[facts.Finding] = []
    for id, record_kind, values, about, responsible in records:
        subjects = {subject: edge for edge, subject in about if subject in present}
        kept.append(record(id, record_kind, values, subjects))
        findings += (
            facts.Finding(
                each["id"], person, id, Capacity(each["capacity"]), day_of(each.get("decidedOn")), provenance(each)
            )
            for person, each in responsible
            if person in present
        )
    qualifications = tuple(
        facts.Qualification(
            id,
            person,
            values["profession"],
            edge,
            parse_period(values.get("from"), values.get("to")),
            day_of(values.get("revokedOn")),
            values.get("reason"),
            values.get("sanction"),
            provenance(values),
        )
        for id, values, person, edge in licences
        if person in present
    )
    return facts.Facts(
        MappingProxyType(present),
        tuple(posts),
        tuple(holdings),
        tuple(links),
        tuple(kept),
        tuple(findings),
        qualifications,
    )


def _stored(values: Properties, names: Iterable[str]) -> Mapping[str, Value]:
    """The properties of the vocabulary that have a value; lists as tuples."""
    found = ((name, values.get(name)) for name in names)
    return MappingProxyType(
        {name: tuple(value) if isinstance(value, list) else value for name, value in found if value is not None}
    )


def relation_view(type_name: str, start: str, end: str, values: Properties) -> RelationView:
    kind = RelationKind(type_name)
    return RelationView(
        values["id"],
        kind,
        start,
        end,
        parse_period(values["from"], values["to"]),
        provenance(values),
        _stored(values, (each.name for each in RELATIONS[kind].properties)),
    )


def node_view(row: Properties) -> NodeView:
    """`values` beside the keys of `projection.node_row`; parts not asked for absent; neighbours known then or not."""
    values, get = row["values"], row.get
    name = values.get("name")
    identifiers = [
        IdentifierView(
            IdentifierScheme(scheme), masked if masked is not None else value, masked is not None, parse_period(*period)
        )
        for scheme, value, masked, *period in get("identifiers", ())
    ]
    return NodeView(
        id=row["id"],
        kind=row["kind"],
        values=_stored(values, BY_CODE[row["kind"]].names),
        version=row["version"] or 0,
        provenance=provenance(values),
        department=bool(get("department")),
        # One number that two sources give is one identifier.
        identifiers=tuple(
            sorted(
                dict.fromkeys(identifiers),
                key=lambda each: (each.scheme, each.value, stored_start(each.period), stored_end(each.period)),
            )
        ),
        former_names=_former_names(name, get("names", ())),
        former_ids=tuple(sorted(set(get("formerIds", ())) - {row["id"]})),
        subjects=tuple(sorted(set(get("subjects", ())))),
        issued_by=next(iter(get("issuedBy", ())), None),
        responsible=tuple(
            Responsibility(each["id"], person, Capacity(each["capacity"]), each.get("decidedOn"), provenance(each))
            for person, each in get("responsible", ())
        ),
        on_list=next(iter(get("onList", ())), None),
        holder=next(iter(get("holder", ())), None),
        qualifications=tuple(sorted(set(get("qualifications", ())))),
        key_groups=tuple(sorted(set(get("keyGroups", ())))),
        parent=next(iter(get("parent", ())), None),
    )


def _former_names(current: str | None, rows: Iterable[Row]) -> tuple[NamePeriod, ...]:
    """Names of periods that are over, oldest first; several versions in a row under one name are one period."""
    periods: list[list[str]] = []
    for name, start, end, over in sorted(rows, key=lambda each: (each[1], each[2], each[0])):
        if name == current or not over:
            continue
        if periods and periods[-1][0] == name and start <= periods[-1][2]:
            periods[-1][2] = max(periods[-1][2], end)
        else:
            periods.append([name, start, end])
    return tuple(NamePeriod(name, parse_period(start, end)) for name, start, end in periods)
