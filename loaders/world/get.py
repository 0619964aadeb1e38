"""Reads a world file into numbered entries, every key and value with its line; values stay the texts they were.

It must not know which keys exist nor what they mean; whatever cannot be read whole is refused whole.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from graph.identifiers import LOCAL_NAME
from graph.periods import parse_day
from loaders.files import Unreadable, find

SUFFIXES: Final = (".yaml", ".yml")
PARSER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: 20 times faster
TEXT_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:str"})
NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
AS_OF: Final = "asOf"
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """`file_bytes`: largest file opened; `depth`: deepest nesting (an entry's deepest value lies at 6)."""

    file_bytes: int = 20_000_000
    depth: int = 12


DEFAULT_LIMITS: Final = ReadLimits()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as written; None when nothing was written."""

    text: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    values: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping in the order of the file; a key written twice is there twice."""

    pairs: tuple[tuple[Leaf, Node], ...]
    line: int


Node = Leaf | Items | Pairs


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file: `number` counts from 0 over all sections, `section` is the top-level key as written."""

    number: int
    section: str
    node: Node
    line: int
    repeated: bool = False  # its section had appeared before in the file


@dataclass(frozen=True, slots=True)
class WorldFile:
    stem: str
    entries: tuple[Entry, ...]

    @property
    def read(self) -> int:
        return len(self.entries)


def get(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> WorldFile:
    """The entries of a file; raises Unreadable with the line where there is one."""
    stem = unicodedata.normalize("NFC", path.stem)
    if LOCAL_NAME.fullmatch(stem) is None:
        raise Unreadable(
            "文件名须为1至100个字符,不含空格、冒号和竖线 / a file name has 1 to 100 characters, no blank, colon or bar"
        )
    return parse(stem, decode(_bytes(path, limits)), limits)


def find_files(path: Path) -> tuple[Path, ...]:
    """The file, or the world files of the folder by name; raises Unreadable when there is none."""
    found = find(path, SUFFIXES)
    stems = [unicodedata.normalize("NFC", each.stem) for each in found]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise Unreadable(f"文件名重复,来源将互相覆盖 / two files of one name replace each other: {twice[0]}")
    return found


def _bytes(path: Path, limits: ReadLimits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)  # never more than the limit, whatever the size says
            if len(data) > limits.file_bytes:
                size = path.stat().st_size
                raise Unreadable(
                    f"文件过大({size:,}字节),上限为{limits.file_bytes:,}字节 / "
                    f"the file is too large ({size:,} bytes), the limit is {limits.file_bytes:,} bytes"
                )
            return data
    except OSError as error:
        raise Unreadable(f"无法读取文件 / the file cannot be read: {error.strerror}") from error


def decode(data: bytes) -> str:
    """BOM, else strict UTF-8, else strict GB18030; raises Unreadable on anything else and on damaged UTF-8."""
    if not data.strip():
        raise Unreadable("文件是空的 / the file is empty")
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Nearly any bytes pass as GB18030, so damaged UTF-8 would load as nonsense: real GB18030 text has hardly any
        # sequence that is also UTF-8.
        replaced = data.decode("utf-8", errors="replace")
        broken = replaced.count("\ufffd")
        whole = sum(char > "\x7f" for char in replaced) - broken
        if whole > broken:
            raise _damaged(data, error) from error
        return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(data, error) from error


def _damaged(data: bytes, error: UnicodeDecodeError) -> Unreadable:
    line = data.count(b"\n", 0, error.start) + 1
    cut = error.reason == "unexpected end of data"
    what = (
        ("在字符中间被截断", "is cut in the middle of a character")
        if cut
        else ("编码损坏或既非 UTF-8 也非 GB18030", "is damaged, or neither UTF-8 nor GB18030")
    )
    return Unreadable(f"第{line}行:文件{what[0]} / line {line}: the file {what[1]}")


def parse(stem: str, text: str, limits: ReadLimits = DEFAULT_LIMITS) -> WorldFile:
    """The entries of a text; raises Unreadable when it is not one YAML mapping of sections."""
    tree = _tree(text, limits)
    if isinstance(tree, Leaf) and tree.text is None:
        raise Unreadable("文件是空的 / the file is empty")
    if not isinstance(tree, Pairs):
        raise Unreadable(
            f"第{tree.line}行:顶层应为 subjects:、records: 等键 / line {tree.line}: "
            "the top level must be a mapping with keys such as subjects: and records:"
        )
    return WorldFile(stem, tuple(_entries(tree)))


def _entries(tree: Pairs) -> Iterator[Entry]:
    seen: set[str] = set()
    number = 0
    for key, value in tree.pairs:
        section = key.text or ""
        if section == AS_OF and section not in seen and isinstance(value, Leaf) and _is_day(value.text):
            seen.add(section)  # the default date of the case: not an entry, not stored
            continue
        nodes = value.values if isinstance(value, Items) else () if value == Leaf(None, value.line) else (value,)
        for node in nodes:
            line = node.line if isinstance(value, Items) else key.line
            yield Entry(number, section, node, line, repeated=section in seen)
            number += 1
        seen.add(section)


def _is_day(text: str | None) -> bool:
    try:
        return text is not None and parse_day(text).exact
    except ValueError:
        return False


def _tree(text: str, limits: ReadLimits) -> Node:
    """One document as a tree built from parser events, so that no alias is followed and no tag is obeyed."""
    parser = PARSER(text)
    try:
        parser.get_event()  # stream start
        if parser.check_event(yaml.StreamEndEvent):
            raise Unreadable("文件是空的 / the file is empty")
        parser.get_event()  # document start
        tree = _node(parser, limits.depth)
        parser.get_event()  # document end
        following = parser.get_event()
        if not isinstance(following, yaml.StreamEndEvent):
            raise _at(following, "一个文件只能有一个 YAML 文档", "a file holds one YAML document")
        return tree
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = max(1, len(text.splitlines()))  # the parser counts one further at the end of a cut file
        line = 1 if mark is None else min(mark.line + 1, last)
        raise Unreadable(
            f"第{line}行:不是有效的 YAML,或文件被截断 / "
            f"line {line}: not valid YAML, or the file is truncated: {error.problem}"
        ) from error
    except yaml.reader.ReaderError as error:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)  # the parser's own position is in bytes
        line = 1 if found is None else text.count("\n", 0, found.start()) + 1
        raise Unreadable(
            f"第{line}行:含有不允许的控制字符 / line {line}: a control character is not allowed"
        ) from error
    finally:
        parser.dispose()


def _at(event: Any, zh: str, en: str) -> Unreadable:
    line = event.start_mark.line + 1
    return Unreadable(f"第{line}行:{zh} / line {line}: {en}")


def _node(parser: Any, depth: int) -> Node:
    event = parser.get_event()
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        raise _at(event, "不允许使用 YAML 别名", "YAML aliases are not allowed")
    if isinstance(event, yaml.ScalarEvent):
        if event.tag not in TEXT_TAGS:
            raise _at(event, "不允许使用 YAML 标签", "YAML tags are not allowed")
        plain = event.style is None or event.style == ""
        return Leaf(None if plain and event.value in NULLS else event.value, line)
    if event.tag not in (None, "!"):
        raise _at(event, "不允许使用 YAML 标签", "YAML tags are not allowed")
    if depth == 0:
        raise _at(event, "嵌套过深", "nested too deeply")
    if isinstance(event, yaml.SequenceStartEvent):
        values = []
        while not parser.check_event(yaml.SequenceEndEvent):
            values.append(_node(parser, depth - 1))
        parser.get_event()
        return Items(tuple(values), line)
    pairs = []
    while not parser.check_event(yaml.MappingEndEvent):
        key = _node(parser, depth - 1)
        if not isinstance(key, Leaf):
            raise _at(event, "键须为文本", "a key must be a text")
        pairs.append((key, _node(parser, depth - 1)))
    parser.get_event()
    return Pairs(tuple(pairs), line)
