"""Turns the written value of one key into the stored type of the graph, or says in both languages why it cannot be.

It must not know other entries nor databases; every function is pure and raises Fault with the line at fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from graph import identifiers, regions
from graph.codes import IdentifierScheme
from graph.identifiers import LOCAL_NAME, Malformed
from graph.periods import OPEN_END, Day, Period, parse_day
from loaders.world.fields import Document, Fault, Fields, Former, Version
from loaders.world.get import Items, Leaf, Node, Pairs
from loaders.world.vocabulary import VERSION, Form, Key

FIRST_YEAR, LAST_YEAR = 1900, 2200  # the API's Date
TEXT_LENGTH: Final = 5000  # 违法事实 of the national format
DECIMAL: Final = re.compile(r"\d{1,15}(\.\d{1,6})?")
WHOLE: Final = re.compile(r"\d{1,6}")
CODE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
INDUSTRY: Final = re.compile(r"[A-T]|[A-T]?\d{2,4}")
TRUTH: Final[Mapping[str, bool]] = {"true": True, "false": False}
FEN: Final = 100
SHARE_UNIT: Final = 1_000_000  # one percent, in millionths


def read_fields(node: Node, keys: tuple[Key, ...], where: str, lists: Mapping[str, str]) -> Fields:
    """Every key of an entry against the table of its section; raises Fault on the first one at fault.

    `lists` maps every known name and alias of a list to its canonical name.
    """
    if not isinstance(node, Pairs):
        raise Fault(node.line, None, f"{where}的条目应为键值对", f"an entry of {where} must be a mapping")
    table = {key.name: key for key in keys}
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for leaf, value in node.pairs:
        name = leaf.text or ""
        key = table.get(name)
        if key is None:
            raise Fault(leaf.line, name, f"{where}中没有键“{name}”", f"unknown key “{name}” in {where}")
        if name in lines:
            raise Fault(leaf.line, name, f"键“{name}”重复", f"key “{name}” is written twice")
        lines[name] = leaf.line
        if not (isinstance(value, Leaf) and value.text is None):  # nothing written means absent
            found = _read(key, value, lists)
            if found is not None:  # an open end
                values[name] = found
    for key in keys:
        if key.required and key.name not in values:
            raise Fault(node.line, key.name, f"缺少键“{key.name}”", f"key “{key.name}” is missing")
    return Fields(values, lines, node.line)


def _read(key: Key, node: Node, lists: Mapping[str, str]) -> object:
    match key.form:
        case Form.REFERENCES:
            return tuple(_local(leaf, key.name) for leaf in _leaves(node, key.name))
        case Form.CODES:
            return tuple(sorted({_code(leaf, key) for leaf in _leaves(node, key.name)}))
        case Form.TEXTS:
            return tuple(_text(leaf, key.name) for leaf in _leaves(node, key.name))
        case Form.PERIOD:
            return _period(node, key.name)
        case Form.DOCUMENT:
            return _document(node, key.name, "type", "number")
        case Form.IDENTIFIERS:
            return tuple(_former(item, key.name) for item in _items(node))
        case Form.VERSIONS:
            return tuple(_version(item, lists) for item in _items(node))
        case Form.BASIS:
            return tuple(_article(item, key.name) for item in _items(node))
        case Form.BAN:
            return _ban(node, key.name)
    return _scalar(key, _leaf(node, key.name), lists)


def _scalar(key: Key, leaf: Leaf, lists: Mapping[str, str]) -> object:
    text = _text(leaf, key.name)
    match key.form:
        case Form.LOCAL | Form.REFERENCE | Form.END:
            return _local(leaf, key.name)
        case Form.DAY:
            return day(leaf, key.name)
        case Form.CODE:
            return _code(leaf, key)
        case Form.CODE_OR_TEXT:
            return _code(leaf, key) if CODE.fullmatch(text) else text
        case Form.BOOLEAN:
            if text.lower() not in TRUTH:
                raise Fault(leaf.line, key.name, f"应为 true 或 false:“{text}”", f"must be true or false: “{text}”")
            return TRUTH[text.lower()]
        case Form.INTEGER:
            return _whole(leaf, key.name)
        case Form.MONEY:
            return _units(leaf, key.name, 2, FEN, "金额(元)", "an amount in yuan")
        case Form.SHARE:
            share = _units(leaf, key.name, 6, SHARE_UNIT, "百分比", "a percentage")
            if share > 100 * SHARE_UNIT:
                raise Fault(leaf.line, key.name, f"比例超过100%:{text}", f"more than 100 %: {text}")
            return share
        case Form.REGION:
            if not regions.known(text):
                raise Fault(leaf.line, key.name, f"未知的行政区划代码“{text}”", f"unknown region code “{text}”")
            return text
        case Form.INDUSTRY:
            if INDUSTRY.fullmatch(text) is None:
                raise Fault(leaf.line, key.name, f"不是行业代码:“{text}”", f"not an industry code: “{text}”")
            return text
        case Form.LIST:
            if text not in lists:
                raise Fault(leaf.line, key.name, f"未知的名单“{text}”", f"unknown list “{text}”")
            return lists[text]
        case Form.USCC:
            try:
                return identifiers.check_uscc(text)
            except Malformed as error:
                raise Fault(leaf.line, key.name, *error.reason) from error
    return text  # TEXT; NODE_KIND is resolved by the section


def day(leaf: Leaf, key: str) -> Day | None:
    """A day of the API's range; 9999-12-31 is an open end, hence None."""
    text = _text(leaf, key)
    if text == OPEN_END:
        return None
    try:
        found = parse_day(text)
    except ValueError as error:
        raise Fault(
            leaf.line,
            key,
            f"不是有效日期(YYYY-MM-DD、YYYY-MM 或 YYYY):“{text}”",
            f"not a date YYYY-MM-DD, YYYY-MM or YYYY: “{text}”",
        ) from error
    if not FIRST_YEAR <= found.first.year <= LAST_YEAR:
        raise Fault(
            leaf.line,
            key,
            f"日期应在{FIRST_YEAR}至{LAST_YEAR}年之间:“{text}”",
            f"a date lies between {FIRST_YEAR} and {LAST_YEAR}: “{text}”",
        )
    return found


