"""Rows and files of the tests of tables: a right row of every edition, and files made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from loaders.double_publicity import command as double_publicity
from loaders.entries import Entry, Quarantined
from loaders.holdings import command as holdings
from loaders.posts import command as posts
from loaders.registry import command as registry
from loaders.tables.command import TabularSource
from loaders.tables.entries import Context, entries

DOUBLE_PUBLICITY, HOLDINGS = double_publicity.SOURCE, holdings.SOURCE
POSTS, REGISTRY = posts.SOURCE, registry.SOURCE
KEY = bytes(range(32))
ACME, BETA, SAMR = "91440703YY000001XU", "91440703YY0000116A", "11440700YY000052X6"
LI, WANG = "440785190001010010", "440703190102030024"

PENALTY_2018: Mapping[str, str] = {
    "行政相对人名称": "江门甲食品有限公司",
    "行政相对人代码_1（统一社会信用代码）": ACME,
    "行政相对人代码_2（工商注册号）": "",
    "行政相对人代码_3（组织机构代码）": "",
    "行政相对人代码_4（税务登记号） ": "",
    "行政相对人代码_5（事业单位证书号）": "",
    "行政相对人代码_6（社会组织登记证号）": "",
    "法定代表人": "李某",
    "法定代表人身份证号": LI,
    "证件类型": "",
    "证件号码": "",
    "行政处罚决定书文号": "江市监罚〔2018〕1号",
    "违法行为类型": "经营超过保质期的食品",
    "违法事实": "经营超过保质期的食品",
    "处罚依据": "《中华人民共和国食品安全法》第一百二十四条第一款",
    "处罚类别": "罚款;没收违法所得、没收非法财物",
    "处罚内容": "罚款50000元",
    "处罚金额（万元）": "5",
    "没收违法所得、没收非法财务的金额（万元）": "0.12",
    "暂扣或吊销证照名称及编号": "",
    "处罚决定日期": "2018/06/01",
    "处罚有效期": "2099/12/31",
    "公示截止期": "2019/05/31",
    "处罚机关": "江门市市场监督管理局",
    "处罚机关统一社会信用代码": SAMR,
    "数据来源单位": "江门市市场监督管理局",
    "数据来源单位统一社会信用代码": SAMR,
    "备注": "",
    "数据导出时间": "2018-06-05 10:00:00",
}
HEAD_2018 = {name: PENALTY_2018[name] for name in list(PENALTY_2018)[:11]}
PERMIT_2018: Mapping[str, str] = {
    **HEAD_2018,
    "行政许可决定文书名称": "准予许可决定书",
    "行政许可决定文书号": "江食药许〔2018〕2号",
    "许可类别": "普通",
    "许可证书名称": "食品经营许可证",
    "许可编号": "JY14407030000001",
    "许可内容": "食品销售",
    "许可决定日期": "2018-03-01",
    "有效期自": "2018-03-01",
    "有效期至": "2023-02-28",
    "许可机关": "江门市市场监督管理局",
    "许可机关统一社会信用代码": SAMR,
    "当前状态": "1",
    "数据来源单位": "江门市市场监督管理局",
    "数据来源单位统一社会信用代码": SAMR,
    "备注": "",
    "数据导出时间": "",
}
PENALTY_2015: Mapping[str, str] = {
    "行政处罚决定书文号": "江工商处字〔2015〕3号",
    "处罚名称": "虚假宣传",
    "处罚类别1": "罚款",
    "处罚类别2": "警告",
    "处罚事由": "发布虚假广告",
    "处罚依据": "《中华人民共和国广告法》第五十五条",
    "行政相对人名称": "江门甲食品有限公司",
    "行政相对人代码_1(统一社会信用代码)": ACME,
    "行政相对人代码_2(组织机构代码)": "YY000001-X",
    "行政相对人代码_3(工商登记码)": "440703100000015",
    "行政相对人代码_4(税务登记号)": "",
    "行政相对人代码_5(居民身份证号)": "",
    "法定代表人姓名": "李某",
    "处罚结果": "罚款1万元",
    "处罚决定日期": "2015.11.02",
    "处罚机关": "江门市工商行政管理局",
    "当前状态": "0",
    "地方编码": "440700",
    "数据更新时间戳": "2015-11-05",
    "备注": "",
}
PERMIT_2015: Mapping[str, str] = {
    "行政许可决定书文号": "江建许〔2015〕4号",
    "项目名称": "施工许可",
    "审批类别": "核准",
    "许可内容": "准予施工",
    "行政相对人名称": "江门甲食品有限公司",
    "行政相对人代码_1 (统一社会信用代码)": ACME,
    "行政相对人代码_2 (组织机构代码)": "",
    "行政相对人代码_3 (工商登记码)": "",
    "行政相对人代码_4 (税务登记号)": "",
    "法定代表人姓名": "李某",
    "许可决定日期": "2015年12月1日",
    "许可截止期": "长期",
    "许可机关": "江门市住房和城乡建设局",
    "当前状态": "0",
    "行政许可编码": "X-1",
    "信息使用范围": "0",
    "地方编码": "440700",
    "数据更新时间戳": "",
    "备注": "",
}
REGISTERED: Mapping[str, str] = {
    "企业名称": "江门甲食品有限公司",
    "统一社会信用代码": ACME.lower(),
    "注册日期": "2012-05-01",
    "企业类型": "有限责任公司(自然人投资或控股)",
    "法人代表": "李某",
    "注册资金": "100(万人民币元)",
    "经营范围": "食品销售",
    "所在省份": "广东省",
    "地区": "江门",
    "注册地址": "江门市蓬江区某路1号",
}
HELD: Mapping[str, str] = {
    "股东名称": "李某",
    "股东类型": "自然人",
    "股东证件号码": LI,
    "被投资企业": "江门甲食品有限公司",
    "被投资企业统一社会信用代码": ACME,
    "持股比例(%)": "60",
    "认缴出资额(万元)": "60",
    "实缴出资额(万元)": "60",
    "认缴日期": "2012-05-01",
    "起始日期": "2012-05-01",
    "终止日期": "",
}
POST: Mapping[str, str] = {
    "姓名": "李某",
    "证件类型": "身份证",
    "证件号码": LI,
    "企业名称": "江门甲食品有限公司",
    "统一社会信用代码": ACME,
    "职务": "执行董事兼总经理/法定代表人",
    "任职起": "2012-05-01",
    "任职止": "2019-02-28",
}
ROWS = {
    "penalty-2018": (DOUBLE_PUBLICITY, PENALTY_2018),
    "permit-2018": (DOUBLE_PUBLICITY, PERMIT_2018),
    "penalty-2015": (DOUBLE_PUBLICITY, PENALTY_2015),
    "permit-2015": (DOUBLE_PUBLICITY, PERMIT_2015),
    "registry": (REGISTRY, REGISTERED),
    "holdings": (HOLDINGS, HELD),
    "posts": (POSTS, POST),
}
Rows = Sequence[Mapping[str, str]]


def text(rows: Rows, delimiter: str = ",", order: Iterable[str] | None = None) -> str:
    names = list(rows[0] if order is None else order)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([each.get(name, "") for name in names] for each in rows)
    return file.getvalue()


def written(folder: Path, rows: Rows, name: str = "file.csv", encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path = folder / name
    path.write_bytes(text(rows, delimiter).encode(encoding))
    return path


def workbook(folder: Path, rows: Rows, name: str = "file.xlsx", before: int = 0) -> Path:
    """The rows as texts on a sheet 数据, behind a sheet of notes and `before` empty rows."""
    path = folder / name
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "填报须知")
        sheet = book.add_worksheet("数据")
        sheet.write_row(before, 0, list(rows[0]))
        for number, each in enumerate(rows, start=before + 1):
            sheet.write_row(number, 0, list(each.values()))
    return path


def read(source: TabularSource, path: Path) -> list[Entry | Quarantined]:
    table, _ = source.open(path)
    return list(entries(table, source.build, Context(KEY), lambda number, remark: None))


def reasons(found: Iterable[Entry | Quarantined]) -> list[tuple[int, str | None, str]]:
    """Row, column and English reason of what was refused."""
    return [(each.number, each.column, each.reason.en) for each in found if isinstance(each, Quarantined)]


def said(entry: Entry | Quarantined) -> object:
    """What an entry wants to be true, whatever row and file it stands in."""
    assert isinstance(entry, Entry)
    nodes = [
        (each.kind, [claim.key for claim in each.claims], [{**v.untold, **v.values} for v in each.versions])
        for each in entry.nodes
    ]
    relations = [
        (each.kind, each.start, each.end, each.key, each.period, dict(each.values)) for each in entry.relations
    ]
    return nodes, relations
