"""A record as it was read, as the facts that rules and the publication policy judge.

It must not decide anything itself.
"""

from __future__ import annotations

from graph.facts import Record
from graph.store import rows
from graph.views import NodeView


def record_of(view: NodeView) -> Record:
    """The facts of a record view; ABOUT edges have no ids here."""
    origin = {"source": view.provenance.source, "recordedAt": view.provenance.recorded_at}
    return rows.record(view.id, view.kind, {**view.values, **origin}, dict.fromkeys(view.subjects, ""))
