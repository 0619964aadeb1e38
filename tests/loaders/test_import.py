"""A first load by the offline importer: the graph that the transactional load would have made, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from graph.codes import Role
from graph.periods import SHANGHAI
from graph.progress import SilentProgress
from graph.store.address import Address
from graph.store.connection import Database, Transaction
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.offline.first import first_load
from graph.store.offline.said import NOBODY, Keys
from graph.store.offline.table import Table, Unwritable
from graph.store.steps import STEPS
from loaders.__main__ import main
from loaders.bods import command as bods
from loaders.city.extent import uscc
from loaders.exported import command as exported
from loaders.ftm import command as ftm
from loaders.source import Source, Tally
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY, empty
from tests.faults.fingerprint import Fingerprint, fingerprint
from tests.graph.store.embedded.observed import connected, kill, processes, within
from tests.loaders.exporting import DAY, NOW, SAYABLE, export, load_everything
from tests.loaders.exporting import run as of_a_run
from tests.loaders.tabular import ACME, BETA, HELD, HOLDINGS, POST, POSTS, REGISTERED, WANG, written

ROOT = Path(__file__).parents[2]
BEGUN = f"MATCH (graph:Graph {{id: 'graph'}}) SET graph.version = {len(STEPS)}"  # as after the steps of a new home
SHAPE = (
    "SHOW INDEXES YIELD name, state, type, labelsOrTypes, properties, options"
    " RETURN name, state, type, labelsOrTypes, properties, options",
    "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN name, type, labelsOrTypes, properties",
)
FOUND = """
CALL db.index.fulltext.queryNodes('organization_names', '"有限公司"') YIELD node
RETURN count(node) AS found"""
RECEIPTS = (
    "MATCH (s:SubmissionBatch) RETURN s.file AS file, s.read AS read, s.loaded AS loaded, s.quarantined AS refused"
)
GRAPH = "MATCH (graph:Graph) RETURN graph.version AS version, graph.schemaVersion AS shape, graph.purpose AS purpose"
WRONG = {**REGISTERED, "统一社会信用代码": BETA, "注册日期": "2022-09-31"}
FILES = (  # two files of one source: the second corrects a name, and brings a firm and her representative
    ("a.csv", [REGISTERED, WRONG]),
    (
        "b.csv",
        [
            {**REGISTERED, "企业名称": "江门甲集团有限公司"},
            {**REGISTERED, "统一社会信用代码": BETA, "企业名称": '江门,"乙"公司'},
        ],
    ),
)


@dataclass(frozen=True)
class Graph:
    """All of it, its indexes and constraints, and a few answers."""

    sum: Fingerprint
    shape: list[list[dict[str, object]]]
    answers: list[list[dict[str, object]]]


def told(address: Address) -> Graph:
    with connected(address) as driver:

        def asked(statement: str) -> list[dict[str, object]]:
            rows = [each.data() for each in driver.execute_query(statement)[0]]
            return sorted(rows, key=str)

        return Graph(fingerprint(address), [*map(asked, SHAPE)], [asked(each) for each in (FOUND, RECEIPTS, GRAPH)])


def entered(home: Path) -> Graph:
    with Lease.acquire(EmbeddedOptions(home=home, heap_megabytes=512, appcds=False, long_lived=False)) as lease:
        return told(lease.address())


def home_of(folder: Path) -> Path:
    """A home under the suite's person key, so that persons have the same ids."""
    folder.mkdir(mode=0o700)
    key = folder / "person.key"
    key.touch(mode=0o600)
    key.write_text(PERSON_KEY.hex(), encoding="ascii")
    return folder


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("CREDITGRAPH_HEAP_MB", "512")
    monkeypatch.setenv("CREDITGRAPH_DERIVED_NODES", "0")  # measures are named by when they were derived
    yield


@asynccontextmanager
async def emptied(server: Address) -> AsyncIterator[Database]:
    """The suite's database as a new home begins."""
    database = Database(lambda: server)
    try:
        await empty(database)

        async def write(transaction: Transaction) -> None:
            await transaction.run(BEGUN)

        await database.write(write)
        yield database
    finally:
        await database.close()


def by_transactions(server: Address, home: Path, monkeypatch: pytest.MonkeyPatch, *command: str) -> Graph:
    """What the same command leaves in the suite's database."""

    async def begun() -> None:
        async with emptied(server):
            pass

    asyncio.run(begun())
    with monkeypatch.context() as patch:
        patch.setenv("NEO4J_URI", server.uri)
        patch.setenv("NEO4J_USERNAME", server.username)
        patch.setenv("NEO4J_PASSWORD", server.password)
        patch.setenv("NEO4J_DATABASE", server.database)
        assert main([*command, "--home", str(home)]) in (0, 1)
    return told(server)


