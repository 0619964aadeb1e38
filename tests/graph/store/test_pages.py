"""Pages go on from a key without a gap or a repetition, both ways, for many owners in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph.codes import RelationKind
from graph.conditions import TRUE, And, Condition, Leaf, Not, Op, Or, Quantifier, Related, Target
from graph.periods import Moment
from graph.store.asked import Asked, Neighbours, OrderBy, Relations, Root, Source
from graph.store.conditions import Reading
from graph.store.connection import Database
from graph.views import PageRequest
from graph.vocabulary import POST_RELATION_KINDS
from tests.graph.store.drawn import Drawing, Was, at
from tests.graph.store.reading import Page, PageRow, page, pages

pytestmark = pytest.mark.anyio
R = RelationKind
CORRECTED = at("2022-01-01")
ON_2020 = Moment(date(2020, 1, 1))
OFFICIAL, PUBLIC = Reading(ON_2020, True), Reading(ON_2020, False)
POSTS = Relations(POST_RELATION_KINDS, forward=False)
RECORDS = Neighbours(R.ABOUT, Target.RECORD)
ENTRIES = Neighbours(R.ON_LIST, Target.RECORD, valid=True)
NINE = PageRequest(9)


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


def then(day: str, known: str | None = None) -> Reading:
    return Reading(Moment(date.fromisoformat(day), None if known is None else at(known)), True)


async def read(database: Database, owner: str | None, asked: Asked) -> Page:
    return await page(database, asked) if owner is None else (await pages(database, [owner], asked))[owner]


async def walked(
    database: Database, owner: str | None, asked: Asked, size: int, *, backward: bool = False
) -> list[str]:
    """Every id, page by page; whether more lies ahead and behind must be exact, the total the same on each page."""
    found: list[list[str]] = []
    place = None
    while True:
        request = PageRequest(size, place, backward=backward, count=True, look_back=True)
        shown = await read(database, owner, replace(asked, request=request))
        found.append(ids(shown))
        ahead, behind = (shown.has_previous, shown.has_next) if backward else (shown.has_next, shown.has_previous)
        assert behind is (place is not None)
        assert len(shown.rows) == size or not ahead
        if not ahead:
            assert shown.total == sum(map(len, found))
            return [id for each in (reversed(found) if backward else found) for id in each]
        row = shown.rows[0 if backward else -1]
        place = (*row.sort, row.id)


async def both_ways(database: Database, owner: str | None, asked: Asked, sizes: tuple[int, ...] = (2,)) -> list[str]:
    """Read forwards and backwards in pages of every size, all must agree."""
    answers = [await walked(database, owner, asked, size, backward=way) for size in sizes for way in (False, True)]
    assert all(each == answers[0] for each in answers), answers
    return answers[0]


async def test_posts_of_an_organization_are_those_of_the_day_in_order_of_their_beginning(world: Database) -> None:
    assert await both_ways(world, "ent_a", Asked(POSTS, OFFICIAL, NINE), (1, 2, 3, 10)) == [
        *("pos_lr2", "pos_d2", "pos_d3", "pos_s3", "pos_e4")
    ]
    assert ids(await read(world, "ent_a", Asked(POSTS, then("2014-01-01"), NINE))) == ["pos_lr1"]
    known = Asked(POSTS, then("2014-01-01", "2021-01-01"), NINE)
    assert ids(await read(world, "ent_a", known)) == ["pos_lr1", "pos_out"]


POST, PERSON = Target.POST, "person"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Leaf("post", Op.EQ, "DIRECTOR"), ["pos_d2", "pos_d3"]),
        (Leaf("post", Op.IN, ("SUPERVISOR", "LEGAL_REPRESENTATIVE")), ["pos_lr2", "pos_s3"]),
        (Leaf("post", Op.IN, ()), []),
        (And(), ["pos_lr2", "pos_d2", "pos_d3", "pos_s3", "pos_e4"]),
        (Or(), []),
        (Not(Leaf("post", Op.EQ, "DIRECTOR")), ["pos_lr2", "pos_s3", "pos_e4"]),
        (Related(PERSON, Quantifier.SOME, Leaf("id", Op.EQ, "per_3")), ["pos_d3", "pos_s3"]),
        (Leaf("validity.contains", Op.EQ, "2014-06-01"), ["pos_lr1"]),
        (Leaf("validity.until", Op.MISSING), ["pos_lr2", "pos_d2", "pos_d3", "pos_s3", "pos_e4"]),
        (Leaf("validity.from", Op.GTE, "2016-01-01"), ["pos_d2", "pos_d3", "pos_e4"]),  # 2017 is imprecise
        (Leaf("validity.overlaps", Op.EQ, ("2014-01-01", "2015-01-01")), ["pos_lr1"]),
    ],
)
async def test_posts_are_narrowed_by_conditions(world: Database, condition: Condition, found: list[str]) -> None:
    assert await both_ways(world, "ent_a", Asked(POSTS, OFFICIAL, NINE, condition), (1, 9)) == found


async def test_rows_carry_their_relation_as_stored(world: Database) -> None:
    (row,) = (await read(world, "ent_a", Asked(Relations((R.HOLDS,), forward=False), OFFICIAL, NINE))).rows
    assert row.relation is not None
    assert (row.relation.start, row.relation.end, dict(row.relation.values)) == ("ent_b", "ent_a", {"share": 1})
    investments = await pages(world, ["ent_b", "ent_a"], Asked(Relations((R.HOLDS,), forward=True), OFFICIAL, NINE))
    assert {owner: each.rows for owner, each in investments.items()} == {"ent_b": (row,), "ent_a": ()}


async def test_an_end_known_to_the_month_is_not_reached_within_it(world: Database) -> None:
    members = Neighbours(R.MEMBER_OF, Target.SUBJECT)
    found = [
        ids(await read(world, "key_1", Asked(members, then(day), NINE)))
        for day in ("2019-12-31", "2020-01-15", "2020-02-01")
    ]
    assert found == [["per_0"], ["per_0"], []]
    branches = Asked(Neighbours(R.BRANCH_OF, Target.SUBJECT), OFFICIAL, NINE)
    assert ids(await read(world, "ent_a", branches)) == ["ent_c"]


async def test_a_page_of_nothing_says_whether_there_is_something(world: Database) -> None:
    asked = Asked(Relations((R.HOLDS,), forward=False), OFFICIAL, PageRequest(0, count=True))
    assert await read(world, "ent_a", asked) == Page((), has_next=True, total=1)


NEWEST_FIRST = [
    *("rec_8", "rec_7", "rec_same", "rec_6", "rec_5", "rec_4", "rec_3", "rec_2", "rec_1", "rec_0", "rec_undated")
]


@pytest.mark.parametrize("known", [None, "2021-01-01"])
async def test_records_come_newest_first_whatever_their_state(world: Database, known: str | None) -> None:
    found = await both_ways(world, "ent_a", Asked(RECORDS, then("2020-01-01", known), NINE), (1, 2, 3, 20))
    assert found == [*NEWEST_FIRST[:1], "rec_same", "rec_7", *NEWEST_FIRST[3:]]  # equal days: ids fall too


async def test_records_decided_later_or_not_known_then_are_not_there(world: Database) -> None:
    early = await walked(world, "ent_a", Asked(RECORDS, then("2012-03-01"), NINE), 9)
    assert early == ["rec_2", "rec_1", "rec_0", "rec_undated"]
    assert await pages(world, ["ent_a"], Asked(RECORDS, then("2020-01-01", "2019-01-01"), NINE)) == {}  # nor its owner
    found = [
        await read(world, "ent_b", Asked(RECORDS, each, NINE)) for each in (OFFICIAL, then("2020-01-01", "2021-01-01"))
    ]
    assert [ids(each) for each in found] == [["rec_list", "rec_lifted"], ["rec_list", "rec_lifted", "rec_corrected"]]


async def test_records_by_kind_department_and_list(world: Database) -> None:
    penalties = Asked(RECORDS, OFFICIAL, PageRequest(2, count=True), Leaf("recordKind", Op.EQ, "PENALTY"))
    found = await pages(world, ["ent_a", "ent_b"], penalties)
    assert {owner: (ids(each), each.has_next, each.total) for owner, each in found.items()} == {
        "ent_a": (["rec_same", "rec_7"], True, 5),
        "ent_b": ([], False, 0),
    }
    issued = await read(
        world, "gov_s", Asked(Neighbours(R.ISSUED_BY, Target.RECORD), OFFICIAL, PageRequest(2, count=True))
    )
    assert (ids(issued), issued.total) == (["rec_8", "rec_7"], 9)
    by_body = Related("department", Quantifier.SOME, Leaf("id", Op.EQ, "gov_s"))
    assert len(await walked(world, None, Asked(Root("Record"), OFFICIAL, NINE, by_body), 4)) == 9
    for reading, entries in (
        (OFFICIAL, ["rec_list"]),
        (then("2019-01-01"), ["rec_list", "rec_lifted"]),
        (then("2021-01-01"), []),
        (then("2017-01-01", "2021-01-01"), []),
    ):
        assert ids(await read(world, "lst_1", Asked(ENTRIES, reading, NINE))) == entries
    history = Asked(ENTRIES, OFFICIAL, NINE, Leaf("effective.contains", Op.EQ, "2018-06-01"))
    assert ids(await read(world, "lst_1", history)) == ["rec_list", "rec_lifted"]


@pytest.mark.parametrize("known", [None, "2021-01-01"])
async def test_hidden_records_leave_no_hole_in_a_page_a_total_or_a_look_ahead(
    world: Database, known: str | None
) -> None:
    """Of these only rec_same says itself that it is published in 2020; the other penalties' windows have run out."""
    reading = replace(then("2018-02-01", known), official=False)
    found = await both_ways(world, "ent_a", Asked(RECORDS, reading, NINE), (1, 2, 9))
    assert found == await both_ways(world, None, Asked(Root("Record"), reading, NINE, ABOUT_A), (1, 2, 9))
    official = await both_ways(world, "ent_a", Asked(RECORDS, replace(reading, official=True), NINE), (2,))
    assert set(found) < set(official)
    own = replace(reading, own=("ent_a",))
    assert await both_ways(world, "ent_a", Asked(RECORDS, own, NINE), (2,)) == official


