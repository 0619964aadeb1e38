"""What is computed of subjects that an argument names: judged first, so that one statement brings all that it names.

`api.md` 7. It must not know how they are answered; one that is refused is refused where it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.codes import CheckScope
from graph.errors import GraphError
from graph.identifiers import parse_lookup
from schema.judgements import BINDING, Ask, Kind, shown_of, supposing
from schema.linking import Asked
from schema.links import asked
from schema.ownership import view_of
from schema.owning import Kind as OwnerKind
from schema.owning import OwnerAsk
from schema.planning.binding import Binding
from schema.planning.roots import BoundFound, FoundRoot
from schema.planning.shapes import Child, ComputedField
from schema.reads import Judged
from schema.scope import Scope
from schema.supposing import changes_of

AskedAhead = tuple[ComputedField, Scope, Ask | OwnerAsk | Asked]
BELOW: Final = {Judged.MEASURES: Kind.CHECK, Judged.REACHES: Kind.REACH}
OWNING: Final = {Judged.CONTROLLERS: OwnerKind.CONTROLLERS, Judged.BENEFICIAL: OwnerKind.BENEFICIAL}


def asks(position: Child, binding: Binding, scope: Scope) -> Iterator[AskedAhead]:
    """What is asked at a root, or right below one that names its node; with the dates it is asked in."""
    if isinstance(position, ComputedField):
        try:
            yield from _root(position, binding, scope)
        except GraphError:
            return
    elif isinstance(position, FoundRoot) and position.number in binding.bound:
        bound: BoundFound = binding.bound[position.number]
        for child in position.place.nodes.children.values():
            if not isinstance(child, ComputedField):
                continue
            own = child.dated(binding, bound.scope)
            for lookup in bound.lookups.values():
                if child.judged in BELOW:
                    shown = BINDING if child.judged is Judged.MEASURES else shown_of(child.info)
                    yield child, own, Ask(BELOW[child.judged], lookup, None, own.moment, shown=shown)
                elif child.judged in OWNING:
                    yield child, own, OwnerAsk(OWNING[child.judged], lookup, own.moment)


def _root(position: ComputedField, binding: Binding, scope: Scope) -> Iterator[AskedAhead]:
    given = position.arguments(binding)
    own = position.dated(binding, scope)
    if position.judged in (Judged.LINKS, Judged.BIDDERS):
        yield position, own, asked(position.judged.value, given, own.moment)
        return
    texts: list[str] = []
    match position.judged:
        case Judged.CHECK | Judged.REACH:
            texts = [given[position.judged.value]]
        case Judged.CHECKS:
            texts = given["subjects"]
        case Judged.OWNERSHIP:
            view = view_of(position.info, given["direction"], given.get("depth"), given.get("min_share"))
            lookup = parse_lookup(given["subject"], argument="id")
            yield position, own, OwnerAsk(OwnerKind.CHART, lookup, own.moment, view=view)
        case Judged.SUPPOSED:
            lookup = parse_lookup(given["subject"], argument="id")
            yield (
                position,
                own,
                supposing(lookup, changes_of(given["changes"]), given.get("purpose") or None, own.moment),
            )
    kind = Kind.REACH if position.judged is Judged.REACH else Kind.CHECK
    for text in texts:
        try:
            lookup = parse_lookup(text, argument="id")
            through = frozenset[CheckScope](given.get("through") or ())
            shown = shown_of(position.info)
            yield (
                position,
                own,
                Ask(kind, lookup, given.get("purpose") or None, own.moment, through=through, shown=shown),
            )
        except GraphError:
            continue
