"""Tables on a real Neo4j: what a load writes, what a second one leaves alone, how quarantined rows come back."""

from __future__ import annotations

import asyncio
import csv
import stat
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.periods import NEVER, SHANGHAI
from graph.progress import SilentProgress
from graph.store.address import Address
from graph.store.connection import Database
from loaders.__main__ import main
from loaders.source import Run
from loaders.stream import StreamOutcome
from loaders.tables import ledger
from loaders.tables.command import TabularSource
from loaders.tables.layout import QUARANTINE_COLUMNS
from loaders.tables.ledger import open_rows
from tests.conftest import PERSON_KEY
from tests.loaders.tabular import (
    ACME,
    BETA,
    DOUBLE_PUBLICITY,
    HELD,
    HOLDINGS,
    LI,
    PENALTY_2015,
    PENALTY_2018,
    POST,
    POSTS,
    REGISTERED,
    REGISTRY,
    ROWS,
    SAMR,
    Rows,
    workbook,
    written,
)

pytestmark = pytest.mark.anyio

FIRST = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"
COUNTS = """
MATCH (node:Entity) WHERE NOT node:Past WITH count(node) AS nodes
OPTIONAL MATCH (:Entity)-[relation]->(:Entity) WHERE relation.retractedAt = $never
RETURN nodes, count(relation) AS relations"""
BELIEVED = """
MATCH (start:Entity)-[relation]->(end:Entity) WHERE relation.retractedAt = $never
RETURN type(relation) AS type, start.name AS start, end.name AS end, relation.from AS from, relation.to AS to"""
EVERYTHING = """
MATCH (node) WHERE NOT node:Operation
OPTIONAL MATCH (node)-[relation]->()
RETURN collect([properties(node), properties(relation)]) AS everything"""
PUBLIC = "MATCH (record:Record) RETURN record.documentNumber AS number, record.publicFrom AS from, record.fine AS fine"


async def load(
    database: Database, source: TabularSource, path: Path, home: Path, days: int = 0
) -> tuple[StreamOutcome, Path | None]:
    run = Run(options=Namespace(), person_key=PERSON_KEY, home=home, progress=SilentProgress())
    outcome, quarantine, _ = await source.load_file(database, path, run, FIRST + timedelta(days=days))
    return outcome, quarantine


def cells_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


async def version(database: Database) -> int:
    return int((await database.read(VERSION, {}))[0]["version"])


async def counts(database: Database) -> tuple[int, int]:
    (row,) = await database.read(COUNTS, {"never": NEVER})
    return row["nodes"], row["relations"]


def totals(outcome: StreamOutcome) -> tuple[int, int, int, int]:
    return outcome.read, outcome.loaded, outcome.unchanged, outcome.quarantined


