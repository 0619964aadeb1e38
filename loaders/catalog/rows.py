"""The rows of the catalogue's TOML files as they are written; strict, so that a misspelt field is an error.

It must not know what an item becomes, nor join rows with one another.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.codes import Capacity, Confidence, IdentifierScheme, RecordKind, RelationKind, SubjectKind
from graph.vocabulary import Disclosure
from loaders.catalog.item import Cycle, ElementType, InformationClass, Required

Key = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9]*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
Written = Annotated[str, Field(min_length=1, max_length=200)]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WordRow(Row):
    words: list[Written] = Field(min_length=1)
    code: str
    zh: str | None = None
    en: str | None = None


class EnumerationRow(Row):
    name: Name
    zh: str
    en: str
    other: str = "REFUSE"
    within: bool = False
    words: list[WordRow] = Field(min_length=1)


class ElementRow(Row):
    key: Key
    name: Written
    type: ElementType
    code: str = ""
    aliases: list[Written] = []
    length: int | None = Field(default=None, ge=1, le=5_000)
    required: Required = Required.NO
    enumeration: str | None = None
    scheme: IdentifierScheme | None = None
    unit: Literal["", "元", "万元", "亿元"] = ""
    disclosure: Disclosure = Disclosure.PUBLIC
    after: Key | None = None


class GroupReference(Row):
    group: Name


class GroupRow(Row):
    name: Name
    elements: list[ElementRow]


class PersonRow(Row):
    name: Key
    document: Key | None = None
    document_type: Key | None = None


class ResponsibleRow(PersonRow):
    capacity: Capacity


class RecordRow(Row):
    kind: RecordKind
    key: list[str] = Field(min_length=1)
    values: dict[str, Any] = {}
    needs: list[Key] = []
    responsible: list[ResponsibleRow] = []


class QualificationRow(Row):
    key: list[str] = Field(min_length=1)
    values: dict[str, Any] = {}
    relation: Literal[RelationKind.PRACTISES_AT, RelationKind.EMPLOYED_BY] | None = None
    group: str | None = None


class ProjectPartyRow(Row):
    name: Key
    code: Key
    relation: Literal[RelationKind.BIDS_ON, RelationKind.WON, RelationKind.BUILDS]
    start: Key | None = None
    end: Key | None = None


class ProjectRow(Row):
    key: list[str] = Field(min_length=1)
    parties: list[ProjectPartyRow] = Field(min_length=1)
    manager: PersonRow | None = None
    manager_at: Key | None = None


class BasisRow(Row):
    document: str
    article: str | None = None


class ItemRow(Row):
    code: Name
    version: Written
    zh: str
    en: str
    source: Name
    information_class: InformationClass
    subjects: list[SubjectKind] = Field(min_length=1)
    providers: list[str] = Field(min_length=1)
    cycle: Cycle
    disclosure: Disclosure = Disclosure.PUBLIC
    confidence: Confidence
    basis: list[BasisRow] = []
    note_zh: str | None = None
    note_en: str | None = None
    elements: list[ElementRow | GroupReference] = Field(min_length=1)
    records: list[RecordRow] = Field(default=[], alias="record")
    qualification: QualificationRow | None = None
    project: ProjectRow | None = None


class SourceRow(Row):
    name: Name
    zh: str
    en: str
    own: bool = False


class DepartmentRow(Row):
    name: str
    word: str


class AssumedRow(Row):
    zh: str
    en: str


class CatalogFile(Row):
    """One file. The departments stand in one file, the first `catalogued` of them are the assumed catalogue."""

    items: list[ItemRow] = Field(default=[], alias="item")
    groups: list[GroupRow] = Field(default=[], alias="group")
    enumerations: list[EnumerationRow] = Field(default=[], alias="enumeration")
    sources: list[SourceRow] = Field(default=[], alias="source")
    departments: list[DepartmentRow] = Field(default=[], alias="department")
    catalogued: int = 0
    assumed: AssumedRow | None = None