def _leaf(node: Node, key: str) -> Leaf:
    if not isinstance(node, Leaf):
        raise Fault(node.line, key, "应为单个值", "must be a single value")
    return node


def _items(node: Node) -> tuple[Node, ...]:
    return node.values if isinstance(node, Items) else (node,)


def _leaves(node: Node, key: str) -> Iterator[Leaf]:
    leaves = [_leaf(item, key) for item in _items(node)]
    if not leaves:
        raise Fault(node.line, key, "列表是空的", "the list is empty")
    yield from leaves


def _text(leaf: Leaf, key: str) -> str:
    text = unicodedata.normalize("NFC", leaf.text or "").strip()
    if not text:
        raise Fault(leaf.line, key, "值是空的", "the value is empty")
    if len(text) > TEXT_LENGTH:
        raise Fault(leaf.line, key, f"超过{TEXT_LENGTH}个字符", f"longer than {TEXT_LENGTH} characters")
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
        raise Fault(leaf.line, key, "含有控制字符", "contains a control character")
    return text


def _local(leaf: Leaf, key: str) -> str:
    text = _text(leaf, key)
    if LOCAL_NAME.fullmatch(text) is None:
        raise Fault(
            leaf.line,
            key,
            "本地名须为1至100个字符,不含空格、冒号和竖线",
            "a local name has 1 to 100 characters, no blank, colon or bar",
        )
    return text


def _code(leaf: Leaf, key: Key) -> str:
    text = _text(leaf, key.name)
    if text not in key.codes:
        raise Fault(leaf.line, key.name, f"未知代码“{text}”", f"unknown code “{text}”")
    return text


def _whole(leaf: Leaf, key: str) -> int:
    text = _text(leaf, key)
    if WHOLE.fullmatch(text) is None:
        raise Fault(leaf.line, key, f"应为整数:“{text}”", f"must be a whole number: “{text}”")
    return int(text)


def _units(leaf: Leaf, key: str, decimals: int, unit: int, zh: str, en: str) -> int:
    """An exact decimal text in whole units; more decimals than the unit holds are a fault, never rounded."""
    text = _text(leaf, key)
    if DECIMAL.fullmatch(text) is None or len(text.partition(".")[2].rstrip("0")) > decimals:
        raise Fault(
            leaf.line,
            key,
            f"不是{zh}(最多{decimals}位小数):“{text}”",
            f"not {en} with at most {decimals} decimals: “{text}”",
        )
    return int(Decimal(text) * unit)


def _known_pairs(node: Node, key: str, names: tuple[str, ...]) -> dict[str, Node]:
    if not isinstance(node, Pairs):
        raise Fault(node.line, key, f"应为 {{{', '.join(names)}}}", f"must be {{{', '.join(names)}}}")
    found: dict[str, Node] = {}
    for leaf, value in node.pairs:
        name = leaf.text or ""
        if name not in names or name in found:
            raise Fault(
                leaf.line,
                f"{key}.{name}",
                f"“{key}”中没有键“{name}”或重复",
                f"unknown or repeated key “{name}” in {key}",
            )
        found[name] = value
    return found


