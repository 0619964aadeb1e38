"""From when to when a record is public (公示), by the policy in force on a day; the policy itself is data.

It must not know who asks, nor rules: what an answer may be reasoned from is decided elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.codes import Confidence, PenaltyType, RecordKind, RecordState, Seriousness
from graph.errors import GraphError
from graph.facts import Article, Record
from graph.periods import Day, Period, add_months, day_after, on, parse_day, parse_period

FILE: Final = Path(__file__).parent / "rules" / "publication.toml"
LENGTH: Final = re.compile(r"(\d+)([my])")


class PolicyError(GraphError):
    """A policy that cannot be read; the message names file, regime and field."""


@dataclass(frozen=True, slots=True)
class Regime:
    """One publication regime. `longest`: months by seriousness."""

    name: str
    validity: Period
    longest: Mapping[Seriousness, int]
    unpublished: frozenset[PenaltyType]
    confidence: Confidence
    basis: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The regimes in order of time, and how each other kind of record is published."""

    regimes: tuple[Regime, ...]
    penalties: frozenset[RecordKind]
    while_in_effect: frozenset[RecordKind]
    never: frozenset[RecordKind]
    withdraw_days: int


def withdrawal_due(record: Record) -> date | None:
    """The last day by which a decision that was revoked or set aside must be public no more (行政处罚法 48)."""
    ended = _earliest(record.revoked_on, record.set_aside_on)
    return None if ended is None else ended + timedelta(days=load().withdraw_days)


def published(record: Record, as_of: date) -> Period | None:
    """The window in which a record is public by the policy in force on `as_of`; None: it is not public.

    Half-open. What the source said itself wins over the policy. Revocation, a court's setting aside, lifting and repair
    end it; an unknown day is read so that less is shown.
    """
    policy, said = load(), record.published
    if record.kind in policy.never or _ended_undated(record):
        return None
    start, end = _begun(record), _earliest(record.effective.end, record.completed_on)
    if record.kind in policy.penalties:
        end = _penalty_end(policy, record, as_of)
        if end is None and said is None:
            return None
    elif record.kind not in policy.while_in_effect and said is None:
        return None
    if said is not None:
        start = said.start or start
        end = end if said.end is None else said.end.first
    if start is None:
        return None
    taken_down = _earliest(record.revoked_on, record.set_aside_on, record.lifted_on, record.repaired_on)
    if taken_down is not None and (end is None or taken_down < end):
        end = taken_down
    if end is not None and end <= start.last:
        return None
    return Period(on(start.last), None if end is None else on(end))


@cache
def turns(kind: RecordKind) -> tuple[date, ...]:
    """The first days, from the first of all, from which on `published` may say another window of a record."""
    policy = load()
    begins = (each.validity.start.first for each in policy.regimes if each.validity.start)
    return tuple(sorted({date.min, *(begins if kind in policy.penalties else ())}))


def _ended_undated(record: Record) -> bool:
    dated = {
        RecordState.REVOKED: record.revoked_on,
        RecordState.SET_ASIDE: record.set_aside_on,
        RecordState.LIFTED: record.lifted_on,
        RecordState.REPAIRED: record.repaired_on,
        RecordState.EXPIRED: None if record.published is None else record.published.end,
    }
    return record.state in dated and dated[record.state] is None


def _decided(record: Record) -> Day | None:
    return record.decided_on or record.effective_on or record.effective.start


def _begun(record: Record) -> Day | None:
    """The latest of the days that could begin it: what is decided but not yet in effect is not shown early."""
    days = (record.decided_on, record.effective_on, record.effective.start)
    return max((each for each in days if each is not None), key=lambda each: each.last, default=None)


def _earliest(*days: Day | None) -> date | None:
    return min((each.first for each in days if each is not None), default=None)


