"""Describes the columns of a layout in Markdown, as docs/sources.md shows them.

It must not know what a source does with a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from graph.vocabulary import Disclosure
from loaders.cells import amounts, dates, numbers, texts
from loaders.cells.reading import Cleaner
from loaders.tables.layout import Column, Layout

FORMS: Final[Mapping[Cleaner, str]] = {
    texts.text: "文本 text",
    texts.name: "名称 name",
    texts.ignored: "不载入 not loaded",
    dates.day: "日期 day",
    dates.last_day: "最后一日 last day, inclusive",
    amounts.amount: "金额 amount",
    amounts.share: "比例 share",
    numbers.organisation_number: "代码(18、15 或 9 位)code of 18, 15 or 9 characters",
    numbers.document_type: "证件类型 document type",
    numbers.document: "证件号码 document number of a person",
}
NUMBER: Final = "号码 number"


def described(layout: Layout) -> Iterator[str]:
    """The lines of the table of one layout."""
    yield f"### {layout.title.zh} / {layout.title.en} (`{layout.code}`)"
    yield ""
    yield "| column | form | need | other names in files |"
    yield "|---|---|---|---|"
    yield from (_line(each) for each in layout.columns)


def _line(column: Column) -> str:
    form = FORMS.get(column.clean, NUMBER)
    if column.unit:
        form += f", {column.unit}"
    if column.disclosure is not Disclosure.PUBLIC:
        form += ", 不公开 not shown"
    need = "必填 required" if column.required else "应填 expected" if column.expected else ""
    return f"| {column.name} | {form} | {need} | {'、'.join(column.aliases)} |"
