"""The three scalars of the API and the one way their texts are read and written (`api.md` 10).

It must not know which fields use them.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graph import periods

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
DAY_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")
NUMBER_FORM: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?")


def parse_date(value: object) -> date:
    """`YYYY-MM-DD`, 1900 to 2200; anything else is refused with what was expected."""
    if isinstance(value, str) and DAY_FORM.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"没有这一天 · no such day: {value}") from None
        if FIRST_DAY <= day <= LAST_DAY:
            return day
    raise ValueError(f"日期须为 YYYY-MM-DD(1900–2200)· a date must be YYYY-MM-DD, 1900 to 2200: {_quoted(value)}")


def parse_instant(value: object) -> datetime:
    """RFC 3339 with an offset; a time without one has two meanings."""
    if isinstance(value, str) and INSTANT_FORM.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"没有这个时刻 · no such time: {value}") from None
        if FIRST_DAY.year <= moment.year <= LAST_DAY.year:
            return moment
    raise ValueError(f"时刻须带时区偏移 · a time must be RFC 3339 with an offset: {_quoted(value)}")


def write_instant(moment: datetime | str) -> str:
    """Always +08:00; stored system times are written without their empty microseconds."""
    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return value.astimezone(periods.SHANGHAI).isoformat()


def parse_decimal(value: object) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and NUMBER_FORM.fullmatch(value):
        try:
            return Decimal(value)
        except InvalidOperation:
            pass
    raise ValueError(f"小数须为字符串或整数 · a decimal must be a plain string or an integer: {_quoted(value)}")


def write_decimal(value: Decimal) -> str:
    """Canonical: no exponent, no trailing zeros: `60`, `0.5`."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


SCALARS: Final[dict[object, ScalarDefinition]] = {
    date: strawberry.scalar(
        name="Date",
        description="日期 YYYY-MM-DD · a day, YYYY-MM-DD, 1900 to 2200",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=date.isoformat,
        parse_value=parse_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="时刻,输入须带偏移,输出为 +08:00 · a time with an offset; answers are +08:00",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=write_instant,
        parse_value=parse_instant,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="精确小数,以字符串表示 · an exact decimal as a string; shares in percent, money in yuan",
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        serialize=write_decimal,
        parse_value=parse_decimal,
    ),
}


def as_day(text: str | None) -> date | None:
    """A stored day as the API shows it: open ends and imprecise days have no exact value."""
    if text is None or text in (periods.OPEN_START, periods.OPEN_END):
        return None
    day = periods.parse_day(text)
    return day.first if day.exact else None


def exact(day: periods.Day | None) -> date | None:
    return day.first if day is not None and day.exact else None


def percent(millionths: int | None) -> Decimal | None:
    return None if millionths is None else Decimal(millionths) / 1_000_000


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100
