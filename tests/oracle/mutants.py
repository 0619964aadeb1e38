"""The planner with one fault each, and what is asked to find it: an oracle that misses one would miss it in earnest.

Declarative; a mutant is a name of our code and what stands there instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from graph.conditions import Not
from graph.store import (
    conditions,
    expansion,
    groups,
    names,
    pages,
    places,
    projection,
    resolution,
    roots,
    search,
    seeks,
    statistics,
    timeline,
)
from schema import access
from schema.planning import columns, listing, neighbours, selection, shapes, writers
from schema.planning import pages as written
from tests.oracle.operations import Follow
from tests.oracle.values import literal
from tests.oracle.world import GIVEN, SURNAMES


class Mutant(NamedTuple):
    """`of` makes the faulty form of what `holder.name` is; `asks` are operations of `ASKED`."""

    fault: str
    holder: Any
    name: str
    of: Callable[[Any], Any]
    asks: tuple[str, ...]


def _always(value: Any) -> Callable[[Any], Any]:
    """The same answer whatever is given."""
    return lambda real: lambda *given, **named: value


def _property(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda real: property(value)


def _unnegated(real: Callable[..., str]) -> Callable[..., str]:
    def write(self: Any, condition: Any, *given: Any) -> str:
        return real(self, condition.part if isinstance(condition, Not) else condition, *given)

    return write


def _replaced(old: str, new: str) -> Callable[[Any], Any]:
    """The text it writes with one word of it changed."""
    return lambda real: lambda *given, **named: real(*given, **named).replace(old, new)


def _unaliased(real: Callable[..., Any]) -> Callable[..., Any]:
    def fields(self: Any, *given: Any) -> Any:
        return {same[0].name.value: same for same in real(self, *given).values()}

    return fields


def _short(real: Callable[..., Any]) -> Callable[..., Any]:
    def place_parameters(request: Any, prefix: str) -> Any:
        found = real(request, prefix)
        return {**found, f"{prefix}rows": found[f"{prefix}rows"] - 1}

    return place_parameters


def _first(real: Callable[..., list[str]]) -> Callable[..., list[str]]:
    return lambda *given: [real(*given)[0], real(*given)[2]]


def _by_id(real: Any) -> Any:
    return lambda self: f"ORDER BY {self.names.row} DESC"


def _around(real: Any) -> Any:
    return lambda self, binding, scope: scope


def _last(real: Any) -> Any:
    return lambda rows, day: rows[-1] if rows else None


def _snapshot(real: Any) -> Any:
    return lambda raw, mode, day: raw if "snapFrom" in raw else real(raw, mode, day)


def _reversed(real: Any) -> Any:
    return lambda near: real(near)[::-1]


def _to_everybody(real: Callable[..., str]) -> Callable[..., str]:
    return lambda persons, own, now, prefix: real(True, own, now, prefix)


def _persons(real: Any) -> Any:
    """Whoever asks for persons finds them by name."""

    def shape(found: Any, kinds: Any, reading: Any) -> Any:
        return real(found, kinds, replace(reading, official=reading.official or set(kinds) == {"PERSON"}))

    return shape


def _flipped(real: Any) -> Any:
    turned = str.maketrans("<>", "><")
    return lambda self, keys, row, *, shared=0: real(self, keys, row, shared=shared).translate(turned)


def _untied(real: Any) -> Any:
    """Of rows with the keys of the cursor's none is further."""

    def beyond_of(self: Any, keys: Any, row: str, *, shared: int = 0) -> str:
        tie = rf"\({re.escape(row)} [<>] {re.escape(self.cursor(len(self.keys)))}\)"
        return re.sub(tie, "(false)", real(self, keys, row, shared=shared))

    return beyond_of


def _as_stored(real: Any) -> Any:
    """Nothing puts what has no value last."""

    def order_of(self: Any, keys: Any, row: str, *, stretch: bool = False) -> str:
        return re.sub(r"CASE WHEN [^,]* THEN 1 ELSE 0 END(?: DESC)?, ", "", real(self, keys, row, stretch=stretch))

    return order_of


def _without_rest(real: Any) -> Any:
    """What has no value is not looked for."""
    return lambda self: [each for each in real(self) if "$" in each.bounds or " = " not in each.bounds]


def _unturned(real: Any) -> Any:
    def begin(self: Any, *given: Any) -> None:
        real(self, *given)
        if self.bound is not None and self.bound.request.backward:
            self.entries, self.rows = self.entries[::-1], self.rows[::-1]

    return begin


def _swapped(real: Any) -> Any:
    return {**real, "hasNextPage": real["hasPreviousPage"], "hasPreviousPage": real["hasNextPage"]}


def _kept_in_lists(real: Any) -> Any:
    return lambda write, nullable, composite: real(write, True, composite)


def _kept_in_objects(real: Any) -> Any:
    return lambda key, write, nullable, composite, node: real(key, write, True, composite, node)


