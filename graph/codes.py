"""The closed sets of codes the engine knows, with the Chinese word of each beside its English name.

It must not know how codes are stored or shown; sets that come from data (lists, measures, rules) are strings elsewhere.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple


class Text(NamedTuple):
    """One human sentence or title in both languages."""

    zh: str
    en: str


def english(code: StrEnum) -> str:
    """`LEGAL_REPRESENTATIVE` → `legal representative`."""
    return code.value.replace("_", " ").lower()


@cache
def words(code: StrEnum) -> Text:
    """The word of a code in both languages; the Chinese one falls back to the English."""
    return Text(CHINESE.get(code, english(code)), english(code))


class Purpose(StrEnum):
    """用途: what a check is asked for (`domain.md` A6)."""

    ADMINISTRATIVE_LICENCE = "ADMINISTRATIVE_LICENCE"
    GOVERNMENT_PROCUREMENT = "GOVERNMENT_PROCUREMENT"
    BIDDING = "BIDDING"
    CIVIL_SERVICE_RECRUITMENT = "CIVIL_SERVICE_RECRUITMENT"
    MARKET_ACCESS = "MARKET_ACCESS"
    QUALIFICATION = "QUALIFICATION"
    SUBSIDY = "SUBSIDY"
    GOVERNMENT_FUNDS = "GOVERNMENT_FUNDS"
    HOUSING = "HOUSING"
    AWARD = "AWARD"
    BANK_CREDIT = "BANK_CREDIT"
    OFFICE_APPOINTMENT = "OFFICE_APPOINTMENT"
    REGISTRATION = "REGISTRATION"
    LAND = "LAND"
    OTHER = "OTHER"


class Capacity(StrEnum):
    """责任身份: in which capacity a decision or finding names a person (S8)."""

    LEGAL_REPRESENTATIVE_AT_OFFENCE = "LEGAL_REPRESENTATIVE_AT_OFFENCE"
    PERSON_IN_CHARGE = "PERSON_IN_CHARGE"
    DIRECTLY_RESPONSIBLE_SUPERVISOR = "DIRECTLY_RESPONSIBLE_SUPERVISOR"
    OTHER_DIRECTLY_RESPONSIBLE = "OTHER_DIRECTLY_RESPONSIBLE"
    OTHER_RESPONSIBLE = "OTHER_RESPONSIBLE"
    NAMED = "NAMED"
    OFFENDER = "OFFENDER"
    FINDING_PERSONAL_RESPONSIBILITY = "FINDING_PERSONAL_RESPONSIBILITY"
    ACTUAL_CONTROLLER_FOUND = "ACTUAL_CONTROLLER_FOUND"
    INFLUENCES_PERFORMANCE = "INFLUENCES_PERFORMANCE"
    KEY_POST = "KEY_POST"
    LEAD_COMPILER = "LEAD_COMPILER"
    MAIN_COMPILER = "MAIN_COMPILER"
    FINANCE_RESPONSIBLE = "FINANCE_RESPONSIBLE"
    INTERMEDIARY = "INTERMEDIARY"
    RELEASED = "RELEASED"


class Condition(StrEnum):
    """The one condition that kept a considered rule from applying (S9)."""

    ROLE_NOT_IN_RULE = "ROLE_NOT_IN_RULE"
    ROLE_NOT_AT_ANCHOR = "ROLE_NOT_AT_ANCHOR"
    NO_FINDING = "NO_FINDING"
    NOT_NAMED = "NOT_NAMED"
    OTHER_SUBJECT_KIND = "OTHER_SUBJECT_KIND"
    SECTOR_OR_LICENCE = "SECTOR_OR_LICENCE"
    CONDITION_NOT_RECORDED = "CONDITION_NOT_RECORDED"
    TERM_ENDED = "TERM_ENDED"
    NOT_YET_IN_FORCE = "NOT_YET_IN_FORCE"
    VERSION_ENDED = "VERSION_ENDED"
    REVOKED = "REVOKED"
    SET_ASIDE = "SET_ASIDE"
    SUSPENDED = "SUSPENDED"
    REPAIRED = "REPAIRED"
    LIFTED = "LIFTED"
    RELEASED = "RELEASED"
    MUST_NOT = "MUST_NOT"


class EvidenceKind(StrEnum):
    """Evidence still missing behind a POTENTIAL."""

    FINDING_OF_RESPONSIBILITY = "FINDING_OF_RESPONSIBILITY"
    OFFENCE_PERIOD_UNKNOWN = "OFFENCE_PERIOD_UNKNOWN"
    TERM_START_UNKNOWN = "TERM_START_UNKNOWN"
    NO_RELEASE_RECORDED = "NO_RELEASE_RECORDED"
    LARGE_DEBT_UNKNOWN = "LARGE_DEBT_UNKNOWN"
    SERIOUSNESS_UNKNOWN = "SERIOUSNESS_UNKNOWN"
    DATE_IMPRECISE = "DATE_IMPRECISE"


class WarningCode(StrEnum):
    """What an answer wants its reader to know besides."""

    CAUSE_LATER_REVOKED = "CAUSE_LATER_REVOKED"
    REPAIR_DATE_MISSING = "REPAIR_DATE_MISSING"
    END_DATE_MISSING = "END_DATE_MISSING"
    EMPLOYS_BARRED_PERSON = "EMPLOYS_BARRED_PERSON"
    AGE_UNKNOWN = "AGE_UNKNOWN"
    OWN_RECORD_WITHOUT_RULE = "OWN_RECORD_WITHOUT_RULE"
    OFFENCE_REVERSED = "OFFENCE_REVERSED"
    IDENTIFIER_INNER_CHECK = "IDENTIFIER_INNER_CHECK"
    SOURCES_DISPUTE = "SOURCES_DISPUTE"
    AMOUNT_DISAGREES = "AMOUNT_DISAGREES"
    DERIVED_BEHIND = "DERIVED_BEHIND"
    LIST_CUT = "LIST_CUT"
    SHARES_OVER_100 = "SHARES_OVER_100"
    SHARE_UNKNOWN = "SHARE_UNKNOWN"
    SHARE_BAND = "SHARE_BAND"
    SELF_HOLDING = "SELF_HOLDING"
    CIRCULAR_HOLDING = "CIRCULAR_HOLDING"
    HUB_AVOIDED = "HUB_AVOIDED"
    NOT_FOUND_IN_THIS_DATA = "NOT_FOUND_IN_THIS_DATA"


class TruncationReason(StrEnum):
    """Which named limit cut an answer."""

    NODE_LIMIT = "NODE_LIMIT"
    EDGE_LIMIT = "EDGE_LIMIT"
    DEPTH_LIMIT = "DEPTH_LIMIT"
    LEVEL_LIMIT = "LEVEL_LIMIT"
    PATH_LIMIT = "PATH_LIMIT"
    HUB = "HUB"
    TIME_LIMIT = "TIME_LIMIT"
    SIZE_LIMIT = "SIZE_LIMIT"


class Effect(StrEnum):
    """What a measure does to its party."""

    PROHIBITS = "PROHIBITS"
    RESTRICTS = "RESTRICTS"
    OBLIGES = "OBLIGES"
    INFORMS = "INFORMS"


class Confidence(StrEnum):
    """How the text of a rule was checked: article by article, second hand, not at all."""

    VERIFIED = "VERIFIED"
    SECONDARY = "SECONDARY"
    UNVERIFIED = "UNVERIFIED"


class Certainty(StrEnum):
    """How sure a measure is (S7)."""

    EX_LEGE = "EX_LEGE"
    NAMED = "NAMED"
    FOUND = "FOUND"
    POTENTIAL = "POTENTIAL"


class TermEnd(StrEnum):
    """How a measure ends (S2)."""

    TERM = "TERM"
    LIFE = "LIFE"
    EVENT = "EVENT"


class CheckOutcome(StrEnum):
    """The answer of a check in one word (S17)."""

    NOTHING_FOUND = "NOTHING_FOUND"
    RESTRICTED = "RESTRICTED"
    PROHIBITED = "PROHIBITED"
    NEEDS_FINDING = "NEEDS_FINDING"


class CheckScope(StrEnum):
    """Whose findings a check also tells, never as the subject's own."""

    OWNERSHIP = "OWNERSHIP"
    OFFICES = "OFFICES"


