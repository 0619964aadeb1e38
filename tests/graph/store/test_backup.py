"""A backup holds all of a graph, is checked before anything is touched, and brings back exactly what was there."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.__main__ import main as graph
from graph.store.embedded import EmbeddedOptions, Lease
from loaders.__main__ import main as loaders
from tests.graph.store.embedded.observed import connected, ready

WORLD = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}
  - {id: li, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}}
posts: [{person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}]
records:
  - {id: o1, kind: CONSUMPTION_RESTRICTION, about: acme, documentNumber: 限1号, decidedOn: 2023-05-01}
"""
EVERYTHING = """
CALL () {
  MATCH (n) RETURN [labels(n), properties(n)] AS told
  UNION ALL
  MATCH (a)-[r]->(b) RETURN [type(r), properties(r), properties(a), properties(b)] AS told
}
RETURN told"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own with a small graph in it."""
    where = tmp_path_factory.mktemp("backup")
    (where / "w.yaml").write_text(WORLD, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEO4J_URI", raising=False)
        patch.setenv("CREDITGRAPH_HEAP_MB", "512")
        assert loaders(["world", str(where / "w.yaml"), "--home", str(where / "home")]) == 0
        yield where


def checksum(lease: Lease) -> str:
    """Of every node and relation with all its labels and properties, in any order."""
    with connected(lease.address()) as driver:
        found, _, _ = driver.execute_query(EVERYTHING)
    lines = sorted(json.dumps(each["told"], sort_keys=True, ensure_ascii=False) for each in found)
    assert len(lines) > 20
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def entered(home: Path) -> Lease:
    return Lease.acquire(EmbeddedOptions(home=home, heap_megabytes=512, appcds=False, long_lived=False))


def test_a_backup_beside_a_user_and_its_restore_elsewhere_give_the_same_graph(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, other, file = folder / "home", folder / "other", folder / "a.backup"
    with entered(home) as user:
        before, jvm = checksum(user), ready(home).jvm
        assert graph(["backup", str(file), "--home", str(home)]) == 0
        user.revive(60)  # what every user does whose connection was cut
        assert ready(home).jvm != jvm
        assert checksum(user) == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert graph(["backup", str(file), "--home", str(home)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert sorted(each.name for each in folder.iterdir()) == ["a.backup", "home", "w.yaml"]

    assert graph(["restore", str(file), "--home", str(other)]) == 0
    assert (other / "person.key").read_text() == (home / "person.key").read_text()
    assert stat.S_IMODE((other / "person.key").stat().st_mode) == 0o600
    assert not [each for each in ("restoring", "restoring.now", "replaced") if (other / each).exists()]
    with entered(other) as user:
        assert checksum(user) == before
        assert graph(["restore", str(file), "--home", str(other), "--replace"]) == 2  # somebody is in there
        assert "is in use" in capsys.readouterr().err
    assert loaders(["world", str(folder / "w.yaml"), "--home", str(other)]) == 0
    assert "loaded 0 + unchanged 4" in capsys.readouterr().out


def test_what_is_no_backup_or_not_whole_is_refused_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, file, bad = folder / "home", folder / "a.backup", folder / "bad.backup"
    untouched = sorted(str(each) for each in (home / "data").rglob("*"))
    whole = file.read_bytes()

    def refused(content: bytes) -> str:
        bad.write_bytes(content)
        assert graph(["restore", str(bad), "--home", str(home), "--replace"]) == 2
        return capsys.readouterr().err

    assert "damaged" in refused(whole[: len(whole) // 2])
    assert "no backup" in refused(b"subjects: []")
    place = len(whole) // 3
    assert "damaged" in refused(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    for name, value in (("server", "2199.01.0"), ("sha256", "0" * 64), ("person_key", "0" * 32)):
        assert ("newer" if name == "server" else "checksum") in refused(altered(file, name, value))
    assert "no such file" in _refused_missing(folder, capsys)
    assert graph(["restore", str(file), "--home", str(home)]) == 2
    assert "holds a graph" in capsys.readouterr().err
    assert sorted(str(each) for each in (home / "data").rglob("*")) == untouched


def _refused_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert graph(["restore", str(folder / "none"), "--home", str(folder / "home")]) == 2
    return capsys.readouterr().err


def altered(file: Path, name: str, value: str | int) -> bytes:
    """The same backup with another word in its manifest."""
    changed = file.with_name("altered")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            if each == "manifest.json":
                content = json.dumps({**json.loads(content), name: value}).encode()
            new.writestr(each, content)
    found = changed.read_bytes()
    os.unlink(changed)
    return found


def test_a_restored_graph_that_is_not_the_one_of_the_manifest_is_taken_out_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, wrong = folder / "home", folder / "wrong.backup"
    with entered(home) as user:
        before = checksum(user)
    wrong.write_bytes(altered(folder / "a.backup", "version", 10**6))
    assert graph(["restore", str(wrong), "--home", str(home), "--replace"]) == 2
    assert "not the one of the manifest" in capsys.readouterr().err
    with entered(home) as user:
        assert checksum(user) == before
    assert not (home / "replaced").exists()


def test_a_home_without_a_graph_and_a_server_of_ones_own_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    assert graph(["backup", str(tmp_path / "f"), "--home", str(tmp_path / "none")]) == 2
    assert "not prepared" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    for command in ("backup", "restore"):
        assert graph([command, str(tmp_path / "f")]) == 2
        assert "docs/backup.md" in capsys.readouterr().err
