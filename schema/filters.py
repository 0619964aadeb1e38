"""What a filter or an order of the API asks for, as conditions and keys of the store; refused where it is no question.

It must not know Cypher; texts are folded, money becomes fen, shares millionths of a percent, as they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graph.codes import RecordKind
from graph.conditions import TRUE, And, Condition, Leaf, Not, Op, Or, Quantifier, Related
from graph.errors import Forbidden, Invalid, LimitExceeded
from graph.identifiers import parse_lookup
from graph.store.asked import OrderBy
from graph.texts import fold

DEPTH: Final = 5  # conditions within one another (`api.md` 4)
LEAVES: Final = 50
ORDER_KEYS: Final = 3
OPS: Final = MappingProxyType(
    {
        "eq": Op.EQ,
        "in": Op.IN,
        "lt": Op.LT,
        "lte": Op.LTE,
        "gt": Op.GT,
        "gte": Op.GTE,
        "startsWith": Op.STARTS_WITH,
        "contains": Op.CONTAINS,
    }
)
QUANTIFIERS: Final = MappingProxyType({"some": Quantifier.SOME, "none": Quantifier.NONE, "all": Quantifier.ALL})
GROUPS: Final = frozenset({"and", "or", "not"})
Given = Mapping[str, Any]


def _text(value: Any) -> Any:
    return fold(value)


def _day(value: date) -> str:
    return value.isoformat()


def _fen(value: Decimal) -> int | float:
    return _scaled(value, 100)


def _millionths(value: Decimal) -> int | float:
    return _scaled(value, 1_000_000)


def _scaled(value: Decimal, factor: int) -> int | float:
    """Exact where the stored unit holds it; between two units any number between them compares alike."""
    scaled = value * factor
    whole = int(scaled.to_integral_value(rounding="ROUND_FLOOR"))
    whole = max(min(whole, LARGEST), -LARGEST)
    return whole if scaled == whole else whole + 0.5


LARGEST: Final = (1 << 52) - 1  # with a half it is still exact as a float; no stored amount comes near


def _code(value: Any) -> str:
    return str(value.value)


def _plain(value: Any) -> Any:
    return value


class Field(NamedTuple):
    """A stored field: its name in the store's table and how a given value is written there."""

    name: str
    write: Callable[[Any], Any]


class Walked(NamedTuple):
    """A relation of the store, and the filter its condition is written in."""

    relation: str
    filter: str
    quantified: bool = True


class Named(NamedTuple):
    """Membership in something with a name: a key group, a profession."""

    relation: str


class Ids(NamedTuple):
    """An id or identifier, of the thing itself or of what `relation` leads to."""

    relation: str | None = None


class Period(NamedTuple):
    name: str


class Restricting(NamedTuple):
    """Fields of one kind of record; naming them restricts to it."""

    filter: str
    kind: RecordKind


