"""docs/frontend.md kept true: every query of it is asked by the role it names, and refused where it says so.

What it shows in TypeScript is run by tests/web.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, build_schema, parse, visit

from docs.pages import Asked, page
from graph.codes import Role
from graph.errors import GraphError
from graph.store.connection import Database
from loaders.world.load import DEMO, load_file
from schema.__main__ import COMMITTED
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
GUIDE = page("docs/frontend.md")
SCHEMA = build_schema(COMMITTED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
async def asking(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asking:
    outcome = await load_file(standing_database, DEMO, person_key=PERSON_KEY, now=NOW, today=NOW.date())
    assert outcome.rejections == ()
    return Asking(standing_database, tmp_path_factory.mktemp("guide"))


def title(asked: Asked) -> str:
    return asked.name or "-".join(asked.refused or ("query",))


@pytest.mark.parametrize("asked", GUIDE.asked, ids=title)
async def test_every_query_of_the_guide_is_answered_as_it_says(asking: Asking, asked: Asked) -> None:
    body = (await asking.execute(asked.text, asked.variables, asked.role)).body
    errors = [(each["extensions"]["code"], each["extensions"].get("argument")) for each in body.get("errors", [])]
    assert errors == ([asked.refused] if asked.refused else [])
    if asked.refused is None:
        assert [path for path, value in empty(body["data"]) if value] == [], body


def empty(data: Any, path: str = "") -> list[tuple[str, bool]]:
    """Root fields that answer nothing: a sample that finds nothing teaches nothing."""
    assert isinstance(data, dict)
    return [(f"{path}{key}", value in (None, [], {"edges": []}, {"nodes": []})) for key, value in data.items()]


async def test_the_guide_says_what_the_public_sees(asking: Asking) -> None:
    (asked,) = (each for each in GUIDE.asked if title(each) == "AsThePublic")
    data = await asking.ask(asked.text, asked.variables, Role.PUBLIC)
    person = data["person"]
    assert (person["name"], person["adultOn"], "adultOn" in person["withheld"]) == ("李*", None, True)
    assert [each["value"] for each in person["identifiers"] if each["masked"]] == ["440785********0010"]
    assert data["reach"]["considered"] is None


def test_the_guide_lists_every_code() -> None:
    codes = {GraphError.code, *(each.code for each in GraphError.__subclasses__())}
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE.text, re.MULTILINE)) - {each.value for each in Role} == codes


class Bare(Visitor):
    """Collects the fields that take a date their operation knows and do not have it."""

    def __init__(self, kinds: TypeInfo, told: set[str]) -> None:
        super().__init__()
        self.kinds, self.told, self.found = kinds, told, set[tuple[str, str]]()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        definition = self.kinds.get_field_def()
        takes = set(definition.args) & self.told if definition else set()
        self.found |= {(node.name.value, each) for each in takes - {given.name.value for given in node.arguments or ()}}


@pytest.mark.parametrize("asked", [each for each in GUIDE.asked if each.refused is None], ids=title)
def test_every_dated_field_of_the_guide_has_its_dates(asked: Asked) -> None:
    """What a normalising cache needs: the variables stand on the fields themselves, in fragments too."""
    kinds = TypeInfo(SCHEMA)
    bare = Bare(kinds, {each for each in ("asOf", "knownAt") if f"${each}:" in asked.text})
    visit(parse(asked.text), TypeInfoVisitor(kinds, bare))
    assert bare.found == set()
