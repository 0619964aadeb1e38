"""A program: one operation of one document, compiled once; with the texts of the statements it has been run as.

It must not know who runs it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_non_null_type,
)
from strawberry.types.field import StrawberryField

from graph.store import projection
from schema.planning.around import ExpandRoot, ResolveRoot, Worded
from schema.planning.beside import Told
from schema.planning.binding import Binding
from schema.planning.compiling import Compiler
from schema.planning.declarations import arguments, definition_of, no_arguments, reads_of
from schema.planning.listing import PageOf
from schema.planning.pages import connection_fields, page_of
from schema.planning.roots import EveryRoot, FoundRoot
from schema.planning.rows import RelationRow, Row
from schema.planning.searching import SearchRoot
from schema.planning.selection import Selections, conditional_variables, selected_names
from schema.planning.shapes import (
    Again,
    Child,
    ComputedField,
    Neighbour,
    NodeShape,
    Place,
    RelationShape,
)
from schema.planning.texts import Kept, Texts
from schema.planning.variables import Variables, operation_named
from schema.planning.writers import FieldWriter, Run, completed
from schema.reads import Every, Expanded, Found, Paged, Resolved, Searched

PROGRAMS: Final = 16  # of one document, by operation and by what its conditions were given


class Ran(Protocol):
    """What a program has read: `columns` of its statement, and the `values` of its computed roots by their number."""

    binding: Binding
    columns: dict[str, Any]
    values: dict[int, Any]


@dataclass(slots=True)
class Program:
    """`roots` are written from a `Ran`; `__typename` and introspection have no position."""

    operation: OperationDefinitionNode
    roots: tuple[FieldWriter, ...]
    positions: tuple[Child, ...]
    introspection: tuple[FieldNode, ...]
    texts: Kept = field(default_factory=OrderedDict)
    computes: bool = field(init=False)

    def __post_init__(self) -> None:
        self.computes = any(each.computes for each in self.positions)


def compile_program(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, given: Mapping[str, Any]
) -> Program:
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    compiler = Compiler(Selections(schema, fragments, given))
    query = schema.query_type
    assert isinstance(query, GraphQLObjectType)  # noqa: S101
    roots: list[FieldWriter] = []
    positions: list[Child] = []
    introspection: list[FieldNode] = []
    for key, same in compiler.selections.fields(query, [operation.selection_set]).items():
        node = same[0]
        name = node.name.value
        if name == "__typename":
            roots.append(FieldWriter(key, lambda ran, run: query.name, False, False, node))
        elif name.startswith("__"):
            introspection += same
            roots.append(FieldWriter(key, lambda ran, run, key=key: ran.columns[key], True, False, node))  # type: ignore[misc]
        else:
            declared = query.fields[name]
            position, write = compiled_root(compiler, declared, definition_of(declared), same)
            positions.append(position)
            roots.append(FieldWriter(key, write, not is_non_null_type(declared.type), True, node))
    compiler.finish()
    return Program(operation, tuple(roots), tuple(positions), tuple(introspection))


def compiled_root(
    compiler: Compiler, declared: GraphQLField, definition: StrawberryField, same: list[FieldNode]
) -> tuple[Child, Callable[[Ran, Run], Any]]:
    """A root field: its position, and its writer."""
    reads = reads_of(definition)
    sets = [each.selection_set for each in same]
    named = get_named_type(declared.type)
    given = arguments(declared, definition, same[0]) or no_arguments
    match reads:
        case Expanded() | Resolved():
            below = selected_names(compiler.selections, sets)
            number, place = compiler.number(), compiler.place(apart=False)
            worded: Worded = ResolveRoot(number, given, place)
            if isinstance(reads, Expanded):
                worded = ExpandRoot(number, given, place, "totalCount" in below)
            show_words, _ = compiler.complete(declared.type, sets, place)
            return worded, lambda ran, run: show_words(worded.found(ran.binding, ran.columns), run)
        case Searched():
            search = SearchRoot.of(compiler, declared, definition, same)
            shown, _ = compiler.complete(declared.type, sets, search.place)
            return search, lambda ran, run: shown(search.found(ran.binding, ran.columns), run)
        case Paged():
            page = page_of(compiler, reads, declared, definition, same, apart=False)
            show = connection_fields(compiler, page, named, sets)
            column = f"q{page.number}"
            return page, lambda ran, run: show(ran.binding, "", ran.columns.get(column), run)
        case Every():
            shape = compiler.shape(named, apart=False)
            every = EveryRoot(compiler.number(), given, same[0].name.value, reads, shape)
            write = completed(declared.type, lambda _: compiler.rows(every.shape, named, sets), True)
            return every, lambda ran, run: write(every.rows(ran.binding, ran.columns), run)
        case Found():
            found = FoundRoot(compiler.number(), given, reads, compiler.place(apart=False))
            entities = completed(declared.type, lambda _: compiler.entities(found.place, named, sets), True)
            return found, lambda ran, run: entities(found.found(ran.binding, ran.columns), run)
    child = compiler.computed_field(declared, definition, same, root=True)
    write, _ = compiler.complete(declared.type, sets, child.place)

    def computed(ran: Ran, run: Run) -> Any:
        value = ran.values.get(child.number)
        if isinstance(value, Exception):
            raise value
        return write(value, run)

    return child, computed


@dataclass(slots=True)
class Programs:
    """The programs of one document."""

    schema: GraphQLSchema
    document: DocumentNode
    texts: Texts
    conditional: tuple[str, ...] = field(init=False)
    kept: OrderedDict[tuple[Any, ...], Program] = field(default_factory=OrderedDict)
    operations: dict[str | None, tuple[OperationDefinitionNode, Variables]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.conditional = conditional_variables(self.document)

    def operation(self, name: str | None) -> tuple[OperationDefinitionNode, Variables]:
        """The operation that is asked for, with its variables; NotValid where none or several could be."""
        found = self.operations.get(name)
        if found is None:
            asked = operation_named(self.document, name)
            found = self.operations[name] = asked, Variables(self.schema, asked)
        return found

    def program(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> Program:
        name = operation.name.value if operation.name else None
        key = (name, *(bool(given.get(each)) for each in self.conditional))
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = compile_program(self.schema, self.document, operation, given)
            if len(self.kept) > PROGRAMS:
                _, dropped = self.kept.popitem(last=False)
                self.texts.forget(dropped.texts)
        return found

    def drop(self) -> None:
        """The document is forgotten."""
        for each in self.kept.values():
            self.texts.forget(each.texts)


def statement_of(positions: Collection[Child], named: Collection[Place], binding: Binding) -> str:
    """One statement for every root of an operation, and for what answers that were judged ahead have named."""
    parts: dict[str, str] = {}
    paged: set[str] = set()
    for each in positions:
        if each.number in binding.failures:
            continue
        if isinstance(each, FoundRoot):
            parts.update(each.place.texts(binding, found=True))
            continue
        text = each.text(binding, "")
        if text is not None:
            parts[f"q{each.number}"] = text
            if not isinstance(each, SearchRoot | Worded):
                paged.add(f"q{each.number}")
    for place in named:
        parts.update(place.texts(binding, found=False))
    return projection.statement(parts, paged) if parts else ""


def hydration_of(places: Collection[Place], binding: Binding) -> str:
    """One statement for the nodes and relations that computed answers name."""
    return projection.statement(
        {name: text for place in places for name, text in place.texts(binding, found=False)}, ()
    )


def computed_below(child: Child, binding: Binding, columns: Mapping[str, Any]) -> Iterator[tuple[ComputedField, Row]]:
    """Every computed field that stands below a root, with the row it is asked of."""
    if not child.computes or child.number in binding.failures:
        return
    match child:
        case SearchRoot() | Worded():
            for row in child.rows(binding, columns):
                yield from of_row(child.place.nodes, row)
        case PageOf():
            yield from _of_page(child, binding, columns.get(f"q{child.number}"))
        case EveryRoot():
            for row in child.rows(binding, columns):
                yield from of_row(child.shape, row)
        case FoundRoot():
            try:
                found = child.found(binding, columns)
            except Exception:
                return
            for each in found if isinstance(found, list) else [found]:
                yield from of_entity(child.place, each)


def of_entity(place: Place, value: Any) -> Iterator[tuple[ComputedField, Row]]:
    if isinstance(value, Row):
        yield from of_row(place.nodes, value)
    elif isinstance(value, RelationRow):
        yield from _of_relation(place.relations, value)


def of_row(shape: NodeShape, row: Row) -> Iterator[tuple[ComputedField, Row]]:
    binding = row.binding
    for child in shape.children.values():
        if not child.computes or child.number in binding.failures:
            continue
        match child:
            case ComputedField():
                if row.kind in child.kinds:
                    yield child, row
            case Again():
                other = child.then(row) if binding.bound[child.number] else None
                if other is not None:
                    yield from of_row(child.shape, other)
            case Neighbour():
                for raw in child.raws(row):
                    if child.relation is not None:
                        yield from _of_relation(child.relation, child.relation.row(binding, raw))
                    else:
                        near = child.shape.row(binding, raw)
                        if near is not None:
                            yield from of_row(child.shape, near)
            case PageOf():
                yield from _of_page(child, binding, row.raw.get(child.key))
            case Told():
                if child.place is not None and row.kind in child.kinds:
                    for each in child.entities(row):
                        yield from of_entity(child.place, each)


def _of_page(child: PageOf, binding: Binding, raw: Any) -> Iterator[tuple[ComputedField, Row]]:
    if raw is None:
        return
    for row in (raw if child.bare else raw[0])[: binding.bound[child.number].request.size]:
        each = row[2] if child.placed else row
        if isinstance(child.row, RelationShape):
            yield from _of_relation(child.row, child.row.row(binding, each))
            continue
        found = child.row.row(binding, each)
        if found is not None:
            yield from of_row(child.row, found)


def _of_relation(shape: RelationShape, row: RelationRow) -> Iterator[tuple[ComputedField, Row]]:
    for end, at in shape.ends.items():
        if at.computed_below():
            found = at.row(row.binding, row.raw[end])
            if found is not None:
                yield from of_row(at, found)
