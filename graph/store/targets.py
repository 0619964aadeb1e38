"""What conditions may speak of, as tables: fields, periods and relations of each target, and how each is compared.

It must not know who asks nor Cypher beyond the expression of a stored value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from graph.codes import RelationKind
from graph.conditions import Target
from graph.periods import OPEN_END, OPEN_START
from graph.store.derived import LAST_TEXT, STATE_MARK
from graph.vocabulary import POST_RELATION_KINDS, POST_RELATIONS


class Names(NamedTuple):
    """Variables of a target in scope: its node and the properties to read; of a relation itself and its two ends."""

    node: str = ""
    values: str = ""
    relation: str = ""
    start: Names | None = None
    end: Names | None = None


def _open(value: str, end: str) -> str:
    return f"CASE WHEN {value} = '{end}' THEN null ELSE {value} END"


POST_OF: Final = (
    "CASE type({0}) WHEN 'SERVES_AS' THEN {0}.post "
    + " ".join(f"WHEN '{kind}' THEN '{post}'" for post, kind in POST_RELATIONS.items())
    + " END"
)
SHARED_OF_PERSONS: Final = frozenset({"name", "status", "region"})


class Form(StrEnum):
    """How a stored value is compared: an imprecise day has no place in an order, a list holds any of several."""

    PLAIN = "PLAIN"
    CODE = "CODE"
    DAY = "DAY"
    LIST = "LIST"


def _values(name: str) -> Callable[[Names], str]:
    return lambda names: f"{names.values}.{name}"


def _node(name: str) -> Callable[[Names], str]:
    return lambda names: f"{names.node}.{name}"


def _relation(name: str) -> Callable[[Names], str]:
    return lambda names: f"{names.relation}.{name}"


def _name(names: Names) -> str:
    return f"CASE WHEN {names.values}.nameFold = '' THEN null ELSE {names.values}.nameFold END"


def _document(names: Names) -> str:
    return f"CASE WHEN {names.values}.documentFold = '{LAST_TEXT}' THEN null ELSE {names.values}.documentFold END"


def _state(names: Names) -> str:
    """The last state that had begun; `~` sorts after every state of the day itself."""
    return (
        f"split(last([each IN {names.values}.states WHERE each < $asOf + '{STATE_MARK}~' | each]), '{STATE_MARK}')[1]"
    )


FIELDS: Final[Mapping[Target, Mapping[str, tuple[Callable[[Names], str], Form]]]] = MappingProxyType(
    {
        Target.SUBJECT: {
            "id": (_node("id"), Form.PLAIN),
            "kind": (_node("kind"), Form.PLAIN),
            "name": (_name, Form.PLAIN),
            "status": (_values("status"), Form.PLAIN),
            "region": (_values("region"), Form.CODE),
            "form": (_values("form"), Form.PLAIN),
            "established": (_values("established"), Form.DAY),
            "registeredCapital": (_values("registeredCapital"), Form.PLAIN),
            "industry": (_values("industry"), Form.CODE),
        },
        Target.RECORD: {
            "id": (_node("id"), Form.PLAIN),
            "recordKind": (_node("kind"), Form.PLAIN),
            "state": (_state, Form.PLAIN),
            "documentNumber": (_document, Form.PLAIN),
            "decidedOn": (_values("decidedOn"), Form.DAY),
            "effective.from": (_values("from"), Form.DAY),
            "effective.until": (_values("to"), Form.DAY),
            "types": (_values("types"), Form.LIST),
            "sector": (_values("sector"), Form.CODE),
            "licence": (_values("licence"), Form.CODE),
            "fine": (_values("fine"), Form.PLAIN),
            "list": (_values("list"), Form.CODE),
            "largeDebt": (_values("largeDebt"), Form.PLAIN),
        },
        Target.MEASURE: {
            "measure": (_values("measure"), Form.CODE),
            "rule": (_values("rule"), Form.CODE),
            "certainty": (_values("certainty"), Form.PLAIN),
            "purposes": (_values("purposes"), Form.LIST),
            "from": (_values("from"), Form.DAY),
            "until": (lambda names: _open(f"{names.values}.until", OPEN_END), Form.DAY),
        },
        Target.POST: {
            "post": (lambda names: POST_OF.format(names.relation), Form.PLAIN),
            "validity.from": (lambda names: _open(f"{names.relation}.from", OPEN_START), Form.DAY),
            "validity.until": (lambda names: _open(f"{names.relation}.to", OPEN_END), Form.DAY),
        },
        Target.HOLDING: {
            "share": (_relation("share"), Form.PLAIN),
            "votes": (_relation("votes"), Form.PLAIN),
            "validity.from": (lambda names: _open(f"{names.relation}.from", OPEN_START), Form.DAY),
            "validity.until": (lambda names: _open(f"{names.relation}.to", OPEN_END), Form.DAY),
        },
    }
)
PERIODS: Final[Mapping[Target, tuple[str, Callable[[Names], tuple[str, str]]]]] = MappingProxyType(
    {
        Target.RECORD: (
            "effective",
            lambda names: (
                f"coalesce({names.values}.from, '{OPEN_START}')",
                f"coalesce({names.values}.to, '{OPEN_END}')",
            ),
        ),
        Target.POST: ("validity", lambda names: (f"{names.relation}.from", f"{names.relation}.to")),
        Target.HOLDING: ("validity", lambda names: (f"{names.relation}.from", f"{names.relation}.to")),
    }
)


class Walk(NamedTuple):
    """A relation of a target: its kinds, whether it starts at the target, and what the condition then speaks of."""

    kinds: tuple[RelationKind, ...]
    forward: bool
    target: Target
    reified: bool = False  # the condition speaks of the relation, not of its far end


R = RelationKind
WALKS: Final[Mapping[tuple[Target, str], Walk]] = MappingProxyType(
    {
        (Target.SUBJECT, "records"): Walk((R.ABOUT,), False, Target.RECORD),
        (Target.SUBJECT, "investments"): Walk((R.HOLDS,), True, Target.HOLDING, reified=True),
        (Target.SUBJECT, "shareholders"): Walk((R.HOLDS,), False, Target.HOLDING, reified=True),
        (Target.SUBJECT, "posts"): Walk(POST_RELATION_KINDS, False, Target.POST, reified=True),
        (Target.SUBJECT, "posts held"): Walk(POST_RELATION_KINDS, True, Target.POST, reified=True),
        (Target.SUBJECT, "keyGroup"): Walk((R.MEMBER_OF,), True, Target.SUBJECT),
        (Target.SUBJECT, "profession"): Walk((R.HAS_QUALIFICATION,), True, Target.SUBJECT),
        (Target.RECORD, "about"): Walk((R.ABOUT,), True, Target.SUBJECT),
        (Target.RECORD, "department"): Walk((R.ISSUED_BY,), True, Target.SUBJECT),
    }
)
LISTS: Final = frozenset(name for table in FIELDS.values() for name, (_, form) in table.items() if form is Form.LIST)
ENDS: Final = MappingProxyType({"person": "start", "holder": "start", "organization": "end"})
