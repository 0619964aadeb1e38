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


JUDGED = "fragment C on CreditCheck { outcome subject { name } measures { party { name } cause { id } } }"
DAYS = {
    "a": 'check(subject: "world:deeds:li", asOf: "2019-01-01") { ...C }',
    "b": 'check(subject: "world:deeds:li", asOf: "2016-01-01") { ...C }',
    "c": 'checks(subjects: ["world:deeds:wang", "world:deeds:acme"], asOf: "2018-06-01") { ...C }',
    "d": 'check(subject: "world:deeds:li", asOf: "2019-01-01", knownAt: "2026-01-01T09:00:00+08:00") { ...C }',
    "e": 'check(subject: "world:deeds:acme", asOf: "2017-01-01", knownAt: "2026-01-01T08:30:00+08:00") { ...C }',
    "f": 'reach(record: "world:deeds:r1", asOf: "2020-01-01") { measures { party { name } } }',
    "g": 'ownership(subject: "world:deeds:acme", asOf: "2015-01-01") { subject { name } integrated { direct } }',
    "h": 'ownership(subject: "world:deeds:acme", asOf: "2017-01-01") { subject { name } integrated { direct } }',
    "i": """subject(identifier: "world:deeds:acme", asOf: "2018-01-01") { ... on Organization {
      name measures { key } controllers { basis } beneficialOwners { basis } } }""",
    "j": 'bidConflicts(bidders: ["world:deeds:acme", "world:deeds:bing"], asOf: "2020-01-01") { rule { id } }',
}
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
    "what would be, beside what is": """{
      a: whatIf(subject: "world:deeds:wang", asOf: "2019-01-01", changes: [{addRecord: {
        kind: CONSUMPTION_RESTRICTION, about: "world:deeds:acme", decidedOn: "2018-08-01"}}]) { ...W }
      b: whatIf(subject: "world:deeds:li", asOf: "2020-01-01", changes: [{addRecord: {
        kind: CONSUMPTION_RESTRICTION, about: "world:deeds:acme", decidedOn: "2018-08-01"}}]) { ...W }
      c: check(subject: "world:deeds:li", asOf: "2019-06-01") { outcome measures { party { name } cause { id } } }
    }
    fragment W on WhatIf { after { outcome measures { party { name } cause { id
      ... on CreditRecord { subjects { name } } } } } appeared { key } }""",
}


@pytest.mark.parametrize("question", COMPUTED)
async def test_computed_fields_take_two_statements(watched: tuple[Asking, Proxy], question: str) -> None:
    asking, proxy = watched
    answer = await asking.execute(COMPUTED[question], {"on": "2019-01-01"})
    codes = {each["extensions"]["code"] for each in answer.body.get("errors", ())}
    assert (answer.body["data"] is not None, codes <= {"NOT_FOUND"}) == (True, True), answer.body  # one names nobody
    assert len(proxy.statements) == 2, proxy.statements


async def test_many_days_and_beliefs_together_are_answered_by_two_as_each_is_alone(
    watched: tuple[Asking, Proxy],
) -> None:
    asking, proxy = watched
    alone: dict[str, object] = {}
    for key, root in DAYS.items():
        alone |= (await asking.execute(f"{{ {key}: {root} }} {JUDGED if '...C' in root else ''}")).body["data"]
    proxy.clear()
    roots = " ".join(f"{key}: {root}" for key, root in DAYS.items())
    answer = await asking.execute(f"{{ {roots} }} {JUDGED}")
    assert len(proxy.statements) == 2, proxy.statements
    assert answer.body["data"] == alone
    assert [each["path"] for each in answer.body["errors"]] == [["e"]]  # nothing was known of it then


STREET = "\n".join(
    (
        "subjects:",
        *(f"  - {{id: e{i}, kind: Enterprise, name: 江门第{i}贸易有限公司}}" for i in range(45)),
        *(f"  - {{id: p{i}, kind: Person, name: 李某, adultOn: 1920-01-01}}" for i in range(45)),
        "posts:",  # of every firm's representative also the next one's director
        *(
            f"  - {{person: p{i}, organization: e{(i + far) % 45}, role: {role}, from: 2012-05-01}}"
            for i in range(45)
            for far, role in ((0, "LEGAL_REPRESENTATIVE"), (1, "DIRECTOR"))
        ),
        "records:",
        *(
            f"  - {{id: r{i}, kind: PENALTY, about: e{i}, decidedOn: 2018-06-{1 + i % 20:02}, type: LICENCE_REVOKED,"
            " licence: BUSINESS, sector: GENERAL, offence: {from: 2018-01-01, to: 2018-03-01}}"
            for i in range(0, 45, 2)
        ),
        "responsibility:",
        *(
            f"  - {{person: p{i}, record: r{i}, capacity: FINDING_PERSONAL_RESPONSIBILITY, decidedOn: 2018-06-20}}"
            for i in range(0, 45, 6)
        ),
        "holdings:",
        "  - {holder: p0, organization: e0, share: '60', from: 2012-05-01}",
    )
)
STANDING = "outcome complete measures { party { name } until cause { id } path { end { id } } } potential { key }"


async def test_a_hundred_subjects_are_judged_in_parts_as_each_is_alone(
    watched: tuple[Asking, Proxy], deeds: Asking
) -> None:
    await deeds.load("street", STREET)
    asking, proxy = watched
    ids = [f"world:street:{kind}{i}" for kind in "ep" for i in range(45)] + ["world:street:nobody"]
    alone = [
        (await asking.execute(f'{{ check(subject: "{id}", asOf: "2019-01-01") {{ {STANDING} }} }}')).body["data"]
        for id in ids
    ]
    expected = [each and each["check"] for each in alone]
    outcomes = {each["outcome"] for each in expected if each}
    assert outcomes == {"PROHIBITED", "RESTRICTED", "NEEDS_FINDING", "NOTHING_FOUND"}
    many = f'many: checks(subjects: $ids, asOf: "2019-01-01") {{ {STANDING} }}'
    owned = 'owned: ownership(subject: "world:street:e0", asOf: "2019-01-01") { integrated { direct } }'
    for beside in ("", owned):
        proxy.clear()
        answer = await asking.execute(f"query($ids: [ID!]!) {{ {many} {beside} }}", {"ids": ids})
        assert answer.body["data"]["many"] == expected
        assert [each["path"] for each in answer.body["errors"]] == [["many", 90]]
        assert len(proxy.statements) == 2, proxy.statements


async def test_more_days_take_no_other_statement(watched: tuple[Asking, Proxy]) -> None:
    """What the database plans does not depend on how many days are asked: one text, and another where it is one."""
    asking, proxy = watched
    for days in ((2016, 2019), (2015, 2017, 2019, 2021)):
        roots = " ".join(f'y{day}: check(subject: "world:deeds:li", asOf: "{day}-06-01") {{ outcome }}' for day in days)
        await asking.ask(f"{{ {roots} }}")
    first, second = proxy.statements
    assert first == second


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
