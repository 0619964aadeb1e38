"""An export is what its role may see on its day, whole or not at all; csv loads again as the graph it was."""

from __future__ import annotations

import asyncio
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.address import Address
from graph.store.connection import Database
from loaders.__main__ import main
from loaders.export.command import FORMATS
from loaders.export.output import guarded, unguarded
from loaders.exported.command import SOURCE
from loaders.files import Unreadable
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY, empty
from tests.loaders.exporting import DAY, NOW, believed, digest, export, load, load_everything

pytestmark = pytest.mark.anyio
EVERY_ROLE = (Role.PUBLIC, Role.GOVERNMENT, Role.OPERATOR)
OPEN = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}
  - {id: li, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}%s}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局}
%sposts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
%srecords:
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 罚1号, decidedOn: 2025-06-01, type: FINE,
     amount: "50000", seriousness: SERIOUS%s}
%s"""
HIDDEN = (
    ", status: DECEASED, region: '440785', versions: [{to: 2015-01-01, region: '440703'}]",
    "  - {id: wu, kind: Person, name: 吴某, adultOn: 1930-01-01}\n",
    "  - {person: li, organization: acme, role: EMPLOYEE, from: 2011-01-01}\n",
    ", relatedTo: r2",
    """  - {id: r2, kind: PENALTY, about: acme, department: samr, documentNumber: 罚2号, decidedOn: 2010-06-01}
  - {id: c1, kind: CRIMINAL_CONVICTION, about: li, documentNumber: 刑1号, decidedOn: 2020-01-01, crime: ECONOMIC}
relations:
  - {from: li, to: 律师, kind: MEMBER_OF}
  - {from: li, to: wu, kind: POSSIBLY_SAME_AS, reasons: [同名]}
responsibility:
  - {person: wu, record: r2, capacity: NAMED}
