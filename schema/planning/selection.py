"""Which fields are selected for a type, through fragments and conditions, in the order they are answered.

GraphQL, section 6.3.2 (CollectFields); it must not know what a field means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)

CONDITIONS: Final = ("skip", "include")
Fields = Mapping[str, list[FieldNode]]


class Selections:
    """The selection sets of one operation, with what its conditions were given."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], given: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self._fragments = fragments
        self._given = given

    def fields(self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]) -> Fields:
        """By response key, in the order of the first selection of each."""
        found: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for each in sets:
            if each is not None:
                self._collect(kind, each, visited, found)
        return found

    def _collect(
        self, kind: GraphQLObjectType, selected: SelectionSetNode, visited: set[str], found: dict[str, list[FieldNode]]
    ) -> None:
        for each in selected.selections:
            if not self._included(each):
                continue
            match each:
                case FieldNode():
                    found.setdefault((each.alias or each.name).value, []).append(each)
                case InlineFragmentNode():
                    if each.type_condition is None or self._applies(kind, each.type_condition.name.value):
                        self._collect(kind, each.selection_set, visited, found)
                case FragmentSpreadNode():
                    name = each.name.value
                    if name in visited:
                        continue
                    visited.add(name)
                    fragment = self._fragments[name]
                    if self._applies(kind, fragment.type_condition.name.value):
                        self._collect(kind, fragment.selection_set, visited, found)

    def _applies(self, kind: GraphQLObjectType, condition: str) -> bool:
        if kind.name == condition:
            return True
        named = self.schema.type_map[condition]
        return isinstance(named, GraphQLInterfaceType) and self.schema.is_sub_type(named, kind)

    def _included(self, node: Any) -> bool:
        for each in node.directives or ():
            name = each.name.value
            if name in CONDITIONS:
                value = each.arguments[0].value
                given = value.value if isinstance(value, BooleanValueNode) else self._given.get(value.name.value)
                if bool(given) is (name == "skip"):
                    return False
        return True


def selected_names(selections: Selections, sets: Iterable[SelectionSetNode | None]) -> dict[str, dict[str, Any]]:
    """The fields selected below, by name whatever the type, with those selected below them."""
    below: dict[str, list[SelectionSetNode | None]] = {}
    for each in _all(selections, sets, set()):
        below.setdefault(each.name.value, []).append(each.selection_set)
    return {name: selected_names(selections, inner) if any(inner) else {} for name, inner in below.items()}


def _all(selections: Selections, sets: Iterable[SelectionSetNode | None], visited: set[str]) -> Iterator[FieldNode]:
    for selected in sets:
        for each in selected.selections if selected else ():
            if not selections._included(each):
                continue
            match each:
                case FieldNode():
                    yield each
                case InlineFragmentNode():
                    yield from _all(selections, [each.selection_set], visited)
                case FragmentSpreadNode():
                    name = each.name.value
                    if name not in visited:
                        visited.add(name)
                        yield from _all(selections, [selections._fragments[name].selection_set], visited)


def conditional_variables(document: DocumentNode) -> tuple[str, ...]:
    """Variables that decide what is selected."""
    names: set[str] = set()

    class Directives(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            if node.name.value in CONDITIONS:
                names.update(each.value.name.value for each in node.arguments if isinstance(each.value, VariableNode))

    visit(document, Directives())
    return tuple(sorted(names))
