"""Things as GraphQL objects: one class per family, a method or attribute per field under its own name.

It must not know how an operation is run. Computed fields (measures, reaches, controllers …), `search`, `resolve`,
`expand`, `timeline`, `relationCounts`, `possiblySame` and `statistics` are not answered here yet: `operations.LATER`.
"""

# ruff: noqa: N802, N803 - methods and arguments are named as in the SDL

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from graph import regions
from graph.codes import PenaltyType, RecordKind, RelationKind, words
from graph.periods import OPEN_END, OPEN_START, Moment, parse_day
from graph.publication import published
from graph.states import state_on
from graph.vocabulary import BY_CODE, POST_RELATION_KINDS, Family, post_of
from tests.oracle import filters, pages
from tests.oracle.facts import Said, Tie, known
from tests.oracle.reading import Scope, View, record_of

R = RelationKind
NAMES_SHOWN: Final = 100
# The sections of GB/T 4754 that the worlds use, by division.
INDUSTRY_SECTIONS: Final = {
    "51": "批发和零售业",
    "13": "制造业",
    "65": "信息传输、软件和信息技术服务业",
    "47": "建筑业",
}


def exact(text: str | None) -> date | None:
    """A day as the API shows it: open ends and imprecise days are null."""
    if text is None or text in (OPEN_START, OPEN_END):
        return None
    day = parse_day(text)
    return day.first if day.exact else None


def period(start: str | None, end: str | None) -> dict[str, Any]:
    return {"from": exact(start), "until": exact(end)}


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def percent(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units) / 1_000_000


def provenance(said: Said | Tie) -> dict[str, Any]:
    return {
        "source": said.source,
        "batch": said.batch,
        "row": said.row,
        "recordedAt": datetime.fromisoformat(said.recorded),
        "disputedBy": [],
    }


@dataclass(frozen=True)
class Region:
    """A code of GB/T 2260; one outside the table is shown by its code below its province."""

    code: str
    typename: str = "Region"

    @property
    def id(self) -> str:
        return f"reg_{self.code}"

    @property
    def name(self) -> str:
        found = regions.find(self.code)
        return self.code if found is None else found.name

    @property
    def level(self) -> str:
        found = regions.find(self.code)
        return "COUNTY" if found is None else str(found.level)

    @property
    def parent(self) -> Region | None:
        above = regions.ancestors(self.code)
        return Region(above[0].code) if above else None


def region(code: str | None) -> Region | None:
    return Region(code) if code is not None and regions.known(code) else None


class Shown:
    """A node seen in a scope; dated fields look again where their own dates differ."""

    typename: str

    def __init__(self, scope: Scope, view: View) -> None:
        self.scope, self.view = scope, view
        self.typename = BY_CODE[view.kind].label
        self.id = view.id
        self.version = view.changed

    def again(self, asOf: date | None, knownAt: datetime | None) -> tuple[Scope, View | None]:
        scope = self.scope.at(asOf, knownAt)
        return scope, self.view if scope.moment == self.scope.moment else scope.view(self.id)

    def stored(self, view: View | None, name: str) -> Any:
        """A stored property, null where the asker may not read it."""
        if view is None or not self.scope.reads(view, name):
            return None
        return view.values.get(name)

    def texts(self, view: View | None, name: str) -> list[str] | None:
        if view is None or not self.scope.reads(view, name):
            return None
        return list(view.values.get(name, ()))

    @property
    def provenance(self) -> dict[str, Any]:
        return provenance(self.view.said)

    @property
    def withheld(self) -> list[str]:
        return self.scope.withheld(self.view)

    def page(
        self,
        name: str,
        rows: Callable[[Scope, Mapping[str, Any] | None], Iterable[pages.Row]],
        usual: pages.Order,
        given: Mapping[str, Any],
        *,
        where: str = "",
        order: str = "",
    ) -> pages.Connection:
        scope = self.scope.at(given.get("asOf"), given.get("knownAt"))
        return connection(scope, self.id, name, rows, usual, given, where=where, order=order)


