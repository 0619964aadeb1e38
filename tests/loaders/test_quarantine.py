"""Quarantined rows: listed, downloaded as the same table, and closed by the file that corrects them."""

from __future__ import annotations

import csv
import stat
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from graph.periods import SHANGHAI
from loaders.__main__ import main
from loaders.entries import Quarantined
from loaders.quarantine import write
from loaders.tables import ledger
from loaders.tables.command import TabularSource
from loaders.tables.entries import Context, entries
from loaders.tables.layout import QUARANTINE_COLUMNS
from loaders.tables.quarantine import Quarantine
from tests.loaders.catalogued import ITEMS, SOURCE_OF
from tests.loaders.tabular import KEY, POST, POSTS, WANG, Rows, workbook, written

FIRST = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)
BAD: Mapping[str, str] = {**POST, "姓名": "王某", "证件类型": "", "证件号码": "", "职务": "吉祥物"}


def hand_in(source: TabularSource, path: Path, home: Path, days: int) -> frozenset[str]:
    """What a load does with refused rows, without a database: kept, and closed where the file corrects them."""
    now = FIRST + timedelta(days=days)
    table, _ = source.open(path)
    waiting, _ = ledger.rows_near(home, source.name, table, path.stem)
    quarantine = Quarantine(home, source.name, path.stem, now, table.header)
    refused = [
        each
        for each in entries(table, source.build, Context(KEY), lambda number, remark: None)
        if isinstance(each, Quarantined)
    ]
    for each in refused:
        quarantine.keep(each)
    quarantine.close()
    closed = ledger.settled(waiting, table, path.stem, {each.number for each in refused})
    if closed:
        ledger.close(home, source.name, closed, path.name, now)
    return closed


def waiting(home: Path, source: TabularSource = POSTS) -> list[tuple[str, int, str]]:
    return [(each.file, each.number, each.column) for each in ledger.open_rows(home, source.name).values()]


