"""One cell at a time: every form of docs/sources.md read right, or refused with a reason that tells what to do."""

from __future__ import annotations

from datetime import date

import pytest

from graph.codes import IdentifierScheme
from graph.periods import Day, on, parse_day
from loaders.cells import amounts, dates, numbers, texts
from loaders.cells.numbers import Number
from loaders.cells.reading import Cleaner, Reading, Unclean

NULLS = ["", " ", "— —", "——", "—", "无", "/", "\\", "-", "空", "N/A", "n/a", "null", "NULL", "\\n", "　", "Ｎ／Ａ"]
CLEANERS: list[Cleaner] = [texts.text, texts.name, dates.day, dates.last_day, amounts.amount, amounts.share]
CLEANERS += [numbers.organisation_number, numbers.document, texts.document_number]


def read(clean: Cleaner, cell: str, unit: str = "") -> tuple[object, list[str]]:
    reading = Reading(unit)
    value = clean(cell, reading)
    return value, [each.en for each in reading.notes]


def refusal(clean: Cleaner, cell: str, unit: str = "") -> str:
    with pytest.raises(Unclean) as refused:
        clean(cell, Reading(unit))
    assert refused.value.reason.zh and refused.value.reason.zh != refused.value.reason.en
    return refused.value.reason.en


@pytest.mark.parametrize("cell", NULLS)
@pytest.mark.parametrize("clean", CLEANERS)
def test_what_means_nothing_is_nothing(clean: Cleaner, cell: str) -> None:
    assert read(clean, cell) == (None, [])


@pytest.mark.parametrize(
    "cell",
    [
        *("2018-06-01", "2018/6/1", "2018.6.1", "2018年6月1日", "2018,06,01", "2018，6，1", "２０１８－０６－０１"),
        *("2018-06-01 00:00:00", "2018/6/1 0:00", "2018年6月1日10时", "2018-06-01T09:30:00.000", "2018 - 6 - 1"),
        *("20180601", "20180601093000", "43252", "43252.0", "43252.5", "1527811200000", "1527782400000", "1527782400"),
        *("2018-05-31T16:00:00Z", "2018-06-01T00:00:00.000+0800", "2018-06-01 00:00:00.0"),
    ],
)
def test_one_day_in_every_form(cell: str) -> None:
    assert read(dates.day, cell) == (on(date(2018, 6, 1)), [])


@pytest.mark.parametrize("cell", ["18/6/1", "18-06-01", "18年6月1日", "'18.6.1"])
def test_a_two_digit_year_is_read_and_said(cell: str) -> None:
    value, notes = read(dates.day, cell)
    assert (value, len(notes)) == (on(date(2018, 6, 1)), 1)
    assert read(dates.day, "98-06-01")[0] == on(date(1998, 6, 1))


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2018.06", "2018-06"), ("2018年6月", "2018-06"), ("2018-6", "2018-06"), ("201806", "2018-06"), ("2018", "2018")],
)
def test_a_month_or_a_year_keeps_its_precision(cell: str, day: str) -> None:
    assert read(dates.day, cell) == (parse_day(day), [])
    assert read(dates.last_day, cell) == (parse_day(day), [])


@pytest.mark.parametrize("cell", ["1899/12/30", "1899-12-30 00:00:00", "0000-00-00"])
def test_day_zero_of_a_spreadsheet_is_nothing(cell: str) -> None:
    assert read(dates.day, cell) == (None, [])


@pytest.mark.parametrize(
    "cell", ["长期", "永久", "2099/12/31", "2099-12-31", "9999/12/31", "9999-9-9", "9999-12-31 00:00:00"]
)
def test_an_open_end_is_open_and_is_no_day(cell: str) -> None:
    assert read(dates.last_day, cell) == (None, [])
    assert "9999" in refusal(dates.day, cell)


