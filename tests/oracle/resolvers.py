"""The oracle: graphql-core over the served SDL with plain resolvers on the frozen world (`storage.md` 15).

It must not know Cypher, a driver or the served resolvers; of `schema` it takes the SDL text and the scalars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from graph.periods import Moment
from graph.vocabulary import BY_CODE, Family
from schema import scalars
from tests.oracle import around, counting, filters, named, pages, searching
from tests.oracle.facts import World
from tests.oracle.reading import Asker, Question, Refused, Scope, View
from tests.oracle.records import Record
from tests.oracle.rows import BY_ID, NEWEST
from tests.oracle.shown import Region, all_shown, by_id, connection, region
from tests.oracle.subjects import Subject
from tests.schema.asking import PATIENCE_MILLISECONDS

SDL: Final = Path(scalars.__file__).with_name("schema.graphql")
MOST_IDS: Final = 100
# Limits of a role as `viewer` tells them (`api.md` 9): officials, others.
LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "depth": (15, 10),
    "listDepth": (4, 3),
    "aliases": (50, 15),
    "rootFields": (50, 10),
    "tokens": (5_000, 2_000),
    "characters": (100_000, 15_000),
    "cost": (20_000, 5_000),
    "pageSize": (100, 100),
    "answerBytes": (10_000_000, 10_000_000),
    "statementSeconds": (10, 10),
    "planSeconds": (20, 20),
    "linkMilliseconds": (PATIENCE_MILLISECONDS, PATIENCE_MILLISECONDS),
}
NAME: Final = (("NAME", False),)


def served_schema() -> GraphQLSchema:
    """The SDL with the scalars of the API; enum values are their names."""
    built = build_schema(SDL.read_text(encoding="utf-8"))
    for name, parse_value, serialize in (
        ("Date", scalars.parse_date, lambda day: day.isoformat()),
        ("DateTime", scalars.parse_instant, scalars.write_instant),
        ("Decimal", scalars.parse_decimal, scalars.write_decimal),
    ):
        scalar = built.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        scalar.coerce_input_value = parse_value
        scalar.coerce_output_value = serialize
    return built


class Query:
    """The root fields; a method per field."""

    typename = "Query"

    def __init__(self, question: Question) -> None:
        self.scope = Scope(question, Moment(question.now.date()))

    def node(self, id: str, asOf: Any = None, knownAt: Any = None) -> Any:
        return _own(self.scope.at(asOf, knownAt), id)

    def nodes(self, ids: list[str], asOf: Any = None, knownAt: Any = None) -> list[Any]:
        scope = self.scope.at(asOf, knownAt)
        if len(ids) > MOST_IDS:
            raise Refused("LIMIT_EXCEEDED")
        return [_or_error(lambda each=each: _own(scope, each)) for each in ids]  # type: ignore[misc]

    def _found(self, text: str, given: Mapping[str, Any], fits: Callable[[Any], bool]) -> Any:
        scope = self.scope.at(given.get("asOf"), given.get("knownAt"))
        id = scope.find(text)
        node = None if id is None else by_id(scope, id)
        return node if node is not None and fits(node) else None

    def subject(self, identifier: str, **dates: Any) -> Any:
        return self._found(identifier, dates, lambda node: isinstance(node, Subject))

    def enterprise(self, identifier: str, **dates: Any) -> Any:
        return self._found(identifier, dates, lambda node: _typename(node) == "Enterprise")

    def person(self, id: str, **dates: Any) -> Any:
        return self._found(id, dates, lambda node: _typename(node) == "Person")

    def department(self, identifier: str, **dates: Any) -> Any:
        return self._found(identifier, dates, lambda node: _typename(node) == "GovernmentBody")

    def record(self, id: str, **dates: Any) -> Any:
        return self._found(id, dates, lambda node: isinstance(node, Record))

    def expand(self, subject: str, relations: list[str] | None = None, **given: Any) -> Any:
        scope = self.scope.at(given.get("asOf"), given.get("knownAt"))
        scope.lookup(subject)
        pages.asked({"first": given.get("first")}).check_size()
        id = scope.find(subject)
        owner = None if id is None else scope.view(id)
        if owner is None or owner.family is not Family.SUBJECT:
            return None
        among = None if relations is None else sorted(set(relations))
        asking = pages.asked(given, owner.id, "expand", str(scope.moment), among)
        return around.expand(scope, owner, asking, among)

    def resolve(self, texts: list[str], **dates: Any) -> Any:
        return named.resolve(self.scope.at(dates.get("asOf"), dates.get("knownAt")), texts)

    def search(self, text: str, kinds: list[str] | None = None, **given: Any) -> Any:
        return searching.search(self.scope.at(given.get("asOf"), given.get("knownAt")), text, kinds, given)

    def statistics(self, of: str, groupBy: Any = None, where: Any = None, **dates: Any) -> Any:
        scope = self.scope.at(dates.get("asOf"), dates.get("knownAt"))
        return counting.statistics(scope, of, groupBy or (), where or {})

    def _page(self, name: str, given: Mapping[str, Any], kind: str, keep: Any, usual: pages.Order) -> Any:
        scope = self.scope.at(given.get("asOf"), given.get("knownAt"))
        where = f"{kind}Filter" if kind else ""

        def rows(scope: Scope, wanted: Any) -> list[View]:
            views = [scope.view(each) for each in scope.world.things]
            return [each for each in views if each is not None and keep(scope, each, wanted, where)]

        return connection(scope, None, name, rows, usual, given, where=where, order=f"{kind}Order")

    def enterprises(self, **given: Any) -> Any:
        return self._page("enterprises", given, "Enterprise", _of_kind("ENTERPRISE"), NAME)

    def persons(self, **given: Any) -> Any:
        return self._page("persons", given, "Person", _of_kind("PERSON"), BY_ID)

    def organizations(self, **given: Any) -> Any:
        kinds = (each.code for each in BY_CODE.values() if each.organization)
        return self._page("organizations", given, "Organization", _of_kind(*kinds), NAME)

    def departments(self, **given: Any) -> Any:
        def decides(_: Scope, view: View, *__: Any) -> bool:
            return view.department

        return self._page("departments", given, "", decides, NAME)

    def records(self, **given: Any) -> Any:
        def keep(scope: Scope, view: View, where: Any, _: str) -> bool:
            return view.family is Family.RECORD and filters.decided(scope, view) and filters.record(scope, view, where)

        return self._page("records", given, "CreditRecord", keep, NEWEST)

    def _named(self, kind: str) -> list[Any]:
        """All of a small kind, by name."""
        views = [self.scope.view(each) for each in self.scope.world.things]
        found = [each for each in views if each is not None and each.kind == kind]
        return all_shown(
            self.scope, [each.id for each in sorted(found, key=lambda view: (view.values["name"], view.id))]
        )

    def lists(self) -> list[Any]:
        return self._named("CREDIT_LIST")

    def keyGroups(self) -> list[Any]:
        return self._named("KEY_GROUP")

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.scope)


def _of_kind(*codes: str) -> Callable[..., bool]:
    kinds = frozenset(codes)

    def keep(scope: Scope, view: View, where: Any, name: str) -> bool:
        return view.kind in kinds and filters.subject(scope, view.id, where, name)

    return keep


class Viewer:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.role = str(scope.asker.role)
        self.expiresAt = scope.asker.expires_at
        self.limits = {name: each[0 if scope.asker.official else 1] for name, each in LIMITS.items()}

    def _named(self, text: str | None) -> Any:
        id = None if text is None else self.scope.find(text)
        return None if id is None else by_id(self.scope, id)

    @property
    def department(self) -> Any:
        found = self._named(self.scope.asker.department)
        return found if _typename(found) == "GovernmentBody" else None

    @property
    def region(self) -> Region | None:
        return region(self.scope.asker.region)

    @property
    def subject(self) -> Any:
        found = self._named(self.scope.asker.subject)
        return found if isinstance(found, Subject) else None


def _own(scope: Scope, text: str) -> Any:
    """`node` and `nodes` take ids only: three letters, a low line, something more."""
    if not (len(text) > 4 and text[3] == "_" and text[:3].isascii() and text[:3].islower()):
        raise Refused("BAD_USER_INPUT")
    return by_id(scope, text)


def _or_error(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except Refused as error:
        return error


def _typename(value: Any) -> str | None:
    return value.get("typename") if isinstance(value, dict) else getattr(value, "typename", None)


def _resolve(source: Any, info: Any, **arguments: Any) -> Any:
    name = info.field_name
    if name == "facets":
        kind = info.parent_type.name.removesuffix("Connection")
        return counting.facets(source.scope, source.all, kind, **arguments)
    if isinstance(source, dict):
        value = source[name]
    else:
        value = getattr(source, f"{name}_" if hasattr(type(source), f"{name}_") else name)
    return value(**arguments) if callable(value) else value


def _type_of(value: Any, *_: Any) -> str:
    return str(_typename(value))


@dataclass(frozen=True)
class Oracle:
    """Answers operations about one world."""

    world: World
    schema: GraphQLSchema

    def execute(
        self, document: str, variables: Mapping[str, Any] | None, asker: Asker, now: datetime
    ) -> dict[str, Any]:
        """`data` and `errors` with path and code; no `data` after a request error."""
        try:
            parsed = parse(document)
        except GraphQLError as error:
            return {"errors": [_shown(error)]}
        errors = validate(self.schema, parsed)
        if errors:
            return {"errors": [_shown(each) for each in errors]}
        result: ExecutionResult = execute_sync(
            self.schema,
            parsed,
            root_value=Query(Question(self.world, asker, now)),
            variable_values=dict(variables or {}),
            field_resolver=_resolve,
            type_resolver=_type_of,
        )
        found = result.errors or []
        for each in found:
            if each.original_error is not None and not isinstance(each.original_error, Refused | GraphQLError):
                raise each.original_error
        shown = {"errors": [_shown(each) for each in found]} if found else {}
        if result.data is None and all(each.path is None for each in found):
            return shown
        return {"data": result.data, **shown}


def _shown(error: GraphQLError) -> dict[str, Any]:
    code = (error.extensions or {}).get("code", "BAD_USER_INPUT")
    return {"message": error.message, "path": error.path, "extensions": {"code": code}}
