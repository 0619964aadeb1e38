"""Names as they sound in the city, repeated as they are there: namesakes among persons and firms are on purpose.

It must not know who bears a name; it turns lots into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.codes import EnterpriseForm
from loaders.city.lots import weighted

SURNAMES: Final = weighted(
    (0, "陈"),
    *((80, each) for each in "李黄梁"),
    *((50, each) for each in "林张吴"),
    *((30, each) for each in "谭冯余伍"),
    *((20, each) for each in "何周刘叶邓关甄胡"),
    *((8, each) for each in "王杨罗郑苏钟谢区容黎莫麦岑潘赵聂欧汤"),
    (10, "司徒"),
    (4, "欧阳"),
)
GIVEN: Final = "明华文国伟健志强建军丽芳秀英美玲桂兰海燕嘉俊杰子轩雨欣浩然思敏永光启德金荣炳耀锦泉月娥少东婉仪沛霖"
COINED: Final = "恒信盛达鑫源顺发宏图利泰丰隆嘉华兴旺百汇万通金辉瑞祥新科永昌德美广合正诚佳润安邦腾飞凯富"
COMMON: Final = ("顺发", "恒信", "宏达", "永兴")  # names that many firms bear
PLACES: Final = {
    "440703": "蓬江区",
    "440704": "江海区",
    "440705": "新会区",
    "440781": "台山市",
    "440783": "开平市",
    "440784": "鹤山市",
    "440785": "恩平市",
}


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: its word in names, its industry (GB/T 4754) and the sector that supervises it."""

    word: str
    industry: str
    sector: str | None = None


TRADES: Final = weighted(
    (0, Trade("贸易", "F51")),
    (60, Trade("食品", "C14", "FOOD")),
    (50, Trade("餐饮", "H62", "FOOD")),
    (50, Trade("建筑工程", "E47", "CONSTRUCTION")),
    (50, Trade("水暖卫浴", "C33", "QUALITY")),
    (40, Trade("五金制品", "C33", "WORK_SAFETY")),
    (40, Trade("电子", "C39")),
    (40, Trade("摩托车配件", "C37", "QUALITY")),
    (40, Trade("家具", "C21")),
    (40, Trade("运输", "G54", "TRANSPORT")),
    (40, Trade("科技", "I65")),
    (40, Trade("商贸", "F52")),
    (30, Trade("化工", "C26", "ENVIRONMENT")),
    (30, Trade("造纸", "C22", "ENVIRONMENT")),
    (30, Trade("药业", "C27", "DRUG")),
    (30, Trade("物业管理", "K70")),
    (30, Trade("房地产开发", "K70", "CONSTRUCTION")),
    (20, Trade("旅行社", "L72", "TRAVEL")),
    (20, Trade("广告", "L72", "ADVERTISING")),
    (20, Trade("印刷", "C23", "PRINTING")),
    (20, Trade("饲料", "C13", "FEED")),
    (20, Trade("医疗器械", "C35", "MEDICAL_DEVICE")),
    (20, Trade("教育咨询", "P83", "EDUCATION")),
    (20, Trade("水产养殖", "A04")),
    (10, Trade("烟花爆竹", "C26", "WORK_SAFETY")),
    (10, Trade("网吧", "R90", "INTERNET_CAFE")),
)
FORM_WORDS: Final = {
    EnterpriseForm.LIMITED_COMPANY: "有限公司",
    EnterpriseForm.JOINT_STOCK_COMPANY: "股份有限公司",
    EnterpriseForm.SOLE_PROPRIETORSHIP: "厂",
    EnterpriseForm.PARTNERSHIP: "合伙企业(有限合伙)",
    EnterpriseForm.STATE_ENTERPRISE: "总公司",
    EnterpriseForm.COLLECTIVE_ENTERPRISE: "联社",
    EnterpriseForm.FOREIGN_INVESTED: "(江门)有限公司",
    EnterpriseForm.INDIVIDUAL_BUSINESS: "店",
    EnterpriseForm.COOPERATIVE: "专业合作社",
    EnterpriseForm.BRANCH: "有限公司分公司",
    EnterpriseForm.OTHER: "经营部",
}
STREETS: Final = ("建设路", "迎宾大道", "港口路", "胜利路", "东华路", "冈州大道", "篁庄大道", "北环路", "工业大道")


def person_name(first: int, second: int) -> str:
    surname = SURNAMES[first % len(SURNAMES)]
    given = GIVEN[second % len(GIVEN)]
    further = second // len(GIVEN) % (2 * len(GIVEN))  # every second name has one character only
    return f"{surname}{given}{GIVEN[further]}" if further < len(GIVEN) else f"{surname}{given}"


def coined(number: int) -> str:
    """Two characters; one in thirty is a name that many share."""
    if number % 30 == 0:
        return COMMON[number // 30 % len(COMMON)]
    first, rest = number % len(COINED), number // len(COINED)
    return f"{COINED[first]}{COINED[rest % len(COINED)]}"


def enterprise_name(form: EnterpriseForm, region: str, trade: Trade, number: int) -> str:
    return f"江门市{PLACES[region]}{coined(number)}{trade.word}{FORM_WORDS[form]}"


def address(region: str, number: int) -> str:
    return f"江门市{PLACES[region]}{STREETS[number % len(STREETS)]}{number // len(STREETS) % 300 + 1}号"
