"""The command line: what it prints, what it returns; with --dry-run no database is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.__main__ import main
from tests.loaders.tabular import POST, written

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


@pytest.mark.parametrize(("source", "suffix"), [("posts", "csv"), ("ftm", "jsonl"), ("world", "yaml")])
def test_a_file_that_cannot_be_read_is_told_and_the_rest_of_the_folder_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, suffix: str
) -> None:
    good = written(tmp_path, [POST], f"b.{suffix}")
    if source != "posts":
        good.write_text(GOOD if source == "world" else FIRM, encoding="utf-8")
    (tmp_path / f"a.{suffix}").symlink_to("/proc/self/mem")  # opens, and answers no read: not even to root
    assert main([source, str(tmp_path), "--dry-run"]) == 1
    shown = capsys.readouterr()
    assert f"a.{suffix}: 无法读取文件,请检查权限 / the file cannot be read" in shown.err
    assert f"b.{suffix}: read " in shown.out


FIRM = '{"id": "c", "schema": "Company", "properties": {"name": ["甲"]}}'


def test_what_a_folder_holds_beside_the_files_that_are_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, [POST], "posts.csv")
    for name in ("说明.docx", "old.et", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "2025").mkdir()
    assert main(["posts", str(tmp_path), "--dry-run"]) == 0
    assert f"{tmp_path}: 未读取 / not read: 2025/, old.et, 说明.docx\n" in capsys.readouterr().out
