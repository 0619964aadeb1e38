"""What a row of each source wants to be true: parties by number, days, words, and what is only remarked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from graph.changes import NodeDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.identifiers import document_claim
from loaders.entries import Entry, Quarantined
from loaders.tables.command import TabularSource
from tests.loaders.tabular import (
    ACME,
    BETA,
    DOUBLE_PUBLICITY,
    HELD,
    HOLDINGS,
    KEY,
    LI,
    PENALTY_2015,
    PENALTY_2018,
    PERMIT_2015,
    PERMIT_2018,
    POST,
    POSTS,
    REGISTERED,
    REGISTRY,
    SAMR,
    WANG,
    read,
    reasons,
    written,
)

CODE = "行政相对人代码_1（统一社会信用代码）"
LI_KEY = document_claim(KEY, IdentifierScheme.RESIDENT_ID, LI).key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def entry(source: TabularSource, folder: Path, row: Mapping[str, str], **changes: str) -> Entry:
    (found,) = read(source, written(folder, [{**row, **changes}]))
    assert isinstance(found, Entry), found
    return found


def refused(source: TabularSource, folder: Path, row: Mapping[str, str], **changes: str) -> tuple[str | None, str]:
    (found,) = read(source, written(folder, [{**row, **changes}]))
    assert isinstance(found, Quarantined), found
    return found.column, found.reason.en


def values(node: NodeDraft) -> dict[str, object]:
    (said,) = node.versions
    return {**said.untold, **said.values}


def remarks(found: Entry) -> list[str]:
    return [each.en for each in found.remarks]


def test_a_penalty_of_2018(folder: Path) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018)
    record, party, decider, holder = found.nodes
    assert record.kind == "PENALTY" and not record.mention and not record.claims[0].lookup
    assert record.claims[0].value == f"{SAMR}|江市监罚(2018)1号|USCC|{ACME}|"
    assert values(record) == {
        "documentNumber": "江市监罚〔2018〕1号",
        "decidedOn": "2018-06-01",
        "publishedTo": "2019-06-01",  # 公示截止期 is the last day
        "reason": "经营超过保质期的食品",
        "facts": "经营超过保质期的食品",
        "content": "罚款50000元",
        "state": "ACTIVE",
        "types": ("CONFISCATION", "FINE"),
        "fine": 5_000_000,
        "confiscated": 120_000,
        "basisDocuments": ("中华人民共和国食品安全法",),
        "basisArticles": ("第一百二十四条第一款",),
    }
    assert (party.kind, party.mention, values(party)) == ("ENTERPRISE", True, {"name": "江门甲食品有限公司"})
    assert (decider.kind, decider.department, decider.claims[0].value) == ("GOVERNMENT_BODY", True, SAMR)
    assert (holder.kind, holder.claims[0].key, values(holder)) == (
        "PERSON",
        LI_KEY,
        {"name": "李某", "adultOn": "1918-01-01"},
    )
    assert [(each.kind, str(each.period.start), str(each.period.end)) for each in found.relations] == [
        (RelationKind.ABOUT, "None", "None"),
        (RelationKind.ISSUED_BY, "None", "None"),
        (RelationKind.LEGAL_REPRESENTATIVE_OF, "2018-06-01", "2018-06-02"),  # the day the row speaks of
    ]
    assert found.remarks == ()


def test_a_permit_of_2018(folder: Path) -> None:
    record = entry(DOUBLE_PUBLICITY, folder, PERMIT_2018).nodes[0]
    assert record.kind == "PERMIT"
    assert values(record) == {
        "documentNumber": "江食药许〔2018〕2号",
        "decidedOn": "2018-03-01",
        "from": "2018-03-01",
        "to": "2023-03-01",
        "reason": "准予许可决定书",
        "content": "食品销售",
        "state": "ACTIVE",
        "permitKind": "ORDINARY",
        "certificate": "食品经营许可证 JY14407030000001",
    }


def test_a_penalty_of_2015(folder: Path) -> None:
    record, party, decider, holder = entry(DOUBLE_PUBLICITY, folder, PENALTY_2015).nodes
    assert values(record) == {
        "documentNumber": "江工商处字〔2015〕3号",
        "decidedOn": "2015-11-02",
        "reason": "虚假宣传",
        "facts": "发布虚假广告",
        "content": "罚款1万元",
        "state": "ACTIVE",
        "types": ("FINE", "WARNING"),
        "basisDocuments": ("中华人民共和国广告法",),
        "basisArticles": ("第五十五条",),
    }
    assert [claim.scheme for claim in party.claims] == ["USCC", "REGISTRATION_NUMBER", "ORGANISATION_CODE"]
    assert (decider.claims[0].value, decider.claims[0].lookup) == ("江门市工商行政管理局", False)
    assert holder.claims[0].value == f"USCC|{ACME}||李某"  # one node per organisation and name


def test_a_permit_of_2015(folder: Path) -> None:
    record = entry(DOUBLE_PUBLICITY, folder, PERMIT_2015).nodes[0]
    assert values(record) == {
        "documentNumber": "江建许〔2015〕4号",
        "decidedOn": "2015-12-01",
        "reason": "施工许可",
        "content": "准予施工",
        "state": "ACTIVE",
        "permitKind": "APPROVAL",
        "certificate": "X-1",
    }


@pytest.mark.parametrize(
    ("row", "cell", "state"),
    [
        (PENALTY_2015, "1", "REVOKED"),
        (PERMIT_2015, "1", "REVOKED"),
        (PERMIT_2018, "1", "ACTIVE"),
        (PERMIT_2018, "0", "EXPIRED"),
        (PENALTY_2015, "0.0", "ACTIVE"),
        (PENALTY_2015, "2", "ACTIVE"),
        (PERMIT_2018, "无效", "EXPIRED"),
    ],
)
def test_the_state_has_two_tables(folder: Path, row: Mapping[str, str], cell: str, state: str) -> None:
    assert values(entry(DOUBLE_PUBLICITY, folder, row, 当前状态=cell).nodes[0])["state"] == state


def test_an_unknown_state_is_not_guessed(folder: Path) -> None:
    assert refused(DOUBLE_PUBLICITY, folder, PENALTY_2015, 当前状态="7") == (
        *("当前状态", "“7” is no word of state, edition of 2015; give one of 0、1、2、3"),
    )


def test_what_is_not_for_the_public_has_an_empty_window(folder: Path) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PERMIT_2015, 信息使用范围="2")
    assert {values(found.nodes[0])[name] for name in ("publishedFrom", "publishedTo")} == {"2015-12-01"}


@pytest.mark.parametrize(
    ("cell", "types"),
    [
        ("警告", ("WARNING",)),
        ("罚款；没收违法所得、没收非法财物", ("CONFISCATION", "FINE")),
        ("吊销许可证件(执照)", ("LICENCE_REVOKED",)),
        ("责令停产停业，限制从业", ("BUSINESS_SUSPENDED", "OCCUPATION_BANNED")),
        ("其他-责令改正", ("OTHER",)),
        ("行政拘留;通报批评", ("CRITICISM", "DETENTION")),
    ],
)
def test_penalty_types(folder: Path, cell: str, types: tuple[str, ...]) -> None:
    assert values(entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚类别=cell).nodes[0])["types"] == types


@pytest.mark.parametrize(
    ("content", "types"),
    [
        ("吊销食品经营许可证", ("LICENCE_REVOKED",)),
        ("暂扣许可证3个月", ("LICENCE_SUSPENDED",)),
        ("见决定书", ("OTHER",)),
    ],
)
def test_suspended_or_revoked_is_decided_by_the_text_or_not_at_all(
    folder: Path, content: str, types: tuple[str, ...]
) -> None:
    found = entry(
        DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚类别="暂扣或者吊销许可证、暂扣或者吊销执照", 处罚内容=content
    )
    assert values(found.nodes[0])["types"] == types


@pytest.mark.parametrize(
    ("cell", "content", "types"),
    [
        ("暂扣许可证件、降低资质等级、吊销许可证件", "暂扣安全生产许可证30日", ("LICENCE_SUSPENDED",)),
        ("暂扣许可证件、降低资质等级、吊销许可证件", "见决定书", ("OTHER",)),
        ("限制开展生产经营活动、责令停产停业、责令关闭、限制从业", "责令停产停业整顿", ("BUSINESS_SUSPENDED",)),
        (
            "罚款;限制开展生产经营活动，责令停产停业，责令关闭，限制从业",
            "罚款1万元,责令关闭",
            ("CLOSURE_ORDERED", "FINE"),
        ),
        ("责令停产停业;吊销许可证件", "责令停产停业,吊销许可证", ("BUSINESS_SUSPENDED", "LICENCE_REVOKED")),
    ],
)
def test_a_class_of_the_statute_imposes_no_more_than_the_text_says(
    folder: Path, cell: str, content: str, types: tuple[str, ...]
) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚类别=cell, 处罚内容=content)
    assert values(found.nodes[0])["types"] == types


def test_the_licence_is_what_the_cell_names_and_nothing_else(folder: Path) -> None:
    for cell, licence, sector in (
        ("营业执照 440703000000001", "BUSINESS", None),
        ("食品经营许可证 JY1", "FOOD", "FOOD"),
        ("某某证", None, None),
    ):
        found = values(entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 暂扣或吊销证照名称及编号=cell).nodes[0])
        assert (found.get("licence"), found.get("sector")) == (licence, sector)


def test_an_amount_ten_thousand_times_too_large_is_kept_and_said(folder: Path) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **{"处罚金额（万元）": "50000"})
    assert values(found.nodes[0])["fine"] == 50_000_000_000
    assert ["factor of 10,000" in each for each in remarks(found)] == [True]


def test_the_unit_of_a_header_counts(folder: Path) -> None:
    row = {name.replace("处罚金额（万元）", "罚款金额(元)"): cell for name, cell in PENALTY_2018.items()}
    assert values(entry(DOUBLE_PUBLICITY, folder, {**row, "罚款金额(元)": "50000"}).nodes[0])["fine"] == 5_000_000


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2018-06-01",
            "江市监罚〔2018〕1号",
            "江门市蓬江区建设路12号",
            "(原工商局)",
            "行政执法管理系统",
            "— —",
            "440700",
        )
    ],
)
def test_an_authority_that_is_none_gives_way_to_the_reporting_unit(folder: Path, cell: str) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚机关=cell)
    assert values(found.nodes[2]) == {"name": "江门市市场监督管理局"}
    assert ["reporting unit" in each for each in remarks(found)] == [True]
    column, reason = refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚机关=cell, 数据来源单位="")
    assert column == "处罚机关" and "give the name of the deciding body" in reason


def test_a_code_of_another_kind_does_not_identify_a_department(folder: Path) -> None:
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚机关统一社会信用代码=ACME)
    assert (found.nodes[2].claims[0].value, len(found.remarks)) == ("江门市市场监督管理局", 1)


def test_persons_are_parties_by_document_or_of_this_decision_alone(folder: Path) -> None:
    known = {CODE: "", "法定代表人": "", "法定代表人身份证号": "", "行政相对人名称": "李某"}
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **known, 证件类型="身份证", 证件号码=LI)
    assert (found.nodes[1].kind, found.nodes[1].claims[0].key) == ("PERSON", LI_KEY)
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **known, 证件号码="440785********0010")
    assert (found.nodes[1].kind, found.nodes[1].claims[0].value) == ("PERSON", f"{SAMR}|江市监罚(2018)1号|李某")
    other = {"行政处罚决定书文号": "江市监罚〔2018〕9号"}
    again = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **known, **other, 证件号码="440785********0010")
    assert again.nodes[1].ref != found.nodes[1].ref
    sole = entry(DOUBLE_PUBLICITY, folder, {"行政相对人类别": "个体工商户", **PENALTY_2018}, **known)
    assert sole.nodes[1].kind == "ENTERPRISE" and not sole.nodes[1].claims[0].lookup


def test_an_organisation_without_any_number_is_sent_back(folder: Path) -> None:
    column, reason = refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, **{CODE: "— —"})
    assert (column, "names are never matched" in reason) == (CODE, True)
    column, reason = refused(
        DOUBLE_PUBLICITY, folder, PENALTY_2018, **{CODE: "", "行政相对人代码_2（工商注册号）": "440700600000018"}
    )
    assert (column, "registration number" in reason) == ("行政相对人代码_2（工商注册号）", True)


def test_a_masked_number_of_the_representative_makes_no_person_of_the_party(folder: Path) -> None:
    nobody = {CODE: "", "法定代表人身份证号": "440785********0010"}
    column, reason = refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, **nobody)
    assert (column, "names are never matched" in reason) == (CODE, True)


@pytest.mark.parametrize("document", [{"证件号码": LI}, {"证件类型": "身份证"}, {"证件号码": "440785********0010"}])
def test_a_document_beside_a_representative_makes_no_person_of_a_firm(
    folder: Path, document: Mapping[str, str]
) -> None:
    firm = {CODE: "", "法定代表人身份证号": "", **document}
    column, reason = refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, **firm)
    assert (column, "whose document this is cannot be told" in reason) == (CODE, True)
    himself = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **firm, 法定代表人="江门甲食品有限公司")
    assert himself.nodes[1].kind == "PERSON"


def test_a_wrong_document_number_says_what_to_do(folder: Path) -> None:
    wrong = LI[:-1] + "9"
    person = {CODE: "", "法定代表人": "", "证件类型": "身份证", "证件号码": wrong}
    told = [
        refused(POSTS, folder, POST, 证件类型="身份证", 证件号码=wrong),
        refused(HOLDINGS, folder, HELD, 股东类型="自然人", 证件类型="身份证", 股东证件号码=wrong),
        refused(REGISTRY, folder, REGISTERED, 法定代表人证件类型="身份证", 法定代表人证件号码=wrong),
        refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, **person),
    ]
    assert [reason for _, reason in told] == [
        "the check character of the resident ID number does not match: check it against the document"
    ] * 4


def test_older_numbers_identify_and_lead_to_the_same_firm(folder: Path) -> None:
    numbers = {CODE: "", "行政相对人代码_3（组织机构代码）": "YY000001-X"}
    old = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **numbers).nodes[1]
    new = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018).nodes[1]
    assert {claim.key for claim in old.claims} < {claim.key for claim in new.claims}
    for kind, column in (
        ("PUBLIC_INSTITUTION", "5（事业单位证书号）"),
        ("SOCIAL_ORGANIZATION", "6（社会组织登记证号）"),
    ):
        found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, **{CODE: "", f"行政相对人代码_{column}": "粤江证字第1号"})
        assert found.nodes[1].kind == kind


def test_required_cells_and_expected_cells(folder: Path) -> None:
    column, reason = refused(DOUBLE_PUBLICITY, folder, PENALTY_2018, 处罚决定日期="/")
    assert (column, "fill it in" in reason) == ("处罚决定日期", True)
    found = entry(DOUBLE_PUBLICITY, folder, PENALTY_2018, 违法事实="无", 处罚依据="")
    assert ["the standard requires it" in each for each in remarks(found)] == [True, True]


def test_an_end_before_its_beginning_is_sent_back(folder: Path) -> None:
    assert refused(DOUBLE_PUBLICITY, folder, PERMIT_2018, 有效期至="2017-01-01")[0] == "有效期至"


def test_one_document_said_twice_differently_is_sent_back(folder: Path) -> None:
    rows = [PENALTY_2018, PENALTY_2018, {**PENALTY_2018, "处罚金额（万元）": "6"}]
    found = read(DOUBLE_PUBLICITY, written(folder, rows))
    assert [(number, column) for number, column, _ in reasons(found)] == [(4, None)]
    assert "row 2" in reasons(found)[0][2]


def test_a_row_of_the_registry(folder: Path) -> None:
    found = entry(REGISTRY, folder, REGISTERED)
    firm, holder = found.nodes
    assert [claim.key for claim in firm.claims] == [f"USCC|{ACME}|", "ORGANISATION_CODE|YY000001X|"]
    assert not firm.mention and holder.mention
    assert values(firm) == {
        "name": "江门甲食品有限公司",
        "established": "2012-05-01",
        "registeredCapital": 100_000_000,
        "address": "江门市蓬江区某路1号",
        "region": "440700",
        "form": "LIMITED_COMPANY",
    }
    assert holder.claims[0].value == f"USCC|{ACME}||李某"


@pytest.mark.parametrize(
    ("cell", "region"),
    [
        ("江门", "440700"),
        ("江门市", "440700"),
        ("蓬江区", "440703"),
        ("广东省江门市新会区", "440705"),
        ("台山", "440781"),
        ("440785", "440785"),
        ("440785.0", "440785"),
        ("火星", "440000"),
    ],
)
def test_regions_by_name_or_code(folder: Path, cell: str, region: str) -> None:
    assert values(entry(REGISTRY, folder, REGISTERED, 地区=cell).nodes[0])["region"] == region


def test_the_dirt_of_a_registry(folder: Path) -> None:
    found = entry(REGISTRY, folder, REGISTERED, 注册资金="10万美元", 法人代表="N/A", 企业类型="奇特类型")
    assert (len(found.nodes), found.relations, values(found.nodes[0])["form"]) == (1, (), "OTHER")
    assert "registeredCapital" not in values(found.nodes[0]) and len(found.remarks) == 2
    found = entry(REGISTRY, folder, REGISTERED, 企业名称="江门(甲) 有限公司", 法人代表="John SMITH(约翰)")
    assert [values(each)["name"] for each in found.nodes] == ["江门（甲）有限公司", "John SMITH（约翰）"]
    assert refused(REGISTRY, folder, REGISTERED, 统一社会信用代码="N/A")[0] == "统一社会信用代码"


def test_only_legal_persons_have_a_legal_representative(folder: Path) -> None:
    def offices(**changes: str) -> list[str]:
        return [each.kind for each in entry(REGISTRY, folder, {**REGISTERED, "负责人": ""}, **changes).relations]

    assert offices() == ["LEGAL_REPRESENTATIVE_OF"]
    assert offices(企业类型="有限责任公司分公司") == ["PRINCIPAL_OF"]
    assert offices(统一社会信用代码="92440705YY0000036G", 企业类型="") == ["PRINCIPAL_OF"]
    assert offices(负责人="王某") == ["LEGAL_REPRESENTATIVE_OF", "PRINCIPAL_OF"]
    assert len(entry(REGISTRY, folder, {**REGISTERED, "负责人": "李某"}).nodes) == 2


def test_kinds_follow_from_the_code(folder: Path) -> None:
    found = entry(REGISTRY, folder, REGISTERED, 统一社会信用代码="12440700YY00000601").nodes[0]
    assert found.kind == "PUBLIC_INSTITUTION" and "registeredCapital" not in values(found)


def test_a_holding(folder: Path) -> None:
    found = entry(HOLDINGS, folder, HELD)
    holder, owned = found.nodes
    (held,) = found.relations
    assert (holder.claims[0].key, owned.claims[0].key, owned.mention) == (LI_KEY, f"USCC|{ACME}|", True)
    assert dict(held.values) == {"share": 60_000_000, "capital": 60_000_000}
    assert (held.key, str(held.period.start)) == (f"HOLDS|{LI_KEY}|USCC|{ACME}||2012-05-01", "2012-05-01")
    assert LI not in str(found)


def test_holders_of_every_kind(folder: Path) -> None:
    firm = entry(HOLDINGS, folder, HELD, 股东名称="江门乙有限公司", 股东类型="企业法人", 股东证件号码=BETA).nodes[0]
    assert (firm.kind, firm.claims[0].value) == ("ENTERPRISE", BETA)
    nameless = entry(HOLDINGS, folder, HELD, 股东证件号码="").nodes[0]
    assert nameless.claims[0].value == f"USCC|{ACME}||李某"
    _, reason = refused(HOLDINGS, folder, HELD, 股东类型="企业法人", 股东证件号码="")
    assert "names are never matched" in reason
    column, reason = refused(HOLDINGS, folder, HELD, 被投资企业统一社会信用代码="")
    assert (column, "names are never matched" in reason) == ("被投资企业统一社会信用代码", True)


def test_a_plain_code_belongs_to_the_party_before_it(folder: Path) -> None:
    row = {"股东名称": "江门乙有限公司", "统一社会信用代码": BETA, "被投资企业": "江门甲食品有限公司"}
    _, reason = refused(HOLDINGS, folder, {**row, "持股比例(%)": "60"})
    assert "names are never matched" in reason
    owned = {"被投资企业": "江门甲食品有限公司", "统一社会信用代码": ACME, "股东名称": "李某", "股东证件号码": LI}
    assert [each.claims[0].key for each in entry(HOLDINGS, folder, owned).nodes] == [LI_KEY, f"USCC|{ACME}|"]


def test_shares_of_a_file_are_percent_or_fractions_together(folder: Path) -> None:
    def shares(*cells: str) -> list[object]:
        rows = [
            {**HELD, "持股比例(%)": cell, "股东名称": f"股东{n}", "股东证件号码": ""} for n, cell in enumerate(cells)
        ]
        return [
            each.relations[0].values["share"]
            for each in read(HOLDINGS, written(folder, rows))
            if isinstance(each, Entry)
        ]

    assert shares("0.6", "0.4") == [60_000_000, 40_000_000]
    assert shares("99.5", "0.5") == [99_500_000, 500_000]
    assert shares("0.5%", "0.5") == [500_000, 500_000]


def test_a_post_for_every_word(folder: Path) -> None:
    found = entry(POSTS, folder, POST)
    assert [(each.kind, each.values.get("post"), str(each.period.end)) for each in found.relations] == [
        (RelationKind.SERVES_AS, "DIRECTOR", "2019-03-01"),
        (RelationKind.SERVES_AS, "MANAGER", "2019-03-01"),
        (RelationKind.LEGAL_REPRESENTATIVE_OF, None, "2019-03-01"),
    ]
    assert [each.mention for each in found.nodes] == [False, True]
    column, reason = refused(POSTS, folder, POST, 职务="董事/吉祥物")
    assert (column, "吉祥物" in reason) == ("职务", True)


def test_two_names_for_one_document_keep_the_first(folder: Path) -> None:
    first, second = read(POSTS, written(folder, [POST, {**POST, "姓名": "李谋", "职务": "监事"}]))
    assert isinstance(first, Entry) and isinstance(second, Entry)
    assert (first.nodes[0].mention, second.nodes[0].mention, len(second.remarks)) == (False, True, 1)


def test_namesakes_stay_apart(folder: Path) -> None:
    rows = [
        {**POST, "证件类型": "", "证件号码": ""},
        {**POST, "证件类型": "", "证件号码": "", "统一社会信用代码": BETA},
    ]
    found = [each.nodes[0].ref for each in read(POSTS, written(folder, rows)) if isinstance(each, Entry)]
    assert len(set(found)) == 2
    assert entry(POSTS, folder, POST, 证件号码=WANG).nodes[0].ref not in found
