"""What reads consist of begins at an index in both Cypher languages, and a page costs what its size costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any

import pytest
from neo4j import GraphDatabase, Session

from graph import propagation
from graph.codes import RelationKind
from graph.conditions import TRUE, Leaf, Op, Quantifier, Related, Target
from graph.identifiers import Lookup
from graph.periods import LATEST, NEVER, Moment
from graph.rules import Footprint, load
from graph.store import footings, lookup, moments, neighbourhood, ownership
from graph.store.address import Address
from graph.store.asked import Asked, Neighbours, OrderBy, Relations, Root, Source, Variables
from graph.store.bound import page_statement
from graph.store.conditions import Reading
from graph.store.connection import Database, Transaction
from graph.store.fragments import moment_parameters
from graph.store.groups import GROUPS
from graph.store.pages import owned_page
from graph.store.places import page_parameters
from graph.store.projection import (
    PARTS,
    Mode,
    Near,
    Time,
    found_rows,
    held_rows,
    moments_parameters,
    near_rows,
    node_row,
    relation_row,
    relation_rows,
    statement,
)
from graph.store.roots import root_page
from graph.store.rows import SUBJECT_KINDS
from graph.store.statistics import LABELS
from graph.store.statistics import statement as counting
from graph.views import PageRequest
from graph.vocabulary import POST_RELATION_KINDS
from tests.graph.store import reading
from tests.graph.store.drawn import Drawing, at

pytestmark = pytest.mark.anyio
R = RelationKind
LANGUAGES = pytest.mark.parametrize("language", ["CYPHER 5", "CYPHER 25"])
FOOTPRINT = Footprint(frozenset({R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.CONTROLS}), 2)
TELLING = replace(FOOTPRINT, telling=propagation.telling(load()), about=propagation.binding(load()))
LEADING = replace(TELLING, own=propagation.own(load()), leading=propagation.leading(load()))
WALKED = {
    "": FOOTPRINT,
    " that tell": TELLING,
    " that lead on": LEADING,
    " of owners": replace(FOOTPRINT, owners=True),
    " of whom a cause is about": replace(FOOTPRINT, addressed=True),
    " of nobody else": replace(FOOTPRINT, kinds=frozenset(), anywhere=True),
    " everywhere": replace(FOOTPRINT, everywhere=True),
}
NOW, THEN = Moment(date(2020, 1, 1)), Moment(date(2015, 1, 1), at("2021-01-01"))
FIRST, NEXT = (PageRequest(3, place, count=True, look_back=True) for place in (None, ("2019-01-01", "rec_9")))
LOOKUPS = lookup.lookup_parameters([Lookup("ent_a"), Lookup(None, ("WORLD|a|w",))])
STAKES = ownership.parameters([Lookup("ent_a"), Lookup(None, ("WORLD|a|w",))], most_parties=100, most_stakes=100)
PARAMETERS: Mapping[str, Any] = {
    **LOOKUPS,
    "limit": 100,
    **neighbourhood.walk_parameters(LEADING),
    **STAKES,
}
STATEMENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "find": (lookup.FIND, {}),
    "batches": (lookup.BATCHES, {"ids": ["ent_a", "rec_1"], "source": "test", "never": NEVER}),
    **{
        f"neighbourhood{name} {now}": (neighbourhood.statement(walked, now), {})
        for name, walked in WALKED.items()
        for now in (True, False)
    },
    **{
        f"neighbourhood {reader} {now}": (neighbourhood.statement(walked, now, reader), {"own": ["per_a"]})
        for reader, walked, now in (
            (neighbourhood.Reader(False), LEADING, True),
            (neighbourhood.Reader(False, owning=True), TELLING, True),
            (neighbourhood.Reader(False), LEADING, False),
            (neighbourhood.Reader(False, owning=True), LEADING, False),
        )
    },
    **{
        f"ownership {reach} {now}": (ownership.statement(frozenset(ownership.KINDS), reach, now), {})
        for reach in (ownership.Reach(), ownership.Reach(owned=True, beside=True))
        for now in (True, False)
    },
    **{
        f"several moments of {name} {now}": (
            moments.of_moments(written(now), answer, "given"),
            moments.moments_given([(0, NOW, own), (1, replace(NOW, as_of=THEN.as_of), own)], answer, "given"),
        )
        for name, written, answer, own in (
            # One footprint: the text is changed in the same places whatever is walked, and a plan costs two seconds.
            ("neighbourhood", partial(neighbourhood.statement, LEADING), neighbourhood.ANSWER, LOOKUPS),
            (
                "ownership",
                partial(ownership.statement, frozenset(ownership.KINDS), ownership.Reach(owned=True, beside=True)),
                ownership.ANSWER,
                STAKES,
            ),
        )
        for now in (True, False)
    },
}
OWNED: Mapping[str, Source] = {
    "posts": Relations(POST_RELATION_KINDS, forward=False),
    "posts held": Relations(POST_RELATION_KINDS, forward=True),
    "shareholders": Relations((R.HOLDS,), forward=False),
    "records": Neighbours(R.ABOUT, Target.RECORD),
    "entries": Neighbours(R.ON_LIST, Target.RECORD, valid=True),
    "branches": Neighbours(R.BRANCH_OF, Target.SUBJECT),
}
IDS = {"q_ids": ["ent_a", "rec_1", "per_a"], "q_pos": ["pos_1"], "q_hld": ["hld_1"]}
IDENTIFIED = {"q_ids": LOOKUPS["ids"], "q_keys": LOOKUPS["keys"]}
MOMENTS = {Mode.SNAPSHOT: NOW, Mode.MIXED: NOW, Mode.PAST: THEN}
FORBIDDEN = frozenset({"CartesianProduct", "Eager", "ValueHashJoin", "AllNodesScan"})

Shape = tuple[str, str, Mapping[str, Any]]


def near(which: Near, name: str, time: Time) -> str:
    return near_rows(which, name, f"{name}_{which}", f"{name}_far", time, node_row(f"{name}_far", time, ("name",)))


def every_part(name: str, time: Time) -> str:
    """A node with all that can be told of it but pages."""
    return node_row(name, time, None, PARTS, {which.value: near(which, name, time) for which in Near})


def owned(asked: Asked, owner: str, time: Time, prefix: str) -> str:
    """A page below a node; a row has the ends of its relation, or a neighbour of its own."""
    names = Variables.numbered(prefix, owner)
    far = node_row(names.node, time, ("name",), (), {"near": near(Near.SUBJECTS, names.node, time)})
    related = isinstance(asked.source, Relations)
    row = relation_row(names.relation, {"start": far, "end": node_row(owner, time, ("name",))}) if related else far
    return time.write(owned_page(asked, names, prefix, row))


def by_id() -> Iterator[Shape]:
    """Every statement that begins at nodes or relations that are named."""
    for moment in (NOW, THEN):
        for name, (text, parameters) in STATEMENTS.items():
            yield f"{name} {moment.known_at}", text, {**PARAMETERS, **parameters, **moment_parameters(moment)}
    for mode, moment in MOMENTS.items():
        time, dated = Time(0, mode), {**moments_parameters([moment]), "own": ["ent_a"]}
        values = node_row("n", time, ("name",))
        ends = relation_row("r", {"start": node_row("s", time, ("name",)), "end": node_row("e", time, ("name",))})
        bodies = {
            "values": held_rows("n", time, "q_", values),
            "every part": held_rows("n", time, "q_", every_part("n", time)),
            "relations": relation_rows("r", "s", "e", time, "q_", ends),
        }
        for name, body in bodies.items():
            yield f"{name} {mode}", statement({"q": body}, ()), {**IDS, **dated}
        for name, row in (("values", values), ("every part", every_part("n", time))):
            text = statement({"q": found_rows("n", time, "q_", row)}, ())
            yield f"found {name} {mode}", text, {**IDENTIFIED, **dated}
        for name, source in OWNED.items():
            for official, request in ((True, FIRST), (False, NEXT)):
                asked = Asked(source, Reading(moment, official, () if official else ("ent_a",)), request)
                row = node_row("n", time, ("name",), (), {"page": owned(asked, "n", time, "p_")})
                text = statement({"q": held_rows("n", time, "q_", row)}, ())
                yield f"{name} {official} {mode}", text, {**IDS, **dated, **page_parameters(asked, "p_")}


ROOTS: Mapping[str, Source] = {
    "Enterprise": OWNED["records"],
    "Organization": OWNED["posts"],
    "Person": OWNED["posts held"],
    "Record": Neighbours(R.ABOUT, Target.SUBJECT, forward=True),
    "Department": Neighbours(R.ISSUED_BY, Target.RECORD),
    "CreditList": OWNED["entries"],
    "KeyGroup": Neighbours(R.MEMBER_OF, Target.SUBJECT),
}


def roots() -> Iterator[Shape]:
    """A page of each root whose rows have a neighbour and a page of their own; from the start, and from a cursor."""
    for (mode, moment), (label, source) in product(MOMENTS.items(), ROOTS.items()):
        for official, request in ((True, PageRequest(3)), (False, PageRequest(3, ("甲", "ent_3"), look_back=True))):
            time, of = Time(0, mode), Reading(moment, official)
            inner, names = Asked(source, of, PageRequest(3)), Variables.numbered(0)
            below = {"near": near(Near.SUBJECTS, names.node, time), "page": owned(inner, names.node, time, "p_")}
            asked = Asked(Root(label), of, request)
            body = root_page(asked, names, "q_", node_row(names.node, time, ("name",), (), below))
            values = {**page_parameters(asked, "q_"), **page_parameters(inner, "p_"), **moments_parameters([moment])}
            yield f"{label} {official} {mode}", statement({"q": time.write(body)}, {"q"}), {**values, "own": []}


@pytest.fixture
async def world(database: Database) -> Database:
    drawing = Drawing()
    for i in range(50):
        drawing.node(f"ent_{i}", "ENTERPRISE", name="甲", key=f"WORLD|{i}|w")
    drawing.node("ent_a", "ENTERPRISE", name="甲", key="WORLD|a|w")
    drawing.node("per_a", "PERSON", name="李")
    drawing.node("rec_1", "PENALTY", decidedOn="2018-01-01")
    drawing.relation(R.SERVES_AS, "per_a", "ent_a", id="pos_1", values={"post": "DIRECTOR"})
    drawing.relation(R.ABOUT, "rec_1", "ent_a")
    drawing.relation(R.RESPONSIBLE_FOR, "per_a", "rec_1", values={"capacity": "NAMED"})
    await drawing.draw(database)
    return database


def steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from steps(child)


def operators(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(operator(each), str(each["args"].get("Details", ""))) for each in steps(plan)]


def operator(step: Mapping[str, Any]) -> str:
    return str(step["operatorType"]).partition("@")[0]


@contextmanager
def session_of(server: Address) -> Iterator[Session]:
    login = (server.username, server.password)
    with (
        GraphDatabase.driver(server.uri, auth=login, notifications_min_severity="OFF") as driver,
        driver.session(database=server.database) as session,
    ):
        yield session


def profiled(server: Address, language: str, shapes: Iterator[Shape]) -> dict[str, list[tuple[str, str]]]:
    """The operators of every shape. What stands below a condition of an expression is not part of the tree."""
    found: dict[str, list[tuple[str, str]]] = {}
    with session_of(server) as session:
        for name, text, values in shapes:
            profile = session.run(f"{language} PROFILE {text}", dict(values)).consume().profile
            assert profile is not None
            found[name] = operators(profile)
    return found


def test_the_version_is_read_before_all_that_it_is_said_of() -> None:
    """The database reads what is committed meanwhile: a version read last would say of old facts that they are new."""
    telling = {name: text for name, (text, _) in STATEMENTS.items() if "graph.version" in text}
    assert len(telling) > len(WALKED)
    assert {name for name, text in telling.items() if text.index("graph.version") > text.index(":Entity")} == set()


@LANGUAGES
async def test_what_begins_at_an_id_seeks_by_a_unique_index_and_scans_nothing(
    world: Database, server: Address, language: str
) -> None:
    found = profiled(server, language, by_id())
    bad = {
        (name, each, details)
        for name, plan in found.items()
        for each, details in plan
        if "Scan" in each or each in FORBIDDEN
    }
    assert bad == set()
    for name, plan in found.items():
        assert any("UniqueIndexSeek" in each for each, _ in plan), name
        assert all("UniqueIndexSeek" in each for each, _ in plan if "Seek" in each), name


@LANGUAGES
async def test_a_page_of_a_root_reads_its_index_and_no_more_than_its_label(
    world: Database, server: Address, language: str
) -> None:
    """Of an earlier knowledge there is no order: it walks a label and sorts."""
    found = profiled(server, language, roots())
    bad = {
        (name, each, details)
        for name, plan in found.items()
        for each, details in plan
        if each in FORBIDDEN or (each in LABEL_SCANS and not name.endswith(Mode.PAST))
    }
    assert bad == set()
    assert {name for name, plan in found.items() if not any("Index" in each for each, _ in plan)} == {
        name for name in found if name.endswith(Mode.PAST)
    }


def derived() -> Iterator[Shape]:
    """Pages of measures, from the start and from a cursor; what measures are judged by; statistics, facets."""
    wanted = {"ids": ["rec_1"], "known": LATEST, "subjectKinds": SUBJECT_KINDS, "kinds": ["PENALTY"]}
    wanted["further"] = ["rec_1"]
    yield "footings", footings.statement(load().binding_relations), wanted
    yield "around", footings.around(load().binding_relations), wanted
    party = Related("party", Quantifier.SOME, Leaf("kind", Op.EQ, "PERSON"))
    for (mode, moment), own in product(MOMENTS.items(), ((), ("ent_a",))):
        for key in ("BOUND_FROM", "BOUND_UNTIL", "RULE"):
            for descending, place in ((False, None), (True, ("2019-01-01", "mea_9"))):
                request = PageRequest(3, place, look_back=True)
                of = Reading(moment, not own, own)
                asked = Asked(Root("Measure"), of, request, party, (OrderBy(key, descending),))
                values = {**page_parameters(asked), **moment_parameters(moment), "own": list(own)}
                yield f"page {key} {descending} {place} {bool(own)} {mode}", page_statement(asked), values
        counted = Asked(Root("Measure"), Reading(moment, not own, own), PageRequest(3, count=True), party)
        values = {**page_parameters(counted), **moment_parameters(moment), "own": list(own)}
        yield f"statistics: total of a page {bool(own)} {mode}", page_statement(counted), values
        for of_what, label in LABELS.items():
            asked = Asked(Root(label), Reading(moment, not own, own), PageRequest(9))
            groups = tuple(GROUPS[Root(label).target])
            for i in range(0, len(groups), 3):
                values = {**page_parameters(asked), **moment_parameters(moment), "own": list(own)}
                name = f"statistics {of_what} {i} {bool(own)} {mode}"
                yield name, counting(asked, groups[i : i + 3]), values
        for label in ("Record", "Enterprise") if moment.known_at is None else ():
            groups = tuple(GROUPS[Root(label).target])
            asked = Asked(Root(label), Reading(moment, not own, own), PageRequest(3), facets=groups)
            values = {**page_parameters(asked), **moment_parameters(moment), "own": list(own)}
            yield (
                f"statistics: facets of {label} {bool(own)} {mode}",
                root_page(asked, Variables.numbered(0), "", "1"),
                values,
            )


@LANGUAGES
async def test_measures_are_read_by_their_indexes_and_statistics_walk_one_label(
    world: Database, server: Address, language: str
) -> None:
    found = profiled(server, language, derived())
    packs = {"NodeByLabelScan"}  # a handful of packs, read to the one in force
    bad = {
        (name, each, details)
        for name, plan in found.items()
        for each, details in plan
        if each in FORBIDDEN
        or (
            each in LABEL_SCANS
            and not (each in packs and "RulePack" in details)
            and not name.startswith("statistics")
            and not name.endswith(Mode.PAST)
        )
    }
    assert bad == set()
    assert [name for name, plan in found.items() if not any("Index" in each for each, _ in plan)] == []


LABEL_SCANS = frozenset({"NodeByLabelScan", "UnionNodeByLabelsScan", "IntersectionNodeByLabelsScan"})


class Counted(Database):
    """The same database, counting what readers ask of it."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.statements = 0

    async def read(self, statement: str, parameters: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
        self.statements += 1
        return await self.inner.read(statement, parameters, **more)


async def test_each_reader_runs_one_statement_for_any_number_of_things(world: Database) -> None:
    ids = [f"ent_{i}" for i in range(50)]
    lookups = [Lookup(id) for id in ids]
    for moment in (NOW, THEN):
        counted = Counted(world)
        await lookup.find(counted, lookups, moment)
        await reading.nodes(counted, [*ids, "rec_1"], moment)
        await reading.relations(counted, ["pos_1", "hld_1"], moment)
        await neighbourhood.neighbourhood(counted, [*lookups, Lookup("rec_1")], FOOTPRINT, moment, limit_edges=100)
        await ownership.closures(
            counted, {moment: lookups}, ownership.KINDS, ownership.Reach(True), most_parties=100, most_stakes=100
        )
        for source in OWNED.values():
            await reading.pages(counted, ids, Asked(source, Reading(moment, False), PageRequest(5, count=True)))
        assert counted.statements == 5 + len(OWNED)


async def test_one_statement_has_columns_for_roots_in_several_dates(world: Database) -> None:
    then, now = Time(0, Mode.PAST), Time(1, Mode.SNAPSHOT)
    asked = Asked(Root("Enterprise"), Reading(NOW, True), PageRequest(1, count=True))
    names = Variables.numbered(2)
    by_name = now.write(root_page(asked, names, "q_", node_row(names.node, now, ("name",))))
    parts = {
        "firm": held_rows("a", now, "a_", node_row("a", now, ("name",))),
        "past": held_rows("b", then, "b_", node_row("b", then, ("name",))),
        "firms": by_name,
        "post": relation_rows("r", "s", "e", now, "q_", relation_row("r", {"end": node_row("e", now, ("name",))})),
    }
    ids = {"a_ids": ["ent_a", "nobody"], "b_ids": ["ent_1"], "q_pos": ["pos_1"], "q_hld": []}
    values = {**ids, **page_parameters(asked, "q_"), **moments_parameters([THEN, NOW]), "own": []}
    (row,) = await world.read(statement(parts, {"firms"}), values)
    assert [(each["id"], each["name"]) for each in row["firm"]] == [("ent_a", "甲")]
    assert [(each["id"], [was["name"] for was in each["w"]]) for each in row["past"]] == [("ent_1", ["甲"])]
    rows, total, further = row["firms"]
    assert ([(id, keys, each["name"]) for id, keys, each in rows], total, further) == (
        [("ent_0", ["甲"], "甲"), ("ent_1", ["甲"], "甲")],
        51,
        False,
    )
    assert [(each["kind"], each["startId"], each["end"]["id"]) for each in row["post"]] == [
        ("SERVES_AS", "per_a", "ent_a")
    ]


# A page of 20 on an indexed key with three properties of each row, at any depth; the public sees half of the records.
HITS = {(Mode.SNAPSHOT, True): 100, (Mode.SNAPSHOT, False): 250, (Mode.MIXED, True): 300, (Mode.MIXED, False): 350}
MEMORY = 64 * 1024  # bytes of a page
MANY = """
UNWIND range(1, 4000) AS i
WITH i, right('0000' + i, 5) AS text, '-01-' + right('0' + (1 + i % 20), 2) AS day
CREATE (f:Entity:Subject:Organization:Enterprise {id: 'ent_' + text, kind: 'ENTERPRISE', version: 1, name: 'N' + text,
  nameFold: 'n' + text, status: 'IN_BUSINESS', region: '440703', establishedOrder: '2010' + day, capitalOrder: i % 3,
  snapFrom: '0001-01-01', snapTo: '9999-12-31'})
CREATE (r:Entity:Record:Penalty {id: 'rec_' + text, kind: 'PENALTY', version: 1, decidedOn: '2015' + day,
  documentNumber: 'D' + text, fine: i, day: '2015' + day, decidedOrder: '2015' + day, documentFold: 'd' + text,
  snapFrom: '0001-01-01', snapTo: '9999-12-31',
  publicFrom: CASE WHEN i % 40 < 20 THEN '9999-12-31' ELSE '0001-01-01' END,
  publicTo: CASE WHEN i % 40 < 20 THEN '0001-01-01' ELSE '9999-12-31' END})"""
MIXED_WAYS = (True, False, True), (False, True, True)  # a moment is a filter of the row: it meets each key once
KEYS = {"Enterprise": ("NAME", "ESTABLISHED", "REGISTERED_CAPITAL"), "Record": ("DAY", "DECIDED_ON", "DOCUMENT_NUMBER")}
SHOWN = {
    "Enterprise": ("name", "status", "region"),
    "Record": ("decidedOn", "documentNumber", "fine", "publicFrom", "publicTo"),  # the last two say who may see it
}


@pytest.fixture
async def many(database: Database) -> Database:
    async def create(transaction: Transaction) -> None:
        await transaction.run(MANY)

    await database.write(create)
    return database


@LANGUAGES
async def test_a_page_on_an_indexed_key_costs_the_same_at_any_depth(
    many: Database, server: Address, language: str
) -> None:
    costs: dict[tuple[Any, ...], int] = {}
    memory: dict[tuple[Any, ...], int] = {}
    with session_of(server) as session:
        for (mode, official), (label, keys) in product(HITS, KEYS.items()):
            ways = product(keys, (False, True), (False, True))
            for key, descending, backward in ways if mode is Mode.SNAPSHOT else zip(keys, *MIXED_WAYS, strict=True):
                place: tuple[Any, ...] | None = None
                for depth in ("first", "second", "deep"):
                    request = PageRequest(20, place, backward=backward, look_back=True)
                    asked = Asked(Root(label), Reading(NOW, official), request, TRUE, (OrderBy(key, descending),))
                    time, names = Time(0, mode), Variables.numbered(0)
                    body = root_page(asked, names, "q_", node_row(names.node, time, SHOWN[label]))
                    text = statement({"q": time.write(body)}, {"q"})
                    values = {**page_parameters(asked, "q_"), **moments_parameters([NOW]), "own": []}
                    result = session.run(f"{language} PROFILE {text}", values)
                    rows = result.single(strict=True)["q"][0]
                    assert len(rows) == 21
                    profile = result.consume().profile
                    assert profile is not None
                    which = mode, official, label, key, descending, backward, depth
                    costs[which], memory[which] = hits(profile), int(profile["args"]["GlobalMemory"])
                    id, sort, _ = rows[19]
                    place = (*sort, id) if depth == "first" else middle(key, "rec" if label == "Record" else "ent")
    assert {each: cost for each, cost in costs.items() if cost > HITS[each[:2]]} == {}
    assert {each: size for each, size in memory.items() if not 0 < size <= MEMORY} == {}


PEOPLE = """
UNWIND range(1, 4000) AS i
WITH i, right('0000' + i, 5) AS text
CREATE (:Entity:Subject:Person {id: 'per_' + text, kind: 'PERSON', version: 1, name: 'N' + text, nameFold: 'n' + text,
  status: 'ACTIVE', region: '440703', snapFrom: '0001-01-01', snapTo: '9999-12-31'})"""
# What a first key does not tell apart is read whole, to be sorted: 200 firms share a day of this world, nobody a name.
SHARED: Mapping[tuple[str, tuple[OrderBy, ...]], int] = {
    ("Person", ()): 100,
    ("Enterprise", (OrderBy("NAME"), OrderBy("ESTABLISHED"))): 100,
    ("Enterprise", (OrderBy("NAME", True), OrderBy("ESTABLISHED"), OrderBy("REGISTERED_CAPITAL", True))): 105,
    ("Enterprise", (OrderBy("ESTABLISHED"), OrderBy("NAME", True))): 10 * 200,
    ("Record", (OrderBy("DOCUMENT_NUMBER"), OrderBy("DECIDED_ON"))): 100,
}


async def test_persons_and_orders_of_several_keys_cost_what_shares_the_first_key(
    many: Database, server: Address
) -> None:
    async def create(transaction: Transaction) -> None:
        await transaction.run(PEOPLE)

    await many.write(create)
    costs: dict[tuple[Any, ...], int] = {}
    with session_of(server) as session:
        session.run("CALL db.prepareForReplanning(60)").consume()  # as the indexes are now, not as they were sampled
        for (label, order), backward in product(SHARED, (False, True)):
            place: tuple[Any, ...] | None = None
            for depth in ("first", "deep"):
                request = PageRequest(20, place, backward=backward, look_back=True)
                asked = Asked(Root(label), Reading(NOW, True), request, TRUE, order)
                time, names = Time(0, Mode.SNAPSHOT), Variables.numbered(0)
                shown = SHOWN.get(label, ("name", "status", "region"))
                body = root_page(asked, names, "q_", node_row(names.node, time, shown))
                values = {**page_parameters(asked, "q_"), **moments_parameters([NOW]), "own": []}
                result = session.run(f"PROFILE {statement({'q': time.write(body)}, {'q'})}", values)
                assert len(result.single(strict=True)["q"][0]) == 21
                profile = result.consume().profile
                assert profile is not None
                costs[label, order, backward, depth] = hits(profile)
                place = HALF_WAY[label, order]
    assert {each: cost for each, cost in costs.items() if cost > SHARED[each[:2]]} == {}


HALF_WAY: Mapping[tuple[str, tuple[OrderBy, ...]], tuple[Any, ...]] = dict(
    zip(
        SHARED,
        (
            ("", "per_02000"),
            ("n02000", "2010-01-01", "ent_02000"),
            ("n02000", "2010-01-01", 2, "ent_02000"),
            ("2010-01-10", "n02009", "ent_02009"),
            ("d02000", "2015-01-01", "rec_02000"),
        ),
        strict=True,
    )
)


async def test_what_stands_below_a_row_is_read_after_the_limit(many: Database, server: Address) -> None:
    """Of a page of 20 firms 21 are looked at; were a name read before the limit, it would be of 4,000."""
    time, names = Time(0, Mode.SNAPSHOT), Variables.numbered(0)
    below = {which.value: near(which, names.node, time) for which in (Near.PARENT, Near.SUBJECTS)}
    with session_of(server) as session:
        for order in ((OrderBy("NAME"),), (OrderBy("NAME"), OrderBy("ID"))):
            asked = Asked(Root("Enterprise"), Reading(NOW, True), PageRequest(20), TRUE, order)
            body = root_page(asked, names, "q_", node_row(names.node, time, ("name",), (), below))
            values = {**page_parameters(asked, "q_"), **moments_parameters([NOW]), "own": []}
            text = statement({"q": time.write(body)}, {"q"})
            profile = session.run(f"PROFILE {text}", values).consume().profile
            assert profile is not None
            met = [each for each in steps(profile) if operator(each) == "RollUpApply"]
            assert [each["rows"] for each in met] == [21, 21], order


def middle(key: str, prefix: str) -> tuple[Any, ...]:
    """A place half way down."""
    return {
        "NAME": ("n02000", f"{prefix}_02000"),
        "DOCUMENT_NUMBER": ("d02000", f"{prefix}_02000"),
        "ESTABLISHED": ("2010-01-10", f"{prefix}_02009"),
        "REGISTERED_CAPITAL": (1, f"{prefix}_02002"),
    }.get(key, ("2015-01-10", f"{prefix}_02009"))


def hits(plan: Mapping[str, Any]) -> int:
    return sum(int(each["dbHits"]) for each in steps(plan))
