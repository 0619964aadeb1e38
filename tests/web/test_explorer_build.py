"""The committed explorer is what its sources build; its own unit tests pass; it stays small, and asks what it may."""

from __future__ import annotations

import filecmp
import gzip
import os
import re
import subprocess
from pathlib import Path

from graph.codes import PenaltyType, Role
from graph.words import CHINESE
from schema.documents import Documents
from schema.limits import limits_of
from schema.observing import Unobserved
from schema.reader import PUBLIC, Reader
from schema.served import build_schema
from schema.trusted import load_trusted

WEB = Path(__file__).parent.parent.parent / "web"
BUILT = WEB / "static" / "explorer"
GZIPPED_BYTES = 60_000


def test_the_committed_files_are_those_the_sources_build(web: Path, tmp_path: Path) -> None:
    told = {**os.environ, "EXPLORER_OUT": str(tmp_path)}
    made = subprocess.run(["npm", "run", "explorer"], cwd=web, env=told, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == sorted(each.name for each in BUILT.iterdir())
    _, differing, missing = filecmp.cmpfiles(BUILT, tmp_path, names, shallow=False)
    assert (differing, missing) == ([], []), "npm run explorer in web/, and commit web/static"


def test_scene_layout_and_export_do_what_they_say(web: Path) -> None:
    run = subprocess.run(["npm", "test"], cwd=web, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_page_is_small() -> None:
    """What a browser loads; the documents beside it are the server's."""
    loaded = [each for each in BUILT.iterdir() if each.name != "documents.json"]
    assert sum(len(gzip.compress(each.read_bytes())) for each in loaded) <= GZIPPED_BYTES


def test_no_page_names_an_outside_address() -> None:
    """But for the names of XML's own vocabularies, which nobody asks."""
    found = {
        address
        for each in BUILT.iterdir()
        for address in re.findall(r"https?://[\w.-]+", each.read_text(encoding="utf-8"))
    }
    assert found <= {"http://www.w3.org"}


def test_every_document_is_known_by_its_hash_and_may_be_asked_by_everybody() -> None:
    trusted = load_trusted(BUILT / "documents.json")
    documents = Documents(build_schema()._schema, limits_of, Unobserved())
    pages = {"first": 30, "texts": ["x"] * 50, "bidders": ["x"] * 50, "between": ["x"] * 10, "changes": [{}]}
    for text in trusted.by_id.values():
        for reader in (PUBLIC, Reader(Role.GOVERNMENT)):
            checked = documents.checked(text, reader)
            assert checked.cost(limits_of(reader.role), pages, None) <= limits_of(reader.role).cost
    asked = (BUILT / "index.js").read_text(encoding="utf-8")
    assert {each for each in trusted.by_id if each in asked} == set(trusted.by_id)
    assert "fragment Thing" not in asked


def test_no_source_is_long() -> None:
    lines = {each.name: len(each.read_text(encoding="utf-8").splitlines()) for each in (WEB / "explorer").rglob("*.ts")}
    assert {name: count for name, count in lines.items() if count >= 400} == {}


def test_sorts_of_penalties_have_the_words_of_the_graph() -> None:
    words = (WEB / "explorer" / "src" / "words.ts").read_text(encoding="utf-8")
    (pairs,) = re.findall(r"const PENALTIES = paired\(\s*`([^`]*)`", words)
    assert dict(each.split(" ") for each in pairs.split("|")) == CHINESE[PenaltyType]
