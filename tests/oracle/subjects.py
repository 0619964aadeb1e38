"""Subjects as GraphQL objects: one class for all six kinds, a method or attribute per field under its own name.

It must not know how lists are cut into pages.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from graph.codes import RelationKind
from graph.vocabulary import POST_RELATION_KINDS, Family, kinds
from tests.oracle import pages
from tests.oracle.around import possibly_same, relation_counts
from tests.oracle.counting import INDUSTRY_SECTIONS
from tests.oracle.reading import Scope, View
from tests.oracle.rows import BY_ID, NEWEST, SINCE, records, subjects, ties
from tests.oracle.shown import KINDS, Region, Shown, all_shown, by_id, exact, of_row, period, region, yuan
from tests.oracle.timeline import events

R = RelationKind
OLDEST: Final = (("ON", False), ("KIND", False))
NAMES_SHOWN: Final = 100


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
        found: list[dict[str, Any]] = []
        for each in sorted(
            view.numbers if view else (), key=lambda one: (one.scheme, one.shown or one.value, one.ends)
        ):
            shown = {
                "scheme": each.scheme,
                "value": each.value if each.shown is None else each.shown,
                "masked": each.shown is not None,
                "validity": period(*each.ends),
            }
            if shown not in found:  # two sources that give one number give one identifier
                found.append(shown)
        return found

    @property
    def formerNames(self) -> list[dict[str, Any]]:
        """Names of periods that had ended, oldest first, one period for what follows under one name; those of a person
        only for who reads his name."""
        if not self.scope.reads(self.view, "name"):
            return []
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
        return by_id(scope, min(each.end for each in above)) if above else None

    def relationCounts(self, asOf: Any = None, knownAt: Any = None) -> list[Any]:
        return relation_counts(self.scope.at(asOf, knownAt), self.id)

    def timeline(self, **given: Any) -> Any:
        asking = pages.asked(given, self.id, "timeline", str(self.scope.moment))
        asking.check_direction()
        happened = events(self.scope, self.view)
        return pages.Connection(self.scope, happened, OLDEST, asking, lambda row: of_row(self.scope, row))

    @property
    def possiblySame(self) -> list[dict[str, Any]] | None:
        return possibly_same(self.scope, self.id)

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


KINDS.update({each.code: Subject for each in kinds(Family.SUBJECT)})