def test_a_killed_import_leaves_nothing_and_is_begun_again_to_the_same_city(
    server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = home_of(tmp_path / "home")
    command = ["city", "--size", "100", "--import", "--home", str(home)]
    loading = subprocess.Popen([sys.executable, "-m", "loaders", *command], cwd=ROOT, env={**os.environ})
    within(90, lambda: (home / "importing" / "logs" / "admin.log").exists() or loading.poll() is not None)
    kill(loading.pid)
    assert loading.wait() < 0
    assert not (home / "data" / "databases").exists()

    assert main(command) == 0
    assert not (home / "importing").exists() and not processes(home)
    imported = entered(home)
    expected = by_transactions(server, home_of(tmp_path / "other"), monkeypatch, "city", "--size", "100")
    assert imported.sum == expected.sum
    assert imported.shape == expected.shape
    assert imported.answers[:2] == expected.answers[:2]

    capsys.readouterr()
    assert main(command) == 2
    refused = capsys.readouterr().err
    assert "holds a graph of 362 subjects, 588 records" in refused and "--replace" in refused, refused
    assert main([*command, "--replace", "--demo"]) == 2
    assert "is marked production: it is not replaced by one for demo" in capsys.readouterr().err
    assert entered(home) == imported


def test_files_that_correct_each_other_end_in_the_same_graph_with_receipts_and_quarantine(
    server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, home, other = tmp_path / "registry", home_of(tmp_path / "home"), home_of(tmp_path / "other")
    folder.mkdir()
    for name, rows in FILES:
        written(folder, rows, name)
    assert main(["registry", str(folder), "--import", "--home", str(home)]) == 1
    said = capsys.readouterr().out
    assert "a.csv: read 2 = loaded 1 + unchanged 0 + quarantined 1" in said
    assert "b.csv: read 2 = loaded 2 + unchanged 0 + quarantined 0" in said
    expected = by_transactions(server, other, monkeypatch, "registry", str(folder))
    imported = entered(home)
    assert (imported.sum, imported.shape, imported.answers[:2]) == (expected.sum, expected.shape, expected.answers[:2])
    assert [each["file"] for each in imported.answers[1]] == ["a.csv", "b.csv"]
    quarantined = [[each.read_text("utf-8") for each in (at / "quarantine").rglob("*.csv")] for at in (home, other)]
    assert quarantined[0] == quarantined[1] and len(quarantined[0]) == 1


def test_statements_tables_and_an_export_are_imported_as_they_are_loaded(server: Address, tmp_path: Path) -> None:
    """All in one import, which costs half a minute: each is about others than those before it."""
    home, other = home_of(tmp_path / "home"), home_of(tmp_path / "other")
    begun = asyncio.run(handed_over(server, tmp_path))
    tables = home / "importing" / "import"

    async def imported() -> list[Tally]:
        options = EmbeddedOptions(home=home, heap_megabytes=512, appcds=False, long_lived=False)
        now, progress = datetime.now(SHANGHAI), SilentProgress()
        told: list[Tally] = []
        async with first_load(
            options, purpose="test", person_key=PERSON_KEY, now=now, replacing=False, progress=progress
        ) as store:
            for source, path in begun:
                assert any(tables.iterdir()), f"{source.name} is not loaded into tables"
                told.append(await source.load(store, path, of_a_run(home)))
        return told

    async def loaded() -> list[Tally]:
        async with emptied(server) as database:
            return [await source.load(database, path, of_a_run(other)) for source, path in begun]

    expected = asyncio.run(loaded())
    assert all(each.rejected == 0 < each.accepted for each in expected)
    graph = told(server)
    assert asyncio.run(imported()) == expected
    found = entered(home)
    assert (found.sum, found.shape) == (graph.sum, graph.shape)
    assert [each["file"] for each in found.answers[1]] == ["holdings.csv", "posts.csv"]


async def handed_over(server: Address, folder: Path) -> list[tuple[Source, Path]]:
    """A file of every source that has no test of its own; what is exported is made by an export."""
    folder_of_tables = folder / "export"
    async with emptied(server) as database:
        await load_everything(database, folder)
        await export(database, folder_of_tables, "csv", Role.OPERATOR)
    files: list[tuple[Source, Path]] = []
    for number, source in enumerate((bods.SOURCE, ftm.SOURCE)):
        async with emptied(server) as database:
            path = folder / f"{source.name}.yaml"
            text = SAYABLE.replace(ACME, code(number)).replace("12440700YY00000601", uscc("12", "440700", number))
            path.write_text(text, encoding="utf-8")
            await load_file(database, path, person_key=PERSON_KEY, now=NOW, today=DAY)
            await export(database, folder / f"{source.name}.jsonl", source.name, Role.OPERATOR)
        files.append((source, folder / f"{source.name}.jsonl"))
    held = {**HELD, "被投资企业统一社会信用代码": code(7), "股东证件号码": WANG, "股东名称": "王某"}
    files.append((HOLDINGS, written(folder, [held], "holdings.csv")))
    files.append((POSTS, written(folder, [{**POST, "统一社会信用代码": code(8)}], "posts.csv")))
    return [*files, (exported.SOURCE, folder_of_tables)]


def code(number: int) -> str:
    return uscc("91", "440703", number)


def test_a_server_of_ones_own_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    assert main(["city", "--size", "100", "--import", "--home", str(tmp_path / "home")]) == 2
    assert "load without --import" in capsys.readouterr().err
    monkeypatch.delenv("NEO4J_URI")
    assert main(["city", "--size", "100", "--replace", "--home", str(tmp_path / "home")]) == 2
    assert "--replace goes with --import" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_what_was_told_is_found_again_whatever_the_number() -> None:
    keys = Keys()
    for start in range(0, 30_000, 5_000):
        numbers = range(start, start + 5_000)
        keys.add([hash(str(each)) for each in numbers], numbers)
    assert list(keys.find(hash(str(each)) for each in range(30_000))) == list(range(30_000))
    assert list(keys.find(hash(f"no {each}") for each in range(100))) == [NOBODY] * 100


def test_a_row_that_csv_cannot_hold_is_not_written_otherwise(tmp_path: Path) -> None:
    table = Table(tmp_path / "t", ":ID(Entity)")
    assert table.text([table.cells((1,), {"name": 'a"b,\n', "none": None, "empty": "", "yes": True, "at": 7})]) == (
        '1,"a""b,\n","",true,7\n'
    )
    for values in ({"at": "7"}, {"list": ()}, {"list": ("a", "")}, {"list": ("a\x1fb",)}, {"name": "x" * 1_000_001}):
        with pytest.raises(Unwritable):
            table.text([table.cells((2,), values)])
