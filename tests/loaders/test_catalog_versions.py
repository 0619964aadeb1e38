"""What a file was read by is kept, version by version, and how two versions differ is said in words."""

from __future__ import annotations

import asyncio
import shutil
from argparse import Namespace
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from graph.progress import SilentProgress
from graph.store import items, submissions
from graph.store.address import Address
from graph.store.connection import Database
from graph.store.submissions import Submission
from loaders.__main__ import main
from loaders.catalog.described import described, version_of
from loaders.catalog.reading import FOLDER, read, shipped
from loaders.source import Run
from tests.conftest import BEGINNING, PERSON_KEY, empty
from tests.loaders.tabular import DOUBLE_PUBLICITY, PENALTY_2018, PERMIT_2018, written

ADDRESS = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")
CHANGES = (
    ('version = "2018"', 'version = "2019"', "版本 / version: 2018 → 2019"),
    (
        'cycle = "SEVEN_WORKING_DAYS"',
        'cycle = "DAILY"',
        "更新周期 / update cycle: 七个工作日内 → 每日 / within 7 working days → daily",
    ),
    ("length = 128", "length = 64", "数据项“行政处罚决定书文号” / element number: 长度 / length: 128 → 64"),
    (
        'name = "违法事实", type = "TEXT", code = "CF_SY", length = 5000, required = "EXPECTED"',
        'name = "违法事实", type = "TEXT", code = "CF_SY", length = 5000, required = "ALWAYS"',
        "数据项“违法事实” / element facts: 要求 / need: 应填 → 必填 / expected → required",
    ),
    (
        'confidence = "SECONDARY"',
        'confidence = "VERIFIED"',
        "可信度 / confidence: 二手来源 → 已核对条文 / secondary → verified",
    ),
    (
        'aliases = ["罚款金额"]',
        'aliases = ["罚金"]',
        "数据项“处罚金额(万元)” / element fine: "
        "别名 / other names: 去掉罚款金额、加上罚金 / without 罚款金额, also 罚金",
    ),
)
KEPT = """
MATCH (s:SubmissionBatch)-[:READ_BY]->(i:CatalogItem)
RETURN s.file AS file, i.code AS code, i.id AS id,
  COLLECT { MATCH (i)-[h:HAS_ELEMENT]->(e:DataElement) RETURN [h.position, e.key, e.type] ORDER BY h.position } AS held
ORDER BY file"""


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The catalogue in a folder of its own, ready to be altered."""
    folder = tmp_path / "items"
    shutil.copytree(FOLDER, folder)
    return folder


def alter(folder: Path, *changes: tuple[str, str]) -> None:
    path = folder / "double-publicity-2018.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_every_change_of_an_item_is_a_line_in_both_languages(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "diff", "penalty-2018", str(changed)]) == 0
    assert capsys.readouterr().out == "没有差别 / no difference\n"
    alter(changed, *((old, new) for old, new, _ in CHANGES))
    assert main(["catalog", "diff", "penalty-2018", str(changed)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert sorted(said) == sorted(f"penalty-2018 → penalty-2018: ~ {told}" for _, _, told in CHANGES)


def test_columns_words_and_items_that_come_and_go_are_said(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remark = '  { key = "remark", name = "备注", type = "UNKEPT", code = "BZ" },\n'
    alter(changed, (remark, '  { key = "note", name = "附注", type = "TEXT", length = 20 },\n'))
    enumerations = changed / "enumerations.toml"
    text = enumerations.read_text(encoding="utf-8")
    assert '"普通"' in text
    enumerations.write_text(text.replace('"普通"', '"一般"', 1), encoding="utf-8")
    (changed / "projects.toml").unlink()
    assert main(["catalog", "diff", str(FOLDER), str(changed)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "permit-2018: - 数据项“备注” / element remark: 取消 / gone" in said
    new = "新增 / new: 文本、至多20字、选填 / text, at most 20 characters, optional"
    assert f"permit-2018: + 数据项“附注” / element note: {new}" in said
    assert "permit-2018: ~ 数据项“许可类别” / element kind: 不再接受“普通” / “普通” is no word of it any more" in said
    assert "permit-2018: ~ 数据项“许可类别” / element kind: 接受“一般” → ORDINARY / “一般” is accepted" in said
    assert "construction-projects: - 取消目录项 / the item is gone" in said
    assert [each for each in said if each.startswith("tax-grades")] == []


def test_what_cannot_be_compared_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "diff", "penalty-2018", "penalty-1949"]) == 2
    assert "no item “penalty-1949”: see catalog list" in capsys.readouterr().err


def test_an_item_that_says_the_same_is_the_same_version(changed: Path) -> None:
    again = read(changed).items
    assert {version_of(each) for each in again.values()} == {version_of(each) for each in shipped().items.values()}
    assert len({version_of(each).id for each in again.values()}) == len(again)
    alter(changed, CHANGES[2][:2])
    assert version_of(read(changed).items["penalty-2018"]).id != version_of(shipped().items["penalty-2018"]).id


@pytest.mark.anyio
async def test_a_receipt_points_to_the_version_its_file_was_read_by(database: Database, tmp_path: Path) -> None:
    run = Run(Namespace(again=False, item=None), PERSON_KEY, tmp_path, SilentProgress())
    for name, row in (("a.csv", PENALTY_2018), ("b.csv", PERMIT_2018), ("c.csv", {**PENALTY_2018, "处罚内容": "警告"})):
        await DOUBLE_PUBLICITY.load(database, written(tmp_path, [row], name), run)
    versions = {code: version_of(shipped().items[code]) for code in ("penalty-2018", "permit-2018")}
    found = await database.read(KEPT, {})
    assert [(each["file"], each["code"], each["id"]) for each in found] == [
        ("a.csv", "penalty-2018", versions["penalty-2018"].id),
        ("b.csv", "permit-2018", versions["permit-2018"].id),
        ("c.csv", "penalty-2018", versions["penalty-2018"].id),
    ]
    assert found[0]["held"] == [
        [place, each.key, each.type] for place, each in enumerate(shipped().items["penalty-2018"].elements)
    ]
    kept = await items.versions(database, "penalty-2018", 9)
    assert [(each.id, each.version, each.files) for each in kept] == [(versions["penalty-2018"].id, "2018", 2)]
    said = await items.text(database, kept[0].id)
    assert said is not None and orjson.loads(said) == described(shipped().items["penalty-2018"])
    assert await items.text(database, "item_0") is None


def test_the_versions_of_a_graph_are_listed_and_compared(
    server: Address, changed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alter(changed, CHANGES[2][:2])
    before, after = version_of(read(changed).items["penalty-2018"]), version_of(shipped().items["penalty-2018"])

    async def hand_in() -> None:
        database = Database(lambda: server)
        try:
            await empty(database)
            for number, version in enumerate((before, after, after)):
                told = (f"{number}.csv", "", version.code, version.version, "", 1, 1, 0, 0)
                receipt = Submission(f"sub_{number}", "double-publicity", *told)
                await submissions.record(database, receipt, version, now=BEGINNING + timedelta(days=number + 1))
        finally:
            await database.close()

    asyncio.run(hand_in())
    for variable, value in zip(ADDRESS, astuple(server), strict=True):
        monkeypatch.setenv(variable, value)
    assert main(["catalog", "versions", "penalty-2018"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"penalty-2018 2018  {before.id}  2000-01-02T00:00:00.000000+08:00  报送 1 次 / 1 files",
        f"penalty-2018 2018  {after.id}  2000-01-03T00:00:00.000000+08:00  报送 2 次 / 2 files · 现行 / in force",
    ]
    assert main(["catalog", "versions", "permit-2018"]) == 0
    assert capsys.readouterr().out == "图中没有版本 / the graph holds none: nothing was read by an item yet\n"
    assert main(["catalog", "diff", before.id, after.id]) == 1
    assert capsys.readouterr().out == (
        "penalty-2018 → penalty-2018: ~ 数据项“行政处罚决定书文号” / element number: 长度 / length: 64 → 128\n"
    )
    assert main(["catalog", "diff", after.id, "penalty-2018"]) == 0
    assert main(["catalog", "diff", "item_0", "penalty-2018"]) == 2
    assert "no version “item_0” here" in capsys.readouterr().err
