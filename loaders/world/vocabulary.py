"""The keys of a world file by section, with their form and their closed sets of codes: one table, read by `transform`.

It must not know how a value is read or stored; codes shared with the engine come from `graph.codes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from graph.closed import CRIMES, LICENCES, SANCTIONS, SECTORS
from graph.codes import (
    Capacity,
    EnterpriseForm,
    PenaltyType,
    PermitKind,
    PostKind,
    RecordKind,
    RecordState,
    RelationKind,
    Seriousness,
    StateOwnership,
    SubjectKind,
    SubjectStatus,
)
from graph.vocabulary import BY_CODE, Family, kinds


class Section(StrEnum):
    """Top-level keys in the order in which they build on each other."""

    SUBJECTS = "subjects"
    PROJECTS = "projects"
    POSTS = "posts"
    HOLDINGS = "holdings"
    RELATIONS = "relations"
    QUALIFICATIONS = "qualifications"
    RECORDS = "records"
    RESPONSIBILITY = "responsibility"


class Form(StrEnum):
    """How the value of a key is written."""

    LOCAL = "LOCAL"  # the local name the entry gives itself
    REFERENCE = "REFERENCE"  # the local name of another entry
    REFERENCES = "REFERENCES"  # one or a list of them
    END = "END"  # an end of a relation: a local name, a region code or a key group
    NODE_KIND = "NODE_KIND"  # code or label of the graph's vocabulary
    TEXT = "TEXT"
    TEXTS = "TEXTS"  # one or a list of them
    DAY = "DAY"  # YYYY-MM-DD, YYYY-MM or YYYY
    BOOLEAN = "BOOLEAN"
    INTEGER = "INTEGER"
    MONEY = "MONEY"  # yuan, at most two decimals
    SHARE = "SHARE"  # percent, at most six decimals
    CODE = "CODE"
    CODES = "CODES"  # one or a list of them
    CODE_OR_TEXT = "CODE_OR_TEXT"  # what is written like a code must be one of the set
    REGION = "REGION"
    INDUSTRY = "INDUSTRY"
    LIST = "LIST"  # a name or alias of the rule pack's lists
    PERIOD = "PERIOD"  # {from, to}
    USCC = "USCC"
    DOCUMENT = "DOCUMENT"  # {type, number}
    IDENTIFIERS = "IDENTIFIERS"  # [{scheme, number, from, to}]
    VERSIONS = "VERSIONS"  # [{from, to, <dated keys of the kind>}]
    BASIS = "BASIS"  # [{document, article}]
    BAN = "BAN"  # {scope, years | LIFE}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section. `stored` is the property it fills where its form and name do not already say it.

    With `by_kind` it is allowed only where the node kind has that property; `only` restricts it to some kinds.
    """

    name: str
    form: Form
    codes: frozenset[str] = frozenset()
    required: bool = False
    stored: str | None = None
    by_kind: bool = False
    only: frozenset[str] = frozenset()
    required_for: frozenset[str] = frozenset()

    @property
    def property(self) -> str:
        return self.stored or self.name


