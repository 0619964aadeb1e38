"""What a batch does to a graph: once, in order, only where something is new, and never forgetting what was believed."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from graph.changes import Batch, Claim, Written
from graph.codes import IdentifierScheme, RelationKind
from graph.errors import Conflict, Invalid, Unavailable
from graph.identifiers import Lookup
from graph.periods import NEVER, Moment
from graph.store.connection import Database, Transaction, Unsettled
from graph.store.derived import FENCE, LAST_NUMBER, LAST_TEXT
from graph.store.ids import node_id
from graph.store.lookup import find
from graph.store.writer import write
from tests.graph.store.batches import TODAY, batch, clock, digest, node, relation, uscc, version, world
from tests.graph.store.reading import nodes

pytestmark = pytest.mark.anyio
R = RelationKind
VERSION = "MATCH (graph:Graph {id: 'graph'}) RETURN graph.version AS version"
FOUND = "MATCH (n:Entity {id: $id}) RETURN labels(n) AS labels, n {.*} AS said"
VERSIONS = """
MATCH (n:Entity {id: $id})-[:HAS_VERSION]->(v)
RETURN v.name AS name, v.source AS source, v.retractedAt = $never AS believed
ORDER BY v.recordedAt, v.validFrom, name"""
RELATIONS = """
MATCH (a)-[r]->(b) WHERE r.key IS NOT NULL
RETURN type(r) AS kind, a.id AS start, b.id AS end, r.key AS key, r.id AS id, r.retractedAt = $never AS believed
ORDER BY r.recordedAt, kind, start, end"""
HELD = """
MATCH (n:Entity {id: $id})-[held:IDENTIFIED_BY]->(i) WHERE held.retractedAt = $never
RETURN i.key AS key, held.source AS source ORDER BY key, source"""


def entries(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


async def say(database: Database, said: Batch, day: str = "2020-01-01") -> Written:
    return await write(database, said, now=clock(day), today=TODAY)


async def graph_version(database: Database) -> int:
    return int((await database.read(VERSION, {}))[0]["version"])


async def labels(database: Database, id: str) -> set[str]:
    return set((await database.read(FOUND, {"id": id}))[0]["labels"])


async def versions(database: Database, id: str) -> list[tuple[str, str, bool]]:
    rows = await database.read(VERSIONS, {"id": id, "never": NEVER})
    return [(row["name"], row["source"], row["believed"]) for row in rows]


async def held(database: Database, id: str) -> list[tuple[str, str]]:
    return [(row["key"], row["source"]) for row in await database.read(HELD, {"id": id, "never": NEVER})]


async def relations(database: Database) -> list[dict[str, Any]]:
    return await database.read(RELATIONS, {"never": NEVER})


async def name(database: Database, id: str, as_of: date, known_at: str | None = None) -> object:
    views = await nodes(database, [id], Moment(as_of, known_at))
    return views[id].values["name"] if id in views else None


async def test_a_renamed_and_then_corrected_firm_has_three_names(database: Database) -> None:
    """Renamed in 2016; in 2022 the new name turns out to have been misspelt."""
    before = node("a", version(end="2016-05-01", name="旧名"), version(start="2016-05-01", name="误名"))
    after = node("a", version(end="2016-05-01", name="旧名"), version(start="2016-05-01", name="正名"))
    id = (await say(database, batch([before], operation="1"), "2020-01-01")).ids["a"]
    await say(database, batch([after], operation="2"), "2022-01-01")
    known_2021 = "2021-01-01T00:00:00.000000+08:00"
    assert [
        await name(database, id, date(2015, 1, 1)),
        await name(database, id, date(2018, 1, 1), known_2021),
        await name(database, id, date(2018, 1, 1)),
    ] == ["旧名", "误名", "正名"]
    assert await versions(database, id) == [
        ("旧名", "world:w", True),
        ("误名", "world:w", False),
        ("正名", "world:w", True),
    ]


async def test_a_batch_said_twice_changes_nothing_at_all(database: Database) -> None:
    drafts = [node("a", entry=1), node("b", entry=2), node("p", kind="PERSON", entry=3)]
    posts = [relation(R.LEGAL_REPRESENTATIVE_OF, "p", "a", entry=4)]
    first = await say(database, batch(drafts, posts, operation="1", full=True))
    before = await digest(database)
    again = await say(database, batch(drafts, posts, operation="2", full=True), "2021-01-01")
    assert (first.loaded, first.unchanged, first.repeated) == (entries(1, 2, 3, 4), entries(), False)
    assert (again.loaded, again.unchanged, again.retracted) == (entries(), entries(1, 2, 3, 4), 0)
    assert (again.version, again.ids) == (first.version, first.ids)
    assert await digest(database) == before


async def test_where_a_line_stands_in_its_file_is_no_news(database: Database) -> None:
    first = await say(database, batch([node("a", row=1)], operation="1"))
    again = await say(database, batch([node("a", row=7)], operation="2"))
    assert (again.version, again.unchanged) == (first.version, entries(0))


async def test_only_entries_that_changed_are_written(database: Database) -> None:
    await say(database, batch([node("a", entry=1), node("b", entry=2)], operation="1"))
    drafts = [node("a", entry=1), node("b", version(name="新"), entry=2)]
    written = await say(database, batch(drafts, operation="2"))
    assert (written.loaded, written.unchanged, written.version) == (entries(2), entries(1), 2)
    changed = await database.read("MATCH (n:Enterprise) RETURN n.name AS name, n.version AS version ORDER BY name", {})
    assert changed == [{"name": "a", "version": 1}, {"name": "新", "version": 2}]


async def test_an_operation_is_done_once(database: Database) -> None:
    said = batch([node("a", entry=1), node("b", entry=2)], operation="only")
    first = await say(database, said)
    await say(database, batch([node("a", version(name="后来"))], operation="later"))
    before = await digest(database)
    again = await say(database, said)
    assert again == Written(first.version, first.loaded, first.unchanged, first.retracted, first.ids, repeated=True)
    with pytest.raises(Conflict) as refused:
        await say(database, batch([node("c")], operation="only"))
    assert refused.value.argument == "operation"
    assert await digest(database) == before


async def test_writers_come_one_after_the_other(database: Database) -> None:
    """Twelve at once: every version once, no two alike in time, and each of two writers of a node sees the other."""
    say_all = [say(database, batch([node("a", version(name=f"甲{i}"))], operation=f"op{i}")) for i in range(12)]
    done = await asyncio.gather(*say_all)
    assert sorted(each.version for each in done) == list(range(1, 13))
    assert {each.ids["a"] for each in done} == {node_id("ENTERPRISE", world("a"))}
    rows = await database.read(
        "MATCH (v:Version) RETURN count(DISTINCT v.recordedAt) AS times, count(v) AS versions,"
        " count(CASE v.retractedAt WHEN $never THEN 1 END) AS believed",
        {"never": NEVER},
    )
    assert rows == [{"times": 12, "versions": 12, "believed": 1}]
    changes = await database.read("MATCH (c:Change) RETURN c.version AS version ORDER BY version", {})
    assert [row["version"] for row in changes] == list(range(1, 13))


async def test_system_time_only_moves_on(database: Database) -> None:
    await say(database, batch([node("a")], operation="1"), "2020-01-01")
    await say(database, batch([node("b")], operation="2"), "2019-01-01")
    rows = await database.read("MATCH (v:Version) RETURN v.name AS name, v.recordedAt AS at ORDER BY at", {})
    assert rows == [
        {"name": "a", "at": "2020-01-01T09:00:00.000000+08:00"},
        {"name": "b", "at": "2020-01-01T09:00:00.000001+08:00"},
    ]


async def test_what_a_full_batch_leaves_out_is_retracted_and_comes_back(database: Database) -> None:
    drafts = [node("a", entry=1), node("p", kind="PERSON", entry=2)]
    posts = [relation(R.PRINCIPAL_OF, "p", "a", entry=3)]
    first = await say(database, batch(drafts, posts, operation="1", full=True), "2020-01-01")
    a, p = first.ids["a"], first.ids["p"]
    gone = await say(database, batch(drafts[:1], operation="2", full=True), "2021-01-01")
    assert (gone.loaded, gone.unchanged, gone.retracted) == (entries(), entries(1), 2)  # the person and the post
    assert await labels(database, p) == {"Entity", "Past"}
    assert await labels(database, a) == {"Entity", "Subject", "Organization", "Enterprise"}
    assert await name(database, p, TODAY) is None
    assert await name(database, p, TODAY, "2020-06-01T00:00:00.000000+08:00") == "p"
    back = await say(database, batch(drafts, posts, operation="3", full=True), "2022-01-01")
    assert (back.ids["p"], back.loaded, back.unchanged) == (p, entries(2, 3), entries(1))
    assert await labels(database, p) == {"Entity", "Subject", "Person"}
    assert await versions(database, p) == [("p", "world:w", False), ("p", "world:w", True)]
    assert [(row["believed"], row["start"]) for row in await relations(database)] == [(False, p), (True, p)]
    assert len({row["id"] for row in await relations(database)}) == 2
    assert await name(database, p, TODAY, "2021-06-01T00:00:00.000000+08:00") is None


async def test_a_partial_batch_retracts_nothing_it_does_not_mention(database: Database) -> None:
    first = await say(database, batch([node("a"), node("b", entry=1)], operation="1", full=True))
    part = await say(database, batch([node("a", version(name="新"))], operation="2"))
    assert part.retracted == 0
    assert await name(database, first.ids["b"], TODAY) == "b"


async def test_a_relation_is_never_edited(database: Database) -> None:
    drafts = [node("a"), node("h")]
    first = await say(database, batch(drafts, [relation(R.HOLDS, "h", "a", share=60)], operation="1"))
    second = await say(database, batch(drafts, [relation(R.HOLDS, "h", "a", share=70)], operation="2"))
    third = await say(database, batch(drafts, [relation(R.HOLDS, "h", "a", share=60)], operation="3"))
    rows = await relations(database)
    assert [(row["id"][:4], row["believed"]) for row in rows] == [("hld_", False), ("hld_", False), ("hld_", True)]
    assert len({row["id"] for row in rows}) == 3
    assert [each.retracted for each in (first, second, third)] == [0, 0, 0]  # replaced, not gone


async def test_a_relation_that_moves_to_another_end_leaves_the_first(database: Database) -> None:
    """The post of one entry was another person's: in a partial batch too the wrong one is not believed any more."""
    drafts = [node("a"), node("p", kind="PERSON"), node("q", kind="PERSON")]
    first = await say(database, batch(drafts, [relation(R.LEGAL_REPRESENTATIVE_OF, "p", "a", "post")], operation="1"))
    await say(database, batch(drafts, [relation(R.LEGAL_REPRESENTATIVE_OF, "q", "a", "post")], operation="2"))
    rows = await relations(database)
    assert [(row["start"], row["believed"]) for row in rows] == [(first.ids["p"], False), (first.ids["q"], True)]


