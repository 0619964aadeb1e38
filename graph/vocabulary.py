"""Node kinds, relation kinds and their properties: the one declaration that storage, API and access derive from.

It must not know a database, a query language or a file format; codes themselves live in `codes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from graph.codes import PostKind, RecordKind, RelationKind, SubjectKind, Text


class Disclosure(StrEnum):
    """Who may read a property or a relation; each class includes the readers of the next (`design.md` §4)."""

    PUBLIC = "PUBLIC"
    SHARED = "SHARED"  # government departments
    AUTHORISED = "AUTHORISED"  # a professional user with the subject's authorisation
    SUBJECT = "SUBJECT"  # the subject itself
    RESTRICTED = "RESTRICTED"  # operators and auditors


class ValueType(StrEnum):
    """How a property is stored: text, ISO day text (may be `YYYY-MM`), integer, boolean, list of texts.

    MONEY is integer fen, SHARE an integer of one millionth of a percent (100 % = 100_000_000).
    """

    TEXT = "TEXT"
    DATE = "DATE"
    INTEGER = "INTEGER"
    BOOLEAN = "BOOLEAN"
    TEXTS = "TEXTS"
    MONEY = "MONEY"
    SHARE = "SHARE"


class Family(StrEnum):
    SUBJECT = "SUBJECT"
    RECORD = "RECORD"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Property:
    """One stored property. `dated`: its values have legal periods (a past date shows the past value)."""

    name: str
    type: ValueType
    title: Text
    disclosure: Disclosure = Disclosure.PUBLIC
    dated: bool = False


@dataclass(frozen=True, slots=True)
class NodeKind:
    """One kind of node: its code in files and API, its label and GraphQL type, the prefix of its ids."""

    code: str
    label: str
    prefix: str
    family: Family
    title: Text
    properties: tuple[Property, ...]
    organization: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of a living node of this kind, most general first."""
        general = {
            Family.SUBJECT: ("Entity", "Subject"),
            Family.RECORD: ("Entity", "Record"),
            Family.OTHER: ("Entity",),
        }
        return (*general[self.family], *(("Organization",) if self.organization else ()), self.label)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.properties)


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of relation as stored: start → end; `forward` reads from the start, `reverse` from the end.

    `prefix` is given to relations that are nodes of the API (posts, holdings).
    """

    kind: RelationKind
    start: str
    end: str
    forward: Text
    reverse: Text
    properties: tuple[Property, ...] = ()
    disclosure: Disclosure = Disclosure.PUBLIC
    prefix: str = "rel"


T, D, I, B, L, M, S = ValueType  # noqa: E741 - a table is read by column
SHARED, RESTRICTED, PUBLIC = Disclosure.SHARED, Disclosure.RESTRICTED, Disclosure.PUBLIC

SUBJECT: Final = (
    Property("name", T, Text("名称", "name"), dated=True),
    Property("status", T, Text("登记状态", "status"), dated=True),
    Property("region", T, Text("地区", "region code (GB/T 2260)"), dated=True),
)
ORGANIZATION: Final = (
    *SUBJECT,
    Property("stateOwned", T, Text("国有性质", "state ownership"), dated=True),
    Property("sectorOf", L, Text("所属领域", "sectors"), dated=True),
    Property("established", D, Text("成立日期", "established")),
    Property("address", T, Text("住所", "address"), dated=True),
)
PERSON: Final = (
    Property("name", T, Text("姓名", "name"), SHARED, dated=True),  # the public reads the masked form 李*
    Property("status", T, Text("状态", "status"), SHARED, dated=True),
    Property("region", T, Text("地区", "region code (GB/T 2260)"), SHARED, dated=True),
    Property("adultOn", D, Text("成年日", "eighteenth birthday"), SHARED),
)
RECORD: Final = (
    Property("documentNumber", T, Text("文书号", "document number")),
    Property("decidedOn", D, Text("决定日期", "decided on")),
    Property("effectiveOn", D, Text("生效日期", "effective on")),
    Property("from", D, Text("有效期自", "effective from")),
    Property("to", D, Text("有效期至", "effective until, exclusive")),
    Property("offenceFrom", D, Text("违法行为起", "offence from")),
    Property("offenceTo", D, Text("违法行为止", "offence until, exclusive")),
    Property("state", T, Text("来源所载状态", "state as the source said")),
    Property("revokedOn", D, Text("撤销日期", "revoked on")),
    Property("setAsideOn", D, Text("判决撤销日期", "set aside on")),
    Property("liftedOn", D, Text("解除日期", "lifted on")),
    Property("repairedOn", D, Text("修复日期", "repaired on")),
    Property("suspendedFrom", D, Text("停止执行起", "suspended from")),
    Property("suspendedTo", D, Text("停止执行止", "suspended until, exclusive")),
    Property("publishedFrom", D, Text("公示起始日", "published from, as the source said")),
    Property("publishedTo", D, Text("公示截止日", "published until, exclusive, as the source said")),
    Property("circumstances", L, Text("情节", "circumstances")),
    Property("basisDocuments", L, Text("依据文件", "documents applied, beside basisArticles")),
    Property("basisArticles", L, Text("依据条款", "articles applied, '' for none")),
    Property("seriousness", T, Text("严重程度", "seriousness")),
    Property("reason", T, Text("事由", "reason")),
    Property("completedOn", D, Text("完结日期", "completed on")),
    Property("banScope", T, Text("禁止范围", "scope of a named ban")),
    Property("banYears", I, Text("禁止年限", "years of a named ban")),
    Property("banLife", B, Text("终身禁止", "named ban for life")),
    Property("relatedTo", T, Text("关联记录", "id of a related record")),
)
SECTOR: Final = Property("sector", T, Text("领域", "sector"))
AMOUNT: Final = Property("amount", M, Text("金额", "amount in fen"))


def _subject(kind: SubjectKind, label: str, prefix: str, zh: str, properties: tuple[Property, ...]) -> NodeKind:
    organization = kind is not SubjectKind.PERSON
    return NodeKind(kind, label, prefix, Family.SUBJECT, Text(zh, label), properties, organization)


def _record(kind: RecordKind, label: str, zh: str, *properties: Property) -> NodeKind:
    return NodeKind(kind, label, "rec", Family.RECORD, Text(zh, label), (*RECORD, *properties))


def _other(code: str, label: str, prefix: str, zh: str, *properties: Property) -> NodeKind:
    return NodeKind(code, label, prefix, Family.OTHER, Text(zh, label), properties)


NODE_KINDS: Final = (
    _subject(
        SubjectKind.ENTERPRISE,
        "Enterprise",
        "ent",
        "企业",
        (
            *ORGANIZATION,
            Property("form", T, Text("企业形式", "form")),
            Property("registeredCapital", M, Text("注册资本", "registered capital in fen"), dated=True),
            Property("industry", T, Text("行业", "industry code (GB/T 4754)"), dated=True),
        ),
    ),
    _subject(SubjectKind.PERSON, "Person", "per", "自然人", PERSON),
    _subject(SubjectKind.PUBLIC_INSTITUTION, "PublicInstitution", "pub", "事业单位", ORGANIZATION),
    _subject(SubjectKind.SOCIAL_ORGANIZATION, "SocialOrganization", "soc", "社会组织", ORGANIZATION),
    _subject(SubjectKind.GOVERNMENT_BODY, "GovernmentBody", "gov", "机关", ORGANIZATION),
    _subject(SubjectKind.OTHER_ORGANIZATION, "OtherOrganization", "oth", "其他组织", ORGANIZATION),
    _record(
        RecordKind.PENALTY,
        "Penalty",
        "行政处罚",
        Property("types", L, Text("处罚类别", "penalty types")),
        SECTOR,
        Property("licence", T, Text("证照", "licence concerned")),
        Property("facts", T, Text("违法事实", "facts")),
        Property("content", T, Text("处罚内容", "content")),
        Property("fine", M, Text("罚款金额", "fine in fen")),
        Property("confiscated", M, Text("没收金额", "confiscated, in fen")),
    ),
    _record(
        RecordKind.PERMIT,
        "Permit",
        "行政许可",
        Property("permitKind", T, Text("许可类别", "permit kind")),
        Property("certificate", T, Text("许可证书", "certificate")),
        Property("content", T, Text("许可内容", "content")),
    ),
    _record(
        RecordKind.LIST_ENTRY,
        "ListEntry",
        "名单列入",
        Property("list", T, Text("名单", "name of the list")),
        Property("largeDebt", B, Text("数额较大", "large debt")),
    ),
    _record(RecordKind.CONSUMPTION_RESTRICTION, "ConsumptionRestriction", "限制消费令"),
    _record(RecordKind.EXIT_RESTRICTION, "ExitRestriction", "限制出境"),
    _record(
        RecordKind.ENFORCEMENT,
        "Enforcement",
        "被执行",
        AMOUNT,
        Property("largeDebt", B, Text("数额较大", "large debt")),
    ),
    _record(RecordKind.TAX_ARREARS, "TaxArrears", "欠税", AMOUNT),
    _record(RecordKind.BANKRUPTCY, "Bankruptcy", "破产清算"),
    _record(
        RecordKind.GRADE,
        "GradeAssignment",
        "信用等级",
        Property("scheme", T, Text("评价体系", "grade scheme")),
        Property("grade", T, Text("等级", "grade")),
        Property("year", I, Text("年度", "year")),
    ),
    _record(RecordKind.AWARD, "Award", "表彰奖励"),
    _record(RecordKind.INSPECTION, "Inspection", "监督检查"),
    _record(RecordKind.COMMITMENT, "Commitment", "信用承诺"),
    _record(RecordKind.COURT_CASE, "CourtCase", "诉讼案件"),
    _record(
        RecordKind.CRIMINAL_CONVICTION,
        "CriminalConviction",
        "刑事判决",
        Property("crime", T, Text("罪类", "crime"), SHARED),
        Property("sentence", T, Text("刑罚", "sentence"), SHARED),
        Property("servedOn", D, Text("刑满日期", "sentence served on"), SHARED),
        SECTOR,
    ),
    _record(
        RecordKind.DISCIPLINE,
        "Discipline",
        "处分",
        Property("sanction", T, Text("处分种类", "sanction"), SHARED),
        SECTOR,
    ),
    _record(RecordKind.MARKET_BAN, "MarketBan", "市场禁入", SECTOR),
    _record(RecordKind.ACCIDENT, "Accident", "事故", Property("accidentGrade", T, Text("事故等级", "grade")), SECTOR),
    _record(RecordKind.CONTRACT, "Contract", "合同履行"),
    _record(RecordKind.TRAINING, "Training", "培训"),
    _other(
        "QUALIFICATION",
        "Qualification",
        "qua",
        "职业资格",
        Property("profession", T, Text("职业", "profession")),
        Property("number", T, Text("证书编号", "certificate number"), SHARED),
        Property("from", D, Text("有效期自", "valid from")),
        Property("to", D, Text("有效期至", "valid until, exclusive")),
        Property("revokedOn", D, Text("吊销日期", "revoked on")),
        Property("reason", T, Text("事由", "reason")),
        Property("sanction", T, Text("处理", "sanction")),
    ),
    _other(
        "CREDIT_LIST",
        "CreditList",
        "lst",
        "名单",
        Property("name", T, Text("名单名称", "name")),
        Property("aliases", L, Text("别名", "aliases")),
        Property("polarity", T, Text("红黑属性", "polarity")),
    ),
    _other("KEY_GROUP", "KeyGroup", "key", "重点人群", Property("name", T, Text("名称", "name"))),
    _other(
        "REGION",
        "Region",
        "reg",
        "行政区划",
        Property("code", T, Text("代码", "GB/T 2260 code")),
        Property("name", T, Text("名称", "name")),
        Property("level", T, Text("层级", "level")),
        Property("from", D, Text("启用", "in use from")),
        Property("to", D, Text("停用", "in use until, exclusive")),
    ),
    _other(
        "PROJECT",
        "Project",
        "prj",
        "项目",
        Property("name", T, Text("名称", "name")),
    ),
)

POST_PROPERTY: Final = Property("post", T, Text("职务", "post"))


def _relation(
    kind: RelationKind,
    ends: str,
    forward: tuple[str, str],
    reverse: tuple[str, str],
    *properties: Property,
    disclosure: Disclosure = PUBLIC,
    prefix: str = "rel",
) -> Relation:
    start, end = ends.split(" → ")
    return Relation(kind, start, end, Text(*forward), Text(*reverse), properties, disclosure, prefix)


R = RelationKind
RELATIONS: Final[Mapping[RelationKind, Relation]] = MappingProxyType(
    {
        each.kind: each
        for each in (
            _relation(
                R.LEGAL_REPRESENTATIVE_OF,
                "Person → Organization",
                ("担任法定代表人", "legal representative of"),
                ("法定代表人", "legal representatives"),
                prefix="pos",
            ),
            _relation(
                R.PRINCIPAL_OF,
                "Person → Organization",
                ("担任主要负责人", "principal of"),
                ("主要负责人", "principals"),
                prefix="pos",
            ),
            _relation(
                R.SERVES_AS,
                "Person → Organization",
                ("任职", "serves at"),
                ("任职人员", "officers"),
                POST_PROPERTY,
                prefix="pos",
            ),
            _relation(
                R.HOLDS,
                "Subject → Organization",
                ("对外投资", "investments"),
                ("股东", "shareholders"),
                Property("share", S, Text("持股比例", "share")),
                Property("votes", S, Text("表决权比例", "votes")),
                # Of a share that only is known to lie between two bounds, both inclusive.
                Property("shareLeast", S, Text("持股比例下限", "least share")),
                Property("shareMost", S, Text("持股比例上限", "largest share")),
                Property("votesLeast", S, Text("表决权比例下限", "least votes")),
                Property("votesMost", S, Text("表决权比例上限", "most votes")),
                Property("capital", M, Text("出资额", "capital in fen")),
                prefix="hld",
            ),
            _relation(
                R.CONTROLS,
                "Subject → Organization",
                ("实际控制", "controls"),
                ("实际控制人", "controllers"),
                Property("basis", T, Text("依据", "basis")),
                prefix="pos",
            ),
            _relation(
                R.ACTS_IN_CONCERT_WITH,
                "Subject → Subject",
                ("一致行动", "acts in concert with"),
                ("一致行动", "acts in concert with"),
            ),
            _relation(R.BRANCH_OF, "Organization → Organization", ("隶属", "branch of"), ("分支机构", "branches")),
            _relation(R.GUARANTEES, "Subject → Subject", ("为其担保", "guarantees"), ("担保人", "guarantors")),
            _relation(
                R.EMPLOYED_BY,
                "Person → Organization",
                ("受雇于", "employed by"),
                ("员工", "employees"),
                disclosure=SHARED,
                prefix="pos",
            ),
            _relation(
                R.PRACTISES_AT,
                "Person → Organization",
                ("执业于", "practises at"),
                ("执业人员", "practitioners"),
                prefix="pos",
            ),
            _relation(
                R.MEMBER_OF, "Person → KeyGroup", ("属于重点人群", "member of"), ("成员", "members"), disclosure=SHARED
            ),
            _relation(
                R.HAS_QUALIFICATION,
                "Person → Qualification",
                ("持有资格", "has qualification"),
                ("持有人", "holder"),
            ),
            _relation(
                R.PROJECT_MANAGER_OF,
                "Person → Organization",
                ("担任项目经理", "project manager of"),
                ("项目经理", "project managers"),
                prefix="pos",
            ),
            _relation(R.BIDS_ON, "Subject → Project", ("投标", "bids on"), ("投标人", "bidders")),
            _relation(R.WON, "Subject → Project", ("中标", "won"), ("中标人", "winners")),
            _relation(R.BUILDS, "Subject → Project", ("承建", "builds"), ("承建人", "builders")),
            _relation(R.ABOUT, "Record → Subject", ("相对人", "about"), ("信用记录", "records")),
            _relation(R.ISSUED_BY, "Record → GovernmentBody", ("决定机关", "issued by"), ("作出的决定", "issued")),
            _relation(
                R.RESPONSIBLE_FOR,
                "Person → Record",
                ("对其负责", "responsible for"),
                ("责任人员", "responsible persons"),
                Property("capacity", T, Text("责任身份", "capacity")),
                Property("decidedOn", D, Text("认定日期", "decided on")),
            ),
            _relation(R.ON_LIST, "ListEntry → CreditList", ("列入", "on list"), ("条目", "entries")),
            _relation(R.LOCATED_IN, "Subject → Region", ("位于", "located in"), ("辖内主体", "subjects")),
            _relation(R.PART_OF, "Region → Region", ("隶属", "part of"), ("下辖", "parts")),
            _relation(
                R.POSSIBLY_SAME_AS,
                "Subject → Subject",
                ("疑似同一", "possibly same as"),
                ("疑似同一", "possibly same as"),
                Property("reasons", L, Text("理由", "why they may be the same")),
                disclosure=SHARED,
            ),
            _relation(
                R.SAME_AS, "Subject → Subject", ("认定同一", "same as"), ("认定同一", "same as"), disclosure=SHARED
            ),
        )
    }
)

# A post of the API is one of these relations; the rest of PostKind is SERVES_AS {post}.
POST_RELATIONS: Final[Mapping[PostKind, RelationKind]] = MappingProxyType(
    {
        PostKind.LEGAL_REPRESENTATIVE: R.LEGAL_REPRESENTATIVE_OF,
        PostKind.PRINCIPAL: R.PRINCIPAL_OF,
        PostKind.CONTROLLER: R.CONTROLS,
        PostKind.PROJECT_MANAGER: R.PROJECT_MANAGER_OF,
        PostKind.EMPLOYEE: R.EMPLOYED_BY,
        PostKind.PRACTITIONER: R.PRACTISES_AT,
    }
)
POST_RELATION_KINDS: Final = (*dict.fromkeys(POST_RELATIONS.values()), R.SERVES_AS)
BY_CODE: Final[Mapping[str, NodeKind]] = MappingProxyType({each.code: each for each in NODE_KINDS})
BY_LABEL: Final[Mapping[str, NodeKind]] = MappingProxyType({each.label: each for each in NODE_KINDS})


def relation_of(post: PostKind) -> RelationKind:
    return POST_RELATIONS.get(post, R.SERVES_AS)


def post_of(kind: RelationKind, stored: str | None) -> PostKind | None:
    """The post a stored relation means: its own kind, or the `post` property of SERVES_AS."""
    if kind is R.SERVES_AS:
        return None if stored is None else PostKind(stored)
    return next((post for post, relation in POST_RELATIONS.items() if relation is kind), None)


def kind_named(word: str) -> NodeKind | None:
    """A kind by either spelling: `Enterprise` or `ENTERPRISE`."""
    return BY_CODE.get(word) or BY_LABEL.get(word)


def kinds(family: Family) -> Iterator[NodeKind]:
    return (each for each in NODE_KINDS if each.family is family)
