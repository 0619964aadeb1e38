"""Every read statement starts from a unique index in both Cypher languages, and each reader runs one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from neo4j import GraphDatabase

from graph.codes import RelationKind
from graph.conditions import TRUE, Target
from graph.identifiers import Lookup
from graph.periods import NEVER, Moment
from graph.rules import Footprint
from graph.store import lookup, neighbourhood, nodes, pages
from graph.store.address import Address
from graph.store.asked import Asked, Neighbours, OrderBy, Relations, Root, Source
from graph.store.conditions import Reading
from graph.store.connection import Database, Transaction
from graph.store.fragments import moment_parameters
from graph.store.roots import root_statement
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from graph.views import PageRequest
from graph.vocabulary import POST_RELATION_KINDS
from tests.graph.store.drawn import Drawing, at

pytestmark = pytest.mark.anyio
R = RelationKind
FOOTPRINT = Footprint(frozenset({R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.CONTROLS}), 2)
NOW, THEN = Moment(date(2020, 1, 1)), Moment(date(2015, 1, 1), at("2021-01-01"))
FIRST, NEXT = (PageRequest(3, place, count=True, look_back=True) for place in (None, ("2019-01-01", "rec_9")))
PARAMETERS: Mapping[str, Any] = {
    **lookup.lookup_parameters([Lookup("ent_a"), Lookup(None, ("WORLD|a|w",))]),
    "limit": 100,
    "recordKinds": RECORD_KINDS,
    "subjectKinds": SUBJECT_KINDS,
    "pos": ["pos_1"],
    "hld": ["hld_1"],
}
BY_ID = {"ids": ["ent_a", "rec_1", "per_a"]}
STATEMENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "find": (lookup.FIND, {}),
    "batches": (lookup.BATCHES, {**BY_ID, "source": "test", "never": NEVER}),
    "nodes": (nodes.statement(nodes.EVERY_PART, False), BY_ID),
    "values of nodes": (nodes.statement(frozenset(), False), BY_ID),
    "nodes with neighbours": (nodes.statement(nodes.EVERY_PART, True), BY_ID),
    "relations by id": (nodes.RELATIONS_BY_ID, {}),
    "neighbourhood now": (neighbourhood.statement(FOOTPRINT.relations, 2, True), {}),
    "neighbourhood then": (neighbourhood.statement(FOOTPRINT.relations, 2, False), {}),
}
OWNED: Mapping[str, Source] = {
    "posts": Relations(POST_RELATION_KINDS, forward=False),
    "posts held": Relations(POST_RELATION_KINDS, forward=True),
    "shareholders": Relations((R.HOLDS,), forward=False),
    "records": Neighbours(R.ABOUT, Target.RECORD),
    "entries": Neighbours(R.ON_LIST, Target.RECORD, valid=True),
    "branches": Neighbours(R.BRANCH_OF, Target.SUBJECT),
}


def shaped() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every statement with its parameters, at a moment now and one then."""
    for moment in (NOW, THEN):
        for name, (text, parameters) in STATEMENTS.items():
            yield f"{name} {moment.known_at}", text, {**PARAMETERS, **parameters, **moment_parameters(moment)}
        for name, source in OWNED.items():
            for official, request in ((True, FIRST), (False, NEXT)):
                asked = Asked(source, Reading(moment, official), request)
                text, parameters = pages.owned_statement(asked)
                yield f"{name} {official} {moment.known_at}", text, {**parameters, "owners": ["ent_a"]}


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    for i in range(50):
        drawing.node(f"ent_{i}", "ENTERPRISE", name="甲", key=f"WORLD|{i}|w")
    drawing.node("ent_a", "ENTERPRISE", name="甲", key="WORLD|a|w")
    drawing.node("per_a", "PERSON", name="李")
    drawing.node("rec_1", "PENALTY", decidedOn="2018-01-01")
    drawing.relation(R.SERVES_AS, "per_a", "ent_a", id="pos_1", values={"post": "DIRECTOR"})
    drawing.relation(R.ABOUT, "rec_1", "ent_a")
    drawing.relation(R.RESPONSIBLE_FOR, "per_a", "rec_1", values={"capacity": "NAMED"})
    await drawing.draw(database)
    return database


