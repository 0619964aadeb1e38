"""What owning the store brings around a subject: whole, on the day, as believed, and with a cut that is said."""

from __future__ import annotations

from datetime import date

import pytest

from graph.codes import ControlBasis, PostKind, RelationKind, TruncationReason
from graph.findings import Cut
from graph.identifiers import Lookup
from graph.ownership import Stake
from graph.periods import Moment
from graph.store.connection import Database
from graph.store.ownership import KINDS, Closure, Reach, closures
from tests.graph.store.drawn import Drawing, Was, at

pytestmark = pytest.mark.anyio
R = RelationKind
NOW = Moment(date(2024, 1, 1))
BOTH = Reach(owned=True)
ALL = Reach(owned=True, beside=True)


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    drawing.node("ent_s", "ENTERPRISE", Was({"name": "S", "stateOwned": "CONTROLLED"}), key="WORLD|s|w")
    for each in ("a", "b", "c", "d", "e", "top"):
        drawing.node(f"ent_{each}", "ENTERPRISE", name=each)
    drawing.node("gov_1", "GOVERNMENT_BODY", name="国资委")
    drawing.node("per_p", "PERSON", name="P")
    drawing.node("per_q", "PERSON", name="Q")
    drawing.node("per_r", "PERSON", name="R")
    holdings = [
        ("per_p", "ent_a", 60), ("ent_a", "ent_s", 40), ("gov_1", "ent_s", 30), ("ent_s", "ent_b", 10),
        ("ent_b", "ent_top", 5), ("ent_top", "ent_b", 7), ("ent_a", "ent_c", 90), ("gov_1", "ent_d", 100),
    ]  # fmt: skip
    for start, end, share in holdings:
        drawing.relation(R.HOLDS, start, end, id=f"hld_{start}_{end}", values={"share": share * 1_000_000})
    drawing.relation(
        *(R.HOLDS, "per_r", "ent_e"),
        id="hld_band",
        values={"shareLeast": 2_000_000, "shareMost": 5_000_000, "votesLeast": 1_000_000, "votesMost": 9_000_000},
    )
    drawing.relation(R.HOLDS, "ent_d", "ent_e", id="hld_negative", values={"share": -5_000_000})
    drawing.relation(R.HOLDS, "per_q", "ent_s", id="hld_unknown", since="2020-01-01", until="2024-06-01")
    drawing.relation(R.HOLDS, "per_q", "ent_a", id="hld_over", until="2024-01-01")
    drawing.relation(R.HOLDS, "per_q", "ent_a", id="hld_wrong", recorded=at("2021-01-01"), retracted=at("2022-01-01"))
    drawing.relation(R.CONTROLS, "per_p", "ent_s", id="pos_c", values={"basis": "AGREEMENT"})
    drawing.relation(R.ACTS_IN_CONCERT_WITH, "per_p", "per_q", id="rel_1")
    drawing.relation(R.ACTS_IN_CONCERT_WITH, "per_p", "ent_d", id="rel_2")
    drawing.relation(R.LEGAL_REPRESENTATIVE_OF, "per_p", "ent_s", id="pos_1")
    drawing.relation(R.SERVES_AS, "per_q", "ent_s", id="pos_2", values={"post": "MANAGER"})
    drawing.relation(R.SERVES_AS, "per_q", "ent_s", id="pos_3", values={"post": "DIRECTOR"})
    await drawing.draw(database)
    return database


async def around(
    database: Database,
    id: str = "ent_s",
    reach: Reach = BOTH,
    moment: Moment = NOW,
    parties: int = 100,
    stakes: int = 100,
) -> Closure:
    told = await closures(database, {moment: [Lookup(id)]}, KINDS, reach, most_parties=parties, most_stakes=stakes)
    found = told[moment]
    assert found.seeds == ((id,),)
    return found.of[id]


def ids(found: Closure) -> set[str]:
    return {each.id.removeprefix("hld_") for each in found.stakes.stakes}


ABOVE = {"per_p_ent_a", "ent_a_ent_s", "gov_1_ent_s", "unknown"}
BELOW = {"ent_s_ent_b", "ent_b_ent_top", "ent_top_ent_b"}


