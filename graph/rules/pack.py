"""Reads the TOML files of a pack into one frozen value and back into canonical text; errors name file, rule and field.

It must not know facts, nor decide what a rule means.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.codes import (
    Capacity,
    Confidence,
    Effect,
    ListPolarity,
    PostKind,
    Purpose,
    RecordKind,
    RelationKind,
    Text,
)
from graph.errors import GraphError
from graph.facts import Article
from graph.findings import MeasureDefinition
from graph.periods import parse_period
from graph.rules.rule import Anchor, CauseKind, Duty, Rule, VersionBy, Visibility, Way
from graph.vocabulary import POST_RELATION_KINDS

FOLDER: Final = Path(__file__).parent
FILES: Final = (
    "pack.toml",
    "measures.toml",
    "lists.toml",
    "company.toml",
    "court.toml",
    "wages.toml",
    "food.toml",
    "profession.toml",
    "must_not.toml",
)


class PackError(GraphError):
    """A pack that cannot be read; the message names file, rule and field."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a neighbourhood must hold: post-like relations to walk, and how many lie between a party and a subject.

    Two: organisation ← person (who is barred) → organisation (whose record bars him).
    """

    relations: frozenset[RelationKind]
    hops: int


@dataclass(frozen=True, slots=True)
class CreditListName:
    """A list by its canonical Chinese name; `joint_punishment`: counts as 失信联合惩戒对象."""

    name: str
    aliases: tuple[str, ...]
    polarity: ListPolarity
    owner: str
    joint_punishment: bool
    confidence: Confidence


@dataclass(frozen=True)
class Pack:
    """A rule pack. `text` is canonical: equal packs have equal texts, and `parse(text)` gives the pack again."""

    name: str
    version: str
    text: str
    rules: tuple[Rule, ...]
    definitions: Mapping[str, MeasureDefinition]
    lists: tuple[CreditListName, ...]

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def footprint(self) -> Footprint:
        """A rule that looks at any office considers every kind of post (S9); a duty lies one post further than it."""
        walks = [rule for rule in self.rules if rule.roles or rule.duty]
        relations = frozenset(POST_RELATION_KINDS) if walks else frozenset[RelationKind]()
        return Footprint(relations, (1 if walks else 0) + (1 if any(rule.duty for rule in walks) else 0))

    @cached_property
    def by_kind(self) -> Mapping[RecordKind | CauseKind, tuple[tuple[Rule, ...], ...]]:
        """For each kind of cause the families of rules it may set off, each family by validity."""
        families: dict[Any, list[Rule]] = {}
        for rule in self.rules:
            families.setdefault(rule.family, []).append(rule)
        found: dict[RecordKind | CauseKind, list[tuple[Rule, ...]]] = {}
        for family in families.values():
            for kind in family[0].kinds:
                found.setdefault(kind, []).append(tuple(sorted(family, key=_begins)))
        return MappingProxyType({kind: tuple(each) for kind, each in found.items()})

    def list_named(self, name: str) -> CreditListName | None:
        return next((each for each in self.lists if name == each.name or name in each.aliases), None)


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class MeasureRow(Row):
    code: str
    zh: str
    en: str
    effect: Effect
    purposes: list[Purpose]
    family: Literal["RIGHTS", "MANAGEMENT", "OTHERS"]


class ListRow(Row):
    name: str
    aliases: list[str] = []
    polarity: ListPolarity
    owner: str
    joint_punishment: bool
    confidence: Confidence


class BasisRow(Row):
    document: str
    article: str | None = None


class RuleRow(Row):
    id: str = Field(pattern=r"^[PQKM]\d\d$")
    part: str | None = None
    way: Way
    version: str
    version_by: VersionBy
    zh: str
    en: str
    text_zh: str | None = None
    text_en: str | None = None
    basis: list[BasisRow] = Field(min_length=1)
    confidence: Confidence
    jurisdiction: str = "CN"
    valid_from: str
    valid_until: str | None = None
    kinds: list[RecordKind | CauseKind] = []
    subject: Literal["ORGANIZATION", "PERSON", "ANY"] = "ANY"
    conditions: list[str] = []
    lists: list[str] = []
    measure: str | None = None
    duty: str | None = None
    duty_roles: list[PostKind] = []
    roles: list[PostKind] = []
    anchor: Anchor = Anchor.AS_OF
    either: bool = False
    finding: bool = False
    capacities: list[Capacity] = []
    follows_post: bool = False
    released: bool = False
    years: int | None = Field(default=None, ge=1)
    from_decision: bool = False
    life: bool = False
    ends_on_repair: bool
    visibility: Visibility = Visibility.PUBLIC


class PackFile(Row):
    name: str | None = None
    version: str | None = None
    measures: list[MeasureRow] = Field(default=[], alias="measure")
    lists: list[ListRow] = Field(default=[], alias="list")
    rules: list[RuleRow] = Field(default=[], alias="rule")


@cache
def load() -> Pack:
    """The pack this program ships."""
    return _assemble({name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES})


@cache
def parse(text: str) -> Pack:
    """A pack from its canonical text, e.g. as a graph has kept it."""
    return _assemble(json.loads(text))


def _assemble(files: Mapping[str, str]) -> Pack:
    read = {name: _read(name, text) for name, text in sorted(files.items())}
    definitions = {
        row.code: MeasureDefinition(row.code, Text(row.zh, row.en), row.effect, tuple(row.purposes))
        for file in read.values()
        for row in file.measures
    }
    lists = tuple(
        CreditListName(row.name, tuple(row.aliases), row.polarity, row.owner, row.joint_punishment, row.confidence)
        for file in read.values()
        for row in file.lists
    )
    rules = tuple(_rule(name, row, definitions, lists) for name, file in read.items() for row in file.rules)
    _refuse_overlaps(rules)
    heads = [file for file in read.values() if file.name and file.version]
    if len(heads) != 1:
        raise PackError("pack: exactly one file gives name and version")
    text = json.dumps(dict(sorted(files.items())), ensure_ascii=False, sort_keys=True)
    return Pack(str(heads[0].name), str(heads[0].version), text, rules, MappingProxyType(definitions), lists)


def _read(name: str, text: str) -> PackFile:
    try:
        return PackFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise PackError(f"{name}: {where}: {first['msg']}") from None


def _rule(
    name: str, row: RuleRow, definitions: Mapping[str, MeasureDefinition], lists: tuple[CreditListName, ...]
) -> Rule:
    from graph.propagation.conditions import PREDICATES  # the closed set lives beside the code that holds it

    place = f"{name}: {row.id}{'.' + row.part if row.part else ''} {row.version}"
    for field, code in (("measure", row.measure), ("duty", row.duty)):
        if code is not None and code not in definitions:
            raise PackError(f"{place}: {field}: no measure {code!r} in measures.toml")
    for condition in row.conditions:
        if condition not in PREDICATES:
            raise PackError(f"{place}: conditions: unknown predicate {condition!r}")
    known = {each.name for each in lists}
    for listed in row.lists:
        if listed not in known:
            raise PackError(f"{place}: lists: no list {listed!r} in lists.toml")
    if (row.measure is None) != (row.way is Way.MUST_NOT):
        raise PackError(f"{place}: measure: every way but MUST_NOT needs one")
    if not row.kinds and row.way is not Way.MUST_NOT:
        raise PackError(f"{place}: kinds: what sets it off is missing")
    if row.years is not None and row.life:
        raise PackError(f"{place}: years: a term or for life, not both")
    try:
        validity = parse_period(row.valid_from, row.valid_until)
    except ValueError as error:
        raise PackError(f"{place}: valid_from: {error}") from None
    return Rule(
        id=row.id,
        part=row.part,
        way=row.way,
        version=row.version,
        version_by=row.version_by,
        title=Text(row.zh, row.en),
        text=Text(row.text_zh, row.text_en or row.text_zh) if row.text_zh else None,
        basis=tuple(Article(each.document, each.article) for each in row.basis),
        confidence=row.confidence,
        jurisdiction=row.jurisdiction,
        validity=validity,
        kinds=frozenset(row.kinds),
        subject=row.subject,
        conditions=tuple(row.conditions),
        measure=None if row.measure is None else definitions[row.measure],
        duty=None if row.duty is None else Duty(definitions[row.duty], frozenset(row.duty_roles)),
        roles=frozenset(row.roles),
        anchor=row.anchor,
        either=row.either,
        finding=row.finding,
        capacities=frozenset(row.capacities),
        follows_post=row.follows_post,
        released=row.released,
        years=row.years,
        from_decision=row.from_decision,
        life=row.life,
        ends_on_repair=row.ends_on_repair,
        visibility=row.visibility,
        lists=frozenset(row.lists),
    )


def _refuse_overlaps(rules: tuple[Rule, ...]) -> None:
    families: dict[Any, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    for family in families.values():
        for earlier, later in pairwise(sorted(family, key=_begins)):
            if earlier.validity.overlaps(later.validity):
                name = f"{earlier.id}.{earlier.part}" if earlier.part else earlier.id
                raise PackError(
                    f"{name}: valid_until: versions {earlier.version} and {later.version} "
                    f"are both valid on {later.validity.start}"
                )


def _begins(rule: Rule) -> str:
    return str(rule.validity.start or "")
