"""Who asks and when: what of the world is there for him on a day, as known at a time (`api.md` 1–3, S16).

It must not know GraphQL types; hidden things are absent here already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from graph import facts
from graph.codes import PenaltyType, RecordKind, RecordState, RelationKind, Role, Seriousness
from graph.errors import Invalid
from graph.identifiers import Lookup, parse_lookup
from graph.periods import Moment, Period, instant, parse_day, parse_period
from graph.publication import published
from graph.vocabulary import BY_CODE, RELATIONS, Disclosure, Family
from tests.oracle.facts import Number, Said, Tie, World, known, runs

OFFICIALS: Final = frozenset({Role.GOVERNMENT, Role.OPERATOR, Role.AUDITOR})
R = RelationKind


class Refused(Exception):
    """A field that is refused with a stable code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.extensions = {"code": code}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the claims of his token."""

    role: Role = Role.PUBLIC
    subject: str | None = None
    department: str | None = None
    region: str | None = None
    expires_at: datetime | None = None

    @property
    def official(self) -> bool:
        return self.role in OFFICIALS

    @property
    def claims(self) -> dict[str, Any]:
        found = {"subject": self.subject, "department": self.department, "region": self.region}
        return {**{name: each for name, each in found.items() if each is not None}, "expires_at": self.expires_at}


@dataclass(frozen=True)
class View:
    """A node on a day: its values then, and what is known of it besides."""

    id: str
    kind: str
    said: Said
    numbers: tuple[Number, ...]
    names: tuple[Said, ...]  # versions that had ended by then
    department: bool
    changed: int

    @property
    def values(self) -> Mapping[str, Any]:
        return self.said.values

    @property
    def family(self) -> Family:
        return BY_CODE[self.kind].family


@dataclass
class Question:
    """One operation of one asker at one instant."""

    world: World
    asker: Asker
    now: datetime
    own: frozenset[str] = frozenset()
    _views: dict[tuple[str, Moment], View | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        subject = self.asker.subject
        if subject is not None and self.asker.role in (Role.SUBJECT, Role.PROFESSIONAL):
            if subject[3:4] == "_":
                self.own = frozenset({subject})
            else:
                lookup = parse_lookup(subject, argument="subject")
                self.own = frozenset(self.world.find(lookup, Moment(self.now.date())))

    def view(self, id: str, moment: Moment) -> View | None:
        key = (id, moment)
        if key not in self._views:
            self._views[key] = self._view(id, moment)
        return self._views[key]

    def _view(self, id: str, moment: Moment) -> View | None:
        said = self.world.version(id, moment)
        if said is None:
            return None
        thing = self.world.things[id]
        numbers = tuple(
            each.number
            for each in thing.held
            if known(each, moment) and runs(each.number.start, each.number.end, moment)
        )
        believed = [each for each in thing.versions if known(each, moment)]
        return View(
            id=id,
            kind=thing.kind,
            said=said,
            numbers=numbers,
            names=tuple(each for each in believed if each.end <= moment.as_of.isoformat() and "name" in each.values),
            department=any(each.department for each in believed),
            changed=thing.changed,
        )


@dataclass(frozen=True)
class Scope:
    """The dates in force around a field."""

    question: Question
    moment: Moment

    @property
    def world(self) -> World:
        return self.question.world

    @property
    def asker(self) -> Asker:
        return self.question.asker

    @property
    def day(self) -> date:
        return self.moment.as_of

    def at(self, day: date | None, known_at: datetime | None) -> Scope:
        moment = Moment(day or self.day, self.moment.known_at if known_at is None else instant(known_at))
        return replace(self, moment=moment)

    # What is there

    def view(self, id: str | None) -> View | None:
        """A node as the asker may see it; a record only while it is published, or by right."""
        found = None if id is None else self.question.view(id, self.moment)
        if found is not None and found.family is Family.RECORD and not self.sees_record(found):
            return None
        return found

    def sees_record(self, view: View) -> bool:
        if self.asker.official or not self.question.own.isdisjoint(self.about(view.id)):
            return True
        window = published(record_of(view), self.day)
        return window is not None and window.contains(self.day)

    def tie(self, id: str) -> Tie | None:
        """A post or holding as the asker may see it, whatever its period."""
        found = self.world.ties.get(id)
        if (
            found is None
            or not found.id.startswith(("pos_", "hld_"))
            or not self.world._living([found], (found.kind,), self.moment)
        ):
            return None
        return found if self.sees_tie(found) else None

    def sees_tie(self, tie: Tie) -> bool:
        return any(self.reads_kind(tie.kind, end) for end in (tie.start, tie.end))

    # Rights

    def reads_kind(self, kind: RelationKind, owner: str) -> bool:
        """Whether the asker may see relations of this kind of a node."""
        return self._reads(RELATIONS[kind].disclosure, (owner,))

    def reads(self, view: View, name: str) -> bool:
        """Whether the asker may read a property of a node."""
        for each in BY_CODE[view.kind].properties:
            if each.name == name:
                return self._reads(each.disclosure, self.owners(view))
        raise AssertionError(f"{view.kind} has no {name}")

    def withheld(self, view: View) -> list[str]:
        return [each.name for each in BY_CODE[view.kind].properties if not self.reads(view, each.name)]

    def owners(self, view: View) -> tuple[str, ...]:
        """The subjects whose data a node is."""
        if view.family is Family.SUBJECT:
            return (view.id,)
        if view.family is Family.RECORD:
            responsible = self.world.to(view.id, R.RESPONSIBLE_FOR, moment=self.moment)
            return (*self.about(view.id), *(each.start for each in responsible))
        return tuple(each.start for each in self.world.to(view.id, R.HAS_QUALIFICATION, moment=self.moment))

    def _reads(self, disclosure: Disclosure, owners: tuple[str, ...]) -> bool:
        role = self.asker.role
        if disclosure is Disclosure.PUBLIC or role in (Role.OPERATOR, Role.AUDITOR):
            return True
        if role is Role.GOVERNMENT and disclosure is Disclosure.SHARED:
            return True
        if disclosure is Disclosure.RESTRICTED or self.question.own.isdisjoint(owners):
            return False
        return role is Role.SUBJECT or (role is Role.PROFESSIONAL and disclosure is not Disclosure.SUBJECT)

    # What ties nodes

    def about(self, record: str) -> list[str]:
        return sorted({each.end for each in self.world.from_(record, R.ABOUT, moment=self.moment)})

    def running(self, ties: list[Tie]) -> list[Tie]:
        return [each for each in ties if runs(each.since, each.until, self.moment)]

    def lookup(self, text: str) -> Lookup:
        try:
            return parse_lookup(text, argument="")
        except Invalid:
            raise Refused("BAD_USER_INPUT") from None

    def find(self, text: str) -> str | None:
        """The node of an id or identifier; several holders are a CONFLICT."""
        held = self.world.find(self.lookup(text), self.moment)
        if len(held) > 1:
            raise Refused("CONFLICT")
        return held[0] if held else None


def _day(text: str | None) -> Any:
    return None if text is None else parse_day(text)


def _period(values: Mapping[str, Any], start: str, end: str) -> Period | None:
    if start not in values and end not in values:
        return None
    return parse_period(values.get(start), values.get(end))


def record_of(view: View) -> facts.Record:
    """The facts that publication and state are judged by."""
    values = view.values
    return facts.Record(
        id=view.id,
        kind=RecordKind(view.kind),
        about={},
        decided_on=_day(values.get("decidedOn")),
        effective_on=_day(values.get("effectiveOn")),
        effective=parse_period(values.get("from"), values.get("to")),
        state=RecordState(values["state"]),
        revoked_on=_day(values.get("revokedOn")),
        set_aside_on=_day(values.get("setAsideOn")),
        lifted_on=_day(values.get("liftedOn")),
        repaired_on=_day(values.get("repairedOn")),
        suspended=_period(values, "suspendedFrom", "suspendedTo"),
        completed_on=_day(values.get("completedOn")),
        published=_period(values, "publishedFrom", "publishedTo"),
        types=frozenset(PenaltyType(each) for each in values.get("types", ())),
        sector=values.get("sector"),
        seriousness=Seriousness(values["seriousness"]) if "seriousness" in values else None,
    )