def _inside_out(real: Any) -> Any:
    def located(self: Any) -> Any:
        self.path.reverse()
        return real(self)

    return located


ASKED: Final = {
    "records": "{ records(first: 30) { nodes { id state } totalCount } }",
    "records then": '{ records(first: 30, asOf: "2016-01-01") { nodes { id } totalCount } }',
    "next": "{ enterprises(first: 4) { nodes { id name } pageInfo { hasNextPage } } }",
    "posts": "{ organizations(first: 40) { nodes { id posts(first: 20) { nodes { id } } } } }",
    "posts on a first day": """{
      a: organizations(first: 40, asOf: "2018-06-01") { nodes { id posts(first: 20) { nodes { id } } } }
      b: organizations(first: 40, asOf: "2015-01-01") { nodes { id posts(first: 20) { nodes { id } } } }
      c: organizations(first: 40, asOf: "2020-02-29") { nodes { id posts(first: 20) { nodes { id } } } }
    }""",
    "entries": "{ lists { id entries(first: 30) { nodes { id } totalCount } } }",
    "status then": '{ enterprises(first: 40) { nodes { id status(asOf: "2012-01-01") name(asOf: "2012-01-01") } } }',
    "known then": '{ organizations(first: 40, knownAt: "2024-06-01T00:00:00Z") { nodes { id name status } } }',
    "people": "{ persons(first: 30) { nodes { id name status region { code } } } }",
    "not": "{ records(first: 30, where: {not: {state: {eq: ACTIVE}}}) { nodes { id } totalCount } }",
    "none": "{ organizations(first: 40, where: {posts: {none: {post: {eq: DIRECTOR}}}}) { nodes { id } } }",
    "aliases": '{ enterprises(first: 30) { nodes { id a: name b: name(asOf: "2012-01-01") } } }',
    "skipped": "{ enterprises(first: 5) { nodes { id name @skip(if: true) status @include(if: false) } } }",
    "typed": """{ nodes(ids: []) { id } organizations(first: 40) {
      nodes { id ... on Enterprise { status } ... on GovernmentBody { isDepartment } } } }""",
    "subjects": "{ records(first: 100) { nodes { id subjects { id } } } }",
    "today": "{ organizations(first: 40) { nodes { id name status } } }",
    "today told": "{ organizations(first: 40) { nodes { id name status version } } }",
    "counts": "{ organizations(first: 40) { nodes { id relationCounts { kind forward count } } } }",
    "timelines": "{ organizations(first: 40) { nodes { id timeline(first: 60) { totalCount nodes { on kind } } } } }",
    "names": f"{{ resolve(texts: {literal([a + b for a in SURNAMES for b in GIVEN])}) {{ by matched {{ id }} }} }}",
    "facets": """{ records(first: 1, knownAt: "2023-10-01T00:00:00+08:00") {
      facets(by: DEPARTMENT) { value label count } } }""",
    "statistics": """{
      a: statistics(of: SUBJECTS, groupBy: [STATUS, REGION]) { total rows { keys count } }
      b: statistics(of: LIST_ENTRIES, groupBy: [LIST]) { total rows { keys count } }
      c: statistics(of: RECORDS, groupBy: [TYPE, YEAR]) { total rows { keys count sum min max } } }""",
    "people found": '{ search(text: "李", kinds: [PERSON], first: 20) { nodes { id } totalCount } }',
    "firms found": """{ search(text: "江门甲", kinds: [ENTERPRISE], first: 40) { edges { node { id } matched } } }""",
    "found then": """{ search(text: "江门", kinds: [ENTERPRISE], first: 40, asOf: "2012-01-01") {
      edges { matched snippet node { id } } } }""",
    "numbers found": '{ search(text: "江", kinds: [RECORD], first: 60) { nodes { id } totalCount } }',
    "by two keys": """query($cursor: String) { records(first: 4, after: $cursor, orderBy: [
      {field: DECIDED_ON}, {field: DOCUMENT_NUMBER, direction: DESC}
    ]) { nodes { id } pageInfo { hasNextPage endCursor } } }""",
    "by capital": """query($cursor: String) { enterprises(first: 5, after: $cursor, orderBy: [
      {field: REGISTERED_CAPITAL, direction: DESC}
    ]) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }""",
    "from the end": """query($cursor: String) { enterprises(last: 3, before: $cursor) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } } }""",
    "refused below": "{ organizations(first: 2) { nodes { id posts(first: -1) { nodes { id } } } } viewer { role } }",
    "refused aside": "{ lists { id entries(first: 1) { facets(by: STATUS) { value } nodes { id } } } }",
    "two shapes": """query($a: CreditRecordFilter) { records(first: 30, where: $a) { nodes { id } } }""",
}
FOLLOWED: Final = {
    "by two keys": Follow("cursor", ("records",), "endCursor"),
    "by capital": Follow("cursor", ("enterprises",), "endCursor"),
    "from the end": Follow("cursor", ("enterprises",), "startCursor"),
}
SWAPPED: Final = ("ORDER BY best[0], best[1]", "ORDER BY best[1], best[0]")
SHAPES: Final = ({"a": {"recordKind": {"eq": "PENALTY"}}}, {"a": {"decidedOn": {"lt": "2020-01-01"}}})


