"""The columns of a table of posts.

It must not know what becomes of a value.
"""

from __future__ import annotations

from typing import Final

from graph.codes import Text
from graph.vocabulary import Disclosure
from loaders.cells import dates, numbers, texts
from loaders.registry.columns import USCC_ALIASES
from loaders.tables.layout import Column, Layout

POSTS: Final = Layout(
    "posts",
    Text("任职信息", "a table of posts"),
    (
        Column("name", "姓名", texts.name, ("人员姓名", "任职人员", "名字"), required=True),
        Column("documentType", "证件类型", numbers.document_type, ("人员证件类型",), disclosure=Disclosure.RESTRICTED),
        Column(
            "document",
            "证件号码",
            numbers.document,
            ("身份证号", "身份证号码", "公民身份号码", "证件号"),
            disclosure=Disclosure.RESTRICTED,
        ),
        Column("organization", "企业名称", texts.name, ("单位名称", "任职单位", "任职企业", "公司名称", "机构名称")),
        Column(
            "uscc",
            "统一社会信用代码",
            numbers.organisation_number,
            ("企业统一社会信用代码", *USCC_ALIASES),
            required=True,
        ),
        Column("posts", "职务", texts.text, ("职位", "任职职务", "岗位"), required=True),
        Column("from", "任职起", dates.day, ("任职起始日期", "任职开始日期", "任职日期", "起始日期")),
        Column("to", "任职止", dates.last_day, ("任职终止日期", "任职结束日期", "离任日期", "终止日期")),
    ),
)