async def test_two_sources_keep_their_own_versions(database: Database) -> None:
    claims = (uscc("91000000000000YY01"),)
    first = await say(database, batch([node("a", version(name="甲源"), claims=claims)], operation="1", source="a"))
    id = first.ids["a"]
    second = await say(database, batch([node("b", version(name="乙源"), claims=claims)], operation="2", source="b"))
    assert second.ids["b"] == id
    assert await name(database, id, TODAY) == "乙源"
    gone = await say(database, batch(operation="3", source="b", full=True))
    assert (gone.retracted, await name(database, id, TODAY)) == (1, "甲源")
    assert await held(database, id) == [("USCC|91000000000000YY01|", "a")]
    assert "Past" not in await labels(database, id)


async def test_a_stronger_identifier_joins_a_node_known_by_a_weaker_one(database: Database) -> None:
    first = await say(database, batch([node("a", claims=(world("a"),))], operation="1"))
    second = await say(database, batch([node("a", claims=(uscc("U1"), world("a")))], operation="2"))
    assert second.ids == first.ids  # an id never changes
    assert await held(database, first.ids["a"]) == [("USCC|U1|", "world:w"), ("WORLD|a|w", "world:w")]


async def test_a_corrected_number_stays_with_its_node(database: Database) -> None:
    first = await say(database, batch([node("a", claims=(uscc("U1"), world("a")))], operation="1"))
    second = await say(database, batch([node("a", claims=(uscc("U2"), world("a")))], operation="2"))
    assert second.ids == first.ids
    assert await held(database, first.ids["a"]) == [("USCC|U2|", "world:w"), ("WORLD|a|w", "world:w")]
    third = await say(database, batch([node("b", claims=(uscc("U1"), world("b")))], operation="3"))
    assert third.ids["b"] != first.ids["a"]  # the firm that has U1 is another one