Meaning = Field | Walked | Named | Ids | Period | Restricting
RECORDS: Final = {
    "records": Walked("records", "CreditRecordFilter"),
    "investments": Walked("investments", "HoldingFilter"),
}
SUBJECT: Final[Mapping[str, Meaning]] = {
    "id": Ids(),
    "kind": Field("kind", _code),
    "name": Field("name", _text),
    "status": Field("status", _code),
    "region": Field("region", _text),
    **RECORDS,
}
ORGANIZATION: Final[Mapping[str, Meaning]] = {
    **SUBJECT,
    "posts": Walked("posts", "PostFilter"),
    "shareholders": Walked("shareholders", "HoldingFilter"),
}
MEANINGS: Final[Mapping[str, Mapping[str, Meaning]]] = MappingProxyType(
    {
        "SubjectFilter": SUBJECT,
        "OrganizationFilter": ORGANIZATION,
        "EnterpriseFilter": {
            **ORGANIZATION,
            "form": Field("form", _code),
            "established": Field("established", _day),
            "registeredCapital": Field("registeredCapital", _fen),
            "industry": Field("industry", _text),
        },
        "PersonFilter": {
            "id": Ids(),
            "name": Field("name", _text),
            "region": Field("region", _text),
            **RECORDS,
            "posts": Walked("posts held", "PostFilter"),
            "keyGroup": Named("keyGroup"),
            "profession": Named("profession"),
        },
        "PostFilter": {
            "person": Walked("person", "PersonFilter", quantified=False),
            "organization": Walked("organization", "OrganizationFilter", quantified=False),
            "post": Field("post", _code),
            "validity": Period("validity"),
        },
        "HoldingFilter": {
            "holder": Walked("holder", "SubjectFilter", quantified=False),
            "organization": Walked("organization", "OrganizationFilter", quantified=False),
            "share": Field("share", _millionths),
            "votes": Field("votes", _millionths),
            "validity": Period("validity"),
        },
        "CreditRecordFilter": {
            "id": Ids(),
            "recordKind": Field("recordKind", _code),
            "state": Field("state", _code),
            "documentNumber": Field("documentNumber", _text),
            "decidedOn": Field("decidedOn", _day),
            "effective": Period("effective"),
            "department": Ids("department"),
            "about": Walked("about", "SubjectFilter", quantified=False),
            "penalty": Restricting("PenaltyFilter", RecordKind.PENALTY),
            "listEntry": Restricting("ListEntryFields", RecordKind.LIST_ENTRY),
        },
        "ListEntryFilter": {
            "list": Field("list", _text),
            "state": Field("state", _code),
            "effective": Period("effective"),
            "about": Walked("about", "SubjectFilter", quantified=False),
        },
        "MeasureFilter": {
            "party": Walked("party", "SubjectFilter", quantified=False),
            "measure": Field("measure", _text),
            "rule": Field("rule", _text),
            "certainty": Field("certainty", _code),
            "purpose": Field("purposes", _code),
            "from": Field("from", _day),
            "until": Field("until", _day),
        },
        "PenaltyFilter": {
            "types": Field("types", _code),
            "sector": Field("sector", _text),
            "licence": Field("licence", _text),
            "fine": Field("fine", _fen),
        },
        "ListEntryFields": {"list": Field("list", _text), "largeDebt": Field("largeDebt", _plain)},
    }
)
# What is not public of a person (`vocabulary`): a filter by it would tell what the reader may not read.
SHARED: Final = frozenset({("PersonFilter", "name"), ("PersonFilter", "region"), ("PersonFilter", "keyGroup")})
ORDERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "MeasureOrder": {"FROM": "BOUND_FROM", "UNTIL": "BOUND_UNTIL", "RULE": "RULE"},
        "PostOrder": {
            "FROM": "FROM",
            "UNTIL": "UNTIL",
            "PERSON_NAME": "START_NAME",
            "ORGANIZATION_NAME": "END_NAME",
        },
        "HoldingOrder": {
            "SHARE": "SHARE",
            "FROM": "FROM",
            "HOLDER_NAME": "START_NAME",
            "ORGANIZATION_NAME": "END_NAME",
        },
    }
)
SHARED_ORDERS: Final = frozenset(
    {("PersonOrder", "NAME"), ("PostOrder", "PERSON_NAME"), ("HoldingOrder", "HOLDER_NAME")}
)


def condition(filter: str, given: Given | None, *, argument: str, official: bool) -> Condition:
    """The condition a filter of the API writes. Raises Invalid, Forbidden or LimitExceeded naming the key at fault."""
    if given is None:
        return TRUE
    return _Reading(official).read(filter, given, argument, 1)


def orders(order: str, given: Sequence[Given] | None, *, argument: str, official: bool) -> tuple[OrderBy, ...]:
    """The keys an order names; none for none."""
    if not given:
        return ()
    if len(given) > ORDER_KEYS:
        raise LimitExceeded(f"{argument}: 至多 {ORDER_KEYS} 个排序键 · at most {ORDER_KEYS} keys", argument=argument)
    named = [str(each["field"].value) for each in given]
    for i, name in enumerate(named):
        if (order, name) in SHARED_ORDERS and not official:
            raise _forbidden(f"{argument}.{i}.field")
        if name in named[:i]:
            raise Invalid(f"{argument}.{i}.field: 排序键重复 · named twice: {name}", argument=f"{argument}.{i}.field")
    keys = ORDERS.get(order, {})
    return tuple(
        OrderBy(keys.get(name, name), each["direction"].value == "DESC")
        for name, each in zip(named, given, strict=True)
    )


def shape(given: Any) -> Any:
    """What a filter asks, without the values it asks about: a cursor belongs to this (`api.md` 5)."""
    if isinstance(given, Mapping):
        return {key: shape(given[key]) for key in sorted(given)}
    if isinstance(given, list | tuple) and any(isinstance(each, Mapping) for each in given):
        return [shape(each) for each in given]
    return None if given is None else 0


def _forbidden(argument: str) -> Forbidden:
    return Forbidden(f"{argument}: 无权按此字段筛选或排序 · not a field you may filter or order by", argument=argument)


