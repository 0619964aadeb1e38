"""Every read statement starts from a unique index in both Cypher languages, and each reader runs one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from neo4j import GraphDatabase

from graph.codes import RelationKind
from graph.identifiers import Lookup
from graph.periods import NEVER, Moment
from graph.rules import Footprint
from graph.store import lookup, neighbourhood, nodes, pages
from graph.store.address import Address
from graph.store.connection import Database
from graph.store.fragments import moment_parameters
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from graph.views import PageRequest
from tests.graph.store.drawn import Drawing, at

pytestmark = pytest.mark.anyio
R = RelationKind
FOOTPRINT = Footprint(frozenset({R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.CONTROLS}), 2)
NOW, THEN = Moment(date(2020, 1, 1)), Moment(date(2015, 1, 1), at("2021-01-01"))
PAGE = {"types": None, "posts": None, "kinds": None, "valid": True, "full": True, "count": True, "rows": 3}
PARAMETERS: Mapping[str, Any] = {
    **lookup.lookup_parameters([Lookup("ent_a"), Lookup(None, ("WORLD|a|w",))]),
    **PAGE,
    "limit": 100,
    "recordKinds": RECORD_KINDS,
    "subjectKinds": SUBJECT_KINDS,
    "pos": ["pos_1"],
    "hld": ["hld_1"],
    "afterSort": "",
    "afterId": "",
}
BY_ID = {"ids": ["ent_a", "rec_1", "per_a"]}
STATEMENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "find": (lookup.FIND, {}),
    "batches": (lookup.BATCHES, {**BY_ID, "source": "test", "never": NEVER}),
    "nodes": (nodes.NODES, BY_ID),
    "nodes with neighbours": (nodes.NODES_WITH_NEIGHBOURS, BY_ID),
    "relations by id": (nodes.RELATIONS_BY_ID, {}),
    "neighbourhood now": (neighbourhood.statement(FOOTPRINT.relations, 2, True), {}),
    "neighbourhood then": (neighbourhood.statement(FOOTPRINT.relations, 2, False), {}),
    # The other kinds' pages differ in the name of the type only.
    **{
        f"relations {key}": (pages.RELATION_PAGES[key], {"owners": ["ent_a"]})
        for key in ((None, True), (None, False), (R.HOLDS, True), (R.HOLDS, False))
    },
    **{f"records {key}": (text, {"owners": [["ent_a", "~", ""]]}) for key, text in pages.RECORD_PAGES.items()},
}


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
        for name, (text, parameters) in STATEMENTS.items():
            for moment in (NOW, THEN):
                values = {**PARAMETERS, **parameters, **moment_parameters(moment)}
                profile = session.run(f"{language} PROFILE {text}", values).consume().profile
                assert profile is not None
                found[f"{name} {moment.known_at}"] = operators(profile)
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
        await pages.relations(counted, ids, [R.HOLDS], moment, PageRequest(5, count=True), forward=True)
        await pages.records(counted, ids, R.ABOUT, moment, PageRequest(5, count=True), keep=lambda record: True)
        assert counted.statements == 6
