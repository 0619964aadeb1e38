"""What each kind of record says: its values by kind from a lot, with the sector, the types and the amounts.

It must not know whom a record is about, nor what became of it later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from graph.changes import Value
from graph.codes import ListPolarity, PenaltyType, PermitKind, RecordKind, Seriousness
from loaders.city.days import written, year
from loaders.city.lots import Lot, weighted
from loaders.named import ListWords

K = RecordKind
KINDS: Final = weighted(
    (0, K.PERMIT),
    (160, K.PENALTY),
    (180, K.INSPECTION),
    (140, K.GRADE),
    (70, K.COMMITMENT),
    (60, K.LIST_ENTRY),
    (40, K.AWARD),
    (30, K.CONTRACT),
    (30, K.COURT_CASE),
    (30, K.ENFORCEMENT),
    (20, K.TAX_ARREARS),
    (14, K.CONSUMPTION_RESTRICTION),
    (14, K.TRAINING),
    (7, K.ACCIDENT),
    (4, K.BANKRUPTCY),
    (4, K.EXIT_RESTRICTION),
    (4, K.MARKET_BAN),
    (5, K.CRIMINAL_CONVICTION),
    (4, K.DISCIPLINE),
)
PERSONAL: Final = frozenset({K.CRIMINAL_CONVICTION, K.DISCIPLINE, K.EXIT_RESTRICTION, K.MARKET_BAN, K.TRAINING})
WORDS: Final = {
    K.PENALTY: "罚",
    K.PERMIT: "许",
    K.LIST_ENTRY: "名单",
    K.CONSUMPTION_RESTRICTION: "限消",
    K.EXIT_RESTRICTION: "限出",
    K.ENFORCEMENT: "执",
    K.TAX_ARREARS: "欠税",
    K.BANKRUPTCY: "破",
    K.GRADE: "评",
    K.AWARD: "奖",
    K.INSPECTION: "检",
    K.COMMITMENT: "诺",
    K.COURT_CASE: "初",
    K.CRIMINAL_CONVICTION: "刑",
    K.DISCIPLINE: "处分",
    K.MARKET_BAN: "禁",
    K.ACCIDENT: "事故",
    K.CONTRACT: "合同",
    K.TRAINING: "训",
}
TYPES: Final = weighted(
    (0, (PenaltyType.FINE.value,)),
    (60, (PenaltyType.CONFISCATION.value, PenaltyType.FINE.value)),
    *((20, (each.value,)) for each in PenaltyType if each is not PenaltyType.FINE),
)
LICENCE_LOST: Final = frozenset({PenaltyType.LICENCE_REVOKED.value, PenaltyType.LICENCE_SUSPENDED.value})
SERIOUSNESSES: Final = weighted((0, Seriousness.ORDINARY), (150, Seriousness.SERIOUS), (50, Seriousness.VERY_SERIOUS))
FINES: Final = tuple(each * 100_000 for each in (1, 2, 5, 5, 10, 10, 20, 30, 50, 100, 200, 500))
FACTS: Final = (
    "未按规定公示信息",
    "经营不符合标准的产品",
    "未取得许可从事经营活动",
    "违反操作规程作业",
    "超标排放污染物",
)
CIRCUMSTANCES: Final = (
    "REPEATED",
    "CONCEALMENT",
    "UNLICENSED",
    "FALSE_INFORMATION",
    "REFUSED_CORRECTION",
    "MAJOR_LOSS",
)
PERMITS: Final = tuple(each.value for each in PermitKind)
CERTIFICATES: Final = ("食品经营许可证", "安全生产许可证", "排污许可证", "道路运输经营许可证", "特种设备使用登记证")
SCHEMES: Final = (
    ("TAX", ("A", "B", "B", "M", "C", "D")),
    ("LABOUR", ("A", "A", "B", "C")),
    ("ENVIRONMENT", ("绿", "蓝", "黄", "红")),
    ("ROAD", ("AAA", "AA", "A", "B")),
    ("CONSTRUCTION", ("A", "B", "C")),
    ("PUBLIC_CREDIT", ("优", "良", "中", "差")),
    ("RISK_CLASS", ("A", "B", "C", "D")),
)
LIST_FIRST: Final = ("经营异常名录", "失信被执行人")  # as many as of all other lists together
CRIMES: Final = ("FOOD_SAFETY", "WORK_SAFETY", "ECONOMIC", "BRIBERY", "EMBEZZLEMENT", "TAX", "FRAUD", "TRAFFIC", "DUTY")
SANCTIONS: Final = ("REMOVED_FROM_POST", "DISMISSED", "DEMOTED", "WARNING", "DEMERIT", "SERIOUS_DEMERIT")
ACCIDENTS: Final = ("ORDINARY", "ORDINARY", "LARGER", "MAJOR", "EXTRAORDINARY")
LAWS: Final = {
    "FOOD": ("中华人民共和国食品安全法", "第一百三十五条第一款"),
    "WORK_SAFETY": ("中华人民共和国安全生产法", "第九十四条"),
    "ENVIRONMENT": ("中华人民共和国环境保护法", "第五十九条"),
}
FURTHER_SECTORS: Final = ("TAX", "GENERAL", "FINANCE", "WAGES", "SECURITIES", "STATE_ASSETS")
Values = dict[str, Value]


def _penalty(lot: Lot, day: int, sector: str | None) -> Values:
    types = TYPES[lot[4] % 1000]
    found: Values = {
        "types": types,
        "sector": sector or FURTHER_SECTORS[lot[5] % len(FURTHER_SECTORS)],
        "facts": FACTS[lot[6] % len(FACTS)],
        "content": "、".join(TITLES[each] for each in types),
    }
    if "FINE" in types:
        found["fine"] = FINES[lot[7] % len(FINES)]
    if "CONFISCATION" in types:
        found["confiscated"] = FINES[lot[8] % len(FINES)] // 2
    if not LICENCE_LOST.isdisjoint(types):
        found["licence"] = "BUSINESS" if sector is None or lot[9] % 3 == 0 else sector
    if lot[9] % 4:
        found["seriousness"] = SERIOUSNESSES[lot[10] % 1000].value
    if lot[9] % 7 == 0:
        found["circumstances"] = (CIRCUMSTANCES[lot[11] % len(CIRCUMSTANCES)],)
    if (law := LAWS.get(sector or "")) is not None:
        found["basisDocuments"], found["basisArticles"] = (law[0],), (law[1],)
    if lot[12] % 3:
        begun = day - 30 - lot[12] % 400
        found["offenceFrom"], found["offenceTo"] = written(begun), written(begun + 1 + lot[13] % 28)
    if types == (PenaltyType.OCCUPATION_BANNED.value,):
        found["banScope"] = "从事相关经营管理"
        found.update({"banLife": True} if lot[13] % 4 == 0 else {"banYears": 3 + lot[13] % 3})
    return found


def _permit(lot: Lot, day: int, sector: str | None) -> Values:
    until = {} if lot[4] % 5 == 0 else {"to": written(day + 365 * (1 + lot[4] % 5))}
    kind, certificate = PERMITS[lot[5] % len(PERMITS)], CERTIFICATES[lot[6] % len(CERTIFICATES)]
    return {"permitKind": kind, "certificate": certificate, "content": certificate, "from": written(day), **until}


def _grade(lot: Lot, day: int, sector: str | None) -> Values:
    scheme, letters = SCHEMES[lot[4] % len(SCHEMES)]
    return {"scheme": scheme, "grade": letters[lot[5] % len(letters)], "year": year(day) - 1}


def _enforcement(lot: Lot, day: int, sector: str | None) -> Values:
    large = {} if lot[5] % 3 == 0 else {"largeDebt": lot[5] % 3 == 1}
    return {"amount": FINES[lot[4] % len(FINES)] * 100, **large}


def _conviction(lot: Lot, day: int, sector: str | None) -> Values:
    return {
        "crime": CRIMES[lot[4] % len(CRIMES)],
        "sentence": "FIXED_TERM_OR_MORE" if lot[5] % 2 else "LESSER",
        "servedOn": written(day + 180 + lot[6] % 1000),
        "sector": sector or "GENERAL",
    }


def _ban(lot: Lot, day: int, sector: str | None) -> Values:
    years: Values = {"banLife": True} if lot[4] % 5 == 0 else {"banYears": 3 + lot[4] % 8}
    return {
        "sector": "SECURITIES" if lot[5] % 2 else "INSURANCE",
        "banScope": "证券市场",
        "from": written(day),
        **years,
    }


def _accident(lot: Lot, day: int, sector: str | None) -> Values:
    return {"accidentGrade": ACCIDENTS[lot[4] % len(ACCIDENTS)], "sector": "WORK_SAFETY"}


def _nothing(lot: Lot, day: int, sector: str | None) -> Values:
    return {}


TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{each.value: "其他处罚" for each in PenaltyType},
        "FINE": "罚款",
        "CONFISCATION": "没收违法所得",
        "WARNING": "警告",
        "LICENCE_REVOKED": "吊销许可证件",
        "BUSINESS_SUSPENDED": "责令停产停业",
    }
)
SAID: Final[Mapping[RecordKind, Callable[[Lot, int, str | None], Values]]] = MappingProxyType(
    {
        K.PENALTY: _penalty,
        K.PERMIT: _permit,
        K.GRADE: _grade,
        K.ENFORCEMENT: _enforcement,
        K.TAX_ARREARS: lambda lot, day, sector: {"amount": FINES[lot[4] % len(FINES)] * 10},
        K.CRIMINAL_CONVICTION: _conviction,
        K.MARKET_BAN: _ban,
        K.ACCIDENT: _accident,
        K.DISCIPLINE: lambda lot, day, sector: {
            "sanction": SANCTIONS[lot[4] % len(SANCTIONS)],
            "sector": sector or "STATE_ASSETS",
        },
    }
)


def said(kind: RecordKind, lot: Lot, day: int, sector: str | None) -> Values:
    """What a record of a kind decided on a day says besides its number and its dates."""
    return SAID.get(kind, _nothing)(lot, day, sector)


class Lists:
    """The lists of the rule pack in a fixed order; the first two are entered as often as all others together."""

    def __init__(self, known: Mapping[str, ListWords]) -> None:
        self.all = tuple(known[name] for name in sorted(known))
        first = [known[name] for name in LIST_FIRST]
        self._table = weighted((0, first[0]), (250, first[1]), *((500 // len(self.all), each) for each in self.all))

    def drawn(self, number: int) -> ListWords:
        return self._table[number % len(self._table)]


def listed(lot: Lot, day: int, words: ListWords) -> Values:
    """An entry of a list: red ones run for years, black ones until they are lifted."""
    until: Values = {"to": written(day + 365 * 3)} if words.polarity == ListPolarity.RED or lot[5] % 4 == 0 else {}
    debt: Values = {"largeDebt": lot[6] % 2 == 0} if words.name == LIST_FIRST[1] and lot[6] % 3 else {}
    return {"list": words.name, "from": written(day), **until, **debt}
