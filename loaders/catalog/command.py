"""The sources that the catalogue declares, and the command `python -m loaders catalog`: list, template, docs, diff,
versions.

It must not know how a row is read.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from graph.codes import RecordKind, RelationKind
from graph.progress import RichProgress
from graph.store import items as kept_items
from graph.store.items import Kept
from graph.store.opened import opened
from loaders.catalog.compare import differences
from loaders.catalog.described import Described, described, version_of
from loaders.catalog.document import lines
from loaders.catalog.item import Catalog, CatalogItem
from loaders.catalog.reading import read
from loaders.catalog.template import write
from loaders.catalog.transform import builder
from loaders.catalog.validators import layout
from loaders.files import Unreadable
from loaders.tables.command import TabularSource
from settings import Settings

MOST: Final = 1_000  # versions that one list shows
KEPT: Final = "item_"  # what the id of a stored version begins with


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
            lasting = frozenset({RelationKind.ON_LIST} if lists else ())
            yield TabularSource(source.name, source.title, layouts, build, lasting=lasting)


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
    compared = commands.add_parser("diff", help="用文字说明两个版本的差别 / say in words how two versions differ")
    for side in ("before", "after"):
        compared.add_argument(
            side,
            metavar=side.upper(),
            help="目录项代码、图中版本的编号(catalog versions)、或存放整部目录的文件夹"
            " / an item, the id of a version in the graph (catalog versions), or a folder with a whole catalogue",
        )
    compared.set_defaults(run=partial(_diff, catalog))
    stored = commands.add_parser("versions", help="图中各批报送所依据的版本 / the versions that files were read by")
    stored.add_argument("item", nargs="?", metavar="ITEM")
    stored.set_defaults(run=partial(_versions, catalog))
    for each in (compared, stored):
        each.add_argument("--home", type=Path, default=None, help="数据目录 / folder of the graph")


def _list(catalog: Catalog, options: argparse.Namespace) -> int:
    for each in catalog.items.values():
        print(f"{each.code} {each.version} · {each.title.zh} / {each.title.en} · python -m loaders {each.source}")
    return 0


def _template(catalog: Catalog, options: argparse.Namespace) -> int:
    item = _item(catalog, options.item)
    write(item, options.path)
    print(f"{options.path}: {item.title.zh} / {item.title.en}")
    return 0


def _item(catalog: Catalog, code: str) -> CatalogItem:
    if code not in catalog.items:
        raise Unreadable(f"没有目录项“{code}”,见 catalog list / no item “{code}”: see catalog list")
    return catalog.items[code]


def _docs(catalog: Catalog, options: argparse.Namespace) -> int:
    print("\n".join(lines(catalog)))
    return 0


def _versions(catalog: Catalog, options: argparse.Namespace) -> int:
    found = asyncio.run(_kept(options))
    in_force = {version_of(each).id for each in catalog.items.values()}
    for each in found:
        told = f"报送 {each.files:,} 次 / {each.files:,} files"
        now = " · 现行 / in force" if each.id in in_force else ""
        print(f"{each.code} {each.version}  {each.id}  {each.recorded_at}  {told}{now}")
    if len(found) == MOST:
        print(f"只列出前 {MOST:,} 个 / the first {MOST:,} only: name an item")
    if not found:
        print("图中没有版本 / the graph holds none: nothing was read by an item yet")
    return 0


async def _kept(options: argparse.Namespace) -> Sequence[Kept]:
    async with opened(Settings.from_environment(home=options.home), RichProgress()) as database:
        return await kept_items.versions(database, options.item, MOST)


def _diff(catalog: Catalog, options: argparse.Namespace) -> int:
    """Like `diff`: 0 where both say the same, 1 where they do not."""
    before, after = _side(catalog, options.before, options), _side(catalog, options.after, options)
    if before.whole != after.whole:  # of the whole catalogue the item that is asked about
        (code,) = after.items if before.whole else before.items
        before, after = before.only(code), after.only(code)
    different = False
    for name, one, other in _pairs(before, after):
        for line in _told(one, other):
            print(f"{name}: {line}")
            different = True
    if not different:
        print("没有差别 / no difference")
    return int(different)


def _pairs(before: Side, after: Side) -> Iterator[tuple[str, Described | None, Described | None]]:
    """Of two catalogues item by item; of two items these, of whatever codes."""
    if before.whole:
        for code in {**before.items, **after.items}:
            yield code, before.items.get(code), after.items.get(code)
        return
    for (code, one), (other_code, other) in zip(before.items.items(), after.items.items(), strict=True):
        yield f"{code} → {other_code}", one, other


def _told(one: Described | None, other: Described | None) -> Iterator[str]:
    match one, other:
        case None, _:
            yield "+ 新增目录项 / a new item"
        case _, None:
            yield "- 取消目录项 / the item is gone"
        case before, after:
            yield from differences(before, after)


@dataclass(frozen=True, slots=True)
class Side:
    """Items by code: one, or a `whole` catalogue."""

    items: Mapping[str, Described]
    whole: bool = False

    def only(self, code: str) -> Side:
        if code not in self.items:
            raise Unreadable(f"目录中没有“{code}” / no item “{code}” in that catalogue")
        return Side({code: self.items[code]})


def _side(catalog: Catalog, named: str, options: argparse.Namespace) -> Side:
    if Path(named).is_dir():
        return Side({code: described(each) for code, each in read(Path(named)).items.items()}, whole=True)
    if named.startswith(KEPT):
        stored: Described = orjson.loads(asyncio.run(_text(named, options)))
        return Side({stored["code"]: stored})
    return Side({named: described(_item(catalog, named))})


async def _text(id: str, options: argparse.Namespace) -> str:
    async with opened(Settings.from_environment(home=options.home), RichProgress()) as database:
        found = await kept_items.text(database, id)
    if found is None:
        raise Unreadable(f"图中没有版本“{id}”,见 catalog versions / no version “{id}” here: see catalog versions")
    return found
