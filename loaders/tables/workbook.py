"""Reads an XLSX file through a child process, after looking at the archive without unpacking it.

It must not know headers; what makes a workbook unusable as a whole is said in one message.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loaders.files import Unreadable
from loaders.tables.lines import Record

CHILD: Final = Path(__file__).with_name("workbook_process.py")
ZIP: Final = b"PK\x03\x04"
COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and .xlsx under a password
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
ROWS: Final = 200_000  # longest sheet read; more belong in CSV
UNPACKED_BYTES: Final = 1_000_000_000
RATIO: Final = 250  # a part may grow by so much; sheets of real files grow 5 to 60 times
SMALL_PART: Final = 5_000_000  # bytes below which the ratio does not matter
PARTS: Final = 5_000
MEMORY: Final = 3_000_000_000  # address space of the child


@dataclass(frozen=True, slots=True)
class SheetRecord:
    sheet: int
    record: Record


def is_workbook(path: Path) -> bool:
    """By content, whatever the file is called."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise Unreadable(f"无法读取文件 / the file cannot be read: {error.strerror}") from error
    return start.startswith((ZIP, COMPOUND))


def check(path: Path) -> None:
    """Raises Unreadable for what is not opened: a password, macros, an old format, a zip bomb."""
    with path.open("rb") as file:
        start = file.read(1 << 16)
    if start.startswith(COMPOUND):
        if ENCRYPTED in start or ENCRYPTED in path.read_bytes()[:1_000_000]:
            raise Unreadable("工作簿有密码保护,请取消密码后另存 / the workbook has a password: save it without one")
        raise Unreadable("旧格式 .xls 不能读取,请另存为 .xlsx 或 CSV / the old format .xls: save it as .xlsx or CSV")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("工作簿已损坏,无法打开 / the workbook is damaged and cannot be opened") from error
    names = {each.filename for each in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("工作簿含有宏,请另存为不含宏的 .xlsx / the workbook has macros: save it as .xlsx without them")
    if "xl/workbook.xml" not in names:
        raise Unreadable("不是 .xlsx 工作簿 / this archive is not an .xlsx workbook")
    unpacked = sum(each.file_size for each in parts)
    grown = any(each.file_size > SMALL_PART and each.file_size > RATIO * each.compress_size for each in parts)
    overlapping = sum(each.compress_size for each in parts) > path.stat().st_size
    if unpacked > UNPACKED_BYTES or grown or overlapping or len(parts) > PARTS:
        raise Unreadable(
            f"压缩包异常(解压后{unpacked:,}字节;上限{UNPACKED_BYTES:,}字节、{RATIO}倍、{PARTS}个部件),拒绝打开 / "
            f"not opened: the archive would unpack to {unpacked:,} bytes (limits: {UNPACKED_BYTES:,} bytes, "
            f"{RATIO} times, {PARTS} parts)"
        )


def sheet_names(path: Path) -> list[str]:
    with _Child(path) as child:
        return child.sheets


def sheet_records(path: Path, sheet: int | None = None) -> Iterator[SheetRecord]:
    """Non-empty rows with the numbers the spreadsheet shows; of one sheet, or of all in their order."""
    with _Child(path) as child:
        for index, number, cells in child.rows():
            if sheet is None or index == sheet:
                yield SheetRecord(index, Record(number, tuple(cells)))


class _Child:
    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-I", str(CHILD), str(path), str(ROWS), str(MEMORY)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, encoding="utf-8"
        )

    def __enter__(self) -> _Child:
        try:
            self.sheets: list[str] = self._next()["sheets"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def rows(self) -> Iterator[tuple[int, int, list[str]]]:
        while isinstance(message := self._next(), list):
            yield message[0], message[1], message[2]

    def _next(self) -> Any:
        """The next message; raises Unreadable for a refusal and for a child that died of its file."""
        stdout = self._process.stdout
        line = "" if stdout is None else stdout.readline()
        message: Any = json.loads(line) if line.endswith("\n") else {"broken": "died"}
        if not isinstance(message, dict) or "sheets" in message or "end" in message:
            return message
        if "password" in message:
            raise Unreadable("工作簿有密码保护,请取消密码后另存 / the workbook has a password: save it without one")
        if "tooLong" in message:
            raise Unreadable(
                f"工作表“{message['sheet']}”有{message['tooLong']:,}行,上限为{ROWS:,}行,请另存为 CSV / sheet "
                f"“{message['sheet']}” has {message['tooLong']:,} rows, the limit is {ROWS:,}: save it as CSV"
            )
        raise Unreadable("工作簿已损坏,无法打开 / the workbook is damaged and cannot be opened")