@dataclass(slots=True)
class _Reading:
    """One filter while it is read."""

    official: bool
    leaves: int = 0

    def read(self, filter: str, given: Given, argument: str, depth: int) -> Condition:
        if depth > DEPTH:
            raise LimitExceeded(f"{argument}: 条件至多嵌套 {DEPTH} 层 · at most {DEPTH} levels", argument=argument)
        parts: list[Condition] = []
        for key, value in given.items():
            here = f"{argument}.{key}"
            if value is None:
                raise Invalid(f"{here}: 此处不接受 null · null is no condition here", argument=here)
            parts.append(self._part(filter, key, value, here, depth))
        return self._all(parts, argument)

    def _part(self, filter: str, key: str, value: Any, argument: str, depth: int) -> Condition:
        if key == "not":
            return Not(self.read(filter, value, argument, depth + 1))
        if key in GROUPS:
            parts = tuple(self.read(filter, each, f"{argument}.{i}", depth + 1) for i, each in enumerate(value))
            group = And(parts) if key == "and" else Or(parts)
            return group if parts else self._leaf(group, argument)
        if (filter, key) in SHARED and not self.official:
            raise _forbidden(argument)
        match MEANINGS[filter][key]:
            case Field(name, write):
                if not isinstance(value, Mapping):  # largeDebt: true
                    return self._leaf(Leaf(name, Op.EQ, write(value)), argument)
                return self._leaves(value, argument, lambda op, each: Leaf(name, op, each), write)
            case Ids(towards):
                return self._leaves(value, argument, lambda op, each: _identified(op, each, argument, towards), _plain)
            case Named(membership):
                return self._leaves(
                    value,
                    argument,
                    lambda op, each: Related(membership, Quantifier.SOME, Leaf("name", op, each)),
                    _text,
                )
            case Period(name):
                return self._period(name, value, argument)
            case Restricting(inner, kind):
                fields = self.read(inner, value, argument, depth + 1)
                return And((Leaf("recordKind", Op.EQ, kind.value), fields))
            case Walked(relation, inner, quantified):
                return self._walk(relation, inner, quantified, value, argument, depth)

    def _walk(self, relation: str, inner: str, quantified: bool, value: Given, argument: str, depth: int) -> Condition:
        if not quantified:
            return Related(relation, Quantifier.SOME, self.read(inner, value, argument, depth + 1))
        parts: list[Condition] = []
        for key, each in value.items():
            here = f"{argument}.{key}"
            if each is None:
                raise Invalid(f"{here}: 此处不接受 null · null is no condition here", argument=here)
            parts.append(Related(relation, QUANTIFIERS[key], self.read(inner, each, here, depth + 1)))
        return self._all(parts, argument)

    def _leaves(
        self, given: Given, argument: str, make: Callable[[Op, Any], Condition], write: Callable[[Any], Any]
    ) -> Condition:
        parts: list[Condition] = []
        for key, value in given.items():
            here = f"{argument}.{key}"
            if value is None:
                if key != "eq":
                    raise Invalid(f"{here}: 此处不接受 null · null is no value here", argument=here)
                parts.append(self._leaf(make(Op.MISSING, None), here))
                continue
            written = tuple(write(each) for each in value) if key == "in" else write(value)
            parts.append(self._leaf(make(OPS[key], written), here))
        return self._all(parts, argument)

    def _period(self, name: str, given: Given, argument: str) -> Condition:
        parts: list[Condition] = []
        for key, value in given.items():
            here = f"{argument}.{key}"
            if value is None:
                raise Invalid(f"{here}: 此处不接受 null · null is no condition here", argument=here)
            if key == "contains":
                parts.append(self._leaf(Leaf(f"{name}.contains", Op.EQ, value.isoformat()), here))
            elif key == "overlaps":
                for end, day in value.items():
                    if day is None:
                        raise Invalid(f"{here}.{end}: 省略即不限 · omit it for an open end", argument=f"{here}.{end}")
                ends = tuple(_day(value[end]) if end in value else None for end in ("from", "until"))
                parts.append(self._leaf(Leaf(f"{name}.overlaps", Op.EQ, ends), here))
            else:
                parts.append(
                    self._leaves(value, here, lambda op, each, key=key: Leaf(f"{name}.{key}", op, each), _day)  # type: ignore[misc]
                )
        return self._all(parts, argument)

    def _all(self, parts: Sequence[Condition], argument: str) -> Condition:
        """Nothing asked counts as well: a thousand empty conditions of relations are a thousand walks."""
        if not parts:
            return self._leaf(TRUE, argument)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _leaf(self, leaf: Condition, argument: str) -> Condition:
        self.leaves += 1
        if self.leaves > LEAVES:
            raise LimitExceeded(f"{argument}: 条件至多 {LEAVES} 项 · at most {LEAVES} comparisons", argument=argument)
        return leaf


def _identified(op: Op, value: Any, argument: str, towards: str | None) -> Condition:
    """An id itself, or the keys of an identifier. Everything has an id; «has no value» asks for no such relation."""
    if op is Op.MISSING:
        return Or() if towards is None else Related(towards, Quantifier.NONE, TRUE)
    wanted = value if op is Op.IN else (value,)
    lookups = [parse_lookup(each, argument=argument) for each in wanted]
    ids = tuple(each.node_id for each in lookups if each.node_id is not None)
    keys = tuple(key for each in lookups for key in each.keys)
    parts: list[Condition] = []
    if ids or not keys:
        parts.append(Leaf("id", Op.IN, ids))
    if keys:
        parts.append(Leaf("identifier", Op.IN, keys))
    found = parts[0] if len(parts) == 1 else Or(tuple(parts))
    return found if towards is None else Related(towards, Quantifier.SOME, found)
