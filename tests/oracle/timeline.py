"""What happened to a subject, as events: its own changes and corrections, posts, holdings, records.

It must not know how events are cut into pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from graph import regions
from graph.codes import PostKind, RecordKind, RelationKind, SubjectStatus, Text, TimelineKind
from graph.facts import Record
from graph.periods import OPEN_END, OPEN_START, Moment, parse_day
from graph.states import course
from graph.vocabulary import BY_CODE, POST_RELATION_KINDS, post_of
from graph.words import words
from schema.scalars import write_decimal
from tests.oracle.facts import Tie, known
from tests.oracle.reading import Scope, View, record_of
from tests.oracle.shown import by_id, percent, yuan

R, K = RelationKind, TimelineKind
CHANGES: Final = {
    "name": K.NAME,
    "status": K.STATUS,
    "address": K.ADDRESS,
    "registeredCapital": K.CAPITAL,
    "region": K.REGION,
}
ENDS: Final = ("to", "liftedOn", "revokedOn", "setAsideOn", "repairedOn")


@dataclass(frozen=True)
class Event:
    """`about` is the id of what it is about: the subject itself, a post, a holding or a record."""

    scope: Scope
    on: str
    kind: TimelineKind
    about: str
    detail: Text | None = None

    @property
    def id(self) -> str:
        return self.about

    def key(self, name: str) -> str:
        return self.on if name == "ON" else str(self.kind)

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "on": parse_day(self.on).first,
            "kind": str(self.kind),
            "node": by_id(self.scope, self.about),
            "summary": self.summary,
        }

    def summary(self, lang: str | None = "ZH") -> str:
        what = words(self.kind)
        if lang == "EN":
            return what.en if self.detail is None else f"{what.en}: {self.detail.en}"
        return what.zh if self.detail is None else f"{what.zh}:{self.detail.zh}"


def events(scope: Scope, view: View) -> list[Event]:
    """Everything that was, is and is announced, of which the asker sees what it is about."""
    return [*_own(scope, view), *_ties(scope, view.id), *_records(scope, view.id)]


def _day(text: str | None) -> str | None:
    """A month or a year is told on its first day; an open end on none."""
    return None if text in (None, OPEN_START, OPEN_END) else parse_day(text or "").first.isoformat()


# The subject itself


def _own(scope: Scope, view: View) -> Iterator[Event]:
    thing, moment = scope.world.things[view.id], scope.moment
    readable = [each for each in CHANGES if each in BY_CODE[view.kind].names and scope.reads(view, each)]
    believed = [each for each in thing.versions if known(each, moment)]
    days = sorted({OPEN_START, *(day for each in believed for day in (each.start, each.end))} - {OPEN_END})
    then = [scope.world.version(view.id, Moment(parse_day(each).first, moment.known_at)) for each in days]
    for (before, after), day in zip(pairwise(then), days[1:], strict=True):
        assert before is not None and after is not None
        for name in readable:
            was, became = before.values.get(name), after.values.get(name)
            if was != became:
                ends = (_written(name, was), _written(name, became))
                detail = Text(*(f"{first} → {second}" for first, second in zip(*ends, strict=True)))
                yield Event(scope, day, CHANGES[name], view.id, detail)
    corrected = {each.retracted[:10] for each in thing.versions if each.recorded <= moment.known >= each.retracted}
    for day in corrected if readable else ():
        yield Event(scope, day, K.CORRECTED, view.id)


def _written(name: str, value: Any) -> Text:
    if value is None:
        return Text("无", "none")
    match name:
        case "status":
            return words(SubjectStatus(value))
        case "registeredCapital":
            amount = write_decimal(yuan(value) or yuan(0))  # type: ignore[arg-type]
            return Text(f"{amount}元", f"{amount} yuan")
        case "region":
            region = regions.find(value)
            return Text(*(value if region is None else region.name,) * 2)
    return Text(value, value)


# Posts and holdings


def _ties(scope: Scope, id: str) -> Iterator[Event]:
    kinds = [each for each in (*POST_RELATION_KINDS, R.HOLDS) if scope.reads_kind(each, id)]
    both = (scope.world.from_, scope.world.to)
    ties = {each.id: each for ends in both for each in ends(id, *kinds, moment=scope.moment)}
    for each in ties.values():
        began, ended = (K.HOLDING_BEGAN, K.HOLDING_ENDED) if each.kind is R.HOLDS else (K.POST_BEGAN, K.POST_ENDED)
        for day, kind in ((_day(each.since), began), (_day(each.until), ended)):
            if day is not None:
                yield Event(scope, day, kind, each.id, _what(each))


def _what(tie: Tie) -> Text | None:
    if tie.kind is R.HOLDS:
        share = percent(tie.values.get("share"))
        return None if share is None else Text(*(f"{write_decimal(share)}%",) * 2)
    return words(post_of(tie.kind, tie.values.get("post")) or PostKind.EMPLOYEE)


# Records


def _records(scope: Scope, id: str) -> Iterator[Event]:
    views = (scope.view(each.start) for each in scope.world.to(id, R.ABOUT, moment=scope.moment))
    for view in {each.id: each for each in views if each is not None}.values():
        for day, kind in _of_record(view):
            if day is not None:
                yield Event(scope, day, kind, view.id, _named(view))


def _of_record(view: View) -> Iterable[tuple[str | None, TimelineKind]]:
    """A record ends when its effect does, by whichever comes first; the end of its publication is another event."""
    own, listed = view.values, view.kind == RecordKind.LIST_ENTRY
    begun = ("from", "decidedOn") if listed else ("decidedOn", "from")
    yield _day(own.get(begun[0]) or own.get(begun[1])), K.LISTED if listed else K.RECORD_DECIDED
    over = [day for day in (_day(own.get(each)) for each in ENDS) if day is not None]
    yield min(over, default=None), K.DELISTED if listed else K.RECORD_ENDED
    public = _public(record_of(view))
    yield public[0], K.PUBLISHED
    yield public[1], K.UNPUBLISHED
    yield _day(own.get("repairedOn")), K.REPAIRED


def _public(record: Record) -> tuple[str | None, str | None]:
    public = course(record).public
    return (None, None) if public is None else (_day(public[0].isoformat()), _day(public[1].isoformat()))


def _named(view: View) -> Text:
    kind, own = words(RecordKind(view.kind)), view.values
    more = own.get("list") or own.get("documentNumber")
    return kind if more is None else Text(f"{kind.zh} {more}", f"{kind.en} {more}")
