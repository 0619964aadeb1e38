"""What the writer stored is what the readers see: a firm renamed and corrected, a record retracted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from graph.changes import Batch, Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RecordKind, RelationKind
from graph.conditions import Target
from graph.facts import Record
from graph.identifiers import Lookup
from graph.periods import SHANGHAI, Moment, instant, parse_period
from graph.rules import Footprint
from graph.store.asked import Asked, Neighbours
from graph.store.conditions import Reading
from graph.store.connection import Database
from graph.store.lookup import find
from graph.store.neighbourhood import neighbourhood
from graph.store.projection import Near
from graph.store.writer import write
from graph.views import PageRequest
from tests.graph.store.reading import neighbours, nodes, pages, relations

pytestmark = pytest.mark.anyio
TODAY = date(2024, 1, 1)
FIRST, SECOND = datetime(2021, 1, 1, tzinfo=SHANGHAI), datetime(2022, 1, 1, tzinfo=SHANGHAI)
BETWEEN = instant(datetime(2021, 6, 1, tzinfo=SHANGHAI))
POSTS = Footprint(frozenset({RelationKind.LEGAL_REPRESENTATIVE_OF}), 2)


def node(ref: str, kind: str, *versions: VersionDraft, **values: Value) -> NodeDraft:
    claim = Claim(IdentifierScheme.WORLD, ref, "case")
    return NodeDraft(ref, kind, (claim,), versions or (VersionDraft(values),), entry=1)


def named(name: str, since: str | None, until: str | None) -> VersionDraft:
    return VersionDraft({"name": name}, parse_period(since, until))


def relation(kind: RelationKind, start: str, end: str, values: Mapping[str, Value] | None = None) -> RelationDraft:
    return RelationDraft(kind, start, end, f"{kind}:{start}:{end}", 1, values=values or {})


def world(new_name: str, *, with_record: bool) -> Batch:
    drafts = [
        node("acme", "ENTERPRISE", named("旧名", "2010-01-01", "2016-05-01"), named(new_name, "2016-05-01", None)),
        node("li", "PERSON", name="李某", adultOn="1920-01-01"),
    ]
    edges = [relation(RelationKind.LEGAL_REPRESENTATIVE_OF, "li", "acme")]
    if with_record:
        penalty: Mapping[str, Value] = {"decidedOn": "2018-06-01", "from": "2018-06-01", "types": ("FINE",)}
        drafts.append(node("r1", "PENALTY", VersionDraft(penalty)))
        edges.append(relation(RelationKind.ABOUT, "r1", "acme"))
        edges.append(relation(RelationKind.RESPONSIBLE_FOR, "li", "r1", {"capacity": "NAMED"}))
    return Batch("case", f"load {new_name}", tuple(drafts), tuple(edges), full=True)


def key(ref: str) -> Lookup:
    return Lookup(None, (Claim(IdentifierScheme.WORLD, ref, "case").key,))


@pytest.fixture
async def written(database: Database) -> Database:
    await write(database, world("误名", with_record=True), now=FIRST, today=TODAY)
    await write(database, world("正名", with_record=False), now=SECOND, today=TODAY)
    return database


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (Moment(date(2014, 1, 1)), "旧名"),
        (Moment(date(2018, 1, 1), BETWEEN), "误名"),
        (Moment(date(2018, 1, 1)), "正名"),
    ],
)
async def test_a_firm_renamed_and_corrected_has_three_names(written: Database, moment: Moment, name: str) -> None:
    ((id,),) = await find(written, [key("acme")], moment)
    view = (await nodes(written, [id], moment))[id]
    assert view.values["name"] == name
    assert view.provenance.source == "case"


async def test_the_retracted_record_is_gone_now_and_whole_before(written: Database) -> None:
    now, before = Moment(date(2023, 1, 1)), Moment(date(2023, 1, 1), BETWEEN)
    assert await find(written, [key("r1")], now) == [()]
    ((record,), (firm,), (person,)) = await find(written, [key("r1"), key("acme"), key("li")], before)
    assert (await nodes(written, [record], now), await neighbours(written, record, now)) == ({}, {})
    view = (await nodes(written, [record], before))[record]
    assert (view.kind, view.subjects, [each.person for each in view.responsible]) == ("PENALTY", (firm,), [person])
    assert await neighbours(written, record, before) == {Near.SUBJECTS: [firm], Near.RESPONSIBLE: [person]}
    assert view.values["from"] == "2018-06-01"
    about = Neighbours(RelationKind.ABOUT, Target.RECORD)
    found = [await pages(written, [firm], Asked(about, Reading(each, True), PageRequest(9))) for each in (now, before)]
    assert [[row.id for row in each[firm].rows] for each in found] == [[], [record]]


async def test_the_neighbourhood_of_what_was_written_is_whole(written: Database) -> None:
    before = await neighbourhood(
        written, [key("acme"), key("r1")], POSTS, Moment(date(2023, 1, 1), BETWEEN), limit_edges=99
    )
    ((firm,), (record_id,)) = before.seeds
    (post,) = before.facts.posts
    (record,) = before.facts.records
    (finding,) = before.facts.findings
    assert (post.organization, record.id, finding.record, finding.person) == (firm, record_id, record_id, post.person)
    assert isinstance(record, Record)
    assert (record.kind, list(record.about), record.effective) == (
        RecordKind.PENALTY,
        [firm],
        parse_period("2018-06-01", None),
    )
    now = await neighbourhood(written, [key("acme")], POSTS, Moment(date(2023, 1, 1)), limit_edges=99)
    assert (len(now.facts.posts), now.facts.records, now.facts.findings) == (1, (), ())
    assert now.version > 0
    assert (await relations(written, [post.id], Moment(date(2023, 1, 1)))).keys() == {post.id}
