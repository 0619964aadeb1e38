"""docs/frontend.md before the tools of a frontend: its types are generated and checked, its Apollo cache reads the API.

The project of the test is the guide's own samples, and `reading.ts`, which asks through them.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from docs.pages import ROOT, page
from graph.periods import SHANGHAI
from graph.store.address import Address
from graph.store.connection import Database
from loaders.world.load import DEMO, Outcome, load_file
from schema.__main__ import COMMITTED
from tests.conftest import PERSON_KEY
from tests.serving import Running, prepared_home, running, token, with_database

HERE = Path(__file__).parent
GUIDE = page("docs/frontend.md")
CODEGEN = "node_modules/@graphql-codegen/cli/esm/bin.js --config codegen.ts"
TSC = "node_modules/typescript/bin/tsc --project tsconfig.json"
PERSISTED = Path("src/gql/persisted-documents.json")


def run(command: str, node: str, folder: Path, *more: str) -> str:
    done = subprocess.run([node, *command.split(), *more], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples of the guide as a project: types generated, everything type-checked and compiled."""
    folder = tmp_path_factory.mktemp("frontend")
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    shutil.copy(HERE / "tsconfig.json", folder)
    shutil.copy(COMMITTED, folder / "schema.graphql")
    (folder / "documents").mkdir()
    (folder / "src").mkdir()
    shutil.copy(HERE / "reading.ts", folder / "src")
    named = [each for each in GUIDE.of("graphql") if re.search(r"^(query|fragment) \w", each, re.MULTILINE)]
    for number, text in enumerate(named):
        (folder / "documents" / f"{number:02}.graphql").write_text(text, encoding="utf-8")
    for name, text in GUIDE.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    run(CODEGEN, node, folder)
    run(TSC, node, folder)
    return folder


@pytest.fixture(scope="module")
def served(server: Address, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo world, served with the documents the guide's code generation made."""

    async def load(database: Database) -> Outcome:
        now = datetime.now(SHANGHAI)
        return await load_file(database, DEMO, person_key=PERSON_KEY, now=now, today=now.date())

    home = prepared_home(server, tmp_path_factory.mktemp("home"))
    assert with_database(server, load).rejections == ()
    with running(server, home, CREDITGRAPH_DOCUMENTS=str(project / PERSISTED)) as found:
        yield found


@pytest.fixture(scope="module")
def seen(node: str, project: Path, served: Running) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run("out/src/reading.js", node, project, served.url, token(served.home, "GOVERNMENT"))
    )
    return found


def test_every_sample_is_generated_and_no_scalar_is_left_open(project: Path) -> None:
    generated = (project / "src/gql/graphql.ts").read_text(encoding="utf-8")
    named = set(re.findall(r"^query (\w+)", "\n".join(GUIDE.of("graphql")), re.MULTILINE))
    assert {f"{each}Document" for each in named} <= set(re.findall(r"export const (\w+) =", generated))
    assert re.search(r"\bany\b", generated) is None
    assert "registeredCapital: string | null" in generated


def test_a_firm_on_two_dates_keeps_both_names_in_the_cache(seen: dict[str, Any]) -> None:
    assert seen["twoDates"] == {
        "ids": 1,
        "names": ["新会戊木业有限公司", "江门戊实业有限公司"],
        "read": ["新会戊木业有限公司", "江门戊实业有限公司"],
        "representatives": [["郑*"], ["吴*"]],
        "requests": 0,
    }


def test_without_the_variable_on_the_field_the_cache_shows_one_name_on_both_dates(seen: dict[str, Any]) -> None:
    assert seen["withoutVariables"] == ["江门戊实业有限公司", "江门戊实业有限公司"]


def test_pages_merge_in_order_without_duplicates_and_apart_by_date(seen: dict[str, Any], served: Running) -> None:
    def names(day: str) -> list[str]:
        asked = f'{{ enterprises(first: 100, orderBy: [{{field: NAME}}], asOf: "{day}") {{ nodes {{ name }} }} }}'
        return [each["name"] for each in served.ask(asked)[1]["data"]["enterprises"]["nodes"]]

    whole = names("2026-01-01")
    assert seen["pages"]["names"] == whole
    assert seen["pages"]["turned"] == -(-len(whole) // 4) > 1
    assert seen["pages"]["otherDay"] == names("2009-01-01") != whole


def test_two_versions_of_a_rule_stay_apart_by_the_policy_of_the_guide_and_only_by_it(seen: dict[str, Any]) -> None:
    (applied,), (considered,) = seen["rules"]["applied"], seen["rules"]["considered"]
    assert applied[0] == considered[0] == "P07"
    assert applied[1] != considered[1]
    assert seen["rulesAsEntities"]["applied"] == seen["rulesAsEntities"]["considered"]


def test_the_generated_documents_are_what_the_server_trusts(project: Path, served: Running) -> None:
    documents = json.loads((project / PERSISTED).read_text(encoding="utf-8"))
    identity = next(key for key, text in documents.items() if "query FirmOnDay(" in text)
    asked = {"documentId": identity, "variables": {"identifier": "91440700YY00001677", "asOf": "2020-01-01"}}
    status, _, body = served.post(json.dumps(asked))
    assert (status, body["data"]["enterprise"]["name"]) == (200, "新会戊木业有限公司")


def test_the_commands_of_the_guide_answer(served: Running) -> None:
    lines = [line for block in GUIDE.of("sh") for line in block.splitlines()]
    assert "make serve" in lines[0]
    asked = [shlex.split(line) for line in lines if line.startswith("curl ")]
    answers = []
    for each in asked:
        assert each[:3] == ["curl", "-s", "http://127.0.0.1:8000/graphql"]
        told = [each[i + 1].split(": ", 1) for i, word in enumerate(each) if word == "-H"]
        headers = {name: value.replace("$TOKEN", token(served.home, "GOVERNMENT")) for name, value in told}
        status, _, body = served.post(each[each.index("-d") + 1], headers)
        answers.append((status, "errors" in body, all(body["data"].values())))
    assert answers == [(200, False, True)] * 2
    (made,) = (shlex.split(line, comments=True) for line in lines if line.startswith("python "))
    command = [sys.executable, made[1], "--home", str(served.home), *made[2:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    headers = {"Authorization": f"Bearer {done.stdout.strip()}"}
    assert served.ask("{ viewer { role } }", headers)[1]["data"] == {"viewer": {"role": "GOVERNMENT"}}
