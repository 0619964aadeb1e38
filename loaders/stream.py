"""Loads a source of any length batch by batch, and counts what became of every row.

It must not know files or formats; while the server writes one batch, the next is read and put together.
"""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from typing import Final

import orjson

from graph.changes import Batch, NodeDraft, RelationDraft, Value
from graph.codes import RelationKind, Text
from graph.progress import Progress
from graph.store.connection import Store
from graph.store.prepared import Prepared
from graph.store.writer import ROWS, write
from loaders.entries import KEEP_ONE, Entries, Entry, Quarantined

Keep = Callable[[Quarantined], None]
DRAFTS_A_ROW: Final = 2  # a batch of richer rows has fewer of them: memory and transactions stay of one size
LONGEST_KEY: Final = 1_000  # characters of what an index holds: Neo4j refuses a whole batch for a key over 8 KB
INDEXED: Final = ("name", "documentNumber")


class TotalsDisagree(Exception):
    """read = loaded + unchanged + quarantined does not hold: a row was lost or counted twice."""


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """What became of the rows of one source, each counted where it happened; `version` None: nothing was written."""

    source: str
    read: int
    loaded: int
    unchanged: int
    quarantined: int
    remarks: int
    version: int | None
    seconds: float

    def checked(self) -> StreamOutcome:
        """Itself; raises TotalsDisagree when the equation does not hold."""
        if self.read != self.loaded + self.unchanged + self.quarantined:
            raise TotalsDisagree(
                f"{self.source}: read {self.read} ≠ loaded {self.loaded} + unchanged {self.unchanged} "
                f"+ quarantined {self.quarantined}"
            )
        return self


async def stream(
    database: Store,
    source: str,
    entries: Entries,
    *,
    batch: str,
    now: datetime,
    today: date,
    rows: int = ROWS,
    progress: Progress,
    keep: Keep,
    told: Callable[[RelationKind, str, str, str], None] | None = None,
    about: int | None = None,
    withdrawn: bool = False,
) -> StreamOutcome:
    """Load a source into a prepared graph, about `rows` rows a transaction; nothing is retracted.

    `withdrawn`: what these rows told is retracted instead (`Batch`); a row of which nothing was believed is unchanged.
    `about` so many rows are expected: for the time that is left, and nothing else.
    `told` hears of every relation that is said: its kind, the ids of its ends, its key.
    `keep` gets every row that is not loaded. Of two rows of one batch that describe one node, or one relation key,
    differently, the later is quarantined; in another batch it wins, as it would in a later file. Loading the same again
    writes nothing, so that a load that was killed is simply begun again. Raises the GraphError family when the
    database refuses; what was committed before stays.
    """
    began = time.monotonic()
    read = loaded = unchanged = quarantined = remarks = 0
    version: int | None = None
    with progress.step(f"载入 / Loading {source} {batch}", about) as advance, _uncollected():
        parts = _parts(entries, rows, source, batch, withdrawn)
        coming = _ahead(parts)
        try:
            while (following := await asyncio.shield(coming)) is not None:
                coming = _ahead(parts)
                part, prepared = following
                for each in part.quarantined:
                    keep(each)
                written = await write(database, prepared, now=now, today=today)
                if written.loaded:
                    version = written.version
                if told is not None:
                    for said in prepared.batch.relations:
                        told(said.kind, written.ids[said.start], written.ids[said.end], said.key)
                read += part.read
                loaded += len(written.loaded)
                unchanged += len(part.accepted - written.loaded)
                quarantined += len(part.quarantined)
                remarks += part.remarks
                advance(part.read)
        finally:
            await asyncio.gather(coming, return_exceptions=True)  # until it is done the iterator is in its hands
    seconds = time.monotonic() - began
    return StreamOutcome(source, read, loaded, unchanged, quarantined, remarks, version, seconds).checked()


Following = tuple["Part", Prepared]


def _ahead(parts: Iterator[Following]) -> asyncio.Task[Following | None]:
    return asyncio.create_task(asyncio.to_thread(next, parts, None))


def _parts(entries: Entries, rows: int, source: str, batch: str, withdrawn: bool) -> Iterator[Following]:
    """Every part with its batch, all worked out that can be without the database."""
    run = uuid.uuid4()  # one id a run and batch: the same file may come back after another one
    for number in count(1):
        gc.collect(0)
        part = gather(entries, rows)
        if not part.read:
            return
        said = part.batch(source, f"{source}:{run}:{number}", batch)
        yield part, Prepared.of(replace(said, withdrawn=True) if withdrawn else said)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Cycles are looked for once a batch (`_parts`), when the one before has gone: while it was being made they were
    looked for in its living parts again and again, a fifth of the client's time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def gather(entries: Entries, rows: int) -> Part:
    """The next `rows` rows, fewer where they tell a lot; nothing read: the source is at its end."""
    part = Part()
    for each in entries:
        part.read += 1
        if isinstance(each, Quarantined):
            part.quarantined.append(each)
        else:
            part.add(each)
        if part.read >= rows or part.size >= rows * DRAFTS_A_ROW:
            break
    return part


