"""How days, times and decimals are read and written (`api.md` 10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from graph.periods import parse_day
from schema.scalars import (
    as_day,
    exact,
    parse_date,
    parse_decimal,
    parse_instant,
    percent,
    write_decimal,
    write_instant,
    yuan,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("60", "60"),
        ("60.00", "60"),
        ("0.50", "0.5"),
        ("-1.20", "-1.2"),
        ("0", "0"),
        ("0.0", "0"),
        ("100", "100"),
        (7, "7"),
    ],
)
def test_decimals_are_canonical(value: object, text: str) -> None:
    assert write_decimal(parse_decimal(value)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e3", "", " 1", "1.", True, 1.5, None, "9" * 40])
def test_what_is_no_plain_decimal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="decimal"):
        parse_decimal(value)


def test_shares_are_percent_and_money_is_yuan() -> None:
    shown = [percent(60_000_000), percent(33_333_333), yuan(5_000_050)]
    assert [None if each is None else write_decimal(each) for each in shown] == ["60", "33.333333", "50000.5"]
    assert (percent(None), yuan(None)) == (None, None)


def test_dates_are_whole_days_of_two_centuries() -> None:
    assert [parse_date(each) for each in ("1900-01-01", "2024-02-29", "2200-12-31")] == [
        date(1900, 1, 1),
        date(2024, 2, 29),
        date(2200, 12, 31),
    ]


@pytest.mark.parametrize(
    "value",
    ["2023-02-29", "2024-1-1", "20240101", "1899-12-31", "2201-01-01", "2024-01-01T00:00:00Z", "", 20240101, None],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"day|date"):
        parse_date(value)


def test_times_need_an_offset_and_are_written_in_shanghai() -> None:
    assert write_instant(parse_instant("2024-01-01T00:00:00Z")) == "2024-01-01T08:00:00+08:00"
    assert write_instant(datetime(2024, 1, 1, tzinfo=UTC)) == "2024-01-01T08:00:00+08:00"
    assert write_instant("2024-01-01T08:00:00.000001+08:00") == "2024-01-01T08:00:00.000001+08:00"


@pytest.mark.parametrize("value", ["2024-01-01", "2024-01-01T00:00:00", "2024-13-01T00:00:00Z", "now", 5, None])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_instant(value)


@pytest.mark.parametrize("read", [as_day, lambda text: exact(parse_day(text))])
def test_an_imprecise_day_has_no_date(read: Callable[[str], date | None]) -> None:
    assert [read(each) for each in ("2018-06", "2018", "2018-06-01")] == [None, None, date(2018, 6, 1)]
    assert [as_day(each) for each in ("0001-01-01", "9999-12-31", None)] == [None, None, None]


def test_large_numbers_keep_every_digit() -> None:
    assert parse_decimal("12345678901234567890.123") == Decimal("12345678901234567890.123")
