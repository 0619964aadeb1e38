"""The frozen world as plain data: what every source said, from when to when, recorded and retracted when.

It must not know GraphQL, roles, files or a database; the semantics of a load are those of `storage.md` 1 and 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.codes import RelationKind
from graph.identifiers import Lookup
from graph.periods import NEVER, OPEN_END, OPEN_START, Moment, parse_day
from graph.store.ids import node_id, relation_id
from graph.vocabulary import BY_CODE, Family


@dataclass(frozen=True, slots=True)
class Number:
    """An identifier a source gives a node; `shown` is the masked form of a personal document."""

    scheme: str
    value: str
    issuer: str = ""
    shown: str | None = None
    start: str = OPEN_START
    end: str = OPEN_END

    @property
    def key(self) -> str:
        return f"{self.scheme}|{self.value}|{self.issuer}"

    @property
    def ends(self) -> tuple[str, str]:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class NodeSaid:
    """What one load says of a node: `versions` are (start, end, values); `numbers` strongest first."""

    local: str
    kind: str
    numbers: tuple[Number, ...]
    versions: tuple[tuple[str, str, Mapping[str, Any]], ...]
    row: int | None = None
    department: bool = False
    natural: Any = None  # the claim of a shared node, which nobody looks up


@dataclass(frozen=True, slots=True)
class TieSaid:
    kind: RelationKind
    start: str
    end: str
    key: str
    since: str
    until: str
    values: Mapping[str, Any]
    row: int


@dataclass(slots=True)
class Said:
    """A version of a node, believed from `recorded` until `retracted`."""

    start: str
    end: str
    values: Mapping[str, Any]
    department: bool
    source: str
    batch: str
    row: int | None
    recorded: str
    retracted: str = NEVER

    @property
    def content(self) -> Any:
        return (self.department, self.start, self.end, sorted(self.values.items()))


@dataclass(slots=True)
class Held:
    number: Number
    source: str
    recorded: str
    retracted: str = NEVER


@dataclass(slots=True)
class Tie:
    """One period of one relation."""

    id: str
    kind: RelationKind
    start: str
    end: str
    since: str
    until: str
    values: Mapping[str, Any]
    key: str
    source: str
    batch: str
    row: int | None
    recorded: str
    retracted: str = NEVER


@dataclass(slots=True)
class Thing:
    id: str
    kind: str
    versions: list[Said] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    changed: int = 0


def known(each: Said | Held | Tie, moment: Moment) -> bool:
    return each.recorded <= moment.known < each.retracted


def runs(start: str, end: str, moment: Moment) -> bool:
    """Whether a period of a relation holds the day: a month or year counts from its first day, an end to its last."""
    if start != OPEN_START and parse_day(start).first > moment.as_of:
        return False
    if end == OPEN_END:
        return True
    last = parse_day(end)
    return moment.as_of < last.first if last.exact else moment.as_of <= last.last


class World:
    """Everything that was ever said; `loads` counts the writes that changed something."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.ties: dict[str, Tie] = {}
        self.out: dict[str, list[Tie]] = defaultdict(list)
        self.into: dict[str, list[Tie]] = defaultdict(list)
        self.loads = 0

    # Loading: a file says everything it has to say; what it said before and says no more is retracted.

    def load(self, stem: str, nodes: Iterable[NodeSaid], ties: Iterable[TieSaid], at: str) -> dict[str, str]:
        source, ids = f"world:{stem}", dict[str, str]()
        said: dict[str, list[NodeSaid]] = defaultdict(list)
        self.loads += 1
        for node in nodes:
            ids[node.local] = self._meant(node)
            said[ids[node.local]].append(node)
        for id, drafts in said.items():
            self._describe(id, drafts, source, stem, at)
        for thing in list(self.things.values()):
            if thing.id not in said and any(each.source == source for each in _believed(thing.versions)):
                self._drop(thing, source, at)
        self._tie(ids, ties, source, stem, at)
        return ids

    def _meant(self, node: NodeSaid) -> str:
        """The node of the same kind that holds the strongest number, unless a stronger one tells them apart.

        Of several holders the living one, then the one that shares most numbers, then the smallest id.
        """
        if node.natural is not None:
            return node_id(node.kind, node.natural)
        own = {each.key for each in node.numbers}
        for rank, number in enumerate(node.numbers):
            found: list[tuple[bool, int, str]] = []
            for thing in self.things.values():
                keys = {each.number.key for each in _believed(thing.held)}
                if thing.kind != node.kind or number.key not in keys:
                    continue
                schemes = {(each.number.scheme, each.number.issuer) for each in _believed(thing.held)}
                if all(each.key in keys or (each.scheme, each.issuer) not in schemes for each in node.numbers[:rank]):
                    found.append((not _believed(thing.versions), -len(own & keys), thing.id))
            if found:
                return min(found)[2]
        return node_id(node.kind, node.numbers[0])  # type: ignore[arg-type]  # a number has the key of a claim

    def _describe(self, id: str, drafts: list[NodeSaid], source: str, stem: str, at: str) -> None:
        thing = self.things.setdefault(id, Thing(id, drafts[0].kind))
        new = [
            Said(start, end, values, draft.department, source, stem, draft.row, at)
            for draft in drafts
            for start, end, values in draft.versions
        ]
        contents = [each.content for each in new]
        own = [each for each in _believed(thing.versions) if each.source == source]
        kept = [each.content for each in own]
        touched = False
        for each in own:
            if each.content not in contents:
                each.retracted, touched = at, True
        for each in new:
            if each.content not in kept:
                thing.versions.append(each)
                touched = True
        numbers = {each for draft in drafts for each in draft.numbers}
        mine = [each for each in _believed(thing.held) if each.source == source]
        for held in mine:
            if held.number not in numbers:
                held.retracted, touched = at, True
        for number in numbers - {each.number for each in mine}:
            thing.held.append(Held(number, source, at))
            touched = True
        if touched:
            thing.changed = self.loads

    def _drop(self, thing: Thing, source: str, at: str) -> None:
        """A node of which nothing is left keeps its numbers, so that it is found when it returns."""
        alone = all(each.source == source for each in _believed(thing.versions))
        for each in _believed(thing.versions):
            if each.source == source:
                each.retracted = at
        if not alone:
            for held in _believed(thing.held):
                if held.source == source:
                    held.retracted = at
        thing.changed = self.loads

    def _tie(self, ids: Mapping[str, str], drafts: Iterable[TieSaid], source: str, stem: str, at: str) -> None:
        own = [each for each in self.ties.values() if each.source == source]
        believed = {(each.kind, each.key): each for each in own if each.retracted == NEVER}
        said = set()
        for draft in drafts:
            start, end, name = ids[draft.start], ids[draft.end], (draft.kind, draft.key)
            said.add(name)
            there = believed.get(name)
            content = (start, end, draft.since, draft.until, dict(draft.values))
            if there is not None:
                if (there.start, there.end, there.since, there.until, dict(there.values)) == content:
                    continue
                there.retracted = at
            ends = (draft.kind, start, end, draft.key)
            revision = sum((each.kind, each.start, each.end, each.key) == ends for each in own) + 1
            id = relation_id(draft.kind, start, end, source, draft.key, revision)
            tie = Tie(
                *(id, draft.kind, start, end, draft.since, draft.until, draft.values, draft.key, source, stem),
                draft.row,
                at,
            )
            self.ties[id] = tie
            self.out[start].append(tie)
            self.into[end].append(tie)
        for name, tie in believed.items():
            if name not in said:
                tie.retracted = at

    # Reading: as of a legal day, as known at a system time.

    def present(self, id: str, moment: Moment) -> bool:
        return id in self.things and any(known(each, moment) for each in self.things[id].versions)

    def version(self, id: str, moment: Moment) -> Said | None:
        """In force on the day; outside all periods the last ended, else the first to come; latest recorded wins."""
        thing = self.things.get(id)
        believed = [each for each in thing.versions if known(each, moment)] if thing else []
        day = moment.as_of.isoformat()
        running = [each for each in believed if each.start <= day < each.end]
        ended = [each for each in believed if each.end <= day]
        coming = [each for each in believed if each.start > day]
        if running:
            nearest = running
        elif ended:
            nearest = [each for each in ended if each.end == max(one.end for one in ended)]
        else:
            nearest = [each for each in coming if each.start == min(one.start for one in coming)]
        nearest.sort(key=lambda each: each.end)
        nearest.sort(key=lambda each: each.start, reverse=True)
        nearest.sort(key=lambda each: each.source)
        nearest.sort(key=lambda each: each.recorded, reverse=True)
        return nearest[0] if nearest else None

    def from_(self, id: str, *kinds: RelationKind, moment: Moment) -> list[Tie]:
        return self._living(self.out.get(id, ()), kinds, moment)

    def to(self, id: str, *kinds: RelationKind, moment: Moment) -> list[Tie]:
        return self._living(self.into.get(id, ()), kinds, moment)

    def _living(self, ties: Iterable[Tie], kinds: tuple[RelationKind, ...], moment: Moment) -> list[Tie]:
        """Believed then, between nodes that were there then."""
        return [
            each
            for each in ties
            if each.kind in kinds
            and known(each, moment)
            and self.present(each.start, moment)
            and self.present(each.end, moment)
        ]

    def find(self, lookup: Lookup, moment: Moment) -> list[str]:
        """Holders of the strongest number anyone holds, those holding it on the day first; or the node of an id."""
        if lookup.node_id is not None:
            return [lookup.node_id] if self.present(lookup.node_id, moment) else []
        for key in lookup.keys:
            holders = [
                (thing.id, held)
                for thing in self.things.values()
                for held in thing.held
                if held.number.key == key and known(held, moment) and self.present(thing.id, moment)
            ]
            current = {id for id, held in holders if runs(held.number.start, held.number.end, moment)}
            found = current or {id for id, _ in holders}
            if found:
                return sorted(found)
        return []

    def of_family(self, family: Family, moment: Moment) -> list[str]:
        return [
            each.id
            for each in self.things.values()
            if BY_CODE[each.kind].family is family and self.present(each.id, moment)
        ]


def _believed(items: list[Any]) -> list[Any]:
    return [each for each in items if each.retracted == NEVER]
