"""Makes the validators of an item from its elements: the layout of its table, with a cleaner for every column.

It must not know rows or files; what a cell may contain is decided by `loaders.cells`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from graph.codes import IdentifierScheme, Text
from loaders.catalog.item import CatalogItem, DataElement, ElementType, Enumeration, Other, Required
from loaders.cells import amounts, dates, numbers, texts
from loaders.cells.reading import Cleaner, Reading, Unclean
from loaders.named import ListWords, known_lists
from loaders.tables.layout import Column, Layout

WORDS: Final[Mapping[ElementType, Text]] = {
    ElementType.TEXT: Text("文本", "text"),
    ElementType.NAME: Text("名称", "name"),
    ElementType.DOCUMENT_NUMBER: Text("文书号", "document number"),
    ElementType.DAY: Text("日期", "day"),
    ElementType.LAST_DAY: Text("最后一日", "last day, inclusive"),
    ElementType.YEAR: Text("年度", "year"),
    ElementType.AMOUNT: Text("金额", "amount"),
    ElementType.BOOLEAN: Text("是或否", "yes or no"),
    ElementType.CODE: Text("统一社会信用代码(或15、9位旧号码)", "USCC (or an older number of 15 or 9)"),
    ElementType.NUMBER: Text("号码", "number"),
    ElementType.PARTY_NUMBER: Text("证件号码或单位代码", "number of a person or an organisation"),
    ElementType.PERSON_DOCUMENT_TYPE: Text("证件类型", "document type"),
    ElementType.PERSON_DOCUMENT: Text("个人证件号码", "document number of a person"),
    ElementType.ENUM: Text("代码", "one of a list"),
    ElementType.LIST: Text("名单名称", "name of a list"),
    ElementType.UNKEPT: Text("不载入", "not loaded"),
}
YEAR: Final = re.compile(r"((?:19|20|21)\d\d)(?:\.0+)?(?:年度?)?")
YES: Final = frozenset({"是", "有", "1", "Y", "YES", "TRUE", "T"})
NO: Final = frozenset({"否", "0", "N", "NO", "FALSE", "F"})
SHOWN: Final = 20


def layout(item: CatalogItem) -> Layout:
    return Layout(item.code, item.title, tuple(column(each) for each in item.elements), item.version, item)


def column(element: DataElement) -> Column:
    aliases = (*element.aliases, *((element.code,) if element.code else ()))
    return Column(
        element.key,
        element.name,
        cleaner(element),
        aliases,
        required=element.required is Required.ALWAYS,
        expected=element.required is Required.EXPECTED,
        disclosure=element.disclosure,
        kept=element.type is not ElementType.UNKEPT,
        unit=element.unit,
        after=element.after,
    )


PLAIN: Final[Mapping[ElementType, Cleaner]] = {
    ElementType.TEXT: texts.text,
    ElementType.NAME: texts.name,
    ElementType.DOCUMENT_NUMBER: texts.document_number,
    ElementType.DAY: dates.day,
    ElementType.LAST_DAY: dates.last_day,
    ElementType.AMOUNT: amounts.amount,
    ElementType.CODE: numbers.organisation_number,
    ElementType.PARTY_NUMBER: numbers.party_number,
    ElementType.PERSON_DOCUMENT_TYPE: numbers.document_type,
    ElementType.PERSON_DOCUMENT: numbers.document,
    ElementType.UNKEPT: texts.ignored,
}


def cleaner(element: DataElement) -> Cleaner:
    if element.enumeration is not None:
        return one_of(element.enumeration)
    match element.type:
        case ElementType.NUMBER:
            return numbers.other_number(element.scheme or IdentifierScheme.USCC)
        case ElementType.YEAR:
            return year
        case ElementType.BOOLEAN:
            return boolean
        case ElementType.LIST:
            return listed
    plain = PLAIN[element.type]
    return plain if element.length is None else _limited(plain, element.length)


def _limited(clean: Cleaner, length: int) -> Cleaner:
    def limited(cell: str, reading: Reading) -> object:
        value = clean(cell, reading)
        if isinstance(value, str) and len(value) > length:
            raise Unclean(
                f"有{len(value)}个字,目录规定至多{length}个:请缩短",
                f"{len(value)} characters, the catalogue allows {length}: shorten it",
            )
        return value

    return limited


def one_of(enumeration: Enumeration) -> Cleaner:
    """The code of a word; what becomes of another word is said by the enumeration."""
    words = {_plain(written): each for written, each in enumeration.by_word.items()}
    longer = tuple((written, each) for written, each in words.items() if len(written) > 1)

    def clean(cell: str, reading: Reading) -> str | None:
        written = texts.text(cell, reading)
        if written is None:
            return None
        plain = _plain(written)
        word = words.get(plain)
        if word is None and enumeration.within:
            word = next((each for part, each in longer if part in plain), None)
        if word is not None:
            if word.note is not None:
                reading.notes.append(word.note)
            return word.code or None
        return _another(enumeration, written, plain[:SHOWN], reading)

    return clean


def _plain(written: str) -> str:
    """`1`, `1.0` and `01` are one code, and so are 绿 and 绿 in another width."""
    plain = "".join(texts.half_width(written).split()).removesuffix(".0").upper()
    return str(int(plain)) if plain.isascii() and plain.isdigit() else plain


def _another(enumeration: Enumeration, written: str, shown: str, reading: Reading) -> str | None:
    match enumeration.other:
        case Other.REFUSE:
            raise Unclean(
                f"“{shown}”不在“{enumeration.title.zh}”之列,可填:{'、'.join(enumeration.first)}",
                f"“{shown}” is no word of {enumeration.title.en}; give one of {'、'.join(enumeration.first)}",
            )
        case Other.KEEP:
            return written
        case Other.DROP:
            reading.notes.append(Text(f"“{shown}”不在代码表中,不载入", f"“{shown}” is in no table and not loaded"))
            return None
    reading.notes.append(Text(f"“{shown}”记为其他", f"“{shown}” is kept as {enumeration.other}"))
    return enumeration.other


def year(cell: str, reading: Reading) -> int | None:
    if texts.is_null(cell):
        return None
    match = YEAR.fullmatch("".join(texts.half_width(texts.checked(cell)).split()))
    if match is None:
        shown = cell.strip()[:SHOWN]
        raise Unclean(f"“{shown}”不是年度:请写成 2023", f"“{shown}” is no year: write 2023")
    return int(match[1])


def boolean(cell: str, reading: Reading) -> bool | None:
    if texts.is_null(cell):
        return None
    plain = texts.half_width(texts.checked(cell)).removesuffix(".0").upper()
    if plain not in YES | NO:
        raise Unclean(f"“{plain[:SHOWN]}”:请填 是 或 否", f"“{plain[:SHOWN]}”: write 是 or 否")
    return plain in YES


@cache
def lists() -> Mapping[str, ListWords]:
    """The lists of the rule pack, by canonical name."""
    return known_lists()


@cache
def list_names() -> Mapping[str, str]:
    """The canonical name of a list by each of its names, as the rule pack has them."""
    return {texts.half_width(word): each.name for each in lists().values() for word in (each.name, *each.aliases)}


def listed(cell: str, reading: Reading) -> str | None:
    written = texts.text(cell, reading)
    if written is None:
        return None
    plain = "".join(texts.half_width(written).split())
    found = list_names().get(plain)
    if found is None:
        known = "、".join(dict.fromkeys(list_names().values()))
        raise Unclean(
            f"名单“{plain[:SHOWN]}”不在规则包中,可填:{known}",
            f"the list “{plain[:SHOWN]}” is not in the rule pack; give one of {known}",
        )
    return found
