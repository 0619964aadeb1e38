"""Stored measures: a spell of a measure as a node, and the node back as what the engine found (README.md).

It must not know when measures are derived nor who asks; rules and definitions are cited from their pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from graph.codes import Capacity, Certainty, EvidenceKind, PostKind, RelationKind, TermEnd, Text
from graph.facts import Provenance
from graph.findings import Gap, Measure, PathStep
from graph.periods import OPEN_END, parse_period, stored_end, stored_start
from graph.propagation.spells import Spell
from graph.rules import Pack
from graph.store.derived import NEVER_PUBLIC
from graph.vocabulary import RELATIONS, Disclosure

HASH_DIGITS: Final = 24
Row = dict[str, Any]

STORED_BETWEEN: Final = """
MATCH (measure:Measure) USING INDEX measure:Measure(cause)
WHERE measure.cause > $after AND measure.cause <= $through
RETURN collect([measure.id, measure.hash, measure.party]) AS stored"""
# What is not believed any more keeps its days under another label, so that lists of today never meet it.
RETRACT: Final = """
UNWIND $ids AS id
MATCH (measure:Measure {id: id}) USING INDEX measure:Measure(id)
SET measure.retractedAt = $at, measure:MeasureWas
REMOVE measure:Measure"""
CREATE: Final = """
UNWIND $rows AS row
MATCH (party:Entity {id: row.party}) USING INDEX party:Entity(id)
MATCH (cause:Entity {id: row.cause}) USING INDEX cause:Entity(id)
CREATE (measure:Measure)-[:BINDS]->(party)
CREATE (measure)-[:CAUSED_BY]->(cause)
SET measure = row"""


def row_of(spell: Spell, pack: Pack, about: Iterable[str], public: tuple[str, str]) -> Row:
    """The properties of the node but those of its writing. `public`: the days on which everybody sees the cause.

    `holdsFrom`, `holdsTo` are the days of the spell, `publicFrom`, `publicTo` those on which the public sees it.
    """
    measure = spell.measure
    start, end = spell.start.isoformat(), OPEN_END if spell.end is None else spell.end.isoformat()
    steps = (*measure.path, *measure.also_via)
    shown = (
        not measure.officials_only
        and measure.certainty is not Certainty.POTENTIAL
        and all(RELATIONS[each.relation].disclosure is Disclosure.PUBLIC for each in steps)
    )
    window = (max(start, public[0]), min(end, public[1])) if shown else NEVER_PUBLIC
    rule, definition = measure.rule, measure.definition
    row: Row = {
        "key": measure.key,
        "party": measure.party,
        "cause": measure.cause,
        "about": sorted(about),
        "rule": rule.id,
        "part": rule.part or "",
        "ruleVersion": rule.version,
        "pack": pack.digest,
        "measure": definition.code,
        "effect": definition.effect.value,
        "purposes": [each.value for each in definition.purposes],
        "certainty": measure.certainty.value,
        "from": measure.start.isoformat(),
        "until": OPEN_END if measure.until is None else measure.until.isoformat(),
        "end": measure.end.value,
        "endsOnRepair": measure.ends_on_repair,
        "officialsOnly": measure.officials_only,
        "holdsFrom": start,
        "holdsTo": end,
        "shown": shown,
        "publicFrom": window[0] if window[0] < window[1] else NEVER_PUBLIC[0],
        "publicTo": window[1] if window[0] < window[1] else NEVER_PUBLIC[1],
        "body": orjson.dumps(
            [
                pack.places[rule],
                [_step(each) for each in measure.path],
                [_step(each) for each in measure.also_via],
                [[each.evidence.value, *each.explanation] for each in measure.gaps],
            ]
        ).decode(),
    }
    return {**row, "hash": _digest(orjson.dumps(sorted(row.items())))}


def written(row: Row, at: str, never: str) -> Row:
    """The row as it is stored at a system time. Its id, which cursors hold, says nothing of what else was written."""
    return {**row, "id": f"mea_{row['hash']}", "recordedAt": at, "retractedAt": never}


def measure_of(row: Mapping[str, Any], pack: Pack) -> Measure:
    """What the engine found; `pack` is the one the row names."""
    place, path, also_via, gaps = orjson.loads(row["body"])
    until = row["until"]
    return Measure(
        party=row["party"],
        cause=row["cause"],
        rule=pack.rules[place].cited,
        definition=pack.definitions[row["measure"]],
        certainty=Certainty(row["certainty"]),
        start=_day(row["from"]),
        until=None if until == OPEN_END else _day(until),
        end=TermEnd(row["end"]),
        path=tuple(map(_step_of, path)),
        ends_on_repair=row["endsOnRepair"],
        officials_only=row["officialsOnly"],
        also_via=tuple(map(_step_of, also_via)),
        gaps=tuple(Gap(EvidenceKind(evidence), Text(zh, en)) for evidence, zh, en in gaps),
    )


def _day(text: str) -> Any:
    day = parse_period(text, None).start
    assert day is not None  # noqa: S101 - stored by `row_of`
    return day.first


def _step(step: PathStep) -> list[Any]:
    said = step.provenance
    return [
        *(step.start, step.end, step.relation.value, step.forward),
        *(stored_start(step.period), stored_end(step.period), step.proves.zh, step.proves.en),
        *(said.source, said.recorded_at, said.retracted_at, said.batch, said.row),
        *(None if each is None else each.value for each in (step.post, step.capacity)),
        *(step.share, step.edge),
    ]


def _step_of(row: Sequence[Any]) -> PathStep:
    start, end, relation, forward, since, until, zh, en, source, recorded, retracted, batch, line, *rest = row
    post, capacity, share, edge = rest
    return PathStep(
        start,
        end,
        RelationKind(relation),
        forward,
        parse_period(since, until),
        Text(zh, en),
        Provenance(source, recorded, retracted, batch, line),
        None if post is None else PostKind(post),
        None if capacity is None else Capacity(capacity),
        share,
        edge,
    )


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:HASH_DIGITS]