def operators(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    own = (str(plan["operatorType"]).partition("@")[0], str(plan["args"].get("Details", "")))
    return [own, *(each for child in plan.get("children", ()) for each in operators(child))]


@pytest.mark.parametrize("language", ["CYPHER 5", "CYPHER 25"])
async def test_every_statement_seeks_by_a_unique_index_and_scans_nothing(
    world: Database, server: Address, language: str
) -> None:
    """An expression's inner plan (the pack in force, of a handful) is not part of the tree."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (
        GraphDatabase.driver(
            server.uri, auth=(server.username, server.password), notifications_min_severity="OFF"
        ) as driver,
        driver.session(database=server.database) as session,
    ):
        for name, text, values in shaped():
            profile = session.run(f"{language} PROFILE {text}", dict(values)).consume().profile
            assert profile is not None
            found[name] = operators(profile)
    bad = {
        (name, operator, details)
        for name, plan in found.items()
        for operator, details in plan
        if "Scan" in operator or operator in {"CartesianProduct", "Eager", "ValueHashJoin"}
    }
    assert bad == set()
    for name, plan in found.items():
        assert any("UniqueIndexSeek" in operator for operator, _ in plan), name
        assert all("UniqueIndexSeek" in operator for operator, _ in plan if "Seek" in operator), name


class Counted(Database):
    """The same database, counting what readers ask of it."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.statements = 0

    async def read(
        self, statement: str, parameters: Mapping[str, Any], *, timeout_seconds: float | None = None
    ) -> list[dict[str, Any]]:
        self.statements += 1
        return await self.inner.read(statement, parameters, timeout_seconds=timeout_seconds)


async def test_each_reader_runs_one_statement_for_any_number_of_things(world: Database) -> None:
    ids = [f"ent_{i}" for i in range(50)]
    lookups = [Lookup(id) for id in ids]
    for moment in (NOW, THEN):
        counted = Counted(world)
        await lookup.find(counted, lookups, moment)
        await nodes.nodes(counted, [*ids, "rec_1"], moment, with_neighbours=True)
        await nodes.relations(counted, ["pos_1", "hld_1"], moment)
        await neighbourhood.neighbourhood(counted, [*lookups, Lookup("rec_1")], FOOTPRINT, moment, limit_edges=100)
        for source in OWNED.values():
            await pages.pages(counted, ids, Asked(source, Reading(moment, False), PageRequest(5, count=True)))
        assert counted.statements == 4 + len(OWNED)


HITS = 100  # of a page of 20 on an indexed key, at any depth (issue 4)
MANY = """
UNWIND range(1, 4000) AS i
WITH i, right('0000' + i, 5) AS text
CREATE (f:Entity:Subject:Organization:Enterprise {id: 'ent_' + text, kind: 'ENTERPRISE', nameFold: 'n' + text,
  establishedOrder: '2010-01-' + right('0' + (1 + i % 20), 2), capitalOrder: i % 3, snapFrom: '0001-01-01',
  snapTo: '9999-12-31'})
CREATE (r:Entity:Record:Penalty {id: 'rec_' + text, kind: 'PENALTY', day: '2015-01-' + right('0' + (1 + i % 20), 2),
  decidedOrder: '2015-01-' + right('0' + (1 + i % 20), 2), documentFold: 'd' + text, publicFrom: '9999-12-31',
  publicTo: '0001-01-01'})"""
KEYS = {"Enterprise": ("NAME", "ESTABLISHED", "REGISTERED_CAPITAL"), "Record": ("DAY", "DECIDED_ON", "DOCUMENT_NUMBER")}


async def test_a_page_on_an_indexed_key_reads_a_hundred_hits_at_any_depth(database: Database, server: Address) -> None:
    async def create(transaction: Transaction) -> None:
        await transaction.run(MANY)

    await database.write(create)
    costs: dict[tuple[str, bool, bool, str], int] = {}
    with (
        GraphDatabase.driver(
            server.uri, auth=(server.username, server.password), notifications_min_severity="OFF"
        ) as driver,
        driver.session(database=server.database) as session,
    ):
        for label, keys in KEYS.items():
            for key, descending, backward in product(keys, (False, True), (False, True)):
                place: tuple[Any, ...] | None = None
                for depth in ("first", "second", "deep"):
                    request = PageRequest(20, place, backward=backward, look_back=True)
                    order = (OrderBy(key, descending),)
                    text, values = root_statement(Asked(Root(label), Reading(NOW, True), request, TRUE, order))
                    result = session.run(f"PROFILE {text}", values)
                    rows = result.single(strict=True)["rows"]
                    assert len(rows) == 21
                    profile = result.consume().profile
                    assert profile is not None
                    costs[label + " " + key, descending, backward, depth] = hits(profile)
                    id, sort, _ = rows[19]
                    place = (*sort, id) if depth == "first" else middle(key, "rec" if label == "Record" else "ent")
    assert {each: cost for each, cost in costs.items() if cost > HITS} == {}


def middle(key: str, prefix: str) -> tuple[Any, ...]:
    """A place half way down."""
    return {
        "NAME": ("n02000", f"{prefix}_02000"),
        "DOCUMENT_NUMBER": ("d02000", f"{prefix}_02000"),
        "ESTABLISHED": ("2010-01-10", f"{prefix}_02009"),
        "REGISTERED_CAPITAL": (1, f"{prefix}_02002"),
    }.get(key, ("2015-01-10", f"{prefix}_02009"))


def hits(plan: Mapping[str, Any]) -> int:
    return int(plan["dbHits"]) + sum(hits(child) for child in plan.get("children", ()))
