"""Streamed loads on the real database: every row counted, nothing written twice, one bad row stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph.changes import Claim, NodeDraft, RelationDraft, VersionDraft
from graph.codes import IdentifierScheme, RelationKind, Text
from graph.periods import NEVER
from graph.progress import SilentProgress
from graph.store.connection import Database
from loaders.entries import Entries, Entry, Quarantined
from loaders.stream import LONGEST_KEY, StreamOutcome, TotalsDisagree, stream
from tests.graph.store.batches import TODAY, clock

pytestmark = pytest.mark.anyio
R = RelationKind
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"
# What is believed, without the times and versions at which a batch happened to be written.
BELIEVED = """
CALL () {
  MATCH (n:Entity)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never
  RETURN [n.id, n.name, n.department, v.hash, v.name, v.row] + labels(n) AS said
  UNION ALL
  MATCH (n:Entity)-[by:IDENTIFIED_BY]->(i) WHERE by.retractedAt = $never RETURN [n.id, i.key] AS said
  UNION ALL
  MATCH (a:Entity)-[r]->(b:Entity) WHERE r.retractedAt = $never RETURN [type(r), r.id, a.id, b.id, r.hash] AS said
}
RETURN said ORDER BY reduce(text = '', each IN said | text + ' ' + coalesce(toString(each), '-'))"""
STORED = "RETURN COUNT { () } AS nodes, COUNT { ()-->() } AS relations"


def firm(i: int, number: int, *, mention: bool = False, name: str | None = None) -> NodeDraft:
    claim = Claim(IdentifierScheme.USCC, f"91440703YY{i:07d}X")
    version = VersionDraft({"name": name or f"江门{i}有限公司"})
    return NodeDraft(f"e{i}", "ENTERPRISE", (claim,), (version,), number, number, mention=mention)


def department(number: int, *, mention: bool = True) -> NodeDraft:
    claim = Claim(IdentifierScheme.USCC, "11440703YY0000001X")
    said = (VersionDraft({"name": "江门市某局"}),)
    return NodeDraft("d", "GOVERNMENT_BODY", (claim,), said, number, number, department=True, mention=mention)


def penalty(i: int, number: int) -> Entry:
    document = f"江市监罚〔2019〕{i}号"
    claim = Claim(IdentifierScheme.OTHER, document, issuer="PENALTY d", lookup=False)
    said = VersionDraft({"documentNumber": document, "decidedOn": "2019-05-01", "state": "ACTIVE"})
    record = NodeDraft(f"r{i}", "PENALTY", (claim,), (said,), number, number)
    about = RelationDraft(R.ABOUT, record.ref, f"e{i}", f"about {i}", number, row=number)
    by = RelationDraft(R.ISSUED_BY, record.ref, "d", f"by {i}", number, row=number)
    return Entry(number, (record, firm(i, number, mention=True), department(number)), (about, by))


def file(count: int) -> list[Entry]:
    """`count` firms, then a penalty of each, all by one department."""
    firms = [Entry(i, (firm(i, i),)) for i in range(count)]
    return [*firms, *(penalty(i, count + i) for i in range(count))]


async def load(
    database: Database, entries: Entries | list[Any], *, rows: int = 40, kept: list[Quarantined] | None = None
) -> StreamOutcome:
    keep = [] if kept is None else kept
    return await stream(
        database,
        "registry",
        iter(entries),
        batch="file",
        now=clock("2020-01-01"),
        today=TODAY,
        rows=rows,
        progress=SilentProgress(),
        keep=keep.append,
    )


def totals(outcome: StreamOutcome) -> tuple[int, int, int, int]:
    return outcome.read, outcome.loaded, outcome.unchanged, outcome.quarantined


async def version(database: Database) -> int:
    return int((await database.read(VERSION, {}))[0]["version"])


async def believed(database: Database) -> list[list[Any]]:
    return [row["said"] for row in await database.read(BELIEVED, {"never": NEVER})]


async def stored(database: Database) -> dict[str, int]:
    return (await database.read(STORED, {}))[0]


async def test_every_row_is_loaded_and_the_same_again_writes_nothing(database: Database) -> None:
    first = await load(database, file(100))
    before = await version(database), await stored(database)
    again = await load(database, file(100))
    assert totals(first) == (200, 200, 0, 0)
    assert (totals(again), again.version) == ((200, 0, 200, 0), None)
    assert first.version == before[0] > 5  # in several batches
    assert (await version(database), await stored(database)) == before


async def test_one_bad_row_among_thousands_is_the_only_one_not_loaded(database: Database) -> None:
    bad = Quarantined(900, "统一社会信用代码", "9144", Text("应为18位", "needs 18 characters"))
    without = Entry(901, (replace(firm(901, 901), claims=()),))
    endless = Entry(902, (firm(902, 902, name="长" * (LONGEST_KEY + 1)),))
    unreadable = Entry(903, (firm(903, 903, name="\ud800"),))
    dangling = Entry(904, (firm(904, 904),), (RelationDraft(R.HOLDS, "e904", "nobody", "1", 904),))
    huge = Entry(
        905, (replace(firm(905, 905), versions=(VersionDraft({"name": "甲", "registeredCapital": 1 << 63}),)),)
    )
    rows: list[Entry | Quarantined] = [Entry(i, (firm(i, i),)) for i in range(900)]
    rows += [bad, without, endless, unreadable, dangling, huge]
    rows += [Entry(i, (firm(i, i),)) for i in range(906, 2000)]
    kept: list[Quarantined] = []
    outcome = await load(database, rows, rows=500, kept=kept)
    assert totals(outcome) == (2000, 1994, 0, 6)
    assert [each.number for each in kept] == [900, 901, 902, 903, 904, 905]
    assert kept[0] == bad and all(each.reason.zh and each.reason.en for each in kept)


async def test_rows_that_say_the_same_are_one_and_those_that_differ_name_the_first(database: Database) -> None:
    one = RelationDraft(R.HOLDS, "e1", "e2", "share", 3, values={"share": 10})
    ends = (firm(1, 3, mention=True), firm(2, 3, mention=True))
    other = replace(one, entry=5, values={"share": 20})
    rows = [
        Entry(1, (firm(1, 1),)),
        Entry(2, (firm(1, 2),)),
        Entry(3, ends, (one,)),
        Entry(4, (firm(1, 4, name="另一名称"), firm(9, 4))),
        Entry(5, ends, (other,)),
        Entry(6, ends, (replace(one, entry=6),)),
    ]
    kept: list[Quarantined] = []
    assert totals(await load(database, rows, kept=kept)) == (6, 2, 2, 2)
    assert [(each.number, each.reason.en) for each in kept] == [
        (4, "tells of the same thing as row 1, but differently: check both and keep one"),
        (5, "tells of the same thing as row 3, but differently: check both and keep one"),
    ]
    # a quarantined row leaves nothing behind, not even what it was right about
    assert sorted(row[1] for row in await believed(database) if len(row) > 6) == ["江门1有限公司", "江门2有限公司"]


async def test_across_batches_the_later_row_wins_as_a_later_file_would(database: Database) -> None:
    rows = [Entry(1, (firm(1, 1),)), Entry(2, (firm(1, 2, name="新名称"),))]
    assert totals(await load(database, rows, rows=1)) == (2, 2, 0, 0)
    assert {row[1] for row in await believed(database) if len(row) > 6} == {"新名称"}


async def test_a_mention_never_changes_what_is_described_in_whatever_order(database: Database) -> None:
    rows = [Entry(1, (firm(1, 1, mention=True, name="简称"),)), Entry(2, (firm(1, 2),))]
    assert totals(await load(database, rows)) == (2, 1, 1, 0)
    assert totals(await load(database, reversed(rows), rows=1)) == (2, 0, 2, 0)
    assert {row[1] for row in await believed(database) if len(row) > 6} == {"江门1有限公司"}


async def test_the_order_of_rows_and_the_size_of_batches_do_not_matter(database: Database) -> None:
    rows = file(60)
    await load(database, rows, rows=1000)
    one = await believed(database)
    before = await version(database)
    assert totals(await load(database, [*rows[60:], *rows[59::-1]], rows=17)) == (120, 0, 120, 0)
    assert (await believed(database), await version(database)) == (one, before)


async def test_a_load_killed_between_batches_is_begun_again_to_the_same_graph(database: Database) -> None:
    """The file breaks off in the middle, once by an error and once by a cancelled task."""

    def broken() -> Iterator[Entry]:
        yield from file(100)[:130]
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await load(database, broken(), rows=20)
    half = await version(database)
    task = asyncio.create_task(load(database, file(100), rows=20))
    while not task.done() and await version(database) == half:
        pass
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    outcome = await load(database, file(100), rows=20)
    assert outcome.read == outcome.loaded + outcome.unchanged == 200 and outcome.unchanged > 100
    killed = await believed(database)
    assert totals(await load(database, file(100), rows=1000)) == (200, 0, 200, 0)
    assert (await stored(database))["relations"] == 100 * 2 + (100 + 100 + 1) + 101  # ends, versions, identifiers
    assert len(killed) == 100 * 2 + (100 + 100 + 1) + 101


async def test_a_hub_of_thousands_of_relations_grows_over_many_batches(database: Database) -> None:
    outcome = await load(database, file(1500), rows=700)
    assert totals(outcome) == (3000, 3000, 0, 0)
    issued = await database.read("MATCH (:Department)<-[r:ISSUED_BY]-() RETURN count(r) AS count", {})
    assert issued == [{"count": 1500}]
    assert totals(await load(database, file(1500), rows=700)) == (3000, 0, 3000, 0)


async def test_a_row_counted_twice_is_noticed(database: Database) -> None:
    with pytest.raises(TotalsDisagree):
        await load(database, [Entry(1, (firm(1, 1),)), Entry(1, (firm(2, 1),))])