ABOUT_A = Related("about", Quantifier.SOME, Leaf("id", Op.EQ, "ent_a"))

FIRMS: dict[str, dict[str, Any]] = {
    "ent_1": {"name": "乙", "established": "2010-01-01", "registeredCapital": 500},
    "ent_2": {"name": "甲", "established": "2010-01-01"},
    "ent_3": {"name": "甲", "registeredCapital": 500},
    "ent_4": {"name": "丙Ａ", "established": "2012", "registeredCapital": 7},
    "ent_5": {"established": "2009-05-05", "registeredCapital": 0},
    "ent_6": {"name": "乙", "registeredCapital": 500},
}
FOLDED = {"丙Ａ": "丙a"}


@pytest.fixture
async def firms(database: Database) -> Database:
    drawing = Drawing()
    for id, values in FIRMS.items():
        drawing.node(id, "ENTERPRISE", **values)
    # Renamed in 2015: before that its name, and with it its place, is another.
    drawing.node("ent_7", "ENTERPRISE", Was({"name": "丁"}, end="2015-01-01"), Was({"name": "己"}, start="2015-01-01"))
    drawing.node("ent_gone", "ENTERPRISE", Was({"name": "甲"}, retracted=CORRECTED))
    drawing.node("per_1", "PERSON", name="甲")
    await drawing.draw(database)
    return database