async def test_a_local_name_does_not_carry_one_persons_records_to_another(database: Database) -> None:
    """The registry knows N by document 1. The file's `li` was document 1 and now is document 2: another person."""
    one, two = (Claim(IdentifierScheme.RESIDENT_ID, each * 64, masked="1***") for each in "12")
    registry = await say(database, batch([node("n", kind="PERSON", claims=(one,))], operation="1", source="registry"))
    first = await say(database, batch([node("li", kind="PERSON", claims=(one, world("li")))], operation="2"))
    assert first.ids["li"] == registry.ids["n"]
    second = await say(
        database, batch([node("li", kind="PERSON", claims=(two, world("li")))], operation="3", full=True)
    )
    assert second.ids["li"] != registry.ids["n"]
    assert await held(database, registry.ids["n"]) == [(one.key, "registry")]
    assert await held(database, second.ids["li"]) == [(two.key, "world:w"), ("WORLD|li|w", "world:w")]
    assert await versions(database, registry.ids["n"]) == [("n", "registry", True), ("li", "world:w", False)]


async def test_two_firms_that_share_a_weak_number_stay_two(database: Database) -> None:
    shared = Claim(IdentifierScheme.REGISTRATION_NUMBER, "110000000000000")
    drafts = [node("a", claims=(uscc("U1"), shared)), node("b", claims=(uscc("U2"), shared))]
    written = await say(database, batch(drafts, operation="1"))
    assert written.ids["a"] != written.ids["b"]
    (both,) = await find(database, [Lookup(None, (shared.key,))], Moment(TODAY))
    assert both == tuple(sorted(written.ids.values()))
    again = await say(database, batch(drafts, operation="2", full=True))
    assert (again.ids, again.version) == (written.ids, written.version)