def connection(
    scope: Scope,
    owner: str | None,
    name: str,
    rows: Callable[[Scope, Mapping[str, Any] | None], Iterable[pages.Row]],
    usual: pages.Order,
    given: Mapping[str, Any],
    *,
    where: str = "",
    order: str = "",
) -> pages.Connection:
    """`rows` are those the asker sees and the filter keeps."""
    wanted = given.get("where")
    bound = [owner, name, str(scope.moment), given.get("orderBy"), pages.shape(wanted)]
    asking = pages.Asking(
        *(given.get(each) for each in ("first", "after", "last", "before")), json.dumps(bound, ensure_ascii=False)
    )
    asking.check()
    filters.check(wanted, where, scope)
    sequence = pages.order_of(given.get("orderBy"), order, usual, scope)
    return pages.Connection(scope, list(rows(scope, wanted)), sequence, asking, lambda row: of_row(scope, row))


def of_row(scope: Scope, row: pages.Row) -> Any:
    return tie_shown(scope, row) if isinstance(row, Tie) else shown(scope, row)


def by_id(scope: Scope, id: str) -> Any:
    """The object of an id, None for an unknown or hidden one."""
    if id.startswith("reg_"):
        return region(id[4:])
    if id.startswith(("pos_", "hld_", "rel_")):
        tie = scope.tie(id)
        return None if tie is None else tie_shown(scope, tie)
    return shown(scope, scope.view(id))


def shown(scope: Scope, view: View | None) -> Any:
    if view is None or view.kind == "PROJECT":
        return None
    match view.family:
        case Family.SUBJECT:
            return Subject(scope, view)
        case Family.RECORD:
            return Record(scope, view)
    return {"QUALIFICATION": Qualification, "CREDIT_LIST": CreditList, "KEY_GROUP": KeyGroup}[view.kind](scope, view)


def all_shown(scope: Scope, ids: Iterable[str]) -> list[Any]:
    found = (by_id(scope, each) for each in ids)
    return [each for each in found if each is not None]


# Rows of the lists


def ties(kinds: Sequence[RelationKind], *, forward: bool, id: str) -> Callable[..., list[Tie]]:
    """Posts or holdings of a node, valid on the day unless the filter speaks of their validity."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[Tie]:
        seen = [each for each in kinds if scope.reads_kind(each, id)]
        found = (scope.world.from_ if forward else scope.world.to)(id, *seen, moment=scope.moment)
        if not filters.speaks_of(where, "validity"):
            found = scope.running(found)
        return [each for each in found if filters.tie(scope, each, where)]

    return rows


def records(kind: RelationKind, id: str, *, entries: bool = False, in_force: bool = False) -> Callable[..., list[View]]:
    """Records about, issued by, or on; `in_force`: valid on the day unless the filter speaks of effect or state."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[View]:
        ids = {each.start for each in scope.world.to(id, kind, moment=scope.moment)}
        views = [scope.view(each) for each in ids]
        cut = in_force and not filters.speaks_of(where, "effective", "state")
        return [
            each
            for each in views
            if each is not None
            and filters.decided(scope, each)
            and (not entries or each.kind == RecordKind.LIST_ENTRY)
            and (not cut or valid(scope, each))
            and filters.record(scope, each, where)
        ]

    return rows


def valid(scope: Scope, view: View) -> bool:
    """In effect: begun, and not ended, lifted, revoked, set aside or repaired. An imprecise day counts as its first."""

    def first(name: str) -> date | None:
        text = view.values.get(name)
        return None if text is None else parse_day(text).first

    begun = first("from")
    if begun is not None and begun > scope.day:
        return False
    ends = (first(each) for each in ("to", "liftedOn", "revokedOn", "setAsideOn", "repairedOn"))
    return all(each is None or each > scope.day for each in ends)


