"""Every local answer equals what the columns of a whole city say: random subjects, the deepest and the largest hubs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Final

import pytest

from graph.ownership import Network, control_from_every_holder, controlled
from graph.progress import SilentProgress
from graph.store.connection import Database
from loaders.city.city import City
from loaders.city.days import END
from loaders.city.extent import Extent
from loaders.city.load import load
from tests.conftest import PERSON_KEY
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio
SIZE: Final = 1_000
COLUMNS = """
MATCH (x)-[e:HOLDS]->(y) WHERE e.from <= $day AND e.to > $day AND e.retractedAt STARTS WITH '9999'
RETURN collect(x.id) AS holders, collect(y.id) AS owned, collect(coalesce(e.share, -1)) AS shares,
  collect(coalesce(e.votes, -1)) AS votes"""
PAIRS = """
MATCH (x)-[e:ACTS_IN_CONCERT_WITH|CONTROLS]->(y) WHERE e.from <= $day AND e.to > $day
RETURN collect([type(e), x.id, y.id]) AS pairs"""
ASKED = """
query($id: ID!, $firm: String!) {
  ownership(subject: $id) {
    integrated { owner { id } owned { id } integrated voting } subgraph { truncated { reason } }
  }
  subject(identifier: $firm) { ... on Organization { controllers { subject { id } basis voting ultimate } } }
}"""


@pytest.fixture(scope="module")
async def asked(standing_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Asking:
    await load(standing_database, City(Extent(SIZE, 1, PERSON_KEY, END)), now=NOW, progress=SilentProgress())
    return Asking(standing_database, tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
async def whole(asked: Asking) -> Network:
    """The city as columns, numbered without regard to whom a question is about."""
    day = {"day": NOW.date().isoformat()}
    (row,) = await asked.database.read(COLUMNS, day)
    (between,) = await asked.database.read(PAIRS, day)
    ids = sorted({*row["holders"], *row["owned"], *(id for each in between["pairs"] for id in each[1:])})
    place = {each: position for position, each in enumerate(ids)}
    pairs = [(kind == "CONTROLS", place[x], place[y]) for kind, x, y in between["pairs"]]
    return Network.of_columns(
        ids,
        [place[each] for each in row["holders"]],
        [place[each] for each in row["owned"]],
        row["shares"],
        row["votes"],
        declared=[(x, y) for declared, x, y in pairs if declared],
        concert=[(x, y) for declared, x, y in pairs if not declared],
    )


def reached(edges: Sequence[Sequence[tuple[int, int]]], start: int) -> dict[int, int]:
    """Steps to everyone along the edges."""
    steps, level = {start: 0}, [start]
    while level:
        level = [*dict.fromkeys(far for each in level for far, _ in edges[each] if far not in steps)]
        steps.update(dict.fromkeys(level, max(steps.values()) + 1))
    return steps


def subjects(whole: Network) -> list[int]:
    drawn = random.Random(7)
    every = range(len(whole.ids))
    deepest = sorted(every, key=lambda each: -max(reached(whole.held, each).values()))[:5]
    largest = sorted(every, key=lambda each: -len(whole.shares[each]))[:5]
    return [*dict.fromkeys([*deepest, *largest, *drawn.sample(every, 200)])]


def by_series(whole: Network, owner: int) -> dict[int, float]:
    """The corrected walk sum as its definition says it: step by step, never through the owner again."""
    total: dict[int, float] = {}
    walk = {owner: 1.0}
    for _ in range(400):
        following: dict[int, float] = {}
        for each, part in walk.items():
            for far, weight in whole.shares[each]:
                if weight:
                    following[far] = following.get(far, 0.0) + part * weight / 100_000_000
        for far, part in following.items():
            total[far] = total.get(far, 0.0) + part
        walk = {far: part for far, part in following.items() if far != owner and part > 1e-15}
    return {far: part for far, part in total.items() if far != owner}


def percents(parts: dict[tuple[str, str], float]) -> dict[tuple[str, str], Any]:
    return {ends: pytest.approx(part * 100, abs=2e-6) for ends, part in parts.items()}


async def test_local_answers_equal_the_whole_city(asked: Asking, whole: Network) -> None:
    pairs = set(zip(*control_from_every_holder(whole), strict=True))
    ruled = {y for _, y in pairs}.union(*(controlled(whole, group).parties for group in whole.groups))
    checked = rings = 0
    for each in subjects(whole):
        id = whole.ids[each]
        data: Any = await asked.ask(ASKED, {"id": id, "firm": id})
        assert data["ownership"]["subgraph"]["truncated"] is None, id
        shares = {
            (one["owner"]["id"], one["owned"]["id"]): float(one["integrated"])
            for one in data["ownership"]["integrated"]
            if one["integrated"] is not None
        }
        below = {(id, whole.ids[far]): part for far, part in by_series(whole, each).items()}
        above = {
            (whole.ids[owner], id): part
            for owner in reached(whole.held, each)
            if owner != each and (part := by_series(whole, owner).get(each))
        }
        assert shares == percents({**above, **below}), id
        rings += any(owner in {far for _, far in below} for owner, _ in above)
        votes = {
            one["owned"]["id"]: one["voting"] for one in data["ownership"]["integrated"] if one["owner"]["id"] == id
        }
        joined = controlled(whole, (each,)).votes
        assert votes == {
            whole.ids[far]: None if not joined.get(far) else f"{joined[far] / 1_000_000:.6f}".rstrip("0").rstrip(".")
            for far in reached(whole.shares, each)
            if far != each
        }, id
        found = (data["subject"] or {}).get("controllers") or []
        alone = {one["subject"]["id"]: one["ultimate"] for one in found if one["basis"] != "CONCERT"}
        assert alone == {whole.ids[x]: x not in ruled for x, y in pairs if y == each}, id
        together = {one["subject"]["id"] for one in found if one["basis"] == "CONCERT"}
        groups = [group for group in whole.groups if each in controlled(whole, group).parties]
        assert together <= {whole.ids[one] for group in groups for one in group}, id
        assert bool(together) == any(not alone.keys() & {whole.ids[one] for one in group} for group in groups), id
        checked += 1
    assert checked > 200
    assert rings > 0


async def test_nobody_is_related_by_the_state_that_owns_them(asked: Asking, whole: Network) -> None:
    (state,) = (each for each, id in enumerate(whole.ids) if id.startswith("gov_") and len(whole.shares[each]) > 1)
    firms = [whole.ids[owned] for owned, _ in whole.shares[state]][:3]
    for id in firms:
        data = await asked.ask("query($id: ID!) { ownership(subject: $id) { closeLinks { id } } }", {"id": id})
        assert not {each["id"] for each in data["ownership"]["closeLinks"]} & {whole.ids[state], *firms}


async def test_the_longest_answer_is_within_the_cap(asked: Asking, whole: Network) -> None:
    hub = max(range(len(whole.ids)), key=lambda each: len(whole.shares[each]))
    data = await asked.ask(
        "query($id: ID!) { ownership(subject: $id, direction: OWNED) { integrated { owned { id } } } }",
        {"id": whole.ids[hub]},
    )
    assert len(data["ownership"]["integrated"]) == min(500, len(reached(whole.shares, hub)) - 1)
