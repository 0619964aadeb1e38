"""The nineteen kinds of credit records and what each adds to `CreditRecord`.

Declarative: a field here is a stored property of the vocabulary under its own name.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from graph.codes import PenaltyType, PermitKind, RecordKind, Seriousness
from graph.store.projection import Near
from schema.fields import declared, field, stored
from schema.nodes import shows
from schema.reads import NearTo, Told
from schema.records import CreditRecord
from schema.relations import CreditList
from schema.values import Period


@shows(RecordKind.PENALTY)
@strawberry.type(description="行政处罚 · an administrative penalty")
class Penalty(CreditRecord):
    types: list[PenaltyType] = stored("types", PenaltyType)
    sector: str | None = stored("sector")
    licence: str | None = stored("licence")
    facts: str | None = stored("facts")
    content: str | None = stored("content")
    fine: Decimal | None = stored("fine")
    confiscated: Decimal | None = stored("confiscated")
    seriousness: Seriousness | None = stored("seriousness", Seriousness)


@shows(RecordKind.PERMIT)
@strawberry.type(description="行政许可 · an administrative permit")
class Permit(CreditRecord):
    permit_kind: PermitKind | None = stored("permitKind", PermitKind)
    certificate: str | None = stored("certificate")
    content: str | None = stored("content")

    @field("有效期间 · when it is valid", reads=Told(("from", "to")))
    def validity(self) -> Period:
        return self._period("from", "to") or Period(from_=None, until=None)


@shows(RecordKind.LIST_ENTRY)
@strawberry.type(description="名单条目 · an entry on a list")
class ListEntry(CreditRecord):
    reason: str | None = stored("reason")
    large_debt: bool | None = stored("largeDebt")
    list: CreditList = declared("名单 · the list", NearTo(Near.ON_LIST))


@shows(RecordKind.CONSUMPTION_RESTRICTION)
@strawberry.type(description="限制消费令 · an order restricting consumption")
class ConsumptionRestriction(CreditRecord):
    pass


@shows(RecordKind.EXIT_RESTRICTION)
@strawberry.type(description="限制出境 · a ban on leaving the country")
class ExitRestriction(CreditRecord):
    pass


@shows(RecordKind.ENFORCEMENT)
@strawberry.type(description="被执行 · enforcement by a court")
class Enforcement(CreditRecord):
    amount: Decimal | None = stored("amount")


@shows(RecordKind.TAX_ARREARS)
@strawberry.type(description="欠税 · tax arrears")
class TaxArrears(CreditRecord):
    amount: Decimal | None = stored("amount")


@shows(RecordKind.BANKRUPTCY)
@strawberry.type(description="破产清算 · bankruptcy")
class Bankruptcy(CreditRecord):
    completed_on: date | None = stored("completedOn")


@shows(RecordKind.GRADE)
@strawberry.type(description="信用等级 · a credit grade")
class GradeAssignment(CreditRecord):
    year: int | None = stored("year")

    @field("评价体系 · scheme")
    def scheme(self) -> str:
        return str(self.view.values.get("scheme", ""))

    @field("等级 · grade")
    def grade(self) -> str:
        return str(self.view.values.get("grade", ""))


@shows(RecordKind.AWARD)
@strawberry.type(description="表彰奖励 · an award")
class Award(CreditRecord):
    pass


@shows(RecordKind.INSPECTION)
@strawberry.type(description="监督检查 · an inspection")
class Inspection(CreditRecord):
    pass


@shows(RecordKind.COMMITMENT)
@strawberry.type(description="信用承诺 · a commitment")
class Commitment(CreditRecord):
    pass


@shows(RecordKind.COURT_CASE)
@strawberry.type(description="诉讼案件 · a court case")
class CourtCase(CreditRecord):
    pass


@shows(RecordKind.CRIMINAL_CONVICTION)
@strawberry.type(description="刑事判决 · a criminal conviction")
class CriminalConviction(CreditRecord):
    crime: str | None = stored("crime")
    sentence: str | None = stored("sentence")
    served_on: date | None = stored("servedOn")


@shows(RecordKind.DISCIPLINE)
@strawberry.type(description="处分 · a disciplinary sanction")
class Discipline(CreditRecord):
    sanction: str | None = stored("sanction")
    completed_on: date | None = stored("completedOn")


@shows(RecordKind.MARKET_BAN)
@strawberry.type(description="市场禁入 · a market ban")
class MarketBan(CreditRecord):
    scope_: str | None = stored("banScope", graphql_name="scope")
    years: int | None = stored("banYears")
    life: bool | None = stored("banLife")


@shows(RecordKind.ACCIDENT)
@strawberry.type(description="事故 · an accident")
class Accident(CreditRecord):
    accident_grade: str | None = stored("accidentGrade")


@shows(RecordKind.CONTRACT)
@strawberry.type(description="合同履行 · performance of a contract")
class Contract(CreditRecord):
    pass


@shows(RecordKind.TRAINING)
@strawberry.type(description="培训 · a training")
class Training(CreditRecord):
    pass
