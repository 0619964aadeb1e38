"""Reads the TOML files of the catalogue into one frozen value; errors name file, item and element.

It must not know rows of tables; what cannot be right (a key that fills nothing, an unknown list) is found here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from graph.changes import Value
from graph.codes import Text
from graph.errors import GraphError
from graph.facts import Article
from loaders.catalog import shapes
from loaders.catalog.item import (
    EVERY_DEPARTMENT,
    Catalog,
    CatalogItem,
    DataElement,
    Department,
    ElementType,
    Enumeration,
    Person,
    ProjectParty,
    ProjectShape,
    QualificationShape,
    RecordShape,
    Responsible,
    Shape,
    Source,
    Word,
)
from loaders.catalog.rows import (
    CatalogFile,
    ElementRow,
    EnumerationRow,
    GroupReference,
    ItemRow,
    PersonRow,
    ProjectRow,
    RecordRow,
)

FOLDER: Final = Path(__file__).parent / "items"
NOTHING: Final = Catalog(
    MappingProxyType({}), MappingProxyType({}), MappingProxyType({}), (), Text("", ""), MappingProxyType({})
)


class CatalogError(GraphError):
    """A catalogue that cannot be read; the message names file, item and element."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    rows: CatalogFile


def departments() -> Catalog:
    """Who reports, of the catalogue of this checkout, and no item: of a city it is all that is needed."""
    return _departments([_file(FOLDER / "departments.toml")], NOTHING)


@cache
def shipped() -> Catalog:
    """The catalogue of this checkout."""
    return read(FOLDER)


def read(folder: Path, base: Catalog = NOTHING) -> Catalog:
    """The items of all files of a folder beside those of `base`; raises CatalogError."""
    files = [_file(each) for each in sorted(folder.glob("*.toml"))]
    if not files:
        raise CatalogError(f"目录中没有 .toml 文件 / no .toml file in the folder: {folder}")
    catalog = _departments(files, base)
    enumerations = dict(base.enumerations)
    for file in files:
        for each in file.rows.enumerations:
            _new(enumerations, each.name, file.name)
            enumerations[each.name] = _enumeration(each)
    groups = dict(base.groups)
    for file in files:
        for group in file.rows.groups:
            _new(groups, group.name, file.name)
            where = f"{file.name}: {group.name}"
            groups[group.name] = tuple(_element(each, enumerations, where) for each in group.elements)
    sources = dict(base.sources)
    for file in files:
        for source in file.rows.sources:
            _new(sources, source.name, file.name)
            sources[source.name] = Source(source.name, Text(source.zh, source.en), source.own)
    catalog = replace(catalog, enumerations=enumerations, groups=groups, sources=sources)
    items = dict(base.items)
    for file in files:
        for row in file.rows.items:
            _new(items, row.code, file.name)
            if row.source in base.sources and base.sources[row.source].own:
                raise CatalogError(f"{file.name}: {row.code}: 来源不接受新目录项 / takes no new items: {row.source}")
            items[row.code] = _item(row, catalog, f"{file.name}: {row.code}")
    return replace(catalog, items=MappingProxyType(items))


