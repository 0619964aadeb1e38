"""Records, qualifications, lists and groups as GraphQL objects, a method or attribute per field under its own name.

It must not know how lists are cut into pages.
"""

from __future__ import annotations

from typing import Any, Final

from graph.codes import PenaltyType, RecordKind, RelationKind
from graph.publication import published
from graph.states import state_on
from graph.vocabulary import BY_CODE, Family, kinds
from graph.words import words
from tests.oracle import filters
from tests.oracle.reading import Scope, View, record_of
from tests.oracle.rows import BY_ID, NEWEST, records, subjects
from tests.oracle.shown import KINDS, Shown, all_shown, by_id, exact, period, provenance, yuan

R = RelationKind


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
        return by_id(self.scope, min(each.start for each in holders))


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


KINDS.update({each.code: Record for each in kinds(Family.RECORD)})
KINDS.update({"QUALIFICATION": Qualification, "CREDIT_LIST": CreditList, "KEY_GROUP": KeyGroup})
