"""How many statements an operation sends, counted on the wire: one, and one more where something is computed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.store.address import Address
from tests.bolt_proxy import Proxy
from tests.schema.asking import Asking
from tests.schema.test_answers import CHECKS, REACH, WORLD
from tests.schema.watching import watching

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def deeds(asking: Asking) -> Asking:
    await asking.load("deeds", WORLD)
    return asking


@pytest.fixture
async def watched(deeds: Asking, server: Address, tmp_path: Path) -> AsyncIterator[tuple[Asking, Proxy]]:
    async with watching(deeds, server, tmp_path) as both:
        yield both


COMPUTED = {
    "a reach": REACH,
    "four checks": CHECKS,
    "checks and a reach together": """query($on: Date) {
      a: check(subject: "world:deeds:li", asOf: $on) { ...C }
      b: check(subject: "world:deeds:acme", asOf: $on, purpose: BIDDING) { ...C }
      c: checks(subjects: ["world:deeds:wang", "91440704YY0000028A"], asOf: $on) { ...C }
      d: reach(record: "world:deeds:r1", asOf: $on) {
        measures { party { name } path { start { id ...N } end { id ...N } } cause { id ...N } }
        considered { party { name region { name } } cause { ...N } path { end { ...N } } }
        subgraph { nodes { ...N } }
      }
    }
    fragment C on CreditCheck { outcome subject { ...N } measures { party { name } cause { ...N } } }
    fragment N on Node {
      ... on Subject { name formerNames { name } identifiers { scheme } }
      ... on CreditRecord { department { name } subjects { name } responsible { person { name } } state summary }
      ... on ListEntry { list { name } }
    }""",
    "measures of a subject": """query($on: Date) {
      subject(identifier: "world:deeds:li", asOf: $on) { name measures { key party { name } cause { id } } }
    }""",
    "whom a record reaches": """query($on: Date) {
      record(id: "world:deeds:r1", asOf: $on) { documentNumber reaches { measures { party { name } } } }
    }""",
}


@pytest.mark.parametrize("question", COMPUTED)
async def test_computed_fields_take_two_statements(watched: tuple[Asking, Proxy], question: str) -> None:
    asking, proxy = watched
    answer = await asking.execute(COMPUTED[question], {"on": "2019-01-01"})
    assert answer.body["data"]
    assert len(proxy.statements) == 2, proxy.statements


PLANNED = {
    "all that is told beside a subject, of many": """{
      organizations(first: 20) { nodes {
        name relationCounts { kind forward count capped label } earlier: relationCounts(asOf: "2015-01-01") { count }
        possiblySame { reasons subject { id name records(first: 3) { nodes { id } } } }
        timeline(first: 5) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
          on kind summary node { id ... on Post { person { name } organization { name relationCounts { count } } }
            ... on CreditRecord { documentNumber subjects { name timeline(last: 2) { nodes { kind } } } } } } } }
      } }
    }""",
    "roots of every sort together": """{
      expand(subject: "world:deeds:acme", first: 10) { totalCount pageInfo { endCursor } subgraph {
        nodes { id ... on Subject { name relationCounts { kind count } } } edges { id kind source target } } }
      again: expand(subject: "world:deeds:li", asOf: "2016-01-01") { subgraph { edges { id } } }
      resolve(texts: ["world:deeds:li", "nobody"]) { text by matched { id name timeline(last: 3) { nodes { on } } } }
      search(text: "江门") { nodes { id } }
      enterprises(first: 3) { nodes { name possiblySame { reasons } } }
      node(id: "per_0000") { id }
      lists { name }
    }""",
}


@pytest.mark.parametrize("question", PLANNED)
async def test_all_else_takes_one_whatever_is_mixed(watched: tuple[Asking, Proxy], question: str) -> None:
    asking, proxy = watched
    answer = await asking.execute(PLANNED[question])
    assert "errors" not in answer.body, answer.body
    assert len(proxy.statements) == 1, proxy.statements


async def test_what_is_computed_of_nodes_that_are_told_takes_two_more(watched: tuple[Asking, Proxy]) -> None:
    asking, proxy = watched
    answer = await asking.execute("""{
      resolve(texts: ["world:deeds:li"]) { matched { name measures { key } } }
      expand(subject: "world:deeds:acme", first: 5) { subgraph { nodes { id ... on Subject { measures { key } } } } }
      person(id: "world:deeds:li") {
        timeline(first: 5) { nodes { node { ... on CreditRecord { reaches { complete } } } } } }
    }""")
    assert "errors" not in answer.body, answer.body
    assert len(proxy.statements) == 3, proxy.statements


async def test_an_answer_of_nothing_takes_one(watched: tuple[Asking, Proxy]) -> None:
    asking, proxy = watched
    await asking.execute('{ check(subject: "91440703YY0000116A") { outcome } }')
    assert len(proxy.statements) == 1


async def test_an_outcome_that_names_nothing_takes_one(watched: tuple[Asking, Proxy]) -> None:
    asking, proxy = watched
    answer = await asking.execute('{ check(subject: "world:deeds:li", asOf: "2019-01-01") { outcome complete } }')
    assert answer.body["data"] == {"check": {"outcome": "PROHIBITED", "complete": True}}
    assert len(proxy.statements) == 1


async def test_the_proxy_counts_what_the_database_was_asked(watched: tuple[Asking, Proxy]) -> None:
    """Guards the counts above: a proxy that saw nothing would agree with any bar."""
    asking, proxy = watched
    await asking.database.read("RETURN $one AS one", {"one": 1})
    await asking.database.read("RETURN 'x' + $long AS two", {"long": "长" * 70_000})
    assert proxy.statements == ["RETURN $one AS one", "RETURN 'x' + $long AS two"]
