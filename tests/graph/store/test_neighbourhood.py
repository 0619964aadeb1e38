"""The neighbourhood is the closed set of facts that the plain walk over the drawn world gives, in one statement."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any, TypedDict

import pytest

from graph import facts
from graph.changes import Value
from graph.codes import (
    Capacity,
    CauseKind,
    PenaltyType,
    PostKind,
    RecordKind,
    RecordState,
    RelationKind,
    SubjectKind,
    TruncationReason,
)
from graph.facts import Facts
from graph.findings import Cut
from graph.identifiers import Lookup
from graph.periods import LATEST, Moment, on, parse_day, parse_period
from graph.rules import Footprint, Telling
from graph.store.connection import Database
from graph.store.neighbourhood import Neighbourhood, neighbourhood, neighbourhoods, statement
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from tests.graph.store.drawn import FIRST, Drawing, Was, at

pytestmark = pytest.mark.anyio
R = RelationKind
POSTS = Footprint(frozenset({R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.CONTROLS}), 2)
NOW = Moment(date(2020, 1, 1))
CORRECTED = at("2022-01-01")


def around(*ids: str) -> list[Lookup]:
    return [Lookup(id) for id in ids]


@pytest.fixture
async def small(database: Database) -> Database:
    """A revoked firm, its legal representative who directs another, a principal, a holder who must not appear."""
    drawing = Drawing()
    for id in ("ent_acme", "ent_bing", "ent_far"):
        drawing.node(id, "ENTERPRISE", name=id)
    drawing.node("per_li", "PERSON", name="李某", adultOn="1920-01-01", key="WORLD|li|w")
    for id in ("per_chen", "per_zhou", "per_far"):
        drawing.node(id, "PERSON", name=id)
    drawing.node("gov_s", "GOVERNMENT_BODY", name="局")
    drawing.relation(
        R.LEGAL_REPRESENTATIVE_OF, "per_li", "ent_acme", id="pos_1", since="2012-05-01", until="2019-03-01"
    )
    drawing.relation(R.PRINCIPAL_OF, "per_chen", "ent_acme", id="pos_2", since="2012-05")
    director = {"post": "DIRECTOR"}
    drawing.relation(R.SERVES_AS, "per_li", "ent_bing", id="pos_3", since="2016-01-01", values=director)
    drawing.relation(R.SERVES_AS, "per_far", "ent_bing", id="pos_4", retracted=CORRECTED, values=director)
    drawing.relation(R.SERVES_AS, "per_far", "ent_far", id="pos_5", values=director)
    drawing.relation(R.HOLDS, "per_zhou", "ent_acme", id="hld_1", values={"share": 90_000_000})
    first: dict[str, Value] = {"decidedOn": "2018-06-01", "types": ("LICENCE_REVOKED",), "state": "ACTIVE"}
    drawing.node(
        "rec_1", "PENALTY", Was(first, retracted=CORRECTED), Was({**first, "licence": "BUSINESS"}, recorded=CORRECTED)
    )
    drawing.relation(R.ABOUT, "rec_1", "ent_acme", id="rel_about")
    drawing.relation(R.ISSUED_BY, "rec_1", "gov_s")
    found = {"capacity": "FINDING_PERSONAL_RESPONSIBILITY", "decidedOn": "2018-07-01"}
    drawing.relation(R.RESPONSIBLE_FOR, "per_li", "rec_1", id="rel_found", values=found, recorded=CORRECTED)
    drawing.node("qua_1", "QUALIFICATION", profession="LAWYER", revokedOn="2019-01-01")
    drawing.relation(R.HAS_QUALIFICATION, "per_li", "qua_1", id="rel_has")
    await drawing.draw(database)
    return database


def origin(recorded: str = FIRST) -> facts.Provenance:
    return facts.Provenance("drawn", recorded)


async def test_the_answer_is_whole_frozen_and_as_stored(small: Database) -> None:
    found = await neighbourhood(small, around("ent_bing"), POSTS, NOW, limit_edges=1000)
    assert found.seeds == (("ent_bing",),)
    assert found.truncated is None
    enterprise, person = SubjectKind.ENTERPRISE, SubjectKind.PERSON
    assert dict(found.facts.parties) == {
        "ent_acme": facts.Party("ent_acme", enterprise),
        "ent_bing": facts.Party("ent_bing", enterprise),
        "per_li": facts.Party("per_li", person, parse_day("1920-01-01")),
        "per_chen": facts.Party("per_chen", person),
    }
    lr, principal, director = PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.DIRECTOR
    assert set(found.facts.posts) == {
        facts.Post("pos_1", "per_li", "ent_acme", lr, parse_period("2012-05-01", "2019-03-01"), origin()),
        facts.Post("pos_2", "per_chen", "ent_acme", principal, parse_period("2012-05", None), origin()),
        facts.Post("pos_3", "per_li", "ent_bing", director, parse_period("2016-01-01", None), origin()),
    }
    assert found.facts.records == (
        facts.Record(
            id="rec_1",
            kind=RecordKind.PENALTY,
            about={"ent_acme": "rel_about"},
            decided_on=on(date(2018, 6, 1)),
            state=RecordState.ACTIVE,
            types=frozenset({PenaltyType.LICENCE_REVOKED}),
            licence="BUSINESS",
            provenance=origin(CORRECTED),
        ),
    )
    responsible = Capacity.FINDING_PERSONAL_RESPONSIBILITY
    assert found.facts.findings == (
        facts.Finding("rel_found", "per_li", "rec_1", responsible, on(date(2018, 7, 1)), origin(CORRECTED)),
    )
    revoked = on(date(2019, 1, 1))
    assert found.facts.qualifications == (
        facts.Qualification("qua_1", "per_li", "LAWYER", "rel_has", revoked_on=revoked, provenance=origin()),
    )
    assert (found.facts.holdings, found.facts.links) == ((), ())


async def test_what_was_known_then_knows_no_later_finding_and_the_retracted_post(small: Database) -> None:
    then = Moment(date(2020, 1, 1), at("2021-01-01"))
    found = await neighbourhood(small, around("ent_bing"), POSTS, then, limit_edges=1000)
    assert {each.id for each in found.facts.posts} == {"pos_1", "pos_2", "pos_3", "pos_4"}
    wherever = await neighbourhood(small, around("ent_bing"), replace(POSTS, anywhere=True), then, limit_edges=1000)
    assert {each.id for each in wherever.facts.posts} == {"pos_1", "pos_2", "pos_3", "pos_4", "pos_5"}
    assert found.facts.findings == ()
    assert [(each.id, each.licence) for each in found.facts.records] == [("rec_1", None)]
    nothing = await neighbourhood(small, around("ent_bing"), POSTS, Moment(NOW.as_of, at("2019-01-01")), limit_edges=9)
    assert (nothing.seeds, nothing.facts) == (((),), Facts())


async def test_the_legal_day_cuts_nothing(small: Database) -> None:
    days = [
        await neighbourhood(small, around("rec_1"), POSTS, Moment(date(year, 1, 1)), limit_edges=1000)
        for year in (1950, 2018, 2100)
    ]
    assert outline(days[0].facts) == outline(days[1].facts) == outline(days[2].facts)


async def test_a_holding_is_read_only_when_the_footprint_says_so(small: Database) -> None:
    wide = Footprint(POSTS.relations | {R.HOLDS}, 2)
    found = await neighbourhood(small, around("rec_1"), wide, NOW, limit_edges=1000)
    assert [(each.id, each.holder, each.share) for each in found.facts.holdings] == [("hld_1", "per_zhou", 90_000_000)]


async def test_the_pack_in_force_is_chosen_by_system_time(small: Database) -> None:
    async def work(transaction: Any) -> None:
        await transaction.run("MATCH (p:RulePack) DETACH DELETE p")
        await transaction.run(
            "UNWIND $rows AS row CREATE (p:RulePack) SET p = row",
            rows=[
                {"digest": "a", "recordedAt": at("2021-01-01"), "retractedAt": at("2022-01-01")},
                {"digest": "b", "recordedAt": at("2022-01-01"), "retractedAt": LATEST.replace("30T", "31T")},
            ],
        )

    await small.write(work)
    moments = [Moment(NOW.as_of, known) for known in (None, at("2021-06-01"), at("2020-01-01"), at("2022-01-01"))]
    found = [await neighbourhood(small, [], POSTS, each, limit_edges=1) for each in moments]
    assert [each.pack_digest for each in found] == ["b", "a", "a", "b"]
    await small.write(lambda transaction: transaction.run("MATCH (p:RulePack) DETACH DELETE p"))


# A random world and the plain walk over it.


@dataclass(frozen=True)
class Outline:
    """Ids only: what can be compared with the walk."""

    parties: frozenset[str]
    edges: frozenset[str]
    records: frozenset[tuple[str, frozenset[str]]]
    findings: frozenset[str]
    qualifications: frozenset[str]


def outline(found: Facts) -> Outline:
    return Outline(
        frozenset(found.parties),
        frozenset(
            {each.id for each in found.posts} | {each.id for each in found.holdings} | {each.id for each in found.links}
        ),
        frozenset((each.id, frozenset(each.about)) for each in found.records),
        frozenset(each.id for each in found.findings),
        frozenset(each.id for each in found.qualifications),
    )


class System(TypedDict, total=False):
    recorded: str
    retracted: str


def random_world(seed: int) -> Drawing:
    chance = random.Random(seed)
    drawing = Drawing()

    def system() -> System:
        """Mostly believed for ever; some recorded late, some retracted."""
        times: list[System] = [{}, {}, {}, {"recorded": CORRECTED}, {"retracted": CORRECTED}]
        return chance.choice(times)

    organizations = [drawing.node(f"ent_{i}", "ENTERPRISE", Was({"name": "甲"}, **system())) for i in range(14)]
    persons = [drawing.node(f"per_{i}", "PERSON", Was({"name": "李"}, **system())) for i in range(14)]
    bodies = [drawing.node(f"gov_{i}", "GOVERNMENT_BODY", name="局") for i in range(2)]
    kinds = [R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.CONTROLS, R.HOLDS, R.EMPLOYED_BY]
    for i in range(34):
        kind = chance.choice(kinds)
        values = {"post": "DIRECTOR"} if kind is R.SERVES_AS else {}
        owning = kind in (R.CONTROLS, R.HOLDS)  # by persons, and by other organisations
        start, end = chance.choice(persons + organizations * owning), chance.choice(organizations)
        drawing.relation(kind, start, end, id=f"pos_{i}", values=values, **system())
    for i in range(4):
        start, end = chance.sample(organizations, 2)
        drawing.relation(R.BRANCH_OF, start, end, id=f"rel_b{i}", **system())
    for i in range(12):
        said = chance.choice(SAID)
        drawing.node(
            f"rec_{i}",
            "GRADE" if "grade" in said else chance.choice(["PENALTY", "LIST_ENTRY"]),
            Was({"decidedOn": "2018-01-01", **said}, **system()),
        )
        for subject in chance.sample([*organizations, *persons], chance.choice([1, 1, 2])):
            drawing.relation(R.ABOUT, f"rec_{i}", subject, **system())
        drawing.relation(R.ISSUED_BY, f"rec_{i}", chance.choice(bodies), **system())
        for person in chance.sample(persons, chance.choice([0, 1, 2])):
            drawing.relation(R.RESPONSIBLE_FOR, person, f"rec_{i}", values={"capacity": "NAMED"}, **system())
    for i in range(6):
        drawing.node(f"qua_{i}", "QUALIFICATION", Was({"profession": "LAWYER"}, **system()))
        for person in chance.sample(persons, chance.choice([1, 1, 2])):
            drawing.relation(R.HAS_QUALIFICATION, person, f"qua_{i}", **system())
    return drawing


# What a record may say of itself; half of it is enough for the rules of `TELLING`.
SAID: list[dict[str, Value]] = [
    {},
    {"types": ("FINE",)},
    {"types": ("FINE", "LICENCE_REVOKED")},
    {"types": ("FINE",), "sector": "SALT"},
    {"types": ("FINE",), "licence": "SALT"},
    {"types": ("FINE",), "sector": "FOOD", "basisDocuments": ("某法",)},
    {"list": "某名单"},
    {"grade": "A"},
    {"grade": "D"},
]


def tells(said: Mapping[str, Any], telling: Telling) -> bool:
    if telling.kinds is not None and said["kind"] not in telling.kinds:
        return False
    if said["kind"] == "LIST_ENTRY" and telling.lists is not None:
        return said.get("list") in telling.lists
    if said["kind"] == "PENALTY" and telling.types is not None:
        return (
            not telling.types.isdisjoint(said.get("types", ()))
            or not telling.sectors.isdisjoint({said.get("sector"), said.get("licence")})
            or (telling.applied and "basisDocuments" in said)
        )
    return said["kind"] != "GRADE" or telling.grades is None or said.get("grade") in telling.grades


def walk(drawing: Drawing, seed: str, footprint: Footprint, moment: Moment) -> Outline:
    """The same set, the slow way."""

    def believed(properties: Mapping[str, Any]) -> bool:
        return bool(properties["recordedAt"] <= moment.known < properties["retractedAt"])

    kinds = {each["properties"]["id"]: each["properties"]["kind"] for each in drawing.nodes}
    nodes = {each["properties"]["id"]: each["properties"] for each in drawing.nodes}
    now = moment.known_at is None
    telling, about, own = (footprint.telling, footprint.about, footprint.own) if now else (Telling(),) * 3
    leading = footprint.leading if now else None
    present = {each["of"] for each in drawing.versions if believed(each["properties"])}
    edges = [
        (RelationKind(each["type"]), each["start"], each["end"], each["properties"]["id"])
        for each in drawing.relations
        if believed(each["properties"])
    ]

    def heads(kind: RelationKind, starts: set[str]) -> set[str]:
        return {end for each, start, end, _ in edges if each is kind and start in starts}

    def tails(kind: RelationKind, ends: set[str]) -> set[str]:
        return {start for each, start, end, _ in edges if each is kind and end in ends}

    seeds = {seed} & present
    reached = seeds | heads(R.ABOUT, seeds) | tails(R.RESPONSIBLE_FOR, seeds) | tails(R.HAS_QUALIFICATION, seeds)
    ends = [(start, end) for kind, start, end, _ in edges if kind in footprint.relations]

    def holders(places: set[str]) -> set[str]:
        return {start for start, end in ends if end in places}

    def places(holders: set[str]) -> set[str]:
        going = {each for each in holders if footprint.everywhere or kinds[each] == "PERSON"}
        return {end for start, end in ends if start in going}

    near = reached
    for _ in range(footprint.hops - (not footprint.everywhere)):
        near = near | holders(near) | (places(near) if footprint.everywhere else set())
    reached = near if footprint.everywhere else near | places(near)
    led = set[str]()
    if leading is not None:
        led = (near | places(near - seeds)) - seeds
        reached = places(seeds)

    def around_others(parties: set[str]) -> set[str]:
        persons = {each for each in parties & present if kinds[each] == "PERSON"}
        named = heads(R.RESPONSIBLE_FOR, parties) | tails(R.ABOUT, persons)
        return named | {each for each in tails(R.ABOUT, parties) if tells(nodes[each], about)}

    records = {each for each in around_others(reached) if tells(nodes[each], telling)}
    mine = tails(R.ABOUT, seeds) | heads(R.RESPONSIBLE_FOR, seeds)
    records |= {each for each in mine if tells(nodes[each], own)}
    records |= {each for each in around_others(led) if leading and tells(nodes[each], leading)}
    records = {each for each in records if kinds[each] in footprint.kinds}
    records |= {each for each in seeds if kinds[each] in RECORD_KINDS}
    if now:  # who was retracted is no cause
        records &= present
    held = {each for each in seeds if kinds[each] == "QUALIFICATION"}
    if footprint.kinds:
        held |= heads(R.HAS_QUALIFICATION, reached | seeds)
        held |= {each for each in heads(R.HAS_QUALIFICATION, led) if leading and tells(nodes[each], leading)}
    concerned = heads(R.ABOUT, records) | tails(R.HAS_QUALIFICATION, held)
    judged = {each for each in near | concerned if kinds[each] != "PERSON"}
    judged |= concerned if footprint.addressed else set()
    judged |= near | concerned if footprint.anywhere else set()
    both_ways = footprint.everywhere or footprint.anywhere
    from_ = judged if both_ways else {each for each in judged if kinds[each] == "PERSON"}
    posts = [each for each in edges if each[0] in footprint.relations and (each[2] in judged or each[1] in from_)]
    parties = near | concerned | {end for post in posts for end in post[1:3]} | tails(R.RESPONSIBLE_FOR, records)
    parties = {each for each in parties if kinds[each] in SUBJECT_KINDS and each in present}
    records &= present
    return Outline(
        frozenset(parties),
        frozenset(id for _, start, end, id in posts if start in parties and end in parties),
        frozenset((each, frozenset(heads(R.ABOUT, {each}) & parties)) for each in records),
        frozenset(
            id for kind, start, end, id in edges if kind is R.RESPONSIBLE_FOR and start in parties and end in records
        ),
        frozenset(each for each in held & present if tails(R.HAS_QUALIFICATION, {each}) & parties),
    )


def assert_closed(found: Facts) -> None:
    records = {each.id for each in found.records}
    mentioned = {id for each in found.posts for id in (each.person, each.organization)}
    mentioned |= {id for each in found.holdings for id in (each.holder, each.organization)}
    mentioned |= {each.person for each in found.findings} | {each.person for each in found.qualifications}
    mentioned |= {end for each in found.links for end in (each.start, each.end)}
    mentioned |= {subject for each in found.records for subject in each.about}
    assert mentioned <= found.parties.keys()
    assert {each.record for each in found.findings} <= records


WIDE = Footprint(POSTS.relations | {R.HOLDS, R.BRANCH_OF}, 3)
PENALTIES = replace(POSTS, kinds=frozenset({RecordKind.PENALTY}))
ANYWHERE, EVERYWHERE = replace(POSTS, anywhere=True), replace(WIDE, everywhere=True)
SHORT = replace(POSTS, hops=1)
TELLING = replace(POSTS, telling=Telling(frozenset({"LICENCE_REVOKED"}), frozenset({"SALT"}), frozenset({"D"})))
ABOUT = replace(TELLING, about=Telling(kinds=frozenset({RecordKind.LIST_ENTRY}), lists=frozenset({"某名单"})))
LED = replace(
    ABOUT,
    own=Telling(grades=frozenset({"D"})),
    leading=Telling(frozenset({"LICENCE_REVOKED"}), kinds=frozenset({RecordKind.PENALTY}), applied=False),
)
LICENSED = replace(LED, leading=Telling(grades=frozenset({"D"}), kinds=frozenset({RecordKind.GRADE, *CauseKind})))
NOBODY_LED = replace(LED, leading=Telling(kinds=frozenset()))
ADDRESSED = replace(POSTS, addressed=True)
ALONE = replace(POSTS, kinds=frozenset())
TOLD = (TELLING, ABOUT, LED, LICENSED, NOBODY_LED)
WALKS = (POSTS, WIDE, PENALTIES, ALONE, ADDRESSED, ANYWHERE, EVERYWHERE, SHORT)
MOMENTS = (NOW, Moment(NOW.as_of, at("2021-01-01")), Moment(NOW.as_of, at("2023-01-01")))


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_seed_of_a_random_world_gives_the_closed_set_of_the_plain_walk(
    database: Database, seed: int
) -> None:
    drawing = random_world(seed)
    await drawing.draw(database)
    for start in (each["properties"]["id"] for each in drawing.nodes):
        for footprint, moment in (*product(TOLD, [NOW]), *product(WALKS, MOMENTS)):
            found = await neighbourhood(database, around(start), footprint, moment, limit_edges=10_000)
            assert found.truncated is None
            assert_closed(found.facts)
            assert outline(found.facts) == walk(drawing, start, footprint, moment), (start, moment)


def test_what_records_say_of_themselves_is_asked_of_today_alone() -> None:
    assert {statement(each, False) for each in TOLD} == {statement(POSTS, False)}
    assert len({statement(each, True) for each in TOLD}) == len(TOLD)


@pytest.mark.parametrize("footprint", [POSTS, LED, LICENSED])
async def test_many_seeds_give_what_each_gives_alone(database: Database, footprint: Footprint) -> None:
    """Firms, their own officers among them, and one that is not there."""
    drawing = random_world(3)
    await drawing.draw(database)
    ids = [f"{kind}_{i}" for i in range(14) for kind in ("ent", "per")] + ["ent_nobody"]
    together = await neighbourhood(database, around(*ids), footprint, NOW, limit_edges=10_000)
    alone = [await neighbourhood(database, around(id), footprint, NOW, limit_edges=10_000) for id in ids]
    assert together.seeds == tuple(each.seeds[0] for each in alone)
    assert outline(together.facts) == united(outline(each.facts) for each in alone)


def united(outlines: Iterable[Outline]) -> Outline:
    told = [*outlines]
    about: dict[str, frozenset[str]] = {}
    for id, subjects in (record for each in told for record in each.records):
        about[id] = about.get(id, frozenset()) | subjects
    parties, edges, findings, licences = (
        frozenset[str]().union(*(getattr(each, name) for each in told))
        for name in ("parties", "edges", "findings", "qualifications")
    )
    return Outline(parties, edges, frozenset(about.items()), findings, licences)


@pytest.mark.parametrize("footprint", [POSTS, replace(WIDE, owners=True), ADDRESSED, EVERYWHERE, SHORT])
async def test_several_moments_are_told_what_each_is_told_alone(database: Database, footprint: Footprint) -> None:
    drawing = random_world(2)
    await drawing.draw(database)
    days = [
        Moment(date(year, 1, 1), known)
        for year in (2012, 2019)
        for known in (None, *(at(f"{y}-01-01") for y in (2021, 2023)))
    ]
    ids = [each["properties"]["id"] for each in drawing.nodes]
    asked = [(moment, around(*ids[i : i + 3])) for i, moment in enumerate([*days, days[0]])]  # one of them twice
    told = neighbourhoods(database, asked, footprint, limit_edges=10_000)
    together = {which: found async for which, found in told}
    assert sorted(together) == list(range(len(asked)))
    for which, (moment, wanted) in enumerate(asked):
        alone = await neighbourhood(database, wanted, footprint, moment, limit_edges=10_000)
        found = together[which]
        assert (found.seeds, outline(found.facts)) == (alone.seeds, outline(alone.facts)), moment
        assert (found.version, found.pack_digest) == (alone.version, alone.pack_digest)


async def test_who_leaves_before_all_is_told_leaves_nothing_behind(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await random_world(2).draw(database)
    asked = [
        (Moment(date(year, 1, 1), known), around("a")) for year in (2012, 2019) for known in (None, at("2021-01-01"))
    ]
    async with aclosing(neighbourhoods(database, asked, POSTS, limit_edges=10_000)) as told:
        async for _ in told:
            break
    await asyncio.sleep(0.1)
    gc.collect()
    assert [each for each in caplog.records if each.name == "asyncio"] == []
    assert await database.read("RETURN 1 AS one", {}) == [{"one": 1}]


def assert_cut_safely(cut: Neighbourhood, full: Neighbourhood) -> None:
    """A record is judged by all posts at its subjects and all findings in it, or not: what prevents is not lost."""
    assert_closed(cut.facts)
    subjects = {subject for record in cut.facts.records for subject in record.about}
    for organization in subjects & {each.organization for each in cut.facts.posts}:
        posts = {each for each in full.facts.posts if each.organization == organization}
        assert {each for each in cut.facts.posts if each.organization == organization} == posts
    for record in cut.facts.records:
        assert record in full.facts.records
        findings = {each for each in full.facts.findings if each.record == record.id}
        assert {each for each in cut.facts.findings if each.record == record.id} == findings


async def test_a_cut_is_said_and_loses_no_fact_that_prevents_a_measure(database: Database) -> None:
    drawing = random_world(1)
    await drawing.draw(database)
    cuts = 0
    alone = [(start,) for start in ("ent_0", "ent_3", "ent_7", "per_2", "per_5", "rec_1", "rec_4")]
    several = [("ent_0", "ent_3"), ("ent_7", "per_2"), ("ent_1", "ent_4", "ent_9")]
    for footprint, starts in (*product([POSTS], alone), *product([POSTS, LED], several)):
        full = await neighbourhood(database, around(*starts), footprint, NOW, limit_edges=10_000)
        for limit in (0, 1, 2, 4, 8, 16):
            cut = await neighbourhood(database, around(*starts), footprint, NOW, limit_edges=limit)
            assert cut.seeds == full.seeds
            assert_cut_safely(cut, full)
            if cut.truncated is None:
                assert outline(cut.facts) == outline(full.facts)
            else:
                cuts += 1
                assert cut.truncated.reason is TruncationReason.EDGE_LIMIT
                assert cut.truncated.lower_bound
    assert cuts > 10


@pytest.mark.parametrize("place", "abc")
async def test_where_an_officer_of_several_that_are_asked_about_sits_is_cut_with_a_word(
    database: Database, place: str
) -> None:
    """He sits at five, of which two are asked about; one of the others bars him, and those two have a duty."""
    drawing = Drawing()
    officer = drawing.node("per_x", "PERSON", name="李某", adultOn="1920-01-01")
    for each in "abcde":
        firm = drawing.node(f"ent_{each}", "ENTERPRISE", name=each)
        drawing.relation(R.LEGAL_REPRESENTATIVE_OF, officer, firm, id=f"pos_{each}")
    drawing.node("rec_1", "PENALTY", decidedOn="2018-01-01", types=("LICENCE_REVOKED",))
    drawing.relation(R.ABOUT, "rec_1", f"ent_{place}")
    await drawing.draw(database)
    asked = around("ent_d", "ent_e")
    for limit in range(1, 8):
        found = await neighbourhood(database, asked, replace(LED, about=Telling()), NOW, limit_edges=limit)
        assert found.truncated is not None or [each.id for each in found.facts.records] == ["rec_1"], limit
    assert found.truncated is None


async def test_a_hub_is_walked_through_while_the_limit_allows(database: Database) -> None:
    drawing = Drawing()
    hub = drawing.node("per_hub", "PERSON", name="代办")
    for i in range(300):
        drawing.relation(
            R.LEGAL_REPRESENTATIVE_OF, hub, drawing.node(f"ent_{i}", "ENTERPRISE", name="甲"), id=f"pos_{i}"
        )
    drawing.node("rec_1", "PENALTY", decidedOn="2018-01-01")
    drawing.relation(R.ABOUT, "rec_1", "ent_299")
    await drawing.draw(database)
    found = await neighbourhood(database, around("ent_0"), POSTS, NOW, limit_edges=1000)
    assert found.truncated is None
    assert {each.id for each in found.facts.posts} == {"pos_0", "pos_299"}
    assert [each.id for each in found.facts.records] == ["rec_1"]
    cut = await neighbourhood(database, around("ent_0"), POSTS, NOW, limit_edges=100)
    assert cut.truncated is not None
    assert len(cut.facts.posts) <= 100


async def test_posts_and_records_have_the_limit_each(database: Database) -> None:
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="甲")
    drawing.node("per_li", "PERSON", name="李")
    for i in range(10):
        drawing.relation(R.SERVES_AS, "per_li", "ent_a", id=f"pos_{i}", values={"post": "DIRECTOR"})
        drawing.node(f"rec_{i}", "PENALTY", decidedOn="2018-01-01")
        drawing.relation(R.ABOUT, f"rec_{i}", "per_li")
    await drawing.draw(database)
    whole = await neighbourhood(database, around("ent_a"), POSTS, NOW, limit_edges=10)
    assert (whole.truncated, len(whole.facts.posts), len(whole.facts.records)) == (None, 10, 10)
    cut = await neighbourhood(database, around("ent_a"), POSTS, NOW, limit_edges=9)
    assert cut.truncated == Cut(TruncationReason.EDGE_LIMIT, 10, lower_bound=True)
    assert (cut.facts.posts, len(cut.facts.records)) == ((), 9)
    alone = await neighbourhood(database, around("rec_1"), Footprint(frozenset({R.CONTROLS}), 1), NOW, limit_edges=4)
    assert alone.truncated == Cut(TruncationReason.EDGE_LIMIT)
    assert "rec_1" in {each.id for each in alone.facts.records}
