"""Two subjects made one and two again: every reader sees what the operator decided, and before the decision two."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.errors import Conflict, Invalid, NotFound
from graph.store.connection import Database
from graph.store.merging import merge, split
from tests.schema.asking import NOW, Asking

pytestmark = pytest.mark.anyio

WORLD = """
subjects:
  - {id: old, kind: Enterprise, name: 旧登记公司, uscc: 91440703YY000001XU, region: "440703"}
  - {id: new, kind: Enterprise, name: 新登记公司, region: "440703"}
  - {id: far, kind: Enterprise, name: 远处公司}
  - {id: li, kind: Person, name: 李某, adultOn: 1930-01-01}
  - {id: wang, kind: Person, name: 王某, adultOn: 1930-01-01}
posts:
  - {person: li, organization: old, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
  - {person: wang, organization: new, role: LEGAL_REPRESENTATIVE, from: 2012-05-01}
holdings: [{holder: old, organization: far, share: "60", from: 2013-01-01}]
relations:
  - {from: old, to: new, kind: POSSIBLY_SAME_AS, reasons: [同址]}
records:
  - {id: o1, kind: CONSUMPTION_RESTRICTION, about: old, documentNumber: 限1号, decidedOn: 2023-05-01}
"""
OF_ONE = """query($id: String!, $knownAt: DateTime) {
  subject(identifier: $id, knownAt: $knownAt, asOf: "2024-01-01") { ... on Organization { name formerIds %s } }
}"""
PARTS = (
    "posts { nodes { person { name } post } }",
    "investments { nodes { organization { name } share } }",
    "records { totalCount nodes { documentNumber subjects { name } } } possiblySame { reasons }",
)
ALL = """query($knownAt: DateTime) {
  enterprises(first: 10, knownAt: $knownAt, asOf: "2024-01-01") { totalCount nodes { name } }
}"""
COUNTED = """query($old: String!, $new: String!) {
  old: subject(identifier: $old) { ... on Organization { records { totalCount } } }
  new: subject(identifier: $new) { ... on Organization { records { totalCount } } }
}"""
BESIDE = """
subjects: [{id: firm, kind: Enterprise, name: 旧登记公司, uscc: 91440703YY000001XU}]
records: [{id: p1, kind: PENALTY, about: firm, documentNumber: 罚1号, decidedOn: 2022-05-01, type: FINE}]
"""
CHECKED = """query($id: ID!) { check(subject: $id, asOf: "2024-01-01") { measures { rule { id } party { name } } } }"""
IDS = {"old": "world:merging:old", "new": "world:merging:new"}
WHO = '{ old: subject(identifier: "world:merging:old") { id } new: subject(identifier: "world:merging:new") { id } }'


@pytest.fixture
async def two(database: Database, tmp_path: Path) -> Asking:
    asking = Asking(database, tmp_path)
    await asking.load("merging", WORLD)
    return asking


async def told(two: Asking, known_at: datetime | None = None) -> Any:
    """Part by part: on a busy machine a statement of all of them is not planned within its limit."""
    known = {"knownAt": None if known_at is None else known_at.isoformat()}
    found = await two.ask(ALL, known)
    for name, id in IDS.items():
        found[name] = {}
        for part in PARTS:
            found[name] |= (await two.ask(OF_ONE % part, {"id": id, **known}))["subject"]
    return found


async def ids(two: Asking) -> tuple[str, str]:
    found = await two.ask(WHO)
    return found["old"]["id"], found["new"]["id"]


async def test_one_subject_has_what_two_had_and_split_again_each_has_its_own(two: Asking) -> None:
    old, new = await ids(two)
    before = await told(two)
    assert before["enterprises"] == {
        "totalCount": 3,
        "nodes": [{"name": "新登记公司"}, {"name": "旧登记公司"}, {"name": "远处公司"}],
    }
    assert [each["person"]["name"] for each in before["old"]["posts"]["nodes"]] == ["李某"]

    two.now = NOW + timedelta(days=1)
    done = await merge(two.database, old, new, ground="同一统一社会信用代码,变更登记", now=two.now)
    assert (done.loser, done.survivor, done.relations, done.names) == (old, new, 3, 2)
    one = {
        "name": "新登记公司",
        "formerIds": [old],
        "posts": {
            "nodes": [
                {"person": {"name": "李某"}, "post": "LEGAL_REPRESENTATIVE"},
                {"person": {"name": "王某"}, "post": "LEGAL_REPRESENTATIVE"},
            ]
        },
        "investments": {"nodes": [{"organization": {"name": "远处公司"}, "share": "60"}]},
        "records": {
            "totalCount": 1,
            "nodes": [{"documentNumber": "限1号", "subjects": [{"name": "新登记公司"}]}],
        },
        "possiblySame": [],
    }
    merged = await told(two)
    for each in ("old", "new"):
        merged[each]["posts"]["nodes"].sort(key=lambda post: post["person"]["name"])
    assert merged == {
        "old": one,
        "new": one,
        "enterprises": {"totalCount": 2, "nodes": [{"name": "新登记公司"}, {"name": "远处公司"}]},
    }
    assert await told(two, NOW) == before

    two.now = NOW + timedelta(days=2)
    undone = await split(two.database, done.id, now=two.now, today=two.now.date())
    assert (undone.loser, undone.survivor, undone.relations, undone.names, undone.later) == (old, new, 4, 2, ())
    assert await told(two) == before
    assert await told(two, NOW) == before


async def test_what_bound_the_one_binds_those_of_the_other_only_while_they_are_one(two: Asking) -> None:
    old, new = await ids(two)
    apart = [{"rule": {"id": "P01"}, "party": {"name": "旧登记公司"}}]
    assert (await two.ask(CHECKED, {"id": old}))["check"]["measures"] == apart
    assert (await two.ask(CHECKED, {"id": new}))["check"]["measures"] == []
    done = await merge(two.database, old, new, ground="变更登记", now=two.now)
    assert (await two.ask(CHECKED, {"id": new}))["check"]["measures"] == [
        {"rule": {"id": "P01"}, "party": {"name": "新登记公司"}}
    ]
    await split(two.database, done.id, now=two.now, today=two.now.date())
    assert (await two.ask(CHECKED, {"id": new}))["check"]["measures"] == []
    assert (await two.ask(CHECKED, {"id": old}))["check"]["measures"] == apart


async def test_the_same_file_again_changes_nothing_of_what_is_one(two: Asking) -> None:
    """A source goes on saying what it said; where two rows of a source are one subject, it is told so."""
    old, new = await ids(two)
    await two.load("beside", BESIDE)
    before = await two.ask(COUNTED, IDS)
    await merge(two.database, old, new, ground="变更登记", now=two.now)
    await two.load("beside", BESIDE)
    assert (await two.ask(COUNTED, IDS))["new"]["records"] == {"totalCount": 2}
    assert before["old"]["records"] == {"totalCount": 2}


async def test_relations_of_later_are_told_to_the_operator_who_splits(two: Asking) -> None:
    old, new = await ids(two)
    done = await merge(two.database, old, new, ground="变更登记", now=two.now)
    two.now += timedelta(days=1)
    await two.load("beside", BESIDE)
    undone = await split(two.database, done.id, now=two.now, today=two.now.date())
    assert [kind for kind, _ in undone.later] == ["ABOUT"]


async def test_what_cannot_be_one_or_two_is_refused(two: Asking) -> None:
    old, new = await ids(two)
    (person,) = (await two.ask('{ subject(identifier: "world:merging:li") { id } }')).values()
    now, today = two.now, two.now.date()
    refused: list[tuple[type[Exception], str, str, str]] = [
        (Invalid, old, old, "ground"),
        (Invalid, old, new, " "),
        (Invalid, old, person["id"], "ground"),
        (NotFound, old, "ent_000000000000000000000000", "ground"),
        (NotFound, "reg_440703", new, "ground"),
    ]
    for error, loser, survivor, ground in refused:
        with pytest.raises(error):
            await merge(two.database, loser, survivor, ground=ground, now=now)
    with pytest.raises(NotFound):
        await split(two.database, "rel_000000000000000000000000", now=now, today=today)
    done = await merge(two.database, old, new, ground="变更登记", now=now)
    for pair in ((old, new), (new, old)):
        with pytest.raises(Conflict):
            await merge(two.database, *pair, ground="变更登记", now=now)
    await split(two.database, done.id, now=now, today=today)
    with pytest.raises(Conflict):
        await split(two.database, done.id, now=now, today=today)


async def test_merges_are_undone_last_first(two: Asking) -> None:
    old, new = await ids(two)
    (far,) = (await two.ask('{ subject(identifier: "world:merging:far") { id } }')).values()
    before = await told(two)
    first = await merge(two.database, old, new, ground="变更登记", now=two.now)
    second = await merge(two.database, new, far["id"], ground="变更登记", now=two.now)
    assert (await told(two))["old"]["formerIds"] == sorted([old, new])
    with pytest.raises(Conflict):
        await split(two.database, first.id, now=two.now, today=two.now.date())
    await split(two.database, second.id, now=two.now, today=two.now.date())
    await split(two.database, first.id, now=two.now, today=two.now.date())
    assert await told(two) == before
