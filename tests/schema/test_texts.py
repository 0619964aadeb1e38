"""The text of a statement: neither values nor aliases decide it, and it counts nothing that was not asked for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, cast

import pytest

from graph.codes import Role
from graph.store.address import Address
from graph.store.audit import AuditLog
from graph.store.connection import ConnectionLimits, Database
from tests.graph.store.test_statements import hits, session_of
from tests.schema.asking import Asking
from tests.schema.test_lists import TOWN
from tests.schema.watching import PATIENCE

pytestmark = pytest.mark.anyio


PATIENT: Final = ConnectionLimits(read_seconds=PATIENCE)


class Heard:
    """A database and what it was asked to read: texts with their parameters."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def read(self, statement: str, parameters: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
        self.asked.append((statement, parameters))
        return await self.inner.read(statement, parameters, **more)


@pytest.fixture(scope="module")
async def town(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asking]:
    asking = Asking(cast("Database", Heard(standing_database)), tmp_path_factory.mktemp("worlds"))
    asking.world.audit = AuditLog(standing_database, "test")
    await asking.load("town", TOWN)
    usual, standing_database.limits = standing_database.limits, PATIENT  # texts are compared, not how soon they answer
    yield asking
    standing_database.limits = usual


async def asked(
    town: Asking, document: str, role: Role = Role.GOVERNMENT, variables: dict[str, Any] | None = None
) -> list[tuple[str, Mapping[str, Any]]]:
    heard = cast("Heard", town.database)
    heard.asked.clear()
    await town.ask(document, variables, role)
    return [*heard.asked]


READERS: Final = (Role.GOVERNMENT, Role.PUBLIC)
# Documents of one form each: what differs are values, written or given, and what the client calls its fields.
ALIKE: Final = {
    "sizes, days and ids": (
        """{ enterprise(identifier: "world:town:a", asOf: "2019-01-01") {
          name(asOf: "2014-01-01") posts(first: 3) { nodes { id person { name } } } } }""",
        """{ enterprise(identifier: "91440704YY0000028A", asOf: "2025-06-30") {
          name(asOf: "2016-02-29") posts(first: 99) { nodes { id person { name } } } } }""",
    ),
    "conditions": (
        """{ enterprises(first: 2, where: {and: [{name: {contains: "甲"}}, {established: {lt: "2013-01-01"}}]},
          orderBy: [{field: REGISTERED_CAPITAL}]) { nodes { id } } }""",
        """{ enterprises(first: 20, where: {and: [{name: {contains: "') DETACH DELETE n //"}},
          {established: {lt: "2020-01-01"}}]},
          orderBy: [{field: REGISTERED_CAPITAL}]) { nodes { id } } }""",
    ),
    "lists of values": (  # an id would be another form: it is compared, an identifier is looked up
        '{ records(where: {state: {in: [ACTIVE]}, department: {eq: "world:town:samr"}}) { nodes { id } } }',
        '{ records(where: {state: {in: [REVOKED, ACTIVE]}, department: {eq: "11440700YY00000529"}}) { nodes { id } } }',
    ),
    "aliases": (
        '{ organizations(first: 5) { nodes { id name former: name(asOf: "2014-01-01") records { totalCount } } } }',
        '{ rows: organizations(first: 5) { all: nodes { key: id n: name was: name(asOf: "2014-01-01")'
        " r: records { many: totalCount } } } }",
    ),
    "what is sought": (
        '{ search(text: "江门", first: 3) { nodes { id } totalCount } }',
        '{ found: search(text: "江门甲食", first: 9) { nodes { which: id } totalCount } }',
    ),
    "who is judged": (
        '{ check(subject: "world:town:a", asOf: "2019-01-01") { outcome measures { key party { id } } } }',
        '{ c: check(subject: "world:town:li", asOf: "2020-01-01") { is: outcome'
        " m: measures { k: key party { i: id } } } }",
    ),
    "what is linked": (
        '{ links(between: ["world:town:a", "world:town:b"], maxHops: 4) { paths { length } } }',
        '{ l: links(between: ["world:town:li", "world:town:c"], maxHops: 4) { p: paths { n: length } } }',
    ),
}


@pytest.mark.parametrize(
    ("which", "role"),
    [*((each, Role.GOVERNMENT) for each in ALIKE), ("sizes, days and ids", Role.PUBLIC), ("conditions", Role.PUBLIC)],
)
async def test_values_and_aliases_are_no_part_of_a_text(town: Asking, which: str, role: Role) -> None:
    first, second = [[text for text, _ in await asked(town, each, role)] for each in ALIKE[which]]
    assert first
    assert first == second


async def test_given_values_make_the_text_that_written_ones_make(town: Asking) -> None:
    given = """query($where: EnterpriseFilter, $first: Int, $day: Date) {
      enterprises(first: $first, where: $where, asOf: $day) { nodes { id } } }"""
    values = {"where": {"name": {"startsWith": "江门"}}, "first": 7, "day": "2020-01-01"}
    written = '{ enterprises(first: 2, where: {name: {startsWith: "新"}}, asOf: "2021-01-01") { nodes { id } } }'
    (first, _), (second, _) = (*await asked(town, given, variables=values), *await asked(town, written))
    assert first == second


COUNTS: Final = {
    "{ enterprises { nodes { id posts { nodes { id } } records { nodes { id } } } } }": 0,
    "{ enterprises { totalCount nodes { id posts { nodes { id } } records { nodes { id } } } } }": 1,
    "{ enterprises { nodes { id posts { totalCount nodes { id } } records { nodes { id } } } } }": 1,
    "{ enterprises { totalCount nodes { id posts { totalCount } records { totalCount } } } }": 3,
    "{ records { nodes { id } pageInfo { hasNextPage hasPreviousPage } } departments { nodes { id } } }": 0,
}


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("document", COUNTS)
async def test_nothing_is_counted_but_the_totals_selected(town: Asking, document: str, role: Role) -> None:
    ((text, _),) = await asked(town, document, role)
    assert len(re.findall(r"\bCOUNT\s*\{|\bcount\(", text)) == COUNTS[document]


@pytest.mark.parametrize("root", ["enterprises", "organizations", "persons", "departments"])
async def test_a_total_of_all_there_is_costs_who_may_see_all_one_hit(town: Asking, server: Address, root: str) -> None:
    ((text, parameters),) = await asked(town, f"{{ {root} {{ totalCount }} }}")
    with session_of(server) as session:
        result = session.run(f"PROFILE {text}", dict(parameters))
        (row,) = [*result]
        profile = result.consume().profile
    assert profile is not None
    assert hits(profile) == 1
    (told,) = row.values()
    assert told[1] == (await town.ask(f"{{ {root} {{ nodes {{ id }} totalCount }} }}"))[root]["totalCount"] > 0
