"""World files as bytes: whatever cannot be read whole is refused whole, with one message that names the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.files import Unreadable
from loaders.world.get import Leaf, Pairs, ReadLimits, decode, find_files, get, parse

TEXT = "subjects:\n  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司}\n  - {id: li, kind: Person, name: 李某}\n"


def refusal(path: Path, limits: ReadLimits | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        get(path, limits or ReadLimits())
    return str(refused.value)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "case.yaml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_accepted_encoding_reads_the_same(tmp_path: Path, encoding: str) -> None:
    assert get(written(tmp_path, TEXT.encode(encoding))) == parse("case", TEXT)


def test_values_stay_the_texts_they_were_with_the_line_of_each() -> None:
    file = parse(
        "case",
        "asOf: 2026-01-01\nsubjects:\n  - id: 0440\n    on: 2012-05-01\n    none: ~\n    quoted: '~'\n    yes: no\n",
    )
    (entry,) = file.entries
    assert (entry.number, entry.section, entry.line, file.read) == (0, "subjects", 3, 1)
    assert entry.node == Pairs(
        (
            (Leaf("id", 3), Leaf("0440", 3)),
            (Leaf("on", 4), Leaf("2012-05-01", 4)),
            (Leaf("none", 5), Leaf(None, 5)),
            (Leaf("quoted", 6), Leaf("~", 6)),
            (Leaf("yes", 7), Leaf("no", 7)),
        ),
        3,
    )


def test_entries_are_numbered_over_all_sections_and_the_default_date_is_none() -> None:
    file = parse("case", "asOf: 2026-01-01\nposts: [{}, {}]\nrecords:\nsubjects: [{}]\n")
    assert [(each.number, each.section, each.line) for each in file.entries] == [
        (0, "posts", 2),
        (1, "posts", 2),
        (2, "subjects", 4),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (TEXT.encode()[:40], "line 2: not valid YAML, or the file is truncated"),
        (
            TEXT.encode()[: TEXT.encode().index("李".encode()) + 1],
            "line 3: the file is cut in the middle of a character",
        ),
        (TEXT.encode().replace("门".encode(), b"\xe9\x97"), "line 2: the file is damaged"),
        (b"\xff\xff\xff\xff", "line 1: the file is damaged, or neither UTF-8 nor GB18030"),
        (TEXT.encode("utf-16-le"), "line 2: the file is damaged, or neither UTF-8 nor GB18030"),
        ("a: 江门\nb: 江门\nc: 江门\x07\n\n\n".encode(), "line 3: a control character is not allowed"),
        (b"- a\n- b\n", "line 1: the top level must be a mapping"),
        (b"just words", "line 1: the top level must be a mapping"),
        (b"a: &x [1]\nb: *x\n", "line 2: YAML aliases are not allowed"),
        (b"a: !!python/object/apply:os.getcwd []\n", "line 1: YAML tags are not allowed"),
        (b"a: 1\n---\nb: 2\n", "line 2: a file holds one YAML document"),
        (b"a: " + b"[" * 20, "line 1: nested too deeply"),
        (b"a: " + b"[" * 100_000, "line 1: not valid YAML"),
        (b"{[a]: b}", "line 1: a key must be a text"),
        (b"a: b\n\tc: d", "line 2: not valid YAML"),
    ],
)
def test_a_bad_file_is_refused_with_one_message_and_its_line(tmp_path: Path, data: bytes, message: str) -> None:
    assert message in refusal(written(tmp_path, data))


def test_a_bomb_of_aliases_is_refused_without_growing(tmp_path: Path) -> None:
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert "line 2: YAML aliases are not allowed" in refusal(written(tmp_path, "\n".join(lines).encode()))


def test_a_file_over_the_limit_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: reading it would be 200 MB of zeros
    assert "the file is too large (200,000,000 bytes), the limit is 20,000,000 bytes" in refusal(path)


def test_the_limit_is_a_setting_and_its_own_size_still_passes(tmp_path: Path) -> None:
    data = TEXT.encode()
    path = written(tmp_path, data)
    assert get(path, ReadLimits(file_bytes=len(data))).read == 2
    assert "too large" in refusal(path, ReadLimits(file_bytes=len(data) - 1))


def test_damaged_utf8_is_never_taken_for_gb18030() -> None:
    text = "江门市蓬江区人民法院失信被执行人名单" * 20
    for cut in range(1, 60):
        data = text.encode()
        damaged = data[:cut] + data[cut + 1 :]
        with pytest.raises(Unreadable):
            decode(damaged)
    assert decode(text.encode("gb18030")) == text


def test_a_name_that_cannot_be_a_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a:b.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert "no blank, colon or bar" in refusal(path)


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        find_files(tmp_path / "none.yaml")
    with pytest.raises(Unreadable, match=r"no \.yaml, \.yml file"):
        find_files(tmp_path)


def test_a_folder_gives_its_world_files_by_name_and_refuses_two_of_one_source(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "note.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [each.name for each in find_files(tmp_path)] == ["a.yml", "b.yaml"]
    (tmp_path / "b.yml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(Unreadable, match="replace each other: b"):
        find_files(tmp_path)
