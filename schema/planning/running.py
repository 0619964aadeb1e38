"""Runs a program: one statement, then what is computed with one more for all that it names, then the answer.

It must not know transports; who reads, and when, is the operation's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)
from graphql.execution.values import VariableValues

from graph.errors import Conflict
from graph.facts import Record
from graph.links.answer import LinksAnswer
from graph.periods import Moment
from graph.rules import CreditListName
from graph.store.projection import RELATION_IDS, Stale
from schema.batching import Batch
from schema.computed import Computing
from schema.fields import answered, waits
from schema.joined import Joined
from schema.judgements import Answer, Ask, Supposed, named
from schema.linking import Asked, BidsAnswer, linking
from schema.nodes import SupposedRecord
from schema.owning import Owned, OwnerAsk, Owning
from schema.planning.ahead import asks
from schema.planning.binding import Binding
from schema.planning.program import Program, computed_below, hydration_of, of_entity, statement_of
from schema.planning.rows import RelationRow, Row
from schema.planning.shapes import ComputedField, Neighbour, Place
from schema.planning.supposed import near_places, raw_record
from schema.planning.writers import Failure, Mark, Run, write_object
from schema.query import Query
from schema.scope import REGION_PREFIX, RELATION_PREFIXES, Operation, Scope

ATTEMPTS: Final = 3  # one more for a snapshot that does not hold, one for a graph that changed in between
DEEPEST: Final = 4  # computed fields below nodes that other computed fields named


# What the judged answers of an operation may name: only that there are some decides a text. None: nobody is judged yet.
NAMED: Final[tuple[tuple[str, ...] | None, ...]] = (None, (), ("ent_",), ("ent_", "pos_"))
Named = tuple[Place, tuple[Moment, bool], str]


class Overtaken(Exception):
    """The graph changed between the statements of one answer."""


class Answered(NamedTuple):
    """`data` None: a root that promises a value has none. `places`: where an audit's reference goes."""

    data: dict[str, Any] | None
    errors: tuple[GraphQLError, ...]
    places: tuple[list[str | int], ...]


async def run_program(
    program: Program, document: DocumentNode, operation: Operation, variables: VariableValues
) -> Answered:
    """The answer of an operation. On a day that some snapshots do not hold, once more from their versions."""
    snapshot = True
    for _ in range(ATTEMPTS):
        try:
            return await Running(program, document, operation, variables, snapshot).answer()
        except Stale:
            snapshot = False
        except Overtaken:
            operation.version = None
    raise Conflict("图正在变更,请重试 · the graph is changing, ask again")


def plan_program(program: Program, document: DocumentNode, operation: Operation, variables: VariableValues) -> None:
    """Make the statements an operation begins with, as far as they are known before anything is judged."""
    for ids in NAMED if program.computes else (None,):
        Running(program, document, operation, variables, snapshot=True).plan(ids)


class Held:
    """The nodes a computed answer names, as far as they have been read, each as the operation asks for it there."""

    __slots__ = ("_place", "_running", "_values")

    def __init__(self, running: Running, place: Place) -> None:
        self._running = running
        self._place = place
        self._values: dict[tuple[str, Any], Row | RelationRow | None] = {}

    async def load(self, scope: Scope, ids: Iterable[str], supposed: Iterable[SupposedRecord] = ()) -> None:
        await asyncio.gather(self._read(scope, ids), *(self._suppose(scope, *each) for each in supposed))

    async def _suppose(self, scope: Scope, record: Record, listed: CreditListName | None) -> None:
        """A record that no statement tells of, with its subjects as they are read."""
        running, key = self._running, (scope.moment, scope.computed)
        near: dict[int, list[Any]] = {}
        for child, place in running.near_places(self._place):
            told = await asyncio.gather(
                *(answered(running.hydrated.get((place, key, each))) for each in sorted(record.about))
            )
            near[child.number] = [raw for _, raw in told if raw is not None]
        binding = running.standing(self._place, scope)
        raw = raw_record(record, listed, running.operation.known_at, self._place.nodes, near)
        row = Row(raw, raw, scope, binding)
        self._values[record.id, scope.moment] = row
        running.arrived.append((self._place, row))

    async def _read(self, scope: Scope, ids: Iterable[str]) -> None:
        missing = [each for each in dict.fromkeys(ids) if (each, scope.moment) not in self._values]
        if not missing:
            return
        found = await asyncio.gather(
            *(
                answered(self._running.hydrated.get((self._place, (scope.moment, scope.computed), each)))
                for each in missing
            )
        )
        for each, (binding, raw) in zip(missing, found, strict=True):
            row = None if raw is None else self._place.row(binding, raw)
            if raw is not None:
                self._running.newest = max(self._running.newest, raw.get("version") or 0)
            self._values[each, scope.moment] = row
            if isinstance(row, Row | RelationRow):
                self._running.arrived.append((self._place, row))

    def get(self, scope: Scope, identity: str) -> Row | RelationRow | None:
        return self._values[identity, scope.moment]


