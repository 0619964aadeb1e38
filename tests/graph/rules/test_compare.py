"""`check` and `diff` of the command: what a credit officer reads before the law changes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph import publication
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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'ORDINARY = "1y"',
            'ORDINARY = "2y"',
            ["~ publication 公示 双公示 2017: longest: ORDINARY 一般: 12 → 24 months"],
        ),
        (
            'unpublished = ["WARNING", "CRITICISM"]',
            'unpublished = ["WARNING", "FINE"]',
            ["~ publication 公示 双公示 2017: unpublished: without CRITICISM, also FINE"],
        ),
        (
            'valid_from = "2017-07-31"',
            'valid_from = "2017-08-01"',
            ["~ publication 公示 双公示 2017: validity: 2017-07-31 – 2019-07-01 → 2017-08-01 – 2019-07-01"],
        ),
        (
            'name = "双公示 2017"',
            'name = "双公示"',
            ["- publication 公示 双公示 2017: gone", "+ publication 公示 双公示: new, from 2017-07-31"],
        ),
        ("withdraw_days = 3", "withdraw_days = 5", ["~ publication 公示: withdraw_days: 3 → 5"]),
        (', "TRAINING"]', "]", ["~ publication 公示: never: without TRAINING"]),
    ],
)
def test_changes_of_publication_are_said(changed: Path, old: str, new: str, told: list[str]) -> None:
    alter(changed, "publication.toml", old, new)
    assert list(differences(load(), read(changed))) == told


def test_a_pack_without_windows_has_lost_them(changed: Path) -> None:
    (changed / "publication.toml").unlink()
    assert list(differences(load(), read(changed))) == ["- publication 公示"]
    assert list(differences(read(changed), load())) == ["+ publication 公示"]


@pytest.mark.parametrize("asked", [["check"], ["diff", "cn-credit"]])
def test_windows_that_cannot_be_read_are_refused_by_both(
    changed: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    alter(changed, "publication.toml", 'ORDINARY = "1y"', 'ORDINARY = "banana"')
    told = "publication.toml: 双公示 2017: max.ORDINARY: not a length like 3m or 1y: 'banana'\n"
    assert (main([*asked, str(changed)]), capsys.readouterr()) == (1, ("", told))


def test_the_command_tells_the_windows_of_the_pack(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(changed, "publication.toml", 'ORDINARY = "1y"', 'ORDINARY = "2y"')
    assert main(["check", str(changed)]) == 0
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("publication 公示")]
    assert found[0] == (
        "publication 公示 2017-07-31 – 2019-07-01   SECONDARY  双公示 2017: "
        "ORDINARY 24 months, SERIOUS 36 months, VERY_SERIOUS 36 months"
    )
    assert len(found) == len(publication.load().regimes)


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        ended = subprocess.run([sys.executable, "-m", "graph.rules", "check"], stdout=gone, stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (-signal.SIGPIPE, b"")
