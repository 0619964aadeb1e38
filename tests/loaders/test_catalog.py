"""The catalogue: every item reads its own files, makes its own templates and page, and a new one needs no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.codes import RelationKind
from loaders.__main__ import main
from loaders.catalog import template
from loaders.catalog.command import sources
from loaders.catalog.document import lines
from loaders.catalog.item import CatalogItem
from loaders.catalog.reading import CatalogError, read, shipped
from loaders.catalog.validators import layout
from loaders.entries import Entry, Quarantined
from loaders.tables.table import open_table
from tests.loaders import tabular
from tests.loaders.catalogued import ITEMS, SOURCE_OF
from tests.loaders.tabular import ACME, LI, workbook, written

ROOT = Path(__file__).parents[2]
EVERY = tuple(shipped().items.values())
WELFARE = """
[[source]]
name = "welfare"
zh = "社会救助"
en = "welfare"

[[item]]
code = "welfare-awards"
version = "1"
zh = "慈善表彰"
en = "charity awards"
source = "welfare"
information_class = "HONOUR"
subjects = ["ENTERPRISE"]
providers = ["江门市民政局"]
cycle = "YEARLY"
confidence = "UNVERIFIED"
elements = [
  { key = "name", name = "受表彰单位", type = "NAME", required = "ALWAYS" },
  { key = "uscc", name = "统一社会信用代码", type = "CODE", required = "ALWAYS" },
  { key = "documentNumber", name = "表彰文号", type = "DOCUMENT_NUMBER", length = 20, required = "ALWAYS" },
  { key = "decidedOn", name = "表彰日期", type = "DAY" },
]

