"""What the catalogue (采集目录) is made of: items, their elements, their enumerations, and who provides them.

It must not know TOML, files or rows; what an element's name fills is decided by the shape of its item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from graph.changes import Value
from graph.codes import Capacity, Confidence, IdentifierScheme, RecordKind, RelationKind, SubjectKind, Text
from graph.facts import Article
from graph.vocabulary import Disclosure


class ElementType(StrEnum):
    """What a cell of an element holds; `validators` has the check of each, `WORDS` its name."""

    TEXT = "TEXT"
    NAME = "NAME"
    DOCUMENT_NUMBER = "DOCUMENT_NUMBER"
    DAY = "DAY"
    LAST_DAY = "LAST_DAY"
    YEAR = "YEAR"
    AMOUNT = "AMOUNT"
    BOOLEAN = "BOOLEAN"
    CODE = "CODE"
    NUMBER = "NUMBER"
    PARTY_NUMBER = "PARTY_NUMBER"
    PERSON_DOCUMENT_TYPE = "PERSON_DOCUMENT_TYPE"
    PERSON_DOCUMENT = "PERSON_DOCUMENT"
    ENUM = "ENUM"
    LIST = "LIST"
    UNKEPT = "UNKEPT"


class Required(StrEnum):
    """ALWAYS: no row without it. EXPECTED: the standard asks for it, its absence is remarked."""

    ALWAYS = "ALWAYS"
    EXPECTED = "EXPECTED"
    NO = "NO"


class Cycle(StrEnum):
    """更新周期: how often an item is handed in."""

    SEVEN_WORKING_DAYS = "SEVEN_WORKING_DAYS"
    DAILY = "DAILY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"
    ON_CHANGE = "ON_CHANGE"


class InformationClass(StrEnum):
    """信息类别, after the national basic catalogue (`domain.md` B4)."""

    REGISTRATION = "REGISTRATION"
    JUDICIAL = "JUDICIAL"
    ADMINISTRATIVE = "ADMINISTRATIVE"
    PROFESSION = "PROFESSION"
    ABNORMAL_OPERATION = "ABNORMAL_OPERATION"
    SERIOUS_DISHONESTY = "SERIOUS_DISHONESTY"
    CONTRACT = "CONTRACT"
    COMMITMENT = "COMMITMENT"
    EVALUATION = "EVALUATION"
    COMPLIANCE = "COMPLIANCE"
    HONOUR = "HONOUR"
    DECLARED = "DECLARED"


class Other(StrEnum):
    """What becomes of a word that an enumeration lacks: the row goes back, or it is kept, or dropped and said."""

    REFUSE = "REFUSE"
    KEEP = "KEEP"
    DROP = "DROP"


@dataclass(frozen=True, slots=True)
class Word:
    """How one code is written in files; code '' means that nothing is stored. `note` is said to the reporter."""

    words: tuple[str, ...]
    code: str
    note: Text | None = None


@dataclass(frozen=True)
class Enumeration:
    """A closed set of words. `other` is one of `Other`, or the code that stands for every other word.

    With `within`, a word of two or more characters is also found inside a longer cell.
    """

    name: str
    title: Text
    words: tuple[Word, ...]
    other: str = Other.REFUSE
    within: bool = False

    @cached_property
    def by_word(self) -> Mapping[str, Word]:
        return {written: each for each in self.words for written in each.words}

    @property
    def first(self) -> tuple[str, ...]:
        """One way of writing each code, as templates offer them."""
        return tuple(each.words[0] for each in self.words)


@dataclass(frozen=True, slots=True)
class DataElement:
    """数据项: one column. `key` says what it fills, `code` is its name in the standard that has one.

    `after`: of a name that two columns share, this one follows that column (`tables.layout.Column`).
    """

    key: str
    name: str
    type: ElementType
    code: str = ""
    aliases: tuple[str, ...] = ()
    length: int | None = None
    required: Required = Required.NO
    enumeration: Enumeration | None = None
    scheme: IdentifierScheme | None = None
    unit: str = ""
    disclosure: Disclosure = Disclosure.PUBLIC
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Elements that name one person; only the name has to be there."""

    name: str
    document: str | None = None
    document_type: str | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """A person whom the decision names, and in which capacity (S8): never an office holder who is merely mentioned."""

    person: Person
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A row becomes a credit record about its party. `values` are the same in all rows.

    `key`: alternatives, the first that is filled tells records of one party and authority apart. `needs`: without
    these elements the row makes no such record (another shape of the item may still make one).
    """

    kind: RecordKind
    key: tuple[tuple[str, ...], ...]
    values: Mapping[str, Value]
    needs: tuple[str, ...] = ()
    responsible: tuple[Responsible, ...] = ()


@dataclass(frozen=True, slots=True)
class QualificationShape:
    """A row becomes a qualification of its person, who practises at (or is employed by) an organisation."""

    key: tuple[tuple[str, ...], ...]
    values: Mapping[str, Value]
    relation: RelationKind | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectParty:
    """Elements that name an organisation and its code, what ties it to the project, and since when until when."""

    name: str
    code: str
    relation: RelationKind
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectShape:
    """A row becomes a project, the organisations around it, and its manager's post at the one named by `manager_at`."""

    key: tuple[tuple[str, ...], ...]
    parties: tuple[ProjectParty, ...]
    manager: Person | None = None
    manager_at: str | None = None


Shape = RecordShape | QualificationShape | ProjectShape


@dataclass(frozen=True, slots=True)
class Department:
    """A body that provides items. `catalogued`: of the 28 of the first batch, which are an assumption."""

    name: str
    word: str
    catalogued: bool


@dataclass(frozen=True)
class CatalogItem:
    """目录项: one kind of table, its elements in the usual order, and what a row of it becomes.

    Without `shapes` the source has its own way with the rows (双公示). `confidence`: how well the headers are known.
    """

    code: str
    version: str
    title: Text
    source: str
    information_class: InformationClass
    subjects: tuple[SubjectKind, ...]
    providers: tuple[str, ...]
    cycle: Cycle
    disclosure: Disclosure
    confidence: Confidence
    basis: tuple[Article, ...]
    elements: tuple[DataElement, ...]
    shapes: tuple[Shape, ...] = ()
    note: Text | None = None

    @cached_property
    def by_key(self) -> Mapping[str, DataElement]:
        return {each.key: each for each in self.elements}


@dataclass(frozen=True)
class Source:
    """A word of the command line that loads items. `own`: its rows are built by code of its own, not by shapes."""

    name: str
    title: Text
    own: bool = False


@dataclass(frozen=True)
class Catalog:
    """Every item, by its code; `assumed` says what of the departments is not verified."""

    items: Mapping[str, CatalogItem]
    sources: Mapping[str, Source]
    enumerations: Mapping[str, Enumeration]
    departments: tuple[Department, ...]
    assumed: Text
    groups: Mapping[str, tuple[DataElement, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, source: str) -> tuple[CatalogItem, ...]:
        return tuple(each for each in self.items.values() if each.source == source)


EVERY_DEPARTMENT: Final = "*"
