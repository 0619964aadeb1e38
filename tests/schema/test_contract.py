"""The served schema against the contract: every name, argument and nullability of this issue's part, and no stub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from graph.vocabulary import BY_LABEL, NODE_KINDS
from schema.__main__ import COMMITTED, printed
from schema.served import build_schema

CONTRACT = Path(__file__).parent / "contract"
ROOTS = frozenset(
    {"node", "nodes", "subject", "enterprise", "person", "department", "record", "check", "checks"}
    | {"reach", "rules", "viewer", "enterprises", "persons", "organizations", "records", "departments", "lists"}
    | {"keyGroups", "search", "resolve", "expand", "whatIf", "ownership", "links", "bidConflicts"}
    | {"measures", "statistics"}
)
# Of later issues: absent from the served schema, never a stub.
LATER_FIELDS = set[str]()
LATER_ARGUMENTS = set[str]()
LATER_TYPES = {"Project", "Lot"}
PAGE = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
OWN_CONNECTIONS = {"Search", "Timeline", "Measure"}  # what is on them is no node, or matched somehow
DATES = {"asOf": "Date", "knownAt": "DateTime"}
Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


def contract() -> dict[str, DefinitionNode]:
    texts = [(CONTRACT / name).read_text(encoding="utf-8") for name in ("contract.graphql", "contract-types.graphql")]
    return {
        each.name.value: each
        for text in texts
        for each in parse(text).definitions
        if isinstance(each, Composite | EnumTypeDefinitionNode)
    }


WRITTEN = contract()
INPUTS = {
    each.name.value: each
    for name in ("contract.graphql", "contract-types.graphql")
    for each in parse((CONTRACT / name).read_text(encoding="utf-8")).definitions
    if isinstance(each, InputObjectTypeDefinitionNode)
}
HELD = {"SearchConnection": "SearchEdge", "TimelineConnection": "TimelineEvent"}


def fields_of(name: str) -> dict[str, FieldDefinitionNode]:
    """The fields of a contract type with those of its interfaces."""
    definition = WRITTEN[name]
    assert isinstance(definition, Composite)
    inherited = {k: v for each in definition.interfaces or () for k, v in fields_of(each.name.value).items()}
    return {**inherited, **{each.name.value: each for each in definition.fields or ()}}


def named(node: TypeNode) -> str:
    while isinstance(node, NonNullTypeNode | ListTypeNode):
        node = node.type
    return node.name.value  # type: ignore[attr-defined, no-any-return]


def marks(field: FieldDefinitionNode) -> set[str]:
    return {each.name.value for each in field.directives or ()}


def expected_fields() -> Iterator[tuple[str, str, FieldDefinitionNode]]:
    """Everything of the contract that the twelve roots reach, without what later issues bring."""
    waiting, seen = ["Query"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name in LATER_TYPES or not isinstance(WRITTEN.get(name), Composite):
            continue
        seen.add(name)
        for field_name, field in fields_of(name).items():
            if field_name in LATER_FIELDS or (name == "Query" and field_name not in ROOTS):
                continue
            yield name, field_name, field
            target = named(field.type)
            waiting.append(HELD.get(target) or (target if target in WRITTEN else target.removesuffix("Connection")))
        definition = WRITTEN[name]
        assert isinstance(definition, Composite)
        waiting += [each.name.value for each in definition.interfaces or ()]
        if isinstance(definition, InterfaceTypeDefinitionNode):
            waiting += [
                each.name.value
                for each in WRITTEN.values()
                if isinstance(each, Composite) and name in {one.name.value for one in each.interfaces or ()}
            ]


EXPECTED = list(expected_fields())


@pytest.fixture(scope="module")
def served() -> GraphQLSchema:
    return build_schema()._schema


def served_field(served: GraphQLSchema, kind: str, name: str) -> GraphQLField:
    composite = served.type_map[kind]
    assert isinstance(composite, GraphQLObjectType | GraphQLInterfaceType)
    field: GraphQLField = composite.fields[name]
    return field


def test_every_field_of_the_contract_is_served_with_its_type_and_arguments(served: GraphQLSchema) -> None:
    wrong = {}
    for kind, name, field in EXPECTED:
        composite = served.type_map.get(kind)
        assert isinstance(composite, GraphQLObjectType | GraphQLInterfaceType), kind
        expected = {each.name.value: print_ast(each.type) for each in field.arguments or ()}
        expected = {key: value for key, value in expected.items() if key not in LATER_ARGUMENTS}
        marked = marks(field)
        expected |= PAGE if "page" in marked else {}
        expected |= DATES if "dated" in marked else {}
        expected |= {"lang": "Language"} if "text" in marked else {}
        found = composite.fields.get(name)
        shape = None if found is None else (str(found.type), {key: str(each.type) for key, each in found.args.items()})
        if shape != (print_ast(field.type), expected):
            wrong[f"{kind}.{name}"] = (print_ast(field.type), expected, shape)
    assert wrong == {}


def test_the_contract_reaches_far() -> None:
    """Guards the test above: an empty walk would agree with anything."""
    kinds = {kind for kind, _, _ in EXPECTED}
    assert kinds >= {"Query", "Person", "Penalty", "Training", "Holding", "PathStep", "GraphEdge", "Limits", "Region"}
    assert len(EXPECTED) > 400


def test_what_a_later_issue_brings_is_absent(served: GraphQLSchema) -> None:
    composites = [
        each for each in served.type_map.values() if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
    ]
    assert {name for each in composites for name in each.fields} & LATER_FIELDS == set()
    arguments = {key for each in composites for field in each.fields.values() for key in field.args}
    assert arguments & LATER_ARGUMENTS == set()
    query = served.type_map["Query"]
    assert isinstance(query, GraphQLObjectType)
    assert sorted(query.fields) == sorted(ROOTS)
    assert {name for name in served.type_map if name in LATER_TYPES} == set()


def test_inputs_have_exactly_the_fields_of_the_contract(served: GraphQLSchema) -> None:
    found = {name: each for name, each in served.type_map.items() if isinstance(each, GraphQLInputObjectType)}
    assert len(found) > 20
    for name, each in found.items():
        written = {field.name.value: field for field in INPUTS[name].fields or ()}
        shape = {key: str(field.type) for key, field in each.fields.items()}
        assert shape == {key: print_ast(field.type) for key, field in written.items()}, name
        defaults = {key for key, field in written.items() if field.default_value is not None}
        assert all(f"{key}: OrderDirection! = ASC" in printed() for key in defaults)


def test_types_implement_the_interfaces_of_the_contract(served: GraphQLSchema) -> None:
    for kind in {kind for kind, _, _ in EXPECTED}:
        definition = WRITTEN[kind]
        composite = served.type_map[kind]
        assert isinstance(definition, Composite)
        assert isinstance(composite, GraphQLObjectType | GraphQLInterfaceType)
        assert {each.name for each in composite.interfaces} == {
            each.name.value for each in definition.interfaces or ()
        }, kind


def test_enums_have_exactly_the_values_of_the_contract(served: GraphQLSchema) -> None:
    found = {name: list(each.values) for name, each in served.type_map.items() if isinstance(each, GraphQLEnumType)}
    own = {"Language", "__TypeKind", "__DirectiveLocation"}
    assert {name for name in found if name not in own} <= set(WRITTEN)
    for name, values in found.items():
        if name not in own:
            definition = WRITTEN[name]
            assert isinstance(definition, EnumTypeDefinitionNode)
            assert values == [each.name.value for each in definition.values or ()], name


def test_connections_have_one_form(served: GraphQLSchema) -> None:
    connections = sorted(
        name
        for name in served.type_map
        if name.endswith("Connection") and name.removesuffix("Connection") not in OWN_CONNECTIONS
    )
    assert connections == [
        f"{each}Connection"
        for each in (
            *("CreditRecord", "Enterprise", "GovernmentBody", "Holding", "ListEntry", "Organization", "Person", "Post"),
        )
    ]
    for name in connections:
        node = name.removesuffix("Connection")
        shape = {key: str(served_field(served, name, key).type) for key in served.type_map[name].fields}  # type: ignore[attr-defined]
        assert shape == {
            "edges": f"[{node}Edge!]!",
            "nodes": f"[{node}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
            "facets": "[Facet!]",
        }


def test_properties_with_periods_take_dates(served: GraphQLSchema) -> None:
    """Generated from the vocabulary: a dated property without asOf and knownAt would answer one day for another."""
    missing = []
    checked = 0
    for kind in NODE_KINDS:
        composite = served.type_map.get(kind.label)
        for each in kind.properties:
            if not each.dated or not isinstance(composite, GraphQLObjectType) or each.name not in composite.fields:
                continue
            checked += 1
            if not set(DATES) <= composite.fields[each.name].args.keys():
                missing.append(f"{kind.label}.{each.name}")
    assert (missing, checked > 20) == ([], True)


def test_properties_that_not_everyone_reads_are_nullable(served: GraphQLSchema) -> None:
    wrong = []
    for kind in NODE_KINDS:
        composite = served.type_map.get(kind.label)
        for each in kind.properties:
            if each.disclosure == "PUBLIC" or not isinstance(composite, GraphQLObjectType):
                continue
            field = composite.fields.get(each.name)
            if field is not None and str(field.type).endswith("!") and each.name != "name":  # has a masked form
                wrong.append(f"{kind.label}.{each.name}")
    assert wrong == []
    assert BY_LABEL["Person"].properties[0].name == "name"


def test_everything_says_what_it_is_in_both_languages(served: GraphQLSchema) -> None:
    silent = []
    for name, each in served.type_map.items():
        if is_introspection_type(each) or is_specified_scalar_type(each):
            continue
        parts = [(name, each.description)]
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in each.fields.items():
                parts.append((f"{name}.{field_name}", field.description))
                parts += [(f"{name}.{field_name}({key}:)", one.description) for key, one in field.args.items()]
        if isinstance(each, GraphQLInputObjectType):
            parts += [(f"{name}.{key}", one.description) for key, one in each.fields.items()]
        if isinstance(each, GraphQLEnumType):
            parts += [(f"{name}.{key}", value.description) for key, value in each.values.items()]
        silent += [
            where
            for where, text in parts
            if not text or (" · " not in text and "· " not in text and not isinstance(each, GraphQLEnumType))
        ]
    assert silent == []


def test_optional_arguments_have_no_printed_null(served: GraphQLSchema) -> None:
    assert "= null" not in printed()


def test_scalars_say_how_they_are_written(served: GraphQLSchema) -> None:
    for name in ("Date", "DateTime", "Decimal"):
        assert served.type_map[name].specified_by_url  # type: ignore[attr-defined]


def test_the_committed_schema_is_the_served_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == printed(), "run: python -m schema print"