async def test_a_record_filed_under_a_wrong_kind_moves(database: Database) -> None:
    first = await say(database, batch([node("r", version(), kind="PENALTY")], operation="1", full=True))
    second = await say(database, batch([node("r", version(), kind="PERMIT")], operation="2", full=True))
    assert first.ids["r"] != second.ids["r"]
    assert await labels(database, first.ids["r"]) == {"Entity", "Past"}
    assert await labels(database, second.ids["r"]) == {"Entity", "Record", "Permit"}
    (now,) = await find(database, [Lookup(None, (world("r").key,))], Moment(TODAY))
    assert now == (second.ids["r"],)


async def test_a_body_that_decides_is_a_department_as_long_as_a_source_says_so(database: Database) -> None:
    body = node("g", kind="GOVERNMENT_BODY", department=True)
    id = (await say(database, batch([body], operation="1"))).ids["g"]
    assert "Department" in await labels(database, id)
    await say(database, batch([node("g", kind="GOVERNMENT_BODY")], operation="2"))
    assert await labels(database, id) == {"Entity", "Subject", "Organization", "GovernmentBody"}


async def test_the_node_carries_the_version_of_today_and_its_days(database: Database) -> None:
    periods = [
        version(end="2016-05-01", name="一"),
        version(start="2016-05-01", end="2026-06", name="二", fine=3),
        version(start="2026-06", name="三"),
    ]
    id = (await say(database, batch([node("a", *periods, row=9)], operation="1"))).ids["a"]
    (row,) = await database.read(FOUND, {"id": id})
    said = row["said"]
    assert len(said.pop("hash")) == 32
    assert said == {
        "id": id,
        "kind": "ENTERPRISE",
        "name": "二",
        "fine": 3,
        "snapFrom": "2016-05-01",
        "snapTo": "2026-06",
        "recordedAt": "2020-01-01T09:00:00.000000+08:00",
        "source": "world:w",
        "batch": "w",
        "row": 9,
        "version": 1,
        "nameFold": "二",
        "nameSize": 1,
        "sizeWord": "s0001",
        "formerFold": f"{FENCE}一{FENCE}三{FENCE}",
        "establishedOrder": LAST_TEXT,
        "capitalOrder": LAST_NUMBER,
    }
    assert "Dated" in await labels(database, id)


