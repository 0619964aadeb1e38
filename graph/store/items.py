"""The versions of catalogue items (采集目录) by which files were read: kept once each, and never changed.

It must not know how an item reads a row; what a version says in full is a text that whoever wrote it understands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from graph.store.connection import Store

KEEP: Final = """
MERGE (item:CatalogItem {id: $row.id})
ON CREATE SET item = $row
MERGE (submission:SubmissionBatch {id: $submission})
MERGE (submission)-[:READ_BY]->(item)
WITH item
UNWIND $elements AS each
MERGE (element:DataElement {id: each.row.id})
ON CREATE SET element = each.row
MERGE (item)-[:HAS_ELEMENT {position: each.position}]->(element)"""
VERSIONS: Final = """
MATCH (item:CatalogItem) USING INDEX item:CatalogItem(code, recordedAt)
WHERE item.code STARTS WITH $code AND item.recordedAt > ''
WITH item ORDER BY item.code, item.recordedAt LIMIT $most
RETURN item {.*} AS item, COUNT { (item)<-[:READ_BY]-() } AS files"""
ITEM: Final = "MATCH (item:CatalogItem {id: $id}) RETURN item.text AS text"


@dataclass(frozen=True, slots=True)
class Element:
    """数据项, as a node of its own: the same column of two items is one node."""

    id: str
    key: str
    name: str
    type: str
    code: str
    length: int | None
    required: str
    enumeration: str | None
    disclosure: str


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """目录项: `text` is all of it, its enumerations and what a row becomes included."""

    id: str
    code: str
    version: str
    titleZh: str
    titleEn: str
    source: str
    informationClass: str
    providers: tuple[str, ...]
    cycle: str
    disclosure: str
    text: str
    elements: tuple[Element, ...]

    def row(self, recorded_at: str) -> dict[str, Any]:
        row = {key: value for key, value in asdict(self).items() if key != "elements"}
        return {**row, "providers": list(self.providers), "recordedAt": recorded_at}

    def element_rows(self) -> list[dict[str, Any]]:
        return [
            {"position": place, "row": {key: value for key, value in asdict(each).items() if value is not None}}
            for place, each in enumerate(self.elements)
        ]


@dataclass(frozen=True, slots=True)
class Kept:
    """A version as it is stored, since when, and how many files were read by it."""

    id: str
    code: str
    version: str
    recorded_at: str
    files: int


async def versions(database: Store, code: str | None, most: int) -> list[Kept]:
    """The kept versions of an item or of all, the earlier first."""
    rows = await database.read(VERSIONS, {"code": code or "", "most": most})
    found = [_kept(row["item"], row["files"]) for row in rows]
    return [each for each in found if code in (None, each.code)]


def _kept(item: Mapping[str, Any], files: int) -> Kept:
    return Kept(item["id"], item["code"], item["version"], item["recordedAt"], files)


async def text(database: Store, id: str) -> str | None:
    """What a kept version says in full."""
    rows = await database.read(ITEM, {"id": id})
    return str(rows[0]["text"]) if rows else None
