"""The catalogue as a page: docs/catalogue.md is what this module says, and a test holds them together.

It must not know how files are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.vocabulary import Disclosure
from graph.words import words as code_words
from loaders.catalog.item import (
    EVERY_DEPARTMENT,
    Catalog,
    CatalogItem,
    Cycle,
    DataElement,
    Enumeration,
    InformationClass,
    Other,
    ProjectShape,
    QualificationShape,
    RecordShape,
    Shape,
)
from loaders.catalog.template import REQUIRED
from loaders.catalog.validators import WORDS

CYCLES: Final = {
    Cycle.SEVEN_WORKING_DAYS: "七个工作日内 within 7 working days",
    Cycle.DAILY: "每日 daily",
    Cycle.MONTHLY: "每月 monthly",
    Cycle.QUARTERLY: "每季 quarterly",
    Cycle.YEARLY: "每年 yearly",
    Cycle.ON_CHANGE: "变化时 on change",
}
CLASSES: Final = {
    InformationClass.REGISTRATION: "登记注册基本信息 registration",
    InformationClass.JUDICIAL: "司法裁判及执行信息 judgments and enforcement",
    InformationClass.ADMINISTRATIVE: "行政管理信息 administrative decisions",
    InformationClass.PROFESSION: "职称和职业信息 professions",
    InformationClass.ABNORMAL_OPERATION: "经营(活动)异常名录信息 abnormal operations",
    InformationClass.SERIOUS_DISHONESTY: "严重失信主体名单信息 serious dishonesty",
    InformationClass.CONTRACT: "合同履行信息 contracts",
    InformationClass.COMMITMENT: "信用承诺及履行信息 commitments",
    InformationClass.EVALUATION: "信用评价结果信息 grades",
    InformationClass.COMPLIANCE: "遵守法律法规情况信息 compliance",
    InformationClass.HONOUR: "诚实守信相关荣誉信息 honours",
    InformationClass.DECLARED: "经自主申报信息 declared by the subject",
}
OTHERS: Final = {
    Other.REFUSE: "表外的词退回 another word sends the row back",
    Other.KEEP: "表外的词按原文保存 another word is kept as written",
    Other.DROP: "表外的词不载入并提示 another word is not loaded, and said",
}
INTRODUCTION: Final = """# 采集目录 Collection catalogue

*Generated from `loaders/catalog/items/*.toml` by `make catalogue`.*

Every item is data: its columns, their types, lengths and words, who provides it and on what basis, and what a row
becomes. The validators, the templates (`python -m loaders catalog template ITEM FILE.csv|FILE.xlsx`) and this page
follow from it. How cells are read in general: sources.md.

**A new item needs no code.** Put a `.toml` file like those into a folder and name the folder in `CREDITGRAPH_CATALOG`;
`python -m loaders catalog list` shows it, and `python -m loaders SOURCE FILE` loads it. What cannot be right (a key
that fills nothing, an unknown list, scheme or department) is refused with file, item and element. A table is recognised
by its words; `--item` decides where two items fit. The confidence of an item says how well its headers and its basis
were checked; no conformity with GB/T 39441 or 39445 is claimed."""


def lines(catalog: Catalog) -> Iterator[str]:
    """The page, line by line."""
    yield INTRODUCTION
    yield from _departments(catalog)
    yield from _overview(catalog)
    for item in catalog.items.values():
        yield from _item(item)
    yield ""
    yield "## 代码表 Enumerations"
    for each in catalog.enumerations.values():
        yield from _enumeration(each)


def _departments(catalog: Catalog) -> Iterator[str]:
    named = [each.name for each in catalog.departments]
    counted = sum(each.catalogued for each in catalog.departments)
    yield ""
    yield "## 部门 Departments"
    yield ""
    yield f"**{catalog.assumed.zh} / {catalog.assumed.en}.** {'、'.join(named[:counted])}."
    if named[counted:]:
        yield ""
        yield f"此外 besides: {'、'.join(named[counted:])}."


def _overview(catalog: Catalog) -> Iterator[str]:
    yield ""
    yield "## 目录项 Items"
    yield ""
    yield "| item | version | 名称 title | source | 提供部门 provider | 更新 cycle | 公开 disclosure | confidence |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in catalog.items.values():
        yield (
            f"| `{each.code}` | {each.version} | {each.title.zh} {each.title.en} | `{each.source}` "
            f"| {_providers(each)} | {CYCLES[each.cycle]} | {each.disclosure} | {each.confidence} |"
        )


def _providers(item: CatalogItem) -> str:
    return "各部门 every department" if EVERY_DEPARTMENT in item.providers else "、".join(item.providers)


def _item(item: CatalogItem) -> Iterator[str]:
    yield ""
    yield f"### `{item.code}`: {item.title.zh} / {item.title.en}"
    yield ""
    subjects = "、".join(code_words(each).zh for each in item.subjects)
    yield f"- 信息类别 class: {CLASSES[item.information_class]}; 主体 subjects: {subjects}"
    for article in item.basis:
        yield f"- 依据 basis: {article.document}{article.article or ''}"
    for shape in item.shapes:
        yield f"- 一行记为 a row becomes: {_becomes(shape)}"
    if item.note is not None:
        yield f"- {item.note.zh} {item.note.en}"
    yield ""
    yield "| 数据项 element | 代码 code | 类型 type | 长度 | 要求 need | 代码表 words | 别名 other names |"
    yield "|---|---|---|---|---|---|---|"
    for each in item.elements:
        yield _element(each)


def _becomes(shape: Shape) -> str:
    match shape:
        case RecordShape():
            same = "、".join(f"{name} {value}" for name, value in shape.values.items())
            needs = f" (须有 needs {' + '.join(shape.needs)})" if shape.needs else ""
            named = "、".join(f"{each.person.name}: {each.capacity}" for each in shape.responsible)
            return (
                f"{code_words(shape.kind).zh} {shape.kind}"
                + (f" [{same}]" if same else "")
                + needs
                + (f"; 列名人员 persons named: {named}" if named else "")
            )
        case QualificationShape():
            relation = f", {shape.relation}" if shape.relation is not None else ""
            group = f", MEMBER_OF {shape.group}" if shape.group is not None else ""
            return f"职业资格 QUALIFICATION{relation}{group}"
        case ProjectShape():
            return "项目 PROJECT, " + ", ".join(each.relation for each in shape.parties) + ", PROJECT_MANAGER_OF"


def _element(element: DataElement) -> str:
    title = WORDS[element.type]
    form = f"{title.zh} {title.en}" + (f", {element.unit}" if element.unit else "")
    if element.disclosure is not Disclosure.PUBLIC:
        form += f", {element.disclosure}"
    closed = element.enumeration
    words = "" if closed is None else f"[{closed.title.zh}](#{closed.name})"
    return (
        f"| {element.name} | {element.code} | {form} | {element.length or ''} | {REQUIRED[element.required]} | "
        f"{words} | {'、'.join(element.aliases)} |"
    )


def _enumeration(enumeration: Enumeration) -> Iterator[str]:
    yield ""
    yield f'<a id="{enumeration.name}"></a>**{enumeration.title.zh} / {enumeration.title.en}**: ' + "; ".join(
        f"{'、'.join(each.words)} → {each.code or '—'}" for each in enumeration.words
    )
    other = OTHERS.get(Other(enumeration.other)) if enumeration.other in tuple(Other) else None
    yield f"({other or f'表外的词记为 another word is kept as {enumeration.other}'})"