class Running:
    """One attempt at one answer."""

    def __init__(
        self,
        program: Program,
        document: DocumentNode,
        operation: Operation,
        variables: VariableValues,
        snapshot: bool,
    ) -> None:
        self.program = program
        self.document = document
        self.operation = operation
        self.variables = variables
        self.snapshot = snapshot
        self.binding = self._binding()
        self.columns: dict[str, Any] = {}
        self.values: dict[int, Any] = {}  # of computed roots
        self.arrived: list[tuple[Place, Row | RelationRow]] = []
        self.near: dict[Place, tuple[tuple[Neighbour, Place], ...]] = {}
        self.newest = 0  # graph version of the nodes that computed answers name
        if program.computes:
            together = operation.together = Joined(operation.world.database)
            operation.computing = Computing(operation, together)
            operation.owning = Owning(operation, together)
            operation.batches = {}
            self.hydrated: Batch[Named, tuple[Binding, Any]] = Batch(self._hydrate)

    def _binding(self) -> Binding:
        return Binding(self.operation, self.variables, snapshot=self.snapshot)

    async def answer(self) -> Answered:
        scope = Scope(self.operation, self.operation.moment)
        for each in self.program.positions:
            each.bind(self.binding, scope)
        if not self.program.computes:
            await self._read({})
            return self._written()
        await self._read(await self._judged(scope))
        await self._compute(scope)
        if self._overtaken():
            raise Overtaken
        return self._written()

    def _overtaken(self) -> bool:
        """Whether a node that a computed answer names was written after the answer was computed (`storage.md` 2)."""
        version = self.operation.version
        return version is not None and self.newest > version

    async def _judged(self, scope: Scope) -> dict[Place, tuple[Scope, list[str]]]:
        """Ids that answers name which can be judged before anything is read."""
        found = [one for each in self.program.positions for one in asks(each, self.binding, scope)]
        held = await asyncio.gather(*(answered(self._asked(ask)) for _, _, ask in found), return_exceptions=True)
        ids: dict[Place, tuple[Scope, list[str]]] = {}
        for (child, dates, _), each in zip(found, held, strict=True):
            if isinstance(each, Answer | Supposed | Owned | LinksAnswer | BidsAnswer):
                names = named(each) if isinstance(each, Answer | Supposed) else each.named
                ids.setdefault(child.place, (dates.below(), []))[1].extend(names)
            if isinstance(each, Supposed) and each.records:
                about = sorted({subject for record in each.records for subject in record.about})
                for _, place in self.near_places(child.place):
                    ids.setdefault(place, (dates.below(), []))[1].extend(about)
        return ids

    def near_places(self, place: Place) -> Sequence[tuple[Neighbour, Place]]:
        """Where what hangs on a supposed record is read; the same ones whenever an answer asks."""
        if place not in self.near:
            self.near[place] = tuple(near_places(place))
        return self.near[place]

    def _asked(self, ask: Ask | OwnerAsk | Asked) -> Any:
        match ask:
            case Ask():
                return self.operation.computing.get(ask)
            case OwnerAsk():
                return self.operation.owning.get(ask)
            case _:
                return linking(self.operation).get(ask)

    def plan(self, ids: Sequence[str] | None) -> None:
        """The statement where every answer that is judged ahead names such ids."""
        scope = Scope(self.operation, self.operation.moment)
        for each in self.program.positions:
            each.bind(self.binding, scope)
        found = [one for each in self.program.positions for one in asks(each, self.binding, scope)]
        named = {child.place: (dates.below(), [*ids]) for child, dates, _ in found} if ids is not None else {}
        self._statement(named)

    def _statement(self, ahead: Mapping[Place, tuple[Scope, list[str]]]) -> str:
        binding = self.binding
        for place, (scope, ids) in ahead.items():
            self._name(binding, place, scope, [each for each in ids if not each.startswith(REGION_PREFIX)])
        make = partial(statement_of, self.program.positions, [*ahead], binding)
        return self.operation.world.documents.texts.find(self.program.texts, tuple(binding.key), make)

    async def _read(self, ahead: Mapping[Place, tuple[Scope, list[str]]]) -> None:
        world, binding = self.operation.world, self.binding
        text = self._statement(ahead)
        if text:
            (row,) = await world.database.read(text, binding.all_parameters())
            self.columns.update(row)
        for place, (scope, ids) in ahead.items():
            for each, raw in _rows_of(place, self.columns, ids).items():
                self.hydrated.prime((place, (scope.moment, scope.computed), each), (binding, raw))
        if self.program.introspection:
            self.columns.update(self._introspected())

    def _introspected(self) -> dict[str, Any]:
        """What is asked of the schema itself, which graphql-core answers."""
        wanted = SelectionSetNode(selections=self.program.introspection)
        operation = OperationDefinitionNode(
            operation=self.program.operation.operation,
            selection_set=wanted,
            variable_definitions=self.program.operation.variable_definitions,
        )
        fragments = [each for each in self.document.definitions if isinstance(each, FragmentDefinitionNode)]
        found = execute_sync(
            self.operation.world.schema._schema,
            DocumentNode(definitions=(operation, *fragments)),
            variable_values=self.variables.coerced,
        )
        if found.errors:
            raise found.errors[0]
        return found.data or {}

    # Computed fields

    async def _compute(self, scope: Scope) -> None:
        roots = [each for each in self.program.positions if isinstance(each, ComputedField)]
        if roots:
            values = await asyncio.gather(*(self._ask(each, Query(scope=self._holding(scope, each))) for each in roots))
            self.values = {each.number: value for each, value in zip(roots, values, strict=True)}
        below = [one for each in self.program.positions for one in computed_below(each, self.binding, self.columns)]
        for _ in range(DEEPEST):
            arrived, self.arrived = self.arrived, []
            below += [one for place, row in arrived for one in of_entity(place, row)]
            if not below:
                return
            asked = [(child, row, self._below(child, row)) for child, row in below if child.key not in row.raw]
            values = await asyncio.gather(*(self._ask(child, owner) for child, _, owner in asked))
            for (child, row, _), value in zip(asked, values, strict=True):
                row.raw[child.key] = value  # type: ignore[index]
            below = []

    def _holding(self, scope: Scope, child: ComputedField) -> Scope:
        return replace(scope, held=Held(self, child.place))

    def _below(self, child: ComputedField, row: Row) -> Row:
        return Row(row.raw, row.values, self._holding(row.scope, child), row.binding)

    async def _ask(self, child: ComputedField, owner: Any) -> Any:
        """The answer of a computed field, or why there is none."""
        given = child.arguments(self.binding)
        try:
            info = {} if child.info is None else {"info": child.info}
            value = child.method(owner, **info, **given)
            return await value if waits(value) else value
        except Stale:
            raise
        except Exception as error:
            return error

    def standing(self, place: Place, scope: Scope) -> Binding:
        """A binding in which a position stands in these dates, with nothing to read there."""
        binding = self._binding()
        place.bind(binding, scope, nodes=True, relations=False)
        return binding

    async def _hydrate(self, keys: Sequence[Named]) -> Mapping[Named, tuple[Binding, Any] | Exception]:
        """Everything named in one turn of the loop by one statement, as many as there are dates of one place."""
        found: dict[Named, tuple[Binding, Any] | Exception] = {}
        waiting: dict[Place, dict[tuple[Moment, bool], list[str]]] = {}
        for place, dates, identity in keys:
            waiting.setdefault(place, {}).setdefault(dates, []).append(identity)
        while waiting:
            now = {place: next(iter(scopes)) for place, scopes in waiting.items()}
            batch = {place: waiting[place].pop(dates) for place, dates in now.items()}
            waiting = {place: scopes for place, scopes in waiting.items() if scopes}
            binding = self._binding()
            for place, ids in batch.items():
                self._name(binding, place, Scope(self.operation, *now[place]), ids)
            places = [*batch]
            texts = self.operation.world.documents.texts
            text = texts.find(self.program.texts, ("named", *binding.key), partial(hydration_of, places, binding))
            (columns,) = await self.operation.world.database.read(text, binding.all_parameters())
            for place, ids in batch.items():
                rows = _rows_of(place, columns, ids)
                found.update({(place, now[place], each): (binding, raw) for each, raw in rows.items()})
        return found

    def _name(self, binding: Binding, place: Place, scope: Scope, ids: Sequence[str]) -> None:
        prefix = f"q{place.number}_"
        relations = [each for each in ids if each.startswith(RELATION_PREFIXES)]
        nodes = [each for each in ids if not each.startswith(RELATION_PREFIXES)]
        binding.parameters[f"{prefix}ids"] = nodes
        for kind in RELATION_IDS:
            binding.parameters[f"{prefix}{kind}"] = [each for each in relations if each.startswith(kind)]
        place.bind(binding, scope, nodes=bool(nodes), relations=bool(relations))

    # The answer

    def _written(self) -> Answered:
        run = Run(self.binding)
        try:
            data: dict[str, Any] | None = write_object(self.program.roots, self, run)
        except Failure as failure:
            run.told.append(failure)
            data = None
        if not run.told:
            return Answered(data, (), ())
        errors = tuple(each.located() for each in run.told if not isinstance(each, Mark))
        places = tuple(each.path[::-1] for each in run.told if isinstance(each, Mark))
        return Answered(data, errors, places)


def _rows_of(place: Place, columns: Mapping[str, Any], ids: Iterable[str]) -> dict[str, Any]:
    """What was read of each id; None for what was not known then."""
    rows = (*columns.get(f"q{place.number}", ()), *columns.get(f"q{place.number}r", ()))
    by_id = {each["id"]: each for each in rows}
    return {each: by_id.get(each) for each in ids}
