"""The child process that opens a workbook: prints the cells of every sheet as JSON lines, the texts a person would see.

It must not import the project: it runs alone, so that a hostile file takes down nothing but itself.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, PasswordError, load_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b')
PIECE = 1 << 20
OVERLAP = 400  # a cell's opening tag cut by the end of a piece
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
        for sheet in workbook.iter(f"{MAIN}sheet"):
            target = targets.get(sheet.get(RELATION), "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            if part in archive.namelist():
                with archive.open(part) as file:
                    found[sheet.get("name", "")] = _formulas(file)
    return found


def _formulas(file: Any) -> set[tuple[int, int]]:
    cells, rest = set(), b""
    while piece := file.read(PIECE):
        text = rest + piece
        cells |= {(int(row), _column(letters)) for letters, row in FORMULA.findall(text)}
        rest = text[-OVERLAP:]
    return cells


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
