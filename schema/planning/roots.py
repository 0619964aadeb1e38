"""Where an operation begins: nodes by id or identifier, every node of a small kind, and what computed answers name.

It must not know how they are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graph.errors import GraphError, Invalid, LimitExceeded
from graph.identifiers import Lookup, parse_lookup
from graph.store import projection
from graph.store.asked import Asked, Root, Variables
from graph.store.lookup import chosen, lookup_parameters
from graph.store.places import page_parameters
from graph.store.projection import Time
from graph.store.roots import root_page
from graph.views import PageRequest
from schema.nodes import region
from schema.planning.binding import Binding
from schema.planning.rows import RelationRow
from schema.planning.shapes import Child, NodeShape, Place
from schema.reads import Every, Found
from schema.scope import REGION_PREFIX, RELATION_PREFIXES, Scope, is_id

MOST_IDS: Final = 100
MOST_NAMED: Final = 1_000


class BoundFound(NamedTuple):
    """What a root names: each text with how it is found, or why not."""

    texts: tuple[str, ...]
    argument: str
    lookups: Mapping[int, Lookup]
    relations: Mapping[int, str]
    regions: Mapping[int, str]
    failures: Mapping[int, GraphError]
    scope: Scope


@dataclass(eq=False, slots=True)
class FoundRoot(Child):
    reads: Found
    place: Place

    @property
    def computes(self) -> bool:
        return self.place.nodes.computed_below() or self.place.relations.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        given = self.arguments(binding)
        scope = scope.at(given.get("as_of"), given.get("known_at"))
        texts = given["ids"] if self.reads.many else [given[self.reads.argument]]
        try:
            if len(texts) > MOST_IDS:
                raise LimitExceeded(f"ids: 至多 {MOST_IDS} 个 · at most {MOST_IDS}", argument="ids")
            found = self._found(texts, scope)
        except GraphError as error:
            binding.refuse(self.number, error)
            return
        binding.bound[self.number] = found
        prefix = f"q{self.place.number}_"
        for key, value in lookup_parameters([*found.lookups.values()]).items():
            binding.parameters[prefix + key] = value
        if found.relations:
            for kind in projection.RELATION_IDS:
                wanted_ids = [each for each in found.relations.values() if each.startswith(kind)]
                binding.parameters[f"{prefix}{kind}"] = wanted_ids
        self.place.bind(binding, scope, nodes=bool(found.lookups), relations=bool(found.relations))

    def _found(self, texts: list[str], scope: Scope) -> BoundFound:
        lookups: dict[int, Lookup] = {}
        relations: dict[int, str] = {}
        regions: dict[int, str] = {}
        failures: dict[int, GraphError] = {}
        for i, text in enumerate(texts):
            argument = f"{self.reads.argument}.{i}" if self.reads.many else self.reads.argument
            try:
                if not self.reads.identified:
                    if not is_id(text):
                        raise Invalid(f"{argument}: 不是节点标识 · not an id of a node", argument=argument)
                    if text.startswith(REGION_PREFIX):
                        regions[i] = text[4:]
                        continue
                    if text.startswith(RELATION_PREFIXES):
                        relations[i] = text
                        continue
                lookups[i] = parse_lookup(text, argument=argument)
            except GraphError as error:
                if not self.reads.many:
                    raise
                failures[i] = error
        return BoundFound(tuple(texts), self.reads.argument, lookups, relations, regions, failures, scope)

    def text(self, binding: Binding, name: str) -> str | None:
        return None

    def found(self, binding: Binding, columns: Mapping[str, Any]) -> Any:
        """What each text named, in their order; for one text the one. Raises what was wrong with it."""
        failure = binding.failures.get(self.number)
        if failure is not None:
            raise failure
        bound: BoundFound = binding.bound[self.number]
        number = self.place.number
        rows = columns.get(f"q{number}", ())
        if bound.lookups and not self.reads.many:
            return self._chosen(binding, bound, 0, bound.texts[0], rows)
        related = {each["id"]: each for each in columns.get(f"q{number}r", ())}
        named: dict[int, list[Any]] = {}
        for row in rows:
            named.setdefault(row[0], []).append(row)
        places = {i: place for place, i in enumerate(bound.lookups)}
        found: list[Any] = []
        for i, text in enumerate(bound.texts):
            if i in bound.failures:
                found.append(bound.failures[i])
            elif i in bound.regions:
                found.append(region(bound.scope, bound.regions[i]))
            elif i in bound.relations:
                raw = related.get(bound.relations[i])
                found.append(None if raw is None else self._relation(binding, raw))
            else:
                found.append(self._chosen(binding, bound, i, text, named.get(places[i], [])))
        return found if self.reads.many else found[0]

    def _relation(self, binding: Binding, raw: Mapping[str, Any]) -> RelationRow | None:
        row = self.place.relations.row(binding, raw)
        access = row.scope.operation.access
        ends = (raw["startId"], raw["endId"])
        return row if any(access.relations((row.view.kind,), each) for each in ends) else None

    def _chosen(self, binding: Binding, bound: BoundFound, i: int, text: str, seeds: Sequence[Any]) -> Any:
        """The node a text named; `seeds` [i, rank, current, row] are of it alone."""
        if not seeds:
            return None
        if len(seeds) == 1:
            raw = seeds[0][3]
            if raw["id"] != text:
                bound.scope.single((raw["id"],), text, "")
            return self.place.nodes.row(binding, raw)
        raws = {raw["id"]: raw for *_, raw in seeds}
        (held,) = chosen(1, ([0, rank, current, raw["id"]] for _, rank, current, raw in seeds))
        argument = f"{bound.argument}.{i}" if self.reads.many else bound.argument
        identity = bound.scope.single(held, text, argument)
        return None if identity is None else self.place.nodes.row(binding, raws[identity])


@dataclass(eq=False, slots=True)
class EveryRoot(Child):
    """All nodes of a small kind, by name; a named limit keeps a mistaken load from flooding an answer."""

    field: str
    reads: Every
    shape: NodeShape

    @property
    def computes(self) -> bool:
        return self.shape.computed_below()

    def bind(self, binding: Binding, scope: Scope) -> None:
        asked = Asked(Root(self.reads.label), scope.operation.access.reading(scope.moment), PageRequest(MOST_NAMED))
        binding.bound[self.number] = asked
        binding.parameters.update(page_parameters(asked, f"q{self.number}_"))
        self.shape.bind(binding, scope)

    def text(self, binding: Binding, name: str) -> str | None:
        names = Variables.numbered(self.number)
        time: Time = binding.time_of(self.shape.number)
        row = self.shape.text(binding, names.node)
        return time.write(root_page(binding.bound[self.number], names, f"q{self.number}_", row, placed=False))

    def rows(self, binding: Binding, columns: Mapping[str, Any]) -> Sequence[Any]:
        told = columns[f"q{self.number}"][0]
        scope = binding.scopes[self.shape.number]
        return self.shape.rows(binding, scope.capped(told, MOST_NAMED, self.field))