@dataclass(slots=True)
class Part:
    """What one batch is made of: every node and relation once, whatever number of rows tells of it.

    `accepted` are the rows that are not quarantined, by number.
    """

    read: int = 0
    remarks: int = 0
    described: int = 0
    accepted: set[int] = field(default_factory=set)
    quarantined: list[Quarantined] = field(default_factory=list)
    nodes: dict[str, NodeDraft] = field(default_factory=dict)
    relations: dict[tuple[RelationKind, str], RelationDraft] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.described + len(self.relations)

    def batch(self, source: str, operation: str, batch: str) -> Batch:
        return Batch(source, operation, tuple(self.nodes.values()), tuple(self.relations.values()), batch=batch)

    def add(self, entry: Entry) -> None:
        """All of a row, or the row as quarantined: what a batch could be refused for never comes into one."""
        fault = self._fault(entry)
        if fault is not None:
            self.quarantined.append(Quarantined(entry.number, None, None, fault))
            return
        for node in entry.nodes:
            known = self.nodes.get(node.ref)
            if known is None or (known.mention and not node.mention):
                self.nodes[node.ref] = node
                self.described += not node.mention
        for relation in entry.relations:
            self.relations.setdefault((relation.kind, relation.key), relation)
        self.accepted.add(entry.number)
        self.remarks += len(entry.remarks)

    def _fault(self, entry: Entry) -> Text | None:
        own: dict[str, NodeDraft] = {}
        for node in entry.nodes:
            if not node.claims and node.id is None:
                return Text("该行没有可用的标识", "nothing on this row identifies its subject")
            if (fault := _unstorable(node)) is not None:
                return fault
            if not node.mention:
                for known in (own.get(node.ref), self.nodes.get(node.ref)):
                    if known is not None and not (known.mention or _same_node(known, node)):
                        return _differs(known.entry)
            own[node.ref] = node
        keys: dict[tuple[RelationKind, str], RelationDraft] = {}
        for relation in entry.relations:
            if not {relation.start, relation.end} <= own.keys():
                return Text("该行的关系缺少一端", "a relation of this row lacks an end")
            if not _encode((relation.key, *relation.values.values())):
                return UNSTORABLE
            name = (relation.kind, relation.key)
            for earlier in (keys.get(name), self.relations.get(name)):
                if earlier is not None and not _same_relation(earlier, relation):
                    return _differs(earlier.entry)
            keys[name] = relation
        return None


def _same_node(one: NodeDraft, other: NodeDraft) -> bool:
    return (one.kind, one.claims, one.versions, one.department) == (
        *(other.kind, other.claims, other.versions, other.department),
    )


def _same_relation(one: RelationDraft, other: RelationDraft) -> bool:
    return (one.start, one.end, one.period, one.values) == (other.start, other.end, other.period, other.values)


def _differs(first: int) -> Text:
    return Text(
        f"与第{first}行所述对象相同而内容不同,请核对后{KEEP_ONE}一行",
        f"tells of the same thing as row {first}, but differently: check both and keep one",
    )


def _unstorable(node: NodeDraft) -> Text | None:
    said: list[Value] = [claim.value for claim in node.claims]
    long = max(map(len, map(str, said)), default=0)
    for version in node.versions:
        said += version.values.values()
        for name in INDEXED:
            if name in version.values:
                long = max(long, len(str(version.values[name])))
    if long > LONGEST_KEY:
        return Text(f"名称或号码超过{LONGEST_KEY}字", f"a name or number is longer than {LONGEST_KEY} characters")
    return None if _encode(said) else UNSTORABLE


def _encode(values: Sequence[Value]) -> bool:
    """Whether every text is Unicode and every number has at most 64 bits."""
    try:
        orjson.dumps(values)
    except TypeError:
        return False
    numbers = [each for each in values if isinstance(each, int)]
    return not numbers or max(map(abs, numbers)) < BIGGEST


BIGGEST: Final = 1 << 63
UNSTORABLE: Final = Text("该行含有无法保存的字符或数字", "a character or number of this row cannot be stored")
