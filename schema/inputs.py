"""The inputs of lists: filters and orders, declared once as the contract writes them and described in both languages.

Declarative; what an input means is decided by `filters`, here it has a shape and words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import strawberry
from graphql import InputObjectTypeDefinitionNode, ListTypeNode, NonNullTypeNode, TypeNode, parse

from graph import codes

SHAPES: Final = """
input PeriodInput { from: Date  until: Date }
input EndRelationInput { relation: ID!  on: Date! }
input AddPostInput { person: ID!  organization: ID!  post: PostKind!  validity: PeriodInput! }
input AddHoldingInput { holder: ID!  organization: ID!  share: Decimal  votes: Decimal  validity: PeriodInput! }
input BasisInput { document: String!  article: String }
input AddRecordInput {
  kind: RecordKind!  about: ID!  decidedOn: Date!  offence: PeriodInput  types: [PenaltyType!]  sector: String
  licence: String  list: String  largeDebt: Boolean  seriousness: Seriousness  basis: [BasisInput!]  until: Date
}
input ChangeRecordInput { record: ID!  state: RecordState!  on: Date! }
input AddFindingInput { record: ID!  person: ID!  capacity: Capacity!  decidedOn: Date! }
input HypothesisInput @oneOf {
  endRelation: EndRelationInput  addPost: AddPostInput  addHolding: AddHoldingInput  addRecord: AddRecordInput
  changeRecord: ChangeRecordInput  addFinding: AddFindingInput
}
input StringFilter { eq: String  in: [String!]  startsWith: String  contains: String }
input IDFilter { eq: ID  in: [ID!] }
input DateFilter { eq: Date  lt: Date  lte: Date  gt: Date  gte: Date }
input DecimalFilter { eq: Decimal  lt: Decimal  lte: Decimal  gt: Decimal  gte: Decimal }
input PeriodFilter { contains: Date  overlaps: PeriodInput  from: DateFilter  until: DateFilter }
input PostKindFilter { eq: PostKind  in: [PostKind!] }
input SubjectKindFilter { eq: SubjectKind  in: [SubjectKind!] }
input SubjectStatusFilter { eq: SubjectStatus  in: [SubjectStatus!] }
input EnterpriseFormFilter { eq: EnterpriseForm  in: [EnterpriseForm!] }
input RecordKindFilter { eq: RecordKind  in: [RecordKind!] }
input RecordStateFilter { eq: RecordState  in: [RecordState!] }
input PenaltyTypeFilter { eq: PenaltyType  in: [PenaltyType!] }
input PostRelation { some: PostFilter  none: PostFilter  all: PostFilter }
input HoldingRelation { some: HoldingFilter  none: HoldingFilter  all: HoldingFilter }
input RecordRelation { some: CreditRecordFilter  none: CreditRecordFilter  all: CreditRecordFilter }
input SubjectFilter {
  and: [SubjectFilter!]  or: [SubjectFilter!]  not: SubjectFilter  id: IDFilter  kind: SubjectKindFilter
  name: StringFilter  status: SubjectStatusFilter  region: StringFilter  records: RecordRelation
  investments: HoldingRelation
}
input OrganizationFilter {
  and: [OrganizationFilter!]  or: [OrganizationFilter!]  not: OrganizationFilter  id: IDFilter
  kind: SubjectKindFilter  name: StringFilter  status: SubjectStatusFilter  region: StringFilter
  records: RecordRelation  investments: HoldingRelation  posts: PostRelation  shareholders: HoldingRelation
}
input EnterpriseFilter {
  and: [EnterpriseFilter!]  or: [EnterpriseFilter!]  not: EnterpriseFilter  id: IDFilter  name: StringFilter
  status: SubjectStatusFilter  region: StringFilter  records: RecordRelation  investments: HoldingRelation
  posts: PostRelation  shareholders: HoldingRelation  form: EnterpriseFormFilter  established: DateFilter
  registeredCapital: DecimalFilter  industry: StringFilter
}
input PersonFilter {
  and: [PersonFilter!]  or: [PersonFilter!]  not: PersonFilter  id: IDFilter  name: StringFilter
  region: StringFilter  records: RecordRelation  investments: HoldingRelation  posts: PostRelation
  keyGroup: StringFilter  profession: StringFilter
}
input PostFilter {
  and: [PostFilter!]  or: [PostFilter!]  not: PostFilter  person: PersonFilter  organization: OrganizationFilter
  post: PostKindFilter  validity: PeriodFilter
}
input HoldingFilter {
  and: [HoldingFilter!]  or: [HoldingFilter!]  not: HoldingFilter  holder: SubjectFilter
  organization: OrganizationFilter  share: DecimalFilter  votes: DecimalFilter  validity: PeriodFilter
}
input PenaltyFilter { types: PenaltyTypeFilter  sector: StringFilter  licence: StringFilter  fine: DecimalFilter }
input ListEntryFields { list: StringFilter  largeDebt: Boolean }
input CreditRecordFilter {
  and: [CreditRecordFilter!]  or: [CreditRecordFilter!]  not: CreditRecordFilter  id: IDFilter
  recordKind: RecordKindFilter  state: RecordStateFilter  documentNumber: StringFilter  decidedOn: DateFilter
  effective: PeriodFilter  department: IDFilter  about: SubjectFilter  penalty: PenaltyFilter
  listEntry: ListEntryFields
}
input ListEntryFilter {
  and: [ListEntryFilter!]  or: [ListEntryFilter!]  not: ListEntryFilter  list: StringFilter
  state: RecordStateFilter  effective: PeriodFilter  about: SubjectFilter
}
input CertaintyFilter { eq: Certainty  in: [Certainty!] }
input MeasureFilter {
  and: [MeasureFilter!]  or: [MeasureFilter!]  not: MeasureFilter  party: SubjectFilter  measure: StringFilter
  rule: StringFilter  certainty: CertaintyFilter  purpose: Purpose  from: DateFilter  until: DateFilter
}
input StatisticsFilter { subject: SubjectFilter  record: CreditRecordFilter  measure: MeasureFilter }
input MeasureOrder { field: MeasureOrderField!  direction: OrderDirection! = ASC }
input CreditRecordOrder { field: CreditRecordOrderField!  direction: OrderDirection! = ASC }
input PostOrder { field: PostOrderField!  direction: OrderDirection! = ASC }
input HoldingOrder { field: HoldingOrderField!  direction: OrderDirection! = ASC }
input PersonOrder { field: SubjectOrderField!  direction: OrderDirection! = ASC }
input OrganizationOrder { field: SubjectOrderField!  direction: OrderDirection! = ASC }
input EnterpriseOrder { field: EnterpriseOrderField!  direction: OrderDirection! = ASC }
"""


class OrderDirection(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


class CreditRecordOrderField(StrEnum):
    DECIDED_ON = "DECIDED_ON"
    DOCUMENT_NUMBER = "DOCUMENT_NUMBER"


class MeasureOrderField(StrEnum):
    FROM = "FROM"
    UNTIL = "UNTIL"
    RULE = "RULE"


class PostOrderField(StrEnum):
    FROM = "FROM"
    UNTIL = "UNTIL"
    PERSON_NAME = "PERSON_NAME"
    ORGANIZATION_NAME = "ORGANIZATION_NAME"


class HoldingOrderField(StrEnum):
    SHARE = "SHARE"
    FROM = "FROM"
    HOLDER_NAME = "HOLDER_NAME"
    ORGANIZATION_NAME = "ORGANIZATION_NAME"


class SubjectOrderField(StrEnum):
    NAME = "NAME"


class EnterpriseOrderField(StrEnum):
    NAME = "NAME"
    ESTABLISHED = "ESTABLISHED"
    REGISTERED_CAPITAL = "REGISTERED_CAPITAL"


KEY_WORDS: Final = MappingProxyType(
    {
        "ASC": "升序 · ascending",
        "DESC": "降序;没有值的仍在最后 · descending; what has no value still comes last",
        "DECIDED_ON": "决定日期 · day of the decision",
        "DOCUMENT_NUMBER": "文书号 · document number",
        "FROM": "起始日 · first day",
        "UNTIL": "终止日 · first day after",
        "RULE": "规则编号 · id of the rule",
        "PERSON_NAME": "任职人姓名 · name of the person",
        "ORGANIZATION_NAME": "组织名称 · name of the organisation",
        "SHARE": "持股比例 · share",
        "HOLDER_NAME": "持有人名称 · name of the holder",
        "NAME": "名称,按码位 · name, by code point",
        "ESTABLISHED": "成立日期 · day of establishment",
        "REGISTERED_CAPITAL": "注册资本 · registered capital",
    }
)
TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PeriodInput": "期间,左闭右开,省略即不限 · a half-open period; an omitted end is open",
        "EndRelationInput": "关系终止 · a post, holding or other relation ends",
        "AddPostInput": "增加任职 · somebody takes an office",
        "AddHoldingInput": "增加持股 · somebody takes a share",
        "BasisInput": "依据 · a document and the article in it",
        "AddRecordInput": "增加记录 · a decision, listing or order is made",
        "ChangeRecordInput": "记录变更 · a record is revoked, set aside, lifted, repaired, suspended or expires",
        "AddFindingInput": "认定责任 · a person is found responsible for a record",
        "HypothesisInput": "一项假设,只写一种;前项所增的标识为 hypothesis:序号(自 1 起) · one supposition of one kind;"
        " what the first one adds is named hypothesis:1 by those after it",
        "StringFilter": "文本条件,不分大小写和全半角 · on a text; case and width do not matter",
        "IDFilter": "标识条件,节点标识或号码 · on an id; identifiers find their holder",
        "DateFilter": "日期条件,不精确的日子不满足 · on a day; an imprecise day fulfils none",
        "DecimalFilter": "数值条件 · on a number",
        "PeriodFilter": "期间条件,替代当日有效的默认范围 · on a period; replaces the cut at the date",
        "PostRelation": "关于其任职 · on its posts",
        "HoldingRelation": "关于其持股 · on its holdings",
        "RecordRelation": "关于其信用记录 · on its records",
        "SubjectFilter": "主体条件 · on subjects",
        "OrganizationFilter": "组织条件 · on organisations",
        "EnterpriseFilter": "企业条件 · on enterprises",
        "PersonFilter": "自然人条件 · on persons",
        "PostFilter": "任职条件 · on posts",
        "HoldingFilter": "持股条件 · on holdings",
        "PenaltyFilter": "行政处罚条件,并限定为行政处罚 · on penalties, and penalties only",
        "ListEntryFields": "名单条目条件,并限定为名单条目 · on list entries, and list entries only",
        "CreditRecordFilter": "信用记录条件 · on credit records",
        "ListEntryFilter": "名单条目条件 · on list entries",
        "CertaintyFilter": "确定程度条件 · on how sure a measure is",
        "MeasureFilter": "措施条件 · on measures",
        "StatisticsFilter": "统计范围,各项同时满足 · what is counted: only what fulfils all of these",
    }
)
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "and": "全部满足,空列表为真 · all of them; none given is true",
        "or": "满足其一,空列表为假 · one of them; none given is false",
        "not": "不满足 · not",
        "endRelation": "关系终止 · a relation ends",
        "addPost": "增加任职 · a post is added",
        "addHolding": "增加持股 · a holding is added",
        "addRecord": "增加记录 · a record is added",
        "changeRecord": "记录变更 · a record changes",
        "addFinding": "认定责任 · a finding is added",
        "relation": "任职、持股或其他关系的标识 · id of a post, holding or other relation",
        "on": "自该日起 · from this day on",
        "record": "记录标识 · id of the record",
        "capacity": "责任身份 · capacity",
        "document": "文件 · document",
        "article": "条款 · article",
        "offence": "违法行为期间 · when the offence was committed",
        "seriousness": "严重程度 · how serious the offence was",
        "basis": "所适用的条款 · the articles it applies",
        "eq": "等于,null 为没有值 · equal; null: has no value",
        "in": "其中之一,空列表为假 · one of these; none given is false",
        "startsWith": "以此开头 · begins with",
        "contains": "包含 · contains; of a period: the day lies in it",
        "lt": "小于 · less than",
        "lte": "不大于 · at most",
        "gt": "大于 · greater than",
        "gte": "不小于 · at least",
        "overlaps": "与此期间有共同日 · shares a day with",
        "from": "起 · first day",
        "until": "止,不含当日 · first day after",
        "some": "至少一项满足 · one of them",
        "none": "没有一项满足 · none of them",
        "all": "每项都满足,没有任何一项也为真 · every one; true when there is none",
        "id": "标识或号码 · id or identifier",
        "kind": "主体类别 · kind of subject",
        "name": "名称 · name",
        "status": "登记状态 · status",
        "region": "地区代码 · region code (GB/T 2260)",
        "records": "信用记录 · records",
        "investments": "对外投资 · holdings it has",
        "posts": "任职 · posts",
        "shareholders": "股东 · holdings in it",
        "form": "企业形式 · form",
        "established": "成立日期 · established",
        "registeredCapital": "注册资本,元 · registered capital in yuan",
        "industry": "行业代码 · industry code (GB/T 4754)",
        "keyGroup": "重点人群名称 · name of a key group",
        "profession": "职业 · profession of a qualification",
        "person": "任职人 · the person",
        "organization": "组织 · the organisation",
        "post": "职务 · post",
        "validity": "期间 · when it held",
        "holder": "持有人 · the holder",
        "share": "持股比例,百分数 · share in percent",
        "votes": "表决权比例,百分数 · votes in percent",
        "types": "处罚类别 · types of penalty",
        "sector": "领域 · sector",
        "licence": "证照 · licence concerned",
        "fine": "罚款金额,元 · fine in yuan",
        "list": "名单名称 · name of the list",
        "largeDebt": "数额较大 · large debt",
        "recordKind": "记录类别 · kind of record",
        "state": "当日状态 · state on the day",
        "documentNumber": "文书号 · document number",
        "decidedOn": "决定日期 · decided on",
        "effective": "效力期间 · when it is in effect",
        "department": "决定机关 · deciding department",
        "about": "相对人 · the subject it is about",
        "penalty": "行政处罚 · penalties",
        "listEntry": "名单条目 · list entries",
        "party": "当事人 · whom the law binds",
        "measure": "措施代码 · code of the measure",
        "rule": "规则编号,如 P04 · id of the rule, as P04",
        "certainty": "确定程度;未提及则不含待认定的 · how sure; POTENTIAL ones only where it is asked about",
        "purpose": "涉及此用途 · concerns this purpose",
        "subject": "主体;于记录为其相对人,于措施为其当事人"
        " · subjects: of records whom they are about, of measures the party",
        "field": "排序键 · key",
        "direction": "方向 · direction",
    }
)
OWN_WORDS: Final = MappingProxyType(
    {
        ("AddRecordInput", "kind"): "记录类别 · kind of record",
        ("AddRecordInput", "until"): "效力终止,不含当日 · first day on which it is no longer in effect",
        ("AddRecordInput", "list"): "名单名称,列入名单时必填 · name of the list; of list entries, and of them only",
        ("StatisticsFilter", "record"): "信用记录;于主体为其任一记录,于措施为其原因"
        " · records: of subjects any of theirs, of measures the cause",
        ("StatisticsFilter", "measure"): "措施,仅用于统计措施 · measures; only where measures are counted",
        ("ChangeRecordInput", "state"): "变更后的状态 · what it becomes; ACTIVE is no change",
    }
)
SCALARS: Final[Mapping[str, Any]] = MappingProxyType(
    {"String": str, "ID": strawberry.ID, "Boolean": bool, "Date": date, "Decimal": Decimal}
)
KEYS: Final = (
    *(OrderDirection, CreditRecordOrderField, PostOrderField, HoldingOrderField, SubjectOrderField),
    EnterpriseOrderField,
    MeasureOrderField,
)
DEFINED: Final[Mapping[str, InputObjectTypeDefinitionNode]] = MappingProxyType(
    {each.name.value: each for each in parse(SHAPES).definitions if isinstance(each, InputObjectTypeDefinitionNode)}
)
INPUTS: Final[dict[str, type[Any]]] = {name: type(name, (), {}) for name in DEFINED}


def _declare_keys() -> Iterator[tuple[str, type[StrEnum]]]:
    for key in KEYS:
        strawberry.enum(key, description="方向 · direction" if key is OrderDirection else "排序键 · keys of an order")
        for value in key.__strawberry_definition__.values:  # type: ignore[union-attr]
            value.description = KEY_WORDS[value.value]
        yield key.__name__, key


def _annotation(node: TypeNode) -> Any:
    match node:
        case NonNullTypeNode():
            return _required(node.type)
        case _:
            return _required(node) | None


def _required(node: TypeNode) -> Any:
    if isinstance(node, ListTypeNode):
        return list[_annotation(node.type)]  # type: ignore[misc]
    name: str = node.name.value  # type: ignore[attr-defined]
    return SCALARS.get(name) or INPUTS.get(name) or ENUMS.get(name) or getattr(codes, name)


ENUMS: Final[dict[str, type[StrEnum]]] = dict(_declare_keys())


def _words(name: str, field: str) -> str:
    return OWN_WORDS.get((name, field)) or WORDS[field]


def _title(name: str) -> str:
    if name in TITLES:
        return TITLES[name]
    if name.endswith("Order"):
        return "排序 · an order"
    return "代码条件 · on a code"


def _declare(name: str, definition: InputObjectTypeDefinitionNode) -> None:
    kind = INPUTS[name]
    kind.__module__ = __name__
    annotations: dict[str, Any] = {}
    for each in definition.fields or ():
        field = each.name.value
        python_name = f"{field}_" if field in ("and", "or", "not", "in", "from") else field
        annotations[python_name] = _annotation(each.type)
        default: Any = strawberry.UNSET
        if each.default_value is not None:
            default = OrderDirection.ASC
        required = isinstance(each.type, NonNullTypeNode) and each.default_value is None
        given = {} if required else {"default": default}
        setattr(kind, python_name, strawberry.field(name=field, description=_words(name, field), **given))
    kind.__annotations__ = annotations
    one_of = any(each.name.value == "oneOf" for each in definition.directives or ())
    INPUTS[name] = strawberry.input(kind, one_of=one_of or None, description=_title(name))


for each_name, each_definition in DEFINED.items():
    _declare(each_name, each_definition)
