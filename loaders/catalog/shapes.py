"""What an item's elements may fill: the properties of its shape and the parts every shape knows; and what is wrong.

It must not know TOML or rows of tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from graph.closed import SECTORS
from graph.codes import RecordKind
from graph.vocabulary import BY_CODE, NodeKind, ValueType
from loaders.addressees import NUMBERS
from loaders.catalog.item import (
    CatalogItem,
    DataElement,
    ElementType,
    Other,
    Person,
    ProjectShape,
    QualificationShape,
    RecordShape,
    Required,
    Shape,
)
from loaders.catalog.validators import list_names
from loaders.tables.layout import FEWEST, header_word
from loaders.world.vocabulary import (
    GRADES,
    KEY_GROUPS,
    QUALIFICATION_REASONS,
    QUALIFICATION_SANCTIONS,
    SCHEMES,
)

PARTY: Final = frozenset({"name", "category", "partyNumber", "document", "documentType", *NUMBERS})
AUTHORITY: Final = frozenset({"authority", "authorityCode", "reporter", "reporterCode"})
PROMISED: Final = frozenset({"basis"})  # cut into documents and articles
EMPLOYER: Final = frozenset({"employer", "employerCode", "employedFrom", "employedTo"})
FITS: Final = {  # what an element must be to fill a property
    ValueType.TEXT: {
        *(ElementType.TEXT, ElementType.NAME, ElementType.DOCUMENT_NUMBER, ElementType.ENUM, ElementType.LIST),
    },
    ValueType.DATE: {ElementType.DAY, ElementType.LAST_DAY},
    ValueType.INTEGER: {ElementType.YEAR},
    ValueType.BOOLEAN: {ElementType.BOOLEAN},
    ValueType.MONEY: {ElementType.AMOUNT},
}
STORED: Final = {ValueType.TEXT: str, ValueType.INTEGER: int, ValueType.BOOLEAN: bool, ValueType.TEXTS: tuple}
CLOSED: Final = {  # closed sets the rules speak in
    "scheme": SCHEMES,
    "sector": SECTORS,
    "sanction": QUALIFICATION_SANCTIONS,
    "reason": QUALIFICATION_REASONS,
}


def properties(shape: Shape) -> frozenset[str]:
    """Names of the properties a row of the shape may have, as the vocabulary declares them."""
    return _kind(shape).names


def _kind(shape: Shape) -> NodeKind:
    match shape:
        case RecordShape():
            return BY_CODE[shape.kind]
        case QualificationShape():
            return BY_CODE["QUALIFICATION"]
    return BY_CODE["PROJECT"]


def faults(item: CatalogItem) -> Iterator[str]:
    """Everything that is wrong with an item, each as one sentence in both languages."""
    yield from _names(item)
    if not item.shapes:
        return  # its source has its own way with the rows
    filled: set[str] = set()
    for shape in item.shapes:
        filled |= _used(shape) | properties(shape)
        yield from _shape_faults(item, shape)
    for element in item.elements:
        if element.type is not ElementType.UNKEPT and element.key not in filled:
            yield f"{element.key}: 不对应任何内容 / fills nothing"


def _names(item: CatalogItem) -> Iterator[str]:
    keys: set[str] = set()
    words: dict[str, str] = {}
    for element in item.elements:
        if element.key in keys:
            yield f"{element.key}: 重复 / stands twice"
        keys.add(element.key)
        for written in (element.name, *element.aliases, *((element.code,) if element.code else ())):
            word = header_word(written)[0]
            other = words.setdefault(word, element.key)
            if other != element.key and element.after is None:
                yield f"{element.key}: 列名“{written}”与 {other} 相同 / the name “{written}” is that of {other}"
    if len(item.elements) < FEWEST:
        yield f"少于{FEWEST}列的表头无法识别 / a header of fewer than {FEWEST} columns is not recognised"
    if not any(each.required is Required.ALWAYS for each in item.elements):
        yield "没有必填项 / no element is required"


def _shape_faults(item: CatalogItem, shape: Shape) -> Iterator[str]:
    keys = item.by_key
    for name in _referred(shape):
        if name not in keys:
            yield f"{name}: 没有这个数据项 / there is no such element"
    if isinstance(shape, RecordShape | QualificationShape):
        allowed = {each.name: each.type for each in _kind(shape).properties}
        for name, value in shape.values.items():
            if name not in allowed:
                yield f"{name}: 没有这个属性 / there is no such property"
            elif not isinstance(value, STORED.get(allowed[name], str)):
                yield f"{name}: 应为 / must be {allowed[name]}"
            elif name == "list" and value not in list_names().values():
                yield f"list: 规则包中没有名单“{value}” / the rule pack has no list “{value}”"
            elif isinstance(value, str):
                yield from _code_faults(shape, name, value)
        for element in item.elements:
            if not _fits(element, allowed):
                yield f"{element.key}: 应为 / must be {allowed[element.key]}"
            if element.enumeration is not None and element.key in allowed:
                for word in element.enumeration.words:
                    yield from _code_faults(shape, element.key, word.code)
                if element.enumeration.other not in tuple(Other):
                    yield from _code_faults(shape, element.key, element.enumeration.other)
    if isinstance(shape, RecordShape):
        yield from _record_faults(item, shape)
    elif isinstance(shape, QualificationShape):
        if "profession" not in keys and "profession" not in shape.values:
            yield "profession: 缺少职业 / the profession is missing"
        if shape.group is not None and shape.group not in KEY_GROUPS:
            yield f"group: 未知的重点人群“{shape.group}” / unknown key group “{shape.group}”"


def _fits(element: DataElement, allowed: Mapping[str, ValueType]) -> bool:
    """Whether an element can fill the property of its name; those of the party and unkept ones fill none."""
    if element.key not in allowed or element.key in PARTY or element.type is ElementType.UNKEPT:
        return True
    return element.type in FITS.get(allowed[element.key], ())


def _record_faults(item: CatalogItem, shape: RecordShape) -> Iterator[str]:
    wanted = {RecordKind.LIST_ENTRY: ("list",), RecordKind.GRADE: ("scheme", "grade")}.get(shape.kind, ())
    for name in wanted:
        element = item.by_key.get(name)
        if name not in shape.values and (element is None or element.required is not Required.ALWAYS):
            yield f"{name}: 须为固定值或必填项 / is the same in all rows or required in each"
    if "name" not in item.by_key:
        yield "name: 缺少当事人名称 / the party's name is missing"
    scheme, element = shape.values.get("scheme"), item.by_key.get("grade")
    letters = GRADES.get(str(scheme))
    if letters is not None and element is not None:
        enumeration = element.enumeration
        if enumeration is None or not {each.code for each in enumeration.words} <= letters:
            yield f"grade: {scheme} 的等级为 / the grades of {scheme} are: {'、'.join(sorted(letters))}"


def _code_faults(shape: Shape, name: str, code: str) -> Iterator[str]:
    closed = CLOSED.get(name)
    if name == "reason" and isinstance(shape, RecordShape):
        return  # a record's reason may be any text
    if code and closed is not None and code not in closed:
        yield f"{name}: 未知代码“{code}” / unknown code “{code}”"


def _referred(shape: Shape) -> Iterator[str]:
    """Elements that the shape speaks of by name."""
    for alternative in shape.key:
        yield from alternative
    match shape:
        case RecordShape():
            yield from shape.needs
            for each in shape.responsible:
                yield from _person(each.person)
        case ProjectShape():
            yield "name"
            for party in shape.parties:
                yield from (party.name, party.code)
                yield from (each for each in (party.start, party.end) if each is not None)
            if shape.manager is not None:
                yield from _person(shape.manager)
            if shape.manager_at is not None:
                yield shape.manager_at


def _person(person: Person) -> Iterator[str]:
    yield from (each for each in (person.name, person.document, person.document_type) if each is not None)


def _used(shape: Shape) -> set[str]:
    used = set(_referred(shape))
    match shape:
        case RecordShape():
            return used | PARTY | AUTHORITY | PROMISED
        case QualificationShape():
            return used | {"name", "document", "documentType"} | EMPLOYER
    return used
