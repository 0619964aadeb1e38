"""Files as they come: encodings, delimiters, editions, sheets; and what is refused, as a whole or row by row."""

from __future__ import annotations

import random
import re
import resource
import zipfile
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest
import xlsxwriter

from loaders.entries import Entry
from loaders.files import Unreadable
from loaders.tables import workbook as workbooks
from loaders.tables.lines import LINE_CHARACTERS, RECORD_LINES
from tests.loaders.tabular import (
    DOUBLE_PUBLICITY,
    LI,
    PENALTY_2015,
    PENALTY_2018,
    PERMIT_2018,
    POST,
    POSTS,
    REGISTERED,
    REGISTRY,
    ROWS,
    read,
    reasons,
    said,
    text,
    workbook,
    written,
)


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        DOUBLE_PUBLICITY.open(path)
    message = str(refused.value)
    assert " / " in message and "\n" not in message
    return message


@pytest.mark.parametrize("edition", ROWS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16"])
def test_every_edition_in_every_encoding_says_the_same(tmp_path: Path, edition: str, encoding: str) -> None:
    source, row = ROWS[edition]
    plain = {name: cell.replace("〔", "[").replace("〕", "]") for name, cell in row.items()}
    table, _ = source.open(written(tmp_path, [plain], encoding=encoding))
    assert table.header.layout.code == edition and table.header.unknown == ()
    (entry,) = read(source, written(tmp_path, [plain], encoding=encoding))
    assert said(entry) == said(read(source, written(tmp_path, [plain], "other.csv"))[0])


@pytest.mark.parametrize("edition", ROWS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_every_delimiter(tmp_path: Path, edition: str, delimiter: str) -> None:
    source, row = ROWS[edition]
    (entry,) = read(source, written(tmp_path, [row], "a.csv", delimiter=delimiter))
    assert said(entry) == said(read(source, written(tmp_path, [row]))[0])


@pytest.mark.parametrize("edition", ROWS)
def test_an_xlsx_with_data_on_the_second_sheet_says_the_same(tmp_path: Path, edition: str) -> None:
    source, row = ROWS[edition]
    (entry,) = read(source, workbook(tmp_path, [row], before=3))
    assert said(entry) == said(read(source, written(tmp_path, [row]))[0])
    assert entry.number == 5


@pytest.mark.parametrize("edition", [each for each in ROWS if each != "holdings"])
def test_columns_in_any_order_and_numbers_that_lie(tmp_path: Path, edition: str) -> None:
    source, row = ROWS[edition]
    expected = said(read(source, written(tmp_path, [row]))[0])
    for seed in range(5):
        names = list(row)
        random.Random(seed).shuffle(names)
        digits = random.Random(seed).sample("123456789", 9)
        table = str.maketrans("123456789", "".join(digits))
        lying = {name: name.translate(table) if "代码_" in name else name for name in names}
        shuffled = {lying[name]: row[name] for name in names}
        assert said(read(source, written(tmp_path, [shuffled]))[0]) == expected


def test_the_same_number_means_what_its_words_say(tmp_path: Path) -> None:
    """代码_2 is the 注册号 in 2018 and the 组织机构代码 in 2015; a wrong number before the words changes nothing."""
    mislabelled = {name.replace("_2(", "_3("): cell for name, cell in PENALTY_2015.items() if "_3(" not in name}
    (entry,) = read(DOUBLE_PUBLICITY, written(tmp_path, [mislabelled]))
    assert isinstance(entry, Entry)
    assert [claim.key for claim in entry.nodes[1].claims] == [
        "USCC|91440703YY000001XU|",
        "ORGANISATION_CODE|YY000001X|",
    ]


def test_headers_in_codes_of_the_national_table_and_with_marks(tmp_path: Path) -> None:
    codes = {
        "行政相对人名称": "XDR_MC",
        "行政处罚决定书文号": "CF_WSH",
        "处罚决定日期": "CF_JDRQ",
        "处罚机关": "CF_CFJG",
    }
    row = {codes.get(name, f"*{name}"): cell for name, cell in PENALTY_2018.items()}
    assert said(read(DOUBLE_PUBLICITY, written(tmp_path, [row]))[0]) == said(
        read(DOUBLE_PUBLICITY, written(tmp_path, [PENALTY_2018]))[0]
    )


def test_empty_rows_footers_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    header, row = text([PENALTY_2018]).splitlines()
    comma = "," * header.count(",")
    lines = ["附件1", comma, header, row, comma, header, row.replace("1号", "2号"), f"表格说明:{comma}", "1.日期写作…"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    table, _ = DOUBLE_PUBLICITY.open(path)
    assert [each.number for each in table.rows()] == [4, 7]
    assert table.skipped == 4


def test_shifted_columns_are_told_by_their_cells_and_by_their_number(tmp_path: Path) -> None:
    header, row = text([PENALTY_2018]).splitlines()
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, row.partition(",")[2], f"甲,{row}", row]), encoding="utf-8")
    found = read(DOUBLE_PUBLICITY, path)
    assert [(row, column) for row, column, _ in reasons(found)] == [(2, "行政相对人名称"), (3, None)]
    assert ["shifted" in reason for _, _, reason in reasons(found)] == [True, True]
    assert found[1].cells[0] == "甲" if not isinstance(found[1], Entry) else False
    assert isinstance(found[2], Entry)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_in_every_way(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    second = {**PENALTY_2018, "行政处罚决定书文号": "江市监罚〔2018〕2号", "备注": "一\n二"}
    path.write_bytes(text([PENALTY_2018, second]).replace("\n", end).encode())
    assert [each.number for each in read(DOUBLE_PUBLICITY, path)] == [2, 3]


def test_an_unbalanced_quote_costs_its_own_row(tmp_path: Path) -> None:
    header, row = text([PENALTY_2018]).splitlines()
    rows = [row.replace("1号", f"{number}号") for number in range(RECORD_LINES + 50)]
    rows[3] = rows[3].replace("罚款50000元", '"罚款50000元')
    rows[5] = rows[5].replace("罚款50000元", '"罚款"50000元')
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    found = read(DOUBLE_PUBLICITY, path)
    assert [(number, reason.split(":")[0]) for number, _, reason in reasons(found)] == [
        (5, "unbalanced quotation marks"),
        (7, "text after a closing quotation mark"),
    ]
    assert len(found) == len(rows)


def test_a_cell_of_ten_megabytes_costs_its_own_row_and_little_memory(tmp_path: Path) -> None:
    second = {**PENALTY_2018, "违法事实": "长" * 5_001, "行政处罚决定书文号": "江市监罚〔2018〕2号"}
    huge = {**PENALTY_2018, "违法事实": "x" * 10_000_000}
    path = written(tmp_path, [huge, second, PENALTY_2018])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(DOUBLE_PUBLICITY, path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    assert [(number, column) for number, column, _ in reasons(found)] == [(2, None), (3, "违法事实")]
    assert f"{LINE_CHARACTERS:,} characters" in reasons(found)[0][2]


def test_nul_bytes_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, [{**PENALTY_2018, "违法事实": "a\0b"}])
    assert reasons(read(DOUBLE_PUBLICITY, path)) == [
        (2, "违法事实", "contains a control character: type the cell again")
    ]
    path.write_bytes(text([PENALTY_2018]).encode("utf-16-le"))
    assert "NUL bytes" in refusal(path)


def test_mixed_encodings_are_refused_or_cost_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header, row = text([PENALTY_2018]).splitlines()
    path.write_bytes(f"{header}\n".encode() + f"{row}\n".encode("gb18030"))
    assert "line 2 is not" in refusal(path)
    path.write_bytes(f"{header}\n{row}\n".encode("gb18030") + f"{row}\n".encode())
    try:
        assert [number for number, _, _ in reasons(read(DOUBLE_PUBLICITY, path))] == [3]
    except Unreadable as error:
        assert "line 3 is not GB18030" in str(error)
    path.write_bytes(f"{header}\n".encode() + b"\xff\xff,\x80\n")
    assert "save it as" in refusal(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("a,b,c\n1,2,3\n", "no header"),
        ("name,code,date,authority\n", "no header"),
        (text([PENALTY_2018]).replace("行政处罚决定书文号", "文号"), "columns are missing: 行政处罚决定书文号"),
        (text([PENALTY_2018]).replace("备注", "处罚机关"), "a column stands twice: 处罚机关"),
    ],
)
def test_a_text_of_no_use_is_refused_with_one_message(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    assert message in refusal(path)


def test_a_header_in_two_rows_of_merged_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "行政相对人")
        sheet.write_row(1, 0, ["名称", "统一社会信用代码", "工商注册号", "处罚类别"])
    assert "missing" in refusal(path)