def expected(key: str, *, descending: bool, day: str, gone: bool) -> list[str]:
    """By key, what has none last either way, then by id in the direction of the key."""
    rows = {
        **FIRMS,
        "ent_7": {"name": "丁" if day < "2015" else "己"},
        **({"ent_gone": {"name": "甲"}} if gone else {}),
    }
    return by_keys(rows, [(key, descending)])


def by_keys(rows: dict[str, dict[str, Any]], keys: list[tuple[str, bool]]) -> list[str]:
    """By the keys in their order, what has none last either way, then by id in the direction of the last."""

    def value(id: str, key: str) -> Any:
        name = {"NAME": "name", "ESTABLISHED": "established", "REGISTERED_CAPITAL": "registeredCapital"}[key]
        found = rows[id].get(name)
        if name == "established" and found is not None and len(found) < 10:
            return None
        if name == "name":
            return FOLDED.get(str(found), found) or ""
        return found

    found = sorted(rows, reverse=keys[-1][1])
    for key, descending in reversed(keys):  # a sort keeps the order of what is equal, also in reverse
        without = [id for id in found if value(id, key) is None]
        found = sorted((id for id in found if id not in without), key=lambda id: value(id, key), reverse=descending)
        found += without
    return found


@pytest.mark.parametrize("key", ["NAME", "ESTABLISHED", "REGISTERED_CAPITAL"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("day", "known"), [("2020-01-01", None), ("2014-01-01", None), ("2020-01-01", "2021-01-01")])
async def test_firms_come_in_the_order_asked_from_an_index_or_not(
    firms: Database, key: str, descending: bool, day: str, known: str | None
) -> None:
    """Today's order is read from an index, an earlier knowledge is sorted; both mean the same."""
    asked = Asked(Root("Enterprise"), then(day, known), NINE, TRUE, (OrderBy(key, descending),))
    wanted = expected(key, descending=descending, day=day, gone=known is not None)
    assert await both_ways(firms, None, asked, (1, 3, 20)) == wanted
    if key != "ESTABLISHED":
        return  # the rest of the statement does not depend on the key
    # A condition that is always true does not count from the count store.
    filtered = replace(asked, condition=Not(Leaf("id", Op.EQ, "ent_0")))
    assert await both_ways(firms, None, filtered, (2,)) == wanted
    sorted_here = replace(asked, order=(OrderBy(key, descending), OrderBy("ID", descending)))
    assert await both_ways(firms, None, sorted_here, (2,)) == wanted


@pytest.mark.parametrize("day", ["2020-01-01", "2014-01-01"])
@pytest.mark.parametrize(
    "keys",
    [
        [("NAME", False), ("REGISTERED_CAPITAL", True)],
        [("REGISTERED_CAPITAL", True), ("NAME", False)],
        [("REGISTERED_CAPITAL", False), ("ESTABLISHED", True)],
        [("ESTABLISHED", True), ("NAME", True)],
        [("ESTABLISHED", True), ("REGISTERED_CAPITAL", False), ("NAME", True)],
    ],
)
async def test_what_shares_its_first_key_comes_in_the_order_of_the_next(
    firms: Database, keys: list[tuple[str, bool]], day: str
) -> None:
    rows = {**FIRMS, "ent_7": {"name": "丁" if day < "2015" else "己"}}
    asked = Asked(Root("Enterprise"), then(day), NINE, TRUE, tuple(OrderBy(*each) for each in keys))
    assert await both_ways(firms, None, asked, (1, 3)) == by_keys(rows, keys)


async def test_persons_come_by_their_id_whatever_the_day_says_of_them(database: Database) -> None:
    drawing = Drawing()
    for i in range(7):
        drawing.node(f"per_{i}", "PERSON", name="李")
    drawing.node("per_31", "PERSON", Was({"name": "张"}, end="2015-01-01"), Was({"name": "章"}, start="2015-01-01"))
    drawing.node("per_gone", "PERSON", Was({"name": "甲"}, retracted=CORRECTED))
    drawing.node("ent_1", "ENTERPRISE", name="甲")
    await drawing.draw(database)
    living = ["per_0", "per_1", "per_2", "per_3", "per_31", "per_4", "per_5", "per_6"]
    for reading, wanted in (
        (OFFICIAL, living),
        (PUBLIC, living),
        (then("2014-01-01"), living),
        (then("2020-01-01", "2021-01-01"), [*living, "per_gone"]),
    ):
        asked = Asked(Root("Person"), reading, NINE)
        assert await both_ways(database, None, asked, (1, 3, 20)) == wanted
        narrowed = replace(asked, condition=Not(Leaf("id", Op.EQ, "per_3")))
        assert await both_ways(database, None, narrowed, (2,)) == [each for each in wanted if each != "per_3"]


@pytest.mark.parametrize("descending", [False, True])
async def test_records_come_in_the_order_asked(world: Database, descending: bool) -> None:
    decided = Asked(Root("Record"), OFFICIAL, NINE, TRUE, (OrderBy("DECIDED_ON", descending),))
    dated = ["rec_0", *(f"rec_{i}" for i in range(1, 8)), "rec_same", "rec_8"]
    undated = ["rec_lifted", "rec_list", "rec_undated"]
    wanted = [*dated[::-1], *undated[::-1]] if descending else [*dated, *undated]
    assert await both_ways(world, None, decided, (2, 20)) == wanted
    numbered = Asked(Root("Record"), OFFICIAL, NINE, TRUE, (OrderBy("DOCUMENT_NUMBER", descending),))
    assert await both_ways(world, None, numbered, (3,)) == sorted(wanted, reverse=descending)  # none has a number


async def test_holdings_are_ordered_by_share_and_by_the_names_of_the_day(database: Database) -> None:
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="甲")
    for i, (name, share) in enumerate((("乙", 5), ("丙", None), ("丁", 5), ("戊", 70))):
        drawing.node(f"ent_{i}", "ENTERPRISE", name=name)
        drawing.relation(R.HOLDS, f"ent_{i}", "ent_a", id=f"hld_{i}", values={} if share is None else {"share": share})
    await drawing.draw(database)
    source: Source = Relations((R.HOLDS,), forward=False)
    answers = {
        str(order): await both_ways(database, "ent_a", Asked(source, OFFICIAL, NINE, TRUE, order), (1, 3, 9))
        for order in ((OrderBy("SHARE"),), (OrderBy("SHARE", True),), (OrderBy("START_NAME"),))
    }
    assert list(answers.values()) == [
        ["hld_0", "hld_2", "hld_3", "hld_1"],
        ["hld_3", "hld_2", "hld_0", "hld_1"],
        ["hld_2", "hld_1", "hld_0", "hld_3"],
    ]


async def test_lists_and_groups_come_by_name(world: Database) -> None:
    for label, found in (("CreditList", ["lst_1"]), ("KeyGroup", ["key_1"]), ("Department", [])):
        assert ids(await page(world, Asked(Root(label), PUBLIC, NINE))) == found


async def test_rows_without_a_relation_are_ids_alone(world: Database) -> None:
    shown = await page(world, Asked(Root("KeyGroup"), OFFICIAL, NINE))
    assert shown.rows == (PageRow("key_1", ("律师",)),)