class ControlBasis(StrEnum):
    """What the control of an organisation rests on."""

    EQUITY = "EQUITY"
    VOTES = "VOTES"
    AGREEMENT = "AGREEMENT"
    CONCERT = "CONCERT"
    DECLARED = "DECLARED"
    POST = "POST"


class BeneficialBasis(StrEnum):
    """Why a natural person is a beneficial owner (Order [2024] No. 3)."""

    EQUITY = "EQUITY"
    INCOME = "INCOME"
    VOTES = "VOTES"
    CONTROL = "CONTROL"
    PERSON_IN_CHARGE = "PERSON_IN_CHARGE"


class Direction(StrEnum):
    """Which way ownership is followed from a subject."""

    OWNERS = "OWNERS"
    OWNED = "OWNED"
    BOTH = "BOTH"


class RelationKind(StrEnum):
    """Every relation of the graph."""

    LEGAL_REPRESENTATIVE_OF = "LEGAL_REPRESENTATIVE_OF"
    PRINCIPAL_OF = "PRINCIPAL_OF"
    SERVES_AS = "SERVES_AS"
    HOLDS = "HOLDS"
    CONTROLS = "CONTROLS"
    ACTS_IN_CONCERT_WITH = "ACTS_IN_CONCERT_WITH"
    BRANCH_OF = "BRANCH_OF"
    GUARANTEES = "GUARANTEES"
    EMPLOYED_BY = "EMPLOYED_BY"
    PRACTISES_AT = "PRACTISES_AT"
    MEMBER_OF = "MEMBER_OF"
    HAS_QUALIFICATION = "HAS_QUALIFICATION"
    PROJECT_MANAGER_OF = "PROJECT_MANAGER_OF"
    BIDS_ON = "BIDS_ON"
    WON = "WON"
    BUILDS = "BUILDS"
    ABOUT = "ABOUT"
    ISSUED_BY = "ISSUED_BY"
    RESPONSIBLE_FOR = "RESPONSIBLE_FOR"
    ON_LIST = "ON_LIST"
    LOCATED_IN = "LOCATED_IN"
    PART_OF = "PART_OF"
    POSSIBLY_SAME_AS = "POSSIBLY_SAME_AS"
    SAME_AS = "SAME_AS"


