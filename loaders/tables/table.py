"""Opens a table: finds the sheet, the delimiter and the header row, then hands on its rows, as often as asked.

It must not know what a cell means; a file without a header we know is refused, a bad row never stops a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from graph.codes import Text
from loaders.entries import Quarantined
from loaders.files import Unreadable
from loaders.tables import workbook
from loaders.tables.encoding import TITLES, encoding_of, first_bad_line, utf8_inside
from loaders.tables.layout import QUARANTINE_WORDS, Header, Layout, header_word, recognise
from loaders.tables.lines import DELIMITERS, Record, records

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
HEADER_ROWS: Final = 20  # rows from the top among which the header is looked for
FOOTERS: Final = ("表格说明", "填表说明", "填报说明")
UTF8_ROW: Final = Text(
    "该行是 UTF-8 编码,而文件是 GB18030:请将整个文件另存为“CSV UTF-8”",
    "this row is in UTF-8 but the file in GB18030: save the whole file as “CSV UTF-8”",
)
GUARD: Final = "'"  # before what a spreadsheet would run as a formula
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[str, ...]


@dataclass
class Table:
    """`skipped` counts what is no data, as found by the last reading: empty rows, footers, repeated headers."""

    path: Path
    header: Header
    described: str
    encoding: str = ""
    delimiter: str = ""
    sheet: int | None = None
    skipped: int = field(default=0)

    def rows(self) -> Iterator[Row | Quarantined]:
        """Every row of data below the header; the number is the one a spreadsheet shows."""
        self.skipped = 0
        footer = False
        width = len(self.header.names)
        for record in self._records():
            if record.number <= self.header.row:
                continue
            cells = tuple(unguarded(each) for each in record.cells)
            filled = [each for each in cells if each.strip()]
            footer = footer or (bool(filled) and filled[0].strip().startswith(FOOTERS))
            if record.fault is not None:
                yield Quarantined(record.number, None, None, record.fault, cells)
            elif not filled or cells[:width] == self.header.names or (footer and _is_note(filled)):
                self.skipped += 1
            elif any(each.strip() for each in cells[width:]):
                yield Quarantined(record.number, None, None, _too_wide(len(cells), width), cells)
            elif utf8_inside(cells, self.encoding):
                yield Quarantined(record.number, None, None, UTF8_ROW, cells)
            else:
                yield Row(record.number, cells[:width] + ("",) * (width - len(cells)))

    def _records(self) -> Iterator[Record]:
        if self.sheet is not None:
            yield from (each.record for each in workbook.sheet_records(self.path, self.sheet))
            return
        yield from _text_records(self.path, self.encoding, self.delimiter)


def _is_note(filled: Sequence[str]) -> bool:
    """Below 表格说明 single cells are notes; a row with more of them is data again."""
    return len(filled) < 2 or filled[0].strip().startswith(FOOTERS)


def _text_records(path: Path, encoding: str, delimiter: str, errors: str = "strict") -> Iterator[Record]:
    with path.open(encoding=encoding, newline="", errors=errors) as file:
        yield from records(file, delimiter)


def _too_wide(cells: int, columns: int) -> Text:
    return Text(
        f"该行有{cells}个单元格,表头只有{columns}列:列已错位,含分隔符的单元格须加双引号",
        f"this row has {cells} cells, the header {columns} columns: they are shifted; a cell with a delimiter in it "
        "needs quotation marks",
    )


def unguarded(cell: str) -> str:
    """What a quarantine guarded, and the `="…"` by which people keep a spreadsheet from rounding a code."""
    if cell.startswith(GUARD) and cell[1:].startswith(FORMULA_STARTS):
        return cell[1:]
    if cell.startswith('="') and cell.endswith('"') and '"' not in cell[2:-1]:
        return cell[2:-1]
    return cell


def open_table(path: Path, layouts: Sequence[Layout]) -> Table:
    """The table of a file; raises Unreadable when it cannot be used as a whole, and says what to do."""
    table = _open_workbook(path, layouts) if workbook.is_workbook(path) else _open_text(path, layouts)
    header = table.header
    if header.twice:
        raise Unreadable(f"列重复:{'、'.join(header.twice)} / a column stands twice: {', '.join(header.twice)}")
    if header.missing:
        raise Unreadable(
            f"按“{header.layout.title.zh}”识别,缺少列:{'、'.join(header.missing)} / read as "
            f"{header.layout.title.en}, columns are missing: {', '.join(header.missing)}"
        )
    return table


def _open_text(path: Path, layouts: Sequence[Layout]) -> Table:
    encoding = encoding_of(path)
    if (found := _text_header(path, layouts, encoding)) is not None:
        header, delimiter = found
        described = f"{header.layout.title.zh} · {TITLES[encoding]}"
        return Table(path, header, described, encoding, delimiter)
    if encoding == "gb18030" and _text_header(path, layouts, "utf-8", "replace") is not None:
        line = first_bad_line(path, "utf-8")
        raise Unreadable(
            f"文件混用编码:表头是 UTF-8,第{line}行不是;请另存为“CSV UTF-8” / mixed encodings: the header is UTF-8, "
            f"line {line} is not; save it as “CSV UTF-8”"
        )
    first = next((each.cells for each in _text_records(path, encoding, ",") if any(each.cells)), ())
    raise _unrecognised(layouts, first)


def _text_header(
    path: Path, layouts: Sequence[Layout], encoding: str, errors: str = "strict"
) -> tuple[Header, str] | None:
    found: list[tuple[Header, str]] = []
    for delimiter in DELIMITERS:
        for record in islice(_text_records(path, encoding, delimiter, errors), HEADER_ROWS):
            if (header := recognise(layouts, record.number, record.cells)) is not None:
                found.append((header, delimiter))
    return max(found, key=_recognised, default=None)


def _recognised(found: tuple[Header, str]) -> int:
    return len(found[0].places)


def _open_workbook(path: Path, layouts: Sequence[Layout]) -> Table:
    workbook.check(path)
    names = workbook.sheet_names(path)
    found: dict[int, Header] = {}
    first: dict[int, int] = {}
    shown: tuple[str, ...] = ()
    for each in workbook.sheet_records(path):
        seen = first.get(each.sheet, 0)
        if seen >= HEADER_ROWS:
            continue
        first[each.sheet] = seen + 1
        shown = shown or each.record.cells
        header = recognise(layouts, each.record.number, each.record.cells)
        if header is not None and (each.sheet not in found or len(found[each.sheet].places) < len(header.places)):
            found[each.sheet] = header
    if not found:
        raise _unrecognised(layouts, shown)
    if len(found) > 1:
        titles = "、".join(names[sheet] for sheet in found)
        raise Unreadable(
            f"多个工作表都有数据({titles}):请各自另存为一个文件 / several sheets hold data ({titles}): save each as a "
            "file of its own"
        )
    ((sheet, header),) = found.items()
    return Table(path, header, f"{header.layout.title.zh} · XLSX“{names[sheet]}”", sheet=sheet)


def _unrecognised(layouts: Sequence[Layout], first: Sequence[str]) -> Unreadable:
    wanted = {each.title.zh: "、".join(column.name for column in each.columns if column.required) for each in layouts}
    zh = ";".join(f"{title}须有 {columns}" for title, columns in wanted.items())
    en = " or ".join(each.title.en for each in layouts)
    shown = " | ".join(each.strip()[:20] for each in first[:8])
    zh_item, en_item = (";或用 --item 指定", ", or name it with --item") if len(layouts) > 1 else ("", "")
    return Unreadable(
        f"前{HEADER_ROWS}行中没有可识别的表头({zh}{zh_item});首行是:{shown} / no header of {en} among the first "
        f"{HEADER_ROWS} rows{en_item}; the first row is: {shown}"
    )


def with_units(header: Header, units: dict[str, str]) -> Header:
    return replace(header, units={**header.units, **units})


def quarantine_free(names: Sequence[str]) -> list[int]:
    """Places of the columns that are the file's own, not those of an earlier quarantine."""
    return [place for place, name in enumerate(names) if header_word(name)[0] not in QUARANTINE_WORDS]