def corrected(path: Path, column: str, cell: str, target: Path) -> Path:
    """A downloaded CSV with one cell of its first row typed anew."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index(column)] = cell
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return target


def test_the_same_row_refused_again_is_one_open_row(tmp_path: Path) -> None:
    path = written(tmp_path, [POST, BAD], "posts.csv")
    for days in (0, 1):
        assert hand_in(POSTS, path, tmp_path, days) == frozenset()
        assert waiting(tmp_path) == [("posts", 3, "职务")]


def test_a_downloaded_row_closes_when_it_comes_back_right(tmp_path: Path) -> None:
    hand_in(POSTS, written(tmp_path, [POST, BAD, {**BAD, "姓名": "赵某"}], "posts.csv"), tmp_path, 0)
    (download,) = write(tuple(ledger.open_rows(tmp_path, "posts").values()), tmp_path / "open.csv")
    assert stat.S_IMODE(download.stat().st_mode) == 0o600
    with download.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [*QUARANTINE_COLUMNS, *POST]
    assert [(row[0], row[1], row[4]) for row in rows[1:]] == [("3", "职务", "王某"), ("4", "职务", "赵某")]
    assert all("吉祥物" in row[2] and " / " in row[2] for row in rows[1:])
    back = corrected(download, "职务", "监事", tmp_path / "back.csv")
    assert len(hand_in(POSTS, back, tmp_path, 1)) == 1
    assert [each[1] for each in waiting(tmp_path)] == [3]  # 赵某 came back as he was: row 3 of that file now
    assert [each.cells[0] for each in ledger.open_rows(tmp_path, "posts").values()] == ["赵某"]


def test_a_row_that_comes_back_wrong_in_another_way_is_open_under_its_new_reason(tmp_path: Path) -> None:
    hand_in(POSTS, written(tmp_path, [BAD], "posts.csv"), tmp_path, 0)
    (download,) = write(tuple(ledger.open_rows(tmp_path, "posts").values()), tmp_path / "open.csv")
    back = corrected(
        download, "统一社会信用代码", "9.14407E+17", corrected(download, "职务", "监事", tmp_path / "b.csv")
    )
    hand_in(POSTS, back, tmp_path, 1)
    (row,) = ledger.open_rows(tmp_path, "posts").values()
    assert row.cells[POST_COLUMNS.index("统一社会信用代码")] == "9.14407E+17"


POST_COLUMNS = list(POST)


def test_the_file_itself_handed_in_corrected_closes_its_row_and_no_other(tmp_path: Path) -> None:
    hand_in(POSTS, written(tmp_path, [BAD, {**BAD, "姓名": "赵某"}], "posts.csv"), tmp_path, 0)
    right: Rows = [{**BAD, "职务": "监事"}, {**BAD, "姓名": "赵某"}]
    other = written(tmp_path, right, "other.csv")
    assert hand_in(POSTS, other, tmp_path, 1) == frozenset()  # another file proves nothing
    assert len(hand_in(POSTS, written(tmp_path, right, "posts.csv"), tmp_path, 2)) == 1
    assert [(file, number) for file, number, _ in waiting(tmp_path)] == [("posts", 3)]
    different = [{**BAD, "职务": "监事"}, {**BAD, "姓名": "孙某", "职务": "监事"}]
    assert hand_in(POSTS, written(tmp_path, different, "posts.csv"), tmp_path, 3) == frozenset()  # who is 孙某?


def torn(path: Path, before: str, after: str) -> Path:
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


def test_of_two_rows_that_differ_the_one_that_goes_is_closed(tmp_path: Path) -> None:
    director = {**POST, "职务": "董事"}
    rows = [director, {**director, "任职止": "2020-01-01"}, {**director, "姓名": "王某", "证件号码": WANG}]
    hand_in(POSTS, written(tmp_path, rows, "posts.csv"), tmp_path, 0)
    assert waiting(tmp_path) == [("posts", 3, "")]
    assert hand_in(POSTS, written(tmp_path, rows, "posts.csv"), tmp_path, 1) == frozenset()
    assert hand_in(POSTS, written(tmp_path, [rows[0], rows[2]], "other.csv"), tmp_path, 2) == frozenset()
    assert len(hand_in(POSTS, written(tmp_path, [rows[0], rows[2]], "posts.csv"), tmp_path, 3)) == 1
    assert waiting(tmp_path) == []


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(("before", "after"), [("吉祥物", '"监"事'), ("吉祥物", '"监事'), ("吉祥物", "监事,,,x,,")])
def test_a_row_that_could_not_be_cut_is_closed_by_the_one_that_can(
    tmp_path: Path, place: int, before: str, after: str
) -> None:
    rows = [POST, BAD] if place == 0 else [{**POST, "证件号码": WANG}, POST, BAD]
    spoilt = torn(written(tmp_path, rows, "posts.csv"), before, after)
    hand_in(POSTS, spoilt, tmp_path, 0)
    assert [(file, column) for file, _, column in waiting(tmp_path)] == [("posts", "")]
    assert hand_in(POSTS, spoilt, tmp_path, 1) == frozenset()
    other = [POST, {**POST, "姓名": "孙某", "证件类型": "", "证件号码": "", "企业名称": "江门乙公司", "职务": "监事"}]
    assert hand_in(POSTS, written(tmp_path, other, "posts.csv"), tmp_path, 2) == frozenset()
    right = [POST, {**BAD, "职务": "监事"}]  # where a row above is gone it stands at another number
    assert len(hand_in(POSTS, written(tmp_path, right, "posts.csv"), tmp_path, 3)) == 1
    assert waiting(tmp_path) == []


def test_a_closed_row_refused_later_is_open_again(tmp_path: Path) -> None:
    bad = written(tmp_path, [BAD], "posts.csv")
    hand_in(POSTS, bad, tmp_path, 0)
    hand_in(POSTS, written(tmp_path, [{**BAD, "职务": "监事"}], "posts.csv"), tmp_path, 1)
    assert waiting(tmp_path) == []
    hand_in(POSTS, written(tmp_path, [BAD], "posts.csv"), tmp_path, 2)
    assert waiting(tmp_path) == [("posts", 2, "职务")]


def test_a_quarantine_file_that_a_spreadsheet_saved_costs_nothing_but_itself(tmp_path: Path) -> None:
    hand_in(POSTS, written(tmp_path, [BAD], "posts.csv"), tmp_path, 0)
    hand_in(POSTS, written(tmp_path, [{**BAD, "姓名": "赵某"}], "more.csv"), tmp_path, 1)
    (first,) = (tmp_path / "quarantine" / "posts").glob("posts-*.csv")
    for spoilt in (
        first.read_text(encoding="utf-8-sig").encode("gb18030"),
        b"",
        first.read_bytes()[:-40],
        first.read_bytes().replace(b"2,", b"x,", 1),
        b'"' * 1001,
    ):
        first.write_bytes(spoilt)
        assert ("more", 2, "职务") in waiting(tmp_path)
        assert main(["quarantine", "list", "--home", str(tmp_path)]) == 0


def test_a_quarantine_file_corrected_where_it_lies_closes_its_rows(tmp_path: Path) -> None:
    hand_in(POSTS, written(tmp_path, [BAD], "posts.csv"), tmp_path, 0)
    (kept,) = (tmp_path / "quarantine" / "posts").glob("*.csv")
    assert len(hand_in(POSTS, corrected(kept, "职务", "监事", kept), tmp_path, 1)) == 1
    assert waiting(tmp_path) == []


@pytest.mark.parametrize("length", [60, 77, 83])
def test_a_file_of_a_long_name_is_kept_and_corrected_under_it(tmp_path: Path, length: int) -> None:
    first, second = f"{'名' * length}.csv", f"{'名' * (length - 1)}字.csv"  # no file has a name longer than the last
    other = {**BAD, "姓名": "赵某"}
    hand_in(POSTS, written(tmp_path, [BAD], first), tmp_path, 0)
    hand_in(POSTS, written(tmp_path, [other], second), tmp_path, 1)
    assert len(waiting(tmp_path)) == 2
    assert hand_in(POSTS, written(tmp_path, [{**other, "职务": "监事"}], first), tmp_path, 2) == frozenset()
    assert len(hand_in(POSTS, written(tmp_path, [{**other, "职务": "监事"}], second), tmp_path, 3)) == 1
    assert len(hand_in(POSTS, written(tmp_path, [{**BAD, "职务": "监事"}], first), tmp_path, 4)) == 1
    assert waiting(tmp_path) == []


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_of_two_items_come_as_two_files_and_load_as_they_are(tmp_path: Path, suffix: str) -> None:
    source = SOURCE_OF["tax-grades"]
    for code, changes in (("tax-grades", {"纳税信用级别": "E"}), ("road-grades", {"考核年度": "=1+1"})):
        hand_in(source, workbook(tmp_path, [{**ITEMS[code], **changes}], f"{code}.xlsx"), tmp_path, 0)
    rows = tuple(ledger.open_rows(tmp_path, source.name).values())
    paths = write(rows, tmp_path / f"open{suffix}")
    assert [each.name for each in paths] == [f"open{suffix}", f"open-2{suffix}"]
    for path in paths:
        assert hand_in(source, path, tmp_path, 1) == frozenset()
    assert {each.id for each in ledger.open_rows(tmp_path, source.name).values()} == {each.id for each in rows}


def test_the_command_lists_and_downloads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["quarantine", "list", *home]) == 0
    assert "0 rows open" in capsys.readouterr().out
    assert main(["quarantine", "download", "posts", str(tmp_path / "open.csv"), *home]) == 2
    hand_in(POSTS, written(tmp_path, [BAD], "posts.csv"), tmp_path, 0)
    capsys.readouterr()
    assert main(["quarantine", "list", *home]) == 0
    shown = capsys.readouterr().out
    assert "posts posts:2: 职务: 职务“吉祥物”" in shown and "1 rows open" in shown
    assert main(["quarantine", "download", "posts", str(tmp_path / "open.xlsx"), *home]) == 0
    assert main(["quarantine", "download", "posts", str(tmp_path / "open.xlsx"), *home]) == 2  # never overwritten
