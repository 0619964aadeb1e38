"""Stored measures are what every live check says, on any day and for every reader; nothing is written twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import TypeVar

import pytest

from graph.changes import Batch, RelationDraft, Value, VersionDraft
from graph.codes import RelationKind
from graph.periods import LATEST, parse_period
from graph.progress import Advance, SilentProgress
from graph.propagation.causes import Cause
from graph.propagation.index import index
from graph.propagation.sorts import of_cause, of_sort
from graph.rules import load, parse
from graph.store import deriving
from graph.store.address import Address
from graph.store.connection import Database, Transaction
from graph.store.deriving import Derived, derive
from graph.store.footings import stored_looks, triggering
from graph.store.packs import install
from graph.store.writer import write
from tests.casebook import casebook
from tests.graph.store.batches import TODAY, batch, clock, digest, node, relation, version
from tests.graph.store.judged import FORGET, differences, hashes, stored

pytestmark = pytest.mark.anyio
T = TypeVar("T")
R = RelationKind
QUIET = SilentProgress()
NOW, LATER = clock("2026-01-01"), clock("2026-01-02")
SAMPLED = 6  # of the cases, every sixth: they share their cast, so that they meddle with one another
DERIVED = "MATCH (done:Derivation) RETURN done.version AS version ORDER BY done.at DESC LIMIT 1"


async def keep(database: Database, *, whole: bool = False) -> Derived:
    return await derive(database, now=LATER, progress=QUIET, whole=whole)


async def save(database: Database, operation: str, *of: object, source: str = "world:w") -> None:
    nodes = tuple(each for each in of if not hasattr(each, "start"))
    relations = tuple(each for each in of if hasattr(each, "start"))
    asked = batch(nodes, relations, operation=operation, source=source, full=True)  # type: ignore[arg-type]
    await write(database, asked, now=NOW, today=TODAY)


def revoked(**more: str) -> list[object]:
    """A licence revoked at `acme` while `li` was its legal representative; `li` is a director of `bing`."""
    return [
        node("acme"),
        node("bing"),
        node("li", version(name="李某", adultOn="1930-01-01"), kind="PERSON"),
        node("r1", VersionDraft({**PENALTY, **more}), kind="PENALTY"),
        relation(R.ABOUT, "r1", "acme"),
        RelationDraft(R.LEGAL_REPRESENTATIVE_OF, "li", "acme", "2", 0, parse_period("2012-01-01", None)),
        RelationDraft(R.SERVES_AS, "li", "bing", "3", 0, parse_period("2012-01-01", None), {"post": "DIRECTOR"}),
        relation(R.RESPONSIBLE_FOR, "li", "r1", "4", capacity="FINDING_PERSONAL_RESPONSIBILITY"),
    ]


PENALTY: dict[str, Value] = {
    "decidedOn": "2024-07-15",
    "offenceFrom": "2024-01-01",
    "offenceTo": "2024-03-01",
    "types": ("LICENCE_REVOKED",),
    "licence": "BUSINESS",
}


async def measures(database: Database, on: str = "2025-01-01") -> set[tuple[str, str]]:
    return {
        (str(each["measure"]), str(each["certainty"]))
        for each in await stored(database)
        if str(each["holdsFrom"]) <= on < str(each["holdsTo"])
    }


async def test_the_casebook_is_stored_as_it_is_answered_on_every_day(database: Database) -> None:
    cases = [each for each in casebook() if each.facts is not None][::SAMPLED]
    for each in cases:
        drafts = each.drafts
        asked = Batch(f"world:{each.name}", each.name, drafts.nodes, drafts.relations, full=True)
        await write(database, asked, now=NOW, today=TODAY)
    done = await keep(database)
    assert done.written == len(await stored(database)) > 50
    days = {question.as_of for each in cases for question in each.questions}
    for row in await stored(database):
        days |= {date.fromisoformat(str(row[name])) for name in ("holdsFrom", "publicFrom")}
    near = sorted({day + timedelta(by) for day in days for by in (-1, 0) if 1900 < day.year < 2200})
    assert await differences(database, near[:: max(1, len(near) // 20)]) == []
    before = await digest(database)
    assert await keep(database, whole=True) == Derived(done.causes, 0, 0, done.version)
    assert await digest(database) == before


def sort_of(cause: Cause) -> list[object]:
    """The values by which a sort is known, as they are stored."""
    thing = cause.record or cause.licence
    record = cause.record
    said = {name: getattr(thing, name) for name in stored_looks(load())[str(cause.kind)] if hasattr(thing, name)}
    if record is not None:
        said |= {name: sorted(said[name]) for name in ("types", "circumstances") if name in said}
        said["basisDocuments"] = [each.document for each in record.basis]
        said["basisArticles"] = [each.article or "" for each in record.basis]
        said["banScope"] = None if record.ban is None else record.ban.scope
        said["largeDebt"] = record.large_debt
    return [said[name] for name in stored_looks(load())[str(cause.kind)]]


def test_what_is_read_of_a_sort_tells_every_rule_by_which_a_cause_may_bind() -> None:
    causes = [each for case in casebook() if case.facts is not None for each in index(case.facts, LATEST).causes]
    told = 0
    for each in causes:
        if str(each.kind) not in stored_looks(load()) or (each.licence and each.licence.revoked_on is None):
            assert of_cause(load(), each) == () or each.starts is None
            continue
        found = triggering([(str(each.kind), sort_of(each), ["it"])], load()).get("it", ())
        assert found == of_sort(load(), each)
        told += len(found)
    assert told > 100


async def test_a_change_derives_what_it_touches_and_nothing_else(database: Database) -> None:
    await save(database, "1", *revoked())
    await save(database, "2", node("far"), node("x", VersionDraft(PENALTY), kind="PENALTY"), source="world:far")
    await keep(database)
    bars = {("BAR_COMPANY_OFFICE", "FOUND"), ("DISMISS_OFFICE_HOLDER", "FOUND")}
    assert await measures(database) >= bars
    await save(database, "3", *revoked()[:-2])  # neither director any more, nor found responsible
    done = await keep(database)
    assert done.causes == 1
    assert await measures(database) & bars == set()
    assert ("BAR_COMPANY_OFFICE", "POTENTIAL") in await measures(database)
    await save(database, "4", *revoked(revokedOn="2025-06-01"))
    await keep(database)
    assert await measures(database) >= bars
    assert await measures(database, "2025-06-01") & bars == set()
    assert await differences(database, [date(2025, 5, 31), date(2025, 6, 1)]) == []


async def test_what_is_not_derived_yet_is_marked_until_it_is(database: Database) -> None:
    await save(database, "1", *revoked())
    first = await keep(database)
    assert await keep(database) == Derived(version=first.version)
    await save(database, "2", *revoked()[:-1])
    (row,) = await database.read(deriving.DIRTY, {"most": 10})
    assert (row["marks"], row["newest"], len(row["ids"][0])) == (1, (first.version or 0) + 1, row["nodes"])
    done = await keep(database)
    assert done.version == (first.version or 0) + 2
    assert await database.read(deriving.DIRTY, {"most": 10}) == [{"marks": 0, "nodes": 0, "newest": None, "ids": []}]
    assert (await database.read(DERIVED, {}))[0]["version"] == done.version


async def test_more_than_may_be_derived_at_once_is_left_and_said(database: Database) -> None:
    await save(database, "1", *revoked())
    (row,) = await database.read(deriving.DIRTY, {"most": 0})
    assert (row["nodes"] > 3, row["ids"]) == (True, [])
    left = await derive(database, now=LATER, progress=QUIET, most=row["nodes"] - 1)
    assert left == Derived(left=row["nodes"])
    assert await stored(database) == []
    done = await derive(database, now=LATER, progress=QUIET, most=row["nodes"])
    assert (done.written > 0, done.left, done.version is not None) == (True, 0, True)


async def test_what_was_stored_before_is_answered_for_an_earlier_knowledge(database: Database) -> None:
    await save(database, "1", *revoked())
    await keep(database)
    held = "MATCH (m:Measure|MeasureWas) WHERE m.recordedAt <= $at < m.retractedAt RETURN collect(m.hash) AS found"
    then = (await database.read("MATCH (g:Graph {id: 'graph'}) RETURN g.recordedAt AS at", {}))[0]["at"]
    before = await hashes(database)
    await save(database, "2", *revoked()[:-2])
    await keep(database)
    assert await hashes(database) != before
    assert set((await database.read(held, {"at": then}))[0]["found"]) == before


async def test_another_pack_derives_everything_under_its_own_name(database: Database) -> None:
    await save(database, "1", *revoked())
    await keep(database)
    before = await stored(database)
    other = parse(load().text.replace(load().version, "2099.01"))
    assert other.version == "2099.01"
    await install(database, other.name, other.version, other.digest, other.text, LATER)
    done = await keep(database)
    after = await stored(database)
    assert (done.written, done.retracted) == (len(after), len(before))
    assert {each["pack"] for each in after} == {other.digest}
    assert {each["key"] for each in after} == {each["key"] for each in before}


class CutOff(SilentProgress):
    """Where a killed process stops: after its second transaction."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        turns = count(1)

        def advance(_: int) -> None:
            if next(turns) == 2:
                raise KeyboardInterrupt

        yield advance


