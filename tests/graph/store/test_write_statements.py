"""Every statement constant of the store is valid Cypher 5 and 25, and none walks the whole graph to find its start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import pytest
from neo4j import Driver, GraphDatabase

import graph.store
from graph.store.address import Address
from graph.store.connection import Database

pytestmark = pytest.mark.anyio
STARTS = ("MATCH", "UNWIND", "CREATE", "MERGE", "CALL", "RETURN", "OPTIONAL", "DROP")
# Pieces that read statements are put together from; test_statements.py profiles what comes of them.
PIECES = {"graph.store.fragments"}
# Both ends by their unique id: the product is one row of one row.
BOTH_ENDS = (
    "graph.store.statements.CREATE_RELATIONS",
    "graph.store.measures.CREATE",
    "graph.store.merging.ATTACH_NAMES",
)
# A handful of nodes, or read to the first hit: a scan of these is their shortest way.
SCANS_ALLOWED = {"graph.store.packs", "graph.store.migration"}


def statements() -> Iterator[tuple[str, str]]:
    pieces = {text for name in PIECES for text in vars(importlib.import_module(name)).values() if isinstance(text, str)}
    for found in pkgutil.walk_packages(graph.store.__path__, "graph.store."):
        if found.name.startswith("graph.store.embedded"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if not name.isupper() or name.startswith("_"):
                continue
            for key, text in _texts(value):
                if text.lstrip().startswith(STARTS) and text not in pieces:
                    yield f"{found.name}.{name}{key}", text


def _texts(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, Mapping):
        yield from ((f"[{key}]", text) for key, text in value.items() if isinstance(text, str))
    elif isinstance(value, tuple):
        yield from ((f"[{i}]", text) for i, text in enumerate(value) if isinstance(text, str))


def operators(plan: Mapping[str, object]) -> Iterator[str]:
    yield str(plan["operatorType"]).partition("@")[0]
    children = plan.get("children") or []
    assert isinstance(children, list)
    for child in children:
        yield from operators(child)


def explained(driver: Driver, database: str, language: str) -> dict[str, set[str]]:
    plans = {}
    with driver.session(database=database) as session:
        for name, text in statements():
            plan = session.run(f"{language} EXPLAIN {text}").consume().plan
            assert plan is not None, name
            plans[name] = set(operators(plan))
    return plans


def test_the_statements_of_every_module_are_found() -> None:
    names = {name.partition("[")[0] for name, _ in statements()}
    assert names >= {
        "graph.store.statements.LOCK",
        "graph.store.statements.CREATE_NODES",
        "graph.store.migration.GRAPH",
        "graph.store.packs.PACKS",
        "graph.store.audit.APPEND",
        "graph.store.lookup.FIND",
        "graph.store.steps.step_001_schema.CONSTRAINTS",
    }


@pytest.mark.parametrize("language", ["CYPHER 5", "CYPHER 25"])
async def test_every_statement_is_valid_and_starts_from_an_index(
    database: Database, server: Address, language: str
) -> None:
    with GraphDatabase.driver(
        server.uri, auth=(server.username, server.password), notifications_min_severity="OFF"
    ) as driver:
        plans = explained(driver, server.database, language)
    scans = {
        (name, operator)
        for name, found in plans.items()
        for operator in found
        if (operator == "CartesianProduct" and not name.startswith(BOTH_ENDS))
        or ("Scan" in operator and not any(name.startswith(allowed) for allowed in SCANS_ALLOWED))
    }
    assert scans == set()