def _file(path: Path) -> File:
    try:
        return File(path.name, CatalogFile(**tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path.name}: {error}") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5])
        raise CatalogError(f"{path.name}: {told}") from error


def _new(known: Mapping[str, Any], name: str, where: str) -> None:
    if name in known:
        raise CatalogError(f"{where}: “{name}”已有定义 / “{name}” is defined already")


def _departments(files: Sequence[File], base: Catalog) -> Catalog:
    departments, assumed = list(base.departments), base.assumed
    for file in files:
        rows = file.rows
        departments += (
            Department(each.name, each.word, place < rows.catalogued) for place, each in enumerate(rows.departments)
        )
        if rows.assumed is not None:
            assumed = Text(rows.assumed.zh, rows.assumed.en)
    return replace(base, departments=tuple(departments), assumed=assumed)


def _enumeration(row: EnumerationRow) -> Enumeration:
    words = tuple(
        Word(
            tuple(each.words),
            each.code,
            None if each.zh is None or each.en is None else Text(each.zh, each.en),
        )
        for each in row.words
    )
    return Enumeration(row.name, Text(row.zh, row.en), words, row.other, row.within)


def _element(row: ElementRow, enumerations: Mapping[str, Enumeration], where: str) -> DataElement:
    if (row.enumeration is not None) is not (row.type is ElementType.ENUM):
        raise CatalogError(f"{where}: {row.key}: ENUM 须有 enumeration,其他类型没有 / ENUM has an enumeration, only it")
    if row.enumeration is not None and row.enumeration not in enumerations:
        raise CatalogError(f"{where}: {row.key}: 未知的代码表 / unknown enumeration: {row.enumeration}")
    if (row.scheme is not None) is not (row.type is ElementType.NUMBER):
        raise CatalogError(f"{where}: {row.key}: NUMBER 须有 scheme,其他类型没有 / NUMBER has a scheme, only it")
    return DataElement(
        row.key,
        row.name,
        row.type,
        row.code,
        tuple(row.aliases),
        row.length,
        row.required,
        None if row.enumeration is None else enumerations[row.enumeration],
        row.scheme,
        row.unit,
        row.disclosure,
        row.after,
    )


def _item(row: ItemRow, catalog: Catalog, where: str) -> CatalogItem:
    if row.source not in catalog.sources:
        raise CatalogError(f"{where}: 未知的来源 / unknown source: {row.source}")
    known = {EVERY_DEPARTMENT, *(each.name for each in catalog.departments)}
    if unknown := [each for each in row.providers if each not in known]:
        raise CatalogError(f"{where}: 未知的部门 / unknown department: {'、'.join(unknown)}")
    elements: list[DataElement] = []
    for each in row.elements:
        if isinstance(each, GroupReference):
            if each.group not in catalog.groups:
                raise CatalogError(f"{where}: 未知的数据项组 / unknown group of elements: {each.group}")
            elements += catalog.groups[each.group]
        else:
            elements.append(_element(each, catalog.enumerations, where))
    item = CatalogItem(
        row.code,
        row.version,
        Text(row.zh, row.en),
        row.source,
        row.information_class,
        tuple(row.subjects),
        tuple(row.providers),
        row.cycle,
        row.disclosure,
        row.confidence,
        tuple(Article(each.document, each.article) for each in row.basis),
        tuple(elements),
        tuple(_shapes(row)),
        None if row.note_zh is None or row.note_en is None else Text(row.note_zh, row.note_en),
    )
    if bool(item.shapes) is catalog.sources[row.source].own:
        raise CatalogError(f"{where}: 须写明一行记为什么 / say what a row becomes: record, qualification or project")
    if faults := tuple(shapes.faults(item)):
        raise CatalogError(f"{where}: {'; '.join(faults)}")
    return item


def _shapes(row: ItemRow) -> Iterable[Shape]:
    for record in row.records:
        yield _record(record)
    if (qualification := row.qualification) is not None:
        yield QualificationShape(
            _key(qualification.key), _values(qualification.values), qualification.relation, qualification.group
        )
    if (project := row.project) is not None:
        yield _project(project)


def _record(row: RecordRow) -> RecordShape:
    responsible = tuple(Responsible(_person(each), each.capacity) for each in row.responsible)
    return RecordShape(row.kind, _key(row.key), _values(row.values), tuple(row.needs), responsible)


def _project(row: ProjectRow) -> ProjectShape:
    parties = tuple(ProjectParty(each.name, each.code, each.relation, each.start, each.end) for each in row.parties)
    manager = None if row.manager is None else _person(row.manager)
    return ProjectShape(_key(row.key), parties, manager, row.manager_at)


def _person(row: PersonRow) -> Person:
    return Person(row.name, row.document, row.document_type)


def _key(written: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """`["number", "certificate+content"]`: the number, or where it is empty certificate and content together."""
    return tuple(tuple(each.split("+")) for each in written)


def _values(written: Mapping[str, Any]) -> Mapping[str, Value]:
    return MappingProxyType({name: tuple(each) if isinstance(each, list) else each for name, each in written.items()})
