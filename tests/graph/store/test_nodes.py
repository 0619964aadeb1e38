"""A node is read as it was on a day, as known at a time, with the neighbours it names."""

from __future__ import annotations

from datetime import date

import pytest

from graph.codes import RelationKind
from graph.periods import Moment, parse_period
from graph.store.connection import Database
from graph.store.projection import Near, Stale
from graph.views import NamePeriod
from tests.graph.store.drawn import Drawing, Was, at
from tests.graph.store.reading import neighbours, nodes, relations, snapshots

pytestmark = pytest.mark.anyio
R = RelationKind
CORRECTED, RETRACTED, MERGED = at("2022-01-01"), at("2023-01-01"), at("2024-01-01")


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    # Renamed on 2016-05-01; the new name was first misread and corrected in 2022.
    drawing.node(
        "ent_a",
        "ENTERPRISE",
        Was({"name": "旧名", "form": "LIMITED_COMPANY"}, start="2010-01-01", end="2016-05-01"),
        Was({"name": "误名", "form": "LIMITED_COMPANY"}, start="2016-05-01", retracted=CORRECTED),
        Was({"name": "正名", "form": "LIMITED_COMPANY"}, start="2016-05-01", recorded=CORRECTED),
        key="WORLD|a|w",
    )
    drawing.node("ent_head", "ENTERPRISE", name="总公司")
    drawing.node("ent_loser", "ENTERPRISE", Was({"name": "甲"}, retracted=MERGED))
    drawing.node("per_li", "PERSON", name="李某", adultOn="1920-01-01")
    drawing.node("per_out", "PERSON", Was({"name": "误录"}, retracted=RETRACTED))
    drawing.node("gov_s", "GOVERNMENT_BODY", name="局")
    drawing.node("rec_1", "PENALTY", decidedOn="2018-06-01", types=("FINE", "WARNING"), fine=100)
    drawing.node("rec_2", "LIST_ENTRY", **{"from": "2019-01-01", "to": "2022-01-01", "list": "名单"})
    drawing.node("lst_1", "CREDIT_LIST", name="名单")
    drawing.node("qua_1", "QUALIFICATION", **{"profession": "LAWYER", "from": "2015-01-01"})
    drawing.node("key_1", "KEY_GROUP", name="律师")
    drawing.relation(R.SAME_AS, "ent_loser", "ent_a", recorded=MERGED)
    drawing.relation(R.BRANCH_OF, "ent_a", "ent_head", since="2017-01-01")
    drawing.relation(R.ABOUT, "rec_1", "ent_a")
    drawing.relation(R.ABOUT, "rec_1", "per_out")
    drawing.relation(R.ISSUED_BY, "rec_1", "gov_s")
    found = {"capacity": "NAMED", "decidedOn": "2018-06-01"}
    drawing.relation(R.RESPONSIBLE_FOR, "per_li", "rec_1", id="rel_found", values=found)
    drawing.relation(R.RESPONSIBLE_FOR, "per_li", "rec_1", values={"capacity": "OFFENDER"}, retracted=RETRACTED)
    drawing.relation(R.ABOUT, "rec_2", "ent_a")
    drawing.relation(R.ON_LIST, "rec_2", "lst_1")
    drawing.relation(R.HAS_QUALIFICATION, "per_li", "qua_1")
    drawing.relation(R.MEMBER_OF, "per_li", "key_1", until="2020-01-01")
    lr = R.LEGAL_REPRESENTATIVE_OF
    drawing.relation(lr, "per_li", "ent_a", id="pos_1", since="2012-05-01", until="2019-03-01", retracted=RETRACTED)
    drawing.relation(lr, "per_li", "ent_a", id="pos_2", since="2012-05-01", until="2018", recorded=RETRACTED)
    drawing.relation(R.HOLDS, "per_li", "ent_a", id="hld_1", values={"share": 60_000_000})
    await drawing.draw(database)
    return database


async def names(database: Database, moment: Moment) -> object:
    views = await nodes(database, ["ent_a"], moment)
    return views["ent_a"].values["name"] if "ent_a" in views else None


