"""What stands in a list: the relations, records and subjects around a node that the asker sees and a filter keeps.

It must not know order or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from graph.codes import RecordKind, RelationKind
from graph.periods import parse_day
from tests.oracle import filters
from tests.oracle.facts import Tie
from tests.oracle.reading import Scope, View


def ties(kinds: Sequence[RelationKind], *, forward: bool, id: str) -> Callable[..., list[Tie]]:
    """Posts or holdings of a node, valid on the day unless the filter speaks of their validity."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[Tie]:
        seen = [each for each in kinds if scope.reads_kind(each, id)]
        found = (scope.world.from_ if forward else scope.world.to)(id, *seen, moment=scope.moment)
        if not filters.speaks_of(where, "validity"):
            found = scope.running(found)
        return [each for each in found if filters.tie(scope, each, where)]

    return rows


def records(kind: RelationKind, id: str, *, entries: bool = False, in_force: bool = False) -> Callable[..., list[View]]:
    """Records about, issued by, or on; `in_force`: valid on the day unless the filter speaks of effect or state."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[View]:
        ids = {each.start for each in scope.world.to(id, kind, moment=scope.moment)}
        views = [scope.view(each) for each in ids]
        cut = in_force and not filters.speaks_of(where, "effective", "state")
        return [
            each
            for each in views
            if each is not None
            and filters.decided(scope, each)
            and (not entries or each.kind == RecordKind.LIST_ENTRY)
            and (not cut or valid(scope, each))
            and filters.record(scope, each, where)
        ]

    return rows


def valid(scope: Scope, view: View) -> bool:
    """In effect: begun, and not ended, lifted, revoked, set aside or repaired. An imprecise day counts as its first."""

    def first(name: str) -> date | None:
        text = view.values.get(name)
        return None if text is None else parse_day(text).first

    begun = first("from")
    if begun is not None and begun > scope.day:
        return False
    ends = (first(each) for each in ("to", "liftedOn", "revokedOn", "setAsideOn", "repairedOn"))
    return all(each is None or each > scope.day for each in ends)


def subjects(kind: RelationKind, id: str, where_kind: str) -> Callable[..., list[View]]:
    """Members of a group, branches of an organisation: those whose relation runs."""

    def rows(scope: Scope, where: Mapping[str, Any] | None) -> list[View]:
        if not scope.reads_kind(kind, id):
            return []
        ids = {each.start for each in scope.running(scope.world.to(id, kind, moment=scope.moment))}
        found = [scope.view(each) for each in ids]
        return [each for each in found if each is not None and filters.subject(scope, each.id, where, where_kind)]

    return rows


SINCE: Final = (("SINCE", False),)
NEWEST: Final = (("DAY", True),)
BY_ID: Final = (("ID", False),)
