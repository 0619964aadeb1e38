"""What a filter of `contract-types.graphql` means (`api.md` 4), evaluated on plain data.

It must not know pages; a comparison with a missing value is false, `{eq: null}` asks for no value, `not` is two-valued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from graph.codes import RelationKind
from graph.errors import Invalid
from graph.identifiers import parse_lookup
from graph.periods import OPEN_END, OPEN_START, Period, on, parse_day, parse_period
from graph.publication import published
from graph.states import state_on
from graph.texts import fold
from graph.vocabulary import POST_RELATION_KINDS, RELATIONS, Disclosure, post_of
from tests.oracle.facts import Tie
from tests.oracle.reading import Refused, Scope, View, record_of

Filter = Mapping[str, Any]
MOST_DEEP, MOST_LEAVES = 5, 50
R = RelationKind
# A field nobody but officials may read of everybody (`api.md` 2): filtering or ordering by it is FORBIDDEN.
HIDDEN_OF_PERSONS: Final = frozenset({"name", "status", "region"})
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "startsWith": lambda value, wanted: value.startswith(wanted),
    "contains": lambda value, wanted: wanted in value,
}


# What is refused before anything is read, in the order in which it is written


RELATED: Final = {
    "records": "CreditRecordFilter",
    "investments": "HoldingFilter",
    "shareholders": "HoldingFilter",
    "posts": "PostFilter",
}
INNER: Final = {
    "person": "PersonFilter",
    "organization": "OrganizationFilter",
    "holder": "SubjectFilter",
    "about": "SubjectFilter",
    "penalty": "PenaltyFilter",
    "listEntry": "ListEntryFields",
}


def check(where: Filter | None, kind: str, scope: Scope) -> None:
    """`kind` is the name of the input type."""
    if where:
        _Checking(scope.asker.official).check(where, kind, 1)


class _Checking:
    def __init__(self, official: bool) -> None:
        self.official = official
        self.leaves = 0

    def check(self, where: Filter, kind: str, depth: int) -> None:
        if depth > MOST_DEEP:
            raise Refused("LIMIT_EXCEEDED")
        for key, value in where.items():
            if value is None:
                raise Refused("BAD_USER_INPUT")
            if key == "not":
                self.check(value, kind, depth + 1)
            elif key in ("and", "or"):
                for each in value:
                    self.check(each, kind, depth + 1)
            elif kind == "PersonFilter" and (key in HIDDEN_OF_PERSONS or key == "keyGroup") and not self.official:
                raise Refused("FORBIDDEN")
            elif key in RELATED:
                for each in value.values():
                    if each is None:
                        raise Refused("BAD_USER_INPUT")
                    self.check(each, RELATED[key], depth + 1)
            elif key in INNER:
                self.check(value, INNER[key], depth + 1)
            else:
                self._compare(value)

    def _compare(self, value: Any) -> None:
        """The comparisons of one field; `validity` and `effective` hold two more of them."""
        if not isinstance(value, Mapping):
            return self._leaf()
        for key, each in value.items():
            if each is None and key != "eq":
                raise Refused("BAD_USER_INPUT")
            if key in ("from", "until"):
                self._compare(each)
                continue
            if key == "overlaps" and None in each.values():
                raise Refused("BAD_USER_INPUT")
            self._leaf()
        return None

    def _leaf(self) -> None:
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise Refused("LIMIT_EXCEEDED")


def speaks_of(where: Filter | None, *names: str) -> bool:
    """Whether the filter itself, not a filter of something related, names one of these."""
    if not where:
        return False
    return any(
        key in names
        or (key in ("and", "or") and any(speaks_of(each, *names) for each in value))
        or (key == "not" and speaks_of(value, *names))
        for key, value in where.items()
    )


# Values


def compared(value: Any, wanted: Filter) -> bool:
    """All comparisons of one field; None is no value."""
    for key, than in wanted.items():
        if key == "eq" and than is None:
            if value is not None:
                return False
        elif value is None or not COMPARISONS[key](value, than):
            return False
    return True


def texts(value: str | None, wanted: Filter) -> bool:
    def folded(each: Any) -> Any:
        return [fold(one) for one in each] if isinstance(each, list) else each if each is None else fold(each)

    return compared(folded(value), {key: folded(each) for key, each in wanted.items()})


def days(text: str | None, wanted: Filter) -> bool:
    """A day; one known to month or year only is there, but has no place in an order of days."""
    for key, than in wanted.items():
        if key == "eq" and than is None:
            if text is not None:
                return False
            continue
        day = None if text is None else parse_day(text)
        if day is None or not day.exact or not COMPARISONS[key](day.first, than):
            return False
    return True


def any_of(values: Iterable[str], wanted: Filter) -> bool:
    """A list: `eq` holds when one of its values does."""
    values = tuple(values)
    return all(
        not values if key == "eq" and than is None else any(COMPARISONS[key](each, than) for each in values)
        for key, than in wanted.items()
    )


def periods(start: str, end: str, wanted: Filter) -> bool:
    held = parse_period(start, end)
    for key, value in wanted.items():
        match key:
            case "contains":
                kept = held.contains(value)
            case "overlaps":
                kept = held.overlaps(_asked(value))
            case "from":
                kept = days(None if start == OPEN_START else start, value)
            case _:
                kept = days(None if end == OPEN_END else end, value)
        if not kept:
            return False
    return True


def _asked(value: Mapping[str, date | None]) -> Period:
    ends = (value.get(each) for each in ("from", "until"))
    return Period(*(None if each is None else on(each) for each in ends))


# Things


def subject(scope: Scope, id: str, where: Filter | None, kind: str) -> bool:
    """A subject by SubjectFilter, OrganizationFilter, EnterpriseFilter or PersonFilter."""
    view = scope.view(id)
    if view is None:
        return False
    return _joined(
        where,
        lambda key, value: _of_subject(scope, view, key, value, kind),
        lambda each: subject(scope, id, each, kind),
    )


def _joined(where: Filter | None, leaf: Callable[[str, Any], bool], whole: Callable[[Filter], bool]) -> bool:
    for key, value in (where or {}).items():
        match key:
            case "and":
                kept = all(map(whole, value))
            case "or":
                kept = any(map(whole, value))
            case "not":
                kept = not whole(value)
            case _:
                kept = leaf(key, value)
        if not kept:
            return False
    return True


def _of_subject(scope: Scope, view: View, key: str, value: Any, kind: str) -> bool:
    own = view.values
    if key in HIDDEN_OF_PERSONS and view.kind == "PERSON" and not scope.asker.official:
        return texts(None, value)
    match key:
        case "id":
            return identified(scope, view.id, value)
        case "kind":
            return compared(view.kind, value)
        case "status" | "form":
            return compared(own.get(key), value)
        case "name" | "region" | "industry":
            return texts(own.get(key), value)
        case "established":
            return days(own.get(key), value)
        case "registeredCapital":
            fen = own.get(key)
            return compared(None if fen is None else Decimal(fen) / 100, value)
        case "records":
            found = records_of(scope, view.id)
            return _quantified(value, found, lambda one, where: record(scope, one, where))
        case "investments" | "shareholders" | "posts":
            forward = key == "investments" or (key == "posts" and view.kind == "PERSON")
            return _related(scope, view.id, key, forward, value)
        case "keyGroup" | "profession":
            return _named(scope, view.id, key, value)
    raise AssertionError(f"{kind}.{key}")


def _quantified(wanted: Filter, found: list[Any], holds: Callable[[Any, Filter], bool]) -> bool:
    for key, where in wanted.items():
        held = [holds(each, where) for each in found]
        if not {"some": any(held), "none": not any(held), "all": all(held)}[key]:
            return False
    return True


def _related(scope: Scope, id: str, name: str, forward: bool, wanted: Filter) -> bool:
    """Posts or holdings: those running on the day, unless the condition speaks of their validity."""
    kinds = POST_RELATION_KINDS if name == "posts" else (R.HOLDS,)
    kinds = tuple(each for each in kinds if scope.asker.official or RELATIONS[each].disclosure is Disclosure.PUBLIC)
    ends = scope.world.from_ if forward else scope.world.to
    ties = ends(id, *kinds, moment=scope.moment)
    for key, where in wanted.items():
        among = ties if speaks_of(where, "validity") else scope.running(ties)
        if not _quantified({key: where}, among, lambda one, each: tie(scope, one, each)):
            return False
    return True


def _named(scope: Scope, id: str, name: str, wanted: Filter) -> bool:
    kind, stored = (R.MEMBER_OF, "name") if name == "keyGroup" else (R.HAS_QUALIFICATION, "profession")
    if RELATIONS[kind].disclosure is not Disclosure.PUBLIC and not scope.asker.official:
        return False
    ties = scope.running(scope.world.from_(id, kind, moment=scope.moment))
    views = [scope.view(each.end) for each in ties]
    names = [view.values[stored] for view in views if view is not None]
    return all(
        not names if key == "eq" and than is None else any(texts(each, {key: than}) for each in names)
        for key, than in wanted.items()
    )


def tie(scope: Scope, one: Tie, where: Filter | None) -> bool:
    """A post by PostFilter or a holding by HoldingFilter."""

    def leaf(key: str, value: Any) -> bool:
        match key:
            case "person":
                return subject(scope, one.start, value, "PersonFilter")
            case "holder":
                return subject(scope, one.start, value, "SubjectFilter")
            case "organization":
                return subject(scope, one.end, value, "OrganizationFilter")
            case "post":
                return compared(str(post_of(one.kind, one.values.get("post"))), value)
            case "share" | "votes":
                units = one.values.get(key)
                return compared(None if units is None else Decimal(units) / 1_000_000, value)
            case _:
                return periods(one.since, one.until, value)

    return _joined(where, leaf, lambda each: tie(scope, one, each))


def records_of(scope: Scope, id: str) -> list[View]:
    """Records about a subject that the asker sees and that were decided by the day."""
    views = [scope.view(each.start) for each in scope.world.to(id, R.ABOUT, moment=scope.moment)]
    return [each for each in views if each is not None and decided(scope, each)]


def day_of(view: View) -> str | None:
    """decidedOn, else from; as written."""
    return view.values.get("decidedOn") or view.values.get("from")


def decided(scope: Scope, view: View) -> bool:
    """Known by the day; without a day at all it always is. A month or year counts from its first day."""
    day = day_of(view)
    return day is None or parse_day(day).first <= scope.day


def record(scope: Scope, view: View, where: Filter | None) -> bool:
    """A record by CreditRecordFilter or ListEntryFilter."""
    own = view.values

    def leaf(key: str, value: Any) -> bool:
        match key:
            case "id":
                return identified(scope, view.id, value)
            case "recordKind":
                return compared(view.kind, value)
            case "state":
                facts = record_of(view)
                return compared(str(state_on(facts, published(facts, scope.day), scope.day)), value)
            case "documentNumber":
                return texts(own.get(key), value)
            case "decidedOn":
                return days(own.get(key), value)
            case "effective":
                return periods(own.get("from", OPEN_START), own.get("to", OPEN_END), value)
            case "department":
                ties = scope.world.from_(view.id, R.ISSUED_BY, moment=scope.moment)
                return _ids(scope, [each.end for each in ties], value)
            case "about":
                return any(subject(scope, each, value, "SubjectFilter") for each in scope.about(view.id))
            case "penalty":
                return view.kind == "PENALTY" and _penalty(own, value)
            case "listEntry":
                return view.kind == "LIST_ENTRY" and _listed(own, value)
            case "list":
                return texts(own.get("list"), value)
        raise AssertionError(key)

    return _joined(where, leaf, lambda each: record(scope, view, each))


def _ids(scope: Scope, held: list[str], wanted: Filter) -> bool:
    if "eq" in wanted and wanted["eq"] is None:
        return not held
    return any(identified(scope, each, wanted) for each in held)


def identified(scope: Scope, id: str, wanted: Filter) -> bool:
    """An id or an identifier that names this node; everything has an id."""
    for key, than in wanted.items():
        if than is None:
            return False
        named = set[str]()
        for each in than if key == "in" else (than,):
            try:
                named.update(scope.world.find(parse_lookup(each, argument=""), scope.moment))
            except Invalid:
                raise Refused("BAD_USER_INPUT") from None
        if id not in named:
            return False
    return True


def _penalty(own: Mapping[str, Any], where: Filter) -> bool:
    for key, value in where.items():
        if key == "types":
            kept = any_of(own.get("types", ()), value)
        elif key == "fine":
            fen = own.get("fine")
            kept = compared(None if fen is None else Decimal(fen) / 100, value)
        else:
            kept = texts(own.get(key), value)
        if not kept:
            return False
    return True


def _listed(own: Mapping[str, Any], where: Filter) -> bool:
    return all(
        texts(own.get("list"), value) if key == "list" else own.get("largeDebt") is value
        for key, value in where.items()
    )