@pytest.mark.parametrize(
    ("as_of", "known_at", "name"),
    [
        (date(2015, 1, 1), None, "旧名"),
        (date(2018, 1, 1), at("2021-01-01"), "误名"),
        (date(2018, 1, 1), None, "正名"),
        (date(2018, 1, 1), CORRECTED, "正名"),
        (date(2016, 5, 1), at("2021-12-31"), "误名"),
        (date(2016, 4, 30), at("2021-12-31"), "旧名"),
        (date(2018, 1, 1), at("2019-01-01"), None),  # not yet recorded
        (date(1990, 1, 1), None, "旧名"),  # before all facts: the first there is
    ],
)
async def test_one_firm_has_the_name_of_the_day_as_known_then(
    world: Database, as_of: date, known_at: str | None, name: str | None
) -> None:
    assert await names(world, Moment(as_of, known_at)) == name


async def test_between_two_described_periods_the_earlier_one_holds_on(database: Database) -> None:
    drawing = Drawing()
    early, late = Was({"name": "早"}, "2010", "2012"), Was({"name": "晚"}, "2015-01-01", "2016-01-01")
    drawing.node("ent_a", "ENTERPRISE", early, late)
    await drawing.draw(database)
    found = [await names(database, Moment(date(year, 6, 1))) for year in (2009, 2011, 2013, 2015, 2020)]
    assert found == ["早", "早", "早", "晚", "晚"]


async def test_of_two_sources_the_later_recorded_one_is_believed(database: Database) -> None:
    drawing = Drawing()
    second = Was({"name": "乙源"}, recorded=at("2021-01-01"), source="b")
    drawing.node("ent_a", "ENTERPRISE", Was({"name": "甲源"}, source="a"), second)
    await drawing.draw(database)
    views = [
        await nodes(database, ["ent_a"], Moment(date(2018, 1, 1), at(day))) for day in ("2020-06-01", "2021-06-01")
    ]
    assert [(each["ent_a"].values["name"], each["ent_a"].provenance.source) for each in views] == [
        ("甲源", "a"),
        ("乙源", "b"),
    ]


async def test_a_node_tells_its_earlier_names_ids_identifiers_and_head_office(world: Database) -> None:
    view = (await nodes(world, ["ent_a"], Moment(date(2020, 1, 1))))["ent_a"]
    assert view.former_names == (NamePeriod("旧名", parse_period("2010-01-01", "2016-05-01")),)
    assert view.former_ids == ("ent_loser",)
    assert [(each.scheme, each.value, each.masked) for each in view.identifiers] == [("WORLD", "a", False)]
    assert view.parent == "ent_head"
    assert (view.kind, view.version, view.department) == ("ENTERPRISE", 1, False)
    assert dict(view.values) == {"name": "正名", "form": "LIMITED_COMPANY"}
    earlier = (await nodes(world, ["ent_a"], Moment(date(2016, 4, 1), at("2021-01-01"))))["ent_a"]
    assert (earlier.former_names, earlier.former_ids, earlier.parent) == ((), (), None)


async def test_what_was_retracted_is_absent_now_and_there_before(world: Database) -> None:
    ids = ["per_out", "ent_loser", "ent_nobody"]
    assert await nodes(world, ids, Moment(date(2020, 1, 1))) == {}
    assert (await nodes(world, ids, Moment(date(2020, 1, 1), at("2021-01-01")))).keys() == {"per_out", "ent_loser"}


async def test_a_record_names_its_subjects_its_department_its_list_and_who_was_responsible(world: Database) -> None:
    """As their relations are believed: `per_out` itself is not known any more, and no neighbour (below)."""
    now, before = Moment(date(2020, 1, 1)), Moment(date(2020, 1, 1), at("2021-01-01"))
    views = await nodes(world, ["rec_1", "rec_2"], now)
    first, second = views["rec_1"], views["rec_2"]
    assert (first.subjects, first.issued_by, first.on_list) == (("ent_a", "per_out"), "gov_s", None)
    assert [(each.edge, each.person, each.capacity, each.decided_on) for each in first.responsible] == [
        ("rel_found", "per_li", "NAMED", "2018-06-01")
    ]
    assert dict(first.values) == {"decidedOn": "2018-06-01", "types": ("FINE", "WARNING"), "fine": 100}
    assert (second.subjects, second.on_list) == (("ent_a",), "lst_1")
    earlier = (await nodes(world, ["rec_1"], before))["rec_1"]
    assert earlier.subjects == ("ent_a", "per_out")
    assert {each.capacity.value for each in earlier.responsible} == {"NAMED", "OFFENDER"}


