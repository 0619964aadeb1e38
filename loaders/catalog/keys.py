"""What tells a row's record, certificate or project from others: the elements that an item names as its key.

It must not know what becomes of the row.
"""

from __future__ import annotations

from typing import Final

from loaders.cells.texts import document_key
from loaders.tables.fields import Fault, Fields

DOCUMENTS: Final = frozenset({"documentNumber", "number", "certificate"})  # brackets of a year make no other document


def distinction(key: tuple[tuple[str, ...], ...], fields: Fields) -> str:
    """The first alternative all of whose elements are filled; raises Fault where there is none."""
    for alternative in key:
        found = [fields.values.get(each) for each in alternative]
        if all(each is not None for each in found):
            pairs = zip(alternative, found, strict=True)
            return "|".join(document_key(str(value)) if name in DOCUMENTS else str(value) for name, value in pairs)
    raise Fault(
        key[0][0],
        "无法与其他记录区分:请补填此项",
        "nothing tells this record from others: fill this in",
    )
