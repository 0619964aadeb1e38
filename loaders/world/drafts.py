"""What the builders of entries share: what they are given, what they return, and drafts several sections make.

It must not know other entries; whether what an entry needs is there is decided by `transform`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value
from graph.codes import RecordKind, RelationKind, SubjectKind, Text
from graph.periods import ALWAYS, Day, Period
from graph.vocabulary import Family, NodeKind, kind_named, kinds
from loaders.named import ListWords
from loaders.world.fields import Fields
from loaders.world.vocabulary import (
    KEYS,
    ORGANIZATIONS,
    Key,
    Section,
)

SUBJECTS: Final = frozenset(each.code for each in kinds(Family.SUBJECT))
RECORDS: Final = frozenset(each.code for each in kinds(Family.RECORD))
# What may stand at an end of a relation of the vocabulary, as kinds of entries.
ENDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Subject": SUBJECTS,
        "Organization": ORGANIZATIONS,
        "Person": frozenset({SubjectKind.PERSON.value}),
        "GovernmentBody": frozenset({SubjectKind.GOVERNMENT_BODY.value}),
        "Record": RECORDS,
        "ListEntry": frozenset({RecordKind.LIST_ENTRY.value}),
        "Qualification": frozenset({"QUALIFICATION"}),
        "Project": frozenset({"PROJECT"}),
    }
)


@dataclass(frozen=True)
class Context:
    """What every builder may use besides its entry."""

    stem: str
    person_key: bytes
    lists: Mapping[str, ListWords]

    @cached_property
    def list_names(self) -> Mapping[str, str]:
        """Canonical name by every name and alias."""
        return {word: each.name for each in self.lists.values() for word in (each.name, *each.aliases)}


@dataclass(frozen=True, slots=True)
class Need:
    """A local name that must be an accepted entry of one of `kinds`; `expected` says which in a word."""

    key: str
    local: str
    kinds: frozenset[str]
    expected: str


@dataclass(frozen=True, slots=True)
class Built:
    """The drafts of one entry. `local` and `kind` say what it defines; `department` whom it shows as a decider."""

    fields: Fields
    stem: str
    local: str | None = None
    kind: str = ""
    nodes: tuple[NodeDraft, ...] = ()
    relations: tuple[RelationDraft, ...] = ()
    needs: tuple[Need, ...] = ()
    remarks: tuple[Text, ...] = ()
    claim_key: str | None = None
    department: str | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The identifiers of what the entry defines."""
        return tuple(claim for node in self.nodes if node.ref == self.local for claim in node.claims)


def stored(value: object) -> Value:
    match value:
        case Day():
            return str(value)
        case bool() | int() | str() | tuple():
            return value
    raise AssertionError(f"no stored form for {type(value)}")


def kind_of(fields: Fields, section: Section) -> NodeKind:
    """The node kind an entry names; every key it has must fit that kind."""
    word = fields.need("kind")
    kind = kind_named(word)
    keys = KEYS[section]
    allowed = next(key.codes for key in keys if key.name == "kind")
    if kind is None or kind.code not in allowed:
        raise fields.fault("kind", f"未知代码“{word}”", f"unknown code “{word}”")
    fit(fields, keys, kind.names, kind.code)
    return kind


def fit(fields: Fields, keys: Iterable[Key], properties: frozenset[str], code: str) -> None:
    for key in keys:
        here = key.name in fields.values
        misplaced = (key.by_kind and key.property not in properties) or (key.only and code not in key.only)
        if here and misplaced:
            raise fields.fault(key.name, f"{code} 没有键“{key.name}”", f"{code} has no key “{key.name}”")
        if not here and code in key.required_for:
            raise fields.fault(key.name, f"缺少键“{key.name}”", f"key “{key.name}” is missing")


def values_of(fields: Fields, names: Iterable[str]) -> dict[str, Value]:
    return {name: stored(fields.values[name]) for name in names if name in fields.values}


def relation_draft(
    number: int,
    fields: Fields,
    kind: RelationKind,
    ends: tuple[str, str],
    key: tuple[object, ...],
    period: Period = ALWAYS,
    values: Mapping[str, Value] = MappingProxyType({}),
) -> RelationDraft:
    written = "|".join("" if part is None else str(part) for part in key)
    return RelationDraft(kind, *ends, written, number, period, values, fields.line)


def need(key: str, local: str, words: str) -> Need:
    return Need(key, local, ENDS[words], words)