def _codes(enum: type[StrEnum]) -> frozenset[str]:
    return frozenset(each.value for each in enum)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CIRCUMSTANCES: Final = _set(
    "UNLICENSED FAKE MAJOR_FUND_LOSS GRAVE_SOCIAL_EFFECT MAJOR_LOSS MAJOR_ACCIDENT DEATH REPEATED CONCEALMENT "
    "FALSE_INFORMATION FRAUDULENT_LICENCE OBSTRUCTION REFUSED_CORRECTION"
)
SENTENCES: Final = _set("FIXED_TERM_OR_MORE LESSER")
RECORD_REASONS: Final = _set("ANNUAL_REPORT_THREE_YEARS FALSE_INFORMATION")
QUALIFICATION_REASONS: Final = _set("ILLEGALITY DISCIPLINE VOLUNTARY EXPIRED FRAUD")
QUALIFICATION_SANCTIONS: Final = _set("REVOKED SUSPENDED QUALIFICATION_CANCELLED")
SCHEMES: Final = _set(
    "TAX LABOUR ENVIRONMENT ROAD CONSTRUCTION RATING PUBLIC_CREDIT RISK_CLASS SOCIAL_ORGANIZATION INDIVIDUAL_BUSINESS"
)
# Grades whose letters are fixed nationally (`domain.md` B6); other schemes are local and take any text.
GRADES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"TAX": _set("A B M C D"), "LABOUR": _set("A B C"), "ROAD": _set("AAA AA A B")}
)
ACCIDENT_GRADES: Final[Mapping[str, str]] = MappingProxyType(  # 生产安全事故报告和调查处理条例 3
    {"一般": "ORDINARY", "较大": "LARGER", "重大": "MAJOR", "特别重大": "EXTRAORDINARY"}
)
CONTROL_BASES: Final = _set("DECLARED VOTES EQUITY AGREEMENT OTHER")
# 重点人群: the 19 groups of the plan (L186) and the professions it names elsewhere.
KEY_GROUPS: Final = _set(
    "公务员 事业单位员工 企业法定代表人 律师 会计师 注册税务师 审计师 评估师 统计从业人员 "
    "认证和检验检测从业人员 证券期货从业人员 上市公司高管人员 保险经纪人 新闻媒体从业人员 科研人员 医务人员 "
    "教师 项目经理 导游 评审专家 注册执业人员 环评能评从业人员 公证员 基层法律服务工作者 法律援助人员 "
    "司法鉴定人员 司法执法人员 交通运输从业人员 信用服务机构从业人员"
)
# Posts that an organisation, too, may hold: declared control, and putting up the money.
POSTS_OF_ANY_SUBJECT: Final = frozenset({PostKind.CONTROLLER, PostKind.SPONSOR, PostKind.INVESTOR, PostKind.PARTNER})

PERSON: Final = frozenset({SubjectKind.PERSON.value})
ORGANIZATIONS: Final = frozenset(each.code for each in kinds(Family.SUBJECT) if each.organization)
LIST_ENTRY, GRADE = frozenset({RecordKind.LIST_ENTRY.value}), frozenset({RecordKind.GRADE.value})
MONEY_KINDS: Final = frozenset(
    each.code for each in BY_CODE.values() if each.family is Family.RECORD and {"amount", "fine"} & each.names
)

