"""What is seen, counted: facets of a page, statistics in groups.

It must not know how a page is cut; a value that the asker may not read of a node is no value there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Final

from graph import regions
from graph.codes import PenaltyType, RecordKind, RecordState, RelationKind, SubjectKind, SubjectStatus
from graph.publication import published
from graph.states import state_on
from graph.vocabulary import Family
from graph.words import words
from tests.oracle import filters
from tests.oracle.reading import Refused, Scope, View, record_of
from tests.oracle.rows import valid
from tests.oracle.shown import by_id, yuan

MOST_VALUES, MOST_GROUPS = 50, 3
OF_SUBJECTS: Final = ("KIND", "STATUS", "REGION", "INDUSTRY")
OF_RECORDS: Final = ("KIND", "STATE", "DEPARTMENT", "LIST", "YEAR", "TYPE", "SECTOR")
# The sections of GB/T 4754 that the worlds use, by division.
INDUSTRY_SECTIONS: Final = {
    "51": "批发和零售业",
    "13": "制造业",
    "65": "信息传输、软件和信息技术服务业",
    "47": "建筑业",
}
NOT_OF_PERSONS: Final = frozenset({"STATUS", "REGION"})  # but for officials


def values(scope: Scope, view: View, group: str) -> Sequence[str]:
    """The values of a node in a group: none, one, or several types of penalty."""
    own = view.values
    if group in NOT_OF_PERSONS and view.kind == "PERSON" and not scope.asker.official:
        return ()
    found: str | None
    match group:
        case "KIND":
            found = view.kind
        case "STATE":
            facts = record_of(view)
            found = str(state_on(facts, published(facts, scope.day), scope.day))
        case "DEPARTMENT":
            issued = scope.world.from_(view.id, RelationKind.ISSUED_BY, moment=scope.moment)
            found = issued[0].end if issued else None
        case "YEAR":
            found = own["decidedOn"][:4] if "decidedOn" in own else None
        case "TYPE":
            return tuple(own.get("types", ()))
        case _:
            found = own.get(group.lower())
    return () if found is None else (found,)


# Facets


@dataclass(frozen=True)
class Facet:
    scope: Scope
    group: str
    value: str
    count: int

    def label(self, lang: str | None = "ZH") -> str:
        match self.group:
            case "KIND":
                subject = self.value in SubjectKind.__members__
                title = words(SubjectKind(self.value) if subject else RecordKind(self.value))
            case "STATUS":
                title = words(SubjectStatus(self.value))
            case "STATE":
                title = words(RecordState(self.value))
            case "TYPE":
                title = words(PenaltyType(self.value))
            case "REGION":
                region = regions.find(self.value)
                return self.value if region is None else region.name
            case "INDUSTRY":
                return INDUSTRY_SECTIONS[self.value[1:3]]
            case "DEPARTMENT":
                return str(by_id(self.scope, self.value).name())
            case _:
                return self.value
        return title.en if lang == "EN" else title.zh


def facets(scope: Scope, rows: Iterable[View], kind: str, by: str) -> list[Facet]:
    """By what the whole list has, most first, then by value; `kind` names the type of its nodes."""
    if by not in groups_of(kind):
        raise Refused("BAD_USER_INPUT")
    if kind == "Person" and by in NOT_OF_PERSONS and not scope.asker.official:
        raise Refused("FORBIDDEN")
    counted = Counter(value for row in rows for value in values(scope, row, by))
    most = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_VALUES]
    return [Facet(scope, by, value, count) for value, count in most]


def groups_of(kind: str) -> tuple[str, ...]:
    if kind in ("CreditRecord", "ListEntry"):
        return OF_RECORDS
    return () if kind in ("Post", "Holding") else OF_SUBJECTS


# Statistics


def statistics(scope: Scope, of: str, by: Sequence[str], where: Mapping[str, Any]) -> dict[str, Any]:
    """Of subjects, records, or list entries in effect; a row of several types counts in the group of each."""
    allowed = OF_SUBJECTS if of == "SUBJECTS" else OF_RECORDS
    if len(by) > MOST_GROUPS:
        raise Refused("LIMIT_EXCEEDED")
    if len(set(by)) < len(by) or not set(by) <= set(allowed):
        raise Refused("BAD_USER_INPUT")
    rows = list(_counted(scope, of, where))
    groups: dict[tuple[str | None, ...], list[Decimal | None]] = defaultdict(list)
    for row in rows:
        for keys in product(*(values(scope, row, each) or (None,) for each in by)):
            groups[keys].append(_amount(row))
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), [(key is None, key or "") for key in each[0]]))
    return {
        "rows": [_row(keys, amounts) for keys, amounts in ordered],
        "total": len(rows),
        "derivedThrough": None,
        "truncated": None,
        "warnings": [],
    }


def _row(keys: tuple[str | None, ...], amounts: Sequence[Decimal | None]) -> dict[str, Any]:
    known = [each for each in amounts if each is not None]
    return {
        "keys": list(keys),
        "count": len(amounts),
        "sum": sum(known, Decimal(0)) if known else None,
        "min": min(known, default=None),
        "max": max(known, default=None),
    }


def _counted(scope: Scope, of: str, where: Mapping[str, Any]) -> Iterable[View]:
    if None in where.values() or "measure" in where:
        raise Refused("BAD_USER_INPUT")
    subject, record = where.get("subject"), where.get("record")
    for each, kind in ((subject, "SubjectFilter"), (record, "CreditRecordFilter")):
        filters.check(each, kind, scope)
    views = [view for view in map(scope.view, scope.world.things) if view is not None]
    if of == "SUBJECTS":
        wanted = {**(subject or {})} if record is None else {"and": [subject or {}, {"records": {"some": record}}]}
        return [
            each
            for each in views
            if each.family is Family.SUBJECT and filters.subject(scope, each.id, wanted, "SubjectFilter")
        ]
    cut = of == "LIST_ENTRIES" and not filters.speaks_of(record, "effective", "state")
    wanted = {**(record or {})} if subject is None else {"and": [record or {}, {"about": subject}]}
    return [
        each
        for each in views
        if each.family is Family.RECORD
        and (of == "RECORDS" or each.kind == RecordKind.LIST_ENTRY)
        and filters.decided(scope, each)
        and (not cut or valid(scope, each))
        and filters.record(scope, each, wanted)
    ]


def _amount(view: View) -> Decimal | None:
    own = view.values
    if view.family is Family.SUBJECT:
        return yuan(own.get("registeredCapital"))
    return yuan(own.get("fine", own.get("amount")))