MUTANTS: Final = (
    Mutant("what is hidden is read", roots, "visible", _always("true"), ("records",)),
    Mutant("what is not decided yet is read", roots, "record_wanted", _first, ("records then",)),
    Mutant("ended relations run", pages, "running", _always("true"), ("posts",)),
    Mutant("the first day is none", pages, "running", _replaced("<= $asOf", "< $asOf"), ("posts on a first day",)),
    Mutant("retracted relations are believed", pages, "believed", _always("true"), ("posts",)),
    Mutant("lifted entries are in force", pages, "IN_EFFECT", lambda real: "true", ("entries",)),
    Mutant("a row too few", listing, "place_parameters", _short, ("next",)),
    Mutant("a limit of one", places.Writing, "limit", _property(lambda self: "LIMIT 1"), ("next",)),
    Mutant("in the order of ids", places.Writing, "order", _by_id, ("posts",)),
    Mutant("nothing is counted", pages, "counted", _always("0"), ("entries",)),
    Mutant("not is dropped", conditions.Predicates, "write", _unnegated, ("not",)),
    Mutant("everything has some", conditions.Predicates, "some", _always("true"), ("none",)),
    Mutant("a comparison too many", conditions, "operands", _always((["x"],)), ("not",)),
    Mutant("dates of a field are ignored", shapes.Child, "dated", _around, ("status then",)),
    Mutant("any version will do", projection, "row_in_force", _last, ("known then",)),
    Mutant("snapshots never end", projection, "values", _snapshot, ("today told",)),
    Mutant("snapshots of lists never end", projection, "held", _always(None), ("today",)),
    Mutant("aliases are ignored", selection.Selections, "fields", _unaliased, ("aliases",)),
    Mutant("conditions of fields are ignored", selection.Selections, "_included", _always(True), ("skipped",)),
    Mutant("types of fragments are ignored", selection.Selections, "_applies", _always(True), ("typed",)),
    Mutant("everybody reads everything", access.Access, "reads", _always(True), ("people",)),
    Mutant("neighbours upside down", neighbours, "in_order", _reversed, ("subjects",)),
    Mutant("hidden records are counted", expansion, "seen", _always("true"), ("counts",)),
    Mutant("closed relations are counted", expansion, "opened", _always("true"), ("counts",)),
    Mutant("hidden records happened", timeline, "visible", _always("true"), ("timelines",)),
    Mutant("closed posts were begun", timeline, "opened", _always("true"), ("timelines",)),
    Mutant("nothing is lifted", timeline, "ENDS", lambda real: real[:1], ("timelines",)),
    Mutant("everybody is named", resolution, "_named_by", _to_everybody, ("names",)),
    Mutant("departments have one name", groups, "version", lambda real: lambda name, _: name, ("facets",)),
    Mutant("everybody's status is counted", groups, "SHARED_GROUPS", lambda real: frozenset(), ("statistics",)),
    Mutant("entries that are over are counted", statistics, "IN_EFFECT", lambda real: "true", ("statistics",)),
    Mutant("everybody finds persons by name", search, "shape", _persons, ("people found",)),
    Mutant("the shorter before the better", search, "_window", _replaced(*SWAPPED), ("firms found",)),
    Mutant("names are those of today", names, "NAME_NOW", lambda real: "n.nameFold", ("found then",)),
    Mutant("hidden records are found", search, "visible", _always("true"), ("numbers found",)),
    Mutant("cursors look the other way", places.Writing, "beyond_of", _flipped, ("by two keys",)),
    Mutant("rows of one key are lost", places.Writing, "beyond_of", _untied, ("by two keys",)),
    Mutant("no value comes first", places.Writing, "order_of", _as_stored, ("by two keys",)),
    Mutant("a cursor's row comes again", seeks.Seeking, "_beyond_first", _replaced(" < $", " <= $"), ("by capital",)),
    Mutant("rows without a value are lost", seeks.Seeking, "_seeks", _without_rest, ("by capital",)),
    Mutant("nothing lies behind", seeks.Seeking, "further", _always("false"), ("by capital",)),
    Mutant("what is read backwards is not turned", written.ShownPage, "__init__", _unturned, ("from the end",)),
    Mutant("both ends are taken for each other", written, "INFO", _swapped, ("from the end",)),
    Mutant("a null stays in its list", columns, "write_list", _kept_in_lists, ("refused below",)),
    Mutant("a null stays in its object", columns, "FieldWriter", _kept_in_objects, ("refused below",)),
    Mutant("an error's path is inside out", writers.Failure, "located", _inside_out, ("refused below",)),
    Mutant("an error's path begins at its field", writers, "_outwards", _always(None), ("refused aside",)),
    Mutant("texts are told apart by nothing", listing, "structure", _always(()), ("two shapes",)),
)
