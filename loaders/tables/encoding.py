"""Decides the encoding of a text file by reading all of it once, a piece at a time.

It must not know what the text means; detectors that guess are not asked, they fail on short Chinese cells.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from loaders.files import Unreadable

PIECE: Final = 1 << 20  # bytes held at once
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES: Final = ("utf-8", "gb18030")
FEWEST_CHARACTERS: Final = 6  # fewer could be both by chance
TITLES: Final = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "gb18030": "GB18030"}


def encoding_of(path: Path) -> str:
    """BOM, else strict UTF-8, else strict GB18030; raises Unreadable naming the line that fits neither."""
    try:
        with path.open("rb") as file:
            start = file.read(PIECE)
    except OSError as error:
        raise Unreadable(f"无法读取文件 / the file cannot be read: {error.strerror}") from error
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Unreadable("文件是空的 / the file is empty")
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    if marked is None and start[:4096].count(0) > len(start[:4096]) // 8:
        raise Unreadable(
            "文件含有大量空字节,可能是无标记的 UTF-16 或不是文本;请另存为“CSV UTF-8” / the file is full of NUL bytes: "
            "UTF-16 without its mark, or no text; save it as “CSV UTF-8”"
        )
    faults = []
    for encoding in (marked,) if marked else CANDIDATES:
        line = first_bad_line(path, encoding)
        if line is None:
            return encoding
        faults.append((TITLES[encoding], line))
    zh = "、".join(f"第{line}行不是 {title}" for title, line in faults)
    en = ", ".join(f"line {line} is not {title}" for title, line in faults)
    raise Unreadable(
        f"文件的编码损坏或混用:{zh};请另存为“CSV UTF-8” / the encoding is damaged or mixed: {en}; "
        "save it as “CSV UTF-8”"
    )


def first_bad_line(path: Path, encoding: str) -> int | None:
    """The first line that is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return line + piece[: error.start].count(b"\n")
            if not piece:
                return None
            line += piece.count(b"\n")


def utf8_inside(cells: tuple[str, ...], encoding: str) -> bool:
    """Whether a row read as GB18030 was written in UTF-8: somebody joined two files."""
    if encoding != "gb18030":
        return False
    text = "".join(each for each in cells if not each.isascii())
    if len(text) < FEWEST_CHARACTERS:
        return False
    try:
        inside = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return any("\u4e00" <= char <= "\u9fff" for char in inside)
