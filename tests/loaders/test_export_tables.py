"""双公示 out: what its columns can say truly comes back as the same decision, and nothing else is written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from graph.codes import Role
from graph.store.connection import Database
from loaders.source import Tally
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY, empty
from tests.loaders.exporting import DAY, NOW, believed, export, load, load_everything
from tests.loaders.tabular import DOUBLE_PUBLICITY, PENALTY_2018, PERMIT_2018, SAMR, written

pytestmark = pytest.mark.anyio
# Whose words a row is, and the post of a day that only the original row proves.
ORIGIN = ("source", "batch", "row")
RECORDS = ("PENALTY", "PERMIT")
ENDED = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}
  - {id: nameless, kind: Enterprise, name: 无号公司}
  - {id: li, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局}
records:
  - {id: ok, kind: PENALTY, about: acme, department: samr, documentNumber: 罚0号, decidedOn: 2025-06-01, type: [FINE, WARNING], amount: "50000.05"}
  - {id: r1, kind: PENALTY, about: acme, department: samr, documentNumber: 罚1号, decidedOn: 2025-06-01, state: REVOKED, revokedOn: 2025-07-01}
  - {id: r2, kind: PENALTY, about: acme, department: samr, documentNumber: 罚2号, decidedOn: 2025-06-01, repairedOn: 2025-08-01}
  - {id: r3, kind: PENALTY, about: acme, department: samr, documentNumber: 罚3号, decidedOn: 2025-06-01, suspended: {from: 2025-07-01}}
  - {id: r4, kind: PENALTY, about: li, department: samr, documentNumber: 罚4号, decidedOn: 2025-06-01}
  - {id: r5, kind: PENALTY, about: nameless, department: samr, documentNumber: 罚5号, decidedOn: 2025-06-01}
  - {id: r6, kind: PENALTY, about: acme, documentNumber: 罚6号, decidedOn: 2025-06-01}
  - {id: r7, kind: PENALTY, about: acme, department: samr, documentNumber: 罚7号, decidedOn: 2025-06}
"""  # noqa: E501


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decisions(found: list[Any]) -> list[Any]:
    return [each for each in found if each["shown"]["kind"] in RECORDS]


async def test_rows_of_double_publicity_come_back_as_the_same_decisions(database: Database, tmp_path: Path) -> None:
    coded = {"处罚机关统一社会信用代码": SAMR, "许可机关统一社会信用代码": SAMR}
    for number, (row, more) in enumerate(
        (
            (PENALTY_2018, {"处罚类别": "罚款;没收违法所得", "处罚依据": "《食品安全法》第一百二十四条第一款"}),
            (
                PENALTY_2018,
                {"行政处罚决定书文号": "江市监罚〔2018〕2号", "处罚类别": "警告", "公示截止期": "2030-12-31"},
            ),
            (PERMIT_2018, {}),
        )
    ):
        given = {**row, **{name: value for name, value in coded.items() if name in row}, **more}
        given["法定代表人"] = given["法定代表人身份证号"] = ""
        path = written(tmp_path, [given], name=f"{number}.csv")
        assert await load(database, DOUBLE_PUBLICITY, path, tmp_path) == Tally(1, 1, 0)
    before = await believed(database, *ORIGIN)
    counts = await export(database, tmp_path / "out", "double-publicity", Role.OPERATOR)
    assert counts == {"PENALTY": 2, "PERMIT": 1}
    await empty(database)
    for name, read in (("行政处罚.csv", 2), ("行政许可.csv", 1)):
        assert await load(database, DOUBLE_PUBLICITY, tmp_path / "out" / name, tmp_path) == Tally(read, read, 0)
    after = await believed(database, *ORIGIN)
    assert decisions(after) == decisions(before)
    assert len(decisions(before)) == 3
    assert after == before


async def test_a_decision_the_columns_cannot_say_truly_is_left_out_and_counted(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "w.yaml").write_text(ENDED, encoding="utf-8")
    outcome = await load_file(database, tmp_path / "w.yaml", person_key=PERSON_KEY, now=NOW, today=DAY)
    assert outcome.rejections == ()
    assert await export(database, tmp_path / "out", "double-publicity", Role.OPERATOR) == {"PENALTY": 1, "omitted": 7}
    (row,) = rows(tmp_path / "out" / "行政处罚.csv")
    assert {name: value for name, value in row.items() if value} == {
        "行政相对人名称": "江门甲贸易有限公司",
        "统一社会信用代码": "91440703YY000001XU",
        "行政处罚决定书文号": "罚0号",
        "处罚类别": "罚款;警告",
        "处罚金额(万元)": "5.000005",
        "处罚决定日期": "2025-06-01",
        "处罚机关": "江门市市场监督管理局",
    }
    assert rows(tmp_path / "out" / "行政许可.csv") == []


async def test_the_public_gets_published_decisions_only(database: Database, tmp_path: Path) -> None:
    await load_everything(database, tmp_path)
    seen = {}
    for role in (Role.PUBLIC, Role.OPERATOR):
        await export(database, tmp_path / role, "double-publicity", role)
        seen[role] = {row["行政处罚决定书文号"] for row in rows(tmp_path / role / "行政处罚.csv")}
    public = await database.read(
        "MATCH (n:Penalty) WHERE n.publicFrom <= $day AND n.publicTo > $day RETURN n.documentNumber AS number",
        {"day": DAY.isoformat()},
    )
    assert seen[Role.PUBLIC] == seen[Role.OPERATOR] & {each["number"] for each in public}