def test_two_sheets_of_data_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, row in (("处罚", PENALTY_2018), ("许可", PERMIT_2018)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(row))
    assert "several sheets hold data (处罚、许可)" in refusal(path)


def test_cells_of_a_workbook_are_what_a_person_sees(tmp_path: Path) -> None:
    import datetime

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, list(REGISTERED))
        for number in (1, 2, 3, 4):
            sheet.write_row(number, 0, list(REGISTERED.values()))
        sheet.write_datetime(1, 2, datetime.datetime(2012, 5, 1), day)
        sheet.write_number(2, 2, 41030)  # 2012-05-01 as a serial
        sheet.write_number(3, 1, 914407030123456789)
        sheet.write_formula(4, 9, "=CONCATENATE(A1,B1)", None, "江门市")
    found = read(REGISTRY, path)
    assert said(found[0]) == said(found[1]) == said(read(REGISTRY, written(tmp_path, [REGISTERED]))[0])
    assert [(number, column) for number, column, _ in reasons(found)] == [(4, "统一社会信用代码"), (5, "注册地址")]
    assert "format the column as text" in reasons(found)[0][2] and "paste it as a value" in reasons(found)[1][2]


def test_a_formula_is_told_in_a_workbook_of_any_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, list(REGISTERED))
        for number in (3, 4, 5):
            sheet.write_row(number, 1, list(REGISTERED.values()))
        sheet.write_formula(4, 2, "=A1", None, REGISTERED["统一社会信用代码"])
    places = re.compile(rb'<(row|c) r="[A-Z]*\d+"')
    strict = (
        (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
        (b"schemas.openxmlformats.org/officeDocument/2006/", b"purl.oclc.org/ooxml/officeDocument/"),
    )
    writers: dict[str, Callable[[bytes], bytes]] = {
        "as Excel writes": lambda text: text,
        "without places": lambda text: re.sub(
            places, rb"<\1", text.replace(b"<sheetData>", b"<sheetData><row/><row/>")
        ),
        "with a prefix": lambda text: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", text).replace(b"xmlns=", b"xmlns:x="),
        "strict": lambda text: reduce(lambda made, pair: made.replace(*pair), strict, text),
    }
    for writer, rewrite in writers.items():
        other = tmp_path / f"{writer}.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
            for name in old.namelist():
                whole = writer == "strict" or name.startswith("xl/worksheets/")
                new.writestr(name, rewrite(old.read(name)) if whole else old.read(name))
        told = [(column, reason) for _, column, reason in reasons(read(REGISTRY, other))]
        assert [(column, "paste it as a value" in reason) for column, reason in told] == [("统一社会信用代码", True)], (
            writer
        )


def test_a_formula_in_text_is_quarantined_and_a_protected_code_is_read(tmp_path: Path) -> None:
    rows = [
        {**REGISTERED, "注册地址": '=HYPERLINK("http://x")'},
        {**REGISTERED, "统一社会信用代码": '="91440703YY000001XU"'},
    ]
    found = read(REGISTRY, written(tmp_path, rows))
    assert [(number, column) for number, column, _ in reasons(found)] == [(2, "注册地址")]
    assert said(found[1]) == said(read(REGISTRY, written(tmp_path, [REGISTERED]))[0])


def test_macros_passwords_and_old_formats_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [PENALTY_2018], "a.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert "has macros" in refusal(path)
    path.write_bytes(workbooks.COMPOUND + b"\0" * 600 + workbooks.ENCRYPTED)
    assert "has a password" in refusal(path)
    path.write_bytes(workbooks.COMPOUND + b"\0" * 600)
    assert "old format .xls" in refusal(path)
    path.write_bytes(workbooks.ZIP + b"\0" * 600)
    assert "damaged" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert "not an .xlsx" in refusal(path)


def test_zip_bombs_are_not_opened(tmp_path: Path) -> None:
    path = workbook(tmp_path, [PENALTY_2018])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/x.xml", "w") as part:
        for _ in range(30):
            part.write(b" " * 1_000_000)
    assert path.stat().st_size < 100_000
    assert "not opened" in refusal(path)
    path = workbook(tmp_path, [PENALTY_2018], "many.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(workbooks.PARTS):
            archive.writestr(f"x{number}", b"")
    assert "not opened" in refusal(path)


def test_a_damaged_sheet_is_refused_by_the_child(tmp_path: Path) -> None:
    path, whole = tmp_path / "a.xlsx", workbook(tmp_path, [PENALTY_2018])
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as damaged:
        for name in archive.namelist():
            data = archive.read(name)
            damaged.writestr(name, data[: len(data) // 2] if name == "xl/worksheets/sheet2.xml" else data)
    assert "damaged" in refusal(path) or "no header" in refusal(path)


def test_a_file_of_two_hundred_megabytes_streams_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    header, row = text([POST]).splitlines()
    filler = "x" * 4_000
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header},备注\n")
        for _ in range(50):
            file.writelines(f"{row},{filler}\n" for _ in range(1_000))
    assert path.stat().st_size > 200_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table, _ = POSTS.open(path)
    assert sum(1 for _ in table.rows()) == 50_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_number_of_a_person_never_stands_in_a_message(tmp_path: Path) -> None:
    wrong = f"{LI[:-1]}1"
    rows = [{**POST, "证件号码": wrong}, {**POST, "统一社会信用代码": LI}, {**POST, "姓名": LI}]
    found = read(POSTS, written(tmp_path, rows))
    shown = [(each.value, each.reason) for each in found if not isinstance(each, Entry)]
    assert len(shown) == 3 and not any(LI[6:14] in str(each) for each in shown)
