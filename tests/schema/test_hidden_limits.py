"""A limit is filled by what its reader may see alone: how much is hidden does not show in what was cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson
import pytest

from graph.codes import Role
from graph.store import bidders, expansion, links
from schema import computed
from schema.documents import Documents
from tests.conftest import empty
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

LOW: Final = 12  # instead of thousands
MANY: Final = 15
WORLD: Final = """
subjects:
  - {id: jia, kind: Enterprise, name: 江门甲有限公司}
  - {id: yi, kind: Enterprise, name: 江门乙有限公司}
  - {id: li, kind: Person, name: 李某}
  - {id: self, kind: Person, name: 王某}
"""
AROUND: Final = """
posts:
  - {person: li, organization: jia, role: LEGAL_REPRESENTATIVE, from: 2015-01-01}
  - {person: li, organization: yi, role: DIRECTOR, from: 2015-01-01}
"""
FINE: Final = "kind: PENALTY, type: FINE, about: jia, decidedOn: 2025-11-01, publishedFrom: 2025-11-01"
RECORDS: Final = f"records:\n  - {{id: fine, {FINE}}}\n"
QUESTIONS: Final = {
    "check": 'check(subject: "world:low:jia") { complete truncated { reason omitted } outcome measures { key } }',
    "reach": 'reach(record: "world:low:fine") { complete truncated { reason omitted } measures { key } }',
    "what if": """whatIf(subject: "world:low:jia", changes: [
      {changeRecord: {record: "world:low:fine", state: REPAIRED, on: "2025-12-01"}}
    ]) { before { complete truncated { reason } } after { complete } }""",
    "bidders": 'bidConflicts(bidders: ["world:low:jia", "world:low:yi"]) { rule { id } certainty }',
    "links": """links(between: ["world:low:jia", "world:low:yi"], maxHops: 2, relations: [EMPLOYED_BY, ABOUT]) {
      paths { length } subgraph { nodes { id } truncated { reason omitted } } }""",
    "counts": 'subject(identifier: "world:low:jia") { relationCounts { kind forward count capped } }',
}
OF_ONESELF: Final = ("check", "bidders")  # what is told of one's own is asked for in another way


def world(hidden: int) -> str:
    """So many persons, and as many of them employed and so many convictions as are hidden."""
    persons = "".join(f"  - {{id: w{i}, kind: Person, name: 何某}}\n" for i in range(MANY))
    work = "".join(f"  - {{person: w{i}, organization: jia, role: EMPLOYEE}}\n" for i in range(hidden))
    crimes = "".join(
        f"  - {{id: c{i}, kind: CRIMINAL_CONVICTION, about: jia, decidedOn: 2020-01-01}}\n" for i in range(hidden)
    )
    return WORLD + persons + AROUND + work + RECORDS + crimes


@pytest.fixture
def lowered(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits that are met, lowered; statements hold some of them, so they are written anew."""
    monkeypatch.setattr(computed, "LARGEST_NEIGHBOURHOOD", LOW)
    for holder, name in (
        (bidders, "MOST_FACTS"),
        (links, "MOST_NODES"),
        (links, "MOST_RELATIONS"),
        (expansion, "MOST_COUNTED"),
        (expansion, "MOST_SCANNED"),
    ):
        monkeypatch.setattr(holder, name, LOW)
    served = asking.world
    monkeypatch.setitem(vars(served), "documents", Documents(served.schema._schema, served.limits_of, served.observer))
    cached: Any = (bidders.body, links.body)
    for each in cached:
        each.cache_clear()
    yield
    for each in cached:
        each.cache_clear()


async def told(asking: Asking, role: Role, names: Iterable[str] = QUESTIONS, **reader: Any) -> dict[str, bytes]:
    return {
        name: orjson.dumps((await asking.execute(f"{{ {QUESTIONS[name]} }}", None, role, **reader)).body)
        for name in names
    }


@pytest.mark.usefixtures("lowered")
async def test_a_limit_is_not_filled_by_what_is_hidden(asking: Asking) -> None:
    answers = []
    for hidden in (0, MANY):
        await empty(asking.database)  # an answer tells the version of the graph
        await asking.load("low", world(hidden))
        public = await told(asking, Role.PUBLIC)
        answers.append((public, await told(asking, Role.SUBJECT, OF_ONESELF, subject="world:low:self")))
    assert answers[0] == answers[1]
    official = await told(asking, Role.GOVERNMENT)
    assert [name for name, said in official.items() if b"LIMIT" not in said and b'"capped":true' not in said] == []
