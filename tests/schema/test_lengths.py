"""A list is as long as the ids of an argument may be, whoever gives it: the document, a variable, or its default."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import pytest

from graph import rules
from graph.codes import Role
from graph.errors import LimitExceeded
from graph.store.audit import AuditLog
from graph.store.connection import Database
from schema.lengths import LIMITED, check_given
from schema.limits import PUBLIC, limits_of
from schema.operation import World, execute
from schema.packs import Packs
from tests.schema.asking import reading

pytestmark = pytest.mark.anyio
MOST = PUBLIC.ids
LIST = "query($ids: [ID!]) { records(where: {department: {in: $ids}}) { totalCount } }"
WHOLE = "query($where: CreditRecordFilter) { records(where: $where) { totalCount } }"
SUPPOSED = 'query($changes: [HypothesisInput!]!) { whatIf(subject: "x", changes: $changes) { before { outcome } } }'
BASIS = {"kind": "PENALTY", "about": "x", "decidedOn": "2024-01-01", "basis": [{"document": "法"}] * (MOST + 1)}
# One variable, seen by the limit of `ids` and by none.
BOTH = "query($ids: [ID!]!) { nodes(ids: $ids) { id } records(where: {id: {in: $ids}}) { totalCount } }"
SPREAD = "query($ids: [ID!]) { ...F } fragment F on Query { records(where: {not: {id: {in: $ids}}}) { totalCount } }"
MANY = '"x" ' * MOST
WRITTEN = LIST.replace("[ID!]", f'[ID!] = [{MANY} "x"]')
MIXED = f"query($id: ID!) {{ records(where: {{department: {{in: [{MANY} $id]}}}}) {{ totalCount }} }}"


def nobody() -> NoReturn:
    raise AssertionError("the database was asked")


def world(most: int = MOST) -> World:
    """Whose database must not be asked."""
    database = Database(nobody)
    return World(
        database=database,
        packs=Packs(rules.load()),
        audit=AuditLog(database, "test"),
        limits_of=lambda role: replace(limits_of(role), ids=most),
    )


async def refused(document: str, variables: dict[str, Any] | None, role: Role = Role.PUBLIC, most: int = MOST) -> Any:
    answer = await execute(world(most), reading(role), document, variables)
    assert answer.had_request_error
    return [each["extensions"] for each in answer.body["errors"]]


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.GOVERNMENT])
@pytest.mark.parametrize(
    ("document", "variables", "argument"),
    [
        (LIST, {"ids": ["x"] * 10_000}, "ids"),
        (LIST, {"ids": ["x"] * (MOST + 1)}, "ids"),
        (WHOLE, {"where": {"department": {"in": ["x"] * 10_000}}}, "where.department.in"),
        (WHOLE, {"where": {"or": [{}, {"id": {"in": ["x"] * (MOST + 1)}}]}}, "where.or.1.id.in"),
        (SUPPOSED, {"changes": [{"addRecord": BASIS}]}, "changes.0.addRecord.basis"),
        (BOTH, {"ids": ["x"] * (MOST + 1)}, "ids"),
        (SPREAD, {"ids": ["x"] * (MOST + 1)}, "ids"),
        (WRITTEN, None, "ids"),
        (MIXED, {"id": "x"}, "where"),
    ],
)
async def test_no_list_is_longer_than_ids_may_be(
    document: str, variables: dict[str, Any] | None, argument: str, role: Role
) -> None:
    assert await refused(document, variables, role) == [{"code": "LIMIT_EXCEEDED", "argument": argument}]


async def test_the_setting_is_that_of_ids() -> None:
    asked = {"ids": ["x"] * 3}
    assert await refused(LIST, asked, most=2) == [{"code": "LIMIT_EXCEEDED", "argument": "ids"}]


async def test_what_is_of_another_type_is_said_to_be_so() -> None:
    (error,) = await refused("query($n: Int) { records(first: $n) { totalCount } }", {"n": [1] * (MOST + 1)})
    assert error["code"] == "BAD_USER_INPUT"


def test_an_argument_with_a_limit_of_its_own_refuses_by_that() -> None:
    """Their answers are tested where they are given: one field of many is refused, at its place."""
    asked = {
        "ids": "query($v: [ID!]!) { nodes(ids: $v) { id } }",
        "subjects": "query($v: [ID!]!) { checks(subjects: $v) { __typename } }",
        "between": "query($v: [ID!]!) { links(between: $v) { __typename } }",
        "bidders": "query($v: [ID!]!) { bidConflicts(bidders: $v) { __typename } }",
        "texts": "query($v: [String!]!) { resolve(texts: $v) { __typename } }",
        "changes": SUPPOSED.replace("$changes", "$v"),
        "orderBy": "query($v: [CreditRecordOrder!]) { records(orderBy: $v) { __typename } }",
        "groupBy": "query($v: [StatisticsGroup!]) { statistics(of: RECORDS, groupBy: $v) { __typename } }",
    }
    assert asked.keys() == LIMITED
    documents = world().documents
    for name, document in asked.items():
        listed = documents.checked(document, reading(Role.PUBLIC)).scales.listed
        check_given({"v": ["x"] * (MOST + 1)}, listed, MOST)
        with pytest.raises(LimitExceeded):
            check_given({"v": [["x"] * (MOST + 1)]}, listed, MOST)
        assert listed == frozenset(), name
