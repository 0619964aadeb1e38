"""A search finds what holds the text, all of it, in order; statements seek; syntax of any language is only text."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from neo4j import GraphDatabase

from graph.codes import RelationKind, StatisticsGroup
from graph.periods import NEVER, OPEN_END, OPEN_START, Moment
from graph.store import expansion, resolution, timeline
from graph.store.address import Address
from graph.store.conditions import Reading
from graph.store.connection import Database, Transaction
from graph.store.derived import FENCE, derived
from graph.store.names import MANY
from graph.store.projection import (
    Mode,
    Time,
    found_rows,
    moments_parameters,
    node_row,
    relation_row,
    statement,
)
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from graph.store.search import WINDOW, Hit, Page, Shape, Sought, Window, begun, page, parameters, shape, sought
from graph.vocabulary import BY_CODE
from tests.graph.store.drawn import FIRST, Drawing, Was, at

pytestmark = pytest.mark.anyio
ALL = (*SUBJECT_KINDS, *RECORD_KINDS)
TODAY = Moment(date(2026, 1, 1))
OFFICIAL, PUBLIC = Reading(TODAY, official=True), Reading(TODAY, official=False)
PLACES, CORES, TRADES = (
    ("江门市", "江门市蓬江区", "开平", ""),
    "甲乙丙丁戊己庚辛",
    ("贸易", "食品", "建筑工程", "(集团)"),
)
FORMS = ("有限公司", "合作社", "商行", "股份有限公司")


def names(count: int) -> list[str]:
    drawn = random.Random(7)
    return [
        drawn.choice(PLACES)
        + "".join(drawn.choices(CORES, k=drawn.randint(1, 3)))
        + drawn.choice(TRADES)
        + drawn.choice(FORMS)
        for _ in range(count)
    ]


async def fill(database: Database, named: list[str]) -> dict[str, str]:
    """Enterprises of these names, written in one go, by id."""
    held = {f"ent_{i:05d}": name for i, name in enumerate(named)}
    rows = [
        {
            **derived("ENTERPRISE", {"name": name}),
            **{"id": id, "kind": "ENTERPRISE", "name": name, "version": 1, "source": "drawn", "recordedAt": FIRST},
            **{"snapFrom": OPEN_START, "snapTo": OPEN_END},
        }
        for id, name in held.items()
    ]

    async def write(transaction: Transaction) -> None:
        labels = ":".join(BY_CODE["ENTERPRISE"].labels)
        await transaction.run(
            f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row"
            " CREATE (n)-[:HAS_VERSION]->(:Version {validFrom: $start, validTo: $end, name: row.name,"
            " nameFold: row.nameFold, recordedAt: $first, retractedAt: $never, source: 'drawn'})",
            rows=rows,
            start=OPEN_START,
            end=OPEN_END,
            first=FIRST,
            never=NEVER,
        )

    await database.write(write)
    return held


def truth(held: Mapping[str, str], text: str) -> list[str]:
    """Of folded names: exact, then beginning, then holding; the shorter first, then by id."""
    folded = {id: name.replace("(", "(").replace(")", ")") for id, name in held.items()}

    def order(id: str) -> tuple[int, int, str]:
        name = folded[id]
        return (0 if name == text else 1 if name.startswith(text) else 2, len(name), id)

    return sorted((id for id, name in folded.items() if text in name), key=order)


def written(made: Shape, part: Page, groups: Sequence[StatisticsGroup] = ()) -> str:
    """A page as the statement of an operation has it."""
    row = page(made, part, Time(0, Mode.MIXED if made.now else Mode.PAST), "q_", "n1", "n1 {.id}", groups)
    return statement({"found": row}, ())


def asked(
    text: Sought, reading: Reading, rows: int, place: tuple[str, str] | None = None, last: bool = False
) -> tuple[str, dict[str, Any]]:
    """The statement of a page and its parameters."""
    made = shape(text, ALL, reading)
    assert made is not None
    values = parameters(text, ALL, reading, rows, place, whole=rows == WINDOW or place is not None or last)
    given = {f"q_{name}": value for name, value in values.items()} | {"own": list(reading.own)}
    return written(made, Page(place is not None, last)), {**given, **moments_parameters([reading.moment])}


async def search(
    database: Database,
    text: Sought,
    reading: Reading,
    rows: int,
    place: tuple[str, str] | None = None,
    last: bool = False,
) -> Window:
    (told,) = await database.read(*asked(text, reading, rows, place, last))
    return Window.of(told["found"])


async def ids(database: Database, text: str, reading: Reading = PUBLIC, rows: int = WINDOW) -> list[str]:
    return [each.id for each in (await search(database, sought(text), reading, rows)).hits]


async def test_a_phrase_finds_exactly_the_names_that_hold_it(database: Database) -> None:
    held = await fill(database, names(300))
    drawn = random.Random(11)
    texts = {"贸易", "有限公司", "江", "江门市", "甲乙", "食品有限"}
    while len(texts) < 30:
        name = drawn.choice(list(held.values())).replace("(", "(").replace(")", ")")
        start = drawn.randrange(len(name))
        piece = name[start : start + drawn.randint(1, 6)]
        if any(each.isalnum() for each in piece):
            texts.add(piece)
    for text in sorted(texts):
        for moment in (TODAY, Moment(date(2010, 1, 1))):
            found = await ids(database, text, Reading(moment, official=False))
            assert found == truth(held, text), text
    then = Reading(Moment(date(2026, 1, 1), at("2021-01-01")), official=False)
    assert await ids(database, "贸易有限公司", then) == truth(held, "贸易有限公司")


async def test_of_too_many_the_first_are_found_in_the_same_order(database: Database) -> None:
    held = await fill(database, names(MANY * 2))
    for text in ("有限公司", "江门市", "贸易"):
        right = truth(held, text)
        assert await ids(database, text) == right[:WINDOW]
        assert await ids(database, text, rows=21) == right[:21]


async def test_every_kind_of_match_on_every_kind_of_day(database: Database) -> None:
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="江门甲贸易有限公司", key="USCC|91440703YY000001XU|")
    drawing.node("ent_b", "ENTERPRISE", name="甲贸易")
    renamed = (Was({"name": "甲贸易"}, end="2020-01-01"), Was({"name": "乙"}, start="2020-01-01"))
    drawing.node("ent_c", "ENTERPRISE", *renamed)
    corrected = at("2022-01-01")
    drawing.node(
        "ent_d", "ENTERPRISE", Was({"name": "误甲贸易"}, retracted=corrected), Was({"name": "丙"}, recorded=corrected)
    )
    drawing.node("ent_gone", "ENTERPRISE", Was({"name": "旧甲贸易"}, retracted=corrected))
    drawing.node("per_a", "PERSON", name="甲贸易人")
    drawing.node("rec_1", "PENALTY", documentNumber="甲贸易〔2025〕1号", decidedOn="2025-06-01", types=("FINE",))
    drawing.node("rec_2", "DISCIPLINE", documentNumber="甲贸易〔2025〕0号", decidedOn="2025-06-01")
    await drawing.draw(database)

    async def found(reading: Reading, text: str = "甲贸易") -> list[tuple[str, str]]:
        hits: tuple[Hit, ...] = (await search(database, sought(text), reading, 20)).hits
        return [(each.id, each.match.value) for each in hits]

    exact, phrase = ("ent_b", "EXACT_NAME"), ("ent_a", "NAME_PHRASE")
    assert await found(PUBLIC) == [exact, ("ent_c", "FORMER_NAME"), ("rec_1", "DOCUMENT_NUMBER"), phrase]
    assert await found(OFFICIAL) == [
        exact,
        ("ent_c", "FORMER_NAME"),
        ("per_a", "NAME_PREFIX"),
        ("rec_2", "DOCUMENT_NUMBER"),
        ("rec_1", "DOCUMENT_NUMBER"),
        phrase,
    ]
    assert await found(Reading(Moment(date(2015, 1, 1)), official=False)) == [exact, ("ent_c", "EXACT_NAME"), phrase]
    known = Reading(Moment(date(2015, 1, 1), at("2021-01-01")), official=False)
    wrong = [("ent_d", "NAME_PHRASE"), ("ent_gone", "NAME_PHRASE")]
    assert await found(known) == [exact, ("ent_c", "EXACT_NAME"), *wrong, phrase]
    assert await found(Reading(Moment(date(2015, 1, 1), at("2019-01-01")), official=False)) == []
    assert await found(PUBLIC, "9144") == await found(PUBLIC, "ent_a") == [("ent_a", "IDENTIFIER")]
    assert await found(PUBLIC, "rec_2") == []
    assert await found(Reading(TODAY, False, ("per_a",)), "贸易人") == [("per_a", "NAME_PHRASE")]


async def test_a_phrase_is_of_whole_words_on_every_day(database: Database) -> None:
    """A name begins with any text; further on it holds whole words, whether an index finds it or it is walked."""
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="甲ab电子")
    drawing.node("ent_b", "ENTERPRISE", name="ab电子")
    renamed = (Was({"name": "甲ab电子店"}, end="2018-01-01"), Was({"name": "乙"}, start="2018-01-01"))
    drawing.node("ent_c", "ENTERPRISE", *renamed)
    moved = (Was({"name": "丙"}, end="2018-01-01"), Was({"name": "ab电子行"}, start="2018-01-01"))
    drawing.node("ent_d", "ENTERPRISE", *moved)
    drawing.node("ent_e", "ENTERPRISE", Was({"name": "ab电子院"}, retracted=at("2022-01-01")))
    await drawing.draw(database)

    async def found(text: str, day: str = "2026-01-01", known: str | None = None) -> list[tuple[str, str]]:
        reading = Reading(Moment(date.fromisoformat(day), known), official=False)
        return [(each.id, each.match.value) for each in (await search(database, sought(text), reading, 20)).hits]

    begun = [("ent_b", "NAME_PREFIX"), ("ent_d", "NAME_PREFIX")]
    inside, former = ("ent_a", "NAME_PHRASE"), ("ent_c", "FORMER_NAME")
    assert await found("ab") == [*begun, inside, former]
    assert await found("a") == begun
    assert await found("b") == await found("b电子") == await found("甲b") == []
    assert await found("甲a") == [("ent_a", "NAME_PREFIX")]
    # Another day, then another time: judged by what was the name then.
    assert await found("a", "2016-01-01") == [begun[0]]
    assert await found("ab", "2016-01-01") == [begun[0], inside, ("ent_c", "NAME_PHRASE"), ("ent_d", "FORMER_NAME")]
    assert await found("b", "2016-01-01") == []
    assert await found("甲a", "2016-01-01") == [("ent_a", "NAME_PREFIX"), ("ent_c", "NAME_PREFIX")]
    then = at("2021-01-01")
    assert await found("a", known=then) == [*begun, ("ent_e", "NAME_PREFIX")]
    assert await found("甲a", "2016-01-01", then) == [("ent_a", "NAME_PREFIX"), ("ent_c", "NAME_PREFIX")]
    assert await found("b电子", known=then) == []
    known = [("ent_b", "EXACT_NAME"), ("ent_d", "NAME_PREFIX"), ("ent_e", "NAME_PREFIX"), inside, former]
    assert await found("ab电子", known=then) == known


MARKED = ["abc co.,ltd.", "abc inc.'", "abc no.1", "abc a..b", "o'brien", "甲 v1.5", "甲1,000", "a.b.c.", "甲·a·b·"]


def test_the_last_word_of_a_text_is_cut_as_the_index_cuts_it() -> None:
    cut = {text: begun(text, "f") for text in MARKED}
    assert cut["abc co.,ltd."] == '((+f:"abc co.," +f:ltd*))'
    assert cut["abc inc.'"] == '((+f:"abc" +f:inc*))'
    assert cut["abc no.1"] == '((+f:"abc no." +f:1*))'
    assert cut["abc a..b"] == '((+f:"abc a.." +f:b*))'
    assert cut["o'brien"] == "((+f:o'brien*))"
    assert cut["甲 v1.5"] == '((+f:"甲" +f:v1.5*))'
    assert cut["甲1,000"] == '((+f:"甲" +f:1,000*))'
    assert cut["a.b.c."] == "((+f:a.b.c*))"
    assert cut["甲·a·b·"] == '((+f:"甲·" +f:a·b*))'


async def test_a_former_name_that_ends_in_a_mark_is_found_by_what_was_known(database: Database) -> None:
    drawing = Drawing()
    for i, name in enumerate(MARKED):
        renamed = (Was({"name": name}, end="2018-01-01"), Was({"name": "乙"}, start="2018-01-01"))
        drawing.node(f"ent_{i}", "ENTERPRISE", *renamed)
        drawing.node(f"ent_gone_{i}", "ENTERPRISE", Was({"name": name}, retracted=at("2022-01-01")))
    await drawing.draw(database)
    then = Reading(Moment(date(2015, 1, 1), at("2021-01-01")), official=False)
    for i, name in enumerate(MARKED):
        found = (await search(database, sought(name), then, 20)).hits
        assert {(each.id, each.match.value) for each in found} == {
            (f"ent_{i}", "EXACT_NAME"),
            (f"ent_gone_{i}", "EXACT_NAME"),
        }, name


async def test_who_has_a_number_from_two_sources_or_many_alike_takes_one_place(database: Database) -> None:
    drawing = Drawing()
    for i, name in enumerate("甲乙丙"):
        drawing.node(f"ent_{i}", "ENTERPRISE", name=name, key=f"USCC|91440703YY00000{i}|")
        drawing.identifier(f"ent_{i}", f"USCC|91440703YY00000{i}|", recorded=at("2021-01-01"))
    for i in range(3):
        drawing.identifier("ent_0", f"REGISTRATION_NUMBER|44070020000{i}|")
    drawing.identifier("ent_1", "REGISTRATION_NUMBER|440700200009|")
    await drawing.draw(database)
    for text, right in (("9144", ["ent_0", "ent_1", "ent_2"]), ("4407", ["ent_0", "ent_1"])):
        for moment in (TODAY, Moment(date(2026, 1, 1), at("2022-01-01"))):
            for rows in (1, 2, 20):
                assert await ids(database, text, Reading(moment, official=False), rows) == right[:rows], (text, rows)
    first = (await search(database, sought("4407"), PUBLIC, 1)).hits[0]
    assert (first.found, first.match.value) == ("440700200000", "IDENTIFIER")


async def test_syntax_is_only_text(database: Database) -> None:
    strange = ["甲 AND 乙", 'a"b\\c', "x* OR y?", "公司~2", "[甲 TO 乙]", "{a: 1}", "`n`) DETACH DELETE n //", "😀公司"]
    held = await fill(database, strange)
    for id, name in held.items():
        assert (await ids(database, name))[0] == id
    drawn = random.Random(5)
    for _ in range(40):
        text = "".join(drawn.choices("甲a*?\"\\~^:()[]{}+-&|!/ '`$.,;zqzq😀", k=drawn.randint(1, 12)))
        if text.strip():
            for reading in (PUBLIC, OFFICIAL):
                found = (await search(database, sought(text), reading, 20)).hits
                assert all(sought(text).text in each.found for each in found), text
    assert len(await ids(database, "公司")) == 2


SHAPES = {
    f"search official={official} now={now} {part}": written(
        Shape(True, True, True, official, not official, identified=True, numbered=True, now=now),
        part,
        () if part.begun else (StatisticsGroup.KIND, StatisticsGroup.REGION),
    )
    for official in (True, False)
    for now in (True, False)
    for part in (Page(False, False), Page(True, official))
}


async def test_a_phrase_of_long_names_is_not_sought_by_walking_all_shorter_ones(
    database: Database, server: Address
) -> None:
    """Thousands of names may be shorter than the shortest that holds the text: they cost nothing."""
    short = [f"{a}{b}{c}店" for a in CORES for b in CORES for c in CORES]  # 512
    long = [f"江门市{name}股份有限公司" for name in names(MANY * 3)]
    held = await fill(database, [*short, *short, *short, *long])
    for text in ("股份有限公司", "份有限公", "江门市"):
        right = truth(held, text)
        assert len(right) > MANY
        assert await ids(database, text, rows=20) == right[:20]
        text_of, values = asked(sought(text), PUBLIC, 20)
        with GraphDatabase.driver(server.uri, auth=(server.username, server.password)) as driver:
            driver.execute_query("CALL db.awaitIndexes(60)", database_=server.database)
            profile = driver.execute_query(f"PROFILE {text_of}", values, database_=server.database).summary.profile
        assert profile is not None
        assert hits_of(profile) < 2_500, (text, hits_of(profile))


def hits_of(profile: Mapping[str, Any]) -> int:
    return int(profile["args"].get("DbHits") or 0) + sum(map(hits_of, profile.get("children", ())))


async def test_a_window_is_cut_into_pages_both_ways(database: Database) -> None:
    await fill(database, names(60))
    text = sought("贸易")
    everything = (await search(database, text, PUBLIC, WINDOW)).hits
    assert len(everything) > 12
    forward: list[Hit] = []
    place = None
    while len(forward) < len(everything):
        window = await search(database, text, PUBLIC, 5, place)
        assert window.start == len(forward)
        forward += window.hits
        place = forward[-1].place
    assert forward == [*everything]
    backward: list[Hit] = []
    place = None
    while len(backward) < len(everything):
        window = await search(database, text, PUBLIC, 5, place, last=True)
        assert window.total == len(everything)
        assert window.start == len(everything) - len(backward) - len(window.hits)
        backward = [*window.hits, *backward]
        place = backward[0].place
    assert backward == [*everything]


AROUND: Mapping[str, Any] = {
    **{f"q_{name}": each for name, each in resolution.parameters([sought("甲"), sought("91440703")]).items()},
    **{f"q_{name}": each for name, each in expansion.parameters(expansion.KINDS, 20, ("HOLDS", "", "")).items()},
    **{"q_place": ["2020-01-01", "NAME", "ent_a"], "fence": FENCE},
    **{"subjectKinds": SUBJECT_KINDS, "recordKinds": RECORD_KINDS},
}


def around() -> Iterator[tuple[str, str]]:
    """What stands around a subject, and whom words name."""
    for mode, own in ((Mode.SNAPSHOT, False), (Mode.MIXED, True), (Mode.PAST, True)):
        time = Time(0, mode)
        reading = Reading(Moment(TODAY.as_of, FIRST if mode is Mode.PAST else None), not own, ("per_a",) if own else ())
        names, happened = expansion.Names.numbered(1, "n"), timeline.Names.numbered(2, "n")
        far, node = node_row(names.far, time, ("name",)), node_row(happened.node, time, ("name",))
        ends = {
            each: node_row(name, time, ("name",)) for each, name in zip(("start", "end"), happened[3:5], strict=True)
        }
        owner = node_row("n", time, ("name",))
        below = {
            "counts": expansion.counts(reading, time, names),
            "same": expansion.suggestions(time, names, far),
            "events": timeline.page(
                reading,
                time,
                "q_",
                happened,
                (node, relation_row(happened.relation, ends), owner),
                begun=own,
                backward=own,
                count=not own,
            ),
        }
        bodies = {
            "resolve": resolution.body(reading, time, "q_", "n", owner),
            "expand": expansion.page(reading, time, "q_", names, (owner, far), begun=own, count=not own),
            "beside": found_rows("n", time, "q_", node_row("n", time, ("name",), (), below)),
        }
        for name, body in bodies.items():
            yield f"{name} {mode} {own}", statement({"q": body}, ())


@pytest.mark.parametrize("language", ["CYPHER 5", "CYPHER 25"])
async def test_every_statement_is_valid_and_scans_nothing(database: Database, server: Address, language: str) -> None:
    """Parts are collected to one row each, so their product is one row."""
    drawing = Drawing()
    drawing.node("ent_a", "ENTERPRISE", name="甲")
    drawing.node("per_a", "PERSON", name="乙")
    drawing.relation(RelationKind.HOLDS, "per_a", "ent_a")
    await drawing.draw(database)
    texts = {**SHAPES, **dict(around())}
    values = {
        f"q_{name}": value
        for name, value in parameters(sought("91440703"), ALL, OFFICIAL, 20, None, whole=False).items()
    }
    values |= moments_parameters([TODAY]) | {"own": [], **AROUND}
    bad = set()
    with GraphDatabase.driver(
        server.uri, auth=(server.username, server.password), notifications_min_severity="OFF"
    ) as driver:
        for name, text in texts.items():
            plan = driver.execute_query(f"{language} EXPLAIN {text}", values, database_=server.database).summary.plan
            assert plan is not None
            bad |= {(name, each) for each in operators(plan) if "Scan" in each or each == "Eager"}
    assert bad == set()


def operators(plan: Mapping[str, Any]) -> list[str]:
    own = str(plan["operatorType"]).partition("@")[0]
    return [own, *(each for child in plan.get("children", ()) for each in operators(child))]
