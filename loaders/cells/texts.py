"""Nulls, texts, names and document numbers of cells.

It must not know which column a cell stands in; what is wrong is said so that the reporter knows what to do.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from graph import identifiers
from graph.codes import IdentifierScheme, Text
from loaders.cells.reading import Reading, Unclean

TEXT_CHARACTERS: Final = 5_000  # 违法事实 of the national format
NAME_CHARACTERS: Final = 200  # 行政相对人名称
NULLS: Final = frozenset(
    {"", "无", "空", "暂无", "/", "\\", "-", "--", "—", "——", "N/A", "NA", "#N/A", "NULL", "NONE", "NAN", "\\N"}
)
LONGEST_NULL: Final = 8  # characters, blanks inside included
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
CHINESE: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
BETWEEN_CHINESE: Final = re.compile(rf"(?<=[{CHINESE}（）〔〕·])\s+(?=[{CHINESE}（）〔〕·])")
HAS_CHINESE: Final = re.compile(rf"[{CHINESE}]")
RESIDENT_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{16}[0-9Xx](?![0-9A-Za-z])")
SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
LOOKS_LIKE_DATE: Final = re.compile(r"(18|19|20)\d\d[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?( .*)?")
LOOKS_LIKE_NUMBER: Final = re.compile(r"[0-9][0-9A-Z.,*-]{5,}", re.IGNORECASE)


def half_width(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def is_null(cell: str) -> bool:
    """`— —`, 无, `/`, `N/A`, the two characters `\\n` and their like."""
    plain = cell.strip()
    return not plain or (len(plain) <= LONGEST_NULL and "".join(half_width(plain).split()).upper() in NULLS)


def checked(cell: str) -> str:
    """A cell without the blanks around it; raises Unclean for formulas, control characters and endless texts."""
    found = unicodedata.normalize("NFC", cell).strip()
    if found.startswith(("=", "@")):
        raise Unclean(
            "单元格是公式:请复制后“选择性粘贴—数值”", "the cell is a formula: copy it and paste it as a value"
        )
    if len(found) > TEXT_CHARACTERS:
        raise Unclean(
            f"有{len(found):,}个字符,上限为{TEXT_CHARACTERS:,}个:请缩短",
            f"{len(found):,} characters, the limit is {TEXT_CHARACTERS:,}: shorten it",
        )
    if CONTROL.search(found):
        raise Unclean("含有控制字符:请删除后重新填写", "contains a control character: type the cell again")
    return found


def text(cell: str, reading: Reading) -> str | None:
    """A text as it is; numbers of resident IDs inside are masked, they are never stored."""
    if is_null(cell):
        return None
    found = checked(cell)
    masked = RESIDENT_ID.sub(_masked, found)
    if masked != found:
        reading.notes.append(Text("文字中的身份证号码已遮盖", "resident ID numbers in the text are masked"))
    return masked


def _masked(match: re.Match[str]) -> str:
    number = match[0].upper()
    try:
        masked = identifiers.mask_document(IdentifierScheme.RESIDENT_ID, number)
    except identifiers.Malformed:
        return match[0]
    return match[0] if identifiers.uscc_matches(number) else masked


def name(cell: str, reading: Reading) -> str | None:
    """A name as it is stored: full-width brackets in Chinese names, no blanks between Chinese characters."""
    found = text(cell, reading)
    if found is None:
        return None
    found = " ".join(found.split())
    if HAS_CHINESE.search(found):
        found = found.replace("(", "（").replace(")", "）")
        found = BETWEEN_CHINESE.sub("", found)
    if len(found) > NAME_CHARACTERS:
        raise Unclean(
            f"名称有{len(found)}个字符,上限为{NAME_CHARACTERS}个", f"a name has at most {NAME_CHARACTERS} characters"
        )
    plain = half_width(found)
    if LOOKS_LIKE_DATE.fullmatch(plain) or LOOKS_LIKE_NUMBER.fullmatch(plain) or SCIENTIFIC.fullmatch(plain):
        raise Unclean(
            "此列应为名称,单元格却是号码或日期:请检查列是否错位",
            "a name belongs here, but the cell is a number or a date: check whether the columns are shifted",
        )
    return found


def ignored(cell: str, reading: Reading) -> None:
    """A column that is known and not loaded."""


def document_number(cell: str, reading: Reading) -> str | None:
    """文书号: blanks inside are dropped; which brackets surround the year does not make another document."""
    found = text(cell, reading)
    if found is None:
        return None
    if SCIENTIFIC.fullmatch(half_width(found)):
        raise Unclean(
            "文书号变成了科学计数:请将该列设为“文本”格式后重新填写",
            "the document number became scientific notation: format the column as text and type it again",
        )
    return "".join(found.split())


YEAR_BRACKETS: Final = str.maketrans({char: "(" for char in "〔[【﹝（"} | {char: ")" for char in "〕]】﹞）"})


def document_key(number: str) -> str:
    """`江市监罚〔2018〕1号`, `[2018]`, `(2018)` and full-width digits are one document number."""
    return unicodedata.normalize("NFKC", number.translate(YEAR_BRACKETS)).upper()
