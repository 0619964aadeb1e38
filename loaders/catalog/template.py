"""Templates of an item: a CSV of its header, and a workbook whose cells are formatted, checked and explained.

It must not know how a file is read; what a template holds is read back by the item's own layout.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from loaders.catalog.item import CatalogItem, DataElement, ElementType, Required
from loaders.catalog.validators import WORDS, list_names
from loaders.files import Unreadable

DATA, NOTES = "数据", "说明"
ROWS: Final = 10_000  # rows of the sheet that are formatted as text and offer their words
LONGEST_OFFER: Final = 255  # characters of a list of words that a spreadsheet takes
REQUIRED: Final = {Required.ALWAYS: "必填 required", Required.EXPECTED: "应填 expected", Required.NO: ""}
WIDTHS: Final = {ElementType.TEXT: 30, ElementType.NAME: 28, ElementType.CODE: 24}


def write(item: CatalogItem, path: Path) -> None:
    """An empty table of the item; raises Unreadable for a suffix of no use and for a file that is there already."""
    writers = {".csv": _csv, ".xlsx": _xlsx}
    if path.suffix.lower() not in writers:
        raise Unreadable("模板应为 .csv 或 .xlsx / a template is .csv or .xlsx")
    if path.exists():
        raise Unreadable("文件已存在,不覆盖 / the file exists and is not overwritten")
    writers[path.suffix.lower()](item, path)


def _csv(item: CatalogItem, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow([each.name for each in item.elements])


def _xlsx(item: CatalogItem, path: Path) -> None:
    import xlsxwriter  # 5 MB that a load has no use for

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(DATA)
        as_text = book.add_format({"num_format": "@"})  # else a spreadsheet rounds codes and turns dates about
        plain = book.add_format({"bold": True})
        required = book.add_format({"bold": True, "bg_color": "#FCE4D6"})
        for place, element in enumerate(item.elements):
            sheet.set_column(place, place, WIDTHS.get(element.type, 18), as_text)
            sheet.write_string(0, place, element.name, required if element.required is Required.ALWAYS else plain)
            sheet.write_comment(0, place, explained(element))
            offered = list(words(element))
            if offered and sum(map(len, offered)) + len(offered) <= LONGEST_OFFER:
                sheet.data_validation(
                    *(1, place, ROWS, place), {"validate": "list", "source": offered, "error_type": "warning"}
                )
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 0, 120)
        for row, line in enumerate((f"{item.title.zh} / {item.title.en} ({item.code}, {item.version})", *_lines(item))):
            notes.write_string(row, 0, line)


def _lines(item: CatalogItem) -> list[str]:
    return [f"{each.name}: {explained(each)}" for each in item.elements]


def explained(element: DataElement) -> str:
    """What belongs into a cell, in one line."""
    title = WORDS[element.type]
    parts = [f"{title.zh} {title.en}", REQUIRED[element.required]]
    if element.unit:
        parts.append(element.unit)
    if element.length is not None:
        parts.append(f"至多{element.length}字 at most {element.length}")
    if offered := words(element):
        parts.append("、".join(offered))
    return ";".join(each for each in parts if each)


def words(element: DataElement) -> tuple[str, ...]:
    """One way of writing each code of an element that has a closed set of them."""
    if element.enumeration is not None:
        return element.enumeration.first
    if element.type is ElementType.LIST:
        return tuple(dict.fromkeys(list_names().values()))
    return ("是", "否") if element.type is ElementType.BOOLEAN else ()
