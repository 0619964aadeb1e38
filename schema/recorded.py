"""A record as it was read, as the facts that rules and the publication policy judge.

It must not decide anything itself.
"""

from __future__ import annotations

from datetime import date

from graph.codes import RecordState
from graph.facts import Record
from graph.periods import Period
from graph.store import rows
from graph.views import NodeView


def record_of(view: NodeView) -> Record:
    """The facts of a record view; ABOUT edges have no ids here."""
    origin = {"source": view.provenance.source, "recordedAt": view.provenance.recorded_at}
    return rows.record(view.id, view.kind, {**view.values, **origin}, dict.fromkeys(view.subjects, ""), view.issued_by)


def state_on(record: Record, published: Period | None, on: date) -> RecordState:
    """The state of a record on a day (S3): dates govern; a state of the source without its date holds on every day."""
    ended = (
        (record.set_aside_on, RecordState.SET_ASIDE),
        (record.revoked_on, RecordState.REVOKED),
        (record.lifted_on, RecordState.LIFTED),
        (record.repaired_on, RecordState.REPAIRED),
    )
    for day, state in ended:
        if (day is not None and day.last <= on) or (day is None and record.state is state):
            return state
    if record.suspended.contains(on) if record.suspended else record.state is RecordState.SUSPENDED:
        return RecordState.SUSPENDED
    over = record.effective.end is not None and record.effective.end.last <= on
    unpublished = published is not None and published.end is not None and published.end.last <= on
    return RecordState.EXPIRED if over or unpublished or record.state is RecordState.EXPIRED else RecordState.ACTIVE
