"""Reads the TOML files of a pack into one frozen value and back into canonical text; errors name file, rule and field.

It must not know facts, nor decide what a rule means.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from graph import publication
from graph.codes import CauseKind, Confidence, ListPolarity, PostKind, RecordKind, RelationKind, Text
from graph.facts import Article
from graph.findings import MeasureDefinition, RuleVersion
from graph.publication import Policy
from graph.rules.basis import Basis, cited, undated
from graph.rules.footprint import Footprint, Telling
from graph.rules.refusals import PackError, begins, checked, refuse_overlaps, refuse_silence, validity_of
from graph.rules.rows import ArticleRow, PackFile, RuleRow
from graph.rules.rule import Anchor, Counts, Duty, Rule, Way
from graph.vocabulary import POST_RELATION_KINDS, relation_of

FOLDER: Final = Path(__file__).parent
SHIPPED: Final = "cn-credit"
OTHERS: Final = ("ofac50.toml",)  # packs of one file each
NAMES: Final = (SHIPPED, *(each.removesuffix(".toml") for each in OTHERS))
WINDOWS: Final = publication.FILE.name  # the one file of a pack that holds no rules
__all__ = ["FOLDER", "NAMES", "SHIPPED", "CreditListName", "Pack", "PackError", "assemble", "load", "parse", "read"]


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
    """A rule pack. `text` is canonical: equal packs have equal texts, and `parse(text)` gives the pack again.

    `windows`: how long a record is public, of the same text; none where it came without, as an earlier version kept it.
    Which windows an answer is judged by is said by `graph.publication`, whatever pack the answer is of.
    """

    name: str
    version: str
    text: str
    rules: tuple[Rule, ...]
    definitions: Mapping[str, MeasureDefinition]
    lists: tuple[CreditListName, ...]
    windows: Policy | None = None

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def footprint(self) -> Footprint:
        """A rule that looks at any office considers every kind of post (S9); a duty lies one post further than it."""
        walks = [rule for rule in self.rules if rule.roles or rule.duty]
        owned = [rule for rule in self.rules if rule.way is Way.OWNED]
        relations = frozenset(POST_RELATION_KINDS) if walks else frozenset[RelationKind]()
        further = any(rule.duty or rule.way is Way.ELSEWHERE for rule in walks)
        return Footprint(
            relations | ({RelationKind.HOLDS} if owned else frozenset()),
            (1 if walks else 0) + (1 if further else 0) + (4 if owned else 0),
            kinds=frozenset(kind for rule in self.rules for kind in rule.kinds if isinstance(kind, RecordKind)),
            addressed=bool(owned) or any(rule.way is Way.ADDRESSED and rule.roles for rule in self.rules),
            everywhere=bool(owned),
        )

    @cached_property
    def by_kind(self) -> Mapping[RecordKind | CauseKind, tuple[tuple[Rule, ...], ...]]:
        """For each kind of cause the families of rules it may set off, each family by validity."""
        families: dict[Any, list[Rule]] = {}
        for rule in self.rules:
            if rule.way not in (Way.ALERT, Way.CONFLICT, Way.OWNED):
                families.setdefault(rule.family, []).append(rule)
        found: dict[RecordKind | CauseKind, list[tuple[Rule, ...]]] = {}
        for family in families.values():
            for kind in family[0].kinds:
                found.setdefault(kind, []).append(tuple(sorted(family, key=begins)))
        return MappingProxyType({kind: tuple(each) for kind, each in found.items()})

    @cached_property
    def by_sort(self) -> dict[tuple[object, ...], tuple[tuple[Rule, ...], ...]]:
        """Filled by whoever asks which families a sort of cause may set off: it follows from the pack alone."""
        return {}

    @cached_property
    def tellings(self) -> dict[str, Telling]:
        """Filled, as `by_sort`, by whoever asks what records must say."""
        return {}

    @cached_property
    def places(self) -> Mapping[RuleVersion, int]:
        """Where a cited rule stands among `rules`: what a stored measure keeps of it."""
        return MappingProxyType({rule.cited: place for place, rule in reversed([*enumerate(self.rules)])})

    @cached_property
    def binding_relations(self) -> frozenset[RelationKind]:
        """Relations by which a measure may come about; what is only considered needs every kind of post."""
        rules = [rule for rule in self.rules if rule.measure is not None]
        roles = {role for rule in rules for role in (*rule.roles, *(rule.duty.roles if rule.duty else ()))}
        roles |= {PostKind.LEGAL_REPRESENTATIVE} if any(rule.either for rule in rules) else set()
        return frozenset(map(relation_of, roles))

    @cached_property
    def alerts(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.way is Way.ALERT)

    @cached_property
    def _watched(self) -> frozenset[str]:
        return frozenset(code for rule in self.alerts for code in rule.watches)

    def is_watched(self, rule: Rule) -> bool:
        """Whether an alert looks at the measure of a rule."""
        return rule.measure is not None and rule.measure.code in self._watched

    @cached_property
    def owned(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.way is Way.OWNED)

    @cached_property
    def _by_name(self) -> Mapping[str, CreditListName]:
        return {name: each for each in reversed(self.lists) for name in (each.name, *each.aliases)}

    def list_named(self, name: str) -> CreditListName | None:
        return self._by_name.get(name)


@cache
def load(name: str = SHIPPED) -> Pack:
    """A pack this program ships: the law of the credit regime, or `ofac50`."""
    if name == SHIPPED:
        files = sorted(each.name for each in FOLDER.glob("*.toml") if each.name not in OTHERS)
    elif f"{name}.toml" in OTHERS:
        files = [f"{name}.toml"]
    else:
        raise PackError(f"{name}: no such pack; there are {SHIPPED}, {', '.join(each[:-5] for each in OTHERS)}")
    return _dated(assemble({each: (FOLDER / each).read_text(encoding="utf-8") for each in files}))


def read(folder: Path, *, former: bool = False) -> Pack:
    """A pack from a folder of TOML files, or from one file; a `former` one is read as a graph keeps it."""
    files = [folder] if folder.is_file() else sorted(each for each in folder.glob("*.toml"))
    wanted = [each for each in files if folder.is_file() or each.name not in OTHERS]
    if all(each.name == WINDOWS for each in wanted):
        raise PackError(f"{folder}: no rule files")
    pack = assemble({each.name: each.read_text(encoding="utf-8") for each in wanted}, kept=former)
    return pack if former else _dated(pack)


@cache
def parse(text: str) -> Pack:
    """A pack from its canonical text, as a graph has kept it, of this version or an earlier one."""
    return assemble(json.loads(text), kept=True)


def assemble(files: Mapping[str, str], *, kept: bool = False) -> Pack:
    """A pack from the texts of its files. One that was `kept` has been judged by the version that put it in force."""
    rows = {name: _read(name, text) for name, text in sorted(files.items()) if name != WINDOWS}
    windows = _windows(files[WINDOWS], kept) if WINDOWS in files else None
    definitions: dict[str, MeasureDefinition] = {}
    for name, file in rows.items():
        for row in file.measures:
            if row.code in definitions:
                raise PackError(f"{name}: {row.code}: code: there are two measures of this code")
            definitions[row.code] = MeasureDefinition(
                row.code, Text(row.zh, row.en), row.effect, tuple(row.purposes), row.family, row.applied_by
            )
    lists = tuple(
        CreditListName(row.name, tuple(row.aliases), row.polarity, row.owner, row.joint_punishment, row.confidence)
        for file in rows.values()
        for row in file.lists
    )
    _refuse_twins(lists)
    rules = tuple(
        _rule(name, each, definitions, lists, kept)
        for name, file in rows.items()
        for row in file.rules
        for each in row.ways()
    )
    refuse_overlaps(rules)
    heads = [file for file in rows.values() if file.name and file.version]
    if len(heads) != 1:
        raise PackError("pack: exactly one file gives name and version")
    text = json.dumps(dict(sorted(files.items())), ensure_ascii=False, sort_keys=True)
    return Pack(str(heads[0].name), str(heads[0].version), text, rules, MappingProxyType(definitions), lists, windows)


def _windows(text: str, kept: bool) -> Policy | None:
    """Those that a graph has kept may be written as an earlier version wrote them: no answer is given by them."""
    try:
        return publication.parse(text)
    except publication.PolicyError:
        if kept:
            return None
        raise


def _read(name: str, text: str) -> PackFile:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{name}: {error}") from None
    try:
        return PackFile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(f"{name}: {_where(data, first['loc'])}: {first['msg']}") from None


def _where(data: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    """`rule.3.years` with the name of the rule, so that nobody has to count tables."""
    path = ".".join(map(str, place))
    if len(place) > 2 and place[0] == "rule" and isinstance(place[1], int):
        row = data["rule"][place[1]]
        return f"{row.get('id', '?')}{'.' + row['part'] if row.get('part') else ''} {row.get('version', '?')}: {path}"
    return path


def _rule(
    name: str, row: RuleRow, definitions: Mapping[str, MeasureDefinition], lists: tuple[CreditListName, ...], kept: bool
) -> Rule:
    place = f"{name}: {row.id}{'.' + row.part if row.part else ''} {row.version}"
    way = checked(place, row, definitions, {each.name for each in lists})
    if not kept:
        refuse_silence(place, row)
    counts = Counts.DECISION if row.from_decision else row.counts or Counts.START
    return Rule(
        id=row.id,
        part=row.part,
        way=way,
        version=row.version,
        version_by=row.version_by,
        title=Text(row.zh, row.en),
        text=Text(row.text_zh, row.text_en or row.text_zh) if row.text_zh else None,
        basis=_basis(place, row),
        confidence=row.confidence,
        jurisdiction=row.jurisdiction,
        validity=validity_of(place, row),
        kinds=frozenset(row.kinds),
        subject=row.subject,
        conditions=tuple(row.conditions),
        measure=None if row.measure is None else definitions[row.measure],
        duty=None if row.duty is None else Duty(definitions[row.duty], frozenset(row.duty_roles), row.duty_elsewhere),
        roles=frozenset(row.roles),
        anchor=row.anchor or Anchor.AS_OF,
        either=row.either,
        finding=row.finding,
        capacities=frozenset(row.capacities),
        follows_post=row.follows_post,
        released=row.released,
        years=row.years,
        while_listed=row.while_listed,
        counts=counts,
        life=row.life,
        ends_on_repair=row.ends_on_repair,
        visibility=row.visibility,
        lists=frozenset(each.name for each in lists if each.joint_punishment)
        if row.joint_lists
        else frozenset(row.lists),
        types=frozenset(row.types),
        sectors=frozenset(row.sectors),
        licences=frozenset(row.licences),
        professions=frozenset(row.professions),
        crimes=frozenset(row.crimes),
        sanctions=frozenset(row.sanctions),
        applied=_articles(row.applied),
        decided_term=row.decided_term,
        watches=frozenset(row.watches),
        share=row.share,
    )


def _basis(place: str, row: RuleRow) -> tuple[Basis, ...]:
    try:
        return cited(row.basis, validity_of(place, row))
    except ValueError as error:
        raise PackError(f"{place}: basis: {error}") from None


def _dated(pack: Pack) -> Pack:
    """Asked of a pack that is to be used, not of one that a graph has kept: the earlier ones gave no days."""
    for rule in pack.rules:
        young = undated(rule.basis, rule.validity)
        if young is not None:
            raise PackError(
                f"{rule.name} {rule.version}: basis: {young.document} is younger than the version: say its `from`"
            )
    return pack


def _articles(rows: Iterable[ArticleRow]) -> tuple[Article, ...]:
    return tuple(Article(each.document, each.article) for each in rows)


def _refuse_twins(lists: tuple[CreditListName, ...]) -> None:
    seen: dict[str, str] = {}
    for each in lists:
        for name in (each.name, *each.aliases):
            if seen.setdefault(name, each.name) != each.name:
                raise PackError(f"lists.toml: {each.name}: aliases: {name!r} also names {seen[name]}")