# Keys whose values may change with time: of an entry and of each of its versions.
DATED: Final = (
    Key("name", Form.TEXT),
    Key("status", Form.CODE, _codes(SubjectStatus)),
    Key("region", Form.REGION),
    Key("address", Form.TEXT, by_kind=True),
    Key("registeredCapital", Form.MONEY, by_kind=True),
    Key("industry", Form.INDUSTRY, by_kind=True),
    Key("stateOwned", Form.CODE, _codes(StateOwnership), by_kind=True),
    Key("sectorOf", Form.CODES, SECTORS, by_kind=True),
)
PERIOD: Final = (Key("from", Form.DAY), Key("to", Form.DAY))
VERSION: Final = (*PERIOD, *DATED)
RECORD: Final = (
    Key("id", Form.LOCAL, required=True),
    Key("kind", Form.NODE_KIND, frozenset(each.code for each in kinds(Family.RECORD)), required=True),
    Key("about", Form.REFERENCES, required=True),
    Key("department", Form.REFERENCE),
    Key("documentNumber", Form.TEXT),
    Key("decidedOn", Form.DAY),
    Key("effectiveOn", Form.DAY),
    *PERIOD,
    Key("offence", Form.PERIOD),
    Key("state", Form.CODE, _codes(RecordState)),
    Key("revokedOn", Form.DAY),
    Key("setAsideOn", Form.DAY),
    Key("liftedOn", Form.DAY),
    Key("repairedOn", Form.DAY),
    Key("completedOn", Form.DAY),
    Key("suspended", Form.PERIOD),
    Key("publishedFrom", Form.DAY),
    Key("publishedTo", Form.DAY),
    Key("basis", Form.BASIS),
    Key("seriousness", Form.CODE, _codes(Seriousness)),
    Key("circumstances", Form.CODES, CIRCUMSTANCES),
    Key("reason", Form.CODE_OR_TEXT, RECORD_REASONS),
    Key("ban", Form.BAN),
    Key("relatedTo", Form.REFERENCE),
    Key("type", Form.CODES, _codes(PenaltyType), stored="types", by_kind=True),
    Key("sector", Form.CODE, SECTORS, by_kind=True),
    Key("licence", Form.CODE, LICENCES, by_kind=True),
    Key("facts", Form.TEXT, by_kind=True),
    Key("content", Form.TEXT, by_kind=True),
    Key("amount", Form.MONEY, only=MONEY_KINDS),
    Key("confiscated", Form.MONEY, by_kind=True),
    Key("permitKind", Form.CODE, _codes(PermitKind), by_kind=True),
    Key("certificate", Form.TEXT, by_kind=True),
    Key("list", Form.LIST, by_kind=True, required_for=LIST_ENTRY),
    Key("largeDebt", Form.BOOLEAN, by_kind=True),
    Key("scheme", Form.CODE, SCHEMES, by_kind=True, required_for=GRADE),
    Key("grade", Form.TEXT, only=GRADE | {RecordKind.ACCIDENT.value}, required_for=GRADE),
    Key("year", Form.INTEGER, by_kind=True),
    Key("crime", Form.CODE, CRIMES, by_kind=True),
    Key("sentence", Form.CODE, SENTENCES, by_kind=True),
    Key("servedOn", Form.DAY, by_kind=True),
    Key("sanction", Form.CODE, SANCTIONS, by_kind=True),
)
KEYS: Final[Mapping[Section, tuple[Key, ...]]] = MappingProxyType(
    {
        Section.SUBJECTS: (
            Key("id", Form.LOCAL, required=True),
            Key("kind", Form.NODE_KIND, frozenset(each.code for each in kinds(Family.SUBJECT)), required=True),
            Key("name", Form.TEXT, required=True),
            *(each for each in DATED if each.name != "name"),
            Key("established", Form.DAY, by_kind=True),
            Key("form", Form.CODE, _codes(EnterpriseForm), by_kind=True),
            Key("uscc", Form.USCC, only=ORGANIZATIONS),
            Key("document", Form.DOCUMENT, only=PERSON),
            Key("adultOn", Form.DAY, by_kind=True),
            Key("formerIdentifiers", Form.IDENTIFIERS),
            Key("versions", Form.VERSIONS),
        ),
        Section.PROJECTS: (Key("id", Form.LOCAL, required=True), Key("name", Form.TEXT, required=True)),
        Section.POSTS: (
            Key("person", Form.REFERENCE, required=True),
            Key("organization", Form.REFERENCE, required=True),
            Key("role", Form.CODE, _codes(PostKind), required=True),
            *PERIOD,
        ),
        Section.HOLDINGS: (
            Key("holder", Form.REFERENCE, required=True),
            Key("organization", Form.REFERENCE, required=True),
            Key("share", Form.SHARE),
            Key("votes", Form.SHARE),
            Key("capital", Form.MONEY),
            *PERIOD,
        ),
        Section.RELATIONS: (
            Key("from", Form.END, required=True),
            Key("to", Form.END, required=True),
            Key("kind", Form.CODE, _codes(RelationKind), required=True),
            Key("validFrom", Form.DAY),
            Key("validTo", Form.DAY),
            Key("post", Form.CODE, _codes(PostKind), by_kind=True),
            Key("share", Form.SHARE, by_kind=True),
            Key("votes", Form.SHARE, by_kind=True),
            Key("capital", Form.MONEY, by_kind=True),
            Key("basis", Form.CODE, CONTROL_BASES, by_kind=True),
            Key("capacity", Form.CODE, _codes(Capacity), by_kind=True),
            Key("decidedOn", Form.DAY, by_kind=True),
            Key("reasons", Form.TEXTS, by_kind=True),
        ),
        Section.QUALIFICATIONS: (
            Key("id", Form.LOCAL),
            Key("person", Form.REFERENCE, required=True),
            Key("profession", Form.TEXT, required=True),
            Key("number", Form.TEXT),
            *PERIOD,
            Key("revokedOn", Form.DAY),
            Key("reason", Form.CODE, QUALIFICATION_REASONS),
            Key("sanction", Form.CODE, QUALIFICATION_SANCTIONS),
        ),
        Section.RECORDS: RECORD,
        Section.RESPONSIBILITY: (
            Key("person", Form.REFERENCE, required=True),
            Key("record", Form.REFERENCE, required=True),
            Key("capacity", Form.CODE, _codes(Capacity), required=True),
            Key("decidedOn", Form.DAY),
        ),
    }
)