def test_a_last_day_is_inclusive_in_files_and_exclusive_here() -> None:
    assert read(dates.last_day, "2020/2/28") == (on(date(2020, 2, 29)), [])
    assert read(dates.last_day, "2020-12-31") == (on(date(2021, 1, 1)), [])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2022-09-31", "no such day"),
        ("2018-13-01", "no such day"),
        ("2018年2月30日", "no such day"),
        ("3018-01-01", "the year 3018"),
        ("1899-01-01", "the year 1899"),
        ("六月一日", "is not a date"),
        ("江市监罚〔2018〕1号", "is not a date"),
        ("=TODAY()", "formula"),
    ],
)
def test_an_impossible_day_says_what_to_do(cell: str, said: str) -> None:
    assert said in refusal(dates.day, cell)


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        ("5", "万元", 5_000_000),
        ("0.000001", "万元", 1),
        ("1,234.5", "万元", 1_234_500_000),
        ("5.000000", "万元", 5_000_000),
        ("５０", "万元", 50_000_000),
        ("50000元", "万元", 5_000_000),
        ("5万元", "", 5_000_000),
        ("0", "万元", 0),
        ("1E-05", "万元", 10),
        ("100(万人民币元)", "", 100_000_000),
        ("100（万元）", "", 100_000_000),
        ("人民币100万元整", "", 100_000_000),
        ("￥100.00", "", 10_000),
        ("1.5亿元", "", 15_000_000_000),
        ("100", "", 10_000),
        (".5", "万元", 500_000),
    ],
)
def test_money_is_exact_fen_by_the_unit_of_cell_header_column(cell: str, unit: str, fen: int) -> None:
    assert read(amounts.amount, cell, unit) == (fen, [])


@pytest.mark.parametrize(("cell", "code"), [("10万美元", "USD"), ("500万港币", "HKD"), ("3000(万日元)", "JPY")])
def test_foreign_money_is_said_and_never_converted(cell: str, code: str) -> None:
    assert read(amounts.amount, cell) == (None, [f"an amount in {code} is not converted and not loaded"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("0.0000001", "finer than a fen"),
        ("-5", "not negative"),
        ("五万", "not an amount"),
        ("5万只", "not an amount"),
        ("99999999999999999999", "too large"),
        ("=A1*2", "formula"),
    ],
)
def test_an_unusable_amount_says_what_to_do(cell: str, said: str) -> None:
    assert said in refusal(amounts.amount, cell, "万元")


@pytest.mark.parametrize(
    ("cell", "unit", "share"),
    [
        ("60", "%", 60_000_000),
        ("60%", "0-1", 60_000_000),
        ("0.6", "0-1", 60_000_000),
        ("0.6", "%", 600_000),
        ("33.333333", "%", 33_333_333),
        ("１００％", "%", 100_000_000),
        ("1", "0-1", 100_000_000),
    ],
)
def test_shares_are_exact_percent_or_fractions(cell: str, unit: str, share: int) -> None:
    assert read(amounts.share, cell, unit) == (share, [])


def test_a_share_finer_than_a_millionth_is_rounded_and_said() -> None:
    value, notes = read(amounts.share, "33.3333333333", "%")
    assert (value, len(notes)) == (33_333_333, 1)


@pytest.mark.parametrize("cell", ["101", "-1", "一半", "Infinity"])
def test_an_impossible_share_is_refused(cell: str) -> None:
    assert "share" in refusal(amounts.share, cell, "%")


USCC = Number(IdentifierScheme.USCC, "91440703YY000001XU")


@pytest.mark.parametrize(
    "cell",
    [
        "91440703YY000001XU",
        "91440703yy000001xu",
        "９１４４０７０３ＹＹ０００００１ＸＵ",
        " 91440703 YY000001XU\u200b",
        "91440703-YY000001-XU",
    ],
)
def test_one_code_in_every_writing(cell: str) -> None:
    assert read(numbers.organisation_number, cell) == (USCC, [])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("67004606-7", Number(IdentifierScheme.ORGANISATION_CODE, "670046067")),
        ("440700600000019", Number(IdentifierScheme.REGISTRATION_NUMBER, "440700600000019")),
        ("440700600000019.0", Number(IdentifierScheme.REGISTRATION_NUMBER, "440700600000019")),
        ("440703670046067", Number(IdentifierScheme.TAX_NUMBER, "440703670046067")),
    ],
)
def test_older_numbers_in_the_column_of_the_uscc_are_used_as_what_they_are(cell: str, number: Number) -> None:
    value, notes = read(numbers.organisation_number, cell)
    assert (value, len(notes)) == (number, 1)


