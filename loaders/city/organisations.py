"""Organisations of every kind: what each is, under which names and states it lived, and how others mention it.

It must not know persons, holdings or records.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.changes import Claim, NodeDraft, Value, VersionDraft
from graph.codes import EnterpriseForm, IdentifierScheme, StateOwnership, SubjectKind, SubjectStatus
from graph.periods import ALWAYS, Period
from graph.regions import JIANGMEN
from loaders.city import lots, names
from loaders.city.days import period, written
from loaders.city.departments import DEPARTMENTS, MARK
from loaders.city.extent import COUNTIES, KEPT, Extent, registration_number, uscc
from loaders.city.lots import Lot, weighted
from loaders.city.names import TRADES, Trade
from loaders.city.structures import Shape, shape

FORMS: Final = weighted(
    (0, EnterpriseForm.LIMITED_COMPANY),
    (210, EnterpriseForm.INDIVIDUAL_BUSINESS),
    (50, EnterpriseForm.SOLE_PROPRIETORSHIP),
    (35, EnterpriseForm.PARTNERSHIP),
    (30, EnterpriseForm.JOINT_STOCK_COMPANY),
    (15, EnterpriseForm.STATE_ENTERPRISE),
    (15, EnterpriseForm.COLLECTIVE_ENTERPRISE),
    (25, EnterpriseForm.FOREIGN_INVESTED),
    (25, EnterpriseForm.COOPERATIVE),
    (40, EnterpriseForm.BRANCH),
    (10, EnterpriseForm.OTHER),
)
ENDS: Final = weighted(
    (0, None),
    (60, SubjectStatus.DEREGISTERED),
    (20, SubjectStatus.LICENCE_REVOKED),
    (6, SubjectStatus.CLOSED_BY_ORDER),
    (8, SubjectStatus.IN_LIQUIDATION),
    (6, SubjectStatus.BANKRUPT),
    (8, SubjectStatus.SUSPENDED),
    (8, SubjectStatus.MOVED_OUT),
    (4, SubjectStatus.UNKNOWN),
)
LASTING: Final = 24  # the first enterprises hold much and never end
CAPITALS: Final = tuple(
    each * 1_000_000 for each in (3, 10, 30, 50, 50, 100, 100, 200, 500, 500, 1000, 3000, 5000, 10_000)
)
MERGED_CERTIFICATES: Final = 735_872  # 2015-10-01: 三证合一, the 注册号 gives way to the USCC
INSTITUTIONS: Final = (
    "中心小学",
    "人民医院",
    "图书馆",
    "第一中学",
    "市场服务中心",
    "水利管理所",
    "社区卫生服务中心",
    "职业技术学校",
)
SOCIETIES: Final = (
    "餐饮行业协会",
    "慈善基金会",
    "志愿者协会",
    "养老服务中心",
    "商会",
    "乒乓球俱乐部",
    "民办学校",
    "水暖卫浴协会",
)
OTHERS: Final = (
    ("31", "律师事务所"),
    ("31", "联合律师事务所"),
    ("32", "公证处"),
    ("34", "司法鉴定所"),
    ("N2", "村经济合作联社"),
    ("81", "工会委员会"),
    ("71", "寺"),
    ("31", "正和律师事务所"),
)
AUTHORITY: Final = {EnterpriseForm.INDIVIDUAL_BUSINESS: "92", EnterpriseForm.COOPERATIVE: "93"}


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise: `established`, `ended`, `renamed` and `raised` (its capital) are ordinals of days."""

    index: int
    form: EnterpriseForm
    region: str
    trade: Trade
    established: int
    ended: int | None
    end: SubjectStatus | None
    capital: int
    renamed: int | None
    raised: int | None
    lot: Lot
    shape: Shape | None

    @property
    def numbered_only(self) -> bool:
        """An old business that never got a USCC: known by its 注册号 alone."""
        old = self.established < MERGED_CERTIFICATES
        return old and self.form is EnterpriseForm.INDIVIDUAL_BUSINESS and self.lot[9] % 20 == 0


