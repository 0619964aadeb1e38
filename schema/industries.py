"""The sections of GB/T 4754-2017 by the division (first two digits) of an industry code.

It must not know which enterprise has which code; finer names are not kept here.
"""

from __future__ import annotations

from typing import Final

SECTIONS: Final = (
    (5, "A", "农、林、牧、渔业"),
    (12, "B", "采矿业"),
    (43, "C", "制造业"),
    (46, "D", "电力、热力、燃气及水生产和供应业"),
    (50, "E", "建筑业"),
    (52, "F", "批发和零售业"),
    (60, "G", "交通运输、仓储和邮政业"),
    (62, "H", "住宿和餐饮业"),
    (65, "I", "信息传输、软件和信息技术服务业"),
    (69, "J", "金融业"),
    (70, "K", "房地产业"),
    (72, "L", "租赁和商务服务业"),
    (75, "M", "科学研究和技术服务业"),
    (79, "N", "水利、环境和公共设施管理业"),
    (82, "O", "居民服务、修理和其他服务业"),
    (83, "P", "教育"),
    (85, "Q", "卫生和社会工作"),
    (90, "R", "文化、体育和娱乐业"),
    (96, "S", "公共管理、社会保障和社会组织"),
    (97, "T", "国际组织"),
)
BY_LETTER: Final = {letter: name for _, letter, name in SECTIONS}


def name_of(code: str) -> str:
    """The section an industry code lies in; the code itself where it is none of the standard's."""
    bare = code.strip()
    digits = bare[1:3] if bare[:1].isalpha() else bare[:2]
    if not digits.isdigit():
        return BY_LETTER.get(bare[:1].upper(), bare)
    return next((name for last, _, name in SECTIONS if 1 <= int(digits) <= last), bare)
