"""Many texts sought with two documents: values only change, so that the database plans a handful of shapes.

It must not know answers.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from graph.codes import Role
from tests.oracle.operations import Follow, Operation
from tests.oracle.reading import Asker
from tests.oracle.values import Values
from tests.oracle.world import Drawn

GIVEN: Final = "$text: String!, $kinds: [SearchKind!], $size: Int, $cursor: String, $on: Date, $known: DateTime"
TOLD: Final = """{
  edges { cursor matched snippet node { id ... on Subject { name } ... on CreditRecord { documentNumber } } }
  nodes { id } totalCount truncated { reason omitted lowerBound }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  kinds: facets(by: KIND) { value count } statuses: facets(by: STATUS) { value label count }
  regions: facets(by: REGION) { value count } industries: facets(by: INDUSTRY) { value count } } }"""
WAYS: Final = {
    "endCursor": f"query({GIVEN}) {{ search(text: $text, kinds: $kinds, first: $size, after: $cursor,"
    f" asOf: $on, knownAt: $known) {TOLD}",
    "startCursor": f"query({GIVEN}) {{ search(text: $text, kinds: $kinds, last: $size, before: $cursor,"
    f" asOf: $on, knownAt: $known) {TOLD}",
}


def searches(drawn: Drawn, seed: int) -> Iterator[Operation]:
    """Endless; each is turned page by page, forwards or backwards, by officials, the public and whom a person is."""
    chance = random.Random(seed)
    values = Values(drawn, chance, Counter())
    kinds = ("ENTERPRISE", "PERSON", "GOVERNMENT_BODY", "SOCIAL_ORGANIZATION", "RECORD")
    while True:
        role = chance.choice((Role.GOVERNMENT, Role.PUBLIC, Role.SUBJECT, Role.PROFESSIONAL))
        person = values.identifier(values.by_kind["PERSON"])
        cursor = chance.choice(tuple(WAYS))
        given: dict[str, Any] = {"text": values.sought(), "size": chance.choice((1, 2, 3, 5, 20, None))}
        given |= {"kinds": chance.sample(kinds, chance.choice((0, 1, 2)))} if chance.random() < 0.3 else {}
        given |= {"on": values.day()} if chance.random() < 0.4 else {}
        given |= {"known": values.instant()} if chance.random() < 0.3 else {}
        own = person if role in (Role.SUBJECT, Role.PROFESSIONAL) else None
        yield Operation(WAYS[cursor], given, Asker(role, own), Follow("cursor", ("search",), cursor))
