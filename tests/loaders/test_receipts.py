"""What was handed in has a receipt; the very file that was handed in last is known and not read again."""

from __future__ import annotations

import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from graph.codes import Text
from graph.progress import SilentProgress
from graph.store import submissions
from graph.store.connection import Database, Transaction
from loaders.catalog.command import sources
from loaders.catalog.reading import shipped
from loaders.source import Run, Tally
from tests.conftest import PERSON_KEY
from tests.loaders.catalogued import ITEMS
from tests.loaders.tabular import DOUBLE_PUBLICITY, PENALTY_2018, REGISTERED, REGISTRY, Rows, written

pytestmark = pytest.mark.anyio

FORGET = "MATCH (receipt:SubmissionBatch {id: $id}) DETACH DELETE receipt"
FORGET_ITEMS = """
MATCH (item:CatalogItem) WHERE NOT EXISTS { (item)<-[:READ_BY]-() }
OPTIONAL MATCH (item)--(element:DataElement)
DETACH DELETE item, element"""
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"


async def load(database: Database, folder: Path, rows: Rows, name: str = "a.csv", *, again: bool = False) -> Tally:
    run = Run(Namespace(again=again, item=None), PERSON_KEY, folder, SilentProgress())
    return await DOUBLE_PUBLICITY.load(database, written(folder, rows, name), run)


async def version(database: Database) -> int:
    return int((await database.read(VERSION, {}))[0]["version"])


async def test_a_file_gets_a_receipt_and_is_known_when_it_comes_again(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await load(database, tmp_path, [PENALTY_2018]) == Tally(1, 1, 0)
    said = capsys.readouterr().out
    receipt = await submissions.last(database, "double-publicity")
    assert receipt is not None and receipt.id in said and re.fullmatch("[0-9a-f]{64}", receipt.sha256)
    assert (receipt.file, receipt.item, receipt.edition) == ("a.csv", "penalty-2018", "2018")
    assert (receipt.read, receipt.loaded, receipt.unchanged, receipt.quarantined) == (1, 1, 0, 0)
    before = await version(database)
    assert await load(database, tmp_path, [PENALTY_2018], "b.csv") == Tally(1, 1, 0)
    assert f"is what this source handed in last ({receipt.id}), not read again" in capsys.readouterr().out
    assert await load(database, tmp_path, [PENALTY_2018], again=True) == Tally(1, 1, 0)
    assert "read 1 = loaded 0 + unchanged 1" in capsys.readouterr().out
    assert await version(database) == before
    assert await submissions.last(database, "double-publicity") == receipt


@pytest.mark.parametrize("before", [[], [{**PENALTY_2018, "行政处罚决定书文号": "另〔2020〕1号"}]])
async def test_a_load_that_was_killed_before_its_receipt_has_it_when_it_comes_again(
    database: Database, tmp_path: Path, before: list[dict[str, str]]
) -> None:
    if before:
        await load(database, tmp_path, before, "before.csv")
    await load(database, tmp_path, [PENALTY_2018])
    kept = await catalogue(database)
    assert len(kept) > 1  # an item and what it is made of
    receipt = await submissions.last(database, "double-publicity")
    assert receipt is not None

    async def forget(transaction: Transaction) -> None:
        await transaction.run(FORGET, id=receipt.id)
        await transaction.run(FORGET_ITEMS)

    await database.write(forget)
    await load(database, tmp_path, [PENALTY_2018])
    again = await submissions.last(database, "double-publicity")
    assert again is not None
    assert again == replace(receipt, id=again.id, loaded=0, unchanged=1)
    assert await catalogue(database) == kept
    assert len(await submissions.latest(database, "double-publicity", 9)) == 1 + len(before)


async def catalogue(database: Database) -> list[str]:
    (row,) = await database.read("MATCH (n:CatalogItem|DataElement) RETURN collect(n.id) AS ids", {})
    return sorted(row["ids"])


async def test_a_file_is_read_again_after_another_of_its_source(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corrected = {**PENALTY_2018, "处罚内容": "罚款20000元"}
    for rows in ([PENALTY_2018], [corrected], [PENALTY_2018]):
        assert await load(database, tmp_path, rows) == Tally(1, 1, 0)
        assert "read 1 = loaded 1 + unchanged 0" in capsys.readouterr().out
    run = Run(Namespace(again=False), PERSON_KEY, tmp_path, SilentProgress())
    await REGISTRY.load(database, written(tmp_path, [REGISTERED], "registry.csv"), run)
    await load(database, tmp_path, [PENALTY_2018])
    assert "not read again" in capsys.readouterr().out  # another source is another matter
    assert [each.file for _, each in await submissions.latest(database, None, 9)] == ["registry.csv", *["a.csv"] * 3]


async def test_a_file_with_refused_rows_is_read_again_and_has_one_receipt(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{**PENALTY_2018, "处罚决定日期": "不详"}]
    for _ in range(2):
        assert await load(database, tmp_path, rows) == Tally(1, 0, 1)
        assert "loaded 0 + unchanged 0 + quarantined 1" in capsys.readouterr().out
    assert len(await submissions.latest(database, "double-publicity", 9)) == 1


async def test_an_item_of_the_catalogue_that_was_edited_reads_the_same_file_again(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = shipped().items
    edited = replace(shipped(), items={**items, "list-entries": replace(items["list-entries"], note=Text("改", "new"))})
    path = written(tmp_path, [ITEMS["list-entries"]])
    for catalogue, again in ((shipped(), False), (edited, True), (edited, False)):
        (source,) = (each for each in sources(catalogue) if each.name == "lists")
        run = Run(Namespace(again=False, item=None), PERSON_KEY, tmp_path, SilentProgress())
        assert await source.load(database, path, run) == Tally(1, 1, 0)
        assert ("not read again" in capsys.readouterr().out) is (not again and catalogue is edited)


async def test_a_source_whose_name_another_begins_with_has_receipts_of_its_own(
    database: Database, tmp_path: Path
) -> None:
    local = replace(REGISTRY, name="registry-local")
    run = Run(Namespace(again=False, item=None), PERSON_KEY, tmp_path, SilentProgress())
    for source, name in ((REGISTRY, "city.csv"), (local, "district.csv")):
        await source.load(database, written(tmp_path, [REGISTERED], name), run)
    last = await submissions.last(database, "registry")
    assert last is not None and last.file == "city.csv"
    assert [each.file for _, each in await submissions.latest(database, None, 9)] == ["district.csv", "city.csv"]