def _penalty_end(policy: Policy, record: Record, as_of: date) -> date | None:
    """The first day a penalty is no longer public; None: no regime up to `as_of` publishes it.

    Where the source says that it published, the types that a regime leaves out do not matter.
    """
    decided = _decided(record)
    if decided is None:
        return None
    seriousness = record.seriousness or Seriousness.ORDINARY
    end: date | None = None
    for place, regime in enumerate(policy.regimes):
        begins = regime.validity.start.first if regime.validity.start else date.min
        if begins > as_of and (place > 0 or record.published is None):
            break
        if regime.validity.end is not None and regime.validity.end.first <= decided.first:
            continue
        if end is not None and end <= begins:
            break  # an earlier regime had ended it: nothing brings it back
        if record.published is None and record.types and record.types <= regime.unpublished:
            return None if end is None else begins
        end = day_after(add_months(decided.first, regime.longest[seriousness]))
    return end


class ArticleRow(BaseModel):
    model_config = ConfigDict(extra="forbid")
    document: str
    article: str | None = None


class RegimeRow(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    valid_from: str
    valid_until: str | None = None
    confidence: Confidence
    unpublished: list[PenaltyType] = []
    basis: list[ArticleRow]
    max: dict[Seriousness, str]


class RecordsRow(BaseModel):
    model_config = ConfigDict(extra="forbid")
    penalties: list[RecordKind]
    while_in_effect: list[RecordKind]
    never: list[RecordKind]
    withdraw_days: int = Field(ge=0)


class PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    regime: list[RegimeRow]
    records: RecordsRow


@cache
def load() -> Policy:
    """The policy this program ships."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> Policy:
    """A policy from TOML; raises PolicyError naming file and field, also when two regimes govern one day."""
    try:
        file = PolicyFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{FILE.name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyError(f"{FILE.name}: {_where(text, first['loc'])}: {first['msg']}") from None
    regimes = tuple(sorted(map(_regime, file.regime), key=lambda each: str(each.validity.start)))
    for name, times in Counter(each.name for each in regimes).items():
        if times > 1:
            raise PolicyError(f"{FILE.name}: {name}: name: there are two regimes of this name")
    for earlier, later in pairwise(regimes):
        if earlier.validity.overlaps(later.validity):
            raise PolicyError(f"{FILE.name}: {earlier.name}: valid_until: {later.name} governs the same days")
    records = file.records
    return Policy(
        regimes,
        frozenset(records.penalties),
        frozenset(records.while_in_effect),
        frozenset(records.never),
        records.withdraw_days,
    )


def _where(text: str, place: tuple[int | str, ...]) -> str:
    """`regime.2.max` with the name of the regime, so that nobody has to count tables."""
    path = ".".join(map(str, place))
    if len(place) > 2 and place[0] == "regime" and isinstance(place[1], int):
        return f"{tomllib.loads(text)['regime'][place[1]].get('name', '?')}: {path}"
    return path


def _regime(row: RegimeRow) -> Regime:
    if set(row.max) != set(Seriousness):
        raise PolicyError(f"{FILE.name}: {row.name}: max: needs {', '.join(Seriousness)}")
    try:
        parse_day(row.valid_from)
        validity = parse_period(row.valid_from, row.valid_until)
    except ValueError as error:
        raise PolicyError(f"{FILE.name}: {row.name}: valid_from: {error}") from None
    if validity.start is not None and validity.end is not None and validity.end.first <= validity.start.first:
        raise PolicyError(f"{FILE.name}: {row.name}: valid_until: the regime ends before it begins")
    return Regime(
        row.name,
        validity,
        MappingProxyType({each: _months(f"{row.name}: max.{each}", length) for each, length in row.max.items()}),
        frozenset(row.unpublished),
        row.confidence,
        tuple(Article(each.document, each.article) for each in row.basis),
    )


def _months(place: str, text: str) -> int:
    match = LENGTH.fullmatch(text)
    if match is None:
        raise PolicyError(f"{FILE.name}: {place}: not a length like 3m or 1y: {text!r}")
    return int(match[1]) * (12 if match[2] == "y" else 1)
