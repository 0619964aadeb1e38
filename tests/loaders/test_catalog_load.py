"""Items of the catalogue on a real Neo4j: loaded twice, corrected, and what the law makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.codes import CheckOutcome
from graph.store.connection import Database
from tests.loaders.catalogued import CATALOGUED, FIRM, ITEMS, SOURCE_OF
from tests.loaders.tabular import ACME, LI, POST, POSTS, written
from tests.loaders.test_tabular_load import EVERYTHING, counts, load, totals, version
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

CHECK = """
query Check($id: ID!, $asOf: Date!) {
  check(subject: $id, asOf: $asOf) {
    outcome
    measures { rule { id } certainty from until party { name } }
    considered { rule { id } failed party { name } }
  }
}"""
REACH = """
query Reach($id: ID!, $asOf: Date!) {
  reach(record: $id, asOf: $asOf) {
    measures { rule { id } certainty party { name } }
    considered { rule { id } failed party { name } }
  }
}"""
ENTRY = "MATCH (entry:ListEntry) RETURN entry.id AS id, entry.list AS list, entry.liftedOn AS lifted"
PROJECT = """
MATCH (firm:Subject)-[relation]->(project:Project)
RETURN firm.name AS firm, type(relation) AS type, project.name AS project, relation.from AS from, relation.to AS to"""


async def test_every_item_twice_writes_once(database: Database, tmp_path: Path) -> None:
    for code, row in ITEMS.items():
        path = written(tmp_path, [row], f"{code}.csv", encoding="gb18030")
        outcome, quarantine = await load(database, SOURCE_OF[code], path, tmp_path)
        assert (code, totals(outcome), quarantine) == (code, (1, 1, 0, 0), None)
    before, shape = await version(database), await counts(database)
    for code in ITEMS:
        outcome, _ = await load(database, SOURCE_OF[code], tmp_path / f"{code}.csv", tmp_path, days=1)
        assert (code, totals(outcome)) == (code, (1, 0, 1, 0))
    assert (await version(database), await counts(database)) == (before, shape)
    everything = repr(await database.read(EVERYTHING, {}))
    assert LI not in everything and "440785********0010" in everything
    assert sorted(
        (each["firm"], each["type"], each["project"], each["from"], each["to"])
        for each in await database.read(PROJECT, {})
    ) == [
        ("江门乙建筑有限公司", "BUILDS", "江门市某学校教学楼工程", "2023-04-01", "2024-04-01"),
        ("江门乙建筑有限公司", "WON", "江门市某学校教学楼工程", "2023-03-10", "9999-12-31"),
    ]


async def test_a_removal_corrects_the_entry_and_makes_no_second_one(database: Database, tmp_path: Path) -> None:
    row = {**ITEMS["abnormal-operations"], "移出日期": "", "移出经营异常名录原因": ""}
    source = SOURCE_OF["abnormal-operations"]
    await load(database, source, written(tmp_path, [row]), tmp_path)
    outcome, _ = await load(database, source, written(tmp_path, [{**row, "移出日期": "2020-01-02"}]), tmp_path, days=1)
    assert totals(outcome) == (1, 1, 0, 0)
    assert [(each["list"], each["lifted"]) for each in await database.read(ENTRY, {})] == [
        ("经营异常名录", "2020-01-02")
    ]


async def test_a_listed_firm_never_passes_its_entry_on_to_its_head(database: Database, tmp_path: Path) -> None:
    """B10.1, and P10 for those whom the notice names."""
    head = {**POST, "职务": "法定代表人", "任职止": ""}
    await load(database, POSTS, written(tmp_path, [head], "posts.csv"), tmp_path)
    debtor = {**ITEMS["dishonest-debtors"], "失信被执行人姓名/名称": FIRM, "身份证号码/组织机构代码": ACME}
    debtor["企业法人/负责人姓名"] = "李某"
    await load(database, CATALOGUED["lists"], written(tmp_path, [debtor], "debtors.csv"), tmp_path)
    asking = Asking(database, tmp_path)
    (listed,) = await database.read(ENTRY, {})
    reached = (await asking.ask(REACH, {"id": listed["id"], "asOf": "2025-06-01"}))["reach"]
    assert reached["measures"] == []
    assert ("M01", "MUST_NOT", "李某") in {
        (each["rule"]["id"], each["failed"], each["party"]["name"]) for each in reached["considered"]
    }
    await load(
        database, CATALOGUED["lists"], written(tmp_path, [ITEMS["major-tax-offenders"]], "tax.csv"), tmp_path, days=1
    )
    checked = (await asking.ask(CHECK, {"id": ACME, "asOf": "2025-06-01"}))["check"]
    assert checked["outcome"] == CheckOutcome.RESTRICTED
    ids = {each["list"]: each["id"] for each in await database.read(ENTRY, {})}
    asked = {"id": ids["重大税收违法失信主体"], "asOf": "2025-06-01"}
    reached = (await asking.ask(REACH, asked))["reach"]
    assert {(each["rule"]["id"], each["certainty"], each["party"]["name"]) for each in reached["measures"]} == {
        ("P10", "NAMED", "李某"),
        ("P10", "NAMED", "王某"),
    }
