"""Regions of GB/T 2260 that the city needs, as data with the years in which each code was in use.

It must not know subjects; a code outside the table is somebody else's region, not an error of this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from graph.codes import RegionLevel
from graph.periods import Period, on


@dataclass(frozen=True, slots=True)
class Region:
    """One code. `since` and `until` are years, half-open, None when open; sources give no days.

    `successor` is the code that continued the same place under its name; merged or divided places have none.
    """

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    since: int | None = None
    until: int | None = None
    successor: str | None = None

    @property
    def id(self) -> str:
        return f"reg_{self.code}"

    @property
    def period(self) -> Period:
        return Period(*(None if year is None else on(date(year, 1, 1)) for year in (self.since, self.until)))

    def in_use(self, day: date) -> bool:
        return self.period.contains(day)


JIANGMEN: Final = "440700"
PROVINCE_NAMES: Final = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
# code, name, in use since, until, the code that followed (`domain.md` B1)
COUNTIES: Final = (
    ("440702", "城区", 1984, 1994, None),
    ("440703", "蓬江区", 1994, None, None),
    ("440704", "江海区", 1994, None, None),
    ("440705", "新会区", 2002, None, None),
    ("440711", "郊区", 1984, 1994, None),
    ("440721", "新会县", None, 1992, "440782"),
    ("440722", "台山县", None, 1992, "440781"),
    ("440723", "恩平县", None, 1994, "440785"),
    ("440724", "开平县", None, 1993, "440783"),
    ("440725", "鹤山县", None, 1993, "440784"),
    ("440781", "台山市", 1992, None, None),
    ("440782", "新会市", 1992, 2002, "440705"),
    ("440783", "开平市", 1993, None, None),
    ("440784", "鹤山市", 1993, None, None),
    ("440785", "恩平市", 1994, None, None),
)
REGIONS: Final[Mapping[str, Region]] = MappingProxyType(
    {
        each.code: each
        for each in (
            *(
                Region(f"{prefix}0000", name, RegionLevel.PROVINCE, None)
                for prefix, name in sorted(PROVINCE_NAMES.items())
            ),
            Region(JIANGMEN, "江门市", RegionLevel.CITY, "440000"),
            *(
                Region(code, name, RegionLevel.COUNTY, JIANGMEN, since, until, successor)
                for code, name, since, until, successor in COUNTIES
            ),
        )
    }
)


def find(code: str) -> Region | None:
    """The region of a code of the table, whether still in use or not."""
    return REGIONS.get(code)


def known(code: str) -> bool:
    """Whether a code can be a region: one of ours, or well formed and in a province whose parts we do not list."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()) or code[:2] not in PROVINCE_NAMES:
        return False
    return code in REGIONS or not code.startswith(JIANGMEN[:4])


def ancestors(code: str) -> tuple[Region, ...]:
    """The regions a code lies in, nearest first; of a foreign code its province."""
    region = find(code)
    parent = (f"{code[:2]}0000" if known(code) else None) if region is None else region.parent
    found = None if parent is None else find(parent)
    return () if found is None else (found, *ancestors(found.code))


def parts(code: str, day: date) -> tuple[Region, ...]:
    """The regions of the table directly inside a code that were in use on a day, by code."""
    return tuple(each for each in REGIONS.values() if each.parent == code and each.in_use(day))


def current(code: str) -> Region | None:
    """The region that continues a code today: 新会县 → 新会市 → 新会区."""
    region = find(code)
    return current(region.successor) if region is not None and region.successor is not None else region
