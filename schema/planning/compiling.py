"""Compiles what is selected into positions to read and the writers of what was read there.

It must not know the request: what depends on it is bound by the positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
    print_ast,
)
from strawberry.types.field import StrawberryField

from graph.store.projection import Near
from graph.vocabulary import Disclosure
from schema import nodes
from schema.fields import PROPERTIES, Info
from schema.nodes import Region
from schema.planning.beside import OWNED, Told, beside
from schema.planning.columns import CONVERTED, Column, Rows, plain, typed
from schema.planning.declarations import (
    CODES,
    KIND_NAMES,
    RELATION_NAMES,
    Sets,
    arguments,
    dates_of,
    definition_of,
    is_entity,
    method_of,
    no_arguments,
    reads_of,
    takes_info,
    type_name,
)
from schema.planning.neighbours import closed, neighbour_writer
from schema.planning.pages import page
from schema.planning.relating import relations
from schema.planning.rows import RelationRow, Row
from schema.planning.selection import Selections, selected_names
from schema.planning.shapes import (
    RECORDS,
    Again,
    Arguments,
    ComputedField,
    Neighbour,
    NodeShape,
    Place,
    RelationShape,
)
from schema.planning.writers import FieldWriter, Mark, Run, Write, completed, leaf, write_object
from schema.reads import Beside, Computed, NearTo, Paged, Stored
from schema.reads import Told as Method


@dataclass
class Compiler:
    """One operation being compiled; every position gets a number of its own."""

    selections: Selections
    numbers: Iterable[int] = field(default_factory=count)
    places: dict[str, Place] = field(default_factory=dict)  # of computed roots, by their dates as they are written
    shapes: list[NodeShape | RelationShape] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    def number(self) -> int:
        return next(self.numbers)  # type: ignore[call-overload,no-any-return]

    def finish(self) -> None:
        """Everything is compiled: which positions are lists, and where each name stands in them, is settled."""
        for each in self.shapes:
            each.stored = each.stored and not each.computed_below()
        for ready in self.later:
            ready()

    # Types and their kinds

    def objects(self, kind: GraphQLNamedType) -> list[GraphQLObjectType]:
        if isinstance(kind, GraphQLInterfaceType):
            return list(self.selections.schema.get_possible_types(kind))
        assert isinstance(kind, GraphQLObjectType)  # noqa: S101 - the schema has no unions
        return [kind]

    def kinds(self, kind: GraphQLNamedType) -> frozenset[str]:
        names = {each.name for each in self.objects(kind)}
        return frozenset(code for code, name in KIND_NAMES.items() if name in names)

    def shape(self, kind: GraphQLNamedType, *, apart: bool) -> NodeShape:
        found = NodeShape(self.number(), self.kinds(kind), stored=not apart, apart=apart)
        self.shapes.append(found)
        return found

    def relation(self, *, apart: bool) -> RelationShape:
        found = RelationShape(self.number(), stored=not apart, apart=apart)
        self.shapes.append(found)
        return found

    def place_of_dates(self, node: FieldNode) -> Place:
        """One position for what all computed roots of the same dates name: four checks share their fragments."""
        dates = ",".join(sorted(print_ast(each) for each in dates_of(node)))
        if dates not in self.places:
            self.places[dates] = self.place(apart=True)
        return self.places[dates]

    def place(self, *, apart: bool) -> Place:
        nodes = NodeShape(self.number(), frozenset(), apart=apart)
        return Place(self.number(), nodes, RelationShape(self.number(), apart=apart))

    # Writers of positions

    def rows(self, shape: NodeShape, kind: GraphQLNamedType, sets: Sets) -> Rows:
        names = {each.name: each for each in self.objects(kind)}
        fields: dict[str, list[FieldWriter]] = {}
        columns: dict[str, list[Column]] = {}
        for code, name in KIND_NAMES.items():
            if name in names:
                fields[code], columns[code] = self.node_fields(shape, names[name], sets)
        rows = Rows(fields)
        self.later.append(lambda: rows.ready(columns, shape.places, alone=shape.alone) if shape.stored else None)
        return rows

    def entities(self, place: Place, kind: GraphQLNamedType, sets: Sets) -> Write:
        """Writes whatever has an id: a node, a relation, a region."""
        possible = {each.name: each for each in self.objects(kind)}
        place.nodes.kinds |= {code for code, name in KIND_NAMES.items() if name in possible}
        node = self.rows(place.nodes, kind, sets)
        related = {
            name: relations(self, place.relations, possible[name], sets) for name in RELATION_NAMES if name in possible
        }
        region = self.object_fields(possible["Region"], sets, place) if "Region" in possible else None

        def write(value: Any, run: Run) -> Any:
            if isinstance(value, Row):
                return node(value, run)
            if isinstance(value, RelationRow):
                return related[type_name(nodes.RELATIONS[value.view.kind])](value, run)
            if isinstance(value, Region) and region is not None:
                return write_object(region, value, run)
            return None

        return write

    def complete(self, kind: Any, sets: Sets, place: Place | None) -> tuple[Write, bool]:
        """How a value of a type is written, and whether errors may be told below it. `place`: for what has an id."""
        named = get_named_type(kind)
        if is_leaf_type(named):
            return completed(kind, leaf, False), False
        if place is not None and is_entity(named):
            write = self.entities(place, named, sets)
        else:
            assert isinstance(named, GraphQLObjectType), named  # noqa: S101
            fields = self.object_fields(named, sets, place)
            write = lambda value, run: None if value is None else write_object(fields, value, run)  # noqa: E731
        return completed(kind, lambda _: write, True), True

    # Fields

    def typename(self, key: str, node: FieldNode, kind: GraphQLObjectType) -> FieldWriter:
        return FieldWriter(key, lambda source, run, name=kind.name: name, False, False, node)  # type: ignore[misc]

    def node_fields(
        self, shape: NodeShape, kind: GraphQLObjectType, sets: Sets
    ) -> tuple[list[FieldWriter], list[Column]]:
        """The writers of a `Row`; and the columns of a listed one, all there where the shape is `stored`."""
        found, columns = [], list[Column]()
        for key, same in self.selections.fields(kind, sets).items():
            node = same[0]
            if node.name.value == "__typename":
                found.append(self.typename(key, node, kind))
                columns.append(typed(key, node, kind.name))
                continue
            write, composite, column = self.node_field(shape, kind, same)
            required = is_non_null_type(kind.fields[node.name.value].type)
            found.append(FieldWriter(key, write, not required, composite, node))
            if column is None:
                shape.stored = False
            else:
                columns.append(column._replace(key=key, required=required and column.required))
        return found, columns

    def node_field(
        self, shape: NodeShape, kind: GraphQLObjectType, same: list[FieldNode]
    ) -> tuple[Write, bool, Column | None]:
        node, sets = same[0], [each.selection_set for each in same]
        declared = kind.fields[node.name.value]
        definition = definition_of(declared)
        reads = reads_of(definition)
        code = CODES[kind.name]
        if node.name.value == "id":
            return (lambda row, run: row.raw["id"]), False, Column("", "id", node)
        match reads:
            case Stored(name) | Method(plain=str(name)) if self.as_stored(code, name, node):
                shape.need((name,))
                convert = plain if isinstance(reads, Method) else CONVERTED.get(PROPERTIES[code, name].type)
                column = Column("", name, node, convert, required=convert is None)
                if convert is None:
                    return (lambda row, run: row.values.get(name)), False, column
                return (lambda row, run: convert(row.values.get(name))), False, column
            case Stored(name):
                return *self.told(shape, Method((name,)), declared, definition, node, []), None
            case NearTo():
                return self.near(shape, code, reads, declared, node, sets)
            case Paged():
                return page(self, shape, reads, declared, definition, same)
            case Beside():
                return *self.beside(shape, code, reads, declared, same), None
            case Computed():
                return *self.computed(shape, code, declared, definition, same), None
            case _:
                reads = reads if isinstance(reads, Method) else Method()
                return *self.told(shape, reads, declared, definition, node, sets), None

    def as_stored(self, code: str, name: str, node: FieldNode) -> bool:
        """Whether a property is shown as it is stored: to everybody, and in the dates around it."""
        return not dates_of(node) and PROPERTIES[code, name].disclosure is Disclosure.PUBLIC

    def told(
        self,
        shape: NodeShape,
        reads: Method,
        declared: GraphQLField,
        definition: StrawberryField,
        node: FieldNode,
        sets: Sets,
    ) -> tuple[Write, bool]:
        """A field told by its method, which gets the row as `self`."""
        method = method_of(definition)
        write, composite = self.complete(declared.type, sets, None)
        shape.need(reads.properties, reads.parts)
        given = arguments(declared, definition, node)
        if not dates_of(node):
            if given is None:
                return (lambda row, run: write(method(row), run)), composite
            return (lambda row, run: write(method(row, **given(row.binding)), run)), composite
        again = self.again(shape, node, given or no_arguments)
        again.shape.need(reads.properties, reads.parts)
        return self._told_again(again, method, write), composite

    def again(self, shape: NodeShape, node: FieldNode, given: Arguments) -> Again:
        """The node of a field in the field's own dates."""
        key = ("again", id(node))
        found = shape.children.get(key)
        if found is None:
            inner = NodeShape(self.number(), shape.kinds, apart=shape.apart)
            found = shape.children[key] = Again(self.number(), given, inner)
        assert isinstance(found, Again)  # noqa: S101
        return found

    def _told_again(self, again: Again, method: Callable[..., Any], write: Write) -> Write:
        def written(row: Row, run: Run) -> Any:
            binding = row.binding
            if binding.bound[again.number]:
                other = again.then(row)
                row.then = None if other is None else other.view
            return write(method(row, **again.arguments(binding)), run)

        return written

    def near(
        self, shape: NodeShape, code: str, reads: NearTo, declared: GraphQLField, node: FieldNode, sets: Sets
    ) -> tuple[Write, bool, Column | None]:
        named = get_named_type(declared.type)
        key = ("near", reads.near, id(node))
        given = arguments(declared, definition_of(declared), node) or no_arguments
        hides = code in RECORDS and bool(dates_of(node))
        owner = self.again(shape, node, given) if hides else None
        child = shape.children.get(key)
        if child is None:
            inner, relation = self.shape(named, apart=shape.apart), None
            if reads.near is Near.RESPONSIBLE:
                inner = NodeShape(self.number(), frozenset())
                relation = RelationShape(self.number(), apart=shape.apart)
            child = shape.children[key] = Neighbour(self.number(), given, reads.near, inner, relation, owner)
        assert isinstance(child, Neighbour)  # noqa: S101
        show = neighbour_writer(self, child, reads, declared, named, sets)
        if child.disclosure is not Disclosure.PUBLIC:
            return closed(child, reads, show), True, None
        column = Column("", child.key, node, below=lambda near, id, run: show(run.binding, near, run), required=True)
        return (
            (lambda row, run: show(row.binding, child.raws(row), run)),
            True,
            None if owner is not None else column,
        )

    def beside(
        self, shape: NodeShape, code: str, reads: Beside, declared: GraphQLField, same: list[FieldNode]
    ) -> tuple[Write, bool]:
        key, sets = ("beside", id(same[0])), [each.selection_set for each in same]
        child = shape.children.get(key)
        if child is None:
            given = arguments(declared, definition_of(declared), same[0]) or no_arguments
            below = selected_names(self.selections, sets)
            child = shape.children[key] = beside(self, reads, given, below, apart=shape.apart)
        assert isinstance(child, Told)  # noqa: S101
        child.kinds.add(code)
        shape.need(OWNED)
        write, composite = self.complete(declared.type, sets, child.place)
        return (lambda row, run: write(child.value(row), run)), composite

    def computed(
        self, shape: NodeShape, code: str, declared: GraphQLField, definition: StrawberryField, same: list[FieldNode]
    ) -> tuple[Write, bool]:
        key = ("computed", id(same[0]))
        child = shape.children.get(key)
        sets = [each.selection_set for each in same]
        if child is None:
            child = shape.children[key] = self.computed_field(declared, definition, same, root=False)
        assert isinstance(child, ComputedField)  # noqa: S101
        child.kinds.add(code)
        shape.need(())
        write, composite = self.complete(declared.type, sets, child.place)

        def written(row: Row, run: Run) -> Any:
            found = row.raw[child.key]
            if isinstance(found, Exception):
                raise found
            return write(found, run)

        return written, composite

    def computed_field(
        self, declared: GraphQLField, definition: StrawberryField, same: list[FieldNode], *, root: bool
    ) -> ComputedField:
        below = selected_names(self.selections, [each.selection_set for each in same])
        info = Info(below) if takes_info(definition) else None
        given = arguments(declared, definition, same[0]) or no_arguments
        reads = reads_of(definition)
        place = self.place_of_dates(same[0]) if root else self.place(apart=True)
        if isinstance(reads, Computed):
            place.nodes.need(reads.properties, reads.parts)
        judged = reads.judged if isinstance(reads, Computed) else None
        return ComputedField(self.number(), given, place, method_of(definition), info, judged)

    def object_fields(self, kind: GraphQLObjectType, sets: Sets, place: Place | None) -> list[FieldWriter]:
        """The fields of a value that is an object of its declared type."""
        found = []
        for key, same in self.selections.fields(kind, sets).items():
            node = same[0]
            if node.name.value == "__typename":
                found.append(self.typename(key, node, kind))
                continue
            declared = kind.fields[node.name.value]
            write, composite = self.value(
                declared, definition_of(declared), node, [each.selection_set for each in same], place
            )
            found.append(FieldWriter(key, write, not is_non_null_type(declared.type), composite, node))
        return found

    def value(
        self, declared: GraphQLField, definition: StrawberryField, node: FieldNode, sets: Sets, place: Place | None
    ) -> tuple[Write, bool]:
        """An attribute or a method of a value."""
        write, composite = self.complete(declared.type, sets, place)
        if definition.base_resolver is None:
            name = definition.python_name
            return (lambda source, run: write(getattr(source, name), run)), composite
        method = method_of(definition)
        if takes_info(definition):

            def marked(source: Any, run: Run) -> Any:
                return write(method(source, info=Info({}, lambda: run.told.append(Mark()))), run)

            return marked, True
        given = arguments(declared, definition, node)
        if given is None:
            return (lambda source, run: write(method(source), run)), composite
        return (lambda source, run: write(method(source, **given(run.binding)), run)), composite
