"""What every credit record has: dates, state on a day, those it concerns, its grounds and whom it reaches.

It must not know the fields of single kinds (`record_kinds`).
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

import strawberry

from graph import views
from graph.codes import Capacity, PenaltyType, RecordKind, RecordState, Text
from graph.periods import parse_period
from graph.publication import published
from graph.states import state_on
from graph.store.derived import DATING
from graph.store.projection import Near
from graph.store.rows import ORIGIN
from graph.words import words
from schema.fields import DATES, Info, dated, declared, field, stored, text
from schema.nodes import Node
from schema.reads import Computed, End, Judged, NearTo, Told
from schema.recorded import record_of
from schema.scalars import as_day
from schema.scope import Scope
from schema.subjects import GovernmentBody, Subject
from schema.values import Basis, Period, Provenance, basis, period, provenance

JUDGED = (*DATING, "types")  # what state and publication are judged by
ReachType = Annotated["Reach", strawberry.lazy("schema.answers")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.type(description="责任人员 · a person a record names, and in which capacity")
class Responsibility:
    found: strawberry.Private[views.Responsibility]

    person: Subject = declared("人员 · person", End("start"))

    @field("责任身份 · capacity")
    def capacity(self) -> Capacity:
        return self.found.capacity

    @field("认定日期 · decided on")
    def decided_on(self) -> date | None:
        return as_day(self.found.decided_on)

    @field("出处 · provenance")
    def provenance(self) -> Provenance:
        return provenance(self.found.provenance)


@strawberry.interface(description="信用记录 · a decision, listing or order about subjects")
class CreditRecord(Node):
    document_number: str | None = stored("documentNumber")
    decided_on: date | None = stored("decidedOn")
    effective_on: date | None = stored("effectiveOn")
    revoked_on: date | None = stored("revokedOn")
    set_aside_on: date | None = stored("setAsideOn")
    lifted_on: date | None = stored("liftedOn")
    repaired_on: date | None = stored("repairedOn")
    circumstances: list[str] = stored("circumstances")

    @field("记录类别 · kind of record", reads=Told(()))
    def record_kind(self) -> RecordKind:
        return RecordKind(self.view.kind)

    def _period(self, start: str, end: str) -> Period | None:
        first, last = self.view.values.get(start), self.view.values.get(end)
        if first is None and last is None:
            return None
        return period(parse_period(None if first is None else str(first), None if last is None else str(last)))

    @field("停止执行期间 · when it was suspended", reads=Told(("suspendedFrom", "suspendedTo")))
    def suspended(self) -> Period | None:
        return self._period("suspendedFrom", "suspendedTo")

    @field("违法行为期间 · when the offence was committed", reads=Told(("offenceFrom", "offenceTo")))
    def offence(self) -> Period | None:
        return self._period("offenceFrom", "offenceTo")

    @field("效力期间 · when it is in effect", reads=Told(("from", "to")))
    def effective(self) -> Period:
        return self._period("from", "to") or Period(from_=None, until=None)

    @dated("公示期间 · when it is published, by the policy in force", reads=Told(JUDGED))
    def published(self, scope: Scope) -> Period | None:
        def found(view: views.NodeView | None) -> Period | None:
            window = None if view is None else published(record_of(view), scope.moment.as_of)
            return None if window is None else period(window)

        return self.in_scope(scope, found)

    @dated("当日状态 · its state on the day", reads=Told(JUDGED))
    def state(self, scope: Scope) -> RecordState:
        def found(view: views.NodeView | None) -> RecordState:
            record = record_of(view or self.view)
            return state_on(record, published(record, scope.moment.as_of), scope.moment.as_of)

        return self.in_scope(scope, found)

    subjects: list[Subject] = declared("相对人 · the subjects it is about", NearTo(Near.SUBJECTS, many=True))
    department: GovernmentBody | None = declared("决定机关 · the department that decided", NearTo(Near.ISSUED_BY))
    responsible: list[Responsibility] | None = declared(
        "责任人员 · responsible persons", NearTo(Near.RESPONSIBLE, many=True), *DATES
    )

    @field("法律依据 · the articles it applied", reads=Told(("basisDocuments", "basisArticles")))
    def basis(self) -> list[Basis]:
        return basis(record_of(self.view).basis)

    @text("摘要 · one line about it")
    def summary(self) -> Text | None:
        return summary_of(self.view)

    @dated("传导至何人 · whom it reaches, and whom not", reads=Computed(judged=Judged.REACHES))
    async def reaches(self, scope: Scope, info: strawberry.Info) -> ReachType | None:
        from schema.computed import reach_of

        return await reach_of(scope, self.view.id, Info.of(info))

    @field("出处 · provenance", reads=Told(ORIGIN))
    def provenance(self) -> Provenance:
        return provenance(self.view.provenance)

    @field("对您不公开的字段 · names of fields not shown to you", reads=Told(()))
    def withheld(self) -> list[str]:
        return self.scope.operation.access.withheld(self.view)

    @field("最近变更时的图版本 · graph version of its last change", reads=Told(()))
    def version(self) -> int:
        return int(self.view.version)


def summary_of(view: views.NodeView) -> Text:
    """Day, kind or list, types and document number; never a name."""
    values = view.values
    kind = words(RecordKind(view.kind))
    types = [words(PenaltyType(each)) for each in cast("tuple[str, ...]", values.get("types", ()))]
    day: Any = values.get("decidedOn") or values.get("from") or ""
    number, listed = values.get("documentNumber"), values.get("list")
    zh = "、".join(each.zh for each in types)
    en = ", ".join(each.en for each in types)
    return Text(
        "".join(
            (
                f"{day} " if day else "",
                f"列入{listed}" if listed else kind.zh,
                f":{zh}" if zh else "",
                f"({number})" if number else "",
            )
        ),
        "".join(
            (
                f"{day} " if day else "",
                f"listed: {listed}" if listed else kind.en,
                f": {en}" if en else "",
                f" ({number})" if number else "",
            )
        ),
    )
