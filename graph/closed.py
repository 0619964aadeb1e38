"""The closed sets of codes that records carry and rules ask for, where no enumeration names them one by one.

It must not know files of data nor rules: loaders and the rule pack both read their codes against these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


JURISDICTIONS: Final = _set("CN US")  # whose law a rule is of
SECTORS: Final = _set(
    "FOOD DRUG COSMETICS MEDICAL_DEVICE WORK_SAFETY CONSTRUCTION ENVIRONMENT TRAVEL PUBLISHING PRINTING FILM "
    "PERFORMANCE ENTERTAINMENT INTERNET_CAFE SEED PESTICIDE VETERINARY_DRUG FEED SLAUGHTER SALT EDUCATION "
    "MEDICAL_INSURANCE ADVERTISING TAX CUSTOMS GENERAL AUDIO_VIDEO ANIMAL_QUARANTINE SAFETY_ASSESSMENT EIA "
    "SOIL CARBON FIRE SECURITIES FUTURES INSURANCE BANKING STATE_ASSETS TENDERING LEGAL_SERVICE WAGES CHARITY "
    "VACCINE TRANSPORT STATISTICS PRICE MEDICAL CULTURE INTELLECTUAL_PROPERTY QUALITY FINANCE SOCIAL_SECURITY"
)
LICENCES: Final = _set("BUSINESS SOCIAL_REGISTRATION DESIGNATED_INSTITUTION") | SECTORS  # or the sector's own licence
CRIMES: Final = _set(
    "FOOD_SAFETY WORK_SAFETY ECONOMIC BORDER DRUG ENVIRONMENT BRIBERY CORRUPTION EMBEZZLEMENT "
    "MISAPPROPRIATION PROPERTY TAX FRAUD DUTY TRAFFIC OTHER"
)
SANCTIONS: Final = _set("REMOVED_FROM_POST DISMISSED DEMOTED WARNING DEMERIT SERIOUS_DEMERIT")  # 政务处分法 7
# Sources call a profession as they like, and it is kept as they wrote it; a rule names it by one of these.
PROFESSIONS: Final = _set(
    "律师 注册会计师 资产评估师 医师 教师 导游 注册税务师 审计师 统计师 认证审核员 证券从业人员 保险经纪人 记者 "
    "注册建造师 注册安全工程师 公证员 司法鉴定人 基层法律服务工作者 执业药师 护士"
)
PROFESSION_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "LAWYER": "律师",
        "执业律师": "律师",
        "CPA": "注册会计师",
        "APPRAISER": "资产评估师",
        "评估师": "资产评估师",
        "资产评估专业人员": "资产评估师",
        "评估专业人员": "资产评估师",
        "DOCTOR": "医师",
        "执业医师": "医师",
        "TEACHER": "教师",
        "GUIDE": "导游",
    }
)
