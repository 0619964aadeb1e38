"""The limits of an operation (`api.md` 9), and the check of a parsed document against them, in time linear in its size.

It must not run anything nor know the schema; every fragment is weighed once, so that doubling fragments cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from graph.codes import Role
from graph.errors import Invalid, LimitExceeded
from schema.lengths import ID_LISTS, check_written, variables_within
from schema.reader import OFFICIALS


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one class of readers; each is a setting and shown by `viewer`."""

    depth: int = 15
    list_depth: int = 4
    aliases: int = 50
    root_fields: int = 50
    tokens: int = 5_000
    characters: int = 100_000
    directives: int = 50
    ids: int = 100
    cost: int = 20_000
    page_size: int = 100
    answer_bytes: int = 10_000_000
    statement_seconds: int = 10
    plan_seconds: int = 20  # more, for a statement that is new to the process and has to be planned
    network_parties: int = 20_000  # around one subject, of whom its ownership is computed
    network_stakes: int = 60_000  # among them
    link_milliseconds: int = 1_000  # that reading for `links` may take once its statement is planned
    introspection_depth: int = 20  # the usual question of tools is 15 deep
    introspection_list_depth: int = 3  # types { fields { args } }; one more would let it go round in circles


OFFICIAL: Final = Limits()
PUBLIC: Final = Limits(
    depth=10,
    list_depth=3,
    aliases=15,
    root_fields=10,
    tokens=2_000,
    characters=15_000,
    cost=5_000,
)

DEFAULT_PAGE: Final = 20
PAGES: Final = frozenset(
    {
        "branches",
        "departments",
        "enterprises",
        "entries",
        "expand",
        "investments",
        "issued",
        "legalRepresentatives",
        "listEntries",
        "members",
        "organizations",
        "persons",
        "posts",
        "principals",
        "records",
        "search",
        "shareholders",
        "timeline",
    }
)
# Objects a list without pages is taken to hold. Its cap is the engine's own limit (500 measures …): counted at the
# cap, one check with its paths would be over every limit, though it answers a few kilobytes.
LISTS: Final[Mapping[str, int]] = {
    "alsoVia": 4,
    "bidConflicts": 10,
    "appeared": 10,
    "basis": 3,
    "beneficialOwners": 3,
    "bidders": 3,
    "circular": 2,
    "closeLinks": 10,
    "considered": 20,
    "controllers": 3,
    "disputedBy": 3,
    "facets": 20,
    "formerNames": 5,
    "gaps": 3,
    "identifiers": 5,
    "integrated": 20,
    "keyGroups": 3,
    "lists": 30,
    "matched": 2,
    "measures": 10,
    "path": 4,
    "paths": 6,
    "possiblySame": 3,
    "potential": 10,
    "qualifications": 5,
    "related": 5,
    "relationCounts": 10,
    "responsible": 5,
    "rows": 50,  # of statistics
    "rules": 50,
    "steps": 4,
    "subgraph": 20,  # stands for its nodes and edges
    "subjects": 3,
    "vanished": 10,
    "warnings": 3,
}
INSIDE: Final = frozenset({"nodes", "edges"})  # counted by what holds them; the root field `nodes` has ids
# `measures` below them are part of the answer.
ANSWERS: Final = frozenset({"check", "checks", "reach", "reaches", "whatIf", "links", "bidConflicts"})
# Elsewhere they are computed for each parent (`api.md` 7).
COMPUTED: Final = frozenset({"measures", "reaches", "controllers", "beneficialOwners"})
COMPUTED_COST: Final = 50
INTROSPECTION: Final = frozenset({"__schema", "__type"})
INTROSPECTION_COST: Final = 300
INTROSPECTION_LISTS: Final = frozenset(
    {"args", "directives", "enumValues", "fields", "inputFields", "interfaces", "possibleTypes", "types"}
)
NESTED: Final = 100  # selection sets and fragments within one another, fields or not: what Python's stack bears
# Selections of one set: the widest type has 33 fields, and 50 aliases are allowed. More only repeats, and to compare
# 1,900 of one name took half of the tenth of a second in which a document is refused.
REPEATED: Final = 500
MOST: Final = 1 << 60


def limits_of(role: Role) -> Limits:
    return OFFICIAL if role in OFFICIALS else PUBLIC


