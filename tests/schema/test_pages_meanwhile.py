"""Pages turned while others write: whoever stays in his place is met once, whatever comes around him."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from graph.codes import Role
from tests.schema.asking import Asking

pytestmark = pytest.mark.anyio

STAYING: Final = 24
ROUNDS: Final = 8  # loads while pages are turned
FIRST: Final = "\n".join(
    (
        "subjects:",
        "  - {id: hub, kind: Enterprise, name: 江门总公司}",
        *(
            f"  - {{id: e{i}, kind: Enterprise, name: 甲{i:03}, established: {2001 + i // 3}-05-01}}"
            for i in range(0, 2 * STAYING, 2)
        ),
        *(f"  - {{id: p{i}, kind: Person, name: 李某}}" for i in range(0, 2 * STAYING, 2)),
        "posts:",
        *(
            f"  - {{person: p{i}, organization: hub, role: DIRECTOR, from: {2001 + i // 3}-05-01}}"
            for i in range(0, 2 * STAYING, 2)
        ),
        "records:",
        *(
            f"  - {{id: r{i}, kind: PERMIT, about: hub, decidedOn: {2001 + i // 3}-05-01}}"
            for i in range(0, 2 * STAYING, 2)
        ),
        "",
    )
)


def later(round: int) -> str:
    """New ones of every list: before all, among them with the same key and with keys of their own, behind all."""
    places = ((0, 1990), (2 * round + 1, 2001 + (2 * round + 1) // 3), (999, 2024))
    lines = ["subjects:"]
    lines += [
        f"  - {{id: n{round}x{i}, kind: Enterprise, name: 甲{i:03}新, established: {y}-05-01}}" for i, y in places
    ]
    lines += [f"  - {{id: q{round}x{i}, kind: Person, name: 王某}}" for i, _ in places]
    lines += ["posts:"]
    lines += [
        f"  - {{person: q{round}x{i}, organization: n{round}x{i}, role: DIRECTOR, from: {y}-05-01}}" for i, y in places
    ]
    lines += ["records:"]
    lines += [f"  - {{id: s{round}x{i}, kind: PERMIT, about: n{round}x{i}, decidedOn: {y}-05-01}}" for i, y in places]
    return "\n".join((*lines, ""))


# Root, order, directions, readers: by an index, by a sort, where rows are hidden.
LISTS: Final = (
    ("enterprises", "", ("forward", "backward"), (Role.GOVERNMENT,)),
    ("enterprises", "orderBy: {field: ESTABLISHED, direction: DESC}", ("forward",), (Role.PUBLIC,)),
    ("enterprises", "orderBy: [{field: ESTABLISHED}, {field: NAME, direction: DESC}]", ("backward",), (Role.PUBLIC,)),
    ("records", "", ("forward", "backward"), (Role.GOVERNMENT,)),
)
WAYS: Final = {
    "forward": ("first", "after", "hasNextPage", "endCursor"),
    "backward": ("last", "before", "hasPreviousPage", "startCursor"),
}


@pytest.fixture(scope="module")
async def growing(asking: Asking) -> Asking:
    await asking.load("first", FIRST)
    return asking


async def walked(asking: Asking, root: str, order: str, way: str, role: Role) -> list[str]:
    """All ids, three at a time, until there are no more."""
    size, place, more, end = WAYS[way]
    arguments = ", ".join(each for each in (f"{size}: 3", f"{place}: $at", order) if each)
    document = f"query($at: String) {{ {root}({arguments}) {{ nodes {{ id }} pageInfo {{ {more} {end} }} }} }}"
    found: list[str] = []
    at: str | None = None
    while True:
        page = (await asking.ask(document, {"at": at}, role))[root]
        ids = [each["id"] for each in page["nodes"]]
        found = [*found, *ids] if way == "forward" else [*ids, *found]
        if not page["pageInfo"][more]:
            return found
        at = page["pageInfo"][end]


async def test_who_stays_is_met_once_while_others_come(growing: Asking) -> None:
    """Of what is there from the beginning, on pages of three, as often as can be while rows are written."""
    asks = [(root, order, way, role) for root, order, ways, roles in LISTS for way in ways for role in roles]
    before = [await walked(growing, *ask) for ask in asks]

    async def write() -> None:
        for round in range(ROUNDS):
            await growing.load(f"later{round}", later(round))

    writing = asyncio.create_task(write())
    meanwhile: list[list[list[str]]] = []
    while not writing.done():
        meanwhile.append([await walked(growing, *ask) for ask in asks])
    await writing
    after = [await walked(growing, *ask) for ask in asks]
    grown = [[len(told) for told in each] for each in (before, *meanwhile, after)]
    assert grown[0] != grown[-1]
    for told in (*meanwhile, after):
        for was, now in zip(before, told, strict=True):
            assert len(now) == len(set(now))
            assert [each for each in now if each in set(was)] == was
