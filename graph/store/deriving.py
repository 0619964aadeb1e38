"""Keeps stored measures equal to what `check` answers: of the whole city, or of what the marks say was touched.

Nobody's change falls between reading, judging and writing: a piece is written under the writer's lock, and is read
under it too where somebody else wrote meanwhile. It must not know files, rules or who asks. Only differences are
written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from graph.errors import Invalid
from graph.periods import LATEST, NEVER
from graph.progress import Progress
from graph.rules import Pack
from graph.store import footings, measures
from graph.store.connection import Database, Transaction
from graph.store.footings import cause_kinds, footing, stored_looks, triggering
from graph.store.fragments import believed
from graph.store.operations import Run, locked
from graph.store.packs import pack_in_force
from graph.store.ranges import Range, Watch, judged, ranges, read_range
from graph.store.statements import TAKE
from graph.vocabulary import RELATIONS

CAUSES_A_TURN: Final = 20_000  # read at once, and written in one transaction: others wait for that about a second
ROWS: Final = 1_000  # looked for or written by one statement
MOST_MARKED: Final = 20_000  # so many nodes touched: walking the causes once costs less than looking for them
ROUNDS: Final = 8  # of marks that others leave meanwhile; whoever left them derives them too

DIRTY: Final = """
MATCH (mark:Dirty) USING INDEX mark:Dirty(version)
WHERE mark.version > 0
WITH collect(mark) AS marks, sum(mark.count) AS nodes, max(mark.version) AS newest
RETURN size(marks) AS marks, nodes, newest,
  CASE WHEN nodes <= $most THEN [mark IN marks | mark.ids] ELSE [] END AS ids"""
# One round trip each way: who changes one post waits for every one of them.
BEGIN: Final = f"""{TAKE}
WITH graph
CALL (graph) {{{DIRTY}
}}
RETURN graph.version AS version, graph.recordedAt AS recordedAt, marks, nodes, newest, ids,
  head(COLLECT {{ MATCH (done:Derivation) USING INDEX done:Derivation(at)
    WHERE done.at <= $known
    WITH done ORDER BY done.at DESC LIMIT 1
    RETURN {{version: done.version, pack: done.pack}} }}) AS last"""
FINISH: Final = """
CALL () {
  MATCH (mark:Dirty) USING INDEX mark:Dirty(version)
  WHERE mark.version <= $through
  DELETE mark
}
WITH EXISTS { MATCH (mark:Dirty) USING INDEX mark:Dirty(version) WHERE mark.version > $through } AS marked
FOREACH (row IN CASE WHEN marked THEN [] ELSE $derivations END | CREATE (done:Derivation) SET done = row)
FOREACH (row IN $changes | CREATE (change:Change) SET change = row)
WITH marked
MATCH (graph:Graph {id: 'graph'})
SET graph.recordedAt = $at
RETURN marked"""
_POSTS: Final = "|".join(sorted(each for each in RELATIONS if RELATIONS[each].prefix == "pos"))
# Causes whose footing holds a touched node: its own, those about its offices, those of whoever has an office at it.
AFFECTED: Final = f"""
UNWIND $ids AS id
MATCH (n:Entity {{id: id}}) USING INDEX n:Entity(id)
CALL (n) {{
  RETURN n AS cause
  UNION
  MATCH (n)<-[e:ABOUT]-(cause) WHERE {believed("e")} RETURN cause
  UNION
  MATCH (n)-[e:RESPONSIBLE_FOR|HAS_QUALIFICATION]->(cause) WHERE {believed("e")} RETURN cause
  UNION
  MATCH (n)-[p:{_POSTS}]->()<-[e:ABOUT]-(cause) WHERE {believed("p")} AND {believed("e")} RETURN cause
  UNION
  MATCH (n)<-[p:{_POSTS}]-()<-[e:ABOUT]-(cause) WHERE {believed("p")} AND {believed("e")} RETURN cause
  UNION
  MATCH (n)<-[p:{_POSTS}]-()-[e:RESPONSIBLE_FOR|HAS_QUALIFICATION]->(cause)
  WHERE {believed("p")} AND {believed("e")} RETURN cause
  UNION
  MATCH (n)<-[p:{_POSTS}]-()-[q:{_POSTS}]->()<-[e:ABOUT]-(cause)
  WHERE {believed("p")} AND {believed("q")} AND {believed("e")} RETURN cause
  UNION
  MATCH (n)<-[:BINDS]-(:Measure)-[:CAUSED_BY]->(cause) RETURN cause
}}
WITH DISTINCT cause
WHERE cause.kind IN $kinds
WITH collect(cause) AS found
RETURN [each IN found | each.id] AS ids, {footings.SORTS} AS sorts, COLLECT {{
  UNWIND found AS cause
  MATCH (measure:Measure {{cause: cause.id}}) USING INDEX measure:Measure(cause)
  RETURN [cause.id, measure.id, measure.hash, measure.party] }} AS stored"""


@dataclass(frozen=True, slots=True)
class Derived:
    """What a derivation did. `version`: through which version of the graph the measures are right; None: not all.

    `left`: nodes that were touched and left for `python -m graph derive`.
    """

    causes: int = 0
    written: int = 0
    retracted: int = 0
    version: int | None = None
    left: int = 0

    def __str__(self) -> str:
        return (
            f"措施:核对 {self.causes} 个原因,写入 {self.written},撤回 {self.retracted}"
            f" / measures: {self.causes:,} causes judged, {self.written:,} written, {self.retracted:,} retracted"
        )

    def and_(self, other: Derived) -> Derived:
        return Derived(
            self.causes + other.causes,
            self.written + other.written,
            self.retracted + other.retracted,
            other.version if other.version is not None else self.version,
            other.left,
        )


class _Nothing(Exception):
    """Rolls the transaction back: there is nothing to write."""

    def __init__(self, done: Derived) -> None:
        super().__init__("nothing to write")
        self.done = done


class _Whole(Exception):
    """The whole city is to be derived: it never was, not by this pack, or so much was touched."""


async def derive(
    database: Database,
    *,
    now: datetime,
    progress: Progress,
    whole: bool = False,
    most: int | None = None,
    turn: int = CAUSES_A_TURN,
) -> Derived:
    """Bring every stored measure up to date by the pack in force: by the marks, or of everything.

    Everything is derived where `whole` is asked, where it never was, and where another pack was in force then.
    Where more than `most` nodes wait to be derived, nothing is: what they say of themselves stays behind.
    May be killed and run again at any point. Raises Invalid for a pack whose measures follow owners.
    """
    pack = await pack_in_force(database)
    if pack.owned:
        raise Invalid(
            f"规则包 {pack.name} 的措施随持股传导,不予存储 / measures of {pack.name} follow owners and are not stored",
            argument="pack",
        )
    done = await _everything(database, pack, now, progress, turn) if whole else Derived()
    for _ in range(ROUNDS):
        try:
            done = done.and_(await _write(database, _MarkedTurn(pack, now, most)))
        except _Whole:
            done = done.and_(await _everything(database, pack, now, progress, turn))
        if done.version is not None or done.left:
            break
    return done


async def _everything(database: Database, pack: Pack, now: datetime, progress: Progress, rows: int) -> Derived:
    """Every cause of the city. What others touch meanwhile leaves marks that are younger."""
    look = _Look(pack, now)
    watch = Watch((await _write(database, look)).version or 0)
    done = Derived()
    with progress.step("推导措施 / deriving measures") as advance:
        async with aclosing(ranges(database, pack, rows, watch)) as every:
            async for found, does in every:
                written = await _write(database, _RangeTurn(pack, now, found, does, watch))
                if written.written or written.retracted:
                    watch.written()
                done = done.and_(written)
                advance(found.read)
    return done.and_(await _write(database, _LastTurn(pack, now, look.newest)))


async def _write(database: Database, turn: _Turn) -> Derived:
    try:
        return await database.write(turn)
    except _Nothing as nothing:
        return nothing.done


class _Work(NamedTuple):
    """What a transaction wrote of measures, and of whom; through which version marks are done with (None: none is)."""

    done: Derived
    parties: frozenset[str] = frozenset()
    clean: int | None = None


@dataclass(slots=True)
class _Turn(ABC):
    """One transaction. It may run more than once, so what it remembers of itself it sets anew."""

    pack: Pack
    now: datetime

    async def __call__(self, transaction: Transaction) -> Derived:
        run = transaction.run
        rows = await run(BEGIN, most=MOST_MARKED, known=LATEST)
        version, at = locked(rows, self.now)
        done, parties, clean = await self.work(run, rows[0], version, at)
        if clean is None and not parties:
            raise _Nothing(done)
        change = {"version": version, "at": at, "subjects": sorted(parties), "kinds": ["MEASURE"]}
        derivation = {"version": version, "at": at, "pack": self.pack.digest}
        (left,) = await run(
            FINISH,
            through=clean,
            derivations=[] if clean is None else [derivation],
            changes=[change] if parties else [],
            at=at,
        )
        if clean is None or left["marked"]:
            return done
        return replace(done, version=version)

    @abstractmethod
    async def work(self, run: Run, found: Mapping[str, Any], version: int, at: str) -> _Work:
        """`found`: the row of BEGIN."""


@dataclass(slots=True)
class _Look(_Turn):
    """The version of the graph that is written to the end, and the marks there are."""

    newest: int = 0

    async def work(self, run: Run, found: Mapping[str, Any], version: int, at: str) -> _Work:
        self.newest = found["newest"] or 0
        raise _Nothing(Derived(version=version - 1))


@dataclass(slots=True)
class _RangeTurn(_Turn):
    """Writes what differs in a range; where others wrote since it was begun to be read, it is read under the lock."""

    found: Range
    does: Mapping[str, measures.Row]
    watch: Watch

    async def work(self, run: Run, found: Mapping[str, Any], version: int, at: str) -> _Work:
        range, does = self.found, self.does
        self.watch.locked(version)
        if self.watch.others != range.others:
            range = await read_range(run, self.pack, range.after, range.before, range.rows, self.watch.others)
            does = judged(self.pack, range.footing)
        done, parties = await _kept(run, does, range.stored, at)
        return _Work(replace(done, causes=range.read), parties)


@dataclass(slots=True)
class _MarkedTurn(_Turn):
    """What is marked. Where more than `most` nodes are, nothing is done."""

    most: int | None

    async def work(self, run: Run, found: Mapping[str, Any], version: int, at: str) -> _Work:
        nodes, last = found["nodes"], found["last"]
        if self.most is not None and nodes > self.most:
            raise _Nothing(Derived(left=nodes))
        if last is None or last["pack"] != self.pack.digest or nodes > MOST_MARKED:
            raise _Whole
        if not found["marks"]:
            raise _Nothing(Derived(version=last["version"]))
        touched = sorted({id for each in found["ids"] for id in each})
        done, parties = await rederive(run, self.pack, touched, at)
        return _Work(done, parties, found["newest"])


@dataclass(slots=True)
class _LastTurn(_Turn):
    """Ends a derivation of everything; where nothing was marked or written, the one before still stands."""

    marked: int

    async def work(self, run: Run, found: Mapping[str, Any], version: int, at: str) -> _Work:
        last = found["last"]
        if last is not None and last["pack"] == self.pack.digest and not found["marks"]:
            raise _Nothing(Derived(version=last["version"]))
        return _Work(Derived(), clean=self.marked)


async def rederive(run: Run, pack: Pack, touched: Sequence[str], at: str) -> tuple[Derived, frozenset[str]]:
    """Derive exactly what touched nodes have a part in, inside a write transaction that holds the lock; and whose
    measures are others now."""
    done, parties, kinds, looks = Derived(), frozenset[str](), cause_kinds(pack), stored_looks(pack)
    judged_already: set[str] = set()
    for ids in _chunks(touched):
        (row,) = await run(AFFECTED, ids=ids, kinds=kinds, looks=looks, known=LATEST)
        causes = {*row["ids"]} - judged_already
        judged_already |= causes
        sorts = triggering(row["sorts"], pack)
        does = judged(pack, await footing(run, pack, {id: sorts[id] for id in sorted(causes & sorts.keys())}))
        stored = [measure for cause, *measure in row["stored"] if cause in causes]
        kept, theirs = await _kept(run, does, stored, at)
        done, parties = done.and_(replace(kept, causes=len(causes))), parties | theirs
    return done, parties


async def _kept(
    run: Run, does: Mapping[str, measures.Row], stored: Iterable[Sequence[str]], at: str
) -> tuple[Derived, frozenset[str]]:
    """Write what causes do where it differs from what is stored of them."""
    held = {hash: (id, party) for id, hash, party in stored}
    gone = [held[hash] for hash in held.keys() - does.keys()]
    new = [measures.written(does[hash], at, NEVER) for hash in sorted(does.keys() - held.keys())]
    for ids in _chunks(sorted(id for id, _ in gone)):
        await run(measures.RETRACT, ids=ids, at=at)
    for chunk in _chunks(new):
        await run(measures.CREATE, rows=chunk)
    parties = frozenset(party for _, party in gone) | {each["party"] for each in new}
    return Derived(0, len(new), len(gone)), parties


def _chunks(rows: Sequence[Any]) -> Iterable[Any]:
    return (rows[i : i + ROWS] for i in range(0, len(rows), ROWS))
