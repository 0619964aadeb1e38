"""A node or a relation as one record of the database told it, in the scope it was asked in.

It stands where a declared field expects `self`; it must not know how it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.codes import Capacity
from graph.store import rows
from graph.store.derived import UNSOURCED
from graph.store.rows import node_view, relation_view
from graph.views import NodeView, RelationView, Responsibility
from schema.planning.binding import Binding
from schema.scope import Scope


class Row:
    """A node. `values` are its stored properties then; `raw` what else was read with them."""

    __slots__ = ("_view", "binding", "kind", "raw", "scope", "then", "values")

    def __init__(self, raw: Mapping[str, Any], values: Mapping[str, Any], scope: Scope, binding: Binding) -> None:
        self.raw = raw
        self.values = values
        self.kind: str = raw["kind"]
        self.scope = scope
        self.binding = binding
        self.then: NodeView | None = None  # the same node in the dates of the field that is being told
        self._view: NodeView | None = None

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def view(self) -> NodeView:
        if self._view is None:
            self._view = node_view({**self.raw, "values": {**UNSOURCED, **self.values}})
        return self._view

    def in_scope(self, scope: Scope, step: Any) -> Any:
        """Apply `step` to this node as of the dates of `scope`, None where it was not known then."""
        return step(self.view if scope.moment == self.scope.moment else self.then)

    def __getattr__(self, name: str) -> Any:
        """Methods that a declared type shares among its fields."""
        from schema.nodes import KINDS

        return getattr(KINDS[self.kind], name).__get__(self)


class RelationRow:
    """A post, a holding or a finding of responsibility."""

    __slots__ = ("_view", "binding", "kind", "raw", "scope")

    def __init__(self, raw: Mapping[str, Any], scope: Scope, binding: Binding) -> None:
        self.raw = raw
        self.kind: str = raw["kind"]
        self.scope = scope
        self.binding = binding
        self._view: RelationView | None = None

    @property
    def view(self) -> RelationView:
        if self._view is None:
            self._view = relation_view(self.kind, self.raw["startId"], self.raw["endId"], self.raw)
        return self._view

    @property
    def found(self) -> Responsibility:
        raw = self.raw
        return Responsibility(
            raw["id"], raw["startId"], Capacity(raw["capacity"]), raw.get("decidedOn"), rows.provenance(raw)
        )

    def __getattr__(self, name: str) -> Any:
        from schema.nodes import RELATIONS

        return getattr(RELATIONS[self.view.kind], name).__get__(self)