@pytest.mark.parametrize("cell", ["00000000000000000X", "000000000000000000", "000000000"])
def test_a_placeholder_is_no_number(cell: str) -> None:
    assert read(numbers.organisation_number, cell) == (None, ["the number is a placeholder and counts as not given"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("9.14407E+17", "format the column as text"),
        ("9.14407030123457E+17", "format the column as text"),
        ("91440703YY000001XT", "check character"),
        ("91440703YY000001X", "18 characters"),
        ("9144O703YY000001XU", "alphabet"),
        ("440785190001010010", "a person's number"),
        ("=B2", "formula"),
    ],
)
def test_an_unusable_code_says_what_to_do(cell: str, said: str) -> None:
    assert said in refusal(numbers.organisation_number, cell)


def test_a_second_number_that_is_wrong_is_a_fault_only_if_it_is_needed() -> None:
    clean = numbers.other_number(IdentifierScheme.REGISTRATION_NUMBER)
    value, _ = read(clean, "440700600000018")
    assert isinstance(value, Number) and value.fault is not None
    assert read(clean, "91440703YY000001XU") == (USCC, [])  # 三证合一


@pytest.mark.parametrize("scheme", ["TAX_NUMBER", "INSTITUTION_CERTIFICATE", "SOCIAL_CERTIFICATE"])
@pytest.mark.parametrize("cell", ["440785190001010010", "44078519000101001000"])
def test_a_number_of_a_person_is_no_number_of_an_organisation(scheme: str, cell: str) -> None:
    value, notes = read(numbers.other_number(IdentifierScheme(scheme)), cell)
    assert (value, len(notes)) == (None, 1)


def test_documents_keep_what_was_written_and_masked_ones_are_none() -> None:
    assert read(numbers.document, "44078519000101001０") == ("440785190001010010", [])
    assert read(numbers.document, "440785********0010") == (
        None,
        ["the document number is masked and counts as not given"],
    )
    assert "format the column as text" in refusal(numbers.document, "4.40785E+17")


@pytest.mark.parametrize(
    ("cell", "scheme"),
    [
        ("身份证", "RESIDENT_ID"),
        ("居民身份证", "RESIDENT_ID"),
        ("1", "RESIDENT_ID"),
        ("02", "PASSPORT"),
        ("03.0", "HK_MACAO_PERMIT"),
    ],
)
def test_document_types_by_word_or_code(cell: str, scheme: str) -> None:
    assert read(numbers.document_type, cell) == (IdentifierScheme(scheme), [])
    assert "护照" in refusal(numbers.document_type, "工作证")


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("江门(甲)有限公司", "江门（甲）有限公司"),
        ("李 明", "李明"),
        (" 李　明 ", "李明"),
        ("John  SMITH(约翰)", "John SMITH（约翰）"),
        ("Jean-Luc O'Neill (FR)", "Jean-Luc O'Neill (FR)"),
        ("360安全公司", "360安全公司"),
    ],
)
def test_names(cell: str, name: str) -> None:
    assert read(texts.name, cell) == (name, [])


@pytest.mark.parametrize("cell", ["91440703YY000001XU", "2018-06-01", "2018年6月1日", "9.14407E+17", "440700600000019"])
def test_a_name_that_is_none_means_shifted_columns(cell: str) -> None:
    assert "shifted" in refusal(texts.name, cell)


def test_texts_are_bounded_and_clean() -> None:
    assert "limit is 5,000" in refusal(texts.text, "长" * 5001)
    assert "control character" in refusal(texts.text, "a\0b")
    assert "formula" in refusal(texts.text, '=HYPERLINK("x")')


def test_a_resident_id_inside_a_text_is_masked_and_a_code_is_not() -> None:
    assert read(texts.text, "李某(440785190001010010)是91440703YY000001XU的负责人") == (
        "李某(440785********0010)是91440703YY000001XU的负责人",
        ["resident ID numbers in the text are masked"],
    )


def test_one_document_number_whatever_its_brackets() -> None:
    written = ["江市监罚〔2018〕1号", "江市监罚[2018]1号", "江市监罚(2018)１号", "江市监罚【2018】1 号"]
    assert len({texts.document_key(str(read(texts.document_number, each)[0])) for each in written}) == 1
    assert "as text" in refusal(texts.document_number, "4.4E+15")


def test_days_are_days() -> None:
    assert isinstance(read(dates.day, "2018-06-01")[0], Day)
