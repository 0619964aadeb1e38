"""The README kept true: its queries run on the demo world, its settings are all settings, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.pages import ROOT, page
from docs.pictures.pictures import drawn
from graph.store.connection import Database
from loaders.__main__ import SOURCES
from loaders.world.load import DEMO, load_file
from settings import table
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
PAGE = page("README.md")
README = PAGE.text


async def test_every_query_of_the_readme_is_answered_and_its_picture_shows_the_answer(
    database: Database, tmp_path: Path
) -> None:
    asking = Asking(database, tmp_path)
    outcome = await load_file(database, DEMO, person_key=PERSON_KEY, now=NOW, today=NOW.date())
    assert outcome.rejections == ()
    answers = {each.name: await asking.ask(each.text, each.variables, each.role) for each in PAGE.asked}
    assert [query for query, data in answers.items() if not all(data.values())] == []
    stale = [
        name
        for name, asked in PAGE.pictures.items()
        if drawn(name, asked.text, answers[asked.name]) != (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")
    ]
    assert stale == [], "make serve; python -m docs.pictures ADDRESS/graphql TOKEN"
    assert [each["length"] for each in answers["Connected"]["links"]["paths"]] == [3, 3, 4]
    together = answers["Together"]["bidConflicts"]
    assert [(each["rule"]["id"], "".join(one["name"][2] for one in each["bidders"])) for each in together] == [
        ("K1", "丙戊"),
        ("K1", "己乙"),
        ("K2", "丙戊"),
        ("K2", "己乙"),
        ("K4", "乙"),  # a fine: whether it is a large one is open
        ("K4", "丁"),
    ]
    found = answers["Reach"]["reach"]
    assert {(each["party"]["name"], each["certainty"], each["until"]) for each in found["measures"]} == {
        ("李明远", "FOUND", "2027-09-03"),
        ("李明远", "FOUND", None),  # 商业银行法 27: no term
        ("江门乙商贸有限公司", "FOUND", "2027-09-03"),
    }
    owners = answers["Owners"]["enterprise"]
    assert [(each["subject"]["name"], each["basis"], each["ultimate"]) for each in owners["controllers"]] == [
        ("孙立", "DECLARED", True),
        ("江门庚投资控股有限公司", "EQUITY", True),
        ("江门乙商贸有限公司", "EQUITY", False),
        ("江门己机械股份有限公司", "EQUITY", False),
    ]
    assert {each["voting"] for each in owners["controllers"]} == {"66.666667"}
    assert [(each["person"]["name"], each["integrated"]) for each in owners["beneficialOwners"]] == [
        ("李明远", "33.333333"),
        ("孙立", "26.666667"),
    ]
    assert ("王秀兰", "ROLE_NOT_IN_RULE") in {(each["party"]["name"], each["failed"]) for each in found["considered"]}


def test_the_readme_has_eight_questions_five_with_a_picture() -> None:
    assert [each.name for each in PAGE.asked] == [
        *("Reach", "Check", "Then", "Around", "Bidders", "Owners", "Connected", "Together")
    ]
    committed = {path.stem for path in (ROOT / "docs").glob("*.svg")}
    assert committed == set(PAGE.pictures) == {"reach", "check", "then", "around", "bidders"}


def test_every_source_of_the_loaders_stands_in_the_readme_with_its_command() -> None:
    named = set(re.findall(r"^\| `([a-z-]+)` \| .* \| `\.venv/bin/python -m loaders \1 ", README, re.MULTILINE))
    assert named == {*(each.name for each in SOURCES), "city"}


def test_every_setting_stands_in_the_readme_as_it_is() -> None:
    missing = []
    for row in table():
        flag, default = (f"`{each}`" if each else "" for each in (row.flag, row.default))
        line = f"| `{row.variable}` | {flag} | {default} | {row.zh} / {row.en} |"
        if line not in README:
            missing.append(line)
    assert missing == []


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z-]+)(?:`| {2,})", README))
    assert {each for each in named if f"\n{each}:" not in makefile} == set()
