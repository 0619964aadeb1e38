"""What is stored of measures on a day, and what the live check of every subject says on it, as comparable values.

It must not use anything of how measures are derived but the stored shape (graph/store/README.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph import propagation, rules
from graph.facts import Facts
from graph.findings import Measure
from graph.identifiers import Lookup
from graph.periods import LATEST, Moment
from graph.store.connection import Database
from graph.store.measures import measure_of
from graph.store.neighbourhood import neighbourhood

STORED = "MATCH (m:Measure) WHERE m.retractedAt > $known RETURN collect(m {.*}) AS stored"
SUBJECTS = "MATCH (s:Subject) RETURN collect(s.id) AS ids"
FORGET = "MATCH (n) WHERE n:Measure OR n:MeasureWas OR n:Derivation DETACH DELETE n"
FAR = 1_000_000


async def stored(database: Database) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (await database.read(STORED, {"known": LATEST}))[0]["stored"]
    return rows


async def hashes(database: Database) -> set[str]:
    """Everything that is believed of measures, as they are compared."""
    rows = await stored(database)
    assert len({str(each["hash"]) for each in rows}) == len(rows)
    return {str(each["hash"]) for each in rows}


def on_day(rows: Sequence[dict[str, object]], on: date, *, official: bool) -> dict[str, Measure]:
    start, end = ("holdsFrom", "holdsTo") if official else ("publicFrom", "publicTo")
    day = on.isoformat()
    shown = [measure_of(each, rules.load()) for each in rows if str(each[start]) <= day < str(each[end])]
    found = {each.key: each for each in shown}
    assert len(found) == len(shown), "one answer for one party, rule and cause"
    return found


async def known_facts(database: Database) -> tuple[Facts, list[str]]:
    """All facts there are, and the subjects."""
    ids = (await database.read(SUBJECTS, {}))[0]["ids"]
    near = await neighbourhood(
        database,
        [Lookup(each) for each in ids],
        rules.load().footprint,
        Moment(date(2026, 1, 1)),
        limit_edges=FAR,
    )
    assert near.truncated is None
    return near.facts, ids


def checked(facts: Facts, ids: Sequence[str], on: date, *, official: bool) -> dict[str, Measure]:
    """What the live checks of all subjects say together."""
    seen = propagation.visible(facts, official=official, as_of=on)
    found: dict[str, Measure] = {}
    for each in ids:
        answer = propagation.check(seen, rules.load(), each, None, on, LATEST, official=official).findings
        found |= {measure.key: measure for measure in (*answer.measures, *answer.potential)}
    return found


async def differences(database: Database, days: Sequence[date]) -> list[tuple[date, bool, set[str]]]:
    """Days on which the stored measures are not what the live checks say, with the keys that differ."""
    rows = await stored(database)
    facts, ids = await known_facts(database)
    wrong = []
    for on in days:
        for official in (True, False):
            here, there = on_day(rows, on, official=official), checked(facts, ids, on, official=official)
            if here != there:
                keys = here.keys() | there.keys()
                wrong.append((on, official, {key for key in keys if here.get(key) != there.get(key)}))
    return wrong
