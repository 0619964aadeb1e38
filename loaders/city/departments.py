"""The departments and other bodies of the city and what each decides: a list that is assumed, not found.

It must not know what they decide about whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.codes import RecordKind, Text
from loaders.city.lots import weighted

# `domain.md` B13: the contents of the 28-department catalogue are not verified.
ASSUMED: Final = Text(
    "部门名单为假定(2015年二十八部门目录未核实)", "the list of departments is an assumption (the 28 of 2015 unverified)"
)
MARK: Final = "假定,未核实 / assumed, unverified"  # shown where the address would stand


@dataclass(frozen=True, slots=True)
class Department:
    """A body: its name, and the word its documents begin with."""

    name: str
    word: str


DEPARTMENTS: Final = tuple(
    Department(f"江门市{name}", word)
    for name, word in (
        ("发展和改革局", "发改"),
        ("经济和信息化局", "经信"),
        ("教育局", "教"),
        ("科学技术局", "科"),
        ("公安局", "公"),
        ("民政局", "民"),
        ("司法局", "司"),
        ("财政局", "财"),
        ("人力资源和社会保障局", "人社"),
        ("国土资源局", "国土"),
        ("环境保护局", "环"),
        ("住房和城乡建设局", "建"),
        ("交通运输局", "交"),
        ("水务局", "水"),
        ("农业局", "农"),
        ("商务局", "商"),
        ("文化广电新闻出版局", "文"),
        ("卫生和计划生育局", "卫"),
        ("审计局", "审"),
        ("工商行政管理局", "工商"),
        ("质量技术监督局", "质"),
        ("食品药品监督管理局", "食药"),
        ("安全生产监督管理局", "安监"),
        ("统计局", "统"),
        ("城乡规划局", "规"),
        ("城市管理局", "城管"),
        ("国家税务局", "国税"),
        ("地方税务局", "地税"),
        ("中级人民法院", "法"),
        ("人民检察院", "检"),
        ("海关", "关"),
        ("出入境检验检疫局", "检疫"),
        ("人民银行中心支行", "银"),
        ("机构编制委员会办公室", "编"),
        ("旅游局", "旅"),
    )
)
COUNTED: Final = 28  # the first ones are the assumed catalogue
INDEX: Final = {each.word: index for index, each in enumerate(DEPARTMENTS)}
TREASURY, COURT = INDEX["财"], INDEX["法"]
_SECTORS: Final = {
    "FOOD": "食药",
    "DRUG": "食药",
    "MEDICAL_DEVICE": "食药",
    "CONSTRUCTION": "建",
    "QUALITY": "质",
    "WORK_SAFETY": "安监",
    "TRANSPORT": "交",
    "ENVIRONMENT": "环",
    "TRAVEL": "旅",
    "ADVERTISING": "工商",
    "PRINTING": "文",
    "FEED": "农",
    "EDUCATION": "教",
    "INTERNET_CAFE": "文",
}
BY_SECTOR: Final = {sector: INDEX[word] for sector, word in _SECTORS.items()}
# Departments issue unevenly: the market supervision decides half, a few hardly anything.
ANY: Final = weighted(
    (0, INDEX["工商"]),
    *((80, INDEX[word]) for word in ("国税", "地税", "食药")),
    *((40, INDEX[word]) for word in ("环", "建", "人社", "安监")),
    *((10, INDEX[word]) for word in ("质", "交", "城管", "国土", "公", "卫", "文", "农")),
    *((4, INDEX[word]) for word in ("商", "水", "教", "规", "统", "关", "检疫", "旅")),
    *((1, INDEX[word]) for word in ("发改", "经信", "科", "民", "司", "财", "审", "银")),
)
BY_KIND: Final = {
    RecordKind.ENFORCEMENT: COURT,
    RecordKind.CONSUMPTION_RESTRICTION: COURT,
    RecordKind.EXIT_RESTRICTION: COURT,
    RecordKind.BANKRUPTCY: COURT,
    RecordKind.COURT_CASE: COURT,
    RecordKind.CRIMINAL_CONVICTION: COURT,
    RecordKind.TAX_ARREARS: INDEX["国税"],
    RecordKind.ACCIDENT: INDEX["安监"],
    RecordKind.CONTRACT: INDEX["财"],
    RecordKind.MARKET_BAN: INDEX["银"],
    RecordKind.DISCIPLINE: INDEX["编"],
}
