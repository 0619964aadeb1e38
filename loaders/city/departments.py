"""What each department of the catalogue decides in the synthetic city: the list itself is assumed, not found.

It must not know what they decide about whom.
"""

from __future__ import annotations

from typing import Final

from graph.codes import RecordKind
from loaders.catalog.reading import departments
from loaders.city.lots import weighted

_READ: Final = departments()
ASSUMED: Final = _READ.assumed
MARK: Final = "假定,未核实 / assumed, unverified"  # shown where the address would stand
DEPARTMENTS: Final = _READ.departments
COUNTED: Final = sum(each.catalogued for each in DEPARTMENTS)  # the first ones
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