@pytest.mark.parametrize("edition", ROWS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_same_file_twice_writes_nothing(database: Database, tmp_path: Path, edition: str, form: str) -> None:
    source, row = ROWS[edition]
    path = written(tmp_path, [row], encoding="gb18030") if form == "csv" else workbook(tmp_path, [row])
    outcome, quarantine = await load(database, source, path, tmp_path)
    assert (totals(outcome), quarantine) == ((1, 1, 0, 0), None)
    before, shape = await version(database), await counts(database)
    assert min(shape) > 0
    outcome, quarantine = await load(database, source, path, tmp_path, days=1)
    assert (totals(outcome), quarantine) == ((1, 0, 1, 0), None)
    assert (await version(database), await counts(database)) == (before, shape)


BAD: Mapping[str, Mapping[str, str]] = {
    "penalty-2018": {"处罚决定日期": "2018-09-31", "行政处罚决定书文号": "江市监罚〔2018〕7号"},
    "permit-2018": {"有效期至": "2017/1/1", "行政许可决定文书号": "江食药许〔2018〕7号"},
    "penalty-2015": {"当前状态": "8", "行政处罚决定书文号": "江工商处字〔2015〕7号"},
    "permit-2015": {"许可决定日期": "某日", "行政许可决定书文号": "江建许〔2015〕7号"},
    "registry": {"统一社会信用代码": "9.14407E+17"},
    "holdings": {"被投资企业统一社会信用代码": ""},
    "posts": {"职务": "吉祥物"},
}


@pytest.mark.parametrize("edition", ROWS)
async def test_a_quarantined_row_is_corrected_and_handed_in_again(
    database: Database, tmp_path: Path, edition: str
) -> None:
    source, good = ROWS[edition]
    column = next(iter(BAD[edition]))
    outcome, quarantine = await load(database, source, written(tmp_path, [good, {**good, **BAD[edition]}]), tmp_path)
    assert totals(outcome) == (2, 1, 0, 1) and quarantine is not None
    assert quarantine.parent == tmp_path / "quarantine" / source.name
    assert stat.S_IMODE(quarantine.stat().st_mode) == 0o600
    rows = cells_of(quarantine)
    assert rows[0] == [*QUARANTINE_COLUMNS, *good]
    own = len(QUARANTINE_COLUMNS)
    assert rows[1][:2] == ["3", column] and " / " in rows[1][2]
    assert dict(zip(good, rows[1][own:], strict=True)) == {**good, **BAD[edition]}
    outcome, again = await load(database, source, quarantine, tmp_path, days=1)
    assert totals(outcome) == (1, 0, 0, 1) and again is not None  # not corrected: quarantined once more, as it was
    assert [each[own:] for each in cells_of(again)] == [each[own:] for each in rows]
    assert [each.id for each in open_rows(tmp_path, source.name).values()] == [rows[1][3]]
    rows[1][own + list(good).index(column)] = good[column]
    corrected = tmp_path / "corrected.csv"
    with corrected.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    outcome, quarantine = await load(database, source, corrected, tmp_path, days=2)
    assert (outcome.read, outcome.quarantined, quarantine) == (1, 0, None)
    assert open_rows(tmp_path, source.name) == {}


async def test_sources_meet_on_one_firm_and_one_person(database: Database, tmp_path: Path) -> None:
    rows: dict[TabularSource, Rows] = {
        DOUBLE_PUBLICITY: [PENALTY_2018],
        REGISTRY: [{**REGISTERED, "法定代表人证件号码": LI, "法定代表人证件类型": "身份证"}],
        HOLDINGS: [HELD],
        POSTS: [POST],
    }
    for source, of_source in rows.items():
        outcome, _ = await load(database, source, written(tmp_path, of_source, f"{source.name}.csv"), tmp_path)
        assert totals(outcome) == (1, 1, 0, 0)
    found = await database.read(BELIEVED, {"never": NEVER})
    firm = "江门甲食品有限公司"
    assert sorted((each["type"], each["start"], each["end"], each["from"], each["to"]) for each in found) == sorted(
        [
            ("ABOUT", None, firm, "0001-01-01", "9999-12-31"),
            ("ISSUED_BY", None, "江门市市场监督管理局", "0001-01-01", "9999-12-31"),
            ("LEGAL_REPRESENTATIVE_OF", "李某", firm, "2018-06-01", "2018-06-02"),
            ("LEGAL_REPRESENTATIVE_OF", "李某", firm, "0001-01-01", "9999-12-31"),
            ("HOLDS", "李某", firm, "2012-05-01", "9999-12-31"),
            ("SERVES_AS", "李某", firm, "2012-05-01", "2019-03-01"),
            ("SERVES_AS", "李某", firm, "2012-05-01", "2019-03-01"),
            ("LEGAL_REPRESENTATIVE_OF", "李某", firm, "2012-05-01", "2019-03-01"),
        ]
    )
    assert (await counts(database))[0] == 4  # firm, person, department, penalty
    everything = repr(await database.read(EVERYTHING, {}))
    assert LI not in everything and "440785********0010" in everything
    labels = await database.read("MATCH (d:Department) RETURN d.name AS name", {})
    assert [each["name"] for each in labels] == ["江门市市场监督管理局"]


async def test_a_correction_replaces_and_another_firm_in_one_document_stays_apart(
    database: Database, tmp_path: Path
) -> None:
    code = "行政相对人代码_1（统一社会信用代码）"
    both = [PENALTY_2018, {**PENALTY_2018, code: BETA, "行政相对人名称": "江门乙有限公司"}]
    await load(database, DOUBLE_PUBLICITY, written(tmp_path, both), tmp_path)
    assert len(await database.read(PUBLIC, {})) == 2
    corrected = [{**PENALTY_2018, "处罚金额（万元）": "6"}, both[1]]
    outcome, _ = await load(database, DOUBLE_PUBLICITY, written(tmp_path, corrected), tmp_path, days=1)
    assert totals(outcome) == (2, 1, 1, 0)
    assert sorted(each["fine"] for each in await database.read(PUBLIC, {})) == [5_000_000, 6_000_000]


async def test_what_is_not_for_the_public_has_no_public_days(database: Database, tmp_path: Path) -> None:
    _, row = ROWS["permit-2015"]
    rows = [row, {**row, "行政许可决定书文号": "江建许〔2015〕5号", "信息使用范围": "1"}]
    await load(database, DOUBLE_PUBLICITY, written(tmp_path, rows), tmp_path)
    found = {each["number"]: each["from"] for each in await database.read(PUBLIC, {})}
    assert found == {"江建许〔2015〕4号": "2015-12-01", "江建许〔2015〕5号": "9999-12-31"}


async def test_a_name_that_a_spreadsheet_would_run_is_guarded(database: Database, tmp_path: Path) -> None:
    rows = [{**REGISTERED, "企业名称": "=cmd()", "注册地址": "+86 路", "地区": "-"}]
    _, quarantine = await load(database, REGISTRY, written(tmp_path, rows), tmp_path)
    assert quarantine is not None
    header, row = cells_of(quarantine)
    found = dict(zip(header, row, strict=True))
    assert (found["企业名称"], found["注册地址"], found["地区"]) == ("'=cmd()", "'+86 路", "'-")
    _, again = await load(database, REGISTRY, quarantine, tmp_path, days=1)
    assert again is not None and cells_of(again)[1][1:] == row[1:]


async def test_fractions_stay_fractions_in_quarantine(database: Database, tmp_path: Path) -> None:
    shares: list[Any] = [
        {**HELD, "持股比例(%)": "0.6"},
        {**HELD, "持股比例(%)": "0.4", "被投资企业统一社会信用代码": ""},
    ]
    _, quarantine = await load(database, HOLDINGS, written(tmp_path, shares), tmp_path)
    assert quarantine is not None and "持股比例(0-1)" in quarantine.read_text(encoding="utf-8-sig")
    percent: list[Any] = [
        {**HELD, "持股比例(%)": "60"},
        {**HELD, "持股比例(%)": "0.4", "被投资企业统一社会信用代码": ""},
    ]
    _, quarantine = await load(database, HOLDINGS, written(tmp_path, percent), tmp_path, days=1)
    assert quarantine is not None
    text = quarantine.read_text(encoding="utf-8-sig").replace("江门甲食品有限公司,,", f"江门甲食品有限公司,{BETA},")
    quarantine.write_text(text, encoding="utf-8-sig")
    table, remarks = HOLDINGS.open(quarantine)
    assert (table.header.units["share"], remarks) == ("%", ())


async def test_the_command_loads_prints_and_returns_its_codes(
    database: Database,
    server: Address,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("uri", "username", "password", "database"):
        monkeypatch.setenv(f"NEO4J_{name.upper()}", getattr(server, name))
    key = tmp_path / "person.key"
    key.touch(mode=0o600)
    key.write_text(PERSON_KEY.hex(), encoding="ascii")
    path = written(tmp_path, [REGISTERED, {**REGISTERED, "统一社会信用代码": "N/A"}], encoding="gb18030")
    command = ["registry", str(path), "--home", str(tmp_path)]
    assert await asyncio.to_thread(main, command) == 1
    shown = capsys.readouterr().out
    assert f"{path}: read 2 = loaded 1 + unchanged 0 + quarantined 1 (读取 = 载入 + 未变 + 隔离)" in shown
    assert (
        f"{path}:3: 统一社会信用代码: “N/A” 隔离:没有可用的号码" in shown
        and f"{tmp_path}/quarantine/registry/" in shown
    )
    before = await version(database)
    assert await asyncio.to_thread(main, command) == 1
    assert "read 2 = loaded 0 + unchanged 1 + quarantined 1" in capsys.readouterr().out
    assert await version(database) == before
    path.write_text("a,b\n", encoding="utf-8")
    assert await asyncio.to_thread(main, command) == 2
    assert capsys.readouterr().err.count("\n") == 1


async def test_two_thousand_rows_are_counted_and_come_back_unchanged(database: Database, tmp_path: Path) -> None:
    rows = [
        {**PENALTY_2018, "行政处罚决定书文号": f"江市监罚〔2018〕{number}号", "处罚机关统一社会信用代码": SAMR}
        for number in range(2_000)
    ]
    rows[1_700] = {**rows[1_700], "处罚决定日期": "31/12"}
    rows[1_999] = {**rows[3], "处罚金额（万元）": "7"}
    path = written(tmp_path, rows)
    outcome, _ = await load(database, DOUBLE_PUBLICITY, path, tmp_path)
    assert totals(outcome) == (2_000, 1_998, 0, 2)
    before = await version(database)
    outcome, _ = await load(database, DOUBLE_PUBLICITY, path, tmp_path, days=1)
    assert totals(outcome) == (2_000, 0, 1_998, 2)
    assert await version(database) == before
    assert ACME in repr(rows[0])


async def test_that_more_rows_are_open_than_a_load_looks_at_is_said(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "AT_ONCE", 2)
    bad = [{**POST, "职务": "吉祥物", "姓名": name} for name in ("李某", "王某", "赵某")]
    files: tuple[tuple[Rows, bool], ...] = ((bad, False), ([POST], True))
    for days, (rows, told) in enumerate(files):
        await load(database, POSTS, written(tmp_path, rows, "posts.csv"), tmp_path, days=days)
        assert ("more than 2 quarantined rows are open" in capsys.readouterr().out) is told


STATES = """
MATCH (record:Penalty) RETURN record.state AS shown, record.reason AS reason,
  COLLECT { MATCH (record)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never RETURN v.state } AS states"""
BY_NAME = {**PENALTY_2018, "处罚机关统一社会信用代码": "", "行政处罚决定书文号": PENALTY_2015["行政处罚决定书文号"]}
REVOKED = {**PENALTY_2015, "处罚机关": PENALTY_2018["处罚机关"], "当前状态": "1"}


async def test_a_form_without_a_state_leaves_a_revoked_penalty_revoked(database: Database, tmp_path: Path) -> None:
    async def states(path: Path, days: int) -> tuple[int, list[dict[str, object]]]:
        outcome, _ = await load(database, DOUBLE_PUBLICITY, path, tmp_path, days)
        assert outcome.quarantined == 0
        return outcome.loaded, await database.read(STATES, {"never": NEVER})

    def of(state: str, reason: str) -> list[dict[str, object]]:
        return [{"shown": state, "reason": reason, "states": [state]}]

    stateless, stated = written(tmp_path, [BY_NAME], "2018.csv"), written(tmp_path, [REVOKED], "2015.csv")
    facts, grounds = "经营超过保质期的食品", "虚假宣传"
    assert await states(stateless, 0) == (1, of("ACTIVE", facts))  # a new record has the state of the vocabulary
    assert await states(stated, 1) == (1, of("REVOKED", grounds))
    assert await states(stateless, 2) == (1, of("REVOKED", facts))
    before = await version(database)
    assert await states(stateless, 3) == (0, of("REVOKED", facts))  # what is kept is no news
    assert await version(database) == before
    restored = written(tmp_path, [{**REVOKED, "当前状态": "0"}], "2015.csv")
    assert await states(restored, 4) == (1, of("ACTIVE", grounds))
    assert await states(stateless, 5) == (1, of("ACTIVE", facts))
