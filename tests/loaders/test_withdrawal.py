"""Rows handed in by mistake are taken back: believed no more from now on, shown as before at an earlier `knownAt`."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from graph.periods import NEVER, SHANGHAI, instant
from graph.progress import SilentProgress
from graph.store import submissions
from graph.store.connection import Database
from graph.store.merging import merge
from loaders.__main__ import main
from loaders.source import Run, Tally
from loaders.tables.command import TabularSource
from tests.conftest import PERSON_KEY
from tests.loaders.catalogued import ITEMS, SOURCE_OF
from tests.loaders.tabular import (
    ACME,
    BETA,
    DOUBLE_PUBLICITY,
    LI,
    PENALTY_2018,
    POST,
    POSTS,
    REGISTRY,
    WANG,
    Rows,
    written,
)

pytestmark = pytest.mark.anyio

FIRST = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)
NUMBER = "行政处罚决定书文号"
BELIEVED = """
MATCH (record:Record) WHERE NOT record:Past
RETURN record.documentNumber AS number,
  COUNT { (record)-[r]->() WHERE type(r) <> 'HAS_VERSION' AND r.retractedAt = $never } AS ties
ORDER BY number"""
KNOWN = """
MATCH (record:Entity)-[:HAS_VERSION]->(v)
WHERE v.documentNumber IS NOT NULL AND v.recordedAt <= $at AND v.retractedAt > $at
RETURN v.documentNumber AS number, v.content AS content ORDER BY number"""
HELD = """
MATCH (person:Person)-[r]->(firm) WHERE r.retractedAt = $never AND NOT type(r) IN ['HAS_VERSION', 'IDENTIFIED_BY']
RETURN person.name AS name, type(r) AS kind ORDER BY name"""
PENDING = "MATCH (mark:Dirty) RETURN max(mark.version) AS last"
WRONG = {**PENALTY_2018, NUMBER: "江市监罚〔2018〕100号"}


async def hand_in(
    database: Database, source: TabularSource, folder: Path, rows: Rows, day: int, *, withdraw: bool = False
) -> Tally:
    run = Run(Namespace(withdraw=withdraw), PERSON_KEY, folder, SilentProgress())
    path = written(folder, rows, f"{source.name}-{day}.csv")
    outcome, quarantine, _ = await source.load_file(database, path, run, at(day), f"{day:064}")
    assert quarantine is None
    return Tally(outcome.read, outcome.loaded, outcome.quarantined)


def at(day: int) -> datetime:
    return FIRST + timedelta(days=day)


async def decisions(database: Database) -> list[tuple[str, int]]:
    return [(each["number"], each["ties"]) for each in await database.read(BELIEVED, {"never": NEVER})]


async def offices(database: Database) -> list[tuple[str, str]]:
    return [(each["name"], each["kind"]) for each in await database.read(HELD, {"never": NEVER})]


async def test_a_decision_taken_back_binds_nobody_though_it_was_corrected_since_and_what_was_known_stays(
    database: Database, tmp_path: Path
) -> None:
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018, WRONG], 0)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [{**WRONG, "处罚内容": "罚款60000元"}], 1)
    assert await decisions(database) == [(WRONG[NUMBER], 2), (PENALTY_2018[NUMBER], 2)]
    before = await database.read(PENDING, {})
    assert await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [WRONG], 2, withdraw=True) == Tally(1, 1, 0)
    assert await decisions(database) == [(PENALTY_2018[NUMBER], 2)]
    known = await database.read(KNOWN, {"at": instant(at(1) + timedelta(hours=1))})
    assert [tuple(each.values()) for each in known] == [
        (WRONG[NUMBER], "罚款60000元"),
        (PENALTY_2018[NUMBER], "罚款50000元"),
    ]
    assert (await database.read(PENDING, {}))[0]["last"] > before[0]["last"]  # its measures are derived anew
    last = await submissions.last(database, DOUBLE_PUBLICITY.name)
    assert last is not None
    assert (last.withdrawn, last.loaded) == (True, 1)


async def test_a_number_that_was_wrong_is_taken_back_and_told_right_and_there_is_one_decision(
    database: Database, tmp_path: Path
) -> None:
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [WRONG], 0)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [WRONG], 1, withdraw=True)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 2)
    assert await decisions(database) == [(PENALTY_2018[NUMBER], 2)]
    assert await offices(database) == [("李某", "LEGAL_REPRESENTATIVE_OF")]


async def test_a_post_taken_back_is_held_no_more_and_the_person_stays(database: Database, tmp_path: Path) -> None:
    of_li = {**POST, "职务": "董事", "任职止": ""}
    of_wang = {**of_li, "姓名": "王某", "证件号码": WANG}
    await hand_in(database, POSTS, tmp_path, [of_li, of_wang], 0)
    await hand_in(database, POSTS, tmp_path, [of_wang], 1, withdraw=True)
    assert await offices(database) == [("李某", "SERVES_AS")]
    found = await database.read("MATCH (p:Person) WHERE NOT p:Past RETURN p.name AS name ORDER BY name", {})
    assert [each["name"] for each in found] == ["李某", "王某"]


async def test_a_decision_whose_day_is_corrected_proves_no_office_on_the_former_day(
    database: Database, tmp_path: Path
) -> None:
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 0)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [{**PENALTY_2018, "处罚决定日期": "2018/06/04"}], 1)
    found = await database.read(
        "MATCH ()-[r:LEGAL_REPRESENTATIVE_OF]->() WHERE r.retractedAt = $never RETURN r.from AS from, r.to AS to",
        {"never": NEVER},
    )
    assert [tuple(each.values()) for each in found] == [("2018-06-04", "2018-06-05")]


async def test_a_corrected_representative_is_the_only_one_and_goes_with_the_decision(
    database: Database, tmp_path: Path
) -> None:
    corrected = {**PENALTY_2018, "法定代表人": "王某", "法定代表人身份证号": WANG}
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018, WRONG], 0)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [corrected], 1)
    assert await offices(database) == [("李某", "LEGAL_REPRESENTATIVE_OF"), ("王某", "LEGAL_REPRESENTATIVE_OF")]
    unnamed = {**PENALTY_2018, "法定代表人": "", "法定代表人身份证号": ""}
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [unnamed], 2, withdraw=True)
    assert await offices(database) == [("李某", "LEGAL_REPRESENTATIVE_OF")]  # of the other decision
    assert await decisions(database) == [(WRONG[NUMBER], 2)]


async def test_after_a_merge_the_survivor_holds_it_no_more(database: Database, tmp_path: Path) -> None:
    row = {**POST, "职务": "董事", "任职止": "", "证件号码": "", "证件类型": ""}
    await hand_in(
        database, POSTS, tmp_path, [row, {**row, "证件号码": LI, "证件类型": "身份证", "任职起": "2020-01-01"}], 0
    )
    ids = [each["id"] for each in await database.read("MATCH (p:Person) RETURN p.id AS id ORDER BY p.adultOn", {})]
    await merge(database, ids[1], ids[0], ground="同一人", now=at(1))
    assert await offices(database) == [("李某", "SERVES_AS")] * 2
    await hand_in(database, POSTS, tmp_path, [row], 2)  # the file that knew him by name alone comes again
    assert await offices(database) == [("李某", "SERVES_AS")] * 2
    living = await database.read("MATCH (p:Person) WHERE NOT p:Past RETURN p.id AS id, p.adultOn AS grown", {})
    assert [(each["id"], each["grown"]) for each in living] == [(ids[0], "1918-01-01")]
    await hand_in(database, POSTS, tmp_path, [row], 3, withdraw=True)
    assert await offices(database) == [("李某", "SERVES_AS")]


async def test_what_another_row_tells_of_the_same_thing_stays(database: Database, tmp_path: Path) -> None:
    source = SOURCE_OF["construction-projects"]
    bidder = {"投标单位": "江门甲食品有限公司", "投标单位统一社会信用代码": ACME, "投标日期": "2023-02-01"}
    one = {**ITEMS["construction-projects"], **bidder}
    other = {**one, "投标单位": "江门乙食品有限公司", "投标单位统一社会信用代码": BETA}
    await hand_in(database, source, tmp_path, [one, other], 0)
    whole = await kinds(database)
    assert whole["BIDS_ON"] == 2
    await hand_in(database, source, tmp_path, [other], 1, withdraw=True)
    assert await kinds(database) == {**whole, "BIDS_ON": 1}
    await hand_in(database, source, tmp_path, [one], 2, withdraw=True)
    assert await kinds(database) == {}


async def kinds(database: Database) -> dict[str, int]:
    found = await database.read(
        "MATCH (:Entity)-[r]->(:Entity) WHERE r.retractedAt = $never RETURN type(r) AS kind, count(r) AS number",
        {"never": NEVER},
    )
    return {each["kind"]: each["number"] for each in found}


async def test_what_was_taken_back_comes_back_with_its_row(database: Database, tmp_path: Path) -> None:
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 0)
    before = await decisions(database), await offices(database)
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 1, withdraw=True)
    assert (await decisions(database), await offices(database)) == ([], [])
    assert await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 2) == Tally(1, 1, 0)
    assert (await decisions(database), await offices(database)) == before


async def test_another_source_goes_on_saying_what_it_says(database: Database, tmp_path: Path) -> None:
    of_li = {**POST, "职务": "法定代表人", "任职止": ""}
    await hand_in(database, POSTS, tmp_path, [of_li], 0)
    firm = {"企业名称": "江门甲食品有限公司", "统一社会信用代码": ACME, "法定代表人": "李某", "法定代表人证件号码": LI}
    await hand_in(database, REGISTRY, tmp_path, [firm], 1)
    await hand_in(database, REGISTRY, tmp_path, [firm], 2, withdraw=True)
    assert await offices(database) == [("李某", "LEGAL_REPRESENTATIVE_OF")]


async def test_rows_of_which_nothing_is_believed_and_rows_that_are_wrong_take_nothing_back(
    database: Database, tmp_path: Path
) -> None:
    await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [PENALTY_2018], 0)
    torn = {**WRONG, "处罚决定日期": "2018/13/45"}
    assert await hand_in(database, DOUBLE_PUBLICITY, tmp_path, [WRONG, torn], 1, withdraw=True) == Tally(2, 0, 1)
    assert await decisions(database) == [(PENALTY_2018[NUMBER], 2)]
    assert await offices(database) == [("李某", "LEGAL_REPRESENTATIVE_OF")]  # this decision proves it by itself
    assert not (tmp_path / "quarantine").exists()  # it would wait there to be loaded
    last = await submissions.last(database, DOUBLE_PUBLICITY.name)
    assert last is not None
    assert (last.withdrawn, last.loaded) == (True, 0)  # so that the file is read when it comes again
    nodes = await database.read("MATCH (n:Entity) WHERE n.id STARTS WITH 'rec_' RETURN count(n) AS records", {})
    assert nodes[0]["records"] == 1


@pytest.mark.parametrize("other", [["--full", "2026-01-01"], ["--import"]])
def test_a_withdrawal_is_nothing_else_as_well(
    other: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, [POST], "posts.csv")
    assert main(["posts", str(path), "--withdraw", *other, "--home", str(tmp_path / "home")]) == 2
    assert "--withdraw" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()