def _present(found: Mapping[str, Node], key: str, name: str) -> Leaf | None:
    node = found.get(name)
    if node is None:
        return None
    leaf = _leaf(node, f"{key}.{name}")
    return leaf if leaf.text is not None else None


def _period(node: Node, key: str) -> Period:
    found = _known_pairs(node, key, ("from", "to"))
    start, end = (_present(found, key, name) for name in ("from", "to"))
    return Period(
        None if start is None else day(start, f"{key}.from"),
        None if end is None else day(end, f"{key}.to"),
    )


def _document(node: Node, key: str, kind: str, number: str, also: tuple[str, ...] = ()) -> Document:
    found = _known_pairs(node, key, (kind, number, *also))
    leaves = [_present(found, key, name) for name in (kind, number)]
    for name, leaf in zip((kind, number), leaves, strict=True):
        if leaf is None:
            raise Fault(node.line, f"{key}.{name}", f"缺少键“{name}”", f"key “{name}” is missing")
    word, digits = (leaf for leaf in leaves if leaf is not None)
    try:
        scheme = _scheme(word, f"{key}.{kind}") if also else identifiers.document_scheme(_text(word, key))
        return Document(scheme, identifiers.check_number(scheme, _text(digits, key)))
    except Malformed as error:
        raise Fault(digits.line, key, *error.reason) from error


def _scheme(leaf: Leaf, key: str) -> IdentifierScheme:
    text = _text(leaf, key)
    if text in identifiers.DOCUMENT_TYPES:
        return identifiers.DOCUMENT_TYPES[text]
    try:
        scheme = IdentifierScheme(text)
    except ValueError:
        scheme = IdentifierScheme.WORLD
    if scheme is IdentifierScheme.WORLD:  # local names belong to the file
        raise Fault(leaf.line, key, f"未知代码“{text}”", f"unknown code “{text}”")
    return scheme


def _former(node: Node, key: str) -> Former:
    document = _document(node, key, "scheme", "number", also=("from", "to"))
    assert isinstance(node, Pairs)  # noqa: S101 - read as one just now
    period = _period(Pairs(tuple(p for p in node.pairs if p[0].text in {"from", "to"}), node.line), key)
    if period.start is not None and period.end is not None and period.end.last <= period.start.first:
        raise Fault(node.line, key, "结束日期不晚于开始日期", "ends not after it began")
    return Former(document, period)


def _version(node: Node, lists: Mapping[str, str]) -> Version:
    fields = read_fields(node, VERSION, "versions", lists)
    for name in ("from", "to"):
        bound = fields.day(name)
        if bound is not None and not bound.exact:
            raise fields.fault(f"versions.{name}", "版本的起止须精确到日", "a version starts and ends on exact days")
    return Version(fields.period(), fields)


def _article(node: Node, key: str) -> tuple[str, str]:
    found = _known_pairs(node, key, ("document", "article"))
    document, article = (_present(found, key, name) for name in ("document", "article"))
    if document is None:
        raise Fault(node.line, f"{key}.document", "缺少键“document”", "key “document” is missing")
    return _text(document, f"{key}.document"), "" if article is None else _text(article, f"{key}.article")


def _ban(node: Node, key: str) -> dict[str, str | int | bool]:
    """`{scope, years: 5}`, `{scope, years: LIFE}` or `{scope, LIFE}` as stored properties."""
    found = _known_pairs(node, key, ("scope", "years", "LIFE"))
    ban: dict[str, str | int | bool] = {}
    scope, years = (_present(found, key, name) for name in ("scope", "years"))
    if scope is not None:
        ban["banScope"] = _text(scope, f"{key}.scope")
    life = "LIFE" in found
    mark = _present(found, key, "LIFE")
    if mark is not None and (mark.text or "").lower() != "true":
        raise Fault(mark.line, f"{key}.LIFE", "应为 true 或不写值", "must be true or have no value")
    if years is not None and _text(years, key) == "LIFE":
        life = True
    elif years is not None:
        ban["banYears"] = _whole(years, f"{key}.years")
    if life and "banYears" in ban:
        raise Fault(node.line, key, "不能同时写年限和终身", "a ban has years or is for life, not both")
    if life:
        ban["banLife"] = True
    return ban
