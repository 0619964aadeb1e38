"""Dates of cells in every form in which they come, and last days, which become the first day after (S2).

It must not know which day a column means; a day that is not known exactly keeps its precision.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from graph.codes import Text
from graph.periods import SHANGHAI, Day, day_after, on, parse_day
from loaders.cells.reading import Reading, Unclean
from loaders.cells.texts import checked, half_width, is_null

FIRST_YEAR, LAST_YEAR = 1900, 2200  # the API's Date
SERIAL_START: Final = date(1899, 12, 30)  # day 0 of a spreadsheet
OPEN_WORDS: Final = frozenset({"长期", "长期有效", "永久", "永久有效", "终身", "无期限", "无固定期限", "至今"})
OPEN_ENDS: Final = frozenset({date(9999, 12, 31), date(9999, 9, 9), date(2999, 12, 31), date(2099, 12, 31)})
NO_DAYS: Final = frozenset({"1899/12/30", "1899-12-30", "1899/12/31", "1899-12-31", "1900/1/0", "0000-00-00"})
SEPARATOR: Final = r"\s*[-/.,年、]\s*"
TIME: Final = r"(?:[T\s]*\d{1,2}[:时](?:\d{1,2}(?:[:分]\d{0,2}(?:\.\d+)?)?)?[秒分]?(?:\s*[AP]M)?)?"
DATED: Final = re.compile(rf"(\d{{4}}){SEPARATOR}(\d{{1,2}})(?:\s*[-/.,月、]\s*(\d{{1,2}})\s*日?)?月?{TIME}")
SHORT_YEAR: Final = re.compile(rf"'?(\d{{2}}){SEPARATOR}(\d{{1,2}})\s*[-/.,月、]\s*(\d{{1,2}})\s*日?{TIME}")
ZONED: Final = re.compile(r"\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})")
COMPACT: Final = re.compile(r"((?:18|19|20)\d{2})(\d{2})(?:(\d{2})(?:\d{6})?)?")
YEAR: Final = re.compile(r"(\d{4})年?")
SERIAL: Final = re.compile(r"(\d{4,6})(?:\.\d+)?")
MILLISECONDS: Final = re.compile(r"-?\d{11,13}(?:\.0)?")
SECONDS: Final = re.compile(r"\d{10}(?:\.0)?")
LEAST_SERIAL, GREATEST_SERIAL = 10_000, 109_574  # 1927 to 2199; smaller numbers are years


def day(cell: str, reading: Reading) -> Day | None:
    """A day, or a month or year of which the day is not known."""
    found = _read(cell, reading)
    if found is OPEN:
        raise Unclean(
            "此处应为具体日期,不能填“长期”或 9999 年", "a day belongs here, not “long-term” nor the year 9999"
        )
    return found


def last_day(cell: str, reading: Reading) -> Day | None:
    """The first day after an inclusive last day; None where none is given or the end is open."""
    found = _read(cell, reading)
    if found is OPEN or found is None:
        return None
    return on(day_after(found.first)) if found.exact else found


OPEN: Final = on(date.max)


def _read(cell: str, reading: Reading) -> Day | None:
    plain = half_width(cell)
    if is_null(cell) or plain.partition(" ")[0] in NO_DAYS:
        return None
    checked(cell)
    if "".join(plain.split()) in OPEN_WORDS:
        return OPEN
    found = _day(plain, reading)
    if found.first in OPEN_ENDS or found.first.year > 9000:
        return OPEN
    if not FIRST_YEAR <= found.first.year <= LAST_YEAR:
        raise Unclean(
            f"年份{found.first.year}不合理:日期应在{FIRST_YEAR}至{LAST_YEAR}年之间",
            f"the year {found.first.year} cannot be right: dates lie between {FIRST_YEAR} and {LAST_YEAR}",
        )
    return found


def _day(plain: str, reading: Reading) -> Day:
    if ZONED.fullmatch(plain):
        try:
            return on(datetime.fromisoformat(plain).astimezone(SHANGHAI).date())
        except ValueError:
            raise _impossible(plain) from None
    for form in (DATED, COMPACT):
        if (match := form.fullmatch(plain)) is not None:
            return _of(match.groups(), plain)
    if (match := SHORT_YEAR.fullmatch(plain)) is not None:
        year = int(match[1])
        found = _of((str(1900 + year if year >= 70 else 2000 + year), match[2], match[3]), plain)
        reading.notes.append(
            Text(f"两位年份“{plain}”读作 {found}", f"the two-digit year of “{plain}” is read as {found}")
        )
        return found
    if (match := SERIAL.fullmatch(plain)) is not None and LEAST_SERIAL <= int(match[1]) <= GREATEST_SERIAL:
        return on(SERIAL_START + timedelta(days=int(match[1])))
    if (match := YEAR.fullmatch(plain)) is not None:
        return _of((match[1],), plain)
    seconds = _epoch(plain)
    if seconds is not None:
        return on((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(SHANGHAI).date())
    raise Unclean(
        f"“{plain[:30]}”不是日期:请写成 2018-06-01", f"“{plain[:30]}” is not a date: write it like 2018-06-01"
    )


def _epoch(plain: str) -> float | None:
    if MILLISECONDS.fullmatch(plain):
        return float(plain) / 1000
    return float(plain) if SECONDS.fullmatch(plain) else None


def _of(parts: tuple[str | None, ...], plain: str) -> Day:
    try:
        return parse_day("-".join(each if len(each) == 4 else each.zfill(2) for each in parts if each is not None))
    except ValueError:
        raise _impossible(plain) from None


def _impossible(plain: str) -> Unclean:
    return Unclean(
        f"没有这一天:“{plain[:30]}”,请核对文书后更正", f"no such day: “{plain[:30]}”, correct it from the document"
    )
