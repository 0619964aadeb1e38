"""The README kept true: its queries run on the demo world, its settings are all settings, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.store.connection import Database
from loaders.world.load import DEMO, load_file
from settings import table
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)


async def test_every_query_of_the_readme_is_answered_on_the_demo_world(database: Database, tmp_path: Path) -> None:
    asking = Asking(database, tmp_path)
    outcome = await load_file(database, DEMO, person_key=PERSON_KEY, now=NOW, today=NOW.date())
    assert (outcome.rejections, len(QUERIES)) == ((), 6)
    for query in QUERIES:
        data = await asking.ask(query)
        assert all(data.values()), (query, data)


async def test_the_first_query_of_the_readme_says_what_its_picture_shows(database: Database, tmp_path: Path) -> None:
    asking = Asking(database, tmp_path)
    await load_file(database, DEMO, person_key=PERSON_KEY, now=NOW, today=NOW.date())
    found = (await asking.ask(QUERIES[0]))["reach"]
    assert {(each["party"]["name"], each["certainty"], each["until"]) for each in found["measures"]} == {
        ("李明远", "FOUND", "2027-09-03"),
        ("江门乙商贸有限公司", "FOUND", "2027-09-03"),
    }
    assert ("王秀兰", "ROLE_NOT_IN_RULE") in {(each["party"]["name"], each["failed"]) for each in found["considered"]}


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
