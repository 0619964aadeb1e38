"""The command `python -m graph derive` on a home of its own: what it prints and returns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.__main__ import main as graph
from graph.store.embedded import EmbeddedOptions, Lease
from loaders.__main__ import main as loaders

WORLD = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司}
  - {id: other, kind: Enterprise, name: 江门乙贸易有限公司}
  - {id: li, kind: Person, name: 李某, adultOn: 1930-01-01}
posts: [{person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}]
records:
  - {id: o1, kind: CONSUMPTION_RESTRICTION, about: acme, documentNumber: 限1号, decidedOn: 2023-05-01}
"""
OTHER = """  - {id: o2, kind: AWARD, about: other, decidedOn: 2023-05-01}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """In use all the while: its server does not start anew for every command, which takes ten seconds."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with Lease.acquire(EmbeddedOptions(home=tmp_path / "home", heap_megabytes=512, appcds=False, long_lived=False)):
        yield str(tmp_path / "home")


def test_a_load_derives_its_measures_and_a_derivation_of_everything_finds_nothing_to_do(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = tmp_path / "w.yaml"
    world.write_text(WORLD, encoding="utf-8")
    assert loaders(["world", str(world), "--home", home]) == 0
    assert "measures: 1 causes judged, 2 written, 0 retracted" in capsys.readouterr().out
    assert graph(["derive", "--home", home]) == 0
    assert "measures: 1 causes judged, 0 written, 0 retracted" in capsys.readouterr().out


def test_an_operator_makes_two_subjects_one_and_the_measures_follow(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = tmp_path / "w.yaml"
    world.write_text(WORLD + OTHER, encoding="utf-8")
    assert loaders(["world", str(world), "--home", home]) == 0
    capsys.readouterr()
    both = ["world:w:acme", "world:w:other"]
    assert graph(["merge", *both, "--ground", "变更登记", "--home", home]) == 0
    said = capsys.readouterr().out
    assert "2 relations and 1 identifiers moved" in said
    assert "measures: 1 causes judged, 2 written, 2 retracted" in said
    assert graph(["merge", *both, "--ground", "变更登记", "--home", home]) == 2
    assert "this is one subject already" in capsys.readouterr().err
    assert graph(["split", said.partition("undo it by split ")[2].split()[0], "--home", home]) == 0
    assert "measures: 1 causes judged, 2 written, 2 retracted" in capsys.readouterr().out


def test_a_home_without_a_graph_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert graph(["derive", "--home", str(tmp_path / "home")]) == 2
    assert "not prepared" in capsys.readouterr().err
