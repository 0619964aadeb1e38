"""The words of 双公示 cells that are texts and no codes: penalty types and licences; codes are in the catalogue.

It must not know rows; a word that no table has is said, never guessed.
"""

from __future__ import annotations

import re
from typing import Final

from graph.codes import PenaltyType

OLD: Final = ("penalty-2015", "permit-2015")  # 居民身份证号 there is the party's own
PENALTIES: Final = ("penalty-2018", "penalty-2015")  # the other items of the catalogue are permits
UNPUBLISHED: Final = "UNPUBLISHED"  # 信息使用范围
SEPARATORS: Final = re.compile(r"[;；、,，|\n]+")
# The first word found in a part decides; 暂扣或(者)吊销 names two kinds at once and is decided by the content.
PENALTY_TYPES: Final = (
    ("警告", PenaltyType.WARNING),
    ("通报批评", PenaltyType.CRITICISM),
    ("罚款", PenaltyType.FINE),
    ("没收", PenaltyType.CONFISCATION),
    ("暂扣", PenaltyType.LICENCE_SUSPENDED),
    ("降低资质", PenaltyType.QUALIFICATION_DOWNGRADED),
    ("吊销执业", PenaltyType.CERTIFICATE_REVOKED),
    ("吊销资格", PenaltyType.CERTIFICATE_REVOKED),
    ("吊销", PenaltyType.LICENCE_REVOKED),
    ("撤销许可", PenaltyType.LICENCE_WITHDRAWN),
    ("撤销登记", PenaltyType.LICENCE_WITHDRAWN),
    ("限制开展", PenaltyType.OPERATION_RESTRICTED),
    ("停产停业", PenaltyType.BUSINESS_SUSPENDED),
    ("停业整顿", PenaltyType.BUSINESS_SUSPENDED),
    ("责令关闭", PenaltyType.CLOSURE_ORDERED),
    ("取缔", PenaltyType.BANNED),
    ("限制从业", PenaltyType.OCCUPATION_BANNED),
    ("禁止从业", PenaltyType.OCCUPATION_BANNED),
    ("停止执业", PenaltyType.PRACTICE_SUSPENDED),
    ("变更登记", PenaltyType.REGISTRATION_CHANGE_ORDERED),
    ("拘留", PenaltyType.DETENTION),
    ("其他", PenaltyType.OTHER),
    ("其它", PenaltyType.OTHER),
)
# A class of the statute (行政处罚法 8 of 2017, 9 of 2021) names kinds of which one was imposed: the content says which.
CLASSES: Final = (
    (
        re.compile(r"暂扣(?:或者?|、|/)吊销"),
        (("吊销", PenaltyType.LICENCE_REVOKED), ("暂扣", PenaltyType.LICENCE_SUSPENDED)),
    ),
    (
        re.compile(r"暂扣许可证件[、,，;；]降低资质等级[、,，;；]吊销许可证件"),
        (
            ("吊销", PenaltyType.LICENCE_REVOKED),
            ("暂扣", PenaltyType.LICENCE_SUSPENDED),
            ("降低资质", PenaltyType.QUALIFICATION_DOWNGRADED),
        ),
    ),
    (
        re.compile(r"限制开展生产经营活动[、,，;；]责令停产停业[、,，;；]责令关闭[、,，;；]限制从业"),
        (
            ("限制开展", PenaltyType.OPERATION_RESTRICTED),
            ("停产停业", PenaltyType.BUSINESS_SUSPENDED),
            ("责令关闭", PenaltyType.CLOSURE_ORDERED),
            ("限制从业", PenaltyType.OCCUPATION_BANNED),
        ),
    ),
)
# The licence a decision names, by the words of its name; the sector follows only from a licence of that sector.
LICENCES: Final = (
    ("营业执照", "BUSINESS"),
    ("食品经营许可证", "FOOD"),
    ("食品生产许可证", "FOOD"),
    ("食品流通许可证", "FOOD"),
    ("餐饮服务许可证", "FOOD"),
    ("药品经营许可证", "DRUG"),
    ("药品生产许可证", "DRUG"),
    ("化妆品生产许可证", "COSMETICS"),
    ("医疗器械经营许可证", "MEDICAL_DEVICE"),
    ("医疗器械生产许可证", "MEDICAL_DEVICE"),
    ("安全生产许可证", "WORK_SAFETY"),
    ("建筑业企业资质", "CONSTRUCTION"),
    ("排污许可证", "ENVIRONMENT"),
    ("旅行社业务经营许可证", "TRAVEL"),
    ("出版物经营许可证", "PUBLISHING"),
    ("印刷经营许可证", "PRINTING"),
    ("娱乐经营许可证", "ENTERTAINMENT"),
    ("营业性演出许可证", "PERFORMANCE"),
    ("电影放映经营许可证", "FILM"),
    ("网络文化经营许可证", "INTERNET_CAFE"),
    ("种子生产经营许可证", "SEED"),
    ("农药经营许可证", "PESTICIDE"),
    ("农药生产许可证", "PESTICIDE"),
    ("兽药经营许可证", "VETERINARY_DRUG"),
    ("兽药生产许可证", "VETERINARY_DRUG"),
    ("饲料生产许可证", "FEED"),
    ("定点屠宰证", "SLAUGHTER"),
    ("动物防疫条件合格证", "ANIMAL_QUARANTINE"),
    ("道路运输经营许可证", "TRANSPORT"),
    ("办学许可证", "EDUCATION"),
)
BUSINESS: Final = "BUSINESS"