class PostKind(StrEnum):
    """职务: offices and declared relations of a person to an organisation (S6)."""

    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    PRINCIPAL = "PRINCIPAL"
    DIRECTOR = "DIRECTOR"
    SUPERVISOR = "SUPERVISOR"
    MANAGER = "MANAGER"
    SENIOR_MANAGER = "SENIOR_MANAGER"
    FINANCE_CHIEF = "FINANCE_CHIEF"
    CONTROLLER = "CONTROLLER"
    PROJECT_MANAGER = "PROJECT_MANAGER"
    EMPLOYEE = "EMPLOYEE"
    PRACTITIONER = "PRACTITIONER"
    SPONSOR = "SPONSOR"
    COUNCIL_MEMBER = "COUNCIL_MEMBER"
    SCHOOL_HEAD = "SCHOOL_HEAD"
    FOOD_SAFETY_MANAGER = "FOOD_SAFETY_MANAGER"
    INVESTOR = "INVESTOR"
    PARTNER = "PARTNER"


class RecordKind(StrEnum):
    """Kinds of credit records."""

    PENALTY = "PENALTY"
    PERMIT = "PERMIT"
    LIST_ENTRY = "LIST_ENTRY"
    CONSUMPTION_RESTRICTION = "CONSUMPTION_RESTRICTION"
    EXIT_RESTRICTION = "EXIT_RESTRICTION"
    ENFORCEMENT = "ENFORCEMENT"
    TAX_ARREARS = "TAX_ARREARS"
    BANKRUPTCY = "BANKRUPTCY"
    GRADE = "GRADE"
    AWARD = "AWARD"
    INSPECTION = "INSPECTION"
    COMMITMENT = "COMMITMENT"
    COURT_CASE = "COURT_CASE"
    CRIMINAL_CONVICTION = "CRIMINAL_CONVICTION"
    DISCIPLINE = "DISCIPLINE"
    MARKET_BAN = "MARKET_BAN"
    ACCIDENT = "ACCIDENT"
    CONTRACT = "CONTRACT"
    TRAINING = "TRAINING"


