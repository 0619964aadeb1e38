"""No article is cited for days before it stood: a basis younger than its version says from when it carries it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.periods import parse_day
from graph.publication import PolicyError
from graph.rules.basis import Basis, edition
from graph.rules.compare import differences
from graph.rules.pack import FOLDER, NAMES, PackError, load, parse, read
from graph.rules.rule import Rule

LAW = "中华人民共和国"
BEGAN = {  # of documents whose name bears no year: the first day of the edition that was read
    "1994-01-01": [f"{LAW}注册会计师法", f"{LAW}教师法"],
    "1995-07-01": [f"{LAW}商业银行法"],
    "1995-12-12": ["教师资格条例"],
    "2000-01-01": [f"{LAW}招标投标法"],
    "2000-01-30": ["建设工程质量管理条例"],
    "2001-05-01": [f"{LAW}税收征收管理法"],
    "2001-08-02": ["印刷业管理条例"],
    "2002-02-01": ["出版管理条例", "音像制品管理条例"],
    "2002-11-15": ["互联网上网服务营业场所管理条例"],
    "2003-01-01": [f"{LAW}政府采购法"],
    "2003-09-01": [f"{LAW}中外合作办学条例"],
    "2004-02-01": ["建设工程安全生产管理条例"],
    "2004-11-01": ["兽药管理条例"],
    "2005-09-01": ["营业性演出管理条例"],
    "2006-03-01": ["娱乐场所管理条例"],
    "2007-06-01": [f"{LAW}企业破产法", "生产安全事故报告和调查处理条例"],
    "2008-06-01": [f"{LAW}律师法"],
    "2009-05-01": ["旅行社条例", f"{LAW}企业国有资产法"],
    "2009-10-01": [f"{LAW}保险法"],
    "2010-10-01": ["最高人民法院关于限制被执行人高消费的若干规定"],
    "2012-02-01": [f"{LAW}招标投标法实施条例"],
    "2012-05-01": ["饲料和饲料添加剂管理条例"],
    "2013-10-01": [f"{LAW}旅游法"],
    "2014-08-13": ["OFAC Revised Guidance on Entities Owned by Persons Whose Property Is Blocked"],
    "2015-03-01": [f"{LAW}政府采购法实施条例"],
    "2015-10-01": [f"{LAW}食品安全法"],
    "2016-09-01": [f"{LAW}慈善法"],
    "2016-12-01": [f"{LAW}资产评估法"],
    "2017-03-01": [f"{LAW}电影产业促进法", "关于对海关失信企业实施联合惩戒的合作备忘录"],
    "2017-04-01": ["关于对涉金融严重失信人实施联合惩戒的合作备忘录"],
    "2017-06-01": ["农药管理条例"],
    "2017-12-26": ["食盐专营办法"],
    "2018-12-29": [f"{LAW}环境影响评价法"],
    "2019-01-01": [f"{LAW}土壤污染防治法"],
    "2019-06-01": [f"{LAW}公务员法"],
    "2019-12-01": [f"{LAW}药品管理法", f"{LAW}疫苗管理法"],
    "2020-03-01": [f"{LAW}证券法"],
    "2020-05-01": ["保障农民工工资支付条例"],
    "2021-01-01": ["化妆品监督管理条例"],
    "2021-04-29": [f"{LAW}消防法"],
    "2021-05-01": [f"{LAW}动物防疫法", "医疗保障基金使用监督管理条例"],
    "2021-06-01": ["医疗器械监督管理条例"],
    "2021-07-15": [f"{LAW}行政处罚法"],
    "2021-08-01": ["生猪屠宰管理条例"],
    "2021-09-01": [f"{LAW}安全生产法", f"{LAW}民办教育促进法实施条例"],
    "2021-11-01": [f"{LAW}个人信息保护法"],
    "2022-01-01": [
        f"{LAW}科学技术进步法",
        "拖欠农民工工资失信联合惩戒对象名单管理暂行办法(人社部令第45号)",
    ],
    "2022-02-01": ["重大税收违法失信主体信息公布管理办法(国家税务总局令第54号)"],
    "2022-03-01": [f"{LAW}种子法", f"{LAW}市场主体登记管理条例", f"{LAW}医师法"],
    "2022-08-01": [f"{LAW}期货和衍生品法"],
    "2023-01-01": [f"{LAW}农产品质量安全法"],
    "2024-05-01": ["碳排放权交易管理暂行条例"],
}
FIRST = {document: day for day, documents in BEGAN.items() for document in documents}


def cited() -> Iterator[tuple[Rule, Basis]]:
    for name in NAMES:
        for rule in load(name).rules:
            for basis in rule.basis:
                yield rule, basis


def test_of_every_document_it_is_known_when_it_began() -> None:
    assert {basis.document for _, basis in cited() if edition(basis.document) is None} == set(FIRST)


def test_no_basis_is_younger_than_its_version_unless_it_says_from_when() -> None:
    young = set()
    for rule, basis in cited():
        assert rule.validity.start is not None
        since = basis.validity.start
        if (day := FIRST.get(basis.document)) is not None:
            younger, told = day > str(rule.validity.start), str(since) == day
        else:
            year = edition(basis.document)
            assert year is not None
            younger, told = year > rule.validity.start.first.year, since is not None and since.first.year >= year
        if younger and not told:
            young.add((rule.name, rule.version, basis.document))
    assert young == set()


def test_a_version_with_a_measure_stands_on_something_from_its_first_day_on() -> None:
    bare = set()
    for name in NAMES:
        for rule in load(name).rules:
            assert rule.validity.start is not None
            changes = [each.validity.end.first for each in rule.basis if each.validity.end is not None]
            days = [rule.validity.start.first, *changes]
            if rule.measure is not None and not all(standing(rule, day) for day in days):
                bare.add((rule.name, rule.version))
    assert bare == set()


def standing(rule: Rule, day: date) -> list[str]:
    return [f"{each.document[-8:]}{each.article}" for each in rule.basis if each.validity.contains(day)]


@pytest.mark.parametrize(
    ("day", "articles"),
    [
        ("2009-01-01", ["第三十七条", "第三十八条", "第二百三十一条"]),
        ("2012-12-31", ["第三十七条", "第三十八条", "第二百三十一条"]),
        ("2013-01-01", ["第三十七条", "第三十八条", "第二百五十五条"]),
        ("2020-12-31", ["第三十七条", "第三十八条", "第二百五十五条"]),
        ("2021-01-01", ["第二十四条", "第二十五条", "第二百五十五条"]),
        ("2022-01-01", ["第二十四条", "第二十五条", "第二百六十二条"]),
        ("2023-12-31", ["第二十四条", "第二十五条", "第二百六十二条"]),
        ("2024-01-01", ["第二十四条", "第二十五条", "第二百六十六条"]),
    ],
)
def test_an_exit_ban_is_cited_by_the_numbers_of_its_day(day: str, articles: list[str]) -> None:
    (rule,) = (each for each in load().rules if each.name == "P02")
    on = parse_day(day).first
    assert [each.article for each in rule.basis if each.validity.contains(on)] == articles


def altered(old: str, new: str, file: str = "court.toml") -> str:
    files = json.loads(load().text)
    assert old in files[file]
    return json.dumps({**files, file: files[file].replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'to = "2013-01-01"',
            'to = "2009-01-01"',
            "P02 2009: basis: 中华人民共和国民事诉讼法(2007修正) was not in force",
        ),
        ('to = "2024-01-01"', 'to = "2022-01-01"', "P02 2009: basis: 中华人民共和国民事诉讼法(2021修正) ends before"),
        ('from = "2024-01-01"', 'from = "2024-01-32"', "P02 2009: basis: no such day"),
        ('from = "2024-01-01"', 'since = "2024-01-01"', "P02 2009: rule.2.basis.4.since"),
    ],
)
def test_days_of_a_basis_that_cannot_be_are_refused_with_file_rule_and_field(old: str, new: str, told: str) -> None:
    with pytest.raises(PackError) as refused:
        parse(altered(old, new))
    assert refused.value.message.startswith("court.toml: ")
    assert told in refused.value.message


def test_the_article_that_a_decision_applied_has_no_days() -> None:
    applied = 'article = "第四十条" }]\nmeasure'
    with pytest.raises(PackError) as refused:
        parse(altered(applied, applied.replace(" }", ', to = "2020" }'), "safety.toml"))
    assert "P17.sanction 2007: rule.0.applied.0.to" in refused.value.message


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    """The pack as it was before a basis had days."""
    for each in FOLDER.glob("*.toml"):
        shutil.copy(each, tmp_path / each.name)
    court = tmp_path / "court.toml"
    text = court.read_text(encoding="utf-8")
    court.write_text(text.replace(', from = "2024-01-01"', ""), encoding="utf-8")
    return tmp_path


def test_a_younger_basis_without_its_first_day_is_refused_where_a_pack_is_to_be_used(undated: Path) -> None:
    with pytest.raises(PackError) as refused:
        read(undated)
    assert refused.value.message == (
        "P02 2009: basis: 中华人民共和国民事诉讼法(2023修正) is younger than the version: say its `from`"
    )


def test_a_pack_that_a_graph_has_kept_is_still_read_without_those_days(undated: Path) -> None:
    former = read(undated, former=True)
    assert parse(former.text).rules == former.rules


def test_a_former_pack_may_leave_unsaid_from_which_day_years_count(undated: Path) -> None:
    rules = undated / "agriculture.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace('counts = "START"', ""), encoding="utf-8")
    with pytest.raises(PackError):
        read(undated)
    assert read(undated, former=True).rules == read(undated.rename(undated.with_name("again")), former=True).rules


def test_windows_that_an_earlier_version_wrote_otherwise_make_no_kept_pack_unreadable(undated: Path) -> None:
    windows = undated / "publication.toml"
    windows.write_text(
        windows.read_text(encoding="utf-8") + '\n[[regime]]\nperiods = "of another shape"\n', encoding="utf-8"
    )
    with pytest.raises(PolicyError):
        read(undated)
    former = read(undated, former=True)
    assert (former.windows, len(former.rules)) == (None, len(load().rules))


def test_the_difference_says_when_a_basis_was_in_force(undated: Path) -> None:
    lines = list(differences(read(undated, former=True), load()))
    assert [line.split(":")[0] for line in lines] == [
        "~ P02 2009 NAMED",
        "~ P02.order 2009 ADDRESSED",
        "~ P02.order 2009 NAMED",
    ]
    assert all("(2023修正)第二百六十六条; " in line.split(" → ")[0] for line in lines)
    assert all("(2023修正)第二百六十六条 (2024-01-01 – …); " in line.split(" → ")[1] for line in lines)