[[item.record]]
kind = "AWARD"
key = ["documentNumber"]
"""
AWARD = {
    "受表彰单位": "江门甲食品有限公司",
    "统一社会信用代码": ACME,
    "表彰文号": "江民〔2024〕1号",
    "表彰日期": "2024/1/2",
}


def entry(code: str, folder: Path, **changes: str) -> Entry:
    (found,) = tabular.read(SOURCE_OF[code], written(folder, [{**ITEMS[code], **changes}]))
    assert isinstance(found, Entry), found
    return found


def refused(code: str, folder: Path, **changes: str) -> tuple[str | None, str]:
    (found,) = tabular.read(SOURCE_OF[code], written(folder, [{**ITEMS[code], **changes}]))
    assert isinstance(found, Quarantined), found
    return found.column, found.reason.en


def drawn(found: Entry) -> set[tuple[str, str, str, str, str]]:
    """Every relation with the kinds of its ends and its period."""
    kinds = {each.ref: each.kind for each in found.nodes}
    return {
        (kinds[each.start], each.kind.value, kinds[each.end], str(each.period.start), str(each.period.end))
        for each in found.relations
    }


def test_there_is_a_row_of_every_item() -> None:
    assert {*ITEMS, "penalty-2015", "permit-2015", "penalty-2018", "permit-2018"} == set(shipped().items)


def test_the_page_is_what_the_catalogue_says() -> None:
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert page == "\n".join(lines(shipped())) + "\n", "make catalogue"
    assert [each.name for each in EVERY[0].elements if f"| {each.name} |" not in page] == []


def test_the_twenty_eight_departments_are_marked_as_an_assumption() -> None:
    assert sum(each.catalogued for each in shipped().departments) == 28
    assert f"**{shipped().assumed.zh} / {shipped().assumed.en}.**" in "\n".join(lines(shipped()))
    assert "assumption" in shipped().assumed.en and "假定" in shipped().assumed.zh


@pytest.mark.parametrize("code", ITEMS)
@pytest.mark.parametrize("form", ["utf-8", "gb18030", "xlsx"])
def test_every_item_reads_its_own_file(tmp_path: Path, code: str, form: str) -> None:
    rows = [ITEMS[code]]
    path = workbook(tmp_path, rows) if form == "xlsx" else written(tmp_path, rows, encoding=form)
    table, _ = SOURCE_OF[code].open(path)
    assert (table.header.layout.code, table.header.unknown) == (code, ())
    (found,) = tabular.read(SOURCE_OF[code], path)
    assert isinstance(found, Entry), found


def test_a_header_that_fits_two_items_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"统一社会信用代码": ACME, "评价年度": "2022", "年度得分": "1", "企业名称": "江门甲食品有限公司"}
    path = written(tmp_path, [{**row, "环境信用等级": "绿"}], "clear.csv")
    assert main(["grades", str(path), "--dry-run"]) == 0
    ambiguous = written(tmp_path, [row], "ambiguous.csv")
    assert main(["grades", str(ambiguous), "--dry-run"]) == 2
    assert "--item" in capsys.readouterr().err
    assert main(["grades", str(ambiguous), "--dry-run", "--item", "environment-grades"]) == 2  # it has no grade at all
    assert "columns are missing: 企业环境信用等级" in capsys.readouterr().err


@pytest.mark.parametrize("item", EVERY, ids=lambda each: each.code)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_is_a_file_of_its_item(tmp_path: Path, item: CatalogItem, suffix: str) -> None:
    path = tmp_path / f"template{suffix}"
    template.write(item, path)
    table = open_table(path, [layout(each) for each in EVERY if each.source == item.source])
    assert (table.header.layout.code, list(table.rows())) == (item.code, [])
    assert set(table.header.places) == set(item.by_key)


def test_a_debtor_is_listed_by_number_and_nobody_else_with_him(tmp_path: Path) -> None:
    found = entry("dishonest-debtors", tmp_path)
    assert drawn(found) == {
        ("LIST_ENTRY", "ABOUT", "PERSON", "None", "None"),
        ("LIST_ENTRY", "ISSUED_BY", "GOVERNMENT_BODY", "None", "None"),
        ("LIST_ENTRY", "ON_LIST", "CREDIT_LIST", "2022-03-01", "None"),
    }
    assert dict(found.nodes[0].versions[0].values) == {
        "list": "失信被执行人",
        "documentNumber": "(2022)粤0703执12号",
        "reason": "有履行能力而拒不履行生效法律文书确定义务",
        "from": "2022-03-01",
    }
    assert dict(found.nodes[0].versions[0].untold) == {"state": "ACTIVE"}
    assert LI not in str(found)
    firm = {"身份证号码/组织机构代码": "YY000001-X", "企业法人/负责人姓名": "李某"}
    listed = entry("dishonest-debtors", tmp_path, **firm)  # 负责人 is mentioned, not listed
    assert [each.kind for each in listed.nodes] == ["LIST_ENTRY", "ENTERPRISE", "GOVERNMENT_BODY", "CREDIT_LIST"]


def test_a_masked_number_makes_a_node_of_the_case_alone(tmp_path: Path) -> None:
    masked = {"身份证号码/组织机构代码": "4407851900****0010"}
    (one, other) = (
        entry("dishonest-debtors", tmp_path, **masked, 案号=number).nodes[1]
        for number in ("(2022)执1号", "(2022)执2号")
    )
    assert one.kind == other.kind == "PERSON" and one.ref != other.ref
    column, reason = refused("dishonest-debtors", tmp_path, **{"身份证号码/组织机构代码": ""})
    assert column == "身份证号码/组织机构代码" and "names are never matched" in reason


def test_fifteen_digits_that_may_be_a_person_or_a_firm_are_not_guessed(tmp_path: Path) -> None:
    column, reason = refused("dishonest-debtors", tmp_path, **{"身份证号码/组织机构代码": "440703050101005"})
    assert column == "身份证号码/组织机构代码", reason


def test_whoever_a_notice_names_is_named_and_the_former_head_only_evidence(tmp_path: Path) -> None:
    former = {"违法期间法人代表或者负责人姓名": "赵某"}
    found = entry("major-tax-offenders", tmp_path, **former)
    capacities = [
        (found_person(found, each.start), dict(each.values)["capacity"])
        for each in found.relations
        if each.kind is RelationKind.RESPONSIBLE_FOR
    ]
    assert capacities == [
        ("李某", "NAMED"),
        ("赵某", "LEGAL_REPRESENTATIVE_AT_OFFENCE"),
        ("王某", "FINANCE_RESPONSIBLE"),
    ]


def found_person(found: Entry, ref: str) -> object:
    return next(each.versions[0].values["name"] for each in found.nodes if each.ref == ref)


def test_the_legal_representative_of_a_wage_debtor_is_not_listed_by_his_office(tmp_path: Path) -> None:
    assert {each.kind for each in entry("wage-arrears", tmp_path).relations} == {
        *(RelationKind.ABOUT, RelationKind.ISSUED_BY, RelationKind.ON_LIST),
    }
    named = entry("wage-arrears", tmp_path, 一并列入的责任人员="李某")
    assert [each.values for each in named.relations if each.kind is RelationKind.RESPONSIBLE_FOR] == [
        {"capacity": "NAMED"}
    ]


def test_three_years_in_the_abnormal_list_are_not_three_years_unfiled(tmp_path: Path) -> None:
    reason = "列入严重违法失信企业名单(黑名单)原因"
    kept = entry("serious-violations", tmp_path).nodes[0].versions[0].values["reason"]
    assert kept == "被列入经营异常名录届满3年仍未履行相关义务的"
    assert entry("serious-violations", tmp_path, **{reason: "Other (see file)"}).nodes[0].versions[0].values[
        "reason"
    ] == ("Other (see file)")
    told = entry("serious-violations", tmp_path, **{reason: " 连续三年未公示 年度报告"})
    assert told.nodes[0].versions[0].values["reason"] == "ANNUAL_REPORT_THREE_YEARS"


def test_an_annual_grade_is_on_the_red_list_only_with_its_days(tmp_path: Path) -> None:
    assert [each.kind for each in entry("tax-a-taxpayers", tmp_path).nodes] == ["GRADE", "ENTERPRISE"]
    dated = entry("tax-a-taxpayers", tmp_path, 发布日期="2023-04-25", 有效期至="2024-04-24")
    assert {each.kind for each in dated.nodes} == {"GRADE", "ENTERPRISE", "LIST_ENTRY", "CREDIT_LIST"}


def test_a_shared_item_has_no_public_day(tmp_path: Path) -> None:
    values = entry("tax-grades", tmp_path).nodes[0].versions[0].values
    assert values["publishedFrom"] == values["publishedTo"]
    assert "publishedFrom" not in entry("labour-grades", tmp_path).nodes[0].versions[0].values


def test_a_revoked_lawyer_practises_until_that_day(tmp_path: Path) -> None:
    found = entry("lawyers", tmp_path)
    assert drawn(found) == {
        ("PERSON", "HAS_QUALIFICATION", "QUALIFICATION", "2000-05-01", "None"),
        ("PERSON", "PRACTISES_AT", "OTHER_ORGANIZATION", "None", "2023-04-01"),
        ("PERSON", "MEMBER_OF", "KEY_GROUP", "None", "2023-04-01"),
    }
    assert dict(found.nodes[0].versions[0].values) == {
        "profession": "律师",
        "number": "14407200010000001",
        "from": "2000-05-01",
        "sanction": "REVOKED",
        "revokedOn": "2023-04-01",
        "reason": "ILLEGALITY",
    }
    expired = entry("lawyers", tmp_path, 执业状态="注销", 吊销日期="", 吊销原因="退休").nodes[0].versions[0].values
    assert not {"sanction", "reason"} & set(expired)  # neither is a sanction we know: nobody is barred by it


def test_a_project_ties_its_parties_and_the_manager_to_the_builder(tmp_path: Path) -> None:
    bidder = {"投标单位": "江门甲食品有限公司", "投标单位统一社会信用代码": ACME, "投标日期": "2023-02-01"}
    assert drawn(entry("construction-projects", tmp_path, **bidder)) == {
        ("ENTERPRISE", "BIDS_ON", "PROJECT", "2023-02-01", "None"),
        ("ENTERPRISE", "WON", "PROJECT", "2023-03-10", "None"),
        ("ENTERPRISE", "BUILDS", "PROJECT", "2023-04-01", "2024-04-01"),
        ("PERSON", "PROJECT_MANAGER_OF", "ENTERPRISE", "2023-04-01", "2024-04-01"),
    }
    codes = {"中标单位统一社会信用代码": "", "施工单位统一社会信用代码": ""}
    column, reason = refused("construction-projects", tmp_path, **codes)
    assert "names are never matched" in reason and column is not None


@pytest.mark.parametrize(
    ("code", "changes", "column", "reason"),
    [
        ("list-entries", {"名单名称": "好人名单"}, "名单名称", "is not in the rule pack"),
        ("list-entries", {"列入决定文书号": "", "列入日期": ""}, "列入决定文书号", "nothing tells this record"),
        ("list-entries", {"列入决定文书号": "号" * 129}, "列入决定文书号", "the catalogue allows 128"),
        ("list-entries", {"有效期至": "2022-01-01"}, "有效期至", "ends before it begins"),
        ("tax-grades", {"纳税信用级别": "E"}, "纳税信用级别", "give one of A、B、M、C、D"),
        ("tax-grades", {"评价年度": "去年"}, "评价年度", "is no year"),
        ("environment-grades", {"企业环境信用等级": "紫"}, "企业环境信用等级", "give one of 绿、蓝、黄、红"),
        ("labour-grades", {"统一社会信用代码": "12440700YY00000601"}, None, ""),
        ("road-grades", {"统一社会信用代码": "12440700YY00000601"}, "经营者名称", "no subjects of the kind"),
        ("abnormal-operations", {"移出日期": "2018-01-01"}, "移出日期", "before the day it began"),
        ("lawyers", {"执业状态": "不详"}, "执业状态", "is no word of state of a certificate"),
    ],
)
def test_what_a_validator_refuses(
    tmp_path: Path, code: str, changes: dict[str, str], column: str | None, reason: str
) -> None:
    if column is None:
        assert entry(code, tmp_path, **changes)
        return
    found = refused(code, tmp_path, **changes)
    assert found[0] == column and reason in found[1], found


def test_a_new_item_needs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / "welfare.toml").write_text(WELFARE, encoding="utf-8")
    monkeypatch.setenv("CREDITGRAPH_CATALOG", str(folder))
    assert main(["catalog", "list"]) == 0
    assert "welfare-awards 1 · 慈善表彰 / charity awards · python -m loaders welfare" in capsys.readouterr().out
    assert main(["catalog", "template", "welfare-awards", str(tmp_path / "template.xlsx")]) == 0
    assert main(["catalog", "template", "welfare-awards", str(tmp_path / "template.xlsx")]) == 2  # never overwritten
    path = written(tmp_path, [AWARD, {**AWARD, "表彰文号": "江" * 21}])
    capsys.readouterr()
    assert main(["welfare", str(path), "--dry-run"]) == 1
    assert "read 2 = accepted 1 + quarantined 1" in capsys.readouterr().out
    (source,) = [each for each in sources(read(folder, shipped())) if each.name == "welfare"]
    found = tabular.read(source, path)[0]
    assert isinstance(found, Entry) and [each.kind for each in found.nodes] == ["AWARD", "ENTERPRISE"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('key = "decidedOn"', 'key = "decidedOnn"', "welfare-awards: decidedOnn: 不对应任何内容 / fills nothing"),
        ('providers = ["江门市民政局"]', 'providers = ["火星局"]', "unknown department: 火星局"),
        ('kind = "AWARD"', 'kind = "LIST_ENTRY"', "list: 须为固定值或必填项"),
        ('kind = "AWARD"', 'kind = "GRADE"', "scheme: 须为固定值或必填项"),
        ('key = ["documentNumber"]', 'key = ["number"]', "number: 没有这个数据项"),
        ('type = "DAY"', 'type = "TEXT"', "decidedOn: 应为 / must be DATE"),
        ('type = "DAY"', 'type = "DAYS"', "welfare.toml"),
        ('name = "表彰文号"', 'name = "表彰日期"', "decidedOn: 列名“表彰日期”与 documentNumber 相同"),
        ('source = "welfare"', 'source = "double-publicity"', "takes no new items"),
        ('code = "welfare-awards"', 'code = "lawyers"', "is defined already"),
        ("[[item.record]]", "[[item.records]]", "welfare.toml"),
        (WELFARE[WELFARE.index("[[item.record]]") :], "", "say what a row becomes"),
        ("cycle =", "cycle", "welfare.toml"),
    ],
)
def test_an_item_that_cannot_be_right_is_refused_by_name(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in WELFARE
    (tmp_path / "welfare.toml").write_text(WELFARE.replace(before, after), encoding="utf-8")
    with pytest.raises(CatalogError) as found:
        read(tmp_path, shipped())
    assert told in str(found.value), str(found.value)


def test_a_broken_catalogue_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDITGRAPH_CATALOG", str(tmp_path))
    assert main(["catalog", "list"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
