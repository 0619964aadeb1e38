"""The sources that the catalogue declares, and the command `python -m loaders catalog`: list, template, docs.

It must not know how a row is read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from graph.codes import RecordKind
from loaders.catalog.document import lines
from loaders.catalog.item import Catalog
from loaders.catalog.template import write
from loaders.catalog.transform import builder
from loaders.catalog.validators import layout
from loaders.files import Unreadable
from loaders.tables.command import TabularSource


def sources(catalog: Catalog) -> Iterator[TabularSource]:
    """A source for every one of the catalogue whose items say what a row becomes."""
    for source in catalog.sources.values():
        items = [each for each in catalog.of(source.name) if each.shapes]
        if items:
            layouts = tuple(layout(each) for each in items)
            lists = any(
                getattr(shape, "kind", None) is RecordKind.LIST_ENTRY for each in items for shape in each.shapes
            )
            build = builder({each.code: each for each in items})
            yield TabularSource(source.name, source.title, layouts, build, lasting=lists)


def declare(parser: argparse.ArgumentParser, catalog: Catalog) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listed = commands.add_parser("list", help="列出目录项 / the items")
    listed.set_defaults(run=partial(_list, catalog))
    template = commands.add_parser("template", help="写出空白模板 / an empty table of an item")
    template.add_argument("item", metavar="ITEM")
    template.add_argument("path", type=Path, metavar="FILE.csv|FILE.xlsx")
    template.set_defaults(run=partial(_template, catalog))
    documented = commands.add_parser("docs", help="目录的文档(Markdown) / the catalogue as a page")
    documented.set_defaults(run=partial(_docs, catalog))


def _list(catalog: Catalog, options: argparse.Namespace) -> int:
    for each in catalog.items.values():
        print(f"{each.code} {each.version} · {each.title.zh} / {each.title.en} · python -m loaders {each.source}")
    return 0


def _template(catalog: Catalog, options: argparse.Namespace) -> int:
    item = catalog.items.get(options.item)
    if item is None:
        raise Unreadable(f"没有目录项“{options.item}”,见 catalog list / no item “{options.item}”: see catalog list")
    write(item, options.path)
    print(f"{options.path}: {item.title.zh} / {item.title.en}")
    return 0


def _docs(catalog: Catalog, options: argparse.Namespace) -> int:
    print("\n".join(lines(catalog)))
    return 0
