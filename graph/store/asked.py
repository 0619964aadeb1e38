"""What a page lists, in which order, for whom: the values a statement is written from.

It must not know Cypher beyond the expression of a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.codes import RelationKind, StatisticsGroup
from graph.conditions import TRUE, Condition, Target
from graph.periods import OPEN_END, OPEN_START
from graph.store.conditions import Reading
from graph.store.derived import LAST_NUMBER, LAST_TEXT
from graph.views import PageRequest
from graph.vocabulary import BY_LABEL, Family


@dataclass(frozen=True, slots=True)
class Root:
    """Nodes of a label: Enterprise, Organization, Person, Record, Department (a body that decides), Measure …"""

    label: str

    @property
    def target(self) -> Target:
        if self.label == "Measure":
            return Target.MEASURE
        record = self.label == "Record" or (self.label in BY_LABEL and BY_LABEL[self.label].family is Family.RECORD)
        return Target.RECORD if record else Target.SUBJECT


@dataclass(frozen=True, slots=True)
class Relations:
    """Relations of owners that are rows themselves; `forward`: the owner is their start. `kinds` are readable ones."""

    kinds: tuple[RelationKind, ...]
    forward: bool

    @property
    def target(self) -> Target:
        return Target.HOLDING if self.kinds == (RelationKind.HOLDS,) else Target.POST


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Nodes at the other end of one kind of relation of owners: records of a subject, members of a group, branches.

    `valid`: of records only those in effect on the day (list entries); of subjects the relation must run.
    `record_kinds` narrows records.
    """

    kind: RelationKind
    target: Target
    forward: bool = False
    valid: bool = False
    record_kinds: tuple[str, ...] = ()


Source = Root | Relations | Neighbours


class OrderBy(NamedTuple):
    """One key of `KEYS` and its direction; what has no value comes last either way."""

    key: str
    descending: bool = False


class Variables(NamedTuple):
    """The names one page gives its rows in Cypher; a number keeps a page within a page from meaning the outer one."""

    owner: str
    node: str  # the row's node, or the far end of a relation
    values: str
    relation: str
    row: str  # id of the row
    start: str  # the properties of a relation's two ends
    end: str

    @classmethod
    def numbered(cls, number: int | str, owner: str = "owner") -> Variables:
        return cls(owner, *(f"{stem}{number}" for stem in ("n", "p", "r", "rowId", "startNamed", "endNamed")))


class Key(NamedTuple):
    """`expression` over `Variables`, never null; `last` stands for no value. `column`: stored and indexed."""

    expression: str
    last: Any = LAST_TEXT
    column: str | None = None

    def of(self, names: Variables) -> str:
        return self.expression.format_map(names._asdict())


def _day(value: str, none: str) -> str:
    return f"CASE WHEN size({value}) = 10 AND {value} <> '{none}' THEN {value} ELSE '{LAST_TEXT}' END"


KEYS: Final = MappingProxyType(
    {
        "NAME": Key("{values}.nameFold", column="nameFold"),
        "ESTABLISHED": Key("{values}.establishedOrder", column="establishedOrder"),
        "REGISTERED_CAPITAL": Key("{values}.capitalOrder", LAST_NUMBER, "capitalOrder"),
        "DAY": Key("{values}.day", column="day"),
        "DECIDED_ON": Key("{values}.decidedOrder", column="decidedOrder"),
        "DOCUMENT_NUMBER": Key("{values}.documentFold", column="documentFold"),
        "SINCE": Key("{relation}.from"),
        "FROM": Key(_day("{relation}.from", OPEN_START)),
        "UNTIL": Key(_day("{relation}.to", OPEN_END)),
        "SHARE": Key(f"coalesce({{relation}}.share, {LAST_NUMBER})", LAST_NUMBER),
        "START_NAME": Key("{start}.nameFold"),
        "END_NAME": Key("{end}.nameFold"),
        "BOUND_FROM": Key("{values}.from", OPEN_END, "from"),
        "BOUND_UNTIL": Key("{values}.until", OPEN_END, "until"),
        "RULE": Key("{values}.rule", column="rule"),
        "ID": Key("''"),
    }
)
# Where nothing is asked: newest record and measure first, relations as they began, firms by name, persons by their id,
# which means nothing.
DEFAULT: Final = MappingProxyType(
    {
        Target.RECORD: (OrderBy("DAY", descending=True),),
        Target.MEASURE: (OrderBy("BOUND_FROM", descending=True),),
        Target.POST: (OrderBy("SINCE"),),
        Target.HOLDING: (OrderBy("SINCE"),),
        Target.SUBJECT: (OrderBy("ID"),),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page to read. `order` empty: the usual one of the source. `facets`: by what its rows are counted besides."""

    source: Source
    reading: Reading
    request: PageRequest
    condition: Condition = TRUE
    order: tuple[OrderBy, ...] = ()
    facets: tuple[StatisticsGroup, ...] = ()

    @property
    def keys(self) -> tuple[OrderBy, ...]:
        return keys_of(self.source, self.order)


def keys_of(source: Source, order: tuple[OrderBy, ...]) -> tuple[OrderBy, ...]:
    """The keys asked for, else the usual ones of the source."""
    if order:
        return order
    if isinstance(source, Root) and source.target is Target.SUBJECT and source.label != "Person":
        return (OrderBy("NAME"),)
    return DEFAULT[source.target]
