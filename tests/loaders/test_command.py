"""The command line: what it prints, what it returns; with --dry-run no database is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.__main__ import main

GOOD = "subjects:\n  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司}\n  - {id: li, kind: Person, name: 李某}\n"
BAD = GOOD + "  - {id: x, kind: Firm, name: 甲}\n"


def run(folder: Path, *arguments: str, **files: str) -> int:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return main(["world", str(folder), "--dry-run", *arguments])


def test_everything_accepted_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, a=GOOD) == 0
    assert "read 2 = accepted 2 + rejected 0 (dry run, nothing written" in capsys.readouterr().out


def test_a_rejected_entry_is_1_and_named_with_line_key_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, a=BAD) == 1
    shown = capsys.readouterr().out
    assert f"{tmp_path / 'a.yaml'}:4: subjects.kind: 拒绝 未知代码“Firm” / rejected: unknown code “Firm”" in shown
    assert "read 3 = accepted 2 + rejected 1" in shown


def test_one_bad_file_of_several_is_1_and_the_rest_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, a=GOOD, b="[") == 1
    shown = capsys.readouterr()
    assert "line 1: not valid YAML" in shown.err and "a.yaml: read 2 = accepted 2" in shown.out


@pytest.mark.parametrize("text", ["", "[", "subjects: [{id: x, kind: Firm, name: 甲}]"])
def test_nothing_that_could_be_loaded_is_2(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, a=text) == 2


def test_a_missing_file_is_2_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["world", str(tmp_path / "none.yaml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_limit_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--max-bytes", "10", a=GOOD) == 2
    assert "the limit is 10 bytes" in capsys.readouterr().err
