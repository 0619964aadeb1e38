"""A catalogue item as plain values, the same for the same item, and the id that names just this version of it.

It must not know files of the catalogue nor a graph; what two versions differ in is said by `compare`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

import orjson

from graph.codes import Text
from graph.store.items import Element, ItemVersion
from loaders.catalog.item import CatalogItem, DataElement

Described = Mapping[str, Any]
DIGITS: Final = 24


def described(item: CatalogItem) -> Described:
    """Every field of it and of its parts by name; texts in both languages."""
    values: Described = _plain(item)
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value  # a code is told as its text


def version_of(item: CatalogItem) -> ItemVersion:
    """What a graph keeps of the item that a file was read by."""
    text = orjson.dumps(described(item), option=orjson.OPT_SORT_KEYS)
    return ItemVersion(
        f"item_{_digest(text)}",
        *(item.code, item.version, item.title.zh, item.title.en, item.source, str(item.information_class)),
        *(tuple(item.providers), str(item.cycle), str(item.disclosure), text.decode()),
        tuple(_element(each) for each in item.elements),
    )


def _element(element: DataElement) -> Element:
    text = orjson.dumps(_plain(element), option=orjson.OPT_SORT_KEYS)
    return Element(
        f"elem_{_digest(text)}",
        *(element.key, element.name, str(element.type), element.code, element.length, str(element.required)),
        *(None if element.enumeration is None else element.enumeration.name, str(element.disclosure)),
    )


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:DIGITS]
