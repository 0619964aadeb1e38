"""Amounts of money and shares of cells, exactly: integer fen, integer millionths of a percent.

It must not know exchange rates: an amount in another currency is said, never converted.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from graph.codes import Text
from loaders.cells.reading import Reading, Unclean
from loaders.cells.texts import checked, half_width, is_null

FEN: Final = 100
SCALES: Final = {"亿": 100_000_000, "万": 10_000}
UNITS: Final = {"": 1, "元": 1, "万元": 10_000, "亿元": 100_000_000}
NUMBER: Final = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:E[-+]?\d{1,2})?", re.IGNORECASE)
DIGITS: Final = re.compile(r"\d")
CURRENCIES: Final = {
    "美元": "USD", "美金": "USD", "USD": "USD", "港币": "HKD", "港元": "HKD", "HKD": "HKD", "日元": "JPY",
    "日圆": "JPY", "JPY": "JPY", "欧元": "EUR", "EUR": "EUR", "英镑": "GBP", "澳门元": "MOP", "澳门币": "MOP",
    "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "加元": "CAD", "加拿大元": "CAD", "澳元": "AUD",
    "澳大利亚元": "AUD", "新加坡元": "SGD", "瑞士法郎": "CHF", "德国马克": "DEM",
}  # fmt: skip
WORDS: Final = re.compile(r"人民币|RMB|CNY|¥|元|圆|整|\(|\)|万|亿", re.IGNORECASE)
SHARE_UNIT: Final = 1_000_000  # one percent, in millionths
LARGEST: Final = Decimal(10) ** 16  # fen; what a 64-bit integer and JSON readers hold


def amount(cell: str, reading: Reading) -> int | None:
    """Fen. The unit in the cell counts, else that of the header, else that of the column."""
    if is_null(cell):
        return None
    plain = "".join(half_width(cell).split())
    checked(cell)
    for word, code in sorted(CURRENCIES.items(), key=lambda each: -len(each[0])):
        if word in plain.upper():
            reading.notes.append(
                Text(f"金额以外币计({code}),不折算、不载入", f"an amount in {code} is not converted and not loaded")
            )
            return None
    number, rest = _number(plain)
    scale = next((factor for sign, factor in SCALES.items() if sign in rest), None)
    if WORDS.sub("", rest):
        raise Unclean(f"“{plain[:30]}”不是金额:请只填数字", f"“{plain[:30]}” is not an amount: give digits only")
    if scale is None:
        scale = 1 if "元" in rest or "圆" in rest else UNITS[reading.unit]
    if number < 0:
        raise Unclean("金额不能为负", "an amount is not negative")
    fen = number * scale * FEN
    if fen != fen.to_integral_value():
        raise Unclean(
            f"“{plain[:30]}”细于一分:请核对小数位和单位(万元最多6位小数)",
            f"“{plain[:30]}” is finer than a fen: check decimals and unit (at most 6 decimals of 万元)",
        )
    if fen > LARGEST:
        raise Unclean(f"金额过大:“{plain[:30]}”,请核对单位", f"too large an amount: “{plain[:30]}”, check its unit")
    return int(fen)


def _number(plain: str) -> tuple[Decimal, str]:
    """The one number of a cell and what stands around it."""
    place = DIGITS.search(plain)
    match = None if place is None else NUMBER.match(plain, _start(plain, place.start()))
    if match is None or not DIGITS.search(match[0]):
        raise Unclean(f"“{plain[:30]}”不是金额:请只填数字", f"“{plain[:30]}” is not an amount: give digits only")
    try:
        number = Decimal(match[0].replace(",", ""))
    except InvalidOperation:
        raise Unclean(
            f"“{plain[:30]}”不是金额:请只填数字", f"“{plain[:30]}” is not an amount: give digits only"
        ) from None
    return number, plain[: match.start()] + plain[match.end() :]


def _start(plain: str, first: int) -> int:
    """Where the number begins: a sign or a decimal point may stand before its first digit."""
    while first > 0 and plain[first - 1] in "+-.":
        first -= 1
    return first


def share(cell: str, reading: Reading) -> int | None:
    """Millionths of a percent; a sign `%` in the cell counts, else the unit decided for the column: `%` or `0-1`."""
    if is_null(cell):
        return None
    plain = "".join(half_width(cell).split())
    checked(cell)
    percent = plain.endswith("%")
    try:
        number = Decimal(plain.rstrip("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unclean(f"“{plain[:30]}”不是比例:请填 60 或 60%", f"“{plain[:30]}” is not a share: write 60 or 60%")
    if not percent and reading.unit == "0-1":
        number *= 100
    if not 0 <= number <= 100:
        raise Unclean(f"比例应在 0 至 100% 之间:{plain[:30]}", f"a share lies between 0 and 100 %: {plain[:30]}")
    exact = number * SHARE_UNIT
    rounded = exact.to_integral_value()
    if rounded != exact:
        reading.notes.append(
            Text(f"比例 {plain} 保留到百万分之一个百分点", f"the share {plain} is kept to a millionth of a percent")
        )
    return int(rounded)