async def test_a_change_names_the_subjects_that_readers_watch(database: Database) -> None:
    drafts = [node("a"), node("r", version(decidedOn="2019-01-01"), kind="PENALTY"), node("x", entry=5)]
    about = [relation(R.ABOUT, "r", "a")]
    first = await say(database, batch(drafts, about, operation="1"), "2020-01-01")
    drafts[1] = node("r", version(decidedOn="2019-01-02"), kind="PENALTY")
    await say(database, batch(drafts, about, operation="2"), "2020-01-30")
    await say(database, batch([node("x", version(name="y"))], operation="3"), "2020-02-15")
    rows = await database.read(
        "MATCH (c:Change) RETURN c.version AS version, c.subjects AS subjects, c.kinds AS kinds ORDER BY version", {}
    )
    assert rows == [  # the first one is more than 30 days old
        {"version": 2, "subjects": [first.ids["a"]], "kinds": ["PENALTY"]},
        {"version": 3, "subjects": [first.ids["x"]], "kinds": ["ENTERPRISE"]},
    ]


async def test_contradicting_drafts_write_nothing(database: Database) -> None:
    before = await digest(database)
    for drafts, posts in (
        ([node("a"), node("a")], []),
        ([node("a")], [relation(R.HOLDS, "a", "nobody")]),
        ([node("a"), node("b")], [relation(R.HOLDS, "a", "b", share=1), relation(R.HOLDS, "a", "b", share=2)]),
    ):
        with pytest.raises(Invalid):
            await say(database, batch(drafts, posts, operation="1"))
    assert await digest(database) == before


async def test_a_graph_that_is_not_prepared_is_not_written(database: Database) -> None:
    async def forget(transaction: Transaction) -> None:
        await transaction.run("MATCH (g:Graph) SET g.id = 'hidden'")

    async def remember(transaction: Transaction) -> None:
        await transaction.run("MATCH (g:Graph) SET g.id = 'graph'")

    await database.write(forget)
    try:
        with pytest.raises(Unavailable):
            await say(database, batch([node("a")], operation="1"))
    finally:
        await database.write(remember)


class LosesTheAnswer(Database):
    """A connection that breaks after the commit, once: the write happened and nobody says so."""

    lost = 0

    async def write(self, work: Any) -> Any:
        answer = await super().write(work)
        if not self.lost:
            self.lost += 1
            raise Unsettled("lost")
        return answer


async def test_a_write_whose_answer_was_lost_is_settled_by_its_operation(database: Database) -> None:
    flaky = LosesTheAnswer(database._address)
    try:
        written = await say(flaky, batch([node("a", entry=3)], operation="1"))
    finally:
        await flaky.close()
    assert (written.version, written.loaded, written.repeated, flaky.lost) == (1, entries(3), True, 1)
    assert await graph_version(database) == 1


async def test_a_large_batch_is_one_transaction(database: Database) -> None:
    drafts = [node(f"n{i}", entry=i) for i in range(6_000)]
    posts = [relation(R.HOLDS, f"n{i}", "n0", f"h{i}", entry=i) for i in range(1, 6_000)]
    written = await say(database, batch(drafts, posts, operation="1"))
    assert (written.version, len(written.loaded)) == (1, 6_000)
    assert (await database.read("MATCH (n:Enterprise) RETURN count(n) AS n", {}))[0]["n"] == 6_000
    again = await say(database, batch(drafts, posts, operation="2", full=True))
    assert (again.version, len(again.unchanged)) == (1, 6_000)
