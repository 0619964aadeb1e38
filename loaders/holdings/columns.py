"""The columns of a table of shareholders.

It must not know what becomes of a value.
"""

from __future__ import annotations

from typing import Final

from graph.codes import Text
from graph.vocabulary import Disclosure
from loaders.cells import amounts, dates, numbers, texts
from loaders.registry.columns import USCC_ALIASES
from loaders.tables.layout import Column, Layout

PLAIN_CODE: Final = ("统一社会信用代码", *USCC_ALIASES)

HOLDINGS: Final = Layout(
    "holdings",
    Text("股东及出资", "a table of shareholders"),
    (
        Column(
            "holder", "股东名称", texts.name, ("股东", "股东姓名", "投资人", "股东(发起人)", "出资人"), required=True
        ),
        Column("holderType", "股东类型", texts.text, ("投资人类型", "出资人类型")),
        Column("documentType", "证件类型", numbers.document_type, ("股东证件类型",), disclosure=Disclosure.RESTRICTED),
        Column(
            "holderNumber",
            "股东证件号码",
            numbers.document,
            ("证件号码", "股东证照号码", "股东身份证号", "股东身份证号码", "证照/证件号码"),
            disclosure=Disclosure.RESTRICTED,
        ),
        Column(
            "holderUscc",
            "股东统一社会信用代码",
            numbers.organisation_number,
            PLAIN_CODE,
            after="holder",
        ),
        Column(
            "organization",
            "被投资企业",
            texts.name,
            ("被投资企业名称", "企业名称", "投资企业", "标的企业", "公司名称", "被投资单位"),
        ),
        Column(
            "organizationUscc",
            "被投资企业统一社会信用代码",
            numbers.organisation_number,
            ("被投资企业代码", "企业统一社会信用代码", "被投资企业注册号", "标的企业统一社会信用代码", *PLAIN_CODE),
            after="organization",
        ),
        Column("share", "持股比例", amounts.share, ("股权比例", "出资比例", "股比", "投资比例")),
        Column("votes", "表决权比例", amounts.share, ("表决权",)),
        Column("capital", "认缴出资额", amounts.amount, ("认缴额", "认缴金额", "出资额"), unit="万元"),
        Column("paid", "实缴出资额", texts.ignored, ("实缴额", "实缴金额"), kept=False),
        Column("subscribed", "认缴日期", texts.ignored, ("认缴出资日期", "认缴时间"), kept=False),
        Column("from", "起始日期", dates.day, ("持股起始日期", "开始日期", "入股日期")),
        Column("to", "终止日期", dates.last_day, ("持股终止日期", "结束日期", "退出日期")),
    ),
)
