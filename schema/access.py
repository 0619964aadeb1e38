"""Who may read what: the disclosure classes of the vocabulary applied to one reader, and whose data was read.

It must not know how an answer is found or written; a thing it hides is absent everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from graph import propagation
from graph.codes import RelationKind, Role, SubjectKind
from graph.facts import Facts, Record
from graph.periods import Moment
from graph.publication import published
from graph.store.conditions import Reading
from graph.views import NodeView
from graph.vocabulary import BY_CODE, RELATIONS, Disclosure, Family
from schema.reader import Reader
from schema.recorded import record_of

PERSON_PREFIX: Final = f"{BY_CODE[SubjectKind.PERSON].prefix}_"
ENTERPRISE_PREFIX: Final = f"{BY_CODE[SubjectKind.ENTERPRISE].prefix}_"
KEEPERS: Final = frozenset({Role.OPERATOR, Role.AUDITOR})


def is_person(node: str) -> bool:
    return node.startswith(PERSON_PREFIX)


def is_enterprise(node: str) -> bool:
    return node.startswith(ENTERPRISE_PREFIX)


def owners(view: NodeView) -> tuple[str, ...]:
    """The subjects whose data this node is."""
    match BY_CODE[view.kind].family:
        case Family.SUBJECT:
            return (view.id, *view.former_ids)
        case Family.RECORD:
            return (*view.subjects, *(each.person for each in view.responsible))
        case _:
            return (view.holder,) if view.holder else ()


@dataclass(slots=True)
class Access:
    """One reader's rights in one operation. `own` are the ids of the reader's own subject.

    `persons` collects the people whose non-public data was read (`storage.md` 9).
    """

    reader: Reader
    own: frozenset[str] = frozenset()
    persons: set[str] = field(default_factory=set)

    @property
    def official(self) -> bool:
        return self.reader.official

    def reads(self, disclosure: Disclosure, view: NodeView) -> bool:
        return disclosure is Disclosure.PUBLIC or self._reads_of(disclosure, owners(view))

    def _reads_of(self, disclosure: Disclosure, subjects: tuple[str, ...]) -> bool:
        role = self.reader.role
        if role in KEEPERS or (role is Role.GOVERNMENT and disclosure is Disclosure.SHARED):
            return True
        if disclosure is Disclosure.RESTRICTED or self.own.isdisjoint(subjects):
            return False
        return role is Role.SUBJECT or (role is Role.PROFESSIONAL and disclosure is not Disclosure.SUBJECT)

    def may_read(self, disclosure: Disclosure) -> bool:
        """Whether there is anybody of whom the reader may read this class."""
        return disclosure is Disclosure.PUBLIC or self._reads_of(disclosure, tuple(self.own))

    def sees_row(self, row: Any) -> bool:
        """Whether a record exists for this reader: while it is published, or by right; said of `projection` rows."""
        day, values = row.scope.moment.as_of.isoformat(), row.values
        published = (values.get("publicFrom") or "") <= day < (values.get("publicTo") or "")
        if published:
            return True
        if self.official or not self.own.isdisjoint(row.raw.get("subjects", ())):
            self.note(owners(row.view))
            return True
        return False

    def note_read(self, disclosure: Disclosure, view: NodeView) -> None:
        if disclosure is not Disclosure.PUBLIC:
            self.note(owners(view))

    def note(self, subjects: tuple[str, ...]) -> None:
        """Remember that non-public data of these subjects was read; organisations are no persons."""
        self.persons.update(each for each in subjects if is_person(each))

    def note_judged(self, *parties: str) -> None:
        """Remember about whom an answer says something the public could not read."""
        if self.official:
            self.note(parties)

    def reading(self, moment: Moment) -> Reading:
        """The same rights as the store's statements take them."""
        return Reading(moment, self.official, tuple(sorted(self.own)))

    def relations(self, kinds: tuple[RelationKind, ...], owner: str) -> tuple[RelationKind, ...]:
        """The kinds of relations of `owner` the reader may see at all."""
        return tuple(
            kind
            for kind in kinds
            if RELATIONS[kind].disclosure is Disclosure.PUBLIC or self._reads_of(RELATIONS[kind].disclosure, (owner,))
        )

    def closed(self, kinds: tuple[RelationKind, ...]) -> tuple[RelationKind, ...]:
        """Those of several kinds of relations that the reader may see of his own subject alone, if he has one."""
        return tuple(
            kind
            for kind in kinds
            if RELATIONS[kind].disclosure is not Disclosure.PUBLIC
            and not self._reads_of(RELATIONS[kind].disclosure, ())
        )

    def sees(self, view: NodeView, as_of: date) -> bool:
        """Whether the node exists for this reader; a record only while it is published, or by right."""
        if BY_CODE[view.kind].family is Family.RECORD:
            seen = self.sees_record(record_of(view), as_of)
            if seen and self.persons.isdisjoint(owners(view)) and not published_on(record_of(view), as_of):
                self.note(owners(view))
            return seen
        return True

    def sees_record(self, record: Record, as_of: date) -> bool:
        return self.official or not self.own.isdisjoint(record.about) or published_on(record, as_of)

    def facts(self, known: Facts, as_of: date) -> Facts:
        """What this reader's answers may be reasoned from: the published part, and all that is about himself."""
        if self.official:
            return known
        shown = propagation.visible(known, official=False, as_of=as_of)
        if not self.own:
            return shown
        own = tuple(each for each in known.records if not self.own.isdisjoint(each.about))
        records = {each.id: each for each in (*shown.records, *own)}
        public = {each.id for each in shown.posts}
        return replace(
            shown,
            records=tuple(records.values()),
            findings=tuple(each for each in known.findings if each.record in records),
            posts=tuple(each for each in known.posts if each.id in public or each.person in self.own),
        )

    def withheld(self, view: NodeView) -> list[str]:
        """Names of the fields this reader may not read, whether or not they have a value."""
        return [each.name for each in BY_CODE[view.kind].properties if not self.reads(each.disclosure, view)]


def published_on(record: Record, as_of: date) -> bool:
    period = published(record, as_of)
    return period is not None and period.contains(as_of)
