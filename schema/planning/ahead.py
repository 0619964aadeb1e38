"""What is computed of subjects that an argument names: judged first, so that one statement brings all that it names.

`api.md` 7. It must not know how they are answered; one that is refused is refused where it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from graph.codes import CheckScope
from graph.errors import GraphError
from graph.identifiers import parse_lookup
from schema.computed import Ask, Kind
from schema.linking import Asked
from schema.links import asked
from schema.planning.binding import Binding
from schema.planning.roots import BoundFound, FoundRoot
from schema.planning.shapes import Child, ComputedField
from schema.reads import Judged
from schema.scope import Scope


def asks(position: Child, binding: Binding, scope: Scope) -> Iterator[tuple[ComputedField, Scope, Ask | Asked]]:
    """What is asked at a root, or right below one that names its node; with the dates it is asked in."""
    if isinstance(position, ComputedField):
        yield from _root(position, binding, scope)
    elif isinstance(position, FoundRoot) and position.number in binding.bound:
        bound: BoundFound = binding.bound[position.number]
        for child in position.place.nodes.children.values():
            if isinstance(child, ComputedField) and child.judged in (Judged.MEASURES, Judged.REACHES):
                own = child.dated(binding, bound.scope)
                kind = Kind.CHECK if child.judged is Judged.MEASURES else Kind.REACH
                for lookup in bound.lookups.values():
                    yield child, own, Ask(kind, lookup, None, own.moment)


def _root(
    position: ComputedField, binding: Binding, scope: Scope
) -> Iterator[tuple[ComputedField, Scope, Ask | Asked]]:
    given = position.arguments(binding)
    own = position.dated(binding, scope)
    if position.judged in (Judged.LINKS, Judged.BIDDERS):
        with suppress(GraphError):
            yield position, own, asked(position.judged.value, given, own.moment)
        return
    texts: list[str] = []
    match position.judged:
        case Judged.CHECK | Judged.REACH:
            texts = [given[position.judged.value]]
        case Judged.CHECKS:
            texts = given["subjects"]
    kind = Kind.REACH if position.judged is Judged.REACH else Kind.CHECK
    for text in texts:
        try:
            lookup = parse_lookup(text, argument="id")
            through = frozenset[CheckScope](given.get("through") or ())
            yield position, own, Ask(kind, lookup, given.get("purpose") or None, own.moment, through=through)
        except GraphError:
            continue
