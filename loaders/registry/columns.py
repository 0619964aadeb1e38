"""The columns of a registry export.

It must not know what becomes of a value.
"""

from __future__ import annotations

from typing import Final

from graph.codes import IdentifierScheme, Text
from graph.vocabulary import Disclosure
from loaders.cells import amounts, dates, numbers, texts
from loaders.tables.layout import Column, Layout

USCC_ALIASES: Final = ("社会信用代码", "统一信用代码", "信用代码", "统一代码", "XDR_SHXYM")

REGISTRY: Final = Layout(
    "registry",
    Text("登记信息", "a registry export"),
    (
        Column(
            "name", "企业名称", texts.name, ("名称", "单位名称", "主体名称", "机构名称", "市场主体名称"), required=True
        ),
        Column("uscc", "统一社会信用代码", numbers.organisation_number, USCC_ALIASES),
        Column(
            "registrationNumber",
            "工商注册号",
            numbers.other_number(IdentifierScheme.REGISTRATION_NUMBER),
            ("注册号", "工商登记码", "营业执照注册号"),
        ),
        Column(
            "organisationCode",
            "组织机构代码",
            numbers.other_number(IdentifierScheme.ORGANISATION_CODE),
            ("机构代码",),
        ),
        Column("established", "注册日期", dates.day, ("成立日期", "成立时间", "注册时间", "设立日期")),
        Column("form", "企业类型", texts.text, ("类型", "市场主体类型", "企业(机构)类型", "公司类型")),
        Column("representative", "法定代表人", texts.name, ("法人代表", "法定代表人姓名", "法人")),
        Column(
            "representativeDocumentType",
            "法定代表人证件类型",
            numbers.document_type,
            ("法人证件类型", "FR_ZJLX"),
            disclosure=Disclosure.RESTRICTED,
        ),
        Column(
            "representativeDocument",
            "法定代表人证件号码",
            numbers.document,
            ("法定代表人身份证号", "法人身份证号", "法人证件号码", "法定代表人身份证号码", "FR_ZJHM"),
            disclosure=Disclosure.RESTRICTED,
        ),
        Column("principal", "负责人", texts.name, ("主要负责人", "经营者", "负责人姓名", "经营者姓名")),
        Column("capital", "注册资本", amounts.amount, ("注册资金", "出资额", "资金数额")),
        Column("status", "登记状态", texts.text, ("企业状态", "经营状态", "状态")),
        Column("province", "所在省份", texts.text, ("省份", "省")),
        Column("region", "地区", texts.text, ("所属地区", "所在地区", "区县", "所属区县", "行政区划", "行政区划代码")),
        Column("address", "注册地址", texts.text, ("住所", "地址", "经营场所", "企业地址")),
        Column("industry", "行业代码", texts.text, ("国民经济行业代码",)),
        Column("scope", "经营范围", texts.ignored, kept=False),
    ),
)