async def test_neighbours_are_those_known_then(world: Database) -> None:
    """`per_out` was known in 2021 and is not now; a second finding of `per_li` likewise."""
    now, before = Moment(date(2020, 1, 1)), Moment(date(2020, 1, 1), at("2021-01-01"))
    named = {Near.ISSUED_BY: ["gov_s"], Near.RESPONSIBLE: ["per_li"], Near.SUBJECTS: ["ent_a"]}
    assert await neighbours(world, "rec_1", now) == named
    assert await neighbours(world, "rec_1", before) == {
        **named,
        Near.RESPONSIBLE: ["per_li", "per_li"],
        Near.SUBJECTS: ["ent_a", "per_out"],
    }
    assert await neighbours(world, "rec_2", now) == {Near.ON_LIST: ["lst_1"], Near.SUBJECTS: ["ent_a"]}
    assert await neighbours(world, "ent_a", now) == {Near.PARENT: ["ent_head"]}
    assert await neighbours(world, "ent_a", Moment(date(2016, 12, 31))) == {}


async def test_persons_and_qualifications_name_each_other(world: Database) -> None:
    on_2019, on_2020 = Moment(date(2019, 1, 1)), Moment(date(2020, 1, 1))
    views = await nodes(world, ["qua_1", "per_li"], on_2019)
    assert views["qua_1"].holder == "per_li"
    assert (views["per_li"].qualifications, views["per_li"].key_groups) == (("qua_1",), ("key_1",))
    assert (await nodes(world, ["per_li"], on_2020))["per_li"].key_groups == ()
    assert await neighbours(world, "qua_1", on_2019) == {Near.HOLDER: ["per_li"]}
    assert await neighbours(world, "per_li", on_2019) == {Near.KEY_GROUPS: ["key_1"], Near.QUALIFICATIONS: ["qua_1"]}
    assert await neighbours(world, "per_li", on_2020) == {Near.QUALIFICATIONS: ["qua_1"]}


async def test_a_snapshot_reads_as_its_version_and_is_stale_on_a_day_it_does_not_hold(world: Database) -> None:
    today = Moment(date(2020, 1, 1))
    ids = ["ent_a", "ent_head", "per_li", "rec_2", "qua_1", "per_out", "ent_loser"]
    found = await snapshots(world, ids, today)
    assert found == await nodes(world, ids, today)
    assert found.keys() == {*ids[:5]}
    with pytest.raises(Stale):
        await snapshots(world, ["ent_a"], Moment(date(2016, 4, 30)))


async def test_parts_that_are_not_asked_for_are_empty(world: Database) -> None:
    view = (await nodes(world, ["ent_a"], Moment(date(2020, 1, 1)), ()))["ent_a"]
    assert (view.values["name"], view.former_names, view.former_ids, view.parent) == ("正名", (), (), None)
    view = (await nodes(world, ["ent_a"], Moment(date(2020, 1, 1)), ("parent",)))["ent_a"]
    assert (view.former_names, view.parent) == ((), "ent_head")


async def test_posts_and_holdings_are_found_by_id_as_known_then(world: Database) -> None:
    ids = ["pos_1", "pos_2", "hld_1", "rel_found", "pos_nothing"]
    now = await relations(world, ids, Moment(date(2020, 1, 1)))
    assert now.keys() == {"pos_2", "hld_1"}
    assert (now["pos_2"].kind, now["pos_2"].start, now["pos_2"].end) == (R.LEGAL_REPRESENTATIVE_OF, "per_li", "ent_a")
    assert now["pos_2"].period == parse_period("2012-05-01", "2018")
    assert dict(now["hld_1"].values) == {"share": 60_000_000}
    assert (await relations(world, ids, Moment(date(2020, 1, 1), at("2021-01-01")))).keys() == {"pos_1", "hld_1"}