@dataclass(frozen=True, slots=True)
class Scales:
    """What weighing a document found: the cost of each operation by name, and the variables that change it."""

    costs: Mapping[str | None, int]
    sized: frozenset[str]  # pages and lists of ids
    listed: frozenset[str]  # of which no argument limits how long a list they give


def check_document(document: DocumentNode, limits: Limits) -> Scales:
    """Raises LimitExceeded naming the limit, Invalid for a fragment that contains itself.

    A variable page counts as a usual one and variable ids as one: `check_cost` weighs them as given.
    """
    weighing = Weighing(limits, None, document)
    costs: dict[str | None, int] = {}
    for name in weighing.fragments:
        weighing.fragment(name, answered=False, introspected=False, nested=0)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        weight = weighing.of(operation.selection_set)
        for each in operation.variable_definitions or ():
            if each.default_value is not None:
                check_written(each.variable.name.value, each.default_value, limits.ids)
        _refuse("rootFields", weight.fields, limits.root_fields)
        _refuse("depth", weight.depth, limits.depth)
        _refuse("depth", weight.introspection_depth, limits.introspection_depth)
        _refuse("listDepth", weight.list_depth, limits.list_depth)
        _refuse("listDepth", weight.introspection_list_depth, limits.introspection_list_depth)
        _refuse("aliases", weight.aliases, limits.aliases)
        _refuse("directives", weight.directives + len(operation.directives or ()), limits.directives)
        _refuse("cost", weight.cost, limits.cost)
        costs[operation.name.value if operation.name else None] = weight.cost
    return Scales(costs, frozenset(weighing.sized), frozenset(weighing.listed))


