"""Turns the entries of a world file into drafts of nodes and relations, or into rejections with line, key and reason.

It must not know files or databases; pure: the same entries, key and lists give the same drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from graph.changes import NodeDraft, RelationDraft
from graph.codes import Text
from graph.identifiers import world_claim
from loaders.named import ListWords
from loaders.world import records, relations, subjects
from loaders.world.drafts import Built, Context
from loaders.world.fields import Fault, Fields
from loaders.world.get import Entry, Leaf, Pairs, WorldFile
from loaders.world.values import read_fields
from loaders.world.vocabulary import KEYS, Section

BUILDERS: Final[Mapping[Section, Callable[[int, Fields, Context], Built]]] = MappingProxyType(
    {
        Section.SUBJECTS: subjects.subject,
        Section.PROJECTS: subjects.project,
        Section.POSTS: relations.post,
        Section.HOLDINGS: relations.holding,
        Section.RELATIONS: relations.relation,
        Section.QUALIFICATIONS: records.qualification,
        Section.RECORDS: records.record,
        Section.RESPONSIBILITY: records.responsibility,
    }
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One entry that is not loaded: where it stands, the line and key at fault, and why in both languages."""

    number: int
    section: str
    line: int
    key: str | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader of the file should know about an entry that is loaded all the same."""

    number: int
    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class Transformed:
    """`accepted` and the numbers of `rejections` together are every entry of the file."""

    accepted: frozenset[int]
    rejections: tuple[Rejection, ...]
    remarks: tuple[Remark, ...]
    nodes: tuple[NodeDraft, ...]
    relations: tuple[RelationDraft, ...]


def transform(file: WorldFile, *, person_key: bytes, lists: Mapping[str, ListWords]) -> Transformed:
    """Every entry of the file as drafts or as a rejection; `lists` by canonical name."""
    context = Context(file.stem, person_key, lists)
    built: dict[int, Built] = {}
    rejected: dict[int, Rejection] = {}
    for entry in file.entries:
        try:
            built[entry.number] = _build(entry, context)
        except Fault as fault:
            rejected[entry.number] = _rejection(entry, fault)
    entries = {entry.number: entry for entry in file.entries}
    _reject_doubles(entries, built, rejected)
    _reject_dangling(entries, built, rejected)
    accepted = [built[number] for number in sorted(built)]
    return Transformed(
        accepted=frozenset(built),
        rejections=tuple(rejected[number] for number in sorted(rejected)),
        remarks=tuple(
            Remark(number, entries[number].line, text) for number in sorted(built) for text in built[number].remarks
        ),
        nodes=_nodes(accepted, {_written(entries[number], "department") for number in rejected}),
        relations=tuple(each for item in accepted for each in item.relations),
    )


def _build(entry: Entry, context: Context) -> Built:
    try:
        section = Section(entry.section)
    except ValueError as error:
        raise Fault(
            entry.line, entry.section, f"未知的顶层键“{entry.section}”", f"unknown top-level key “{entry.section}”"
        ) from error
    if entry.repeated:
        raise Fault(entry.line, entry.section, f"顶层键“{section}”重复", f"top-level key “{section}” is written twice")
    fields = read_fields(entry.node, KEYS[section], section, context.list_names)
    return BUILDERS[section](entry.number, fields, context)


def _rejection(entry: Entry, fault: Fault) -> Rejection:
    return Rejection(entry.number, entry.section, fault.line, fault.key, fault.reason)


def _reject_doubles(entries: Mapping[int, Entry], built: dict[int, Built], rejected: dict[int, Rejection]) -> None:
    """A local name, an identifier or a relation that an earlier entry already has makes the later entry a fault."""
    first: dict[tuple[str, str], int] = {}
    for number in sorted(built):
        item = built[number]
        names = [("id", item.local)] if item.local is not None else []
        own = None if item.local is None else world_claim(item.stem, item.local)
        names += [("claim", claim.key) for claim in item.claims if claim != own]
        names += [("relation", f"{relation.kind}|{relation.key}") for relation in item.relations]
        for kind, name in names:
            earlier = first.get((kind, name))
            if earlier is not None:
                line = entries[earlier].line
                key, zh, en = {
                    "id": (
                        "id",
                        f"本地名“{name}”已在第{line}行使用",
                        f"local name “{name}” is already used on line {line}",
                    ),
                    "claim": (
                        item.claim_key,
                        f"与第{line}行的条目号码相同",
                        f"has the same identifier as the entry on line {line}",
                    ),
                    "relation": (None, f"与第{line}行的条目重复", f"repeats the entry on line {line}"),
                }[kind]
                rejected[number] = _rejection(entries[number], item.fields.fault(key, zh, en))
                del built[number]
                break
        else:
            first.update({name: number for name in names})


def _reject_dangling(entries: Mapping[int, Entry], built: dict[int, Built], rejected: dict[int, Rejection]) -> None:
    """Until nothing changes: an entry that names no entry, a rejected one, or one of another kind is rejected."""
    broken = {
        name: entry.line
        for number, entry in entries.items()
        if number in rejected and (name := _written(entry, "id")) is not None
    }
    while True:
        kinds = {item.local: item.kind for item in built.values() if item.local is not None}
        faults = {number: fault for number, item in built.items() if (fault := _dangling(item, kinds, broken))}
        if not faults:
            return
        for number, fault in faults.items():
            item = built.pop(number)
            rejected[number] = _rejection(entries[number], fault)
            if item.local is not None:
                broken[item.local] = entries[number].line


def _dangling(item: Built, kinds: Mapping[str, str], broken: Mapping[str, int]) -> Fault | None:
    for need in item.needs:
        kind = kinds.get(need.local)
        if kind is None and need.local in broken:
            line = broken[need.local]
            return item.fields.fault(
                need.key,
                f"所引用的“{need.local}”(第{line}行)已被拒绝",
                f"refers to “{need.local}”, which was rejected on line {line}",
            )
        if kind is None:
            return item.fields.fault(need.key, f"文件中没有“{need.local}”", f"there is no “{need.local}” in this file")
        if kind not in need.kinds:
            return item.fields.fault(
                need.key,
                f"“{need.local}”是 {kind},此处应为 {need.expected}",
                f"“{need.local}” is {kind}, but here must stand {need.expected}",
            )
    return None


def _written(entry: Entry, name: str) -> str | None:
    """What a rejected entry wrote under a key: its local name explains why others are rejected with it."""
    if not isinstance(entry.node, Pairs):
        return None
    for key, value in entry.node.pairs:
        if key.text == name and isinstance(value, Leaf):
            return value.text
    return None


def _nodes(accepted: Iterable[Built], deciders: Set[str | None]) -> tuple[NodeDraft, ...]:
    """Each node once: lists, groups and regions named by several entries belong to the first.

    Who decided an accepted record is marked, and so are `deciders`, named by rejected ones that may stand in the graph.
    """
    items = tuple(accepted)
    departments = deciders | {item.department for item in items}
    nodes: dict[str, NodeDraft] = {}
    for item in items:
        for node in item.nodes:
            nodes.setdefault(node.ref, replace(node, department=True) if node.ref in departments else node)
    return tuple(nodes.values())