""",
)


async def world(database: Database, folder: Path, *, hidden: bool) -> None:
    path = folder / "w.yaml"
    path.write_text(OPEN % (HIDDEN if hidden else ("",) * 5), encoding="utf-8")
    outcome = await load_file(database, path, person_key=PERSON_KEY, now=NOW, today=DAY)
    assert outcome.rejections == ()


async def test_csv_for_a_keeper_loads_again_as_the_same_graph_and_a_second_time_writes_nothing(
    database: Database, tmp_path: Path
) -> None:
    await load_everything(database, tmp_path)
    before = await believed(database)
    await export(database, tmp_path / "first", "csv", Role.OPERATOR)
    await empty(database)
    tally = await load(database, SOURCE, tmp_path / "first", tmp_path)
    assert tally.rejected == 0 and tally.accepted == tally.read > 100
    assert await believed(database) == before
    await export(database, tmp_path / "second", "csv", Role.OPERATOR)
    assert digest(tmp_path / "second") == digest(tmp_path / "first")

    (row,) = await database.read("MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version", {})
    assert (await load(database, SOURCE, tmp_path / "first", tmp_path)).accepted == tally.read
    assert await database.read("MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version", {}) == [row]


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.GOVERNMENT])
async def test_what_another_role_got_loads_again_as_what_it_got(database: Database, tmp_path: Path, role: Role) -> None:
    await load_everything(database, tmp_path)
    await export(database, tmp_path / "first", "csv", role)
    await empty(database)
    tally = await load(database, SOURCE, tmp_path / "first", tmp_path)
    assert tally.rejected == 0
    await export(database, tmp_path / "second", "csv", role)
    assert digest(tmp_path / "second") == digest(tmp_path / "first")


@pytest.mark.parametrize("format", [each.name for each in FORMATS])
async def test_two_graphs_that_differ_in_hidden_things_only_are_one_for_the_public(
    database: Database, tmp_path: Path, format: str
) -> None:
    digests = {}
    for hidden in (False, True):
        await empty(database)
        await world(database, tmp_path, hidden=hidden)
        for role in (Role.PUBLIC, Role.OPERATOR):
            place = tmp_path / f"{role}-{hidden}"
            await export(database, place, format, role)
            digests[role, hidden] = digest(place)
    assert digests[Role.PUBLIC, True] == digests[Role.PUBLIC, False]
    assert digests[Role.OPERATOR, True] != digests[Role.OPERATOR, False]
    told = b"".join(each.read_bytes() for each in (tmp_path / f"{Role.PUBLIC}-True").rglob("*") if each.is_file())
    told += (tmp_path / f"{Role.PUBLIC}-True").read_bytes() if (tmp_path / f"{Role.PUBLIC}-True").is_file() else b""
    assert "江门甲贸易有限公司".encode() in told
    for word in ("李某", "吴", "律师", "刑1号", "罚2号", "DECEASED", "440785190001010010"):
        assert word.encode() not in told, word


async def test_the_public_gets_a_record_while_it_is_published_and_at_no_other_time(
    database: Database, tmp_path: Path
) -> None:
    await world(database, tmp_path, hidden=True)
    (row,) = await database.read(
        "MATCH (n:Penalty {documentNumber: '罚1号'}) RETURN n.publicFrom AS since, n.publicTo AS until", {}
    )
    since, until = date.fromisoformat(row["since"]), date.fromisoformat(row["until"])
    assert since.year == 2025 and until.year == 2028
    eve, last = date.fromordinal(since.toordinal() - 1), date.fromordinal(until.toordinal() - 1)
    found = {}
    for day in (eve, since, last, until):
        await export(database, tmp_path / str(day), "csv", Role.PUBLIC, day)
        found[day] = (tmp_path / str(day) / "nodes" / "Penalty.csv").exists()
        assert found[day] == (tmp_path / str(day) / "relations" / "ABOUT.csv").exists()
    assert found == {eve: False, since: True, last: True, until: False}


@pytest.mark.parametrize("role", EVERY_ROLE)
async def test_graphml_and_gexf_hold_the_nodes_and_relations_of_csv(
    database: Database, tmp_path: Path, role: Role
) -> None:
    await load_everything(database, tmp_path)
    csv = await export(database, tmp_path / "csv", "csv", role)
    for format in ("graphml", "gexf"):
        assert await export(database, tmp_path / format, format, role) == {
            "nodes": len(ids(tmp_path / "csv", "nodes")),
            "relations": csv["relations"],
        }
        root = ET.parse(tmp_path / format).getroot()
        tags = Counter(each.tag.rpartition("}")[2] for each in root.iter())
        nodes = {each.get("id") for each in root.iter() if each.tag.endswith("}node")}
        edges = [each for each in root.iter() if each.tag.endswith("}edge")]
        assert tags["graph"] == 1 and nodes == ids(tmp_path / "csv", "nodes")
        assert {each.get("id") for each in edges} == ids(tmp_path / "csv", "relations")
        assert {each.get(end) for each in edges for end in ("source", "target")} <= nodes
        declared = {each.get("id") for each in root.iter() if each.tag.endswith(("}key", "}attribute"))}
        used = {each.get("key") or each.get("for") for each in root.iter() if each.tag.endswith(("}data", "}attvalue"))}
        assert used <= declared


def ids(folder: Path, what: str) -> set[str | None]:
    lines = (line for each in (folder / what).glob("*.csv") for line in each.read_text("utf-8").splitlines()[1:])
    return {line.partition(",")[0] for line in lines}


async def test_values_of_the_day_are_told_by_formats_that_know_one_value(database: Database, tmp_path: Path) -> None:
    await load_everything(database, tmp_path)
    for day, name in ((date(2013, 1, 1), "江门甲商行"), (date(2015, 6, 1), "江门甲公司"), (DAY, "江门甲贸易有限公司")):
        await export(database, tmp_path / str(day), "graphml", Role.PUBLIC, day)
        text = (tmp_path / str(day)).read_text("utf-8")
        assert f">{name}<" in text
        assert [each for each in ("江门甲商行", "江门甲公司", "江门甲贸易有限公司") if f">{each}<" in text] == [name]


async def test_a_row_that_was_spoilt_is_quarantined_and_the_rest_is_loaded(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await world(database, tmp_path, hidden=False)
    place = tmp_path / "out"
    await export(database, place, "csv", Role.OPERATOR)
    table = place / "nodes" / "Penalty.csv"
    table.write_text(table.read_text("utf-8").replace(",5000000,", ",five,"), encoding="utf-8")
    await empty(database)
    tally = await load(database, SOURCE, place, tmp_path)
    assert (tally.read - tally.accepted, tally.rejected) == (3, 3)
    assert "nodes/Penalty.csv:2: “five” is no MONEY" in capsys.readouterr().out
    (place / "export.json").unlink()
    assert await asyncio.to_thread(main, ["csv", str(place), "--dry-run"]) == 2
    assert "not an exported folder" in capsys.readouterr().err


async def test_the_command_audits_what_is_not_public_and_overwrites_nothing(
    database: Database,
    server: Address,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await world(database, tmp_path, hidden=True)
    for name, value in (
        ("NEO4J_URI", server.uri),
        ("NEO4J_USERNAME", server.username),
        ("NEO4J_PASSWORD", server.password),
        ("NEO4J_DATABASE", server.database),
    ):
        monkeypatch.setenv(name, value)
    out, home = tmp_path / "out.graphml", str(tmp_path / "home")

    async def command(*words: str) -> int:
        return await asyncio.to_thread(main, ["export", "graphml", str(out), "--home", home, *words])

    assert await command("--role", "GOVERNMENT") == 2
    assert "--ground" in capsys.readouterr().err
    assert await command("--on", "2026-01-01") == 0
    assert "nodes 4, relations 3" in capsys.readouterr().out
    assert out.stat().st_mode & 0o777 == 0o600
    assert await database.read("MATCH (event:AuditEvent) RETURN count(*) AS events", {}) == [{"events": 0}]
    assert await command("--role", "GOVERNMENT", "--ground", "年度归档") == 2
    assert "is there already" in capsys.readouterr().err
    assert await command("--role", "GOVERNMENT", "--ground", "年度归档", "--on", "2026-01-01", "--replace") == 0
    (event,) = await database.read(
        "MATCH (event:AuditEvent) RETURN event.role AS role, event.ground AS ground, event.operation AS operation", {}
    )
    assert event == {"role": "GOVERNMENT", "ground": "年度归档", "operation": "export graphml on 2026-01-01"}
    assert sorted(each for each in os.listdir(tmp_path) if each.startswith("out")) == ["out.graphml"]


@pytest.mark.parametrize("cell", ["", "a", "=1+1", "'=1+1", "''@x", "'a", "-", "+8", "\tx", "'", "''"])
def test_a_cell_guarded_from_spreadsheets_is_read_as_it_was(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


async def exported(database: Database, folder: Path) -> Path:
    """An export of everything, and the graph empty again."""
    await load_everything(database, folder)
    await export(database, folder / "out", "csv", Role.OPERATOR)
    await empty(database)
    return folder / "out"


def changed(path: Path, line: int, change: Callable[[str], str]) -> None:
    lines = path.read_text("utf-8").split("\n")
    lines[line - 1] = change(lines[line - 1])
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda line: f"{line},x", "cells, the header has"),
        (lambda line: line.replace(",", ',"', 1), "unbalanced quotation marks"),
        (lambda line: line.replace("9999-12-31", "31/12/99", 1), "validTo: "),
    ],
)
async def test_a_row_that_cannot_be_cut_costs_its_node_and_what_hangs_on_it(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, reason: str
) -> None:
    place = await exported(database, tmp_path)
    whole = await load(database, SOURCE, place, tmp_path)
    await empty(database)
    table = place / "nodes" / "Person.csv"
    changed(table, 3, change)
    capsys.readouterr()
    tally = await load(database, SOURCE, place, tmp_path)
    said = [line for line in capsys.readouterr().out.splitlines() if "quarantined: " in line]
    assert [line for line in said if "nodes/Person.csv:3" in line and reason in line] != []
    assert tally.read == whole.read and 0 < tally.rejected == len(said)
    assert all(re.search("quarantined: (nodes|relations)/[A-Za-z_]+.csv:[0-9]+: ", line) for line in said)


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (
            "nodes/Person.csv",
            lambda text: text.encode("gbk", "ignore"),
            "is not in UTF-8 (a spreadsheet may have saved",
        ),
        (
            "nodes/Enterprise.csv",
            lambda text: text.replace(",name,", ",名称,", 1).encode(),
            "missing: none; unknown: 名称",
        ),
        (
            "relations/HOLDS.csv",
            lambda text: text.replace("start,", "von,", 1).encode(),
            "missing: start; unknown: von",
        ),
        ("identifiers/Person.csv", lambda text: b"", "missing: node, scheme"),
    ],
)
async def test_a_table_of_no_use_is_told_before_anything_is_loaded(
    database: Database, tmp_path: Path, table: str, change: Any, reason: str
) -> None:
    place = await exported(database, tmp_path)
    (place / table).write_bytes(change((place / table).read_text("utf-8")))
    with pytest.raises(Unreadable, match=re.escape(reason)) as refusal:
        await load(database, SOURCE, place, tmp_path)
    assert str(refusal.value).startswith(table)
    assert await database.read("MATCH (n:Entity) RETURN count(n) AS nodes", {}) == [{"nodes": 0}]


async def test_beyond_the_refused_rows_that_are_shown_it_is_said_how_many_more(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = await exported(database, tmp_path)
    for table in sorted((place / "nodes").glob("*.csv")):
        for line in range(2, len(table.read_text("utf-8").split("\n"))):
            changed(table, line, lambda line: f"{line},x")
    capsys.readouterr()
    tally = await load(database, SOURCE, place, tmp_path)
    shown = capsys.readouterr().out
    assert tally.accepted == 0 and tally.rejected > 20
    assert shown.count("quarantined: ") == 20 and f"{tally.rejected - 20} more rows are quarantined" in shown