async def test_owners_up_to_the_top_and_holdings_down_to_the_last(world: Database) -> None:
    found = await around(world)
    assert ids(found) == ABOVE | BELOW
    assert ids(await around(world, reach=Reach())) == ABOVE
    assert ids(await around(world, reach=ALL)) == ABOVE | BELOW | {"ent_a_ent_c"}  # the state relates nobody
    (stake,) = (each for each in found.stakes.stakes if each.holder == "ent_a")
    assert stake == Stake(
        "hld_ent_a_ent_s", "ent_a", "ent_s", 40_000_000, None, None, stake.period, "drawn", at("2020-01-01")
    )
    (unknown,) = (each for each in found.stakes.stakes if each.id == "hld_unknown")
    assert (unknown.share, unknown.votes) == (None, None)
    assert [(each.controller, each.controlled, each.basis) for each in found.stakes.declared] == [
        ("per_p", "ent_s", ControlBasis.AGREEMENT)
    ]
    assert [(each.one, each.other) for each in found.stakes.concert] == [("per_p", "per_q")]
    assert {(each.person, each.post) for each in found.stakes.charges} == {
        ("per_p", PostKind.LEGAL_REPRESENTATIVE),
        ("per_q", PostKind.MANAGER),
    }
    assert (set(found.stakes.state), dict(found.state)) == ({"gov_1"}, {"ent_s": "CONTROLLED"})
    assert found.cut is None


async def test_a_band_comes_with_its_holding_and_a_negative_share_is_none(world: Database) -> None:
    found = {each.id: each for each in (await around(world, "ent_e")).stakes.stakes}
    band, negative = found["hld_band"], found["hld_negative"]
    assert (band.share, band.votes, band.band, band.voting_band) == (
        *(None, None),
        *((2_000_000, 5_000_000), (1_000_000, 9_000_000)),
    )
    assert (band.sure, band.voting) == (2_000_000, 1_000_000)
    assert (negative.share, negative.votes, negative.band, negative.sure, negative.voting) == (None,) * 5


async def test_only_what_held_on_the_day_and_was_believed_then(world: Database) -> None:
    assert "over" in ids(await around(world, moment=Moment(date(2023, 1, 1))))
    assert "unknown" not in ids(await around(world, moment=Moment(date(2024, 6, 1))))
    assert "wrong" in ids(await around(world, moment=Moment(date(2024, 1, 1), at("2021-06-01"))))
    assert "wrong" not in ids(await around(world, moment=Moment(date(2024, 1, 1), at("2022-06-01"))))
    assert ids(await around(world, moment=Moment(date(2024, 1, 1), at("2020-01-02")))) == ABOVE | BELOW


async def test_what_a_reader_may_not_see_is_not_walked(world: Database) -> None:
    found = await closures(world, {NOW: [Lookup("ent_s")]}, [R.HOLDS], BOTH, most_parties=100, most_stakes=100)
    told = found[NOW].of["ent_s"].stakes
    assert (len(told.stakes), told.declared, told.concert, told.charges) == (7, (), (), ())


async def test_a_limit_that_cuts_says_so_and_one_that_just_holds_does_not(world: Database) -> None:
    node, edge = Cut(TruncationReason.NODE_LIMIT), Cut(TruncationReason.EDGE_LIMIT)
    assert [(await around(world, parties=limit)).cut for limit in (4, 5)] == [node, None]  # S, A, P, Q, the state
    assert [(await around(world, stakes=limit)).cut for limit in (4, 5)] == [edge, None]  # four stakes, one declaration


async def test_several_subjects_by_identifier_in_one_statement(world: Database) -> None:
    lookups = [Lookup(None, ("WORLD|s|w",)), Lookup("ent_c"), Lookup("ent_none")]
    told = await closures(world, {NOW: lookups}, KINDS, Reach(), most_parties=100, most_stakes=100)
    found = told[NOW]
    assert found.seeds == (("ent_s",), ("ent_c",), ())
    assert {key: ids(each) for key, each in found.of.items()} == {
        "ent_s": ABOVE,
        "ent_c": {"ent_a_ent_c", "per_p_ent_a"},
    }
