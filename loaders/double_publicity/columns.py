"""The columns of the four editions: 行政处罚 and 行政许可 of 2018 and of 2015, with the codes of the national tables.

It must not know what becomes of a value.
"""

from __future__ import annotations

from typing import Final

from graph.codes import IdentifierScheme, Text
from graph.vocabulary import Disclosure
from loaders.cells import amounts, dates, numbers, texts
from loaders.tables.layout import Column, Layout

S: Final = IdentifierScheme
PENALTY_2018, PERMIT_2018, PENALTY_2015, PERMIT_2015 = "penalty-2018", "permit-2018", "penalty-2015", "permit-2015"


def _secret(key: str, name: str, clean: object, aliases: tuple[str, ...] = ()) -> Column:
    assert callable(clean)  # noqa: S101 - a cleaner
    return Column(key, name, clean, aliases, disclosure=Disclosure.RESTRICTED)


def _unkept(name: str, *aliases: str) -> Column:
    return Column(name, name, texts.ignored, aliases, kept=False)


# 行政相对人, as in 2018; headers write 行政相对人代码_1(统一社会信用代码), of which the words in brackets count.
NAME: Final = Column("name", "行政相对人名称", texts.name, ("行政相对人", "相对人名称", "XDR_MC"), required=True)
USCC: Final = Column("uscc", "统一社会信用代码", numbers.organisation_number, ("XDR_SHXYM",))
REGISTRATION: Final = Column(
    "registrationNumber",
    "工商注册号",
    numbers.other_number(S.REGISTRATION_NUMBER),
    ("工商登记码", "工商登记号", "注册号", "XDR_GSZC"),
)
ORGANISATION_CODE: Final = Column(
    "organisationCode", "组织机构代码", numbers.other_number(S.ORGANISATION_CODE), ("XDR_ZZJG",)
)
TAX: Final = Column("taxNumber", "税务登记号", numbers.other_number(S.TAX_NUMBER), ("XDR_SWDJ",))
HEAD_2018: Final = (
    NAME,
    Column("category", "行政相对人类别", texts.text, ("XDR_LB",)),
    USCC,
    REGISTRATION,
    ORGANISATION_CODE,
    TAX,
    Column(
        "institutionCertificate",
        "事业单位证书号",
        numbers.other_number(S.INSTITUTION_CERTIFICATE),
        ("XDR_SYDW",),
    ),
    Column(
        "socialCertificate",
        "社会组织登记证号",
        numbers.other_number(S.SOCIAL_CERTIFICATE),
        ("XDR_SHZZ",),
    ),
    Column("representative", "法定代表人", texts.name, ("法定代表人姓名", "FRDB")),
    _secret("representativeDocumentType", "法定代表人证件类型", numbers.document_type, ("FR_ZJLX",)),
    _secret("representativeDocument", "法定代表人身份证号", numbers.document, ("法定代表人证件号码", "FR_ZJHM")),
    _secret("documentType", "证件类型", numbers.document_type, ("自然人证件类型", "XDR_ZJLX")),
    _secret("document", "证件号码", numbers.document, ("自然人证件号码", "XDR_ZJHM")),
)
HEAD_2015: Final = (
    NAME,
    USCC,
    ORGANISATION_CODE,
    REGISTRATION,
    TAX,
    _secret("document", "居民身份证号", numbers.document, ("身份证号", "居民身份证号码")),
    Column("representative", "法定代表人姓名", texts.name, ("法定代表人",)),
)
SOURCE_2018: Final = (
    Column("reporter", "数据来源单位", texts.text, ("CF_SJLY", "XK_LYDW")),
    Column("reporterCode", "数据来源单位统一社会信用代码", numbers.other_number(S.USCC), ("CF_SJLYDM", "XK_LYDWDM")),
    _unkept("备注", "BZ"),
    _unkept("数据导出时间"),
)
TAIL_2015: Final = (
    Column("state", "当前状态", texts.text),
    Column("scope", "信息使用范围", texts.text),
    _unkept("地方编码"),
    _unkept("数据更新时间戳"),
    _unkept("备注"),
)
LAYOUTS: Final = (
    Layout(
        PENALTY_2018,
        Text("行政处罚(2018版)", "penalties, edition of 2018"),
        (
            *HEAD_2018,
            Column("number", "行政处罚决定书文号", texts.document_number, ("CF_WSH",), required=True),
            Column("reason", "违法行为类型", texts.text, ("CF_WFXW",), expected=True),
            Column("facts", "违法事实", texts.text, ("CF_SY",), expected=True),
            Column("basis", "处罚依据", texts.text, ("CF_YJ",), expected=True),
            Column("types", "处罚类别", texts.text, ("CF_CFLB",), expected=True),
            Column("content", "处罚内容", texts.text, ("CF_NR",), expected=True),
            Column("fine", "处罚金额(万元)", amounts.amount, ("罚款金额", "CF_NR_FK"), unit="万元"),
            Column(
                "confiscated",
                "没收违法所得、没收非法财务的金额(万元)",
                amounts.amount,
                ("没收违法所得、没收非法财物的金额", "CF_NR_WFFF"),
                unit="万元",
            ),
            Column("licence", "暂扣或吊销证照名称及编号", texts.text, ("CF_NR_ZKDX",)),
            Column("decidedOn", "处罚决定日期", dates.day, ("CF_JDRQ",), required=True),
            Column("to", "处罚有效期", dates.last_day, ("CF_YXQ",)),
            Column("publishedTo", "公示截止期", dates.last_day, ("公示截止日期", "CF_GSJZQ")),
            Column("authority", "处罚机关", texts.text, ("CF_CFJG",)),
            Column("authorityCode", "处罚机关统一社会信用代码", numbers.other_number(S.USCC), ("CF_CFJGDM",)),
            *SOURCE_2018,
        ),
    ),
    Layout(
        PERMIT_2018,
        Text("行政许可(2018版)", "permits, edition of 2018"),
        (
            *HEAD_2018,
            Column("reason", "行政许可决定文书名称", texts.text, ("XK_XKWS",)),
            Column("number", "行政许可决定文书号", texts.document_number, ("XK_WSH",), required=True),
            Column("kind", "许可类别", texts.text, ("XK_XKLB",), expected=True),
            Column("certificate", "许可证书名称", texts.text, ("XK_XKZS",)),
            Column("certificateNumber", "许可编号", texts.text, ("XK_XKBH",)),
            Column("content", "许可内容", texts.text, ("XK_NR",), expected=True),
            Column("decidedOn", "许可决定日期", dates.day, ("XK_JDRQ",), required=True),
            Column("from", "有效期自", dates.day, ("XK_YXQZ",)),
            Column("to", "有效期至", dates.last_day, ("XK_YXQZI",)),
            Column("authority", "许可机关", texts.text, ("XK_XKJG",)),
            Column("authorityCode", "许可机关统一社会信用代码", numbers.other_number(S.USCC), ("XK_XKJGDM",)),
            Column("state", "当前状态", texts.text, ("XK_ZT",)),
            *SOURCE_2018,
        ),
    ),
    Layout(
        PENALTY_2015,
        Text("行政处罚(2015版)", "penalties, edition of 2015"),
        (
            Column("number", "行政处罚决定书文号", texts.document_number, required=True),
            Column("reason", "处罚名称", texts.text),
            Column("types", "处罚类别1", texts.text),
            Column("moreTypes", "处罚类别2", texts.text),
            Column("facts", "处罚事由", texts.text),
            Column("basis", "处罚依据", texts.text),
            *HEAD_2015,
            Column("content", "处罚结果", texts.text),
            Column("decidedOn", "处罚决定日期", dates.day, required=True),
            Column("authority", "处罚机关", texts.text),
            *TAIL_2015,
            Column("to", "处罚截止期", dates.last_day),
            Column("publishedTo", "公示截止期", dates.last_day, ("公示截止日期",)),
            Column("seriousness", "失信严重程度", texts.text),
            _unkept("处罚编码"),
        ),
    ),
    Layout(
        PERMIT_2015,
        Text("行政许可(2015版)", "permits, edition of 2015"),
        (
            Column("number", "行政许可决定书文号", texts.document_number, required=True),
            Column("reason", "项目名称", texts.text),
            Column("kind", "审批类别", texts.text),
            Column("content", "许可内容", texts.text),
            *HEAD_2015,
            Column("decidedOn", "许可决定日期", dates.day, required=True),
            Column("to", "许可截止期", dates.last_day),
            Column("authority", "许可机关", texts.text),
            Column("certificateNumber", "行政许可编码", texts.text),
            *TAIL_2015,
        ),
    ),
)