class RecordState(StrEnum):
    """What the source said about a record, or what follows on a day; dates govern (S3)."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"
    SET_ASIDE = "SET_ASIDE"
    LIFTED = "LIFTED"
    REPAIRED = "REPAIRED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"


class PenaltyType(StrEnum):
    """处罚类别 (行政处罚法 第九条)."""

    WARNING = "WARNING"
    CRITICISM = "CRITICISM"
    FINE = "FINE"
    CONFISCATION = "CONFISCATION"
    LICENCE_SUSPENDED = "LICENCE_SUSPENDED"
    QUALIFICATION_DOWNGRADED = "QUALIFICATION_DOWNGRADED"
    LICENCE_REVOKED = "LICENCE_REVOKED"
    LICENCE_WITHDRAWN = "LICENCE_WITHDRAWN"
    OPERATION_RESTRICTED = "OPERATION_RESTRICTED"
    BUSINESS_SUSPENDED = "BUSINESS_SUSPENDED"
    CLOSURE_ORDERED = "CLOSURE_ORDERED"
    BANNED = "BANNED"
    OCCUPATION_BANNED = "OCCUPATION_BANNED"
    PRACTICE_SUSPENDED = "PRACTICE_SUSPENDED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    REGISTRATION_CHANGE_ORDERED = "REGISTRATION_CHANGE_ORDERED"
    DETENTION = "DETENTION"
    OTHER = "OTHER"


class PermitKind(StrEnum):
    """许可类别."""

    ORDINARY = "ORDINARY"
    CONCESSION = "CONCESSION"
    ACCREDITATION = "ACCREDITATION"
    APPROVAL = "APPROVAL"
    REGISTRATION = "REGISTRATION"
    OTHER = "OTHER"


class Seriousness(StrEnum):
    """违法情节."""

    ORDINARY = "ORDINARY"
    SERIOUS = "SERIOUS"
    VERY_SERIOUS = "VERY_SERIOUS"


class SubjectStatus(StrEnum):
    """登记状态."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    LICENCE_REVOKED = "LICENCE_REVOKED"
    CLOSED_BY_ORDER = "CLOSED_BY_ORDER"
    IN_LIQUIDATION = "IN_LIQUIDATION"
    BANKRUPT = "BANKRUPT"
    DEREGISTERED = "DEREGISTERED"
    MOVED_OUT = "MOVED_OUT"
    DECEASED = "DECEASED"
    UNKNOWN = "UNKNOWN"


class EnterpriseForm(StrEnum):
    """企业形式."""

    LIMITED_COMPANY = "LIMITED_COMPANY"
    JOINT_STOCK_COMPANY = "JOINT_STOCK_COMPANY"
    SOLE_PROPRIETORSHIP = "SOLE_PROPRIETORSHIP"
    PARTNERSHIP = "PARTNERSHIP"
    STATE_ENTERPRISE = "STATE_ENTERPRISE"
    COLLECTIVE_ENTERPRISE = "COLLECTIVE_ENTERPRISE"
    FOREIGN_INVESTED = "FOREIGN_INVESTED"
    INDIVIDUAL_BUSINESS = "INDIVIDUAL_BUSINESS"
    COOPERATIVE = "COOPERATIVE"
    BRANCH = "BRANCH"
    OTHER = "OTHER"


class StateOwnership(StrEnum):
    """国有性质: never makes two firms related (公司法 265(4))."""

    WHOLLY = "WHOLLY"
    CONTROLLED = "CONTROLLED"


