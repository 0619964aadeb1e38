"""Pages go on from a key without a gap or a repetition, for many owners in one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from graph.codes import PostKind, RecordKind, RelationKind
from graph.facts import Record
from graph.periods import Moment
from graph.store import pages
from graph.store.connection import Database
from graph.store.pages import records, relations
from graph.views import Page, PageRequest
from graph.vocabulary import POST_RELATION_KINDS
from tests.graph.store.drawn import Drawing, Was, at

pytestmark = pytest.mark.anyio
R = RelationKind
CORRECTED = at("2022-01-01")
ON_2020 = Moment(date(2020, 1, 1))


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    for id in ("ent_a", "ent_b", "ent_c"):
        drawing.node(id, "ENTERPRISE", name=id)
    for i in range(5):
        drawing.node(f"per_{i}", "PERSON", name="李")
    drawing.node("per_out", "PERSON", Was({"name": "误录"}, retracted=CORRECTED))
    drawing.node("gov_s", "GOVERNMENT_BODY", name="局")
    drawing.node("lst_1", "CREDIT_LIST", name="名单")
    drawing.node("key_1", "KEY_GROUP", name="律师")
    lr, serves = R.LEGAL_REPRESENTATIVE_OF, R.SERVES_AS
    drawing.relation(lr, "per_0", "ent_a", id="pos_lr1", until="2015-01-01")
    drawing.relation(lr, "per_1", "ent_a", id="pos_lr2", since="2015-01-01")
    drawing.relation(serves, "per_2", "ent_a", id="pos_d2", since="2016-01-01", values={"post": "DIRECTOR"})
    drawing.relation(serves, "per_3", "ent_a", id="pos_d3", since="2016-01-01", values={"post": "DIRECTOR"})
    drawing.relation(serves, "per_3", "ent_a", id="pos_s3", since="2017", values={"post": "SUPERVISOR"})
    drawing.relation(serves, "per_out", "ent_a", id="pos_out", values={"post": "DIRECTOR"})
    drawing.relation(R.EMPLOYED_BY, "per_4", "ent_a", id="pos_e4", since="2018-01-01")
    drawing.relation(serves, "per_3", "ent_b", id="pos_b3", retracted=CORRECTED, values={"post": "DIRECTOR"})
    drawing.relation(R.HOLDS, "ent_b", "ent_a", id="hld_1", values={"share": 1})
    drawing.relation(R.BRANCH_OF, "ent_c", "ent_a", id="rel_branch", since="2019-01-01")
    drawing.relation(R.MEMBER_OF, "per_0", "key_1", id="rel_member", until="2020-01")
    for i in range(9):
        day = f"201{i}-03-01"
        drawing.node(f"rec_{i}", "PENALTY" if i % 2 else "PERMIT", decidedOn=day)
        drawing.relation(R.ABOUT, f"rec_{i}", "ent_a", id=f"rel_about{i}")
        drawing.relation(R.ISSUED_BY, f"rec_{i}", "gov_s")
    drawing.node("rec_same", "PENALTY", decidedOn="2017-03-01", publishedFrom="2017-03-01")
    drawing.relation(R.ABOUT, "rec_same", "ent_a")
    drawing.node("rec_undated", "AWARD", state="ACTIVE")
    drawing.relation(R.ABOUT, "rec_undated", "ent_a")
    drawing.node("rec_corrected", "PENALTY", Was({"decidedOn": "2013-05-01"}, retracted=CORRECTED))
    drawing.relation(R.ABOUT, "rec_corrected", "ent_b", retracted=CORRECTED)
    listed = {"from": "2018-01-01", "to": "2021-01-01", "list": "名单"}
    drawing.node("rec_list", "LIST_ENTRY", **listed)
    drawing.node("rec_lifted", "LIST_ENTRY", **listed, liftedOn="2019-06-01")
    for id in ("rec_list", "rec_lifted"):
        drawing.relation(R.ABOUT, id, "ent_b")
        drawing.relation(R.ON_LIST, id, "lst_1")
    await drawing.draw(database)
    return database


def ids(page: Page) -> list[str]:
    return [each.id for each in page.rows]


async def walked(read: Callable[[PageRequest], Awaitable[dict[str, Page]]], owner: str, first: int) -> list[str]:
    """Every id, page by page; has_next must be exact."""
    found: list[str] = []
    after = None
    while True:
        page = (await read(PageRequest(first, after)))[owner]
        found += ids(page)
        assert len(page.rows) == first or not page.has_next
        if not page.has_next:
            return found
        after = (page.rows[-1].sort, page.rows[-1].id)


async def test_posts_of_an_organization_are_those_of_the_day_in_order_of_their_beginning(world: Database) -> None:
    for first in (1, 2, 3, 10):
        found = await walked(
            lambda request: relations(world, ["ent_a"], POST_RELATION_KINDS, ON_2020, request, forward=False),
            "ent_a",
            first,
        )
        assert found == ["pos_lr2", "pos_d2", "pos_d3", "pos_s3", "pos_e4"]
    earlier = await relations(
        world, ["ent_a"], POST_RELATION_KINDS, Moment(date(2014, 1, 1)), PageRequest(9), forward=False
    )
    assert ids(earlier["ent_a"]) == ["pos_lr1"]
    known = Moment(date(2014, 1, 1), at("2021-01-01"))
    then = await relations(world, ["ent_a"], POST_RELATION_KINDS, known, PageRequest(9), forward=False)
    assert ids(then["ent_a"]) == ["pos_lr1", "pos_out"]


async def test_posts_are_narrowed_by_kind_and_counted_before_the_cursor(world: Database) -> None:
    request = PageRequest(1, ("2016-01-01", "pos_d2"), count=True)
    public = [each for each in POST_RELATION_KINDS if each is not R.EMPLOYED_BY]
    page = (await relations(world, ["ent_a"], public, ON_2020, request, forward=False))["ent_a"]
    assert (ids(page), page.has_next, page.total) == (["pos_d3"], True, 4)
    for posts, found in (
        ([PostKind.DIRECTOR], ["pos_d2", "pos_d3"]),
        ([PostKind.SUPERVISOR, PostKind.LEGAL_REPRESENTATIVE], ["pos_lr2", "pos_s3"]),
        ([PostKind.EMPLOYEE], []),
    ):
        answer = await relations(world, ["ent_a"], public, ON_2020, PageRequest(9), forward=False, posts=posts)
        assert ids(answer["ent_a"]) == found


async def test_rows_carry_their_relation_as_stored(world: Database) -> None:
    shareholders = await relations(world, ["ent_a"], [R.HOLDS], ON_2020, PageRequest(9, count=True), forward=False)
    (row,) = shareholders["ent_a"].rows
    assert row.relation is not None
    assert (row.relation.start, row.relation.end, dict(row.relation.values)) == ("ent_b", "ent_a", {"share": 1})
    investments = await relations(world, ["ent_b", "ent_a"], [R.HOLDS], ON_2020, PageRequest(9), forward=True)
    assert {owner: page.rows for owner, page in investments.items()} == {"ent_b": (row,), "ent_a": ()}


async def test_an_end_known_to_the_month_is_not_reached_within_it(world: Database) -> None:
    found = {
        day: ids(
            (await relations(world, ["key_1"], [R.MEMBER_OF], Moment(day), PageRequest(9), forward=False))["key_1"]
        )
        for day in (date(2019, 12, 31), date(2020, 1, 15), date(2020, 2, 1))
    }
    assert list(found.values()) == [["rel_member"], ["rel_member"], []]
    branches = await relations(world, ["ent_a"], [R.BRANCH_OF], ON_2020, PageRequest(9), forward=False)
    assert ids(branches["ent_a"]) == ["rel_branch"]


async def test_a_page_of_nothing_says_whether_there_is_something(world: Database) -> None:
    page = (await relations(world, ["ent_a"], [R.HOLDS], ON_2020, PageRequest(0, count=True), forward=False))["ent_a"]
    assert page == Page((), True, 1)


NEWEST_FIRST = [
    "rec_8",
    "rec_7",
    "rec_same",
    "rec_6",
    "rec_5",
    "rec_4",
    "rec_3",
    "rec_2",
    "rec_1",
    "rec_0",
    "rec_undated",
]


@pytest.mark.parametrize("known_at", [None, at("2021-01-01")])
async def test_records_come_newest_first_whatever_their_state(world: Database, known_at: str | None) -> None:
    moment = Moment(date(2020, 1, 1), known_at)
    for first in (1, 2, 3, 20):
        found = await walked(lambda request: records(world, ["ent_a"], R.ABOUT, moment, request), "ent_a", first)
        assert found == NEWEST_FIRST


async def test_records_decided_later_or_not_known_then_are_not_there(world: Database) -> None:
    early = await records(world, ["ent_a"], R.ABOUT, Moment(date(2012, 3, 1)), PageRequest(9, count=True))
    assert (ids(early["ent_a"]), early["ent_a"].total) == (["rec_2", "rec_1", "rec_0", "rec_undated"], 4)
    before = await records(world, ["ent_a"], R.ABOUT, Moment(date(2020, 1, 1), at("2019-01-01")), PageRequest(9))
    assert ids(before["ent_a"]) == []
    then = Moment(date(2020, 1, 1), at("2021-01-01"))
    found = [await records(world, ["ent_b"], R.ABOUT, each, PageRequest(9)) for each in (ON_2020, then)]
    assert [ids(each["ent_b"]) for each in found] == [
        ["rec_lifted", "rec_list"],
        ["rec_lifted", "rec_list", "rec_corrected"],
    ]


async def test_records_by_kind_department_and_list(world: Database) -> None:
    kinds = [RecordKind.PENALTY]
    penalties = await records(world, ["ent_a", "ent_b"], R.ABOUT, ON_2020, PageRequest(2, count=True), kinds=kinds)
    assert {owner: (ids(page), page.has_next, page.total) for owner, page in penalties.items()} == {
        "ent_a": (["rec_7", "rec_same"], True, 5),
        "ent_b": ([], False, 0),
    }
    issued = await records(world, ["gov_s"], R.ISSUED_BY, ON_2020, PageRequest(2, count=True))
    assert (ids(issued["gov_s"]), issued["gov_s"].total) == (["rec_8", "rec_7"], 9)
    for moment, entries in (
        (ON_2020, ["rec_list"]),
        (Moment(date(2019, 1, 1)), ["rec_lifted", "rec_list"]),
        (Moment(date(2021, 1, 1)), []),
        (Moment(date(2017, 1, 1), at("2021-01-01")), []),
    ):
        found = await records(world, ["lst_1"], R.ON_LIST, moment, PageRequest(9), valid=True)
        assert ids(found["lst_1"]) == entries


def odd(record: Record) -> bool:
    """Only one in ten is visible to this reader."""
    return record.id in {"rec_1", "rec_undated"} and (
        record.id == "rec_undated" or record.about == {"ent_a": "rel_about1"}
    )


@pytest.mark.parametrize("known_at", [None, at("2021-01-01")])
async def test_hidden_records_leave_no_hole_in_a_page(world: Database, known_at: str | None) -> None:
    moment = Moment(date(2020, 1, 1), known_at)
    for first in (1, 2, 3):
        found = await walked(
            lambda request: records(world, ["ent_a"], R.ABOUT, moment, request, keep=odd), "ent_a", first
        )
        assert found == ["rec_1", "rec_undated"]
    owners = ["ent_b", "ent_a"]
    page = await records(world, owners, R.ABOUT, moment, PageRequest(1, count=True), keep=odd)
    assert [(owner, ids(each), each.has_next, each.total) for owner, each in page.items()] == [
        ("ent_b", [], False, 0),
        ("ent_a", ["rec_1"], True, 2),
    ]
    after = PageRequest(1, ("2011-03-01", "rec_1"), count=True)
    last = (await records(world, ["ent_a"], R.ABOUT, moment, after, keep=odd))["ent_a"]
    assert (ids(last), last.has_next, last.total) == (["rec_undated"], False, 2)


async def test_a_total_beyond_what_is_counted_is_unknown(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 4)
    page = (await records(world, ["ent_a"], R.ABOUT, ON_2020, PageRequest(1, count=True), keep=odd))["ent_a"]
    assert (ids(page), page.has_next, page.total) == (["rec_1"], True, None)


async def test_a_page_of_mixed_relations_is_refused(world: Database) -> None:
    with pytest.raises(ValueError, match="one kind"):
        await relations(world, ["ent_a"], [R.HOLDS, R.SERVES_AS], ON_2020, PageRequest(1), forward=False)
