"""Keeps stored measures equal to what `check` answers: of the whole city, or of what the marks say was touched.

Nobody's change falls between reading, judging and writing: a piece is written under the writer's lock, and is read
under it too where somebody else wrote meanwhile. It must not know files, rules or who asks. Only differences are
written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from graph.errors import Invalid
from graph.periods import LATEST, NEVER
from graph.progress import Progress
from graph.rules import Pack
from graph.store import footings, measures
from graph.store.connection import Database, Transaction
from graph.store.footings import cause_kinds, footing, stored_looks, triggering
from graph.store.fragments import believed
from graph.store.operations import Run, lock, unlock
from graph.store.packs import pack_in_force
from graph.store.ranges import Range, Watch, judged, ranges, read_range
from graph.store.statements import RECORD_CHANGES
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
CLEAN: Final = """
MATCH (mark:Dirty) USING INDEX mark:Dirty(version)
WHERE mark.version <= $through
DELETE mark
WITH count(*) AS cleaned
RETURN EXISTS { MATCH (mark:Dirty) USING INDEX mark:Dirty(version) WHERE mark.version > $through } AS marked"""
DERIVED: Final = """
MATCH (done:Derivation) USING INDEX done:Derivation(at)
WHERE done.at <= $known
WITH done ORDER BY done.at DESC LIMIT 1
RETURN done.version AS version, done.pack AS pack"""
RECORD_DERIVATION: Final = "CREATE (done:Derivation) SET done = $row"
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
        )


class _Nothing(Exception):
    """Rolls the transaction back: there is nothing to write."""

    def __init__(self, done: Derived) -> None:
        super().__init__("nothing to write")
        self.done = done


class _Whole(Exception):
    """So much was touched that the whole city is derived."""


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
    if most is not None:
        (waiting,) = await database.read(DIRTY, {"most": 0})
        if waiting["nodes"] > most:
            return Derived(left=waiting["nodes"])
    last = await database.read(DERIVED, {"known": LATEST})
    if whole or not last or last[0]["pack"] != pack.digest:
        done = await _everything(database, pack, now, progress, turn)
    else:
        done = Derived()
    for _ in range(ROUNDS):
        try:
            done = done.and_(await _write(database, _MarkedTurn(pack, now)))
        except _Whole:
            done = done.and_(await _everything(database, pack, now, progress, turn))
        if done.version is not None:
            break
    return done


async def _everything(database: Database, pack: Pack, now: datetime, progress: Progress, rows: int) -> Derived:
    """Every cause of the city. What others touch meanwhile leaves marks that are younger."""
    (waiting,) = await database.read(DIRTY, {"most": 0})
    watch = Watch((await _write(database, _Look(pack, now))).version or 0)
    done = Derived()
    with progress.step("推导措施 / deriving measures") as advance:
        async with aclosing(ranges(database, pack, rows, watch)) as every:
            async for found, does in every:
                written = await _write(database, _RangeTurn(pack, now, found, does, watch))
                if written.written or written.retracted:
                    watch.written()
                done = done.and_(written)
                advance(found.read)
    return done.and_(await _write(database, _LastTurn(pack, now, waiting["newest"] or 0)))


async def _write(database: Database, turn: _Turn) -> Derived:
    try:
        return await database.write(turn)
    except _Nothing as nothing:
        return nothing.done


@dataclass(slots=True)
class _Turn(ABC):
    """One transaction. It may run more than once, so what it remembers of itself it sets anew."""

    pack: Pack
    now: datetime

    async def __call__(self, transaction: Transaction) -> Derived:
        run = transaction.run
        version, at = await lock(run, self.now)
        done, clean = await self.work(run, version, at)
        if clean is not None:
            (left,) = await run(CLEAN, through=clean)
            if not left["marked"]:
                await run(RECORD_DERIVATION, row={"version": version, "at": at, "pack": self.pack.digest})
                done = Derived(done.causes, done.written, done.retracted, version)
        elif not (done.written or done.retracted):
            raise _Nothing(done)
        await unlock(run, at)
        return done

    @abstractmethod
    async def work(self, run: Run, version: int, at: str) -> tuple[Derived, int | None]:
        """What was done, and through which version marks are done with; None: no mark is."""


@dataclass(slots=True)
class _Look(_Turn):
    """The version of the graph that is written to the end."""

    async def work(self, run: Run, version: int, at: str) -> tuple[Derived, int | None]:
        raise _Nothing(Derived(version=version - 1))


@dataclass(slots=True)
class _RangeTurn(_Turn):
    """Writes what differs in a range; where others wrote since it was begun to be read, it is read under the lock."""

    found: Range
    does: Mapping[str, measures.Row]
    watch: Watch

    async def work(self, run: Run, version: int, at: str) -> tuple[Derived, int | None]:
        found, does = self.found, self.does
        self.watch.locked(version)
        if self.watch.others != found.others:
            found = await read_range(run, self.pack, found.after, found.before, found.rows, self.watch.others)
            does = judged(self.pack, found.footing)
        done = await _kept(run, does, found.stored, version, at)
        return done.and_(Derived(causes=found.read)), None


@dataclass(slots=True)
class _MarkedTurn(_Turn):
    async def work(self, run: Run, version: int, at: str) -> tuple[Derived, int | None]:
        (waiting,) = await run(DIRTY, most=MOST_MARKED)
        if not waiting["marks"]:
            (last,) = await run(DERIVED, known=LATEST)
            raise _Nothing(Derived(version=last["version"]))
        if waiting["nodes"] > MOST_MARKED:
            raise _Whole
        touched = sorted({id for each in waiting["ids"] for id in each})
        return await rederive(run, self.pack, touched, version, at), waiting["newest"]


@dataclass(slots=True)
class _LastTurn(_Turn):
    """Ends a derivation of everything; where nothing was marked or written, the one before still stands."""

    marked: int

    async def work(self, run: Run, version: int, at: str) -> tuple[Derived, int | None]:
        last = await run(DERIVED, known=LATEST)
        (waiting,) = await run(DIRTY, most=0)
        if last and last[0]["pack"] == self.pack.digest and not waiting["marks"]:
            raise _Nothing(Derived(version=last[0]["version"]))
        return Derived(), self.marked


async def rederive(run: Run, pack: Pack, touched: Sequence[str], version: int, at: str) -> Derived:
    """Derive exactly what touched nodes have a part in, inside a write transaction that holds the lock."""
    done, kinds, looks = Derived(), cause_kinds(pack), stored_looks(pack)
    judged_already: set[str] = set()
    for ids in _chunks(touched):
        (row,) = await run(AFFECTED, ids=ids, kinds=kinds, looks=looks, known=LATEST)
        causes = {*row["ids"]} - judged_already
        judged_already |= causes
        sorts = triggering(row["sorts"], pack)
        does = judged(pack, await footing(run, pack, {id: sorts[id] for id in sorted(causes & sorts.keys())}))
        stored = [measure for cause, *measure in row["stored"] if cause in causes]
        done = done.and_(await _kept(run, does, stored, version, at)).and_(Derived(causes=len(causes)))
    return done


async def _kept(
    run: Run, does: Mapping[str, measures.Row], stored: Iterable[Sequence[str]], version: int, at: str
) -> Derived:
    """Write what causes do where it differs from what is stored of them."""
    held = {hash: (id, party) for id, hash, party in stored}
    gone = [held[hash] for hash in held.keys() - does.keys()]
    new = [measures.written(does[hash], at, NEVER) for hash in sorted(does.keys() - held.keys())]
    for ids in _chunks(sorted(id for id, _ in gone)):
        await run(measures.RETRACT, ids=ids, at=at)
    for chunk in _chunks(new):
        await run(measures.CREATE, rows=chunk)
    parties = sorted({party for _, party in gone} | {each["party"] for each in new})
    if parties:
        change = {"version": version, "at": at, "subjects": parties, "kinds": ["MEASURE"]}
        await run(RECORD_CHANGES, rows=[change])
    return Derived(0, len(new), len(gone))


def _chunks(rows: Sequence[Any]) -> Iterable[Any]:
    return (rows[i : i + ROWS] for i in range(0, len(rows), ROWS))