class IdentifierScheme(StrEnum):
    """Kinds of identifiers (`domain.md` B1)."""

    USCC = "USCC"
    REGISTRATION_NUMBER = "REGISTRATION_NUMBER"
    ORGANISATION_CODE = "ORGANISATION_CODE"
    TAX_NUMBER = "TAX_NUMBER"
    INSTITUTION_CERTIFICATE = "INSTITUTION_CERTIFICATE"
    SOCIAL_CERTIFICATE = "SOCIAL_CERTIFICATE"
    RESIDENT_ID = "RESIDENT_ID"
    PASSPORT = "PASSPORT"
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    FOREIGN_RESIDENT_ID = "FOREIGN_RESIDENT_ID"
    WORLD = "WORLD"
    OTHER = "OTHER"


class ListPolarity(StrEnum):
    """红黑名单."""

    RED = "RED"
    BLACK = "BLACK"
    WATCH = "WATCH"


class RegionLevel(StrEnum):
    """行政层级."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWN = "TOWN"


class MatchKind(StrEnum):
    """How a search hit holds the text sought."""

    IDENTIFIER = "IDENTIFIER"
    EXACT_NAME = "EXACT_NAME"
    FORMER_NAME = "FORMER_NAME"
    NAME_PREFIX = "NAME_PREFIX"
    NAME_PHRASE = "NAME_PHRASE"
    DOCUMENT_NUMBER = "DOCUMENT_NUMBER"


class TimelineKind(StrEnum):
    """What happened to a subject on a day."""

    NAME = "NAME"
    STATUS = "STATUS"
    ADDRESS = "ADDRESS"
    CAPITAL = "CAPITAL"
    REGION = "REGION"
    POST_BEGAN = "POST_BEGAN"
    POST_ENDED = "POST_ENDED"
    HOLDING_BEGAN = "HOLDING_BEGAN"
    HOLDING_ENDED = "HOLDING_ENDED"
    RECORD_DECIDED = "RECORD_DECIDED"
    RECORD_ENDED = "RECORD_ENDED"
    LISTED = "LISTED"
    DELISTED = "DELISTED"
    PUBLISHED = "PUBLISHED"
    UNPUBLISHED = "UNPUBLISHED"
    REPAIRED = "REPAIRED"
    CORRECTED = "CORRECTED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"


class StatisticsOf(StrEnum):
    """What is counted."""

    SUBJECTS = "SUBJECTS"
    RECORDS = "RECORDS"
    LIST_ENTRIES = "LIST_ENTRIES"
    MEASURES = "MEASURES"


class StatisticsGroup(StrEnum):
    """By what it is counted."""

    KIND = "KIND"
    STATUS = "STATUS"
    REGION = "REGION"
    INDUSTRY = "INDUSTRY"
    DEPARTMENT = "DEPARTMENT"
    LIST = "LIST"
    YEAR = "YEAR"
    TYPE = "TYPE"
    SECTOR = "SECTOR"
    STATE = "STATE"
    MEASURE = "MEASURE"
    RULE = "RULE"
    CERTAINTY = "CERTAINTY"


class Role(StrEnum):
    """Who asks."""

    PUBLIC = "PUBLIC"
    GOVERNMENT = "GOVERNMENT"
    PROFESSIONAL = "PROFESSIONAL"
    SUBJECT = "SUBJECT"
    OPERATOR = "OPERATOR"
    AUDITOR = "AUDITOR"


class SubjectKind(StrEnum):
    """Kinds of subjects."""

    ENTERPRISE = "ENTERPRISE"
    PERSON = "PERSON"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    SOCIAL_ORGANIZATION = "SOCIAL_ORGANIZATION"
    GOVERNMENT_BODY = "GOVERNMENT_BODY"
    OTHER_ORGANIZATION = "OTHER_ORGANIZATION"


CHINESE: dict[StrEnum, str] = {
    MatchKind.IDENTIFIER: "标识",
    MatchKind.EXACT_NAME: "名称相同",
    MatchKind.FORMER_NAME: "曾用名",
    MatchKind.NAME_PREFIX: "名称开头",
    MatchKind.NAME_PHRASE: "名称含有",
    MatchKind.DOCUMENT_NUMBER: "文书号",
    StatisticsOf.SUBJECTS: "主体",
    StatisticsOf.RECORDS: "信用记录",
    StatisticsOf.LIST_ENTRIES: "名单条目",
    StatisticsOf.MEASURES: "措施",
    StatisticsGroup.KIND: "类别",
    StatisticsGroup.STATUS: "登记状态",
    StatisticsGroup.REGION: "地区",
    StatisticsGroup.INDUSTRY: "行业",
    StatisticsGroup.DEPARTMENT: "决定机关",
    StatisticsGroup.LIST: "名单",
    StatisticsGroup.YEAR: "年份",
    StatisticsGroup.TYPE: "处罚类别",
    StatisticsGroup.SECTOR: "领域",
    StatisticsGroup.STATE: "当日状态",
    StatisticsGroup.MEASURE: "措施代码",
    StatisticsGroup.RULE: "规则",
    StatisticsGroup.CERTAINTY: "确定程度",
    TimelineKind.NAME: "名称变更",
    TimelineKind.STATUS: "登记状态变更",
    TimelineKind.ADDRESS: "住所变更",
    TimelineKind.CAPITAL: "注册资本变更",
    TimelineKind.REGION: "地区变更",
    TimelineKind.POST_BEGAN: "任职开始",
    TimelineKind.POST_ENDED: "任职结束",
    TimelineKind.HOLDING_BEGAN: "持股开始",
    TimelineKind.HOLDING_ENDED: "持股结束",
    TimelineKind.RECORD_DECIDED: "作出决定",
    TimelineKind.RECORD_ENDED: "记录失效",
    TimelineKind.LISTED: "列入名单",
    TimelineKind.DELISTED: "移出名单",
    TimelineKind.PUBLISHED: "开始公示",
    TimelineKind.UNPUBLISHED: "停止公示",
    TimelineKind.REPAIRED: "信用修复",
    TimelineKind.CORRECTED: "更正",
    TimelineKind.MERGED: "合并",
    TimelineKind.SPLIT: "拆分",
    Purpose.ADMINISTRATIVE_LICENCE: "行政许可",
    Purpose.GOVERNMENT_PROCUREMENT: "政府采购",
    Purpose.BIDDING: "招标投标",
    Purpose.CIVIL_SERVICE_RECRUITMENT: "公务员招录",
    Purpose.MARKET_ACCESS: "市场准入",
    Purpose.QUALIFICATION: "资质认定",
    Purpose.SUBSIDY: "财政补助",
    Purpose.GOVERNMENT_FUNDS: "政府资金",
    Purpose.HOUSING: "保障性住房",
    Purpose.AWARD: "评优表彰",
    Purpose.BANK_CREDIT: "银行信贷",
    Purpose.OFFICE_APPOINTMENT: "任职",
    Purpose.REGISTRATION: "登记",
    Purpose.LAND: "用地",
    Purpose.OTHER: "其他",
    Capacity.LEGAL_REPRESENTATIVE_AT_OFFENCE: "违法时的法定代表人",
    Capacity.PERSON_IN_CHARGE: "主要负责人",
    Capacity.DIRECTLY_RESPONSIBLE_SUPERVISOR: "直接负责的主管人员",
    Capacity.OTHER_DIRECTLY_RESPONSIBLE: "其他直接责任人员",
    Capacity.OTHER_RESPONSIBLE: "其他责任人员",
    Capacity.NAMED: "决定中点名",
    Capacity.OFFENDER: "违法行为人",
    Capacity.FINDING_PERSONAL_RESPONSIBILITY: "认定负有个人责任",
    Capacity.ACTUAL_CONTROLLER_FOUND: "认定为实际控制人",
    Capacity.INFLUENCES_PERFORMANCE: "影响债务履行的直接责任人员",
    Capacity.KEY_POST: "关键岗位人员",
    Capacity.LEAD_COMPILER: "编制主持人",
    Capacity.MAIN_COMPILER: "主要编制人员",
    Capacity.FINANCE_RESPONSIBLE: "财务负责人员",
    Capacity.INTERMEDIARY: "中介机构人员",
    Capacity.RELEASED: "已解除限制",
    Condition.ROLE_NOT_IN_RULE: "职务不在规则之列",
    Condition.ROLE_NOT_AT_ANCHOR: "相关时点不在任",
    Condition.NO_FINDING: "没有责任认定",
    Condition.NOT_NAMED: "未在决定中点名",
    Condition.OTHER_SUBJECT_KIND: "主体类别不符",
    Condition.SECTOR_OR_LICENCE: "领域或证照不符",
    Condition.CONDITION_NOT_RECORDED: "条件未见记录",
    Condition.TERM_ENDED: "期限已满",
    Condition.NOT_YET_IN_FORCE: "尚未生效",
    Condition.VERSION_ENDED: "规则版本已失效",
    Condition.REVOKED: "决定已撤销",
    Condition.SET_ASIDE: "决定已被撤销判决否定",
    Condition.SUSPENDED: "决定停止执行",
    Condition.REPAIRED: "信用已修复",
    Condition.LIFTED: "已解除",
    Condition.RELEASED: "本人已解除限制",
    Condition.MUST_NOT: "法律禁止传导",
    EvidenceKind.FINDING_OF_RESPONSIBILITY: "个人责任认定",
    EvidenceKind.OFFENCE_PERIOD_UNKNOWN: "违法期间不明",
    EvidenceKind.TERM_START_UNKNOWN: "起算日不明",
    EvidenceKind.NO_RELEASE_RECORDED: "未见解除记录",
    EvidenceKind.LARGE_DEBT_UNKNOWN: "是否数额较大不明",
    EvidenceKind.SERIOUSNESS_UNKNOWN: "严重程度不明",
    EvidenceKind.DATE_IMPRECISE: "日期不精确",
    Effect.PROHIBITS: "禁止",
    Effect.RESTRICTS: "限制",
    Effect.OBLIGES: "责令",
    Effect.INFORMS: "提示",
    Confidence.VERIFIED: "已核对条文",
    Confidence.SECONDARY: "二手来源",
    Confidence.UNVERIFIED: "未核实",
    Certainty.EX_LEGE: "依法当然",
    Certainty.NAMED: "决定点名",
    Certainty.FOUND: "已有认定",
    Certainty.POTENTIAL: "待认定",
    TermEnd.TERM: "期满",
    TermEnd.LIFE: "终身",
    TermEnd.EVENT: "至事件发生",
    CheckOutcome.NOTHING_FOUND: "未发现",
    CheckOutcome.RESTRICTED: "受限制",
    CheckOutcome.PROHIBITED: "被禁止",
    CheckOutcome.NEEDS_FINDING: "待认定",
    PostKind.LEGAL_REPRESENTATIVE: "法定代表人",
    PostKind.PRINCIPAL: "主要负责人",
    PostKind.DIRECTOR: "董事",
    PostKind.SUPERVISOR: "监事",
    PostKind.MANAGER: "经理",
    PostKind.SENIOR_MANAGER: "高级管理人员",
    PostKind.FINANCE_CHIEF: "财务负责人",
    PostKind.CONTROLLER: "实际控制人",
    PostKind.PROJECT_MANAGER: "项目经理",
    PostKind.EMPLOYEE: "员工",
    PostKind.PRACTITIONER: "执业人员",
    PostKind.SPONSOR: "举办者",
    PostKind.COUNCIL_MEMBER: "理事",
    PostKind.SCHOOL_HEAD: "校长",
    PostKind.FOOD_SAFETY_MANAGER: "食品安全管理人员",
    PostKind.INVESTOR: "投资人",
    PostKind.PARTNER: "合伙人",
    RecordKind.PENALTY: "行政处罚",
    RecordKind.PERMIT: "行政许可",
    RecordKind.LIST_ENTRY: "名单列入",
    RecordKind.CONSUMPTION_RESTRICTION: "限制消费令",
    RecordKind.EXIT_RESTRICTION: "限制出境",
    RecordKind.ENFORCEMENT: "被执行",
    RecordKind.TAX_ARREARS: "欠税",
    RecordKind.BANKRUPTCY: "破产清算",
    RecordKind.GRADE: "信用等级",
    RecordKind.AWARD: "表彰奖励",
    RecordKind.INSPECTION: "监督检查",
    RecordKind.COMMITMENT: "信用承诺",
    RecordKind.COURT_CASE: "诉讼案件",
    RecordKind.CRIMINAL_CONVICTION: "刑事判决",
    RecordKind.DISCIPLINE: "处分",
    RecordKind.MARKET_BAN: "市场禁入",
    RecordKind.ACCIDENT: "事故",
    RecordKind.CONTRACT: "合同履行",
    RecordKind.TRAINING: "培训",
    RecordState.ACTIVE: "有效",
    RecordState.REVOKED: "撤销",
    RecordState.SET_ASIDE: "被判决撤销",
    RecordState.LIFTED: "解除",
    RecordState.REPAIRED: "已修复",
    RecordState.SUSPENDED: "停止执行",
    RecordState.EXPIRED: "公示期满",
    PenaltyType.WARNING: "警告",
    PenaltyType.CRITICISM: "通报批评",
    PenaltyType.FINE: "罚款",
    PenaltyType.CONFISCATION: "没收",
    PenaltyType.LICENCE_SUSPENDED: "暂扣许可证件",
    PenaltyType.QUALIFICATION_DOWNGRADED: "降低资质等级",
    PenaltyType.LICENCE_REVOKED: "吊销许可证件",
    PenaltyType.LICENCE_WITHDRAWN: "撤销许可",
    PenaltyType.OPERATION_RESTRICTED: "限制开展生产经营活动",
    PenaltyType.BUSINESS_SUSPENDED: "责令停产停业",
    PenaltyType.CLOSURE_ORDERED: "责令关闭",
    PenaltyType.BANNED: "取缔",
    PenaltyType.OCCUPATION_BANNED: "限制从业",
    PenaltyType.PRACTICE_SUSPENDED: "停止执业",
    PenaltyType.CERTIFICATE_REVOKED: "吊销执业证书",
    PenaltyType.REGISTRATION_CHANGE_ORDERED: "责令变更登记",
    PenaltyType.DETENTION: "行政拘留",
    PenaltyType.OTHER: "其他",
    Seriousness.ORDINARY: "一般",
    Seriousness.SERIOUS: "严重",
    Seriousness.VERY_SERIOUS: "特别严重",
    ControlBasis.EQUITY: "股权",
    ControlBasis.VOTES: "表决权",
    ControlBasis.AGREEMENT: "协议",
    ControlBasis.CONCERT: "一致行动",
    ControlBasis.DECLARED: "登记的实际控制人",
    ControlBasis.POST: "任职",
    BeneficialBasis.INCOME: "收益权",
    BeneficialBasis.CONTROL: "实际控制",
    Direction.OWNERS: "向上:所有者",
    Direction.OWNED: "向下:所投资者",
    Direction.BOTH: "双向",
    StateOwnership.WHOLLY: "国有独资",
    StateOwnership.CONTROLLED: "国有控股",
    ListPolarity.RED: "红名单",
    ListPolarity.BLACK: "黑名单",
    ListPolarity.WATCH: "关注名单",
    RegionLevel.PROVINCE: "省",
    RegionLevel.CITY: "市",
    RegionLevel.COUNTY: "县",
    RegionLevel.TOWN: "镇",
    Role.PUBLIC: "公众",
    Role.GOVERNMENT: "政府部门",
    Role.PROFESSIONAL: "专业用户",
    Role.SUBJECT: "信息主体",
    Role.OPERATOR: "信用中心",
    Role.AUDITOR: "审计",
    SubjectKind.ENTERPRISE: "企业",
    SubjectKind.PERSON: "自然人",
    SubjectKind.PUBLIC_INSTITUTION: "事业单位",
    SubjectKind.SOCIAL_ORGANIZATION: "社会组织",
    SubjectKind.GOVERNMENT_BODY: "机关",
    SubjectKind.OTHER_ORGANIZATION: "其他组织",
}
