"""The bid check as a workbook: what it holds is what the API answers the same reader, and no cell is a formula."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from graph.store.address import Address
from schema.workbook import CELL, MEDIA, written
from tests.serving import Client, serving

BIDDERS = ["world:demo:yi", "world:demo:acme", "world:demo:bing", "world:demo:wu"]
ASKED = {"bidders": BIDDERS, "asOf": "2025-06-01", "lang": "ZH"}
CONFLICTS = """query($bidders: [ID!]!) { bidConflicts(bidders: $bidders, asOf: "2025-06-01") {
  certainty rule { id } bidders { name } path { proves provenance { source } }
} }"""
WORDS = {"EX_LEGE": "依法当然", "NAMED": "决定点名", "FOUND": "已有认定", "POTENTIAL": "待认定"}


@pytest.fixture(scope="module")
def client(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(server, tmp_path_factory.mktemp("workbook"), body_bytes=20_000) as found:
        yield found


def sheets(content: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in book.sheet_names]


@pytest.mark.parametrize("role", ["PUBLIC", "GOVERNMENT"])
def test_its_rows_are_what_the_api_answers_the_same_reader(client: Client, role: str) -> None:
    reply = client.http.post("/bids.xlsx", json=ASKED, headers=client.headers(role))
    assert (reply.status_code, reply.headers["content-type"]) == (200, MEDIA)
    assert reply.headers["content-disposition"] == 'attachment; filename="bidders.xlsx"'
    assert reply.headers["cache-control"] == "no-store"
    together, asked = sheets(reply.content)
    conflicts = client.ask(CONFLICTS, {"bidders": BIDDERS}, role)["data"]["bidConflicts"]
    assert len(conflicts) > 1
    day, known, note, heads, *rows = together
    assert (day[:2], known[0], note[0]) == (["法律日期", "2025-06-01"], "数据时点", "未列出不等于没有关联。")
    assert heads == ["投标人", "规则", "确定程度", "依据", "路径", "来源"]
    assert [[each[0], each[1].split(" ")[0], each[2], each[4], each[5]] for each in rows] == [
        [
            "; ".join(bidder["name"] for bidder in each["bidders"]),
            each["rule"]["id"],
            WORDS[each["certainty"]],
            "; ".join(step["proves"] for step in each["path"]),
            "; ".join(dict.fromkeys(step["provenance"]["source"] for step in each["path"])),
        ]
        for each in conflicts
    ]
    named = {each[0] for each in asked[4:]}
    assert named == {"江门乙商贸有限公司", "江门甲贸易有限公司", "江门丙建筑工程有限公司", "江门戊实业有限公司"}


def test_it_speaks_english_too(client: Client) -> None:
    reply = client.http.post("/bids.xlsx", json={**ASKED, "lang": "EN"}, headers=client.headers("GOVERNMENT"))
    together, asked = sheets(reply.content)
    assert together[3] == ["Bidders", "Rule", "Certainty", "Basis", "Path", "Source"]
    assert asked[3] == ["Name", "Number", "Id"]


def test_no_cell_is_a_formula_or_a_link(client: Client, tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://evil.example","x")'
    world = tmp_path / "hostile.yaml"
    world.write_text(
        f"subjects:\n  - {{id: a, kind: Enterprise, name: {json.dumps(hostile)}}}\n"
        "  - {id: b, kind: Enterprise, name: '@SUM(1)'}\n"
        "holdings:\n  - {holder: a, organization: b, share: '80', from: 2020-01-01}\n",
        encoding="utf-8",
    )
    assert client.load(world).rejections == ()
    asked = {"bidders": ["world:hostile:a", "world:hostile:b"]}
    reply = client.http.post("/bids.xlsx", json=asked, headers=client.headers("GOVERNMENT"))
    together, named = sheets(reply.content)
    assert together[4][0] == f"{hostile}; @SUM(1)"
    assert [each[0] for each in named[4:]] == [hostile, "@SUM(1)"]
    with zipfile.ZipFile(BytesIO(reply.content)) as archive:
        parts = [archive.read(each).decode() for each in archive.namelist() if each.endswith(".xml")]
    assert [each for each in parts if "<f>" in each or "<hyperlink" in each] == []


def test_what_is_cut_or_too_long_for_a_cell_says_so() -> None:
    step = {"proves": "长" * CELL + "尾", "provenance": {"source": "s"}}
    rule: dict[str, Any] = {"id": "K2", "part": None, "version": "1", "title": "t", "basis": []}
    conflict = {"certainty": "EX_LEGE", "rule": rule, "bidders": [{"name": "甲"}], "path": [step]}
    told = {
        "asOf": "2025-06-01",
        "knownAt": "2025-06-01T00:00:00+08:00",
        "cut": [{"field": "bidConflicts", "most": 500}],
    }
    content = written({"resolve": None, "bidConflicts": [conflict]}, told, {}, english=False)
    together, asked = sheets(content)
    assert together[3][:2] == ["已达上限,未全部列出: bidConflicts", "500"]
    assert together[5][4] == "长" * CELL + "…"
    assert len(asked) == 5  # what stands above, and no bidder


def refusal(client: Client, body: Any, role: str = "GOVERNMENT") -> tuple[int, str, str | None]:
    reply = client.http.post("/bids.xlsx", json=body, headers=client.headers(role))
    (error, *_) = reply.json()["errors"]
    return reply.status_code, error["extensions"]["code"], error["extensions"].get("argument")


def test_bad_input_is_refused_by_name(client: Client) -> None:
    assert refusal(client, ["world:demo:yi"]) == (400, "BAD_USER_INPUT", "body")
    assert refusal(client, {})[:2] == (400, "BAD_USER_INPUT")
    assert refusal(client, {"bidders": "world:demo:yi; world:demo:acme"})[:2] == (400, "BAD_USER_INPUT")
    assert refusal(client, {**ASKED, "asOf": "yesterday"})[:2] == (400, "BAD_USER_INPUT")
    assert refusal(client, {**ASKED, "lang": "FR"})[:2] == (400, "BAD_USER_INPUT")
    assert refusal(client, {**ASKED, "bidders": [f"ent_{at}" for at in range(200)]})[:2] == (400, "LIMIT_EXCEEDED")
    assert refusal(client, {**ASKED, "bidders": ["x" * 30_000]}) == (413, "LIMIT_EXCEEDED", "body")
    wrong = client.http.post("/bids.xlsx", json=ASKED, headers={"Authorization": "Bearer expired"})
    assert (wrong.status_code, wrong.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert client.http.get("/bids.xlsx").status_code == 405
    assert client.http.post("/bids.xlsx", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.http.post("/bids.xlsx", data=ASKED).status_code == 415