def check_cost(document: DocumentNode, limits: Limits, variables: Mapping[str, Any], name: str | None) -> int:
    """The cost of one operation with its variables, defaults included; raises LimitExceeded."""
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        if name is not None and (operation.name is None or operation.name.value != name):
            continue
        defaults = {
            each.variable.name.value: _written(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        weighing = Weighing(limits, {**defaults, **variables}, document)
        cost = weighing.of(operation.selection_set).cost
        _refuse("cost", cost, limits.cost)
        return cost
    return 0


class NoSchemaForThePublic(ASTValidationRule):
    """Refuses `__schema`; `__type` and `__typename` are answered, as clients need them."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.name.value == "__schema":
            self.report_error(GraphQLError("__schema: 未对公众开放 · not open to the public", node))


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection weighs: levels below it, levels of lists, and everything it repeats, fragments multiplied."""

    depth: int = 0
    list_depth: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    fields: int = 0
    introspection_depth: int = 0
    introspection_list_depth: int = 0

    def beside(self, other: Weight) -> Weight:
        return Weight(
            max(self.depth, other.depth),
            max(self.list_depth, other.list_depth),
            min(self.aliases + other.aliases, MOST),
            min(self.directives + other.directives, MOST),
            min(self.cost + other.cost, MOST),
            min(self.fields + other.fields, MOST),
            max(self.introspection_depth, other.introspection_depth),
            max(self.introspection_list_depth, other.introspection_list_depth),
        )


LEAF: Final = Weight(depth=1, fields=1)
ALIASED: Final = Weight(depth=1, aliases=1, fields=1)


@dataclass
class Weighing:
    """One document on the scales. A fragment weighs differently inside a computed answer and inside introspection."""

    limits: Limits
    variables: Mapping[str, Any] | None
    document: DocumentNode
    known: dict[tuple[str, bool, bool], Weight] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    sized: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self.fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}

    def of(
        self, selections: SelectionSetNode, *, answered: bool = False, introspected: bool = False, nested: int = 0
    ) -> Weight:
        _refuse("depth", nested, NESTED)
        if len(selections.selections) > REPEATED:
            raise repeated()
        weight = Weight()
        for each in selections.selections:
            if each.directives:
                self._check_lists(*each.directives)
                weight = weight.beside(Weight(directives=len(each.directives)))
            if isinstance(each, FieldNode):
                found = self._field(each, answered, introspected, nested)
            elif isinstance(each, FragmentSpreadNode):
                found = self.fragment(each.name.value, answered=answered, introspected=introspected, nested=nested + 1)
            else:
                inner: SelectionSetNode = each.selection_set  # type: ignore[attr-defined]  # an inline fragment
                found = self.of(inner, answered=answered, introspected=introspected, nested=nested + 1)
            weight = weight.beside(found)
        return weight

    def fragment(self, name: str, *, answered: bool, introspected: bool, nested: int) -> Weight:
        key = (name, answered, introspected)
        if key in self.known:
            return self.known[key]
        definition = self.fragments.get(name)
        if definition is None:
            return Weight()  # validation names it
        if name in self.entered:
            raise Invalid(f"fragment {name}: 片段引用自身 · contains itself", argument=name)
        self.entered.add(name)
        found = self.of(definition.selection_set, answered=answered, introspected=introspected, nested=nested)
        self.entered.discard(name)
        self.known[key] = found
        return found

    def _field(self, node: FieldNode, answered: bool, introspected: bool, nested: int) -> Weight:
        name = node.name.value
        alias = 1 if node.alias else 0
        self._check_lists(node)
        hidden = introspected or name in INTROSPECTION
        below = Weight()
        if node.selection_set is not None:
            below = self.of(
                node.selection_set,
                answered=answered or name in ANSWERS,
                introspected=hidden,
                nested=nested + 1,
            )
        if hidden:
            listed = 1 if introspected and name in INTROSPECTION_LISTS else 0
            return Weight(
                depth=0 if introspected else 1,
                aliases=min(below.aliases + alias, MOST),
                directives=below.directives,
                cost=0 if introspected else INTROSPECTION_COST,
                fields=1,
                introspection_depth=below.introspection_depth + 1,
                introspection_list_depth=below.introspection_list_depth + listed,
            )
        if node.selection_set is None:
            return ALIASED if alias else LEAF
        listed, times = self._times(node)
        own = COMPUTED_COST if name in COMPUTED and not answered else 0
        return Weight(
            depth=below.depth + 1,
            list_depth=below.list_depth + listed,
            aliases=min(below.aliases + alias, MOST),
            directives=below.directives,
            cost=min(own + times * (1 + below.cost), MOST),
            fields=1,
            introspection_depth=below.introspection_depth,
            introspection_list_depth=below.introspection_list_depth,
        )

    def _times(self, node: FieldNode) -> tuple[int, int]:
        """Whether a field is a list (1 or 0), and how many objects it may return."""
        name = node.name.value
        given = {each.name.value: each.value for each in node.arguments or ()}
        for argument in ID_LISTS:
            if argument in given:
                return 1, max(1, self._length(given[argument]))
        pages = [self._page(given[each]) for each in ("first", "last") if each in given]
        if name in PAGES or pages:  # the root's measures have pages, a subject's have none
            most = max(pages, default=DEFAULT_PAGE)
            # What `expand` pages is its subgraph, which is taken to hold so many already.
            return 1, -(-most // LISTS["subgraph"]) if name == "expand" else most
        if name in INSIDE:
            return 0, 1
        return (1, LISTS[name]) if name in LISTS else (0, 1)

    def _page(self, first: ValueNode | None) -> int:
        size: Any = DEFAULT_PAGE
        if isinstance(first, IntValueNode):
            size = int(first.value) if len(first.value) < 10 else self.limits.page_size
        elif isinstance(first, VariableNode):
            self.sized.add(first.name.value)
            size = (self.variables or {}).get(first.name.value, DEFAULT_PAGE)
        return min(max(size, 0), self.limits.page_size) if isinstance(size, int) else DEFAULT_PAGE

    def _length(self, value: ValueNode) -> int:
        if isinstance(value, ListValueNode):
            return len(value.values)
        if isinstance(value, VariableNode):
            self.sized.add(value.name.value)
            given = (self.variables or {}).get(value.name.value)
            return min(len(given), self.limits.ids) if isinstance(given, list) else 1
        return 1

    def _check_lists(self, *nodes: FieldNode | DirectiveNode) -> None:
        """No list written into a document is longer than the ids of an argument may be."""
        for argument in (each for node in nodes for each in node.arguments or ()):
            check_written(argument.name.value, argument.value, self.limits.ids)
            self.listed.update(variables_within(argument))


def repeated() -> LimitExceeded:
    return LimitExceeded("document: 重复的字段过多 · too many repeated fields", argument="document")


def _written(value: ValueNode) -> Any:
    """A default as far as it has a size: a page, or a list of ids."""
    if isinstance(value, IntValueNode):
        return int(value.value[:10])
    return list(value.values) if isinstance(value, ListValueNode) else None


def _refuse(name: str, found: int, limit: int) -> None:
    if found > limit:
        shown = str(found) if found < MOST else "∞"
        raise LimitExceeded(f"{name}: {shown} 超出上限 {limit} · {shown} is more than {limit}", argument=name)
