"""Values of a statement: days, percentages, sums and codes, each refused by the name of its field where it is none.

It must not know a format; `shaped` is told which fields of it are objects, lists and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from graph.changes import Value
from graph.codes import Text
from graph.periods import Period, parse_day, parse_period
from loaders.statements.parties import Refused

SHOWN: Final = 50  # characters of a value that a reason repeats
SHARE_UNITS: Final = 1_000_000  # of a percent in the graph
WHOLE: Final = Decimal(100)
TEXT: Final = "text"
# What a field holds: a text, an object of further fields (`ANY`: every field not named), a list of such elements.
Shape = str | Mapping[str, Any] | list[Any]
ANY: Final = "*"


def shaped(said: Any, shape: Shape, where: str = "") -> None:
    """Raises Refused naming the field that is not of the shape; fields that are missing are not looked at."""
    if isinstance(shape, str):
        if not isinstance(said, str | int | float) or isinstance(said, bool):
            raise _wrong(where, "文本", "a text")
    elif isinstance(shape, list):
        if not isinstance(said, list):
            raise _wrong(where, "数组 […]", "a list […]")
        for number, each in enumerate(said):
            shaped(each, shape[0], f"{where}[{number}]")
    else:
        if not isinstance(said, dict):
            raise _wrong(where, "对象 {…}", "an object {…}")
        for name, value in said.items():
            inner = shape.get(name, shape.get(ANY))
            if inner is not None:
                shaped(value, inner, f"{where}.{name}" if where else name)


def _wrong(where: str, zh: str, en: str) -> Refused:
    return Refused(where, f"“{where}”应为{zh}", f"“{where}” should be {en}")


def day(where: str, said: Any) -> str:
    """A day, month or year as it is stored; what follows the day (a time) is left out."""
    try:
        return str(parse_day(str(said)[:10]))
    except ValueError:
        shown = str(said)[:SHOWN]
        raise Refused(
            where,
            f"“{shown}”不是日期,应为 YYYY-MM-DD、YYYY-MM 或 YYYY",
            f"“{shown}” is no date YYYY-MM-DD, YYYY-MM or YYYY",
        ) from None


def period(since: Any, until: Any) -> Period:
    """Both as day, month or year; the end is the first day on which it does not hold any more."""
    start, end = (None if not each else day(name, each) for name, each in (("startDate", since), ("endDate", until)))
    return parse_period(start, end)


def number(where: str, said: Any) -> Decimal:
    try:
        found = Decimal(str(said).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        shown = str(said)[:SHOWN]
        raise Refused(where, f"“{shown}”不是数字", f"“{shown}” is no number")
    return found


def percentage(where: str, said: Any) -> int:
    """A percentage in the units of the graph."""
    percent = number(where, str(said).strip().removesuffix("%"))
    if not 0 <= percent <= WHOLE:
        raise Refused(where, f"比例 {said} 不在 0 与 100 之间", f"the percentage {said} is not between 0 and 100")
    return int((percent * SHARE_UNITS).to_integral_value())


def fen(where: str, said: Any) -> int:
    """A sum in yuan as it is stored."""
    return int(number(where, said) * 100)


def coded(
    values: dict[str, Value], remarks: list[Text], name: str, where: str, said: str, codes: Iterable[StrEnum]
) -> None:
    """The value where it is one of our codes; a word of another register is remarked and left out."""
    if said in set(codes):
        values[name] = said
    else:
        shown = said[:SHOWN]
        remarks.append(
            Text(f"{where}:“{shown}”不是本图的代码,未载入", f"{where}: “{shown}” is no code of this graph: left out")
        )
