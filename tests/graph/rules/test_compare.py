"""`check` and `diff` of the command: what a credit officer reads before the law changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.rules.__main__ import main
from graph.rules.compare import differences
from graph.rules.pack import FOLDER, load, read


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The pack in a folder of its own, ready to be altered."""
    for each in FOLDER.glob("*.toml"):
        shutil.copy(each, tmp_path / each.name)
    return tmp_path


def alter(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_is_read_as_the_shipped_pack_is(changed: Path) -> None:
    assert (read(changed).digest, list(differences(load(), read(changed)))) == (load().digest, [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("years = 3", "years = 4", "~ P04 2014 POST: years: 3 → 4"),
        ('"start_is_revocation"]', "]", "~ P04 2014 POST: conditions: business_licence; start_is_revocation"),
        ('anchor = "OFFENCE"', 'anchor = "DECISION"', "~ P04 2014 POST: anchor: OFFENCE → DECISION"),
        ('roles = ["LEGAL_REPRESENTATIVE"]', 'roles = ["PRINCIPAL"]', "without LEGAL_REPRESENTATIVE, also PRINCIPAL"),
        ("finding = true, ", "", "~ P04 2014 POST: finding: yes → no"),
        ('version = "2014"', 'version = "2013"', "- P04 2014 POST: gone"),
        ('valid_from = "2014-03-01"', 'valid_from = "2014-03-02"', "2014-03-01 – 2024-07-01 → 2014-03-02 – 2024-07-01"),
    ],
)
def test_every_change_is_said_in_words(changed: Path, old: str, new: str, told: str) -> None:
    alter(changed, "company.toml", old, new)
    assert any(told in line for line in differences(load(), read(changed)))


def test_changes_of_measures_and_lists_are_said(changed: Path) -> None:
    alter(changed, "measures.toml", 'effect = "RESTRICTS"', 'effect = "PROHIBITS"')
    alter(changed, "lists.toml", "joint_punishment = true", "joint_punishment = false")
    told = list(differences(load(), read(changed)))
    assert any(line.startswith("~ measure RESTRICT_CONSUMPTION") for line in told)
    assert any(line.startswith("~ list 失信被执行人") for line in told)


def test_the_command_checks_and_compares(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "P23.publishing" in capsys.readouterr().out
    assert main(["check", "ofac50"]) == 0
    assert main(["diff", "cn-credit", str(changed)]) == 0
    alter(changed, "food.toml", "years = 5", "years = 6")
    capsys.readouterr()
    assert main(["diff", "cn-credit", str(changed)]) == 1
    assert "years: 5 → 6" in capsys.readouterr().out


def test_the_command_names_file_rule_and_field(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(changed, "food.toml", "years = 5", 'years = "long"')
    assert main(["check", str(changed)]) == 1
    assert "food.toml: P12 2015: rule.0.years" in capsys.readouterr().err
    assert main(["check", "nowhere"]) == 1
    assert "no such pack" in capsys.readouterr().err