class Organisations:
    """Organisations of a city by index, the latest ones kept."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.firm = lru_cache(KEPT)(self._firm)
        self.claim = lru_cache(KEPT)(self._claim)

    def _firm(self, index: int) -> Firm:
        extent = self.extent
        nth = index - extent.enterprises.start
        lot = extent.lot(lots.ORGANIZATION, index)
        shaped = shape(nth)
        form = FORMS[lot[0] % 1000]
        if nth < LASTING or shaped is not None:
            form = EnterpriseForm.JOINT_STOCK_COMPANY if nth < LASTING else EnterpriseForm.LIMITED_COMPANY
        age = 400 + (lot[1] * lot[1] * 14_000 >> 32) if nth >= LASTING else 12_000 + lot[1] % 1000
        established = extent.end_ordinal - age
        end = None if nth < LASTING or shaped is not None else ENDS[lot[2] % 1000]
        return Firm(
            index=index,
            form=form,
            region=COUNTIES[lot[3] % len(COUNTIES)],
            trade=TRADES[lot[4] % 1000],
            established=established,
            ended=None if end is None else established + 200 + lot[5] % (age - 300),
            end=end,
            capital=CAPITALS[lot[6] % len(CAPITALS)],
            renamed=established + 100 + lot[8] % (age - 300) if lot[7] % 12 == 0 else None,
            raised=established + 100 + lot[5] % (age - 300) if lot[7] % 9 == 0 else None,
            lot=lot,
            shape=shaped,
        )

    def _claim(self, index: int) -> Claim:
        """The strongest number of an organisation: what others mention it by."""
        kind = self.extent.kind(index)
        if kind is SubjectKind.ENTERPRISE:
            firm = self.firm(index)
            if firm.numbered_only:
                return Claim(IdentifierScheme.REGISTRATION_NUMBER, registration_number(index, individual=True))
            return Claim(IdentifierScheme.USCC, uscc(AUTHORITY.get(firm.form, "91"), firm.region, index))
        if kind is SubjectKind.GOVERNMENT_BODY:
            return Claim(IdentifierScheme.USCC, uscc("11", JIANGMEN, index))
        authority = {SubjectKind.PUBLIC_INSTITUTION: "12", SubjectKind.SOCIAL_ORGANIZATION: f"5{index % 3 + 1}"}
        code = authority.get(kind) or OTHERS[index % len(OTHERS)][0]
        return Claim(IdentifierScheme.USCC, uscc(code, self.region(index), index))

    def region(self, index: int) -> str:
        return COUNTIES[self.extent.lot(lots.ORGANIZATION, index)[3] % len(COUNTIES)]

    def mention(self, index: int, number: int) -> NodeDraft:
        return NodeDraft(f"o{index}", self.extent.kind(index), (self.claim(index),), (), number, mention=True)

    def described(self, index: int, number: int) -> NodeDraft:
        if index in self.extent.enterprises:
            return self._enterprise(self.firm(index), number)
        claims = (self.claim(index),)
        kind, active = self.extent.kind(index), SubjectStatus.ACTIVE.value
        values: dict[str, Value]
        if kind is SubjectKind.GOVERNMENT_BODY:
            values = {"name": DEPARTMENTS[index].name, "status": active, "region": JIANGMEN, "address": MARK}
            return NodeDraft(f"o{index}", kind, claims, (VersionDraft(values),), number, department=True)
        lot, region = self.extent.lot(lots.ORGANIZATION, index), self.region(index)
        words = {SubjectKind.PUBLIC_INSTITUTION: INSTITUTIONS, SubjectKind.SOCIAL_ORGANIZATION: SOCIETIES}.get(kind)
        word = OTHERS[index % len(OTHERS)][1] if words is None else words[index % len(words)]
        values = {
            "name": f"{names.PLACES[region]}{names.coined(lot[4])}{word}",
            "status": active,
            "region": region,
            "established": written(self.extent.end_ordinal - 500 - lot[1] % 12_000),
            "address": names.address(region, lot[10]),
        }
        return NodeDraft(f"o{index}", kind, claims, (VersionDraft(values),), number)

    def _enterprise(self, firm: Firm, number: int) -> NodeDraft:
        index, lot = firm.index, firm.lot
        claims: tuple[Claim, ...] = (self.claim(index),)
        if firm.established < MERGED_CERTIFICATES and not firm.numbered_only:
            individual = firm.form is EnterpriseForm.INDIVIDUAL_BUSINESS
            old = registration_number(index, individual=individual)
            held = period(firm.established, MERGED_CERTIFICATES)
            claims = (*claims, Claim(IdentifierScheme.REGISTRATION_NUMBER, old, period=held))
        values: dict[str, Value] = {
            "name": names.enterprise_name(firm.form, firm.region, firm.trade, lot[10]),
            "status": SubjectStatus.ACTIVE.value,
            "region": firm.region,
            "address": names.address(firm.region, lot[11]),
            "established": written(firm.established),
            "form": firm.form.value,
            "industry": firm.trade.industry,
        }
        if firm.form is not EnterpriseForm.INDIVIDUAL_BUSINESS and firm.form is not EnterpriseForm.BRANCH:
            values["registeredCapital"] = firm.capital
        if firm.trade.sector is not None:
            values["sectorOf"] = (firm.trade.sector,)
        if firm.form is EnterpriseForm.STATE_ENTERPRISE:
            values["stateOwned"] = (StateOwnership.WHOLLY if lot[12] % 3 else StateOwnership.CONTROLLED).value
        return NodeDraft(f"o{index}", SubjectKind.ENTERPRISE, claims, _versions(firm, values), number)


def _versions(firm: Firm, values: dict[str, Value]) -> tuple[VersionDraft, ...]:
    """The present values, and back in time what was otherwise: another name, less capital, an open business."""
    changes: list[tuple[int, dict[str, Value]]] = []
    if firm.renamed is not None:
        former = names.enterprise_name(firm.form, firm.region, firm.trade, firm.lot[13])
        changes.append((firm.renamed, {"name": former}))
    if firm.raised is not None and "registeredCapital" in values:
        changes.append((firm.raised, {"registeredCapital": firm.capital // 2}))
    if firm.ended is not None:
        assert firm.end is not None  # noqa: S101 - both or neither
        values["status"] = firm.end.value
        changes.append((firm.ended, {"status": SubjectStatus.ACTIVE.value}))
    if not changes:
        return (VersionDraft(values, ALWAYS),)
    until: int | None = None
    drafts: list[VersionDraft] = []
    for day, before in sorted(changes, key=_day, reverse=True):
        if day != until:
            drafts.append(VersionDraft(values, period(day, until)))
            until = day
        values = {**values, **before}
    drafts.append(VersionDraft(values, Period(None, drafts[-1].period.start)))
    return tuple(reversed(drafts))


def _day(change: tuple[int, dict[str, Value]]) -> int:
    return change[0]