def subjects(kind: RelationKind, id: str, where_kind: str) -> Callable[..., list[View]]:
    """Members of a group, branches of an organisation: those whose relation runs."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[View]:
        if not scope.reads_kind(kind, id):
            return []
        ids = {each.start for each in scope.running(scope.world.to(id, kind, moment=scope.moment))}
        found = [scope.view(each) for each in ids]
        return [each for each in found if each is not None and filters.subject(scope, each.id, where, where_kind)]

    return rows


SINCE: Final = (("SINCE", False),)
NEWEST: Final = (("DAY", True),)
BY_ID: Final = (("ID", False),)


class Subject(Shown):
    """Every kind of subject: a type without a field is never asked for it."""

    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope, view)
        self.kind = view.kind
        self.formerIds: list[str] = []
        self.isDepartment = view.department
        self.form = view.values.get("form")

    def _named(self, view: View, name: str) -> str:
        return name if self.scope.reads(view, "name") else f"{name[:1]}*"

    def name(self, asOf: Any = None, knownAt: Any = None) -> str:
        _, view = self.again(asOf, knownAt)
        view = view or self.view  # known now, not then: the name it is known by
        return self._named(view, view.values["name"])

    def status(self, asOf: Any = None, knownAt: Any = None) -> Any:
        return self.stored(self.again(asOf, knownAt)[1], "status")

    def region(self, asOf: Any = None, knownAt: Any = None) -> Region | None:
        return region(self.stored(self.again(asOf, knownAt)[1], "region"))

    def address(self, asOf: Any = None, knownAt: Any = None) -> Any:
        return self.stored(self.again(asOf, knownAt)[1], "address")

    def stateOwned(self, asOf: Any = None, knownAt: Any = None) -> Any:
        return self.stored(self.again(asOf, knownAt)[1], "stateOwned")

    def sectorOf(self, asOf: Any = None, knownAt: Any = None) -> Any:
        return self.texts(self.again(asOf, knownAt)[1], "sectorOf")

    def registeredCapital(self, asOf: Any = None, knownAt: Any = None) -> Any:
        return yuan(self.stored(self.again(asOf, knownAt)[1], "registeredCapital"))

    def industry(self, asOf: Any = None, knownAt: Any = None) -> Any:
        code = self.stored(self.again(asOf, knownAt)[1], "industry")
        return None if code is None else {"code": code, "name": INDUSTRY_SECTIONS[code[1:3]]}

    def identifiers(self, asOf: Any = None, knownAt: Any = None) -> list[dict[str, Any]]:
        _, view = self.again(asOf, knownAt)
        numbers = [] if view is None else list(view.numbers)
        if "IDENTIFIERS_TWICE" not in self.scope.question.open:  # two sources that give one number give one identifier
            numbers = list({(each.key, each.start, each.end): each for each in numbers}.values())
        numbers.sort(key=lambda each: (each.scheme, each.shown or each.value, each.start, each.end))
        return [
            {
                "scheme": each.scheme,
                "value": each.value if each.shown is None else each.shown,
                "masked": each.shown is not None,
                "validity": period(each.start, each.end),
            }
            for each in numbers
        ]

    @property
    def formerNames(self) -> list[dict[str, Any]]:
        """Names of periods that had ended, oldest first, one period for what follows under one name."""
        stretches: list[list[str]] = []
        for each in sorted(self.view.names, key=lambda said: (said.start, said.end, said.values["name"])):
            name = each.values["name"]
            if name == self.view.values["name"]:
                continue
            if stretches and stretches[-1][0] == name and each.start <= stretches[-1][2]:
                stretches[-1][2] = max(stretches[-1][2], each.end)
            else:
                stretches.append([name, each.start, each.end])
        return [
            {"name": self._named(self.view, name), "validity": period(start, end)}
            for name, start, end in stretches[:NAMES_SHOWN]
        ]

    @property
    def established(self) -> date | None:
        return exact(self.view.values.get("established"))

    @property
    def adultOn(self) -> date | None:
        return exact(self.stored(self.view, "adultOn"))

    def records(self, **given: Any) -> Any:
        rows = records(R.ABOUT, self.id)
        return self.page("records", rows, NEWEST, given, where="CreditRecordFilter", order="CreditRecordOrder")

    def listEntries(self, **given: Any) -> Any:
        rows = records(R.ABOUT, self.id, entries=True, in_force=True)
        return self.page("listEntries", rows, NEWEST, given, where="ListEntryFilter", order="CreditRecordOrder")

    def issued(self, **given: Any) -> Any:
        rows = records(R.ISSUED_BY, self.id)
        return self.page("issued", rows, NEWEST, given, where="CreditRecordFilter", order="CreditRecordOrder")

    def investments(self, **given: Any) -> Any:
        rows = ties((R.HOLDS,), forward=True, id=self.id)
        return self.page("investments", rows, SINCE, given, where="HoldingFilter", order="HoldingOrder")

    def shareholders(self, **given: Any) -> Any:
        rows = ties((R.HOLDS,), forward=False, id=self.id)
        return self.page("shareholders", rows, SINCE, given, where="HoldingFilter", order="HoldingOrder")

    def posts(self, **given: Any) -> Any:
        rows = ties(POST_RELATION_KINDS, forward=self.kind == "PERSON", id=self.id)
        return self.page("posts", rows, SINCE, given, where="PostFilter", order="PostOrder")

    def legalRepresentatives(self, **given: Any) -> Any:
        return self.page(
            "legalRepresentatives", ties((R.LEGAL_REPRESENTATIVE_OF,), forward=False, id=self.id), SINCE, given
        )

    def principals(self, **given: Any) -> Any:
        return self.page("principals", ties((R.PRINCIPAL_OF,), forward=False, id=self.id), SINCE, given)

    def branches(self, **given: Any) -> Any:
        return self.page("branches", subjects(R.BRANCH_OF, self.id, ""), BY_ID, given)

    def parent(self, asOf: Any = None, knownAt: Any = None) -> Any:
        scope = self.scope.at(asOf, knownAt)
        above = scope.running(scope.world.from_(self.id, R.BRANCH_OF, moment=scope.moment))
        return by_id(scope, above[0].end) if above else None

    def keyGroups(self, asOf: Any = None, knownAt: Any = None) -> list[Any]:
        scope = self.scope.at(asOf, knownAt)
        if not scope.reads_kind(R.MEMBER_OF, self.id):
            return []
        groups = scope.running(scope.world.from_(self.id, R.MEMBER_OF, moment=scope.moment))
        return all_shown(scope, sorted({each.end for each in groups}))

    def qualifications(self, asOf: Any = None, knownAt: Any = None) -> list[Any]:
        scope = self.scope.at(asOf, knownAt)
        held = scope.running(scope.world.from_(self.id, R.HAS_QUALIFICATION, moment=scope.moment))
        return all_shown(scope, sorted({each.end for each in held}))


class Record(Shown):
    """Every kind of record."""

    DAYS: Final = (
        *("decidedOn", "effectiveOn", "revokedOn", "setAsideOn", "liftedOn", "repairedOn", "completedOn", "servedOn"),
    )
    MONEY: Final = ("fine", "confiscated", "amount")
    LISTS: Final = ("types", "circumstances")
    RENAMED: Final = {"scope": "banScope", "years": "banYears", "life": "banLife"}

    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope, view)
        self.recordKind = view.kind

    def __getattr__(self, name: str) -> Any:
        """A stored property under its own name."""
        stored = self.RENAMED.get(name, name)
        if stored not in BY_CODE[self.view.kind].names:
            raise AttributeError(name)
        if name in self.LISTS:
            return self.texts(self.view, name)
        value = self.stored(self.view, stored)
        if name in self.DAYS:
            return exact(value)
        return yuan(value) if name in self.MONEY else value

    def _period(self, start: str, end: str) -> dict[str, Any] | None:
        values = self.view.values
        return period(values.get(start), values.get(end)) if start in values or end in values else None

    @property
    def suspended(self) -> Any:
        return self._period("suspendedFrom", "suspendedTo")

    @property
    def offence(self) -> Any:
        return self._period("offenceFrom", "offenceTo")

    @property
    def effective(self) -> Any:
        return self._period("from", "to") or period(None, None)

    @property
    def validity(self) -> Any:
        return self.effective

    def published(self, asOf: Any = None, knownAt: Any = None) -> Any:
        scope, view = self.again(asOf, knownAt)
        window = None if view is None else published(record_of(view), scope.day)
        if window is None:
            return None
        return period(*(None if each is None else str(each) for each in (window.start, window.end)))

    def state(self, asOf: Any = None, knownAt: Any = None) -> str:
        scope, view = self.again(asOf, knownAt)
        record = record_of(view or self.view)
        return str(state_on(record, published(record, scope.day), scope.day))

    @property
    def subjects(self) -> list[Any]:
        return all_shown(self.scope, self.scope.about(self.id))

    @property
    def department(self) -> Any:
        issued = self.scope.world.from_(self.id, R.ISSUED_BY, moment=self.scope.moment)
        return by_id(self.scope, issued[0].end) if issued else None

    def responsible(self, asOf: Any = None, knownAt: Any = None) -> list[dict[str, Any]]:
        scope, view = self.again(asOf, knownAt)
        found = scope.world.to(self.id, R.RESPONSIBLE_FOR, moment=scope.moment) if view is not None else []
        return [
            {
                "person": by_id(scope, each.start),
                "capacity": each.values["capacity"],
                "decidedOn": exact(each.values.get("decidedOn")),
                "provenance": provenance(each),
            }
            for each in sorted(found, key=lambda tie: tie.id)
        ]

    @property
    def basis(self) -> list[dict[str, Any]]:
        documents = self.view.values.get("basisDocuments", ())
        articles = self.view.values.get("basisArticles", ())
        return [{"document": d, "article": a or None} for d, a in zip(documents, articles, strict=True)]

    def summary(self, lang: str | None = "ZH") -> str:
        """Day, kind or list, types and document number."""
        own, english = self.view.values, lang == "EN"
        day = f"{filters.day_of(self.view)} " if filters.day_of(self.view) else ""
        kind = words(RecordKind(self.view.kind))
        types = [words(PenaltyType(each)) for each in own.get("types", ())]
        number = own.get("documentNumber")
        if english:
            what = f"listed: {own['list']}" if "list" in own else kind.en
            named = ", ".join(each.en for each in types)
            return f"{day}{what}" + (f": {named}" if named else "") + (f" ({number})" if number else "")
        what = f"列入{own['list']}" if "list" in own else kind.zh
        named = "、".join(each.zh for each in types)
        return f"{day}{what}" + (f":{named}" if named else "") + (f"({number})" if number else "")

    @property
    def list_(self) -> Any:
        return by_id(self.scope, self.scope.world.from_(self.id, R.ON_LIST, moment=self.scope.moment)[0].end)


def tie_shown(scope: Scope, tie: Tie) -> dict[str, Any]:
    common = {
        "id": tie.id,
        "organization": by_id(scope, tie.end),
        "validity": period(tie.since, tie.until),
        "provenance": provenance(tie),
    }
    if tie.kind is R.HOLDS:
        shares = {name: percent(tie.values.get(name)) for name in ("share", "votes")}
        capital = yuan(tie.values.get("capital"))
        return {"typename": "Holding", "holder": by_id(scope, tie.start), **common, **shares, "capital": capital}
    post = str(post_of(tie.kind, tie.values.get("post")))
    return {"typename": "Post", "person": by_id(scope, tie.start), "post": post, **common}


class Qualification(Shown):
    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope, view)
        own = view.values
        self.profession = own["profession"]
        self.number = self.stored(view, "number")
        self.validity = period(own.get("from"), own.get("to"))
        self.revokedOn = exact(own.get("revokedOn"))
        self.reason, self.sanction = own.get("reason"), own.get("sanction")

    @property
    def person(self) -> Any:
        holders = self.scope.world.to(self.id, R.HAS_QUALIFICATION, moment=self.scope.moment)
        return by_id(self.scope, holders[0].start)


class CreditList(Shown):
    owner = None

    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope, view)
        self.name, self.polarity = view.values["name"], view.values["polarity"]
        self.aliases = list(view.values["aliases"])

    def entries(self, **given: Any) -> Any:
        rows = records(R.ON_LIST, self.id, in_force=True)
        return self.page("entries", rows, NEWEST, given, where="ListEntryFilter")


class KeyGroup(Shown):
    def __init__(self, scope: Scope, view: View) -> None:
        super().__init__(scope, view)
        self.name = view.values["name"]

    def members(self, **given: Any) -> Any:
        rows = subjects(R.MEMBER_OF, self.id, "PersonFilter")
        return self.page("members", rows, BY_ID, given, where="PersonFilter")
