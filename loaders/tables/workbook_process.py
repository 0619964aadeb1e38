"""The child process that opens a workbook: prints the cells of every sheet as JSON lines, the texts a person would see.

It must not import the project: it runs alone, so that a hostile file takes down nothing but itself.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, PasswordError, load_workbook

TAG = re.compile(rb"<(?:\w+:)?(row|c|f)(?=[\s/>])([^>]*)>")
PLACE = re.compile(rb"""\sr=["']([A-Z]{0,3})(\d{1,7})["']""")
HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
PIECE = 1 << 20
OVERLAP = 400  # a tag cut by the end of a piece
EXACT = 10**15  # from here on a number of a spreadsheet has lost digits


def main(path: str, rows: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        with load_workbook(path) as workbook:
            formulas = formula_cells(path)
            say({"sheets": workbook.sheet_names})
            for index, name in enumerate(workbook.sheet_names):
                sheet = workbook.get_sheet_by_name(name)
                if sheet.total_height > rows:
                    say({"tooLong": sheet.total_height, "sheet": name})
                    return
                left = sheet.start[1] if sheet.start else 0
                found = formulas.get(name, set())
                for number, row in enumerate(sheet.iter_rows(), start=1):
                    cells = [""] * left + [shown(value) for value in row]
                    for column in range(len(cells)):
                        if (number, column) in found:
                            cells[column] = f"={cells[column]}"
                    if any(cells):
                        say([index, number, cells])
        say({"end": True})
    except PasswordError:
        say({"password": True})
    except (CalamineError, MemoryError, zipfile.BadZipFile, ElementTree.ParseError, KeyError) as error:
        say({"broken": type(error).__name__})


def say(message: Any) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")


def shown(value: Any) -> str:
    """Numbers as a spreadsheet shows them (15 digits); one that has lost digits keeps its exponent to tell."""
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            if abs(value) >= EXACT:
                return f"{value:.14E}"
            return str(int(value)) if value == int(value) else f"{value:.15g}"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time() | timedelta():
            return str(value)
    return str(value)


def formula_cells(path: str) -> dict[str, set[tuple[int, int]]]:
    """Row and column of every formula, by sheet: what it shows was computed elsewhere and may be stale."""
    found: dict[str, set[tuple[int, int]]] = {}
    with zipfile.ZipFile(path) as archive:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {each.get("Id"): each.get("Target", "") for each in relations}
        for sheet in workbook.iterfind(".//{*}sheet"):  # transitional and strict workbooks differ in their namespaces
            relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            target = targets.get(relation, "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            if part in archive.namelist():
                with archive.open(part) as file:
                    if not _has_formula(file):  # most sheets: their tags need not be counted
                        continue
                with archive.open(part) as file:
                    found[sheet.get("name", "")] = _formulas(file)
    return found


def _has_formula(file: Any) -> bool:
    rest = b""
    while piece := file.read(PIECE):
        if HAS_FORMULA.search(rest + piece):
            return True
        rest = piece[-OVERLAP:]
    return False


def _formulas(file: Any) -> set[tuple[int, int]]:
    """Places are attributes that a writer may leave out: then a cell stands right of the one before it."""
    cells, row, column = set(), 0, -1
    for name, attributes in _tags(file):
        place = PLACE.search(attributes)
        if name == b"row":
            row, column = (row + 1 if place is None else int(place[2])), -1
        elif name == b"c":
            column = column + 1 if place is None else _column(place[1])
        else:
            cells.add((row, column))
    return cells


def _tags(file: Any) -> Iterator[tuple[bytes, bytes]]:
    rest = b""
    while piece := file.read(PIECE):
        text, done = rest + piece, 0
        for match in TAG.finditer(text):
            done = match.end()
            yield match[1], match[2]
        rest = text[max(done, len(text) - OVERLAP) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