async def test_a_derivation_that_was_cut_off_is_simply_done_again(database: Database) -> None:
    more = [node(f"m{i}", VersionDraft(PENALTY), kind="PENALTY") for i in range(4)]
    about = [relation(R.ABOUT, f"m{i}", "acme", f"m{i}") for i in range(4)]
    await save(database, "1", *revoked(), *more, *about)
    await keep(database)
    whole = await hashes(database)
    await database.write(lambda transaction: transaction.run(FORGET))
    with pytest.raises(KeyboardInterrupt):
        await derive(database, now=LATER, progress=CutOff(), turn=1)
    assert await hashes(database) < whole
    assert await database.read(DERIVED, {}) == []
    assert (await keep(database)).version is not None
    assert await hashes(database) == whole


class Meddled(Database):
    """Somebody else writes, and derives what that touched, before each of its writes that comes after a reading."""

    def __init__(self, server: Address, meddle: Callable[[], Awaitable[None]]) -> None:
        super().__init__(lambda: server)
        self._meddle, self._left = meddle, 5  # the lock, two ranges read, what the first of them says, the second

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        self._left -= 1
        if self._left == 0:
            await self._meddle()
        return await super().write(work)


async def test_what_others_write_while_the_city_is_derived_is_not_undone(database: Database, server: Address) -> None:
    await save(database, "1", *revoked())
    await keep(database)
    right = set[str]()

    async def meddle() -> None:
        await save(database, "2", *revoked()[:-2])
        await keep(database)
        right.update(await hashes(database))

    before = await hashes(database)
    meddled = Meddled(server, meddle)
    try:
        await keep(meddled, whole=True)
    finally:
        await meddled.close()
    assert right
    assert right != before
    assert await hashes(database) == right
