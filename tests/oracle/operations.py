"""Operations drawn over the served SDL: real ids, nested pages both ways, fragments, past dates, aliases, errors.

It must not know answers. All fields that are not computed elsewhere are drawn, the least used first; what was never
drawn is asked by itself in between, so that every field and argument occurs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLSchema,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

from graph.codes import Role
from tests.oracle.arguments import Arguments
from tests.oracle.coverage import fields_of
from tests.oracle.reading import OFFICIALS, Asker
from tests.oracle.values import Values, _bare, literal

NEVER_DRAWN: Final = 8  # times as likely as what was drawn once
COSTLY: Final = {"timeline": 0.1}  # seconds of a database to plan as known earlier: drawn this much less
AT_A_TIME: Final = 8  # fields of one kind that were never drawn
PAGES: Final = ("Connection", "Expansion")
PAGE: Final = frozenset({"first", "after", "last", "before"})
TURNED: Final = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
UNALIASED: Final = frozenset({"cursor", "startCursor", "endCursor"})  # compared as present or null, by these names
ROLES: Final = (
    *(Role.GOVERNMENT,) * 7,
    *(Role.PUBLIC,) * 5,
    *(Role.SUBJECT, Role.SUBJECT, Role.PROFESSIONAL, Role.PROFESSIONAL),
    *(Role.OPERATOR, Role.AUDITOR),
)
FEATURES: Final = {
    "filter": 0.55,
    "order": 0.3,
    "nested": 0.65,
    "backward": 0.35,
    "fragments": 0.5,
    "past": 0.45,
    "aliases": 0.4,
    "fault": 0.15,
    "follow": 0.25,
    "variables": 0.25,
    "directives": 0.1,
}
ROOTS: Final = {
    "enterprises": 6,
    "organizations": 7,
    "records": 7,
    "persons": 5,
    "subject": 4,
    "enterprise": 3,
    "person": 3,
    "department": 2,
    "record": 2,
    "node": 2,
    "nodes": 2,
    "expand": 2,
    "statistics": 2,
    "search": 3,
    "resolve": 1,
    "departments": 1,
    "lists": 1,
    "keyGroups": 1,
    "viewer": 1.5,
}


@dataclass(frozen=True)
class Follow:
    """A cursor variable, null at first; then the cursor of the page at `path` of the answer before."""

    variable: str
    path: tuple[str | int, ...]
    cursor: str  # endCursor or startCursor


@dataclass(frozen=True)
class Operation:
    document: str
    variables: Mapping[str, Any]
    asker: Asker
    follow: Follow | None = None
    tags: frozenset[str] = frozenset()


def undrawn(used: Counter[str], kind: Any) -> list[str]:
    """The fields of a kind of which something was never drawn."""
    return [
        name
        for name, said in fields_of(kind).items()
        if not all(used[each] for each in (f"{kind.name}.{name}", *(f"{kind.name}.{name}({a})" for a in said.args)))
    ]


Group = dict[str, str]  # response name → how it was written, in one merged selection


class Writing:
    """One operation in the making."""

    def __init__(self, schema: GraphQLSchema, values: Values, used: Counter[str], *, complete: bool = False) -> None:
        self.schema, self.values, self.used = schema, values, used
        self.maybe, self.one = values.maybe, values.one
        self.has = {name for name, share in FEATURES.items() if values.maybe(share)}
        self.asker = self._asker()
        self.official = self.asker.role in OFFICIALS
        self.follow: Follow | None = None
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.fragments: list[str] = []
        self.tags: set[str] = set()
        self.drawn = Arguments(
            values, used, self.has, self.tags, fault="fault" in self.has and not complete, complete=complete
        )
        self.names = 0

    def _asker(self) -> Asker:
        role = self.one(ROLES)
        subject = None
        if role in (Role.SUBJECT, Role.PROFESSIONAL):
            subject = self.values.identifier(self.values.by_kind["PERSON"] if self.maybe(0.6) else self.values.subjects)
        department = self.values.identifier(self.values.by_kind["GOVERNMENT_BODY"]) if role is Role.GOVERNMENT else None
        return Asker(role, subject, department if self.maybe(0.5) else None, "440703" if self.maybe(0.3) else None)

    def operation(self) -> Operation:
        roots = self.schema.query_type
        assert roots is not None
        served = {name: weight for name, weight in ROOTS.items() if name in roots.fields}
        count = self.one((1, 1, 2, 2))
        group: Group = {}
        chosen = self.values.chance.choices(list(served), list(served.values()), k=count)
        parts = [self.field(roots, name, roots.fields[name], 0, 0, group, (), listed=False) for name in chosen]
        body = " ".join(each for each in parts if each)
        head = f"query({', '.join(self.declared)}) " if self.declared else ""
        document = f"{head}{{ {body} }}" + "".join(f" {each}" for each in self.fragments)
        return Operation(document, self.variables, self.asker, self.follow, frozenset(self.tags))

    def things(self, label: str) -> Operation:
        """Several things of one kind with what of it was never drawn, as much as one may hold."""
        roots, kind = self.schema.query_type, self.schema.type_map[label]
        assert roots is not None
        among = self.values.things[label]
        self.used["Query.nodes"] += 1
        self.used["Query.nodes(ids)"] += 1
        ids = literal(self.values.chance.sample(among, min(len(among), 3)))
        fields, group = fields_of(kind), Group()
        names = undrawn(self.used, kind)[:AT_A_TIME]
        parts = [self.field(kind, name, fields[name], 1, 1, group, None, listed=True) for name in names]
        self.tags.add("fragments")
        head = f"query({', '.join(self.declared)}) " if self.declared else ""
        document = f"{head}{{ nodes(ids: {ids}) {{ __typename ... on {label} {{ {' '.join(parts)} }} }} }}"
        document += "".join(f" {each}" for each in self.fragments)
        return Operation(document, self.variables, self.asker, self.follow, frozenset(self.tags))

    # Selections

    def selection(
        self, kind: Any, depth: int, lists: int, group: Group, path: tuple[str | int, ...] | None, *, listed: bool
    ) -> str:
        if kind.name.endswith("Connection"):
            return self.page(kind, depth, lists, group, path)
        fields = fields_of(kind)
        leaves = [name for name, each in fields.items() if is_leaf_type(_bare(each.type))]
        inner = [name for name in fields if name not in leaves and self._fits(fields[name], depth, lists)]
        rare = not is_abstract_type(kind) and depth > 0
        many = len(leaves) if kind.name == "Limits" else self.one((2, 3, 4, 5) if rare else (1, 2, 3))
        names = self._least_used(kind.name, leaves, many)
        pages = [each for each in inner if _bare(fields[each].type).name.endswith("Connection")]
        if pages and ((lists == 0 and self.maybe(0.75)) or (lists == 1 and "nested" in self.has and self.maybe(0.5))):
            names += self._least_used(kind.name, pages, 1)
        names += self._least_used(kind.name, [each for each in inner if each not in names], self._width(depth))
        turned = self._turned(path)
        if turned:
            names = [each for each in names if each != "pageInfo"]
            group["pageInfo"] = "pageInfo"
        parts = [self.field(kind, name, fields[name], depth, lists, group, path, listed=listed) for name in names]
        parts += [TURNED] if turned else []
        if self.maybe(0.3) or not parts:
            parts.append("__typename")
        if is_abstract_type(kind) and ("fragments" in self.has or kind.name == "Node"):
            parts += [self.fragment(each, depth, lists, group, path, listed) for each in self._kinds(kind)]
        return "{ " + " ".join(each for each in parts if each) + " }"

    def _width(self, depth: int) -> int:
        return int(self.one((1, 1, 2))) if depth < 3 else int(self.one((0, 0, 1)))

    def _fits(self, said: GraphQLField, depth: int, lists: int) -> bool:
        """Within the limits of the role, with room to spare."""
        page = _bare(said.type).name.endswith("Connection")
        deepest = 9 if self.official else 6
        most = (3 if self.official else 2) if "nested" in self.has else 1
        return depth < deepest - (3 if page else 1) and not (page and lists >= most)

    def _kinds(self, kind: Any) -> list[Any]:
        """One or two kinds a value may be, also interfaces."""
        within = self.schema.get_implementations(kind) if isinstance(kind, GraphQLInterfaceType) else None
        kinds = [*self.schema.get_possible_types(kind), *(within.interfaces if within else ())]
        weights = {
            each.name: self._due(f"{kind.name}...{each.name}") * (1 + len(undrawn(self.used, each))) for each in kinds
        }
        names = self._chosen(weights, self.one((1, 1, 2)))
        self.used.update(f"{kind.name}...{name}" for name in names)
        return [self.schema.type_map[each] for each in names]

    def fragment(self, kind: Any, depth: int, lists: int, group: Group, path: Any, listed: bool) -> str:
        self.tags.add("fragments")
        body = self.selection(kind, depth + 1, lists, group, path, listed=listed)
        if self.maybe(0.3):
            self.names += 1
            self.fragments.append(f"fragment F{self.names} on {kind.name} {body}")
            return f"... F{self.names}{self._directive()}"
        return f"... on {kind.name}{self._directive()} {body}"

    def _due(self, name: str) -> float:
        """The less it was drawn the more; what never was comes before all others."""
        return 1 / self.used[name] if self.used[name] else NEVER_DRAWN

    def _least_used(self, kind: str, names: list[str], count: int) -> list[str]:
        return self._chosen({each: COSTLY.get(each, 1) * self._due(f"{kind}.{each}") for each in names}, count)

    def _chosen(self, weights: dict[str, float], count: int) -> list[str]:
        chosen: list[str] = []
        while len(chosen) < count and weights:
            (name,) = self.values.chance.choices(list(weights), list(weights.values()))
            del weights[name]
            chosen.append(name)
        return chosen

    def page(self, kind: Any, depth: int, lists: int, group: Group, path: Any) -> str:
        if lists >= 1:
            self.tags.add("nested")
        facets = 0.12 if self.used[f"{kind.name}.facets"] else 0.6
        names = ["edges"] if self.maybe(0.35) else ["nodes"]
        names += ["totalCount"] if self.maybe(0.45) else []
        names += ["pageInfo"] if self.maybe(0.5) else []
        names += ["facets"] if "facets" in kind.fields and self.maybe(facets) else []
        names += ["truncated"] if "truncated" in kind.fields and self.maybe(0.2) else []
        parts = []
        if self._turned(path):
            names = [each for each in names if each != "pageInfo"]
            parts.append(TURNED)
            group["pageInfo"] = "pageInfo"
        for name in names:
            parts.append(self.field(kind, name, kind.fields[name], depth, lists + 1, group, None, listed=True))
        return "{ " + " ".join(each for each in parts if each) + " }"

    def _turned(self, path: Any) -> bool:
        return self.follow is not None and self.follow.path == path

    def field(
        self,
        kind: Any,
        name: str,
        said: GraphQLField,
        depth: int,
        lists: int,
        group: Group,
        path: Any,
        *,
        listed: bool,
    ) -> str:
        """A field with its arguments; '' where it cannot be merged with one written before."""
        inner = _bare(said.type)
        response, here = name, None
        again = "aliases" in self.has and said.args and self.maybe(0.35) and not (self.drawn.fault and depth == 0)
        if path is not None:
            if self.follow is None and "follow" in self.has and inner.name.endswith(PAGES) and self.maybe(0.7):
                return self._followed(kind, name, said, depth, lists, group, path)
            here = (*path, name)
        arguments = self.arguments(kind, name, said)
        written = f"{name}{arguments}"
        if group.get(name, written) != written or (name in group and not is_leaf_type(inner)):
            response = self._alias()
            here = None if here is None else (*here[:-1], response)
        if response in group and not is_leaf_type(inner):
            return ""
        group[response] = written
        self.used[f"{kind.name}.{name}"] += 1
        body = ""
        if is_composite_type(inner):
            body = " " + self.selection(inner, depth + 1, lists, {}, here if not _listed(said) else None, listed=listed)
        label = f"{response}: " if response != name else ""
        found = f"{label}{written}{self._directive()}{body}"
        if again and name not in UNALIASED:
            self.tags.add("aliases")
            other = self._alias()
            group[other] = other
            if body:
                body = " " + self.selection(inner, depth + 1, lists, {}, None, listed=listed)
            found += f" {other}: {name}{self.arguments(kind, name, said)}{body}"
        return found

    def _followed(
        self, kind: Any, name: str, said: GraphQLField, depth: int, lists: int, group: Group, path: Any
    ) -> str:
        """A page whose cursor comes from its own answer: asked again until it has been turned."""
        response, variable = self._alias(), "cursor"
        group[response] = response
        backward = "last" in said.args and self.maybe(0.5)
        cursor = "startCursor" if backward else "endCursor"
        self.follow = Follow(variable, (*path, response), cursor)
        self.declared.append(f"${variable}: String")
        self.tags.update({"backward"} if backward else ())
        size, place = ("last", "before") if backward else ("first", "after")
        own = {size: self.one((1, 2, 2, 3)), **self.drawn.usual(kind, name, said, skip=PAGE)}
        self._use(kind, name, (*own, place))
        arguments = ", ".join([*(f"{each}: {literal(value)}" for each, value in own.items()), f"{place}: ${variable}"])
        self.used[f"{kind.name}.{name}"] += 1
        body = self.selection(_bare(said.type), depth + 1, lists, {}, self.follow.path, listed=False)
        return f"{response}: {name}({arguments}) {body}"

    def _alias(self) -> str:
        self.names += 1
        return f"a{self.names}"

    def _directive(self) -> str:
        if "directives" not in self.has or self.maybe(0.7):
            return ""
        if self.maybe(0.5):
            return f" @include(if: {literal(self.maybe(0.6))})"
        self.names += 1
        self.declared.append(f"$d{self.names}: Boolean!")
        self.variables[f"d{self.names}"] = self.maybe(0.5)
        return f" @skip(if: $d{self.names})"

    # Arguments

    def arguments(self, kind: Any, name: str, said: GraphQLField) -> str:
        given = self.drawn.usual(kind, name, said)
        unasked = name == "statistics" and not self.used["StatisticsFilter.measure"]  # only what is refused has it
        if unasked or (self.drawn.fault and said.args and self.maybe(0.5)):
            given = self.drawn.faulty(name, said, given)
        self._use(kind, name, given)
        if not given:
            return ""
        return "(" + ", ".join(f"{each}: {self._written(said, each, value)}" for each, value in given.items()) + ")"

    def _use(self, kind: Any, name: str, given: Any) -> None:
        self.used.update(f"{kind.name}.{name}({each})" for each in given)

    def _written(self, said: GraphQLField, name: str, value: Any) -> str:
        if "variables" not in self.has or self.maybe(0.5):
            return literal(value)
        self.names += 1
        variable, kind = f"v{self.names}", said.args[name].type
        self.declared.append(f"${variable}: {kind}")
        self.variables[variable] = value
        if not isinstance(kind, GraphQLNonNull) and name in ("asOf", "knownAt") and self.maybe(0.15):
            self.variables[variable] = None
        return f"${variable}"


def _listed(said: GraphQLField) -> bool:
    kind: Any = said.type
    kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return hasattr(kind, "of_type")
